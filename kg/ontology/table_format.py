"""The canonical form of a term table: what an editor or a spreadsheet does to it goes away, what it says stays.

The order of the rows, and of the words in a cell, is the curator's and is kept.
"""

from __future__ import annotations

import csv
import io

from kg.errors import SourceError
from kg.ontology.tables import HEADER, TEMPLATE

__all__ = ["format_table"]

#: The columns that hold several values, from the template: their cells are split at `|`.
_SPLIT = [" SPLIT=|" in template for template in TEMPLATE]


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Give the rows with their lines; a table that a spreadsheet put into quotation marks is read as it means."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].startswith('"'):
        reader = csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter="\t", strict=True)
        return [(reader.line_num, row) for row in reader]
    return [(number, [_unquoted(cell) for cell in line.split("\t")]) for number, line in enumerate(lines, 1)]


def _unquoted(cell: str) -> str:
    """Take off the quotation marks that a spreadsheet puts round a cell with such marks in it, doubling these."""
    inside = cell[1:-1]
    if len(cell) > 2 and cell[0] == cell[-1] == '"' and '""' in inside and '"' not in inside.replace('""', ""):
        return inside.replace('""', '"')
    return cell


def _cell(cell: str, is_list: bool) -> str:
    words = " ".join(cell.split())
    if not is_list:
        return words
    return "|".join(dict.fromkeys(part.strip() for part in words.split("|") if part.strip()))


def format_table(text: str, *, file: str = "terms.tsv") -> str:
    """Give a term table in its canonical form; formatting twice changes nothing.

    Cells are trimmed and each space in them is one, lists hold each value once, rows have all columns, lines end in one
    newline, empty rows are gone. Raises `SourceError` where a row has more cells than the header, or the header is
    another.
    """
    formatted: list[list[str]] = []
    try:
        rows = _rows(text)
    except csv.Error as error:
        raise SourceError(file, 0, "", f"not a tab-separated table: {error}") from error
    for line, row in rows:
        cells = [cell.strip() for cell in row]
        while len(cells) > len(HEADER) and not cells[-1]:
            cells.pop()
        if not any(cells):
            continue
        if len(cells) > len(HEADER):
            raise SourceError(file, line, "", f"found {len(cells)} cells, expected {len(HEADER)}")
        cells += [""] * (len(HEADER) - len(cells))
        is_head = len(formatted) < 2
        formatted.append(cells if is_head else [_cell(c, several) for c, several in zip(cells, _SPLIT, strict=True)])
    if formatted[:2] != [HEADER, TEMPLATE]:
        raise SourceError(file, 1, "", "the first two rows are not the header and the template of a term table")
    return "".join("\t".join(row) + "\n" for row in formatted)
