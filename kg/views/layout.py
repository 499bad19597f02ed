"""Network -> positions: fixed columns, ordered so that few lines cross, and lines that never run through a foreign box.

Pure geometry. How a box or a line looks is `kg.views.svg`'s business.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import fmean

from kg.network import Edge, Network, Node, TrialEvidence

__all__ = ["BOX", "CHIP", "COLUMNS", "WIDTHS", "Box", "Chip", "Layout", "Line", "Point", "lay_out"]

Point = tuple[float, float]
Key = tuple[object, ...]  # of a slot: ("box", place in `boxes`) or ("channel", rank, what its lines have in common)

COLUMNS = ("Cell source", "Factor and receptor", "Pathway", "Mechanism", "Outcome", "Unplaced")
BOX = (142.0, 32.0)
CHIP = (192.0, 48.0)
WIDTHS = (0.7, 1.0, 1.8, 2.8, 4.2, 6.0)  # px for levels 0 to 5
GAP = 82.0  # between two columns; all bends are in here
MARGIN, TOP = 12.0, 74.0
RULE = 30.0  # from the last column to the rule, and half as much again to the chips
SWEEPS = 12
WALK_LIMIT = 220  # slots in a column above which the costly ordering step is left out


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
    arc: bool  # both ends in one column


@dataclass(frozen=True, slots=True)
class Chip:
    """All trial evidence of one node, folded, with the top left corner of the chip."""

    node: Node
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


def lay_out(network: Network) -> Layout:
    """Place a network; the order of its nodes, edges and trials makes no difference."""
    nodes = _all_nodes(network)
    edges = sorted(set(network.edges), key=lambda edge: (edge.subject, edge.object, edge.iri, repr(edge)))
    rank_of = {node.iri: _rank(node) for node in nodes}
    routes = {edge: _route(edge, rank_of) for edge in edges}
    columns: list[list[Key]] = [[] for _ in range(max([4, *rank_of.values()]) + 1)]
    for node in nodes:
        columns[rank_of[node.iri]].append(("box", node.iri))
    for key in dict.fromkeys(key for route in routes.values() for key in route if key[0] == "channel"):
        columns[int(str(key[1]))].append(key)
    links = sorted({link for route in routes.values() for link in pairwise(route)}, key=repr)
    neighbours: dict[Key, list[Key]] = defaultdict(list)
    for low, high in links:
        neighbours[low].append(high)
        neighbours[high].append(low)
    columns = _ordered(columns, links)
    centre, height = _settle(columns, neighbours)
    left = [MARGIN + rank * (BOX[0] + GAP) for rank in range(len(columns))]
    boxes = tuple(
        Box(node, rank_of[node.iri], left[rank_of[node.iri]], centre["box", node.iri] - BOX[1] / 2)
        for node in sorted(nodes, key=lambda node: (rank_of[node.iri], centre["box", node.iri]))
    )
    rule = left[-1] + BOX[0] + RULE
    chips, chips_end = _chips(network.trials, boxes, rule + RULE / 2, height)
    return Layout(
        boxes=boxes,
        lines=_lines(routes, centre, left, rank_of),
        chips=chips,
        headings=tuple(zip(COLUMNS, left, strict=False)),
        rule=rule,
        width=rule + RULE / 2 + CHIP[0] + MARGIN,
        height=max(TOP + height, chips_end) + MARGIN,
    )


def _inversions(pairs: Sequence[tuple[float, float]]) -> int:
    return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for place, a in enumerate(pairs) for b in pairs[place + 1 :])


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
    return sorted(by_iri.values(), key=lambda node: (_rank(node), node.label.casefold(), node.label, node.iri))


def _route(edge: Edge, rank_of: Mapping[str, int]) -> tuple[Key, ...]:
    """Give the slots an edge passes, from the lower column to the higher.

    Lines that look the same and leave the same box share the channels through the columns between.
    """
    forward = rank_of[edge.subject] <= rank_of[edge.object]
    low, high = (edge.subject, edge.object) if forward else (edge.object, edge.subject)
    if rank_of[low] == rank_of[high]:
        return ()
    look = (low, forward, edge.status, edge.level, 0 if forward else edge.sign)
    between = range(rank_of[low] + 1, rank_of[high])
    return (("box", low), *(("channel", rank, look) for rank in between), ("box", high))


def _ordered(columns: list[list[Key]], links: Sequence[tuple[Key, Key]]) -> list[list[Key]]:
    """Order each column by barycentre sweeps and adjacent exchange, keeping the best order seen."""
    to_right: dict[Key, list[Key]] = defaultdict(list)
    to_left: dict[Key, list[Key]] = defaultdict(list)
    for low, high in links:
        to_right[low].append(high)
        to_left[high].append(low)
    best, fewest = columns, _crossings(columns, links)
    for start in (columns, [column[::-1] for column in columns]):
        order = [list(column) for column in start]
        for sweep in range(SWEEPS):
            forth = sweep % 2 == 0
            toward = to_left if forth else to_right
            for rank in range(len(order)) if forth else reversed(range(len(order))):
                place = _places(order)
                weight = {
                    key: fmean(place[near] for near in toward[key]) if toward[key] else place[key]
                    for key in order[rank]
                }
                order[rank].sort(key=weight.__getitem__)
            if sweep >= SWEEPS // 2:
                for rank in range(len(order)):
                    place = _places(order)
                    _exchange(order[rank], [to_left, to_right], place)
            crossings = _crossings(order, links)
            if crossings < fewest:
                best, fewest = [list(column) for column in order], crossings
    for _ in range(SWEEPS):
        for rank in range(len(best)):
            _exchange(best[rank], [to_left, to_right], _places(best))
    return best


def _places(order: Iterable[Sequence[Key]]) -> dict[Key, float]:
    return {key: (place + 0.5) / len(column) for column in order for place, key in enumerate(column)}


def _crossings(order: Sequence[Sequence[Key]], links: Sequence[tuple[Key, Key]]) -> int:
    place, rank_of = _places(order), {key: rank for rank, column in enumerate(order) for key in column}
    gaps: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for low, high in links:
        gaps[rank_of[low]].append((place[low], place[high]))
    return sum(_inversions(pairs) for pairs in gaps.values())


def _exchange(column: list[Key], sides: Sequence[Mapping[Key, list[Key]]], place: Mapping[Key, float]) -> None:
    """Walk each slot through its column by adjacent exchanges and leave it where the fewest lines cross."""
    if len(column) > WALK_LIMIT:
        return
    ends = {key: [[place[near] for near in side.get(key, ())] for side in sides] for key in column}

    def gain(upper: Key, lower: Key) -> int:
        return sum(
            (a > b) - (a < b)
            for above, below in zip(ends[upper], ends[lower], strict=True)
            for a in above
            for b in below
        )

    for key in list(column):
        start = column.index(key)
        up = accumulate((gain(other, key) for other in reversed(column[:start])), initial=0)
        down = accumulate((gain(key, other) for other in column[start + 1 :]), initial=0)
        moves = [(-total, step, start - step) for step, total in enumerate(up)]
        moves += [(-total, step, start + step) for step, total in enumerate(down)]
        column.insert(min(moves)[2], column.pop(start))


def _settle(columns: Sequence[Sequence[Key]], near: Mapping[Key, Sequence[Key]]) -> tuple[dict[Key, float], float]:
    """Give each slot the y of its middle, near its neighbours' and apart from the next, and the height of it all."""
    gaps = [[(_size(a) + _size(b)) / 2 for a, b in pairwise([None, *column, None])] for column in columns]
    height = max(sum(steps) for steps in gaps)
    centre: dict[Key, float] = {}
    for column, steps in zip(columns, gaps, strict=True):
        slack = (height - sum(steps)) / (len(column) + 1)
        centre |= zip(column, (TOP + y + slack * (n + 1) for n, y in enumerate(accumulate(steps))), strict=False)
    for sweep in range(SWEEPS):
        for rank in range(len(columns)) if sweep % 2 == 0 else reversed(range(len(columns))):
            wanted = [fmean(centre[other] for other in near.get(key, (key,))) for key in columns[rank]]
            centre |= zip(columns[rank], _apart(wanted, gaps[rank], height), strict=True)
    return centre, height


def _size(key: Key | None) -> float:
    """Give the room of a slot with half the space to the next; None is the border."""
    return 0.0 if key is None else BOX[1] + 14 if key[0] == "box" else 11.0


def _apart(wanted: Sequence[float], gaps: Sequence[float], height: float) -> list[float]:
    """Give the places nearest (least squares) to the wanted ones that keep order, gaps and the total height."""
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
    routes: Mapping[Edge, tuple[Key, ...]],
    centre: Mapping[Key, float],
    left: Sequence[float],
    rank_of: Mapping[str, int],
) -> tuple[Line, ...]:
    """Bend the routes: each line has its own port on a box, in the order of where it comes from or goes to."""
    ports: dict[tuple[str, bool], dict[tuple[float, float, Key], None]] = defaultdict(dict)
    ends: dict[Edge, list[tuple[tuple[str, bool], tuple[float, float, Key]]]] = {}
    for number, (edge, route) in enumerate(routes.items()):
        keys = route or (("box", edge.subject), ("box", edge.object))
        first, last = str(keys[0][1]), str(keys[-1][1])
        out_key = keys[1] if keys[1][0] == "channel" else ("edge", number)
        loop = 1.0 if route else -1.0  # the two ends of a loop stand apart
        start = ((first, True), (centre[keys[1]], loop * number, out_key))
        stop = ((last, not route), (centre[keys[-2]], float(number), ("edge", number)))
        ends[edge] = [start, stop]
        for side, port in (start, stop):
            ports[side][port] = None
    at: dict[tuple[tuple[str, bool], tuple[float, float, Key]], Point] = {}
    for side, wanted in ports.items():
        order = sorted(wanted, key=lambda port: port[:2])
        step = min(7.0, (BOX[1] - 6) / max(len(order) - 1, 1))
        x = left[rank_of[side[0]]] + (BOX[0] if side[1] else 0)
        for place, port in enumerate(order):
            at[side, port] = (x, round(centre["box", side[0]] + (place - (len(order) - 1) / 2) * step, 2))
    lanes: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    lines = []
    for edge in sorted(routes, key=lambda edge: abs(centre["box", edge.subject] - centre["box", edge.object])):
        (x1, y1), (x2, y2) = (at[end] for end in ends[edge])
        if routes[edge]:
            bends = [
                (x, centre[key])
                for key in routes[edge][1:-1]
                for x in (left[int(str(key[1]))], left[int(str(key[1]))] + BOX[0])
            ]
        else:
            used = lanes[rank_of[edge.subject]]
            top, bottom = min(y1, y2), max(y1, y2)
            lane = min(set(range(len(used) + 1)) - {n for a, b, n in used if a < bottom and top < b})
            used.append((top, bottom, lane))
            bends = [(x1 + min(18.0 + 8 * lane, GAP - 14), y) for y in (y1, y2)]
        points = ((x1, y1), *bends, (x2, y2))
        backward = rank_of[edge.subject] > rank_of[edge.object]
        lines.append(Line(edge, points[::-1] if backward else points, not routes[edge]))
    return tuple(sorted(lines, key=lambda line: (line.points[0], line.points[-1], line.edge.iri)))


def _chips(
    trials: Iterable[TrialEvidence], boxes: Sequence[Box], x: float, height: float
) -> tuple[tuple[Chip, ...], float]:
    """Fold the trial evidence of each node into a chip as level with its box as the other chips let it be."""
    of_node: dict[str, list[TrialEvidence]] = defaultdict(list)
    for trial in sorted(set(trials), key=repr):
        of_node[trial.node].append(trial)
    measured = sorted((box for box in boxes if box.node.iri in of_node), key=lambda box: (box.y, -box.rank))
    size = CHIP[1] + 8
    gaps = [size / 2, *[size] * (len(measured) - 1), size / 2]
    height = max(height, sum(gaps))
    places = _apart([box.y + BOX[1] / 2 for box in measured], gaps, height)
    chips = tuple(
        Chip(box.node, tuple(of_node[box.node.iri]), x, y - CHIP[1] / 2)
        for box, y in zip(measured, places, strict=True)
    )
    return chips, TOP + height if chips else 0.0
