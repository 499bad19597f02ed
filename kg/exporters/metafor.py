"""The rows of a pooled estimate for metafor (R). How a row is written is `kg.exporters.meta_analysis`."""

from __future__ import annotations

from kg.exporters.meta_analysis import write_rows
from kg.synthesis.analysis import Analysis

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the rows of a pooled estimate as CSV for metafor (R)"
NEEDS = "outcome"


def write(analysis: Analysis) -> bytes:
    """Give one row a study, in the argument names of `escalc`."""
    return write_rows(analysis, "metafor").encode()
