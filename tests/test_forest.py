"""The forest plot: each mark stands where its number is, and the picture says what it does not pool."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.views.forest import LARGEST, ForestRow
from tests.forest_plots import GU, PLOT, POOLED, SVG, boxes, numbers, of_class, parsed, place_of, row, some, texts


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
