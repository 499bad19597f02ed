"""Made-up networks of any size for the tests and the benchmark of the pictures: the same numbers give the same."""

from __future__ import annotations

import random

from kg.network import Edge, EvidenceNote, Network, Node, TrialEvidence

__all__ = ["made_up"]

KINDS = ("cell type", "factor", "pathway", "mechanism", "outcome")
SHARES = (15, 35, 10, 25, 15)  # percent of the terms in each column, as in the graph
WORDS = ["nerve", "growth", "repair", "brain", "signal", "immune", "vessel", "motor", "release", "scar", "matter"]
LEVELS = ("no evidence", "hypothesised", "stated", "in vitro", "animal", "in patients", "pooled over studies")


def made_up(size: int, *, degree: float = 1.0, seed: int = 8, parents: int = 12) -> Network:
    """Give a network of so many terms: steps lead on by one column or two, as in the graph, or stay in theirs."""
    rng = random.Random(seed)
    nodes = []
    for number in range(size):
        column = rng.choices(range(5), SHARES)[0]
        iri = f"https://w3id.org/ctmo/{number:07d}"
        words = " ".join(rng.sample(WORDS, 3))
        parent = rng.randrange(max(size // parents, 1))
        above = ((f"https://w3id.org/ctmo/9{column}{parent:05d}", f"class of {WORDS[parent % len(WORDS)]} {parent}"),)
        name = f"ctmo:{number:07d}"
        nodes.append(Node(iri, name, f"{words} {number}", KINDS[column], column, f"A {words}.", (words,), above))
    columns = [[node for node in nodes if node.column == column] or nodes for column in range(5)]
    edges = [_edge(rng, number, columns) for number in range(int(size * degree))]
    measured = rng.sample(columns[4], max(len(columns[4]) // 3, 1)) + columns[3][:2]
    trials = [
        TrialEvidence(node.iri, f"https://w3id.org/ctmo/study/{n}", f"Study {n}", design, "score", finding, "table 2")
        for node in measured
        for n, (design, finding) in enumerate(
            [("randomized clinical trial", "higher"), ("case series", "no difference"), ("clinical trial", "planned")]
        )
    ]
    query = "SELECT ?subject ?object WHERE { ?subject ?step ?object } ORDER BY ?subject ?object"
    one = "SELECT ?line WHERE { VALUES ?assertion { UNDEF } ?assertion ?has ?line } ORDER BY ?line"
    return Network(
        tuple(nodes), tuple(edges), tuple(trials), "A made-up network", query, questions=(one, one), dated="2026-11-26"
    )


def _edge(rng: random.Random, number: int, columns: list[list[Node]]) -> Edge:
    start = rng.choices(range(4), (4, 4, 1, 3))[0]
    subject = rng.choice(columns[start])
    target = rng.choice(columns[min(start + rng.choices((0, 1, 2, 4), (1, 6, 4, 1))[0], 4)])
    status = rng.choices(("accepted", "hypothesised", "contradicted"), (12, 2, 1))[0]
    level = {"hypothesised": 1, "contradicted": 0}.get(status) or rng.choices(range(2, 7), (8, 1, 3, 2, 1))[0]
    sign = rng.choice((-1, 0, 1, 1))
    relation = {-1: "inhibits", 0: "acts through", 1: "promotes"}[sign]
    direction = "disputes" if status == "contradicted" else "supports"
    note = EvidenceNote(
        f"Author {2000 + number % 9}",
        "results",
        direction,
        "primary result",
        LEVELS[level],
        "",
        url=f"https://doi.org/10.1/{number % 9}",
        citation=f"A title of a study (20{number % 9:02}). doi:10.1/{number % 9}",
        verification="verified",
    )
    return Edge(
        iri=f"https://w3id.org/ctmo/assertion/{number:05d}",
        subject=subject.iri,
        relation=f"https://w3id.org/ctmo/{relation.replace(' ', '')}",
        relation_label=relation,
        object=target.iri,
        status=status,
        level=level,
        level_label=LEVELS[level],
        sign=sign,
        statement=f"{subject.label} {relation} {target.label}.",
        evidence=(note,),
    )
