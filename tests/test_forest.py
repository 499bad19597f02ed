"""The forest plot: each mark stands where its number is, nothing lies on anything else, hostile text stays text."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.views.axis import fit_axis, number
from kg.views.forest import DIAMOND, LARGEST, SQUARE, ForestPlot, ForestRow, draw_forest
from kg.views.lettering import fit, width_of, wrap
from kg.views.svg import INK, QUIET, shown

SVG = "{http://www.w3.org/2000/svg}"
#: Table 4 of Gu 2020: mean differences with limits; means, SD and n of GMFM at month 6.
GU = {
    "GMFM, month 3": (16.35, -0.14, 32.84),
    "GMFM, month 6": (30.10, 5.49, 54.71),
    "GMFM, month 12": (27.73, 2.20, 53.25),
}
#: GMFM change as reprinted in Eggenberger 2019: Cohen d with limits, and DerSimonian-Laird weights in percent.
EGGENBERGER = (
    ("Huang 2018", "7.62 (2.44), n 27 / 2.96 (1.66), n 27", 2.23, 1.55, 2.92, 19.3, "secondary"),
    ("Kang 2015", "7.08 (7.36), n 17 / 3.85 (3.75), n 17", 0.55, -0.13, 1.24, 19.3, "derived"),
    ("Min 2013", "9.1 (6.7), n 31 / 7.8 (5.1), n 32", 0.22, -0.28, 0.71, 20.6, "secondary"),
    ("Sun 2017", "7.5 (6.8), n 32 / 6.9 (5.5), n 31", 0.10, -0.40, 0.59, 20.6, "secondary"),
    ("Liu 2017", "10.45 (5.06), n 33 / 1.85 (5.06), n 35", 1.70, 1.14, 2.26, 20.2, "derived"),
)
POOLED = ForestRow("Random effects", "n 140 / n 142", 0.95, 0.13, 1.76, 100.0, "derived")
PLOT = ForestPlot(
    title="Gross motor function (GMFM change)",
    measure="Standardised mean difference (Cohen d)",
    rows=tuple(ForestRow(*row) for row in EGGENBERGER),
    null=0.0,
    pooled=POOLED,
    prediction=(-2.15, 4.04),
    heterogeneity="tau² = 0.77; I² = 90.1 % (79.2 to 95.3); Q = 40.4, df 4, p < 0.001",
    left="favours control",
    right="favours cells",
    caption="5 studies, 282 participants. Source: Eggenberger 2019, table 3.\nQuery: mechtrail query effects",
)
HOSTILE = [
    "</title><script>alert(1)</script>",
    "\"'><svg onload=alert(1)>",
    "a\u202eb\u200bc\u2066d",
    "]]>--><!-- &amp; &lt;",
    "nul\x00 bell\x07 \ud800 \ufffe",
    "line\u2028break\nhere",
    "",
    "  ",
    "W" * 400,
    "very " * 80,
    "脳性麻痺の細胞治療における作用機序" * 5,
]


def row(label: str, estimate: float, low: float, high: float, weight: float = 10.0, detail: str = "") -> ForestRow:
    return ForestRow(label, detail, estimate, low, high, weight, "read")


def some(*rows: ForestRow, **changes: object) -> ForestPlot:
    values = {"pooled": None, "prediction": None, **changes}
    return replace(PLOT, rows=rows, **values)  # type: ignore[arg-type]  # any field


def parsed(plot: ForestPlot) -> ElementTree.Element:
    return ElementTree.fromstring(draw_forest(plot))


def of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if element.get("class") == name]


def numbers(element: ElementTree.Element, attribute: str = "d") -> list[float]:
    return [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?", element.get(attribute, ""))]


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def place_of(root: ElementTree.Element, value: float) -> float:
    """Give the place of a value in pixels, by the two outer ticks of a linear axis."""
    axis = of_class(root, "axis")[0]
    xs = [float(x) for x in re.findall(r"M(-?[\d.]+) [\d.]+v5", axis.get("d", ""))]
    ticks = [
        float("".join(text.itertext()).replace("−", "-"))
        for text in root.iter(f"{SVG}text")
        if text.get("text-anchor") == "middle"
    ]
    assert len(xs) == len(ticks)
    (x1, x2), (v1, v2) = (xs[0], xs[-1]), (ticks[0], ticks[-1])
    return x1 + (value - v1) / (v2 - v1) * (x2 - x1)


def boxes(root: ElementTree.Element) -> list[tuple[float, float, float, str]]:
    """Give baseline, left, right and words of each text, with the letter that may follow it."""
    found = []
    for text in root.iter(f"{SVG}text"):
        size, words = float(text.get("font-size", "")), text.text or ""
        width = width_of(words, size, bold=text.get("font-weight") == "bold") + (10 if len(text) else 0)
        x, anchor = float(text.get("x", "")), text.get("text-anchor")
        left = x - width if anchor == "end" else x - width / 2 if anchor else x
        found.append((float(text.get("y", "")), left, left + width, words))
    return found


def assert_tidy(root: ElementTree.Element) -> None:
    """Fail if a text lies on another one, or leaves the sheet."""
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    placed = boxes(root)
    for y, left, right, words in placed:
        assert left >= -1e-6, words
        assert right <= width + 0.1, words
        assert y < height, words
    for (y1, left1, right1, a), (y2, left2, right2, b) in combinations(placed, 2):
        if abs(y1 - y2) < 9 and a and b:
            assert right1 <= left2 + 0.1 or right2 <= left1 + 0.1, (a, b)


def test_marks_stand_where_their_numbers_are() -> None:
    root = parsed(PLOT)
    for study, square, whisker in zip(PLOT.rows, of_class(root, "weight"), of_class(root, "interval"), strict=True):
        assert study.estimate is not None
        assert study.low is not None
        assert study.high is not None
        middle = float(square.get("x", "")) + float(square.get("width", "")) / 2
        assert middle == pytest.approx(place_of(root, study.estimate), abs=0.05)
        start, _, end, *_ = numbers(whisker)
        assert (start, end) == pytest.approx((place_of(root, study.low), place_of(root, study.high)), abs=0.05)
    low, y, centre, top, high, _, _, bottom = numbers(of_class(root, "diamond")[0])
    expected = [place_of(root, value) for value in (0.13, 0.95, 1.76)]
    assert [low, centre, high] == pytest.approx(expected, abs=0.05)
    assert top < y < bottom
    assert numbers(of_class(root, "null")[0])[0] == pytest.approx(place_of(root, 0), abs=0.05)


def test_the_area_of_a_square_is_the_weight() -> None:
    root = parsed(some(row("a", 0, -1, 1, 80), row("b", 0, -1, 1, 20), row("c", 0, -1, 1, 0)))
    heavy, light, none = (float(square.get("width", "")) for square in of_class(root, "weight"))
    assert heavy == LARGEST
    assert heavy**2 / light**2 == pytest.approx(4)
    assert none > 0  # it stays in sight


def test_the_prediction_interval_is_a_bar_under_the_diamond() -> None:
    root = parsed(PLOT)
    (group,) = of_class(root, "prediction")
    (bar,) = group.iter(f"{SVG}rect")
    x, y, width = (float(bar.get(name, "")) for name in ("x", "y", "width"))
    ends = (place_of(root, -2.15), place_of(root, 4.04))
    assert (x, x + width) == pytest.approx(ends, abs=0.05)
    assert y > max(numbers(of_class(root, "diamond")[0])[1::2])
    assert y + 5 < numbers(of_class(root, "axis")[0])[1]
    assert "[−2.15, 4.04]" in texts(root)
    assert not of_class(parsed(replace(PLOT, prediction=None)), "prediction")


def test_numbers_weights_and_heterogeneity_are_printed() -> None:
    gu = some(*(row(label, *values, detail="n 19 / n 20") for label, values in GU.items()))
    for label, (estimate, low, high) in GU.items():
        printed = texts(parsed(gu))
        assert f"{label}r" in printed  # with the letter of its status
        assert {f"{estimate:.2f}", f"[{low:.2f}, {high:.2f}]".replace("-", "−")} <= set(printed)
    printed = texts(parsed(PLOT))
    assert {"19.3", "100.0", "0.95", "[0.13, 1.76]", "2.96 (1.66), n 27", PLOT.heterogeneity} <= set(printed)
    assert {"Query: mechtrail query effects"} <= set(printed)


@pytest.mark.parametrize("status", ["read", "secondary", "derived"])
def test_a_status_is_a_letter_and_the_legend_explains_those_in_use(status: str) -> None:
    root = parsed(some(replace(PLOT.rows[0], status=status)))
    assert [tspan.text for tspan in root.iter(f"{SVG}tspan")] == [status[0]]
    legend = next(text for text in texts(root) if "area of a square" in text)
    meanings = {"read": "report of the study", "secondary": "another publication", "derived": "computed"}
    assert {name for name, words in meanings.items() if words in legend} == {status}


def test_an_interval_far_wider_than_the_rest_leaves_the_axis_with_arrows() -> None:
    narrow = [row(f"n{n}", n / 10, n / 10 - 1, n / 10 + 1) for n in range(5)]
    root = parsed(some(*narrow, row("both ends", 0.5, -60, 60), row("right end", 0.5, -0.5, 60)))
    groups = of_class(root, "study")
    assert [len(of_class(group, "beyond")) for group in groups] == [0, 0, 0, 0, 0, 2, 1]
    start, _, end, *_ = numbers(of_class(root, "axis")[0])
    left, right = (numbers(arrow)[0] for arrow in of_class(groups[5], "beyond"))
    axis_start, axis_end = min(start, end), max(start, end)
    assert left == axis_start
    assert right == axis_end
    assert any("beyond the axis" in text for text in texts(root))
    assert not any("beyond the axis" in text for text in texts(parsed(PLOT)))


def test_an_interval_a_little_wider_than_the_rest_stays_whole() -> None:
    root = parsed(some(row("a", 0, -1, 1), row("b", 0, -1, 1), row("c", 0, -1.9, 1.9)))
    assert not of_class(root, "beyond")


def test_an_interval_stays_whole_if_that_costs_little_of_the_axis() -> None:
    rows = [row("a", 0, -1, 1), row("b", 10, 9, 11), row("c", 5, 4, 6)]
    assert not of_class(parsed(some(*rows, row("d", 5, -5, 15))), "beyond")
    assert len(of_class(parsed(some(*rows, row("d", 5, -15, 25))), "beyond")) == 2


def test_a_diamond_is_never_cut() -> None:
    """Two studies and the Hartung-Knapp method give pooled intervals many times wider than those of the studies."""
    root = parsed(some(row("a", 0, -1, 1), row("b", 3, 2, 4), pooled=row("p", 1.5, -17.5, 20.5)))
    low, _, _, _, high, *_ = numbers(of_class(root, "diamond")[0])
    assert [low, high] == pytest.approx([place_of(root, -17.5), place_of(root, 20.5)], abs=0.05)


def test_a_model_has_two_lines_for_its_name() -> None:
    for details in ("", "n 140 / n 142", "7.62 (2.44), n 270 / 2.96 (1.66), n 270"):
        pooled = replace(POOLED, label="Random effects (DerSimonian-Laird)", detail=details)
        (group,) = of_class(parsed(replace(PLOT, pooled=pooled, prediction=None)), "total")
        assert "Random effects (DerSimonian-Laird)d" in " ".join(texts(group))


def test_a_refused_plot_has_the_reason_and_neither_diamond_nor_weights() -> None:
    reason = "Not pooled: two scales have no common unit."
    root = parsed(replace(PLOT, refused=reason))
    assert reason in texts(root)
    assert len(of_class(root, "weight")) == len(of_class(root, "interval")) == len(PLOT.rows)
    assert not of_class(root, "diamond") + of_class(root, "prediction") + of_class(root, "pooled")
    assert len({square.get("width") for square in of_class(root, "weight")}) == 1
    assert not {"Weight", "19.3", "0.95"} & set(texts(root))
    shown_at = next(y for y, _, _, words in boxes(root) if words.startswith("Not pooled"))
    assert shown_at > max(y for y, _, _, words in boxes(root) if words == "Liu 2017")
    assert max(numbers(of_class(root, "null")[0])[1:]) < shown_at  # the line does not run through the reason


def test_a_refused_plot_says_so_to_who_cannot_see_it() -> None:
    words = parsed(replace(PLOT, refused="Not pooled: two scales")).findtext(f"{SVG}desc") or ""
    assert "Not pooled: two scales" in words
    assert "0.95" not in words
    assert "weight" not in words


def test_title_and_description_are_named_by_the_picture() -> None:
    root = parsed(PLOT)
    ids = {element.get("id"): element.text or "" for element in root if element.get("id")}
    assert root.get("role") == "img"
    assert ids[root.get("aria-labelledby")] == PLOT.title
    words = ids[root.get("aria-describedby")]
    for expected in (
        "5 studies",
        "Huang 2018: 2.23 [1.55, 2.92]",
        "Pooled, Random effects: 0.95",
        "−2.15",
        "I² = 90.1",
        "table 3",
    ):
        assert expected in words
    other = parsed(replace(PLOT, title="Another"))
    assert other.get("aria-labelledby") != root.get("aria-labelledby")  # two plots can stand on one page


def test_favours_stand_on_their_sides_of_the_line_of_no_effect() -> None:
    root = parsed(PLOT)
    null = numbers(of_class(root, "null")[0])[0]
    place = {words: (left, right) for _, left, right, words in boxes(root)}
    assert place["← favours control"][1] < null < place["favours cells →"][0]
    none = texts(parsed(replace(PLOT, left="", right="")))
    assert not any("←" in text or "→" in text for text in none)


def test_a_study_without_an_estimate_has_a_row_and_no_mark() -> None:
    nothing = ForestRow("Chen 2013", "0/30 / 0/30", None, None, None, 0, "secondary")
    known = ForestRow("Min 2013", "3/36 / 6/70", 0.97, 0.26, 3.66, 100, "secondary")
    root = parsed(some(nothing, known, null=1, log=True, measure="Risk ratio"))
    assert [len(of_class(group, "weight")) for group in of_class(root, "study")] == [0, 1]
    assert {"not estimable", "–", "0/30"} <= set(texts(root))
    bare = parsed(some(nothing, null=1, log=True))
    assert not of_class(bare, "axis") + of_class(bare, "null")


def test_a_log_axis_has_equal_room_for_a_half_and_a_double() -> None:
    plot = some(row("a", 0.5, 0.25, 1), row("b", 2, 1, 4), row("c", 1, 0.1, 10), null=1, log=True)
    root = parsed(plot)
    half, double, one = (
        float(square.get("x", "")) + float(square.get("width", "")) / 2 for square in of_class(root, "weight")
    )
    assert one - half == pytest.approx(double - one, abs=0.05)
    assert {"1", "log scale"} <= set(texts(root))
    assert "log scale" not in texts(parsed(PLOT))


@pytest.mark.parametrize(
    ("rows", "printed"),
    [
        ([(0.0029, 0.0011, 0.0047)], "[0.0011, 0.0047]"),
        ([(1234.5, 234.5, 2234.5)], "[234.5, 2234.5]"),
        ([(0, 0, 0)], "[0.00, 0.00]"),
        ([(-0.001, -0.5, 0.5)], "[−0.50, 0.50]"),
        ([(54321, -60000, 90000)], "[−60000, 90000]"),
    ],
)
def test_decimals_follow_the_width_of_intervals(rows: list[tuple[float, float, float]], printed: str) -> None:
    assert printed in texts(parsed(some(*(row("a", *values) for values in rows))))


def test_small_and_large_ratios_keep_two_digits() -> None:
    printed = texts(parsed(some(row("a", 0.0012, 0.0003, 0.01), row("b", 900, 99.5, 8000), null=1, log=True)))
    assert {"0.0012", "[0.00030, 0.010]", "900", "[99.50, 8000]"} <= set(printed)


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


POINTS = st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=8)
SIGNED = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.one_of(st.tuples(POINTS, st.just(True)), st.tuples(SIGNED, st.just(False))))
def test_an_axis_holds_every_point_and_has_ticks_that_never_touch(found: tuple[list[float], bool]) -> None:
    points, log = found
    spans = [(min(pair), max(pair)) for pair in pairwise(points)]
    axis = fit_axis(points, spans, log=log, width=250, width_of=lambda label: width_of(label, 10.5))
    assert axis.low <= min(points)
    assert max(points) <= axis.high
    assert len(axis.ticks) >= 2
    places = [(axis.share(value) * 250, width_of(label, 10.5) / 2) for value, label in axis.ticks]
    assert all(a + half < b - other for (a, half), (b, other) in pairwise(places))
    for value, label in axis.ticks:
        assert float(label.replace("−", "-")) == pytest.approx(value, rel=1e-6, abs=1e-9 * (axis.high - axis.low))


@pytest.mark.parametrize(
    ("points", "log", "expected"),
    [
        ([-2.15, 4.04], False, ["−2", "−1", "0", "1", "2", "3", "4"]),
        ([0, 54.71], False, ["0", "10", "20", "30", "40", "50"]),
        ([0, 0.01], False, ["0.000", "0.002", "0.004", "0.006", "0.008", "0.010"]),
        ([0.14, 78.06], True, ["0.1", "1", "10", "100"]),
        ([0, 1.6], False, ["0.00", "0.25", "0.50", "0.75", "1.00", "1.25", "1.50"]),
        ([2e-3, 2e5], True, ["0.01", "1", "100", "10000"]),
        ([0.3, 4.3], True, ["0.2", "0.5", "1", "2", "5"]),
        ([1e-5, 1e5], True, ["0.0001", "0.01", "1", "100", "10000"]),
    ],
)
def test_ticks_are_round(points: list[float], log: bool, expected: list[str]) -> None:
    axis = fit_axis(points, [], log=log, width=250, width_of=lambda label: width_of(label, 10.5))
    assert [label for _, label in axis.ticks] == expected


@pytest.mark.parametrize("low", [-9, -8, -7, -4, -3])
@pytest.mark.parametrize("high", [3, 4, 7, 8])
def test_one_is_a_tick_of_a_log_axis_of_any_length(low: int, high: int) -> None:
    axis = fit_axis([2 * 10.0**low, 10.0**high], [], log=True, width=250, width_of=lambda label: 6.5 * len(label))
    assert (1.0, "1") in axis.ticks


@given(st.text(max_size=80), st.floats(30, 300))
def test_a_fitted_text_is_no_wider_than_its_room(text: str, room: float) -> None:
    fitted = fit(text, room, 12)
    assert width_of(fitted, 12) <= room + 0.01
    assert fitted == shown(text).strip() or fitted.endswith("…")


@given(st.text(max_size=200), st.floats(30, 300))
def test_wrapping_loses_nothing_but_spaces(text: str, room: float) -> None:
    lines = wrap(text, room, 12)
    assert "".join("".join(lines).split()) == "".join(shown("".join(text.splitlines())).split())
    assert all(width_of(line, 12) <= room for line in lines)
    assert len(wrap(text, room, 12, most=2)) <= 2


def test_a_number_has_a_true_minus_and_no_negative_zero() -> None:
    assert [number(value, 1) for value in (-0.04, 0.0, -0.06, 12.0)] == ["0.0", "0.0", "−0.1", "12.0"]
