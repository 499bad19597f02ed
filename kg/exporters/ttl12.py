"""The whole graph as Turtle of RDF 1.2: each assertion as a reifier of the triple that it is about.

`rdf:subject`, `rdf:predicate` and `rdf:object` of an assertion become one `rdf:reifies <<( s p o )>>`. A reifier says
nothing about the truth of its triple: what is contradicted stands here as it does in the graph, without the plain
triple that accepted assertions have.
"""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox

from kg.exporters.dump import Dump, serialise
from kg.namespaces import CTMO, PREFIXES

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the whole graph as Turtle of RDF 1.2, assertions as reifiers"
NEEDS = "triples"

_RDF = PREFIXES["rdf"]
_PARTS = tuple(ox.NamedNode(_RDF + name) for name in ("subject", "predicate", "object"))
_REIFIES = ox.NamedNode(_RDF + "reifies")
_TYPE, _ASSERTION = ox.NamedNode(_RDF + "type"), ox.NamedNode(CTMO + "Assertion")


def write(dump: Dump) -> bytes:
    """Give every triple once; what names only a part of a triple stays as it is."""
    triples = dump.triples()
    assertions = {t.subject for t in triples if t.predicate == _TYPE and t.object == _ASSERTION}
    parts: dict[object, dict[ox.NamedNode, list[object]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if triple.predicate in _PARTS and triple.subject in assertions:
            parts[triple.subject][triple.predicate].append(triple.object)
    whole = {node for node, said in parts.items() if all(len(said[part]) == 1 for part in _PARTS)}
    kept = [t for t in triples if not (t.predicate in _PARTS and t.subject in whole)]
    for node in whole:
        subject, predicate, value = (parts[node][part][0] for part in _PARTS)
        about = ox.Triple(subject, predicate, value)  # type: ignore[arg-type]  # terms of a valid assertion
        kept.append(ox.Triple(node, _REIFIES, about))  # type: ignore[arg-type]
    kept.sort(key=str)
    return serialise(kept, ox.RdfFormat.TURTLE)
