"""A whole ontology that came back from an OWL tool -> the one file of ours that takes up what was changed in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.errors import NotFoundError, Problem, nearest
from kg.namespaces import CTMO, PREFIXES, compress
from kg.ontology.canonical import canonical
from kg.ontology.manchester import expression, text_of
from kg.ontology.parts import ontology_quads
from kg.ontology.statements import DEFINITION, OWL, RDF, RDFS, Statements

__all__ = ["take_back"]

_OBO_IN_OWL = PREFIXES["oboInOwl"]
_ENDINGS = {"terms": ".tsv", "mappings": ".sssom.tsv"}
#: What the columns of a term table say: of a term of a table, only the table says it.
_COLUMNS = {
    *(RDF + "type", RDFS + "label", RDFS + "subClassOf", DEFINITION, PREFIXES["dcterms"] + "source"),
    *(CTMO + name for name in ("kind", "mainKind", "useNote")),
    *(_OBO_IN_OWL + name for name in ("hasExactSynonym", "hasRelatedSynonym")),
}


def _parts(folder: Path | None) -> dict[str, set[ox.Triple]]:
    """Give the statements of each file, `ontology/core` or `terms/markers`, with comparable names of blank nodes."""
    triples: defaultdict[str, list[ox.Triple]] = defaultdict(list)
    for quad in ontology_quads(folder):
        if isinstance(quad.graph_name, ox.NamedNode):
            triples[quad.graph_name.value.removeprefix(PREFIXES["graph"])].append(quad.triple)
    return {part: set(canonical(said)) for part, said in triples.items()}


def _words(triple: ox.Triple, said: Statements) -> str:
    subject = triple.subject
    named = text_of(expression(subject, said)) if isinstance(subject, ox.BlankNode) else compress(subject.value)  # type: ignore[union-attr]
    return f"{named} {compress(triple.predicate.value)} {text_of(expression(triple.object, said))}"


def _told(triples: Iterable[ox.Triple], said: Statements) -> list[str]:
    """Give statements in words; what hangs on a blank node is told with the statement that points to it."""
    triples = list(triples)
    inside = {triple.object for triple in triples}
    return sorted({_words(triple, said) for triple in triples if triple.subject not in inside})


def take_back(
    edited: Iterable[ox.Triple], part: str, *, folder: Path | None = None
) -> tuple[list[ox.Triple], list[Problem]]:
    """Give the statements of one file of `ontology/` after an edit of the whole, and what other files must change.

    New statements go to that file, unless they fill a column of a table: these, and statements of other files that the
    edit took away, come back as problems and change nothing.
    """
    parts = _parts(folder)
    known = sorted(name.removeprefix("ontology/") for name in parts if name.startswith("ontology/"))
    if part not in known:
        raise NotFoundError("file of ontology/", part, nearest(part, known) or known)
    now = set(canonical(edited))
    said_now, said_before = Statements(now), Statements(set().union(*parts.values()))
    of_table = {triple.subject: name for name, said in parts.items() if name.startswith("terms/") for triple in said}
    added = now - set().union(*parts.values())
    for_tables = {
        triple
        for triple in added
        if triple.subject in of_table
        and triple.predicate.value in _COLUMNS
        and not isinstance(triple.object, ox.BlankNode)
        and not (triple.predicate.value == RDF + "type" and triple.object != ox.NamedNode(OWL + "Class"))
    }
    problems = [
        Problem("edit", f"{of_table[triple.subject]}.tsv", f"add there: {_words(triple, said_now)}")
        for triple in for_tables
    ]
    for name, said in parts.items():
        if name != f"ontology/{part}":
            ending = _ENDINGS.get(name.split("/")[0], ".ttl")
            gone = _told(said - now, said_before)
            problems += [
                Problem("edit", name + ending, f"was taken away, so take it away there: {one}") for one in gone
            ]
    return canonical((parts[f"ontology/{part}"] & now) | (added - for_tables)), sorted(problems)
