"""A pooled estimate with all that it rests on, as RDF. How it is written is `kg.exporters.estimate`."""

from __future__ import annotations

from kg.exporters.estimate import write_estimate
from kg.synthesis.analysis import Analysis

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "a pooled estimate as Turtle, with rows, method and version"
NEEDS = "outcome"


def write(analysis: Analysis) -> bytes:
    """Give the estimate as Turtle; raise `InputError` with the reasons where there is none."""
    return write_estimate(analysis).encode()
