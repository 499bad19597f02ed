"""KGX graphs of other people."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError
from kg.knowledge import kgx
from kg.namespaces import CTMO, PREFIXES
from tests.knowledge import Result, load, member

BIOLINK, RDF_TYPE, LABEL = PREFIXES["biolink"], PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"
CELL, GENE = "<http://purl.obolibrary.org/obo/CL_0000134>", "<http://identifiers.org/ncbigene/627>"
EDGE = {
    "id": "urn:uuid:1",
    "subject": "CL:0000134",
    "predicate": "biolink:expresses",
    "object": "NCBIGene:627",
    "primary_knowledge_source": "infores:example",
    "agent_type": "manual_agent",
    "knowledge_level": "knowledge_assertion",
    "publications": "PMID:1|PMID:2",
}
NODE = {"id": "NCBIGene:627", "category": "biolink:Gene|biolink:NamedThing", "name": "BDNF | factor"}


def as_table(*records: dict[str, str]) -> bytes:
    columns = list(dict.fromkeys(name for each in records for name in each))
    lines = ["\t".join(columns), *("\t".join(each.get(name, "") for name in columns) for each in records)]
    return ("\n".join(lines) + "\n").encode()


def read(*records: dict[str, str]) -> Result:
    return load(kgx.read, member(as_table(*records), "edges.tsv"))


def test_an_edge_gives_its_triple_and_an_association_with_its_source() -> None:
    triples = read(EDGE).triples()
    assert (CELL, BIOLINK + "expresses", GENE) in triples
    about = {predicate.removeprefix(BIOLINK): value for subject, predicate, value in triples if "urn:uuid:1" in subject}
    assert about[RDF_TYPE] == f"<{BIOLINK}Association>"
    assert (about["subject"], about["object"]) == (CELL, GENE)
    assert about["primary_knowledge_source"] == "<https://w3id.org/information-resource-registry/example>"
    assert (about["agent_type"], about["knowledge_level"]) == ('"manual_agent"', '"knowledge_assertion"')
    assert read(EDGE).values(BIOLINK + "publications") == [f"http://identifiers.org/pubmed/{n}" for n in "12"]


def test_no_predicate_of_ours_is_ever_written() -> None:
    result = read(EDGE, EDGE | {"predicate": "ctmo:secretes"}, EDGE | {"predicate": CTMO + "secretes"})
    assert not any(predicate.startswith(CTMO) for _, predicate, _ in result.triples())
    assert ["expected one of Biolink" in each.reason for each in result.refused] == [True, True]


def test_a_negated_edge_gives_no_triple_between_its_ends() -> None:
    triples = read(EDGE | {"negated": "True"}).triples()
    assert (CELL, BIOLINK + "expresses", GENE) not in triples
    assert ("<urn:uuid:1>", BIOLINK + "negated", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>') in triples


def test_a_node_has_its_name_and_categories() -> None:
    result = read(NODE | {"description": "A sentence that somebody wrote.", "colour": "red"})
    assert result.values(LABEL) == ["BDNF | factor"]
    assert result.values(BIOLINK + "category") == [BIOLINK + "Gene", BIOLINK + "NamedThing"]
    assert [(each.part, each.reason) for each in result.ignored] == [
        ("colour (1 values)", "no place for this slot"),
        ("description (1 values)", "a sentence of other people"),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"primary_knowledge_source": ""}, "names no source"),
        ({"subject": ""}, "subject: has no value"),
        ({"subject": "CL:1|CL:2"}, "subject: found 'CL:1|CL:2', which makes no address"),
        ({"object": "NCBIGeen:627"}, "no prefix 'NCBIGeen' is known here; nearest: NCBIGene"),
        ({"predicate": "biolink:Gene"}, "expected one of Biolink"),
        ({"predicate": ""}, "expected one of Biolink"),
    ],
)
def test_an_edge_that_cannot_be_used_is_refused_with_its_line(change: dict[str, str], reason: str) -> None:
    result = read(EDGE, EDGE | change, EDGE | {"object": "NCBIGene:628"})
    assert [(each.record, each.line) for each in result.refused] == [("row 2", 3)]
    assert reason in result.refused[0].reason
    assert len(result.pieces) == 2


def test_a_node_may_not_speak_for_a_term_of_ours() -> None:
    result = read(NODE, NODE | {"id": CTMO + "CTMO_0000001"})
    assert [each.record for each in result.refused] == ["row 2"]


def test_an_edge_may_not_take_the_name_of_a_record_of_ours() -> None:
    subjects = {subject for subject, _, _ in read(EDGE | {"id": CTMO + "assertion/1"}).triples()}
    assert f"<{CTMO}assertion/1>" not in subjects


def test_json_lines_say_the_same() -> None:
    edge = {**EDGE, "publications": ["PMID:1", "PMID:2"], "negated": False}
    node = {**NODE, "category": ["biolink:Gene", "biolink:NamedThing"], "xref": None}
    source = member(f"{json.dumps(edge)}\n\n{json.dumps(node)}\n".encode(), "x.jsonl")
    assert kgx.accepts(source)
    assert load(kgx.read, source).triples() == read(EDGE).triples() | read(NODE).triples()


def test_a_bad_line_of_json_is_refused_and_the_others_are_read() -> None:
    good = json.dumps(NODE).encode()
    content = b"\n".join([good, b"[]", b"{", good.replace(b"627", b"628"), b"null", b'{"id": {"a": 1}}'])
    result = load(kgx.read, member(content, "x.jsonl"))
    assert [each.line for each in result.refused] == [2, 3, 5, 6]
    assert len(result.pieces) == 2


@pytest.mark.parametrize(
    "content", [b"", b"a\tb\n1\t2\n", b"id\tid\tcategory\n", b"id\tcategory\n\xff\t\n", b"PK\x03\x04"]
)
def test_a_file_that_is_no_graph_is_refused(content: bytes) -> None:
    with pytest.raises(KgError):
        load(kgx.read, member(content, "x.tsv"))


@given(st.lists(st.text(alphabet="a:\t|{}\"' ", min_size=1, max_size=30).filter(str.strip), max_size=6))
def test_each_line_comes_out_as_a_piece_or_is_refused(lines: list[str]) -> None:
    content = "\n".join(["subject\tpredicate\tobject\tprimary_knowledge_source", *lines]).encode()
    result = load(kgx.read, member(content, "x.tsv"))
    assert len(result.pieces) + len(result.refused) == len(lines)
