"""The whole graph as JSON-LD with its named graphs, for programs that read JSON: expanded, so it needs no context."""

from __future__ import annotations

import pyoxigraph as ox

from kg.exporters.dump import Dump

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the whole graph as expanded JSON-LD, with its named graphs"
NEEDS = "triples"


def write(dump: Dump) -> bytes:
    """Give the quads as JSON-LD; nothing has to be fetched to read it."""
    return (ox.serialize(dump.quads, format=ox.RdfFormat.JSON_LD) or b"") + b"\n"
