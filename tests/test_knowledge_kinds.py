"""All readers of knowledge files together: each file has one kind, and every word they write is declared."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg.knowledge
from kg.gate import Member, open_file
from kg.namespaces import CTMO, PREFIXES
from kg.ontology import ontology_quads, read_lexicon
from tests.conftest import SHARED
from tests.knowledge import load, member

MODULES = [importlib.import_module(f"kg.knowledge.{each.name}") for each in pkgutil.iter_modules(kg.knowledge.__path__)]
READERS = [each for each in MODULES if hasattr(each, "KIND")]
FOLDERS = ("registry", "literature", "pathways", "external", "curation")
FILES = sorted(path for folder in FOLDERS for path in (SHARED / folder).rglob("*") if path.is_file())
FILES = [path for path in FILES if path.suffix not in (".zip", ".xlsx", ".xls", ".zst")]
SMALL = [path for path in FILES if path.stat().st_size < 90_000 and "WP3888" not in path.name]


def kinds_of(source: Member) -> list[str]:
    return [reader.KIND for reader in READERS if reader.accepts(source)]


def test_a_reader_has_a_word_a_line_of_help_and_two_functions() -> None:
    assert len({reader.KIND for reader in READERS}) == len(READERS) >= 12
    for reader in READERS:
        assert reader.__all__ == ["KIND", "SUMMARY", "accepts", "read"] or "read" in reader.__all__
        assert len(reader.SUMMARY) < 120
        assert not reader.SUMMARY.endswith(".")


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{", b"[", b"\x00\xff", b"PK\x03\x04", b"\x1f\x8b", b"<", b"#", b"a\tb"]
)
def test_what_is_nothing_has_no_kind(content: bytes) -> None:
    assert kinds_of(member(content, "x")) == []


@pytest.mark.skipif(not FILES, reason="the files of other people are not on this machine")
def test_a_file_has_one_kind_at_most_and_a_registry_or_literature_file_none_of_these() -> None:
    wrong = []
    for path in FILES:
        found = kinds_of(open_file(path))
        if len(found) > 1 or (found and path.relative_to(SHARED).parts[0] in ("registry", "literature")):
            wrong.append((path.name, found))
    assert wrong == []


@pytest.mark.skipif(not SMALL, reason="the files of other people are not on this machine")
def test_every_word_of_ours_that_a_real_file_becomes_is_declared_and_none_is_a_relation_of_assertions() -> None:
    declared = {quad.subject for quad in ontology_quads() if quad.predicate.value == PREFIXES["rdf"] + "type"}
    relations = set(read_lexicon().iri_of_relation.values())
    used: set[ox.NamedNode] = set()
    for path in SMALL:
        file = open_file(path)
        for reader in (each for each in READERS if each.accepts(file) and each.KIND not in ("ontology", "rdf")):
            if path == SHARED / "external" / "ncit" / "ncit.sssom.tsv":
                continue
            for triple in (triple for piece in load(reader.read, file).pieces for triple in piece.triples):
                used.add(triple.predicate)
                if triple.predicate.value == PREFIXES["rdf"] + "type" and isinstance(triple.object, ox.NamedNode):
                    used.add(triple.object)
    ours = {node for node in used if node.value.startswith(CTMO)}
    assert len(ours) > 25
    assert ours - declared == set()
    assert {node.value for node in used} & relations == set()


def test_a_member_of_an_archive_is_read_by_its_name_within() -> None:
    content = b"ID\tDatabase\n7\tPubmed\n"
    source = Member("bulk.zip/tables/WP12-refs.tsv", Path("bulk.zip"), content, lambda: content)
    assert kinds_of(source) == ["wikipathways-table"]
    reader = next(each for each in READERS if each.KIND == "wikipathways-table")
    assert load(reader.read, source).pieces[0].triples[0].subject.value.endswith("WP12")  # type: ignore[union-attr]
