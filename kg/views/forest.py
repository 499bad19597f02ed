"""A forest plot as SVG text: one row a study, the pooled estimate as a diamond, or the reason why there is none.

It computes no statistic: estimates, intervals and weights come in, marks go out. The same plot gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from hashlib import sha256

from kg.views.axis import number
from kg.views.forest_layout import (
    GAP,
    LETTER,
    MARGIN,
    NOT_ESTIMABLE,
    PREDICTION,
    SIZE,
    SMALL,
    STATUSES,
    ForestPlot,
    ForestRow,
    Sheet,
    cells_of,
    lay_out,
    values_of,
)
from kg.views.lettering import coordinate as _n
from kg.views.lettering import fit, text_at, width_of, wrap
from kg.views.svg import INK, QUIET, STROKES, safe

__all__ = ["ForestPlot", "ForestRow", "draw_forest"]

SQUARE, DIAMOND = STROKES[0], STROKES[4]
ROW, LINE = 24.0, 14.0  # heights in pixels
#: Sides of squares in pixels: of the largest weight, of the least, and of all where nothing is weighed.
LARGEST, LEAST, EQUAL = 15.0, 4.0, 8.0


def draw_forest(plot: ForestPlot) -> str:
    """Give the plot as SVG text that needs no style sheet and nothing from outside.

    Raises `InputError` for a number that cannot be drawn, an interval without its estimate or an unknown status.
    """
    sheet = lay_out(plot)
    name = plot.title.strip() or "Forest plot"
    titles = wrap(name, sheet.width - 2 * MARGIN, 15, bold=True, most=3)
    parts = [text_at(MARGIN, 26 + 19 * place, line, size=15, bold=True) for place, line in enumerate(titles)]
    heading, top = _headings(sheet, 18 + 19 * len(titles))
    rows, last = _rows(sheet, top)
    totals, bottom = _totals(sheet, last)
    # A reason for not pooling is read across the whole plot: no line runs through it.
    lines = [*_guides(sheet, top, last if plot.refused else bottom), *_axis(sheet, bottom)]
    beneath = 24 if sheet.bare else 58 if plot.left or plot.right else 38
    notes, height = _notes(sheet, bottom + beneath)
    key = "forest-" + sha256(repr(plot).encode("utf-8", "backslashreplace")).hexdigest()[:12]
    # The style lets a page or a window narrower than the picture shrink it; printers and editors pass it over.
    size = f'viewBox="0 0 {_n(sheet.width)} {_n(height)}" width="{_n(sheet.width)}" height="{_n(height)}"'
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} style="max-width:100%;height:auto" role="img" '
        f'aria-labelledby="{key}-title" aria-describedby="{key}-desc" '
        f'font-family="sans-serif" font-size="{_n(SIZE)}" fill="{INK}">',
        f'<title id="{key}-title">{safe(name)}</title>',
        f'<desc id="{key}-desc">{safe(_words(sheet))}</desc>',
        f'<rect class="paper" width="{_n(sheet.width)}" height="{_n(height)}" fill="#ffffff"/>',
    ]
    return "\n".join([*head, *parts, *heading, *lines, *rows, *totals, *notes]) + "\n</svg>\n"


def _line(d: str, *, colour: str = INK, width: float = 1.0, dash: str = "", kind: str = "") -> str:
    extra = f' stroke-dasharray="{dash}"' * bool(dash) + f' class="{kind}"' * bool(kind)
    return f'<path d="{d}" stroke="{colour}" stroke-width="{_n(width)}" fill="none"{extra}/>'


def _rule(sheet: Sheet, y: float, width: float = 1.0) -> str:
    return _line(f"M{_n(MARGIN)} {_n(y)}H{_n(sheet.width - MARGIN)}", width=width)


def _headings(sheet: Sheet, y: float) -> tuple[list[str], float]:
    plot = sheet.plot
    measure_room = sheet.interval - sheet.right - GAP - 6
    measure = [*wrap(plot.measure, measure_room, SMALL, bold=True, most=3), f"[{plot.interval}]"]
    base = y + 14 * len(measure)
    heads = [(sheet.interval, base - 14 * (len(measure) - 1 - place), line) for place, line in enumerate(measure)]
    if sheet.details:
        cells = cells_of(plot, plot.detail_heading)
        heads += [
            (x, base, fit(cell, sheet.detail_room, SMALL, bold=True))
            for x, cell in zip(sheet.details, cells, strict=True)
        ]
    if not plot.refused:
        heads += [(sheet.width - MARGIN, base - 14, "Weight"), (sheet.width - MARGIN, base, "(%)")]
    parts = [text_at(MARGIN, base, "Study", size=SMALL, bold=True)]
    parts += [text_at(x, at, words, size=SMALL, bold=True, anchor="end") for x, at, words in heads if words]
    if plot.log and not sheet.bare:
        parts.append(text_at(sheet.right, base, "log scale", size=SMALL, anchor="end", colour=QUIET))
    return [*parts, _rule(sheet, base + 7)], base + 7


def _rows(sheet: Sheet, y: float) -> tuple[list[str], float]:
    y += 4
    parts, heaviest = [], max((row.weight for row in sheet.plot.rows), default=0.0)
    for row in sheet.plot.rows:
        middle, values = y + ROW / 2, values_of(row)
        side = EQUAL if sheet.plot.refused or not heaviest else max(LARGEST * math.sqrt(row.weight / heaviest), LEAST)
        label = [fit(row.label, sheet.label_room - LETTER, SIZE)]
        parts += [f'<g class="study"><title>{safe(_row_words(sheet, row))}</title>', *_texts(sheet, row, middle, label)]
        if values:
            x, half = sheet.x(values[1]), side / 2
            square = f'x="{_n(x - half)}" y="{_n(middle - half)}" width="{_n(side)}" height="{_n(side)}"'
            parts += [f'<rect class="weight" {square} fill="{SQUARE}"/>', *_whisker(sheet, values, middle)]
        parts.append("</g>")
        y += ROW
    if not sheet.plot.rows:
        parts.append(text_at(MARGIN, y + ROW / 2 + 4, "No study to draw.", size=SIZE))
        y += ROW
    return parts, y + 4


def _texts(sheet: Sheet, row: ForestRow, middle: float, label: list[str]) -> Iterator[str]:
    base, values, bold = middle + 4, values_of(row), row is sheet.pooled
    for place, line in enumerate(label):
        letter = row.status[0] if place == len(label) - 1 else ""
        yield text_at(MARGIN, base + LINE * place, line, size=SIZE, bold=bold, raised=letter)
    for x, cell in zip(sheet.details, _details(sheet, row), strict=False):
        if cell:
            yield text_at(x, base, cell, size=SIZE, anchor="end")
    if values:
        yield text_at(sheet.estimate, base, sheet.figure(values[1]), size=SIZE, bold=bold, anchor="end")
        between = sheet.between(values[0], values[2])
        yield text_at(sheet.interval, base, between, size=SIZE, bold=bold, anchor="end")
    else:
        yield text_at(sheet.interval, base, NOT_ESTIMABLE, size=SIZE, anchor="end", colour=QUIET)
    if not sheet.plot.refused:
        weight = number(row.weight, 1) if values else "–"
        yield text_at(sheet.width - MARGIN, base, weight, size=SIZE, bold=bold, anchor="end")


def _details(sheet: Sheet, row: ForestRow) -> list[str]:
    cells = cells_of(sheet.plot, row.detail) if row.detail else ()
    return [fit(cell, sheet.detail_room, SIZE) for cell in cells]


def _model(sheet: Sheet, row: ForestRow) -> list[str]:
    """Give the label of the pooled row, which names the model: in two lines, with all the room that details leave."""
    ends = [
        x - width_of(cell, SIZE) - GAP for x, cell in zip(sheet.details, _details(sheet, row), strict=False) if cell
    ]
    room = min(ends, default=sheet.left - GAP) - MARGIN - LETTER
    return wrap(row.label, room, SIZE, bold=True, most=2) or [""]


def _whisker(sheet: Sheet, values: tuple[float, float, float], y: float) -> Iterator[str]:
    low, _, high = values
    start, end = sheet.x(low), sheet.x(high)
    left, right = sheet.leaves(low, high)
    d = f"M{_n(start + 6 * left)} {_n(y)}H{_n(end - 6 * right)}"
    d += "".join(f"M{_n(x)} {_n(y - 4)}v8" for x, cut in ((start, left), (end, right)) if not cut)
    yield _line(d, width=1.4, kind="interval")
    yield from _arrows(sheet, low, high, y, INK)


def _arrows(sheet: Sheet, low: float, high: float, y: float, colour: str) -> Iterator[str]:
    for x, way, leaves in zip((sheet.left, sheet.right), (-1, 1), sheet.leaves(low, high), strict=True):
        if leaves:
            back = _n(x - way * 8)
            yield f'<path class="beyond" d="M{_n(x)} {_n(y)}L{back} {_n(y - 4.5)}V{_n(y + 4.5)}Z" fill="{colour}"/>'


def _totals(sheet: Sheet, y: float) -> tuple[list[str], float]:
    """Draw the diamond and the prediction interval, or say why there are none."""
    if sheet.plot.refused:
        lines = wrap(sheet.plot.refused, sheet.width - 2 * MARGIN, SIZE, bold=True)
        parts = [text_at(MARGIN, y + 18 + 17 * place, line, size=SIZE, bold=True) for place, line in enumerate(lines)]
        return ['<g class="refused">', _rule(sheet, y, 0.7), *parts, "</g>"], y + 17 * len(lines) + 12
    values = values_of(sheet.pooled) if sheet.pooled else None
    if sheet.pooled is None or values is None:
        return [], y
    middle = y + 4 + ROW / 2
    (low, centre, high), half = (sheet.x(value) for value in values), 7
    low, high = min(low, centre - 1.5), max(high, centre + 1.5)
    corners = f"M{_n(low)} {_n(middle)}L{_n(centre)} {_n(middle - half)}L{_n(high)} {_n(middle)}"
    corners += f"L{_n(centre)} {_n(middle + half)}Z"
    words = safe(_row_words(sheet, sheet.pooled))
    parts = [_rule(sheet, y, 0.7), f'<g class="total"><title>{words}</title>']
    label = _model(sheet, sheet.pooled)
    parts += _texts(sheet, sheet.pooled, middle, label)
    parts += [f'<path class="diamond" d="{corners}" fill="{DIAMOND}" stroke="{INK}" stroke-width="0.8"/>', "</g>"]
    y += 4 + ROW + LINE * (len(label) - 1)
    if sheet.prediction:
        parts += _prediction(sheet, *sheet.prediction, y + ROW / 2 - 2)
        y += ROW - 2
    return parts, y + 4


def _prediction(sheet: Sheet, low: float, high: float, middle: float) -> Iterator[str]:
    left, right = sheet.leaves(low, high)
    start, end = sheet.x(low) + 7 * left, sheet.x(high) - 7 * right
    bar = f'x="{_n(start)}" y="{_n(middle - 2.5)}" width="{_n(max(end - start, 1.5))}" height="5"'
    yield f'<g class="prediction"><title>{safe(f"{PREDICTION}: {sheet.between(low, high)}")}</title>'
    yield text_at(MARGIN, middle + 4, PREDICTION, size=SIZE)
    yield text_at(sheet.interval, middle + 4, sheet.between(low, high), size=SIZE, anchor="end")
    yield f'<rect {bar} fill="{DIAMOND}"/>'
    yield from _arrows(sheet, low, high, middle, DIAMOND)
    yield "</g>"


def _guides(sheet: Sheet, top: float, bottom: float) -> Iterator[str]:
    """Draw what lies behind the marks: the line of no effect and that of the pooled estimate."""
    if sheet.bare:
        return
    null = sheet.x(sheet.plot.null)
    yield _line(f"M{_n(null)} {_n(top)}V{_n(bottom)}", kind="null")
    values = values_of(sheet.pooled) if sheet.pooled else None
    if values:
        d = f"M{_n(sheet.x(values[1]))} {_n(top + 4)}V{_n(bottom)}"
        yield _line(d, colour=DIAMOND, dash="2 3", kind="pooled")


def _axis(sheet: Sheet, bottom: float) -> Iterator[str]:
    if sheet.bare:
        return
    plot, null = sheet.plot, sheet.x(sheet.plot.null)
    marks = "".join(f"M{_n(sheet.x(value))} {_n(bottom)}v5" for value, _ in sheet.axis.ticks)
    yield _line(f"M{_n(sheet.left)} {_n(bottom)}H{_n(sheet.right)}{marks}", kind="axis")
    for value, label in sheet.axis.ticks:
        yield text_at(sheet.x(value), bottom + 17, label, size=SMALL, anchor="middle")
    base = bottom + 36
    if plot.left:
        words = fit(f"← {plot.left}", null - 8 - MARGIN, SIZE)
        yield text_at(null - 8, base, words, size=SIZE, anchor="end")
    if plot.right:
        end = "→"
        words = fit(plot.right, sheet.width - MARGIN - null - 8 - width_of(f" {end}", SIZE), SIZE)
        yield text_at(null + 8, base, f"{words} {end}", size=SIZE)


def _notes(sheet: Sheet, y: float) -> tuple[list[str], float]:
    """Write heterogeneity, the meaning of marks and the caption; give the height of the picture, too."""
    plot, parts = sheet.plot, []
    rows = (*plot.rows, *((sheet.pooled,) if sheet.pooled else ()))
    spans = [found[::2] for row in rows if (found := values_of(row))] + ([sheet.prediction] if sheet.prediction else [])
    used = [f"{status[0]} {words}" for status, words in STATUSES.items() if any(row.status == status for row in rows)]
    marks = ["squares of equal size: nothing is weighed" if plot.refused else "area of a square: weight"]
    if any(any(sheet.leaves(*span)) for span in spans):
        marks.append("arrow: the interval goes on beyond the axis")
    legend = "; ".join([*used, *marks]) + "." if plot.rows else ""
    for text, size, colour in ((plot.heterogeneity, SIZE, ""), (legend, SMALL, QUIET), (plot.caption, SMALL, QUIET)):
        lines = wrap(text, sheet.width - 2 * MARGIN, size)
        parts += [text_at(MARGIN, y + 15 * at, line, size=size, colour=colour) for at, line in enumerate(lines)]
        y += 15 * len(lines) + (6 if lines else 0)
    return parts, y


def _row_words(sheet: Sheet, row: ForestRow) -> str:
    values = values_of(row)
    found = f"{sheet.figure(values[1])} {sheet.between(values[0], values[2])}" if values else NOT_ESTIMABLE
    weight = f"weight {number(row.weight, 1)} %" if values and not sheet.plot.refused else ""
    return "; ".join(part for part in (f"{row.label}: {found}", row.detail, weight, STATUSES[row.status]) if part)


def _words(sheet: Sheet) -> str:
    """Give all that the picture shows, for who cannot see it."""
    plot, count = sheet.plot, len(sheet.plot.rows)
    studies = f"{count} {'study' if count == 1 else 'studies'}"
    parts = [f"Forest plot of {plot.measure} with {plot.interval}, {studies}, no effect at {plot.null:g}"]
    parts += [_row_words(sheet, row) for row in plot.rows]
    parts += [plot.refused] if plot.refused else []
    parts += [f"Pooled, {_row_words(sheet, sheet.pooled)}"] if sheet.pooled else []
    parts += [f"{PREDICTION}: {sheet.between(*sheet.prediction)}"] if sheet.prediction else []
    parts += [f"Below {plot.null:g}: {plot.left}"] if plot.left else []
    parts += [f"Above {plot.null:g}: {plot.right}"] if plot.right else []
    return ". ".join(part.rstrip(".") for part in [*parts, plot.heterogeneity, plot.caption] if part) + "."
