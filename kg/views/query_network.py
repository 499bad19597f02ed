"""The answer of a question as a network: boxes from left to right, a line for each pair, its colour the relation.

Places come from the layout of the mechanism network; the boxes stand in the order in which the lines run. A line says
what a row of the answer says and no more: width is drawn only where the header names a column for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.errors import InputError
from kg.network import Edge, Network, Node
from kg.views.figure import SIZE, Figure, Key
from kg.views.layout import BOX, TOP, WIDTHS, Box, Line, lay_out
from kg.views.lettering import coordinate as _n
from kg.views.lettering import text_at, width_of, wrap
from kg.views.query_answer import SILENCE, Answer, caption_of, numbers, plural, values
from kg.views.svg import DASHES, FILLS, STROKES, safe

__all__ = ["MOST", "draw_query_network"]

#: Boxes that can still be read in one picture.
MOST = 300
_RANKS = 5
_HEAD, _SMALL = 24.0, 11.0


@dataclass(frozen=True, slots=True)
class _Link:
    """What one or several rows say of two ends."""

    source: str
    target: str
    relation: str
    status: str
    width: float
    sign: float
    rows: int


def _links(answer: Answer) -> list[_Link]:
    found: dict[tuple[str, str, str, str], _Link] = {}
    widths = numbers(answer, "width")
    signs = numbers(answer, "sign")
    columns = (values(answer, "source"), values(answer, "target"), values(answer, "label", shown=True))
    statuses = values(answer, "status", shown=True)
    for source, target, relation, status, width, sign in zip(*columns, statuses, widths, signs, strict=True):
        if not source or not target:
            continue
        known = found.get((source, target, relation, status))
        most = max(width, known.width) if known else width
        found[source, target, relation, status] = _Link(
            source, target, relation, status, most, sign, known.rows + 1 if known else 1
        )
    return sorted(found.values(), key=lambda link: (link.source, link.target, link.relation, link.status))


def _ranks(links: Iterable[_Link]) -> dict[str, int]:
    """Give how far to the right each end stands: after all that lead to it, as far as there are columns."""
    links = list(links)
    rank = {end: 0 for link in links for end in (link.source, link.target)}
    for _ in range(_RANKS):
        for link in links:
            if link.source != link.target:
                rank[link.target] = max(rank[link.target], min(rank[link.source] + 1, _RANKS - 1))
    return rank


def draw_query_network(answer: Answer) -> Figure:
    """Give the network of an answer in its frame; raise `InputError` where it has too many boxes to be read."""
    links = _links(answer)
    rank = _ranks(links)
    if len(rank) > MOST:
        raise InputError(
            f"{answer.name}: {len(rank)} boxes are more than can be read (at most {MOST}); ask for less with -p, or "
            f"take the rows with `mechtrail query {answer.name} -f csv`"
        )
    label: dict[str, str] = {}
    for key in ("source", "target"):
        label |= dict(zip(values(answer, key), values(answer, key, shown=True), strict=True))
    nodes = tuple(Node(end, end, label[end], "", rank[end]) for end in sorted(rank))
    count = Counter(link.relation for link in links)
    relations = sorted(count, key=lambda relation: (-count[relation], relation))  # the rarest share the last colour
    edges = tuple(_edge(place, link) for place, link in enumerate(links))
    layout = lay_out(Network(nodes, edges))
    lift = TOP - _HEAD
    marks = [_line(line, links[int(line.edge.iri)], relations, lift, "width" in answer.view) for line in layout.lines]
    marks += [_box(box, lift) for box in layout.boxes]
    if not nodes:
        marks.append(text_at(0, 20, "The answer has no row with both ends.", size=SIZE))
    names = {key: answer.view[key].removesuffix("_label").replace("_", " ") for key in answer.view if key != "says"}
    if set(rank.values()) == {0, 1}:  # two columns, and each is what the header calls it
        first, second = (min(box.x for box in layout.boxes if box.rank == side) for side in (0, 1))
        heads = zip((first, second), (names["source"], names["target"]), strict=True)
        marks += [text_at(x + BOX[0] / 2, 14, word, size=SIZE, bold=True, anchor="middle") for x, word in heads]
    told = [f"{label[link.source]} {link.relation or 'to'} {label[link.target]}" for link in links]
    right = max([BOX[0], *(box.x + BOX[0] for box in layout.boxes), *(x for li in layout.lines for x, _ in li.points)])
    return Figure(
        title=answer.title,
        marks=marks,
        width=right + 20,
        height=max(layout.height - lift if nodes else 40.0, 40.0),
        caption=caption_of(
            answer,
            _says(answer, names, sum(1 for link in links if link.rows > 1)),
            f"{plural(len(answer.rows), 'row')}, {plural(len(rank), 'term')}, {plural(len(links), 'line')}",
        ),
        words=f"Network of {names['source']} and {names['target']}: {'; '.join(told)}.",
        legend=tuple(_legend(links, relations)),
        columns=(
            names["source"],
            names.get("label", "relation"),
            names["target"],
            names.get("status", "status"),
            "rows",
        ),
        rows=tuple((label[i.source], i.relation, label[i.target], i.status, str(i.rows)) for i in links),
    )


def _edge(place: int, link: _Link) -> Edge:
    """Give the link as the layout takes it; its number finds it again."""
    return Edge(
        iri=str(place),
        subject=link.source,
        relation=link.relation,
        relation_label=link.relation,
        object=link.target,
        status=f"{link.relation} {link.status}",  # lines share a channel only where they look alike
        level=min(max(int(link.width), 0), len(WIDTHS) - 1),
        level_label="",
        sign=int(link.sign),
        statement=f"{link.source} {link.relation} {link.target}",
    )


def _says(answer: Answer, names: dict[str, str], folded: int) -> list[str]:
    says = [f"Boxes: {names['source']} and {names['target']}, from left to right."]
    says += ["Width: " + names["width"] + "."] if "width" in answer.view else ["Width says nothing here."]
    says += [f"{plural(folded, 'line')} stand for several rows."] if folded else []
    return [*says, "A line is a row of the answer, not a path: two that meet are two statements.", _missing()]


def _missing() -> str:
    return f"A line that is missing {SILENCE}."


def _colour(relation: str, relations: Sequence[str]) -> str:
    return STROKES[min(relations.index(relation), len(STROKES) - 1)]


def _dash(status: str) -> str:
    return DASHES.get(status.casefold(), DASHES["disputed"]) if status else ""


def _legend(links: Sequence[_Link], relations: Sequence[str]) -> Iterable[Key]:
    if any(relations):
        shown = relations if len(relations) <= len(STROKES) else relations[: len(STROKES) - 1]
        for relation in shown:
            yield Key(_sample(_colour(relation, relations), ""), relation or "relation not stated")
        if len(relations) > len(shown):
            yield Key(_sample(STROKES[-1], ""), f"{len(relations) - len(shown)} other relations")
    for status in sorted({link.status for link in links if link.status}):
        yield Key(_sample("#1d2329", _dash(status)), status)


def _sample(colour: str, dash: str) -> str:
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="M-12 0H12" stroke="{colour}" stroke-width="2"{extra}/>'


def _box(box: Box, lift: float) -> str:
    width, height = BOX
    x, y, name = box.x, box.y - lift, box.node.label or box.node.curie
    lines = _two_lines(name, width - 8)
    first = y + height / 2 + (4 if len(lines) == 1 else -2.5)
    frame = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="5"'
    look = f'fill="{FILLS[box.rank]}" stroke="{STROKES[box.rank]}" stroke-width="1.4"'
    words = "".join(
        text_at(x + width / 2, first + 13 * place, line, size=_SMALL, anchor="middle")
        for place, line in enumerate(lines)
    )
    return f"<g><title>{safe(f'{name} ({box.node.curie})')}</title><rect {frame} {look}/>{words}</g>"


def _two_lines(name: str, room: float) -> list[str]:
    """Break a name into at most two lines; a word that no line holds is broken after a hyphen where it has one."""
    words = (word if width_of(word, _SMALL) <= room else word.replace("-", "- ") for word in name.split())
    lines = wrap(" ".join(words), room, _SMALL, most=2)
    return lines if "- " in name else [line.replace("- ", "-") for line in lines]


def _line(line: Line, link: _Link, relations: Sequence[str], lift: float, weighed: bool) -> str:
    colour = _colour(link.relation, relations)
    width = WIDTHS[line.edge.level] if weighed else 1.4
    points = [(x, y - lift) for x, y in line.points]
    (x, y), way = points[-1], 1 if points[-1][0] > points[-2][0] else -1
    stop = x - way * (3 if link.sign < 0 else 7)
    path = _path([*points[:-1], (stop, y)], line.arc)
    if link.sign < 0:
        head = f'<path d="M{_n(x - way * 2)} {_n(y - 5)}v10" stroke="{colour}" stroke-width="2.6"/>'
    else:
        back = f"{_n(x - way * 8)} {_n(y - 4)}L{_n(x)} {_n(y)}L{_n(x - way * 8)} {_n(y + 4)}Z"
        head = f'<path d="M{back}" fill="{colour}"/>'
    dash = f' stroke-dasharray="{_dash(link.status)}"' if _dash(link.status) else ""
    parts = (link.relation, link.status, plural(link.rows, "row"))
    title = safe("; ".join(part for part in parts if part))
    look = f'fill="none" stroke="{colour}" stroke-width="{_n(width)}"{dash}'
    return f'<g><title>{title}</title><path d="{path}" {look}/>{head}</g>'


def _path(points: Sequence[tuple[float, float]], arc: bool) -> str:
    (x, y), *rest = points
    if arc:
        bulge = x + (rest[0][0] - x) * 4 / 3
        x2, y2 = rest[-1]
        return f"M{_n(x)} {_n(y)}C{_n(bulge)} {_n(y)} {_n(bulge)} {_n(y2)} {_n(x2)} {_n(y2)}"
    path = f"M{_n(x)} {_n(y)}"
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = _n((x1 + x2) / 2)
        path += f"H{_n(x2)}" if y1 == y2 else f"C{middle} {_n(y1)} {middle} {_n(y2)} {_n(x2)} {_n(y2)}"
    return path
