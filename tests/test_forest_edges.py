"""The forest plot at its edges: nothing lies on anything else, hostile text stays text, faults are refused."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.views.forest import DIAMOND, SQUARE, ForestPlot, ForestRow, draw_forest
from kg.views.svg import INK, QUIET
from tests.forest_plots import HOSTILE, PLOT, POOLED, SVG, assert_tidy, numbers, of_class, parsed, row, some, texts

EDGES = {
    "one row": some(row("Gu 2020", 30.1, 5.49, 54.71, 100, "59.0 (39.0), n 19 / 28.9 (39.4), n 20")),
    "forty rows": some(*(row(f"Study {n}", n / 10, n / 10 - 1, n / 10 + 1, 2.5, "n 9 / n 9") for n in range(40))),
    "no row": some(refused="Not pooled: no study gives mean, spread and n."),
    "no text": replace(some(row("", 1, 0, 2)), title="", measure="", heterogeneity="", left="", right="", caption=""),
    "all on one side": some(row("a", 5, 4, 6), row("b", 7, 6.5, 7.5)),
    "zero width": some(row("a", 5, 5, 5), row("b", 5, 5, 5), pooled=row("p", 5, 5, 5), null=5),
    "one zero width": some(row("a", 5, 5, 5), row("b", 4, 1, 6), pooled=row("p", 5, 5, 5)),
    "very different": some(row("a", 0, -1e-3, 1e-3), row("b", 0, -1e6, 1e6), row("c", 2, 1, 3)),
    "negative": some(row("a", -5e8, -1e9, -1), row("b", -2e8, -3e8, -1e8)),
    "prediction beyond": replace(PLOT, prediction=(-400.0, 500.0)),
    "prediction aside": replace(PLOT, prediction=(400.0, 500.0)),
    "long pooled": replace(PLOT, pooled=replace(POOLED, label="Random effects (REML, Hartung-Knapp) " * 3)),
    "mixed details": some(row("a", 1, 0, 2, 10, "n 19 / n 20"), row("b", 1, 0, 2, 10, "39 participants in all")),
    "far null": some(row("a", 5, 4, 6), null=-1e6),
}


@pytest.mark.parametrize("name", EDGES)
def test_edges_are_drawn_tidily_and_twice_the_same(name: str) -> None:
    root = parsed(EDGES[name])
    assert len(of_class(root, "study")) == len(EDGES[name].rows)
    assert_tidy(root)
    assert draw_forest(EDGES[name]) == draw_forest(replace(EDGES[name]))
    assert "nan" not in "".join(re.findall(r' (?:d|x|y|width|height)="([^"]*)"', draw_forest(EDGES[name])))


def test_a_cut_prediction_has_its_arrows_and_a_diamond_of_no_width_stays_in_sight() -> None:
    (group,) = of_class(parsed(EDGES["prediction beyond"]), "prediction")
    assert len(of_class(group, "beyond")) == 2
    low, _, _, _, high, *_ = numbers(of_class(parsed(EDGES["one zero width"]), "diamond")[0])
    assert high - low == pytest.approx(3, abs=0.02)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("refused", [False, True])
def test_hostile_text_stays_text(text: str, refused: bool) -> None:
    pooled = ForestRow(text, text, 1, 0, 2, 100, "derived")
    rows = tuple(replace(each, label=text, detail=f"{text} / {text}") for each in PLOT.rows)
    plot = replace(
        *(PLOT,), title=text, measure=text, rows=rows, pooled=pooled, heterogeneity=text, left=text, right=text
    )
    plot = replace(plot, caption=text, detail_heading=f"{text} / {text}", interval="95 % CI")
    root = parsed(replace(plot, refused=text.strip() or "no") if refused else plot)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "text", "tspan", "g", "path"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or "href" in name}
    for character in "\u202e\u2066\u200b\x00\x07":
        assert character not in draw_forest(plot)
    assert_tidy(root)


def test_nothing_comes_from_outside() -> None:
    drawn = draw_forest(PLOT).replace('xmlns="http://www.w3.org/2000/svg"', "")
    for word in ("http", "url(", "href", "<style", "<script", "@import", "<image", "<use"):
        assert word not in drawn


def test_a_label_that_is_cut_is_whole_in_its_title() -> None:
    label = "A study with a name that no column of any width could hold, et al. 2020"
    root = parsed(some(row(label, 1, 0, 2)))
    (group,) = of_class(root, "study")
    assert label in (group.findtext(f"{SVG}title") or "")
    (visible,) = (text for text in texts(group) if text.startswith("A study"))
    assert visible.endswith("…r")


@pytest.mark.parametrize("colour", [SQUARE, DIAMOND, INK, QUIET])
def test_colours_keep_three_to_one_against_white(colour: str) -> None:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    assert 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05) >= 3


def test_a_usual_plot_fits_a_window_of_eight_hundred_at_ten_pixels() -> None:
    root = parsed(PLOT)
    shrunk = min(1.0, 800 / float(root.get("width", "")))
    assert min(float(text.get("font-size", "")) for text in root.iter(f"{SVG}text")) * shrunk > 9
    assert "max-width:100%" in root.get("style", "")


FAULTS = [
    (some(row("a", 1, 2, 3)), "row 'a': the interval 2 to 3 does not hold the estimate 1"),
    (some(row("a", 1, 1, 0)), "does not hold"),
    (some(row("a", math.nan, 0, 1)), "found nan"),
    (some(row("a", 1, 0, math.inf)), "found inf"),
    (some(row("a", 1, 0, 2e9)), "expected a number between"),
    (some(replace(PLOT.rows[0], low=None)), "found None"),
    (some(row("a", 1, 0, 2), null=1, log=True), "found 0 on a log scale"),
    (some(row("a", 1, -1, 2), null=1, log=True), "found -1 on a log scale"),
    (some(row("a", 2, 1, 3), log=True), "value of no effect: found 0 on a log scale"),
    (some(row("a", 1, 0, 2, weight=-1)), "found weight -1"),
    (some(row("a", 1, 0, 2, weight=101)), "found weight 101"),
    (some(row("a", 1, 0, 2, weight=math.nan)), "found weight nan"),
    (some(replace(PLOT.rows[0], status="guessed")), "found status 'guessed', expected read, secondary, derived"),
    (replace(PLOT, pooled=ForestRow("p", "", None, None, None, 100, "derived")), "row 'p': found None"),
    (replace(PLOT, prediction=(2.0, 1.0)), "prediction interval: it falls from 2 to 1"),
    (replace(PLOT, pooled=None), "no pooled estimate that it could belong to"),
]


@pytest.mark.parametrize(("plot", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_what_cannot_be_drawn_is_refused_with_its_place(plot: ForestPlot, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        draw_forest(plot)


def test_numbers_at_the_edge_of_what_is_refused_are_drawn() -> None:
    assert draw_forest(some(row("a", 0, -1e9, 1e9, weight=100.05)))
    assert draw_forest(some(row("a", 1, 1e-9, 1e9), null=1, log=True))


@st.composite
def plots(draw: st.DrawFn) -> ForestPlot:
    log = draw(st.booleans())
    finite = st.floats(1e-9, 1e9) if log else st.floats(-1e9, 1e9)

    def any_row() -> ForestRow:
        low, estimate, high = sorted(draw(st.tuples(finite, finite, finite)))
        words = st.text(max_size=60)
        status = draw(st.sampled_from(["read", "secondary", "derived"]))
        return ForestRow(draw(words), draw(words), estimate, low, high, draw(st.floats(0, 100)), status)

    rows = tuple(any_row() for _ in range(draw(st.integers(1, 6))))
    pooled = any_row() if draw(st.booleans()) else None
    prediction = (min(ends), max(ends)) if pooled and (ends := draw(st.tuples(finite, finite))) else None
    refused = draw(st.sampled_from(["", "a reason"]))
    return replace(PLOT, rows=rows, null=draw(finite), pooled=pooled, prediction=prediction, log=log, refused=refused)


@settings(deadline=None, max_examples=60)
@given(plots())
def test_any_plot_is_well_formed_and_tidy(plot: ForestPlot) -> None:
    root = parsed(plot)
    assert_tidy(root)
    left, _, right, *_ = numbers(of_class(root, "axis")[0])
    for square in of_class(root, "weight"):
        middle = float(square.get("x", "")) + float(square.get("width", "")) / 2
        assert left - 0.05 <= middle <= right + 0.05
