"""Accepted assertions as nanopublications in TriG: what is said, where it comes from, who publishes it.

Four graphs each. The assertion graph holds the triple with its statement and its context, since the bare triple would
say more than the source. Only accepted assertions are published: a nanopublication asserts. No day and no trusty IRI is
written: both belong to the act of publishing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from kg import __version__
from kg.exporters.dump import Dump, serialise
from kg.namespaces import CTMO, PREFIXES

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "every accepted assertion as a nanopublication (TriG)"
NEEDS = "triples"

_NP, _PROV, _DC = "http://www.nanopub.org/nschema#", "http://www.w3.org/ns/prov#", PREFIXES["dcterms"]
_RDF = PREFIXES["rdf"]
_TYPE = ox.NamedNode(_RDF + "type")
_LINE, _SOURCE = ox.NamedNode(CTMO + "hasEvidenceLine"), ox.NamedNode(_DC + "source")
_STATUS, _ACCEPTED = ox.NamedNode(CTMO + "status"), ox.NamedNode(CTMO + "Accepted")
_PARTS = tuple(ox.NamedNode(_RDF + name) for name in ("subject", "predicate", "object"))
#: What is told of a source: enough to find it.
_OF_SOURCE = {
    *(_DC + name for name in ("title", "issued", "license")),
    *(PREFIXES["rdfs"] + "label", CTMO + "doi", CTMO + "pmid", CTMO + "url"),
}
_LICENCE = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def write(dump: Dump) -> bytes:
    """Give the nanopublications in the order of their assertions."""
    about: dict[object, list[ox.Triple]] = defaultdict(list)
    for triple in dump.triples():
        about[triple.subject].append(triple)
    accepted = sorted(
        (
            node
            for node, said in about.items()
            if isinstance(node, ox.NamedNode) and any(t.predicate == _STATUS and t.object == _ACCEPTED for t in said)
        ),
        key=str,
    )
    quads = [quad for node in accepted for quad in _nanopub(node, about)]
    return serialise(quads, ox.RdfFormat.TRIG, {"np": _NP, "prov": _PROV})


def _nanopub(node: ox.NamedNode, about: dict[object, list[ox.Triple]]) -> Iterator[ox.Quad]:
    parts = {part: [t.object for t in about[node] if t.predicate == part] for part in _PARTS}
    if any(len(found) != 1 for found in parts.values()):
        return
    base = f"{CTMO}nanopub/{node.value.rpartition('/')[2]}"
    head, assertion, provenance, info = (
        _node(f"{base}#{part}") for part in ("head", "assertion", "provenance", "info")
    )
    whole = _node(base)
    for predicate, part in (
        (_TYPE, _node(_NP + "Nanopublication")),
        (_node(_NP + "hasAssertion"), assertion),
        (_node(_NP + "hasProvenance"), provenance),
        (_node(_NP + "hasPublicationInfo"), info),
    ):
        yield ox.Quad(whole, predicate, part, head)
    said = ox.Triple(*(parts[part][0] for part in _PARTS))  # type: ignore[arg-type]  # three valid terms
    yield ox.Quad(said.subject, said.predicate, said.object, assertion)
    lines = []
    for triple in about[node]:
        if triple.predicate == _LINE:
            lines.append(triple.object)
        else:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, assertion)
    sources = sorted({t.object for line in lines for t in about[line] if t.predicate == _SOURCE}, key=str)
    for source in sources:
        yield ox.Quad(assertion, _node(_PROV + "wasDerivedFrom"), source, provenance)
        for triple in about[source]:
            if triple.predicate.value in _OF_SOURCE:
                yield ox.Quad(triple.subject, triple.predicate, triple.object, provenance)
    for line in sorted(lines, key=str):
        yield ox.Quad(assertion, _LINE, line, provenance)
        for triple in about[line]:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, provenance)
    for name, value in (
        (_DC + "license", _LICENCE),
        (_DC + "creator", ox.Literal("The mechtrail developers")),
        (PREFIXES["pav"] + "createdWith", ox.Literal(f"mechtrail {__version__}")),
    ):
        yield ox.Quad(whole, _node(name), value, info)
