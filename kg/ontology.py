"""`core.ttl` and the term tables -> one ontology. Knows the tables' header, not what the terms are used for.

The tables carry a ROBOT template row, so that other tools can build the same classes from them. A term of another
ontology keeps its IRI and its label; its definition stays where it belongs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import SourceError
from kg.namespaces import CTMO, PREFIXES, expand_or_none
from kg.paths import ontology_folder
from kg.rdf import graph_iri
from kg.vocabulary import Lexicon, camel

__all__ = [
    "HEADER",
    "TEMPLATE",
    "TermRow",
    "compile_turtle",
    "format_core",
    "ontology_quads",
    "read_lexicon",
    "read_terms",
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


def read_terms(path: Path) -> list[TermRow]:
    """Read a term table; raise `SourceError` with the line when a row is not what the header says."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    if rows[:2] != [HEADER, TEMPLATE]:
        raise SourceError(path.name, 1, "", "the first two rows are not the header and the template of a term table")
    terms: list[TermRow] = []
    for line, row in enumerate(rows[2:], 3):
        if len(row) != len(HEADER):
            raise SourceError(path.name, line, "", f"found {len(row)} cells, expected {len(HEADER)}")
        curie, label, kind_of_entity, parent, kinds, definition, source, exact, related, note = (c.strip() for c in row)
        if kind_of_entity != "owl:Class":
            raise SourceError(path.name, line, "TYPE", f"found {kind_of_entity!r}, expected 'owl:Class'")
        for name, value in (("ID", curie), *(("PARENT", one) for one in _parts(parent))):
            if not re.fullmatch(r"\w+:[\w.-]+", value) or expand_or_none(value) is None:
                raise SourceError(path.name, line, name, f"found {value!r}, expected a CURIE with a prefix of ours")
        if not label:
            raise SourceError(path.name, line, "LABEL", f"{curie} has no label")
        terms.append(
            TermRow(
                curie,
                label,
                _parts(parent),
                _parts(kinds),
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
        raise SourceError(core.name, getattr(error, "lineno", 0) or 0, "", f"not valid Turtle: {error}") from error


def ontology_quads(folder: Path | None = None) -> Iterator[ox.Quad]:
    """Give the ontology, one graph a file: `graph/ontology/core`, `graph/terms/<table>`."""
    folder = folder or ontology_folder()
    yield from _core_quads(folder)
    for table in sorted((folder / "terms").glob("*.tsv")):
        graph = graph_iri("terms", table.stem)
        for row in read_terms(table):
            yield from _term_quads(row, graph)


def read_lexicon(folder: Path | None = None) -> Lexicon:
    """Give the labels of all terms and the IRIs of all relations, for grounding curated files."""
    folder = folder or ontology_folder()
    label_of_term: dict[str, str] = {}
    for table in sorted((folder / "terms").glob("*.tsv")):
        for row in read_terms(table):
            if row.id in label_of_term:
                raise SourceError(table.name, row.line, "ID", f"{row.id} stands in two rows")
            label_of_term[row.id] = row.label
    relations: dict[str, str] = {}
    labels: dict[str, str] = {}
    for quad in _core_quads(folder):
        if quad.predicate.value == PREFIXES["rdfs"] + "label":
            labels[str(quad.subject)] = quad.object.value  # type: ignore[union-attr]
        elif quad.predicate.value == CTMO + "pathStep":
            relations[str(quad.subject)] = quad.subject.value  # type: ignore[union-attr]
    return Lexicon(label_of_term, {labels[node]: iri for node, iri in relations.items()})


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


def format_core(text: str) -> str:
    """Give `core.ttl` in its canonical form; formatting twice changes nothing."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in sorted(PREFIXES.items()):
        graph.bind(prefix, iri)
    graph.parse(data=text, format="turtle")
    return str(graph.serialize(format="turtle"))
