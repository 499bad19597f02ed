"""Every special picture of the true graph: tidy, captioned, the same twice, and made of nothing from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from kg.errors import InputError, NotFoundError
from kg.pictures import PICTURES, data_dates, query_texts, read_figure, render
from kg.store import LocalStore
from kg.views.figure import Figure, draw_figure
from tests.pictures import outside, overlapping, texts


@pytest.fixture(scope="module")
def figures(real_store: LocalStore) -> dict[str, Figure]:
    return {name: read_figure(real_store, name) for name in PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_no_words_overlap_or_leave_the_paper(name: str, figures: dict[str, Figure]) -> None:
    svg = draw_figure(figures[name])
    assert overlapping(svg) == []
    assert outside(svg) == []


@pytest.mark.parametrize("name", PICTURES)
def test_the_caption_states_n_sources_day_and_a_query_that_exists(name: str, figures: dict[str, Figure]) -> None:
    words = " ".join(each.text for each in texts(draw_figure(figures[name])))
    assert re.search(r"n = [1-9]", words)
    assert re.search(r"Sources \([1-9]\d*\): \w", words)
    assert re.search(r"Data: curated to \d{4}-\d\d-\d\d", words)
    asked = re.search(r"Query: mechtrail query ([\w/-]+)", words)
    assert asked is not None
    assert asked[1] in PICTURES[name]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_same_twice(name: str, figures: dict[str, Figure], real_store: LocalStore) -> None:
    assert draw_figure(read_figure(real_store, name)) == draw_figure(figures[name])


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_fits_a_page_and_a_window(name: str, figures: dict[str, Figure]) -> None:
    assert figures[name].width <= 1200
    assert len(draw_figure(figures[name])) < 300_000


@pytest.mark.parametrize("name", PICTURES)
def test_the_page_loads_nothing_has_no_script_and_shows_the_rows(name: str, figures: dict[str, Figure]) -> None:
    page = render(figures[name], ".html", query_texts(name))
    assert isinstance(page, str)
    assert not re.search(r'\b(?:src|href)="', page)
    assert "<script" not in page
    assert page.count("<tr>") == len(figures[name].rows) + 1 > 1
    assert all(len(row) == len(figures[name].columns) for row in figures[name].rows)
    parser = HTMLParser()
    parser.feed(page)
    for question in PICTURES[name]:
        assert f"The question: {question}" in page


@pytest.mark.parametrize("name", PICTURES)
def test_words_for_a_screen_reader_are_sentences(name: str, figures: dict[str, Figure]) -> None:
    assert figures[name].words.endswith(".")
    assert "None" not in figures[name].words


def test_the_days_of_the_data_are_those_of_the_graph(real_store: LocalStore) -> None:
    assert re.fullmatch(
        r"curated to [\d-]{10}; last search [\d-]{10}; registry records read [\d-]{10} to [\d-]{10}",
        data_dates(real_store),
    )


def test_a_graph_without_days_has_none_to_state() -> None:
    assert data_dates(LocalStore.in_memory()) == ""


@pytest.mark.parametrize("name", [name for name in PICTURES if name != "dose-response"])
def test_an_empty_graph_draws_an_empty_picture(name: str) -> None:
    svg = draw_figure(read_figure(LocalStore.in_memory(), name))
    assert "Data: day not stated." in svg
    assert overlapping(svg) == []


def test_a_picture_of_another_name_is_refused_with_the_nearest(real_store: LocalStore) -> None:
    with pytest.raises(InputError, match=r"no picture 'gapmap'; expected one of: gap-map, .*nearest: gap-map"):
        read_figure(real_store, "gapmap")


def test_an_outcome_that_is_not_there_is_said(real_store: LocalStore) -> None:
    with pytest.raises(NotFoundError, match="no term matches 'nothing of the kind'"):
        read_figure(real_store, "dose-response", outcome="nothing of the kind")
