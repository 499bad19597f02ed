"""The sections of the report on the whole graph: overview, weakest links of all outcomes, one section a mechanism."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.matrix import MatrixRow
from kg.namespaces import PREFIXES, compress
from kg.network import of_therapy
from kg.report.answer import short_answer
from kg.report.counting import count_of, tally
from kg.report.headings import part
from kg.report.pictures import analyses_of, forest_picture, network_picture
from kg.report.rows import Answer, Whole, ask, dates_in_words
from kg.report.sections import chain_blocks, methods_section, statement_blocks
from kg.report.tables import (
    adverse_event_table,
    audit_table,
    chain_table,
    contradiction_table,
    estimate_table,
    gap_table,
    readout_table,
    registered_table,
)
from kg.report.term import About, read_mechanisms
from kg.trace import Path, chains_through
from kg.views.report import Block, Cell, Points, Section, Table, Text

__all__ = ["sections_of_whole"]

_ADVERSE_EVENT = ox.NamedNode(PREFIXES["OAE"] + "0000001")
_STARTS = {"cell type", "intervention", "product"}

#: Anchor -> how a sentence of the short answer points to it.
_SEE = {
    "matrix": "matrix",
    "weakest": "weakest links",
    "contradictions": "contradictions",
    "voices": "review against primary study",
    "registered": "registered but unpublished",
}


def _anchor(iri: str) -> str:
    return f"mechanism-{compress(iri)}"


def _matrix_row(row: MatrixRow) -> tuple[Cell, ...]:
    counts = (row.in_patients, row.animal, row.in_vitro, row.stated)
    studies = sorted({record.partition("#")[0] for record in row.measured})
    return (
        Cell(row.label, to=_anchor(row.iri)),
        Cell(row.verdict, (), (row.direction,)),
        Cell("; ".join(row.studies) or "none", tuple(studies)),
        Cell(" / ".join(str(len(count)) for count in counts)),
        Cell(str(len(row.against)), (), (f"{len(row.not_counted)} not counted" * bool(row.not_counted),)),
        Cell("; ".join(row.planned_studies) or "none"),
    )


def _matrix_table(rows: Iterable[MatrixRow], dates: str) -> Table | None:
    lines = tuple(map(_matrix_row, rows))
    heads = (
        *("Mechanism", "Furthest examined", "Measured in participants"),
        *("Of patients / animal / in vitro / stated", "Against", "Planned"),
    )
    caption = "Mechanism by evidence: names are studies, counts are passages that support an accepted assertion."
    rests = f"{count_of(len(lines), 'mechanism')}; {dates}."
    return Table(caption, heads, lines, "mechtrail query mechanism/evidence", rests) if lines else None


def _overview(whole: Whole, best: list[Path]) -> Section:
    named = [chain for chain in best if any(node.kind in ("mechanism", "pathway") for node in chain.nodes)]
    unpublished = len({row["study"] for row in whole.registered.rows})
    verdicts = tally(row.verdict for row in whole.matrix)
    claimed = count_of(len(whole.matrix), "mechanism or pathway is", "mechanisms and pathways are")
    reached = count_of(len(best), "outcome is", "outcomes are")
    told = {
        "matrix": f"{claimed} claimed or measured: {verdicts or 'none'}.",
        "weakest": f"{reached} reached by a chain of assertions from a cell source or a treatment; {len(named)} of "
        "these chains name a mechanism or a pathway on the way. The others say that there is an effect, not how it "
        "comes about.",
        "contradictions": f"{count_of(len(whole.contradictions.rows), 'pair')} of findings or claims conflict.",
        "voices": "What reviews say, held against primary studies: "
        f"{tally(row['verdict'] for row in whole.audits.rows) or 'nothing was'}.",
        "registered": f"{count_of(unpublished, 'registered study has', 'registered studies have')} no results here.",
    }
    points = tuple(Cell(words, to=to, see=_SEE[to]) for to, words in told.items())
    return Section("answer", "Short answer", (Points(points, is_answer=True),))


def _holdings(answer: Answer, dates: str) -> Table | None:
    lines = tuple((Cell(row["kind"]), Cell(row["of"]), Cell(row["count"])) for row in answer.rows)
    rests = f"{count_of(len(lines), 'row')}; {dates}."
    heads = ("Kind", "Of", "Count")
    return Table("What the graph holds, by kind.", heads, lines, answer.command, rests) if lines else None


def _best_chains(whole: Whole) -> list[Path]:
    """Give the best whole chain to each outcome that one reaches."""
    found = []
    for node in whole.network.nodes:
        if node.kind == "outcome":
            chains = chains_through(whole.network, node.iri)
            found += [chain for chain in chains if chain.nodes[0].kind in _STARTS][:1]
    return sorted(found, key=lambda chain: (-chain.level, chain.nodes[-1].label, chain.nodes[0].label))


def _mechanism(about: About, dates: str) -> Section:
    blocks: list[Block | None] = [
        Points(short_answer(about, is_alone=False), is_answer=True),
        *statement_blocks(about, dates),
        *chain_blocks(about, dates, 5),
        readout_table(about.readouts, about.label, dates),
    ]
    return Section(_anchor(about.iri), about.label, tuple(block for block in blocks if block is not None))


def _pooled(whole: Whole, dates: str) -> Section:
    ours = [row for row in whole.estimates.rows if row["source_label"].startswith("mechtrail ")]
    label_of = {row["outcome"]: row["outcome_label"] for row in ours}
    kinds = {node.iri: node.kind for node in whole.network.nodes}
    pictures = [
        forest_picture(analysis, dates)
        for iri, label in sorted(label_of.items(), key=lambda one: one[1])
        for analysis in analyses_of(whole.store, iri, label, kinds.get(iri, "adverse event"))
    ]
    return part("pooled", [estimate_table(whole.estimates, dates), *pictures])


def sections_of_whole(whole: Whole) -> list[Section]:
    """Give all sections but the references."""
    dates = dates_in_words(whole.dates)
    best = _best_chains(whole)
    picture = network_picture(of_therapy(whole.network), "cell therapy", dates)
    reached = "The best supported chain to each outcome that a chain reaches, with its weakest step."
    harm = ask(whole.store, "about/adverse-events", _ADVERSE_EVENT)
    lead = "The furthest examined first. Trials that measured only an outcome are in none of these sections."
    gaps = gap_table(whole.gap_map, "Outcome domain by product and design of trials in people.", dates)
    mechanisms = [_mechanism(one, dates) for one in read_mechanisms(whole)]
    return [
        _overview(whole, best),
        part("matrix", [_matrix_table(whole.matrix, dates), picture]),
        part("weakest", [chain_table(best, reached, dates)]),
        part("contradictions", [contradiction_table(whole.contradictions, dates)]),
        part("voices", [audit_table(whole.audits, dates)]),
        _pooled(whole, dates),
        part("adverse-events", [adverse_event_table(harm, "all studies", dates)]),
        part("registered", [registered_table(whole.registered, dates)]),
        part("gaps", [gaps]),
        part("coverage", [_holdings(whole.holdings, dates)]),
        part("mechanisms", [Text(lead, is_quiet=True) if mechanisms else None], mechanisms),
        methods_section(whole),
    ]
