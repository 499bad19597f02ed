"""An index of names on disk: built once from files, kept in the user's cache, asked by key or identifier.

What stands in the index is `kg.linking.gathering`'s business, which name fits a text `kg.linking.candidates`'.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from kg import __version__
from kg.errors import InputError, StoreError
from kg.linking.gathering import gather, number_of, ontology_files

__all__ = ["Index", "Name", "Term", "open_index"]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of an ontology, as the file that speaks for it has it."""

    id: str
    label: str
    deprecated: bool
    replaced_by: tuple[str, ...]
    parents: tuple[str, ...]
    kind: str
    xrefs: tuple[str, ...]
    source: str  # the name of the file's ontology
    version: str

    @property
    def prefix(self) -> str:
        """Give the prefix of the ontology that the term is of."""
        return self.id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a term, and how its meaning stands to the term's."""

    text: str
    scope: str  # label, exact, alias, symbol, previous, entry, former, unknown, related, narrow, broad
    term: Term


class Index:
    """The names of some ontology files. Reads only; several readers do no harm."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.term = lru_cache(maxsize=50_000)(self._term)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, query: str, *values: object) -> list[tuple[str, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"the index of names is damaged ({error}); remove it and ask again") from error

    def _term(self, curie: str) -> Term | None:
        """Give the term of an identifier, obsolete or not; None if no file has it."""
        query = (
            "SELECT term.id, label, deprecated, replaced_by, parents, kind, xrefs, title.name, title.version"
            " FROM term JOIN title ON title.number = term.title WHERE term.id = ?"
        )
        for row in self._rows(query, curie):
            one, label, deprecated, replaced, parents, kind, xrefs, source, version = row
            lists = [tuple(text.split()) for text in (replaced, parents, xrefs)]
            return Term(one, label, bool(deprecated), lists[0], lists[1], kind, lists[2], source, version)
        return None

    def named(self, key: str) -> list[Name]:
        """Give the names that are kept under a key, sorted."""
        query = (
            "SELECT term.id, name.text, name.scope FROM key JOIN name ON name.number = key.name"
            " JOIN term ON term.number = name.term WHERE key.key = ? ORDER BY term.id, name.text, name.scope"
        )
        found = ((self.term(one), text, scope) for one, text, scope in self._rows(query, number_of(key)))
        return [Name(text, scope, term) for term, text, scope in found if term is not None]

    def names_of(self, curie: str) -> list[tuple[str, str]]:
        """Give the names of a term, each with its scope."""
        query = (
            "SELECT name.text, name.scope FROM name JOIN term ON term.number = name.term"
            " WHERE term.id = ? ORDER BY name.text"
        )
        return [(text, scope) for text, scope in self._rows(query, curie)]

    def mapped(self, curie: str) -> list[tuple[str, str]]:
        """Give what tables of mappings among the files say of a term: predicate (or `Not`) and the other term."""
        query = (
            "SELECT predicate, other FROM mapping WHERE one = ? UNION SELECT CASE predicate"
            " WHEN 'skos:broadMatch' THEN 'skos:narrowMatch' WHEN 'skos:narrowMatch' THEN 'skos:broadMatch'"
            " ELSE predicate END, one FROM mapping WHERE other = ? ORDER BY 2, 1"
        )
        return [(predicate, other) for predicate, other in self._rows(query, curie, curie)]

    def prefixes(self) -> dict[str, int]:
        """Give the prefixes of the terms -> how many living terms of each there are."""
        query = (
            "SELECT substr(id, 1, instr(id, ':') - 1), count(*) FROM term WHERE deprecated = 0 AND label != ''"
            " GROUP BY 1 ORDER BY 1"
        )
        return {prefix: int(count) for prefix, count in self._rows(query)}

    def covered(self) -> frozenset[str]:
        """Give the prefixes of which a file of the ontology itself is there, not only an import of some terms."""
        heads = {re.split(r"[/._]", name)[0].casefold() for name, _ in self._rows("SELECT name, version FROM title")}
        return frozenset(prefix for prefix in self.prefixes() if prefix.casefold() in heads)

    def titles(self) -> list[str]:
        """Give the files that names came from, with the versions that they state."""
        return [f"{name} {version}".strip() for name, version in self._rows("SELECT name, version FROM title")]

    def without_names(self) -> list[str]:
        """Give the files that were looked into and hold no names."""
        return [row[0] for row in self._rows("SELECT name FROM other")]

    def living(self, curie: str) -> tuple[Term | None, tuple[str, ...]]:
        """Follow the replacements of a term to a living one; give it, or None, and the way there."""
        way: list[str] = []
        term = self.term(curie)
        while term is not None and term.deprecated:
            way.append(term.id)
            following = [one for one in term.replaced_by if one not in way]
            if len(following) != 1:  # none, several, or a circle: nobody can say which one is meant
                return None, tuple(way)
            term = self.term(following[0])
        return term, tuple(way)

    def above(self, curie: str) -> Iterator[Term]:
        """Give the terms above one, nearest first."""
        layer, seen = [curie], {curie}
        while layer:
            following: list[str] = []
            for one in layer:
                term = self.term(one)
                for parent in term.parents if term else ():
                    if parent not in seen:
                        seen.add(parent)
                        following.append(parent)
                        if (found := self.term(parent)) is not None:
                            yield found
            layer = following


def _key(files: Iterable[tuple[Path, bool]]) -> str:
    """Give a key that changes with the content of a file and with the code that reads it."""
    key = sha256(__version__.encode())
    package = Path(__file__).parent
    code = [*package.glob("*.py"), *(package.parent / "ontology" / "external").glob("*.py")]
    for path in sorted(code):
        key.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for path, named in files:
        key.update(f"{path.name}\0{named}\0".encode())
        try:
            with path.open("rb") as stream:
                while part := stream.read(1 << 20):
                    key.update(part)
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    return key.hexdigest()[:20]


def _cache_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("mechtrail")) / "names"


def open_index(
    paths: Iterable[Path], *, folder: Path | None = None, step: Callable[[str], None] | None = None
) -> Index:
    """Open the index of files and folders; build it if it is not in the cache yet.

    The first time takes about a second for each megabyte of the ontologies' packed files.
    """
    files = ontology_files(paths)
    folder = folder or _cache_folder()
    kept = folder / f"{_key(files)}.sqlite"
    if not kept.exists():
        building = kept.with_suffix(f".{os.getpid()}.part")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            building.unlink(missing_ok=True)
            connection = sqlite3.connect(building)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{folder}: the index of names cannot be written: {error}") from error
        try:
            with contextlib.closing(connection):
                gather(connection, files, step=step)
            building.replace(kept)  # whole or not at all: another reader never sees a part
        except sqlite3.Error as error:
            raise StoreError(f"{folder}: the index of names cannot be written: {error}") from error
        finally:
            building.unlink(missing_ok=True)
    return Index(sqlite3.connect(f"{kept.as_uri()}?mode=ro", uri=True))
