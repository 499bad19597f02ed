"""The synonym tables that lie beside this module -> rows. One file a kind of entity, in the order of terms.

`scope` says how a synonym is read: "exact" and "related" in any letter case; "abbreviation" as it is spelled;
"ambiguous" as it is spelled and only where the record spells it out or one of the words of its `note` ("with: a|b")
stands in the record; "product" is a name of a product of which the record in its note says what it is made of;
"target" is a place of the body, which is a route only where something is put into it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.errors import SourceError

__all__ = [
    "COLUMNS",
    "KINDS",
    "SCOPES",
    "Composition",
    "Synonym",
    "read_compositions",
    "read_domains",
    "read_synonyms",
    "table_folder",
    "word_group",
]

COLUMNS = ["term", "label", "synonym", "scope", "case_sensitive", "note"]
_COMPOSITION_COLUMNS = ["term", "label", "cell", "cell_label", "tissue", "tissue_label"]
_DOMAIN_COLUMNS = ["instrument", "instrument_label", "domain", "domain_label"]
SCOPES = ("exact", "related", "abbreviation", "ambiguous", "product", "target")
#: Kind of entity -> the name of its table.
KINDS = {
    "cell source": "cell-sources",
    "tissue": "tissues",
    "donor": "donors",
    "route": "routes",
    "instrument": "instruments",
    "condition": "conditions",
    "product form": "product-forms",
    "marker": "markers",
}


@dataclass(frozen=True, slots=True)
class Synonym:
    """One name of one term."""

    term: str
    label: str
    text: str
    scope: str = "exact"
    case_sensitive: bool = False
    note: str = ""

    @property
    def partners(self) -> tuple[str, ...]:
        """Give the words of which one must stand in the record, for an ambiguous abbreviation."""
        return tuple(self.note.removeprefix("with: ").split("|")) if self.note.startswith("with: ") else ()


@dataclass(frozen=True, slots=True)
class Composition:
    """A cell type and the tissue it is taken from, and the term for both together."""

    term: str
    label: str
    cell: str
    tissue: str


def table_folder() -> Path:
    """Give the folder of the tables."""
    return Path(__file__).parent / "tables"


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(path.name, 0, "", f"cannot be read: {error}") from error
    for line, row in enumerate(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE), 1):
        if line == 1:
            if row != columns:
                raise SourceError(path.name, 1, "", f"found the columns {row}, expected {columns}")
        elif len(row) != len(columns):
            raise SourceError(path.name, line, "", f"found {len(row)} cells, expected {len(columns)}")
        else:
            yield line, row


def _synonym(path: Path, line: int, row: list[str]) -> Synonym:
    term, label, text, scope, case, note = row
    if not (term and label and text):
        raise SourceError(path.name, line, "", "term, label and synonym must all be there")
    if scope not in SCOPES:
        raise SourceError(path.name, line, "scope", f"found {scope!r}, expected one of {', '.join(SCOPES)}")
    if case not in ("yes", "no"):
        raise SourceError(path.name, line, "case_sensitive", f"found {case!r}, expected yes or no")
    return Synonym(term, label, text, scope, case == "yes", note)


@cache
def read_synonyms(kind: str) -> tuple[Synonym, ...]:
    """Give the rows of the table of a kind of entity.

    >>> sorted({row.label for row in read_synonyms("route") if row.text == "i.v." or row.text == "iv"})
    ['intravenous administration']
    """
    path = table_folder() / f"{KINDS[kind]}.tsv"
    return tuple(_synonym(path, line, row) for line, row in _rows(path, COLUMNS))


@cache
def read_compositions() -> tuple[Composition, ...]:
    """Give which cell type of which tissue has a term of its own."""
    path = table_folder() / "compositions.tsv"
    return tuple(
        Composition(term, label, cell, tissue)
        for _, (term, label, cell, _cell_label, tissue, _tissue_label) in _rows(path, _COMPOSITION_COLUMNS)
    )


@cache
def read_domains() -> Mapping[str, tuple[str, str]]:
    """Give the outcome domain, with its label, of each instrument that measures one for certain.

    >>> read_domains()["ctmo:0000803"]
    ('ctmo:0000704', 'gross motor function')
    """
    path = table_folder() / "domains.tsv"
    return {instrument: (domain, label) for _, (instrument, _name, domain, label) in _rows(path, _DOMAIN_COLUMNS)}


@cache
def _word_groups() -> dict[str, frozenset[str]]:
    path = table_folder() / "words-beside.tsv"
    return {group: frozenset(words.split(" ")) for _, (group, words) in _rows(path, ["group", "words"])}


def word_group(name: str) -> frozenset[str]:
    """Give the folded words of a group of `words-beside.tsv`: what stands beside a name and decides what it means.

    >>> "mannitol" in word_group("routes: drugs")
    True
    """
    return _word_groups()[name]
