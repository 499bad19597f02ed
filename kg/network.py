"""Rows of the store -> a typed network: what a node or an edge carries, how paths are found, where they are weakest.

Not its job: drawing (`kg.views`), and deciding what counts as evidence (rules in `queries/rules/`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from kg.catalogue import find_query, select
from kg.namespaces import compress
from kg.store import Store

__all__ = [
    "Edge",
    "EvidenceNote",
    "Network",
    "Node",
    "TrialEvidence",
    "around",
    "is_hypothesis",
    "of_therapy",
    "read_network",
    "wider_terms",
    "without_hypotheses",
]


@dataclass(frozen=True, slots=True)
class Node:
    """A term as a picture needs it."""

    iri: str
    curie: str
    label: str
    kind: str  # "cell type", "factor", "mechanism", ... (labels of ctmo:Kind)
    column: int  # 0 cell source, 1 factor or receptor, 2 pathway, 3 mechanism, 4 outcome; 9 = unplaced
    definition: str = ""
    synonyms: tuple[str, ...] = ()
    parents: tuple[tuple[str, str], ...] = ()  # IRI and label of the terms directly above, by label


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """One evidence line in words: who says it, where, and what kind of study the source speaks of."""

    source_label: str  # "Petriv 2020"
    section: str
    direction: str  # "supports", "disputes", "neutral"
    role: str  # "review synthesis", ...
    study_kind: str  # "author statement", "animal", ...
    cited_as: str  # "[40-42]" or ""
    url: str = ""  # https link of the source, or ""
    words: str = ""  # the verbatim passage, only when the reader's copy was at hand
    citation: str = ""  # title, year and identifier of the source
    verification: str = ""  # "verified": the passage was found in the source


@dataclass(frozen=True, slots=True)
class Edge:
    """One assertion between two terms."""

    iri: str  # of the assertion
    subject: str
    relation: str
    relation_label: str
    object: str
    status: str  # "accepted", "hypothesised", "disputed", "contradicted"
    level: int  # 0 no evidence, 1 hypothesised, 2 stated, 3 in vitro, 4 animal, 5 in patients, 6 pooled over studies
    level_label: str
    sign: int  # +1 increases or promotes, -1 decreases or inhibits, 0 neither
    statement: str
    context: str = ""  # "rat; perinatal ischemic brain"
    evidence: tuple[EvidenceNote, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialEvidence:
    """A study that measured (or plans to measure) what a node stands for, in participants."""

    node: str  # iri of the mechanism or outcome
    study: str  # iri
    study_label: str  # "Gu 2020"
    design: str  # "randomized clinical trial"
    what: str  # "18F-FDG uptake", "GMFM at 12 months"
    finding: str  # "increase", "decrease", "no difference", "higher", "planned", ...
    where: str = ""  # "table 4"
    cells: str = ""  # what the arms received, e.g. "umbilical cord blood mononuclear cell"


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes and edges in a stable order, with the trial evidence that stands beside them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    trials: tuple[TrialEvidence, ...] = ()
    title: str = ""
    query: str = field(default="", repr=False)  # the SPARQL text that made it
    note: str = ""  # what was left out of it, for a picture to say
    questions: tuple[str, ...] = field(default=(), repr=False)  # SPARQL on one assertion, and on one term
    dated: str = ""  # the day of the newest curated line


#: Where a chain of cell therapy begins, and what may lead into one from outside it.
_THERAPY = {"cell type", "intervention", "product"}
_INNER = {"factor", "receptor", "pathway", "mechanism"}


def of_therapy(network: Network) -> Network:
    """Give the part that chains from cells or treatments reach; `note` says what is left out.

    What raises a factor on such a chain stays (damage that raises SDF-1); causes, signs and consequences of the disease
    go, and so do outcomes that trials measured and no chain reaches.
    """
    node_of = {node.iri: node for node in network.nodes}
    reached = {iri for iri, node in node_of.items() if node.kind in _THERAPY}
    steps = [edge for edge in network.edges if node_of[edge.subject].kind != "condition"]
    grown = True
    while grown:
        more = {edge.object for edge in steps if edge.subject in reached} - reached
        reached |= more
        grown = bool(more)
    edges = tuple(
        edge
        for edge in network.edges
        if (edge.subject in reached and node_of[edge.subject].kind != "condition")
        or (edge.object in reached and node_of[edge.object].kind in _INNER)
    )
    used = {end for edge in edges for end in (edge.subject, edge.object)}
    measured = {trial.node for trial in network.trials}
    used |= {iri for iri in measured if node_of[iri].kind == "mechanism"}
    trials = tuple(trial for trial in network.trials if trial.node in used)
    gone, outcomes = len(network.edges) - len(edges), len(measured - used)
    note = (
        f"Not drawn: {gone} assertions on the disease, {outcomes} outcomes that trials measured and no chain reaches."
    )
    nodes = tuple(node for node in network.nodes if node.iri in used)
    return replace(network, nodes=nodes, edges=edges, trials=trials, note=note if gone or outcomes else "")


def is_hypothesis(edge: Edge) -> bool:
    """Say whether no source states it outright: the source hedges, or its words have not been verified.

    What sources speak against is no hypothesis: a finding of no effect is never hidden with them.
    """
    return edge.status.casefold() in ("hypothesised", "unverified") or (edge.level == 1 and edge.status == "accepted")


def without_hypotheses(network: Network) -> Network:
    """Give the network of what sources state outright; `note` says how many hypotheses are left out."""
    edges = tuple(edge for edge in network.edges if not is_hypothesis(edge))
    gone = len(network.edges) - len(edges)
    if not gone:
        return network
    lost = {end for edge in network.edges if is_hypothesis(edge) for end in (edge.subject, edge.object)}
    lost -= {end for edge in edges for end in (edge.subject, edge.object)} | {trial.node for trial in network.trials}
    words = f"{gone} {'hypothesis is' if gone == 1 else 'hypotheses are'} not drawn (--hypotheses draws them)."
    nodes = tuple(node for node in network.nodes if node.iri not in lost)
    return replace(network, nodes=nodes, edges=edges, note=f"{network.note} {words}".strip())


def around(network: Network, iri: str, steps: int) -> Network:
    """Give the part within so many steps of a term, in either direction; `note` says how much lies outside."""
    near = {iri}
    for _ in range(steps):
        near |= {
            end for edge in network.edges if near & {edge.subject, edge.object} for end in (edge.subject, edge.object)
        }
    nodes = tuple(node for node in network.nodes if node.iri in near)
    edges = tuple(edge for edge in network.edges if edge.subject in near and edge.object in near)
    trials = tuple(trial for trial in network.trials if trial.node in near)
    gone = len(network.nodes) - len(nodes)
    words = f"Drawn: what lies within {steps} {'step' if steps == 1 else 'steps'} of it; {gone} terms lie outside."
    return replace(network, nodes=nodes, edges=edges, trials=trials, note=f"{network.note} {words}".strip())


def _plain(value: object) -> str:
    return getattr(value, "value", "") if value is not None else ""


def _rows(store: Store, name: str) -> Iterator[dict[str, str]]:
    answer = select(store, find_query(name))
    names = [variable.value for variable in answer.variables]
    for row in answer:
        yield {name: _plain(row[name]) for name in names}


def _nodes(store: Store) -> dict[str, Node]:
    parents: dict[str, list[tuple[str, str]]] = {}
    for row in _rows(store, "network/parents"):
        parents.setdefault(row["term"], []).append((row["parent"], row["parent_label"]))
    nodes: dict[str, Node] = {}
    for row in _rows(store, "network/terms"):
        known = nodes.get(row["term"])
        synonyms = (*(known.synonyms if known else ()), *([row["synonym"]] if row["synonym"] else []))
        iri = row["term"]
        nodes[iri] = Node(
            iri,
            compress(iri),
            row["label"],
            row["kind"],
            int(row["column"]),
            row["definition"],
            tuple(dict.fromkeys(synonyms)),
            tuple(dict.fromkeys(parents.get(iri, []))),
        )
    return nodes


def _notes(store: Store) -> dict[str, tuple[EvidenceNote, ...]]:
    """Give assertion -> evidence in words; the references that one line cites are joined."""
    cites: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], dict[str, str]] = {}
    for row in _rows(store, "network/evidence"):
        key = (row["assertion"], row["line"])
        first.setdefault(key, row)
        if row["cited_as"]:
            cites.setdefault(key, []).append(row["cited_as"])
    notes: dict[str, list[EvidenceNote]] = {}
    for key, row in first.items():
        numbers = sorted(set(cites.get(key, [])), key=lambda n: (len(n), n))
        note = EvidenceNote(
            source_label=row["source_label"],
            section=row["section"],
            direction=row["direction"],
            role=row["role"],
            study_kind=row["study_kind"],
            cited_as=f"[{', '.join(numbers)}]" if numbers else "",
            url=f"https://doi.org/{row['doi']}" if row["doi"] else row["url"],
            words=row["words"],
            citation=_citation(row),
            verification=row["verification"],
        )
        notes.setdefault(key[0], []).append(note)
    return {assertion: tuple(lines) for assertion, lines in notes.items()}


def _citation(row: Mapping[str, str]) -> str:
    place = f"doi:{row['doi']}" if row["doi"] else row["url"]
    year = f"({row['year']})" if row["year"] else ""
    return ". ".join(part for part in (" ".join(filter(None, (row["title"], year))), place) if part)


def wider_terms(store: Store, iri: str) -> list[str]:
    """Give the terms above a term: what is stated of them may be looked at, but is not stated of it."""
    answer = select(store, find_query("terms/wider"), term=ox.NamedNode(iri))
    return [row["wider"].value for row in answer]


def read_network(store: Store, *, title: str = "", keep: Iterable[str] = ()) -> Network:
    """Give the network of all assertions that can be steps of a path, with the trials beside it.

    Terms that no such assertion and no trial touches are left out, except those in `keep`.
    """
    nodes, notes = _nodes(store), _notes(store)
    edges = []
    for row in _rows(store, "network/edges"):
        if row["subject"] in nodes and row["object"] in nodes:
            edge = Edge(
                iri=row["assertion"],
                subject=row["subject"],
                relation=row["relation"],
                relation_label=row["relation_label"],
                object=row["object"],
                status=row["status"],
                level=int(row["rank"] or 0),
                level_label=row["level"] or "no evidence",
                sign=int(row["sign"]),
                statement=row["statement"],
                context=row["context"],
                evidence=notes.get(row["assertion"], ()),
            )
            edges.append(edge)
    trials = [
        TrialEvidence(
            *(r[name] for name in ("node", "study", "study_label", "design", "what", "finding", "where", "cells"))
        )
        for r in _rows(store, "network/trials")
        if r["node"] in nodes
    ]
    used = {end for edge in edges for end in (edge.subject, edge.object)} | {trial.node for trial in trials}
    used |= set(keep)
    kept = tuple(node for iri, node in nodes.items() if iri in used)
    questions = tuple(find_query(name).text for name in ("network/assertion", "terms/statements"))
    dated = max((row["newest"] for row in _rows(store, "network/dates") if row["what"] == "curated"), default="")
    return Network(
        kept,
        tuple(edges),
        tuple(trials),
        title,
        find_query("network/edges").text,
        questions=questions,
        dated=dated,
    )
