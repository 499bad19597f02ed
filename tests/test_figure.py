"""The frame of a picture: a caption that says what it rests on, words for a screen reader, no markup from a label."""

from __future__ import annotations

import re

import pytest

from kg.views.figure import Caption, Figure, Key, draw_figure
from kg.views.figure_page import draw_figure_page
from tests.pictures import HOSTILE, SVG, outside, overlapping, parse, texts

QUERY = "mechtrail query studies/arms"
CAPTION = Caption("Dots are studies.", "2 studies", ("Gu 2020", "Min 2013", "Gu 2020"), "2026-11-26", QUERY)
DOT = '<circle r="5" fill="#2a8cc4"/>'
FIGURE = Figure(
    title="Doses",
    marks=['<rect width="300" height="100" fill="#eeeeee"/>'],
    width=300,
    height=100,
    caption=CAPTION,
    words="Two dots.",
    legend=(Key(DOT, "a study"), Key("", "word " * 60), Key(DOT, "the last one")),
    columns=("study", "dose"),
    rows=(("Gu 2020", "5"), ("Min 2013", "3")),
)


def test_the_caption_states_n_sources_day_and_query() -> None:
    words = " ".join(each.text for each in texts(draw_figure(FIGURE)))
    for part in (
        "n = 2 studies.",
        "Sources (2): Gu 2020, Min 2013.",
        "Data: 2026-11-26.",
        "mechtrail query studies/arms",
    ):
        assert part in words


def test_a_caption_without_a_day_says_so() -> None:
    words = draw_figure(Figure("", [], 10, 10, Caption("", "0 studies", (), "", QUERY), ""))
    assert "Data: day not stated." in words
    assert "Sources (0): none." in words


def test_many_sources_are_counted_and_the_rest_is_named_as_such() -> None:
    many = Caption("", "60 studies", tuple(f"Study {place:02}" for place in range(60)), "2026", QUERY)
    words = draw_figure(Figure("", [], 10, 10, many, ""))
    assert "Sources (60): " in words
    assert "and 20 more" in " ".join(words.split())


def test_a_screen_reader_finds_title_and_description() -> None:
    root = parse(draw_figure(FIGURE))
    title, description = root.find(SVG + "title"), root.find(SVG + "desc")
    assert title is not None
    assert description is not None
    assert (root.attrib["aria-labelledby"], root.attrib["aria-describedby"]) == (title.get("id"), description.get("id"))
    assert root.attrib["role"] == "img"
    assert title.text == "Doses"
    assert str(description.text).startswith("Two dots. Dots are studies. n = 2 studies.")


def test_no_words_of_the_frame_overlap_or_leave_the_paper() -> None:
    svg = draw_figure(FIGURE)
    assert overlapping(svg) == []
    assert outside(svg) == []


def test_a_long_title_is_broken_not_cut() -> None:
    svg = draw_figure(Figure("many words " * 10, [], 300, 20, CAPTION, ""))
    assert "…" not in svg
    assert outside(svg) == []


def test_two_figures_in_one_page_have_ids_of_their_own() -> None:
    other = Figure("Other", [], 10, 10, CAPTION, "")
    ids = re.findall(r' id="([^"]+)"', draw_figure(FIGURE) + draw_figure(other))
    assert len(set(ids)) == len(ids) == 4


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_cannot_inject_markup(label: str) -> None:
    caption = Caption(label, label, (label,), label, label)
    figure = Figure(label, [], 300, 20, caption, label, (Key(DOT, label),), (label,), ((label,),))
    for text in (draw_figure(figure), draw_figure_page(figure, {label: label})):
        assert "<script" not in text
        assert "<image" not in text
        assert 'onload="' not in text
        assert "\u202e" not in text.partition("<pre>")[0]
    tags = {element.tag for element in parse(draw_figure(figure)).iter()}
    assert tags == {SVG + name for name in ("svg", "title", "desc", "rect", "g", "circle", "text")}


def test_the_page_holds_picture_table_and_question_and_loads_nothing() -> None:
    page = draw_figure_page(FIGURE, {"studies/arms": "SELECT ?a WHERE { ?a ?b <http://x/> }"})
    assert draw_figure(FIGURE) in page
    assert page.count("<tr>") == 3
    assert "?b &lt;http://x/&gt;" in page
    assert not re.search(r'(src|href)="', page)
    assert "<script" not in page
    assert "{{" not in page


def test_a_figure_is_the_same_twice() -> None:
    assert draw_figure(FIGURE) == draw_figure(FIGURE)
