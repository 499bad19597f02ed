"""The whole graph as JSON-LD with its named graphs, for programs that read JSON."""

from __future__ import annotations

import pyoxigraph as ox

from kg.exporters.dump import PREFIXES_OF_FILES, Dump

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the whole graph as JSON-LD, with its named graphs; its context is inside"
NEEDS = "triples"


def write(dump: Dump) -> bytes:
    """Give the quads as JSON-LD; nothing has to be fetched to read it."""
    return ox.serialize(dump.quads, format=ox.RdfFormat.JSON_LD, prefixes=PREFIXES_OF_FILES) or b""
