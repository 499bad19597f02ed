"""The picture of the gap map: a number in each bubble, and each kind of empty told from the others."""

from __future__ import annotations

import pytest

from kg.pictures import read_figure
from kg.store import LocalStore
from kg.views.figure import draw_figure
from kg.views.gap_map import draw_gap_map
from tests.pictures import HOSTILE, SVG, overlapping, parse

DESIGNS = ("randomized trial", "case series")
STANDINGS = {
    "empty: looked for, none found": "0",
    "empty: not looked for": "?",
    "empty: out of scope": "×",
    "empty: a study is known that the graph lacks": "+",
}


def place(
    domain: str, product: str, design: str, studies: int = 0, standing: str = "", planned: int = 0
) -> dict[str, str]:
    counts = dict.fromkeys(("no_difference", "lower", "not_classified", "without_comparison"), "0")
    named = {"domain": domain, "product": product, "design": design}
    return {
        **named,
        **{f"{axis}_label": label for axis, label in named.items()},
        **counts,
        "higher": str(studies),
        "studies": str(studies),
        "planned": str(planned),
        "standing": standing or ("studies" if studies else "empty: not looked for"),
        "basis": "searched on a day",
    }


def study(row: dict[str, str], name: str, standing: str = "measured") -> dict[str, str]:
    return {**row, "study": name, "study_label": name, "standing": standing}


def cells(svg: str) -> dict[str, list[str]]:
    """Give title -> words of each place."""
    found = {}
    for group in parse(svg).iter(f"{SVG}g"):
        title = group.find(f"{SVG}title")
        if group.get("class") == "cell" and title is not None:
            found[title.text or ""] = ["".join(text.itertext()) for text in group.iter(f"{SVG}text")]
    return found


@pytest.mark.parametrize(("standing", "sign"), STANDINGS.items())
def test_each_kind_of_empty_has_its_sign_and_the_legend_names_it(standing: str, sign: str) -> None:
    rows = [place("motor function", "MSC", design, standing=standing) for design in DESIGNS]
    svg = draw_figure(draw_gap_map(rows, []))
    title, words = next(iter(cells(svg).items()))
    assert words == [sign]
    assert standing in title
    legend = [key for key in parse(svg).iter(f"{SVG}g") if key.get("class") == "key"]
    assert any(sign in ["".join(text.itertext()) for text in key.iter(f"{SVG}text")] for key in legend)


def test_a_bubble_holds_the_number_and_its_title_the_studies_and_findings() -> None:
    row = place("motor function", "MSC", "randomized trial", 2)
    svg = draw_figure(draw_gap_map([row], [study(row, "Gu 2020"), study(row, "Min 2013")]))
    (title,) = [title for title in cells(svg) if title.startswith("MSC, motor function, randomized trial")]
    assert cells(svg)[title] == ["2"]
    assert "2 measured it (Gu 2020, Min 2013); findings: 2 higher" in title


def test_the_area_of_a_bubble_is_its_number_of_studies() -> None:
    rows = [place("a", "MSC", "randomized trial", 2), place("b", "MSC", "randomized trial", 8)]
    radii = [
        float(circle.get("r", ""))
        for group in parse(draw_figure(draw_gap_map(rows, []))).iter(f"{SVG}g")
        if group.get("class") == "cell"
        for circle in group.iter(f"{SVG}circle")
    ]
    assert radii[1] == pytest.approx(2 * radii[0], abs=0.05)


def test_a_plan_is_no_filled_bubble() -> None:
    row = place("a", "MSC", "randomized trial", standing="empty: planned, no results", planned=3)
    svg = draw_figure(draw_gap_map([row], [study(row, "NCT1", "planned")]))
    (group,) = [g for g in parse(svg).iter(f"{SVG}g") if g.get("class") == "cell"]
    (circle,) = group.iter(f"{SVG}circle")
    assert (circle.get("fill"), bool(circle.get("stroke-dasharray"))) == ("#ffffff", True)
    assert "n = 0 studies with results and 1 with plans only" in svg


def test_designs_are_told_apart_by_place_and_shape_and_not_by_colour_alone(real_store: LocalStore) -> None:
    figure = read_figure(real_store, "gap-map")
    marks = [key.mark for key in figure.legend[:4]]
    shapes = ["circle" if "<circle" in mark else mark.count("L") for mark in marks]
    assert len(set(shapes)) >= 3
    assert [key.words.rpartition(" (")[2] for key in figure.legend[:4]] == [
        *("upper left)", "upper right)", "lower left)", "lower right)")
    ]


def test_the_picture_counts_what_the_graph_holds(real_store: LocalStore) -> None:
    figure = read_figure(real_store, "gap-map")
    filled = [row for row in figure.rows if int(row[4])]
    assert f"{len(filled)} of {len(figure.rows)} places filled" in figure.caption.counted
    assert all(len(row[5].split(", ")) >= int(row[4]) for row in filled)  # a label may hold a comma
    assert all(row[3].startswith("empty: ") for row in figure.rows if not int(row[4]))


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_cannot_inject_markup(label: str) -> None:
    row = place(label, label, label, 1)
    svg = draw_figure(draw_gap_map([row], [study(row, label)]))
    assert {element.tag for element in parse(svg).iter()} <= {
        SVG + name for name in ("svg", "title", "desc", "rect", "g", "circle", "text", "path")
    }
    assert overlapping(svg) == []
