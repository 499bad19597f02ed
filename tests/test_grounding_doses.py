"""Doses in running text: lost superscripts, ranges, lists, bases; nothing is guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.grounding import ground_trial, read_doses
from kg.model.trials import Intervention, Trial


@pytest.mark.parametrize(
    ("text", "value", "basis"),
    [
        ("2x106/kg", 2_000_000, "per kg"),
        ("10x107/kg", 100_000_000, "per kg"),
        ("1 X 107 cells per kg", 10_000_000, "per kg"),
        ("2 x 10^6", 2_000_000, ""),
        ("1E8", 100_000_000, ""),
        ("2×10⁶", 2_000_000, ""),
        ("1×10(7) cells", 10_000_000, ""),
        ("3.0*10E7 MSCs", 30_000_000, ""),
        ("4*10e6 cells/Kg", 4_000_000, "per kg"),
        ("1x1,000,000 hMSC/kg", 1_000_000, "per kg"),
        ("1.10^6 MSC / kg", 1_000_000, "per kg"),
        ("2\\*10^6/kg", 2_000_000, "per kg"),
        ("six million MSCs", 6_000_000, ""),
        ("20,000,000 cells per knee", 20_000_000, "per infusion"),
        ("a total dose of 50 million cells", 50_000_000, "per patient"),
        ("8 infusions of 50 million cells", 50_000_000, "per infusion"),
        ("1 × 10 6 cells/kg", 1_000_000, "per kg"),
    ],
)
def test_a_dose_is_read_exactly(text: str, value: int, basis: str) -> None:
    (dose,) = read_doses(text)
    assert (dose.value, dose.low, dose.high, dose.basis) == (Decimal(value), None, None, basis)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("100-300 million MSCs", 100_000_000, 300_000_000),
        ("5-7x10^7 cells", 50_000_000, 70_000_000),
        ("1 × 10^6 to 5 × 10^6 cells/kg", 1_000_000, 5_000_000),
        ("600 million to 1 billion cells", 600_000_000, 1_000_000_000),
        ("1–5 × 10⁷ TNC/kg", 10_000_000, 50_000_000),
    ],
)
def test_a_range_has_two_ends(text: str, low: int, high: int) -> None:
    (dose,) = read_doses(text)
    assert (dose.value, dose.low, dose.high) == (None, Decimal(low), Decimal(high))


def test_two_doses_are_no_range() -> None:
    assert [dose.value for dose in read_doses("100 or 200 million cells")] == [100_000_000, 200_000_000]


def test_the_basis_behind_a_list_holds_for_all_of_it() -> None:
    doses = read_doses("1x10^6, 3x10^6, and 5x10^6 cells/kg")
    assert [str(dose.value) for dose in doses] == ["1000000", "3000000", "5000000"]
    assert {dose.basis for dose in doses} == {"per kg"}


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        (">= 2.5 x 107 cells/kilogram", ">="),
        ("up to 10x107/kg", "<="),
        ("more than 1x10^7/kg", ">"),
        ("approximately 2 x 10^6 cells/kg", "about"),
        ("2 x 10^6 cells/kg", ""),
    ],
)
def test_bounds_are_kept(text: str, operator: str) -> None:
    assert [dose.operator for dose in read_doses(text)] == [operator]


def test_units_are_those_that_are_counted() -> None:
    assert [dose.unit for dose in read_doses("total nucleated cells > 3x10^7/kg")] == ["TNC"]
    assert [dose.unit for dose in read_doses("1 x 10^8 mononuclear cells")] == ["MNC"]
    assert [dose.unit for dose in read_doses("2 x 10^6 CD34+ cells/kg")] == ["CD34+ cells"]
    assert [dose.unit for dose in read_doses("1 x 10^7 cells/mL")] == ["cells/mL"]


def test_how_often_and_how_far_apart_are_read_where_stated() -> None:
    (dose,) = read_doses("50 million cells x 2")
    assert dose.times == 2
    (dose,) = read_doses("1×10^8 cells, four infusions, every 2 weeks")
    assert (dose.times, dose.every) == (4, "2 weeks")
    (dose,) = read_doses("1×10^8 cells once a week")
    assert dose.times is None


def test_what_the_print_leaves_open_is_told() -> None:
    assert "may be 10^6" in read_doses("106 cells/kg")[0].ambiguous
    assert "may be 10^6" in read_doses("10e6 cells/kg")[0].ambiguous
    assert read_doses("2x106 cells/kg")[0].ambiguous == ""


@pytest.mark.parametrize(
    "text",
    [
        "about 2 million people suffer a stroke",
        "neutrophils > 2.5 x 10^9/L",
        "500 IU/kg",
        "follow-up at 106 weeks",
        "NCT01234567",
        "12 months, 24 months",
        "",
    ],
)
def test_other_numbers_are_no_doses(text: str) -> None:
    assert read_doses(text) == []


def test_volumes_stand_apart() -> None:
    cells, volume = read_doses("1 x 10^7 cells; 10 mL of cells")
    assert (cells.unit, volume.unit, str(volume.value)) == ("cells", "mL", "10")
    assert read_doses("cells suspended in 100 mL saline") == []


def test_a_trial_counts_cells_before_volumes() -> None:
    description = "10 mL of stem cells intrathecally, 1 x 10^7 cells"
    trial = Trial("NCT90000005", "test", "test", interventions=(Intervention("Stem cells", description=description),))
    assert [(dose.unit, dose.where) for dose in ground_trial(trial).doses] == [("cells", "intervention 1 description")]


@given(st.integers(1, 99), st.integers(4, 9), st.sampled_from(["x10^{}", "x10{}", " × 10^{}", "*10E{}"]))
def test_every_spelling_of_a_power_says_the_same(mantissa: int, power: int, form: str) -> None:
    (dose,) = read_doses(f"{mantissa}{form.format(power)} cells/kg")
    assert dose.value == Decimal(mantissa) * 10**power
    assert dose.basis == "per kg"


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_without_a_fault(text: str) -> None:
    for dose in read_doses(text):
        assert dose.notation
        assert (dose.value is None) == (dose.low is not None)


@pytest.mark.parametrize(
    ("text", "value", "unit", "basis"),
    [
        ("0.5 . 10^6 MSC/kg", 500_000, "cells", "per kg"),
        ("Dose 1 mil/kg", 1_000_000, "cells", "per kg"),
        ("10.5 x 10^8 EV", 1_050_000_000, "vesicles", ""),
        ("2 million cells / cm3", 2_000_000, "cells/cm3", ""),
        ("1 million per cm2 of the lesion", 1_000_000, "cells/cm2", ""),
        ("cells (1*10^6/10kg)", 100_000, "cells", "per kg"),
    ],
)
def test_units_and_bases_are_those_of_the_text(text: str, value: int, unit: str, basis: str) -> None:
    (dose,) = read_doses(text)
    assert (dose.value, dose.unit, dose.basis) == (Decimal(value), unit, basis)


@pytest.mark.parametrize(
    "text",
    [
        "1 × 10^6 cells were a unit",
        "exosomes from a conditioned medium of 120 million MSCs",
        "bone marrow aspirate (2-5 mL)",
        "normal saline 85 mL",
    ],
)
def test_an_amount_that_is_not_given_is_no_dose(text: str) -> None:
    assert read_doses(text) == []
