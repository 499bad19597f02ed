"""One record -> triples, whatever the record: fields become predicates, nested records nodes of their own.

A decimal is written twice, typed and as the text that was read, since a store rewrites `1.50` to `1.5`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import pyoxigraph as ox
from pydantic import BaseModel

from kg import vocabulary
from kg.model import Product, Term
from kg.namespaces import PREFIXES
from kg.rdf.iris import RDF_TYPE, ctmo, term_iri, text
from kg.vocabulary import camel

__all__ = ["ARM_FIELDS", "CURIE_FIELDS", "Writer", "class_name", "predicate"]

_XSD = PREFIXES["xsd"]

#: Fields whose words are controlled: the table that turns them into IRIs.
_WORDS: dict[str, dict[str, str]] = {
    "analysis": vocabulary.ANALYSES,
    "basis": vocabulary.DOSE_BASES,
    "certainty": vocabulary.CERTAINTIES,
    "culture": vocabulary.CULTURES,
    "direction": vocabulary.DIRECTIONS | vocabulary.READOUT_DIRECTIONS,
    "donor": vocabulary.DONORS,
    "finding": vocabulary.FINDINGS,
    "modality": vocabulary.MODALITIES,
    "standing": vocabulary.DOSE_STANDINGS,
    "status": vocabulary.FACT_STATUSES,
    "study_kind": vocabulary.STUDY_KINDS,
    "verdict": vocabulary.VERDICTS,
    "type": vocabulary.SPREAD_TYPES,
}

#: Field, or record and field, -> local name of the predicate, where it is not the field in camelCase.
_PREDICATES = {
    "Effect.measure": "effectMeasure",
    "Overlap.certainty": "certaintyWord",
    "Overlap.study": "overlapsWith",
    "Pooled.comparison": "comparisonOf",
    "Pooled.studies": "studyCount",
    "Reference.certainty": "certaintyWord",
    "Reference.number": "referenceNumber",
    "Registration.recruitment_status": "statusInRegistry",
    "adverse_events": "hasAdverseEventCount",
    "ages_years": "ages",
    "arms": "hasArm",
    "authors": "author",
    "basis": "doseBasis",
    "citation": "citation",
    "co_interventions": "coIntervention",
    "comparisons": "hasComparison",
    "covers": "coversArm",
    "exact": "exactDigest",
    "excerpts": "hasExcerpt",
    "follow_up_months": "followUp",
    "included": "pooledStudy",
    "loose": "looseDigest",
    "other_conditions": "otherCondition",
    "other_doses": "otherDose",
    "other_routes": "otherRoute",
    "outcomes": "plansOutcome",
    "overlaps": "hasOverlap",
    "planned_readouts": "hasPlannedReadout",
    "pooled": "hasPooledEstimate",
    "publications": "publication",
    "readouts": "hasReadout",
    "references": "hasReference",
    "results": "hasResult",
    "role": "armRole",
    "sites": "site",
    "standing": "doseStanding",
    "status": "factStatus",
    "type": "spreadType",
    "values": "value",
    "months": "month",
    "notes": "note",
}

#: Record -> class, where it is not the record's own name.
_CLASSES = {"AdverseEvent": "AdverseEventCount", "Pooled": "PooledEstimate"}

#: Fields that name an arm of the same study.
ARM_FIELDS = {"arm", "arms", "covers"}
#: Fields that hold a CURIE without a label.
CURIE_FIELDS = {"against", "study"}


def predicate(field: str, record: str = "") -> str:
    """Give the local name of the predicate that a field of a record becomes."""
    return _PREDICATES.get(f"{record}.{field}") or _PREDICATES.get(field) or camel(field.replace("_", " "))


def class_name(record: type[BaseModel]) -> str:
    """Give the local name of the class that a kind of record becomes."""
    return _CLASSES.get(record.__name__, record.__name__)


def _value_pairs(name: str, field: str, value: object, owner: str) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    """Give (local predicate name, object) for one plain value of a field."""
    if isinstance(value, bool):
        yield name, ox.Literal("true" if value else "false", datatype=ox.NamedNode(_XSD + "boolean"))
    elif isinstance(value, int):
        yield name, ox.Literal(str(value), datatype=ox.NamedNode(_XSD + "integer"))
    elif isinstance(value, Decimal):
        yield name, ox.Literal(format(value, "f"), datatype=ox.NamedNode(_XSD + "decimal"))
        yield f"{name}Text", text(str(value))
    elif field in ARM_FIELDS:
        yield name, ox.NamedNode(f"{owner}#{value}")
    elif field in CURIE_FIELDS:
        yield name, term_iri(str(value))
    elif field == "included":
        yield name, ctmo(f"study/{value}")
    elif field in _WORDS and value in _WORDS[field]:
        yield name, ox.NamedNode(_WORDS[field][str(value)])
    else:
        yield name, text(str(value))


class Writer:
    """Walks a record and writes its triples into one graph."""

    def __init__(self, graph: ox.NamedNode, owner: str) -> None:
        self.graph = graph
        self.owner = owner  # the IRI that fragments hang on

    def quad(self, subject: ox.NamedNode, local: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        """Give one quad with a predicate of ours."""
        return ox.Quad(subject, ctmo(local), value, self.graph)

    def typed(self, subject: ox.NamedNode, class_name: str) -> ox.Quad:
        """Give the quad that says what a node is."""
        return ox.Quad(subject, RDF_TYPE, ctmo(class_name), self.graph)

    def fields(self, node: ox.NamedNode, record: BaseModel, skip: Iterable[str] = ()) -> Iterator[ox.Quad]:
        """Write every field that is there; nested records become nodes of their own."""
        for field in type(record).model_fields:
            if field in skip or field == "id":
                continue
            value = getattr(record, field)
            if field == "authors" and value:
                value = "; ".join(value)  # one text: triples would lose the order, and two authors of one name
            many = value if isinstance(value, list) else [value]
            for position, one in enumerate(many, 1):
                if one is not None:
                    place = position if isinstance(value, list) else None
                    yield from self.one(node, field, one, place, type(record).__name__)

    def one(
        self, node: ox.NamedNode, field: str, value: object, position: int | None, record: str = ""
    ) -> Iterator[ox.Quad]:
        """Write one value of a field of a kind of record."""
        if field == "arms" and position == 1 and isinstance(value, str):
            # a finding speaks of the first arm against the others, and triples have no order
            yield self.quad(node, "firstArm", ox.NamedNode(f"{self.owner}#{value}"))
        if isinstance(value, Product):
            return  # a product is shared by all arms that receive it: `kg.rdf.studies` writes it
        if isinstance(value, Term):
            yield self.quad(node, predicate(field, record), term_iri(value.id))
        elif isinstance(value, BaseModel):
            yield from self.child(node, field, value, position, record)
        else:
            for local, item in _value_pairs(predicate(field, record), field, value, self.owner):
                yield self.quad(node, local, item)

    def child(
        self, node: ox.NamedNode, field: str, record: BaseModel, position: int | None, owner: str = ""
    ) -> Iterator[ox.Quad]:
        """Write a nested record under `owner#id`, or `owner#parent-field` where it has no id."""
        inner = node.value.partition("#")[2]
        name = getattr(record, "id", None) if type(record).__name__ != "Registration" else None
        plain = "-".join(part for part in (inner, camel(field.replace("_", " ")), str(position or "")) if part)
        child = ox.NamedNode(f"{self.owner}#{name or plain}")
        yield self.quad(node, predicate(field, owner), child)
        yield self.typed(child, class_name(type(record)))
        if type(record).__name__ == "Registration":
            yield self.quad(child, "registryId", text(str(getattr(record, "id", ""))))
        yield from self.fields(child, record)
