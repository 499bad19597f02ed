"""What the tests of pictures share: where the words of an SVG stand, which overlap; labels that try to break out."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from kg.views.lettering import width_of

SVG = "{http://www.w3.org/2000/svg}"
#: Labels from a file that nobody checked.
HOSTILE = (
    '</text><script>alert("x")</script>',
    '" onload="alert(1)',
    "]]><!-- & --> {{svg}} {{title}}",
    "\u202egnp.exe \x00 \ud800",
    "<image href='https://example.org/x.png'/>",
)
Point = tuple[float, float]


@dataclass(frozen=True)
class Words:
    """A text element as a box with its four corners."""

    text: str
    corners: tuple[Point, Point, Point, Point]


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def texts(svg: str) -> list[Words]:
    """Give every text element with the room it takes; in most fonts it takes less."""
    return list(_walk(parse(svg), (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)))


def overlapping(svg: str) -> list[tuple[str, str]]:
    """Give the pairs of texts whose boxes share room."""
    return [(a.text, b.text) for a, b in combinations(texts(svg), 2) if _meet(a.corners, b.corners)]


def outside(svg: str) -> list[str]:
    """Give the texts that leave the paper."""
    root = parse(svg)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    return [
        each.text
        for each in texts(svg)
        if not all(-0.5 <= x <= width + 0.5 and -0.5 <= y <= height + 0.5 for x, y in each.corners)
    ]


Matrix = tuple[float, float, float, float, float, float]


def _times(m: Matrix, n: Matrix) -> Matrix:
    a, b, c, d, e, f = m
    g, h, i, j, k, l = n  # noqa: E741 - the names of a matrix
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f


def _transform(words: str) -> Matrix:
    matrix: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    for name, arguments in re.findall(r"(\w+)\(([^)]*)\)", words):
        numbers = [float(each) for each in re.split(r"[ ,]+", arguments.strip())]
        if name == "translate":
            step: Matrix = (1.0, 0.0, 0.0, 1.0, numbers[0], [*numbers, 0.0][1])
        else:
            assert name == "rotate", name
            angle = math.radians(numbers[0])
            x, y = [*numbers, 0.0, 0.0][1:3]
            turn: Matrix = (math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), 0.0, 0.0)
            step = _times(_times((1.0, 0.0, 0.0, 1.0, x, y), turn), (1.0, 0.0, 0.0, 1.0, -x, -y))
        matrix = _times(matrix, step)
    return matrix


def _walk(element: ET.Element, above: Matrix) -> Iterator[Words]:
    matrix = _times(above, _transform(element.attrib.get("transform", "")))
    if element.tag == SVG + "text":
        text = "".join(element.itertext())
        size = float(element.attrib["font-size"])
        width = width_of(text, size, bold=element.attrib.get("font-weight") == "bold")
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        x -= {"middle": width / 2, "end": width}.get(element.attrib.get("text-anchor", ""), 0.0)
        a, b, c, d, e, f = matrix
        box = ((x, y - 0.74 * size), (x + width, y - 0.74 * size), (x + width, y + 0.2 * size), (x, y + 0.2 * size))
        one, two, three, four = ((a * u + c * v + e, b * u + d * v + f) for u, v in box)
        yield Words(text, (one, two, three, four))
    for child in element:
        yield from _walk(child, matrix)


def _meet(one: tuple[Point, ...], two: tuple[Point, ...]) -> bool:
    """Say whether two boxes share room: no side of either parts them."""
    for corners in (one, two):
        for (x1, y1), (x2, y2) in ((corners[0], corners[1]), (corners[1], corners[2])):
            normal = (y1 - y2, x2 - x1)
            first = [x * normal[0] + y * normal[1] for x, y in one]
            second = [x * normal[0] + y * normal[1] for x, y in two]
            slack = 0.3 * math.hypot(*normal)
            if max(first) <= min(second) + slack or max(second) <= min(first) + slack:
                return False
    return True
