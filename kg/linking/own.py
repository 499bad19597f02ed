"""Our own ontology, as the linker asks it: names of our terms, what stands above them, mappings that are accepted.

What a curator has accepted comes before what letters say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.linking.candidates import Request
from kg.linking.names import keys, steps
from kg.ontology.mapping_rules import NOT_FOUND, SUFFIX, MappingRow
from kg.ontology.mappings import read_mappings
from kg.ontology.tables import TermRow
from kg.ontology.uses import read_tables
from kg.paths import ontology_folder

__all__ = ["Own", "read_own", "requests_of"]

#: The kinds of our tables -> the kinds of the linker. Those of several sorts are left open.
_KINDS: Mapping[str, str] = {
    **{"cell type": "cell", "anatomy": "anatomy", "tissue": "anatomy", "condition": "condition"},
    **{"adverse event": "condition", "marker": "molecule", "factor": "molecule", "receptor": "molecule"},
    **{"mechanism": "process", "pathway": "process", "instrument": "study", "study kind": "study", "route": "work"},
    **{"intervention": "work", "evidence kind": "study"},
}


@dataclass(frozen=True, slots=True)
class Own:
    """The terms and accepted mappings of our ontology."""

    terms: Mapping[str, TermRow] = field(default_factory=dict)
    table_of: Mapping[str, str] = field(default_factory=dict)
    accepted: Mapping[str, tuple[MappingRow, ...]] = field(default_factory=dict)
    by_key: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def named(self, name: str) -> TermRow | None:
        """Give the one term that has a name as its label or exact synonym, or None."""
        found = {curie for key in keys(name) for curie in self.by_key.get(key, ())}
        fitting = [
            self.terms[curie]
            for curie in sorted(found)
            if any(steps(name, one) is not None for one in _names(self.terms[curie]))
        ]
        by_label = [term for term in fitting if steps(name, term.label) is not None]
        chosen = by_label or fitting
        return chosen[0] if len(chosen) == 1 else None

    def above(self, curie: str) -> Iterator[TermRow]:
        """Give the terms above one, nearest first."""
        layer, seen = [curie], {curie}
        while layer:
            following: list[str] = []
            for one in layer:
                for parent in self.terms[one].parents if one in self.terms else ():
                    if parent in self.terms and parent not in seen:
                        seen.add(parent)
                        following.append(parent)
                        yield self.terms[parent]
            layer = following

    def matches(self, curie: str) -> list[MappingRow]:
        """Give the accepted mappings of a term that name one."""
        return [row for row in self.accepted.get(curie, ()) if row.object_id != NOT_FOUND]

    def nearest_accepted(self, curie: str) -> tuple[TermRow, MappingRow | None] | None:
        """Give the nearest term above that is another ontology's own, or has an accepted exact match."""
        for term in self.above(curie):
            if not term.id.startswith("ctmo:"):
                return term, None
            for row in self.matches(term.id):
                if row.predicate_id == "skos:exactMatch":
                    return term, row
        return None


def _names(term: TermRow) -> tuple[str, ...]:
    return (term.label, *term.exact_synonyms)


def read_own(folder: Path | None = None) -> Own:
    """Read the term tables and the mappings of an ontology folder, the packaged one if none is told."""
    folder = folder or ontology_folder()
    terms: dict[str, TermRow] = {}
    table_of: dict[str, str] = {}
    by_key: defaultdict[str, dict[str, None]] = defaultdict(dict)
    accepted: defaultdict[str, list[MappingRow]] = defaultdict(list)
    for table, rows in read_tables(folder).items():
        stem = Path(table).stem
        for row in rows:
            terms.setdefault(row.id, row)
            table_of.setdefault(row.id, stem)
            for name in _names(row):
                for key in keys(name):
                    by_key[key][row.id] = None
        path = folder / "mappings" / f"{stem}{SUFFIX}"
        if path.is_file():
            for mapping in read_mappings(path, {row.id: row.label for row in rows}).rows:
                accepted[mapping.subject_id].append(mapping)
    return Own(
        terms,
        table_of,
        {curie: tuple(rows) for curie, rows in accepted.items()},
        {key: tuple(found) for key, found in by_key.items()},
    )


def requests_of(own: Own) -> list[Request]:
    """Give a request for each of our terms, sorted."""
    found = []
    for curie, term in sorted(own.terms.items()):
        kinds = {_KINDS[kind] for kind in term.kinds if kind in _KINDS}
        kind = kinds.pop() if len(kinds) == 1 and len(term.kinds) == 1 else ""
        found.append(Request(term.label, kind, curie, tuple(term.exact_synonyms)))
    return found
