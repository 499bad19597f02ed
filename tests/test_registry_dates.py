"""Dates of registries: every printed form keeps its precision, and what can be read in two ways is not read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.trials import Date
from kg.registries.dates import Order, read_date, why_no_date

PRINTED = {
    "June 2010": "2010-06",
    "Jun 2010": "2010-06",
    "Sept. 2010": "2010-09",
    "February 16, 2020": "2020-02-16",
    "Feb 6 2020": "2020-02-06",
    "17 February 2020": "2020-02-17",
    "1st of May 2020": "2020-05-01",
    "17-Feb-2020": "2020-02-17",
    "2020 Feb 16": "2020-02-16",
    "2018": "2018",
    "2018-04": "2018-04",
    "04/2018": "2018-04",
    "2018-04-30": "2018-04-30",
    "2018/4/3": "2018-04-03",
    "2018-04-30T12:00:00.000Z": "2018-04-30",
    "2018-04-30+02:00": "2018-04-30",
    "2018-04-30 00:00:00": "2018-04-30",
    "20200214": "2020-02-14",
    "14/02/2020": "2020-02-14",
    "14.02.2020": "2020-02-14",
    "05/05/2020": "2020-05-05",
    "February 29, 2020": "2020-02-29",
    "  June   2010 ": "2010-06",
}


@pytest.mark.parametrize(("text", "iso"), PRINTED.items(), ids=list(PRINTED))
def test_a_printed_date_keeps_its_precision(text: str, iso: str) -> None:
    found = read_date(text, kind="ACTUAL")
    assert found is not None
    assert (found.iso, found.kind) == (iso, "ACTUAL")
    assert found.text == ("" if text.strip() == iso else text.strip())
    assert why_no_date(text) == ""


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("03/04/2020", "dmy", "2020-04-03"),
        ("03/04/2020", "mdy", "2020-03-04"),
        ("4/15/2020 4:11:24 PM", "mdy", "2020-04-15"),
        ("3.4.2020", "dmy", "2020-04-03"),
    ],
)
def test_the_order_of_day_and_month_is_told(text: str, order: Order, iso: str) -> None:
    found = read_date(text, order=order)
    assert found is not None
    assert found.iso == iso


@pytest.mark.parametrize(
    ("text", "order", "reason"),
    [
        ("03/04/2020", "", "it may be 2020-04-03 or 2020-03-04"),
        ("4/15/2020", "", "it would be 2020-04-15"),
        ("4/15/2020", "dmy", "expected day first"),
        ("15/04/2020", "mdy", "expected month first"),
        ("31/31/2020", "", "a date that exists"),
        ("2018-02-30", "", "a date that exists"),
        ("February 29, 2019", "", "a date that exists"),
        ("2020-13", "", "a date that exists"),
        ("0000-00-00", "", "a date that exists"),
        ("2018-04-00", "", "a date that exists"),
        ("Smarch 2020", "", "expected a date such as"),
        ("3018", "", "a date that exists"),
        ("43881", "", "expected a date such as"),
        ("202004", "", "expected a date such as"),
        ("14/02/20", "", "expected a date such as"),
        ("June 2010 to May 2011", "", "expected a date such as"),
        ("about 2018", "", "expected a date such as"),
        ("２０１８", "", "expected a date such as"),
        ("", "", "expected a date such as"),
        ("1" * 10_000, "", "..."),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_date_or_two_dates_is_not_read_and_the_reason_is_told(text: str, order: Order, reason: str) -> None:
    assert read_date(text, order=order) is None
    assert reason in why_no_date(text, order=order)
    assert len(why_no_date(text, order=order)) < 200


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    name = (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    )[day.month - 1]
    iso = day.isoformat()
    for text in (f"{name} {day.day}, {day.year}", f"{day.day} {name[:3]} {day.year}", iso, iso.replace("-", "")):
        found = read_date(text)
        assert found is not None
        assert found.iso == iso
    assert read_date(f"{name} {day.year}", kind="ESTIMATED") == Date(iso[:7], "ESTIMATED", f"{name} {day.year}")
    slashed = f"{day.day:02}/{day.month:02}/{day.year}"
    told, untold = read_date(slashed, order="dmy"), read_date(slashed)
    assert told is not None
    assert told.iso == iso
    assert untold in (told, None)


@given(st.text() | st.from_regex(r"[0-9A-Za-z/ ,.-]{0,24}"), st.sampled_from(["", "dmy", "mdy"]))
def test_any_text_gives_a_date_or_a_reason(text: str, order: Order) -> None:
    found = read_date(text, order=order)
    assert (found is None) == bool(why_no_date(text, order=order))
    if found is not None:
        assert date.fromisoformat(f"{found.iso}-01-01"[:10]).isoformat().startswith(found.iso)
