"""`ontology/mappings/*.sssom.tsv`: what other vocabularies call our terms -> checked rows -> quads.

A mapping never adds logic: it is an annotation, with who says so and why. A search that found nothing is a row too
(`sssom:NoTermFound`); as a triple it says in which vocabulary nothing was found, since two terms that "match" the same
NoTermFound would be taken for one. The format of the file is `kg.ontology.sssom`'s business, what a row may say is
`kg.ontology.mapping_rules`'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

import pyoxigraph as ox

from kg.errors import SourceError
from kg.namespaces import CTMO, PREFIXES
from kg.ontology.mapping_rules import NOT_FOUND, SSSOM, SUFFIX, Fault, MappingRow, faults_of, rows_of
from kg.ontology.sssom import read_sssom

__all__ = ["MappingSet", "mapping_faults", "mapping_quads", "read_mappings"]


@dataclass(frozen=True, slots=True)
class MappingSet:
    """The mappings of one table of terms."""

    stem: str
    header: Mapping[str, str]
    curie_map: Mapping[str, str]
    rows: tuple[MappingRow, ...]


def mapping_faults(path: Path, label_of_term: Mapping[str, str]) -> list[Fault]:
    """Give all that is wrong with a file; raise `SourceError` where it is no SSSOM/TSV at all.

    `label_of_term` has the terms of the table of the same name: CURIE -> label.
    """
    return faults_of(read_sssom(path), path.name.removesuffix(SUFFIX), label_of_term)


def read_mappings(path: Path, label_of_term: Mapping[str, str]) -> MappingSet:
    """Read a file; raise `SourceError` with the line of the first fault, and how many more there are."""
    text, stem = read_sssom(path), path.name.removesuffix(SUFFIX)
    faults = faults_of(text, stem, label_of_term)
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise SourceError(path.name, faults[0].line, faults[0].field, faults[0].message + more)
    return MappingSet(stem, text.header, text.curie_map, tuple(row for _, row in rows_of(text)))


@cache
def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _row_quads(row: MappingRow, mapping_set: MappingSet, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    def iri(curie: str) -> ox.NamedNode:
        prefix, _, local = curie.partition(":")
        return _node(mapping_set.curie_map[prefix] + local)

    said = "\n".join((mapping_set.stem, *row.cells()))
    record = ox.BlankNode("mapping" + blake2b(said.encode(), digest_size=8).hexdigest())

    def quad(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(record, _node(predicate), value, graph)

    subject, predicate, target = iri(row.subject_id), iri(row.predicate_id), iri(row.object_id)
    if row.object_id == NOT_FOUND:
        yield quad(SSSOM + "predicate_id", predicate)
        yield quad(SSSOM + "object_id", target)
        predicate, target = _node(CTMO + "noMatchFoundIn"), iri(row.object_source)
    yield ox.Quad(subject, predicate, target, graph)
    yield quad(PREFIXES["rdf"] + "type", _node(PREFIXES["owl"] + "Axiom"))
    ends = (("Source", subject), ("Property", predicate), ("Target", target))
    for end, node in ends:
        yield quad(f"{PREFIXES['owl']}annotated{end}", node)
    yield quad(SSSOM + "mapping_justification", iri(row.mapping_justification))
    yield quad(SSSOM + "object_source", iri(row.object_source))
    yield quad(SSSOM + "mapping_source", _node(mapping_set.header["mapping_set_id"]))
    day = ox.Literal(row.mapping_date, datatype=_node(PREFIXES["xsd"] + "date"))
    yield quad("http://purl.org/pav/authoredOn", day)
    for slot in ("subject_label", "object_label", "author_label", "object_source_version"):
        if getattr(row, slot):
            yield quad(SSSOM + slot, ox.Literal(getattr(row, slot)))
    if row.comment:
        yield quad(PREFIXES["rdfs"] + "comment", ox.Literal(row.comment))


def mapping_quads(mapping_set: MappingSet, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the quads of a set: the set, and for each row its plain triple with a record of who says so and why.

    The record is an annotated axiom, as SSSOM asks in RDF, so that tools for OWL keep the two together.
    """
    header = mapping_set.header
    node = ox.NamedNode(header["mapping_set_id"])
    about: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (PREFIXES["rdf"] + "type", ox.NamedNode(PREFIXES["owl"] + "NamedIndividual")),
        (PREFIXES["rdf"] + "type", ox.NamedNode(SSSOM + "MappingSet")),
        (PREFIXES["dcterms"] + "title", ox.Literal(header["mapping_set_title"])),
        (PREFIXES["rdfs"] + "label", ox.Literal(header["mapping_set_title"], language="en")),
        (PREFIXES["dcterms"] + "license", ox.NamedNode(header["license"])),
        (PREFIXES["owl"] + "versionInfo", ox.Literal(header["mapping_set_version"])),
        (SSSOM + "subject_source", ox.NamedNode(CTMO + "ctmo.owl")),
    ]
    for predicate, value in about:
        yield ox.Quad(node, ox.NamedNode(predicate), value, graph)
    for row in mapping_set.rows:
        yield from _row_quads(row, mapping_set, graph)
