"""Tables of other people (CSV, TSV) -> rows by column name. What a column means is the readers' business.

A line of a tab-separated table is a row, whatever quotation marks stand in it: a stray one cannot swallow the rows
after it. A comma-separated table may break a line within quotation marks; one that stays open makes it unreadable.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.errors import SourceError
from kg.gate import Member, decode_lines
from kg.model.intake import Refused

__all__ = ["Row", "columns_of", "rows"]

_QUOTED = {",", ";"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number among the rows, its line in the file, its cells by column, white space around them gone."""

    number: int
    line: int
    cells: Mapping[str, str]

    @property
    def name(self) -> str:
        """Give what the row is called in reports."""
        return f"row {self.number}"

    def refuse(self, reason: str) -> Refused:
        """Say why the row cannot be used."""
        return Refused(self.name, reason, self.line)


def columns_of(head: bytes, delimiter: str) -> list[str]:
    """Give the names in the first line of a table, or nothing.

    >>> columns_of(b'"","source","target"\\n"1","P1","P2"', ",")
    ['', 'source', 'target']
    """
    first = head.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace").rstrip("\r")
    try:
        return [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _split(lines: Iterator[tuple[int, str]], delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Give line number and cells of every row that is not blank."""
    if delimiter not in _QUOTED:
        yield from ((number, line.split(delimiter)) for number, line in lines if line.strip())
        return
    reader = csv.reader((line + "\n" for _, line in lines), delimiter=delimiter, strict=True)
    first = 1
    try:
        for cells in reader:
            if cells:
                yield first, cells
            first = reader.line_num + 1
    except csv.Error as error:
        message = f"not a table with cells between {delimiter!r}: {error}; is a quotation mark left open?"
        raise SourceError(file, first, "", message) from error


def rows(member: Member, delimiter: str, *, encoding: str = "") -> Iterator[Row | Refused]:
    """Give the rows of a table whose first line names the columns; one with too few or too many cells is refused."""
    split = _split(decode_lines(member.lines(), member.name, encoding=encoding), delimiter, member.name)
    _, heads = next(split, (0, []))
    heads = [head.strip() for head in heads]
    if twice := sorted({head for head in heads if head and heads.count(head) > 1}):
        raise SourceError(member.name, 1, twice[0], "the column stands twice")
    for number, (line, cells) in enumerate(split, 1):
        if len(cells) == len(heads):
            yield Row(number, line, {head: cell.strip() for head, cell in zip(heads, cells, strict=True)})
        else:
            yield Refused(f"row {number}", f"found {len(cells)} cells, expected {len(heads)}", line)
