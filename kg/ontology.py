"""`core.ttl` and the term tables -> one ontology. Knows the tables' header, not what the terms are used for.

The tables carry a ROBOT template row, so that other tools can build the same classes from them. A term of another
ontology keeps its IRI and its label; its definition stays where it belongs.
"""

from __future__ import annotations

import csv
import io
import logging
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import InputError, SourceError, nearest
from kg.namespaces import CTMO, PREFIXES, compress, expand_or_none
from kg.paths import ontology_folder
from kg.rdf import graph_iri
from kg.vocabulary import Lexicon, camel

__all__ = [
    "HEADER",
    "TEMPLATE",
    "TermRow",
    "comment_lines",
    "compile_turtle",
    "format_core",
    "ontology_quads",
    "read_core",
    "read_lexicon",
    "read_terms",
    "write_core",
]

HEADER = [
    *("ID", "LABEL", "TYPE", "PARENT", "KIND", "DEFINITION"),
    *("DEFINITION SOURCE", "EXACT SYNONYMS", "RELATED SYNONYMS", "USE NOTE"),
]
#: ROBOT template strings, one a column.
TEMPLATE = [
    *("ID", "LABEL", "TYPE", "SC % SPLIT=|", "AI ctmo:kind SPLIT=|", "A IAO:0000115"),
    *(
        "A dcterms:source",
        "A oboInOwl:hasExactSynonym SPLIT=|",
        "A oboInOwl:hasRelatedSynonym SPLIT=|",
        "A ctmo:useNote",
    ),
]
#: What Turtle writes a `#` in without meaning a comment, and a comment.
_COMMENT = re.compile(
    r"""(?s:\"{3}(?:\\.|"{0,2}[^"\\])*\"{3}|'{3}(?:\\.|'{0,2}[^'\\])*'{3})"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|<[^<>\s]*>|\\.|(?P<comment>#[^\n]*)"""
)
_OBO_DEFINITION = "http://purl.obolibrary.org/obo/IAO_0000115"


@dataclass(frozen=True, slots=True)
class TermRow:
    """One row of a term table."""

    id: str
    label: str
    parents: tuple[str, ...]
    kinds: tuple[str, ...]
    definition: str
    definition_source: str
    exact_synonyms: tuple[str, ...]
    related_synonyms: tuple[str, ...]
    use_note: str
    line: int


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _read_text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SourceError(path.name, line, "", f"not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise SourceError(str(path), 0, "", f"cannot be read: {error.strerror}") from error


def _read_rows(path: Path) -> list[list[str]]:
    reader = csv.reader(io.StringIO(_read_text(path), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        return list(reader)
    except csv.Error as error:
        raise SourceError(path.name, reader.line_num, "", f"not a tab-separated table: {error}") from error


def _check_kind(kind: str, known: Collection[str] | None, path: Path, line: int) -> None:
    if not re.fullmatch(r"[a-z][a-z ]*", kind):
        raise SourceError(path.name, line, "KIND", f"found {kind!r}, expected words in small letters a-z")
    if known is not None and kind not in known:
        near = ", ".join(nearest(kind, known) or sorted(known))
        raise SourceError(path.name, line, "KIND", f"found {kind!r}, which core.ttl does not declare; nearest: {near}")


def read_terms(path: Path, *, kinds: Collection[str] | None = None) -> list[TermRow]:
    """Read a term table; raise `SourceError` with the line when a row is not what the header says.

    With `kinds`, the labels of the kinds that `core.ttl` declares, a row must be of one of these.
    """
    rows = _read_rows(path)
    if rows[:2] != [HEADER, TEMPLATE]:
        raise SourceError(path.name, 1, "", "the first two rows are not the header and the template of a term table")
    terms: list[TermRow] = []
    for line, row in enumerate(rows[2:], 3):
        if len(row) != len(HEADER):
            raise SourceError(path.name, line, "", f"found {len(row)} cells, expected {len(HEADER)}")
        curie, label, kind_of_entity, parent, kind, definition, source, exact, related, note = (c.strip() for c in row)
        if kind_of_entity != "owl:Class":
            raise SourceError(path.name, line, "TYPE", f"found {kind_of_entity!r}, expected 'owl:Class'")
        for name, value in (("ID", curie), *(("PARENT", one) for one in _parts(parent))):
            if not re.fullmatch(r"\w+:[\w.-]+", value) or expand_or_none(value) is None:
                raise SourceError(path.name, line, name, f"found {value!r}, expected a CURIE with a prefix of ours")
        if not label:
            raise SourceError(path.name, line, "LABEL", f"{curie} has no label")
        for one in _parts(kind):
            _check_kind(one, kinds, path, line)
        terms.append(
            TermRow(
                curie,
                label,
                _parts(parent),
                _parts(kind),
                definition,
                source,
                _parts(exact),
                _parts(related),
                note,
                line,
            )
        )
    return terms


def _iri(curie: str) -> ox.NamedNode:
    return ox.NamedNode(expand_or_none(curie) or curie)


def _term_quads(row: TermRow, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    node = _iri(row.id)

    def quad(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(node, ox.NamedNode(predicate), value, graph)

    def english(words: str) -> ox.Literal:
        return ox.Literal(words, language="en")

    yield quad(PREFIXES["rdf"] + "type", ox.NamedNode(PREFIXES["owl"] + "Class"))
    yield quad(PREFIXES["rdfs"] + "label", english(row.label))
    for parent in row.parents:
        yield quad(PREFIXES["rdfs"] + "subClassOf", _iri(parent))
    for position, kind in enumerate(row.kinds):
        name = camel(kind)
        individual = ox.NamedNode(f"{CTMO}Kind{name[:1].upper()}{name[1:]}")
        yield quad(CTMO + "kind", individual)
        if position == 0:  # the first kind decides where a picture puts the term
            yield quad(CTMO + "mainKind", individual)
    if row.definition:
        yield quad(_OBO_DEFINITION, english(row.definition))
    if row.definition_source:
        yield quad(PREFIXES["dcterms"] + "source", ox.Literal(row.definition_source))
    for synonym in row.exact_synonyms:
        yield quad(PREFIXES["oboInOwl"] + "hasExactSynonym", english(synonym))
    for synonym in row.related_synonyms:
        yield quad(PREFIXES["oboInOwl"] + "hasRelatedSynonym", english(synonym))
    if row.use_note:
        yield quad(CTMO + "useNote", english(row.use_note))


def _core_quads(folder: Path) -> Iterator[ox.Quad]:
    core = folder / "core.ttl"
    try:
        for quad in ox.parse(path=str(core), format=ox.RdfFormat.TURTLE):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph_iri("ontology", "core"))
    except (SyntaxError, ValueError) as error:
        raise _not_turtle(core.name, error) from error
    except OSError as error:
        raise SourceError(str(core), 0, "", f"cannot be read: {error.strerror or error}") from error


def _not_turtle(file: str, error: Exception) -> SourceError:
    message = str(getattr(error, "msg", None) or error)  # the text of a SyntaxError repeats the line
    return SourceError(file, getattr(error, "lineno", 0) or 0, "", f"not valid Turtle: {message}")


def _labels(core: Iterable[ox.Quad]) -> dict[str, str]:
    labels = (quad for quad in core if quad.predicate.value == PREFIXES["rdfs"] + "label")
    return {str(quad.subject): quad.object.value for quad in labels}  # type: ignore[union-attr]


def _kinds(core: Sequence[ox.Quad]) -> set[str]:
    """Give the labels of the individuals of `ctmo:Kind`."""
    labels, kind = _labels(core), ox.NamedNode(CTMO + "Kind")
    kinds = {str(quad.subject) for quad in core if quad.object == kind and quad.predicate.value.endswith("#type")}
    return {labels[node] for node in kinds if node in labels}


def ontology_quads(folder: Path | None = None) -> Iterator[ox.Quad]:
    """Give the ontology, one graph a file: `graph/ontology/core`, `graph/terms/<table>`."""
    folder = folder or ontology_folder()
    core = list(_core_quads(folder))
    kinds = _kinds(core)
    yield from core
    for table in sorted((folder / "terms").glob("*.tsv")):
        graph = graph_iri("terms", table.stem)
        for row in read_terms(table, kinds=kinds):
            yield from _term_quads(row, graph)


def read_lexicon(folder: Path | None = None) -> Lexicon:
    """Give the labels of all terms and the IRIs of all relations, for grounding curated files."""
    folder = folder or ontology_folder()
    core = list(_core_quads(folder))
    kinds = _kinds(core)
    label_of_term: dict[str, str] = {}
    for table in sorted((folder / "terms").glob("*.tsv")):
        for row in read_terms(table, kinds=kinds):
            if row.id in label_of_term:
                raise SourceError(table.name, row.line, "ID", f"{row.id} stands in two rows")
            label_of_term[row.id] = row.label
    relations = [quad.subject for quad in core if quad.predicate.value == CTMO + "pathStep"]
    labels = _labels(core)
    return Lexicon(label_of_term, {labels[str(node)]: node.value for node in relations})  # type: ignore[union-attr]


def _graph(folder: Path | None) -> object:
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in sorted(PREFIXES.items()):
        graph.bind(prefix, iri)
    quads = [quad.triple for quad in ontology_quads(folder)]
    graph.parse(data=ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES) or b"", format="nt")
    return graph


def compile_turtle(folder: Path | None = None) -> str:
    """Give the whole ontology as Turtle, sorted: one file for Protégé and for reasoners."""
    import rdflib

    graph = _graph(folder)
    assert isinstance(graph, rdflib.Graph)
    return str(graph.serialize(format="turtle"))


def read_core(path: Path) -> str:
    """Read `core.ttl`, or another Turtle file, as text."""
    return _read_text(path).replace("\r\n", "\n")


def comment_lines(text: str) -> list[int]:
    """Give the numbers of the lines of a Turtle text that carry a comment; a `#` in a string or an IRI is none.

    >>> comment_lines("# why\\n<x:a#b> <x:p> '# no comment' . # this is one")
    [1, 2]
    """
    starts = (match.start() for match in _COMMENT.finditer(text) if match["comment"] is not None)
    return [text.count("\n", 0, start) + 1 for start in starts]


def format_core(text: str, *, file: str = "core.ttl") -> str:
    """Give `core.ttl` in its canonical form, without comments; formatting twice changes nothing."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in sorted(PREFIXES.items()):
        graph.bind(prefix, iri)
    logging.getLogger("rdflib").setLevel(logging.ERROR)  # it warns of a mistyped value with a traceback; we refuse it
    try:
        list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))  # says the line, and takes no relative IRI
        graph.parse(data=text, format="turtle")
    except (SyntaxError, ValueError) as error:
        raise _not_turtle(file, error) from error
    for value in sorted(each for each in graph.objects() if isinstance(each, rdflib.Literal) and each.ill_typed):
        raise SourceError(
            file, 0, "", f"found {str(value)!r}, expected a value of the type {compress(str(value.datatype))}"
        )
    return str(graph.serialize(format="turtle"))


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
