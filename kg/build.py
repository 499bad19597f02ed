"""Ontology, curated files and given files -> a filled store, one named graph a file; then the rules.

The same input gives the same quads whatever the order of the files. Nothing is skipped: the report counts every file,
record and quad.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.catalogue import load_catalogue
from kg.curation.verification import check_file, read_records
from kg.errors import InputError, KgError
from kg.estimates import holds_questions, read_questions, standing_estimates
from kg.fingerprint import Text
from kg.loaders import load_file, read_head
from kg.loaders.claims import accepts as is_claims_file
from kg.loaders.claims import read_claims
from kg.model.pooling import PooledQuestion
from kg.ontology import ontology_quads, read_lexicon
from kg.paths import claims_folder, curated_tables, studies_folder, verified_folder
from kg.rdf import evidence_iri, graph_iri, quotation_quads, seal
from kg.schema import schema_quads
from kg.store import LocalStore
from kg.timeslice import still_to_come, without
from kg.vocabulary import Lexicon

__all__ = ["Built", "build", "curated_files", "derive"]


@dataclass
class Built:
    """A filled store and what went into it."""

    store: LocalStore
    records_of_file: dict[str, int] = field(default_factory=dict)
    derived: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int | None] = field(default_factory=dict)  # of a time slice: file -> its year

    def by_graph(self) -> dict[ox.NamedNode, list[ox.Quad]]:
        """Give graph -> its quads, for stores that are filled graph by graph."""
        graphs: dict[ox.NamedNode, list[ox.Quad]] = {}
        for quad in sorted(self.store.quads(), key=str):
            assert isinstance(quad.graph_name, ox.NamedNode)
            graphs.setdefault(quad.graph_name, []).append(quad)
        return graphs

    def summary(self) -> str:
        """Give one line of counts."""
        records = sum(self.records_of_file.values())
        derived = sum(self.derived.values())
        return (
            f"{len(self.records_of_file)} files, {records} records, {len(self.store.inner):,} quads, "
            f"{derived:,} of them derived"
        )


def curated_files() -> list[Path]:
    """Give the packaged claims and studies, sorted."""
    return sorted([*claims_folder().glob("*.yaml"), *studies_folder().glob("*.yaml")])


def _name(path: Path) -> str:
    """Give a file's name with its folder: a source and a study may share a name."""
    return f"{path.parent.name}/{path.name}"


def _given_files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml"))
            files += [p for p in found if not p.stem.endswith(".mapping")]  # says what the columns of a table are
        elif path.is_file():
            files.append(path)
        else:
            raise InputError(f"{path}: no such file or folder")
    return files


def _verify_again(path: Path, lexicon: Lexicon, texts: Mapping[str, Text], seals: dict[str, str]) -> list[ox.Quad]:
    """Let the reader's copy speak before the record does; give the words of the passages it holds."""
    if not is_claims_file(path, read_head(path)):
        return []
    file = read_claims(path, lexicon)
    text = texts.get(file.source.id)
    if text is None:
        return []
    words = []
    for check in check_file(file, text):
        good = check.found and not check.missing_numbers()
        seals[seal(check.claim, check.evidence, file.source)] = "verified" if good else "not found"
        if good:
            words.append(
                (evidence_iri(check.claim, check.evidence, file.source.id), " ".join(check.match.words.split()))
            )
    return list(quotation_quads(words, graph_iri("quotations", file.source.id)))


def build(
    paths: Iterable[Path] = (),
    *,
    texts: Mapping[str, Text] | None = None,
    packaged: bool = True,
    progress: Callable[[str], None] | None = None,
    as_of: int | None = None,
) -> Built:
    """Build a graph in memory from the packaged files and the given ones.

    With `texts` (source id -> text) passages are verified against them, and their words go into graphs of their own.
    With `as_of` (a year) only what was published by the end of it goes in; `Built.left_out` names the rest.
    Raises a `KgError` that names file and line; then nothing was built.
    """
    lexicon = read_lexicon()
    seals = read_records(verified_folder())
    built = Built(LocalStore.in_memory())
    built.store.extend(ontology_quads())
    files = [*([*curated_files(), *curated_tables()] if packaged else []), *_given_files(paths)]
    later = still_to_come(files, as_of, lexicon) if as_of is not None else {}
    built.left_out = {_name(path): year for path, year in later.items()}
    files = [path for path in files if path not in later]
    absent = {path.stem for path in later if path.parent == studies_folder()}
    graphs: dict[str, Path] = {}
    questions: list[PooledQuestion] = []
    for path in dict.fromkeys(path.resolve() for path in files):
        if progress:
            progress(path.name)
        if holds_questions(read_head(path)):
            asked = read_questions(path, lexicon)
            questions += asked
            built.records_of_file[_name(path)] = len(asked)
            continue
        if texts:
            built.store.extend(_verify_again(path, lexicon, texts, seals))
        loaded = load_file(path, lexicon, seals)
        other = graphs.setdefault(loaded.graph.value, path)
        if other != path:
            raise InputError(f"{path} and {other} would fill the same graph <{loaded.graph.value}>; rename one")
        built.store.extend(without(loaded.quads, absent) if absent else loaded.quads)
        built.records_of_file[_name(path)] = loaded.records
    built.derived = derive(built.store, questions)
    return built


def derive(store: LocalStore, questions: Iterable[PooledQuestion] | None = None) -> dict[str, int]:
    """Add what follows from a store: rules, pooled estimates (of the packaged questions, or of the given ones), counts.

    Gives rule -> how many quads it added.
    """
    added = apply_rules(store)
    if questions is None:
        lexicon = read_lexicon()
        tables = [path for path in curated_tables() if holds_questions(read_head(path))]
        questions = [question for path in tables for question in read_questions(path, lexicon)]
    store.extend(list(standing_estimates(store, questions)))
    store.extend(list(schema_quads(store)))
    return added


def apply_rules(store: LocalStore) -> dict[str, int]:
    """Run the CONSTRUCT rules in the order of their names; give rule -> how many quads it added.

    A rule tagged `repeat` runs until it adds nothing.
    """
    added: dict[str, int] = {}
    for name, rule in load_catalogue().items():
        if "rule" not in rule.tags:
            continue
        if not rule.graph:
            raise KgError(f"{name}.rq: a rule needs a line `#+ graph: ...`")
        graph = graph_iri("inferred", rule.graph)
        start = len(store.inner)
        while True:
            before = len(store.inner)
            triples = store.query(rule.text)
            store.extend([ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples])  # type: ignore[union-attr]
            if "repeat" not in rule.tags or len(store.inner) == before:
                break
        added[name] = len(store.inner) - start
    return added
