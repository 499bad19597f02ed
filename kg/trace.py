"""Paths through the network: which chain leads from one term to another, and where it is weakest.

A path is made of assertions. Where no assertion leads on to the goal, the path ends in a gap, a step with no evidence.
Trials that measured the goal stand beside a path and never on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kg.network import Edge, Network, Node, TrialEvidence

__all__ = ["Path", "Step", "find_paths", "trials_of"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: an assertion, an "is a" to a wider term, or a gap."""

    start: Node
    end: Node
    edge: Edge | None = None
    is_a: bool = False

    @property
    def level(self) -> int:
        """Give the rank of its evidence; an "is a" step is not a claim and never the weakest."""
        if self.is_a:
            return 9
        return self.edge.level if self.edge else 0

    @property
    def words(self) -> str:
        """Give the step as text between its ends."""
        if self.is_a:
            return "is a"
        return self.edge.relation_label if self.edge else "?"


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of steps."""

    steps: tuple[Step, ...]

    @property
    def weakest(self) -> Step:
        """Give the step with the least evidence, the last of them when several are equal."""
        return min(reversed(self.steps), key=lambda step: step.level)

    @property
    def level(self) -> int:
        """Give the rank of the weakest step."""
        return self.weakest.level

    @property
    def level_label(self) -> str:
        """Give the level of the weakest step in words."""
        edge = self.weakest.edge
        return edge.level_label if edge else "no evidence"

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Give the terms in order."""
        return (self.steps[0].start, *(step.end for step in self.steps))


def _worth(edge: Edge) -> tuple[bool, int, str]:
    return (edge.status == "accepted", edge.level, edge.iri)


def _graph(network: Network, min_level: int) -> dict[str, dict[str, Edge]]:
    """Give subject -> object -> best edge; parallel assertions are shown by their best one."""
    best: dict[str, dict[str, Edge]] = {}
    for edge in network.edges:
        if edge.status == "contradicted" or edge.level < min_level:
            continue
        known = best.setdefault(edge.subject, {}).get(edge.object)
        if known is None or _worth(edge) > _worth(known):
            best[edge.subject][edge.object] = edge
    return best


def _chains(best: Mapping[str, Mapping[str, Edge]], start: str, goal: str, max_steps: int) -> list[list[Edge]]:
    import networkx as nx

    graph: nx.DiGraph[Any] = nx.DiGraph()
    for subject in sorted(best):
        for target in sorted(best[subject]):
            graph.add_edge(subject, target)
    if start not in graph or goal not in graph:
        return []
    paths = nx.all_simple_paths(graph, start, goal, cutoff=max_steps)
    return [[best[a][b] for a, b in pairwise(path)] for path in paths]


def _order(path: Path) -> tuple[int, int, int, str]:
    known = [step.level for step in path.steps if step.level]
    return (-path.level, -min(known, default=0), len(path.steps), " ".join(node.label for node in path.nodes))


def find_paths(
    network: Network,
    start: str,
    goal: str,
    *,
    wider: Sequence[str] = (),
    via: str | None = None,
    max_steps: int = 4,
    min_level: int = 1,
) -> list[Path]:
    """Give the paths between two terms, the best supported first.

    `wider` are terms above the start: what is stated of them is followed after an "is a" step. Without a full chain,
    the paths to `via`, or to every mechanism, are given with a gap as their last step.
    """
    nodes = {node.iri: node for node in network.nodes}
    best = _graph(network, min_level)

    def steps_of(chain: Sequence[Edge]) -> tuple[Step, ...]:
        return tuple(Step(nodes[edge.subject], nodes[edge.object], edge) for edge in chain)

    def from_start(target: str, limit: int) -> list[tuple[Step, ...]]:
        found = [steps_of(chain) for chain in _chains(best, start, target, limit)]
        for above in wider:
            if above in nodes and start in nodes:
                is_a = Step(nodes[start], nodes[above], is_a=True)
                found += [(is_a, *steps_of(chain)) for chain in _chains(best, above, target, limit - 1)]
        return found

    if goal not in nodes:
        return []
    whole = from_start(goal, max_steps) if via is None else []
    if via is not None:
        for head in from_start(via, max_steps - 1):
            tails = _chains(best, via, goal, max_steps - len(head))
            seen = {step.start.iri for step in head}
            whole += [(*head, *steps_of(tail)) for tail in tails if not seen & {edge.object for edge in tail}]
    paths = [Path(steps) for steps in whole]
    if not paths:
        ends = [via] if via else [node.iri for node in network.nodes if node.kind == "mechanism"]
        for end in ends:
            if end in nodes:
                gap = Step(nodes[end], nodes[goal])
                paths += [Path((*head, gap)) for head in from_start(end, max_steps - 1) if head]
    return sorted(paths, key=_order)


def trials_of(network: Network, node: str) -> list[TrialEvidence]:
    """Give the studies that measured, or plan to measure, what a term stands for."""
    return [trial for trial in network.trials if trial.node == node]
