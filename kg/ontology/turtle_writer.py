"""Triples -> canonical Turtle: sections by type, terms by CURIE, one line an axiom where it fits, no comments.

A small edit is a small diff: neither the order of the terms nor the layout of one depends on what is said of others.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.errors import InputError, SourceError
from kg.namespaces import PREFIXES, compress
from kg.ontology.canonical import canonical
from kg.ontology.statements import OWL, RDF, RDFS, Statements, Term
from kg.ontology.turtle import not_turtle, rdflib_graph

__all__ = ["format_turtle", "to_turtle"]

_Node = ox.NamedNode | ox.BlankNode
_XSD = PREFIXES["xsd"]
_NIL = ox.NamedNode(RDF + "nil")
#: The sections of a file; what has none of these types comes after, blank nodes that stand alone last.
_SECTIONS = [
    *(OWL + name for name in ("Ontology", "AnnotationProperty", "ObjectProperty", "DatatypeProperty", "Class")),
    *(RDFS + "Datatype", OWL + "NamedIndividual"),
]
#: What stands first of a term; everything else follows by the alphabet.
_FIRST = [RDF + "type", RDFS + "label", OWL + "onProperty", OWL + "annotatedSource", OWL + "annotatedProperty"]
_LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[\w.-]*[\w-])?", re.ASCII)
#: Numbers and truth values that Turtle writes without quotation marks.
_BARE = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "double": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+"),
    _XSD + "boolean": re.compile("true|false"),
}
_WIDTH = 120
#: Deeper blank nodes get a name and a statement of their own.
_DEEPEST = 40


class _Writer:
    """Decides once for each blank node whether it is written inside what points to it, then writes."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.said = Statements(triples)
        self.prefixes: set[str] = set()
        self.names: dict[str, str] = {}
        self.lists: dict[Term, list[Term]] = {}
        self.flats: dict[Term, str] = {}
        subjects = self.said.all_subjects()
        self.heads = [node for node in subjects if isinstance(node, ox.NamedNode) or self.said.pointed_at[node] != 1]
        self.heads.sort(key=self._place)
        self.reached: set[Term] = set(self.heads)
        self.named = {node for node in self.heads if self.said.pointed_at[node]}
        for head in self.heads:  # grows while it is walked
            self._walk(head)
        if not self.reached.issuperset(subjects):
            raise InputError("blank nodes point to each other in a circle; give one of them an IRI")

    def _place(self, node: _Node) -> tuple[bool, int, str]:
        types = self.said.iris(node, RDF + "type")
        section = min((_SECTIONS.index(kind) for kind in types if kind in _SECTIONS), default=len(_SECTIONS))
        return isinstance(node, ox.BlankNode), section, compress(node.value)

    def _walk(self, head: _Node) -> None:
        stack: list[tuple[Term, int]] = [(head, 0)]
        while stack:
            node, depth = stack.pop()
            for value in (value for values in self.said.about(node).values() for value in values):
                if not isinstance(value, ox.BlankNode) or value in self.reached:
                    continue
                self.reached.add(value)
                if (links := self.said.whole_list(value)) is not None:
                    members = [self.said.values(link, RDF + "first")[0] for link in links]
                    self.lists[value] = members
                    self.reached.update(links)
                    inside = [member for member in members if isinstance(member, ox.BlankNode)]
                else:
                    inside = [value]
                for each in inside:
                    self._enter(each, depth, stack)

    def _enter(self, node: ox.BlankNode, depth: int, stack: list[tuple[Term, int]]) -> None:
        if node in self.named or (node in self.reached and node in self.heads):
            return
        self.reached.add(node)
        if depth < _DEEPEST:
            stack.append((node, depth + 1))
        else:
            self.named.add(node)
            self.heads.append(node)

    def name(self, iri: str) -> str:
        if iri not in self.names:
            prefix, _, local = compress(iri).partition(":")
            is_short = prefix in PREFIXES and PREFIXES[prefix] + local == iri and _LOCAL_NAME.fullmatch(local)
            self.names[iri] = f"{prefix}:{local}" if is_short else str(ox.NamedNode(iri))
            self.prefixes |= {prefix} if is_short else set()
        return self.names[iri]

    def literal(self, value: ox.Literal) -> str:
        kind = value.datatype.value
        if kind in _BARE and _BARE[kind].fullmatch(value.value):
            return value.value
        if value.language or kind == _XSD + "string":
            return str(value)
        return f"{ox.Literal(value.value)}^^{self.name(kind)}"

    def predicates(self, node: Term) -> list[str]:
        return sorted(self.said.about(node), key=lambda each: (_FIRST.index(each) if each in _FIRST else 99, each))

    def values(self, node: Term, predicate: str) -> list[Term]:
        """Give the values of a property: OWL's own types first, expressions last."""

        def place(value: Term) -> tuple[bool, bool, str]:
            is_ours = not isinstance(value, ox.NamedNode) or value.value not in _SECTIONS
            return isinstance(value, ox.BlankNode), is_ours, self.flat(value)

        return sorted(self.said.values(node, predicate), key=place)

    def verb(self, predicate: str) -> str:
        return "a" if predicate == RDF + "type" else self.name(predicate)

    def flat(self, term: Term) -> str:
        """Give a value on one line."""
        if isinstance(term, ox.NamedNode):
            return "()" if term == _NIL else self.name(term.value)
        if isinstance(term, ox.Literal):
            return self.literal(term)
        if isinstance(term, ox.Triple):
            raise InputError("a triple as a value cannot be written in Turtle 1.1")
        if term not in self.flats:
            if term in self.lists:
                self.flats[term] = f"( {' '.join(map(self.flat, self.lists[term]))} )"
            elif term in self.named:
                self.flats[term] = f"_:{term.value}"
            else:
                said = (
                    f"{self.verb(predicate)} {', '.join(map(self.flat, self.values(term, predicate)))}"
                    for predicate in self.predicates(term)
                )
                self.flats[term] = f"[ {' ; '.join(said)} ]" if self.said.about(term) else "[]"
        return self.flats[term]

    def block(self, term: Term, before: int, pad: str) -> str:
        """Give a value that follows so many characters, on one line if it fits, else part by part."""
        flat = self.flat(term)
        if before + len(flat) + 2 <= _WIDTH or not isinstance(term, ox.BlankNode) or term in self.named:
            return flat
        inner = pad + "    "
        if term in self.lists:
            return "\n".join(["(", *(inner + self.block(m, len(inner), inner) for m in self.lists[term]), f"{pad})"])
        return "\n".join(
            ["[", " ;\n".join(inner + self.statement(term, each, inner) for each in self.predicates(term)), f"{pad}]"]
        )

    def statement(self, node: Term, predicate: str, pad: str) -> str:
        """Give a property with its values, each value on its own line where there are several."""
        verb, values = self.verb(predicate), self.values(node, predicate)
        if len(values) == 1:
            return f"{verb} {self.block(values[0], len(pad) + len(verb) + 1, pad)}"
        inner = pad + "    "
        first, *others = (self.block(value, len(inner), inner) for value in values)
        return ",\n".join([f"{verb} {first}", *(inner + other for other in others)])

    def statements(self) -> Iterator[str]:
        for head in self.heads:
            subject = self.flat(head) if isinstance(head, ox.NamedNode) else f"_:{head.value}"
            if isinstance(head, ox.BlankNode) and head not in self.named:
                subject = "[]"
            yield (
                f"{subject} "
                + " ;\n    ".join(self.statement(head, each, "    ") for each in self.predicates(head))
                + " ."
            )


def to_turtle(triples: Iterable[ox.Triple]) -> str:
    """Give Turtle: the same triples with the same names of blank nodes give the same bytes.

    >>> (quad,) = ox.parse(b"<x:a> <x:p> 'b'@en .", format=ox.RdfFormat.TURTLE)
    >>> to_turtle([quad.triple])
    '<x:a> <x:p> "b"@en .\\n'
    """
    writer = _Writer(triples)
    statements = list(writer.statements())
    head = [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(writer.prefixes)]
    return "\n\n".join(["\n".join(head)] * bool(head) + statements) + "\n"


def _parse(text: str, file: str) -> list[ox.Triple]:
    try:
        return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]
    except (SyntaxError, ValueError) as error:
        raise not_turtle(file, error) from error


def _check_values(triples: Iterable[ox.Triple], file: str) -> None:
    import rdflib

    logging.getLogger("rdflib").setLevel(logging.ERROR)  # it warns of a mistyped value with a traceback; we refuse it
    values = (value for value in rdflib_graph(triples).objects() if isinstance(value, rdflib.Literal))
    for value in sorted(value for value in values if value.ill_typed):
        kind = compress(str(value.datatype))
        raise SourceError(file, 0, "", f"found {str(value)!r}, expected a value of the type {kind}")


def format_turtle(text: str, *, file: str = "core.ttl") -> str:
    """Give a Turtle file in its canonical form, without comments; formatting twice changes nothing.

    Raises `SourceError` where the text is no Turtle, and where what was written would not say the same.
    """
    read = _parse(text, file)
    _check_values(read, file)
    try:
        triples = canonical(read)
        formatted = to_turtle(triples)
    except SourceError:
        raise
    except InputError as error:
        raise SourceError(file, 0, "", str(error)) from error
    if canonical(_parse(formatted, file)) != triples:
        raise SourceError(file, 0, "", "cannot be written in canonical form without changing what it says")
    return formatted
