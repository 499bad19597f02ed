"""The whole ontology as one document: Turtle, RDF/XML for OWL tools, N-Triples, OBO graphs; the page is a view."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.errors import InputError
from kg.ontology.blank import name_blank_nodes
from kg.ontology.obographs import to_obographs
from kg.ontology.parts import ontology_quads
from kg.ontology.rdfxml import to_rdfxml
from kg.ontology.turtle_writer import to_turtle

__all__ = ["compile_turtle", "merge", "outputs", "to_text"]

#: The formats and the ending of the file that holds each.
_ENDINGS = {"ttl": ".ttl", "owl": ".owl", "nt": ".nt", "obojson": ".json", "html": ".html"}
_FORMAT_OF_ENDING = {ending: form for form, ending in _ENDINGS.items()} | {".rdf": "owl", ".xml": "owl", ".htm": "html"}
#: What a folder gets when no format is named.
_OF_A_FOLDER = ("ttl", "owl", "obojson", "html")


def outputs(out: Path | None, form: str | None) -> list[tuple[str, Path | None]]:
    """Give each format to write and where; None is stdout. A name without an ending is a folder.

    >>> outputs(Path("ctmo.owl"), None), outputs(None, "nt")
    ([('owl', PosixPath('ctmo.owl'))], [('nt', None)])
    """
    if form not in (None, "all", *_ENDINGS):
        raise InputError(f"no format {form!r}; expected one of: {', '.join(_ENDINGS)}, all")
    if out is None or str(out) == "-":
        if form == "all":
            raise InputError("several formats need a folder: -o DIR")
        return [(form or "ttl", None)]
    if out.is_dir() or form == "all" or (form is None and not out.suffix):
        forms = _OF_A_FOLDER if form in (None, "all") else (str(form),)
        return [(each, out / f"ctmo{_ENDINGS[each]}") for each in forms]
    if form is None and out.suffix.casefold() not in _FORMAT_OF_ENDING:
        raise InputError(f"{out}: expected a name that ends in {', '.join(_FORMAT_OF_ENDING)}, or the format by -f")
    return [(form or _FORMAT_OF_ENDING[out.suffix.casefold()], out)]


def merge(quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    """Give what all files say, each statement once, sorted, with blank nodes named by what they say."""
    return name_blank_nodes({quad.triple for quad in quads})


def to_text(triples: Iterable[ox.Triple], form: str) -> str:
    """Give triples in one of the formats of data; triples from `merge` give the same bytes twice."""
    if form == "ttl":
        return to_turtle(triples)
    if form == "owl":
        return to_rdfxml(triples)
    if form == "obojson":
        return to_obographs(triples)
    if form == "nt":
        return (ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    raise InputError(f"no format of data {form!r}; expected ttl, owl, nt or obojson")


def compile_turtle(folder: Path | None = None) -> str:
    """Give the whole ontology as Turtle: one file for Protégé and for reasoners."""
    return to_text(merge(ontology_quads(folder)), "ttl")
