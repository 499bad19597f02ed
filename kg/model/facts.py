"""The kinds of fact that a study file holds: doses, results, comparisons, readouts, adverse events.

Each says how its number reached us (`status`), where it stands (`where`), and, where the words are known, the
fingerprints that carry it (`excerpts`). A number that the words do not show (an n from the head of a table, a month
from its column) is named in `not_in_excerpt`, so that every other one can be held against them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import model_validator

from kg.model.base import (
    Analysis,
    Count,
    DoseBasis,
    DoseStanding,
    FactStatus,
    Finding,
    Fingerprinted,
    Finite,
    Months,
    ReadoutDirection,
    Record,
    Slug,
    Spread,
    Term,
    Words,
)

__all__ = [
    "AdverseEvent",
    "Ages",
    "CoIntervention",
    "Comparison",
    "Counted",
    "Dose",
    "Effect",
    "Excerpt",
    "Fact",
    "FollowUp",
    "PlannedOutcome",
    "PlannedReadout",
    "Pooled",
    "Readout",
    "Result",
    "Truth",
]

Operator = Literal[">=", "<=", ">", "<", "about"]
Rank = Literal["primary", "secondary", "other", "not stated"]


class Excerpt(Fingerprinted):
    """Words of a page on a study, held as digests, and the address of the page where they were seen."""

    page: str


class Fact(Record):
    """Where a number or a finding was read, and how."""

    status: FactStatus
    where: str
    excerpts: list[Excerpt] = []
    not_in_excerpt: Words = []  # fields whose number stands beside the quoted words, or was written another way
    note: str | None = None

    def numbers(self) -> list[tuple[str, str]]:
        """Give (field, number as written) for every number of the fact; a notation takes the place of its reading."""
        hidden = {"value", "low", "high"} if getattr(self, "notation", None) else set()
        found: list[tuple[str, str]] = []
        for field in type(self).model_fields:
            value = getattr(self, field)
            for name, one in _leaves(field, value):
                if name not in hidden:
                    found.append((name, one))
        return found


def _leaves(field: str, value: object) -> list[tuple[str, str]]:
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, (int, Decimal)):
        return [(field, str(value))]
    if isinstance(value, Spread):
        return [(field, str(number)) for number in value.numbers()]
    if isinstance(value, Effect):
        return [(field, str(number)) for number in (value.value, value.low, value.high) if number is not None]
    if field in ("values", "p") and isinstance(value, (list, str)):
        return [(field, str(one).lstrip("<>=")) for one in ([value] if isinstance(value, str) else value)]
    return []


class Events(Fact):
    """In how many of n something was counted."""

    events: Count | None = None
    n: Count | None = None

    @model_validator(mode="after")
    def _events_within_n(self) -> Self:
        if self.events is not None and self.n is not None and self.events > self.n:
            raise ValueError(
                f"found {self.events} events of {self.n} participants, expected no more events than participants"
            )
        return self


class Counted(Fact):
    """A count of participants."""

    value: Count


class Ages(Fact):
    """Ages in years."""

    low: Finite | None = None
    high: Finite | None = None
    median: Finite | None = None
    mean: Finite | None = None
    spread: Spread | None = None


class FollowUp(Fact):
    """Time points in months."""

    values: Months


class Truth(Fact):
    """A yes or no that a source states."""

    value: bool


class CoIntervention(Fact):
    """What all participants received besides."""

    label: str


class Dose(Fact):
    """An amount of cells with its basis; the notation as printed stays beside it.

    `standing` tells an amount that was given from one that was planned, or only asked of a unit when it was chosen.
    """

    value: Finite | None = None
    low: Finite | None = None
    high: Finite | None = None
    operator: Operator | None = None
    unit: str
    basis: DoseBasis | None = None
    standing: DoseStanding | None = None
    times: Count | None = None
    every: str | None = None
    notation: str | None = None
    ambiguous: str | None = None  # what the notation leaves open


class PlannedOutcome(Record):
    """An outcome that the study set out to measure."""

    label: str
    instrument: Term | None = None
    domain: Term | None = None
    months: Months = []
    rank: Rank = "not stated"
    where: str | None = None


class Result(Events):
    """One outcome in one arm at one time point: a mean or median with its spread, or events of n."""

    id: Slug
    outcome: Term
    instrument: Term | None = None
    arm: Slug
    month: Finite | None = None
    measure: str
    unit: str | None = None
    mean: Finite | None = None
    median: Finite | None = None
    percent: Finite | None = None
    value: Finite | None = None  # of a parameter that is none of these
    parameter: str | None = None  # what the number is, in the words of a registry
    spread: Spread | None = None
    not_reported: list[Literal["instrument", "month"]] = []  # what the record keeps silent about, so that silence shows


class Effect(Record):
    """An estimate of a difference, as published."""

    measure: Term
    value: Finite
    low: Finite | None = None
    high: Finite | None = None
    interval: Literal["CI95", "not stated"] | None = None
    unit: str | None = None
    adjusted_for: str | None = None


class Comparison(Fact):
    """Two or more arms compared on one outcome; also where only words were given.

    With one arm the comparison is with something else, which `comparator` names: its baseline, natural history.
    """

    id: Slug
    outcome: Term
    instrument: Term | None = None
    arms: list[Slug] = []
    comparator: str | None = None
    month: Finite | None = None
    finding: Finding
    effect: Effect | None = None
    p: str | None = None
    test: str | None = None
    analysis: Analysis | None = None


class Pooled(Fact):
    """An estimate that a meta-analysis pooled over studies."""

    id: Slug
    outcome: Term
    instrument: Term | None = None
    months: Months = []
    effect: Effect
    model: str | None = None  # "random effects", "fixed effect"
    p: str | None = None
    i_squared: Finite | None = None
    studies: Count | None = None
    participants: Count | None = None
    included: Words = []  # ids of study files, where known which studies were pooled
    comparison: str | None = None  # what was held against what


class Readout(Events):
    """A biomarker measured in participants, and the mechanism it speaks about in the curator's judgement."""

    id: Slug
    marker: Term
    assay: str | None = None
    compartment: str | None = None
    engages: list[Term] = []
    arm: Slug | None = None
    comparator: str | None = None
    month: Finite | None = None
    week: Finite | None = None
    days: str | None = None
    direction: ReadoutDirection
    p: str | None = None
    analysis: Analysis | None = None
    correlates_with: list[Term] = []


class PlannedReadout(Record):
    """A biomarker that a registered study plans to measure."""

    id: Slug
    marker: Term
    engages: list[Term] = []
    months: Months = []
    rank: Rank = "not stated"
    where: str
    note: str | None = None


class AdverseEvent(Events):
    """How often an event was counted in an arm."""

    id: Slug
    event: Term
    arm: Slug | None = None
    covers: list[Slug] = []  # the arms that a count was printed for together
    percent: Finite | None = None
    serious: bool | None = None
    onset: str | None = None
    p: str | None = None
