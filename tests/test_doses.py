"""A dose is read from its notation, and what the print leaves open is said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.curation.doses import read_dose

# notation -> (value or (low, high), operator, unit, basis, times, superscript lost)
READ = {
    "5.46 × 107 cells/kg, once": (54_600_000, None, "cells", "per kg", 1, True),
    "4.5–5.5 × 107 cells": ((45_000_000, 55_000_000), None, "cells", None, None, True),
    "1.8 × 107 to 5.2 × 107": ((18_000_000, 52_000_000), None, None, None, None, True),
    "≥2 × 107 /kg": (20_000_000, ">=", None, "per kg", None, True),
    "total nucleated cells > 3x10^7/kg": (30_000_000, ">", "total nucleated cells", "per kg", None, False),
    "at least 1 × 10⁶ cells per kilogram": (1_000_000, ">=", "cells", "per kg", None, False),
    "5 x 10(7)": (50_000_000, None, None, None, None, False),
    "2·107": (20_000_000, None, None, None, None, True),
    "50 million cells per infusion": (50_000_000, None, "cells", "per infusion", None, False),
    "54,600,000 cells": (54_600_000, None, "cells", None, None, False),
    "1e6 MNC/kg": (1_000_000, None, "mononuclear cells", "per kg", None, False),
    "10^6 cells, 4 times": (1_000_000, None, "cells", None, 4, False),
}


@pytest.mark.parametrize(("notation", "expected"), READ.items())
def test_a_notation_is_read(notation: str, expected: tuple[object, ...]) -> None:
    reading = read_dose(notation)
    assert reading is not None
    amount = reading.value if reading.value is not None else (reading.low, reading.high)
    found = (amount, reading.operator, reading.unit, reading.basis, reading.times, reading.lost_superscript)
    assert found == expected
    assert reading.ambiguous is None


@pytest.mark.parametrize(
    ("notation", "reason"),
    [
        ("106 cells", "may be 10^6 or the number 106"),
        ("6 108", "may be 6 × 10^8 or two numbers"),
        ("4 or 8 x 10^7", "two doses, not a range"),
        ("9-1 × 107", "falls from 90000000 to 10000000"),
    ],
)
def test_what_can_be_read_in_two_ways_is_flagged(notation: str, reason: str) -> None:
    reading = read_dose(notation)
    assert reading is not None
    assert reason in str(reading.ambiguous)


@pytest.mark.parametrize("notation", ["", "12 months", "4 infusions", "a suitable dose", "25 cells", "p = 0.107"])
def test_words_without_an_amount_give_nothing(notation: str) -> None:
    assert read_dose(notation) is None


FORMS = ["{m} × 10^{p}", "{m} x 10({p})", "{m}·10{p}", "{m} × 10{p} cells/kg", "{m}e{p}", "{m} * 10^{{{p}}}"]


@given(
    st.decimals(min_value="0.1", max_value="99", places=1),
    st.integers(min_value=3, max_value=12),
    st.sampled_from(FORMS),
)
def test_whatever_is_written_in_a_known_form_is_read_back(mantissa: Decimal, power: int, form: str) -> None:
    reading = read_dose(form.format(m=mantissa, p=power))
    assert reading is not None
    assert reading.value == mantissa * 10**power


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_dose(text)
