"""The ontology: tables, canonical form, and what the reasoner must refuse."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import InputError, KgError, SourceError
from kg.ontology import (
    HEADER,
    TEMPLATE,
    comment_lines,
    format_turtle,
    ontology_quads,
    read_lexicon,
    read_terms,
    write_core,
)
from kg.paths import ontology_folder
from kg.reason import check_ontology, java_is_there
from tests.conftest import SHARED
from tests.owl_texts import run

TABLES = sorted((ontology_folder() / "terms").glob("*.tsv"))
java = pytest.mark.skipif(not java_is_there(), reason="no Java on this machine")


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.name)
def test_every_parent_is_a_term_and_no_label_stands_twice(table: Path) -> None:
    known = read_lexicon().label_of_term
    labels = [label.casefold() for label in known.values()]
    for row in read_terms(table):
        assert all(parent in known for parent in row.parents), f"{table.name}:{row.line}"
        assert labels.count(row.label.casefold()) == 1, f"{table.name}:{row.line}: {row.label}"
        assert row.kinds, f"{table.name}:{row.line} has no kind"


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.name)
def test_only_terms_of_ours_carry_a_definition(table: Path) -> None:
    for row in read_terms(table):
        assert bool(row.definition) == row.id.startswith("ctmo:"), f"{table.name}:{row.line}"
        assert bool(row.definition_source) == bool(row.definition), f"{table.name}:{row.line}"


def _table(*rows: list[str]) -> str:
    return "".join("\t".join(row) + "\n" for row in (HEADER, TEMPLATE, *rows))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["ctmo:1", "x"], "found 2 cells, expected 10"),
        (["no id", "x", "owl:Class", "", "", "", "", "", "", ""], "expected a CURIE with a prefix of ours"),
        (["FOO:1", "x", "owl:Class", "", "", "", "", "", "", ""], "expected a CURIE with a prefix of ours"),
        (["CL:1", "", "owl:Class", "", "", "", "", "", "", ""], "has no label"),
        (["CL:1", "x", "owl:Thing", "", "", "", "", "", "", ""], "expected 'owl:Class'"),
        (["CL:1", "x", "owl:Class", "", "a<b", "", "", "", "", ""], "KIND: found 'a<b', expected words in small"),
        (["CL:1", "x", "owl:Class", "", "-", "", "", "", "", ""], "KIND: found '-', expected words in small"),
        (["CL:1", "x", "owl:Class", "", "marker|Cell", "", "", "", "", ""], "KIND: found 'Cell', expected words"),
        (["CL:1", "x", "owl:Class", "", "marker", "a" * 131073, "", "", "", ""], "field larger than field limit"),
    ],
)
def test_a_broken_row_is_named_with_its_line(tmp_path: Path, cells: list[str], message: str) -> None:
    table = tmp_path / "x.tsv"
    table.write_text(_table(cells))
    with pytest.raises(SourceError, match=rf"x\.tsv:3: .*{message}"):
        read_terms(table)


def test_a_cell_may_be_as_long_as_a_table_can_hold(tmp_path: Path) -> None:
    table, long = tmp_path / "x.tsv", "a" * 131072
    table.write_text(_table(["CL:1", "x", "owl:Class", "", "cell type|marker", long, "", "", "", ""]))
    (row,) = read_terms(table)
    assert (row.kinds, row.definition) == (("cell type", "marker"), long)


def test_a_table_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    table = tmp_path / "x.tsv"
    table.write_bytes(_table(["CL:1", "x"]).encode() + b"CL:2\t\xff\n")
    with pytest.raises(SourceError, match=r"x\.tsv:4: not UTF-8 text"):
        read_terms(table)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the ontology that a test may break."""
    return Path(shutil.copytree(ontology_folder(), tmp_path / "ontology"))


def test_a_kind_must_be_declared_in_core(folder: Path) -> None:
    table = folder / "terms" / "zz.tsv"
    table.write_text(_table(["CL:9999991", "x of a test", "owl:Class", "", "cell type", "", "", "", "", ""]))
    assert read_lexicon(folder).label_of_term["CL:9999991"] == "x of a test"
    table.write_text(_table(["CL:9999991", "x of a test", "owl:Class", "", "cell typo", "", "", "", "", ""]))
    message = r"zz\.tsv:3: KIND: found 'cell typo', which core\.ttl does not declare; nearest: cell type"
    with pytest.raises(SourceError, match=message):
        read_lexicon(folder)
    with pytest.raises(SourceError, match=message):
        list(ontology_quads(folder))


@pytest.mark.parametrize(
    ("content", "message"), [(b"<x:a> <x:b>\n.", r"core\.ttl:2: not valid Turtle"), (b"\xff", "not valid Turtle")]
)
def test_a_broken_core_is_named_with_its_line(folder: Path, content: bytes, message: str) -> None:
    (folder / "core.ttl").write_bytes(content)
    with pytest.raises(SourceError, match=message):
        read_lexicon(folder)


def test_a_missing_core_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"core\.ttl: cannot be read"):
        read_lexicon(tmp_path)


def test_a_table_without_its_header_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "x.tsv"
    table.write_text("ID\tLABEL\n")
    with pytest.raises(SourceError, match="header and the template"):
        read_terms(table)


def test_formatting_keeps_every_triple_and_formatting_again_changes_nothing() -> None:
    core = (ontology_folder() / "core.ttl").read_text(encoding="utf-8")
    formatted = format_turtle(core)
    assert format_turtle(formatted) == formatted
    before, after = (
        {quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)} for text in (core, formatted)
    )
    assert before == after


def test_core_is_in_its_canonical_form() -> None:
    core = (ontology_folder() / "core.ttl").read_text(encoding="utf-8")
    assert format_turtle(core) == core


LOOSE = '<x:a#b> <x:p> """\n# no comment\n""" , "# none" , \'# none\' .\n'


def _format(*words: str | Path) -> int:
    return run("format", *words)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<x:a> <x:b>\n\n.", "loose.ttl:3: not valid Turtle"),
        (b"<x:a> <x:b>\n'c", "loose.ttl:2: not valid Turtle"),
        (
            b'@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n<x:a> <x:b> "abc"^^xsd:integer .',
            "'abc', expected a value",
        ),
        (b"<a> <x:b> <x:c> .", "loose.ttl:1: not valid Turtle"),
        (b"<x:a> <x:b>\n'\xff' .", "loose.ttl:2: not UTF-8 text (byte 13)"),
    ],
)
def test_what_is_no_turtle_is_not_formatted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, message: str
) -> None:
    path = tmp_path / "loose.ttl"
    path.write_bytes(content)
    assert _format(path) == 2
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (LOOSE, []),
        ("# why\n" + LOOSE, [1]),
        ("  # why\n" + LOOSE + "# and\n", [1, 5]),
        ("<x:a> <x:p> 1 . # why\n", [1]),
        ("@prefix a: <x:a#> .\na:b\\#c a:p '\\'# none' .\n", []),
    ],
)
def test_comments_are_told_from_strings_and_iris(text: str, lines: list[int]) -> None:
    assert comment_lines(text) == lines


def test_comments_are_deleted_only_when_that_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "loose.ttl"
    text = LOOSE + "# why\n# and how\n"
    path.write_text(text)
    assert _format(path) == 2
    assert "loose.ttl:4: formatting would delete 2 comment lines; --drop-comments" in capsys.readouterr().err
    assert path.read_text() == text
    assert _format("--check", path) == 1
    assert path.read_text() == text
    assert _format("--drop-comments", path) == 0
    assert path.read_text() == format_turtle(LOOSE)
    assert _format("--check", path) == 0


def test_formatting_without_comments_writes_in_place_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path, link = tmp_path / "loose.ttl", tmp_path / "link.ttl"
    path.write_text(LOOSE)
    path.chmod(0o640)
    link.symlink_to(path)
    assert _format(link) == 0
    assert path.read_text() == format_turtle(LOOSE)
    assert path.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.ttl", "loose.ttl"]


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "loose.ttl"
    path.write_text(LOOSE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match=r"loose\.ttl: cannot be written: No space left"):
        write_core(path, "<x:a> <x:b> <x:c> .\n")
    assert path.read_text() == LOOSE
    assert [each.name for each in tmp_path.iterdir()] == ["loose.ttl"]


@java
@pytest.mark.java
def test_the_reasoner_finds_the_ontology_consistent() -> None:
    assert check_ontology() == []


@java
@pytest.mark.java
def test_the_reasoner_finds_a_class_that_can_have_no_instance() -> None:
    owl, rdfs = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#"
    base = "https://w3id.org/ctmo/"
    extra = f"""
<{base}X> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{owl}Class> .
<{base}X> <{rdfs}subClassOf> <{base}Assertion> .
<{base}X> <{rdfs}subClassOf> <{base}Study> .
<{base}Assertion> <{owl}disjointWith> <{base}Study> .
"""
    problems = check_ontology(extra.encode())
    assert [problem.where for problem in problems] == [f"{base}X"]


def test_without_java_the_reasoner_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.reason.java_is_there", lambda: False)
    with pytest.raises(KgError, match="needs a Java runtime"):
        check_ontology()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the verified mappings are not on this machine")
def test_labels_of_reused_terms_are_those_that_were_verified() -> None:
    lines = (SHARED / "curation" / "verified_terms.sssom.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    head = rows[0]
    label_of = {row[head.index("object_id")]: row[head.index("object_label")] for row in rows[1:]}
    checked = 0
    for curie, label in read_lexicon().label_of_term.items():
        if not curie.startswith("ctmo:") and curie in label_of:
            assert label == label_of[curie], curie
            checked += 1
    assert checked > 30
