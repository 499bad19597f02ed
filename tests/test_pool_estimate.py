"""A pooled estimate as RDF names its rows, method and version; a later study changes it visibly."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import __version__
from kg.build import build
from kg.diff import compare, read_quads
from kg.errors import InputError, SourceError
from kg.estimates import estimate_iri, read_questions, statements_of
from kg.exporters.estimate import write_estimate
from kg.lookup import label_of
from kg.model.pooling import PooledQuestion
from kg.namespaces import CTMO
from kg.ontology import read_lexicon
from kg.store import LocalStore
from kg.synthesis.analysis import COUNT_MEASURES, MEAN_MEASURES, Analysis, analyse
from kg.synthesis.rows import Choice

MOTOR, SERIOUS = "https://w3id.org/ctmo/0000704", "https://w3id.org/ctmo/0001101"


@pytest.fixture(scope="session")
def serious(real_store: LocalStore) -> Analysis:
    return analyse(real_store, SERIOUS, Choice(), measure="RR", method="mh", label="serious adverse event")


def values(turtle: str, node: str, name: str) -> list[str]:
    triples = ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE)
    found = [t.object for t in triples if t.subject.value == node and t.predicate.value.endswith("/" + name)]
    return sorted(each.value for each in found if isinstance(each, ox.NamedNode | ox.Literal))


def test_an_estimate_names_its_rows_method_and_version(serious: Analysis) -> None:
    turtle, node = write_estimate(serious), estimate_iri(serious)
    records = {row.record for line in serious.lines for row in (line.contrast.treated, line.contrast.control)}
    assert values(turtle, node, "derivedFrom") == sorted(records)
    assert len(records) == 12
    assert values(turtle, node, "model") == ["common effect, Mantel-Haenszel"]
    assert values(turtle, node, "createdWith") == [f"{CTMO}software/{__version__}"]
    assert values(turtle, node, "factStatus") == [CTMO + "Derived"]
    assert (values(turtle, node, "studyCount"), values(turtle, node, "participants")) == (["6"], ["452"])
    effect = [values(turtle, node + "#effect", name)[0] for name in ("value", "low", "high")]
    assert [round(float(each), 2) for each in effect] == [1.23, 0.35, 4.32]  # as Eggenberger's table 4 gives by hand


def test_every_row_is_a_record_of_the_graph(real_store: LocalStore, serious: Analysis) -> None:
    known = {quad.subject.value for quad in real_store.quads() if isinstance(quad.subject, ox.NamedNode)}
    assert set(values(write_estimate(serious), estimate_iri(serious), "derivedFrom")) <= known


def test_the_name_is_that_of_the_question_and_not_of_the_answer(serious: Analysis) -> None:
    assert estimate_iri(replace(serious, lines=serious.lines[1:])) == estimate_iri(serious)
    others = [
        replace(serious, method="fe"),
        replace(serious, measure="OR"),
        replace(serious, choice=Choice(month=Decimal(6))),
        replace(serious, choice=Choice(instrument=MOTOR)),
        replace(serious, choice=Choice(products=frozenset({MOTOR}))),
        replace(serious, iri=MOTOR),
    ]
    assert len({estimate_iri(each) for each in (serious, *others)}) == 7
    six = [replace(serious, choice=Choice(month=Decimal(text))) for text in ("6", "6.0")]
    assert estimate_iri(six[0]) == estimate_iri(six[1])


def test_one_study_fewer_is_a_change_that_diff_tells(serious: Analysis, tmp_path: Path) -> None:
    assert serious.pooled is not None
    fewer = replace(
        serious,
        lines=tuple(line for line in serious.lines if line.contrast.label != "Luan 2012"),
        pooled=replace(serious.pooled, estimate=serious.pooled.estimate - 0.2),
    )
    for name, analysis in (("old.ttl", fewer), ("new.ttl", serious)):
        (tmp_path / name).write_text(write_estimate(analysis))
    old, new = read_quads(tmp_path / "old.ttl"), read_quads(tmp_path / "new.ttl")
    changes = [(change.kind, change.change, change.property) for change in compare(old, new)]
    expected = ("effect/value", "derivedFrom", "pooledStudy", "participants", "studyCount")
    assert {kind for kind, _, _ in changes} == {"pooled estimates"}
    for name in expected:
        assert any(name in each for _, change, each in changes if change == "changed"), name
    assert compare(new, new) == []


def test_what_is_forced_keeps_the_reasons_and_what_is_refused_is_not_written(real_store: LocalStore) -> None:
    choice = Choice(Decimal(6))
    refused = analyse(real_store, MOTOR, choice, measure="MD", method="reml-hk", label="gross motor function")
    with pytest.raises(InputError, match="is not pooled, so there is no estimate to write: different scales"):
        write_estimate(refused)
    forced = analyse(real_store, MOTOR, choice, measure="MD", method="reml-hk", label="motor", forced="to look at it")
    (note,) = values(write_estimate(forced), estimate_iri(forced), "note")
    assert "Pooled against: different scales" in note
    assert "because: to look at it." in note
    assert values(write_estimate(forced), estimate_iri(forced), "month") == ["6"]


@pytest.mark.parametrize("measure", [*MEAN_MEASURES, *COUNT_MEASURES])
def test_every_measure_has_a_term_of_the_graph(real_store: LocalStore, measure: str) -> None:
    outcome, forced = (SERIOUS, "") if measure in COUNT_MEASURES else (MOTOR, "to see its measure")
    choice = Choice() if measure in COUNT_MEASURES else Choice(Decimal(6))
    analysis = analyse(real_store, outcome, choice, measure=measure, method="fe", forced=forced)
    (term,) = values(write_estimate(analysis), estimate_iri(analysis) + "#effect", "effectMeasure")
    expected = {
        "MD": "mean difference",
        "SMD": "Hedges's g",
        "D": "Cohen's d",
        "RR": "relative risk",
        "OR": "odds ratio",
        "RD": "risk difference",
        "PETO": "odds ratio",
    }
    assert label_of(real_store, ox.NamedNode(term)) == expected[measure]


STANDING = {
    ("RR", "mh"): (SERIOUS, Choice(), "PooledEstimate"),
    ("RD", "mh"): (SERIOUS, Choice(), "PooledEstimate"),
    ("MD", "reml-hk"): (MOTOR, Choice(Decimal(6), CTMO + "0000802"), "PoolingRefusal"),
}


@pytest.mark.parametrize("asked", STANDING, ids=str)
def test_the_graph_holds_what_pool_answers(real_store: LocalStore, asked: tuple[str, str]) -> None:
    (measure, method), (outcome, choice, kind) = asked, STANDING[asked]
    label = label_of(real_store, ox.NamedNode(outcome))
    analysis = analyse(real_store, outcome, choice, measure=measure, method=method, label=label)
    graph = ox.NamedNode(CTMO + "graph/synthesis/pooled")
    node = estimate_iri(analysis)
    there = {
        (quad.subject.value, quad.predicate.value, str(quad.object))
        for quad in real_store.inner.quads_for_pattern(None, None, None, graph)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(node)
    }
    said = {(s.value, p.value, str(real_store_form(o))) for s, p, o in statements_of(analysis)}
    assert there == said
    assert (node, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"<{CTMO}{kind}>") in there


def real_store_form(term: ox.NamedNode | ox.Literal) -> object:
    """Give a term as a store keeps it: 1.50 as 1.5."""
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), term))
    return next(iter(store)).object


def test_a_later_study_changes_the_estimate_of_the_graph_and_diff_says_so(real_store: LocalStore) -> None:
    # the newest study with a count of serious events in both arms came in 2018: before it the same node said otherwise
    before = build(as_of=2017).store
    changes = compare(before.quads(), real_store.quads())
    found = {
        (c.change, c.property): (c.old, c.new)
        for c in changes
        if c.kind == "pooled estimates" and "risk ratio" in c.what
    }
    assert found["changed", "studyCount"] == ("5", "6")
    assert found["changed", "participants"] == ("398", "452")
    assert found["changed", "pooledStudy"] == ("", "Huang 2018 (study:huang2018)")


def test_serious_events_are_not_pooled_as_all_events(real_store: LocalStore) -> None:
    anything = "http://purl.obolibrary.org/obo/OAE_0000001"
    analysis = analyse(real_store, anything, Choice(), measure="RR", method="mh", label="adverse event")
    assert analysis.pooled is None
    assert (
        "counts of narrower events are no counts of all of them: serious adverse event: Chen 2013"
        in analysis.reasons[0]
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("ctmo:0001101\tserious adverse events\t\t\t\tRR\tmh", "found the label 'serious adverse events'"),
        ("ctmo:0001101\tserious adverse event\t\t\t\tHR\tmh", "measure"),
        ("ctmo:0001101\tserious adverse event\tsix\t\t\tRR\tmh", "month"),
        ("ctmo:0001101\tserious adverse event\tRR", "found 3 cells, expected 7"),
    ],
)
def test_a_wrong_standing_question_is_refused_with_its_line(tmp_path: Path, row: str, message: str) -> None:
    table = tmp_path / "questions.tsv"
    table.write_text("\t".join(PooledQuestion.model_fields) + "\n" + row + "\n")
    with pytest.raises(SourceError, match=f"questions.tsv:2.*{message}"):
        read_questions(table, read_lexicon())
