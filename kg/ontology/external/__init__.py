"""Ontology files of other people -> entries, from any of the usual formats. What becomes of them is not its job."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import InputError, NotFoundError, SourceError
from kg.gate.bounded import Limits
from kg.gate.xml import check_xml
from kg.ontology.external.files import LARGEST, layout_of, read_bytes
from kg.ontology.external.json_layouts import read_json
from kg.ontology.external.model import EXTERNAL_PREFIXES, Entry, Meaning, OntologyFile, Some, Synonym, iri_of, prefix_of
from kg.ontology.external.obo import read_obo
from kg.ontology.external.owl import read_functional, read_owl_xml, read_rdf_xml, read_turtle

__all__ = [
    "EXTERNAL_PREFIXES",
    "Entry",
    "Meaning",
    "OntologyFile",
    "Read",
    "Some",
    "Synonym",
    "iri_of",
    "prefix_of",
    "read_ontologies",
    "read_ontology",
]

_HTML = re.compile(r"(?:.* )?html", re.IGNORECASE)


def _read_xml(content: bytes, path: Path) -> OntologyFile | None:
    root, entities = check_xml(content, path.name, Limits(bytes=LARGEST))
    if root == "http://www.w3.org/1999/02/22-rdf-syntax-ns# RDF":
        return read_rdf_xml(content, path)
    if root == "http://www.w3.org/2002/07/owl# Ontology":
        return read_owl_xml(content, path, entities)
    if _HTML.fullmatch(root):
        raise SourceError(path.name, 1, "", "an HTML page, not an ontology: was it saved from a browser?")
    return None


_READERS = {
    "functional": read_functional,
    "json": read_json,
    "obo": read_obo,
    "turtle": read_turtle,
    "xml": _read_xml,
}


def read_ontology(path: Path, content: bytes | None = None) -> OntologyFile | None:
    """Read a file of any of the formats; None when it holds no ontology, `SourceError` when it is broken."""
    content = read_bytes(path) if content is None else content
    layout = layout_of(content)
    if layout == "utf-16":
        raise SourceError(path.name, 1, "", "found UTF-16, expected UTF-8; convert it with `iconv -f UTF-16 -t UTF-8`")
    if layout == "xml" and re.match(rb"\s*<(?:!DOCTYPE\s+)?html\b", content, re.IGNORECASE):
        raise SourceError(path.name, 1, "", "an HTML page, not an ontology: was it saved from a browser?")
    reader = _READERS.get(layout)
    found = reader(content, path) if reader else None
    return found if found and found.entries else None


@dataclass(slots=True)
class Read:
    """What became of some files: the ontologies, those without a term of use, and those that are none."""

    ontologies: list[OntologyFile] = field(default_factory=list)
    of_no_use: list[str] = field(default_factory=list)
    no_ontology: list[str] = field(default_factory=list)


def _all_files(paths: Iterable[Path]) -> list[tuple[Path, bool]]:
    """Give the files, and those of the folders; and for each whether it was named."""
    files: dict[Path, bool] = {}
    for path in paths:
        if path.is_dir():
            for each in sorted(path.rglob("*")):
                if each.is_file():
                    files.setdefault(each, False)
        elif path.is_file():
            files[path] = True
        else:
            raise NotFoundError("file or folder", str(path))
    return list(files.items())


def read_ontologies(paths: Iterable[Path], prefixes: Collection[str]) -> Read:
    """Read files and whole folders; a file without an identifier of these prefixes is not looked into.

    In a folder other files may lie; a file that is named must be an ontology.
    """
    any_of = "|".join(sorted(map(re.escape, prefixes)))
    wanted = re.compile(rf'\b(?:{any_of})[:_]\d|"namespace":\s*"(?i:{any_of})"'.encode())
    read = Read()
    for path, named in _all_files(paths):
        content = read_bytes(path)
        if not layout_of(content):
            if named:
                raise InputError(
                    f"{path}: no ontology: expected OBO, OBO graphs, OWL (RDF/XML, Turtle, OWL/XML, "
                    "functional syntax) or a list of terms as JSON"
                )
            read.no_ontology.append(path.name)
        elif not wanted.search(content):
            if named:
                read_ontology(path, content)  # what is broken says so itself
                raise InputError(f"{path}: holds no term of {', '.join(sorted(prefixes))}")
            read.of_no_use.append(path.name)
        elif found := read_ontology(path, content):
            read.ontologies.append(found)
        elif named:
            raise InputError(f"{path}: holds no term in a layout that is known here")
        else:
            read.no_ontology.append(path.name)
    return read
