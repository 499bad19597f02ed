"""The mechanism network in KGX (nodes and edges as TSV), in the words of the Biolink model.

Mirrors `kg.knowledge.kgx`, which reads such files. Who reads an edge takes it as true, so only accepted assertions are
edges: what is hypothesised, disputed or contradicted stands in a third file, since it must not be lost either. Biolink
has no word for most of our relations; `related_to` and `affects` are what they are to it, `original_predicate` is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kg.exporters.drawn import DrawnEdge, DrawnNetwork, measured_by, planned_by
from kg.exporters.network_graph import scalars
from kg.namespaces import CTMO, compress
from kg.network import Edge

__all__ = ["FILES", "NEEDS", "SUMMARY", "write"]

SUMMARY = "the mechanism network in KGX: a folder with nodes.tsv, edges.tsv and what is not asserted"
NEEDS = "network"
FILES = True

#: Kind of a term -> class of Biolink; what has none is a named thing.
_CATEGORIES = {
    "adverse event": "PhenotypicFeature",
    "anatomy": "AnatomicalEntity",
    "cell type": "Cell",
    "condition": "DiseaseOrPhenotypicFeature",
    "factor": "BiologicalEntity",
    "intervention": "Procedure",
    "mechanism": "BiologicalProcess",
    "outcome": "PhenotypicFeature",
    "pathway": "Pathway",
    "product": "Treatment",
    "receptor": "BiologicalEntity",
    "tissue": "AnatomicalEntity",
}
#: Relation -> predicate of Biolink, and the direction of the object's level where the relation is about one.
_PREDICATES = {
    "associatedWith": ("associated_with", ""),
    "contains": ("has_part", ""),
    "contributingCauseOf": ("contributes_to", ""),
    "decreasesLevelOf": ("affects", "decreased"),
    "improves": ("affects", ""),  # which way the object goes depends on the object
    "increasesLevelOf": ("affects", "increased"),
    "inhibits": ("affects", ""),
    "inhibitsReleaseOf": ("affects", "decreased"),
    "prevents": ("affects", ""),
    "promotes": ("affects", ""),
    "promotesProductionOf": ("affects", "increased"),
    "protectsAgainst": ("affects", ""),
    "worsens": ("affects", ""),
}
_NODES = ("id", "category", "name", "synonym", "provided_by", "measured_by", "planned_by")
_EDGES = (
    *("id", "subject", "predicate", "object", "primary_knowledge_source", "knowledge_level", "agent_type"),
    *("publications", "original_predicate", "object_direction_qualifier", "evidence_level", "statement", "context"),
)
_SOURCE = "infores:mechtrail"


def _identifier(iri: str) -> str:
    """Give the CURIE of a term, or the whole address of one of ours: no registry that readers use has our prefix."""
    return iri if iri.startswith(CTMO) else compress(iri)


def _cell(value: object) -> str:
    return " ".join(str(value).split())


def _table(columns: Sequence[str], records: Iterable[Mapping[str, object]]) -> bytes:
    lines = ["\t".join(columns)]
    lines += sorted("\t".join(_cell(record.get(name, "")) for name in columns) for record in records)
    return "\n".join(lines).encode() + b"\n"


def _publication(url: str) -> str:
    for start in ("https://doi.org/", "http://doi.org/"):
        if url.startswith(start):
            return "DOI:" + url.removeprefix(start)
    return url


def _edge(drawn: DrawnEdge) -> dict[str, object]:
    edge = drawn.edge
    predicate, direction = _PREDICATES.get(edge.relation.removeprefix(CTMO), ("related_to", ""))
    publications = list(dict.fromkeys(_publication(note.url) for note in edge.evidence if note.url))
    return {
        **scalars({"publications": publications, "statement": edge.statement, "context": edge.context}),
        "id": _identifier(edge.iri),
        "subject": _identifier(edge.subject),
        "predicate": f"biolink:{predicate}",
        "object": _identifier(edge.object),
        "primary_knowledge_source": _SOURCE,
        "knowledge_level": "knowledge_assertion",
        "agent_type": "manual_agent",
        "original_predicate": compress(edge.relation),
        "object_direction_qualifier": direction,
        "evidence_level": f"{edge.level} {edge.level_label}",
    }


def _apart(edge: Edge) -> dict[str, object]:
    voices = [f"{note.direction}: {note.source_label}" for note in edge.evidence]
    return {
        **scalars({"statement": edge.statement, "context": edge.context, "evidence": list(dict.fromkeys(voices))}),
        "id": _identifier(edge.iri),
        "status": edge.status,
        "subject": _identifier(edge.subject),
        "relation": compress(edge.relation),
        "object": _identifier(edge.object),
    }


def write(network: DrawnNetwork) -> dict[str, bytes]:
    """Give file name -> content; a study that measured a term is a property of its node, never an edge."""
    nodes = (
        {
            **scalars({"synonym": list(node.node.synonyms), "name": node.node.label}),
            **scalars({"measured_by": measured_by(node), "planned_by": planned_by(node)}),
            "id": _identifier(node.node.iri),
            "category": "biolink:" + _CATEGORIES.get(node.node.kind, "NamedThing"),
            "provided_by": _SOURCE,
        }
        for node in network.nodes
    )
    accepted = [edge for edge in network.edges if edge.edge.status == "accepted"]
    others = [edge.edge for edge in network.edges if edge.edge.status != "accepted"]
    apart = ("id", "status", "subject", "relation", "object", "statement", "context", "evidence")
    return {
        "edges.tsv": _table(_EDGES, map(_edge, accepted)),
        "nodes.tsv": _table(_NODES, nodes),
        "not-asserted.tsv": _table(apart, map(_apart, others)),
    }
