"""Positions -> SVG text. Knows colours, widths and marks; needs no style sheet, so it also goes into a paper.

The same layout gives the same bytes. Trial evidence is drawn beside the network, never as a line in it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from math import fsum

from kg.network import Edge, TrialEvidence
from kg.views.layout import BOX, CHIP, COLUMNS, WIDTHS, Box, Chip, Layout, Line, Point

__all__ = ["FILLS", "LEVELS", "STROKES", "draw", "level_of", "level_words", "safe", "shown", "trial_words"]

#: Tints and strokes by column: Okabe-Ito hues; each stroke has at least 3:1 against white (WCAG 1.4.11).
FILLS = ("#e3f1fa", "#fdf0d2", "#f8e4ef", "#dcf3ea", "#fbe3d3", "#eeeeee")
STROKES = ("#2a8cc4", "#b07a00", "#b0558a", "#009e73", "#d55e00", "#767676")
LEVELS = ("no evidence", "hypothesised", "stated", "in vitro", "animal", "in patients")
DASHES = {"accepted": "", "hypothesised": "6 4", "disputed": "1.5 4", "contradicted": "1.5 4"}
SIGNS = (
    *(("increases, promotes", 1, ""), ("decreases, inhibits", -1, ""), ("neither", 0, "")),
    *(("hypothesised", 0, "hypothesised"), ("disputed", 0, "disputed"), ("contradicted", 0, "contradicted")),
)
MARKS = {"disputed": "?", "contradicted": "×"}
INK, QUIET = "#1d2329", "#5b6570"
LEGEND = 74.0
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}  # Unicode categories
#: Em widths of DejaVu Sans, the widest of the usual sans-serif fonts: what fits here fits everywhere.
NARROW, WIDE = dict.fromkeys("ijl.,;:'|!()[]/ ft-rI", 0.37), dict.fromkeys("mwMW@%—", 0.97)


def shown(text: str) -> str:
    """Give text with every character that cannot be seen, or turns its neighbours round, as its code point.

    >>> shown("BDNF\\u202e")
    'BDNF⟨U+202E⟩'
    """
    return "".join(
        f"⟨U+{ord(char):04X}⟩" if unicodedata.category(char) in UNSEEN else char
        for char in text.replace("\n", " ").replace("\t", " ")
    )


def safe(text: str) -> str:
    """Give text that can stand in an element or in a quoted attribute."""
    return escape(shown(text), quote=True)


def level_of(edge: Edge) -> int:
    """Give the level of an edge, kept within the scale."""
    return min(max(edge.level, 0), len(LEVELS) - 1)


def level_words(edges: Iterable[Edge]) -> tuple[str, ...]:
    """Give the words of each level: those of the edges where there are any."""
    found = {(level_of(edge), edge.level_label) for edge in edges if edge.level_label}
    words = dict(sorted(found, reverse=True))
    return tuple(words.get(level, word) for level, word in enumerate(LEVELS))


def trial_words(trials: Sequence[TrialEvidence]) -> tuple[str, str]:
    """Give how many studies measured it, and which."""
    names = {trial.study: trial.study_label for trial in trials}
    done = {trial.study for trial in trials if trial.finding != "planned"}
    planned = names.keys() - done
    words = [f"{len(done)} {'study' if len(done) == 1 else 'studies'} measured this"] if done else []
    words += [f"{len(planned)} planned"] if planned else []
    order = sorted(names, key=lambda study: (study in planned, names[study], study))
    return "; ".join(words), ", ".join(names[study] for study in order)


def draw(layout: Layout, *, title: str = "", footer: str = "") -> str:
    """Draw a layout."""
    name = title or "Mechanism network"
    width, height = layout.width, layout.height + LEGEND + (18 if footer else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" '
        f'height="{_n(height)}" role="group" aria-label="{safe(name)}" font-family="sans-serif" '
        f'font-size="11.5" fill="{INK}">',
        f"<title>{safe(name)}</title>",
        f'<rect class="paper" width="{_n(width)}" height="{_n(height)}" fill="#ffffff"/>',
        _text(12, 22, _fit(shown(name), (width - 24) / 15), size=15, weight="bold"),
        *_headings(layout),
        *(_line(line) for line in sorted(layout.lines, key=_back_to_front)),
        *(_box(box) for box in layout.boxes),
        *(_chip(chip) for chip in layout.chips),
        *_legend(layout),
    ]
    if not layout.boxes:
        parts.append(_text(12, 110, "Nothing to draw: the network has no nodes.", size=13))
    if footer:
        parts.append(_text(12, height - 8, footer, size=9.5, colour=QUIET))
    return "\n".join(parts) + "\n</svg>\n"


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _text(
    x: float, y: float, text: str, *, size: float = 11.5, weight: str = "", anchor: str = "", colour: str = ""
) -> str:
    extra = f' font-weight="{weight}"' * bool(weight) + f' text-anchor="{anchor}"' * bool(anchor)
    extra += f' fill="{colour}"' * bool(colour)
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{extra}>{safe(text)}</text>'


def _ems(text: str) -> float:
    return fsum(  # the built-in sum rounds otherwise from Python 3.12 on, and the picture would change with it
        NARROW.get(char) or WIDE.get(char) or (1.0 if ord(char) > 0x2E7F else 0.7 if char.isupper() else 0.62)
        for char in text
    )


def _fit(text: str, ems: float) -> str:
    """Cut a text that is wider than so many ems, with an ellipsis."""
    if _ems(text) <= ems:
        return text
    while text and _ems(text) + 1 > ems:
        text = text[:-1]
    return text.rstrip() + "…"


def _two_lines(label: str, ems: float) -> list[str]:
    """Break a label between words where the two lines are most alike; what does not fit is cut."""
    if _ems(label) <= ems:
        return [label]
    breaks = [place + (char in "/-") for place, char in enumerate(label) if char in " /-"]
    fits = [place for place in breaks if _ems(label[:place]) <= ems]
    if not fits:
        return [_fit(label, ems)]
    place = min(fits, key=lambda place: (max(_ems(label[place:].strip()), _ems(label[:place])), place))
    place = place if _ems(label[place:].strip()) <= ems else fits[-1]
    return [label[:place].strip(), _fit(label[place:].strip(), ems)]


def _headings(layout: Layout) -> Iterator[str]:
    for rank, (words, x) in enumerate(layout.headings):
        yield f'<rect x="{_n(x)}" y="38" width="{_n(BOX[0])}" height="4" fill="{STROKES[rank]}"/>'
        yield _text(x + BOX[0] / 2, 57, words, size=12, weight="bold", anchor="middle")
    x, bottom = layout.rule, _n(layout.height)
    yield f'<path d="M{_n(x)} 38V{bottom}" stroke="{QUIET}" stroke-width="0.8" fill="none"/>'
    yield f'<rect x="{_n(x + 15)}" y="38" width="{_n(CHIP[0])}" height="4" fill="{QUIET}"/>'
    yield _text(x + 15 + CHIP[0] / 2, 57, "Trial evidence", size=12, weight="bold", anchor="middle")
    note = "about the term named, not the steps to it"
    yield _text(x + 15 + CHIP[0] / 2, 70, note, size=9, anchor="middle", colour=QUIET)


def _back_to_front(line: Line) -> tuple[bool, int, Point, Point, str]:
    marked = line.edge.status.casefold() not in ("accepted", "hypothesised")
    return marked, -level_of(line.edge), line.points[0], line.points[-1], line.edge.iri


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


def _line(line: Line) -> str:
    edge, points, status = line.edge, line.points, line.edge.status.casefold()
    colour, width = STROKES[line.rank], WIDTHS[level_of(edge)]
    (x, y), before = points[-1], points[-2][0]
    way = 1 if x > before else -1  # the last stretch is level, to the right or to the left
    strength = edge.level_label or LEVELS[level_of(edge)]
    words = f"{edge.statement or edge.relation_label} [{edge.status}; {strength}]"
    dashes = DASHES.get(status, DASHES["disputed"])  # a status that is not known is not drawn as accepted
    dash = f' stroke-dasharray="{dashes}"' * bool(dashes)
    head = _head(x, y, way, edge.sign, width, colour)
    end = (x - way * (3 if edge.sign < 0 else 7 if edge.sign > 0 else 1), y)
    path = _path([*points[:-1], end], arc=line.arc)
    sign = MARKS.get(status, "" if status in DASHES else "?")
    mark = _mark(_middle(line), sign, colour) if sign else ""
    return (
        f'<g class="edge" data-iri="{safe(edge.iri)}"><title>{safe(words)}</title>'
        f'<path class="wire" d="{path}" fill="none" stroke="{colour}" stroke-width="{_n(width)}"{dash}/>'
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
    return circle + _text(at[0], at[1] + 3.5, sign, size=10, weight="bold", anchor="middle")


def _box(box: Box) -> str:
    node, (width, height) = box.node, BOX
    label = shown(node.label or node.curie or node.iri)
    size = 11.5 if "…" not in "".join(_two_lines(label, (width - 8) / 11.5)) else 10.2
    lines = _two_lines(label, (width - 8) / size)
    first = box.y + height / 2 + (4 if len(lines) == 1 else -2.5)
    title = f"{node.label} ({node.kind}; {node.curie or node.iri})"
    return (
        f'<g class="node" data-iri="{safe(node.iri)}" data-column="{box.rank}" tabindex="0" role="button" '
        f'aria-label="{safe(f"{node.label}, {COLUMNS[box.rank]}")}"><title>{safe(title)}</title>'
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(width)}" height="{_n(height)}" rx="5" '
        f'fill="{FILLS[box.rank]}" stroke="{STROKES[box.rank]}" stroke-width="1.4"/>'
        + "".join(
            _text(box.x + width / 2, first + 13 * place, line, size=size, anchor="middle")
            for place, line in enumerate(lines)
        )
        + "</g>"
    )


def _chip(chip: Chip) -> str:
    node, colour = chip.box.node, STROKES[chip.box.rank]
    counted, names = trial_words(chip.trials)
    results = Counter(f"{trial.study_label}: {trial.what}, {trial.finding}" for trial in chip.trials)
    title = f"{node.label}: {counted}. " + "; ".join(sorted(results))
    fits = (CHIP[0] - 16) / 10
    return (
        f'<g class="chip" data-node="{safe(node.iri)}" tabindex="0" role="button" '
        f'aria-label="{safe(f"Trial evidence: {node.label}: {counted}")}"><title>{safe(title)}</title>'
        f'<rect x="{_n(chip.x)}" y="{_n(chip.y)}" width="{_n(CHIP[0])}" height="{_n(CHIP[1])}" '
        f'fill="#ffffff" stroke="{QUIET}" stroke-width="0.8"/>'
        f'<rect x="{_n(chip.x)}" y="{_n(chip.y)}" width="4" height="{_n(CHIP[1])}" fill="{colour}"/>'
        + _text(chip.x + 10, chip.y + 14, _fit(shown(node.label), fits * 0.9), size=10.5, weight="bold")
        + _text(chip.x + 10, chip.y + 28, counted, size=10)
        + _text(chip.x + 10, chip.y + 41, _fit(shown(names), fits), size=10, colour=QUIET)
        + "</g>"
    )


def _legend(layout: Layout) -> Iterator[str]:
    yield '<g class="legend">'
    y = layout.height + 12
    yield _text(12, y + 4, "Width: strongest evidence", size=10.5, weight="bold")
    x, words = 170.0, level_words(line.edge for line in layout.lines)
    for level, width in enumerate(WIDTHS):
        yield f'<path d="M{_n(x)} {_n(y)}h34" stroke="{INK}" stroke-width="{_n(width)}"/>'
        label = f"{level} {_fit(shown(words[level]), 15)}"
        yield _text(x + 40, y + 4, label, size=10.5)
        x += 60 + _ems(label) * 10.5
    y += 24
    yield _text(12, y + 4, "End and dash: what is said", size=10.5, weight="bold")
    x = 170.0
    for label, sign, status in SIGNS:
        dash = f' stroke-dasharray="{DASHES[status]}"' if status else ""
        yield f'<path d="M{_n(x)} {_n(y)}h{31 if status else 28}" stroke="{INK}" stroke-width="1.8"{dash}/>'
        yield _mark((x + 17, y), MARKS[status], INK) if status in MARKS else ""
        yield _head(x + 34, y, 1, sign, 1.8, INK) if not status else ""
        yield _text(x + 40, y + 4, label, size=10.5)
        x += 60 + _ems(label) * 10.5
    note = "Colour: column of the subject. Trial evidence stands beside the term it measured; "
    note += "no step of a path inherits it."
    yield _text(12, y + 26, note, size=10.5, colour=QUIET) + "</g>"
