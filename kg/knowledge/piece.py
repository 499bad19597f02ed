"""What a knowledge file gives: one record, as triples. The graph that they go into is not its business.

Here also stand the few terms and classes of nodes that all these readers write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import pyoxigraph as ox

from kg.namespaces import CTMO, PREFIXES

__all__ = ["LABEL", "RDF_TYPE", "Node", "Piece", "Value", "is_iri", "node", "number", "ours", "record_node", "triples"]

Node = ox.NamedNode | ox.BlankNode
Value = ox.NamedNode | ox.BlankNode | ox.Literal

RDF_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
LABEL = ox.NamedNode(PREFIXES["rdfs"] + "label")
_DECIMAL = ox.NamedNode(PREFIXES["xsd"] + "decimal")
_INTEGER = ox.NamedNode(PREFIXES["xsd"] + "integer")


@dataclass(frozen=True, slots=True)
class Piece:
    """One record of a knowledge file, as triples."""

    record: str  # what it is called in reports: an identifier, or "row 12"
    triples: tuple[ox.Triple, ...]
    words: str = ""  # of a paper, for fingerprints; they go into a file of the user's, never into a graph
    called: str = ""  # what a file of these words is called: "amanat2021"


@lru_cache(maxsize=100_000)
def node(iri: str) -> ox.NamedNode:
    """Give the node of an IRI; raise `ValueError` where it is none. A file names few nodes many times."""
    return ox.NamedNode(iri)


def is_iri(iri: str) -> bool:
    """Say whether a text is an absolute IRI.

    >>> is_iri("http://purl.obolibrary.org/obo/CL_0000134"), is_iri("part of"), is_iri("http://x/a b")
    (True, False, False)
    """
    try:
        node(iri)
    except ValueError:
        return False
    return True


def ours(local: str) -> ox.NamedNode:
    """Give a node of our namespace."""
    return node(CTMO + local)


def record_node(kind: str, *content: str) -> ox.NamedNode:
    """Give the node of a record that has no identifier of its own: named by what it says.

    >>> record_node("interaction", "P48061", "P61073")
    <NamedNode value=https://w3id.org/ctmo/listed/interaction/0cd6965c440bdc648ac839ae01640967>
    """
    digest = blake2b("\n".join(content).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return ox.NamedNode(f"{CTMO}listed/{kind}/{digest}")


def number(words: str) -> ox.Literal:
    """Give a number that was checked before as a whole number or a decimal one, in the digits of the file."""
    return ox.Literal(words, datatype=_INTEGER if words.lstrip("+-").isdigit() else _DECIMAL)


def triples(subject: Node, pairs: Iterable[tuple[ox.NamedNode, Value]]) -> Iterator[ox.Triple]:
    """Give the triples of one subject."""
    return (ox.Triple(subject, predicate, value) for predicate, value in pairs)
