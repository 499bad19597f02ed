"""The panel of the ISCT criteria, read from the ontology: markers, types of cells, and the names people give them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from kg.catalogue import find_query, select
from kg.errors import InputError, SourceError
from kg.namespaces import CTMO, expand_or_none
from kg.ontology import read_terms
from kg.ontology.tables import term_quads
from kg.paths import ontology_folder
from kg.rdf import graph_iri
from kg.store import LocalStore

__all__ = ["Criterion", "Panel", "compact", "criteria_quads", "read_panel"]

_GRAPH = graph_iri("ontology", "isct")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: what it is called, what it accepts, and its threshold in words."""

    label: str
    accepted: tuple[str, ...]  # names: CD14, CD11b
    threshold: str  # "at most 2 %", or nothing
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """The markers and types of cells that the criteria speak of, and every spelling of them."""

    marker_names: Mapping[str, str]  # IRI -> CD73
    lineage_names: Mapping[str, str]  # IRI -> adipocyte
    marker_of_spelling: Mapping[str, str]  # compact spelling -> IRI
    required: tuple[str, ...]  # IRIs of the markers that have to be there
    criteria: Mapping[int, Criterion]  # place -> criterion


def compact(name: str) -> str:
    """Give a name without what people write differently.

    >>> compact("CD79-α"), compact("hla_dr"), compact("CD 79 alpha")
    ('cd79a', 'hladr', 'cd79a')
    """
    plain = unicodedata.normalize("NFKC", name).casefold().replace("α", "a")
    return re.sub(r"(?<=[0-9])alpha$", "a", re.sub(r"[^a-z0-9']+", "", plain))


@cache
def criteria_quads() -> tuple[ox.Quad, ...]:
    """Give the criteria, and the names of the terms they speak of."""
    path = ontology_folder() / "isct.ttl"
    try:
        triples = [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
    except (OSError, SyntaxError, ValueError) as error:
        raise SourceError(path.name, 0, "", f"cannot be read: {error}") from error
    named = {triple.subject for triple in triples if triple.predicate.value == CTMO + "isctName"}
    quads = [ox.Quad(t.subject, t.predicate, t.object, _GRAPH) for t in triples]
    for table in sorted((ontology_folder() / "terms").glob("*.tsv")):
        for row in read_terms(table):
            if ox.NamedNode(expand_or_none(row.id) or row.id) in named:
                quads += term_quads(row, graph_iri("terms", table.stem))
    return tuple(quads)


@cache
def read_panel() -> Panel:
    """Give the panel as `ontology/isct.ttl` has it; raise `InputError` when two markers share a spelling."""
    store = LocalStore.in_memory()
    quads = criteria_quads()
    store.extend(quads)
    names: dict[str, str] = {}
    markers: list[str] = []
    required: list[str] = []
    rows: dict[int, tuple[str, list[str], str, list[str]]] = {}
    for row in select(store, find_query("isct/criteria")):
        place, operator = int(row["position"].value), row["operator"].value
        threshold = f"at {'least' if operator == '>=' else 'most'} {row['percent'].value} %" if operator else ""
        _, accepted, _, wordings = rows.setdefault(place, (row["criterion_label"].value, [], threshold, []))
        if row["wording_label"].value not in wordings:
            wordings.append(row["wording_label"].value)
        if row["accepted"] is None:
            continue
        iri, name = row["accepted"].value, row["accepted_name"].value
        names[iri] = name
        if name not in accepted:
            accepted.append(name)
        if operator and iri not in markers:
            markers.append(iri)
        if operator == ">=" and iri not in required:
            required.append(iri)
    spellings: dict[str, str] = {}
    naming = {"isctName", "label", "hasExactSynonym", "hasRelatedSynonym"}
    for quad in quads:
        iri, local = str(quad.subject)[1:-1], re.split("[/#]", quad.predicate.value)[-1]
        if iri not in markers or local not in naming or not isinstance(quad.object, ox.Literal):
            continue
        if spellings.setdefault(compact(quad.object.value), iri) != iri:
            raise InputError(f"two markers of the ISCT criteria are called {quad.object.value!r}")
    return Panel(
        {iri: names[iri] for iri in markers},
        {iri: name for iri, name in names.items() if iri not in markers},
        spellings,
        tuple(required),
        {place: Criterion(label, tuple(a), t, tuple(w)) for place, (label, a, t, w) in sorted(rows.items())},
    )
