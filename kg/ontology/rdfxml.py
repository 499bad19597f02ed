"""Triples -> RDF/XML as OWL tools lay it out: one element a term, a blank node inside the element that points to it.

A list whose members are resources becomes a collection. Nothing here knows what a class or a restriction means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.errors import InputError
from kg.namespaces import PREFIXES, compress
from kg.ontology.statements import OWL, RDF, RDFS, Statements, Term

__all__ = ["to_rdfxml"]

_Node = ox.NamedNode | ox.BlankNode

#: The types that name an element, in the order of the sections of the file.
_SECTIONS = [
    *(OWL + name for name in ("Ontology", "AnnotationProperty", "ObjectProperty", "DatatypeProperty", "Class")),
    *(RDFS + "Datatype", OWL + "NamedIndividual", OWL + "Restriction"),
]
#: What stands first in an element; everything else follows by the alphabet.
_FIRST = [RDF + "type", RDFS + "label", OWL + "onProperty", OWL + "annotatedSource", OWL + "annotatedProperty"]
#: An element's name is what an IRI ends with, from a letter on: obo:CL_0000134, since CL:0000134 is no name in XML.
_LOCAL_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_NAMESPACES = {iri: name for name, iri in PREFIXES.items() if not iri.endswith("_")}
_NAMESPACES["http://purl.obolibrary.org/obo/"] = "obo"
#: Names of the RDF namespace that mean something else as a property element.
_NO_PROPERTY = {"RDF", "ID", "about", "bagID", "parseType", "resource", "nodeID", "datatype", "Description", "li"}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Deeper blank nodes become elements of their own: a file of 10,000 nested ones must not end the program.
_DEEPEST = 40


class _Names:
    """IRIs -> element names; namespaces without a prefix of ours get `ns1`, `ns2`, ... in the order of the alphabet."""

    def __init__(self, iris: Iterable[str]) -> None:
        found = {iri: match.start() for iri in iris if (match := _LOCAL_NAME.search(iri)) and match.start()}
        numbers = count(1)
        spaces = sorted({iri[:cut] for iri, cut in found.items()} | {RDF})
        self.prefix = {space: _NAMESPACES.get(space) or f"ns{next(numbers)}" for space in spaces}
        self.name = {iri: f"{self.prefix[iri[:cut]]}:{iri[cut:]}" for iri, cut in found.items()}


def _text(value: str) -> str:
    if (wrong := _NO_XML.search(value)) is not None:
        raise InputError(f"RDF/XML cannot hold the character {wrong[0]!r} in {value[:60]!r}; other formats can")
    return escape(value, {"\r": "&#13;"})


def _attribute(name: str, value: str) -> str:
    _text(value)
    return f" {name}={quoteattr(value)}"


def _place(kind: str) -> int:
    return _SECTIONS.index(kind) if kind in _SECTIONS else len(_SECTIONS)


class _Writer:
    """Says of each blank node whether it can stand inside the element that points to it, and writes the elements."""

    def __init__(self, triples: list[ox.Triple]) -> None:
        self.said = Statements(triples)
        self.subjects = set(self.said.all_subjects())
        self.pointed_at = self.said.pointed_at
        kinds = {kind for node in self.subjects for kind in self.said.iris(node, RDF + "type")}
        self.names = _Names(kinds | {triple.predicate.value for triple in triples})
        self.used: set[str] = {RDF}
        self.written: set[_Node] = set()
        self.later: list[ox.BlankNode] = []

    def name(self, iri: str) -> str:
        name = self.names.name[iri]
        self.used.add(iri[: -len(name.split(":", 1)[1])])
        return name

    def kind(self, node: _Node) -> str:
        """Give the type that names the element of a node, if there is one that XML can write."""
        usable = [kind for kind in self.said.iris(node, RDF + "type") if kind in self.names.name]
        return min(usable, key=lambda kind: (_place(kind), kind), default="")

    def members(self, node: Term) -> list[_Node] | None:
        """Give the members of a list that nothing else points into, or None: it is written node by node."""
        nodes = self.said.whole_list(node)
        members = [self.said.values(each, RDF + "first")[0] for each in nodes or ()]
        if nodes is None or not all(isinstance(member, ox.NamedNode | ox.BlankNode) for member in members):
            return None
        self.written |= set(nodes)
        return members  # type: ignore[return-value]

    def stands_inside(self, node: _Node, depth: int) -> bool:
        """Say whether a blank node is written where it is pointed at; a node pointed at twice needs a name."""
        if not isinstance(node, ox.BlankNode) or self.pointed_at[node] != 1 or node in self.written:
            return False
        if depth < _DEEPEST:
            return True
        self.later.append(node)
        return False

    def property_lines(self, predicate: str, value: Term, depth: int) -> Iterator[str]:
        if predicate not in self.names.name or (predicate.startswith(RDF) and predicate[len(RDF) :] in _NO_PROPERTY):
            raise InputError(f"RDF/XML cannot write the property {compress(predicate)}; other formats can")
        pad, name = "  " * depth, self.name(predicate)
        if isinstance(value, ox.Literal):
            kind = ""
            if value.language:
                kind = _attribute("xml:lang", value.language)
            elif value.datatype.value != PREFIXES["xsd"] + "string":
                kind = _attribute("rdf:datatype", value.datatype.value)
            yield f"{pad}<{name}{kind}>{_text(value.value)}</{name}>"
        elif isinstance(value, ox.BlankNode) and (members := self.members(value)) is not None:
            yield f'{pad}<{name} rdf:parseType="Collection">'
            for member in members:
                yield from self.node_lines(member, depth + 1, inside=self.stands_inside(member, depth))
            yield f"{pad}</{name}>"
        elif isinstance(value, ox.BlankNode) and self.stands_inside(value, depth):
            yield f"{pad}<{name}>"
            yield from self.node_lines(value, depth + 1, inside=True)
            yield f"{pad}</{name}>"
        elif isinstance(value, ox.Triple):
            raise InputError("RDF/XML cannot write a triple as a value; other formats can")
        else:
            place = "rdf:resource" if isinstance(value, ox.NamedNode) else "rdf:nodeID"
            yield f"{pad}<{name}{_attribute(place, value.value)}/>"

    def node_lines(self, node: _Node, depth: int, *, inside: bool = False) -> Iterator[str]:
        """Give the element of a node; one that is described elsewhere is only named."""
        pad, about = "  " * depth, ""
        if isinstance(node, ox.NamedNode):
            about = _attribute("rdf:about", node.value)
        elif not inside and self.pointed_at[node]:
            about = _attribute("rdf:nodeID", node.value)
        if depth > 1 and not inside:
            yield f"{pad}<rdf:Description{about}/>"
            return
        self.written.add(node)
        kind = self.kind(node)
        name = self.name(kind) if kind else "rdf:Description"
        said = self.said.about(node)
        lines = [
            line
            for predicate in sorted(said, key=lambda each: (_FIRST.index(each) if each in _FIRST else 99, each))
            for value in said[predicate]
            if (predicate, value) != (RDF + "type", ox.NamedNode(kind or RDF))
            for line in self.property_lines(predicate, value, depth + 1)
        ]
        yield from [f"{pad}<{name}{about}>", *lines, f"{pad}</{name}>"] if lines else [f"{pad}<{name}{about}/>"]

    def lines(self) -> Iterator[str]:
        """Give the named subjects by section, then the blank nodes that stand by themselves."""
        ordered = sorted(self.subjects, key=lambda node: (_place(self.kind(node)), str(node)))
        named = [node for node in ordered if isinstance(node, ox.NamedNode)]
        alone = [node for node in ordered if isinstance(node, ox.BlankNode) and self.pointed_at[node] != 1]
        for nodes in (named, alone, self.later):  # the last one grows while it is walked
            for node in nodes:
                yield ""
                yield from self.node_lines(node, 1)
        if self.subjects - self.written:
            raise InputError("blank nodes point to each other in a circle; give one of them an IRI")


def to_rdfxml(triples: Iterable[ox.Triple]) -> str:
    """Give RDF/XML, sorted: the same triples with the same names of blank nodes give the same bytes.

    >>> (quad,) = ox.parse(b"<x:a> <http://x.org/p> 'b' .", format=ox.RdfFormat.TURTLE)
    >>> print(to_rdfxml([quad.triple]).splitlines()[-4].strip())
    <ns1:p>b</ns1:p>
    """
    writer = _Writer(sorted(set(triples), key=str))
    body = "\n".join(writer.lines())
    spaces = (f"\n    xmlns:{name}={quoteattr(iri)}" for iri, name in writer.names.prefix.items() if iri in writer.used)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{"".join(spaces)}>\n{body}\n\n</rdf:RDF>\n'
