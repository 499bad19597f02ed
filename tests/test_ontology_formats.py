"""The whole ontology in each format: the same statements, the same bytes twice, read by the tools for it."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import InputError
from kg.ontology import ontology_quads
from kg.ontology.blank import name_blank_nodes
from kg.ontology.canonical import canonical
from kg.ontology.formats import merge, outputs, to_text
from tests.owl_texts import BASE, DECLARED, OWL, RICH, START, WIDE, deep, parse, run, same

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def whole() -> list[ox.Triple]:
    return merge(ontology_quads())


@pytest.fixture(scope="module")
def rich() -> list[ox.Triple]:
    return name_blank_nodes(parse(RICH + WIDE))


# ---- building

FORMS = {"ttl": ox.RdfFormat.TURTLE, "owl": ox.RdfFormat.RDF_XML, "nt": ox.RdfFormat.N_TRIPLES}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("which", ["whole", "rich"])
def test_each_format_says_what_the_files_say(form: str, which: str, request: pytest.FixtureRequest) -> None:
    triples = request.getfixturevalue(which)
    assert same(parse(to_text(triples, form), FORMS[form]), triples)


def test_what_is_merged_is_what_the_files_say(whole: list[ox.Triple]) -> None:
    parts = [quad.triple for quad in ontology_quads()]
    assert len(whole) > 4000
    assert same(whole, set(parts))


@pytest.mark.parametrize("form", [*FORMS, "obojson"])
def test_the_order_of_statements_makes_no_difference(form: str) -> None:
    lines = parse(RICH + WIDE)
    random.Random(7).shuffle(lines)
    assert to_text(name_blank_nodes(lines), form) == to_text(name_blank_nodes(parse(RICH + WIDE)), form)


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    assert run("build", "-f", "all", "-o", here) == 0
    program = [sys.executable, "-c", "from kg.cli import main; main()", "ontology", "build", "-o", str(there)]
    env = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)}  # another order of sets
    subprocess.run(program, env=env, check=True, capture_output=True)
    names = sorted(path.name for path in here.iterdir())
    assert names == ["ctmo.html", "ctmo.json", "ctmo.owl", "ctmo.ttl"]
    for name in names:
        assert (here / name).read_bytes() == (there / name).read_bytes(), name


def test_the_ontology_has_one_head_and_fetches_nothing(whole: list[ox.Triple]) -> None:
    heads = [
        t.subject for t in whole if t.predicate.value.endswith("#type") and t.object == ox.NamedNode(OWL + "Ontology")
    ]
    assert heads == [ox.NamedNode(BASE + "ctmo.owl")]
    assert not [t for t in whole if t.predicate.value == OWL + "imports"]


def test_everything_that_an_axiom_uses_is_declared(whole: list[ox.Triple]) -> None:
    """An OWL tool adds what is missing, and then the file that it saves differs from the one it read."""
    said: dict[str, set[object]] = {}
    for triple in whole:
        if isinstance(triple.subject, ox.NamedNode) and triple.predicate.value.endswith("#type"):
            said.setdefault(triple.subject.value, set()).add(triple.object)
    used: dict[str, str] = {}
    names = ("onProperty", "someValuesFrom", "allValuesFrom", "onClass", "disjointWith", "equivalentClass", "inverseOf")
    for triple in whole:
        name = triple.predicate.value.split("#")[-1]
        if name in (*names, "subClassOf", "subPropertyOf", "domain", "range") and isinstance(
            triple.object, ox.NamedNode
        ):
            used[triple.object.value] = name
        if name in ("subClassOf", "subPropertyOf", "domain", "range") and isinstance(triple.subject, ox.NamedNode):
            used[triple.subject.value] = name
    builtin = ("http://www.w3.org/2001/XMLSchema#", OWL, "http://www.w3.org/2000/01/rdf-schema#")
    assert {iri: why for iri, why in used.items() if iri not in said and not iri.startswith(builtin)} == {}


@pytest.mark.parametrize(
    ("out", "form", "expected"),
    [
        (None, None, [("ttl", None)]),
        ("-", "owl", [("owl", None)]),
        ("x.owl", None, [("owl", "x.owl")]),
        ("x.RDF", None, [("owl", "x.RDF")]),
        ("x.json", None, [("obojson", "x.json")]),
        ("x.txt", "nt", [("nt", "x.txt")]),
        ("new", "html", [("html", "new")]),
        ("new", None, [(form, f"new/ctmo{end}") for form, end in (("ttl", ".ttl"), ("owl", ".owl"))]
         + [("obojson", "new/ctmo.json"), ("html", "new/ctmo.html")]),
        (".", "nt", [("nt", "ctmo.nt")]),
    ],
)  # fmt: skip
def test_the_format_is_named_or_seen_from_the_ending(
    out: str | None, form: str | None, expected: list[tuple[str, str | None]]
) -> None:
    planned = outputs(Path(out) if out else None, form)
    assert [(each, str(path) if path else None) for each, path in planned] == expected


@pytest.mark.parametrize(
    ("out", "form", "message"),
    [
        (None, "all", "need a folder: -o DIR"),
        ("x.txt", None, r"x\.txt: expected a name that ends in \.ttl"),
        (None, "obo", "no format 'obo'; expected one of: ttl, owl, nt, obojson, html, all"),
    ],
)
def test_a_format_that_is_not_there_is_refused(out: str | None, form: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        outputs(Path(out) if out else None, form)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run("build", "-f", "all", "-o", tmp_path / "file" / "x") == 2
    assert "cannot be made" in capsys.readouterr().err


# ---- RDF/XML


def test_owl_tools_load_the_rdfxml(whole: list[ox.Triple], tmp_path: Path) -> None:
    import owlready2
    import rdflib

    file = tmp_path / "ctmo.owl"
    file.write_text(to_text(whole, "owl"))
    assert len(rdflib.Graph().parse(file, format="xml")) == len(whole)
    world = owlready2.World()
    loaded = world.get_ontology(file.as_uri()).load()
    classes = {
        t.subject for t in whole if t.object == ox.NamedNode(OWL + "Class") and isinstance(t.subject, ox.NamedNode)
    }
    assert {ox.NamedNode(each.iri) for each in loaded.classes()} == classes


def test_a_namespace_without_a_prefix_of_ours_gets_a_number() -> None:
    triples = parse("<x:a> <http://b.org/p> 1 ; <http://a.org/p> <http://c.org/o> .")
    assert re.findall(r'xmlns:(ns\d)="(.*)"', to_text(triples, "owl")) == [
        ("ns1", "http://a.org/"),
        ("ns2", "http://b.org/"),
    ]


def test_the_rdfxml_nests_what_belongs_together(whole: list[ox.Triple], rich: list[ox.Triple]) -> None:
    for text in (to_text(whole, "owl"), to_text(rich, "owl")):
        assert "rdf:nodeID" not in text
        assert 'rdf:parseType="Collection"' in text
        assert "<owl:Restriction>" in text


@pytest.mark.parametrize(
    "text",
    [
        "<x:a> <http://x.org/p> '\\n   ', '', '\\r', ' <&> ', '\\t' .",
        "_:a <http://x.org/p> _:b . <x:c> <http://x.org/p> _:b, _:a . <x:d> <http://x.org/q> _:a .",  # pointed at twice
        "<x:a> <http://x.org/p> ( 1 'b' <x:c> ) .",  # literals are no members of a collection
        "<x:a> <http://x.org/p> ( <x:b> [ <http://x.org/p> ( ) ] ) , ( ) .",
        "<x:a> <http://x.org/p> _:l . <x:b> <http://x.org/p> _:l . _:l rdf:first <x:c> ; rdf:rest rdf:nil .",  # shared
        "<x:a> <http://x.org/p> _:l . _:l rdf:first <x:c> ; rdf:rest rdf:nil ; rdfs:label 'more' .",
        "<x:a> <http://x.org/p> _:l . _:l rdf:first <x:c>, <x:d> ; rdf:rest rdf:nil .",
        "<x:a> a <x:123>, owl:Class, <http://x.org/T> .",
        "<x:a?b=1&c='> <http://x.org/p> <x:a?b=1&c='> .",
        "<x:a> <http://x.org/p-q.r> 'x'@de-AT, '1'^^<x:type> .",
        "<x:a> <urn:p> 'a urn has a local name too' .",
    ],
)
def test_odd_statements_come_back_from_rdfxml(text: str) -> None:
    triples = name_blank_nodes(parse(START + text))
    assert same(parse(to_text(triples, "owl"), ox.RdfFormat.RDF_XML), triples)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<x:a> <http://x.org/p> '\\u0001' .", r"cannot hold the character '\\x01'"),
        ("<x:a> <http://x.org/123> 1 .", "cannot write the property http://x.org/123"),
        ("<x:a> rdf:li 1 .", "cannot write the property rdf:li"),
    ],
)
def test_what_rdfxml_cannot_hold_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        to_text(parse(START + text), "owl")


@pytest.mark.parametrize("form", ["owl", "obojson"])
def test_deep_nesting_ends_nothing(form: str) -> None:
    triples = canonical(parse(deep(3000)))
    text = to_text(triples, form)
    if form == "owl":
        assert canonical(parse(text, ox.RdfFormat.RDF_XML)) == triples


def test_a_long_list_is_a_list() -> None:
    members = " ".join(f":x{number}" for number in range(5000))
    triples = name_blank_nodes(parse(f"{START} :A owl:unionOf ( {members} ) ."))
    text = to_text(triples, "owl")
    assert text.count("Collection") == 1
    assert same(parse(text, ox.RdfFormat.RDF_XML), triples)


# ---- OBO graphs

#: The fields of the format, by the kind of thing that has them.
FIELDS = {
    "graph": {"id", "lbl", "meta", "nodes", "edges", "equivalentNodesSets", "logicalDefinitionAxioms"}
    | {"domainRangeAxioms", "propertyChainAxioms"},
    "nodes": {"id", "lbl", "type", "propertyType", "meta"},
    "edges": {"sub", "pred", "obj", "meta"},
    "equivalentNodesSets": {"representativeNodeId", "nodeIds", "meta"},
    "logicalDefinitionAxioms": {"definedClassId", "genusIds", "restrictions", "meta"},
    "domainRangeAxioms": {"predicateId", "domainClassIds", "rangeClassIds", "allValuesFromEdges", "meta"},
    "propertyChainAxioms": {"predicateId", "chainPredicateIds", "meta"},
    "meta": {"definition", "comments", "subsets", "xrefs", "synonyms", "basicPropertyValues", "version", "deprecated"},
    "definition": {"val", "xrefs", "meta", "pred"},
    "synonyms": {"pred", "val", "xrefs", "synonymType", "meta"},
    "xrefs": {"val", "lbl", "meta"},
    "basicPropertyValues": {"pred", "val", "xrefs", "meta"},
    "restrictions": {"propertyId", "fillerId"},
    "allValuesFromEdges": {"sub", "pred", "obj", "meta"},
}


def unknown_fields(kind: str, thing: object) -> list[str]:
    if isinstance(thing, list):
        return [found for each in thing for found in unknown_fields(kind, each)]
    if not isinstance(thing, dict):
        return []
    here = [f"{kind}.{name}" for name in thing if name not in FIELDS.get(kind, set())]
    return here + [found for name, inside in thing.items() for found in unknown_fields(name, inside)]


def test_obo_graphs_have_only_the_fields_of_the_format(whole: list[ox.Triple]) -> None:
    document = json.loads(to_text(whole, "obojson"))
    assert list(document) == ["graphs"]
    assert unknown_fields("graph", document["graphs"]) == []
    (graph,) = document["graphs"]
    ids = {node["id"] for node in graph["nodes"]}
    assert len(ids) == len(graph["nodes"])
    assert {node["type"] for node in graph["nodes"]} == {"CLASS", "PROPERTY", "INDIVIDUAL"}
    assert [edge for edge in graph["edges"] if not {edge["sub"], edge["obj"]} <= ids] == []
    parents = [t for t in whole if t.predicate.value.endswith("#subClassOf") and isinstance(t.object, ox.NamedNode)]
    assert sum(edge["pred"] == "is_a" for edge in graph["edges"]) == len(parents)


def test_fastobo_reads_the_graphs(whole: list[ox.Triple], tmp_path: Path) -> None:
    fastobo = pytest.importorskip("fastobo", reason="fastobo is not installed")
    file = tmp_path / "ctmo.json"
    file.write_text(to_text(whole, "obojson"), encoding="utf-8")
    document = fastobo.load_graph(str(file))
    terms = {str(frame.id): str(frame) for frame in document if type(frame).__name__ == "TermFrame"}
    cell = terms["CL:0002569"]
    assert "name: mesenchymal stem cell of umbilical cord\n" in cell
    assert "is_a: CL:0000134" in cell
    assert "relationship: https://w3id.org/ctmo/tissueOfOrigin UBERON:0002331" in cell
    assert len(document) == len(json.loads(file.read_text(encoding="utf-8"))["graphs"][0]["nodes"])


def test_each_kind_of_axiom_has_its_place_in_obo_graphs() -> None:
    text = (
        START
        + DECLARED
        + """
:A rdfs:label "a"@en ; obo:IAO_0000115 "An a."@en ; oio:hasExactSynonym "aa"@en ; rdfs:comment "why" ;
  owl:deprecated true ; oio:hasDbXref "X:1" ; skos:note "n" .
[] a owl:Axiom ; owl:annotatedSource :A ; owl:annotatedProperty obo:IAO_0000115 ; owl:annotatedTarget "An a."@en ;
  oio:hasDbXref "me:1" ; rdfs:comment "c" .
:B rdfs:subClassOf :A , [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :C ] ,
  [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :C ] ; owl:equivalentClass :D . :D a owl:Class .
:C owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :A [ a owl:Restriction ; owl:onProperty :p ;
  owl:someValuesFrom :B ] ) ] , [ a owl:Class ; owl:unionOf ( :A :B ) ] .
:p rdfs:domain :A ; rdfs:range :B ; rdfs:subPropertyOf :q ; owl:inverseOf :q ; owl:propertyChainAxiom ( :q :p ) .
:i a :A ; :p :j .
"""
    )
    (graph,) = json.loads(to_text(parse(text), "obojson"))["graphs"]
    node = next(each for each in graph["nodes"] if each["id"] == BASE + "A")
    assert node == {
        "id": BASE + "A",
        "lbl": "a",
        "type": "CLASS",
        "meta": {
            "definition": {
                "val": "An a.",
                "xrefs": ["me:1"],
                "meta": {"basicPropertyValues": [{"pred": "http://www.w3.org/2000/01/rdf-schema#comment", "val": "c"}]},
            },
            "comments": ["why"],
            "synonyms": [{"pred": "hasExactSynonym", "val": "aa"}],
            "xrefs": [{"val": "X:1"}],
            "basicPropertyValues": [{"pred": "http://www.w3.org/2004/02/skos/core#note", "val": "n"}],
            "deprecated": True,
        },
    }
    edges = [tuple(value.removeprefix(BASE) for value in edge.values()) for edge in graph["edges"]]
    assert edges == [
        ("B", "p", "C"),
        ("B", "is_a", "A"),
        ("i", "p", "j"),
        ("i", "type", "A"),
        ("p", "inverseOf", "q"),
        ("p", "subPropertyOf", "q"),
    ]
    assert graph["equivalentNodesSets"] == [{"representativeNodeId": BASE + "B", "nodeIds": [BASE + "B", BASE + "D"]}]
    restriction = {"propertyId": BASE + "p", "fillerId": BASE + "B"}
    assert graph["logicalDefinitionAxioms"] == [
        {"definedClassId": BASE + "C", "genusIds": [BASE + "A"], "restrictions": [restriction]}
    ]
    only = {"sub": BASE + "B", "pred": BASE + "p", "obj": BASE + "C"}
    assert graph["domainRangeAxioms"] == [
        {
            "predicateId": BASE + "p",
            "domainClassIds": [BASE + "A"],
            "rangeClassIds": [BASE + "B"],
            "allValuesFromEdges": [only],
        }
    ]
    assert graph["propertyChainAxioms"] == [{"predicateId": BASE + "p", "chainPredicateIds": [BASE + "q", BASE + "p"]}]
