"""What is kept of an ontology file of other people: names, places in the hierarchy and axioms, whatever the format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kg.namespaces import CTMO, PREFIXES

__all__ = [
    "EXTERNAL_PREFIXES",
    "OBO",
    "Depth",
    "Entries",
    "Entry",
    "Kind",
    "Meaning",
    "OntologyFile",
    "Some",
    "Synonym",
    "iri_of",
    "newest",
    "prefix_of",
    "synonyms_of",
]

Raw = TypeVar("Raw")

OBO = "http://purl.obolibrary.org/obo/"
_PREFIX = re.compile(r"[A-Za-z]\w*")
_OBO_IRI = re.compile(re.escape(OBO) + r"([A-Za-z]+)_(\w+)")

#: The OBO prefixes that we know; a term of another one is not taken over.
EXTERNAL_PREFIXES = frozenset(name for name, iri in PREFIXES.items() if iri == f"{OBO}{name}_")

#: Prefixes whose identifiers have an address of their own; any other one gets the address that OBO gives it.
_NOT_OBO = {name: iri for name, iri in PREFIXES.items() if not iri.startswith((OBO, CTMO))} | {
    "uniprot": PREFIXES["UniProtKB"],
}

Kind = str  #: class, object property, data property, annotation property or individual; nothing if undeclared
Depth = int  #: how much a file says of its terms: 0 names, 1 names and parents, 2 axioms


@dataclass(frozen=True, slots=True, order=True)
class Some:
    """An existential restriction: related by a relation to some instance of a class."""

    relation: str
    filler: str


@dataclass(frozen=True, slots=True, order=True)
class Meaning:
    """A definition by axiom: what has all these parents and all these relations, and nothing else, is the term."""

    genera: tuple[str, ...]
    differentia: tuple[Some, ...]


@dataclass(frozen=True, slots=True, order=True)
class Synonym:
    """Another name of a term, and how its meaning stands to the term's."""

    text: str
    scope: str = ""  # exact, narrow, broad or related; nothing where the file does not say


@dataclass(frozen=True, slots=True)
class Entry:
    """One term of a file. A relation that an OBO file names without an identifier stands as that name."""

    iri: str
    kind: Kind = "class"
    label: str = ""
    deprecated: bool = False
    replaced_by: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()  # the genera of its meanings among them
    relations: tuple[Some, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    disjoint: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    inverses: tuple[str, ...] = ()
    transitive: bool = False
    definition: str = ""  # compared with ours, never written
    synonyms: tuple[Synonym, ...] = ()
    xrefs: tuple[str, ...] = ()  # as the file writes them: "UMLS:C0007776"
    merged: tuple[str, ...] = ()  # IRIs that became this term
    left_out: tuple[str, ...] = ()  # kinds of axioms that have no place here, one for each axiom

    @property
    def axioms(self) -> int:
        """Count what the file says of the term besides its name; 0 where it only names it."""
        kinds = (self.parents, self.relations, self.meanings, self.domains, self.ranges, self.inverses)
        return sum(map(len, kinds))


class Entries(Mapping[str, Entry], Generic[Raw]):
    """IRI -> entry, each made when it is asked for: a file has 200,000 terms, an import needs 20 of them."""

    def __init__(self, raw: Mapping[str, Raw], make: Callable[[str, Raw], Entry]) -> None:
        self._raw, self._make = raw, make
        self._made: dict[str, Entry] = {}

    def __getitem__(self, iri: str) -> Entry:
        if iri not in self._made:
            self._made[iri] = self._make(iri, self._raw[iri])
        return self._made[iri]

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def stream(self) -> Iterator[Entry]:
        """Give all entries, one after the other, and keep none."""
        return (self._made.get(iri) or self._make(iri, raw) for iri, raw in self._raw.items())

    def __len__(self) -> int:
        return len(self._raw)

    def __contains__(self, iri: object) -> bool:
        return iri in self._raw


@dataclass(frozen=True, slots=True)
class OntologyFile:
    """A file that was read: which ontology, in which version, and its terms."""

    path: str
    layout: str
    name: str  # "cl", "mondo/imports/uberon_import"
    version: str = ""  # as the file states it
    date: str = ""  # of the version; without one, the newest date of a term
    licence: str = ""
    depth: Depth = 2
    entries: Mapping[str, Entry] = field(default_factory=dict)  # IRI -> term
    version_iri: str = ""
    imports: tuple[str, ...] = ()  # IRIs of files that belong to it; they are not read
    undeclared: Mapping[str, Entry] = field(default_factory=dict)  # terms that the file names without saying what kind
    remarks: int = 0  # annotations of single statements, which are not read

    def stream(self) -> Iterator[Entry]:
        """Give all terms in the order of the file, then the undeclared ones; what is made for it is not kept."""
        for entries in (self.entries, self.undeclared):
            yield from entries.stream() if isinstance(entries, Entries) else entries.values()

    def about(self, prefix: str) -> int:
        """Say how near the file is to an ontology: 2 its own file, 1 another one's import of it, 0 neither."""
        name, wanted = self.name.casefold(), prefix.casefold()
        module = re.search(r"imports/([a-z]+)_imports?\b", name)
        if module:
            return int(module[1] == wanted)
        return 2 if re.split(r"[/.]", name)[0] == wanted else 0

    def title(self) -> str:
        """Give name and version in words."""
        if self.version:
            words = "" if self.version.casefold().startswith("version") else "version "
            return f"{self.name}, {words}{self.version}"
        return f"{self.name}, no version stated" + (f", newest term of {self.date}" if self.date else "")


def synonyms_of(texts: Iterable[tuple[str, str]]) -> tuple[Synonym, ...]:
    """Give synonyms, sorted, from pairs of scope and text; one without a sign is none.

    >>> synonyms_of([("exact", "MSC "), ("exact", "MSC"), ("", " ")])
    (Synonym(text='MSC', scope='exact'),)
    """
    return tuple(Synonym(*pair) for pair in sorted({(text.strip(), scope) for scope, text in texts if text.strip()}))


def prefix_of(iri: str) -> str:
    """Give the prefix of an OBO identifier, or nothing.

    >>> prefix_of("http://purl.obolibrary.org/obo/CL_0000134"), prefix_of("http://purl.org/dc/terms/source")
    ('CL', '')
    """
    match = _OBO_IRI.fullmatch(iri)
    return match[1] if match else ""


def iri_of(identifier: str) -> str:
    """Give the IRI of an identifier as OBO files write it; an IRI and a bare name stay as they are.

    >>> iri_of("CL:0000134"), iri_of("part_of")
    ('http://purl.obolibrary.org/obo/CL_0000134', 'part_of')
    >>> iri_of("EFO:0000001")
    'http://www.ebi.ac.uk/efo/EFO_0000001'
    """
    if "://" in identifier:
        return identifier
    prefix, colon, local = identifier.partition(":")
    if not (colon and local and _PREFIX.fullmatch(prefix)):
        return identifier
    return f"{_NOT_OBO.get(prefix) or f'{OBO}{prefix}_'}{local}"


def newest(dates: Iterable[str]) -> str:
    """Give the newest ISO day among some words, or nothing.

    >>> newest(["2026-08-14T09:02:00Z", "RC1.4", "2025-01-01"])
    '2026-08-14'
    """
    days = (re.match(r"\d{4}-\d\d-\d\d(?!\d)", each) for each in dates)
    return max((day.group() for day in days if day), default="")
