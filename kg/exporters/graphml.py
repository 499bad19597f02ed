"""The mechanism network as GraphML, for Cytoscape, yEd, igraph and networkx.

The format has no colours of its own: places, colours and widths are attributes that a tool can map to what it draws.
"""

from __future__ import annotations

from io import BytesIO

from kg.exporters.drawn import DrawnNetwork
from kg.exporters.network_graph import to_graph

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the mechanism network as GraphML (Cytoscape, yEd, igraph, networkx)"
NEEDS = "network"


def write(network: DrawnNetwork) -> bytes:
    """Give the network as GraphML; the same network gives the same bytes."""
    from networkx.readwrite.graphml import write_graphml_xml

    graph = to_graph(network)
    for _, _, key, facts in graph.edges(keys=True, data=True):
        facts["assertion"] = key  # becomes the id of the edge, so that parallel assertions stay apart
    out = BytesIO()
    write_graphml_xml(graph, out, named_key_ids=True, edge_id_from_attribute="assertion")
    return out.getvalue() + b"\n"
