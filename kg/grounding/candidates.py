"""What grounding gives: a term that a text may mean, how sure, and why."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Candidate"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term that stands behind words of a text."""

    term: str  # CURIE
    label: str
    kind: str  # "cell source", "tissue", "donor", "route", "instrument", "condition", "product form", "marker"
    score: float  # 0 to 1
    reason: str
    matched: str  # the words as read
    where: str = ""  # "arm 2 description", "title"
