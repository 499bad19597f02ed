"""Rows of the evidence gap map -> a picture: product x outcome domain, in each cell one place for each design.

A bubble counts studies and says nothing of what they found. A place without a bubble says which kind of empty it is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kg.views.figure import SMALL, Caption, Figure, Key
from kg.views.grid import EMPTY, Grid, group, lay_out_grid, shape
from kg.views.lettering import text_at
from kg.views.svg import INK

__all__ = ["draw_gap_map"]

Row = Mapping[str, str]
#: What marks a design, by its place on the axis: the shape and the colour say the same. White numbers stand in them,
#: so that they are darker than the lines of the network in the same hues.
_DESIGNS = (
    *(("circle", "#0072b2"), ("square", "#00795a"), ("diamond", "#b54e00")),
    *(("hexagon", "#9a4478"), ("up", "#8a6000"), ("down", "#5f6368")),
)
#: Kind of empty -> the sign in its place, and what that means.
_EMPTY = {
    "empty: looked for, none found": ("0", "looked for by a logged search or in the studies read, none found"),
    "empty: not looked for": ("?", "not looked for: nothing is known, not even that there is none"),
    "empty: out of scope": ("×", "out of scope"),
    "empty: a study is known that the graph lacks": ("+", "a study is known that this graph does not hold"),
}
_PLANNED = "empty: planned, no results"
_PLACE = (28.0, 26.0)  # of one design in a cell
_LARGEST, _LEAST = 12.5, 5.5  # radius of a bubble; the least still holds its number


def draw_gap_map(rows: Sequence[Row], studies: Sequence[Row], *, as_of: str = "") -> Figure:
    """Give the picture of `evidence/gap-map`; `studies` are the rows of `evidence/gap-map-studies`."""
    domains, products, designs = (
        list(dict.fromkeys((row[axis], row[f"{axis}_label"]) for row in rows))
        for axis in ("domain", "product", "design")
    )
    names: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for row in studies:
        names[row["domain"], row["product"], row["design"], row["standing"]].append(row["study_label"])
    across = 2 if len(designs) > 1 else 1
    down = max(math.ceil(len(designs) / across), 1)
    cell = (_PLACE[0] * across + 4, _PLACE[1] * down + 4)
    grid = lay_out_grid([label for _, label in products], [label for _, label in domains], cell=cell)
    most = max((int(row["studies"]) for row in rows), default=1)
    marks = [*_ground(rows, grid, domains, products), *grid.frame()]
    table = []
    for row in rows:
        column, line, place = (
            axis.index((row[name], row[f"{name}_label"]))
            for axis, name in ((domains, "domain"), (products, "product"), (designs, "design"))
        )
        x = grid.x(column) + (place % across - (across - 1) / 2) * _PLACE[0]
        y = grid.y(line) + (place // across - (down - 1) / 2) * _PLACE[1]
        key = (row["domain"], row["product"], row["design"])
        who, plan = names[*key, "measured"], names[*key, "planned"]
        marks.append(group(_words(row, who, plan), *_marks(row, place, x, y, most)))
        table.append(_table_row(row, who, plan))
    measured = {row["study"] for row in studies if row["standing"] == "measured"}
    planned = {row["study"] for row in studies} - measured
    filled = sum(int(row["studies"]) > 0 for row in rows)
    return Figure(
        title="Evidence gap map: which outcomes were examined with which cells, and in which design",
        marks=marks,
        width=grid.width,
        height=grid.height,
        legend=tuple(_legend([label for _, label in designs], across)),
        caption=Caption(
            says=(
                "Each cell has one place for each design. A number in a filled mark: studies in people that measured "
                "the domain, area by number; it says that they looked, not what they found (see the table of "
                "the page). A study may stand in several cells, so cells do not add up."
            ),
            counted=(
                f"{len(measured)} studies with results and {len(planned)} with plans only; {filled} of {len(rows)} "
                "places filled"
            ),
            sources=tuple(row["study_label"] for row in studies),
            as_of=as_of,
            query="mechtrail query evidence/gap-map",
        ),
        words=_told(rows),
        columns=("domain", "product", "design", "standing", "studies", "which", "planned by", "found", "basis"),
        rows=tuple(table),
    )


def _found(row: Row) -> str:
    named = {"higher": "higher", "no_difference": "no difference", "lower": "lower"}
    named |= {"not_classified": "not classified", "without_comparison": "results without comparison"}
    return ", ".join(f"{row[key]} {words}" for key, words in named.items() if int(row[key] or 0))


def _table_row(row: Row, who: Sequence[str], plan: Sequence[str]) -> tuple[str, ...]:
    cells = (row["domain_label"], row["product_label"], row["design_label"], row["standing"], row["studies"])
    return (*cells, ", ".join(who), ", ".join(plan), _found(row), row["basis"])


def _words(row: Row, who: Sequence[str], plan: Sequence[str]) -> str:
    start = f"{row['product_label']}, {row['domain_label']}, {row['design_label']}: "
    if int(row["studies"]):
        words = f"{row['studies']} measured it ({', '.join(who)}); findings: {_found(row) or 'none'}"
        return start + words + (f"; planned by {', '.join(plan)}" if plan else "")
    more = f" ({', '.join(plan)})" if plan else ""
    return f"{start}{row['standing']}{more}; {row['basis']}"


def _ground(rows: Sequence[Row], grid: Grid, domains: Sequence[object], products: Sequence[object]) -> Iterator[str]:
    """Shade cells in which nothing was measured, so that gaps are seen before they are read."""
    filled = {
        ((row["domain"], row["domain_label"]), (row["product"], row["product_label"]))
        for row in rows
        if int(row["studies"])
    }
    width, height = grid.cell
    for line, product in enumerate(products):
        for column, domain in enumerate(domains):
            fill = "#ffffff" if (domain, product) in filled else "#eef0f2"
            x, y = grid.x(column) - width / 2, grid.y(line) - height / 2
            yield f'<rect x="{x + 1:g}" y="{y + 1:g}" width="{width - 2:g}" height="{height - 2:g}" fill="{fill}"/>'


def _marks(row: Row, place: int, x: float, y: float, most: int) -> Iterator[str]:
    kind, colour = _DESIGNS[place % len(_DESIGNS)]
    count = int(row["studies"])
    if count:
        radius = max(_LARGEST * math.sqrt(count / max(most, 5)), _LEAST)
        yield shape(kind, x, y, radius, fill=colour)
        yield text_at(x, y + 3.3, str(count), size=9, bold=True, anchor="middle", colour="#ffffff")
    elif row["standing"] == _PLANNED:
        yield shape(kind, x, y, 7, fill="#ffffff", stroke=colour, dash="2.5 1.8")
        yield text_at(x, y + 3.2, row["planned"], size=9, anchor="middle", colour=INK)
    else:
        sign = _EMPTY.get(row["standing"], ("?", ""))[0]
        yield text_at(x, y + 3.3, sign, size=9, anchor="middle", colour=EMPTY)


def _legend(designs: Sequence[str], across: int) -> Iterator[Key]:
    corners = ("upper left", "upper right", "lower left", "lower right") if len(designs) == 4 and across == 2 else ()
    for place, label in enumerate(designs):
        kind, colour = _DESIGNS[place % len(_DESIGNS)]
        yield Key(shape(kind, 0, 0, 6.5, fill=colour), f"{label} ({corners[place]})" if corners else label)
    planned = shape("circle", 0, 0, 7, fill="#ffffff", stroke=INK, dash="2.5 1.8")
    yield Key(
        planned + text_at(0, 3.2, "1", size=9, anchor="middle"), "planned in so many registrations, no results here"
    )
    for sign, words in _EMPTY.values():
        yield Key(text_at(0, 3.8, sign, size=SMALL, anchor="middle", colour=EMPTY), words)
    yield Key('<rect x="-8" y="-6" width="16" height="12" fill="#eef0f2"/>', "grey cell: measured in no design")


def _told(rows: Sequence[Row]) -> str:
    """Give the map in sentences: for each product what was measured, and how many places are empty in which way."""
    lines: list[str] = []
    kinds: dict[str, int] = defaultdict(int)
    measured: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        kinds[row["standing"]] += 1
        if int(row["studies"]):
            measured[row["product_label"]][row["domain_label"]] += 1
        else:
            measured[row["product_label"]]  # a product without any study is named, too
    for product, domains in measured.items():
        words = ", ".join(f"{domain} in {n} design{'s' * (n > 1)}" for domain, n in domains.items())
        lines.append(f"{product}: {words or 'nothing measured'}.")
    counts = "; ".join(f"{kind}: {n}" for kind, n in sorted(kinds.items()))
    return " ".join([f"Places of the map by standing: {counts}.", *lines])
