"""Paths and their weakest link, held against brute force on random networks."""

from __future__ import annotations

import random
from itertools import pairwise, permutations

import pytest

from kg.build import Built
from kg.catalogue import find_query, select
from kg.lookup import resolve
from kg.network import Edge, Network, Node, TrialEvidence, read_network, wider_terms
from kg.trace import find_paths
from kg.views.trace import draw_path

#: Accepted twice, since most are.
STATUSES = ["accepted", "accepted", "hypothesised", "disputed", "contradicted"]


def node(name: str, kind: str = "mechanism", column: int = 3) -> Node:
    return Node(f"urn:{name}", name, name, kind, column)


def edge(subject: Node, target: Node, level: int, status: str = "accepted", name: str = "") -> Edge:
    iri = f"urn:a:{subject.label}-{target.label}-{name}"
    return Edge(iri, subject.iri, "urn:r", "promotes", target.iri, status, level, f"level {level}", 1, f"{iri}.")


def random_network(seed: int, size: int = 7) -> Network:
    rng = random.Random(seed)
    nodes = [node(f"n{i}") for i in range(size)]
    edges = [
        edge(
            a,
            b,
            rng.randint(1, 5),
            rng.choice(STATUSES),
            str(n),
        )
        for a in nodes
        for b in nodes
        if a != b and rng.random() < 0.35
        for n in range(rng.randint(1, 2))
    ]
    return Network(tuple(nodes), tuple(edges))


def brute_force(network: Network, start: str, goal: str, max_steps: int, min_level: int) -> dict[tuple[str, ...], int]:
    """Every simple path with the level of its weakest step, by trying all orders of all nodes."""
    worth: dict[tuple[str, str], tuple[bool, int]] = {}
    for each in network.edges:
        if each.status != "contradicted" and each.level >= min_level:
            key = (each.subject, each.object)
            worth[key] = max(worth.get(key, (False, 0)), (each.status == "accepted", each.level))
    best = {key: level for key, (_, level) in worth.items()}
    others = [n.iri for n in network.nodes if n.iri not in (start, goal)]
    found = {}
    for count in range(max_steps):
        for middle in permutations(others, count):
            path = (start, *middle, goal)
            if all(step in best for step in pairwise(path)):
                found[path] = min(best[step] for step in pairwise(path))
    return found


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("max_steps", "min_level"), [(4, 1), (3, 3), (6, 2)])
def test_paths_and_weakest_links_are_those_of_brute_force(seed: int, max_steps: int, min_level: int) -> None:
    network = random_network(seed)
    start, goal = network.nodes[0].iri, network.nodes[-1].iri
    paths = find_paths(network, start, goal, max_steps=max_steps, min_level=min_level)
    whole = [path for path in paths if all(step.edge for step in path.steps)]
    expected = brute_force(network, start, goal, max_steps, min_level)
    assert {tuple(n.iri for n in path.nodes): path.level for path in whole} == expected
    assert [path.level for path in paths] == sorted((path.level for path in paths), reverse=True)
    if expected:
        assert len(whole) == len(paths), "a gap is shown only where no chain leads on"


def test_a_chain_that_stops_short_ends_in_a_step_without_evidence() -> None:
    cell, homing, outcome = node("cell", "cell type", 0), node("homing"), node("motor", "outcome", 4)
    network = Network((cell, homing, outcome), (edge(cell, homing, 4),))
    (path,) = find_paths(network, cell.iri, outcome.iri)
    assert path.level == 0
    assert path.weakest.edge is None
    text = draw_path(path, network)
    assert "cell --promotes--> homing --?--> motor" in text
    assert "no evidence         homing -> motor   <- weakest link" in text


def test_a_contradicted_assertion_is_no_step() -> None:
    a, b = node("a"), node("b", "outcome", 4)
    assert find_paths(Network((a, b), (edge(a, b, 4, "contradicted"),)), a.iri, b.iri) == []


def test_trials_of_the_outcome_never_raise_a_step() -> None:
    cell, homing, outcome = node("cell", "cell type", 0), node("homing"), node("motor", "outcome", 4)
    edges = (edge(cell, homing, 2), edge(homing, outcome, 1, "hypothesised"))
    trials = tuple(
        TrialEvidence(outcome.iri, f"urn:s{i}", f"Trial {i}", "randomized clinical trial", "GMFM", "higher")
        for i in range(9)
    )
    with_trials, without = (
        find_paths(Network((cell, homing, outcome), edges, each), cell.iri, outcome.iri) for each in (trials, ())
    )
    assert [path.level for path in with_trials] == [path.level for path in without] == [1]
    text = draw_path(with_trials[0], Network((cell, homing, outcome), edges, trials))
    assert "beside the path, not on it: 9 studies here measured motor after cell therapy" in text
    assert "0 measured homing in participants" in text


def test_what_is_stated_of_a_wider_term_comes_after_an_is_a_step(tiny: Built) -> None:
    start = resolve(tiny.store, "bone marrow mesenchymal stem cell").value
    goal = resolve(tiny.store, "homing").value
    network = read_network(tiny.store, keep=[start])
    paths = find_paths(network, start, goal, wider=wider_terms(tiny.store, start))
    assert paths[0].steps[0].is_a
    assert paths[0].level == 2
    assert "what follows is stated of the latter" in draw_path(paths[0], network)


def test_the_tiny_chain_is_as_strong_as_its_hypothesis(tiny: Built) -> None:
    ends = [resolve(tiny.store, words).value for words in ("MSC", "gross motor function")]
    network = read_network(tiny.store)
    (path,) = find_paths(network, *ends)
    assert [step.level for step in path.steps] == [3, 2, 2, 1]
    assert path.level_label == "hypothesised"
    assert path.weakest.edge is not None
    assert path.weakest.edge.status == "hypothesised"
    text = draw_path(path, network)
    assert "disputed: Mesenchymal stem cells move to the brain. Against it: animal, primary result: Tiny 2024" in text


def test_the_question_on_paths_finds_four_steps_and_stops_at_an_outcome(tiny: Built) -> None:
    rows = list(select(tiny.store, find_query("mechanism/paths")))
    chains = {row["chain"].value.split(" > ")[-1]: (row["steps"].value, row["weakest_rank"].value) for row in rows}
    assert chains["gross motor function"] == ("4", "1")
    assert chains["brain-derived neurotrophic factor"] == ("1", "0")
