"""Rows of the graph -> contrasts that could be pooled, and what is left out of them with the reason.

A contrast is one treated arm against one control arm of a study, on one outcome, instrument and time point. Nothing is
chosen silently: a study with two treated arms on one control, with two scales or without a spread is left out, and
this is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pyoxigraph as ox

from kg.catalogue import find_query, select
from kg.store import Store
from kg.synthesis.effects import change_sd, to_sd

__all__ = ["ArmRow", "Choice", "Contrast", "LeftOut", "read_contrasts", "read_count_contrasts"]

#: What a measure is, in the words of the records -> what may be pooled together.
_CHANGES = {"change from baseline", "change"}
_SCORES = {"score", "total score"}


@dataclass(frozen=True, slots=True)
class ArmRow:
    """One result or count of one arm, as read."""

    study: str
    study_label: str
    arm: str
    arm_label: str
    role: str  # "treated", "control", "comparator", or "" where the count covers several arms
    outcome_label: str
    record: str
    status: str  # read, secondary, derived
    source_label: str
    outcome: str = ""  # its IRI: that which was asked for, or one below it
    instrument: str = ""
    instrument_label: str = ""
    month: Decimal | None = None
    measure: str = ""
    unit: str = ""
    mean: Decimal | None = None
    spread: tuple[str, Decimal | None, Decimal | None, Decimal | None] | None = None  # type, value, low, high
    n: int | None = None
    events: int | None = None
    note: str = ""
    conversion: str = ""  # how the mean came about, where it is not as read


@dataclass(frozen=True, slots=True)
class Contrast:
    """A treated arm against the control arm of its study."""

    treated: ArmRow
    control: ArmRow

    @property
    def study(self) -> str:
        """Give the IRI of the study."""
        return self.treated.study

    @property
    def label(self) -> str:
        """Give the short citation of the study."""
        return self.treated.study_label


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A study that measured the outcome and is not pooled, and why."""

    study_label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for: time, scale, product, arm. None stands for any."""

    month: Decimal | None = None
    instrument: str | None = None
    products: frozenset[str] = field(default_factory=frozenset)  # IRIs of arms that are wanted; empty: all
    r: float | None = None  # correlation of before and after, to make changes of scores; None: scores as they are


def _rows(store: Store, question: str, wanted: str) -> Iterator[ArmRow]:
    answer = select(store, find_query(question), wanted=ox.NamedNode(wanted))
    names = {variable.value for variable in answer.variables}
    for row in answer:
        cells = {name: row[name].value for name in names if row[name] is not None}
        spread = None
        if "spread_type" in cells:
            values = (_number(cells, f"spread_{part}") for part in ("value", "low", "high"))
            spread = (cells["spread_type"], *values)
        yield ArmRow(
            study=cells["study"],
            study_label=cells["study_label"],
            arm=cells.get("arm", ""),
            arm_label=cells.get("arm_label", ""),
            role=cells.get("arm_role", ""),
            outcome_label=cells["outcome_label"],
            record=cells["record"],
            status=cells["status"],
            source_label=cells["source_label"],
            outcome=cells["outcome"],
            instrument=cells.get("instrument", ""),
            instrument_label=cells.get("instrument_label", ""),
            month=_number(cells, "month"),
            measure=cells.get("measure", ""),
            unit=cells.get("unit", ""),
            mean=_number(cells, "mean"),
            spread=spread,
            n=int(cells["n"]) if "n" in cells else None,
            events=int(cells["events"]) if "events" in cells else None,
            note=cells.get("note", ""),
        )


def _number(cells: Mapping[str, str], name: str) -> Decimal | None:
    return Decimal(cells[name]) if name in cells else None


def _by_study(rows: Iterable[ArmRow]) -> dict[str, list[ArmRow]]:
    found: defaultdict[str, list[ArmRow]] = defaultdict(list)
    for row in rows:
        found[row.study].append(row)
    return dict(found)


def _names(words: Iterable[str]) -> str:
    return ", ".join(sorted(set(words)))


def _fits(row: ArmRow, choice: Choice) -> bool:
    if choice.instrument is not None and row.instrument != choice.instrument:
        return False
    return choice.month is None or row.month == choice.month


def _lacks(row: ArmRow) -> str:
    """Say what a mean lacks for pooling, or nothing."""
    who = f"arm '{row.arm_label}'"
    if row.mean is None:
        return f"{who} has no mean"
    if row.n is None:
        return f"the n of {who} is not reported"
    if row.spread is None:
        return f"{who} has no spread"
    if row.spread[0] in ("not stated", "range"):
        return f"the spread of {who} is of type '{row.spread[0]}', and is not guessed"
    return ""


def _sd(row: ArmRow) -> tuple[float, str]:
    assert row.n is not None
    assert row.spread is not None
    kind, *parts = row.spread
    value, low, high = (None if part is None else float(part) for part in parts)
    return to_sd(kind, n=row.n, value=value, low=low, high=high)


def _change(row: ArmRow, rows: Iterable[ArmRow], r: float) -> ArmRow:
    """Give the change since baseline in place of a score, or the score with the words that it is still one."""
    like = (row.arm, row.instrument, row.unit)
    before = [
        each
        for each in rows
        if each.month == 0 and each.measure in _SCORES and (each.arm, each.instrument, each.unit) == like
    ]
    if row.month == 0 or len(before) != 1 or _lacks(row) or _lacks(before[0]):
        return replace(row, conversion="no one baseline with n and spread: the score, not its change")
    assert row.mean is not None
    assert before[0].mean is not None
    (first, how_first), (second, how_second) = _sd(before[0]), _sd(row)
    sd, how = change_sd(first, second, r)
    steps = [step for step in dict.fromkeys((how_first, how_second)) if step]
    if before[0].n != row.n:
        steps.append(f"n {before[0].n} at baseline and {row.n} now")
    return replace(
        row,
        mean=row.mean - before[0].mean,
        spread=("SD", Decimal(f"{sd:.6g}"), None, None),
        measure="change from baseline",
        conversion="; ".join([*steps, how]),
    )


def _one_pair(rows: list[ArmRow], choice: Choice) -> tuple[ArmRow, ArmRow] | str:
    """Give the treated and the control row, or why there is no such pair."""
    treated = [row for row in rows if row.role == "treated" and (not choice.products or row.arm in choice.products)]
    control = [row for row in rows if row.role == "control"]
    if not treated:
        return "no treated arm of the product that was asked for" if choice.products else "no treated arm"
    if not control:
        return "no control arm with this result: before and after, or one group"
    if len({row.arm for row in treated}) > 1:
        return (
            f"several treated arms share one control: {_names(row.arm_label for row in treated)}; choose with --product"
        )
    if len(treated) > 1 or len(control) > 1:
        return f"several results for one arm: {_names(row.source_label for row in (*treated, *control))}"
    return treated[0], control[0]


def _contrast(rows: list[ArmRow], choice: Choice) -> Contrast | str:
    """Give the contrast of a study, or why it gives none."""
    fitting = [row for row in rows if _fits(row, choice)]
    if not fitting:
        months = ", ".join(f"{month:f}" for month in sorted({row.month for row in rows if row.month is not None}))
        scales = _names(row.instrument_label or "not reported" for row in rows)
        return f"no result at this time on this scale; months: {months or 'none reported'}; scales: {scales}"
    usable = [row for row in fitting if row.measure in _CHANGES] or [row for row in fitting if row.measure in _SCORES]
    if not usable:
        return f"measured as {_names(row.measure for row in fitting)}, which is neither a change nor a score"
    if len({row.instrument for row in usable}) > 1:
        return f"several scales: {_names(row.instrument_label for row in usable)}; choose with --instrument"
    if choice.r is not None and usable[0].measure in _SCORES:
        usable = [_change(row, rows, choice.r) for row in usable]
    pair = _one_pair(usable, choice)
    if isinstance(pair, str):
        return pair
    return next((lack for row in pair if (lack := _lacks(row))), "") or Contrast(*pair)


def _sorted_out(rows: Iterable[ArmRow], found: Mapping[str, Contrast | str]) -> tuple[list[Contrast], list[LeftOut]]:
    label_of = {row.study: row.study_label for row in rows}
    contrasts = [each for each in found.values() if isinstance(each, Contrast)]
    left = [LeftOut(label_of[study], reason) for study, reason in found.items() if isinstance(reason, str)]
    return sorted(contrasts, key=lambda c: c.label), sorted(left, key=lambda one: (one.study_label, one.reason))


def read_contrasts(store: Store, outcome: str, choice: Choice) -> tuple[list[Contrast], list[LeftOut]]:
    """Give the contrasts of means for an outcome (IRI, with all below it), and the studies that give none."""
    rows = list(_rows(store, "synthesis/results", outcome))
    found = {study: _contrast(each, choice) for study, each in _by_study(rows).items()}
    return _sorted_out(rows, found)


def _count_pair(rows: list[ArmRow], choice: Choice) -> Contrast | str:
    rows = [row for row in rows if row.events is not None and row.n is not None]
    if not rows:
        return "no count with its number of participants"
    pair = _one_pair(rows, choice)
    return pair if isinstance(pair, str) else Contrast(*pair)


def read_count_contrasts(store: Store, event: str, choice: Choice) -> tuple[list[Contrast], list[LeftOut]]:
    """Give the contrasts of counts for an adverse event (IRI, with all below it), and the studies that give none."""
    rows = list(_rows(store, "synthesis/counts", event))
    found = {study: _count_pair(each, choice) for study, each in _by_study(rows).items()}
    return _sorted_out(rows, found)
