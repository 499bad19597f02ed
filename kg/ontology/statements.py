"""Triples by subject, with what a reader of OWL asks for: the values of a property, the members of a list, a label."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from kg.namespaces import PREFIXES, compress

__all__ = ["DEFINITION", "OWL", "RDF", "RDFS", "Statements", "Term"]

OWL, RDF, RDFS = PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"]
DEFINITION = PREFIXES["IAO"] + "0000115"

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Statements:
    """An index of triples; what it gives is sorted, whatever the order in which they came.

    >>> said = Statements(q.triple for q in ox.parse(b"<x:a> <x:p> 1, 2 .", format=ox.RdfFormat.TURTLE))
    >>> [str(value.value) for value in said.values(ox.NamedNode("x:a"), "x:p")]
    ['1', '2']
    """

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._said: defaultdict[Term, dict[str, list[Term]]] = defaultdict(dict)
        self.pointed_at: Counter[Term] = Counter()
        self._subjects: defaultdict[str, dict[ox.NamedNode | ox.BlankNode, None]] = defaultdict(dict)
        for triple in sorted(set(triples), key=str):
            self.pointed_at[triple.object] += 1
            self._said[triple.subject].setdefault(triple.predicate.value, []).append(triple.object)
            if not isinstance(triple.subject, ox.Triple):
                self._subjects[triple.predicate.value].setdefault(triple.subject)

    def about(self, subject: Term) -> dict[str, list[Term]]:
        """Give what is said of a subject: property -> values."""
        return self._said.get(subject, {})

    def values(self, subject: Term, predicate: str) -> Sequence[Term]:
        """Give the values of a property."""
        return self.about(subject).get(predicate, ())

    def iris(self, subject: Term, predicate: str) -> list[str]:
        """Give those values of a property that are IRIs."""
        return [value.value for value in self.values(subject, predicate) if isinstance(value, ox.NamedNode)]

    def texts(self, subject: Term, predicate: str) -> list[str]:
        """Give those values of a property that are literals."""
        return [value.value for value in self.values(subject, predicate) if isinstance(value, ox.Literal)]

    def text(self, subject: Term, predicate: str) -> str:
        """Give the first literal of a property, or nothing; English comes before other languages."""
        found = [value for value in self.values(subject, predicate) if isinstance(value, ox.Literal)]
        return min(found, key=lambda value: (value.language != "en", value.value)).value if found else ""

    def label(self, iri: str) -> str:
        """Give the label of a term, or its CURIE where it has none."""
        return self.text(ox.NamedNode(iri), RDFS + "label") or compress(iri)

    def all_subjects(self) -> list[ox.NamedNode | ox.BlankNode]:
        """Give everything of which something is said."""
        return [node for node in self._said if isinstance(node, ox.NamedNode | ox.BlankNode)]

    def subjects(self, predicate: str) -> list[ox.NamedNode | ox.BlankNode]:
        """Give the subjects that have a property."""
        return list(self._subjects.get(predicate, ()))

    def of_type(self, kind: str) -> list[ox.NamedNode | ox.BlankNode]:
        """Give the subjects that are said to be of a type."""
        wanted = ox.NamedNode(kind)
        return [node for node in self.subjects(RDF + "type") if wanted in self.values(node, RDF + "type")]

    def members(self, node: Term) -> list[Term] | None:
        """Give the members of a list, or None where it is broken, branches, or runs in a circle."""
        members: list[Term] = []
        seen: set[Term] = set()
        while node != ox.NamedNode(RDF + "nil"):
            said = self.about(node)
            first, rest = said.get(RDF + "first", []), said.get(RDF + "rest", [])
            if node in seen or (len(first), len(rest)) != (1, 1) or said.keys() - {RDF + "type"} != _LINK:
                return None
            seen.add(node)
            members.append(first[0])
            node = rest[0]
        return members

    def whole_list(self, node: Term) -> list[ox.BlankNode] | None:
        """Give the nodes of a list that nothing else points into and that say nothing else, or None."""
        nodes: list[ox.BlankNode] = []
        while node != ox.NamedNode(RDF + "nil"):
            said = self.about(node)
            if not isinstance(node, ox.BlankNode) or self.pointed_at[node] != 1 or said.keys() != _LINK:
                return None
            if any(len(values) != 1 for values in said.values()) or len(nodes) > len(self._said):
                return None
            nodes.append(node)
            node = said[RDF + "rest"][0]
        return nodes


_LINK = {RDF + "first", RDF + "rest"}
