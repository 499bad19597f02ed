"""The CSV that the WHO's search portal exports -> `Trial`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from kg.errors import SourceError
from kg.gate import Member
from kg.gate.text import decode
from kg.model.intake import Ignored, Refused
from kg.model.trials import Trial
from kg.registries.ictrp import field_names, is_ictrp, read_row

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "ictrp-csv"
SUMMARY = "WHO ICTRP, the CSV that its search portal exports"


def accepts(member: Member) -> bool:
    """Say whether the first line of a file names the columns of the portal."""
    first = member.head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
    try:
        return is_ictrp(next(csv.reader([first]), []))
    except csv.Error:
        return False


def read(member: Member) -> Iterator[Trial | Refused | Ignored]:
    """Give a trial for each row; raise `SourceError` for what is no table in UTF-8."""
    rows = csv.reader(io.StringIO(decode(member.read(), member.name), newline=""), strict=True)
    names: list[str] | None = None
    line = 1
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise SourceError(member.name, rows.line_num, "", f"not a table: {error}") from error
        if cells is None:
            break
        if names is None:
            names = field_names(cells)
            if not is_ictrp(cells):
                raise SourceError(member.name, 1, "", "expected the columns TrialID, Source Register, Public title")
        elif len(cells) != len(names):
            if cells:
                yield Refused(f"line {line}", f"found {len(cells)} columns, expected {len(names)}", line)
        else:
            yield from read_row(dict(zip(names, cells, strict=True)), kind=KIND, place=f"line {line}", line=line)
        line = rows.line_num + 1
    if names is None:
        raise SourceError(member.name, 0, "", "found an empty file, expected a table with a head")
