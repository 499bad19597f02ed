"""The whole graph as TriG: one block a named graph, so that each triple shows the file that it comes from."""

from __future__ import annotations

import pyoxigraph as ox

from kg.exporters.dump import PREFIXES_OF_FILES, Dump

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the whole graph as TriG, one block a named graph"
NEEDS = "triples"


def write(dump: Dump) -> bytes:
    """Give the quads, graph by graph."""
    return ox.serialize(dump.quads, format=ox.RdfFormat.TRIG, prefixes=PREFIXES_OF_FILES) or b""
