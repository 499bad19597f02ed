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

__all__ = ["FOLD_ABOVE", "MOST_BOXES", "TOO_MANY", "Folded", "fold"]

#: From so many terms on the boxes of an unfolded picture are too many to be read.
FOLD_ABOVE = 250
#: A folded picture has about so many boxes.
MOST_BOXES = 120
#: Above this no page is made: the table alone would be larger than a browser shows at ease.
TOO_MANY = 5000
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


def _by_kind(nodes: Iterable[Node]) -> Iterator[tuple[Group, list[Node]]]:
    of_kind: dict[Group, list[Node]] = defaultdict(list)
    for node in nodes:
        of_kind[node.column, f"kind:{node.kind}", f"other {node.kind}"].append(node)
    yield from sorted(((g, m) for g, m in of_kind.items() if len(m) > 1), key=lambda item: (-len(item[1]), item[0]))


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

    Terms go by their parent class. If that is not enough, what is left of a column goes by its kind. Raises
    `InputError` for a network that no page can show.
    """
    if len(network.nodes) > TOO_MANY:
        raise InputError(
            f"{len(network.nodes):,} terms and {len(network.edges):,} assertions are more than a picture or a page can "
            f"show (at most {TOO_MANY:,} terms). Draw a part (`draw network --around TERM`), ask a question "
            "(`mechtrail query`), or hand the whole to a tool for large graphs (`mechtrail export`)"
        )
    boxes = {node.iri: node for node in network.nodes}
    box_of = {iri: iri for iri in boxes}
    if len(boxes) > above:
        for groups in (_groups, _by_kind):
            left = [node for node in network.nodes if box_of[node.iri] == node.iri]
            for group, members in groups(left):
                if len(boxes) <= most:
                    break
                folded = _box(group, members)
                for node in members:
                    box_of[node.iri] = folded.iri
                    del boxes[node.iri]
                boxes[folded.iri] = folded
    return _joined(network, boxes, box_of)


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
    drawn = {key: _line(key, edges, boxes) for key, edges in lines.items()}
    line_of = {edge.iri: drawn[key].iri for key, edges in lines.items() for edge in edges}
    trials = tuple(replace(trial, node=box_of.get(trial.node, trial.node)) for trial in network.trials)
    words = f"{len(network.nodes)} terms are folded into {len(boxes)} boxes by their parent class; the table has each."
    words += f" {inside} assertions lie inside a box and are in the table only." if inside else ""
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
