"""The whole graph as N-Quads, one line a quad, sorted: what two states differ in, `diff` finds."""

from __future__ import annotations

from kg.exporters.dump import Dump

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the whole graph as N-Quads, sorted, with its named graphs"
NEEDS = "triples"


def write(dump: Dump) -> bytes:
    """Give the quads, sorted as text."""
    return "".join(sorted(f"{quad} .\n" for quad in dump.quads)).encode()
