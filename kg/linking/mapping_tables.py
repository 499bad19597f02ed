"""SSSOM tables of other people, as loosely as they are written -> pairs that are said to match, or not to.

They support a proposal, or forbid it; checking them row by row is `kg.linking.review`'s business.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from kg.errors import SourceError

__all__ = ["is_mapping_table", "read_mapping_table"]

_COLUMNS = ("subject_id", "predicate_id", "object_id")


def _header(text: str) -> list[str]:
    for line in text[:100_000].splitlines():
        if not line.startswith("#") and line.strip():
            return line.split("\t")
    return []


def is_mapping_table(text: str) -> bool:
    """Say whether a text is an SSSOM table.

    >>> is_mapping_table("#license: x\\nsubject_id\\tpredicate_id\\tobject_id\\n")
    True
    """
    return set(_COLUMNS) <= set(_header(text))


def read_mapping_table(text: str, file: str) -> Iterator[tuple[str, str, str]]:
    """Give subject, predicate and object of each row; a negative row has the predicate `Not`."""
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if not line.startswith("#") and line.strip()), len(lines))
    reader = csv.DictReader(lines[start:], delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in reader:
        if any(not row.get(column) for column in _COLUMNS):
            raise SourceError(file, start + reader.line_num, "", f"a row without {', '.join(_COLUMNS)}")
        negative = (row.get("predicate_modifier") or "") == "Not"
        yield row["subject_id"], "Not" if negative else row["predicate_id"], row["object_id"]
