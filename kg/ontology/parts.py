"""The files of `ontology/` -> one graph each, and the lexicon that curated files are grounded in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.errors import InputError, SourceError
from kg.namespaces import CTMO, PREFIXES
from kg.ontology.blank import name_blank_nodes
from kg.ontology.mapping_rules import SUFFIX
from kg.ontology.mappings import mapping_quads, read_mappings
from kg.ontology.tables import read_terms, term_quads
from kg.ontology.turtle import not_turtle
from kg.paths import ontology_folder
from kg.rdf import graph_iri
from kg.vocabulary import Lexicon

__all__ = ["ontology_quads", "read_lexicon"]


def _turtle_quads(path: Path, kind: str) -> Iterator[ox.Quad]:
    graph = graph_iri(kind, path.stem)
    try:
        triples = [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
        named = name_blank_nodes(triples, start=path.stem)
    except (SyntaxError, ValueError) as error:
        raise not_turtle(path.name, error) from error
    except InputError as error:
        raise SourceError(path.name, 0, "", str(error)) from error
    except OSError as error:
        raise SourceError(str(path), 0, "", f"cannot be read: {error.strerror or error}") from error
    yield from (ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in named)


def _labels(core: Iterable[ox.Quad]) -> dict[str, str]:
    labels = (quad for quad in core if quad.predicate.value == PREFIXES["rdfs"] + "label")
    return {str(quad.subject): quad.object.value for quad in labels}  # type: ignore[union-attr]


def _kinds(core: Sequence[ox.Quad]) -> set[str]:
    """Give the labels of the individuals of `ctmo:Kind`."""
    labels, kind = _labels(core), ox.NamedNode(CTMO + "Kind")
    kinds = {str(quad.subject) for quad in core if quad.object == kind and quad.predicate.value.endswith("#type")}
    return {labels[node] for node in kinds if node in labels}


def ontology_quads(folder: Path | None = None) -> Iterator[ox.Quad]:
    """Give the ontology, one graph a file: `ontology/<stem>`, `imports/<stem>`, `terms/<table>`, `mappings/<table>`.

    A mapping file has the name of its table, and speaks of terms of that table only.
    """
    folder = folder or ontology_folder()
    core = list(_turtle_quads(folder / "core.ttl", "ontology"))
    kinds = _kinds(core)
    yield from core
    for path in sorted(folder.glob("*.ttl")):
        if path.name != "core.ttl":
            yield from _turtle_quads(path, "ontology")
    for path in sorted((folder / "imports").glob("*.ttl")):
        yield from _turtle_quads(path, "imports")
    labels_of: dict[str, dict[str, str]] = {}
    for table in sorted((folder / "terms").glob("*.tsv")):
        graph = graph_iri("terms", table.stem)
        labels_of[table.stem] = {}
        for row in read_terms(table, kinds=kinds):
            labels_of[table.stem][row.id] = row.label
            yield from term_quads(row, graph)
    for path in sorted((folder / "mappings").glob("*")):
        stem = path.name.removesuffix(SUFFIX)
        if stem == path.name or stem not in labels_of:
            raise SourceError(path.name, 0, "", f"expected the name of a table in terms/, and {SUFFIX} at its end")
        yield from mapping_quads(read_mappings(path, labels_of[stem]), graph_iri("mappings", stem))


def read_lexicon(folder: Path | None = None) -> Lexicon:
    """Give the names of all terms and the IRIs of all relations, for grounding curated files and tables."""
    folder = folder or ontology_folder()
    core = list(_turtle_quads(folder / "core.ttl", "ontology"))
    kinds = _kinds(core)
    label_of_term: dict[str, str] = {}
    exact: dict[str, set[str]] = {}
    related: dict[str, set[str]] = {}
    for table in sorted((folder / "terms").glob("*.tsv")):
        for row in read_terms(table, kinds=kinds):
            if row.id in label_of_term:
                raise SourceError(table.name, row.line, "ID", f"{row.id} stands in two rows")
            label_of_term[row.id] = row.label
            for names, synonyms in ((exact, row.exact_synonyms), (related, row.related_synonyms)):
                for synonym in synonyms:
                    names.setdefault(synonym, set()).add(row.id)
    relations = [quad.subject for quad in core if quad.predicate.value == CTMO + "pathStep"]
    labels = _labels(core)
    iri_of_relation = {labels[str(node)]: node.value for node in relations}  # type: ignore[union-attr]
    by_scope = ({name: tuple(sorted(curies)) for name, curies in names.items()} for names in (exact, related))
    return Lexicon(label_of_term, iri_of_relation, *by_scope)
