"""A trial as a registry tells it, whatever the registry and the format: one `Trial` for one record of one file.

Readers (`kg.registries`) make it, `kg.grounding` reads its texts, `kg.rdf.trials` writes it. Words stay as they were
read, with the registry's escapes undone; enumerations are in the spelling of ClinicalTrials.gov's API v2 ("RECRUITING",
"PHASE2"). What a record does not say is "" or None or an empty tuple, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

__all__ = [
    "Age",
    "Date",
    "Eligibility",
    "Intervention",
    "ResultGroup",
    "Trial",
    "TrialAdverseEvent",
    "TrialAnalysis",
    "TrialArm",
    "TrialFlow",
    "TrialMeasurement",
    "TrialOutcome",
    "TrialPaper",
    "TrialResult",
]


@dataclass(frozen=True, slots=True)
class Date:
    """A day, a month or a year, with the precision that the record has."""

    iso: str  # "2018-04-30", "2018-04" or "2018"; a day is never made up
    kind: str = ""  # "ACTUAL", "ESTIMATED"
    text: str = ""  # as printed, where that was not ISO: "June 2010"


@dataclass(frozen=True, slots=True)
class Age:
    """An age with its unit as read: 10 Months."""

    value: Decimal
    unit: str  # "years", "months", "weeks", "days", "hours"
    text: str


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may take part. The criteria are read by nobody: they name what participants must not have had."""

    minimum_age: Age | None = None
    maximum_age: Age | None = None
    sex: str = ""  # "ALL", "FEMALE", "MALE"
    healthy_volunteers: bool | None = None
    criteria: str = ""


@dataclass(frozen=True, slots=True)
class Intervention:
    """What is given or done."""

    name: str
    type: str = ""  # "BIOLOGICAL", "PROCEDURE" ...
    description: str = ""
    other_names: tuple[str, ...] = ()
    arm_labels: tuple[str, ...] = ()  # of the arms that receive it; empty where the format lost this


@dataclass(frozen=True, slots=True)
class TrialArm:
    """A group of participants as the registry lists it."""

    label: str
    type: str = ""  # "EXPERIMENTAL", "ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"
    description: str = ""
    intervention_names: tuple[str, ...] = ()  # the names of `Trial.interventions`, without their type
    n: int | None = None


@dataclass(frozen=True, slots=True)
class TrialOutcome:
    """One outcome that is to be measured, as listed: a measure may be listed once for each time point."""

    rank: str  # "PRIMARY", "SECONDARY", "OTHER"
    measure: str
    description: str = ""
    time_frame: str = ""


@dataclass(frozen=True, slots=True)
class TrialPaper:
    """A paper that the record names."""

    pmid: str = ""
    doi: str = ""
    kind: str = ""  # "BACKGROUND", "RESULT", "DERIVED"
    title: str = ""  # where the record gives it apart
    citation: str = ""  # authors, title and place in one text, as printed
    retraction_pmids: tuple[str, ...] = ()  # of the notes that took the paper back


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """A group of the results section, which need not be an arm."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class TrialMeasurement:
    """One number of a result: of one group, in one class and category."""

    group_id: str
    value: Decimal | None  # None where the record prints "NA" or words
    value_text: str
    spread: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    n: int | None = None
    class_title: str = ""  # often the time point
    category_title: str = ""
    comment: str = ""
    n_unit: str = ""  # what `n` counts, where that is not participants: "eyes"


@dataclass(frozen=True, slots=True)
class TrialAnalysis:
    """One statistical analysis of a result, as the record has it: a comparison of groups, or an estimate for one."""

    group_ids: tuple[str, ...] = ()
    method: str = ""  # "ANCOVA", "Fisher Exact"
    p_value: str = ""  # as printed: "0.03", "<0.001"
    parameter: str = ""  # as printed: "Mean Difference (Final Values)", "Hazard Ratio (HR)"
    value: Decimal | None = None
    value_text: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    interval_percent: Decimal | None = None  # 95
    interval_sides: str = ""  # "TWO_SIDED", "ONE_SIDED"
    dispersion: str = ""  # as printed: "Standard Error of the Mean"
    dispersion_value: Decimal | None = None
    hypothesis: str = ""  # "SUPERIORITY", "NON_INFERIORITY" ...
    comment: str = ""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """One outcome of the results section."""

    rank: str
    title: str
    description: str = ""
    time_frame: str = ""
    population: str = ""
    parameter: str = ""  # "MEAN", "MEDIAN", "NUMBER", "COUNT_OF_PARTICIPANTS" ...
    dispersion: str = ""  # as printed: "Standard Deviation", "95% Confidence Interval"; "" is not stated
    unit: str = ""
    groups: tuple[ResultGroup, ...] = ()
    measurements: tuple[TrialMeasurement, ...] = ()
    analyses: tuple[TrialAnalysis, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialAdverseEvent:
    """How many of a group had an event."""

    group: ResultGroup
    term: str  # "" for the total of all serious, other or fatal events
    serious: bool | None
    affected: int | None
    at_risk: int | None
    events: int | None = None
    organ_system: str = ""
    time_frame: str = ""
    fatal: bool = False  # the total of deaths
    vocabulary: str = ""  # that the term is from: "MedDRA 22.0"


@dataclass(frozen=True, slots=True)
class TrialFlow:
    """How many participants of a group reached a step of the trial, or left it for a reason."""

    group: ResultGroup
    period: str
    step: str  # "STARTED", "COMPLETED", "NOT COMPLETED" and what else the record names
    n: int | None
    reason: str = ""  # for leaving: "Lost to Follow-up"
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One record of one registry on one trial, in the state that a file has it."""

    number: str  # "NCT04314687", "ISRCTN12949496", "ChiCTR2000029606", "2016-004489-24"
    registry: str  # "ClinicalTrials.gov", "ISRCTN", "EU CTR", "CTIS", "ChiCTR" ...
    source_format: str  # the kind of file: "ctgov-v2", "ictrp-xml"
    data_date: Date | None = None  # of the registry's data (version holder, export, last refresh)
    other_numbers: tuple[str, ...] = ()  # registry numbers of the same trial, in their registries' spelling
    other_ids: tuple[str, ...] = ()  # whatever else it is called: sponsor's numbers, grants
    title: str = ""
    official_title: str = ""
    acronym: str = ""
    summary: str = ""
    description: str = ""
    status: str = ""
    last_known_status: str = ""
    why_stopped: str = ""
    study_type: str = ""  # "INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS"
    phases: tuple[str, ...] = ()  # "PHASE1", "PHASE2"; "NA"
    allocation: str = ""
    intervention_model: str = ""
    purpose: str = ""
    masking: str = ""  # "NONE", "SINGLE", "DOUBLE", "TRIPLE", "QUADRUPLE"
    enrolment: int | None = None
    enrolment_kind: str = ""  # "ACTUAL", "ESTIMATED"
    enrolment_text: str = ""  # as printed, where it is more than a number
    start: Date | None = None
    primary_completion: Date | None = None
    completion: Date | None = None
    first_posted: Date | None = None
    results_posted: Date | None = None
    last_updated: Date | None = None
    sponsor: str = ""
    collaborators: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    condition_mesh: tuple[tuple[str, str], ...] = ()  # (MeSH identifier, heading)
    intervention_mesh: tuple[tuple[str, str], ...] = ()
    keywords: tuple[str, ...] = ()
    arms: tuple[TrialArm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    outcomes: tuple[TrialOutcome, ...] = ()
    eligibility: Eligibility = Eligibility()
    papers: tuple[TrialPaper, ...] = ()
    has_results: bool | None = None
    results: tuple[TrialResult, ...] = ()
    adverse_events: tuple[TrialAdverseEvent, ...] = ()
    missing: tuple[str, ...] = ()  # modules that a record of this kind usually has and this one has not: "arms"
    observational_model: str = ""  # "COHORT", "CASE_CONTROL" ...
    time_perspective: str = ""  # "PROSPECTIVE", "RETROSPECTIVE" ...
    who_masked: tuple[str, ...] = ()  # "PARTICIPANT", "OUTCOMES_ASSESSOR" ...
    ipd_sharing: str = ""  # of the participants' data: "YES", "NO", "UNDECIDED"
    baseline: tuple[TrialResult, ...] = ()  # measured before treatment; the rank is "BASELINE"
    flow: tuple[TrialFlow, ...] = ()
