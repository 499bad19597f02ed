"""The network page as text: the sentence, the caption, the switch, the tables that cards are made of."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from kg.build import Built
from kg.folding import Folded
from kg.network import (
    EvidenceNote,
    Network,
    Node,
    TrialEvidence,
    around,
    is_hypothesis,
    of_therapy,
    read_network,
    without_hypotheses,
)
from kg.views.network import draw_page, draw_svg
from kg.views.sentences import NO_SUPPORT, best_chain, caption, chip_lines, weakest_link, why_level
from tests.browser import no_external
from tests.networks import made_up
from tests.test_network_layout import step, term
from tests.test_views import HOSTILE

CELL, FACTOR, MECHANISM, OUTCOME = term("cell", 0), term("factor", 1), term("homing", 3), term("walking", 4)
ALL = (CELL, FACTOR, MECHANISM, OUTCOME)


def trial(node: Node, study: str, finding: str = "higher", design: str = "case series") -> TrialEvidence:
    return TrialEvidence(node.iri, f"urn:study-{study}", study, design, "score", finding)


@pytest.fixture(scope="module")
def network(real: Built) -> Network:
    return of_therapy(read_network(real.store, title="Mechanisms"))


@pytest.mark.parametrize("size", [0, 1, 30, 300])
def test_the_weakest_link_is_said_in_every_picture_and_page(size: int) -> None:
    made = made_up(size) if size else Network((), ())
    svg, page = draw_svg(made), draw_page(made)
    for text in (re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", svg)), page):
        assert NO_SUPPORT in text
    assert '<p id="honest"' in page
    assert "needs-script" not in page.partition('<p id="honest"')[2].partition("</p>")[0]


def test_a_study_that_measured_only_the_outcome_is_never_counted_for_the_mechanism() -> None:
    trials = (trial(OUTCOME, "A"), trial(OUTCOME, "B"), trial(MECHANISM, "B"), trial(MECHANISM, "C", "planned"))
    words = weakest_link(Network(ALL, (), trials))
    assert "2 studies measured an outcome, 1 of them only outcomes; 1 measured a mechanism." in words


def test_the_best_chain_is_as_weak_as_its_weakest_step() -> None:
    edges = (step(CELL, FACTOR, 5), step(FACTOR, MECHANISM, 4), step(MECHANISM, OUTCOME, 2), step(CELL, OUTCOME, 6))
    assert best_chain(Network(ALL, edges)) == edges[:3]
    assert "as weak as this link: “homing to walking” (stated)" in weakest_link(Network(ALL, edges))


def test_what_goes_straight_to_the_outcome_or_is_contradicted_makes_no_chain() -> None:
    straight, refuted = step(CELL, OUTCOME, 6), step(MECHANISM, OUTCOME, 2, "contradicted")
    made = Network(ALL, (straight, step(CELL, MECHANISM, 5), refuted))
    assert best_chain(made) == ()
    assert "No chain of assertions leads here" in weakest_link(made)


def test_of_two_chains_the_stronger_is_named_in_any_order_of_the_input() -> None:
    weak = (step(CELL, MECHANISM, 2), step(MECHANISM, OUTCOME, 5))
    strong = (step(CELL, FACTOR, 4), step(FACTOR, MECHANISM, 4))
    for edges in ((*weak, *strong), (*strong, *weak)):
        assert best_chain(Network(ALL, edges)) == (*strong, weak[1])


def test_a_chip_tells_silence_from_no_difference() -> None:
    trials = [
        trial(OUTCOME, "A", design="randomized clinical trial"),
        trial(OUTCOME, "A", "no difference", "randomized clinical trial"),
        trial(OUTCOME, "B", "no difference"),
        trial(OUTCOME, "C", "difference not classified"),
        trial(OUTCOME, "D", "planned"),
    ]
    assert chip_lines(trials) == (
        "3 studies measured this; 1 planned",
        "1 randomized, 2 of other design",
        "a change in 1, no difference in 2, not classified in 1",
    )
    assert chip_lines(trials[-1:]) == ("1 planned", "", "")


def test_a_caption_says_n_sources_day_and_question(network: Network) -> None:
    words = caption(network)
    assert re.search(
        r"n = \d+ terms, \d+ assertions, \d+ studies beside them\. Sources \(assertions\): Petriv 2020 \(", words
    )
    assert re.search(r"Data of 20\d\d-\d\d-\d\d\. Question: network/edges\. Not drawn: ", words)
    assert "Data of 20" in re.sub("<[^>]*>", "", draw_svg(network))


def test_a_picture_leaves_hypotheses_out_and_says_how_many(network: Network) -> None:
    drawn = without_hypotheses(network)
    gone = len(network.edges) - len(drawn.edges)
    assert gone == sum(map(is_hypothesis, network.edges)) > 0
    assert re.search(rf"\b{gone} hypothes[ei]s (is|are) not drawn", drawn.note)
    assert not any(is_hypothesis(edge) for edge in drawn.edges)
    assert without_hypotheses(drawn) is drawn


def test_what_is_contradicted_is_no_hypothesis() -> None:
    assert not is_hypothesis(step(CELL, OUTCOME, 0, "contradicted"))
    assert not is_hypothesis(step(CELL, OUTCOME, 1, "contradicted"))
    assert is_hypothesis(step(CELL, OUTCOME, 1, "hypothesised"))
    assert is_hypothesis(step(CELL, OUTCOME, 2, "Unverified"))


def test_the_switch_says_how_many_are_hidden_and_needs_no_script() -> None:
    page = draw_page(Network(ALL, (step(CELL, FACTOR), step(FACTOR, MECHANISM, 1, "hypothesised"))))
    label = re.search(r'<label class="level" ([^>]*)><input id="hypotheses"[^>]*> ([^<]*)', page)
    assert label is not None
    assert label[2].strip() == "show 1 hypothesis"
    assert "body:not(:has(#hypotheses:checked)) [data-hypothesis]" in page
    assert '<label class="level" hidden>' in draw_page(Network(ALL, (step(CELL, FACTOR),)))


def test_a_part_around_a_term_keeps_its_neighbours_only() -> None:
    edges = (step(CELL, FACTOR), step(FACTOR, MECHANISM), step(MECHANISM, OUTCOME))
    part = around(Network(ALL, edges, (trial(OUTCOME, "A"),)), FACTOR.iri, 1)
    assert [node.label for node in part.nodes] == ["cell", "factor", "homing"]
    assert part.edges == edges[:2]
    assert part.trials == ()
    assert "1 terms lie outside" in part.note


def test_the_words_of_a_source_and_its_citation_stand_in_the_table() -> None:
    cited = ("[3]", "https://doi.org/10.1/x", "so it is", "A title (2020). doi:10.1/x", "verified")
    note = EvidenceNote("Gu 2020", "results", "supports", "primary result", "animal", *cited)
    page = draw_page(Network(ALL, (replace(step(CELL, FACTOR), evidence=(note, note)),)))
    assert "<blockquote>“so it is”</blockquote>" in page
    assert page.count("A title (2020). doi:10.1/x") == 1
    assert "results; primary result; animal; cites [3]; verified" in page


def test_the_reason_of_a_level_is_in_words() -> None:
    def why(direction: str, role: str, **facts: object) -> str:
        note = EvidenceNote("Gu 2020", "results", direction, role, "animal", "")
        return why_level(replace(step(CELL, FACTOR), evidence=(note,), **facts))  # type: ignore[arg-type]  # free facts

    assert why("supports", "primary result") == "Lines: 1 supports. Best verified support: of animal."
    assert why("supports", "review synthesis").endswith("A review says so; it did not measure.")
    assert "no more than hypothesised" in why("supports", "primary result", status="hypothesised")
    assert "Passages speak against it and none for it." in why("disputes", "primary result", status="contradicted")
    assert why_level(step(CELL, FACTOR)) == "Lines: none."


def test_the_questions_of_the_cards_run_on_the_graph(network: Network, real: Built) -> None:
    for question, iri in zip(network.questions, (network.edges[0].iri, network.nodes[0].iri), strict=True):
        assert question.count("UNDEF") == 1
        rows = real.store.query(question.replace("UNDEF", f"<{iri}>"))
        assert len(list(rows)) > 0  # type: ignore[arg-type]  # a SELECT


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words_in_folded_pages_too(text: str) -> None:
    nodes = [
        Node(f"urn:{text}{n}", text, f"{text}{n}", text, n % 5, text, (text,), ((f"urn:p{text}", text),))
        for n in range(300)
    ]
    page = draw_page(Network(tuple(nodes), (), (), text, text, text, (text, text), text), footer=text)
    assert page.count("<script") == 2
    assert no_external(page) == []
    assert not re.search(r"<(img|svg onload)", page)
    data = re.search('<script type="application/json" id="network">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["boxes"]


def test_nothing_is_loaded_from_elsewhere(network: Network) -> None:
    assert no_external(draw_page(network)) == []
    assert no_external(draw_svg(network)) == []


def test_pages_and_pictures_are_the_same_twice(network: Network) -> None:
    shuffled = replace(network, nodes=network.nodes[::-1], edges=network.edges[::-1], trials=network.trials[::-1])
    assert draw_page(shuffled) == draw_page(network)
    assert draw_svg(shuffled) == draw_svg(network)


def test_a_line_of_a_folded_page_names_all_that_it_stands_for() -> None:
    assert Folded(Network((), ()), {}, {}).is_folded is False
    made = made_up(300, degree=2)
    page = draw_page(made)
    assert page.count("<tr data-edge=") == len({edge.iri for edge in made.edges})
    assert re.search(r"\d+ assertions from [^<]* to [^<]*; the strongest: ", page)


def test_the_edge_type_of_the_json_is_small() -> None:
    data = re.search('id="network">(.*?)</script>', draw_page(made_up(60)), re.DOTALL)
    assert data is not None
    assert set(json.loads(data[1])["edges"][0]) == {"iri", "s", "o", "relation", "level", "sign", "group"}
