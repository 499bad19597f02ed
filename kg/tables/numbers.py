"""Cells that are numbers. A comma is a decimal sign, or parts thousands, only where the mapping tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from kg.tables.cells import Cell, CellError

__all__ = ["Notation", "read_number", "read_pair", "read_power", "read_share", "read_whole"]

_LONGEST = 40  # digits of a number; a longer one is no measurement
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_MINUS = "\u2212"


@cache
def _pattern(decimal: str, thousands: str) -> str:
    whole = r"\d+"
    if thousands:
        part = "[ \u00a0\u202f]" if thousands == " " else re.escape(thousands)
        whole = rf"(?:\d{{1,3}}(?:{part}\d{{3}})+|\d+)"
    return rf"[+-]?{whole}(?:{re.escape(decimal)}\d+)?(?:[eE][+-]?\d{{1,2}})?"


@dataclass(frozen=True, slots=True)
class Notation:
    """How a table writes numbers."""

    decimal: str = "."
    thousands: str = ""

    @property
    def pattern(self) -> str:
        """Give the regular expression of a number."""
        return _pattern(self.decimal, self.thousands)

    def number(self, text: str) -> Decimal:
        """Give the number of a text that fits the pattern."""
        if self.thousands == " ":
            text = re.sub("[ \u00a0\u202f]", "", text)
        elif self.thousands:
            text = text.replace(self.thousands, "")
        return _plain(Decimal(text.replace(self.decimal, ".")))


_WRITTEN = Notation()  # what a number cell of a spreadsheet is turned into


def _plain(number: Decimal) -> Decimal:
    """Give a number without an exponent, as files write it: 5E+7 is 50000000."""
    return Decimal(format(number, "f"))


def _hint(text: str, notation: Notation) -> str:
    if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return "; does the comma part thousands (thousands: ','), or is it the decimal sign (decimal: ',')?"
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return "; if the comma is the decimal sign, say decimal: ','"
    if notation.decimal == "," and re.fullmatch(r"[+-]?\d+\.\d+", text):
        return "; the mapping says decimal: ','"
    if re.fullmatch(r"\d{1,3}(?:[ '.\u00a0\u202f\u2019]\d{3})+", text):
        return f"; if {text.lstrip('0123456789')[0]!r} parts thousands, say so with thousands:"
    if "±" in text or "+/-" in text:
        return "; kind: mean ± spread reads both, with type: SD, SEM ..."
    if re.fullmatch(r".*\d\s*\(.*\)", text):
        return "; kind: mean (spread) reads both, with type: SD, SEM ..."
    if text.endswith("%"):
        return "; kind: percent takes a percent sign"
    if re.search(r"10\s*\^?\s*[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]", text) and re.search("[x×*·]", text):
        return "; kind: power of ten reads 2 × 10^6"
    if text[:1] in "<>≤≥~":
        return "; censored: note keeps it in the note, without a value"
    if re.fullmatch(r"\d+(?:\.\d+)?\s*[-–—]\s*\d+(?:\.\d+)?", text):
        return "; a range needs a column for each end"
    return ""


def _match(text: str, pattern: str) -> re.Match[str] | None:
    return re.fullmatch(pattern, text.replace(_MINUS, "-"), re.ASCII)


def read_number(cell: Cell, notation: Notation, expected: str = "a number") -> Decimal:
    """Give the number of a cell.

    >>> read_number(Cell("1.234,5"), Notation(",", "."))
    Decimal('1234.5')
    """
    if cell.form == "number":
        notation = _WRITTEN
    if cell.form in ("date", "yes or no", "percent"):
        shown = {"date": f"the date {cell.text}", "percent": f"{cell.text} in a cell with a percent format"}
        raise CellError(f"found {shown.get(cell.form, cell.text)}, expected {expected}")
    match = _match(cell.text, notation.pattern)
    if match is None or sum(letter.isdigit() for letter in cell.text) > _LONGEST:
        raise CellError(f"found {cell.text[:60]!r}, expected {expected}{_hint(cell.text, notation)}")
    return notation.number(match[0])


def read_whole(cell: Cell, notation: Notation) -> int:
    """Give the whole number of a cell; 12.0 is one, 12.5 is none.

    >>> read_whole(Cell("12.0"), Notation())
    12
    """
    number = read_number(cell, notation, "a whole number")
    if number != number.to_integral_value():
        raise CellError(f"found {cell.text!r}, expected a whole number")
    return int(number)


def read_power(cell: Cell, notation: Notation) -> Decimal:
    """Give a number written with a power of ten, or plainly.

    >>> read_power(Cell("2 × 10^6"), Notation()), read_power(Cell("1.5x10⁷"), Notation())
    (Decimal('2000000'), Decimal('15000000'))
    """
    text = re.sub(r"(?<=10)[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda m: "^" + m[0].translate(_SUPERSCRIPTS), cell.text)
    match = _match(text, rf"({notation.pattern})\s*[x×*·]\s*10\s*\^\s*([+-]?\d{{1,2}})")
    if match is not None and cell.form == "text":
        return _plain(notation.number(match[1]).scaleb(int(match[2])))
    if cell.form == "text" and re.fullmatch(r"[\d.,]+\s*[x×*·]\s*10\d", cell.text):
        raise CellError(f"found {cell.text!r}, which may have lost a raised digit; expected 2 × 10^6 or 2e6")
    return read_number(cell, notation, "a number such as 2 × 10^6, 2e6 or 2000000")


def read_share(cell: Cell, notation: Notation) -> Decimal:
    """Give a percentage, with or without its sign.

    >>> read_share(Cell("12.5 %"), Notation())
    Decimal('12.5')
    """
    if cell.form == "percent":
        return _WRITTEN.number(cell.text.removesuffix("%"))
    return read_number(Cell(cell.text.removesuffix("%").rstrip(), cell.form), notation, "a percentage")


#: Kind -> between its two numbers, after them, and an example.
_PAIRS = {
    "mean ± spread": (r"(?:±|\+/-|\+-)", "", "1.2 ± 0.3"),
    "mean (spread)": (r"\((?:±\s*)?", r"\)", "1.2 (0.3)"),
    "events / n": (r"(?:/|of)", "", "3/10"),
}


def read_pair(cell: Cell, notation: Notation, kind: str) -> tuple[Decimal, Decimal]:
    """Give the two numbers of a cell: a mean with its spread, or events with their n.

    >>> read_pair(Cell("1.2 ± 0.3"), Notation(), "mean ± spread")
    (Decimal('1.2'), Decimal('0.3'))
    """
    between, after, example = _PAIRS[kind]
    pattern = rf"({notation.pattern})\s*{between}\s*({notation.pattern})\s*{after}"
    match = _match(cell.text, pattern) if cell.form == "text" else None
    if match is None:
        form = f" (a {cell.form})" if cell.form != "text" else ""
        raise CellError(f"found {cell.text[:60]!r}{form}, expected {kind}, such as {example}")
    return notation.number(match[1]), notation.number(match[2])
