"""What we take over from other ontologies: for the terms we use, the classes above them, their axioms, their labels.

One Turtle file a prefix. No definitions and no synonyms: those are other people's sentences. Relations and definitions
by axiom come with the terms that we use, not with all that stands above these; what is left out is counted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.namespaces import CTMO, PREFIXES
from kg.ontology.external import EXTERNAL_PREFIXES, Entry, Meaning, OntologyFile, Some, prefix_of
from kg.ontology.external.shelf import Shelf
from kg.ontology.turtle_writer import format_turtle

__all__ = ["Slices", "make_slices"]

_OWL, _RDF, _RDFS = PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"]
_WEB_ADDRESS = re.compile(r"https?://[\w./~#?=&-]+")
_REPLACED_BY = PREFIXES["IAO"] + "0100001"
_TYPES = {
    "class": "Class",
    "object property": "ObjectProperty",
    "data property": "DatatypeProperty",
    "annotation property": "AnnotationProperty",
    "individual": "NamedIndividual",
}


@dataclass(slots=True)
class Slices:
    """The files to write, and what was left out of them."""

    text_of_prefix: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)  # used, and in no file
    doubled: dict[str, str] = field(default_factory=dict)  # class left out -> the class that has its label
    left_out: dict[str, Counter[str]] = field(default_factory=dict)  # prefix -> kind of axiom -> how many


class _Slicer:
    """Collects triples, subject by subject."""

    def __init__(self, shelf: Shelf, used: Mapping[str, str], labels: Mapping[str, str]) -> None:
        self.shelf = shelf
        self.used = used  # IRI -> kind
        self.slices = Slices()
        self.triples: defaultdict[str, list[ox.Triple]] = defaultdict(list)
        self.sources: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        self.licences: defaultdict[str, set[str]] = defaultdict(set)
        self.classes: dict[str, Entry] = {}  # with all that stands above them
        self.relations: dict[str, Entry] = {}
        self.doubled: set[str] = set()  # classes that are left out because another has their label
        self.owner = dict(labels)  # label, case folded -> the one class that may have it
        self.nodes = 0
        self._parents: dict[str, list[str]] = {}
        self._above: dict[str, set[str]] = {}

    # Collecting -----------------------------------------------------------------------------------------------

    def leave_out(self, iri: str, what: str, count: int = 1) -> None:
        """Count an axiom that a slice does not carry."""
        if count:
            self.slices.left_out.setdefault(prefix_of(iri), Counter())[what] += count

    def ours(self, iri: str) -> bool:
        """Say whether a term can be carried: it has a prefix that we know and a label, and is in use."""
        return prefix_of(iri) in EXTERNAL_PREFIXES and bool(self.shelf.label(iri)) and not self.shelf.obsolete(iri)

    def parents(self, iri: str) -> list[str]:
        """Give the parents that can be carried; where one cannot, those above it instead."""
        if iri not in self._parents:
            self._parents[iri] = self._find_parents(iri)
        return self._parents[iri]

    def _find_parents(self, iri: str) -> list[str]:
        found, seen, waiting = set[str](), {iri}, list(self.shelf.parents(iri))
        while waiting:
            parent = waiting.pop()
            if parent in seen:
                continue
            seen.add(parent)
            if self.ours(parent) and parent not in self.doubled:
                found.add(parent)
            else:
                waiting += self.shelf.parents(parent)
        return sorted(found)

    def above(self, iri: str) -> set[str]:
        """Give all that stands above a term."""
        if iri not in self._above:
            found = self._above[iri] = set()
            waiting = [iri]
            while waiting:
                for parent in self.parents(waiting.pop()):
                    if parent not in found:
                        found.add(parent)
                        waiting.append(parent)
        return self._above[iri]

    def nearest_parents(self, iri: str) -> list[str]:
        """Give the parents that do not follow from another parent."""
        parents = self.parents(iri)
        further = {one for parent in parents for one in self.above(parent) if parent not in self.above(one)}
        return [parent for parent in parents if parent not in further]

    def take(self, iris: Iterable[str], into: dict[str, Entry]) -> None:
        """Take terms and all that stands above them; circles end where they began."""
        for iri in sorted(iris):
            for one in sorted({iri, *self.above(iri)}):
                found = self.shelf.speaking(one)
                if found is not None:
                    into[one] = found[1]

    def take_classes(self, iris: Iterable[str]) -> None:
        """Take classes; where two have one label, the one that we use stays, or else the first."""
        wanted = sorted(iris)
        self.take(wanted, self.classes)
        for iri in sorted(self.classes, key=lambda iri: (iri not in self.used, iri)):
            if self.owner.setdefault(self.shelf.label(iri).casefold(), iri) != iri and iri not in self.used:
                self.doubled.add(iri)
                self.slices.doubled[iri] = self.owner[self.shelf.label(iri).casefold()]
                self.leave_out(iri, "classes with the label of another class; those above stand for them")
        for remembered in (self.classes, self._parents, self._above):
            remembered.clear()
        self.take((iri for iri in wanted if iri not in self.doubled), self.classes)

    # Writing --------------------------------------------------------------------------------------------------

    def say(self, subject: str, predicate: str, value: str | ox.Literal | ox.BlankNode) -> None:
        """Add a triple to the file of the subject's prefix."""
        target = ox.NamedNode(value) if isinstance(value, str) else value
        self.triples[prefix_of(subject)].append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), target))

    def node(self, prefix: str, *said: tuple[str, object]) -> ox.BlankNode:
        """Add a blank node to the file of a prefix, with what it says."""
        self.nodes += 1
        node = ox.BlankNode(f"n{self.nodes}")
        for predicate, value in said:
            target = ox.NamedNode(value) if isinstance(value, str) else value
            self.triples[prefix].append(ox.Triple(node, ox.NamedNode(predicate), target))  # type: ignore[arg-type]
        return node

    def declare(self, iri: str, kind: str) -> None:
        """Write type and label, and that a term is obsolete."""
        self.say(iri, _RDF + "type", _OWL + _TYPES[kind])
        named = self.shelf.named(iri)
        if named:
            self.say(iri, _RDFS + "label", ox.Literal(named[1], language="en"))
            self.cite(iri, "labels", named[0])
        if self.shelf.obsolete(iri):
            self.say(iri, _OWL + "deprecated", ox.Literal(True))
            for other in filter(prefix_of, self.shelf.replacements(iri)):
                self.say(iri, _REPLACED_BY, other)

    def cite(self, iri: str, what: str, file: OntologyFile) -> None:
        """Remember from which file something about a term comes, and under which licence."""
        self.sources[prefix_of(iri)][what, file.title()] += 1
        if file.licence:
            self.licences[prefix_of(iri)].add(file.licence)

    def cite_axioms(self, iri: str) -> None:
        """Remember from which files the axioms of a term come."""
        found = self.shelf.speaking(iri)
        if found:
            self.cite(iri, "axioms", found[0])
            others = {file.path: file for file in self.shelf.parents(iri).values() if file is not found[0]}
            for other in others.values():
                self.cite(iri, "further parents", other)

    def relation(self, some: Some) -> str:
        """Give the IRI of the relation of a restriction, or nothing."""
        iri = some.relation if "://" in some.relation else self.shelf.relation_of_name.get(some.relation, "")
        found = self.shelf.speaking(iri) if self.ours(iri) else None
        return iri if found and found[1].kind == "object property" else ""

    def fits(self, iri: str, some: Some) -> bool:
        """Say whether a restriction can be carried: both ends can."""
        if not self.relation(some):
            self.leave_out(iri, "relations that are no relation in use of an ontology that we know")
        elif not self.ours(some.filler):
            self.leave_out(iri, "relations to what is obsolete, has no label or is of an ontology that we do not know")
        elif self.owner.setdefault(self.shelf.label(some.filler).casefold(), some.filler) != some.filler:
            self.leave_out(iri, "relations to a class with the label of another class")
        else:
            return True
        return False

    def restriction(self, prefix: str, some: Some) -> ox.BlankNode:
        """Write `relation some filler`."""
        return self.node(
            prefix,
            (_RDF + "type", _OWL + "Restriction"),
            (_OWL + "onProperty", self.relation(some)),
            (_OWL + "someValuesFrom", some.filler),
        )

    def write_class(self, iri: str, entry: Entry) -> set[Some]:
        """Write a class; give the restrictions that were written with it."""
        self.declare(iri, entry.kind)
        self.cite_axioms(iri)
        for parent in self.nearest_parents(iri):
            self.say(iri, _RDFS + "subClassOf", parent)
        for other in entry.disjoint:
            if other in self.classes and (iri < other or iri not in self.classes[other].disjoint):
                self.say(min(iri, other), _OWL + "disjointWith", max(iri, other))
        if iri not in self.used:
            count = len(entry.relations) + len(entry.meanings) + len(entry.left_out)
            self.leave_out(iri, "axioms of classes that only stand above ours", count)
            return set()
        for what in entry.left_out:
            self.leave_out(iri, what)
        written = {some for some in entry.relations if self.fits(iri, some)}
        for some in sorted(written):
            self.say(iri, _RDFS + "subClassOf", self.restriction(prefix_of(iri), some))
        for meaning in entry.meanings:
            if set(meaning.genera) <= self.classes.keys() and all(self.fits(iri, some) for some in meaning.differentia):
                self.write_meaning(iri, meaning)
                written |= set(meaning.differentia)
            else:
                self.leave_out(iri, "definitions with a part that is left out")
        return written

    def write_meaning(self, iri: str, meaning: Meaning) -> None:
        """Write `equivalent to genus and relation some filler`."""
        prefix = prefix_of(iri)
        parts: list[object] = [*meaning.genera, *(self.restriction(prefix, some) for some in meaning.differentia)]
        if len(parts) == 1:
            self.say(iri, _OWL + "equivalentClass", parts[0])  # type: ignore[arg-type]
            return
        rest: object = _RDF + "nil"
        for part in reversed(parts):
            rest = self.node(prefix, (_RDF + "first", part), (_RDF + "rest", rest))
        node = self.node(prefix, (_RDF + "type", _OWL + "Class"), (_OWL + "intersectionOf", rest))
        self.say(iri, _OWL + "equivalentClass", node)

    def write_relation(self, iri: str, entry: Entry) -> None:
        """Write a relation with what stands above it, its ends and its inverses."""
        self.declare(iri, entry.kind)
        self.cite_axioms(iri)
        for parent in self.nearest_parents(iri):
            self.say(iri, _RDFS + "subPropertyOf", parent)
        for predicate, targets in (("domain", entry.domains), ("range", entry.ranges)):
            for target in targets:
                if target in self.classes:
                    self.say(iri, _RDFS + predicate, target)
                else:
                    self.leave_out(iri, f"{predicate}s of an ontology that we do not know")
        for other in filter(self.ours, entry.inverses):
            self.say(min(iri, other), _OWL + "inverseOf", max(iri, other))
        for what in entry.left_out:
            self.leave_out(iri, what)
        self.leave_out(iri, "transitive relations", entry.transitive)

    def finish(self) -> Slices:
        """Give one text a prefix."""
        for prefix, triples in sorted(self.triples.items()):
            about = ox.NamedNode(f"{CTMO}graph/imports/{prefix}")
            for (what, title), count in self.sources[prefix].items():
                words = f"{what} of {count} term{'s' * (count > 1)}: {title}"
                triples.append(ox.Triple(about, ox.NamedNode(PREFIXES["dcterms"] + "source"), ox.Literal(words)))
            for licence in self.licences[prefix]:
                node = ox.NamedNode(licence) if _WEB_ADDRESS.fullmatch(licence) else ox.Literal(licence)
                triples.append(ox.Triple(about, ox.NamedNode(PREFIXES["dcterms"] + "license"), node))
            lines = sorted({f"{triple} .\n" for triple in triples})
            self.slices.text_of_prefix[prefix] = format_turtle("".join(lines), file=f"{prefix}.ttl")
        return self.slices


def make_slices(used: Iterable[str], shelf: Shelf, *, labels: Mapping[str, str] | None = None) -> Slices:
    """Cut out of the files what belongs to the used terms.

    `labels` are ours, case folded, with the IRIs they name: a class that only stands above a used one, or at the end
    of a relation, and has the label of something of ours is left out.
    """
    wanted = sorted({iri for iri in used if prefix_of(iri) in EXTERNAL_PREFIXES})
    kinds = {iri: found[1].kind for iri in wanted if (found := shelf.speaking(iri))}
    slicer = _Slicer(shelf, kinds, labels or {})
    slicer.slices.missing = [iri for iri in wanted if iri not in kinds]
    slicer.take((iri for iri, kind in kinds.items() if kind == "object property"), slicer.relations)
    ends = {end for entry in slicer.relations.values() for end in (*entry.domains, *entry.ranges) if slicer.ours(end)}
    slicer.take_classes({*ends, *(iri for iri, kind in kinds.items() if kind == "class")})
    related: set[Some] = set()
    for iri, entry in sorted(slicer.classes.items()):
        related |= slicer.write_class(iri, entry)
    for iri, entry in sorted(slicer.relations.items()):
        slicer.write_relation(iri, entry)
    inverses = {other for entry in slicer.relations.values() for other in entry.inverses if slicer.ours(other)}
    names = {iri: kind for iri, kind in kinds.items() if kind != "class"} | dict.fromkeys(inverses, "object property")
    names |= {slicer.relation(some): "object property" for some in related}
    names |= {some.filler: "class" for some in related}
    for iri, kind in sorted(names.items()):
        if iri not in slicer.classes and iri not in slicer.relations:
            slicer.declare(iri, kind)
    return slicer.finish()
