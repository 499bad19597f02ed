"""Studies by table take part in the questions: the same numbers give the same estimate as by study files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kg.build import Built, apply_rules, build
from kg.catalogue import find_query, select
from kg.rdf import graph_iri, study_quads
from kg.store import LocalStore
from kg.synthesis.analysis import Analysis, analyse
from kg.synthesis.rows import Choice
from kg.tables import Entity, TermPair, entity_quads, term_pair_quads
from kg.vocabulary import Lexicon
from tests.tables import COHORT, COHORT_CSV, SAFETY, TABLES, read, studies

MOTOR, FEVER = "https://w3id.org/ctmo/0000704", "http://purl.obolibrary.org/obo/OAE_0000361"

STUDY = """
id: {id}
title: An invented trial
citation: {citation}
design: {{id: OBI:0004001, label: randomized clinical trial}}
arms:
  - {{id: cells, label: cord cells, role: treated}}
  - {{id: sham, label: sham, role: control}}
results:
  - id: gmfm-cells
    {common}
    arm: cells
    mean: {treated[0]}
    spread: {{type: SD, value: {treated[1]}}}
    n: {treated[2]}
  - id: gmfm-sham
    {common}
    arm: sham
    mean: {control[0]}
    spread: {{type: SD, value: {control[1]}}}
    n: {control[2]}
"""
COMMON = """outcome: {id: ctmo:0000704, label: gross motor function}
    instrument: {id: ctmo:0000803, label: GMFM-88}
    month: 6
    measure: change from baseline
    unit: points
    status: read
    where: table 2"""
NUMBERS = {
    "Aster 2031": (("8.4", "3.1", 21), ("4.9", "2.8", 20)),
    "Borage 2032": (("7.1", "4.0", 34), ("5.2", "3.7", 33)),
}


@pytest.fixture(scope="module")
def by_file(tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    folder = tmp_path_factory.mktemp("studies")
    for citation, (treated, control) in NUMBERS.items():
        name = citation.casefold().replace(" ", "-")
        text = STUDY.format(id=name, citation=citation, treated=treated, control=control, common=COMMON)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return build([folder], packaged=False).store


@pytest.fixture(scope="module")
def by_table(tmp_path_factory: pytest.TempPathFactory, lexicon: Lexicon) -> LocalStore:
    folder = tmp_path_factory.mktemp("tables")
    built: Built = build([], packaged=False)
    answers, _ = read(COHORT_CSV, COHORT, folder, lexicon)
    safety, _ = read((TABLES / "safety.csv").read_text(encoding="utf-8"), SAFETY, folder, lexicon)
    graph = graph_iri("tables", "my-cohort")
    for study in studies(answers):
        built.store.extend(study_quads(study, graph))
    for study in studies(safety):
        built.store.extend(study_quads(study, graph_iri("tables", "safety")))
    apply_rules(built.store)
    return built.store


def motor(store: LocalStore, measure: str, method: str) -> Analysis:
    return analyse(store, MOTOR, Choice(Decimal(6)), measure=measure, method=method, label="gross motor function")


@pytest.mark.parametrize(("measure", "method"), [("MD", "reml-hk"), ("SMD", "dl"), ("D", "fe")])
def test_the_same_numbers_give_the_same_estimate(
    by_file: LocalStore, by_table: LocalStore, measure: str, method: str
) -> None:
    one, other = motor(by_file, measure, method), motor(by_table, measure, method)
    assert other.pooled is not None
    assert other.reasons == ()
    assert one.pooled == other.pooled
    assert [line.estimate for line in one.lines] == [line.estimate for line in other.lines]
    assert other.participants == 108


def test_counts_of_a_table_are_pooled(by_table: LocalStore) -> None:
    analysis = analyse(by_table, FEVER, Choice(), measure="RR", method="mh", label="fever")
    assert [line.contrast.label for line in analysis.lines] == ["Aster 2031"]
    (left,) = analysis.left_out
    assert left.study_label == "Borage 2032"


def test_a_row_without_n_is_left_out_with_the_reason(by_table: LocalStore) -> None:
    analysis = analyse(by_table, MOTOR, Choice(Decimal(12)), measure="MD", method="fe")
    assert ("Borage 2032", "no control arm with this result: before and after, or one group") in [
        (left.study_label, left.reason) for left in analysis.left_out
    ]


def test_the_rows_answer_the_question_for_results(by_table: LocalStore) -> None:
    rows = list(select(by_table, find_query("studies/results")))
    places = {row["where"].value: row["mean"].value for row in rows}
    assert (places["t.csv, row 2"], places["t.csv, row 7"]) == ("8.4", "9.0")


def test_rows_that_belong_to_no_study_become_quads(tmp_path: Path, lexicon: Lexicon) -> None:
    mapping = "row: entity\ncolumns: {Id: id, Name: label, N: {property: skos:notation, kind: number}}\n"
    answers, _ = read("Id,Name,N\nhttps://example.org/a,A,1.50\n", mapping, tmp_path, lexicon)
    graph = graph_iri("tables", "t")
    found = {str(quad.triple) for quad in entity_quads((one for one in answers if isinstance(one, Entity)), graph)}
    assert found == {
        '<https://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "A"',
        "<https://example.org/a> <http://www.w3.org/2004/02/skos/core#notation> "
        '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    }
    mapping = "row: term pair\nconstants: {mapping_justification: semapv:ManualMappingCuration}\n"
    mapping += "columns: {A: subject_id, How: predicate_id, B: object_id, Sure: confidence}\n"
    answers, _ = read("A,How,B,Sure\nCL:0000134,skos:exactMatch,MESH:D1,0.9\n", mapping, tmp_path, lexicon)
    quads = [str(quad) for quad in term_pair_quads((one for one in answers if isinstance(one, TermPair)), graph)]
    assert any("CL_0000134> <http://www.w3.org/2004/02/skos/core#exactMatch> <http://id.nlm" in quad for quad in quads)
    assert len(quads) == len(set(quads)) == 7
