"""Forest plots that several tests draw, and what they read from the SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from itertools import combinations

from kg.views.forest import ForestPlot, ForestRow, draw_forest
from kg.views.lettering import width_of

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
