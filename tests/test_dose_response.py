"""Dose against finding: bases, units, routes, given and planned are told apart, and nothing is fitted through them."""

from __future__ import annotations

import re

import pytest

from kg.pictures import read_figure
from kg.store import LocalStore
from kg.views.dose_response import draw_dose_response
from kg.views.figure import draw_figure
from tests.pictures import HOSTILE, SVG, outside, overlapping, parse, texts
from tests.test_gap_map_picture import cells

SILENT = "not reported in this record"


def dosed(study: str, **more: str) -> dict[str, str]:
    row = {
        **{"study": study, "study_label": study, "arm": f"{study}#cells", "arm_label": "cells", "cells_label": "MSC"},
        **{"route_label": "intravenous administration", "value": "1000000", "low": "", "high": "", "operator": ""},
        **{"unit": "cells", "basis": "per kg", "standing": "given dose", "times": "", "ambiguous": ""},
        **{"dose_status": "read", "outcome_label": "gross motor function", "instrument_label": "GMFM", "month": "6"},
        **{"finding": "higher", "held_against": "control arm", "comparator": "", "finding_status": "read"},
        **{"source_label": "abstract", "record": f"{study}#1"},
    }
    return {**row, **more}


def picture(*rows: dict[str, str]) -> str:
    return draw_figure(draw_dose_response(rows, outcome="gross motor function"))


def mark_of(svg: str, study: str) -> list[str]:
    """Give the shapes of one study as tag and attributes."""
    (group,) = [
        group
        for group in parse(svg).iter(f"{SVG}g")
        if group.get("class") == "cell" and (group.findtext(f"{SVG}title") or "").startswith(study)
    ]
    return [
        f"{child.tag.removeprefix(SVG)} {sorted(child.attrib.items())}"
        for child in group
        if child.tag not in (f"{SVG}title", f"{SVG}text")
    ]


def panels(svg: str) -> list[str]:
    return [words.text for words in texts(svg) if words.text.startswith("Doses ")]


def test_doses_of_another_basis_stand_in_a_panel_of_their_own() -> None:
    bases = ("per kg", "per infusion", "per patient", SILENT)
    svg = picture(*(dosed(f"Study {basis}", basis=basis) for basis in bases))
    assert panels(svg) == [
        *("Doses per kg", "Doses per infusion", "Doses per patient"),
        "Doses whose basis is not reported: per kg, per infusion or in total",
    ]
    axes = [words.text for words in texts(svg) if words.text.endswith("log scale")]
    assert axes == [f"cells {basis}, log scale" for basis in bases[:3]] + ["cells, log scale"]


@pytest.mark.parametrize(
    "change",
    [
        {"route_label": "intrathecal administration"},
        {"unit": "total nucleated cells"},
        {"standing": "planned dose"},
        {"standing": SILENT},
        {"held_against": "no control arm"},
        {"held_against": "other treated arm"},
        {"operator": ">="},
        {"value": "", "low": "500000", "high": "2000000"},
    ],
    ids=str,
)
def test_what_differs_is_drawn_differently(change: dict[str, str]) -> None:
    # two plain ones first, so that the common route and unit keep their marks
    rows = [dosed("A"), dosed("B"), dosed("C", **change)]
    svg = picture(*rows)
    plain, other = mark_of(svg, "A"), mark_of(svg, "C")
    assert [each.split(" ")[0] for each in plain] == [each.split(" ")[0] for each in mark_of(svg, "B")]
    assert _look(plain) != _look(other)


def _look(marks: list[str]) -> list[str]:
    return [re.sub(r"\('(?:cx|cy)', '[^']*'\)", "", each) for each in marks]


def test_planned_doses_say_so_in_words_too() -> None:
    words = [each.text for each in texts(picture(dosed("A", standing="planned dose"), dosed("B", standing=SILENT)))]
    assert "A, month 6, planned" in words
    assert "B, month 6, dose given or planned?" in words


def test_comparisons_of_one_arm_with_one_finding_are_one_mark_that_names_the_months() -> None:
    svg = picture(dosed("A"), dosed("A", month="12", record="A#2"), dosed("A", month="1", finding="no difference"))
    words = [each.text for each in texts(svg)]
    assert "A, month 6, 12" in words
    assert "A, month 1" in words
    assert "n = 1 studies, 1 arms, 3 comparisons" in " ".join(words)


def test_a_finding_of_nothing_lower_leaves_its_band_empty_but_there() -> None:
    words = [each.text for each in texts(picture(dosed("A")))]
    assert {"higher", "no difference", "lower"} <= set(words)


def test_a_dose_without_a_number_is_named_and_not_drawn() -> None:
    svg = picture(dosed("A"), dosed("B", value=""), dosed("C", value="0"))
    assert not [title for title in cells(svg) if title.startswith(("B", "C"))]
    assert "no number of cells: B, C." in " ".join(" ".join(each.text for each in texts(svg)).split())


def test_no_line_runs_from_one_study_to_another(real_store: LocalStore) -> None:
    figure = read_figure(real_store, "dose-response")
    svg = draw_figure(figure)
    marks = next(group for group in parse(svg).iter(f"{SVG}g") if group.get("class") == "marks")
    between = [path.get("d", "") for path in marks.findall(f"{SVG}path")]  # those that belong to no study
    assert between
    assert not [d for d in between if re.search(r"[HLCQhlcq]", d)]  # decades, which run from top to bottom
    assert "No line is drawn" in figure.caption.says


def test_marks_of_crowded_doses_do_not_cover_each_other() -> None:
    svg = picture(*(dosed(f"Study {place}", value=str(10**6 + place)) for place in range(25)))
    assert overlapping(svg) == []
    assert outside(svg) == []


def test_an_outcome_without_doses_says_so() -> None:
    svg = draw_figure(draw_dose_response([], outcome="vision"))
    assert "No study of the graph has a dose and a finding on vision." in svg


def test_no_animal_is_among_the_studies(real_store: LocalStore) -> None:
    assert not [row for row in read_figure(real_store, "dose-response").rows if "rabbit" in row[0] or "mouse" in row[0]]


def test_findings_against_a_control_arm_are_told_from_before_and_after(real_store: LocalStore) -> None:
    figure = read_figure(real_store, "dose-response")
    against = {(row[0], row[17]) for row in figure.rows}
    assert ("Gu 2020", "control arm") in against
    assert ("Wang 2015", "no control arm") in against


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_cannot_inject_markup(label: str) -> None:
    svg = picture(dosed(label, arm_label=label, route_label=label, unit=label, basis=label, finding=label))
    assert not [element.tag for element in parse(svg).iter() if element.tag.endswith(("script", "image"))]
    assert overlapping(svg) == []
