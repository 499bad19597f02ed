"""Tables of marker percentages: cells, columns, rows, and what is refused with its place."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from decimal import Decimal

import pytest

from kg.errors import InputError, SourceError
from kg.isct import Share, judge, read_answer, read_share
from kg.isct import read_table as read
from kg.isct.headers import marker_of
from tests.conftest import SHARED
from tests.isct import CELLS, FAILED, IRI, MET, OPEN, PANEL, PLACE, words

CIDMAP = SHARED / "pathways" / "msc_markers_cidmap"
cidmap = pytest.mark.skipif(not CIDMAP.is_dir(), reason="the tables of CIDMap are not on this machine")

BAD_CELLS = [
    ("95,3", "expected a point before the decimals; nearest: 95.3"),
    (">95,5 %", "nearest: 95.5"),
    ("101", "expected a percentage from 0 to 100"),
    ("100.01", "expected a percentage from 0 to 100"),
    ("-1", "expected a percentage from 0 to 100; nearest: 1"),
    ("9" * 400, "expected a percentage from 0 to 100"),
    ("99." + "9" * 400, "at most 12 decimals"),
    ("9.5e1", "without an exponent"),
    ("NaN", "an empty cell for what was not measured"),
    ("inf", "an empty cell for what was not measured"),
    ("-inf", "an empty cell for what was not measured"),
    ("#DIV/0!", "an empty cell for what was not measured"),
    ("~95", "what is about 95 decides nothing"),
    ("ND", "NA for what was not measured, or 'negative'"),
    ("98-95", "expected the lower number first; nearest: 95-98"),
    (">100", "a bound that a percentage can keep"),
    ("<0", "a bound that a percentage can keep"),
    ("negative (98%)", "this may be that of the negative ones"),
    ("high", "expected a percentage from 0 to 100 such as 97.5, a bound"),
    ("95 96", "a range (95-98)"),
    ("99.1\u00b9", "without raised digits"),
    ("\u00bd", "without raised digits"),
    (">", "a bound (>95, <=2)"),
    ("٩٥", "expected a percentage"),
    ("95\x00", "expected a percentage"),
]


@pytest.mark.parametrize(("text", "message"), BAD_CELLS, ids=lambda text: text[:12])
def test_a_cell_that_cannot_be_taken_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=re.escape(message)) as caught:
        read_share(text, PLACE)
    assert str(caught.value).startswith("x.csv:2: CD73: found ")
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("text", ["", " ", "NA", "n/a", "NR", "not reported", "NT", "n.a."])
def test_an_empty_cell_is_no_measurement(text: str) -> None:
    assert read_share(text, PLACE) is None
    assert read_answer(text, PLACE) is None


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("at least 95%", {"percentAtLeast": "95"}),
        ("minimum 95", {"percentAtLeast": "95"}),
        ("greater than 97", {"percentAbove": "97"}),
        ("Maximum 2", {"percentAtMost": "2"}),
        ("average 98.1", {"percentPositive": "98.1"}),
        ("98.2 ± 7.9", {"percentPositive": "98.2"}),
        (".5", {"percentPositive": "0.5"}),
        ("95 – 98.5 %", {"percentAtLeast": "95", "percentAtMost": "98.5"}),
        ("positive (>95%)", {"percentAbove": "95"}),
        ("negative (<2%)", {"percentBelow": "2"}),
        ("+", {}),
        ("−", {}),
        ("neg", {}),
    ],
)
def test_a_cell_in_the_words_of_the_field_is_read(text: str, bounds: dict[str, str]) -> None:
    share = read_share(text, PLACE)
    assert share is not None
    assert dict(share.bounds) == {name: Decimal(number) for name, number in bounds.items()}


@pytest.mark.parametrize(("text", "answer"), [("Yes", True), ("+", True), ("1", True), ("no", False), ("-", False)])
def test_an_answer_is_yes_or_no(text: str, answer: bool) -> None:
    assert read_answer(text, PLACE) is answer
    with pytest.raises(SourceError, match="expected yes, no or NA"):
        read_answer("perhaps", PLACE)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        *[
            (head, "CD73")
            for head in (
                "CD73",
                "cd 73",
                "CD73 (%)",
                "CD73 (\u226595 %)",
                "CD73+ (%)",
                "CD-73",
                "% CD73 positive",
                "NT5E",
            )
        ],
        *[(head, "CD90") for head in ("CD90 (Thy-1)", "Thy-1", "CD90_pos", "THY1")],
        *[(head, "CD79a") for head in ("CD79a", "CD79α", "CD79alpha", "CD79-alpha", "cd79A")],
        *[(head, "HLA-DR") for head in ("HLA-DR", "HLA DR", "HLADR", "hla_dr", "HLA-DR+")],
        *[(head, "CD105") for head in ("CD105", "endoglin", "ENG")],
        *[
            (head, None)
            for head in (
                "CD44",
                "CD166",
                "CD11c",
                "CD45RA",
                "CD3",
                "CD31",
                "STRO-1",
                "SSEA-4",
                "HLA-ABC",
                "HLA-DQ",
                "HLA class I",
            )
        ],
        *[
            (head, None)
            for head in (
                "CD73 MFI",
                "CD73 (MFI)",
                "CD73 SD",
                "CD45+/CD105+",
                "viability",
                "notes",
                "CD7",
                "CD10",
                "CD146",
            )
        ],
    ],
)
def test_the_names_of_the_field_are_known(head: str, name: str | None) -> None:
    assert marker_of(head, PANEL, PLACE) == (IRI[name] if name else None)


@pytest.mark.parametrize(
    ("head", "near"),
    [
        ("CD79", "CD79a"),
        ("CD11", "CD11b"),
        ("CD73x9", "CD73"),
        ("MHC II", "HLA-DR"),
        ("HLA class II", "HLA-DR"),
        ("HLA-DRx", "HLA-DR"),
        ("CD90 second tube", "CD90"),
        ("CD73-PE", "CD73"),
        ("CD73 (PE)", "CD73"),
        ("CD73.1", "CD73"),
        ("CD10 5", "CD105"),
        ("CDl05", "CD105"),
        ("CD731", "CD73"),
        ("HLA-DR/DP", "HLA-DR"),
        ("CD90/Thy-1", "CD90"),
        ("Lymphocytes | CD73+ Freq.", "CD73"),
        ("CD45-", "CD45"),
        ("CD45 negative", "CD45"),
        ("CD34neg", "CD34"),
    ],
)
def test_a_column_that_may_be_a_marker_is_not_guessed(head: str, near: str) -> None:
    with pytest.raises(SourceError, match=re.escape(f"found '{head}'")) as caught:
        marker_of(head, PANEL, PLACE)
    assert f"nearest: {near}" in str(caught.value)


BAD_TABLES = [
    ("", "x.csv: the file is empty"),
    (" \n\n", "x.csv: the file is empty"),
    ("\ufeff\n", "x.csv: the file is empty"),
    ("sample,CD73\n", "x.csv:1: found a header and no row below it"),
    ("CD73,CD90\n99,99\n", "x.csv:1: header: found 'CD73, CD90', expected a column that names the populations"),
    ("smaple,CD73\nA,99\n", "nearest: smaple"),
    ("sample,vitality\nA,9\n", "x.csv:1: header: found 'sample, vitality', expected a column for a marker: CD73, CD9"),
    ("sample,CD73,CD73 (%)\nA,9,9\n", "x.csv:1: CD73 (%): found 'CD73 (%)', expected one column for CD73; nearest"),
    ("sample,sample,CD73\nA,B,98\n", "x.csv:1: sample: found 'sample', expected one column for population"),
    ("sample,CD73\nA,95,3\n", "x.csv:2: found 3 cells, expected 2 as in the header; a comma before decimals"),
    ("sample;CD73\nA;95,3\n", "x.csv:2: CD73: found '95,3', expected a point before the decimals; nearest: 95.3"),
    ("sample,CD73\nA\n", "x.csv:2: found 1 cells, expected 2"),
    ("marker,UC-1,UC-2\nCD73,99,98\n", "expected one row a population, or the columns population, marker and percent"),
    ("sample,CD73\nNA,99\n", "x.csv:2: sample: found 'NA', expected the name of a population"),
    ("sample,CD73\n,99\n", "x.csv:2: sample: found '', expected the name of a population"),
    ("sample,CD73\nA,99\n\nA,98\n", "x.csv:4: CD73: found '98', expected what line 2 says of population"),
    ("sample,CD73\nA,99\nA,98\n", "'A' (99); a column passage or donor tells two samples apart"),
    ("sample,passage,donor,CD73\nA,P3,1,99\nA,3,1,98\n", "x.csv:3: CD73: found '98', expected what line 2 says"),
    ("sample,passage,donor,CD73\nA,P3,1,99\nA,3,1,98\n", "'A' (99); two samples need two names"),
    ("sample,CD73\nA,positive\nA,negative\n", "x.csv:3: CD73: found 'negative', expected what line 2 says"),
    ("sample,CD73,adherence\nA,99,yes\nA,99,no\n", "x.csv:3: adherence: found 'no', expected what line 2 says"),
    ("sample,CD73,adipogenic\nA,9,yes\nA,9,no\n", "x.csv:3: adipogenic: found 'no', expected what line 2 says"),
    ("sample,CD73,trilineage\nA,99,no\n", "x.csv:2: trilineage: found 'no', expected a column for each lineage"),
    ("sample,CD73\nA,0.99\nB,0.98\n", "x.csv:2: CD73: found '0.99', expected a percentage from 0 to 100, but no num"),
    ("sample,CD79,CD73\nA,1,9\n", "x.csv:1: column 2: found 'CD79', expected the full name of a marker; nearest"),
    ("sample,,CD73\nA,x,99\n", "x.csv:2: found 'x', expected nothing in a column without a name"),
    ('sample,CD73\nA,"99\nB,98\n', "x.csv:3: not a table"),
    ("sample,marker,percent\nA,CD79,1\n", "x.csv:2: marker: found 'CD79'"),
    ("sample,marker,percent\nA,CD73,99\nA,CD73,98\n", "x.csv:3: percent: found '98', expected what line 2 says"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD_TABLES, ids=lambda text: repr(text[:30]))
def test_a_table_that_cannot_be_taken_is_refused_with_line_and_column(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text.encode(), "x.csv")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("sample,CD73\nA,99\nB\u00e9,98\n".encode("latin-1"), "x.csv:3: found the byte 0xe9, which is not UTF-8"),
        ("sample,CD73\nA,99\n".encode("utf-16"), "x.csv:1: found UTF-16 or binary content"),
        (b"PK\x03\x04\x00\x00", "binary content"),
    ],
)
def test_another_encoding_is_refused_with_its_line(raw: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=re.escape(message)):
        read(raw, "x.csv")


GOOD = "sample,donor,CD73,CD44,HLA-DR,adherent,notes\nA,D1,99,97,<1,yes,x\nB,D2,>95,,NA,no,\n"


@pytest.mark.parametrize(
    "raw",
    [
        GOOD.encode(),
        GOOD.replace(",", "\t").encode(),
        GOOD.replace(",", ";").encode(),
        GOOD.replace("\n", "\r\n").encode("utf-8-sig"),
        ("\n" + GOOD + "\n,,,,,,\n").encode(),
        GOOD.replace("\n", ",,\n").encode(),
        GOOD.replace("sample,", ",").encode(),
    ],
    ids=["comma", "tab", "semicolon", "BOM and CRLF", "empty lines", "empty columns", "no head over the names"],
)
def test_a_table_is_read_as_spreadsheets_save_it(raw: bytes) -> None:
    reading = read(raw, "x.csv")
    assert (reading.rows, len(reading.samples)) == (2, 2)
    assert reading.unused_columns == ("CD44", "notes")
    first, second = reading.samples
    assert [PANEL.marker_names[m.marker] for m in first.measurements] == ["CD73", "HLA-DR"]
    assert (first.adherent, second.adherent, len(second.measurements)) == (True, False, 1)


def test_a_long_table_says_the_same_as_a_wide_one() -> None:
    wide = read(b"sample,passage,CD73,CD34\nA,3,99,1\nB,3,NA,<2\n", "x.csv")
    rows = b"sample,passage,marker,% positive\nA,3,CD73,99\nA,P3,CD34,1\nA,3,CD44,98\nB,3,CD34,<2\n"
    long = read(rows, "x.csv")
    assert long.samples == wide.samples
    assert (long.rows, long.notes) == (4, ("1 rows of markers that the criteria do not ask for (CD44)",))


def test_rows_that_say_the_same_again_are_counted() -> None:
    reading = read(b"sample,CD73,CD90\nA,99,\nA,99,98\nB,97,97\n", "x.csv")
    assert (reading.rows, len(reading.samples), len(reading.samples[0].measurements)) == (3, 2, 2)
    assert reading.notes == ("1 rows more than populations: they name one that another row names too",)


def test_a_share_below_one_percent_is_taken_with_its_sign() -> None:
    judged = judge(read(b"sample,CD73\nblood,0.9%\n", "x.csv").samples)[0]
    assert judged[0].verdict["2006"] == FAILED


def test_a_table_of_marked_fractions_among_others_is_taken() -> None:
    assert len(read(b"sample,CD73,CD34\nA,99,0.01\nB,0.5,0.02\n", "x.csv").samples) == 2


def small_cidmap(*rows: str) -> bytes:
    names = [*IRI]
    parts = [f"{name}_{part}" for name in names for part in ("qualifier", "value", "status", "test")]
    first = ",".join(["Reference number", "First author", "Year", "O", "A", "C", *parts])
    second = ",".join(["ref_number", "ref_first_author", "year", "O", "A", "C", *parts])
    empty = ["NA,NA,NA,n"] * (len(names) - 1)
    lines = [",".join([row.split("|")[0], row.split("|")[1], *empty]) for row in rows]
    return "\n".join([first, second, *lines, ""]).encode("latin-1")


DONE, NONE = "Performed, value reported", "Not mentioned"


def test_a_file_of_cidmap_is_known_by_its_header_and_read_in_latin_1() -> None:
    raw = small_cidmap(f'1,M\u00fcller,2018,"{DONE}",{NONE},{NONE}|minimum,95,release,p')
    reading = read(raw, "c.csv")
    (paper,) = reading.samples
    assert (paper.population, reading.rows) == ("1 M\u00fcller 2018", 1)
    assert paper.measurements[0].share == Share("minimum 95 at release", (("percentAtLeast", Decimal(95)),))
    assert [(lineage.formed, lineage.text) for lineage in paper.lineages] == [
        (None, "performed, result not in this table")
    ]
    with pytest.raises(SourceError, match="not UTF-8"):
        read(raw, "c.csv", "table")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"1,A,2018,{NONE},{NONE},{NONE}|roughly,95,NA,p", "c.csv:3: CD73_value: found 'roughly', expected one of: NA"),
        (f"1,A,2018,{NONE},{NONE},{NONE}|NA,Q,NA,p", "c.csv:3: CD73_value: found 'Q'"),
        (f"1,A,2018,maybe,{NONE},{NONE}|NA,+,NA,p", "c.csv:3: O: found 'maybe', expected Performed"),
        (f"1,A,2018,{NONE},{NONE}|NA,+,NA,p", "c.csv:3: found 45 cells, expected 46"),
    ],
)
def test_a_file_of_cidmap_with_an_unknown_code_is_refused(row: str, message: str) -> None:
    with pytest.raises(SourceError, match=re.escape(message)):
        read(small_cidmap(row), "c.csv")


def test_a_paper_twice_and_a_file_that_is_none_of_cidmap_are_refused() -> None:
    row = f"1,A,2018,{NONE},{NONE},{NONE}|NA,+,NA,p"
    with pytest.raises(SourceError, match=r"c\.csv:4: ref_number: found '1 A 2018', expected a paper once"):
        read(small_cidmap(row, row), "c.csv")
    with pytest.raises(InputError, match=r"x\.csv: found no header of a CIDMap file"):
        read(GOOD.encode(), "x.csv", "cidmap")
    with pytest.raises(InputError, match="--as: found 'xls', expected one of"):
        read(GOOD.encode(), "x.csv", "xls")


def test_values_of_batches_are_joined_by_their_place_in_each_block() -> None:
    head = "ref_number,Phase,patient,notes,marker,value\n"
    rows = ["6,I,patient 1,FC,CD73,98.5", "6,I,NA,FC,CD73,NA", "6,I,NA,FC,CD73,97"]
    rows += ["6,I,patient 1,FC,CD34,1", "6,I,NA,FC,CD34,0", "6,I,NA,FC,CD34,5", *["6,I,patient 1,FC,CD3,0"]]
    with pytest.raises(SourceError, match=r"b\.csv:8: marker: found 'CD3', expected the populations in the order"):
        read((head + "\n".join(rows) + "\n").encode(), "b.csv")
    reading = read((head + "\n".join(rows[:-1]) + "\n").encode(), "b.csv")
    texts = [(s.population, [m.share.text for m in s.measurements]) for s in reading.samples]
    assert texts == [("6 patient 1", ["98.5", "1"]), ("6 no. 1", ["0"]), ("6 no. 2", ["97", "5"])]


@cidmap
def test_the_84_trial_papers_give_what_can_be_counted_there() -> None:
    reading = read((CIDMAP / "checked_processed_aw_corrections.csv").read_bytes(), "papers.csv")
    judged, counts = judge(reading.samples)
    assert counts == {"populations": 84, "required_markers_as_numbers": 32, "required_markers_met": 20}
    panel = [each.sample.population for each in judged if each.phenotype["2006"] == MET]
    assert panel == ["2 Huang 2018", "17 Chahal 2019", "47 Gao L 2015", "74 Tsai 2017"]
    assert not any(each.phenotype["review"] == MET for each in judged)
    assert Counter(each.verdict["2006"] for each in judged) == {OPEN: 76, FAILED: 8}
    by_number = {each.sample.population.split()[0]: each for each in judged}
    assert all("adherence to plastic" in words(each.missing["2006"]) for each in judged)
    assert words(by_number["2"].missing["2006"])[1:] == [f"{name} differentiation" for name in CELLS]


@cidmap
def test_the_trials_in_cerebral_palsy_lack_what_they_were_read_to_lack() -> None:
    reading = read((CIDMAP / "checked_processed_aw_corrections.csv").read_bytes(), "papers.csv")
    rows = list(
        csv.DictReader(
            io.StringIO(
                (CIDMAP / "checked_processed_aw_corrections.csv").read_bytes().decode("latin-1").split("\n", 1)[1]
            )
        )
    )
    subject = {f"{row['ref_number']} {row['ref_first_author']} {row['year']}": row["indication"] for row in rows}
    missing = {
        each.sample.population.split()[1]: words(each.missing["2006"])
        for each in judge(reading.samples)[0]
        if subject[each.sample.population] == "Cerebral palsy"
    }
    assert set(missing) == {"Huang", "Liu", "Wang"}
    assert not any(text.startswith(("CD", "HLA")) for text in missing["Huang"])
    assert "CD90" in missing["Liu"]
    assert "HLA-DR" in missing["Wang"]


@cidmap
@pytest.mark.parametrize(
    ("name", "rows", "populations"), [("cd_values_single_processed", 2037, 97), ("cd_values_range_processed", 31, 4)]
)
def test_the_other_two_published_files_are_read_whole(name: str, rows: int, populations: int) -> None:
    reading = read((CIDMAP / f"{name}.csv").read_bytes(), name)
    judged, counts = judge(reading.samples)
    assert (reading.rows, len(reading.samples), len(judged), counts["populations"]) == (rows, *[populations] * 3)
