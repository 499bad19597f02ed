"""The shipped mapping files: no fault, no gap, no contradiction, and valid by the schema of SSSOM."""

from __future__ import annotations

import csv
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.ontology import read_terms
from kg.ontology.mapping_rules import COLUMNS, HEADER_KEYS, JUSTIFICATIONS, NOT_FOUND, MappingRow
from kg.ontology.mappings import mapping_faults, mapping_quads, read_mappings
from kg.paths import ontology_folder
from kg.rdf import graph_iri
from tests.conftest import SHARED

FILES = sorted((ontology_folder() / "mappings").glob("*"))
GRAPH = graph_iri("mappings", "any")


def _labels_of(path: Path) -> dict[str, str]:
    table = ontology_folder() / "terms" / path.name.replace(".sssom.tsv", ".tsv")
    return {row.id: row.label for row in read_terms(table)}


def _rows(path: Path) -> list[MappingRow]:
    return list(read_mappings(path, _labels_of(path)).rows)


def test_every_table_with_minted_terms_has_its_mappings() -> None:
    tables = sorted((ontology_folder() / "terms").glob("*.tsv"))
    minted = {table.stem for table in tables if any(row.id.startswith("ctmo:") for row in read_terms(table))}
    assert minted <= {path.name.removesuffix(".sssom.tsv") for path in FILES}
    assert all(path.name.endswith(".sssom.tsv") for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_file_has_no_fault_and_loses_no_row(path: Path) -> None:
    assert mapping_faults(path, _labels_of(path)) == []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    quads = mapping_quads(read_mappings(path, _labels_of(path)), GRAPH)
    records = {quad.subject for quad in quads if isinstance(quad.subject, ox.BlankNode)}
    assert len(records) == len(lines) - 1 > 0


def test_every_minted_term_is_mapped_or_was_looked_for() -> None:
    mapped = {row.subject_id for path in FILES for row in _rows(path)}
    tables = (ontology_folder() / "terms").glob("*.tsv")
    minted = {row.id for table in tables for row in read_terms(table) if row.id.startswith("ctmo:")}
    assert minted - mapped == set()


def test_no_two_terms_are_the_same_as_one_thing() -> None:
    exact: dict[str, str] = {}
    for path in FILES:
        for row in _rows(path):
            if row.predicate_id == "skos:exactMatch" and row.object_id != NOT_FOUND:
                assert exact.setdefault(row.object_id, row.subject_id) == row.subject_id, row


def test_a_prefix_means_the_same_in_every_file() -> None:
    meaning: dict[str, str] = {}
    for path in FILES:
        for prefix, iri in read_mappings(path, _labels_of(path)).curie_map.items():
            assert meaning.setdefault(prefix, iri) == iri, (path.name, prefix)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the verified mappings are not on this machine")
def test_no_mapping_is_one_that_was_found_wrong_and_labels_are_those_seen() -> None:
    text = (SHARED / "curation" / "verified_terms.sssom.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    verified = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong = {
        (one["subject_label"].casefold(), one["object_id"]) for one in verified if one["predicate_modifier"] == "Not"
    }
    seen: dict[str, set[str]] = {}
    for one in verified:
        seen.setdefault(one["object_id"], set()).add(one["object_label"])
    checked = 0
    for path in FILES:
        table = ontology_folder() / "terms" / path.name.replace(".sssom.tsv", ".tsv")
        names = {term.id: {term.label, *term.exact_synonyms, *term.related_synonyms} for term in read_terms(table)}
        for row in _rows(path):
            assert not {(name.casefold(), row.object_id) for name in names[row.subject_id]} & wrong, row
            if row.object_id in seen and row.object_label:
                assert row.object_label in seen[row.object_id], row
                checked += 1
    assert checked > 50


# The schema of SSSOM, where it is installed (`pip install --no-deps sssom-schema`: data only, nothing of it is run)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    import yaml

    found = find_spec("sssom_schema")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the package sssom-schema is not installed")
    path = Path(found.submodule_search_locations[0]) / "schema" / "sssom_schema.yaml"
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def test_columns_and_keys_are_slots_of_the_schema_and_none_that_is_required_is_missing(schema: dict[str, Any]) -> None:
    for names, of_class in ((COLUMNS, "mapping"), ([*HEADER_KEYS, "curie_map"], "mapping set")):
        slots = schema["classes"][of_class]["slots"]
        usage = schema["classes"][of_class].get("slot_usage") or {}
        required = {
            name for name in slots if schema["slots"][name].get("required") or usage.get(name, {}).get("required")
        }
        assert set(names) <= set(slots)
        assert required <= set(names)
    pattern = schema["slots"]["mapping_justification"]["pattern"]
    assert all(re.fullmatch(pattern, name) for name in JUSTIFICATIONS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_value_is_of_the_kind_that_the_schema_asks_for(path: Path, schema: dict[str, Any]) -> None:
    kinds = {"EntityReference": r"[\w.-]+:\S+", "date": r"\d{4}-\d\d-\d\d", "uri": r"[a-z]+:\S+", "string": r".+"}
    kinds["NonRelativeURI"] = kinds["uri"]
    for row in _rows(path):
        for name in COLUMNS:
            slot, value = schema["slots"][name], getattr(row, name)
            if value:
                assert re.fullmatch(slot.get("pattern", kinds[slot.get("range", "string")]), value), (name, value)
