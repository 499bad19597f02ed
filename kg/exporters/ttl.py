"""The whole graph as Turtle (RDF 1.1): one graph of all, without the files that a triple comes from."""

from __future__ import annotations

import pyoxigraph as ox

from kg.exporters.dump import Dump, serialise

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the whole graph as Turtle, all named graphs in one"
NEEDS = "triples"


def write(dump: Dump) -> bytes:
    """Give every triple once."""
    return serialise(dump.triples(), ox.RdfFormat.TURTLE)
