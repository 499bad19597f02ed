"""Quads -> the same quads in a stable order, with stable names and without the words of sources.

A store names blank nodes anew each time; here they are named by what they say. The words of sources, which only a
local store holds (`mechtrail build --sources`), are left out unless asked for: they are other people's text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import pyoxigraph as ox

from kg.namespaces import CTMO, PREFIXES
from kg.ontology.blank import name_blank_nodes

__all__ = ["Dump", "dump_of", "serialise"]

_WORDS = ox.NamedNode(CTMO + "words")
_MORE = {"schema": "https://schema.org/", "void": "http://rdfs.org/ns/void#", "obo": "http://purl.obolibrary.org/obo/"}
_PREFIXES = PREFIXES | _MORE


@dataclass(frozen=True, slots=True)
class Dump:
    """The content of a graph: graph by graph, triples sorted. `left_out` counts passages whose words stayed behind."""

    quads: tuple[ox.Quad, ...]
    left_out: int = 0

    def triples(self) -> list[ox.Triple]:
        """Give every triple once, sorted; which graph it comes from is lost."""
        return sorted({quad.triple for quad in self.quads}, key=str)


def dump_of(quads: Iterable[ox.Quad], *, quoted: bool = False) -> Dump:
    """Give quads in a stable order; `quoted` keeps the words of sources."""
    of_graph: dict[ox.NamedNode | ox.BlankNode | ox.DefaultGraph, list[ox.Triple]] = defaultdict(list)
    left_out = 0
    for quad in quads:
        if quad.predicate == _WORDS and not quoted:
            left_out += 1
            continue
        of_graph[quad.graph_name].append(quad.triple)
    ordered = []
    for graph in sorted(of_graph, key=str):
        start = "g" + blake2b(str(graph).encode(), digest_size=5).hexdigest()  # no node is in two graphs
        named = name_blank_nodes(of_graph[graph], start=start)
        ordered += [ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in named]
    return Dump(tuple(ordered), left_out)


def serialise(
    content: Iterable[ox.Quad] | Iterable[ox.Triple], form: ox.RdfFormat, more: Mapping[str, str] | None = None
) -> bytes:
    """Give content in a format with prefixes of ours; they are sorted, since the writer gives them in any order.

    >>> node = ox.NamedNode("urn:x")
    >>> serialise([ox.Triple(node, node, node)], ox.RdfFormat.TURTLE).splitlines()[0]
    b'@prefix BFO: <http://purl.obolibrary.org/obo/BFO_> .'
    """
    raw = ox.serialize(content, format=form, prefixes=_PREFIXES | dict(more or {})) or b""
    lines = raw.splitlines(keepends=True)
    first = next((place for place, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
    return b"".join([*sorted(lines[:first]), *lines[first:]])
