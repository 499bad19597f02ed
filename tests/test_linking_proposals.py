from __future__ import annotations

from pathlib import Path

import pytest

from kg.linking.answers import Row, link, source_of
from kg.linking.candidates import Request
from kg.linking.index import Index, open_index
from kg.linking.own import Own, read_own, requests_of
from kg.linking.proposals import EXACT_OR_CLOSE, Proposal, propose
from kg.linking.writing import to_sssom, to_table
from kg.ontology.mapping_rules import JUSTIFICATIONS, NOT_FOUND, PREDICATES

DATA = Path(__file__).parent / "data" / "linking"
SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return open_index([DATA], folder=tmp_path_factory.mktemp("names"))


@pytest.fixture(scope="module")
def own() -> Own:
    return read_own()


def proposals(index: Index, name: str, **options: object) -> dict[str, Proposal]:
    return {one.candidate.term.id: one for one in propose(index, Request(name), **options)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "term", "predicate"),
    [
        ("neuron", "CL:0000540", "skos:exactMatch"),
        ("nerve cell", "CL:0000540", "skos:exactMatch"),
        ("mesenchymal stromal cell", "CL:0000134", "skos:closeMatch"),
        ("guard cell", "CL:0009003", "skos:broadMatch"),
        ("immobile cell", "CL:0009003", "skos:narrowMatch"),
        ("nervous cell", "CL:0000540", "skos:closeMatch"),
        ("THY1", "HGNC:11801", "skos:closeMatch"),
        ("THY1", "UniProtKB:P04216", "skos:exactMatch"),
        ("transplant reaction", "MONDO:0013730", "skos:closeMatch"),
        ("autologous stem cell", "CL:0000034", "skos:broadMatch"),
    ],
)
def test_the_relation_follows_the_rules(index: Index, name: str, term: str, predicate: str) -> None:
    assert proposals(index, name, least=0.5)[term].predicate == predicate


def test_a_gene_is_an_exact_match_where_a_gene_is_asked_for(index: Index) -> None:
    found = propose(index, Request("THY1", "gene"))
    assert (found[0].candidate.term.id, found[0].predicate) == ("HGNC:11801", "skos:exactMatch")


def test_a_name_of_two_terms_of_one_ontology_is_not_proposed(index: Index) -> None:
    assert not proposals(index, "spindle cell")
    assert len(proposals(index, "spindle cell", top=2)) == 2


def test_a_broad_or_narrow_synonym_lies_below_the_least_confidence(index: Index) -> None:
    assert not proposals(index, "guard cell")


def test_each_proposal_has_its_reason_and_is_no_surer_the_more_steps_it_takes(index: Index) -> None:
    plain, written = proposals(index, "neuron")["CL:0000540"], proposals(index, "Neurons")["CL:0000540"]
    assert plain.confidence > written.confidence
    assert "as it stands" in plain.reason
    assert "plural" in written.reason
    for one in (plain, written):
        assert one.predicate in PREDICATES
        assert one.justification in JUSTIFICATIONS


def test_what_a_curator_has_accepted_comes_before_what_letters_say(index: Index, own: Own) -> None:
    found = proposals(index, "hypoxic-ischemic encephalopathy", own=own)
    assert found["MONDO:0006663"].predicate == "skos:relatedMatch"
    assert found["MONDO:0006685"].predicate == "skos:closeMatch"
    assert "accepted mapping" in found["MONDO:0006685"].reason
    assert "MONDO:0006663" not in proposals(index, "hypoxic-ischemic encephalopathy")


def test_a_term_of_ours_is_found_by_its_synonyms_only_when_one_bears_the_name(own: Own) -> None:
    msc = own.named("MSC")
    assert msc is not None
    assert msc.id == "CL:0000134"
    assert own.named("no such thing") is None


def rows(index: Index, *names: str, own: Own | None = None, kind: str = "") -> list[Row]:
    return list(link(index, [Request(name, kind) for name in names], own=own))


def test_a_name_without_a_match_says_where_was_searched_and_what_is_broader(index: Index) -> None:
    (row,) = rows(index, "purple dancing neuron", kind="cell")
    assert (row.predicate_id, row.object_id, row.object_source) == ("skos:exactMatch", NOT_FOUND, "obo:cl")
    assert "CL:0000540 'neuron'" in row.comment


def test_a_name_of_an_unknown_kind_without_a_match_is_told_once(index: Index) -> None:
    (row,) = rows(index, "xyzzy")
    assert (row.object_id, row.object_source) == (NOT_FOUND, "")


def test_a_term_of_ours_without_a_match_names_what_is_accepted_above_it(index: Index, own: Own) -> None:
    request = next(one for one in requests_of(own) if one.name == "placenta mesenchymal stem cell")
    found = list(link(index, [request], own=own))
    (row,) = [row for row in found if row.object_id == NOT_FOUND]
    assert "CL:0000134" in row.comment


def test_no_mapping_of_the_graph_is_proposed_again(index: Index, own: Own) -> None:
    requests = requests_of(own)[::20]
    found = list(link(index, requests, own=own, only_new=True))
    there = {(row.subject_id, row.object_id) for rows in own.accepted.values() for row in rows}
    assert not {(row.subject_id, row.object_id) for row in found if row.object_id != NOT_FOUND} & there
    assert all(row.subject_id != row.object_id for row in found)


def test_rows_as_sssom_name_every_prefix_and_are_the_same_twice(index: Index) -> None:
    found = rows(index, "MSC", "CD90", "xyzzy")
    text = to_sssom(found, sources=["cl 2026-01-05"])
    assert text == to_sssom(rows(index, "MSC", "CD90", "xyzzy"), sources=["cl 2026-01-05"])
    head = [line for line in text.splitlines() if line.startswith("#")]
    for prefix in ("CL", "MESH", "HGNC", "UniProtKB", "skos", "semapv", "sssom", "obo", "bioregistry"):
        assert any(line.startswith(f"#  {prefix}: ") for line in head), prefix
    assert "#subject_type: rdfs literal" in head
    body = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(body) == len(found) + 1
    assert all(line.count("\t") == 9 for line in body)


def test_the_table_for_people_has_name_relation_term_and_reason(index: Index) -> None:
    text = to_table(rows(index, "neuron", "xyzzy"))
    assert "0.99  exact   CL:0000540 neuron" in text
    assert "none    any ontology" in text
    assert to_table([]) == ""


def test_sources_are_named_as_in_our_own_mappings(own: Own) -> None:
    for row in (row for rows in own.accepted.values() for row in rows if row.object_id != NOT_FOUND):
        assert source_of(row.object_id.partition(":")[0]) == row.object_source


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder with real ontology files is not here")
def test_real_files_give_the_terms_that_the_field_means(tmp_path: Path) -> None:
    files = [
        SHARED / "external" / name for name in ("cl/cl.obo.gz", "hp/mondo-hp_import.obo.gz", "pr/go-pr_import.obo")
    ]
    real = open_index(files, folder=tmp_path)
    for name, term in (
        ("MSC", "CL:0000134"),
        ("mesenchymal stromal cell", "CL:0000134"),
        ("Wharton's jelly MSC", "CL:0002568"),
        ("Th2 cell", "CL:0000546"),
        ("IFN-g", "PR:000000017"),
        ("TNF-b", "PR:000002204"),
        ("spasticity", "HP:0001257"),
    ):
        found = proposals(real, name)
        assert found[term].predicate in EXACT_OR_CLOSE, name
    assert "CL:0002569" not in proposals(real, "umbilical cord blood MSC")
    assert "HP:0002321" not in {
        one for one, how in proposals(real, "dizziness").items() if how.predicate in EXACT_OR_CLOSE
    }
