"""Files of other people -> graphs of a store, one graph a file; what the store derives is derived anew.

A file that was named is loaded whole or nothing is; in a folder or an archive what cannot be used is reported, and the
rest is loaded. The store that is given is a copy: whoever calls decides whether it takes the place of the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from kg import __version__
from kg.build import derive
from kg.errors import InputError, KgError
from kg.gate import Limits, Member, Skipped, walk
from kg.intake.kinds import Kind, kind_named, kind_of
from kg.intake.report import FileReport, LoadReport
from kg.intake.same_trial import same_trial_quads
from kg.knowledge.piece import Piece
from kg.model.intake import Refused
from kg.namespaces import CTMO, PREFIXES
from kg.rdf import LABEL, RDF_TYPE, ctmo
from kg.rdf.iris import text
from kg.store import LocalStore

__all__ = ["Options", "graph_of", "load_into", "loaded_graphs", "remove_from"]

_LOADED = CTMO + "graph/loaded/"
_CREATED_WITH = ox.NamedNode(PREFIXES["pav"] + "createdWith")


@dataclass(frozen=True, slots=True)
class Options:
    """How to load: as which kind (none: by what the file holds), within which limits, all or nothing."""

    kind: str = ""
    limits: Limits = field(default_factory=Limits)
    strict: bool = False  # refuse a whole file for one bad record
    table: Kind | None = None  # what the columns of the files mean, where they are tables of the user
    texts: Path | None = None  # a folder for the words of papers, one file each
    progress: Callable[[str], None] | None = None


def graph_of(name: str) -> ox.NamedNode:
    """Give the graph of a loaded file by its name.

    >>> graph_of("registry/NCT04314687.json").value
    'https://w3id.org/ctmo/graph/loaded/registry/NCT04314687.json'
    """
    return ox.NamedNode(_LOADED + quote(name, safe="/-._~"))


def loaded_graphs(store: LocalStore) -> list[str]:
    """Give the names of the files that were loaded into a store, sorted."""
    from urllib.parse import unquote

    return [unquote(name.removeprefix(_LOADED)) for name in store.graph_names() if name.startswith(_LOADED)]


def _file_of(member: Member | Skipped) -> str:
    """Give the name of the file that a member is, or is an entry of."""
    place = member.name.rfind(member.path.name)
    return member.name[: place + len(member.path.name)] if place >= 0 else member.name


def _by_file(
    members: Iterable[Member | Skipped],
) -> Iterator[tuple[str, Path, list[Member | Skipped] | Iterator[Member | Skipped]]]:
    """Put the entries of one archive together; they follow each other."""
    from itertools import groupby

    for (name, path), group in groupby(members, key=lambda one: (_file_of(one), one.path)):
        yield name, path, group


class _Reading:
    """One file while it is read: its quads, one after the other, and the count of what became of its records."""

    def __init__(self, name: str, options: Options) -> None:
        self.report = FileReport(name)
        self.left_out: list[tuple[str, str]] = []
        self.broken: list[tuple[str, str]] = []
        self.graph = graph_of(name)
        self.options = options
        self.digest = sha256()
        self.kinds: set[str] = set()

    def _kind(self, member: Member) -> Kind | None:
        if self.options.table:
            return self.options.table
        return kind_named(self.options.kind) if self.options.kind else kind_of(member)

    def quads(self, members: Iterable[Member | Skipped], *, lenient: bool) -> Iterator[ox.Quad]:
        """Give the quads of all members; with `lenient` one that cannot be used is reported, and the rest is read."""
        for member in members:
            if isinstance(member, Skipped):
                if member.broken and not lenient:
                    raise member.error()
                (self.broken if member.broken else self.left_out).append((member.name, member.reason))
                continue
            try:
                kind = self._kind(member)
                if kind is None:
                    raise InputError(f"{member.name}: {_unknown(member)}")
                pieces = self._pieces(kind, member)
                if lenient:
                    pieces = iter(list(pieces))  # nothing of a member that breaks off must stay
            except KgError as error:
                if not lenient:
                    raise
                self.broken.append((member.name, str(error).removeprefix(f"{member.name}: ")))
                continue
            for piece in pieces:
                self.report.loaded += 1
                if piece.words and self.options.texts:
                    _write_words(self.options.texts, piece)
                for triple in piece.triples:
                    self.report.triples += 1
                    yield ox.Quad(triple.subject, triple.predicate, triple.object, self.graph)
        self.report.kind = ", ".join(sorted(self.kinds))

    def _pieces(self, kind: Kind, member: Member) -> Iterator[Piece]:
        """Give the pieces of a member; what is refused or ignored goes into the report."""
        self.kinds.add(kind.name)
        for outcome in kind.read(member):
            if isinstance(outcome, Piece):
                yield outcome
            elif isinstance(outcome, Refused):
                if self.options.strict:
                    raise InputError(f"{member.name}: {outcome.record}: {outcome.reason}")
                self.report.refused.append(outcome)
            else:
                self.report.ignored.append(outcome)

    def about(self, source: Path) -> Iterator[ox.Quad]:
        """Give what the graph says of its file."""
        yield ox.Quad(self.graph, RDF_TYPE, ctmo("LoadedFile"), self.graph)
        yield ox.Quad(self.graph, LABEL, text(self.report.name), self.graph)
        yield ox.Quad(self.graph, ctmo("sourceFormat"), text(self.report.kind), self.graph)
        for local, count in (
            ("recordsRead", self.report.read),
            ("recordsLoaded", self.report.loaded),
            ("recordsRefused", len(self.report.refused)),
        ):
            yield ox.Quad(self.graph, ctmo(local), ox.Literal(count), self.graph)
        if source.is_file():
            digest = sha256()
            with source.open("rb") as stream:
                for block in iter(lambda: stream.read(1 << 20), b""):
                    digest.update(block)
            yield ox.Quad(self.graph, ctmo("sha256"), text(digest.hexdigest()), self.graph)
        yield ox.Quad(self.graph, _CREATED_WITH, ctmo(f"software/{__version__}"), self.graph)


def _write_words(folder: Path, piece: Piece) -> None:
    """Write the words of a paper for fingerprints; a file of that name with other words is not written over."""
    names = (piece.called, f"{piece.called}-{piece.record.replace('/', '-')}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in (folder / f"{name}.txt" for name in names):
            if not path.exists() or path.read_text(encoding="utf-8") == piece.words:
                path.write_text(piece.words, encoding="utf-8")
                return
    except (OSError, UnicodeError) as error:
        raise InputError(f"{folder}: the words of {piece.record} cannot be written: {error}") from error
    raise InputError(f"{folder / names[0]}.txt: holds other words than {piece.record} has; move it away")


def _unknown(member: Member) -> str:
    from kg.gate import what_is

    what = what_is(member.head)
    found = f"{what}; " if what else ""
    known = "`mechtrail load --kinds` lists them, --as KIND decides, and a table of yours needs --mapping"
    return f"{found}no loader knows this kind of file; {known}"


def load_into(store: LocalStore, paths: Sequence[Path], options: Options | None = None) -> LoadReport:
    """Load files, folders and archives into a store, and derive anew what follows; give what became of each record.

    Raises a `KgError` where a file that was named cannot be used; the store is then half changed and of no use.
    """
    report, options = LoadReport(), options or Options()
    folders = [path for path in paths if path.is_dir()]
    for name, path, members in _by_file(walk(paths, options.limits)):
        if options.progress:
            options.progress(name)
        lenient = any(path.is_relative_to(folder) for folder in folders) or "/" in name
        reading = _Reading(name, options)
        old = list(store.inner.quads_for_pattern(None, None, None, reading.graph)) if lenient else []
        store.inner.remove_graph(reading.graph)
        first = next(iter(members := iter(members)), None)
        archive = isinstance(first, Member) and first.name != name
        store.inner.bulk_extend(reading.quads(chain([first] if first else [], members), lenient=lenient or archive))
        report.left_out += reading.left_out
        report.broken += reading.broken
        _refuse_known_studies(store, reading)
        if reading.report.loaded or reading.report.refused:
            store.inner.bulk_extend(reading.about(path))
            report.files.append(reading.report)
        elif old:
            store.inner.bulk_extend(old)
    _derive_anew(store, options)
    return report


def _refuse_known_studies(store: LocalStore, reading: _Reading) -> None:
    """Refuse a study that another file has: the arms and results of both would become one record."""
    for quad in store.inner.quads_for_pattern(None, RDF_TYPE, ctmo("Study"), reading.graph):
        others = store.inner.quads_for_pattern(quad.subject, RDF_TYPE, ctmo("Study"), None)
        elsewhere = sorted(str(each.graph_name) for each in others if each.graph_name != reading.graph)
        if elsewhere:
            name = str(quad.subject).rpartition("/")[2].rstrip(">")
            raise InputError(f"{reading.report.name}: the study {name!r} is in {elsewhere[0]} too; call it otherwise")


def _derive_anew(store: LocalStore, options: Options) -> None:
    if options.progress:
        options.progress("what follows from it")
    for name in store.graph_names():
        if name.startswith((CTMO + "graph/inferred/", CTMO + "graph/schema/", CTMO + "graph/synthesis/")):
            store.inner.remove_graph(ox.NamedNode(name))
    store.inner.bulk_extend(list(same_trial_quads(store)))
    derive(store)


def remove_from(store: LocalStore, names: Iterable[str]) -> None:
    """Take loaded files out of a store again, by name; raise `NotFoundError` with the nearest for one that is not."""
    from kg.errors import NotFoundError, nearest

    there = loaded_graphs(store)
    for name in names:
        if name not in there:
            raise NotFoundError("loaded file", name, nearest(name, there) or there[:5])
        store.inner.remove_graph(graph_of(name))
    _derive_anew(store, Options())
