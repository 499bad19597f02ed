"""A drawn network -> a networkx graph whose attributes every writer can write.

Keyed by the IRI of the assertion, so that parallel assertions stay two edges. Attributes are texts and numbers: a list
is joined with `|`, what is empty is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kg.exporters.drawn import CAUTION, DrawnEdge, DrawnNetwork, DrawnNode, measured_by, planned_by
from kg.namespaces import compress

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Attributes", "Scalar", "edge_attributes", "network_attributes", "node_attributes", "scalars", "to_graph"]

Scalar = str | int | float
Attributes = Mapping[str, Scalar | list[str] | None]

_SEPARATOR = "|"


def _writable(text: str) -> str:
    """Give a text that can stand in XML: what it forbids, and what nobody sees, as its code point."""
    return "".join(
        f"⟨U+{ord(char):04X}⟩"
        if unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co", "Cf") and char not in "\n\t"
        else char
        for char in text
    )


def scalars(attributes: Attributes) -> dict[str, Scalar]:
    """Give attributes as texts and numbers; a `|` inside a member of a list becomes `¦`, so that a list stays one.

    >>> scalars({"label": "BDNF", "synonyms": ["a", "b|c"], "context": "", "level": 2, "url": None})
    {'label': 'BDNF', 'synonyms': 'a|b¦c', 'level': 2}
    """
    found: dict[str, Scalar] = {}
    for name, value in attributes.items():
        if isinstance(value, list):
            value = _SEPARATOR.join(each.replace(_SEPARATOR, "¦") for each in value)
        if isinstance(value, str):
            value = _writable(value)
        if value is not None and value != "":
            found[name] = value
    return found


def node_attributes(drawn: DrawnNode) -> dict[str, Scalar | list[str] | None]:
    """Give what a node carries, lists as lists; a study that measured it is told here and nowhere on an edge."""
    node, measured, planned = drawn.node, measured_by(drawn), planned_by(drawn)
    found = {f"{trial.study_label}: {trial.what}, {trial.finding}" for trial in drawn.trials}
    return {
        "label": node.label or node.curie or node.iri,
        "curie": node.curie,
        "kind": node.kind,
        "column": drawn.column,
        "definition": node.definition,
        "synonyms": list(node.synonyms),
        "studies_that_measured_it": len(measured),
        "measured_by": measured,
        "planned_by": planned,
        "trial_results": sorted(found),
    }


def edge_attributes(drawn: DrawnEdge, quoted: bool) -> dict[str, Scalar | list[str] | None]:
    """Give what an edge carries, lists as lists; for and against are two lists, never one."""
    edge = drawn.edge

    def voices(*directions: str) -> list[str]:
        return list(
            dict.fromkeys(
                f"{note.source_label}{' ' + note.cited_as if note.cited_as else ''} ({note.study_kind}, {note.role})"
                for note in edge.evidence
                if note.direction in directions
            )
        )

    return {
        "relation": compress(edge.relation),
        "relation_label": edge.relation_label,
        "status": edge.status,
        "level": edge.level,
        "level_label": edge.level_label,
        "sign": edge.sign,
        "statement": edge.statement,
        "context": edge.context,
        "supported_by": voices("supports"),
        "disputed_by": voices("disputes"),
        "neutral": voices("neutral"),
        "sections": list(dict.fromkeys(note.section for note in edge.evidence if note.section)),
        "urls": list(dict.fromkeys(note.url for note in edge.evidence if note.url)),
        "quotations": [note.words for note in edge.evidence if note.words] if quoted else [],
    }


def network_attributes(network: DrawnNetwork) -> dict[str, str]:
    """Give what is said of the whole: title, what was left out, and how it must not be read."""
    return {"name": _writable(network.title), "description": _writable(f"{network.note} {CAUTION}".strip())}


def to_graph(network: DrawnNetwork) -> nx.MultiDiGraph[str]:
    """Give the graph; nodes are keyed by IRI, edges by the IRI of the assertion."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.graph.update(network_attributes(network))
    for node in network.nodes:
        drawn: dict[str, Scalar] = {"x": node.x, "y": node.y, "width": node.width, "height": node.height}
        drawn |= {"fill": node.fill, "stroke": node.stroke}
        graph.add_node(_writable(node.node.iri), **scalars({**node_attributes(node), **drawn}))
    for edge in network.edges:
        look: dict[str, Scalar] = {"colour": edge.colour, "line_width": edge.width, "line_style": edge.style}
        ends = _writable(edge.edge.subject), _writable(edge.edge.object)
        facts: dict[str, Any] = scalars({**edge_attributes(edge, network.quoted), **look})
        graph.add_edge(*ends, key=_writable(edge.edge.iri), **facts)
    return graph
