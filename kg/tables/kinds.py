"""A cell -> a value, by the kind that the mapping tells. A cell that does not fit is refused with what was expected."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kg.errors import InputError, nearest
from kg.model.base import SLUG
from kg.namespaces import PREFIXES, expand_or_none
from kg.tables.cells import Cell, CellError, Silence
from kg.tables.dates import read_date
from kg.tables.names import TermNames
from kg.tables.numbers import Notation, read_number, read_pair, read_power, read_share, read_whole

__all__ = ["KINDS", "PAIRS", "Manner", "identifier_of", "read_cell"]

#: Words that often stand for "no value", which of these a table means must be told.
_SILENT = {*("na", "n/a", "n.a.", "nan", "null", "nr", "n.r.", "nd", "n.d.", "not reported", "not available", "#n/a")}
_SILENT |= {"-", "–", "—", ".", "?", "missing"}
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec"
_MANGLED_GENE = re.compile(rf"\d{{1,2}}-(?:{_MONTHS})(?:-\d{{2,4}})?|(?:{_MONTHS})-\d{{1,2}}", re.IGNORECASE | re.ASCII)
_MANGLED_CODE = re.compile(r"\d\.\d+E\+\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cells of a column are to be read."""

    kind: str
    notation: Notation = field(default_factory=Notation)
    words: tuple[str, ...] = ()  # of a controlled list
    separator: str = ""  # of a list in a cell
    order: str = ""  # of dates written with numbers: "day first", "month first"
    values: Mapping[str, str] = field(default_factory=dict)  # a word of the table -> what it means
    absent: frozenset[str] = frozenset()
    not_reported: frozenset[str] = frozenset()
    censored: str = "refuse"


def identifier_of(words: str) -> str:
    """Give the identifier made of a name: small letters, digits, single hyphens; "" where nothing is left.

    >>> identifier_of("Kim & Lee, 2024 (µ)")
    'kim-lee-2024'
    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _identifier(cell: Cell, manner: Manner, names: TermNames) -> str:  # noqa: ARG001 - one shape for all
    name = cell.text if re.fullmatch(SLUG, cell.text) else identifier_of(cell.text)
    if not name:
        raise CellError(f"found {cell.text[:60]!r}, expected a name with letters a-z or digits")
    return name


def _text(cell: Cell, manner: Manner, names: TermNames) -> str:  # noqa: ARG001
    return cell.text


def _yes_or_no(cell: Cell, manner: Manner, names: TermNames) -> str:  # noqa: ARG001
    word = {"y": "yes", "true": "yes", "n": "no", "false": "no"}.get(cell.text.casefold(), cell.text.casefold())
    if word not in ("yes", "no"):
        raise CellError(f"found {cell.text[:60]!r}, expected yes or no; values: tells what other words mean")
    return "true" if word == "yes" else "false"


def _word(cell: Cell, manner: Manner, names: TermNames) -> str:  # noqa: ARG001
    for word in manner.words:
        if word.casefold() == cell.text.casefold():
            return word
    near = nearest(cell.text[:60], manner.words)
    hint = f"; nearest: {near[0]}" if near else ""
    raise CellError(f"found {cell.text[:60]!r}, expected one of: {', '.join(manner.words)}{hint}")


def _address(cell: Cell, manner: Manner, names: TermNames) -> str:  # noqa: ARG001
    if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", cell.text):
        return cell.text
    curie = re.fullmatch(r"(\w+):[\w.#-]+", cell.text, re.ASCII)
    iri = expand_or_none(cell.text) if curie else None
    if iri is None:
        near = nearest(curie[1], PREFIXES) if curie else []
        hint = f"; nearest prefix: {', '.join(near)}" if near else ""
        raise CellError(f"found {cell.text[:80]!r}, expected an address (https://...) or a CURIE of ours{hint}")
    return iri


Reader = Callable[[Cell, Manner, TermNames], object]

#: Kinds whose cells hold two numbers, and the fields that they fill.
PAIRS = {
    "mean ± spread": ("mean", "spread"),
    "mean (spread)": ("mean", "spread"),
    "events / n": ("events", "n"),
}

#: Kind -> its reader.
KINDS: dict[str, Reader] = {
    "text": _text,
    "whole number": lambda cell, manner, names: read_whole(cell, manner.notation),  # noqa: ARG005
    "number": lambda cell, manner, names: read_number(cell, manner.notation),  # noqa: ARG005
    "power of ten": lambda cell, manner, names: read_power(cell, manner.notation),  # noqa: ARG005
    "percent": lambda cell, manner, names: read_share(cell, manner.notation),  # noqa: ARG005
    "date": lambda cell, manner, names: read_date(cell, manner.order),  # noqa: ARG005
    "yes or no": _yes_or_no,
    "term": lambda cell, manner, names: names.term(cell.text),  # noqa: ARG005
    "word": _word,
    "identifier": _identifier,
    "IRI": _address,
}
KINDS |= {
    kind: lambda cell, manner, names: read_pair(cell, manner.notation, manner.kind)  # noqa: ARG005
    for kind in PAIRS
}
_NUMBERS = {"whole number", "number", "power of ten", "percent", *PAIRS}


def _silence(cell: Cell, manner: Manner) -> Silence | None:
    word = cell.text.casefold()
    if not word or word in manner.absent:
        return Silence("absent", cell.text)
    if word in manner.not_reported:
        return Silence("not reported", cell.text)
    if manner.censored == "note" and manner.kind in _NUMBERS and re.match(r"[<>≤≥]", cell.text):
        return Silence("censored", cell.text)
    return None


def _steers(letter: str) -> bool:
    """Say whether a letter is a control character or half of one; line ends within a cell are text."""
    return unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\t\n\r"


def _refuse_damage(cell: Cell, manner: Manner) -> None:
    """Refuse what a spreadsheet has made of another text, and words whose meaning was not told."""
    if cell.merged:
        raise CellError(f"found a cell of the merged range {cell.merged}, expected its value in each row")
    if cell.form == "error":
        raise CellError(f"found the error {cell.text} of the spreadsheet, expected a value")
    if not cell.text.isprintable() and any(map(_steers, cell.text)):
        raise CellError(f"found {cell.text[:60]!r} with a control character, expected text")
    if cell.text.casefold() in _SILENT:
        words = f"{{absent: [{cell.text}]}} or {{not_reported: [{cell.text}]}}"
        raise CellError(f"found {cell.text!r}, which may mean several things; tell which: missing: {words}")
    if manner.kind == "date" or manner.kind in _NUMBERS:
        return
    if cell.form == "date":
        raise CellError(f"found the date {cell.text}, expected {manner.kind}; was a name turned into a date?")
    if _MANGLED_GENE.fullmatch(cell.text):
        raise CellError(
            f"found {cell.text!r}, expected {manner.kind}; this is what spreadsheets make of names such as SEPT2 or "
            "MARCH1; write the name (for a real day: kind: date, or values:)"
        )
    if manner.kind in ("term", "identifier") and _MANGLED_CODE.fullmatch(cell.text):
        raise CellError(f"found {cell.text!r}, expected {manner.kind}; this is what spreadsheets make of long codes")


def read_cell(cell: Cell, manner: Manner, names: TermNames) -> object:
    """Give the value of a cell, a list of values where the column is one, or a `Silence`; raise `CellError`."""
    if cell.text in manner.values and not cell.merged:
        cell = Cell(manner.values[cell.text])
        if not cell.text:
            return Silence("absent", cell.text)
    else:
        silence = None if cell.merged else _silence(cell, manner)
        if silence is not None:
            return silence
        _refuse_damage(cell, manner)
    reader = KINDS[manner.kind]
    try:
        if not manner.separator:
            return reader(cell, manner, names)
        parts = [part.strip() for part in cell.text.split(manner.separator)]
        if not all(parts):
            raise CellError(f"found {cell.text[:60]!r}, expected a value between each {manner.separator!r}")
        return [reader(Cell(manner.values.get(part, part), cell.form), manner, names) for part in parts]
    except InputError as error:
        raise CellError(str(error)) from error
