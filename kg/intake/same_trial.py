"""Which registry records are of one trial, and which study that is: decided anew over the whole store after each load.

Records are of one trial when one names the other's number, or both name a third. Where a curated study has one of the
numbers, the records are records of it, and what they say stays theirs: a registry and a paper are two voices. Else the
newest record that lists arms speaks for a study of its own. So neither the order of the loads nor the names of the
files matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.rdf import LABEL, RDF_TYPE, ctmo, graph_iri
from kg.rdf.iris import text
from kg.rdf.writer import predicate
from kg.store import LocalStore

__all__ = ["GRAPH", "same_trial_quads"]

GRAPH = graph_iri("inferred", "trials")
_NUMBER, _OTHER = ctmo("registryId"), ctmo("otherRegistryId")
_RECORD, _OF = ctmo("RegistryRecord"), ctmo("recordOf")
_ARM, _DATE = ctmo("hasArm"), ctmo("dataDate")
_TITLE = ox.NamedNode("http://purl.org/dc/terms/title")
#: What a study of its own takes over from the record that speaks for it.
_SPOKEN = [
    ctmo(predicate(field, "Study"))
    for field in (
        *("design", "design_details", "sponsor", "start", "condition", "other_conditions", "enrolled", "planned"),
        *("arms", "outcomes", "results", "planned_readouts", "adverse_events"),
    )
]


@dataclass(frozen=True, slots=True)
class _Cluster:
    records: tuple[ox.NamedNode, ...]
    studies: tuple[ox.NamedNode, ...]
    numbers: tuple[str, ...]


def _values(store: ox.Store, subject: ox.NamedNode, *predicates: ox.NamedNode) -> list[str]:
    quads = (quad for each in predicates for quad in store.quads_for_pattern(subject, each, None, None))
    return sorted({quad.object.value for quad in quads if not isinstance(quad.object, ox.Triple)})


def _numbers_of_curated(store: ox.Store) -> Iterator[tuple[ox.NamedNode, str]]:
    """Give (study, registry number) for the studies of study files."""
    for quad in store.quads_for_pattern(None, ctmo("registration"), None, None):
        study, entry, graph = quad.subject, quad.object, quad.graph_name
        if graph == GRAPH or not isinstance(study, ox.NamedNode) or not isinstance(entry, ox.NamedNode):
            continue
        if not _holds(store, study, RDF_TYPE, _RECORD):
            yield from ((study, number) for number in _values(store, entry, _NUMBER))


def _holds(store: ox.Store, *triple: ox.NamedNode | None) -> bool:
    """Say whether a triple stands in any graph; None stands for anything."""
    subject, predicate, value = triple
    return next(iter(store.quads_for_pattern(subject, predicate, value, None)), None) is not None


def _key(number: str) -> str:
    return "".join(number.upper().split())


def _clusters(named: Iterable[tuple[ox.NamedNode, list[str]]]) -> list[tuple[list[ox.NamedNode], set[str]]]:
    """Put together what shares a number, by way of others too."""
    parent: dict[object, object] = {}

    def root(one: object) -> object:
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    everything = list(named)
    for node, numbers in everything:
        for number in numbers:
            parent[root(("number", _key(number)))] = root(node)
    found: defaultdict[object, tuple[list[ox.NamedNode], set[str]]] = defaultdict(lambda: ([], set()))
    for node, numbers in everything:
        members, spelled = found[root(node)]
        members.append(node)
        spelled.update(numbers)
    return list(found.values())


def _read(store: ox.Store) -> list[_Cluster]:
    records = {
        quad.subject
        for quad in store.quads_for_pattern(None, RDF_TYPE, _RECORD, None)
        if isinstance(quad.subject, ox.NamedNode)
    }
    if not records:
        return []
    curated: defaultdict[ox.NamedNode, list[str]] = defaultdict(list)
    for study, number in _numbers_of_curated(store):
        curated[study].append(number)
    named = [(node, _values(store, node, _NUMBER, _OTHER)) for node in sorted(records, key=str)]
    named += sorted(curated.items(), key=str)
    clusters = []
    for members, numbers in _clusters(named):
        of_trial = [node for node in members if node in records]
        if of_trial:
            studies = sorted(set(members) - records, key=str)
            clusters.append(_Cluster(tuple(of_trial), tuple(studies), tuple(sorted(numbers))))
    return clusters


def _spokesman(store: ox.Store, records: Iterable[ox.NamedNode]) -> ox.NamedNode:
    """Give the newest record that lists arms, or the newest."""

    def rank(node: ox.NamedNode) -> tuple[bool, str, str]:
        return _holds(store, node, _ARM, None), max(_values(store, node, _DATE), default=""), node.value

    return max(records, key=rank)


def _own_study(store: ox.Store, cluster: _Cluster) -> Iterator[ox.Quad]:
    """Give a study that is known from registries only."""
    spokesman = _spokesman(store, cluster.records)
    number = min(cluster.numbers, key=lambda each: (not each.startswith("NCT"), each))
    study = ctmo(f"study/{number.casefold().replace('/', '-').replace(' ', '-')}")
    yield ox.Quad(study, RDF_TYPE, ctmo("Study"), GRAPH)
    yield ox.Quad(study, LABEL, text(number, "en"), GRAPH)
    for title in _values(store, spokesman, _TITLE)[:1]:
        yield ox.Quad(study, _TITLE, text(title), GRAPH)
    for record in cluster.records:
        yield ox.Quad(record, _OF, study, GRAPH)
        for quad in store.quads_for_pattern(record, ctmo("registration"), None, None):
            yield ox.Quad(study, ctmo("registration"), quad.object, GRAPH)
    for each in _SPOKEN:
        for quad in store.quads_for_pattern(spokesman, each, None, None):
            yield ox.Quad(study, each, quad.object, GRAPH)


def same_trial_quads(store: LocalStore) -> Iterator[ox.Quad]:
    """Give, for all registry records of a store, which study each is a record of, and the studies known only so."""
    for cluster in _read(store.inner):
        if cluster.studies:
            yield from (ox.Quad(record, _OF, study, GRAPH) for record in cluster.records for study in cluster.studies)
        else:
            yield from _own_study(store.inner, cluster)
