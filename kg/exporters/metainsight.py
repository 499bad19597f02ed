"""The rows of a pooled estimate for MetaInsight. How a row is written is `kg.exporters.meta_analysis`."""

from __future__ import annotations

from kg.exporters.meta_analysis import write_rows
from kg.synthesis.analysis import Analysis

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "the arms of a pooled estimate as CSV for MetaInsight"
NEEDS = "outcome"


def write(analysis: Analysis) -> bytes:
    """Give one row an arm, in the column names of the long upload format."""
    return write_rows(analysis, "metainsight").encode()
