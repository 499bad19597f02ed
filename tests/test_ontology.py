"""The ontology: tables, canonical form, and what the reasoner must refuse."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import KgError, SourceError
from kg.ontology import HEADER, TEMPLATE, compile_turtle, format_core, ontology_quads, read_lexicon, read_terms
from kg.paths import ontology_folder
from kg.reason import check_ontology, java_is_there
from tests.conftest import SHARED

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


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["ctmo:1", "x"], "found 2 cells, expected 10"),
        (["no id", "x", "owl:Class", "", "", "", "", "", "", ""], "expected a CURIE with a prefix of ours"),
        (["FOO:1", "x", "owl:Class", "", "", "", "", "", "", ""], "expected a CURIE with a prefix of ours"),
        (["CL:1", "", "owl:Class", "", "", "", "", "", "", ""], "has no label"),
        (["CL:1", "x", "owl:Thing", "", "", "", "", "", "", ""], "expected 'owl:Class'"),
    ],
)
def test_a_broken_row_is_named_with_its_line(tmp_path: Path, cells: list[str], message: str) -> None:
    table = tmp_path / "x.tsv"
    table.write_text("\n".join("\t".join(row) for row in (HEADER, TEMPLATE, cells)) + "\n")
    with pytest.raises(SourceError, match=rf"x\.tsv:3: .*{message}"):
        read_terms(table)


def test_a_table_without_its_header_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "x.tsv"
    table.write_text("ID\tLABEL\n")
    with pytest.raises(SourceError, match="header and the template"):
        read_terms(table)


def test_the_compiled_ontology_is_the_same_twice_and_loses_nothing() -> None:
    turtle = compile_turtle()
    assert turtle == compile_turtle()
    read = {quad.triple for quad in ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE)}
    assert read == {quad.triple for quad in ontology_quads()}


def test_formatting_keeps_every_triple_and_formatting_again_changes_nothing() -> None:
    core = (ontology_folder() / "core.ttl").read_text(encoding="utf-8")
    formatted = format_core(core)
    assert format_core(formatted) == formatted
    before, after = (
        {quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)} for text in (core, formatted)
    )
    assert before == after


def test_core_is_in_its_canonical_form() -> None:
    core = (ontology_folder() / "core.ttl").read_text(encoding="utf-8")
    assert format_core(core) == core


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
