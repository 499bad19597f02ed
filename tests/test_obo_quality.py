"""The OBO checks: each finds what it is there to find, lets the near miss pass, and finds nothing in our ontology."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.catalogue import load_catalogue, select
from kg.namespaces import compress
from kg.ontology import ontology_quads
from kg.rdf import graph_iri
from kg.store import LocalStore
from kg.validate import check_quality
from tests.conftest import DATA, SHARED

#: The checks of the report of ROBOT, by level; those of definitions and synonyms are among the warnings.
REPORT = {
    "error": """
deprecated-boolean-datatype deprecated-class-reference deprecated-property-reference duplicate-definition
duplicate-label illegal-use-of-built-in-vocabulary label-formatting label-whitespace missing-label
missing-ontology-description missing-ontology-license missing-ontology-title misused-obsolete-label misused-replaced-by
multiple-definitions multiple-equivalent-class-definitions multiple-labels""",
    "warn": """
annotation-whitespace duplicate-exact-synonym duplicate-label-synonym duplicate-scoped-synonym
equivalent-class-axiom-no-genus equivalent-pair invalid-entity-uri invalid-xref missing-definition
missing-obsolete-label missing-subset-declaration missing-synonymtype-declaration multiple-equivalent-classes""",
    "info": "lowercase-definition missing-superclass",
}

#: The principles of the OBO Foundry that a file by itself can keep or break.
PRINCIPLES = {1, 2, 3, 4, 6, 7, 12, 16}

QUESTIONS = {q.name.partition("/")[2]: q for q in load_catalogue().values() if q.name.startswith("obo/")}
CASES = sorted((DATA / "obo").glob("*/*.ttl"))
GRAPH = graph_iri("ontology", "case")


def _store(path: Path) -> LocalStore:
    store = LocalStore.in_memory()
    triples = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    store.extend(ox.Quad(q.subject, q.predicate, q.object, GRAPH) for q in triples)
    return store


def _found(store: LocalStore, name: str, day: str = "2026-11-25") -> set[str]:
    """Ask one question; give what it names."""
    question = QUESTIONS[name]
    given = {parameter.name: ox.Literal(day) for parameter in question.parameters}
    return {compress(row["entity"].value) if row["entity"] else "-" for row in select(store, question, **given)}


def _expected(path: Path) -> set[str]:
    """Give the names in the first line of a bad file: `# finds a b c`."""
    head = path.read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith("# finds ")
    return {compress(name.strip("<>")) for name in head.removeprefix("# finds ").split()}


def test_every_check_has_its_question_and_its_level() -> None:
    levels = {name: set(q.tags) & {"error", "warn", "info"} for name, q in QUESTIONS.items()}
    report = {name: level for name, level in levels.items() if not name.startswith(("fp", "dl-"))}
    assert report == {name: {level} for level, names in REPORT.items() for name in names.split()}
    assert [len(names.split()) for names in REPORT.values()] == [17, 13, 2]
    assert {int(name[2:4]) for name in levels if name.startswith("fp")} == PRINCIPLES
    assert all(len(level) == 1 for level in levels.values())
    assert all({"quality", "ontology", "obo"} <= set(question.tags) for question in QUESTIONS.values())


def test_every_check_has_a_fault_and_a_near_miss() -> None:
    kinds = {(path.parent.name, path.stem.rstrip("0123456789")) for path in CASES}
    assert kinds == {(name, kind) for name in QUESTIONS for kind in ("bad", "good")}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_check_names_the_faults_and_nothing_else(path: Path) -> None:
    expected = _expected(path) if path.stem.startswith("bad") else set()
    assert _found(_store(path), path.parent.name) == expected


@pytest.fixture(scope="module")
def ours() -> LocalStore:
    store = LocalStore.in_memory()
    store.extend(ontology_quads())
    return store


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_ontology_passes(name: str, ours: LocalStore) -> None:
    assert _found(ours, name) == set()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the Relation Ontology is not on this machine")
def test_no_relation_of_ours_has_the_label_of_one_of_ro(ours: LocalStore) -> None:
    store = LocalStore.in_memory()
    store.extend(ours.quads())
    ro = gzip.decompress((SHARED / "external" / "ro" / "ro.owl.gz").read_bytes())
    triples = ox.parse(ro, format=ox.RdfFormat.RDF_XML)
    store.extend(ox.Quad(q.subject, q.predicate, q.object, graph_iri("test", "ro")) for q in triples)
    question = 'ASK { ?r <http://www.w3.org/2000/01/rdf-schema#label> "causally upstream of" }'
    assert not ours.query(question)  # RO says more than the slice of it that we carry
    assert store.query(question.replace('of"', 'of"@en')) or store.query(question)
    mine = ox.NamedNode("https://w3id.org/ctmo/comesBefore")
    rdfs, owl = "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2002/07/owl#"
    assert {name for name in _found(store, "fp07-relations") if name.startswith("ctmo:")} == set()
    store.extend(
        [
            ox.Quad(mine, ox.NamedNode(rdfs + "label"), ox.Literal("causally upstream of", language="en"), GRAPH),
            ox.Quad(mine, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
                    ox.NamedNode(owl + "ObjectProperty"), GRAPH),
        ]
    )  # fmt: skip
    assert "ctmo:comesBefore" in _found(store, "fp07-relations")


@pytest.mark.parametrize(("day", "old"), [("2026-11-24", True), ("2026-11-23", False), ("", False), ("soon", False)])
def test_the_age_of_the_version_is_judged_by_the_day_that_is_given(day: str, old: bool) -> None:
    store = LocalStore.in_memory()
    header = ox.NamedNode("https://w3id.org/ctmo/ctmo.owl")
    owl = "http://www.w3.org/2002/07/owl#"
    version = ox.NamedNode("https://w3id.org/ctmo/releases/2024-11-23/ctmo.owl")
    store.extend(
        [
            ox.Quad(header, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
                    ox.NamedNode(owl + "Ontology"), GRAPH),
            ox.Quad(header, ox.NamedNode(owl + "versionIRI"), version, GRAPH),
        ]
    )  # fmt: skip
    assert bool(_found(store, "fp16-maintenance", day)) is old
    if len(day) == 10:
        checks = [problem.check for problem in check_quality(store, tag="obo", today=date.fromisoformat(day))]
        assert ("obo/fp16-maintenance" in checks) is old
    assert "obo/fp16-maintenance" not in [problem.check for problem in check_quality(store, tag="obo")]
