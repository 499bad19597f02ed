"""The mechanism network as CX2, the exchange format of Cytoscape 3.10 and later, Cytoscape Web and NDEx.

Written after the specification of the format (Cytoscape Exchange Format, version 2, with its portable visual
properties). Colours, widths and arrows are mappings of attributes, so that a user of Cytoscape sees why an edge is
wide, and can change the rule; only what no attribute tells is a default.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from kg.exporters.drawn import DrawnNetwork
from kg.exporters.network_graph import edge_attributes, network_attributes, node_attributes

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the mechanism network as CX2 (Cytoscape, NDEx), with the look of our picture"
NEEDS = "network"
#: The names that the format keeps for a node's name, its identifier and its other names.
_RESERVED = {"label": "name", "curie": "represents", "synonyms": "alias"}
_ARROWS = {1: "triangle", -1: "tee", 0: "vee"}


def _type(value: object) -> str:
    if isinstance(value, list):
        return "list_of_string"
    return "integer" if isinstance(value, int) else "double" if isinstance(value, float) else "string"


def _declare(records: Iterable[Mapping[str, object]]) -> dict[str, dict[str, str]]:
    return {name: {"d": _type(value)} for record in records for name, value in record.items()}


def _filled(record: Mapping[str, object]) -> dict[str, object]:
    return {_RESERVED.get(name, name): value for name, value in record.items() if value not in ("", None, [])}


def _mapping(attribute: str, kind: str, pairs: Mapping[Any, Any]) -> dict[str, Any]:
    chosen = [{"v": value, "vp": shown} for value, shown in sorted(pairs.items())]
    return {"type": "DISCRETE", "definition": {"attribute": attribute, "type": kind, "map": chosen}}


def _passing(attribute: str) -> dict[str, Any]:
    return {"type": "PASSTHROUGH", "definition": {"attribute": attribute, "type": "string"}}


def _look(network: DrawnNetwork) -> dict[str, Any]:
    fills = {node.column: node.fill for node in network.nodes}
    strokes = {node.column: node.stroke for node in network.nodes}
    widths = {edge.edge.level: edge.width for edge in network.edges}
    styles = {edge.edge.status: edge.style for edge in network.edges}
    box = network.nodes[0] if network.nodes else None
    face = {"FONT_FAMILY": "sans-serif", "FONT_STYLE": "normal", "FONT_WEIGHT": "normal"}
    return {
        "default": {
            "network": {"NETWORK_BACKGROUND_COLOR": "#FFFFFF"},
            "node": {
                "NODE_SHAPE": "round-rectangle",
                "NODE_WIDTH": box.width if box else 142.0,
                "NODE_HEIGHT": box.height if box else 32.0,
                "NODE_BACKGROUND_COLOR": "#FFFFFF",
                "NODE_BACKGROUND_OPACITY": 1,
                "NODE_BORDER_COLOR": "#767676",
                "NODE_BORDER_STYLE": "solid",
                "NODE_BORDER_WIDTH": 1.4,
                "NODE_LABEL_COLOR": "#1D2329",
                "NODE_LABEL_FONT_FACE": face,
                "NODE_LABEL_FONT_SIZE": 11,
                "NODE_LABEL_MAX_WIDTH": (box.width if box else 142.0) - 8,
            },
            "edge": {
                "EDGE_CURVED": True,
                "EDGE_LINE_COLOR": "#767676",
                "EDGE_LINE_STYLE": "solid",
                "EDGE_TARGET_ARROW_COLOR": "#767676",
                "EDGE_TARGET_ARROW_SHAPE": "vee",
                "EDGE_TARGET_ARROW_SIZE": 8,
                "EDGE_WIDTH": 1.0,
            },
        },
        "nodeMapping": {
            "NODE_LABEL": _passing("name"),
            "NODE_BACKGROUND_COLOR": _mapping("column", "string", _upper(fills)),
            "NODE_BORDER_COLOR": _mapping("column", "string", _upper(strokes)),
        },
        "edgeMapping": {
            "EDGE_WIDTH": _mapping("level", "integer", widths),
            "EDGE_LINE_STYLE": _mapping("status", "string", styles),
            "EDGE_TARGET_ARROW_SHAPE": _mapping("sign", "integer", _ARROWS),
            "EDGE_LINE_COLOR": _mapping("subject_column", "string", _upper(strokes)),
            "EDGE_TARGET_ARROW_COLOR": _mapping("subject_column", "string", _upper(strokes)),
        },
    }


def _upper(colours: Mapping[str, str]) -> dict[str, str]:
    return {name: colour.upper() for name, colour in colours.items()}


def write(network: DrawnNetwork) -> bytes:
    """Give the network as CX2: descriptor, metadata, declarations, aspects, and the status that ends it."""
    number = {node.node.iri: place for place, node in enumerate(network.nodes, 1)}
    column = {node.node.iri: node.column for node in network.nodes}
    facts = [_filled(node_attributes(node) | {"iri": node.node.iri}) for node in network.nodes]
    nodes = [
        {"id": number[node.node.iri], "x": node.x, "y": node.y, "v": fact}
        for node, fact in zip(network.nodes, facts, strict=True)
    ]
    edges, said = [], []
    for place, drawn in enumerate(network.edges, 1):
        edge = drawn.edge
        fact = _filled(edge_attributes(drawn, network.quoted))
        fact |= {"interaction": edge.relation_label, "name": edge.statement or edge.relation_label}
        fact |= {"assertion": edge.iri, "subject_column": column[edge.subject]}
        said.append(fact)
        edges.append({"id": place, "s": number[edge.subject], "t": number[edge.object], "v": fact})
    whole = network_attributes(network)
    aspects: dict[str, list[Any]] = {
        "attributeDeclarations": [
            {"networkAttributes": _declare([whole]), "nodes": _declare(facts), "edges": _declare(said)}
        ],
        "networkAttributes": [whole],
        "nodes": nodes,
        "edges": edges,
        "visualProperties": [_look(network)],
        "visualEditorProperties": [{"properties": {"nodeSizeLocked": False, "arrowColorMatchesEdge": True}}],
    }
    counts = [{"name": name, "elementCount": len(elements)} for name, elements in aspects.items()]
    document = [
        {"CXVersion": "2.0", "hasFragments": False},
        {"metaData": counts},
        *({name: elements} for name, elements in aspects.items()),
        {"status": [{"success": True}]},
    ]
    text = json.dumps(document, ensure_ascii=True, indent=1, sort_keys=False)
    return text.encode() + b"\n"
