"""Rows of a text table: dialects, cells that fit and cells that do not, and that no row is lost."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import InputError, SourceError
from kg.model import Study
from kg.tables import Entity, TermPair
from kg.tables.csv_tables import sniff_delimiter
from kg.vocabulary import Lexicon
from tests.tables import COHORT, COHORT_CSV, PLAIN, SAFETY, TABLES, ignored, member, read, refused, studies


def test_the_cohort_is_read_whole_and_what_is_not_used_is_told(tmp_path: Path, lexicon: Lexicon) -> None:
    answers, tally = read(COHORT_CSV, COHORT, tmp_path, lexicon)
    assert [(study.id, study.citation, len(study.results)) for study in studies(answers)] == [
        ("aster-2031", "Aster 2031", 3),
        ("borage-2032", "Borage 2032", 3),
    ]
    assert (tally.rows, tally.taken) == (6, 6)
    assert tally.remarks == ["cells are parted by comma, as was seen"]
    assert ignored(answers) == [
        "Remarks: the mapping does not use this column",
        "Dose: 2 cells with '-', which the mapping calls absent",
        "N: 1 cells with 'NR', which the mapping calls not reported",
    ]
    first = studies(answers)[0]
    dose = first.arms[0].dose
    assert dose is not None
    assert (dose.value, dose.unit, dose.basis, dose.notation) == (
        Decimal(2_000_000),
        "cells",
        "per kg",
        "2 million cells/kg",
    )
    assert first.arms[1].dose is None
    assert first.results[0].where == "t.csv, row 2"
    assert studies(answers)[1].results[2].note == "N: the table has 'NR'"


def test_arms_side_by_side_give_a_count_each(tmp_path: Path, lexicon: Lexicon) -> None:
    answers, tally = read((TABLES / "safety.csv").read_text(encoding="utf-8"), SAFETY, tmp_path, lexicon)
    counts = [[(event.arm, event.events, event.n) for event in study.adverse_events] for study in studies(answers)]
    assert counts == [
        [("zellen", 3, 21), ("kontrolle", 1, 20), ("zellen", 0, 21), ("kontrolle", 1, 20)],
        [("zellen", 5, 34), ("kontrolle", None, None), ("zellen", 1, 34), ("kontrolle", 2, 33)],
    ]
    assert (tally.rows, tally.taken) == (4, 4)


ROWS = [
    ("cells,1.5,x\n", "row 2: found 3 cells, expected 2 as in the header"),
    ("cells\n", "row 2: found 1 cells, expected 2 as in the header"),
    ("cellz,1.5\n", "row 2: Group: found the arm 'cellz', which the mapping does not know; nearest: cells"),
    (",1.5\n", "row 2: found no arm in this row, expected one"),
    ("cells,\n", "row 2: found no value of mean or median or percent or events in this row, expected one"),
    ("cells,many\n", "row 2: Mean: found 'many', expected a number"),
    ("cells,1\ncells,2\n", "row 3: says the same as row 2 (gross-motor-function-score-month-6-cells); if both are"),
]


@pytest.mark.parametrize(("rows", "message"), ROWS)
def test_a_row_that_cannot_be_used_is_refused_and_the_others_stay(
    tmp_path: Path, lexicon: Lexicon, rows: str, message: str
) -> None:
    answers, tally = read(f"Group,Mean\n{rows}control,9.5\n", PLAIN, tmp_path, lexicon)
    assert len(refused(answers)) == 1
    assert refused(answers)[0].startswith(message)
    assert str(studies(answers)[0].results[-1].mean) == "9.5"
    assert tally.taken == tally.rows - 1


def test_strict_refuses_the_whole_table_at_the_first_such_row(tmp_path: Path, lexicon: Lexicon) -> None:
    with pytest.raises(SourceError, match=r"^t\.csv:3: row 3: Mean: found 'many', expected a number"):
        read("Group,Mean\ncells,1\ncontrol,many\n", PLAIN, tmp_path, lexicon, strict=True)


CONFLICTS = [
    ("Title", "study.title", "A", "B", "Title: found 'B' for the study 'Aster 2031', but row 2 has 'A'"),
    ("Role", "arm.label", "x", "y", "Role: found 'y' for the arm 'cells', but row 2 has 'x'"),
]


@pytest.mark.parametrize(("column", "one", "first", "second", "message"), CONFLICTS)
def test_rows_that_contradict_each_other_about_a_study_or_an_arm_are_refused(
    tmp_path: Path, lexicon: Lexicon, column: str, one: str, first: str, second: str, message: str
) -> None:
    mapping = PLAIN.replace("id: aster2031, ", "").replace("month: 6", "instrument: GMFM-88")
    mapping += f"  {column}: {one}\n  Study: study\n  Month: month\n"
    rows = [f"cells,{10 + month},{word},Aster 2031,{month}" for month, word in ((1, first), (2, second), (3, ""))]
    answers, tally = read(f"Group,Mean,{column},Study,Month\n" + "\n".join(rows), mapping, tmp_path, lexicon)
    assert refused(answers) == [f"row 3: {message}"]
    assert [str(result.mean) for result in studies(answers)[0].results] == ["11", "13"]
    assert tally.taken == 2


def test_two_names_that_give_one_identifier_are_refused(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = PLAIN.replace("id: aster2031, ", "") + "  Study: study\n"
    answers, _ = read("Group,Mean,Study\ncells,1,Kim 2024\ncontrol,1,Kim-2024\n", mapping, tmp_path, lexicon)
    message = "row 3: found the study 'Kim-2024', which gives the identifier of 'Kim 2024' (row 2) too"
    assert refused(answers) == [message]


def test_an_arm_of_the_mapping_is_known_in_any_letter_case(tmp_path: Path, lexicon: Lexicon) -> None:
    answers, _ = read("Group,Mean\nCells,1\nCONTROL,2\n", PLAIN, tmp_path, lexicon)
    assert [(arm.id, arm.label) for arm in studies(answers)[0].arms] == [("cells", "cells"), ("control", "control")]


def test_an_arm_may_be_told_for_the_whole_table(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = PLAIN.replace("month: 6}", "month: 6, arm: cells}").replace("  Group: arm\n", "")
    answers, _ = read("Mean\n1\n", mapping, tmp_path, lexicon)
    assert [(arm.label, arm.role) for arm in studies(answers)[0].arms] == [("cells", "treated")]


def test_an_arm_that_would_name_another_node_refuses_its_study(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = PLAIN.replace("arms: {cells:", "arms: {results:")
    answers, tally = read("Group,Mean\nresults,1\ncontrol,2\n", mapping, tmp_path, lexicon)
    assert len(refused(answers)) == 2
    assert "found 'results', expected a name that is no field of a study" in refused(answers)[0]
    assert (tally.taken, studies(answers)) == (0, [])


SPREADS = [
    ("SD", "-1", "", "", "found the SD -1, expected 0 or more"),
    ("CI95", "3", "", "", "found one number for a spread of type CI95, expected spread.low and spread.high"),
    ("IQR", "", "5", "3", "found the IQR from 5 to 3, expected the lower number first"),
]


@pytest.mark.parametrize(("kind", "value", "low", "high", "message"), SPREADS)
def test_a_spread_must_have_the_numbers_of_its_type(
    tmp_path: Path, lexicon: Lexicon, kind: str, value: str, low: str, high: str, message: str
) -> None:
    mapping = PLAIN + "  S: spread\n  L: spread.low\n  H: spread.high\n  T: spread.type\n"
    answers, _ = read(f"Group,Mean,S,L,H,T\ncells,1,{value},{low},{high},{kind}\n", mapping, tmp_path, lexicon)
    assert refused(answers) == [f"row 2: spread: {message}"]


def test_what_was_censored_is_kept_in_words_only_when_told(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = (
        PLAIN
        + "  Dose: {property: dose, unit: million cells, censored: note}\n  E: {property: events, censored: note}\n"
    )
    answers, _ = read("Group,Mean,Dose,E\ncells,1,>2,<5\n", mapping, tmp_path, lexicon)
    study = studies(answers)[0]
    dose = study.arms[0].dose
    assert dose is not None
    assert (dose.operator, dose.value) == (">", Decimal(2_000_000))
    assert (study.results[0].events, study.results[0].note) == (None, "E: the table has '<5'")


def test_silence_about_the_month_shows_in_the_record(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = PLAIN.replace(", month: 6", "") + "  Month: {property: month, missing: {not_reported: [NR]}}\n"
    answers, _ = read("Group,Mean,Month\ncells,1,NR\ncontrol,1,\n", mapping, tmp_path, lexicon)
    assert [result.not_reported for result in studies(answers)[0].results] == [["month"], []]


def test_a_unit_may_stand_in_a_column(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = PLAIN + "  Dose: {property: dose, unit_column: Unit}\n"
    answers, _ = read("Group,Mean,Dose,Unit\ncells,1,3,cells/kg\ncontrol,1,,\n", mapping, tmp_path, lexicon)
    arm, control = studies(answers)[0].arms
    assert arm.dose is not None
    assert (arm.dose.value, arm.dose.unit, arm.dose.basis, control.dose) == (Decimal(3), "cells", "per kg", None)


DIALECTS = [
    ("a,b\n1,2\n", ","),
    ('a;b\n"1;x";2,5\n1;2,5\n', ";"),
    ("a\tb, c\n1\t2\n", "\t"),
    ("a|b\n1|2\n", "|"),
    ("alone\n1\n2\n", ","),
    ("a,b;c\n1;2\n3;4\n", ";"),
]


@pytest.mark.parametrize(("text", "delimiter"), DIALECTS)
def test_the_delimiter_is_the_one_that_parts_all_lines_alike(text: str, delimiter: str) -> None:
    assert sniff_delimiter(text.splitlines(keepends=True), "t.csv") == delimiter


def test_two_delimiters_that_do_equally_well_are_asked_about() -> None:
    with pytest.raises(InputError, match="comma and semicolon part the lines equally well; say delimiter:"):
        sniff_delimiter(["a,b;c\n", "1,2;3\n"], "t.csv")


WHOLE = [
    (b"", "an empty file"),
    (b"\n\n", "the header is empty|an empty file"),
    (b"Group,Group,Mean\n", "the column 'Group' stands twice"),
    (b'Group,Mean\n"cells,1\n', "row 2: not a table: unexpected end of data"),
    (b'Group,Mean\n"cells"x,1\n', "row 2: not a table"),
    (b"Group,Mean\n\xff,1\n", "not UTF-8 text"),
    ("Group,Mean\ncells,1\n".encode("utf-16"), "found UTF-16"),
    (b"<!DOCTYPE html><html></html>", "an HTML page"),
    (b"%PDF-1.7\n", "a PDF document"),
    (b"Group,Mean,\x07\n", "the name of column 3 holds a sign that cannot be printed"),
]


@pytest.mark.parametrize(("content", "message"), WHOLE)
def test_what_is_no_table_is_refused_as_a_whole(tmp_path: Path, lexicon: Lexicon, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(member(content), PLAIN, tmp_path, lexicon)
    assert str(caught.value).startswith("t.csv")


QUIRKS = [
    "\ufeffGroup,Mean\r\ncells,1.5\r\n",
    "sep=;\nGroup;Mean\ncells;1.5\n",
    "Group\tMean\ncells\t1.5\n\n\n",
    '"Group","Mean"\n"cells","1.5"\n',
    "Mean|Other|Group\n1.5||cells\n",
    "Group ,  Mean,\ncells, 1.5 ,\n",
]


@pytest.mark.parametrize("text", QUIRKS)
def test_quirks_that_change_nothing_are_read_through(tmp_path: Path, lexicon: Lexicon, text: str) -> None:
    answers, tally = read(text, PLAIN, tmp_path, lexicon)
    assert [str(result.mean) for study in studies(answers) for result in study.results] == ["1.5"]
    assert tally.taken == 1


def test_the_names_in_the_mapping_tell_the_delimiter(tmp_path: Path, lexicon: Lexicon) -> None:
    table = "Group\tMean\tRemark, in words\ncells\t1.5\ta, b\n"
    _, tally = read(table, PLAIN, tmp_path, lexicon)
    assert (tally.taken, tally.remarks) == (1, ["cells are parted by tab, as was seen"])


def test_an_encoding_that_is_told_is_used(tmp_path: Path, lexicon: Lexicon) -> None:
    raw = "Group,Mean,Note\ncells,1,café\n".encode("cp1252")
    answers, _ = read(member(raw), PLAIN + "  Note: note\nencoding: cp1252\n", tmp_path, lexicon)
    assert studies(answers)[0].results[0].note == "café"
    with pytest.raises(SourceError, match=r"encoding: .*'cp1252x'"):
        read(member(raw), PLAIN + "encoding: cp1252x\n", tmp_path, lexicon)


def test_entities_and_pairs_of_terms_are_streamed(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = "row: entity\nconstants: {type: CL:0000134}\ncolumns:\n  Id: id\n  Name: label\n"
    mapping += (
        "  N: {property: skos:notation, kind: number}\n  Near: {property: rdfs:seeAlso, kind: IRI, separator: ' '}\n"
    )
    table = "Id,Name,N,Near\nhttps://example.org/a,A,1.5,CL:0000134 CL:0000057\nno address,B,,\n"
    answers, tally = read(table, mapping, tmp_path, lexicon)
    (entity,) = [one for one in answers if isinstance(one, Entity)]
    assert [one.datatype for one in entity.statements] == ["decimal", "IRI", "IRI"]
    assert (tally.taken, tally.refused) == (1, 1)
    mapping = "row: term pair\nconstants: {predicate_id: skos:exactMatch, mapping_justification: semapv:Manual}\n"
    mapping += "columns: {Ours: subject_id, Theirs: object_id, Sure: confidence}\n"
    answers, _ = read(
        "Ours,Theirs,Sure\nCL:0000134,MESH:D059630,0.9\nCL:0000134,MESH:x,1.9\n", mapping, tmp_path, lexicon
    )
    assert [str(one.confidence) for one in answers if isinstance(one, TermPair)] == ["0.9"]
    assert refused(answers) == ["row 3: Sure: found '1.9'; input should be less than or equal to 1"]


CELLS = st.text(max_size=12) | st.sampled_from(
    ["cells", "control", "1.5", "-2", "", "NA", "2-Sep", '"', "1e99", "\u00b1"]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=6), st.sampled_from([",", ";", "\t"]))
def test_no_cell_leaves_with_a_foreign_error_and_no_row_is_lost(
    tmp_path: Path, lexicon: Lexicon, rows: list[list[str]], delimiter: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["Group", "Mean", "Note", "Dose"], *rows])
    mapping = PLAIN + "  Note: note\n  Dose: {property: dose, unit: cells, kind: power of ten, censored: note}\n"
    raw = text.getvalue().encode("utf-8", "surrogatepass").replace(b"\xed", b"?")
    try:
        read(member(raw), mapping, tmp_path, lexicon)
    except InputError as error:
        assert str(error).startswith("t.csv")  # noqa: PT017 - either outcome is good


NUMBERS = st.decimals(min_value=-999, max_value=999, places=2).map(abs)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["Aster 2031", "Borage 2032"]), st.sampled_from(["cells", "control"]), st.integers(1, 24)
        ),
        st.tuples(NUMBERS, NUMBERS, st.integers(2, 99)),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
    st.sampled_from([".", ","]),
)
def test_a_table_that_is_written_comes_back_whatever_the_order_of_its_rows(
    tmp_path: Path,
    lexicon: Lexicon,
    numbers: dict[tuple[str, str, int], tuple[Decimal, Decimal, int]],
    random: object,
    sign: str,
) -> None:
    rows = [(*key, *value) for key, value in numbers.items()]
    random.shuffle(rows)  # type: ignore[attr-defined]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["Study", "Group", "Month", "Mean", "SD", "N"])
    writer.writerows(
        [study, arm, month, str(mean).replace(".", sign), str(sd).replace(".", sign), n]
        for study, arm, month, mean, sd, n in rows
    )
    mapping = PLAIN.replace("id: aster2031, ", "").replace(", month: 6", "").replace("row:", f"decimal: '{sign}'\nrow:")
    mapping += "  Study: study\n  Month: month\n  SD: {property: spread, type: SD}\n  N: n\n"
    answers, tally = read(text.getvalue(), mapping, tmp_path, lexicon)
    assert tally.taken == len(rows)
    found = {}
    for study in studies(answers):
        assert isinstance(study, Study)
        for result in study.results:
            assert result.spread is not None
            assert result.month is not None
            found[study.citation, result.arm, int(result.month)] = (result.mean, result.spread.value, result.n)
    assert found == numbers


def test_a_space_may_part_thousands(tmp_path: Path, lexicon: Lexicon) -> None:
    answers, _ = read("Group,Mean\ncells,12 500\n", PLAIN + "thousands: ' '\n", tmp_path, lexicon)
    assert [str(result.mean) for result in studies(answers)[0].results] == ["12500"]
