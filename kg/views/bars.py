"""The answer of a question as bars: one a label, parted by group, the longest first.

A bar is as long as a number of the answer (`value`), or as the count of distinct values of a column (`count`).
"""

from __future__ import annotations

from collections import defaultdict

from kg.views.axis import fit_axis
from kg.views.figure import SIZE, SMALL, Figure, Key
from kg.views.lettering import coordinate as _n
from kg.views.lettering import fit, text_at, width_of
from kg.views.query_answer import SILENCE, Answer, caption_of, keep, numbers, plural, values
from kg.views.svg import FILLS, INK, QUIET, STROKES, safe

__all__ = ["MOST", "draw_bars"]

#: Bars that can still be read on one page.
MOST = 60
_LABEL, _TRACK, _ROW, _BAR = 330.0, 420.0, 20.0, 13.0
_OTHER = "other"


def _lengths(answer: Answer) -> dict[str, dict[str, float]]:
    """Give label -> group -> length."""
    labels, groups = values(answer, "label", shown=True), values(answer, "group", shown=True)
    found: dict[str, dict[str, float]] = defaultdict(dict)
    if "value" in answer.view:
        for label, group, number in zip(labels, groups, numbers(answer, "value"), strict=True):
            found[label][group] = found[label].get(group, 0.0) + number
        return found
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for label, group, counted in zip(labels, groups, values(answer, "count"), strict=True):
        found[label].setdefault(group, 0.0)
        if counted:
            seen[label, group].add(counted)
            found[label][group] = float(len(seen[label, group]))
    return found


def _groups(lengths: dict[str, dict[str, float]]) -> list[str]:
    """Give the groups by the alphabet; where there are more than colours, the smallest become one."""
    total: dict[str, float] = defaultdict(float)
    for parts in lengths.values():
        for group, length in parts.items():
            total[group] += length
    if len(total) <= len(FILLS):
        return sorted(total)
    largest = sorted(sorted(total), key=lambda group: -total[group])[: len(FILLS) - 1]
    for parts in lengths.values():
        for group in [each for each in parts if each not in largest]:
            parts[_OTHER] = parts.get(_OTHER, 0.0) + parts.pop(group)
    return [*sorted(set(largest) - {_OTHER}), _OTHER]


def _figure(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.2f}"


def draw_bars(answer: Answer) -> Figure:
    """Give the bars of an answer in their frame."""
    lengths = _lengths(answer)
    groups = _groups(lengths)
    order = sorted(lengths, key=lambda label: (-sum(lengths[label].values()), label.casefold(), label))
    drawn, left_out = keep(order, MOST)
    longest = max((sum(lengths[label].values()) for label in drawn), default=0.0)
    room = max((width_of(label or "not stated", SIZE) for label in drawn), default=0.0)
    start = min(room, _LABEL) + 10
    scale = fit_axis([0.0, longest or 1.0], [], log=False, width=_TRACK, width_of=lambda text: width_of(text, SMALL))
    unit = _TRACK / (longest or 1.0)
    marks, bottom = [], 22 + _ROW * len(drawn)
    whole = all(length == int(length) for parts in lengths.values() for length in parts.values())
    ticks = [
        (value, _figure(value))
        for value, _ in scale.ticks
        if 0 <= value <= longest and (not whole or value == int(value))
    ]
    for value, label in ticks:
        x = start + value * unit
        marks.append(f'<path d="M{_n(x)} 18V{_n(bottom)}" stroke="#d9dee3" stroke-width="1"/>')
        marks.append(text_at(x, 12, label, size=SMALL, anchor="middle", colour=QUIET))
    for place, label in enumerate(drawn):
        marks += _bar(label, lengths[label], groups, start, 22 + _ROW * place, unit)
    if not drawn:
        marks.append(text_at(0, 40, "The answer has no row.", size=SIZE))
        bottom = 50
    what = answer.view.get("value") or f"distinct {answer.view['count'].replace('_', ' ')}"
    heading = f"{what.removesuffix('_label').replace('_', ' ')} by {_words(answer, 'label')}"
    says = [f"Length: {heading}{', parted by ' + _words(answer, 'group') if 'group' in answer.view else ''}."]
    says += [left_out] if left_out else []
    says.append(f"A label that has no bar {SILENCE}.")
    named = [group for group in groups if len(groups) > 1 or group]
    legend = tuple(Key(_square(groups.index(group)), group or "not stated") for group in named)
    table = tuple((label or "not stated", *(_figure(lengths[label].get(g, 0.0)) for g in groups)) for label in order)
    told = "; ".join(f"{label or 'not stated'}: {_figure(sum(lengths[label].values()))}" for label in drawn)
    return Figure(
        title=answer.title,
        marks=marks,
        width=start + _TRACK + 40,
        height=bottom,
        caption=caption_of(answer, says, f"{plural(len(answer.rows), 'row')}, {plural(len(order), 'label')}"),
        words=f"Bars of {heading}: {told}.",
        legend=legend,
        columns=(_words(answer, "label"), *((group or what).replace("_", " ") for group in groups)),
        rows=table,
    )


def _words(answer: Answer, key: str) -> str:
    return answer.view[key].removesuffix("_label").replace("_", " ")


def _square(rank: int) -> str:
    return f'<rect x="-7" y="-5" width="14" height="10" fill="{FILLS[rank]}" stroke="{STROKES[rank]}"/>'


def _bar(label: str, parts: dict[str, float], groups: list[str], start: float, y: float, unit: float) -> list[str]:
    shown = fit(label or "not stated", min(_LABEL, start - 10), SIZE)
    marks = [text_at(start - 8, y + 11, shown, size=SIZE, anchor="end")]
    x = start
    for rank, group in enumerate(groups):
        if length := parts.get(group, 0.0):
            words = safe(f"{label}{': ' + group if group else ''}: {_figure(length)}")
            box = f'x="{_n(x)}" y="{_n(y)}" width="{_n(length * unit)}" height="{_n(_BAR)}"'
            look = f'fill="{FILLS[rank]}" stroke="{STROKES[rank]}" stroke-width="1.2"'
            marks.append(f"<g><title>{words}</title><rect {box} {look}/></g>")
            x += length * unit
    total = sum(parts.values())
    return [*marks, text_at(x + 5, y + 11, _figure(total), size=SMALL, colour=INK)]
