"""Studies: what a study itself reports, by arm and time point."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from kg.model.base import (
    Count,
    Culture,
    Donor,
    DoseBasis,
    FactStatus,
    Finding,
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
    "Arm",
    "Comparison",
    "Dose",
    "Fact",
    "PlannedReadout",
    "Product",
    "Readout",
    "Result",
    "Study",
]


class Fact(Record):
    """Where a number or a finding was read, and how."""

    status: FactStatus
    where: str
    note: str | None = None


class Counted(Fact):
    """A count of participants."""

    value: Count


class Ages(Fact):
    """Ages in years."""

    low: Finite | None = None
    high: Finite | None = None
    median: Finite | None = None
    mean: Finite | None = None


class FollowUp(Fact):
    """Time points in months."""

    values: Months


class Truth(Fact):
    """A yes or no that a source states."""

    value: bool


class CoIntervention(Fact):
    """What all participants received besides."""

    label: str


class DatedValue(Record):
    """A registry value with the day it held."""

    value: str
    as_of: str | None = None


class Publication(Record):
    """A paper of the study."""

    title: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None


class Registration(Record):
    """An entry in a trial registry."""

    id: str
    registry: str | None = None
    certainty: Literal["verified", "by description"]


class DesignDetails(Record):
    """Design words as read."""

    allocation: str | None = None
    masking: str | None = None
    model: str | None = None
    phase: str | None = None


class Dose(Fact):
    """An administered or planned dose with its basis; the notation as printed stays beside it."""

    value: Finite | None = None
    low: Finite | None = None
    high: Finite | None = None
    operator: Literal[">=", "<=", ">", "<", "about"] | None = None
    unit: str
    basis: DoseBasis | None = None
    times: Count | None = None
    every: str | None = None
    notation: str | None = None


class Product(Record):
    """What was administered; route and dose basis, which belong to it too, stand at the arm.

    `form` names what was given where it is not the cells themselves, such as their conditioned medium; `given_with`
    names what was given together with them as a part of the product.
    """

    cell_source: Term
    form: Term | None = None
    given_with: list[Term] = []
    donor: Donor | None = None
    culture: Culture | None = None
    preparation: str | None = None


class CoDrug(Record):
    """A drug given together with the cells."""

    label: str
    schedule: str | None = None


class Arm(Record):
    """A group of participants with what it received."""

    id: Slug
    label: str
    role: Literal["treated", "control", "comparator"]
    n: Count | None = None
    n_note: str | None = None
    product: Product | None = None
    route: Term | None = None
    dose: Dose | None = None
    co_drugs: list[CoDrug] = []
    comparator: str | None = None
    note: str | None = None


class PlannedOutcome(Record):
    """An outcome that the study set out to measure."""

    label: str
    instrument: Term | None = None
    domain: Term | None = None
    months: Months = []
    rank: Literal["primary", "secondary", "not stated"] = "not stated"


class Result(Fact):
    """One outcome in one arm at one time point."""

    id: Slug
    outcome: Term
    instrument: Term | None = None
    arm: Slug
    month: Finite | None = None
    measure: str
    mean: Finite | None = None
    spread: Spread | None = None
    n: Count | None = None


class Comparison(Fact):
    """Two or more arms compared on one outcome; also where only words were given."""

    id: Slug
    outcome: Term
    instrument: Term | None = None
    arms: list[Slug] = []
    month: Finite | None = None
    finding: Finding
    p: str | None = None
    test: str | None = None


class Readout(Fact):
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
    events: Count | None = None
    n: Count | None = None
    correlates_with: list[Term] = []


class PlannedReadout(Record):
    """A biomarker that a registered study plans to measure."""

    id: Slug
    marker: Term
    engages: list[Term] = []
    months: Months = []
    rank: Literal["primary", "secondary", "not stated"] = "not stated"
    where: str
    note: str | None = None


class AdverseEvent(Fact):
    """How often an event was counted in an arm."""

    id: Slug
    event: Term
    arm: Slug | None = None
    events: Count | None = None
    n: Count | None = None
    serious: bool | None = None
    p: str | None = None


class Study(Record):
    """A file of `kg/curated/studies/`: what a study itself reports."""

    id: Slug
    title: str
    citation: str
    design: Term
    design_details: DesignDetails | None = None
    publications: list[Publication] = []
    registration: list[Registration] = []
    sponsor: str | None = None
    sites: Words = []
    start: str | None = None
    recruitment_status: DatedValue | None = None
    condition: Term | None = None
    subtype: str | None = None
    enrolled: Counted | None = None
    planned: Counted | None = None
    completed: Counted | None = None
    ages_years: Ages | None = None
    follow_up_months: FollowUp | None = None
    arms: list[Arm] = []
    co_interventions: list[CoIntervention] = []
    immunosuppression: Truth | None = None
    outcomes: list[PlannedOutcome] = []
    results: list[Result] = []
    comparisons: list[Comparison] = []
    readouts: list[Readout] = []
    planned_readouts: list[PlannedReadout] = []
    adverse_events: list[AdverseEvent] = []
    notes: Words = []

    @model_validator(mode="after")
    def _arms_exist(self) -> Study:
        arms = {arm.id for arm in self.arms}
        used = [("results", r.id, [r.arm]) for r in self.results]
        used += [("comparisons", c.id, list(c.arms)) for c in self.comparisons]
        used += [("readouts", r.id, [r.arm] if r.arm else []) for r in self.readouts]
        used += [("adverse_events", e.id, [e.arm] if e.arm else []) for e in self.adverse_events]
        for part, record, names in used:
            for name in names:
                if name not in arms:
                    raise ValueError(f"{part} '{record}' names arm {name!r}; the study has {sorted(arms)}")
        return self

    @model_validator(mode="after")
    def _events_within_n(self) -> Study:
        counts = [(event.id, event.events, event.n) for event in self.adverse_events]
        counts += [(readout.id, readout.events, readout.n) for readout in self.readouts]
        for record, events, n in counts:
            if events is not None and n is not None and events > n:
                raise ValueError(f"'{record}': {events} events of {n} participants")
        return self
