"""Text with one record a line, quoted as RFC 4180 has it -> rows. The delimiter is looked for, and told."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator

from kg.errors import InputError, SourceError
from kg.gate import Member, decode_lines
from kg.tables.cells import Cell
from kg.tables.mapping import Layout
from kg.tables.tables import Row

__all__ = ["csv_rows", "sniff_delimiter"]

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_LOOKED_AT = 200  # lines that the delimiter is told from


def _counts(lines: list[str], delimiter: str) -> Counter[int]:
    """Give how many records of the first lines have how many cells."""
    reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter, strict=True)
    counts: Counter[int] = Counter()
    try:
        for cells in reader:
            if cells:
                counts[len(cells)] += 1
    except csv.Error:
        pass  # cut within quotes where the lines end, or torn by a wrong delimiter: what was counted decides
    return counts


def _names(lines: list[str], delimiter: str) -> set[str]:
    """Give the names in the header, if a delimiter is the right one."""
    reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter)
    try:
        return {" ".join(cell.split()) for cell in next(reader, [])}
    except csv.Error:
        return set()


def sniff_delimiter(lines: list[str], file: str, names: Collection[str] = ()) -> str:
    """Give the delimiter of a table from its first lines; raise `InputError` where two do equally well.

    It is the one by which the header has the names that must be there; where these do not tell, the one by which the
    lines have most evenly more than one cell.

    >>> sniff_delimiter(["a;b", "1,5;2", "3,5;4"], "x.csv")
    ';'
    """
    right = [delimiter for delimiter in DELIMITERS if names and _names(lines, delimiter) >= set(names)]
    if len(right) == 1:
        return right[0]
    shares: dict[str, tuple[float, int]] = {}
    for delimiter in DELIMITERS:
        counts = _counts(lines, delimiter)
        several = {width: count for width, count in counts.items() if width > 1}
        if several:
            width, count = max(several.items(), key=lambda pair: (pair[1], pair[0]))
            shares[delimiter] = (count / sum(counts.values()), width)
    if not shares:
        return ","  # one column
    best = max(share for share, _ in shares.values())
    even = [delimiter for delimiter, (share, _) in shares.items() if share == best]
    widest = max(shares[delimiter][1] for delimiter in even)
    even = [delimiter for delimiter in even if shares[delimiter][1] == widest]
    if len(even) > 1:
        names = " and ".join(DELIMITERS[each] for each in even)
        raise InputError(f"{file}: {names} part the lines equally well; say delimiter: in the mapping")
    return even[0]


def csv_rows(member: Member, layout: Layout, remarks: list[str]) -> Iterator[Row]:
    """Give the rows of a member; a blank line is a row without a cell. Raises `SourceError` for open quotes."""
    lines = (f"{text}\n" for _, text in decode_lines(member.lines(), member.name, encoding=layout.encoding))
    first: list[str] = []
    told, shift = layout.delimiter, 0
    for line in lines:
        if not first and line.startswith("sep=") and len(line.strip()) == 5:  # how Excel tells its delimiter
            told, shift = told or line[4], 1
            continue
        first.append(line)
        if len(first) == _LOOKED_AT:
            break
    if not first:
        raise SourceError(member.name, 0, "", "found an empty file")
    delimiter = told or sniff_delimiter(first[layout.header - 1 :], member.name, layout.names)
    remarks.append(f"cells are parted by {DELIMITERS.get(delimiter, delimiter)}" + ("" if told else ", as was seen"))
    reader = csv.reader((line for part in (first, lines) for line in part), delimiter=delimiter, strict=True)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SourceError(
                member.name, reader.line_num + shift, "", f"row {number + 1}: not a table: {error}"
            ) from error
        number += 1
        yield Row(number, reader.line_num + shift, tuple(Cell(cell.strip()) for cell in cells))
