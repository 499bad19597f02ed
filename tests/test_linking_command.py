from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.cli import command_line
from kg.errors import InputError, SourceError
from kg.linking.answers import Row
from kg.linking.own import read_own
from kg.linking.requests import read_requests
from kg.linking.writing import put_into
from kg.ontology.mappings import mapping_faults
from kg.paths import ontology_folder

DATA = Path(__file__).parent / "data" / "linking"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def run(*arguments: str) -> None:
    options = vars(command_line().parse_args(["link", *arguments]))
    options.pop("run")(**options)


def test_a_name_is_answered_as_sssom(tmp_path: Path) -> None:
    run("neurons", "--ontologies", str(DATA), "-o", str(tmp_path / "out.tsv"))
    lines = (tmp_path / "out.tsv").read_text().splitlines()
    assert any("\tneurons\tskos:exactMatch\tCL:0000540\tneuron\t" in line for line in lines)
    assert lines[0].startswith("#mapping_set_id")


def test_a_list_is_answered_name_by_name_and_twice_the_same(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("MSC\nxyzzy\nMSC\n")
    for out in ("a", "b"):
        run(str(names), "--ontologies", str(DATA), "-f", "sssom", "-o", str(tmp_path / out))
    text = (tmp_path / "a").read_text()
    assert text == (tmp_path / "b").read_text()
    assert text.count("\txyzzy\t") == 1
    assert "CL:0000134" in text


def test_without_files_the_packaged_slices_are_asked_and_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("mesenchymal stromal cell", "-f", "text", "-o", str(tmp_path / "out"))
    assert "CL:0000134" in (tmp_path / "out").read_text()
    assert "only the packaged slices" in capsys.readouterr().err


def test_a_column_of_a_table_and_the_subjects_of_sssom_are_names(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("id,cell used\n1,neuron\n2,\n3,neuron\n4,stem cell\n")
    assert [one.name for one in read_requests(table, column="cell used")] == ["neuron", "stem cell"]
    mappings = tmp_path / "mine.sssom.tsv"
    mappings.write_text(
        "subject_id\tsubject_label\tpredicate_id\tobject_id\nx:1\tneuron\tskos:exactMatch\tCL:0000540\n"
    )
    assert [(one.identifier, one.name) for one in read_requests(mappings)] == [("x:1", "neuron")]


def test_a_name_with_a_comma_in_a_plain_list_stays_whole(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Stem Cells, Mesenchymal\nneuron\n")
    assert [one.name for one in read_requests(names)] == ["Stem Cells, Mesenchymal", "neuron"]


@pytest.mark.parametrize(
    ("content", "column", "words"),
    [
        (b"", "", "holds no name"),
        (b"a\tb\n1\t2\n", "", "--column tells"),
        (b"cells,b\n1,2\n", "cell", "has no column 'cell'; it has: cells"),
        (b"\xff\xfe\x00", "", "not UTF-8"),
        (b"a\x00b\n", "", "found a NUL"),
    ],
)
def test_a_file_without_names_is_refused(tmp_path: Path, content: bytes, column: str, words: str) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(content)
    with pytest.raises((InputError, SourceError)) as told:
        read_requests(path, column=column)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "takes names or files, or --graph"),
        (("x", "--graph"), "takes names or files, or --graph"),
        (("x", "--kind", "cells"), "expected one of"),
        (("x", "--min-confidence", "7"), "a number from 0 to 1"),
        (("x", "--min-confidence", "nan"), "a number from 0 to 1"),
        (("x", "--top", "0"), "1 or more"),
        (("x", "--into", "ontology"), "--into takes --graph"),
        ((" ", "--ontologies", str(DATA)), "an empty name"),
    ],
)
def test_wrong_use_is_told(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputError) as told:
        run(*arguments)
    assert words in str(told.value)


def test_a_review_prints_findings_and_leaves_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.sssom.tsv"
    path.write_text("subject_id\tpredicate_id\tobject_id\nx:1\tskos:exactMatch\tCL:0009999\n")
    with pytest.raises(SystemExit) as left:
        run(str(path), "--check", "--ontologies", str(DATA))
    assert left.value.code == 1
    assert "mine.sssom.tsv:2: " in capsys.readouterr().out


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ontology_folder() / "mappings", tmp_path / "mappings"))


def row(subject: str, label: str, predicate: str, target: str, name: str) -> Row:
    return Row(subject, label, predicate, target, name, "semapv:LexicalMatching", "0.99", "obo:ncit", "", "its label")


def test_matches_are_put_among_the_mappings_of_our_terms_and_the_rest_stays(mappings: Path) -> None:
    own = read_own()
    added = row("CL:0000540", own.terms["CL:0000540"].label, "skos:exactMatch", "NCIT:C12623", "Neuron")
    left_out = row("CL:0000540", "neuron", "skos:broadMatch", "NCIT:C1", "Thing")
    before = {path.name: path.read_text() for path in mappings.iterdir()}
    (changed,) = put_into(mappings, own, [added, left_out], author="A Curator", day="2026-11-26")
    assert changed.name == "cell-types.sssom.tsv"
    after = changed.read_text()
    new = set(after.splitlines()) - set(before[changed.name].splitlines())
    assert len([line for line in new if "NCIT:C12623" in line]) == 1
    assert "NCIT:C1\t" not in after
    assert not {line for line in before[changed.name].splitlines() if not line.startswith("#")} - set(
        after.splitlines()
    )
    labels = {curie: own.terms[curie].label for curie, table in own.table_of.items() if table == "cell-types"}
    assert not mapping_faults(changed, labels)
    assert all(path.read_text() == before[path.name] for path in mappings.iterdir() if path != changed)


def test_putting_nothing_new_changes_no_byte(mappings: Path) -> None:
    own = read_own()
    known = own.accepted["CL:0000540"][0]
    again = row("CL:0000540", known.subject_label, "skos:exactMatch", known.object_id, known.object_label)
    before = (mappings / "cell-types.sssom.tsv").read_text()
    put_into(mappings, own, [again], author="A Curator", day="2026-11-26")
    assert (mappings / "cell-types.sssom.tsv").read_text() == before


def test_a_row_that_may_not_stand_there_leaves_all_files_as_they_were(mappings: Path) -> None:
    own = read_own()
    good = row("CL:0000540", own.terms["CL:0000540"].label, "skos:exactMatch", "NCIT:C12623", "Neuron")
    before = {path.name: path.read_text() for path in mappings.iterdir()}
    with pytest.raises(InputError, match="nothing was written"):
        put_into(mappings, own, [good], author="A Curator", day="some day")
    assert {path.name: path.read_text() for path in mappings.iterdir()} == before
