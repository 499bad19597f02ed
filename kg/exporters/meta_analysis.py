"""The rows of an analysis for programs of others: metafor (R) and MetaInsight, as CSV.

metafor: one row a study, in the argument names of its `escalc` (m1i, sd1i, n1i ... or ai, n1i, ci, n2i). MetaInsight:
one row an arm, in the column names of its long upload format (Study, T, N, Mean, SD or Study, T, R, N).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from kg.synthesis.analysis import COUNT_MEASURES, Analysis, Line
from kg.synthesis.effects import to_sd
from kg.synthesis.rows import ArmRow

__all__ = ["FORMATS", "write_rows"]

FORMATS = ("metafor", "metainsight")


def _mean_and_sd(row: ArmRow) -> tuple[str, str]:
    assert row.spread is not None
    assert row.n is not None
    kind, value, low, high = row.spread
    given = {name: float(v) if v is not None else None for name, v in (("value", value), ("low", low), ("high", high))}
    return f"{row.mean:f}", f"{to_sd(kind, n=row.n, **given)[0]:.6g}"


def _metafor(lines: tuple[Line, ...], counts: bool) -> Iterator[list[str]]:
    numbers = ["ai", "n1i", "ci", "n2i"] if counts else ["m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"]
    yield ["study", "outcome", "scale", "month", *numbers, "yi", "vi", "status", "where", "record1", "record2"]
    for line in lines:
        first, second = line.contrast.treated, line.contrast.control
        if counts:
            values = [str(first.events), str(first.n), str(second.events), str(second.n)]
        else:
            values = [*_mean_and_sd(first), str(first.n), *_mean_and_sd(second), str(second.n)]
        effect = [f"{line.estimate.yi:.8g}", f"{line.estimate.vi:.8g}"] if line.estimate else ["NA", "NA"]
        month = f"{first.month:f}" if first.month is not None else "NA"
        head = [line.contrast.label, first.outcome_label, first.instrument_label or "NA", month]
        yield [*head, *values, *effect, line.statuses, first.source_label, first.record, second.record]


def _metainsight(lines: tuple[Line, ...], counts: bool) -> Iterator[list[str]]:
    yield ["Study", "T", "R", "N"] if counts else ["Study", "T", "N", "Mean", "SD"]
    for line in lines:
        for row in (line.contrast.treated, line.contrast.control):
            if counts:
                yield [line.contrast.label, row.arm_label, str(row.events), str(row.n)]
            else:
                mean, sd = _mean_and_sd(row)
                yield [line.contrast.label, row.arm_label, str(row.n), mean, sd]


def write_rows(analysis: Analysis, form: str) -> str:
    """Give the rows of an analysis as CSV in one of `FORMATS`."""
    counts = analysis.measure in COUNT_MEASURES
    rows = _metafor(analysis.lines, counts) if form == "metafor" else _metainsight(analysis.lines, counts)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
