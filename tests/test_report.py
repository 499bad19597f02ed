"""What a report says: never sharper than the rows, silent about nothing, and the same twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pytest

from kg.build import Built
from kg.catalogue import find_query, select
from kg.errors import NotFoundError
from kg.lookup import resolve
from kg.network import Edge, Network, Node
from kg.references import read_references
from kg.report import report_files, report_of
from kg.report.rows import Whole, ask, read_whole
from kg.report.term import read_about, read_mechanisms
from kg.store import LocalStore
from kg.trace import chains_through
from kg.views.report import Cell, Points, Report, Section, Table, draw_report

TERMS = ["homing of administered cells", "gross motor function", "mesenchymal stem cell", "BDNF", "gu2020"]


@pytest.fixture(scope="module")
def whole(real_store: LocalStore) -> Whole:
    return read_whole(real_store)


@pytest.fixture(scope="module")
def reports(whole: Whole) -> dict[str, Report]:
    return {term: report_of(whole.store, term, whole=whole) for term in TERMS}


def every(sections: Iterable[Section]) -> Iterable[Section]:
    for section in sections:
        yield section
        yield from every(section.sections)


def tables(report: Report) -> list[Table]:
    return [block for section in every(report.sections) for block in section.blocks if isinstance(block, Table)]


def answer(report: Report) -> str:
    (points,) = report.sections[0].blocks
    assert isinstance(points, Points)
    return "\n".join(point.words for point in points.points)


def rows_of(report: Report, words: str) -> tuple[tuple[Cell, ...], ...]:
    return next((table.rows for table in tables(report) if words in table.caption), ())


def test_a_mechanism_that_nobody_measured_is_said_to_be_so(reports: dict[str, Report]) -> None:
    told = answer(reports["homing of administered cells"])
    assert "No study here measured homing of administered cells, or a marker of it, in participants" in told
    assert "This is silence" in told
    assert "The chain breaks" in told


def test_an_outcome_that_was_measured_supports_no_mechanism(reports: dict[str, Report]) -> None:
    told = answer(reports["gross motor function"])
    assert "What was found for an outcome is no evidence for a mechanism" in told
    assert not rows_of(reports["homing of administered cells"], "Comparisons")


def test_null_findings_are_counted_and_stand_in_the_table(reports: dict[str, Report]) -> None:
    report = reports["gross motor function"]
    found = [row[3].words for row in rows_of(report, "Comparisons")]
    assert found.count("no difference") > 3
    assert "no difference" in answer(report)


def test_the_numbers_of_the_answer_are_those_of_the_rows(whole: Whole) -> None:
    about = read_about(whole, resolve(whole.store, "gross motor function"))
    people = [row for row in about.comparisons.rows if row["species"] == "human"]
    studies = len({row["study"] for row in people})
    report = report_of(whole.store, "gross motor function", whole=whole)
    assert f"{studies} studies in people report comparisons" in answer(report)


def test_every_row_of_a_question_is_in_the_document(whole: Whole, reports: dict[str, Report]) -> None:
    for term, report in reports.items():
        node = resolve(whole.store, term)
        for name, caption in (("results", "Results by arm"), ("adverse-events", "Counts of adverse")):
            records = {row["record"] for row in ask(whole.store, f"about/{name}", node).rows}
            assert len(rows_of(report, caption)) == len(records), (term, name)
        lines = {row["line"] for row in ask(whole.store, "about/statements", node).rows}
        listed = len(rows_of(report, "itself, passage")) + len(rows_of(report, "Assertions on terms below"))
        assert listed == len(lines), term


def test_a_review_and_a_study_stay_two_voices(reports: dict[str, Report]) -> None:
    voices = rows_of(reports["gu2020"], "held against the study")
    assert voices
    assert {row[2].words for row in voices} <= {
        *("agrees", "number differs", "subject differs", "overstated", "omitted", "not found", "not available"),
    }


def test_a_readout_planned_for_several_times_has_a_row_for_each(reports: dict[str, Report]) -> None:
    planned = [
        row for row in rows_of(reports["homing of administered cells"], "Biomarkers") if row[2].words == "planned"
    ]
    assert [row[4].words for row in planned] == ["month 3", "month 6"]


def test_a_spread_says_its_type_and_a_count_its_denominator(reports: dict[str, Report]) -> None:
    spreads = {row[4].words for row in rows_of(reports["gross motor function"], "Results by arm")}
    assert any(spread.startswith("SEM ") for spread in spreads)
    assert any(spread.startswith("type not stated") for spread in spreads)
    events = {row[3].words for row in rows_of(reports["gu2020"], "Counts of adverse")}
    assert events
    assert all(re.fullmatch(r"(\d+|not reported) of (\d+|not reported)", each) for each in events)


def test_every_table_names_a_question_that_can_be_asked_again(reports: dict[str, Report]) -> None:
    for report in reports.values():
        for table in tables(report):
            name = re.match(r"mechtrail query (\S+)", table.query)
            assert name, table.query
            assert find_query(name[1]).name == name[1]
            assert re.search(r"\d+ row", table.rests_on)
            assert "registry data to" in table.rests_on


def test_every_cited_source_is_a_reference(reports: dict[str, Report], real_store: LocalStore) -> None:
    known = {iri for one in read_references(real_store) for iri in one.of}
    for report in reports.values():
        listed = {iri for one in report.references for iri in one.of}
        cited = {iri for table in tables(report) for row in table.rows for cell in row for iri in cell.cites}
        assert cited & known <= listed


def test_refusals_to_pool_come_with_their_reason(reports: dict[str, Report]) -> None:
    told = [row[1].words for row in rows_of(reports["gross motor function"], "refusals to pool")]
    assert any(words.startswith("not pooled: ") and len(words) > 20 for words in told)


def test_a_term_that_nothing_speaks_of_gives_an_honest_document(whole: Whole) -> None:
    report = report_of(whole.store, "ALSFRS-R", whole=whole)
    assert "That is a statement about this graph, not about the world" in answer(report)
    assert not report.references
    assert "<p>None.</p>" in draw_report(report)


def test_an_unknown_term_gives_the_nearest(real_store: LocalStore) -> None:
    with pytest.raises(NotFoundError, match=r"Nearest: .*BDNF"):
        report_of(real_store, "BDNFF")


def test_the_same_graph_gives_the_same_bytes(real_store: LocalStore, reports: dict[str, Report]) -> None:
    files = dict(report_files(real_store, "BDNF"))
    assert list(files) == [f"report-brain-derived-neurotrophic-factor.{end}" for end in ("html", "bib", "ris")]
    assert files["report-brain-derived-neurotrophic-factor.html"] == draw_report(reports["BDNF"])


def test_mechanisms_asked_all_at_once_get_what_each_would_get_alone(whole: Whole) -> None:
    for one in read_mechanisms(whole)[::9]:
        alone = read_about(whole, resolve(whole.store, one.iri))
        for name in ("label", "kind", "place", "statements", "studies", "comparisons", "readouts", "chains"):
            assert getattr(one, name) == getattr(alone, name), (one.label, name)
        assert not alone.results.rows
        assert not alone.adverse_events.rows


def test_the_report_of_the_whole_has_a_section_for_each_mechanism(whole: Whole) -> None:
    report = report_of(whole.store, whole=whole)
    parts = {section.anchor: section for section in report.sections}
    assert len(parts["mechanisms"].sections) == len(whole.matrix)
    assert len(rows_of(report, "conflict")) == len(whole.contradictions.rows)
    anchors = [section.anchor for section in every(report.sections)]
    assert len(anchors) == len(set(anchors))
    assert {cell.to for row in rows_of(report, "Mechanism by evidence") for cell in row if cell.to} <= set(anchors)


def test_words_of_a_source_stand_there_only_where_the_reader_has_a_copy(
    tiny: Built, reports: dict[str, Report]
) -> None:
    words = [row["words"].value for row in select(tiny.store, find_query("network/evidence")) if row["words"]]
    assert words
    page = draw_report(report_of(tiny.store, "BDNF"))
    assert "in your copy: <q>" in page
    assert "in your copy" not in draw_report(reports["BDNF"])


@cache
def _node(name: str, kind: str) -> Node:
    return Node(f"https://example.org/{name}", f"x:{name}", name, kind, 0)


def _network(*edges: tuple[str, str, int]) -> Network:
    kinds = {"cell": "cell type", "factor": "factor", "way": "mechanism", "result": "outcome"}
    found = tuple(
        Edge(
            f"a:{n}",
            _node(s, kinds[s]).iri,
            "r",
            "leads to",
            _node(o, kinds[o]).iri,
            "accepted",
            level,
            str(level),
            0,
            "",
        )
        for n, (s, o, level) in enumerate(edges)
    )
    return Network(tuple(_node(name, kind) for name, kind in kinds.items()), found)


def test_a_chain_over_a_term_is_as_weak_as_its_weakest_step() -> None:
    network = _network(("cell", "factor", 4), ("factor", "way", 2), ("way", "result", 5))
    (chain,) = chains_through(network, _node("factor", "factor").iri)
    assert [node.label for node in chain.nodes] == ["cell", "factor", "way", "result"]
    assert chain.level == 2
    assert chain.weakest.end.label == "way"


def test_a_chain_that_reaches_no_outcome_ends_in_a_gap() -> None:
    (chain,) = chains_through(_network(("cell", "factor", 4), ("factor", "way", 2)), _node("factor", "factor").iri)
    assert chain.level == 0
    assert chain.weakest.edge is None
    assert chain.weakest.start.label == "way"


def test_a_circle_of_assertions_does_not_trap_a_chain() -> None:
    network = _network(("cell", "factor", 4), ("factor", "way", 2), ("way", "factor", 2), ("way", "result", 3))
    assert len(chains_through(network, _node("way", "mechanism").iri)) == 1


def test_a_term_outside_the_network_has_no_chain() -> None:
    assert chains_through(_network(("cell", "factor", 4)), "https://example.org/none") == []
