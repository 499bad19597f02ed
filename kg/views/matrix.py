"""The mechanism x trial-evidence matrix as a table on a terminal or as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from kg.matrix import MatrixRow

__all__ = ["draw_matrix"]

_HEAD = ("mechanism", "measured in participants", "said of patients", "animal", "in vitro", "stated", "planned")


def _names(names: Sequence[str], most: int) -> str:
    shown = ", ".join(names[:most])
    return shown + (f", {len(names) - most} more" if len(names) > most else "")


def _cells(row: MatrixRow) -> tuple[str, ...]:
    measured = "-"
    if row.measured:
        measured = f"{len(row.studies)}: {_names(row.studies, 3)}"
        measured += f"; {row.direction}" if row.direction else ""
    against = f", {len(row.against)} against" if row.against else ""
    counts = (
        *(str(len(row.in_patients) or "-"), str(len(row.animal) or "-") + against),
        *(str(len(row.in_vitro) or "-"), str(len(row.stated) or "-")),
    )
    return (row.label, measured, *counts, _names(row.planned_studies, 1) or "-")


def draw_matrix(rows: Sequence[MatrixRow], *, width: int = 100) -> str:
    """Give the matrix as aligned text; counts are passages or readouts, names are studies."""
    table = [_HEAD, *(_cells(row) for row in rows)]
    if not any(row.in_patients for row in rows):  # room for names; the other columns are never left out
        table = [(*cells[:2], *cells[3:]) for cells in table]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    spare = width - sum(widths[2:]) - 2 * (len(widths) - 1)
    widths[0] = min(widths[0], max(24, spare // 2))
    widths[1] = max(20, min(widths[1], spare - widths[0]))
    lines = []
    for row in table:
        shown = (cell if len(cell) <= w else cell[: w - 1] + "…" for cell, w in zip(row, widths, strict=True))
        lines.append("  ".join(cell.ljust(w) for cell, w in zip(shown, widths, strict=True)).rstrip())
    return "\n".join(lines)
