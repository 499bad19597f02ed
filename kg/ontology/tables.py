"""The term tables -> classes. Knows the tables' header, not what the terms are used for.

The tables carry a ROBOT template row, so that other tools can build the same classes from them. A term of another
ontology keeps its IRI and its label; its definition stays where it belongs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import SourceError, nearest
from kg.namespaces import CTMO, PREFIXES, expand_or_none
from kg.ontology.turtle import read_text
from kg.vocabulary import camel

__all__ = ["HEADER", "TEMPLATE", "TermRow", "read_terms", "term_quads"]

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


def _read_rows(path: Path) -> list[list[str]]:
    reader = csv.reader(io.StringIO(read_text(path), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
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


def term_quads(row: TermRow, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the quads of one row."""
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
