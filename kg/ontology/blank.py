"""Blank nodes get names from what they say: the same file gives the same bytes, and a small edit a small diff."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from hashlib import blake2b

import pyoxigraph as ox

from kg.errors import InputError

__all__ = ["name_blank_nodes"]


def _digest(*parts: str) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()


class _Names:
    """Gives each blank node a name made of its content and of the place that points to it."""

    def __init__(self, triples: list[ox.Triple], start: str) -> None:
        self.start = start
        self.out: defaultdict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
        self.into: defaultdict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
        for triple in triples:
            if isinstance(triple.subject, ox.BlankNode):
                self.out[triple.subject].append(triple)
            if isinstance(triple.object, ox.BlankNode):
                self.into[triple.object].append(triple)
        self.contents: dict[ox.BlankNode, str] = {}

    def content(self, node: ox.BlankNode) -> str:
        """Hash what the node says; children come first, without recursion, since a list can be long."""
        stack, open_ones = [node], set[ox.BlankNode]()
        while stack:
            top = stack[-1]
            children = [t.object for t in self.out[top] if isinstance(t.object, ox.BlankNode)]
            waiting = [child for child in children if child not in self.contents]
            if waiting and top in open_ones:
                raise InputError("blank nodes point to each other in a circle; give one of them an IRI")
            if waiting:
                open_ones.add(top)
                stack += waiting
                continue
            stack.pop()
            if top not in self.contents:
                said = (f"{t.predicate} {self.contents.get(t.object, str(t.object))}" for t in self.out[top])  # type: ignore[arg-type]
                self.contents[top] = _digest(*sorted(said))
        return self.contents[node]

    def all(self) -> dict[ox.BlankNode, ox.BlankNode]:
        """Name each node after its content and the names of what points to it, from the outside inwards.

        Two equal restrictions of two classes stay two nodes; equal twins at one place are numbered.
        """
        nodes = {*self.out, *self.into}
        for node in nodes:
            self.content(node)
        waiting = {node: sum(isinstance(t.subject, ox.BlankNode) for t in self.into[node]) for node in nodes}
        seen: Counter[str] = Counter()
        names: dict[ox.BlankNode, ox.BlankNode] = {}
        ready = [node for node in nodes if not waiting[node]]
        while ready:
            after: list[ox.BlankNode] = []
            for place, node in sorted(((self._place(node, names), node) for node in ready), key=lambda pair: pair[0]):
                seen[place] += 1
                names[node] = ox.BlankNode(f"{self.start}{place}x{seen[place]}")
                for triple in self.out[node]:
                    if isinstance(triple.object, ox.BlankNode):
                        waiting[triple.object] -= 1
                        if not waiting[triple.object]:
                            after.append(triple.object)
            ready = after
        return names

    def _place(self, node: ox.BlankNode, names: dict[ox.BlankNode, ox.BlankNode]) -> str:
        above = (f"{names.get(t.subject, t.subject)} {t.predicate}" for t in self.into[node])  # type: ignore[arg-type]
        return _digest(self.contents[node], *sorted(above))


def name_blank_nodes(triples: Iterable[ox.Triple], *, start: str = "b") -> list[ox.Triple]:
    """Give the triples, sorted, with blank nodes named by content and place; `start` keeps files apart.

    >>> one, two = (list(ox.parse(b"[] <x:p> [ <x:q> 1 ] .", format=ox.RdfFormat.TURTLE)) for _ in "ab")
    >>> name_blank_nodes(q.triple for q in one) == name_blank_nodes(q.triple for q in two)
    True
    """
    plain = list(triples)
    names = _Names(plain, start).all()

    def named(term: object) -> object:
        return names.get(term, term) if isinstance(term, ox.BlankNode) else term

    return sorted((ox.Triple(named(t.subject), t.predicate, named(t.object)) for t in plain), key=str)  # type: ignore[arg-type]
