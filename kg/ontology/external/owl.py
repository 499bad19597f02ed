"""OWL as RDF (RDF/XML, Turtle) -> entries, and the two other syntaxes -> RDF/XML through py-horned-owl.

An XML file has passed `kg.gate.xml` before: Oxigraph would take a cut file for a whole one, and an entity bomb for a
text. Nothing is fetched: imports of a file are not followed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Literal

import pyoxigraph as ox

from kg.errors import InputError, SourceError
from kg.namespaces import PREFIXES
from kg.ontology.external.files import LARGEST
from kg.ontology.external.model import OBO, Entries, Entry, Meaning, OntologyFile, Some, iri_of, newest

__all__ = ["read_functional", "read_owl_xml", "read_rdf_xml", "read_turtle"]

_OWL, _RDF, _RDFS = PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"]
_DEEPEST = 200  # brackets or elements within each other
_KINDS = {
    "Class": "class",
    "ObjectProperty": "object property",
    "DatatypeProperty": "data property",
    "AnnotationProperty": "annotation property",
    "NamedIndividual": "individual",
}
#: Class expressions that have no place in a slice -> how they are counted.
_OTHER_EXPRESSIONS = {
    "unionOf": "unions",
    "complementOf": "complements",
    "oneOf": "enumerations",
    "allValuesFrom": "universal restrictions",
    "hasValue": "restrictions to a value",
    "hasSelf": "restrictions to itself",
}
_DATES = (
    "http://purl.org/dc/terms/date",
    "http://purl.org/dc/elements/1.1/date",
    f"{PREFIXES['oboInOwl']}creation_date",
)
_LICENCES = ("http://purl.org/dc/terms/license", "http://purl.org/dc/terms/rights")
_CHARACTERISTICS = ("Functional", "InverseFunctional", "Symmetric", "Asymmetric", "Reflexive", "Irreflexive")


# Other syntaxes ---------------------------------------------------------------------------------------------------


def _through_horned_owl(content: bytes, path: PurePath, serialization: Literal["ofn", "owx"]) -> OntologyFile:
    try:
        import pyhornedowl
    except ImportError as error:
        message = f"{path.name}: OWL in this syntax is read by py-horned-owl: pip install 'mechtrail[ontologies]'"
        raise InputError(message) from error
    try:
        ontology = pyhornedowl.open_ontology_from_string(content.decode("utf-8"), serialization=serialization)
        rdf_xml = ontology.save_to_string("owl")
    except (UnicodeDecodeError, ValueError, OSError, RuntimeError) as error:
        message = f"not valid OWL ({serialization}): {' '.join(str(error).split())[:200]}"
        raise SourceError(path.name, 0, "", message) from error
    return _read(rdf_xml.encode(), path, ox.RdfFormat.RDF_XML, "OWL")


def read_functional(content: bytes, path: PurePath) -> OntologyFile:
    """Read OWL in functional syntax."""
    depth = 0
    for match in re.finditer(rb'"(?:\\.|[^"\\])*"|<[^<>\s]*>|[()]', content):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if depth > _DEEPEST:
            line = content.count(b"\n", 0, match.start()) + 1
            raise SourceError(path.name, line, "", f"brackets nested more than {_DEEPEST} deep")
    if depth:
        raise SourceError(path.name, content.count(b"\n") + 1, "", "a bracket is not closed; is the file cut?")
    return _through_horned_owl(content, path, "ofn")


def read_owl_xml(content: bytes, path: PurePath, entities: Mapping[str, str]) -> OntologyFile:
    """Read OWL/XML, which has passed `check_xml`; py-horned-owl knows no entities, so they are put in here."""
    for name, value in entities.items():
        content = content.replace(f"&{name};".encode(), value.encode())
    if len(content) > LARGEST:
        raise SourceError(path.name, 0, "", f"holds more than {LARGEST:,} bytes once its entities are put in")
    return _through_horned_owl(content, path, "owx")


# RDF --------------------------------------------------------------------------------------------------------------


def read_rdf_xml(content: bytes, path: PurePath) -> OntologyFile:
    """Read RDF/XML, which has passed `check_xml`."""
    return _read(content, path, ox.RdfFormat.RDF_XML, "OWL")


def read_turtle(content: bytes, path: PurePath) -> OntologyFile:
    """Read Turtle."""
    return _read(content, path, ox.RdfFormat.TURTLE, "OWL")


def _read(content: bytes, path: PurePath, rdf_format: ox.RdfFormat, layout: str) -> OntologyFile:
    store = ox.Store()
    try:
        store.bulk_load(content, format=rdf_format)
    except (SyntaxError, ValueError) as error:
        message = str(getattr(error, "msg", None) or error)
        raise SourceError(path.name, getattr(error, "lineno", 0) or 0, "", f"not valid RDF: {message}") from error
    graph = _Graph(store)
    heads = sorted(graph.subjects("type", "Ontology"), key=lambda iri: (not graph.texts(iri, _OWL + "versionIRI"), iri))
    head = heads[0] if heads else ""
    stated = graph.texts(head, _OWL + "versionIRI") + graph.texts(head, _OWL + "versionInfo") if head else []
    days = [day.group() for day in (re.search(r"\d{4}-\d\d-\d\d(?!\d)", each) for each in stated) if day]
    years = [year[1] for year in (re.search(r"/((?:19|20)\d\d)/", each) for each in stated) if year]
    dates = (value for predicate in _DATES for value in graph.all_texts(predicate))
    version = (days + years + graph.texts(head, _OWL + "versionInfo"))[:1] if head else []
    return OntologyFile(
        str(path),
        layout,
        name=re.sub(r"\.(?:obo|owl|ttl|json)$", "", head.removeprefix(OBO)),
        version=version[0] if version else "",
        date=(days + years)[0] if days or years else newest(dates),
        licence=next((value for each in _LICENCES for value in graph.texts(head, each)), "") if head else "",
        entries=Entries(graph.kinds(), graph.entry),
    )


class _Graph:
    """The triples of a file, asked for one term at a time."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.disjoint: defaultdict[str, set[str]] = defaultdict(set)
        for subject in self._subjects("type", "AllDisjointClasses"):
            members = {
                iri for one in self._list(next(self._values(subject, _OWL + "members"), None)) if (iri := _iri(one))
            }
            for iri in members:
                self.disjoint[iri] |= members - {iri}

    def _subjects(self, predicate: str, value: str) -> Iterator[ox.NamedNode | ox.BlankNode]:
        quads = self.store.quads_for_pattern(None, ox.NamedNode(_RDF + predicate), ox.NamedNode(_OWL + value))
        return (quad.subject for quad in quads)  # type: ignore[misc]

    def subjects(self, predicate: str, value: str) -> list[str]:
        """Give the IRIs that are of an OWL type."""
        return sorted(node.value for node in self._subjects(predicate, value) if isinstance(node, ox.NamedNode))

    def kinds(self) -> dict[str, str]:
        """Give IRI -> kind of every declared term."""
        found: dict[str, str] = {}
        for name, kind in _KINDS.items():
            for iri in self.subjects("type", name):
                found.setdefault(iri, kind)
        return found

    def _values(self, subject: object, predicate: str) -> Iterator[object]:
        node = ox.NamedNode(subject) if isinstance(subject, str) else subject
        quads = self.store.quads_for_pattern(node, ox.NamedNode(predicate), None)  # type: ignore[arg-type]
        return (quad.object for quad in quads)

    def texts(self, subject: str, predicate: str) -> list[str]:
        """Give values as text, sorted."""
        return sorted(value.value for value in self._values(subject, predicate) if hasattr(value, "value"))

    def all_texts(self, predicate: str) -> Iterator[str]:
        """Give the values of a predicate over all terms."""
        quads = self.store.quads_for_pattern(None, ox.NamedNode(predicate), None)
        return (quad.object.value for quad in quads if isinstance(quad.object, ox.Literal))

    def _list(self, node: object) -> list[object]:
        """Give the members of an RDF list; a list that bites its tail ends there."""
        members, seen = [], set()
        while isinstance(node, ox.BlankNode) and node not in seen:
            seen.add(node)
            members += list(self._values(node, _RDF + "first"))[:1]
            node = next(self._values(node, _RDF + "rest"), None)
        return members

    def _expression(self, node: object, left_out: list[str]) -> tuple[list[str], list[Some]]:
        """Give the named classes and plain restrictions of which a class expression is the intersection."""
        names, some, waiting = list[str](), list[Some](), [node]
        seen: set[object] = set()
        while waiting:
            one = waiting.pop()
            if isinstance(one, ox.NamedNode):
                names.append(one.value)
            elif one in seen:
                left_out.append("expressions within themselves")
            elif members := self._list(next(self._values(one, _OWL + "intersectionOf"), None)):
                seen.add(one)
                waiting += members
            else:
                self._restriction(one, some, left_out)
        return names, some

    def _restriction(self, node: object, some: list[Some], left_out: list[str]) -> None:
        relation = _iri(next(self._values(node, _OWL + "onProperty"), None))
        filler = next(self._values(node, _OWL + "someValuesFrom"), None)
        if relation and isinstance(filler, ox.NamedNode) and not filler.value.startswith(PREFIXES["xsd"]):
            some.append(Some(relation, filler.value))
            return
        kinds = [words for name, words in _OTHER_EXPRESSIONS.items() if any(self._values(node, _OWL + name))]
        nested = "restrictions to an unnamed class" if filler is not None else "cardinalities and other restrictions"
        left_out.append(kinds[0] if kinds else nested)

    def _meanings(self, iri: str, left_out: list[str]) -> tuple[list[Meaning], list[str], list[Some]]:
        """Give the definitions, and what of the others follows all the same."""
        meanings, parents, relations = list[Meaning](), list[str](), list[Some]()
        for node in self._values(iri, _OWL + "equivalentClass"):
            said: list[str] = []
            names, some = self._expression(node, said)
            if isinstance(node, ox.NamedNode):
                left_out.append("equivalences of two names")
                continue
            parents += names
            if said:
                left_out.append("definitions by axioms of other kinds")
                relations += some
            else:
                meanings.append(Meaning(tuple(sorted(set(names))), tuple(sorted(set(some)))))
        return meanings, parents, relations

    def _named(self, iri: str, predicate: str, left_out: list[str], words: str) -> tuple[str, ...]:
        values = list(self._values(iri, predicate))
        named = {one for value in values if (one := _iri(value))}
        left_out += [words] * (len(values) - len(named))
        return tuple(sorted(named))

    def entry(self, iri: str, kind: str) -> Entry:
        """Make the entry of one term."""
        left_out: list[str] = []
        meanings, parents, relations = self._meanings(iri, left_out)
        for node in self._values(iri, _RDFS + "subClassOf"):
            names, some = self._expression(node, left_out)
            parents += names
            relations += some
        parents += self._named(iri, _RDFS + "subPropertyOf", left_out, "sub-properties of an unnamed relation")
        types = set(self.texts(iri, _RDF + "type"))
        left_out += ["property chains" for _ in self._values(iri, _OWL + "propertyChainAxiom")]
        left_out += [f"{name.lower()} relations" for name in _CHARACTERISTICS if f"{_OWL}{name}Property" in types]
        labels = [value for value in self._values(iri, _RDFS + "label") if isinstance(value, ox.Literal)]
        english = [value.value for value in labels if not value.language or value.language.startswith("en")]
        return Entry(
            iri,
            kind,
            label=next(iter(sorted(english or [value.value for value in labels])), "").strip(),
            deprecated="true" in self.texts(iri, _OWL + "deprecated"),
            replaced_by=tuple(map(iri_of, self.texts(iri, OBO + "IAO_0100001"))),
            parents=tuple(sorted({parent for parent in parents if parent not in (iri, _OWL + "Thing")})),
            relations=tuple(sorted(set(relations))),
            meanings=tuple(sorted(set(meanings))),
            disjoint=tuple(
                sorted(
                    {
                        *self._named(iri, _OWL + "disjointWith", left_out, "disjointness with an unnamed class"),
                        *self.disjoint[iri],
                    }
                )
            ),
            domains=self._named(iri, _RDFS + "domain", left_out, "unnamed domains"),
            ranges=self._named(iri, _RDFS + "range", left_out, "unnamed ranges"),
            inverses=self._named(iri, _OWL + "inverseOf", left_out, "unnamed inverses"),
            transitive=f"{_OWL}TransitiveProperty" in types,
            definition=next(iter(self.texts(iri, OBO + "IAO_0000115")), ""),
            left_out=tuple(sorted(left_out)),
        )


def _iri(value: object) -> str:
    return value.value if isinstance(value, ox.NamedNode) else ""
