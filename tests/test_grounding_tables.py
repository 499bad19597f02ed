"""The synonym tables: every term exists, is not obsolete, has the label it has, and no name leads to two terms."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from kg.errors import SourceError
from kg.grounding import KINDS
from kg.grounding.tables import SCOPES, read_compositions, read_domains, read_synonyms, table_folder, word_group
from kg.grounding.words import fold_phrase
from kg.ontology.tables import read_terms
from kg.paths import ontology_folder, studies_folder
from kg.vocabulary import DONORS
from tests.conftest import SHARED

EXTERNAL = SHARED / "external"
_JSON = {
    "CL": "cl/CL-ontology-v2026-03-26.json.gz",
    "UBERON": "uberon/UBERON-ontology-v2026-04-01.json.gz",
    "MONDO": "mondo/MONDO-ontology-v2026-05-05.json.gz",
}
_OBO = {"HP": "hp/hp.obo.gz", "MAXO": "maxo/maxo.obo.gz", "OBI": "obi/obi.obo.gz"}


@cache
def _ours() -> dict[str, str]:
    """Give the label of every term of the tables of the ontology, and of the donor relations."""
    found = {
        row.id: row.label for path in sorted((ontology_folder() / "terms").glob("*.tsv")) for row in read_terms(path)
    }
    found |= {"ctmo:" + iri.rsplit("/", 1)[1].rsplit("#", 1)[-1]: word for word, iri in DONORS.items()}
    return found


@cache
def _labels(prefix: str) -> dict[str, tuple[str, bool]]:
    """Give label and obsolescence of the terms of another ontology; the test is skipped where its file is missing."""
    name = _JSON.get(prefix) or _OBO.get(prefix) or ("mesh/mesh_id_label_mappings.tsv.gz" if prefix == "MESH" else "")
    path = EXTERNAL / name
    if not name or not path.is_file():
        pytest.skip(f"no file of {prefix} in {EXTERNAL}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        if prefix in _JSON:
            return {term: (entry["label"], bool(entry.get("deprecated"))) for term, entry in json.load(lines).items()}
        if prefix == "MESH":
            return {f"MESH:{cells[0]}": (cells[1], False) for cells in (line.split("\t") for line in lines)}
        return _of_obo(lines)


def _of_obo(lines: object) -> dict[str, tuple[str, bool]]:
    found: dict[str, tuple[str, bool]] = {}
    term = ""
    for line in lines:  # type: ignore[attr-defined]
        key, _, value = line.strip().partition(": ")
        if key == "id":
            term = value
        elif key == "name":
            found[term] = (value, False)
        elif key == "is_obsolete" and value == "true" and term in found:
            found[term] = (found[term][0], True)
    return found


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_table_is_in_order_and_complete(kind: str) -> None:
    rows = read_synonyms(kind)
    keys = [(row.term, row.scope, row.text.casefold(), row.text) for row in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert all(fold_phrase(row.text) for row in rows)
    assert all(row.scope in SCOPES for row in rows)
    assert all(row.partners for row in rows if row.scope == "ambiguous")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_term_has_one_label_and_it_is_ours_where_we_have_the_term(kind: str) -> None:
    labels = defaultdict(set)
    for row in read_synonyms(kind):
        labels[row.term].add(row.label)
    assert {term: found for term, found in labels.items() if len(found) > 1} == {}
    wrong = {term: found for term, found in labels.items() if term in _ours() and found != {_ours()[term]}}
    assert wrong == {}
    assert [term for term in labels if term.startswith("ctmo:") and term not in _ours()] == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_term_of_another_ontology_exists_and_is_not_obsolete(kind: str) -> None:
    for row in read_synonyms(kind):
        prefix = row.term.partition(":")[0]
        if row.term in _ours():
            continue
        found = _labels(prefix).get(row.term)
        assert found is not None, row.term
        assert found == (row.label, False), row.term


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_name_leads_to_two_terms_without_a_rule(kind: str) -> None:
    terms = defaultdict(set)
    for row in read_synonyms(kind):
        if row.scope != "ambiguous":
            key = row.text if row.case_sensitive else fold_phrase(row.text)
            terms[key].add(row.term)
    assert {name: found for name, found in terms.items() if len(found) > 1} == {}


def test_compositions_name_terms_of_their_tables() -> None:
    cells = {row.term for row in read_synonyms("cell source")} | {row.term for row in read_compositions()}
    tissues = {row.term for row in read_synonyms("tissue")}
    for row in read_compositions():
        assert row.cell in cells
        assert row.tissue in tissues
    pairs = [(row.cell, row.tissue) for row in read_compositions()]
    assert len(set(pairs)) == len(pairs)


def _measured(value: object) -> Iterator[tuple[str, str]]:
    """Give the pairs of instrument and outcome domain of a curated study, however deep they lie."""
    if isinstance(value, dict):
        instrument, domain = value.get("instrument"), value.get("domain")
        if isinstance(instrument, dict) and isinstance(domain, dict):
            yield instrument["id"], domain["id"]
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _measured(one)


def test_domains_are_outcomes_and_agree_with_curated_studies() -> None:
    """Spasticity, as which studies report muscle tone, is a way in which it is disturbed."""
    domains = read_domains()
    ours = _ours()
    instruments = {row.term: row.label for row in read_synonyms("instrument")}
    with (table_folder() / "domains.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [row["instrument"] for row in rows] == sorted(domains)
    for row in rows:
        assert instruments[row["instrument"]] == row["instrument_label"]
        assert ours[row["domain"]] == row["domain_label"]
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(studies_folder().glob("*.yaml")):
        for instrument, domain in _measured(yaml.safe_load(path.read_text(encoding="utf-8"))):
            told[instrument][domain] += 1
    assert told
    for instrument, counts in told.items():
        if instrument in domains:
            most = counts.most_common(1)[0][0]
            assert domains[instrument][0] == ("ctmo:0000745" if most == "HP:0001257" else most), instrument


def test_a_product_is_known_by_a_record() -> None:
    rows = [row for row in read_synonyms("cell source") if row.scope == "product"]
    assert rows
    assert all(re.fullmatch(r"said in (NCT\d{8})", row.note) for row in rows)
    assert {row.scope for kind in KINDS if kind != "route" for row in read_synonyms(kind)}.isdisjoint({"target"})


def test_every_group_of_words_that_the_code_asks_for_is_there() -> None:
    package = table_folder().parent
    asked = {
        name
        for path in package.glob("*.py")
        for name in re.findall(r'word_group\("([^"]+)"\)', path.read_text("utf-8"))
    }
    with (table_folder() / "words-beside.tsv").open(encoding="utf-8", newline="") as lines:
        written = [row["group"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    assert written == sorted(written)
    assert asked - {"routes: drugs"} <= set(written)
    assert set(written) == asked
    assert all(word_group(name) for name in written)


def test_a_broken_table_is_told_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "routes.tsv").write_text(
        "term\tlabel\tsynonym\tscope\tcase_sensitive\tnote\nMAXO:1\ta route\tby air\tsometimes\tno\t\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("kg.grounding.tables.table_folder", lambda: tmp_path)
    read_synonyms.cache_clear()
    try:
        with pytest.raises(SourceError, match=r"routes\.tsv:2: scope: found 'sometimes', expected one of exact"):
            read_synonyms("route")
    finally:
        read_synonyms.cache_clear()
