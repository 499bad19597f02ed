"""Several ontology files as one: which of them speaks for a term, and what is its name today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.ontology.external.model import Entry, OntologyFile, prefix_of

__all__ = ["Fate", "Shelf"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an obsolete term: the identifiers along the chain of replacements, and where it ends."""

    chain: tuple[str, ...]
    end: str  # the term to use instead, or nothing
    circle: bool = False


class Shelf:
    """The ontology files at hand.

    The files of an ontology itself, and other ontologies' imports of it, speak for its terms; any other file only
    where these are silent. Among them the one with axioms comes first, then the newest, then the nearest.
    """

    def __init__(self, files: Iterable[OntologyFile]) -> None:
        self.files: Sequence[OntologyFile] = sorted(files, key=lambda file: (file.name, file.path))
        self._date = {file.path: file.date for file in self.files}
        for file in self.files:
            if file.layout == "resource":
                self._date[file.path] = self._estimate(file)
        self._speaking: dict[str, tuple[OntologyFile, Entry] | None] = {}
        self._named: dict[str, tuple[OntologyFile, str] | None] = {}
        self._by_label: dict[str, dict[str, str]] = {}
        self._by_prefix: dict[str, tuple[list[OntologyFile], list[OntologyFile]]] = {}

    def __contains__(self, iri: object) -> bool:
        return any(iri in file.entries for file in self.files)

    def covers(self, prefix: str) -> bool:
        """Say whether a file of the ontology itself is here, or another ontology's import of it."""
        return any(file.about(prefix) for file in self.files)

    def _estimate(self, file: OntologyFile) -> str:
        """Place a list of all living terms that states no version just after the newest file that knows fewer.

        An identifier never goes away: a whole file that lacks one is older than a file that has it.
        """
        ours = {iri for iri in file.entries if iri[-7:].isdigit()}
        older = [
            other.date
            for other in self.files
            if other.date
            and other.about(file.name) == 2
            and 2 * len(other.entries) > len(ours) > len(ours & other.entries.keys())
        ]
        return max(older) + "+" if older else ""

    def _ranked(self, iri: str) -> tuple[list[OntologyFile], list[OntologyFile]]:
        """Give the files, best first: for axioms, and for names."""
        prefix = prefix_of(iri)
        if prefix not in self._by_prefix:

            def newest(file: OntologyFile) -> tuple[object, ...]:
                keeper = file.about("RO")  # RO keeps the relations that have identifiers of BFO
                near = file.about(prefix)
                return (near > 0, near == 0 and keeper, self._date[file.path], near, len(file.entries))

            def says_most(file: OntologyFile) -> tuple[object, ...]:
                return (file.about(prefix) > 0, file.depth, *newest(file))

            self._by_prefix[prefix] = (
                sorted(self.files, key=says_most, reverse=True),
                sorted(self.files, key=newest, reverse=True),
            )
        return self._by_prefix[prefix]

    def speaking(self, iri: str) -> tuple[OntologyFile, Entry] | None:
        """Give the file that speaks for a term, and what it says."""
        if iri not in self._speaking:
            self._speaking[iri] = self._find_speaking(iri)
        return self._speaking[iri]

    def _find_speaking(self, iri: str) -> tuple[OntologyFile, Entry] | None:
        holding = [(file, file.entries[iri]) for file in self._ranked(iri)[0] if iri in file.entries]
        own = [pair for pair in holding if pair[0].about(prefix_of(iri))] or holding
        best = next((pair for pair in own if pair[1].axioms), own[0] if own else None)
        if best is None:
            return None
        same_day = [pair for pair in own if (pair[0].depth, pair[0].date) == (best[0].depth, best[0].date)]
        return max(same_day, key=lambda pair: pair[1].axioms)

    def parents(self, iri: str) -> dict[str, OntologyFile]:
        """Give the parents of a term -> the file that states them.

        A file without a version is an editors' file, which no reasoner has classified: what the newest release found
        besides is added. Lists of ancestors do not tell `part of` from `is a`: what a term is part of is no parent.
        """
        said = self.speaking(iri)
        if said is None:
            return {}
        found = dict.fromkeys(said[1].parents, said[0])
        if not said[0].version and said[0].about(prefix_of(iri)) == 2:
            wholes = {some.filler for some in said[1].relations}
            for file in self._ranked(iri)[1]:
                if (
                    file.version
                    and file.about(prefix_of(iri)) == 2
                    and iri in file.entries
                    and file.entries[iri].parents
                ):
                    found |= {one: file for one in file.entries[iri].parents if one not in wholes | found.keys()}
                    break
        return found

    def named(self, iri: str) -> tuple[OntologyFile, str] | None:
        """Give the newest file that has a label for a term, and the label."""
        if iri not in self._named:
            files = (file for file in self._ranked(iri)[1] if iri in file.entries)
            labels = ((file, file.entries[iri].label) for file in files)
            self._named[iri] = next((pair for pair in labels if pair[1]), None)
        return self._named[iri]

    def label(self, iri: str) -> str:
        """Give the newest label of a term, or nothing."""
        named = self.named(iri)
        return named[1] if named else ""

    def with_label(self, prefix: str, label: str) -> str:
        """Give the living term of an ontology that has a label, whatever its letter case, or nothing."""
        if prefix not in self._by_label:
            found = self._by_label[prefix] = {}
            for file in (file for file in self.files if file.about(prefix)):
                for iri in file.entries:
                    if prefix_of(iri) == prefix and not file.entries[iri].deprecated:
                        found.setdefault(file.entries[iri].label.casefold(), iri)
        return self._by_label[prefix].get(label.casefold(), "")

    def labels(self, iri: str) -> Mapping[str, str]:
        """Give every label that a term has in the files of its ontology -> the newest file that has it."""
        found: dict[str, str] = {}
        for file in self._ranked(iri)[1]:
            if iri in file.entries and file.about(prefix_of(iri)) and file.entries[iri].label:
                found.setdefault(file.entries[iri].label, file.title())
        return found

    def newest(self, iri: str) -> tuple[OntologyFile, Entry] | None:
        """Give what the newest file that holds a term says of it: there it may be obsolete."""
        return next(((file, file.entries[iri]) for file in self._ranked(iri)[1] if iri in file.entries), None)

    def obsolete(self, iri: str) -> bool:
        """Say whether the newest file that holds a term calls it obsolete."""
        newest = self.newest(iri)
        return bool(newest and newest[1].deprecated)

    def fate(self, iri: str) -> Fate:
        """Follow the replacements of an obsolete term to their end; a circle of them has none."""
        chain: list[str] = [iri]
        while self.obsolete(chain[-1]):
            replaced = self.replacements(chain[-1])
            if not replaced:
                return Fate(tuple(chain), "")
            if replaced[0] in chain:
                return Fate((*chain, replaced[0]), "", circle=True)
            chain.append(replaced[0])
        return Fate(tuple(chain), chain[-1])

    def replacements(self, iri: str) -> tuple[str, ...]:
        """Give what the newest file that names a replacement of a term names."""
        files = (file for file in self._ranked(iri)[1] if iri in file.entries)
        return next((file.entries[iri].replaced_by for file in files if file.entries[iri].replaced_by), ())

    @cached_property
    def relation_of_name(self) -> Mapping[str, str]:
        """Give the label of each relation of RO -> its IRI, for OBO files that name relations without one."""
        found: dict[str, str] = {}
        for file in self._ranked("http://purl.obolibrary.org/obo/RO_0000000")[1]:
            if file.about("RO"):
                for iri, entry in file.entries.items():
                    if entry.kind == "object property" and prefix_of(iri) and not entry.deprecated:
                        found.setdefault(entry.label, iri)
        return found
