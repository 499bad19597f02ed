"""A network of many terms -> one that can be read: terms with the same parent class in one column become one box.

Only for pictures. Every assertion stays in the tables; a folded line stands for several and says so. A line is as
strong as the strongest assertion in it and never joins assertions that say different things (status, sign).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.errors import InputError
from kg.network import Edge, Network, Node, TrialEvidence

__all__ = ["FOLD_ABOVE", "MOST_BOXES", "MOST_LINES", "TOO_MANY", "Folded", "fold"]

#: From so many terms on the boxes of an unfolded picture are too many to be read.
FOLD_ABOVE = 250
#: A folded picture has about so many boxes.
MOST_BOXES = 120
#: ... and so many lines. What speaks against an assertion is drawn first, then the strongest.
MOST_LINES = 250
#: Above this no page is made: the table alone would be larger than a browser shows at ease.
TOO_MANY = 3000
#: What names no kind of thing: a box of "material entities" would say nothing.
VAGUE = ("http://purl.obolibrary.org/obo/BFO_",)


@dataclass(frozen=True, slots=True)
class Folded:
    """The network to draw, and which box and which line stands for each term and assertion."""

    network: Network
    box_of: Mapping[str, str]
    line_of: Mapping[str, str]

    @property
    def is_folded(self) -> bool:
        """Say whether any box stands for several terms."""
        return any(iri != box for iri, box in self.box_of.items())


Group = tuple[int, str, str]  # column, IRI and label of what its terms have in common


def _groups(nodes: Iterable[Node]) -> Iterator[tuple[Group, list[Node]]]:
    """Give the groups of a column by parent, the largest first; a term is in one group only."""
    of_parent: dict[Group, list[Node]] = defaultdict(list)
    for node in nodes:
        for iri, label in node.parents:
            if not iri.startswith(VAGUE):
                of_parent[node.column, iri, label].append(node)
    taken: set[str] = set()
    for group, members in sorted(of_parent.items(), key=lambda item: (-len(item[1]), item[0])):
        left = [node for node in members if node.iri not in taken]
        if len(left) > 1:
            taken |= {node.iri for node in left}
            yield group, left


def _rest(network: Network, box_of: Mapping[str, str], most: int) -> Iterator[tuple[Group, list[Node]]]:
    """Give, of each column with too many boxes, the terms of all but its largest boxes, by kind."""
    members: dict[int, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for node in network.nodes:
        members[node.column][box_of[node.iri]].append(node)
    for column, boxes in sorted(members.items()):
        room = max(most // len(members), 2)
        if len(boxes) > room:
            order = sorted(boxes, key=lambda box: (-len(boxes[box]), box))
            of_kind: dict[str, list[Node]] = defaultdict(list)
            for box in order[room - 1 :]:
                for node in boxes[box]:
                    of_kind[node.kind].append(node)
            for kind, nodes in sorted(of_kind.items()):
                yield (column, f"kind:{kind}", f"other {kind}"), nodes


def _box(group: Group, members: Sequence[Node]) -> Node:
    column, iri, label = group
    names = sorted(node.label for node in members)
    definition = f"{len(members)} terms in one box: {'; '.join(names)}"
    kind = Counter(node.kind for node in members).most_common(1)[0][0]
    return Node(f"{iri}#folded-{column}", "", f"{label} ({len(members)})", kind, column, definition)


def _line(key: tuple[str, str, str, int], edges: Sequence[Edge], boxes: Mapping[str, Node]) -> Edge:
    subject, target, _, _ = key
    best = max(edges, key=lambda edge: (edge.level, edge.iri))
    if len(edges) == 1:
        return replace(best, subject=subject, object=target)
    words = f"{len(edges)} assertions from {boxes[subject].label} to {boxes[target].label}; the strongest: "
    return replace(best, subject=subject, object=target, statement=words + best.statement, evidence=())


def fold(network: Network, *, most: int = MOST_BOXES, above: int = FOLD_ABOVE) -> Folded:
    """Fold the largest groups until about `most` boxes are left; a network of up to `above` terms stays as it is.

    Terms go by their parent class. If that is not enough, a column keeps its largest boxes and the rest goes by kind.
    Raises `InputError` for a network that no page can show.
    """
    if len(network.nodes) > TOO_MANY:
        raise InputError(
            f"{len(network.nodes):,} terms and {len(network.edges):,} assertions are more than a picture or a page can "
            f"show (at most {TOO_MANY:,} terms). Draw a part (`draw network --around TERM`), ask a question "
            "(`mechtrail query`), or hand the whole to a tool for large graphs (`mechtrail export`)"
        )
    boxes = {node.iri: node for node in network.nodes}
    box_of = {iri: iri for iri in boxes}

    def put(group: Group, members: Sequence[Node]) -> None:
        folded = _box(group, members)
        for node in members:
            boxes.pop(box_of[node.iri], None)
            box_of[node.iri] = folded.iri
        boxes[folded.iri] = folded

    if len(boxes) > above:
        for group, members in _groups(network.nodes):
            if len(boxes) <= most:
                break
            put(group, members)
    if len(boxes) > max(most, above):
        for group, members in list(_rest(network, box_of, most)):
            put(group, members)
    return _joined(network, boxes, box_of)


def _rank(key: tuple[str, str, str, int], edges: Sequence[Edge]) -> tuple[bool, int, int, tuple[str, str, str, int]]:
    return key[2] not in ("contradicted", "disputed"), -max(edge.level for edge in edges), -len(edges), key


def _joined(network: Network, boxes: Mapping[str, Node], box_of: Mapping[str, str]) -> Folded:
    if len(boxes) == len(network.nodes):
        return Folded(network, box_of, {edge.iri: edge.iri for edge in network.edges})
    lines: dict[tuple[str, str, str, int], list[Edge]] = defaultdict(list)
    inside = 0
    for edge in network.edges:
        subject, target = box_of.get(edge.subject, edge.subject), box_of.get(edge.object, edge.object)
        if subject == target and edge.subject != edge.object:
            inside += 1
        else:
            lines[subject, target, edge.status, edge.sign].append(edge)
    drawn = {key: _line(key, lines[key], boxes) for key in sorted(lines, key=lambda key: _rank(key, lines[key]))}
    drawn = dict(list(drawn.items())[:MOST_LINES])
    line_of = {edge.iri: line.iri for key, line in drawn.items() for edge in lines[key]}
    weaker = sum(len(edges) for key, edges in lines.items() if key not in drawn)
    trials = tuple(replace(trial, node=box_of.get(trial.node, trial.node)) for trial in network.trials)
    words = f"{len(network.nodes)} terms are folded into {len(boxes)} boxes by their parent class; the table has each."
    words += f" {inside} assertions lie inside a box and are in the table only." if inside else ""
    words += f" Of the lines the {MOST_LINES} strongest are drawn; {weaker} assertions are in the table only." * (
        weaker > 0
    )
    folded = replace(
        network,
        nodes=tuple(boxes.values()),
        edges=tuple(drawn.values()),
        trials=_once(trials),
        note=f"{network.note} {words}".strip(),
    )
    return Folded(folded, box_of, line_of)


def _once(trials: Iterable[TrialEvidence]) -> tuple[TrialEvidence, ...]:
    return tuple(dict.fromkeys(trials))
