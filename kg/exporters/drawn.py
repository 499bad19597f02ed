"""A network with places and colours, as formats for desktop tools carry it.

The places are those of our own picture, so that a tool shows the same columns when it opens the file. Whoever exports
hands them over: how they are found is no business of an exporter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.network import Edge, Node, TrialEvidence

__all__ = ["CAUTION", "DrawnEdge", "DrawnNetwork", "DrawnNode", "measured_by", "planned_by"]

#: Stands in every file: whoever opens it in another tool has none of our pages beside it.
CAUTION = (
    "A study that measured a term does not support the steps that lead to it: trial evidence is a property of the "
    "term named, no edge inherits it, and a path is as strong as its weakest edge. A term without a study was not "
    "measured, or not reported, or is not in this graph: none of these is a finding."
)


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node with the middle of its box, in pixels, y downwards."""

    node: Node
    column: str
    x: float
    y: float
    width: float
    height: float
    fill: str  # "#e3f1fa"
    stroke: str
    trials: tuple[TrialEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """An edge with its look."""

    edge: Edge
    colour: str
    width: float
    style: str  # "solid", "dashed" (hypothesised) or "dotted" (disputed, contradicted)


@dataclass(frozen=True, slots=True)
class DrawnNetwork:
    """Everything in a stable order. `quoted` says whether the words of sources may stand in the file."""

    title: str
    note: str
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    quoted: bool = False


def _names(trials: Sequence[TrialEvidence]) -> list[str]:
    of_study = {trial.study: trial.study_label for trial in trials}
    return [label for label, _ in sorted((label, study) for study, label in of_study.items())]


def measured_by(node: DrawnNode) -> list[str]:
    """Give the labels of the studies that measured a term in participants, one a study, sorted."""
    return _names([trial for trial in node.trials if trial.finding != "planned"])


def planned_by(node: DrawnNode) -> list[str]:
    """Give the labels of the studies that only plan to measure a term, sorted."""
    done = {trial.study for trial in node.trials if trial.finding != "planned"}
    return _names([trial for trial in node.trials if trial.study not in done])
