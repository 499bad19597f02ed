"""Checks of the term tables: each finding names table and line, what stands there and what should.

What needs no other ontology; and, with the import slices, whether these hold each term of another ontology under the
same label and below the same parents. A row that is no row at all is refused earlier, by `kg.ontology.tables`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import Problem, by_line, nearest
from kg.namespaces import PREFIXES, compress, expand_or_none
from kg.ontology.external import EXTERNAL_PREFIXES, prefix_of
from kg.ontology.external.shelf import Shelf
from kg.ontology.tables import TermRow
from kg.ontology.uses import Use, check_uses, read_tables, read_uses, turtle_triples
from kg.paths import ontology_folder

__all__ = ["check_terms"]

#: So many words in a row are a sentence of somebody.
_RUN = 8
_WORD = re.compile(r"[^\W_]+")
_MINTED = re.compile(r"ctmo:\d{7}")


@dataclass(frozen=True, slots=True)
class _Place:
    """A row and where it stands."""

    table: str
    row: TermRow

    def __str__(self) -> str:
        return f"{self.table}:{self.row.line}"

    def problem(self, message: str) -> Problem:
        return Problem("term table", str(self), f"{self.row.id} '{self.row.label}': {message}")


def check_terms(folder: Path | None = None, shelf: Shelf | None = None) -> list[Problem]:
    """Check every term table; with a shelf of ontology files also every external term and every definition."""
    folder = folder or ontology_folder()
    places = [_Place(table, row) for table, rows in read_tables(folder).items() for row in rows]
    by_id = {place.row.id: place for place in reversed(places)}
    problems = [
        *_identifiers(places, by_id),
        *_parents(places, by_id),
        *_names(places),
        *_definitions(places, by_id),
        *_slices(folder, places),
    ]
    if shelf is not None:
        problems += [*check_uses(read_uses(folder), shelf), *_copied(places, by_id, shelf)]
    return sorted(problems, key=by_line)


# Identifiers and parents -----------------------------------------------------------------------------------------


def _identifiers(places: list[_Place], by_id: Mapping[str, _Place]) -> Iterator[Problem]:
    """Find ids that stand twice and ids of another form. A row may move to another table: its id stays."""
    for place in places:
        first = by_id[place.row.id]
        if first is not place:
            yield place.problem(f"the id stands already in {first}, for '{first.row.label}'")
        if place.row.id.startswith("ctmo:") and not _MINTED.fullmatch(place.row.id):
            yield place.problem("found another form of id, expected ctmo: and seven digits")


def _parents(places: list[_Place], by_id: Mapping[str, _Place]) -> Iterator[Problem]:
    """Find parents that are no term, and terms that stand above themselves."""
    for place in places:
        for parent in place.row.parents:
            if parent not in by_id:
                near = nearest(parent, by_id, 1)
                hint = f"; nearest: {near[0]} '{by_id[near[0]].row.label}'" if near else ""
                yield place.problem(f"its parent {parent} is no term of a table{hint}")
    found: set[str] = set()
    for place in places:
        circle = _circle(place.row.id, by_id)
        if circle and not found & set(circle):
            found |= set(circle)
            yield place.problem(f"stands above itself: {' -> '.join([*circle, circle[0]])}")


def _circle(start: str, by_id: Mapping[str, _Place]) -> list[str]:
    """Give the way from a term up to itself, or nothing."""
    came_from: dict[str, str] = {}
    waiting = [start]
    while waiting:
        term = waiting.pop()
        for parent in by_id[term].row.parents if term in by_id else ():
            if parent == start:
                way = [term]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if parent not in came_from:
                came_from[parent] = term
                waiting.append(parent)
    return []


# Labels, synonyms, definitions -----------------------------------------------------------------------------------


def _names(places: list[_Place]) -> Iterator[Problem]:
    """Find labels that stand twice, and exact synonyms that are the name of another term."""
    first: dict[str, _Place] = {}
    for place in places:
        other = first.setdefault(place.row.label.casefold(), place)
        if other is not place and other.row.id != place.row.id:
            yield place.problem(f"the label stands already in {other}, for {other.row.id}")
    exact: dict[str, _Place] = {}
    for place in places:
        for synonym in place.row.exact_synonyms:
            other = first.get(synonym.casefold(), place)
            if other.row.id != place.row.id:
                yield place.problem(f"its exact synonym '{synonym}' is the label of {other.row.id} in {other}")
                continue
            other = exact.setdefault(synonym.casefold(), place)
            if other.row.id != place.row.id:
                what = f"the exact synonym '{synonym}' of {other.row.id} '{other.row.label}' in {other}"
                yield place.problem(f"has {what}; where it fits both it is a related synonym")


def _definitions(places: list[_Place], by_id: Mapping[str, _Place]) -> Iterator[Problem]:
    """Find definitions of terms that are not ours, and two terms that are told apart by nothing."""
    first: dict[tuple[str, ...], _Place] = {}
    for place in places:
        if not place.row.definition:
            continue
        if not place.row.id.startswith("ctmo:"):
            yield place.problem("a term of another ontology keeps its definition there; leave the cell empty")
        other = first.setdefault((*place.row.parents, *_own_words(place.row, by_id)), place)
        if other is not place:
            yield place.problem(
                f"has the definition of {other.row.id} '{other.row.label}' in {other}; say what differs"
            )


def _own_words(row: TermRow, by_id: Mapping[str, _Place]) -> list[str]:
    """Give the words of a definition without the parent's label at its head, which is not the writer's choice."""
    words = _WORD.findall(row.definition.casefold())
    for parent in row.parents:
        genus = _WORD.findall(by_id[parent].row.label.casefold()) if parent in by_id else []
        for article in (["a"], ["an"], ["the"], []):
            head = article + genus
            if genus and words[: len(head)] == head:
                return words[len(head) :]
    return words


def _copied(places: list[_Place], by_id: Mapping[str, _Place], shelf: Shelf) -> Iterator[Problem]:
    """Find definitions that share a run of words with one of another ontology."""
    runs: defaultdict[tuple[str, ...], list[_Place]] = defaultdict(list)
    for place in places:
        words = _own_words(place.row, by_id)
        for start in range(len(words) - _RUN + 1):
            runs[tuple(words[start : start + _RUN])].append(place)
    vocabulary = {word for run in runs for word in run}
    said: set[tuple[str, str]] = set()
    for iri, definition in _their_definitions(shelf):
        words, known = _WORD.findall(definition.casefold()), 0
        for end, word in enumerate(words, 1):
            known = known + 1 if word in vocabulary else 0
            if known < _RUN:
                continue
            run = tuple(words[end - _RUN : end])
            for place in runs.get(run, ()):
                if (place.row.id, iri) not in said:
                    said.add((place.row.id, iri))
                    yield place.problem(
                        f"its definition shares '{' '.join(run)}' with {compress(iri)}; use words of our own"
                    )


def _their_definitions(shelf: Shelf) -> Iterator[tuple[str, str]]:
    for file in shelf.files:
        for iri in file.entries:
            if definition := file.entries[iri].definition:
                yield iri, definition


# Import slices ---------------------------------------------------------------------------------------------------


class _Slice:
    """What the import slices say of terms."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.labels: dict[str, str] = {}
        self.parents: defaultdict[str, set[str]] = defaultdict(set)
        self.replaced: defaultdict[str, set[str]] = defaultdict(set)
        self.deprecated: set[str] = set()
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate.value, triple.object
            if not isinstance(subject, ox.NamedNode):
                continue
            if predicate == PREFIXES["rdfs"] + "label":
                self.labels[subject.value] = value.value  # type: ignore[union-attr]
            elif predicate == PREFIXES["rdfs"] + "subClassOf" and isinstance(value, ox.NamedNode):
                self.parents[subject.value].add(value.value)
            elif predicate == PREFIXES["IAO"] + "0100001":
                self.replaced[subject.value].add(value.value)  # type: ignore[union-attr]
            elif predicate == PREFIXES["owl"] + "deprecated":
                self.deprecated.add(subject.value)

    def above(self, iri: str) -> set[str]:
        """Give all that stands above a term."""
        found: set[str] = set()
        waiting = [iri]
        while waiting:
            for parent in self.parents[waiting.pop()] - found:
                found.add(parent)
                waiting.append(parent)
        return found


def _slices(folder: Path, places: list[_Place]) -> Iterator[Problem]:
    """Find external terms that the slices lack, call obsolete, name otherwise or place elsewhere."""
    taken = _Slice(triple for path in sorted((folder / "imports").glob("*.ttl")) for triple in turtle_triples(path))
    if not taken.labels:
        return
    for use in read_uses(folder):
        if message := _against_slice(use, taken):
            yield Problem("import slice", use.place, f"{compress(use.iri)} {message}")
    for place in places:
        iri = expand_or_none(place.row.id) or ""
        if prefix_of(iri) in EXTERNAL_PREFIXES:
            above = taken.above(iri)
            for parent in place.row.parents:
                expected = expand_or_none(parent) or ""
                if prefix_of(expected) == prefix_of(iri) and iri in taken.labels and expected not in above:
                    label = taken.labels.get(expected, "")
                    yield place.problem(f"its parent {parent} '{label}' does not stand above it in {prefix_of(iri)}")


def _against_slice(use: Use, taken: _Slice) -> str:
    file = f"imports/{prefix_of(use.iri)}.ttl"
    if use.iri not in taken.labels:
        return f"'{use.label}' is not in {file}; run `mechtrail ontology import` with the files of its ontology"
    if use.iri in taken.deprecated:
        instead = ", ".join(f"{compress(iri)} '{taken.labels.get(iri, '')}'" for iri in sorted(taken.replaced[use.iri]))
        return f"'{use.label}' is obsolete in {file}; " + (f"use {instead}" if instead else "no term replaces it")
    if use.label and use.label != taken.labels[use.iri]:
        return f"has the label '{use.label}' here and '{taken.labels[use.iri]}' in {file}"
    return ""
