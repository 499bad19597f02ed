"""The mechanism network as GEXF for Gephi, with places, colours and widths in the words of its `viz` module."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from kg.exporters.drawn import DrawnNetwork
from kg.exporters.network_graph import to_graph

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the mechanism network as GEXF (Gephi), with places and colours"
NEEDS = "network"
#: networkx stamps the day into the file; the same network has to give the same bytes.
_DAY = re.compile(rb' lastmodifieddate="[^"]*"')
_LOOKS = ("x", "y", "width", "height", "fill", "stroke", "colour", "line_width", "line_style")


def _colour(text: str) -> dict[str, int]:
    red, green, blue = (int(text[place : place + 2], 16) for place in (1, 3, 5))
    return {"r": red, "g": green, "b": blue, "a": 1}


def write(network: DrawnNetwork) -> bytes:
    """Give the network as GEXF; y points upwards there, so the places are turned over."""
    import networkx as nx

    graph = to_graph(network)
    for _, node in graph.nodes(data=True):
        # Gephi colours the disc itself: the stroke tells the columns apart where a tint would not
        look = {"color": _colour(str(node["stroke"])), "size": float(node["height"])}
        _strip(node, look | {"position": {"x": node["x"], "y": -float(node["y"]), "z": 0.0}})
    for _, _, key, edge in graph.edges(keys=True, data=True):
        look = {"color": _colour(str(edge["colour"])), "thickness": float(edge["line_width"])}
        _strip(edge, look | {"shape": edge["line_style"]})
        edge["id"] = key
    out = BytesIO()
    nx.write_gexf(graph, out, version="1.2draft")
    return _DAY.sub(b"", out.getvalue()) + b"\n"


def _strip(facts: dict[str, Any], look: dict[str, Any]) -> None:
    """Put what `viz` says in place of the attributes that say the same."""
    for name in _LOOKS:
        facts.pop(name, None)
    facts["viz"] = look
