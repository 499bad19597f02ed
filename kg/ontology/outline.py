"""The ontology as rows for people: one entry a term, with everything that is said of it, in words.

Knows how an axiom looks in RDF and what its parts are called; where an entry stands on a page is not its job.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.namespaces import CTMO, PREFIXES, compress
from kg.ontology.manchester import Piece, chain, expression
from kg.ontology.statements import DEFINITION, OWL, RDF, RDFS, Statements, Term

__all__ = ["Axiom", "Entry", "Match", "Outline", "read_outline"]

_OBO_IN_OWL, _SKOS = PREFIXES["oboInOwl"], PREFIXES["skos"]
_SOURCE = PREFIXES["dcterms"] + "source"
_SSSOM = "https://w3id.org/sssom/"
#: The annotations that are mappings, and the one that says where a search found nothing.
_MATCHES = {_SKOS + f"{kind}Match": f"{kind} match" for kind in ("exact", "close", "broad", "narrow", "related")}
_NO_MATCH = CTMO + "noMatchFoundIn"

#: What an entity can be, the more telling first.
_TYPES = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "data property",
    OWL + "AnnotationProperty": "annotation property",
    RDFS + "Datatype": "datatype",
    OWL + "NamedIndividual": "individual",
}
#: Properties whose values are expressions -> the Manchester keyword, in the order in which they are shown.
_AXIOMS = {
    OWL + "equivalentClass": "EquivalentTo",
    RDFS + "subClassOf": "SubClassOf",
    OWL + "disjointWith": "DisjointWith",
    OWL + "disjointUnionOf": "DisjointUnionOf",
    OWL + "hasKey": "HasKey",
    OWL + "equivalentProperty": "EquivalentTo",
    RDFS + "subPropertyOf": "SubPropertyOf",
    OWL + "inverseOf": "InverseOf",
    OWL + "propertyChainAxiom": "SubPropertyChain",
    OWL + "propertyDisjointWith": "DisjointWith",
    RDFS + "domain": "Domain",
    RDFS + "range": "Range",
    OWL + "differentFrom": "DifferentFrom",
    OWL + "sameAs": "SameAs",
}
_BOTH_WAYS = {OWL + "disjointWith", OWL + "propertyDisjointWith", OWL + "differentFrom", OWL + "inverseOf"}
_BOTH_WAYS |= {OWL + "equivalentClass", OWL + "equivalentProperty", OWL + "sameAs"}
#: A list of things that exclude each other -> the property that says the same of two of them.
_EXCLUDING = {
    OWL + "AllDisjointClasses": OWL + "disjointWith",
    OWL + "AllDisjointProperties": OWL + "propertyDisjointWith",
    OWL + "AllDifferent": OWL + "differentFrom",
}
#: What an entry has a field for.
_FIELDS = {
    *(RDFS + "label", DEFINITION, _SOURCE, RDF + "type", OWL + "deprecated"),
    *(CTMO + name for name in ("kind", "mainKind", "useNote", "pathStep", "sign")),
    *(_OBO_IN_OWL + name for name in ("hasExactSynonym", "hasRelatedSynonym")),
}


@dataclass(frozen=True, slots=True)
class Axiom:
    """What is said of a term under one keyword or property, piece by piece."""

    keyword: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A mapping of a term; where none was found, `object` is the vocabulary that was searched."""

    kind: str
    object: str
    object_label: str
    comment: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One term; parents and children are IRIs."""

    iri: str
    curie: str
    label: str
    type: str
    file: str
    definition: str
    definition_sources: tuple[str, ...]
    kinds: tuple[str, ...]
    exact_synonyms: tuple[str, ...]
    related_synonyms: tuple[str, ...]
    use_note: str
    sign: str
    path_step: str
    deprecated: bool
    parents: tuple[str, ...]
    children: tuple[str, ...]
    axioms: tuple[Axiom, ...]
    facts: tuple[Axiom, ...]
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """All entries, by label; `loose` are the axioms that are about no named term."""

    title: str = ""
    version: str = ""
    description: str = ""
    license: str = ""
    entries: tuple[Entry, ...] = ()
    loose: tuple[Axiom, ...] = ()


class _Book:
    """Looks up what entries need from one index of statements."""

    def __init__(self, quads: list[ox.Quad]) -> None:
        self.said = Statements(quad.triple for quad in quads)
        self.file_of: dict[str, str] = {}
        for quad in sorted(quads, key=lambda quad: (_rank(quad.graph_name), str(quad.graph_name))):
            if isinstance(quad.subject, ox.NamedNode) and quad.predicate.value == RDF + "type":
                self.file_of.setdefault(quad.subject.value, _file(quad.graph_name))
        self.type_of: dict[str, str] = {}
        for iri, words in _TYPES.items():
            for node in self.said.of_type(iri):
                if isinstance(node, ox.NamedNode):
                    self.type_of.setdefault(node.value, words)
        self.children: defaultdict[str, list[str]] = defaultdict(list)
        self.backwards: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for iri, words in self.type_of.items():
            for parent in self.parents(ox.NamedNode(iri), words):
                self.children[parent].append(iri)
            for predicate in _BOTH_WAYS:
                for other in self.said.iris(ox.NamedNode(iri), predicate):
                    self.backwards[other, predicate].append(iri)
        self.remarks: defaultdict[tuple[str, str, Term], list[tuple[str, str]]] = defaultdict(list)
        self.excluded: defaultdict[str, list[tuple[str, Term]]] = defaultdict(list)
        self.loose: list[Axiom] = []
        pointed_at = {quad.object for quad in quads}
        for alone in sorted({quad.subject for quad in quads} - pointed_at, key=str):
            if isinstance(alone, ox.BlankNode):
                self._read_alone(alone)

    def _read_alone(self, node: ox.BlankNode) -> None:
        """Read a blank node that nothing points to: a remark, things that exclude each other, or an axiom."""
        types = set(self.said.iris(node, RDF + "type"))
        if OWL + "Axiom" in types and self._remark(node):
            return
        of_two = "".join(predicate for kind, predicate in _EXCLUDING.items() if kind in types)
        heads = [*self.said.values(node, OWL + "members"), *self.said.values(node, OWL + "distinctMembers")]
        members = (self.said.members(heads[0]) if of_two and len(heads) == 1 else None) or []
        if members and all(isinstance(member, ox.NamedNode) for member in members):
            for member in members:
                self.excluded[str(member.value)] += [(of_two, other) for other in members if other != member]  # type: ignore[union-attr]
            return
        above = self.said.values(node, RDFS + "subClassOf")
        if not above:
            self.loose.append(Axiom("Axiom", expression(node, self.said)))
        for value in above:
            left = expression(node, self.said, besides={RDFS + "subClassOf"})
            right = expression(value, self.said)
            self.loose.append(Axiom("SubClassOf", (*left, Piece(" SubClassOf "), *right)))

    def _remark(self, node: ox.BlankNode) -> bool:
        """Remember what an `owl:Axiom` node adds to the statement that it is about."""
        about = {RDF + "type", *(OWL + f"annotated{end}" for end in ("Source", "Property", "Target"))}
        words = [
            (predicate, self.word(value))
            for predicate, values in sorted(self.said.about(node).items())
            if predicate not in about
            for value in values
        ]
        places = [
            (source, predicate, target)
            for source in self.said.iris(node, OWL + "annotatedSource")
            for predicate in self.said.iris(node, OWL + "annotatedProperty")
            for target in self.said.values(node, OWL + "annotatedTarget")
        ]
        for place in places:
            self.remarks[place] += words
        return bool(places)

    def notes(self, iri: str, predicate: str, value: Term) -> list[str]:
        """Give what is said of a statement, in words."""
        return [f"{self.said.label(name)}: {words}" for name, words in self.remarks.get((iri, predicate, value), [])]

    def word(self, term: Term) -> str:
        if isinstance(term, ox.NamedNode):
            return self.said.label(term.value)
        return term.value if isinstance(term, ox.Literal) else "".join(p.text for p in expression(term, self.said))

    def parents(self, node: ox.NamedNode, words: str) -> list[str]:
        if words == "individual":
            return [iri for iri in self.said.iris(node, RDF + "type") if iri not in _TYPES]
        return self.said.iris(node, RDFS + ("subClassOf" if words == "class" else "subPropertyOf"))

    def axioms(self, node: ox.NamedNode, words: str) -> Iterator[Axiom]:
        said, iri = self.said, node.value
        parents = set(self.parents(node, words))
        for predicate, keyword in _AXIOMS.items():
            values = {value for value in said.values(node, predicate) if getattr(value, "value", "") not in parents}
            values |= {ox.NamedNode(other) for other in self.backwards[iri, predicate] if other != iri}
            values |= {other for of_two, other in self.excluded[iri] if of_two == predicate}
            parts = [self._axiom(iri, predicate, value) for value in sorted(values, key=self._by_word)]
            if predicate in _EXCLUDING.values():
                parts = [_commas(parts)] if parts else []
            yield from (Axiom(keyword, pieces) for pieces in parts)
        for kind in said.iris(node, RDF + "type"):
            if kind.startswith(OWL) and kind not in _TYPES:
                yield Axiom("Characteristics", (Piece(kind[len(OWL) :].removesuffix("Property")),))
        for value in said.values(node, RDF + "type"):
            if isinstance(value, ox.BlankNode):
                yield Axiom("Types", expression(value, said))

    def _axiom(self, iri: str, predicate: str, value: Term) -> tuple[Piece, ...]:
        if predicate == OWL + "propertyChainAxiom":
            pieces = chain(value, self.said)
        elif predicate in (OWL + "disjointUnionOf", OWL + "hasKey"):
            pieces = _commas([expression(member, self.said) for member in self.said.members(value) or [value]])
        else:
            pieces = expression(value, self.said)
        return (*pieces, *(Piece(f" [{note}]") for note in self.notes(iri, predicate, value)))

    def facts(self, node: ox.NamedNode) -> Iterator[Axiom]:
        """Give what has no field of its own and is no axiom: nothing that is said is left out."""
        for predicate, values in sorted(self.said.about(node).items()):
            if predicate in {*_FIELDS, *_AXIOMS, *_MATCHES, _NO_MATCH}:
                continue
            for value in values:
                if isinstance(value, ox.BlankNode):
                    pieces = expression(value, self.said)
                else:
                    pieces = (Piece(self.word(value), value.value if isinstance(value, ox.NamedNode) else ""),)
                notes = (Piece(f" [{note}]") for note in self.notes(node.value, predicate, value))
                yield Axiom(self.said.label(predicate), (*pieces, *notes))

    def matches(self, node: ox.NamedNode) -> Iterator[Match]:
        for predicate, kind in [*_MATCHES.items(), (_NO_MATCH, "no match found in")]:
            for value in self.said.values(node, predicate):
                remarks = dict(self.remarks.get((node.value, predicate, value), []))
                label = remarks.get(_SSSOM + "object_label", "")
                if isinstance(value, ox.NamedNode):
                    label = label or self.said.text(value, RDFS + "label")
                    words = compress(value.value) if predicate != _NO_MATCH else re.split("[/#]", value.value)[-1]
                else:
                    words = self.word(value)
                yield Match(kind, words, label, remarks.get(RDFS + "comment", ""), predicate != _NO_MATCH)

    def entry(self, iri: str) -> Entry:
        node, said, words = ox.NamedNode(iri), self.said, self.type_of[iri]
        definition = next(iter(said.values(node, DEFINITION)), None)
        sources = [*said.texts(node, _SOURCE), *map(compress, said.iris(node, _SOURCE))]
        if definition is not None:
            sources += [words for _, words in self.remarks.get((iri, DEFINITION, definition), [])]
        main = said.iris(node, CTMO + "mainKind")
        kinds = sorted(said.iris(node, CTMO + "kind"), key=lambda kind: (kind not in main, kind))
        return Entry(
            iri=iri,
            curie=compress(iri),
            label=said.label(iri),
            type=words,
            file=self.file_of.get(iri, ""),
            definition=said.text(node, DEFINITION),
            definition_sources=tuple(sources),
            kinds=tuple(said.label(kind) for kind in kinds),
            exact_synonyms=tuple(said.texts(node, _OBO_IN_OWL + "hasExactSynonym")),
            related_synonyms=tuple(said.texts(node, _OBO_IN_OWL + "hasRelatedSynonym")),
            use_note=said.text(node, CTMO + "useNote"),
            sign=said.text(node, CTMO + "sign"),
            path_step=said.text(node, CTMO + "pathStep"),
            deprecated=said.text(node, OWL + "deprecated") == "true",
            parents=tuple(sorted(self.parents(node, words), key=self._by_label)),
            children=tuple(sorted(self.children[iri], key=self._by_label)),
            axioms=tuple(self.axioms(node, words)),
            facts=tuple(self.facts(node)),
            matches=tuple(self.matches(node)),
        )

    def _by_word(self, term: Term) -> tuple[bool, str]:
        return not isinstance(term, ox.NamedNode), self.word(term)

    def _by_label(self, iri: str) -> tuple[str, str]:
        return self.said.label(iri).casefold(), iri


def _commas(parts: list[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    return tuple(piece for number, part in enumerate(parts) for piece in ((Piece(", "),) if number else ()) + part)


def _rank(graph: object) -> int:
    starts = ("terms/", "ontology/", "imports/")
    return next((place for place, start in enumerate(starts) if _file(graph).startswith(start)), len(starts))


def _file(graph: object) -> str:
    return graph.value.removeprefix(PREFIXES["graph"]) if isinstance(graph, ox.NamedNode) else ""


def read_outline(quads: Iterable[ox.Quad]) -> Outline:
    """Give the ontology as entries, sorted by label; the graph of a quad says which file it comes from.

    >>> turtle = b"<x:a> a <http://www.w3.org/2002/07/owl#Class> ."
    >>> [entry.label for entry in read_outline(ox.parse(turtle, format=ox.RdfFormat.TURTLE)).entries]
    ['x:a']
    """
    book = _Book(list(quads))
    entries = sorted((book.entry(iri) for iri in book.type_of), key=lambda entry: (entry.label.casefold(), entry.iri))
    heads = [node for node in book.said.of_type(OWL + "Ontology") if isinstance(node, ox.NamedNode)]
    head: Term = heads[0] if heads else ox.BlankNode()
    dcterms = PREFIXES["dcterms"]
    return Outline(
        title=book.said.text(head, dcterms + "title"),
        version=book.said.text(head, OWL + "versionInfo"),
        description=book.said.text(head, dcterms + "description"),
        license="".join(book.said.iris(head, dcterms + "license")[:1]),
        entries=tuple(entries),
        loose=tuple(book.loose),
    )
