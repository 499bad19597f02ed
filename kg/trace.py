"""Paths through the network: which chain leads from one term to another, and where it is weakest.

A path is made of assertions. Where no assertion leads on to the goal, the path ends in a gap, a step with no evidence.
Trials that measured the goal stand beside a path and never on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from kg.network import Edge, Network, Node, TrialEvidence

__all__ = ["Path", "Step", "chains_through", "find_paths", "trials_of"]

#: Kinds of terms that a chain of cell therapy begins with.
_STARTS = {"cell type", "intervention", "product"}
#: Where a chain that reaches no outcome would have to go.
_NOWHERE = Node("", "", "an outcome", "outcome", 4)


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


def _walks(best: Mapping[str, Mapping[str, Edge]], start: str, most: int) -> Iterator[tuple[Edge, ...]]:
    """Give every walk from a term along edges that meets no term twice, the empty one first."""
    waiting: list[tuple[Edge, ...]] = [()]
    while waiting:
        walk = waiting.pop()
        yield walk
        if len(walk) < most:
            end = walk[-1].object if walk else start
            seen = {start, *(edge.object for edge in walk)}
            waiting += [(*walk, edge) for target, edge in sorted(best.get(end, {}).items()) if target not in seen]


def chains_through(network: Network, term: str, *, max_steps: int = 3) -> list[Path]:
    """Give the chains from a cell source over a term to an outcome, the best supported first.

    Up to `max_steps` steps lead to the term and as many on from it. Where none leads on to an outcome, the chain ends
    in a gap, which is then its weakest step; where no cell source leads to the term, its chains begin with the term.
    """
    nodes = {node.iri: node for node in network.nodes}
    if term not in nodes:
        return []
    best = _graph(network, 1)
    back: dict[str, dict[str, Edge]] = {}
    for edges in best.values():
        for target, edge in edges.items():
            back.setdefault(target, {})[edge.subject] = replace(edge, subject=edge.object, object=edge.subject)
    heads: list[tuple[Edge, ...]] = [()] if nodes[term].kind in _STARTS else []
    heads += [walk for walk in _walks(back, term, max_steps) if walk and nodes[walk[-1].object].kind in _STARTS]
    walks = list(_walks(best, term, max_steps))
    tails = [walk for walk in walks if nodes[walk[-1].object if walk else term].kind == "outcome"]
    is_open = not tails
    if is_open:  # the furthest that anybody went, and then the gap
        longest = [walk for walk in walks if not any(walk == other[: len(walk)] != other for other in walks)]
        tails = longest or [()]
    found = []
    for head in heads or [()]:
        up = tuple(best[edge.object][edge.subject] for edge in reversed(head))
        for tail in tails:
            if {edge.subject for edge in up} & {edge.object for edge in tail}:
                continue
            steps = tuple(Step(nodes[edge.subject], nodes[edge.object], edge) for edge in (*up, *tail))
            gap = (Step(nodes[tail[-1].object if tail else term], _NOWHERE),) if is_open else ()
            if steps:
                found.append(Path((*steps, *gap)))
    return sorted(found, key=_order)


def trials_of(network: Network, node: str) -> list[TrialEvidence]:
    """Give the studies that measured, or plan to measure, what a term stands for."""
    return [trial for trial in network.trials if trial.node == node]
