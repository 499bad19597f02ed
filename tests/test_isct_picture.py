"""The ISCT heat map: met, failed, open and silent differ by more than colour, and so do the two wordings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.isct import judge
from kg.pictures import read_figure, read_isct_figure
from kg.store import LocalStore
from kg.views.figure import Figure, draw_figure
from tests.isct import sample
from tests.pictures import HOSTILE, SVG, outside, overlapping, parse

SILENT = "not measured or not given"


def states(figure: Figure) -> dict[tuple[str, str], str]:
    """Give (wording, criterion) -> state of the one population."""
    return {(row[1], row[2]): row[3] for row in figure.rows}


def drawn(**changes: str) -> dict[tuple[str, str], str]:
    return states(read_isct_figure([sample(changes)], source="x.csv"))


def test_a_population_that_meets_all_is_met_everywhere_and_conformant_in_both_wordings() -> None:
    found = drawn()
    verdicts = {wording: state for (wording, criterion), state in found.items() if criterion == "verdict"}
    assert verdicts == {"2006": "conformant", "review": "conformant"}
    assert {state for (_, criterion), state in found.items() if criterion != "verdict"} == {"met"}


@pytest.mark.parametrize(
    ("text", "state"), [("96", "met"), ("94", "failed"), ("", SILENT), ("positive", "given, decides nothing")]
)
def test_each_state_of_a_marker_is_told_apart(text: str, state: str) -> None:
    assert drawn(CD90=text)["2006", "CD90 at least 95 %"] == state


def test_the_wordings_differ_where_only_one_alternative_was_measured() -> None:
    found = drawn(CD11b="")
    assert found["2006", "CD14 or CD11b at most 2 %"] == "met"
    assert found["review", "CD11b at most 2 %"] == SILENT
    assert (found["2006", "verdict"], found["review", "verdict"]) == ("conformant", "undetermined")


@pytest.mark.parametrize("changes", [{}, {"CD90": "10"}, {"CD34": ""}, {"CD14": "5", "CD11b": "5"}], ids=str)
def test_the_picture_says_what_the_verdict_says(changes: dict[str, str]) -> None:
    (judged,) = judge([sample(changes)])[0]
    found = drawn(**changes)
    for wording, verdict in judged.verdict.items():
        assert found[wording, "verdict"] == verdict
        here = {state for (each, criterion), state in found.items() if each == wording and criterion != "verdict"}
        assert ("failed" in here) == (verdict == "not conformant")
        assert (here == {"met"}) == (verdict == "conformant")


def test_states_have_signs_of_their_own_beside_their_tint() -> None:
    figure = read_isct_figure([sample({"CD90": "10", "CD34": "", "CD45": "<5"})], source="x.csv")
    marks = {key.words: key.mark.partition("/>")[2] for key in figure.legend}
    signs = [marks[words] for words in ("met", "failed", "given, decides nothing", SILENT)]
    assert len(set(signs)) == 4
    assert all(signs)


def test_a_title_gives_the_value_that_fails() -> None:
    svg = draw_figure(read_isct_figure([sample({"CD90": "10"})], source="x.csv"))
    titles = [element.text or "" for element in parse(svg).iter(f"{SVG}title")]
    assert "P, 2006: CD90 at least 95 %: failed (CD90 10)" in titles


def test_trial_products_that_report_nothing_are_silent_and_not_failed(real_store: LocalStore) -> None:
    figure = read_figure(real_store, "isct")
    assert {row[3] for row in figure.rows} <= {"not reported in the record", "not reported", "given, decides nothing"}
    assert "Not reported is neither conformant nor not" in figure.caption.says


def test_more_populations_than_a_picture_can_show_are_counted() -> None:
    many = [replace(sample(), population=f"batch {place}") for place in range(203)]
    figure = read_isct_figure(many, source="x.csv")
    assert "Only the first 200 of 203 populations are drawn." in figure.caption.says
    assert "203 populations" in figure.caption.counted


def test_words_neither_overlap_nor_leave_the_paper() -> None:
    svg = draw_figure(read_isct_figure([sample(), sample({"CD73": "1"})], source="x.csv"))
    assert overlapping(svg) == []
    assert outside(svg) == []


def test_a_table_without_populations_draws_none() -> None:
    assert "No cell population to draw." in draw_figure(read_isct_figure([], source="x.csv"))


@pytest.mark.parametrize("label", [label for label in HOSTILE if "\ud800" not in label])
def test_labels_cannot_inject_markup(label: str) -> None:
    svg = draw_figure(read_isct_figure([replace(sample(), population=label)], source=label))
    assert not [element.tag for element in parse(svg).iter() if element.tag.endswith(("script", "image"))]
    assert overlapping(svg) == []
