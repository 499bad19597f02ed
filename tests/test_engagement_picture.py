"""The engagement matrix: a mark only where a marker was measured, plans and claims apart, silence is not a finding."""

from __future__ import annotations

import pytest

from kg.pictures import read_figure
from kg.store import LocalStore
from kg.views.engagement import draw_engagement
from kg.views.figure import draw_figure
from tests.pictures import HOSTILE, overlapping, parse
from tests.test_gap_map_picture import cells

RANKS = {
    "measured in participants": "1",
    "measured in animals": "2",
    "planned in a registered trial": "3",
    "claimed of animals": "5",
    "stated only": "7",
}


def engaged(mechanism: str, engagement: str, study: str = "", marker: str = "IL-8", **more: str) -> dict[str, str]:
    blank = {"direction": "increase", "time": "", "compared_with": "", "status": "read", "source_label": "abstract"}
    names = {"mechanism": mechanism, "mechanism_label": mechanism, "study": study, "study_label": study}
    kind = {"rank": f"{RANKS[engagement]} {engagement}", "engagement": engagement, "marker_label": marker}
    return {**blank, **names, **kind, **more}


def test_measured_planned_and_claimed_are_three_marks() -> None:
    rows = [
        engaged("homing", "measured in participants", "Gu 2020"),
        engaged("homing", "planned in a registered trial", "NCT1", direction="planned"),
        engaged("homing", "stated only", direction="supports", status="accepted"),
    ]
    found = cells(draw_figure(draw_engagement(rows)))
    assert found["homing, Gu 2020: IL-8: increase; time: not reported; compared with: not reported"] == []
    assert found["homing, NCT1: planned: IL-8"] == ["1"]
    assert found["homing, stated only: IL-8 (abstract)"] == ["1"]


def test_several_markers_of_one_direction_are_one_mark_with_their_number() -> None:
    rows = [engaged("homing", "measured in participants", "Kang 2015", marker) for marker in ("IL-8", "PTX3", "TLR4")]
    (words,) = cells(draw_figure(draw_engagement(rows))).values()
    assert words == ["3"]


def test_no_difference_and_not_detected_are_drawn_unlike_silence_and_unlike_each_other() -> None:
    def drawn(direction: str) -> list[str]:
        svg = draw_figure(draw_engagement([engaged("homing", "measured in participants", "A", direction=direction)]))
        (cell,) = [group for group in parse(svg).iter() if group.get("class") == "cell"]
        return [f"{child.tag}{sorted(child.attrib.items())}" for child in cell if not child.tag.endswith("title")]

    every = [drawn(direction) for direction in ("increase", "decrease", "no difference", "not detected", "detected")]
    assert all(every)
    assert len({str(each) for each in every}) == 5


def test_a_claim_that_is_disputed_is_not_counted_as_one_that_supports() -> None:
    rows = [
        engaged("homing", "stated only", direction="supports", status="accepted"),
        engaged("homing", "stated only", marker="not so", direction="disputes", status="contradicted"),
    ]
    ((title, words),) = cells(draw_figure(draw_engagement(rows))).items()
    assert words == ["1 −1"]
    assert "not so [disputes, contradicted]" in title


def test_measured_mechanisms_stand_above_those_that_are_only_claimed(real_store: LocalStore) -> None:
    figure = read_figure(real_store, "matrix")
    standings = [row[2] for row in figure.rows]
    last = max(place for place, standing in enumerate(standings) if standing == "measured in participants")
    only_claimed = {row[0] for row in figure.rows} - {row[0] for row in figure.rows[: last + 1]}
    assert only_claimed
    assert all(row[2] != "measured in participants" for row in figure.rows if row[0] in only_claimed)


def test_a_study_that_measured_outcomes_only_has_no_column(real_store: LocalStore) -> None:
    figure = read_figure(real_store, "matrix")
    studies = {row[1] for row in figure.rows}
    assert "Gu 2020" in studies
    assert "Huang 2018" not in studies  # its results are outcomes
    assert "Trials that measured outcomes and no mechanism have no column." in figure.caption.says


def test_the_caption_counts_readouts_of_participants_only(real_store: LocalStore) -> None:
    figure = read_figure(real_store, "matrix")
    measured = [row for row in figure.rows if row[2] == "measured in participants"]
    assert f"with {len(measured)} readouts in participants of {len({row[1] for row in measured})} studies" in (
        figure.caption.counted
    )


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_cannot_inject_markup(label: str) -> None:
    svg = draw_figure(draw_engagement([engaged(label, "measured in participants", label, label, compared_with=label)]))
    assert not [element.tag for element in parse(svg).iter() if element.tag.endswith(("script", "image"))]
    assert overlapping(svg) == []
