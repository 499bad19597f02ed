"""A pooled estimate as Turtle: the number with the rows, the method and the version that it comes from."""

from __future__ import annotations

import pyoxigraph as ox

from kg.errors import InputError
from kg.estimates import statements_of
from kg.ontology.turtle_writer import to_turtle
from kg.synthesis.analysis import Analysis

__all__ = ["write_estimate"]


def write_estimate(analysis: Analysis) -> str:
    """Give a pooled estimate as Turtle, sorted. Raises `InputError` with the reasons where there is no estimate."""
    if analysis.pooled is None:
        why = "; ".join(analysis.reasons) or "no study has all that pooling needs"
        raise InputError(f"{analysis.outcome} is not pooled, so there is no estimate to write: {why}")
    return to_turtle(ox.Triple(*statement) for statement in statements_of(analysis))
