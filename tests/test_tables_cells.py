"""Cells of a text table, kind by kind: what fits gives its value, what does not says why."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.tables.cells import Cell, CellError
from kg.tables.dates import read_date
from kg.tables.kinds import KINDS, Manner, read_cell
from kg.tables.names import TermNames
from kg.tables.numbers import Notation
from kg.vocabulary import Lexicon


def manner(kind: str, **given: object) -> Manner:
    return Manner(kind, **given)  # type: ignore[arg-type]


GOOD = [
    ("number", {}, "1.50", Decimal("1.50")),
    ("number", {}, "-3", Decimal(-3)),
    ("number", {}, "\u22123", Decimal(-3)),
    ("number", {}, "5e7", Decimal(50_000_000)),
    ("number", {"notation": Notation(",")}, "1,5", Decimal("1.5")),
    ("number", {"notation": Notation(",", ".")}, "1.234.567,5", Decimal("1234567.5")),
    ("number", {"notation": Notation(".", " ")}, "12\u00a0500", Decimal(12500)),
    ("whole number", {}, "12.0", 12),
    ("power of ten", {}, "2.5·10⁷", Decimal(25_000_000)),
    ("percent", {}, "12 %", Decimal(12)),
    ("yes or no", {}, "Yes", "true"),
    ("word", {"words": ("treated", "control")}, "Treated", "treated"),
    ("term", {}, "bdnf", {"id": "PR:000004716", "label": "BDNF"}),
    ("identifier", {}, "Kim & Lee 2024", "kim-lee-2024"),
    ("identifier", {}, "kim2024", "kim2024"),
    ("IRI", {}, "CL:0000134", "http://purl.obolibrary.org/obo/CL_0000134"),
    ("IRI", {}, "https://example.org/a b".replace(" ", "-"), "https://example.org/a-b"),
    ("date", {}, "2024-02-29", "2024-02-29"),
    ("date", {}, "March 2024", "2024-03"),
    ("date", {}, "2024", "2024"),
    ("date", {"order": "month first"}, "3/31/2024", "2024-03-31"),
    ("mean ± spread", {}, "1.2±0.3", (Decimal("1.2"), Decimal("0.3"))),
    ("mean (spread)", {"notation": Notation(",")}, "-1,2 (0,3)", (Decimal("-1.2"), Decimal("0.3"))),
    ("events / n", {}, "3 of 10", (Decimal(3), Decimal(10))),
    ("text", {"separator": ";"}, "a; b", ["a", "b"]),
    ("text", {"values": {"NA": "sodium"}}, "NA", "sodium"),
]


@pytest.mark.parametrize(("kind", "options", "text", "value"), GOOD)
def test_a_cell_gives_its_value(
    lexicon: Lexicon, kind: str, options: dict[str, object], text: str, value: object
) -> None:
    small = Lexicon({**lexicon.label_of_term, "PR:000004716": "BDNF"})
    assert read_cell(Cell(text), manner(kind, **options), TermNames(small)) == value


BAD = [
    ("number", {}, "1,5", "if the comma is the decimal sign, say decimal: ','"),
    ("number", {}, "1,500", "does the comma part thousands"),
    ("number", {}, "12 500", "if ' ' parts thousands, say so"),
    ("number", {"notation": Notation(",")}, "1.5", "the mapping says decimal: ','"),
    ("number", {"notation": Notation(".", ",")}, "12,34", "expected a number"),
    ("number", {}, "1.2 ± 0.3", "kind: mean ± spread reads both"),
    ("number", {}, "1.2 (0.3)", "kind: mean (spread) reads both"),
    ("number", {}, "12%", "kind: percent"),
    ("number", {}, "<5", "censored: note"),
    ("number", {}, "2-5", "a range needs a column for each end"),
    ("number", {}, "2 x 10^6", "kind: power of ten"),
    ("number", {}, "NA", "which may mean several things; tell which: missing:"),
    ("number", {}, "n.r.", "which may mean several things"),
    ("number", {}, "NaN", "which may mean several things"),
    ("number", {}, "inf", "expected a number"),
    ("number", {}, "1e999", "expected a number"),
    ("number", {}, "9" * 50, "expected a number"),
    ("number", {}, "٣", "expected a number"),
    ("number", {}, "5\x00", "with a control character"),
    ("whole number", {}, "12.5", "expected a whole number"),
    ("power of ten", {}, "2 x 106", "may have lost a raised digit"),
    ("yes or no", {}, "1", "expected yes or no; values: tells"),
    ("word", {"words": ("treated", "control")}, "treatd", "nearest: treated"),
    ("term", {}, "gros motor function", "nearest: gross motor function"),
    ("term", {}, "motor area", "which is only related to ctmo:0000703 motor function"),
    ("term", {}, "CL:9999999", "expected the label, exact synonym or CURIE of a term"),
    ("term", {}, "2-Sep", "this is what spreadsheets make of names such as SEPT2"),
    ("text", {}, "1-Mar", "this is what spreadsheets make of names such as SEPT2"),
    ("text", {}, "Dec-01", "this is what spreadsheets make of names such as SEPT2"),
    ("identifier", {}, "2.31E+13", "this is what spreadsheets make of long codes"),
    ("identifier", {}, "µ", "expected a name with letters a-z or digits"),
    ("IRI", {}, "https://example.org/a b", "expected an address"),
    ("IRI", {}, "CLO:1", "nearest prefix: CL"),
    ("date", {}, "2024-02-30", "which is no day of the calendar"),
    ("date", {}, "3/4/2024", "or order: day first (or month first)"),
    ("date", {}, "3.4.24", "expected a date such as 2024-03-31"),
    ("date", {}, "2024-00", "expected a date such as"),
    ("date", {"order": "day first"}, "31/13/2024", "which is no day of the calendar"),
    ("mean ± spread", {}, "1.2", "expected mean ± spread, such as 1.2 ± 0.3"),
    ("text", {"separator": ";"}, "a;;b", "expected a value between each ';'"),
]


@pytest.mark.parametrize(("kind", "options", "text", "message"), BAD)
def test_a_cell_that_does_not_fit_says_why(
    lexicon: Lexicon, kind: str, options: dict[str, object], text: str, message: str
) -> None:
    with pytest.raises(CellError) as caught:
        read_cell(Cell(text), manner(kind, **options), TermNames(lexicon))
    assert message in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_day_is_never_made_up() -> None:
    assert read_date(Cell("2010-06")) == "2010-06"
    assert read_date(Cell("June 2010")) == "2010-06"


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(KINDS)),
    st.text(max_size=20),
    st.sampled_from(["text", "number", "date", "percent", "error", "yes or no"]),
)
def test_a_cell_is_read_or_refused_whatever_it_holds(kind: str, text: str, form: str) -> None:
    try:
        read_cell(Cell(text.strip(), form), Manner(kind, words=("a", "b")), TermNames(Lexicon({"CL:1": "a"})))
    except CellError as error:
        assert str(error)  # noqa: PT017 - either outcome is good
