"""What an OWL tool saved -> triples: RDF/XML and Turtle as they are, functional syntax and OWL/XML by py-horned-owl.

The ending `.owl` says nothing about the syntax; the beginning of the file does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError, SourceError
from kg.gate.xml import check_xml
from kg.ontology.canonical import canonical
from kg.ontology.statements import OWL, RDF
from kg.ontology.turtle import not_turtle, read_text

if TYPE_CHECKING:
    import pyhornedowl

__all__ = ["ENDINGS", "read_owl"]

#: The endings of files that OWL tools save.
ENDINGS = (".owl", ".rdf", ".xml", ".ofn", ".owx", ".nt")
_FUNCTIONAL = re.compile(r"\s*(?:#[^\n]*\n\s*)*(?:Prefix|Ontology)\s*\(")
#: The root element of an XML file -> the syntax it is in.
_ROOTS = {f"{RDF} RDF": "rdf", f"{OWL} Ontology": "owx"}
_LOOKS_LIKE_XML = re.compile(r"\s*<(?:[?!]|[\w-]+:RDF\b|RDF\b|(?:[\w-]+:)?Ontology\b)")
_DEEPEST = 200
#: The OWL API writes the IRI of the ontology, where it is a value, as nothing: an address relative to itself.
_NO_IRI, _ONTOLOGY_IRI = re.compile(r"<IRI>\s*</IRI>|<IRI\s*/>"), re.compile(r'\bontologyIRI="([^"]*)"')


def _check_brackets(text: str, file: str) -> None:
    """Refuse functional syntax nested so deep that the parser would end the program, and a file that is cut."""
    depth = 0
    for match in re.finditer(r'"(?:\\.|[^"\\])*"|<[^<>\s]*>|#[^\n]*|[()]', text):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth > _DEEPEST:
            line = text.count("\n", 0, match.start()) + 1
            raise SourceError(file, line, "", f"brackets nested more than {_DEEPEST} deep")
    if depth:
        raise SourceError(file, text.count("\n") + 1, "", "a bracket is not closed; is the file cut?")


def _xml(text: str, file: str) -> tuple[str, str]:
    root, entities = check_xml(text.encode(), file)
    if root not in _ROOTS:
        raise SourceError(file, 0, "", f"found the element {root.split()[-1]!r}, expected rdf:RDF or Ontology")
    if _ROOTS[root] == "owx":  # py-horned-owl knows no entities, and no IRI that is written as nothing
        for name, value in entities.items():
            text = text.replace(f"&{name};", value)
        if base := _ONTOLOGY_IRI.search(text):
            text = _NO_IRI.sub(f"<IRI>{base[1]}</IRI>", text)
    return _ROOTS[root], text


def _syntax(text: str, file: str) -> tuple[str, str]:
    """Give the syntax of a file, and its text as the parser of that syntax takes it."""
    if _FUNCTIONAL.match(text):
        _check_brackets(text, file)
        return "ofn", text
    return _xml(text, file) if _LOOKS_LIKE_XML.match(text) else ("ttl", text)


def _parse(text: str, syntax: str, file: str) -> list[ox.Triple]:
    form = ox.RdfFormat.TURTLE if syntax == "ttl" else ox.RdfFormat.RDF_XML
    try:
        return [quad.triple for quad in ox.parse(text.encode(), format=form)]
    except (SyntaxError, ValueError) as error:
        if syntax == "ttl":
            raise not_turtle(file, error) from error
        line = getattr(error, "lineno", 0) or 0
        raise SourceError(file, line, "", f"not valid RDF/XML: {getattr(error, 'msg', None) or error}") from error


def _wide(ontology: pyhornedowl.PyIndexedOntology, file: str) -> Iterator[ox.Triple]:
    """Take lists of three and more disjoint things out of a model, whose writer keeps the first against the others."""
    import pyhornedowl.model as model

    kinds = {
        model.DisjointClasses: "AllDisjointClasses",
        model.DisjointObjectProperties: "AllDisjointProperties",
        model.DisjointDataProperties: "AllDisjointProperties",
    }
    for number, annotated in enumerate(sorted(ontology.get_components(), key=lambda each: str(each.component))):
        axiom = annotated.component
        if type(axiom) not in kinds or len(axiom.first) < 3:
            continue
        named = [one for one in axiom.first if isinstance(one, model.Class | model.ObjectProperty | model.DataProperty)]
        if annotated.ann or len(named) != len(axiom.first):
            raise SourceError(file, 0, "", f"cannot carry over {axiom}; save the file as RDF/XML instead")
        ontology.remove_component(axiom)
        node = ox.BlankNode(f"wide{number}")
        yield ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + kinds[type(axiom)]))
        head: ox.NamedNode | ox.BlankNode = ox.NamedNode(RDF + "nil")
        for place, one in enumerate(named):
            link = ox.BlankNode(f"wide{number}x{place}")
            yield ox.Triple(link, ox.NamedNode(RDF + "first"), ox.NamedNode(str(one.first)))
            yield ox.Triple(link, ox.NamedNode(RDF + "rest"), head)
            head = link
        yield ox.Triple(node, ox.NamedNode(OWL + "members"), head)


def _counts(ontology: pyhornedowl.PyIndexedOntology) -> Counter[str]:
    return Counter(type(each.component).__name__ for each in ontology.get_components())


def _by_horned_owl(text: str, syntax: str, file: str) -> list[ox.Triple]:
    try:
        import pyhornedowl
    except ImportError as error:
        words = "functional syntax and OWL/XML need `pip install py-horned-owl`; or save the file as RDF/XML or Turtle"
        raise InputError(f"{file}: {words}") from error
    try:
        ontology = pyhornedowl.open_ontology_from_string(text, syntax)  # type: ignore[arg-type]
    except ValueError as error:
        raise SourceError(file, 0, "", f"not valid OWL ({syntax}): {error}") from error
    wide = list(_wide(ontology, file))
    rdfxml = ontology.save_to_string("rdf")
    again = pyhornedowl.open_ontology_from_string(rdfxml, "rdf")
    if lost := _counts(ontology) - _counts(again):
        told = ", ".join(f"{number} {kind}" for kind, number in sorted(lost.items()))
        raise SourceError(file, 0, "", f"would lose {told}; save the file as RDF/XML instead")
    return [*_parse(rdfxml, "rdf", file), *wide]


def read_owl(path: Path) -> list[ox.Triple]:
    """Give the triples of a file that an OWL tool saved, in the one way we write them.

    Raises `SourceError` with the line where the file is broken.
    """
    syntax, text = _syntax(read_text(path).removeprefix("\ufeff"), path.name)
    read = _parse if syntax in ("ttl", "rdf") else _by_horned_owl
    try:
        return canonical(read(text, syntax, path.name))
    except SourceError:
        raise
    except InputError as error:
        raise SourceError(path.name, 0, "", str(error).removeprefix(f"{path.name}: ")) from error
