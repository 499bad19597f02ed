"""OWL as Turtle, and what the tests of the ontology's files do with it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.cli import command_line
from kg.errors import KgError

BASE, OWL, OBO = "https://w3id.org/ctmo/", "http://www.w3.org/2002/07/owl#", "http://purl.obolibrary.org/obo/"
START = f"""
@prefix : <{BASE}> .
@prefix owl: <{OWL}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix obo: <{OBO}> .
@prefix oio: <http://www.geneontology.org/formats/oboInOwl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
DECLARED = """
<https://w3id.org/ctmo/ctmo.owl> a owl:Ontology ; owl:versionInfo "1" .
obo:IAO_0000115 a owl:AnnotationProperty . oio:hasDbXref a owl:AnnotationProperty .
:p a owl:ObjectProperty . :q a owl:ObjectProperty . :d a owl:DatatypeProperty .
:A a owl:Class . :B a owl:Class . :C a owl:Class . :i a owl:NamedIndividual . :j a owl:NamedIndividual .
"""
#: Every construct that the ontology may use, each at least once.
RICH = (
    START
    + DECLARED
    + """
:p rdfs:label "has <part> & more"@en ; rdfs:domain :A ; rdfs:range [ a owl:Class ; owl:unionOf ( :B :A ) ] ;
  a owl:TransitiveProperty ; rdfs:subPropertyOf :q ; owl:propertyChainAxiom ( :q :p ) .
:q owl:inverseOf :p . :d a owl:FunctionalProperty ; rdfs:range xsd:decimal .
:A obo:IAO_0000115 "x \\"y\\"\\n z"@en ; rdfs:comment "", "  " , "back\\\\slash" .
[] a owl:Axiom ; owl:annotatedSource :A ; owl:annotatedProperty obo:IAO_0000115 ;
  owl:annotatedTarget "x \\"y\\"\\n z"@en ; oio:hasDbXref "mechtrail" .
:B owl:disjointWith :A .
:C owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :A
  [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom [ a owl:Class ; owl:intersectionOf ( :B
    [ a owl:Class ; owl:unionOf (
      [ a owl:Restriction ; owl:onProperty :d ; owl:someValuesFrom [ a rdfs:Datatype ; owl:onDatatype xsd:decimal ;
        owl:withRestrictions ( [ xsd:minInclusive 95.0 ] [ xsd:maxExclusive 100.5 ] ) ] ]
      [ a owl:Class ; owl:complementOf :A ] [ a owl:Class ; owl:oneOf ( :i :j ) ] ) ] ) ] ]
  [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :p ] ; owl:hasValue :i ] ) ] .
:B rdfs:subClassOf
  [ a owl:Restriction ; owl:onProperty :p ; owl:minQualifiedCardinality "2"^^xsd:nonNegativeInteger ; owl:onClass :A ],
  [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality "2"^^xsd:nonNegativeInteger ],
  [ a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ],
  [ a owl:Restriction ; owl:onProperty :d ; owl:hasValue 1.5 ],
  [ a owl:Restriction ; owl:onProperty :d ; owl:someValuesFrom [ a rdfs:Datatype ; owl:oneOf ( "a" "b" ) ] ],
  [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :B ] .
:i a :A ; :p :j ; :d 95.0 ; owl:differentFrom :j . :j a [ a owl:Class ; owl:complementOf :A ] .
[] a owl:Class ; owl:intersectionOf ( :A :B ) ; rdfs:subClassOf owl:Nothing .
"""
)
#: Lists of three and more things that exclude each other; py-horned-owl 2.0 leaves them out when it reads RDF/XML.
WIDE = """
[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) .
[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :r a owl:ObjectProperty .
[] a owl:AllDifferent ; owl:distinctMembers ( :i :j :k ) . :k a owl:NamedIndividual .
"""


def parse(text: str, form: ox.RdfFormat = ox.RdfFormat.TURTLE) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(text.encode(), format=form)]


def same(one: Iterable[ox.Triple], other: Iterable[ox.Triple]) -> bool:
    """Say whether two sets of triples differ at most in the names of blank nodes, by an algorithm that is not ours."""
    graphs = []
    for triples in (one, other):
        data = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in triples)
        data.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        graphs.append(data)
    return graphs[0] == graphs[1]


def run(*words: str | Path) -> int:
    """Run `mechtrail ontology ...` and give its exit code."""
    arguments = vars(command_line().parse_args(["ontology", *map(str, words)]))
    command = arguments.pop("run")
    try:
        command(**arguments)
    except KgError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def deep(levels: int) -> str:
    """Give a class expression in so many others."""
    return START + ":A rdfs:subClassOf " + "[ a owl:Class ; owl:complementOf " * levels + ":B" + " ]" * levels + " ."
