"""Curated tables (TSV with fixed columns) -> rows and records, with the line of each. What they say is others' job."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from kg.errors import InputError, SourceError

__all__ = ["record_of", "rows_of"]

RecordType = TypeVar("RecordType", bound=BaseModel)


def rows_of(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Give (line, column -> cell) for every row; empty cells are absent. Raise `SourceError` for a ragged row."""
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise InputError(f"{path.name}: cannot be read: {error}") from error
    table = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    for line, cells in enumerate(table, 1):
        if line == 1 or not cells:
            continue
        if len(cells) != len(columns):
            raise SourceError(
                path.name, line, "", f"found {len(cells)} cells, expected {len(columns)}: {', '.join(columns)}"
            )
        yield line, {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if cell.strip()}


def record_of(path: Path, line: int, model: type[RecordType], row: Mapping[str, object]) -> RecordType:
    """Give the record of a row, or raise `SourceError` with its line and field."""
    try:
        return model.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field, message = ".".join(map(str, first["loc"])), str(first["msg"]).removeprefix("Value error, ")
        raise SourceError(path.name, line, field, message) from error
