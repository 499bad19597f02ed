"""The sections of the report on the whole graph: overview, weakest links of all outcomes, one section a mechanism."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.matrix import MatrixRow
from kg.namespaces import compress
from kg.network import of_therapy
from kg.report.answer import short_answer
from kg.report.pictures import analyses_of, forest_picture, network_picture
from kg.report.rows import Answer, Whole, ask, dates_in_words
from kg.report.sections import chain_blocks, methods_section, part, statement_blocks
from kg.report.tables import (
    adverse_event_table,
    audit_table,
    chain_table,
    contradiction_table,
    count_of,
    estimate_table,
    gap_table,
    readout_table,
    registered_table,
    tally,
)
from kg.report.term import read_about
from kg.trace import Path, chains_through
from kg.views.report import Block, Cell, Points, Section, Table, Text

__all__ = ["sections_of_whole"]

_MATRIX = "mechtrail query mechanism/evidence"


def _anchor(iri: str) -> str:
    return f"mechanism-{compress(iri)}"


def _matrix_table(rows: Iterable[MatrixRow], dates: str) -> Table:
    heads = ("Mechanism", "Furthest examined", "Measured in participants", "Of patients / animal / in vitro / stated", "Against", "Planned")
    lines = []
    for row in rows:
        counts = (row.in_patients, row.animal, row.in_vitro, row.stated)
        lines.append(
            (
                Cell(row.label, to=_anchor(row.iri)),
                Cell(row.verdict, (), (row.direction,)),
                Cell("; ".join(row.studies) or "none", tuple(sorted({_study_of(iri) for iri in row.measured}))),
                Cell(" / ".join(str(len(count)) for count in counts)),
                Cell(str(len(row.against)), (), (f"{len(row.not_counted)} not counted",) if row.not_counted else ()),
                Cell("; ".join(row.planned_studies) or "none"),
            )
        )
    caption = "Mechanism by evidence: names are studies, counts are passages that support an accepted assertion."
    return Table(caption, heads, tuple(lines), _MATRIX, f"{count_of(len(lines), 'mechanism')}; {dates}.")


def _study_of(record: str) -> str:
    return record.partition("#")[0]


def _overview(whole: Whole, best: list[Path], dates: str) -> Section:
    named = [chain for chain in best if any(node.kind in ("mechanism", "pathway") for node in chain.nodes)]
    verdicts = tally(row.verdict for row in whole.matrix)
    points = [
        Cell(f"{count_of(len(whole.matrix), 'mechanism')} and pathways are claimed or measured: {verdicts}.", to="matrix"),
        Cell(
            f"{count_of(len(best), 'outcome is', 'outcomes are')} reached by a chain of assertions from a cell source or a "
            f"treatment; {len(named)} of the best chains name{'s' * (len(named) == 1)} a mechanism or a pathway on the way. "
            "The others say that there is an effect, not how it comes about.",
            to="weakest",
        ),
        Cell(f"{count_of(len(whole.contradictions.rows), 'pair')} of findings or claims conflict.", to="contradictions"),
        Cell(f"What reviews say, held against primary studies: {tally(row['verdict'] for row in whole.audits.rows)}.", to="voices"),
        Cell(
            f"{count_of(len({row['study'] for row in whole.registered.rows}), 'registered study has', 'registered studies have')} "
            "no results in this graph.",
            to="registered",
        ),
    ]
    return Section("answer", "Short answer", (Points(tuple(points), is_answer=True),))


def _holdings(answer: Answer, dates: str) -> Table:
    lines = tuple((Cell(row["kind"]), Cell(row["of"]), Cell(row["count"])) for row in answer.rows)
    caption = "What the graph holds, by kind."
    return Table(caption, ("Kind", "Of", "Count"), lines, answer.command, f"{count_of(len(lines), 'row')}; {dates}.")


def _best_chains(whole: Whole) -> list[Path]:
    """Give the best whole chain to each outcome that one reaches."""
    found = []
    for node in whole.network.nodes:
        if node.kind == "outcome":
            chains = [c for c in chains_through(whole.network, node.iri) if len(c.steps) and c.nodes[0].iri != node.iri]
            starts = [c for c in chains if c.nodes[0].kind in ("cell type", "intervention", "product")]
            found += starts[:1]
    return sorted(found, key=lambda chain: (-chain.level, chain.nodes[-1].label, chain.nodes[0].label))


def _mechanism(whole: Whole, row: MatrixRow, dates: str) -> Section:
    about = read_about(whole, ox.NamedNode(row.iri))
    blocks: list[Block | None] = [
        Points(short_answer(about), is_answer=True),
        *statement_blocks(about, dates),
        *chain_blocks(about, dates, 5),
        readout_table(about.readouts, f"Biomarkers measured or planned: {about.label}.", dates),
    ]
    return part(_anchor(row.iri), row.label, blocks, "Nothing.")


def _pooled(whole: Whole, dates: str) -> Section:
    outcomes = {row["outcome"]: row["outcome_label"] for row in whole.estimates.rows if row["source_label"].startswith("mechtrail")}
    kinds = {node.iri: node.kind for node in whole.network.nodes}
    pictures = [
        forest_picture(analysis, dates)
        for iri, label in sorted(outcomes.items(), key=lambda one: one[1])
        for analysis in analyses_of(whole.store, iri, label, kinds.get(iri, "outcome"))
    ]
    table = estimate_table(whole.estimates, "Pooled estimates, and refusals to pool.", dates)
    return part("pooled", "Pooled estimates", [table, *pictures], "Nothing is pooled in this graph.")


def sections_of_whole(whole: Whole) -> list[Section]:
    """Give all sections but the references."""
    dates = dates_in_words(whole.dates)
    best = _best_chains(whole)
    harm = ask(whole.store, "about/adverse-events", ox.NamedNode("http://purl.obolibrary.org/obo/OAE_0000001"))
    command = "mechtrail query network/edges (joined into chains)"
    mechanisms = tuple(_mechanism(whole, row, dates) for row in whole.matrix)
    lead = "One section a mechanism or pathway, the furthest examined first. Trials that measured only an outcome are in none."
    return [
        _overview(whole, best, dates),
        part("matrix", "Which mechanism was examined how far", [_matrix_table(whole.matrix, dates) if whole.matrix else None,
                                                                network_picture(of_therapy(whole.network), "cell therapy", dates)],
             "No mechanism is claimed in this graph."),
        part("weakest", "Weakest links of all outcomes", [chain_table(best, "The best supported chain to each outcome that one reaches, with its weakest step.", command, dates)],
             "No chain of assertions reaches an outcome."),
        part("contradictions", "Contradictions", [contradiction_table(whole.contradictions, "Findings and claims that conflict, with what differs in their contexts.", dates)],
             "No two findings or claims conflict in this graph."),
        part("voices", "Review against primary study", [audit_table(whole.audits, "Statements of reviews, held against the study that they speak of.", dates)],
             "No statement of a review was held against a primary study."),
        _pooled(whole, dates),
        part("adverse-events", "Adverse events", [adverse_event_table(harm, "Counts of adverse events, with their denominators.", dates)],
             "No count is in this graph. That is not a count of none."),
        part("registered", "Registered but unpublished", [registered_table(whole.registered, "Registered studies without a result, comparison or readout in this graph.", dates)],
             "Every registered study has results here."),
        part("gaps", "Evidence gap map", [gap_table(whole.gap_map, "Outcome domain by product and design of trials in people.", dates)],
             "No gap map is in this graph."),
        part("coverage", "What the graph holds", [_holdings(whole.holdings, dates) if whole.holdings.rows else None], "Nothing."),
        Section("mechanisms", "Mechanism by mechanism", (Text(lead, is_quiet=True),), mechanisms),
        methods_section(whole),
    ]  # fmt: skip
