"""The canonical form of Turtle and tables: stable, without change of meaning, a small edit a small diff."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.ontology import HEADER, TEMPLATE, read_terms
from kg.ontology.blank import name_blank_nodes
from kg.ontology.canonical import canonical
from kg.ontology.formats import to_text
from kg.ontology.formatting import files_to_format, format_file
from kg.ontology.table_format import format_table
from kg.ontology.turtle_writer import format_turtle
from kg.paths import ontology_folder
from tests.owl_texts import RICH, START, WIDE, deep, parse, run

# ---- formatting


def test_every_file_of_the_ontology_is_canonical() -> None:
    files = files_to_format()
    assert {path.suffix for path in files} == {".ttl", ".tsv"}
    assert [path.name for path in files if not format_file(path).is_canonical] == []


@pytest.mark.parametrize("path", files_to_format(), ids=lambda path: path.name)
def test_formatting_changes_no_meaning_and_is_stable(path: Path) -> None:
    formatted = format_file(path).text
    if path.suffix == ".tsv":
        assert format_table(formatted) == formatted
        return
    assert format_turtle(formatted) == formatted
    assert canonical(parse(formatted)) == canonical(parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "line",
    [
        ":C rdfs:subClassOf :A .",
        ":A owl:disjointWith :C .",
        ":New a owl:Class ; rdfs:label 'new'@en .",
        ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :q ; owl:someValuesFrom :A ] .",
    ],
)
def test_a_small_edit_is_a_small_diff(line: str) -> None:
    before, after = (format_turtle(text).splitlines() for text in (RICH + WIDE, RICH + WIDE + line))
    changed = [row for row in difflib.ndiff(before, after) if row[0] in "+-"]
    assert 0 < len(changed) <= 6


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<x:a> <x:b>\n\n.", r"x\.ttl:3: not valid Turtle"),
        (START + ":A :p 'abc'^^xsd:integer .", "found 'abc', expected a value of the type xsd:integer"),
        ("_:a <x:p> _:b . _:b <x:p> _:a .", r"x\.ttl: blank nodes point to each other in a circle"),
    ],
)
def test_what_cannot_be_formatted_is_said(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        format_turtle(text, file="x.ttl")


def test_what_is_nested_deep_is_formatted() -> None:
    formatted = format_turtle(deep(1000))
    assert format_turtle(formatted) == formatted


ROW = ["CL:1", "x", "owl:Class", "", "cell type", "", "", "a b|c", "", 'He said "no".']


def table(*rows: list[str], end: str = "\n") -> str:
    return "".join("\t".join(row) + end for row in (HEADER, TEMPLATE, *rows))


@pytest.mark.parametrize(
    "text",
    [
        table(ROW),
        table(ROW, end="\r\n"),
        "\ufeff" + table(ROW),
        table(ROW) + "\n\n\t\t\n",
        table(ROW).rstrip("\n"),
        table([*ROW, "", ""]),
        table([f" {cell}  " if cell else cell for cell in ROW]),
        table([cell.replace("a b|c", "a  b | c||a b") for cell in ROW]),
        table([*ROW[:9], '"He said ""no""."']),
        "".join(
            "\t".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in (HEADER, TEMPLATE, ROW)
        ),
    ],
)
def test_what_a_spreadsheet_does_to_a_table_goes_away(text: str, tmp_path: Path) -> None:
    assert format_table(text) == table(ROW)
    file = tmp_path / "x.tsv"
    file.write_text(format_table(text), encoding="utf-8")
    (row,) = read_terms(file)
    assert (row.exact_synonyms, row.use_note) == (("a b", "c"), 'He said "no".')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (table([*ROW, "", "more"]), r"x\.tsv:3: found 12 cells, expected 10"),
        ("ID\tLABEL\n", "header and the template"),
        ("", "header and the template"),
        ('"ID\t', "not a tab-separated table"),
    ],
)
def test_a_table_that_is_none_is_not_formatted(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        format_table(text, file="x.tsv")


def test_the_words_of_a_table_keep_their_order() -> None:
    rows = [["CL:2", "b", "owl:Class", "", "marker|cell type", "", "", "z|a", "", ""], ["CL:1", *ROW[1:]]]
    assert format_table(table(*rows)) == table(*rows)


# ---- the command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the ontology in its canonical form, that a test may break."""
    copy = Path(shutil.copytree(ontology_folder(), tmp_path / "ontology"))
    for path in files_to_format(copy):
        path.write_text(format_file(path).text, encoding="utf-8")
    return copy


def test_check_names_each_file_and_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    core, cells, markers = folder / "core.ttl", folder / "terms" / "cell-types.tsv", folder / "terms" / "markers.tsv"
    core.write_text(core.read_text() + "\n")
    markers.write_text(markers.read_text() + "\n")
    before = core.read_text()
    assert run("format", "--check", core, cells, markers) == 1
    assert capsys.readouterr().err.splitlines() == [f"{path}: not in canonical form" for path in (core, markers)]
    assert core.read_text() == before
    assert run("format", core, cells, markers) == 0
    assert run("format", "--check", core, cells, markers) == 0


def test_check_without_a_file_looks_at_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("format", "--check") == 0
    assert capsys.readouterr().err == f"{len(files_to_format())} files: canonical\n"


@pytest.mark.parametrize("name", ["x.csv", "x.owl", "x.sssom.tsv"])
def test_a_file_of_another_kind_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("a,b\n")
    assert run("format", tmp_path / name) == 2
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("words", [("-o", "y.ttl"), ("--into", "core")])
def test_one_output_takes_one_file(words: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("format", tmp_path / "a.ttl", tmp_path / "b.ttl", *words) == 2
    assert "take one FILE" in capsys.readouterr().err


def test_what_an_owl_tool_saved_becomes_canonical_turtle_beside_it(tmp_path: Path) -> None:
    owl = tmp_path / "rich.owl"
    owl.write_text(to_text(name_blank_nodes(parse(RICH)), "owl"), encoding="utf-8")
    assert run("format", owl) == 0
    assert (tmp_path / "rich.ttl").read_text() == format_turtle(RICH)
    (tmp_path / "rich.ttl").write_text("# mine\n" + format_turtle(RICH))
    assert run("format", owl) == 2
    assert run("format", owl, "-o", tmp_path / "other.ttl") == 0
    assert (tmp_path / "other.ttl").read_text() == format_turtle(RICH)
