"""Grounding of outcomes and conditions: instruments, markers, time points, diseases."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.grounding import ground, ground_trial, months_of, read_times
from kg.model.trials import Trial, TrialOutcome


def _trial(*outcomes: TrialOutcome, **more: object) -> Trial:
    return Trial("NCT90000006", "ClinicalTrials.gov", "test", outcomes=outcomes, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Change in Gross Motor Function Measure (GMFM)-66", "GMFM-66"),
        ("GMFM66", "GMFM-66"),
        ("Gross Motor Function Classification System", "GMFCS"),
        ("Modified Ash worth Scale", "Modified Ashworth Scale"),
        ("National Institute of Health Stroke Scale", "NIHSS"),
        ("modified Rankin score", "modified Rankin Scale"),
        ("Western Ontario and McMaster Universities Arthritis Index", "WOMAC"),
        ("Knee injury and osteoarthritis outcome score", "KOOS"),
        ("Visual Analog Scale for pain", "visual analogue scale"),
        ("ALSFRS-R slope", "ALSFRS-R"),
        ("Kurtzke Expanded Disability Status Scale", "EDSS"),
        ("six-minute walking test", "Six-Minute Walk Test"),
        ("36-Item Short Form Survey", "SF-36"),
        ("EQ5D", "EQ-5D"),
        ("New York Heart Association functional class", "NYHA class"),
        ("Crohn’s disease activity index", "CDAI"),
        ("Sequential Organ Failure Assessment", "SOFA score"),
    ],
)
def test_instruments_are_read_by_name_and_abbreviation(text: str, label: str) -> None:
    assert label in {one.label for one in ground(text, ["instrument"])}


@pytest.mark.parametrize(
    "text",
    [
        "adverse events",
        "left ventricular ejection fraction",
        "MRI of the brain",
        "overall survival",
        "a large scale of change",
        "serum albumin",
        "MAS",
        "the patient is at rest",
    ],
)
def test_measures_without_a_named_scale_give_no_instrument(text: str) -> None:
    assert ground(text, ["instrument"]) == []


def test_a_version_covers_the_scale_without_one() -> None:
    found = ground_trial(_trial(TrialOutcome("PRIMARY", "Gross Motor Function Measure", "GMFM-66 is used")))
    assert [one.label for one in found.instruments] == ["GMFM-66"]


def test_each_outcome_keeps_its_place_instruments_and_times() -> None:
    first = TrialOutcome("PRIMARY", "GMFM-88", "", "Baseline, 3, 6 and 12 months")
    second = TrialOutcome("SECONDARY", "BDNF and IL-6 in serum", "", "1 year")
    one, two = ground_trial(_trial(first, second)).outcomes
    assert (one.index, [i.label for i in one.instruments]) == (0, ["GMFM-88"])
    assert one.months == [Decimal(3), Decimal(6), Decimal(12)]
    assert {m.label for m in two.markers} == {"brain-derived neurotrophic factor", "interleukin-6"}
    assert two.months == [Decimal(12)]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("6 month after stem cells", [("6", "month")]),
        ("1 year", [("1", "year")]),
        ("week 24", [("24", "week")]),
        ("Day 28", [("28", "day")]),
        ("Baseline, 3, 6 and 12 months", [("3", "month"), ("6", "month"), ("12", "month")]),
        ("48 hours, 2 weeks and one month", [("48", "hour"), ("2", "week"), ("1", "month")]),
        ("throughout the study", []),
        ("", []),
    ],
)
def test_time_points_keep_their_unit(text: str, points: list[tuple[str, str]]) -> None:
    assert [(str(point.value), point.unit) for point in read_times(text)] == points


def test_only_exact_months_are_months() -> None:
    assert months_of(read_times("Day 28, week 24, 6 months, 2 years")) == [Decimal(6), Decimal(24)]


@pytest.mark.parametrize(
    ("condition", "term"),
    [
        ("Cerebral Palsy", "MONDO:0006497"),
        ("Ataxic Infantile Cerebral Palsy", "MONDO:0000397"),
        ("Hypoxic Ischemic Encephalopathy", "ctmo:0001713"),
        ("Graft Versus Host Disease", "MONDO:0013730"),
        ("Stroke", "MONDO:0005098"),
        ("COVID-19", "MONDO:0100096"),
        ("Knee Osteoarthritis", "MONDO:0005416"),
        ("Crohn's Disease", "MONDO:0005011"),
    ],
)
def test_conditions_are_read_of_their_field(condition: str, term: str) -> None:
    assert [one.term for one in ground_trial(_trial(conditions=(condition,))).conditions] == [term]


@pytest.mark.parametrize("condition", ["Child Development", "Stem Cell Transplant", "G-CSF", "Drug Effect", "Syndrome"])
def test_a_misused_condition_field_gives_no_disease(condition: str) -> None:
    assert ground_trial(_trial(conditions=(condition,))).conditions == ()


def test_the_title_tells_the_condition_that_its_field_leaves_out() -> None:
    trial = _trial(title="MSCs for Cerebral Palsy", conditions=("Stem Cell Transplant Complications",))
    assert [(one.label, one.where) for one in ground_trial(trial).conditions] == [("cerebral palsy", "title")]


def _conditions(*texts: str) -> list[str]:
    return [one.label for one in ground_trial(_trial(conditions=texts)).conditions]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Myocardial Infarction, Acute", ["acute myocardial infarction"]),
        ("Leukemia, Lymphoblastic, Acute", ["acute lymphoblastic leukemia"]),
        ("COVID-19 Acute Respiratory Distress Syndrome", ["acute respiratory distress syndrome", "COVID-19"]),
        ("Metastatic Cancer", ["cancer"]),
        ("Infection", ["infectious disease"]),
        ("Lower Respiratory Tract Infection", []),
        ("Fungal infection", []),
    ],
)
def test_a_condition_is_read_as_narrow_as_it_is_written(text: str, labels: list[str]) -> None:
    assert _conditions(text) == labels


@pytest.mark.parametrize(
    ("measure", "domain"),
    [
        ("GMFM-66", "gross motor function"),
        ("Modified Ashworth Scale", "muscle tone"),
        ("MMSE and MoCA", "cognition"),
        ("CP QOL-Child", "quality of life"),
        ("GMFM-66 and Modified Ashworth Scale", ""),
        ("GMFM-66 and NIHSS", ""),
        ("visual analogue scale", ""),
        ("adverse events", ""),
    ],
)
def test_a_domain_is_told_where_all_instruments_measure_one_for_certain(measure: str, domain: str) -> None:
    (outcome,) = ground_trial(_trial(TrialOutcome("PRIMARY", measure))).outcomes
    assert (outcome.domain.label if outcome.domain else "") == domain


def test_an_abbreviation_is_read_although_one_word_of_its_expansion_is_misspelled() -> None:
    outcome = TrialOutcome("PRIMARY", "Scale for the assessment anf rating of ataxia (SARA)")
    assert [one.label for one in ground_trial(_trial(outcome)).instruments] == ["SARA"]
