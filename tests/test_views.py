"""The network picture: same bytes for the same network, nothing on top of anything, nothing hostile."""

from __future__ import annotations

import json
import random
import re
import xml.etree.ElementTree as ElementTree
from functools import cache
from html.parser import HTMLParser
from itertools import combinations, pairwise

import pytest

from kg.network import Edge, EvidenceNote, Network, Node, TrialEvidence
from kg.views.layout import BOX, CHIP, Layout, Point, lay_out
from kg.views.network import draw_page, draw_svg
from kg.views.svg import STROKES, shown

SVG = "{http://www.w3.org/2000/svg}"
ALL_COLUMNS = (0, 1, 2, 3, 4)
Rectangle = tuple[float, float, float, float]
HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "a\u202eb\u200bc\u2066d",
    "]]>--><!-- &amp; &lt;",
    "{{data}} {{script}}",
    "nul\x00 bell\x07 \ud800 \ufffe",
    "line\u2028break\u2029",
    "",
    "  ",
    "W" * 400,
    "very " * 80,
    "脳性麻痺の細胞治療における作用機序",
]


def node(number: int, column: int, label: str = "") -> Node:
    iri = f"https://w3id.org/ctmo/{number:07d}"
    name = label or f"term {number}"
    return Node(iri, f"ctmo:{number:07d}", name, "mechanism", column, "", (f"alias {number}",))


def edge(number: int, subject: Node, obj: Node, **facts: object) -> Edge:
    iri = f"https://w3id.org/ctmo/assertion/{number:05d}"
    values = {
        "relation": "https://w3id.org/ctmo/increases",
        "relation_label": "increases",
        "status": "accepted",
        "level": 2,
        "level_label": "stated",
        "sign": 1,
        "statement": f"statement {number}",
    }
    return Edge(iri=iri, subject=subject.iri, object=obj.iri, **{**values, **facts})  # type: ignore[arg-type]  # free facts


def sample(seed: int, size: int = 50, degree: float = 1.6, columns: tuple[int, ...] = ALL_COLUMNS) -> Network:
    """Give a network of any shape: loops, parallel, backward and skipping edges, every status and level."""
    rng = random.Random(seed)
    nodes = [node(number, rng.choice(columns)) for number in range(size)]
    note = EvidenceNote(
        "Petriv 2020",
        "mechanisms",
        "supports",
        "review synthesis",
        "animal",
        "[40]",
        "https://doi.org/10.1/x",
    )
    statuses = ["accepted", "accepted", "hypothesised", "disputed", "contradicted", "odd"]
    edges = [
        edge(
            number,
            rng.choice(nodes),
            rng.choice(nodes),
            status=rng.choice(statuses),
            level=rng.randrange(6),
            sign=rng.choice([-1, 0, 1]),
            evidence=(note,),
        )
        for number in range(int(size * degree))
    ]
    trials = [
        TrialEvidence(each.iri, f"https://w3id.org/ctmo/study/{n}", f"Gu {2000 + n}", "RCT", "GMFM", finding)
        for each in rng.sample(nodes, size // 5)
        for n, finding in enumerate(["increase", "no difference", "planned"][: rng.randrange(1, 4)])
    ]
    return Network(tuple(nodes), tuple(edges), tuple(trials), "Sample", "SELECT * WHERE { ?s ?p ?o }")


NETWORKS = [sample(seed) for seed in range(8)] + [
    sample(20, size=3, degree=8),
    sample(21, size=60, columns=(3,)),
    sample(22, size=40, columns=(0, 4)),
    sample(23, size=40, columns=(-3, 1, 7, 9)),
    sample(24, size=90, degree=2.5),
]


placed = cache(lay_out)


def rectangles(layout: Layout) -> list[tuple[str, float, float, float, float]]:
    boxes = [(box.node.iri, box.x, box.y, box.x + BOX[0], box.y + BOX[1]) for box in layout.boxes]
    return boxes + [("chip", chip.x, chip.y, chip.x + CHIP[0], chip.y + CHIP[1]) for chip in layout.chips]


def enters(start: Point, end: Point, rectangle: Rectangle) -> bool:
    """Say whether a segment passes through the inside of a rectangle (Liang and Barsky)."""
    (x1, y1), (x2, y2), (left, top, right, bottom) = start, end, rectangle
    first, last = 0.0, 1.0
    for step, room in (
        (x1 - x2, x1 - left),
        (x2 - x1, right - x1),
        (y1 - y2, y1 - top),
        (y2 - y1, bottom - y1),
    ):
        if step == 0:
            if room <= 0:
                return False
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    return last - first > 1e-9


class Page(HTMLParser):
    """What a browser would see of a page: its elements, attributes and texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.data = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = dict(attrs).get("id") or tag

    def handle_data(self, data: str) -> None:
        if self._inside == "network":
            self.data += data
        elif self._inside not in {"style", "script"}:
            self.text += data


@pytest.mark.parametrize("network", NETWORKS[:2])
def test_order_of_the_input_makes_no_difference(network: Network) -> None:
    rng = random.Random(1)
    svg, page = draw_svg(network), draw_page(network)
    for _ in range(3):
        shuffled = Network(
            tuple(rng.sample(network.nodes, len(network.nodes))),
            tuple(rng.sample(network.edges, len(network.edges))),
            tuple(rng.sample(network.trials, len(network.trials))),
            network.title,
            network.query,
        )
        assert draw_svg(shuffled) == svg
        assert draw_page(shuffled) == page


@pytest.mark.parametrize("network", NETWORKS)
def test_no_two_boxes_or_chips_overlap(network: Network) -> None:
    layout = placed(network)
    for (_, *a), (_, *b) in combinations(rectangles(layout), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    for _, left, top, right, bottom in rectangles(layout):
        assert left >= 0
        assert top >= 70
        assert right <= layout.width
        assert bottom <= layout.height


@pytest.mark.parametrize("network", NETWORKS)
def test_no_line_runs_through_a_foreign_box(network: Network) -> None:
    layout = placed(network)
    for line in layout.lines:
        for iri, *rectangle in rectangles(layout):
            left, top, right, bottom = rectangle
            for start, end in pairwise(line.points):
                assert not enters(start, end, (left, top, right, bottom)), (line, iri)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_line_joins_the_borders_of_its_two_boxes(network: Network) -> None:
    layout = placed(network)
    place = {box.node.iri: box for box in layout.boxes}
    for line in layout.lines:
        for iri, (x, y) in ((line.edge.subject, line.points[0]), (line.edge.object, line.points[-1])):
            box = place[iri]
            assert x in {box.x, box.x + BOX[0]}
            assert box.y < y < box.y + BOX[1]


@pytest.mark.parametrize("network", NETWORKS)
def test_trial_evidence_never_stands_over_the_mechanism_half(network: Network) -> None:
    layout = placed(network)
    assert all(chip.x > layout.rule for chip in layout.chips)
    assert all(x < layout.rule for line in layout.lines for x, _ in line.points)


def test_parallel_assertions_do_not_lie_on_each_other() -> None:
    a, b = node(1, 0), node(2, 3)
    layout = lay_out(Network((a, b), (edge(1, a, b), edge(2, a, b))))
    assert len({line.points for line in layout.lines}) == 2


def test_a_bundle_never_joins_lines_that_look_different() -> None:
    a, b, c = node(1, 0), node(2, 3), node(3, 4)
    edges = (edge(1, a, b, level=5), edge(2, a, c, level=1, status="hypothesised"))
    first, second = (set(line.points) for line in lay_out(Network((a, b, c), edges)).lines)
    assert not first & second


def test_ordering_leaves_fewer_crossings_than_the_alphabet() -> None:
    left, right = (
        [node(n, 0, f"a{n:02}") for n in range(12)],
        [node(n + 50, 1, f"b{n:02}") for n in range(12)],
    )
    edges = tuple(edge(n, a, b) for n, (a, b) in enumerate(zip(left, reversed(right), strict=True)))
    lines = lay_out(Network((*left, *right), edges)).lines
    ends = sorted((line.points[0][1], line.points[-1][1]) for line in lines)
    assert [end for _, end in ends] == sorted(end for _, end in ends)


@pytest.mark.parametrize("network", NETWORKS)
def test_everything_is_in_the_svg_and_in_the_table(network: Network) -> None:
    root = ElementTree.fromstring(draw_svg(network))
    groups = {group.get("data-iri"): group for group in root.iter(f"{SVG}g") if group.get("data-iri")}
    rows = [attributes for tag, attributes in Page(draw_page(network)).elements if tag == "tr"]
    for each in network.nodes:
        assert groups[each.iri].get("tabindex") == "0"
        assert groups[each.iri].get("role") == "button"
        assert each.label in str(groups[each.iri].get("aria-label"))
        assert {"data-term": each.iri} in rows
    for line in network.edges:
        title = groups[line.iri].find(f"{SVG}title")
        assert title is not None
        assert line.statement in str(title.text)
        assert line.iri in {row.get("data-edge") for row in rows}
    assert sum("data-study" in row for row in rows) == len(set(network.trials))


def test_boxes_come_column_by_column_from_the_top() -> None:
    root = ElementTree.fromstring(draw_svg(NETWORKS[0]))
    boxes = [group for group in root.iter(f"{SVG}g") if group.get("class") == "node"]
    places = [
        (int(box.get("data-column", "")), float(rect.get("y", "")))
        for box in boxes
        if (rect := box.find(f"{SVG}rect")) is not None
    ]
    assert places == sorted(places)


def test_level_drives_width_and_never_colour() -> None:
    a, b = node(1, 0), node(2, 1)
    wires = []
    for level in range(6):
        root = ElementTree.fromstring(draw_svg(Network((a, b), (edge(1, a, b, level=level),))))
        wires += [path for path in root.iter(f"{SVG}path") if path.get("class") == "wire"]
    widths = [float(wire.get("stroke-width", "")) for wire in wires]
    assert widths == sorted(set(widths))
    assert {wire.get("stroke") for wire in wires} == {STROKES[0]}


@pytest.mark.parametrize("status", ["hypothesised", "disputed", "contradicted", "something new"])
def test_only_an_accepted_assertion_is_a_full_line(status: str) -> None:
    a, b = node(1, 0), node(2, 1)
    full, broken = (draw_svg(Network((a, b), (edge(1, a, b, status=each),))) for each in ("accepted", status))
    wire = re.compile('<path class="wire"[^>]*>')
    assert "dasharray" not in wire.findall(full)[0]
    assert "dasharray" in wire.findall(broken)[0]


@pytest.mark.parametrize("stroke", STROKES)
def test_strokes_keep_three_to_one_against_white(stroke: str) -> None:
    parts = [int(stroke[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    assert 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05) >= 3


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    a, b = Node(f"urn:x:{text}", text, text, text, 0, text, (text,)), Node("urn:b", text, text, text, 4, text)
    note = EvidenceNote(text, text, text, text, text, text, "javascript:alert(1)", text)
    line = Edge(f"urn:e:{text}", a.iri, text, text, b.iri, text, 9, text, 7, text, text, (note,))
    trial = TrialEvidence(b.iri, text, text, text, text, text, text)
    network = Network((a, b), (line,), (trial,), text, text)
    page = draw_page(network, footer=text)
    ElementTree.fromstring(draw_svg(network))
    page.encode()
    seen = Page(page)
    tags = [tag for tag, _ in seen.elements]
    assert tags.count("script") == 2
    assert "img" not in tags
    assert not any(name.startswith("on") for _, attributes in seen.elements for name in attributes)
    assert "javascript:" not in page
    data = json.loads(seen.data)
    assert data["nodes"][0]["label"] == shown(text or a.iri)
    raw = re.search('<script type="application/json"[^>]*>(.*?)</script>', page)
    assert raw is not None
    assert not re.search("[<>&\u2028\u2029\u202e]", raw[1])
    assert not re.search("[\u200b\u202e\u2066\u2028\x00-\x08\ufffe]", seen.text)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//x.org",
        "http:x",
        "https://a b",
        "ftp://x.org",
        "http://[",
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    a, b = node(1, 0), node(2, 1)
    note = EvidenceNote("Gu 2020", "", "supports", "", "", "", url)
    page = draw_page(Network((a, b), (edge(1, a, b, evidence=(note,)),)))
    addresses = [attributes["href"] for tag, attributes in Page(page).elements if tag == "a"]
    assert addresses == [a.iri, b.iri]  # those of the terms, none of the source


def test_a_page_asks_nothing_of_the_network() -> None:
    page = draw_page(NETWORKS[0], footer="built by mechtrail")
    seen = Page(page)
    assert not any("src" in attributes for _, attributes in seen.elements)
    assert not {"link", "iframe", "object", "embed", "base"} & {tag for tag, _ in seen.elements}
    for tag, attributes in seen.elements:
        if "href" in attributes:
            assert tag == "a"
            assert attributes["href"].startswith(("https://doi.org/10.1/x", "https://w3id.org/ctmo/"))
            assert "noopener" in attributes["rel"]
    policies = [a["content"] for _, a in seen.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies[0].startswith("default-src 'none'; ")
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(|@import|url\(|innerHTML|eval\(", page)
    assert "built by mechtrail" in seen.text


def test_words_of_a_source_are_there_only_when_given() -> None:
    a, b = node(1, 0), node(2, 1)
    notes = [
        EvidenceNote("Gu 2020", "results", "supports", "primary result", "clinical", "", words=words)
        for words in ("", "the words")
    ]
    without, with_words = (draw_page(Network((a, b), (edge(1, a, b, evidence=(note,)),))) for note in notes)
    assert "the words”" not in without
    assert "“the words”" in with_words
    assert "mechtrail verify --sources DIR" in without


def test_planned_studies_are_not_counted_as_measured() -> None:
    a = node(1, 4)
    trials = tuple(
        TrialEvidence(a.iri, f"urn:{n}", f"Gu {n}", "RCT", "GMFM", f)
        for n, f in enumerate(["planned", "increase", "increase"])
    )
    assert "2 studies measured this; 1 planned" in draw_svg(Network((a,), (), trials))
    assert ">1 planned<" in draw_svg(Network((a,), (), trials[:1]))


def test_an_empty_network_gives_a_page_that_says_so() -> None:
    ElementTree.fromstring(draw_svg(Network((), ())))
    seen = Page(draw_page(Network((), ())))
    assert "0 nodes, 0 assertions" in seen.text
    assert "This network is empty" in seen.text


def test_an_end_without_a_node_is_drawn_as_unplaced() -> None:
    a, b = node(1, 0), node(2, 1)
    trial = TrialEvidence("urn:lost", "urn:s", "Gu", "RCT", "x", "y")
    svg = draw_svg(Network((a,), (edge(1, a, b),), (trial,)))
    assert svg.count('data-column="5"') == 2
    assert "Unplaced" in svg


def test_a_large_network_is_drawn_with_a_message() -> None:
    page = draw_page(sample(30, size=400, degree=1.5))
    assert "400 terms are too many to read at once" in page
