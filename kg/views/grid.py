"""Rows and columns of a picture: slanted headings, labels of rows, lines between, and the marks that pictures share."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.views.figure import SIZE, SMALL
from kg.views.lettering import coordinate as _n
from kg.views.lettering import fit, text_at, width_of, wrap
from kg.views.svg import QUIET, safe, shown

__all__ = ["RULE", "Grid", "group", "lay_out_grid", "shape", "shape_size"]

RULE = "#c9d0d7"
_SLOPE = math.radians(45)
_LONGEST_HEADING = 235.0  # pixels along the slope
_GAP = 8.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the cells are. `left` and `top` are the corner of the first one; `width` and `height` are all of it."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cell: tuple[float, float]
    left: float
    top: float
    width: float
    height: float
    gaps: tuple[int, ...]  # columns before which there is a wider gap

    def x(self, column: int) -> float:
        """Give the middle of a column."""
        return self.left + (column + 0.5) * self.cell[0] + _GAP * sum(gap <= column for gap in self.gaps)

    def y(self, row: int) -> float:
        """Give the middle of a row."""
        return self.top + (row + 0.5) * self.cell[1]

    @property
    def right(self) -> float:
        """Give where the last column ends."""
        return self.x(len(self.columns) - 1) + self.cell[0] / 2 if self.columns else self.left

    @property
    def bottom(self) -> float:
        """Give where the last row ends."""
        return self.top + len(self.rows) * self.cell[1]

    def frame(self) -> Iterator[str]:
        """Draw headings, labels and the lines between rows."""
        for place, label in enumerate(self.columns):
            x, y = self.x(place) + 3, self.top - 6
            words = text_at(x, y, fit(label, _LONGEST_HEADING, SMALL), size=SMALL)
            yield f'<g transform="rotate(-45 {_n(x)} {_n(y)})"><title>{safe(label)}</title>{words}</g>'
        for place, label in enumerate(self.rows):
            lines = wrap(label, self.left - 8, SIZE, most=max(int(self.cell[1] // 14), 1)) or [""]
            first = self.y(place) + 4 - 7 * (len(lines) - 1)
            words = "".join(
                text_at(self.left - 8, first + 14 * at, line, size=SIZE, anchor="end") for at, line in enumerate(lines)
            )
            yield f"<g><title>{safe(label)}</title>{words}</g>"
        rules = "".join(
            f"M{_n(self.left)} {_n(self.top + place * self.cell[1])}H{_n(self.right)}"
            for place in range(len(self.rows) + 1)
        )
        yield f'<path d="{rules}" stroke="{RULE}" stroke-width="0.8" fill="none"/>'


def lay_out_grid(
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    cell: tuple[float, float],
    longest_label: float = 220.0,
    gaps: Sequence[int] = (),
) -> Grid:
    """Give labels and headings the room they need; what is longer is cut, with all of it in its title."""
    left = min(max((width_of(shown(row), SIZE) for row in rows), default=0.0), longest_label) + 12
    grid = Grid(tuple(rows), tuple(columns), cell, left, 0.0, 0.0, 0.0, tuple(gaps))
    ends = [
        (min(width_of(shown(column), SMALL), _LONGEST_HEADING), grid.x(place) + 3)
        for place, column in enumerate(columns)
    ]
    top = max((length * math.sin(_SLOPE) for length, _ in ends), default=0.0) + 16
    width = max((x + length * math.cos(_SLOPE) + 8 for length, x in ends), default=left)
    height = top + len(rows) * cell[1]
    return Grid(tuple(rows), tuple(columns), cell, left, top, max(width, grid.right), height, tuple(gaps))


def group(title: str, *marks: str) -> str:
    """Give marks with words that a mouse or a screen reader finds."""
    return f'<g class="cell"><title>{safe(title)}</title>{"".join(marks)}</g>'


def shape(kind: str, x: float, y: float, r: float, *, fill: str, stroke: str = "none", dash: str = "") -> str:
    """Draw a mark of about the area of a circle with radius `r`.

    Kinds: circle, square, diamond, hexagon, up and down (triangles), cross, bar.
    """
    style = f'fill="{fill}" stroke="{stroke}"' + f' stroke-dasharray="{dash}"' * bool(dash)
    style += ' stroke-width="1.4"' * (stroke != "none")
    if kind == "circle":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" {style}/>'
    if kind == "cross":
        d = f"M{_n(x - r)} {_n(y - r)}L{_n(x + r)} {_n(y + r)}M{_n(x - r)} {_n(y + r)}L{_n(x + r)} {_n(y - r)}"
        return f'<path d="{d}" stroke="{stroke}" stroke-width="2" fill="none"/>'
    if kind == "bar":
        return f'<path d="M{_n(x - r)} {_n(y)}h{_n(2 * r)}" stroke="{stroke}" stroke-width="2.4" fill="none"/>'
    size = shape_size(kind, r)
    turns = {"square": (4, 45), "diamond": (4, 0), "hexagon": (6, 30), "up": (3, -90), "down": (3, 90)}
    corners, first = turns[kind]
    angles = [math.radians(first + 360 * n / corners) for n in range(corners)]
    points = [(x + size * math.cos(angle), y + size * math.sin(angle)) for angle in angles]
    return f'<path d="M{"L".join(f"{_n(px)} {_n(py)}" for px, py in points)}Z" {style}/>'


def shape_size(kind: str, r: float) -> float:
    """Give how far the corners of a shape are from its middle, so that its area is that of a circle."""
    corners = {"square": 4, "diamond": 4, "hexagon": 6, "up": 3, "down": 3}.get(kind)
    if corners is None:
        return r
    return r * math.sqrt(2 * math.pi / (corners * math.sin(2 * math.pi / corners)))


#: The colour of words that stand for nothing found.
EMPTY = QUIET
