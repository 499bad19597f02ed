"""Whether a literal is written as its datatype has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.gate.literals import is_well_typed

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        ("integer", "0 -7 +007 " + "9" * 5000, "1.0 x ١ 1e3"),
        ("positiveInteger", "1 " + "9" * 5000, "0 -1"),
        ("byte", "127 -128", "128 " + "9" * 5000),
        ("unsignedLong", "18446744073709551615", "18446744073709551616 -1"),
        ("negativeInteger", "-1 -" + "9" * 5000, "0 " + "9" * 5000),
        ("decimal", "1 1.5 .5 5. -0.0", "1e3 . 1,5"),
        ("double", "1e3 INF -INF NaN 1.5E-7", "inf nan 1e"),
        ("boolean", "true false 0 1", "True yes"),
        (
            "date",
            "2024-02-29 2000-02-29Z -0004-02-29 2020-01-31+14:00",
            "2023-02-29 1900-02-29 2020-13-01 2020-1-1 2020-04",
        ),
        (
            "dateTime",
            "2020-01-01T24:00:00 2020-01-01T10:00:00.5Z",
            "2020-01-01 2020-01-01T25:00:00 2020-02-30T10:00:00",
        ),
        ("dateTimeStamp", "2020-01-01T10:00:00Z", "2020-01-01T10:00:00"),
        ("gYearMonth", "2018-04 12018-04", "2018-13 2018"),
        ("gYear", "2018 -0044", "18 018 02018"),
        ("duration", "P1Y PT0.5S -P1DT2H", "P PT 1Y P1YT"),
        ("language", "en zh-Hant", "e_n"),
        ("string", "anything", ""),
    ],
)
def test_a_literal_is_held_against_its_type(datatype: str, good: str, bad: str) -> None:
    assert [value for value in good.split() if not is_well_typed(value, XSD + datatype)] == []
    assert [value for value in bad.split() if is_well_typed(value, XSD + datatype)] == []


def test_of_other_types_nothing_is_said() -> None:
    assert is_well_typed("x", "http://x/any")


@given(st.dates(), st.datetimes(), st.integers(), st.floats())
def test_what_a_program_writes_is_of_its_type(day: object, moment: object, number: int, real: float) -> None:
    assert is_well_typed(str(day), XSD + "date")
    assert is_well_typed(str(moment).replace(" ", "T"), XSD + "dateTime")
    assert is_well_typed(str(number), XSD + "integer")
    assert is_well_typed(str(real).replace("inf", "INF").replace("nan", "NaN"), XSD + "double")


@given(
    st.text(st.sampled_from("0123456789-+:.TZPYe"), max_size=20),
    st.sampled_from(["date", "dateTime", "byte", "double"]),
)
def test_any_text_has_an_answer(text: str, datatype: str) -> None:
    assert is_well_typed(text, XSD + datatype) in (True, False)
