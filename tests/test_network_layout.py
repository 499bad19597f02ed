"""The drawn network: does every look mean one thing, does every text fit, does no line cross what it need not?"""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from kg.build import Built
from kg.network import Edge, Network, Node, of_therapy, read_network
from kg.views.layout import BOX, CHIP, WIDTHS, Layout, Line, lay_out
from kg.views.lettering import width_of
from kg.views.network import draw_svg
from kg.views.svg import BEYOND, FILLS, LEVELS, QUIET, STROKES
from tests.networks import made_up

SVG = "{http://www.w3.org/2000/svg}"
SIZES = [made_up(30), made_up(60, degree=1.5), made_up(120)]


@pytest.fixture(scope="module")
def network(real: Built) -> Network:
    return of_therapy(read_network(real.store, title="Mechanisms"))


def term(iri: str, column: int, kind: str = "mechanism") -> Node:
    return Node(f"urn:{iri}", iri, iri, kind, column)


def step(subject: Node, target: Node, level: int = 2, status: str = "accepted", sign: int = 1) -> Edge:
    iri = f"urn:{subject.curie}-{target.curie}-{level}-{status}-{sign}"
    words = f"{subject.label} to {target.label}"
    return Edge(iri, subject.iri, "urn:r", "leads to", target.iri, status, level, LEVELS[level], sign, words)


def wire(*edges: Edge, nodes: tuple[Node, ...]) -> list[dict[str, str]]:
    root = ElementTree.fromstring(draw_svg(Network(nodes, edges)))
    return [dict(path.attrib) for path in root.iter(f"{SVG}path") if path.get("class") == "wire"]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def crossings(lines: tuple[Line, ...], first: int) -> int:
    """Count crossings between the lines of one gap: ends in one order on the left, in another on the right."""
    ends = []
    for line in lines:
        for (x1, y1), (x2, y2) in pairwise(line.points):
            if x1 != x2 and not line.arc and int(min(x1, x2) // (BOX[0] + 62)) == first and y1 != y2:
                ends.append((y1, y2) if x1 < x2 else (y2, y1))
    return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(ends, 2))


def alphabetical(network: Network) -> Layout:
    from unittest.mock import patch

    with patch("kg.views.layout._ordered", lambda columns, _: columns):
        return lay_out(network)


def test_ordering_removes_at_least_half_of_the_crossings() -> None:
    plain, ordered = (sum(crossings(layout.lines, gap) for gap in range(5)) for layout in (
        alphabetical(SIZES[1]), lay_out(SIZES[1])
    ))  # fmt: skip
    assert ordered < plain / 2


@pytest.mark.parametrize("made", SIZES, ids=lambda made: str(len(made.nodes)))
def test_no_label_is_wider_than_its_box(made: Network, network: Network) -> None:
    for drawn in (made, network):
        root = ElementTree.fromstring(draw_svg(drawn))
        for group in root.iter(f"{SVG}g"):
            room = {"node": BOX[0], "chip": CHIP[0] - 10}.get(group.get("class", ""), 0)
            for text in group.iter(f"{SVG}text") if room else ():
                size = float(text.get("font-size") or group.get("font-size") or 13)
                assert width_of(text.text or "", size, bold=text.get("font-weight") == "bold") <= room


def test_the_lines_of_a_label_stay_inside_the_height_of_its_box(network: Network) -> None:
    root = ElementTree.fromstring(draw_svg(network))
    for group in root.iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        if group.get("class") in ("node", "chip") and rect is not None:
            top, height = float(rect.get("y", "")), float(rect.get("height", ""))
            for text in group.iter(f"{SVG}text"):
                assert top + 6 < float(text.get("y", "")) < top + height - 1


def test_each_of_the_seven_levels_has_its_own_width() -> None:
    a, b = term("a", 0), term("b", 1)
    widths = [float(wire(step(a, b, level), nodes=(a, b))[0]["stroke-width"]) for level in range(len(LEVELS))]
    assert widths == sorted(set(widths)) == list(WIDTHS)


def test_a_line_past_every_mechanism_is_grey_and_no_step_of_a_mechanism_is() -> None:
    a, b, c, d = term("a", 0), term("b", 1), term("c", 3), term("d", 4)
    edges = (step(a, d, 5), step(a, b), step(b, c), step(c, d))
    drawn = dict(
        zip(("a-d", "a-b", "b-c", "c-d"), (wire(each, nodes=(a, b, c, d))[0]["stroke"] for each in edges), strict=True)
    )
    assert drawn == {"a-d": BEYOND, "a-b": STROKES[0], "b-c": STROKES[1], "c-d": STROKES[3]}
    svg = draw_svg(Network((a, d), (edges[0],)))
    assert "it says nothing on how" in svg
    assert 'stroke="' + BEYOND in svg


@pytest.mark.parametrize(
    ("sign", "status", "dashed", "head"),
    [
        (1, "accepted", False, "Z"),
        (-1, "accepted", False, "V"),
        (0, "accepted", False, "L"),
        (1, "contradicted", True, "×"),
        (1, "disputed", True, "?"),
        (1, "hypothesised", True, "Z"),
    ],
)
def test_the_sign_is_seen_without_colour(sign: int, status: str, dashed: bool, head: str) -> None:
    a, b = term("a", 0), term("b", 1)
    svg = draw_svg(Network((a, b), (step(a, b, 2, status, sign),)))
    group = re.search(r'<g class="edge".*?</g>', svg, re.DOTALL)
    assert group is not None
    assert ("dasharray" in group[0]) is dashed
    assert head in group[0].partition('class="wire"')[2]


@pytest.mark.parametrize("stroke", [*STROKES, BEYOND, QUIET])
def test_strokes_have_three_to_one_against_paper_and_tints_carry_text(stroke: str) -> None:
    assert contrast(stroke, "#ffffff") >= 3
    assert all(contrast("#1d2329", fill) >= 7 for fill in FILLS)


def test_terms_that_only_hypotheses_touch_are_marked_with_them() -> None:
    a, b, c = term("a", 0), term("b", 1), term("c", 3)
    svg = draw_svg(Network((a, b, c), (step(a, b), step(b, c, 1, "hypothesised"))))
    marked = re.findall(r'<g class="(\w+)" data-iri="([^"]*)"[^>]*data-hypothesis', svg)
    assert [kind for kind, _ in marked] == ["edge", "node"]
    assert marked[1][1] == c.iri


def test_the_last_column_is_called_tissue_when_it_holds_nothing_else(network: Network) -> None:
    assert ">Tissue<" in draw_svg(network)
    assert ">Unplaced<" in draw_svg(Network((term("x", 9, "odd"),), ()))


def test_the_picture_of_the_graph_cuts_almost_no_label(network: Network) -> None:
    labels = re.findall(r'<g class="node".*?</g>', draw_svg(network), re.DOTALL)
    assert sum("…" in label.partition("<rect")[2] for label in labels) <= 2
