"""A pooled estimate as RDF names its rows, method and version; a later study changes it visibly."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import __version__
from kg.diff import compare, read_quads
from kg.errors import InputError
from kg.exporters.estimate import estimate_iri, write_estimate
from kg.lookup import label_of
from kg.namespaces import CTMO
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
