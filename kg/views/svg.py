"""Positions -> SVG text. Knows colours, widths and marks; needs no style sheet, so it also goes into a paper.

The same layout gives the same bytes. Trial evidence is drawn beside the network, never as a line in it, and a line
from a treatment straight to an outcome is grey: it says nothing on how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from kg.network import Edge, is_hypothesis
from kg.views.layout import BOX, CHIP, COLUMNS, WIDTHS, Box, Chip, Layout, Line, Point
from kg.views.lettering import NARROW, WIDE, coordinate, fit, safe, shown, text_at, width_of, wrap
from kg.views.sentences import chip_lines

__all__ = [
    "BEYOND",
    "DASHES",
    "FILLS",
    "INK",
    "LEVELS",
    "NARROW",
    "QUIET",
    "STROKES",
    "WIDE",
    "draw",
    "level_of",
    "level_words",
    "safe",
    "shown",
]

#: Tints and strokes by column: Okabe-Ito hues; each stroke has at least 3:1 against white (WCAG 1.4.11).
FILLS = ("#e3f1fa", "#fdf0d2", "#f8e4ef", "#dcf3ea", "#fbe3d3", "#eeeeee")
STROKES = ("#2a8cc4", "#b07a00", "#b0558a", "#009e73", "#d55e00", "#767676")
#: Of a line from a treatment straight to an outcome: grey, so that it does not look like part of a mechanism.
BEYOND = "#7d8791"
LEVELS = ("none for it", "hypothesised", "stated", "in vitro", "animal", "in patients", "pooled over studies")
DASHES = {"accepted": "", "hypothesised": "6 4", "disputed": "1.5 4", "contradicted": "1.5 4"}
SIGNS = (
    *(("increases, promotes", 1, ""), ("decreases, inhibits", -1, ""), ("neither", 0, "")),
    *(
        ("hypothesised", 0, "hypothesised"),
        ("disputed", 0, "disputed"),
        ("contradicted, e.g. no effect", 0, "contradicted"),
    ),
)
MARKS = {"disputed": "?", "contradicted": "×"}
INK, QUIET = "#1d2329", "#5b6570"
LABEL = ((13.0, 2, 14.5), (11.5, 2, 13.5), (10.4, 3, 11.8))  # size, lines, line height: the first that holds the label


def level_of(edge: Edge) -> int:
    """Give the level of an edge, kept within the scale."""
    return min(max(edge.level, 0), len(LEVELS) - 1)


def level_words(edges: Iterable[Edge]) -> tuple[str, ...]:
    """Give the words of each level: those of the edges where there are any."""
    found = {(level_of(edge), edge.level_label) for edge in edges if edge.level_label and level_of(edge)}
    words = dict(sorted(found, reverse=True))
    return tuple(words.get(level, word) for level, word in enumerate(LEVELS))


def draw(layout: Layout, *, title: str = "", honest: str = "", caption: str = "", below: bool = False) -> str:
    """Draw a layout; `caption` stands under the legend, `honest` under the title or, with `below`, under the legend."""
    name, width = title or "Mechanism network", layout.width
    words = wrap(honest, width - 40, 12.5)
    told = wrap(caption, width - 24, 10.5)
    room = 15.5 * len(words) + (12 if words else 0)
    down, under = (0.0, room) if below else (room, 0.0)
    height = layout.height + room + 84 + 14 * len(told)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" '
        f'height="{_n(height)}" role="group" aria-label="{safe(name)}" font-family="sans-serif" '
        f'font-size="13" fill="{INK}">',
        f"<title>{safe(name)}</title>",
        f"<desc>{safe(' '.join(filter(None, (honest, caption))))}</desc>",
        f'<rect class="paper" width="{_n(width)}" height="{_n(height)}" fill="#ffffff"/>',
        text_at(12, 22, fit(name, width - 24, 15, bold=True), size=15, bold=True),
        *_sentence(words, width, layout.height + 78 if below else 32.0),
        f'<g transform="translate(0 {_n(down)})">',
        *_headings(layout),
        '<g fill="none">',
        *(_line(line) for line in sorted(layout.lines, key=_back_to_front)),
        '</g>\n<g text-anchor="middle">',
        *(_box(box, layout) for box in layout.boxes),
        "</g>",
        *(_chip(chip) for chip in layout.chips),
        *_legend(layout),
    ]
    if not layout.boxes:
        parts.append(text_at(12, 110, "Nothing to draw: the network has no nodes.", size=13))
    parts += [
        text_at(12, layout.height + under + 88 + 14 * place, line, size=10.5, colour=QUIET)
        for place, line in enumerate(told)
    ]
    return "\n".join(parts) + "\n</g>\n</svg>\n"


def _n(number: float) -> str:
    return coordinate(round(number, 1))  # a tenth of a pixel is finer than any print


def _sentence(words: Sequence[str], width: float, y: float) -> Iterator[str]:
    if words:
        box = f'x="12" y="{_n(y)}" width="{_n(width - 24)}" height="{_n(15.5 * len(words) + 6)}"'
        yield f'<g class="honest"><rect {box} fill="#fff6dc" stroke="#b07a00"/>'
        yield from (text_at(20, y + 15 + 15.5 * place, line, size=12.5) for place, line in enumerate(words))
        yield "</g>"


def _label(text: str) -> tuple[list[str], float, float]:
    """Break a label into the largest letters that hold it; the last word that does not fit is cut."""
    room = BOX[0] - 8
    for size, most, step in LABEL:
        lines = _broken(text, room, size)
        if len(lines) <= most:
            return lines, size, step
    return [*lines[: most - 1], fit(" ".join(lines[most - 1 :]), room, size)], size, step


def _broken(text: str, room: float, size: float) -> list[str]:
    """Break between words, also after a hyphen or a stroke, into lines as alike as can be."""
    spaced = "".join(f"{char}\0" if char in "/-" else char for char in text)
    words = [word for word in spaced.replace(" ", "\0 ").split("\0") if word]
    lines: list[str] = []
    line = ""
    for word in words:
        if line and width_of((line + word).strip(), size) > room:
            lines.append(line.strip())
            line = ""
        line += word
    lines += [line.strip()]
    if len(lines) == 2:
        breaks = [("".join(words[:n]).strip(), "".join(words[n:]).strip()) for n in range(1, len(words))]
        lines = list(min(breaks, key=lambda pair: max(width_of(half, size) for half in pair)))
    too_long = any(width_of(line, size) > room for line in lines)
    return [fit(line, room, size) for line in lines] + [""] * (9 if too_long and size > LABEL[-1][0] else 0)


def _headings(layout: Layout) -> Iterator[str]:
    for rank, (words, x) in enumerate(layout.headings):
        yield f'<rect x="{_n(x)}" y="38" width="{_n(BOX[0])}" height="4" fill="{STROKES[rank]}"/>'
        yield text_at(x + BOX[0] / 2, 58, words, size=12.5, bold=True, anchor="middle")
    x, bottom = layout.rule, _n(layout.height)
    yield f'<path d="M{_n(x)} 38V{bottom}M{_n(x + 3)} 38V{bottom}" stroke="{QUIET}" stroke-width="0.8" fill="none"/>'
    yield f'<rect x="{_n(x + 15)}" y="38" width="{_n(CHIP[0])}" height="4" fill="{QUIET}"/>'
    yield text_at(x + 15 + CHIP[0] / 2, 58, "Trial evidence", size=12.5, bold=True, anchor="middle")
    note = "of the term named, not of the steps to it"
    yield text_at(x + 15 + CHIP[0] / 2, 70, note, size=9.5, anchor="middle", colour=QUIET)


def _back_to_front(line: Line) -> tuple[bool, bool, int, Point, Point, str]:
    marked = line.edge.status.casefold() not in ("accepted", "hypothesised")
    return not line.beyond, marked, -level_of(line.edge), line.points[0], line.points[-1], line.edge.iri


def _path(points: Sequence[Point], *, arc: bool) -> str:
    """Bend a polyline: curves lie inside the box of their two ends, so they stay in the gap."""
    (x, y), *rest = points
    path = f"M{_n(x)} {_n(y)}"
    if arc:
        (out, _), _, (x2, y2) = rest
        bulge = x + (out - x) * 4 / 3
        return f"{path}C{_n(bulge)} {_n(y)} {_n(bulge)} {_n(y2)} {_n(x2)} {_n(y2)}"
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = _n((x1 + x2) / 2)
        path += f"H{_n(x2)}" if y1 == y2 else f"C{middle} {_n(y1)} {middle} {_n(y2)} {_n(x2)} {_n(y2)}"
    return path


def _hypothetical(yes: bool) -> str:
    return ' data-hypothesis="1"' * yes


def _line(line: Line) -> str:
    edge, points, status = line.edge, line.points, line.edge.status.casefold()
    colour, width = BEYOND if line.beyond else STROKES[line.rank], WIDTHS[level_of(edge)]
    (x, y), before = points[-1], points[-2][0]
    way = 1 if x > before else -1  # the last stretch is level, to the right or to the left
    strength = (edge.level_label if level_of(edge) else "") or LEVELS[level_of(edge)]
    words = f"{edge.statement or edge.relation_label} [{edge.status}; evidence: {strength}]"
    words += " Straight to the outcome: it says nothing on how." * line.beyond
    dashes = DASHES.get(status, DASHES["disputed"])  # a status that is not known is not drawn as accepted
    dash = f' stroke-dasharray="{dashes}"' * bool(dashes)
    head = _head(x, y, way, edge.sign, width, colour)
    end = (x - way * (3 if edge.sign < 0 else 7 if edge.sign > 0 else 1), y)
    path = _path([*points[:-1], end], arc=line.arc)
    sign = MARKS.get(status, "" if status in DASHES else "?")
    mark = _mark(_middle(line), sign, colour) if sign else ""
    return (
        f'<g class="edge" data-iri="{safe(edge.iri)}"{_hypothetical(is_hypothesis(edge))}><title>{safe(words)}</title>'
        f'<path class="wire" d="{path}" stroke="{colour}" stroke-width="{_n(width)}"{dash}/>'
        f"{head}{mark}</g>"
    )


def _head(x: float, y: float, way: int, sign: int, width: float, colour: str) -> str:
    half = 3 + width / 2
    if sign < 0:
        d = f"M{_n(x - way * 2)} {_n(y - half - 1)}V{_n(y + half + 1)}"
        return f'<path d="{d}" stroke="{colour}" stroke-width="2.6" fill="none"/>'
    back = x - way * 8
    d = f"M{_n(back)} {_n(y - half)}L{_n(x)} {_n(y)}L{_n(back)} {_n(y + half)}"
    if sign > 0:
        return f'<path d="{d}Z" fill="{colour}"/>'
    return f'<path d="{d}" stroke="{colour}" stroke-width="1.4" fill="none"/>'


def _middle(line: Line) -> Point:
    """Give the middle of the last bend, where no two lines of one channel lie on each other any more."""
    (x1, y1), (x2, y2) = line.points[1:3] if line.arc else line.points[-2:]
    return (x1 + x2) / 2, (y1 + y2) / 2


def _mark(at: Point, sign: str, colour: str) -> str:
    circle = f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="6.5" fill="#ffffff" stroke="{colour}"/>'
    return circle + text_at(at[0], at[1] + 3.5, sign, size=10, bold=True, anchor="middle", colour=INK)


def _box(box: Box, layout: Layout) -> str:
    node, (width, height) = box.node, BOX
    lines, size, step = _label(shown(node.label or node.curie or node.iri))
    first = box.y + height / 2 + size * 0.35 - (len(lines) - 1) / 2 * step
    title = f"{node.label} ({node.kind}; {node.curie or node.iri})"
    larger = f' font-size="{_n(size)}"' * (size != 13)
    return (
        f'<g class="node" data-iri="{safe(node.iri)}" data-column="{box.rank}" tabindex="0" role="button" '
        f'aria-label="{safe(f"{node.label}, {COLUMNS[box.rank]}")}"'
        f"{_hypothetical(node.iri in layout.supposed)}{larger}>"
        f"<title>{safe(title)}</title>"
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(width)}" height="{_n(height)}" rx="5" '
        f'fill="{FILLS[box.rank]}" stroke="{STROKES[box.rank]}" stroke-width="1.4"/>'
        + "".join(
            f'<text x="{_n(box.x + width / 2)}" y="{_n(first + step * place)}">{safe(line)}</text>'
            for place, line in enumerate(lines)
        )
        + "</g>"
    )


def _chip(chip: Chip) -> str:
    node, colour = chip.box.node, STROKES[chip.box.rank]
    counted, designs, found = chip_lines(chip.trials)
    results = Counter(f"{trial.study_label}: {trial.what}, {trial.finding}" for trial in chip.trials)
    title = f"{node.label}: {counted}. " + "; ".join(sorted(results)[:12]) + " …" * (len(results) > 12)
    name = _broken(shown(node.label), CHIP[0] - 16, 11.6)[:2]  # the letters are bold, and wider
    told = [counted, ", ".join(filter(None, (designs, found)))]
    if width_of(told[1], 10) > CHIP[0] - 16:
        told[1:] = [designs, *wrap(found, CHIP[0] - 16, 10, most=3 - len(name))]
    return (
        f'<g class="chip" data-node="{safe(node.iri)}" tabindex="0" role="button" '
        f'aria-label="{safe(f"Trial evidence: {node.label}: {counted}")}"><title>{safe(title)}</title>'
        f'<rect x="{_n(chip.x)}" y="{_n(chip.y)}" width="{_n(CHIP[0])}" height="{_n(CHIP[1])}" '
        f'fill="#ffffff" stroke="{QUIET}" stroke-width="0.8"/>'
        f'<rect x="{_n(chip.x)}" y="{_n(chip.y)}" width="4" height="{_n(CHIP[1])}" fill="{colour}"/>'
        + "".join(
            text_at(
                chip.x + 10,
                chip.y + 14 + 12.2 * place,
                fit(line, CHIP[0] - 16, 11 if place < len(name) else 10, bold=place < len(name)),
                size=11 if place < len(name) else 10,
                bold=place < len(name),
                colour="" if place <= len(name) else QUIET,
            )
            for place, line in enumerate(filter(None, [*name, *told]))
        )
        + "</g>"
    )


def _legend(layout: Layout) -> Iterator[str]:
    yield '<g class="legend">'
    y = layout.height + 12
    yield text_at(12, y + 4, "Width: what the sources speak of", size=10.5, bold=True)
    x, words = 232.0, level_words(line.edge for line in layout.lines)
    for level, width in enumerate(WIDTHS):
        yield f'<path d="M{_n(x)} {_n(y)}h30" stroke="{INK}" stroke-width="{_n(width)}"/>'
        label = f"{level} {fit(words[level], 130, 10.5)}"
        yield text_at(x + 36, y + 4, label, size=10.5)
        x += 50 + width_of(label, 10.5)
    y += 24
    yield text_at(12, y + 4, "End and dash: what is said", size=10.5, bold=True)
    x = 232.0
    for label, sign, status in SIGNS:
        dash = f' stroke-dasharray="{DASHES[status]}"' if status else ""
        yield f'<path d="M{_n(x)} {_n(y)}h{27 if status else 24}" stroke="{INK}" stroke-width="1.8"{dash}/>'
        yield _mark((x + 15, y), MARKS[status], INK) if status in MARKS else ""
        yield _head(x + 30, y, 1, sign, 1.8, INK) if not status else ""
        yield text_at(x + 36, y + 4, label, size=10.5)
        x += 50 + width_of(label, 10.5)
    y += 24
    yield text_at(12, y + 4, "Colour: column of the subject", size=10.5, bold=True)
    yield f'<path d="M232 {_n(y)}h30" stroke="{BEYOND}" stroke-width="4.8"/>'
    note = "grey: from a treatment straight to an outcome; it says nothing on how, and no mechanism inherits its width"
    yield text_at(268, y + 4, note, size=10.5) + "</g>"
