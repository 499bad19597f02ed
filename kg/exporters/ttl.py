"""The whole graph as Turtle (RDF 1.1): one graph of all, without the files that a triple comes from."""

from __future__ import annotations

import pyoxigraph as ox

from kg.exporters.dump import PREFIXES_OF_FILES, Dump

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the whole graph as Turtle, all named graphs in one"
NEEDS = "triples"


def write(dump: Dump) -> bytes:
    """Give every triple once."""
    return ox.serialize(dump.triples(), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES_OF_FILES) or b""
