"""A pooled estimate for people: the rows it rests on, what was left out, the numbers, and a sentence in plain words."""

from __future__ import annotations

from collections.abc import Iterable

from kg.synthesis.analysis import COUNT_MEASURES, Analysis, Line
from kg.synthesis.rows import ArmRow
from kg.synthesis.small_study import FEWEST
from kg.synthesis.words import in_words, name_of_measure, name_of_method, number, without_events
from kg.views.forest import ForestPlot, ForestRow

__all__ = ["draw_analysis", "forest_of", "notes_of", "study_table", "title_of"]

_WEIGHTLESS = "no event among controls, so no weight; its event with cells moves the estimate all the same"
_Z = 1.959963984540054


def _arm(row: ArmRow) -> str:
    if row.events is not None and row.mean is None:
        return f"{row.events}/{row.n}"
    assert row.spread is not None
    kind, value, low, high = row.spread
    spread = f"{value:f}" if value is not None else f"{low:f} to {high:f}"
    return f"{row.mean:f} ({kind} {spread}), n {row.n}"


def _interval(analysis: Analysis, estimate: float, low: float, high: float) -> str:
    shown = (number(analysis.shown(value)) for value in (estimate, low, high))
    return "{} ({} to {})".format(*shown)


def _effect(analysis: Analysis, line: Line) -> str:
    if line.estimate is None:
        return "none"
    half = _Z * line.estimate.vi**0.5
    return _interval(analysis, line.estimate.yi, line.estimate.yi - half, line.estimate.yi + half)


def _weights(analysis: Analysis) -> list[str]:
    """Give the weight of each line; a method that leaves a line out gives it none."""
    pooled = analysis.pooled
    if pooled is None:
        return ["-"] * len(analysis.lines)
    if len(pooled.weights) == len(analysis.lines):
        return [f"{weight:.1f} %" for weight in pooled.weights]
    weights = iter(pooled.weights)
    return [f"{next(weights):.1f} %" if line.estimate is not None else "-" for line in analysis.lines]


def _weightless(analysis: Analysis) -> list[Line]:
    """Give the lines that move an estimate by Mantel-Haenszel though their weight, made of control events, is 0."""
    if analysis.pooled is None or analysis.method != "mh" or analysis.measure == "RD":
        return []
    return [line for line in analysis.usable if not line.contrast.control.events]


def _table(rows: list[list[str]]) -> Iterable[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _heterogeneity(analysis: Analysis) -> str:
    pooled = analysis.pooled
    assert pooled is not None
    i2 = f"I2 {pooled.i2:.1f} %"
    if pooled.i2_low is not None and pooled.i2_high is not None:
        i2 += f" ({pooled.i2_low:.1f} to {pooled.i2_high:.1f})"
    return f"tau2 {pooled.tau2:.4g}, {i2}, Q {pooled.q:.2f} on {pooled.df} df, p {pooled.p_q:.3g}"


def title_of(analysis: Analysis) -> str:
    """Give what was pooled, and how."""
    way = "cells against control" if analysis.log else "cells minus control"
    return f"{analysis.outcome}: {name_of_measure(analysis)}, {way}; {name_of_method(analysis)}"


def study_table(analysis: Analysis) -> list[list[str]]:
    """Give the rows that an analysis rests on, under their headings."""
    rows = [["study", "scale and time", "cells", "control", "effect (95 %)", "weight", "numbers", "where"]]
    for line, weight in zip(analysis.lines, _weights(analysis), strict=True):
        treated = line.contrast.treated
        scale = treated.instrument_label or ("" if treated.mean is None else "scale not reported")
        time = f", month {treated.month:f}" if treated.month is not None else ""
        cells = [line.contrast.label, f"{scale}{time}".strip(", "), _arm(treated), _arm(line.contrast.control)]
        rows.append([*cells, _effect(analysis, line), weight, line.statuses, treated.source_label])
    return rows


def notes_of(analysis: Analysis) -> list[str]:
    """Give all lines that stand under the rows: conversions, what was left out, reasons, the estimate in words."""
    remarks = [f"  {line.contrast.label}: {line.remark}" for line in analysis.lines if line.remark]
    remarks += [f"  {line.contrast.label}: {_WEIGHTLESS}" for line in _weightless(analysis)]
    left = [f"  {one.study_label}: {one.reason}" for one in analysis.left_out]
    parts = ["converted or remarked:", *remarks, ""] if remarks else []
    parts += [f"left out ({len(left)}):", *left, ""] if left else []
    if analysis.reasons:
        title = f"pooled all the same, because: {analysis.forced}" if analysis.forced else "not pooled:"
        parts += [title, *(f"  {reason}" for reason in analysis.reasons), ""]
    if analysis.pooled is not None:
        pooled = analysis.pooled
        parts += ["estimate: " + _interval(analysis, pooled.estimate, pooled.low, pooled.high) + f", p {pooled.p:.3g}"]
        parts += [_heterogeneity(analysis)]
        for line, without in zip(analysis.usable, analysis.without_one, strict=False):
            shown = _interval(analysis, without.estimate, without.low, without.high)
            parts.append(f"without {line.contrast.label}: {shown}, I2 {without.i2:.1f} %")
        parts += [*_groups(analysis), _small_studies(analysis), ""]
    return [*parts, in_words(analysis), *_crude(analysis)]


def draw_analysis(analysis: Analysis) -> str:
    """Give the whole analysis as text."""
    body = list(_table(study_table(analysis))) if analysis.lines else ["no study has all that pooling needs"]
    return "\n".join([title_of(analysis), "", *body, "", *notes_of(analysis)])


def _groups(analysis: Analysis) -> list[str]:
    """Give the estimate of each group and the test that the groups are alike."""
    if not analysis.by:
        return []
    if analysis.compared is None:
        groups = ", ".join(sorted({line.group for line in analysis.usable}))
        return ["", f"by {analysis.by}: all studies with an effect are in one group ({groups})"]
    title = f"by {analysis.by} (studies differ in more than this; a difference of groups is not its effect):"
    rows = [["  group", "studies", "estimate (95 %)", "I2"]]
    for name, one in sorted(analysis.compared.groups):
        i2 = f"{one.i2:.1f} %" if one.k > 1 else "-"
        rows.append([f"  {name}", str(one.k), _interval(analysis, one.estimate, one.low, one.high), i2])
    test = f"  between groups: Q {analysis.compared.q_between:.2f} on {analysis.compared.df} df"
    return ["", title, *_table(rows), f"{test}, p {analysis.compared.p:.3g}"]


def _small_studies(analysis: Analysis) -> str:
    """Give the test for small-study effects, or how many studies it would need."""
    found = len(analysis.usable)
    if analysis.asymmetry is None:
        why = f"a test needs {FEWEST}, there are {found}" if found < FEWEST else "not tested with this method"
        return f"small-study effects: {why}"
    one = analysis.asymmetry
    return f"small-study effects (Egger): slope {one.slope:.2f}, t on {one.df} df, p {one.p:.3g}"


def _crude(analysis: Analysis) -> list[str]:
    """Say when the events added up over the studies point the other way than the studies themselves do."""
    if analysis.pooled is None or analysis.measure not in COUNT_MEASURES:
        return []
    pairs = [(line.contrast.treated, line.contrast.control) for line in analysis.lines]
    (e1, n1), (e2, n2) = (
        (sum(pair[i].events or 0 for pair in pairs), sum(pair[i].n or 0 for pair in pairs)) for i in (0, 1)
    )
    summed = e1 / n1 - e2 / n2
    if not summed or (summed > 0) == (analysis.pooled.estimate > 0):
        return []
    cells, control = f"{e1} of {n1} ({100 * e1 / n1:.1f} %)", f"{e2} of {n2} ({100 * e2 / n2:.1f} %)"
    return [
        f"Added up over the studies of the table there are {cells} with cells and {control} without, which points the "
        "other way: a sum over studies compares the participants of one study with those of another. Only the "
        "comparison within each study is one of cells with control."
    ]


def forest_of(analysis: Analysis, *, as_of: str = "", query: str = "") -> ForestPlot:
    """Give the forest plot of an analysis; `as_of` is the day of the data, `query` the command that gives its rows."""
    rows = []
    for line, weight in zip(analysis.lines, _weights(analysis), strict=True):
        treated, control = line.contrast.treated, line.contrast.control
        share = float(weight.split()[0]) if weight != "-" else 0.0
        ends: tuple[float | None, float | None, float | None] = (None, None, None)
        if line.estimate is not None:
            half = _Z * line.estimate.vi**0.5
            low, high = line.estimate.yi - half, line.estimate.yi + half
            ends = (analysis.shown(line.estimate.yi), analysis.shown(low), analysis.shown(high))
        status = "derived" if "derived" in line.statuses else "secondary" if "secondary" in line.statuses else "read"
        rows.append(ForestRow(line.contrast.label, f"{_arm(treated)} / {_arm(control)}", *ends, share, status))
    pooled, prediction, heterogeneity = None, None, ""
    if analysis.pooled is not None:
        one = analysis.pooled
        ends = (analysis.shown(one.estimate), analysis.shown(one.low), analysis.shown(one.high))
        pooled = ForestRow("Pooled", "", *ends, 100.0, "derived")
        heterogeneity = _heterogeneity(analysis).replace("tau2", "τ²").replace("I2", "I²")
        if one.pi_low is not None and one.pi_high is not None:
            prediction = (analysis.shown(one.pi_low), analysis.shown(one.pi_high))
    refused = "" if analysis.pooled is not None else "Not pooled: " + ("; ".join(analysis.reasons) or "no rows")
    caption = f"n = {len(analysis.counted)} studies{without_events(analysis)}, {analysis.participants} participants"
    caption += f"; {name_of_method(analysis)}." if analysis.pooled is not None else "."
    if analysis.forced and analysis.reasons:
        caption += f" Pooled against: {'; '.join(analysis.reasons)}; because: {analysis.forced}."
    if weightless := _weightless(analysis):
        caption += f" {', '.join(line.contrast.label for line in weightless)}: {_WEIGHTLESS}."
    caption += f" {len(analysis.left_out)} studies with this outcome left out."
    arms = (row for line in analysis.lines for row in (line.contrast.treated, line.contrast.control))
    sources = sorted({row.source_label for row in arms})
    caption += f" Numbers from: {', '.join(sources)}." if sources else ""
    caption += f" Data: {as_of or 'day not stated'}. Query: {query or 'mechtrail pool'}."
    return ForestPlot(
        title=analysis.outcome,
        measure=name_of_measure(analysis),
        rows=tuple(rows),
        null=1.0 if analysis.log else 0.0,
        pooled=pooled,
        prediction=prediction,
        heterogeneity=heterogeneity,
        left="lower with cells",
        right="higher with cells",
        caption=caption,
        log=analysis.log,
        refused=refused,
    )
