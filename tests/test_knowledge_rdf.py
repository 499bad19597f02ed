"""Plain RDF of other people, and what no file may say."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, SourceError
from kg.gate import open_file
from kg.knowledge import rdf
from kg.namespaces import CTMO, PREFIXES
from kg.ontology import read_lexicon
from tests.conftest import SHARED
from tests.knowledge import Result, load, member

PROLOGUE = f"@prefix c: <{CTMO}> . @prefix rdfs: <{PREFIXES['rdfs']}> . @prefix owl: <{PREFIXES['owl']}> . " + (
    f"@prefix skos: <{PREFIXES['skos']}> . @prefix rdf: <{PREFIXES['rdf']}> . @prefix : <urn:x:> .\n"
)


def read(turtle: str, name: str = "x.ttl") -> Result:
    return load(rdf.read, member((PROLOGUE + turtle).encode(), name))


def test_each_statement_is_a_piece() -> None:
    result = read(":a :p :b , 1 ; :q [ :p 'x'@en ] .")
    assert len(result.pieces) == 4
    assert ("<urn:x:a>", "urn:x:p", "<urn:x:b>") in result.triples()


@pytest.mark.parametrize("iri", sorted(read_lexicon().iri_of_relation.values()))
def test_an_edge_in_a_relation_of_ours_is_refused_and_the_rest_is_read(iri: str) -> None:
    result = read(f":a <{iri}> :b . :a :p :b .")
    assert [each.record for each in result.refused] == ["statement 1"]
    assert "needs an assertion with evidence" in result.refused[0].reason
    assert result.triples() == {("<urn:x:a>", "urn:x:p", "<urn:x:b>")}


@pytest.mark.parametrize(
    "statement",
    [
        ":a c:status c:Accepted",
        ":a a c:Assertion",
        ":a rdf:type c:Study",
        ":p rdfs:subPropertyOf c:secretes",
        ":p owl:inverseOf c:secretes",
        ":p owl:equivalentProperty c:secretes",
        ":a owl:sameAs c:CTMO_0000001",
        ":a owl:equivalentClass c:CTMO_0000001",
        "c:CTMO_0000001 rdfs:label 'another name'",
        "c:CTMO_0000001 rdfs:subClassOf :a",
        "c:CTMO_0000001 a owl:Class",
        "c:secretes rdfs:domain :a",
        ":p c:pathStep true",
    ],
)
def test_what_would_stand_as_ours_is_refused(statement: str) -> None:
    result = read(f"{statement} .")
    assert len(result.refused) == 1
    assert result.pieces == []


@pytest.mark.parametrize(
    "statement",
    [
        ":a rdfs:subClassOf c:CTMO_0000001",  # an extension below a term of ours
        ":a skos:exactMatch c:CTMO_0000001",
        "c:CTMO_0000001 skos:closeMatch :a",
        "c:CTMO_0000001 :p :a",  # somebody else's relation
        ":a a owl:Thing",
        "<https://w3id.org/other> :p :a",
    ],
)
def test_what_others_may_say_is_read(statement: str) -> None:
    result = read(f"{statement} .")
    assert len(result.pieces) == 1
    assert result.refused == []


def test_statements_of_a_named_graph_are_read_and_that_is_told() -> None:
    result = read(":g { :a :p :b . :a c:secretes :b . } :a :p :c .", "x.trig")
    assert len(result.pieces) == 2
    assert len(result.refused) == 1
    assert [each.part for each in result.ignored] == ["graph <urn:x:g> (2 statements)"]


def test_an_import_is_told_and_not_followed() -> None:
    result = read(":a owl:imports <http://127.0.0.1:9/x.owl> .")
    assert [each.part for each in result.ignored] == ["owl:imports <http://127.0.0.1:9/x.owl>"]


def test_a_literal_that_its_datatype_does_not_have_is_kept_and_told() -> None:
    days = " , ".join(f"'2020-13-{day:02}'^^<{PREFIXES['xsd']}date>" for day in range(1, 15))
    result = read(f":a :p {days} .")
    assert len(result.pieces) == 14
    assert len(result.ignored) == 11
    assert result.ignored[-1].part == "4 more literals"


def test_keys_of_json_ld_without_a_meaning_are_told() -> None:
    content = json.dumps({"@id": "urn:a", "urn:p": [{"@id": "urn:b"}], "colour": "red"}).encode()
    result = load(rdf.read, member(content, "x.jsonld"))
    assert len(result.pieces) == 1
    assert [each.part for each in result.ignored] == ["key 'colour'"]


def test_blank_nodes_of_two_files_never_meet() -> None:
    def blanks(name: str) -> set[str]:
        return {subject for subject, _, _ in read("_:b0 :p :x .", name).triples()}

    assert not blanks("a.ttl") & blanks("b.ttl")
    assert blanks("a.ttl") == blanks("a.ttl")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"<urn:a> <urn:b> <urn:c d> .",
        b"<urn:a> <urn:b> 'x",
        b"<html></html>",
        b'{"@context": "http://127.0.0.1:9/c.jsonld", "@id": "urn:a"}',
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description>',
        b"<a> <b> <c> .",
    ],
)
def test_a_broken_file_is_refused_before_its_first_statement(content: bytes) -> None:
    rdf.accepts(member(content, "x"))
    with pytest.raises(KgError):
        next(rdf.read(member(content, "x")))


@given(st.text(alphabet="<>:. abp'\"[]_#@\n", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(KgError):
        read(text)


@pytest.mark.skipif(not (SHARED / "external" / "registry").is_dir(), reason="the registry is not on this machine")
def test_the_registry_of_ontologies_is_read_from_turtle_and_refused_where_its_context_lies_elsewhere() -> None:
    turtle, json_ld = (
        open_file(SHARED / "external" / "registry" / f"ontologies.{end}.gz") for end in ("ttl", "jsonld")
    )
    assert rdf.accepts(turtle)
    assert rdf.accepts(json_ld)
    assert len(load(rdf.read, turtle).pieces) == 5248
    with pytest.raises(SourceError, match="is not fetched"):
        next(rdf.read(json_ld))
