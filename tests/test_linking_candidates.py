from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from kg.errors import InputError, KgError, SourceError, StoreError
from kg.linking.candidates import Request, find_candidates
from kg.linking.gathering import curie_of
from kg.linking.index import Index, open_index
from kg.linking.name_tables import read_name_table, table_kind

DATA = Path(__file__).parent / "data" / "linking"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return open_index([DATA], folder=tmp_path_factory.mktemp("names"))


def best(index: Index, name: str, kind: str = "") -> str:
    found = find_candidates(index, Request(name, kind))
    return found[0].term.id if found else ""


def found_ids(index: Index, name: str, kind: str = "") -> set[str]:
    return {one.term.id for one in find_candidates(index, Request(name, kind))}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MSC", "CL:0000134"),
        ("MSCs", "CL:0000134"),
        ("mesenchymal stromal cell", "CL:0000134"),
        ("UC-MSC", "CL:0002569"),
        ("umbilical cord mesenchymal stem cells", "CL:0002569"),
        ("Child Development", "MESH:D002657"),
        ("spasticity", "HP:0001257"),
        ("graft-versus-host disease", "MONDO:0013730"),
        ("HGF", "HGNC:4893"),
        ("inhibition of apoptosis", "GO:0043066"),
        ("IL-6 signalling", "GO:0070102"),
        ("neurons", "CL:0000540"),
    ],
)
def test_a_name_finds_its_term(index: Index, name: str, expected: str) -> None:
    assert best(index, name) == expected


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("Child Development", "MONDO:0017014"),
        ("child", "MONDO:0017014"),
        ("hypoxic ischemic encephalopathy", "MONDO:0006663"),
        ("epilepsy", "HP:0001250"),
        ("HGF", "HGNC:6018"),
        ("penumbra", "HGNC:28743"),
        ("MSC", "HGNC:17364"),
        ("homing", "MESH:D006702"),
        ("umbilical cord blood MSC", "CL:0002569"),
    ],
)
def test_a_pair_that_is_known_to_be_wrong_is_never_found(index: Index, name: str, wrong: str) -> None:
    assert wrong not in found_ids(index, name)


def test_no_obsolete_term_is_found_but_what_replaces_it(index: Index) -> None:
    found = find_candidates(index, Request("neuron of the brain"))
    assert [one.term.id for one in found] == ["CL:0000540"]
    assert any("CL:0009999 is obsolete" in step for step in found[0].steps)
    assert not found_ids(index, "lost cell")


def test_the_label_is_that_of_the_newest_file_and_the_older_one_still_finds_it(index: Index) -> None:
    found = find_candidates(index, Request("nervous cell"))[0]
    assert (found.term.id, found.term.label, found.scope) == ("CL:0000540", "neuron", "former")
    assert found.term.version == "2026-01-05"


def test_a_gene_symbol_finds_protein_gene_and_heading(index: Index) -> None:
    assert {"HGNC:11801", "UniProtKB:P04216", "MESH:D018800"} <= found_ids(index, "CD90")


def test_a_gene_with_two_proteins_finds_none_of_them(index: Index) -> None:
    assert found_ids(index, "GNAS") == {"HGNC:4392"}


def test_a_withdrawn_symbol_finds_nothing(index: Index) -> None:
    assert not found_ids(index, "A1S9T")


def test_the_kind_of_entity_excludes_other_kinds(index: Index) -> None:
    assert found_ids(index, "MSC", "gene") == {"HGNC:17364", "UniProtKB:O60682"}
    assert "HP:0001945" not in found_ids(index, "fever", "cell")


def test_another_name_of_a_term_leads_to_another_ontology(index: Index, tmp_path: Path) -> None:
    without = open_index([DATA / "phenotypes.obo", DATA / "headings.tsv"], folder=tmp_path)
    found = {one.term.id: one for one in find_candidates(without, Request("spasticity"))}
    assert found["MESH:D009128"].chained
    assert "MESH:D009128" not in found_ids(index, "spasticity")  # a mapping table among the files forbids it


def test_ontologies_narrow_what_is_found(index: Index) -> None:
    found = find_candidates(index, Request("MSC"), ontologies=["MESH"])
    assert [one.term.id for one in found] == ["MESH:D059630"]


def test_candidates_come_best_first_and_each_term_once(index: Index) -> None:
    for name in ("MSC", "CD90", "spasticity", "cell"):
        found = find_candidates(index, Request(name))
        assert [one.order for one in found] == sorted(one.order for one in found)
        assert len({one.term.id for one in found}) == len(found)


def test_the_index_is_built_once_and_again_when_a_file_changes(tmp_path: Path) -> None:
    file, folder, read = tmp_path / "cl.obo", tmp_path / "names", list[str]()
    file.write_bytes((DATA / "cells.obo").read_bytes())
    for _ in range(2):
        open_index([file], folder=folder, step=read.append).close()
    assert read == ["cl.obo"]
    file.write_text(file.read_text().replace("name: neuron", "name: nerve thing"))
    again = open_index([file], folder=folder, step=read.append)
    assert read == ["cl.obo", "cl.obo"]
    assert best(again, "nerve thing") == "CL:0000540"


def test_the_same_files_give_the_same_index(tmp_path: Path) -> None:
    one, other = (open_index([DATA], folder=tmp_path / name) for name in "ab")
    for name in ("MSC", "CD90", "fever"):
        assert find_candidates(one, Request(name)) == find_candidates(other, Request(name))
    first, second = (next((tmp_path / name).iterdir()).read_bytes() for name in "ab")
    assert first == second


def test_a_file_without_names_is_refused_when_named_and_told_in_a_folder(tmp_path: Path) -> None:
    note = tmp_path / "notes.txt"
    note.write_text("nothing here\n")
    with pytest.raises(InputError, match="no names: expected OBO"):
        open_index([note], folder=tmp_path / "names")
    (tmp_path / "cl.obo").write_bytes((DATA / "cells.obo").read_bytes())
    assert open_index([tmp_path / "cl.obo", tmp_path], folder=tmp_path / "other").without_names() == ["notes.txt"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.obo: no such file"):
        open_index([tmp_path / "nowhere.obo"], folder=tmp_path)


def test_a_damaged_index_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(b"no database at all, but long enough to look at" * 50)
    with pytest.raises(StoreError, match="damaged"):
        Index(sqlite3.connect(path)).titles()


@pytest.mark.parametrize("cut", range(40, 400, 40))
def test_a_cut_table_of_names_is_refused_or_read_and_nothing_else(cut: int) -> None:
    text = (DATA / "genes.tsv").read_text()[:cut]
    with contextlib.suppress(KgError):  # a foreign exception fails the test
        assert list(read_name_table(text, "genes.tsv")) is not None


def test_tables_are_told_apart_by_their_first_line() -> None:
    assert table_kind((DATA / "genes.tsv").read_text()) == "hgnc"
    assert table_kind((DATA / "headings.tsv").read_text()) == "mesh"
    assert table_kind("WP1\tA pathway\tHomo sapiens\n") == "wikipathways"
    assert table_kind("gene\tvalue\n") == ""
    with pytest.raises(SourceError, match="no table of names"):
        list(read_name_table("gene\tvalue\n", "x.tsv"))


@pytest.mark.parametrize(
    ("identifier", "curie"),
    [
        ("http://purl.obolibrary.org/obo/CL_0000134", "CL:0000134"),
        ("http://www.ebi.ac.uk/efo/EFO_0000586", "EFO:0000586"),
        ("http://purl.uniprot.org/uniprot/P04216", "UniProtKB:P04216"),
        ("mesh:D059630", "MESH:D059630"),
        ("part_of", ""),
        ("", ""),
    ],
)
def test_identifiers_of_all_forms_become_curies(identifier: str, curie: str) -> None:
    assert curie_of(identifier) == curie
