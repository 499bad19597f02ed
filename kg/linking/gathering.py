"""Ontology files and tables of names -> an index of names on disk. Which name fits a text is not its job.

A term may stand in many files. Its own ontology's files speak for it, the newest first; another ontology's import of it
comes next, any other file only where these are silent. The names of all of them are kept, since a text may use an older
label; a label that is no longer one has the scope `former`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from kg.errors import InputError, SourceError
from kg.linking.mapping_tables import is_mapping_table, read_mapping_lines
from kg.linking.name_tables import read_name_table, table_kind
from kg.linking.names import clean, is_symbol, keys
from kg.namespaces import PREFIXES, compress, expand_or_none
from kg.ontology.external import Entry, OntologyFile, read_ontology
from kg.ontology.external.files import layout_of, read_bytes

__all__ = ["Gathered", "curie_of", "gather", "ontology_files"]

_OBO = "http://purl.obolibrary.org/obo/"
_LOCAL = re.compile(r"([A-Za-z][\w.]*)[_:]([A-Za-z]?\d\w*|\w*\d)")
#: How files write a prefix -> how we do.
_PREFIX = {prefix.casefold(): prefix for prefix in PREFIXES} | {
    **{"uniprot": "UniProtKB", "up": "UniProtKB", "mesh": "MESH", "msh": "MESH", "msh2003": "MESH", "fplx": "FPLX"},
    **{"nci": "NCIT", "ncit": "NCIT", "hancestro": "HANCESTRO", "hsapdv": "HsapDv", "do": "DOID", "mp": "MP"},
    **{"wikipathways": "WIKIPATHWAYS", "react": "REACT", "reactome": "REACT", "bfo": "BFO"},
}
#: Labels that say nothing of a term's meaning.
_OBSOLETE_LABEL = re.compile(r"^obsolete[_ ]", re.IGNORECASE)
_ABBREVIATION_INSIDE = re.compile(r"(.+?) \(([^()]+)\)( .+)")
#: Nobody asks for a longer name; CHEBI has 60,000 of them.
_LONGEST_NAME = 120
#: A file with so many synonyms of one scope only has lost the others.
_MANY = 100


def curie_of(identifier: str) -> str:
    """Give the CURIE of an IRI or of an identifier as files write it, or nothing for one of an unknown kind.

    >>> curie_of("http://purl.obolibrary.org/obo/EFO_0000586"), curie_of("mesh:D059630"), curie_of("part_of")
    ('EFO:0000586', 'MESH:D059630', '')
    """
    if identifier.startswith(_OBO):
        identifier = identifier[len(_OBO) :]
    elif "/" in identifier and "://" not in (curie := compress(identifier)):
        return curie
    match = _LOCAL.fullmatch(identifier if "/" not in identifier else re.split(r"[/#]", identifier)[-1])
    prefix = _PREFIX.get(match[1].casefold(), "") if match else ""
    return f"{prefix}:{match[2]}" if match and prefix else ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found in the files: for the words that say so."""

    files: tuple[str, ...]  # those with names, as titles
    other: tuple[str, ...]  # those without
    terms: int


@dataclass(slots=True)
class _Record:
    """What one file says of one term."""

    rank: tuple[object, ...]
    title: int
    label: str
    kind: str
    deprecated: bool
    replaced_by: list[str]
    parents: list[str]
    xrefs: list[str]
    names: list[tuple[str, str]]
    near: int
    lists_exact: bool = False
    lists_all: bool = False

    def to_row(self, curie: str) -> tuple[str, str]:
        return curie, json.dumps([getattr(self, name) for name in _SLOTS], ensure_ascii=False)


_SLOTS = [each.name for each in fields(_Record)]


@dataclass(slots=True)
class _Store:
    """The index while it is written: raw records first, then terms and names."""

    connection: sqlite3.Connection
    titles: list[tuple[str, str]] = field(default_factory=list)  # name and version
    lost: set[int] = field(default_factory=set)  # those whose synonyms have lost their scopes

    def add(self, records: Iterable[tuple[str, _Record]]) -> None:
        rows = (record.to_row(curie) for curie, record in records)
        self.connection.executemany("INSERT INTO raw VALUES (?, ?)", rows)


def ontology_files(paths: Iterable[Path]) -> list[tuple[Path, bool]]:
    """Give the files, and those of folders, sorted; and for each whether it was named."""
    found: dict[Path, bool] = {}
    for path in paths:
        if path.is_dir():
            for each in sorted(path.rglob("*")):
                if each.is_file():
                    found.setdefault(each, False)
        elif path.is_file():
            found[path] = True
        else:
            raise InputError(f"{path}: no such file or folder; expected ontology files, tables of names or folders")
    return sorted(found.items())


def _entries(file: OntologyFile, wanted: Collection[str]) -> Iterator[Entry]:
    for curie in sorted(wanted):
        iri = expand_or_none(curie)
        if iri and iri in file.entries:
            yield file.entries[iri]


def _records_of(
    file: OntologyFile, title: int, wanted: Collection[str] | None, found: Counter[str]
) -> Iterator[tuple[str, _Record]]:
    """Give the records of an ontology file, or of the wanted terms; count the scopes of its synonyms on the way."""
    entries = file.stream() if wanted is None else _entries(file, wanted)
    near_of: dict[str, int] = {}
    for entry in entries:
        curie = curie_of(entry.iri)
        if not curie or (wanted is None and curie.startswith("UniProtKB:")):
            continue
        if "property" in entry.kind and not curie.startswith(("RO:", "BFO:")):
            continue
        prefix = curie.partition(":")[0]
        near = near_of.setdefault(prefix, 2 if (prefix, file.name) == ("UniProtKB", "uniprot") else file.about(prefix))
        rank = (near > 0, file.date or "", bool(file.version), near, len(file.entries))
        names = [(clean(one.text), one.scope) for one in entry.synonyms]
        found.update(scope for _, scope in names)
        yield (
            curie,
            _Record(
                rank,
                title,
                clean(entry.label),
                "",
                entry.deprecated,
                [one for one in map(curie_of, entry.replaced_by) if one],
                [one for one in map(curie_of, entry.parents) if one],
                sorted({one for one in map(curie_of, entry.xrefs) if one}),
                sorted(set(names)),
                near,
                file.layout == "list",
                file.layout == "resource",
            ),
        )


def _table_records(text: str, file: str, title: int) -> Iterator[tuple[str, _Record]]:
    for named in read_name_table(text, file):
        names = sorted({(clean(name), scope) for name, scope in named.names})
        rank = (True, "", False, 2, 0)
        yield named.id, _Record(rank, title, clean(named.label), named.kind, named.replaced, [], [], [], names, 2)


def _merged(records: list[_Record]) -> _Record:
    """Make one record of what all files say of a term."""
    records = sorted(records, key=lambda record: tuple(map(str, record.rank[1:])), reverse=True)
    own = [record for record in records if record.near] or records
    best = next((record for record in own if record.label), own[0])
    exact_listed = any(record.lists_exact for record in own)
    all_listed = [record for record in own if record.lists_all]
    scopes: dict[str, str] = {}
    for record in own:
        for name, scope in record.names:
            if scope and (name not in scopes or not scopes[name]):
                scopes[name] = scope
            scopes.setdefault(name, "")
        if record.label and not _OBSOLETE_LABEL.match(record.label):
            scopes.setdefault(record.label, "former")
    elsewhere = {name: scope for record in reversed(records) for name, scope in record.names if scope}
    for name, scope in scopes.items():
        if not scope and name in elsewhere:
            scopes[name] = elsewhere[name]
        elif not scope:
            told = exact_listed or (all_listed and all((name, "") not in record.names for record in all_listed))
            scopes[name] = "related" if told else "unknown"
    scopes.pop(best.label, None)
    newest = own[0]
    return _Record(
        best.rank,
        best.title,
        best.label,
        next((record.kind for record in own if record.kind), ""),
        newest.deprecated,
        next((record.replaced_by for record in own if record.replaced_by), []),
        next((record.parents for record in own if record.parents), []),
        sorted({xref for record in own for xref in record.xrefs}),
        sorted(scopes.items()),
        max(record.near for record in own),
    )


def _merge(connection: sqlite3.Connection, lost: set[int]) -> int:
    """Turn the raw records into terms and names; give the count of terms."""
    count, curie, waiting = 0, "", list[_Record]()
    terms, names = list[tuple[object, ...]](), list[tuple[str, int, str, str]]()

    def finish() -> None:
        nonlocal count
        term = _merged(waiting)
        if not term.label and not term.names and not term.replaced_by:
            return
        count += 1
        others = (" ".join(term.replaced_by), " ".join(term.parents), term.title, term.kind, " ".join(term.xrefs))
        terms.append((count, curie, term.label, int(term.deprecated), *others))
        label = _OBSOLETE_LABEL.sub("", term.label)
        scopes = dict(term.names) | ({label: "label"} if label else {})
        if (match := _ABBREVIATION_INSIDE.fullmatch(label)) and is_symbol(match[2]):
            scopes.setdefault(match[1] + match[3], "exact")  # "brain-derived neurotrophic factor (BDNF) signaling"
        for name in sorted(scopes):
            if len(name) <= _LONGEST_NAME:
                names.extend((key, count, name, scopes[name]) for key in dict.fromkeys(keys(name)))

    def write(at_least: int) -> None:
        if len(names) >= at_least:
            connection.executemany("INSERT INTO term VALUES (?,?,?,?,?,?,?,?,?)", terms)
            connection.executemany("INSERT INTO name VALUES (?, ?, ?, ?)", names)
            terms.clear()
            names.clear()

    for one, text in connection.cursor().execute("SELECT curie, record FROM raw ORDER BY curie, rowid"):
        if one != curie:
            if waiting:
                finish()
                write(100_000)
            curie, waiting = one, []
        waiting.append(_Record(*json.loads(text)))
        if waiting[-1].title in lost:
            waiting[-1].names = [(name, "") for name, _ in waiting[-1].names]
    if waiting:
        finish()
    write(0)
    return count


_TABLES = """
CREATE TABLE raw (curie TEXT, record TEXT);
CREATE TABLE term (number INTEGER PRIMARY KEY, id TEXT, label TEXT, deprecated INT, replaced_by TEXT, parents TEXT,
                   title INT, kind TEXT, xrefs TEXT);
CREATE TABLE name (key TEXT, term INT, text TEXT, scope TEXT);
CREATE TABLE title (number INTEGER PRIMARY KEY, name TEXT, version TEXT);
CREATE TABLE mapping (one TEXT, other TEXT, predicate TEXT, title INT);
CREATE TABLE other (name TEXT);
"""
_INDEXES = """
DROP TABLE raw;
CREATE INDEX name_key ON name (key);
CREATE INDEX term_id ON term (id);
CREATE INDEX mapping_one ON mapping (one);
"""


def gather(
    connection: sqlite3.Connection, files: Iterable[tuple[Path, bool]], *, step: Callable[[str], None] | None = None
) -> Gathered:
    """Write the names of all files into an empty database.

    A file that is named must hold names; in a folder others may lie, and are told as such.
    """
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
    store, other, proteins = _Store(connection), list[str](), list[tuple[Path, bool]]()
    for path, named in files:
        if step:
            step(path.name)
        if "uniprot" in path.name.casefold():
            proteins.append((path, named))  # only the proteins that the other files speak of are taken from it
        elif not _take(store, path, None, named=named):
            other.append(path.name)
    known = {row[0] for row in connection.execute("SELECT DISTINCT curie FROM raw WHERE curie LIKE 'UniProtKB:%'")}
    for path, named in proteins:
        if not _take(store, path, known, named=named):
            other.append(path.name)
    connection.executemany("INSERT INTO title VALUES (?, ?, ?)", [(i, *one) for i, one in enumerate(store.titles)])
    connection.executemany("INSERT INTO other VALUES (?)", [(name,) for name in other])
    count = _merge(connection, store.lost)
    connection.executescript(_INDEXES)
    connection.commit()
    return Gathered(tuple(" ".join(one).strip() for one in store.titles), tuple(other), count)


def _take(store: _Store, path: Path, wanted: Collection[str] | None, *, named: bool) -> bool:
    """Take the names or mappings of one file; say whether it had any."""
    content = read_bytes(path)
    title = len(store.titles)
    if layout_of(content):
        found = read_ontology(path, content) if named else _read_if_any(path, content)
        del content
        if found is None:
            if named:
                raise InputError(f"{path}: holds no term in a layout that is known here")
            return False
        store.titles.append((found.name, found.version))
        scopes = Counter[str]()
        store.add(_records_of(found, title, wanted, scopes))
        if scopes.total() > _MANY and scopes["related"] > 0.98 * scopes.total():
            store.lost.add(title)
        return True
    text = _text_of(content, path)
    if table_kind(text[:20_000]):
        store.titles.append((path.name.partition(".")[0], ""))
        store.add(_table_records(text, path.name, title))
        return True
    if is_mapping_table(text):
        store.titles.append((path.name.removesuffix(".gz"), ""))
        rows = [
            (curie_of(line.subject_id), curie_of(line.object_id), "Not" if line.negative else line.predicate_id, title)
            for line in read_mapping_lines(text, path.name)
        ]
        store.connection.executemany(
            "INSERT INTO mapping VALUES (?, ?, ?, ?)", [row for row in rows if row[0] and row[1]]
        )
        return True
    if named:
        raise InputError(
            f"{path}: no names: expected OBO, OBO graphs, OWL, a list of terms as JSON, the tables of HGNC, MeSH "
            "or WikiPathways, or SSSOM"
        )
    return False


def _read_if_any(path: Path, content: bytes) -> OntologyFile | None:
    try:
        return read_ontology(path, content)
    except SourceError:
        return None  # one of other files in a folder; counted and told as such


def _text_of(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(path.name, 0, "", f"not UTF-8 text (byte {error.start})") from error
