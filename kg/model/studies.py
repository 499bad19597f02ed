"""Studies: what a study itself reports, by arm and time point. The kinds of fact stand in `kg.model.facts`."""

from __future__ import annotations

from typing import Literal

from kg.model.base import (
    Certainty,
    Count,
    Culture,
    Curie,
    Donor,
    Record,
    Slug,
    Term,
    Words,
)
from kg.model.facts import (
    AdverseEvent,
    Ages,
    CoIntervention,
    Comparison,
    Counted,
    Dose,
    Fact,
    FollowUp,
    PlannedOutcome,
    PlannedReadout,
    Pooled,
    Readout,
    Result,
    Truth,
)

__all__ = ["Arm", "Overlap", "Product", "Publication", "Registration", "Study"]


class DatedValue(Record):
    """A registry value with the day it held."""

    value: str
    as_of: str | None = None


class Publication(Record):
    """A paper of the study."""

    title: str | None = None
    authors: Words = []
    journal: str | None = None
    year: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None


class Registration(Record):
    """An entry in a trial registry, and what it said on the day of the data."""

    id: str
    registry: str | None = None
    certainty: Literal["verified", "by description"]
    as_of: str | None = None
    recruitment_status: str | None = None
    participants: Count | None = None
    participants_are: Literal["planned", "actual", "not stated"] | None = None
    arms_listed: Count | None = None
    first_posted: str | None = None
    start: str | None = None
    primary_completion: str | None = None
    completion: str | None = None
    results_posted: bool | None = None
    note: str | None = None


class DesignDetails(Record):
    """Design words as read."""

    allocation: str | None = None
    masking: str | None = None
    model: str | None = None
    phase: str | None = None


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
    role: Literal["treated", "control", "comparator", "observed"]
    n: Count | None = None
    n_note: str | None = None
    product: Product | None = None
    route: Term | None = None
    other_routes: list[Term] = []  # where a record names several ways for one arm
    dose: Dose | None = None
    other_doses: list[Dose] = []
    co_drugs: list[CoDrug] = []
    comparator: str | None = None
    note: str | None = None


class Overlap(Record):
    """Participants that this study may share with another: pooling both would count them twice."""

    study: Curie
    what: str  # "control arm", "treated participants"
    certainty: Certainty
    why: str


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
    other_conditions: list[Term] = []
    subtype: str | None = None
    species: str | None = None  # only where the participants are animals
    animal_model: str | None = None
    enrolled: Counted | None = None
    planned: Counted | None = None
    completed: Counted | None = None
    ages_years: Ages | None = None
    follow_up_months: FollowUp | None = None
    arms: list[Arm] = []
    overlaps: list[Overlap] = []
    co_interventions: list[CoIntervention] = []
    immunosuppression: Truth | None = None
    outcomes: list[PlannedOutcome] = []
    results: list[Result] = []
    comparisons: list[Comparison] = []
    pooled: list[Pooled] = []
    readouts: list[Readout] = []
    planned_readouts: list[PlannedReadout] = []
    adverse_events: list[AdverseEvent] = []
    notes: Words = []

    def facts(self) -> list[tuple[str, Fact]]:
        """Give (where in the file, fact) for every fact, in the order of the file."""
        found: list[tuple[str, Fact]] = []
        for field in type(self).model_fields:
            value = getattr(self, field)
            many = value if isinstance(value, list) else [value]
            for i, one in enumerate(many):
                place = f"{field}.{i}" if isinstance(value, list) else field
                if isinstance(one, Fact):
                    found.append((place, one))
                elif isinstance(one, Arm) and one.dose:
                    found.append((f"{place}.dose", one.dose))
        return found

    def arm_names(self) -> list[tuple[str, int, str]]:
        """Give (field, position, arm) for every arm that a record names."""
        named = [("results", i, result.arm) for i, result in enumerate(self.results)]
        named += [("comparisons", i, arm) for i, each in enumerate(self.comparisons) for arm in each.arms]
        named += [("readouts", i, readout.arm) for i, readout in enumerate(self.readouts) if readout.arm]
        named += [("adverse_events", i, arm) for i, event in enumerate(self.adverse_events) for arm in event.covers]
        return named + [("adverse_events", i, event.arm) for i, event in enumerate(self.adverse_events) if event.arm]
