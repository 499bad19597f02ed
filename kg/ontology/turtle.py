"""Hand-written Turtle: read it, put it into its canonical form, write it whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError, SourceError
from kg.namespaces import PREFIXES

if TYPE_CHECKING:
    import rdflib

__all__ = ["comment_lines", "not_turtle", "rdflib_graph", "read_core", "read_text", "write_core"]

#: What Turtle writes a `#` in without meaning a comment, and a comment.
_COMMENT = re.compile(
    r"""(?s:\"{3}(?:\\.|"{0,2}[^"\\])*\"{3}|'{3}(?:\\.|'{0,2}[^'\\])*'{3})"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|<[^<>\s]*>|\\.|(?P<comment>#[^\n]*)"""
)


def read_text(path: Path) -> str:
    """Read a UTF-8 file; raise `SourceError` with the line of the first byte that is none."""
    try:
        raw = path.read_bytes()
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SourceError(path.name, line, "", f"not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise SourceError(str(path), 0, "", f"cannot be read: {error.strerror}") from error


def not_turtle(file: str, error: Exception) -> SourceError:
    """Give the error that names the line of a Turtle file."""
    message = str(getattr(error, "msg", None) or error)  # the text of a SyntaxError repeats the line
    return SourceError(file, getattr(error, "lineno", 0) or 0, "", f"not valid Turtle: {message}")


def read_core(path: Path) -> str:
    """Read `core.ttl`, or another Turtle file, as text."""
    return read_text(path).replace("\r\n", "\n")


def comment_lines(text: str) -> list[int]:
    """Give the numbers of the lines of a Turtle text that carry a comment; a `#` in a string or an IRI is none.

    >>> comment_lines("# why\\n<x:a#b> <x:p> '# no comment' . # this is one")
    [1, 2]
    """
    starts = (match.start() for match in _COMMENT.finditer(text) if match["comment"] is not None)
    return [text.count("\n", 0, start) + 1 for start in starts]


def rdflib_graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """Give triples to rdflib as they are: it would name blank nodes at random, and write 1.50 as 1.5."""
    import rdflib

    def term(value: object) -> rdflib.term.Node:
        if isinstance(value, ox.NamedNode):
            return rdflib.URIRef(value.value)
        if isinstance(value, ox.BlankNode):
            return rdflib.BNode(value.value)
        assert isinstance(value, ox.Literal)
        if value.language:
            return rdflib.Literal(value.value, lang=value.language)
        plain = value.datatype.value == PREFIXES["xsd"] + "string"
        return rdflib.Literal(value.value, datatype=None if plain else value.datatype.value, normalize=False)

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in sorted(PREFIXES.items()):
        graph.bind(prefix, iri)
    for triple in triples:
        graph.add((term(triple.subject), term(triple.predicate), term(triple.object)))
    return graph


def write_core(path: Path, text: str) -> None:
    """Write a Turtle file whole or not at all."""
    path = path.resolve()  # the file that a link points to is replaced, not the link
    beside = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        if path.exists():
            beside.chmod(path.stat().st_mode)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error
