"""A text or a file of a user -> the names that are asked for: a plain list, a column of a table, subjects of SSSOM."""

from __future__ import annotations

import csv
from pathlib import Path

from kg.errors import InputError, SourceError, nearest
from kg.linking.candidates import Request
from kg.linking.mapping_tables import is_mapping_table, read_mapping_lines
from kg.linking.names import clean
from kg.ontology.external.files import read_bytes

__all__ = ["read_requests"]

#: Columns that hold names, where a user tells none.
_USUAL = ("name", "label", "term", "subject_label")


def read_requests(path: Path, *, column: str = "", kind: str = "") -> list[Request]:
    """Give a request for each name of a file, each name once, in the file's order.

    A file with tabs or commas in its first line is a table; `column` tells which of its columns has the names.
    """
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(path.name, 0, "", f"not UTF-8 text (byte {error.start})") from error
    if "\0" in text:
        raise SourceError(path.name, text.count("\n", 0, text.index("\0")) + 1, "", "found a NUL, expected text")
    if is_mapping_table(text) and not column:
        lines = list(read_mapping_lines(text, path.name))
        found = [Request(clean(line.subject_label or line.subject_id), kind, line.subject_id) for line in lines]
    else:
        found = [Request(name, kind) for name in _names(text, path, column)]
    requests = list(dict.fromkeys(request for request in found if request.name))
    if not requests:
        raise InputError(f"{path}: holds no name; expected one a line, a table with --column, or SSSOM")
    return requests


def _names(text: str, path: Path, column: str) -> list[str]:
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    sign = "\t" if "\t" in head else ","
    header = [cell.strip() for cell in next(csv.reader([head], delimiter=sign), [])]
    chosen = column or next((name for name in _USUAL if len(header) > 1 and name in header), "")
    if not chosen:
        if len(header) > 1 and sign == "\t":
            raise InputError(f"{path}: a table; --column tells which column has the names: {', '.join(header)}")
        return [clean(line) for line in lines]
    if chosen not in header:
        near = ", ".join(nearest(chosen, header) or header)
        raise InputError(f"{path}: has no column {chosen!r}; it has: {near}")
    reader = csv.DictReader([line for line in lines if line.strip()], delimiter=sign)
    reader.fieldnames = header
    next(reader, None)
    try:
        return [clean(row.get(chosen) or "") for row in reader]
    except csv.Error as error:
        raise SourceError(path.name, reader.line_num, "", f"not a table: {error}") from error
