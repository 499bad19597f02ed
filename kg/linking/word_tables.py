"""The field's own words -> rows: abbreviations, words for words, phrases for phrases, pairs known to be wrong.

The tables are files beside this module, so that whoever knows the field can add a row. What the rows do to a name is
`kg.linking.variants`' business.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.errors import SourceError
from kg.linking.names import keys

__all__ = [
    "Abbreviation",
    "Phrase",
    "Word",
    "abbreviations",
    "known_wrong",
    "phrases",
    "words_for_words",
]

_FOLDER = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """What an abbreviation means in this field, and which kind of entity it is."""

    short: str
    expansion: str
    kind: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may stand for another; `limit` is the best predicate that a match through it may get."""

    pattern: re.Pattern[str]
    other: str
    price: float
    limit: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A whole name that may be said otherwise, in some ontologies or, where none is named, in all."""

    pattern: re.Pattern[str]
    source: str
    other: str
    price: float
    limit: str
    ontologies: frozenset[str]


def _rows(name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    path = _FOLDER / f"{name}.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(reader.fieldnames or ()) != columns:
            raise SourceError(path.name, 1, "", f"found the columns {reader.fieldnames}, expected {list(columns)}")
        rows = []
        for row in reader:
            if any(row[column] is None for column in columns) or None in row:
                raise SourceError(path.name, reader.line_num, "", f"expected {len(columns)} cells")
            rows.append(row)
    return rows


@cache
def abbreviations() -> dict[str, Abbreviation]:
    """Give the abbreviations by how they are written; letter case counts."""
    rows = _rows("abbreviations", ("abbreviation", "expansion", "kind"))
    return {row["abbreviation"]: Abbreviation(row["abbreviation"], row["expansion"], row["kind"]) for row in rows}


@cache
def words_for_words() -> tuple[Word, ...]:
    """Give the words that may stand for others, both ways."""
    found = []
    for row in _rows("words", ("word", "other", "price", "limit")):
        for one, other in ((row["word"], row["other"]), (row["other"], row["word"])):
            pattern = re.compile(rf"(?<![\w-]){re.escape(one)}s?(?![\w-])", re.IGNORECASE)
            found.append(Word(pattern, other, float(row["price"]), row["limit"]))
    return tuple(found)


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[xy]\})", pattern)
    named = {"{x}": r"(?P<x>\S.*?)", "{y}": r"(?P<y>\S.*)"}
    return re.compile("".join(named.get(part) or re.escape(part) for part in parts), re.IGNORECASE)


@cache
def phrases() -> tuple[Phrase, ...]:
    """Give the phrases that may be said otherwise."""
    return tuple(
        Phrase(
            _compiled(row["pattern"]),
            row["pattern"],
            row["other"],
            float(row["price"]),
            row["limit"],
            frozenset(row["ontologies"].split()),
        )
        for row in _rows("patterns", ("pattern", "other", "price", "limit", "ontologies"))
    )


@cache
def known_wrong() -> dict[tuple[str, str], str]:
    """Give the pairs of a name's key and a term that are known to be wrong -> the reason."""
    rows = _rows("wrong", ("name", "term", "label", "reason"))
    return {(key, row["term"]): row["reason"] for row in rows for key in keys(row["name"])}
