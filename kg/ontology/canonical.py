"""One way to write what OWL lets one write in several: so that an OWL tool which saves a file changes nothing in it.

Tools keep the meaning and not the order. The members of an intersection come back sorted, `A disjointWith B` comes back
as `B disjointWith A`, a list of different things changes the name of its property.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from hashlib import blake2b

import pyoxigraph as ox

from kg.errors import InputError
from kg.namespaces import PREFIXES
from kg.ontology.blank import name_blank_nodes
from kg.ontology.statements import OWL, RDF, Statements, Term

__all__ = ["canonical"]

#: Lists whose order says nothing. A chain of properties is not among them.
_UNORDERED = {
    *(OWL + name for name in ("intersectionOf", "unionOf", "oneOf", "disjointUnionOf", "hasKey", "withRestrictions")),
    *(OWL + name for name in ("members", "distinctMembers")),
}
#: Properties that hold both ways; between two IRIs the smaller one is the subject.
_SYMMETRIC = {
    *(OWL + name for name in ("disjointWith", "equivalentClass", "equivalentProperty", "propertyDisjointWith")),
    *(OWL + name for name in ("differentFrom", "sameAs")),
}
#: A list of things that exclude each other -> the property that says the same of two, the property of the list.
_EXCLUDING = {
    OWL + "AllDifferent": (OWL + "differentFrom", OWL + "distinctMembers"),
    OWL + "AllDisjointClasses": (OWL + "disjointWith", OWL + "members"),
    OWL + "AllDisjointProperties": (OWL + "propertyDisjointWith", OWL + "members"),
}
_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", ox.NamedNode(RDF + "nil")
_STRING, _PLAIN = ox.NamedNode(PREFIXES["xsd"] + "string"), ox.NamedNode(RDF + "PlainLiteral")
#: So much of what a blank node says decides its place in a list; the digest behind it decides the rest.
_READABLE = 300


def _says_list(triple: ox.Triple) -> bool:
    """Say whether a triple only says that a node of a list is a list, which each node shows by what it has."""
    is_type = triple.predicate.value == RDF + "type" and triple.object == ox.NamedNode(RDF + "List")
    return is_type and isinstance(triple.subject, ox.BlankNode)


def _one_way(triple: ox.Triple) -> ox.Triple:
    """Turn a symmetric pair the one way, and give a plain literal the type that Turtle gives it."""
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    if predicate.value in _SYMMETRIC and isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode):
        subject, value = sorted((subject, value), key=str)
    if isinstance(value, ox.Literal) and value.datatype == _PLAIN:
        value = ox.Literal(value.value, datatype=_STRING)
    return ox.Triple(subject, predicate, value)


def _excluding(triples: list[ox.Triple]) -> list[ox.Triple]:
    """Write two things that exclude each other as one triple, more of them with the one property of a list."""
    said = Statements(triples)
    gone: set[Term] = set()
    added: list[ox.Triple] = []
    for kind, (of_two, of_many) in _EXCLUDING.items():
        for node in said.of_type(kind):
            about = said.about(node)
            heads = [*about.get(OWL + "members", []), *about.get(OWL + "distinctMembers", [])]
            members = said.members(heads[0]) if len(heads) == 1 and len(about) == 2 else None
            if not members or not isinstance(node, ox.BlankNode):
                continue
            gone.add(node)
            one, *others = members
            if len(others) == 1 and isinstance(one, ox.NamedNode) and isinstance(others[0], ox.NamedNode):
                gone |= {heads[0], said.values(heads[0], _REST)[0]}
                added.append(_one_way(ox.Triple(one, ox.NamedNode(of_two), others[0])))
            else:
                added.append(ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(kind)))
                added.append(ox.Triple(node, ox.NamedNode(of_many), heads[0]))
    return [*(triple for triple in triples if triple.subject not in gone), *added]


class _Lists:
    """Sorts the members of unordered lists, the innermost first, without recursion: a list can be long."""

    def __init__(self, triples: list[ox.Triple]) -> None:
        self.out: defaultdict[ox.NamedNode | ox.BlankNode | ox.Triple, dict[str, list[Term]]] = defaultdict(dict)
        for triple in triples:
            self.out[triple.subject].setdefault(triple.predicate.value, []).append(triple.object)
        self.pointed_at: Counter[Term] = Counter(triple.object for triple in triples)
        self.words: dict[Term, str] = {}

    def children(self, node: Term) -> list[ox.BlankNode]:
        said = self.out[node].values() if isinstance(node, ox.BlankNode | ox.NamedNode) and node in self.out else ()
        return [value for values in said for value in values if isinstance(value, ox.BlankNode)]

    def word(self, term: Term) -> str:
        return self.words.get(term) or str(term)

    def describe(self, node: ox.BlankNode) -> None:
        said = (f"{name} {self.word(value)}" for name, values in self.out[node].items() for value in values)
        text = " ; ".join(sorted(said))
        digest = blake2b(text.encode(), digest_size=16).hexdigest()
        self.words[node] = f"~{text[:_READABLE]} {digest}"  # "~" comes after "<": terms stand before expressions

    def sort(self, head: Term) -> None:
        """Sort a list that nothing else points into; a broken one stays as it is."""
        nodes: list[ox.BlankNode] = []
        while head != _NIL:
            said = self.out.get(head, {}) if isinstance(head, ox.BlankNode) else {}
            if not isinstance(head, ox.BlankNode) or self.pointed_at[head] != 1:
                return
            if [len(said.get(name, ())) for name in (_FIRST, _REST)] != [1, 1]:
                return
            nodes.append(head)
            head = said[_REST][0]
        members = sorted((self.out[node][_FIRST][0] for node in nodes), key=self.word)
        for node, member in zip(reversed(nodes), reversed(members), strict=True):
            self.out[node][_FIRST] = [member]
            self.describe(node)

    def finish(self, node: ox.NamedNode | ox.BlankNode | ox.Triple) -> None:
        for predicate in self.out[node].keys() & _UNORDERED:
            for value in self.out[node][predicate]:
                self.sort(value)
        if isinstance(node, ox.BlankNode):
            self.describe(node)

    def all(self) -> list[ox.Triple]:
        """Give the triples with sorted lists; raise where blank nodes go in a circle."""
        done: set[Term] = set()
        for start in list(self.out):
            stack: list[tuple[ox.NamedNode | ox.BlankNode | ox.Triple, bool]] = [(start, False)]
            open_ones: set[Term] = set()
            while stack:
                node, ready = stack.pop()
                if ready:
                    self.finish(node)
                    done.add(node)
                elif node in open_ones and node not in done:
                    raise InputError("blank nodes point to each other in a circle; give one of them an IRI")
                elif node not in done:
                    open_ones.add(node)
                    stack.append((node, True))
                    stack += [(child, False) for child in self.children(node) if child not in done]
        return [
            ox.Triple(subject, ox.NamedNode(predicate), value)
            for subject, said in self.out.items()
            for predicate, values in said.items()
            for value in values
        ]


def canonical(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Give the same meaning in the one way we write it, sorted, with blank nodes named by what they say.

    >>> start = b"@prefix owl: <http://www.w3.org/2002/07/owl#> . "
    >>> one, two = (
    ...     [quad.triple for quad in ox.parse(start + text, format=ox.RdfFormat.TURTLE)]
    ...     for text in (b"<x:a> owl:unionOf (<x:b> <x:c>) .", b"<x:a> owl:unionOf (<x:c> <x:b>) .")
    ... )
    >>> canonical(one) == canonical(two)
    True
    """
    one_way = sorted({_one_way(triple) for triple in triples if not _says_list(triple)}, key=str)
    return name_blank_nodes(_Lists(_excluding(one_way)).all())
