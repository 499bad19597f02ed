"""Pictures of any size: small and quick when they can be read, folded when they cannot, refused with a way out."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.folding import FOLD_ABOVE, MOST_BOXES, MOST_LINES, TOO_MANY, fold
from kg.network import Network, Node
from kg.views.network import draw_page, draw_svg
from tests.networks import made_up
from tests.test_network_layout import step

SMALL, LARGE, HUGE = made_up(60), made_up(300), made_up(2000)


def test_sixty_terms_draw_in_well_under_a_second_and_a_hundred_kilobytes() -> None:
    started = time.process_time()
    svg = draw_svg(SMALL)
    assert time.process_time() - started < 0.8
    assert len(svg.encode()) < 100_000
    assert svg.count('class="node"') == 60


def test_a_page_is_little_more_than_its_picture_and_its_tables() -> None:
    assert len(draw_page(SMALL).encode()) < 200_000


def test_three_hundred_terms_fold_by_parent_class() -> None:
    folded = fold(LARGE)
    assert folded.is_folded
    assert len(folded.network.nodes) <= MOST_BOXES
    parents = {label for node in LARGE.nodes for _, label in node.parents}
    groups = [node for node in folded.network.nodes if "#folded-" in node.iri]
    assert groups
    for group in groups:
        members = [node for node in LARGE.nodes if folded.box_of[node.iri] == group.iri]
        assert group.label == f"{group.label.rpartition(' (')[0]} ({len(members)})"
        assert group.label.rpartition(" (")[0] in parents
        assert {node.column for node in members} == {group.column}
        assert all(node.label in group.definition for node in members)


def test_up_to_the_limit_nothing_is_folded() -> None:
    made = made_up(FOLD_ABOVE)
    assert fold(made).network is made
    assert not fold(made).is_folded


@pytest.mark.parametrize("made", [LARGE, HUGE], ids=["300", "2000"])
def test_every_term_has_a_box_and_every_assertion_a_line_or_is_counted_out(made: Network) -> None:
    folded = fold(made)
    boxes = {node.iri for node in folded.network.nodes}
    assert set(folded.box_of) == {node.iri for node in made.nodes}
    assert set(folded.box_of.values()) == boxes
    lines = {edge.iri: edge for edge in folded.network.edges}
    left_out = 0
    for edge in made.edges:
        if edge.iri in folded.line_of:
            line = lines[folded.line_of[edge.iri]]
            assert (line.subject, line.object) == (folded.box_of[edge.subject], folded.box_of[edge.object])
            assert (line.status, line.sign) == (edge.status, edge.sign)
            assert line.level >= edge.level
        else:
            left_out += 1
    told = sum(
        int(n) for n in re.findall(r"(\d+) assertions (?:lie inside|are in the table only)", folded.network.note)
    )
    assert told == left_out


def test_what_speaks_against_is_drawn_before_what_is_only_strong() -> None:
    folded = fold(HUGE)
    assert len(folded.network.edges) <= MOST_LINES
    refuted = {e.iri for e in HUGE.edges if e.status == "contradicted"}
    inside = {e.iri for e in HUGE.edges if folded.box_of[e.subject] == folded.box_of[e.object]}
    assert refuted - inside <= set(folded.line_of)


def test_a_fold_does_not_depend_on_the_order_of_the_input() -> None:
    backwards = Network(LARGE.nodes[::-1], LARGE.edges[::-1], LARGE.trials[::-1], LARGE.title)
    one, other = fold(LARGE), fold(backwards)
    assert dict(one.box_of) == dict(other.box_of)
    assert sorted(edge.iri for edge in one.network.edges) == sorted(edge.iri for edge in other.network.edges)


def test_terms_without_a_parent_go_by_their_kind() -> None:
    nodes = tuple(Node(f"urn:{n}", str(n), f"term {n}", "factor", 1) for n in range(400))
    edges = tuple(step(nodes[n], nodes[n + 1]) for n in range(300))
    folded = fold(Network(nodes, edges))
    assert len(folded.network.nodes) <= MOST_BOXES
    assert any(node.label.startswith("other factor (") for node in folded.network.nodes)


def test_a_parent_that_says_nothing_makes_no_box() -> None:
    vague = (("http://purl.obolibrary.org/obo/BFO_0000040", "material entity"),)
    nodes = tuple(Node(f"urn:{n}", str(n), f"term {n}", "factor", 1, "", (), vague) for n in range(400))
    assert not any("material entity" in node.label for node in fold(Network(nodes, ())).network.nodes)


def test_two_thousand_terms_stay_usable() -> None:
    started = time.process_time()
    page = draw_page(HUGE)
    assert time.process_time() - started < 12
    assert page.count('class="node"') <= MOST_BOXES + 10
    assert page.count("<tr data-term=") == 2000
    assert "2000 terms are too many to read at once: they are folded into" in page
    assert len(page) < 4_000_000


@pytest.mark.parametrize("draw", [draw_svg, draw_page])
def test_twenty_thousand_terms_are_refused_with_what_to_do(draw: object, tmp_path: Path) -> None:
    made = made_up(20_000, degree=0.1)
    with pytest.raises(InputError) as refused:
        draw(made)  # type: ignore[operator]  # one of the two functions
    for words in ("20,000 terms", f"at most {TOO_MANY:,}", "draw network --around TERM", "mechtrail query"):
        assert words in str(refused.value)
    assert list(tmp_path.iterdir()) == []
