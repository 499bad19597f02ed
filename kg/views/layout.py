"""Network -> positions: fixed columns, few crossings, and no line through a foreign box.

Pure geometry. How a box or a line looks is `kg.views.svg`'s business.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import fmean
from typing import NamedTuple

from kg.network import Edge, Network, Node, TrialEvidence, is_hypothesis

__all__ = ["BOX", "CHIP", "COLUMNS", "WIDTHS", "Box", "Chip", "Layout", "Line", "Point", "lay_out"]

Point = tuple[float, float]
Columns = list[list["Slot"]]

COLUMNS = ("Cell or intervention", "Factor and receptor", "Pathway", "Mechanism", "Outcome", "Unplaced")
BOX = (150.0, 40.0)
CHIP = (216.0, 68.0)
WIDTHS = (0.7, 1.0, 1.6, 2.4, 3.4, 4.8, 6.4)  # px for levels 0 to 6
GAP = 62.0  # between two columns: all bends are in here
MARGIN, TOP = 12.0, 74.0
RULE = 30.0  # from the last column to the rule, and half as much again to the chips
SWEEPS = 6
WALK_LIMIT = 160  # slots in a column, above which the costly exchange step is left out


@dataclass(frozen=True, slots=True)
class Box:
    """A node with the top left corner of its box."""

    node: Node
    rank: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """An edge with its bend points, from the subject's border to the object's."""

    edge: Edge
    points: tuple[Point, ...]
    rank: int  # of the subject
    arc: bool  # both ends in one column
    beyond: bool = False  # from a cell or treatment straight to an outcome, past every mechanism


@dataclass(frozen=True, slots=True)
class Chip:
    """All trial evidence of one node, folded, with the top left corner of the chip."""

    box: Box
    trials: tuple[TrialEvidence, ...]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands. `rule` is the x of the line that separates the trial evidence."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    chips: tuple[Chip, ...]
    headings: tuple[tuple[str, float], ...]  # words and left x
    rule: float
    width: float
    height: float
    supposed: frozenset[str] = frozenset()  # terms that only hypotheses touch


class Slot(NamedTuple):
    """A place in a column: a box, or (with a look) the channel of lines that look alike and share an end."""

    rank: int
    iri: str
    look: tuple[object, ...] = ()


def lay_out(network: Network) -> Layout:
    """Place a network; the order of its nodes, edges and trials makes no difference."""
    nodes = _all_nodes(network)
    ranks = {node.iri: _rank(node) for node in nodes}
    edges = sorted(set(network.edges), key=lambda edge: (edge.subject, edge.object, edge.iri, repr(edge)))
    routes = {edge: _route(edge, ranks) for edge in edges}
    columns: Columns = [[] for _ in range(6 if 5 in ranks.values() else 5)]
    boxes = (Slot(ranks[node.iri], node.iri) for node in nodes)
    for slot in dict.fromkeys([*boxes, *(slot for route in routes.values() for slot in route)]):
        columns[slot.rank].append(slot)
    links = dict.fromkeys((min(link), max(link)) for route in routes.values() for link in pairwise(route))
    columns = _ordered(columns, list(links))
    centre, height = _settle(columns, list(links))
    left = [MARGIN + rank * (BOX[0] + GAP) for rank in range(len(columns))]
    node_of = {node.iri: node for node in nodes}
    placed = tuple(
        Box(node_of[slot.iri], rank, left[rank], centre[slot] - BOX[1] / 2)
        for rank, column in enumerate(columns)
        for slot in column
        if not slot.look
    )
    lines = _lines(routes, centre, left)
    rule = max([left[-1] + BOX[0] + RULE, *(x + 10 for line in lines for x, _ in line.points)])
    chips = _chips(network.trials, placed, rule + RULE / 2, height)
    return Layout(
        boxes=placed,
        lines=lines,
        chips=chips,
        headings=tuple(zip(_headings(nodes), left, strict=False)),
        rule=rule,
        width=rule + RULE / 2 + CHIP[0] + MARGIN,
        height=max([TOP + height, *(chip.y + CHIP[1] for chip in chips)]) + MARGIN,
        supposed=_supposed(network),
    )


def _headings(nodes: Iterable[Node]) -> tuple[str, ...]:
    """Give the words over the columns; the last one holds what has no place in a chain, most often tissues."""
    kinds = {node.kind for node in nodes if _rank(node) == 5}
    return (*COLUMNS[:5], "Tissue" if kinds and kinds <= {"anatomy", "tissue"} else COLUMNS[5])


def _supposed(network: Network) -> frozenset[str]:
    ends: dict[bool, set[str]] = {True: set(), False: {trial.node for trial in network.trials}}
    for edge in network.edges:
        ends[is_hypothesis(edge)] |= {edge.subject, edge.object}
    return frozenset(ends[True] - ends[False])


def _rank(node: Node) -> int:
    return node.column if 0 <= node.column < 5 else 5


def _all_nodes(network: Network) -> list[Node]:
    """Give each node once, and an unplaced one for every end of an edge or trial that has no node."""
    by_iri: dict[str, Node] = {}
    for node in sorted(network.nodes, key=repr):
        by_iri.setdefault(node.iri, node)
    ends = [iri for edge in network.edges for iri in (edge.subject, edge.object)]
    for iri in ends + [trial.node for trial in network.trials]:
        by_iri.setdefault(iri, Node(iri, "", iri.rstrip("/#").rpartition("/")[2] or iri, "unknown term", 9))
    return sorted(by_iri.values(), key=lambda node: (node.label.casefold(), node.label, node.iri))


def _route(edge: Edge, ranks: Mapping[str, int]) -> tuple[Slot, ...]:
    """Give the slots from subject to object; only lines that look alike and share an end share channels."""
    start, end = Slot(ranks[edge.subject], edge.subject), Slot(ranks[edge.object], edge.object)
    if start.rank <= end.rank:
        look = (edge.subject, "out", edge.status, edge.level, 0)
        between = range(start.rank + 1, end.rank)
    else:
        look = (edge.object, "in", edge.status, edge.level, edge.sign)
        between = range(start.rank - 1, end.rank, -1)
    return (start, *(Slot(rank, look[0], look) for rank in between), end)


def _ordered(columns: Columns, links: Sequence[tuple[Slot, Slot]]) -> Columns:
    """Order each column by barycentre sweeps and adjacent exchange; give the best order seen."""
    near = _neighbours(links)
    best, fewest = columns, _crossings(columns, links)
    for first in (0, 1):
        order = [list(column) for column in columns]
        for sweep in range(first, 2 * SWEEPS + first):
            ranks = range(len(order))
            for rank in ranks if sweep % 2 == 0 else reversed(ranks):
                place = _places(order)
                if sweep < SWEEPS:
                    back = 1 if sweep % 2 else -1
                    weight = dict.fromkeys(order[rank], 0.0)
                    for slot in order[rank]:
                        ends = [place[other] for other in near[slot] if (other.rank - rank) * back > 0]
                        weight[slot] = fmean(ends or [place[slot]])
                    order[rank].sort(key=weight.__getitem__)
                if sweep >= SWEEPS // 2 and len(order[rank]) <= WALK_LIMIT:
                    _exchange(order[rank], near, place)
            crossings = _crossings(order, links)
            if crossings < fewest:
                best, fewest = [list(column) for column in order], crossings
    return best


def _neighbours(links: Iterable[tuple[Slot, Slot]]) -> dict[Slot, list[Slot]]:
    near: dict[Slot, list[Slot]] = defaultdict(list)
    for low, high in links:
        near[low].append(high)
        near[high].append(low)
    return near


def _places(columns: Columns) -> dict[Slot, float]:
    return {slot: (place + 0.5) / len(column) for column in columns for place, slot in enumerate(column)}


def _crossings(columns: Columns, links: Iterable[tuple[Slot, Slot]]) -> int:
    """Count crossings between columns, and of an arc with the lines that leave the boxes it spans."""
    place = _places(columns)
    gaps: dict[int, list[tuple[float, float]]] = defaultdict(list)
    arcs: dict[int, list[list[float]]] = defaultdict(list)
    for low, high in links:
        if low.rank == high.rank:
            arcs[low.rank].append(sorted((place[low], place[high])))
        else:
            gaps[low.rank].append((place[low], place[high]))
    crossings = 0
    for rank, spans in arcs.items():
        crossings += sum(top < y < bottom for top, bottom in spans for y, _ in gaps[rank])
    for pairs in gaps.values():
        crossings += sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for n, a in enumerate(pairs) for b in pairs[:n])
    return crossings


def _exchange(column: list[Slot], near: Mapping[Slot, Sequence[Slot]], place: Mapping[Slot, float]) -> None:
    """Walk each slot through its column by adjacent exchanges and leave it where the fewest lines cross."""
    sides = {
        slot: [sorted(place[o] for o in near.get(slot, ()) if o.rank - slot.rank == step) for step in (-1, 1)]
        for slot in column
    }
    arcs = {slot: [o for o in near.get(slot, ()) if o.rank == slot.rank] for slot in column}

    def gain(upper: Slot, lower: Slot, still: Slot) -> int:
        """Count the crossings gone when two neighbours change places; `still` is the one not walking."""
        crossings = 0
        for above, below in zip(sides[upper], sides[lower], strict=True):
            crossings += sum(bisect_left(below, a) + bisect_right(below, a) - len(below) for a in above)
        for one, other, way in ((upper, lower, 1), (lower, upper, -1)):
            if arcs[one] and sides[other][1]:
                others = (at[end] - at[still] for end in arcs[one] if end not in (one, other))
                crossings += way * sum((step > 0) - (step < 0) for step in others) * len(sides[other][1])
        return crossings

    for slot in list(column):
        at = {other: number for number, other in enumerate(column)}
        start = at[slot]
        up = accumulate((gain(other, slot, other) for other in reversed(column[:start])), initial=0)
        down = accumulate((gain(slot, other, other) for other in column[start + 1 :]), initial=0)
        moves = [(-total, step, start - step) for step, total in enumerate(up)]
        moves += [(-total, step, start + step) for step, total in enumerate(down)]
        column.insert(min(moves)[2], column.pop(start))


def _settle(columns: Columns, links: Iterable[tuple[Slot, Slot]]) -> tuple[dict[Slot, float], float]:
    """Give each slot the y of its middle, near its neighbours' and apart from the next, and the height."""
    near = _neighbours(link for link in links if link[0].rank != link[1].rank)
    gaps = [[(_size(a) + _size(b)) / 2 for a, b in pairwise([None, *column, None])] for column in columns]
    height = max(sum(steps) for steps in gaps)
    centre: dict[Slot, float] = {}
    for column, steps in zip(columns, gaps, strict=True):
        slack = (height - sum(steps)) / (len(column) + 1)
        centre |= zip(column, (TOP + y + slack * n for n, y in enumerate(accumulate(steps), 1)), strict=False)
    for sweep in range(2 * SWEEPS):
        ranks = range(len(columns))
        for rank in ranks if sweep % 2 == 0 else reversed(ranks):
            wanted = [fmean(centre[other] for other in near.get(slot) or [slot]) for slot in columns[rank]]
            centre |= zip(columns[rank], _apart(wanted, gaps[rank], height), strict=True)
    return centre, height


def _size(slot: Slot | None) -> float:
    """Give the room of a slot with half the space to the next; None is the border."""
    return 0.0 if slot is None else 11.0 if slot.look else BOX[1] + 14


def _apart(wanted: Sequence[float], gaps: Sequence[float], height: float) -> list[float]:
    """Give the places nearest (least squares) to the wanted ones that keep order, gaps and total height."""
    shifts = [TOP + shift for shift in accumulate(gaps)]
    blocks: list[list[float]] = []
    for want, shift in zip(wanted, shifts, strict=False):
        block = [want - shift]
        while blocks and fmean(blocks[-1]) >= fmean(block):
            block = blocks.pop() + block
        blocks.append(block)
    free = [min(max(fmean(block), 0.0), height - sum(gaps)) for block in blocks for _ in block]
    return [round(place + shift, 2) for place, shift in zip(free, shifts, strict=False)]


def _lines(
    routes: Mapping[Edge, Sequence[Slot]], centre: Mapping[Slot, float], left: Sequence[float]
) -> tuple[Line, ...]:
    """Bend the routes. Lines that look alike share a port on a box; ports stand in the order of the ends."""
    ports: dict[tuple[Slot, bool], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    ends: dict[Edge, list[tuple[tuple[Slot, bool], str]]] = {}
    parallel: dict[tuple[str, str], int] = defaultdict(int)
    for edge, route in routes.items():
        parallel[edge.subject, edge.object] += 1
        start, stop = route[0], route[-1]
        head = ("in", edge.status, edge.level, edge.sign, start.rank, parallel[edge.subject, edge.object])
        ends[edge] = [
            ((start, start.rank <= stop.rank), repr(("out", edge.status, edge.level))),
            ((stop, start.rank >= stop.rank), repr(head)),
        ]
        for (side, port), other in zip(ends[edge], (route[1], route[-2]), strict=True):
            ports[side][port].append(centre[other])
    at: dict[tuple[tuple[Slot, bool], str], Point] = {}
    for side, wanted in ports.items():
        step = min(7.0, (BOX[1] - 6) / max(len(wanted) - 1, 1))
        first = centre[side[0]] - (len(wanted) - 1) / 2 * step
        for number, port in enumerate(sorted(wanted, key=lambda port: (fmean(wanted[port]), port))):
            at[side, port] = (left[side[0].rank] + side[1] * BOX[0], round(first + number * step, 2))
    lanes: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    lines = []
    spans = {edge: abs(centre[route[0]] - centre[route[-1]]) for edge, route in routes.items()}
    for edge, route in sorted(routes.items(), key=lambda item: spans[item[0]]):
        (x1, y1), (x2, y2) = (at[end] for end in ends[edge])
        rank, arc = route[0].rank, route[0].rank == route[-1].rank
        if arc:
            top, bottom = min(y1, y2), max(y1, y2)
            taken = {lane for above, below, lane in lanes[rank] if above < bottom and top < below}
            lane = min(set(range(len(taken) + 1)) - taken)
            lanes[rank].append((top, bottom, lane))
            bends = [(x1 + min(18.0 + 8 * lane, GAP - 14), y) for y in (y1, y2)]
        else:
            sides = [0.0, BOX[0]] if rank < route[-1].rank else [BOX[0], 0.0]
            bends = [(left[slot.rank] + side, centre[slot]) for slot in route[1:-1] for side in sides]
        beyond = (rank, route[-1].rank) == (0, 4)
        lines.append(Line(edge, ((x1, y1), *bends, (x2, y2)), rank, arc, beyond))
    return tuple(lines)


def _chips(
    trials: Iterable[TrialEvidence],
    boxes: Sequence[Box],
    x: float,
    height: float,
) -> tuple[Chip, ...]:
    """Fold the trial evidence of each node into a chip as level with its box as the other chips let it be."""
    of_node: dict[str, list[TrialEvidence]] = defaultdict(list)
    for trial in sorted(set(trials), key=repr):
        of_node[trial.node].append(trial)
    measured = sorted((box for box in boxes if box.node.iri in of_node), key=lambda box: (box.y, -box.rank))
    room = CHIP[1] + 8
    gaps = [room / 2, *[room] * (len(measured) - 1), room / 2]
    places = _apart([box.y + BOX[1] / 2 for box in measured], gaps, max(height, sum(gaps)))
    stands = zip(measured, places, strict=True)
    return tuple(Chip(box, tuple(of_node[box.node.iri]), x, y - CHIP[1] / 2) for box, y in stands)
