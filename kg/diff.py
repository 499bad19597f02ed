"""What changed between two states of the graph, record by record: gained, lost, or another value of a property.

Compared is what was written, not what rules derived from it (graphs below `graph/inferred/` and `graph/schema/`), but
for the status and the level of assertions. The words of sources, which only a local store holds, are no part of it
either. Blank nodes and numbered parts of a record (its second excerpt) are compared by what they say, not by name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import InputError, SourceError
from kg.namespaces import CTMO
from kg.ontology.blank import name_blank_nodes
from kg.rdf import ctmo
from kg.state import ORDER, OTHER, State, base_of, identifier, owner_of

__all__ = ["ENDINGS", "Change", "compare", "read_quads"]

_DERIVED = (CTMO + "graph/inferred/", CTMO + "graph/schema/")
_KEPT = {ctmo("status"), ctmo("level")}
_WORDS = ctmo("words")
_DEEPEST = 6  # parts of parts of a record: an audit has none, a result two
#: Ending of a file -> format, for files of quads or triples.
ENDINGS = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: a record gained or lost, or one property of it with what went (`old`) and what came (`new`).

    `record` is a CURIE or an IRI. A property of a part of the record is a path: `effect/low`.
    """

    kind: str
    what: str  # the record in words
    change: str  # gained, lost, changed
    record: str
    property: str = ""
    old: str = ""
    new: str = ""


def read_quads(path: Path) -> list[ox.Quad]:
    """Read a file of quads or triples whole, numbers written as a store writes them.

    Raises `InputError` for a file that cannot be read or an unknown ending, `SourceError` with the line of a fault.
    """
    form = ENDINGS.get(path.suffix.casefold())
    if form is None:
        more = "; build it first: mechtrail build FILE --store FOLDER" if path.suffix in (".yaml", ".yml") else ""
        raise InputError(f"{path}: expected a file that ends in {', '.join(ENDINGS)}{more}")
    try:
        store = ox.Store()
        store.bulk_extend(ox.parse(path.read_bytes(), format=form))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except SyntaxError as error:
        raise SourceError(str(path), error.lineno or 0, "", str(error.msg)) from error
    except ValueError as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    return list(store)


def compare(old: Iterable[ox.Quad], new: Iterable[ox.Quad]) -> list[Change]:
    """Give what changed from one state to the other, sorted by kind, words and property; nothing when they are equal.

    An assertion is named by its content, so that a reworded number makes another one; where source and claim id stayed,
    the two are told as one change, whose property `record` gives both names. Where one state has no named graphs (a
    file of triples), what the other derives is taken away from it, since nothing marks it there.
    """
    before, after = _written(list(old), list(new))
    different = before ^ after
    if any(_blank(triple) for triple in different):
        before, after = _renamed(before), _renamed(after)
        different = before ^ after
    if not different:
        return []
    return _Comparison(State(before), State(after)).changes({triple.subject for triple in different})


def _blank(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def _renamed(triples: set[ox.Triple]) -> set[ox.Triple]:
    blank = {triple for triple in triples if _blank(triple)}
    return (triples - blank) | set(name_blank_nodes(blank))


def _written(old: list[ox.Quad], new: list[ox.Quad]) -> tuple[set[ox.Triple], set[ox.Triple]]:
    """Give the triples of both states that are to be compared."""
    (before, below), (after, above) = _split(old), _split(new)
    if not _has_graphs(old):
        before -= above - after
    if not _has_graphs(new):
        after -= below - before
    return before, after


def _has_graphs(quads: list[ox.Quad]) -> bool:
    return any(isinstance(quad.graph_name, ox.NamedNode) for quad in quads)


def _split(quads: list[ox.Quad]) -> tuple[set[ox.Triple], set[ox.Triple]]:
    """Give the triples that were written, with status and level, and those that rules derived."""
    written: set[ox.Triple] = set()
    derived: set[ox.Triple] = set()
    is_derived: dict[object, bool] = {}
    for quad in quads:
        graph = quad.graph_name
        if graph not in is_derived:
            is_derived[graph] = str(graph)[1:].startswith(_DERIVED)
        if is_derived[graph] and quad.predicate not in _KEPT:
            derived.add(quad.triple)
        elif quad.predicate != _WORDS:
            written.add(quad.triple)
    return written, derived


class _Comparison:
    """Two states side by side."""

    def __init__(self, old: State, new: State) -> None:
        self.old, self.new = old, new

    def changes(self, touched: set[object]) -> list[Change]:
        """Give all changes, of the records that the touched nodes are or belong to, and of what belongs to none."""
        states = (self.old, self.new)
        named = {owner_of(node) for node in touched if isinstance(node, ox.NamedNode)}
        bases = {base_of(state.assertion_of_line.get(node, node)) for state in states for node in named}
        groups: defaultdict[str, tuple[set[object], set[object]]] = defaultdict(lambda: (set(), set()))
        covered: set[object] = set()
        for side, state in enumerate(states):
            for node, kind in state.kind_of.items():
                if base_of(node) in bases:
                    groups[kind][side].add(node)
                    covered |= state.parts(node)
        for node in sorted(touched - covered, key=lambda each: ("#" in str(each), str(each))):
            for side, state in enumerate(states):
                if node in state.said and node not in covered and node not in state.pointed_at:
                    groups[OTHER][side].add(node)
            covered |= self.old.parts(node) | self.new.parts(node)
        found = [change for kind, (gone, come) in groups.items() for change in self._of_kind(kind, gone, come)]
        return sorted(found, key=_place)

    def _of_kind(self, kind: str, gone: set[object], come: set[object]) -> Iterator[Change]:
        pairs = [(node, node) for node in gone & come]
        pairs += self._known_by_name(gone - come, come - gone)
        for old, new in pairs:
            what, record = self.new.what(new), identifier(new)
            rows = self._rows(old, new)
            if old != new and "#" not in str(new) and isinstance(new, ox.NamedNode):
                rows["record"] = (identifier(old), record)
            for name, (before, after) in rows.items():
                yield Change(kind, what, "changed", record, name, before, after)
        for word, state, nodes, side in (("lost", self.old, gone, 0), ("gained", self.new, come, 1)):
            for node in nodes - {pair[side] for pair in pairs}:
                yield Change(kind, state.what(node), word, identifier(node))

    def _known_by_name(self, gone: set[object], come: set[object]) -> list[tuple[object, object]]:
        """Pair what has one name in common with one other; where a name fits several, they stay lost and gained."""
        fits: defaultdict[object, set[object]] = defaultdict(set)
        by_name: defaultdict[object, set[object]] = defaultdict(set)
        for node in come:
            for name in self.new.names(node):
                by_name[name].add(node)
        for node in gone:
            for name in self.old.names(node):
                for other in by_name[name]:
                    fits[node].add(other)
                    fits[("back", other)].add(node)
        pairs = ((node, next(iter(fits[node]))) for node in gone if len(fits[node]) == 1)
        return [(node, other) for node, other in pairs if len(fits[("back", other)]) == 1]

    def _rows(self, old: object, new: object, depth: int = 0) -> dict[str, tuple[str, str]]:
        """Give property -> what went and what came, between two nodes that stand for the same."""
        before, after = self.old.values(old), self.new.values(new)
        rows: dict[str, tuple[str, str]] = {}
        for predicate in before.keys() | after.keys():
            name = self.new.name_of(predicate) if predicate in after else self.old.name_of(predicate)
            gone = [(self.old.key(old, value), value) for value in before.get(predicate, [])]
            come = [(self.new.key(new, value), value) for value in after.get(predicate, [])]
            # that a record is gone is told of the record, not of the study that held it
            lost = [v for v in _without(gone, come) if v in self.new.kind_of or not self.old.holds(old, v)]
            found = [v for v in _without(come, gone) if v in self.old.kind_of or not self.new.holds(new, v)]
            for one, other in self._same_parts((old, lost), (new, found)) if depth < _DEEPEST else []:
                lost.remove(one)
                found.remove(other)
                rows |= {f"{name}/{inner}": pair for inner, pair in self._rows(one, other, depth + 1).items()}
            if lost or found:
                rows[name] = self._told(lost, found)
        return _once(rows, {self.old.name_of(predicate) for predicate in before.keys() | after.keys()})

    def _same_parts(
        self, old: tuple[object, list[object]], new: tuple[object, list[object]]
    ) -> list[tuple[object, object]]:
        """Pair the parts of two nodes: those of one name, then the only one that is left with the only one."""
        gone = [v for v in old[1] if self.old.owns(old[0], v) and not self.old.members(v)]
        come = [v for v in new[1] if self.new.owns(new[0], v) and not self.new.members(v)]
        pairs: list[tuple[object, object]] = [(value, value) for value in gone if value in come]
        alone = [v for v in gone if v not in come], [v for v in come if v not in gone]
        return [*pairs, (alone[0][0], alone[1][0])] if len(alone[0]) == 1 == len(alone[1]) else pairs

    def _told(self, lost: list[object], found: list[object]) -> tuple[str, str]:
        if len(lost) == len(found) == 1:
            lists = self.old.members(lost[0]), self.new.members(found[0])
            if lists[0] and len(lists[0]) == len(lists[1]):  # the places that differ are enough
                pairs = enumerate(zip(*lists, strict=True), 1)
                told = [(f"{i}. {self.old.words(a)}", f"{i}. {self.new.words(b)}") for i, (a, b) in pairs if a != b]
                if told:
                    return "; ".join(old for old, _ in told), "; ".join(new for _, new in told)
        before = "; ".join(sorted(self.old.words(value) for value in lost))
        after = "; ".join(sorted(self.new.words(value) for value in found))
        if before == after:  # another language or type of the same words, another node with the same label
            return "; ".join(sorted(map(str, lost))), "; ".join(sorted(map(str, found)))
        return before, after


def _place(change: Change) -> tuple[object, ...]:
    first = change.property != "record"
    return (ORDER[change.kind], change.what, change.record, change.change, first, change.property)


def _without(values: list[tuple[object, object]], others: list[tuple[object, object]]) -> list[object]:
    """Give the values whose keys the others do not have; of two equal parts against one, one is left."""
    there = Counter(key for key, _ in others)
    left = []
    for key, value in values:
        there[key] -= 1
        if there[key] < 0:
            left.append(value)
    return left


def _once(rows: dict[str, tuple[str, str]], names: set[str]) -> dict[str, tuple[str, str]]:
    """Tell once what the graph writes twice: a decimal as number and as read, a context whole and in its parts."""
    texts = {name for name in rows if name.endswith("Text") and name.removesuffix("Text") in names}
    whole = {"context"} if any(name.startswith("context") and name != "context" for name in rows) else set()
    told = {name: pair for name, pair in rows.items() if name not in texts | whole}
    return told | {name.removesuffix("Text"): rows[name] for name in texts}
