"""What the graph is made of, in the graph itself: VoID counts, and every question as an example.

The examples follow the convention of the SIB endpoints (`sh:SPARQLExecutable` with `sh:select`), so that editors that
know it offer them and complete from the counts.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.catalogue import Query, find_query, load_catalogue, select
from kg.namespaces import PREFIXES
from kg.rdf import RDF_TYPE, ctmo, graph_iri
from kg.store import Store

__all__ = ["DATASET", "examples", "schema_quads"]

_VOID = "http://rdfs.org/ns/void#"
_SH = PREFIXES["sh"]
_SCHEMA = "https://schema.org/"
_XSD = PREFIXES["xsd"]
_GRAPH = graph_iri("schema", "void")
#: Tags of queries that are no questions to people.
_INNER = {"rule", "quality", "network", "schema", "samples"}
DATASET = ctmo("dataset")


def examples() -> list[Query]:
    """Give the questions that stand as examples, by name."""
    return [query for query in load_catalogue().values() if not _INNER & set(query.tags)]


def _quad(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(subject, ox.NamedNode(predicate), value, _GRAPH)


def _local(iri: ox.NamedNode) -> str:
    return iri.value.removeprefix("https://w3id.org/ctmo/")


def _partitions(store: Store) -> Iterator[ox.Quad]:
    parts = (
        ("schema/classes", "class", "classPartition", "class", "entities"),
        ("schema/relations", "relation", "propertyPartition", "property", "triples"),
    )
    for question, column, link, predicate, count in parts:
        for row in select(store, find_query(question)):
            what = row[column]
            assert isinstance(what, ox.NamedNode)
            part = ctmo(f"dataset/{predicate}/{_local(what)}")
            yield _quad(DATASET, _VOID + link, part)
            yield _quad(part, _VOID + predicate, what)
            yield _quad(part, _VOID + count, ox.Literal(row["count"].value, datatype=ox.NamedNode(_XSD + "integer")))


def _example_quads(query: Query) -> Iterator[ox.Quad]:
    node = ctmo(f"query/{query.name}")
    construct = "CONSTRUCT {" in query.text or "CONSTRUCT WHERE" in query.text
    kind, text = ("SPARQLConstructExecutable", "construct") if construct else ("SPARQLSelectExecutable", "select")
    yield _quad(node, RDF_TYPE.value, ox.NamedNode(_SH + "SPARQLExecutable"))
    yield _quad(node, RDF_TYPE.value, ox.NamedNode(_SH + kind))
    yield _quad(node, PREFIXES["rdfs"] + "comment", ox.Literal(query.summary, language="en"))
    yield _quad(node, _SH + text, ox.Literal(query.text))
    yield _quad(node, _SCHEMA + "target", DATASET)
    for tag in query.tags:
        yield _quad(node, _SCHEMA + "keywords", ox.Literal(tag))


def schema_quads(store: Store) -> list[ox.Quad]:
    """Give the quads that describe a filled store: partitions, prefixes and examples, always the same for it."""
    quads = [_quad(DATASET, RDF_TYPE.value, ox.NamedNode(_VOID + "Dataset"))]
    quads += _partitions(store)
    for name, iri in sorted(PREFIXES.items()):
        node = ctmo(f"dataset/prefix/{name}")
        quads.append(_quad(DATASET, _SH + "declare", node))
        quads.append(_quad(node, _SH + "prefix", ox.Literal(name)))
        quads.append(_quad(node, _SH + "namespace", ox.Literal(iri, datatype=ox.NamedNode(_XSD + "anyURI"))))
    for query in examples():
        quads += _example_quads(query)
    return quads
