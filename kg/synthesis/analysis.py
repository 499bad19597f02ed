"""From an outcome to a pooled estimate with all that it rests on, or to the reasons why there is none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.errors import InputError
from kg.store import Store
from kg.synthesis.binary import Count, mantel_haenszel, odds_ratio, peto, peto_pooled, risk_difference, risk_ratio
from kg.synthesis.effects import Arm, Estimate, cohen_d, hedges_g, mean_difference, to_sd
from kg.synthesis.grouping import SILENT, read_groups
from kg.synthesis.pooling import Pooled, Subgroups, leave_one_out, pool, subgroups
from kg.synthesis.refusals import read_overlaps, reasons_against
from kg.synthesis.rows import ArmRow, Choice, Contrast, LeftOut, read_contrasts, read_count_contrasts
from kg.synthesis.small_study import FEWEST, Asymmetry, egger

__all__ = ["COUNT_MEASURES", "MEAN_MEASURES", "METHODS", "Analysis", "Line", "analyse"]

#: Measure -> its name in words. Differences are first minus second: treated minus control.
MEAN_MEASURES = {"MD": "mean difference", "SMD": "Hedges g", "D": "Cohen d"}
COUNT_MEASURES = {"RR": "risk ratio", "OR": "odds ratio", "RD": "risk difference", "PETO": "Peto odds ratio"}
METHODS = ("reml-hk", "reml", "pm-hk", "pm", "dl-hk", "dl", "fe", "mh")
_EFFECTS = {"MD": mean_difference, "SMD": hedges_g, "D": cohen_d}
_RATIOS = {"RR": risk_ratio, "OR": odds_ratio, "RD": risk_difference, "PETO": peto}
_LOG = {"RR", "OR", "PETO"}


@dataclass(frozen=True, slots=True)
class Line:
    """One study of an analysis: its contrast, its effect, and what was converted to get it."""

    contrast: Contrast
    estimate: Estimate | None  # None: nothing to estimate, e.g. no event in either arm
    remark: str = ""
    group: str = ""  # its subgroup, where one is asked for

    @property
    def statuses(self) -> str:
        """Give how the numbers reached us: read, secondary, derived."""
        return ", ".join(sorted({self.contrast.treated.status, self.contrast.control.status}))


@dataclass(frozen=True, slots=True)
class Analysis:
    """All of it: the rows, what was left out, the reasons against pooling, and the estimate where there is one."""

    outcome: str  # in words
    iri: str
    choice: Choice
    measure: str
    method: str
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    reasons: tuple[str, ...]
    forced: str
    pooled: Pooled | None
    without_one: tuple[Pooled, ...] = ()
    by: str = ""  # what the studies are grouped by
    compared: Subgroups | None = None  # None also where all studies are in one group
    asymmetry: Asymmetry | None = None  # None with fewer than ten effects

    @property
    def log(self) -> bool:
        """Say whether the estimate is on the logarithmic scale."""
        return self.measure in _LOG

    def shown(self, value: float) -> float:
        """Give a value on the scale that people read."""
        return math.exp(value) if self.log else value

    @property
    def usable(self) -> tuple[Line, ...]:
        """Give the lines that have an effect of their own; with no event in either arm there is none."""
        return tuple(line for line in self.lines if line.estimate is not None)

    @property
    def counted(self) -> tuple[Line, ...]:
        """Give the lines that the estimate rests on: sums over studies take in those without an event."""
        return self.lines if self.method == "mh" or self.measure == "PETO" else self.usable

    @property
    def participants(self) -> int:
        """Give how many participants the estimate counts."""
        pairs = (line.contrast for line in self.counted)
        return sum((pair.treated.n or 0) + (pair.control.n or 0) for pair in pairs)


def _arm(row: ArmRow) -> tuple[Arm, str]:
    assert row.mean is not None
    assert row.n is not None
    assert row.spread is not None
    kind, value, low, high = row.spread
    parts = {"value": value, "low": low, "high": high}
    numbers = {name: None if part is None else float(part) for name, part in parts.items()}
    sd, how = to_sd(kind, n=row.n, **numbers)
    return Arm(float(row.mean), sd, row.n), how


def _mean_line(contrast: Contrast, measure: str) -> Line:
    (treated, first), (control, second) = _arm(contrast.treated), _arm(contrast.control)
    steps = (contrast.treated.conversion, contrast.control.conversion, first, second)
    remark = "; ".join(dict.fromkeys(how for how in steps if how))
    return Line(contrast, _EFFECTS[measure](treated, control), remark)


def _count(row: ArmRow) -> Count:
    assert row.events is not None
    assert row.n is not None
    return Count(row.events, row.n)


def _count_line(contrast: Contrast, measure: str) -> Line:
    try:
        estimate = _RATIOS[measure](_count(contrast.treated), _count(contrast.control))
    except InputError as error:
        return Line(contrast, None, str(error))
    return Line(contrast, estimate, "; ".join(estimate.conversions))


def _pooled(lines: Sequence[Line], measure: str, method: str) -> Pooled:
    if method == "mh" or measure == "PETO":
        pairs = [(_count(line.contrast.treated), _count(line.contrast.control)) for line in lines]
        return peto_pooled(pairs) if measure == "PETO" else mantel_haenszel(pairs, measure)
    name, _, test = method.partition("-")
    estimates = [line.estimate for line in lines if line.estimate is not None]
    return pool(estimates, method=name.upper(), knapp_hartung=test == "hk")


def _nothing_there(outcome: str, *, counts: bool) -> str:
    """Say that no record has rows for this outcome and measure, and which measure another kind of record allows."""
    if counts:
        return f"no study here counts {outcome} as an adverse event; for means of an outcome: --measure MD, SMD or D"
    return f"no study here has results on {outcome}; for counts of an adverse event: --measure RR, OR, RD or PETO"


def analyse(
    store: Store,
    outcome: str,
    choice: Choice,
    *,
    measure: str,
    method: str,
    label: str = "",
    forced: str = "",
    by: str = "",
) -> Analysis:
    """Give the analysis of an outcome (IRI) over the studies of a store, grouped `by` a property if one is named.

    A reason against pooling leaves `pooled` empty, unless `forced` says why it is done all the same. Raises
    `InputError` for a measure or a method that is not, or that does not fit the outcome.
    """
    counts = measure in COUNT_MEASURES
    if by and (method == "mh" or measure == "PETO"):
        raise InputError(f"groups are compared by inverse variance, not by {measure} {method}; add --method fe or reml")
    if not counts and measure not in MEAN_MEASURES:
        expected = ", ".join([*MEAN_MEASURES, *COUNT_MEASURES])
        raise InputError(f"no measure {measure!r}; expected one of: {expected}")
    if method not in METHODS or (method == "mh" and not counts):
        raise InputError(f"no method {method!r} for {measure}; expected one of: {', '.join(METHODS)} (mh: counts only)")
    read = read_count_contrasts if counts else read_contrasts
    contrasts, left_out = read(store, outcome, choice)
    line_of = _count_line if counts else _mean_line
    lines = tuple(line_of(contrast, measure) for contrast in contrasts)
    if by:
        group_of = read_groups(store, by)
        lines = tuple(replace(line, group=group_of.get(line.contrast.treated.arm, SILENT)) for line in lines)
    usable = [line for line in lines if line.estimate is not None]
    asked = [line.contrast for line in (lines if method == "mh" else usable)]
    reasons = tuple(reasons_against(asked, read_overlaps(store), counts_of=outcome if counts else ""))
    if not contrasts and not left_out:
        reasons = (_nothing_there(label or outcome, counts=counts),)
    analysis = Analysis(
        outcome=label or outcome,
        iri=outcome,
        choice=choice,
        measure=measure,
        method=method,
        lines=lines,
        left_out=tuple(left_out),
        reasons=reasons,
        forced=forced,
        pooled=None,
        by=by,
    )
    if (reasons and not forced) or len(asked) < 2:
        return analysis
    if method == "mh" or measure == "PETO":
        return replace(analysis, pooled=_pooled(lines, measure, method))
    return _by_inverse_variance(replace(analysis, pooled=_pooled(usable, measure, method)))


def _by_inverse_variance(analysis: Analysis) -> Analysis:
    """Add what only effects with a variance of their own allow: without each study, by group, small against large."""
    name, _, test = analysis.method.partition("-")
    options = (name.upper(), test == "hk")
    estimates = [line.estimate for line in analysis.lines if line.estimate is not None]
    groups = [line.group for line in analysis.usable] if analysis.by else []
    return replace(
        analysis,
        without_one=tuple(leave_one_out(estimates, *options)) if len(estimates) > 2 else (),
        compared=subgroups(estimates, groups, *options) if len(set(groups)) > 1 else None,
        asymmetry=egger(estimates) if len(estimates) >= FEWEST else None,
    )
