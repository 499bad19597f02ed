"""The timeline: a date is as long as it is vague, a plan is no fact, and what is unpublished is marked."""

from __future__ import annotations

from datetime import date

import pytest

from kg.pictures import read_figure
from kg.store import LocalStore
from kg.views.dates import Span, span_of
from kg.views.figure import draw_figure
from kg.views.timeline import draw_timeline
from tests.pictures import HOSTILE, SVG, outside, overlapping, parse, texts

DASHED = "stroke-dasharray"


def lasting(study: str, **more: str) -> dict[str, str]:
    row = dict.fromkeys(
        ("design_label", "registry_id", "status", "first_posted", "start", "primary_completion", "completion"), ""
    )
    row |= dict.fromkeys(("as_of", "participants", "published", "registration"), "")
    row |= {"study": study, "study_label": study, "standing": "published, results here"}
    return {**row, **more}


def bars(row: dict[str, str]) -> list[tuple[float, str, bool]]:
    """Give width, fill and whether it is dashed of each bar of the one study."""
    svg = draw_figure(draw_timeline([row, lasting("Frame", published="2000, 2009")]))
    (group,) = [
        group
        for group in parse(svg).iter(f"{SVG}g")
        if group.get("class") == "cell" and not (group.findtext(f"{SVG}title") or "").startswith("Frame")
    ]
    return [
        (float(bar.get("width", "")), bar.get("fill", ""), DASHED in bar.attrib) for bar in group.iter(f"{SVG}rect")
    ]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2013", date(2013, 1, 1), date(2013, 12, 31)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2013-10-05", date(2013, 10, 5), date(2013, 10, 5)),
        ("December 2006", date(2006, 12, 1), date(2006, 12, 31)),
        ("May 3, 2010", date(2010, 5, 3), date(2010, 5, 3)),
    ],
)
def test_a_date_is_all_the_days_that_it_may_be(text: str, first: date, last: date) -> None:
    assert span_of(text) == Span(first, last)


@pytest.mark.parametrize("text", ["", "soon", "2013-13", "2013-02-30", "13-10-2005", "Brumaire 1799", "0000"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert span_of(text) is None


def test_a_year_is_a_bar_and_not_a_point() -> None:
    (month,) = bars(lasting("A", start="2004-05"))
    (year,) = bars(lasting("A", start="2004"))
    (paper,) = bars(lasting("A", published="2004"))
    assert year[0] == pytest.approx(12 * month[0], rel=0.05)
    assert paper[0] == pytest.approx(year[0] - 2, abs=0.5)


def test_a_vague_end_is_drawn_in_another_tint_than_what_is_certain() -> None:
    vague, certain = bars(lasting("A", start="2002", completion="2005", as_of="2008-01-01", status="completed"))
    assert vague[1] != certain[1]
    assert vague[0] == pytest.approx(2 * certain[0], rel=0.02)  # 2002 to 2005, of which 2003 and 2004 are certain


def test_what_lay_ahead_when_the_record_was_read_is_dashed() -> None:
    found = bars(lasting("A", start="2002-01-01", completion="2006-01-01", as_of="2004-01-01", status="recruiting"))
    dashed = [width for width, _, is_dashed in found if is_dashed]
    solid = [width for width, _, is_dashed in found if not is_dashed]
    assert len(dashed) == 1
    assert dashed[0] == pytest.approx(max(solid), rel=0.01)


def test_an_end_that_the_registry_does_not_confirm_is_not_filled() -> None:
    dates = {"start": "2002-01-01", "completion": "2004-01-01", "as_of": "2008-01-01"}
    confirmed, open_ended = (
        bars(lasting("A", **dates, status="completed")),
        bars(lasting("A", **dates, status="unknown")),
    )
    assert confirmed[-1][1] != "#ffffff"
    assert open_ended[-1][1] == "#ffffff"


def test_a_registered_study_without_results_is_marked_in_words_and_weight() -> None:
    rows = [lasting("A", registry_id="NCT1", standing="registered, no results known"), lasting("B", published="2001")]
    root = parse(draw_figure(draw_timeline(rows)))
    bold = [text.text for text in root.iter(f"{SVG}text") if text.get("font-weight") == "bold"]
    assert {"A", "registered, no results known"} <= set(bold)
    assert "B" not in bold


def test_papers_of_other_studies_on_the_same_registration_are_not_called_silence(real_store: LocalStore) -> None:
    figure = read_figure(real_store, "timeline")
    standing = {row[0]: row[-1] for row in figure.rows}
    assert standing["NCT03795974 (Tehran)"] == "published under other studies of the same registration"
    assert standing["NCT04314687 (Jakarta)"] == "registered, no results known"
    silent = sum(each == "registered, no results known" for each in standing.values())
    assert f"{silent} of these with no results known" in figure.caption.counted


def test_neither_animals_nor_meta_analyses_are_studies_in_people(real_store: LocalStore) -> None:
    rows = read_figure(real_store, "timeline").rows
    assert not [row[0] for row in rows if "rabbit" in row[0] or "mouse" in row[0] or "meta" in row[1]]


def test_registrations_of_one_study_are_one_line_with_the_dates_of_the_fuller_record() -> None:
    rows = [lasting("A", registry_id="IRCT1"), lasting("A", registry_id="NCT1", start="2003-04")]
    figure = draw_timeline(rows)
    assert [row[2] for row in figure.rows] == ["IRCT1, NCT1"]
    assert [row[5] for row in figure.rows] == ["2003-04"]


def test_posting_after_the_start_is_counted_only_where_the_dates_leave_no_doubt() -> None:
    rows = [
        lasting("late", first_posted="2004-05-06", start="2003"),
        lasting("same year", first_posted="2003-06-01", start="2003"),
        lasting("before", first_posted="2002", start="2003"),
    ]
    assert "1 of 3 studies with both dates were first posted after they had begun" in draw_timeline(rows).caption.says


def test_a_study_without_a_date_has_a_line_that_says_so() -> None:
    words = [each.text for each in texts(draw_figure(draw_timeline([lasting("A")])))]
    assert "no date in the graph" in words


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_cannot_inject_markup(label: str) -> None:
    svg = draw_figure(draw_timeline([lasting(label, standing=label, status=label, start=label, registry_id=label)]))
    assert not [element.tag for element in parse(svg).iter() if element.tag.endswith(("script", "image"))]
    assert overlapping(svg) == []
    assert outside(svg) == []
