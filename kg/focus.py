"""A part of a network that can be looked at: the chains through one term.

Not its job: the part that therapy reaches (`kg.network.of_therapy`), and paths with their weakest link (`kg.trace`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kg.errors import InputError
from kg.network import Edge, Network

__all__ = ["chains_through"]


def _reached(edges: Iterable[Edge], start: str, *, backwards: bool) -> set[str]:
    """Give a term and all that assertions lead to from it, or that lead to it."""
    steps: dict[str, set[str]] = {}
    for edge in edges:
        here, there = (edge.object, edge.subject) if backwards else (edge.subject, edge.object)
        steps.setdefault(here, set()).add(there)
    reached, fresh = {start}, {start}
    while fresh:
        fresh = {there for here in fresh for there in steps.get(here, ())} - reached
        reached |= fresh
    return reached


def chains_through(network: Network, iri: str) -> Network:
    """Give the terms from which assertions lead to a term, and those that it leads to; `note` says what is left out.

    Raises `InputError` for a term that no assertion and no trial of the network touches.
    """
    label_of = {node.iri: node.label for node in network.nodes}
    if iri not in label_of:
        raise InputError("no assertion and no trial of the picture touches this term; `everything=True` draws more")
    before = _reached(network.edges, iri, backwards=True)
    after = _reached(network.edges, iri, backwards=False)
    edges = tuple(
        edge for edge in network.edges if {edge.subject, edge.object} <= before or {edge.subject, edge.object} <= after
    )
    nodes = tuple(node for node in network.nodes if node.iri in before | after)
    trials = tuple(trial for trial in network.trials if trial.node in before | after)
    note = f"Only chains through {label_of[iri]}: {len(edges)} of {len(network.edges)} assertions."
    title = ": ".join(part for part in (network.title, f"chains through {label_of[iri]}") if part)
    return replace(network, nodes=nodes, edges=edges, trials=trials, title=title, note=f"{note} {network.note}".strip())
