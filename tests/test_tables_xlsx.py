"""Workbooks: what a cell really holds, what a sheet hides, and traps. Skipped where openpyxl is not installed."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.tables import Tally, skeleton
from kg.tables.mapping import Layout
from kg.tables.tables import open_table
from kg.vocabulary import Lexicon
from tests import workbooks as wb
from tests.tables import PLAIN, Answer, ignored, member, read, refused, studies

HEAD = ["Group", "Mean"]
ROWS = [["cells", wb.number("5.1")], ["control", wb.number("4.9")]]


def test_without_the_library_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match=r"pip install 'mechtrail\[tables\]', or save the sheet as CSV"):
        open_table(member(wb.workbook({"A": wb.sheet([HEAD])}), "t.xlsx"))


def needs_library() -> None:
    pytest.importorskip("openpyxl", reason="openpyxl, which reads workbooks, is not installed")


@pytest.fixture(autouse=True)
def _library(request: pytest.FixtureRequest) -> None:
    if request.function is not test_without_the_library_the_message_says_what_to_install:
        needs_library()


def rows_of(
    rows: list[list[str]], mapping: str, folder: Path, lexicon: Lexicon, *, merged: Sequence[str] = ()
) -> tuple[list[Answer], Tally]:
    content = wb.workbook({"A": wb.sheet(rows, merged=merged)})
    return read(member(content, "t.xlsx"), mapping, folder, lexicon)


def test_a_workbook_gives_the_same_as_the_csv(tmp_path: Path, lexicon: Lexicon) -> None:
    answers, tally = rows_of([HEAD, *ROWS], PLAIN, tmp_path, lexicon)
    by_text, _ = read("Group,Mean\ncells,5.1\ncontrol,4.9\n", PLAIN, tmp_path, lexicon)
    assert tally.remarks == []
    assert [s.model_dump_json() for s in studies(answers)] == [
        s.model_dump_json().replace("t.csv", "t.xlsx") for s in studies(by_text)
    ]


CELLS = [
    (wb.number("0.1"), "0.1"),
    (wb.number("7"), "7"),
    (wb.number("7.0"), "7"),
    (wb.number("1E-3"), "0.001"),
    (wb.number("0.30000000000000004"), "0.30000000000000004"),
    (wb.text(" 5.5 "), "5.5"),
    (wb.formula("A1*2", "4.25"), "4.25"),
]


@pytest.mark.parametrize(("cell", "mean"), CELLS)
def test_a_number_has_the_digits_that_the_sheet_keeps(tmp_path: Path, lexicon: Lexicon, cell: str, mean: str) -> None:
    answers, _ = rows_of([HEAD, ["cells", cell]], PLAIN, tmp_path, lexicon)
    assert [str(result.mean) for study in studies(answers) for result in study.results] == [mean], refused(answers)


BAD_CELLS = [
    (wb.day("45292"), "Mean: found the date 2024-01-01, expected a number"),
    (wb.percent("0.12"), "Mean: found 12% in a cell with a percent format, expected a number"),
    (wb.truth(1), "Mean: found yes, expected a number"),
    (wb.error("#DIV/0!"), "Mean: found the error #DIV/0! of the spreadsheet, expected a value"),
    (wb.formula("B9", None), "Mean: found the error a formula without a saved value"),
    (wb.text("1,5"), "Mean: found '1,5', expected a number; if the comma is the decimal sign, say decimal: ','"),
]


@pytest.mark.parametrize(("cell", "message"), BAD_CELLS)
def test_a_cell_of_another_form_is_refused(tmp_path: Path, lexicon: Lexicon, cell: str, message: str) -> None:
    answers, tally = rows_of([HEAD, ["cells", cell], ROWS[1]], PLAIN, tmp_path, lexicon)
    assert refused(answers)[0].startswith(f"row 2: {message}")
    assert (tally.taken, tally.refused) == (1, 1)


def test_a_percent_cell_is_read_as_it_is_shown(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = PLAIN.replace("Mean: mean", "Mean: {property: percent, kind: percent}")
    answers, _ = rows_of([HEAD, ["cells", wb.percent("0.125")]], mapping, tmp_path, lexicon)
    assert [str(result.percent) for study in studies(answers) for result in study.results] == ["12.5"]


def test_the_value_of_a_formula_is_taken_and_told(tmp_path: Path, lexicon: Lexicon) -> None:
    _, tally = rows_of([HEAD, ["cells", wb.formula("A1*2", "4.25")]], PLAIN, tmp_path, lexicon)
    assert tally.remarks == ["1 cells are formulas; the values are those of the last time that the file was saved"]


DATES = PLAIN.replace("columns:", "columns:\n  Began: study.start")


def test_a_date_cell_is_a_day_of_the_1900_system(tmp_path: Path, lexicon: Lexicon) -> None:
    answers, _ = rows_of([["Began", *HEAD], [wb.day("45292"), *ROWS[0]]], DATES, tmp_path, lexicon)
    assert [study.start for study in studies(answers)] == ["2024-01-01"]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (wb.number("45292"), "found the number 45292, expected a date; a spreadsheet must have the cell as a date"),
        (wb.day("45292.5"), "found '2024-01-01 12:00:00', expected a date such as"),
        (wb.day("30"), "a day before March 1900"),
        (wb.number("0.5", 1), "expected a date"),
    ],
)
def test_what_is_no_day_is_refused(tmp_path: Path, lexicon: Lexicon, cell: str, message: str) -> None:
    answers, _ = rows_of([["Began", *HEAD], [cell, *ROWS[0]]], DATES, tmp_path, lexicon)
    assert message in refused(answers)[0]


def test_days_counted_from_1904_are_refused(tmp_path: Path, lexicon: Lexicon) -> None:
    content = wb.workbook({"A": wb.sheet([HEAD, *ROWS])}, from_1904=True)
    with pytest.raises(InputError, match="counts days from 1904; expected the 1900 system"):
        read(member(content, "t.xlsx"), PLAIN, tmp_path, lexicon)


def test_a_name_that_became_a_date_is_refused(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = "row: entity\ncolumns: {Id: id, Gene: label}\n"
    rows = [["Id", "Gene"], ["HGNC:9165", wb.day("45902")], ["HGNC:1033", "BDNF"]]
    answers, tally = rows_of(rows, mapping, tmp_path, lexicon)
    assert refused(answers) == ["row 2: Gene: found the date 2025-09-02, expected text; was a name turned into a date?"]
    assert tally.taken == 1


def test_a_raised_exponent_is_no_digit(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = PLAIN.replace("columns:", "columns:\n  Dose: {property: dose, kind: power of ten, unit: cells}")
    rows = [["Dose", *HEAD], [wb.shared(0), *ROWS[0]]]
    raised = wb.rich(("2 x 10", False), ("6", True))
    texts = {"xl/sharedStrings.xml": wb.shared_texts(raised)}
    content = wb.workbook({"A": wb.sheet(rows)}, replace=texts)
    answers, _ = read(member(content, "t.xlsx"), mapping, tmp_path, lexicon)
    (arm,) = studies(answers)[0].arms
    assert arm.dose is not None
    assert (str(arm.dose.value), arm.dose.notation) == ("2000000", "2 x 10^6 cells")
    rows[1][0] = raised
    answers, _ = rows_of(rows, mapping, tmp_path, lexicon)
    assert "found the error raised letters" in refused(answers)[0]
    rows[1][0] = wb.text("2 x 106")
    answers, _ = rows_of(rows, mapping, tmp_path, lexicon)
    assert "which may have lost a raised digit" in refused(answers)[0]


def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path, lexicon: Lexicon) -> None:
    content = wb.workbook({"A": wb.sheet([HEAD, *ROWS], hidden_rows=[3], hidden_columns=[2])})
    _, tally = read(member(content, "t.xlsx"), PLAIN, tmp_path, lexicon)
    assert tally.taken == 2
    assert tally.remarks == ["1 hidden rows are read too: 3", "hidden columns are there too: B"]


def test_a_merged_cell_is_not_filled_down(tmp_path: Path, lexicon: Lexicon) -> None:
    rows = [HEAD, ["cells", wb.number("1")], ["", wb.number("2")]]
    answers, tally = rows_of(rows, PLAIN, tmp_path, lexicon, merged=["A2:A3"])
    assert refused(answers) == ["row 3: Group: found a cell of the merged range A2:A3, expected its value in each row"]
    assert tally.remarks == ["merged cells: A2:A3"]


def test_merged_names_of_columns_are_refused(tmp_path: Path, lexicon: Lexicon) -> None:
    with pytest.raises(InputError, match=r"the header has merged cells \(A1:B1\)"):
        rows_of([["Group"], HEAD, *ROWS], PLAIN, tmp_path, lexicon, merged=["A1:B1"])


def test_a_header_further_down_is_found_where_the_mapping_says(tmp_path: Path, lexicon: Lexicon) -> None:
    rows = [["A cohort"], [], HEAD, *ROWS]
    answers, tally = rows_of(rows, PLAIN + "header: 3\n", tmp_path, lexicon)
    assert (tally.taken, tally.remarks) == (2, ["1 rows above the header are not read"])
    assert studies(answers)[0].results[0].where == "t.xlsx, row 4"


def test_of_several_sheets_one_must_be_named(tmp_path: Path, lexicon: Lexicon) -> None:
    content = wb.workbook({"A": wb.sheet([HEAD, *ROWS]), "B": wb.sheet([["x"]]), "C": wb.sheet([["y"]])}, hidden=["C"])
    with pytest.raises(InputError, match="several sheets: A, B; say sheet: in the mapping"):
        read(member(content, "t.xlsx"), PLAIN, tmp_path, lexicon)
    with pytest.raises(InputError, match="no sheet 'Aa'; nearest: A"):
        read(member(content, "t.xlsx"), PLAIN + "sheet: Aa\n", tmp_path, lexicon)
    _, tally = read(member(content, "t.xlsx"), PLAIN + "sheet: A\n", tmp_path, lexicon)
    assert tally.remarks == ["the sheet 'A' is read; not read: B, C (hidden)"]


def test_a_short_row_is_whole_and_a_long_one_is_refused(tmp_path: Path, lexicon: Lexicon) -> None:
    rows = [[*HEAD, "Note"], ["cells", wb.number("1")], ["control", wb.number("2"), "", "beyond"], []]
    answers, tally = rows_of(rows, PLAIN, tmp_path, lexicon)
    assert refused(answers) == ["row 3: found a value beyond the 3 columns of the header"]
    assert (tally.rows, tally.empty) == (3, 1)
    assert "empty rows: 1 rows without any value" in ignored(answers)


BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, (b"&%c;" % (97 + i)) * 10) for i in range(9))
    + b"]><a>&j;</a>"
)
TRAPS = [
    (b"PK\x03\x04" + b"\x00" * 100, "not a valid zip archive|is cut"),
    (wb.workbook({"A": wb.sheet([HEAD])})[:-40], "not a valid zip archive|is cut"),
    (wb.workbook({"A": wb.sheet([HEAD])}, replace={"xl/worksheets/sheet1.xml": BOMB}), "sheet1.xml"),
    (wb.workbook({"A": "<worksheet>"}), "sheet1.xml"),
    (
        wb.workbook({"A": wb.sheet([HEAD])}, replace={"xl/workbook.xml": b"<a/>"}),
        "several sheets: none that is visible",
    ),
    (wb.workbook({"A": wb.sheet([HEAD])}, replace={"xl/media/x.bin": b"0" * 60_000_000}), "as a trap does"),
    (wb.workbook({"A": wb.sheet([HEAD]).replace('r="1"', 'r="99999999999"', 1)}), "found row 99999999999, expected at"),
    (
        wb.workbook({"A": wb.sheet([HEAD]).replace('"A1"', '"AAAAAAAAAAAAAA1"', 1)}),
        "expected one from A1 to XFD1048576",
    ),
    (wb.workbook({"A": wb.sheet([HEAD]).replace('"A1"', '"1A"', 1)}), "cannot be read|header"),
    (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, r"an old or an encrypted workbook \(.xls\)"),
]


@pytest.mark.parametrize(("content", "message"), TRAPS, ids=range(len(TRAPS)))
def test_a_damaged_workbook_or_a_trap_is_refused(
    tmp_path: Path, lexicon: Lexicon, content: bytes, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(member(content, "t.xlsx"), PLAIN, tmp_path, lexicon)
    assert len(str(caught.value)) < 400


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(min_value=0),
    st.binary(min_size=1, max_size=8),
    st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]),
)
def test_no_byte_changed_in_a_part_leaves_with_a_foreign_error(at: int, new: bytes, part: str) -> None:
    whole = wb.workbook({"A": wb.sheet([HEAD, *ROWS])})
    raw = zipfile.ZipFile(io.BytesIO(whole)).read(part)
    at %= len(raw)
    broken = wb.workbook({"A": wb.sheet([HEAD, *ROWS])}, replace={part: raw[:at] + new + raw[at + len(new) :]})
    try:
        list(open_table(member(broken, "t.xlsx"), Layout()).rows)
    except InputError as error:
        assert str(error).startswith("t.xlsx")  # noqa: PT017 - either outcome is good


def test_a_skeleton_is_made_of_a_workbook_too() -> None:
    content = wb.workbook({"A": wb.sheet([["Study", "Mean"], ["Aster 2031", wb.number("1.5")]])})
    assert "Mean: mean  # a guess; numbers: 1.5" in skeleton(member(content, "t.xlsx"))
