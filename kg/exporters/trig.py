"""The whole graph as TriG: one block a named graph, so that each triple shows the file that it comes from."""

from __future__ import annotations

import pyoxigraph as ox

from kg.exporters.dump import Dump, serialise

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the whole graph as TriG, one block a named graph"
NEEDS = "triples"


def write(dump: Dump) -> bytes:
    """Give the quads, graph by graph."""
    return serialise(dump.quads, ox.RdfFormat.TRIG)
