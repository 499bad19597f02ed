"""SSSOM tables of other people, as loosely as they are written -> rows of two terms that are said to match, or not to.

The rows support a proposal or forbid it, or are reviewed; whether what they say holds is not decided here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import SourceError

__all__ = ["MappingLine", "is_mapping_table", "read_mapping_lines"]

_COLUMNS = ("predicate_id", "object_id")


@dataclass(frozen=True, slots=True)
class MappingLine:
    """What a row says, with its line."""

    subject_id: str
    subject_label: str
    predicate_id: str
    object_id: str
    object_label: str
    negative: bool
    line: int


def _header(text: str) -> list[str]:
    for line in text[:100_000].splitlines():
        if not line.startswith("#") and line.strip():
            return line.split("\t")
    return []


def is_mapping_table(text: str) -> bool:
    """Say whether a text is an SSSOM table: subjects may have an identifier, or a label only.

    >>> is_mapping_table("#license: x\\nsubject_id\\tpredicate_id\\tobject_id\\n")
    True
    """
    header = set(_header(text))
    return set(_COLUMNS) <= header and bool({"subject_id", "subject_label"} & header)


def read_mapping_lines(text: str, file: str) -> Iterator[MappingLine]:
    """Give the rows of a table; raise `SourceError` where it is none, or where a row lacks one of the two terms."""
    if not is_mapping_table(text):
        raise SourceError(file, 1, "", "no SSSOM table: expected the columns subject_id, predicate_id, object_id")
    lines = text.removeprefix("\ufeff").splitlines()
    start = next((i for i, line in enumerate(lines) if not line.startswith("#") and line.strip()), len(lines))
    reader = csv.DictReader(lines[start:], delimiter="\t", strict=True)
    try:
        for row in reader:
            subject, label = row.get("subject_id") or "", row.get("subject_label") or ""
            line = start + reader.line_num
            if not (subject or label) or any(not row.get(column) for column in _COLUMNS):
                raise SourceError(file, line, "", "found a row without subject, predicate or object; is the file cut?")
            negative = (row.get("predicate_modifier") or "") == "Not"
            yield MappingLine(
                subject, label, row["predicate_id"], row["object_id"], row.get("object_label") or "", negative, line
            )
    except csv.Error as error:
        raise SourceError(file, start + reader.line_num, "", f"not a tab-separated table: {error}") from error
