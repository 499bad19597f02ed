"""UpSet of factors: only accepted assertions count, nothing is handed down to a kind of cell, names stay whole."""

from __future__ import annotations

import pytest

from kg.pictures import read_figure
from kg.store import LocalStore
from kg.views.figure import draw_figure
from kg.views.upset import draw_upset
from tests.pictures import HOSTILE, SVG, outside, overlapping, parse, texts
from tests.test_gap_map_picture import cells


def stated(cell: str, factor: str, status: str = "accepted", basis: str = "asserted") -> dict[str, str]:
    names = {"cell": cell, "cell_label": cell, "factor": factor, "factor_label": factor}
    return {
        **names,
        "basis": basis,
        "status": status,
        "statement": f"{cell} and {factor}",
        "source_label": "Petriv 2020",
    }


ROWS = [
    *(stated("MSC", factor) for factor in ("BDNF", "VEGF", "G-CSF")),
    *(stated("NSC", factor) for factor in ("BDNF", "VEGF")),
    stated("UCB", "VEGF"),
    stated("UCB", "GDNF", "hypothesised"),
    stated("UCB", "NGF", "contradicted"),
]


def test_columns_are_the_exact_sets_and_bars_their_numbers() -> None:
    found = cells(draw_figure(draw_upset(ROWS)))
    assert found["MSC and NSC: BDNF"][0] == "1"
    assert found["MSC and NSC and UCB: VEGF"][0] == "1"
    assert found["MSC: G-CSF"][0] == "1"
    assert found["MSC: 3 factors"] == ["MSC", "3"]
    assert found["UCB: 1 factors"] == ["UCB", "1"]


def test_bars_are_as_high_as_their_numbers() -> None:
    rows = [*(stated("MSC", f"factor {n}") for n in range(4)), *(stated("NSC", f"other {n}") for n in range(2))]
    root = parse(draw_figure(draw_upset(rows)))
    heights = [
        float(bar.get("height", ""))
        for group in root.iter(f"{SVG}g")
        if group.get("class") == "cell" and ": factor" in (group.findtext(f"{SVG}title") or "") + ": factor"
        for bar in group.iter(f"{SVG}rect")
        if bar.get("width") == "18"
    ]
    assert heights[0] == pytest.approx(2 * heights[1])


def test_what_is_not_accepted_stands_apart_and_is_not_counted() -> None:
    figure = draw_upset(ROWS)
    words = " ".join(each.text for each in texts(draw_figure(figure)))
    assert "Not counted: UCB – GDNF (hypothesised); UCB – NGF (contradicted)" in words
    assert "3 factors of 3 cell sources in 6 statements; 2 that are hypothesised" in figure.caption.counted


def test_what_is_stated_of_a_wider_type_is_not_handed_down() -> None:
    figure = draw_upset([stated("stem cell", "BDNF"), stated("MSC", "BDNF", basis="inferred through subclass")])
    assert "1 factors of 1 cell sources in 1 statements" in figure.caption.counted


def test_a_factor_stated_twice_counts_once() -> None:
    assert "1 factors of 1 cell sources in 2 statements" in draw_upset([ROWS[0], ROWS[0]]).caption.counted


def test_only_hypotheses_draw_no_column() -> None:
    svg = draw_figure(draw_upset([stated("UCB", "GDNF", "hypothesised")]))
    assert "No accepted assertion names a factor that a cell secretes." in svg
    assert "Not counted: UCB – GDNF (hypothesised)" in svg
    assert overlapping(svg) == []


def test_many_cells_and_factors_stay_tidy() -> None:
    rows = [stated(f"cell source number {c}", f"factor {f}") for c in range(12) for f in range(c, c + 9)]
    svg = draw_figure(draw_upset(rows))
    assert overlapping(svg) == []
    assert outside(svg) == []


def test_the_picture_of_the_graph_keeps_the_subject_that_the_sentence_has(real_store: LocalStore) -> None:
    rows = read_figure(real_store, "upset").rows
    assert ("stem cell", "brain-derived neurotrophic factor") in {row[:2] for row in rows}
    assert ("mesenchymal stem cell", "brain-derived neurotrophic factor") not in {row[:2] for row in rows}


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_cannot_inject_markup(label: str) -> None:
    svg = draw_figure(draw_upset([stated(label, label), stated(label + "2", label, status=label)]))
    assert not [element.tag for element in parse(svg).iter() if element.tag.endswith(("script", "image"))]
    assert overlapping(svg) == []
