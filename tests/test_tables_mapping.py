"""Mappings: what is refused before a row is read, with line and nearest name, and what a skeleton guesses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import InputError, SourceError
from kg.tables import read_mapping, skeleton
from kg.tables.properties import ROWS, properties_of
from kg.vocabulary import Lexicon
from tests.tables import COHORT, COHORT_CSV, PLAIN, SAFETY, TABLES, member, read, studies


def mapping_of(text: str, folder: Path, lexicon: Lexicon) -> None:
    path = folder / "t.mapping.yaml"
    path.write_text(text, encoding="utf-8")
    read_mapping(path, lexicon)


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.mapping.yaml")), ids=lambda path: path.name)
def test_each_example_fits_on_a_screen_and_is_a_mapping(path: Path, lexicon: Lexicon) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 24
    assert read_mapping(path, lexicon).columns


def test_the_mapping_in_the_guide_is_one(tmp_path: Path, lexicon: Lexicon) -> None:
    guide = (Path(__file__).resolve().parents[1] / "docs" / "tables.md").read_text(encoding="utf-8")
    mapping = guide.partition("```yaml\n")[2].partition("```")[0]
    _, tally = read(COHORT_CSV, mapping, tmp_path, lexicon)
    assert (tally.taken, tally.refused) == (6, 0)


BROKEN = [
    ("row: result", "row: results", "row: found 'results', expected one of: study, arm"),
    ("row: result", "rows: result", "rows: unknown key; nearest: row"),
    ("status: read", "status: red", "status: found 'red', expected one of: read, secondary, derived; nearest: read"),
    ("status: read\n", "", "how the numbers of the result reached the table: expected status: read, secondary or"),
    ("N: n", "N: nn", r"columns.N: no property 'nn' of a row that is: result; nearest: n"),
    ("N: n", "N: enrolled", r"no property 'enrolled'.*nearest: .*study.enrolled"),
    ("N: n", "N: month", r"column 'Months' and column 'N' both fill month, which holds one value"),
    ("N: n", "N: unit", r"column 'N' and 'Change \(SD\)' both say unit"),
    ("N: n", "N: measure", r"'measure' and column 'N' both fill measure"),
    ("N: n", "N: arm.role", r"column 'N' and 'arm.role' both fill arm.role"),
    ("N: n", "N: {property: n, kind: term}", "the kind 'term' does not fit n; expected: whole number"),
    ("N: n", "N: {property: n, kind: numbr}", "no kind 'numbr'.*nearest: number"),
    ("N: n", "N: {property: n, unit: cells}", "found a unit for n, which has none"),
    ("N: n", "N: {property: n, type: SD}", "only a spread has a type; n is none"),
    ("N: n", "N: {property: n, separator: ';'}", "n holds one value, so a cell cannot hold a list"),
    ("N: n", "N: {property: n, order: day first}", "only a date has an order; n is read as whole number"),
    ("N: n", "N: {property: n, values: {all: many}}", "'many': found 'many', expected a whole number"),
    ("N: n", "N: {kind: number}", "columns.N.property: is missing"),
    ("N: n", "N: {property: n, sort: up}", "columns.N.sort: unknown key; nearest: property"),
    ("N: n", "N: [n]", "columns.N: found 'a list'"),
    (
        "kind: mean (spread), type: SD, ",
        "kind: mean (spread), ",
        r"Change \(SD\): a spread without its type is not read",
    ),
    ("type: SD", "type: sd", "type: found 'sd', expected one of: SD, SEM.*nearest: SD"),
    ("unit: million cells/kg", "kind: number", "Dose: a dose without its unit is not read; say unit: cells"),
    ("Months: month", "Months: {property: month, unit: weeks}", "weeks make no whole months"),
    ("Months: month", "Months: {property: month, unit: month}", "expected one of: months, years; nearest: months"),
    ("  Group: arm\n", "", "belongs to an arm, and nothing names the arm|needs its arm"),
    ("role: control", "role: controll", "arms.sham.role: found 'controll', expected one of.*nearest: control"),
    ("role: control, ", "", "arms.sham: the role of the arm is not told"),
    ("role: control", "rol: control", "arms.sham.rol: no property 'rol' of an arm; nearest: role"),
    ("donor: allogeneic", "donor: horse", "arms.cells.donor: found 'horse', expected one of: autologous"),
    (
        "cell_source: mesenchymal stem cell of umbilical cord",
        "cell_source: cord msc",
        "found 'cord msc', expected the lab",
    ),
    (
        "cell_source: mesenchymal stem cell of umbilical cord, ",
        "",
        "cells.*a product without its cell_source is not read",
    ),
    ("design: randomized clinical trial, ", "", "the study's design is not told"),
    ("  Study: study\n", "", "the study's id is not told"),
    (", registration.certainty: verified", "", "a registration without its certainty is not read"),
    ("condition: cerebral palsy", "condition: [a, b]", "study.condition: found a list, expected one value"),
    ("condition: cerebral palsy", "condition: celebral palsy", "nearest: cerebral palsy"),
    ("{measure: change from baseline}", "{mesure: change}", "constants.mesure: no property 'mesure'.*nearest: measure"),
    ("constants: {measure: change from baseline}\n", "", "a result needs measure: expected a column, or a line under"),
    ("  Outcome: outcome\n", "", "a result needs outcome"),
    ("not_reported: [NR]", 'not_reported: ["-"]', "'-' cannot mean absent and not reported"),
    ("missing: {absent", "missing: {abscent", "missing.abscent: unknown key; nearest: absent"),
    ("status: read", "status: read\nthousands: '.'", "'.' cannot be the decimal sign and part thousands too"),
    ("status: read", "status: read\nthousands: '5'", "found '5', expected a sign that parts thousands"),
    ("status: read", "status: read\ndecimal: comma", "decimal: found 'comma'"),
    ("status: read", "status: read\nheader: 0", "header: found '0'"),
    ("status: read", "status: TELL", "TELL stands where only you know"),
    ("  Group: arm", "  Group: arm\n  Group: arm", "columns.Group: the key stands twice"),
]


@pytest.mark.parametrize(("old", "new", "message"), BROKEN)
def test_a_broken_mapping_is_refused_before_any_table_is_seen(
    tmp_path: Path, lexicon: Lexicon, old: str, new: str, message: str
) -> None:
    assert old in COHORT
    with pytest.raises(SourceError, match=message) as caught:
        mapping_of(COHORT.replace(old, new, 1), tmp_path, lexicon)
    assert re.match(r"t\.mapping\.yaml:\d+: ", str(caught.value))
    assert len(str(caught.value)) < 400


WIDE = [
    ("control, columns: {Kontrolle: {property: events, kind: events / n}}}", "control}", "Kontrolle: has no columns"),
    ("  Studie: study", "  Studie: study\n  Arm: arm", "no column can name the arm"),
    ("kind: events / n}}}\n  Kon", "kind: events / n}, X: study.title}}\n  Kon", "study.title belongs to the study"),
    ("row: adverse event", "row: comparison", "no property 'event'|no property 'events'"),
    ("row: adverse event", "row: entity", "no property"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), WIDE)
def test_arms_side_by_side_must_be_told_apart(
    tmp_path: Path, lexicon: Lexicon, old: str, new: str, message: str
) -> None:
    assert old in SAFETY
    with pytest.raises(SourceError, match=message):
        mapping_of(SAFETY.replace(old, new, 1), tmp_path, lexicon)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "row",
        "row: [a]",
        "row: result",
        "columns: {a: b}",
        "row: result\ncolumns: []",
        "row: {}\n",
        "a: &x 1\nb: *x",
    ],
)
def test_what_is_no_mapping_at_all_is_refused_with_its_file(tmp_path: Path, lexicon: Lexicon, text: str) -> None:
    with pytest.raises(SourceError, match=r"^t\.mapping\.yaml"):
        mapping_of(text, tmp_path, lexicon)


def test_a_column_that_the_table_lacks_is_refused_with_the_nearest(tmp_path: Path, lexicon: Lexicon) -> None:
    with pytest.raises(SourceError, match=r"t\.mapping\.yaml:\d+: Months: t\.csv has no such column; nearest: Month$"):
        read(COHORT_CSV.replace("Months", "Month"), COHORT, tmp_path, lexicon)


@pytest.mark.parametrize("row", ROWS)
def test_every_property_can_be_named_and_leads_into_a_model(row: str) -> None:
    properties = properties_of(row)
    assert properties
    assert all(one.level in ("record", "arm", "study") and one.path for one in properties.values())
    assert all(one.words for one in properties.values() if one.kind == "word")


def test_a_spread_of_its_own_column_and_a_type_column_are_allowed(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = PLAIN + "  S: spread\n  T: spread.type\n  N: n\n"
    answers, _ = read("Group,Mean,S,T,N\ncells,1,0.5,SEM,9\ncontrol,2,,SD,8\n", mapping, tmp_path, lexicon)
    (study,) = studies(answers)
    spreads = [result.spread and (result.spread.type, str(result.spread.value)) for result in study.results]
    assert spreads == [("SEM", "0.5"), None]  # a type without a number is no spread


def test_a_skeleton_waits_for_what_only_its_owner_knows(tmp_path: Path, lexicon: Lexicon) -> None:
    text = skeleton(member(COHORT_CSV, "my-cohort.csv"))
    assert "Months: month  # a guess; whole numbers: 6, 12" in text
    assert "# Registry:  # NCT99999901" in text
    with pytest.raises(SourceError, match="TELL stands where only you know"):
        mapping_of(text, tmp_path, lexicon)


def test_a_finished_skeleton_reads_its_table(tmp_path: Path, lexicon: Lexicon) -> None:
    text = skeleton(member(COHORT_CSV, "my-cohort.csv"))
    for old, new in (
        ("status: TELL", "status: read"),
        ("design: TELL", "design: randomized clinical trial"),
        ("measure: TELL", "measure: score"),
        ("unit: TELL", "unit: million cells/kg"),
        ("cells: {role: TELL}", "cells: {role: treated, cell_source: mesenchymal stem cell}"),
        ("sham: {role: TELL}", "sham: {role: control}"),
        ("# missing:", "missing:"),
        ("Scale: instrument", "Scale: {property: instrument, values: {GMFM 88: GMFM-88}}"),
    ):
        assert old in text
        text = text.replace(old, new)
    answers, tally = read(COHORT_CSV, text, tmp_path, lexicon)
    assert (tally.taken, tally.refused) == (6, 0)
    assert [len(study.results) for study in studies(answers)] == [3, 3]


def test_a_skeleton_marks_a_decimal_comma() -> None:
    assert "decimal: ','  # a guess" in skeleton(member("Mean;SD\n1,5;2,5\n"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_no_text_breaks_the_skeleton(text: str) -> None:
    try:
        assert skeleton(member(text.encode("utf-8", "ignore"))).startswith("# How to read")
    except InputError as error:
        assert str(error)  # noqa: PT017 - either outcome is good


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.text(alphabet="abrowdict:\u00b5 -", max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*"abc", "row", "columns", "arms", "study", "property", "kind"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_no_shape_of_yaml_leaves_with_a_foreign_error(tmp_path: Path, lexicon: Lexicon, content: object) -> None:
    import yaml

    row = {"row": "result", **content} if isinstance(content, dict) else content
    with pytest.raises(SourceError):
        mapping_of(yaml.safe_dump(row), tmp_path, lexicon)
