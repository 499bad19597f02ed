"""Rows of `factors/secreted-factors` -> an UpSet picture: which factors are stated of which cell sources.

Only accepted assertions count. Hypothesised, disputed and contradicted ones are listed apart, below the picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kg.views.figure import SIZE, SMALL, Caption, Figure, Key
from kg.views.grid import RULE, group, shape
from kg.views.lettering import coordinate as _n
from kg.views.lettering import fit, text_at, width_of, wrap
from kg.views.svg import INK, QUIET, STROKES, shown

__all__ = ["draw_upset"]

Row = Mapping[str, str]
_BLUE, _OFF = STROKES[0], "#d5dae0"
_COLUMN, _LINE = 34.0, 26.0
_TALLEST, _WIDEST = 120.0, 110.0  # bars, in pixels
_LABEL = 230.0
_ROOM = 760.0  # of the lists below


def draw_upset(rows: Sequence[Row], *, as_of: str = "") -> Figure:
    """Give the picture; rows inferred from a wider type are passed over, for they prove nothing of this one."""
    stated = [row for row in rows if row["basis"] == "asserted"]
    accepted = [row for row in stated if row["status"] == "accepted"]
    others = [row for row in stated if row["status"] != "accepted"]
    cells = {row["cell"]: row["cell_label"] for row in accepted}
    factors = {row["factor"]: row["factor_label"] for row in accepted}
    held: dict[str, set[str]] = defaultdict(set)  # factor -> cells
    for row in accepted:
        held[row["factor"]].add(row["cell"])
    sizes = {cell: sum(cell in of for of in held.values()) for cell in cells}
    lines = sorted(cells, key=lambda cell: (-sizes[cell], cells[cell], cell))
    sets: dict[frozenset[str], list[str]] = defaultdict(list)
    for factor, of in held.items():
        sets[frozenset(of)].append(factors[factor])
    columns = sorted(sets, key=lambda of: (-len(sets[of]), len(of), sorted(cells[cell] for cell in of)))
    marks, width, height = _picture(lines, columns, cells, sizes, sets)
    listed, height = _lists(columns, cells, sets, others, height + 14)
    return Figure(
        title="Secreted factors by cell source",
        marks=[*marks, *listed],
        width=max(width, _ROOM if columns or others else 0.0),
        height=height,
        legend=(
            Key(shape("circle", 0, 0, 6, fill=_BLUE), "stated of this cell source"),
            Key(shape("circle", 0, 0, 6, fill=_OFF), "not stated of it, which is not the same as not secreted"),
        ),
        caption=Caption(
            says=(
                "Columns are the sets of cell sources of which a factor is stated; the bar above counts the factors. "
                "A cell source is the one that the sentence names: what is stated of stem cells is not handed down to "
                "their kinds. Only accepted assertions are counted."
            ),
            counted=(
                f"{len(factors)} factors of {len(cells)} cell sources in {len(accepted)} statements; "
                f"{len(others)} that are hypothesised, disputed or contradicted stand apart"
            ),
            sources=tuple(row["source_label"] for row in stated),
            as_of=as_of,
            query="mechtrail query factors/secreted-factors",
        ),
        words=_told(columns, cells, sets, others),
        columns=("cell source", "factor", "status", "statement", "source"),
        rows=tuple(
            (row["cell_label"], row["factor_label"], row["status"], row["statement"], row["source_label"])
            for row in stated
        ),
    )


def _picture(
    lines: Sequence[str],
    columns: Sequence[frozenset[str]],
    cells: Mapping[str, str],
    sizes: Mapping[str, int],
    sets: Mapping[frozenset[str], list[str]],
) -> tuple[list[str], float, float]:
    if not columns:
        return [text_at(0, 20, "No accepted assertion names a factor that a cell secretes.", size=SIZE)], 420.0, 26.0
    label_room = min(max(width_of(shown(cells[cell]), SIZE) for cell in lines), _LABEL) + 10
    left = label_room + _WIDEST + 34
    top = 16 + _TALLEST + 14
    right = left + _COLUMN * len(columns)
    tallest, widest = max(len(sets[of]) for of in columns), max(sizes.values())
    parts = [
        text_at(left, 8, "factors in just these cell sources", size=SMALL, colour=QUIET),
        text_at(label_room + _WIDEST + 20, top - 6, "factors in all", size=SMALL, anchor="end", colour=QUIET),
    ]
    for place, cell in enumerate(lines):
        y = top + _LINE * (place + 0.5)
        if place % 2 == 0:
            width = _n(right - left)
            parts.append(
                f'<rect x="{_n(left)}" y="{_n(y - _LINE / 2)}" width="{width}" height="{_n(_LINE)}" fill="#f4f6f8"/>'
            )
        label = text_at(label_room - 8, y + 4, fit(cells[cell], _LABEL, SIZE), size=SIZE, anchor="end")
        long = sizes[cell] / widest * (_WIDEST - 20)
        bar = f'<rect x="{_n(label_room + 20)}" y="{_n(y - 6)}" width="{_n(long)}" height="12" fill="{_BLUE}"/>'
        count = text_at(label_room + 16, y + 4, str(sizes[cell]), size=SMALL, anchor="end")
        parts.append(group(f"{cells[cell]}: {sizes[cell]} factors", label, bar, count))
    for place, of in enumerate(columns):
        x = left + _COLUMN * (place + 0.5)
        parts.append(group(_column_words(of, cells, sets), *_column(of, lines, x, top, len(sets[of]), tallest, place)))
    bottom = top + _LINE * len(lines)
    floor = f"M{_n(left)} {_n(top - 14)}H{_n(right)}"
    return [*parts, f'<path d="{floor}" stroke="{RULE}" stroke-width="1" fill="none"/>'], right, bottom + 18


def _column(
    of: frozenset[str], lines: Sequence[str], x: float, top: float, count: int, tallest: int, place: int
) -> Iterator[str]:
    high = count / tallest * (_TALLEST - 16)
    base = top - 14
    yield f'<rect x="{_n(x - 9)}" y="{_n(base - high)}" width="18" height="{_n(high)}" fill="{INK}"/>'
    yield text_at(x, base - high - 5, str(count), size=SMALL, anchor="middle")
    ys = [top + _LINE * (line + 0.5) for line, cell in enumerate(lines) if cell in of]
    for line, cell in enumerate(lines):
        if cell not in of:
            yield shape("circle", x, top + _LINE * (line + 0.5), 6, fill=_OFF)
    yield f'<path d="M{_n(x)} {_n(ys[0])}V{_n(ys[-1])}" stroke="{_BLUE}" stroke-width="3" fill="none"/>'
    for y in ys:
        yield shape("circle", x, y, 6, fill=_BLUE)
    yield text_at(x, top + _LINE * len(lines) + 14, str(place + 1), size=SMALL, bold=True, anchor="middle")


def _lists(
    columns: Sequence[frozenset[str]],
    cells: Mapping[str, str],
    sets: Mapping[frozenset[str], list[str]],
    others: Sequence[Row],
    y: float,
) -> tuple[list[str], float]:
    """Name the factors of each column, then what is not accepted."""
    paragraphs = [(f"{place}  {_column_words(of, cells, sets)}", "") for place, of in enumerate(columns, start=1)]
    if others:
        named = sorted({f"{row['cell_label']} – {row['factor_label']} ({row['status']})" for row in others})
        paragraphs.append((f"Not counted: {'; '.join(named)}", QUIET))
    parts = []
    for words, colour in paragraphs:
        for line in wrap(words, _ROOM, SMALL):
            y += 15
            parts.append(text_at(0, y, line, size=SMALL, colour=colour))
        y += 3
    return parts, y + 6


def _column_words(of: frozenset[str], cells: Mapping[str, str], sets: Mapping[frozenset[str], list[str]]) -> str:
    names = " and ".join(sorted(cells[cell] for cell in of))
    return f"{names}: {', '.join(sorted(sets[of]))}"


def _told(
    columns: Sequence[frozenset[str]],
    cells: Mapping[str, str],
    sets: Mapping[frozenset[str], list[str]],
    others: Sequence[Row],
) -> str:
    parts = [f"{_column_words(of, cells, sets)}." for of in columns]
    parts += [f"Not counted: {row['cell_label']}, {row['factor_label']} ({row['status']})." for row in others]
    return " ".join(parts) or "No factor is stated."
