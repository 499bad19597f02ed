"""What a row may become besides a part of a study: a pair of terms, a free entity. How they look in RDF is here too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated

import pyoxigraph as ox
from pydantic import Field

from kg.model import Record
from kg.namespaces import PREFIXES
from kg.rdf import LABEL, RDF_TYPE
from kg.rdf.iris import content_hash, ctmo, text

__all__ = ["Entity", "Statement", "TermPair", "entity_quads", "term_pair_quads"]

_SSSOM, _OWL, _XSD = PREFIXES["sssom"], PREFIXES["owl"], PREFIXES["xsd"]

#: Text that is an address: a CURIE of our prefixes, or a whole IRI; held as the IRI.
Address = Annotated[str, Field(json_schema_extra={"kind": "IRI"})]


class Statement(Record):
    """One property of an entity: an IRI, and a text, a number, a yes or no, or another IRI."""

    property: str
    value: str
    datatype: str = "string"  # "string", "decimal", "integer", "boolean", "IRI"


class Entity(Record):
    """A thing of a user's own: what it is, how it is called, and what else the columns say of it."""

    id: Address
    label: str | None = None
    type: list[Address] = []
    statements: list[Statement] = []


class TermPair(Record):
    """A term with the term that it is mapped to, in the fields of SSSOM."""

    subject_id: Address
    subject_label: str | None = None
    predicate_id: Address
    object_id: Address
    object_label: str | None = None
    mapping_justification: Address
    confidence: Annotated[Decimal, Field(ge=0, le=1)] | None = None
    author_label: str | None = None
    object_source: Address | None = None
    object_source_version: str | None = None
    comment: str | None = None


def _object(statement: Statement) -> ox.NamedNode | ox.Literal:
    if statement.datatype == "IRI":
        return ox.NamedNode(statement.value)
    if statement.datatype == "string":
        return text(statement.value)
    return ox.Literal(statement.value, datatype=ox.NamedNode(_XSD + statement.datatype))


def entity_quads(entities: Iterable[Entity], graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the quads of entities: types, label, and one quad for each statement."""
    for entity in entities:
        node = ox.NamedNode(entity.id)
        yield from (ox.Quad(node, RDF_TYPE, ox.NamedNode(kind), graph) for kind in entity.type)
        if entity.label:
            yield ox.Quad(node, LABEL, text(entity.label), graph)
        for statement in entity.statements:
            yield ox.Quad(node, ox.NamedNode(statement.property), _object(statement), graph)


def term_pair_quads(pairs: Iterable[TermPair], graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the quads of mapped terms: the plain triple, and an annotated axiom with who says so and why."""
    for pair in pairs:
        subject, predicate, target = map(ox.NamedNode, (pair.subject_id, pair.predicate_id, pair.object_id))
        yield ox.Quad(subject, predicate, target, graph)
        node = ctmo(f"mapping/{content_hash(pair.model_dump(mode='json', exclude_none=True))}")
        yield ox.Quad(node, RDF_TYPE, ox.NamedNode(_OWL + "Axiom"), graph)
        for end, iri in (("Source", subject), ("Property", predicate), ("Target", target)):
            yield ox.Quad(node, ox.NamedNode(f"{_OWL}annotated{end}"), iri, graph)
        for slot in ("mapping_justification", "object_source"):
            if getattr(pair, slot):
                yield ox.Quad(node, ox.NamedNode(_SSSOM + slot), ox.NamedNode(getattr(pair, slot)), graph)
        for slot in ("subject_label", "object_label", "author_label", "object_source_version"):
            if getattr(pair, slot):
                yield ox.Quad(node, ox.NamedNode(_SSSOM + slot), text(getattr(pair, slot)), graph)
        if pair.confidence is not None:
            value = ox.Literal(format(pair.confidence, "f"), datatype=ox.NamedNode(_XSD + "decimal"))
            yield ox.Quad(node, ox.NamedNode(_SSSOM + "confidence"), value, graph)
        if pair.comment:
            yield ox.Quad(node, ox.NamedNode(PREFIXES["rdfs"] + "comment"), text(pair.comment), graph)
