"""The sections of a report on one term, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.report.answer import short_answer
from kg.report.counting import count_of, studies_in
from kg.report.headings import part
from kg.report.methods import methods_text
from kg.report.pictures import around, forest_picture, network_picture
from kg.report.rows import Whole, dates_in_words
from kg.report.tables import (
    adverse_event_table,
    arm_table,
    audit_table,
    chain_table,
    comparison_table,
    contradiction_table,
    estimate_table,
    gap_table,
    hierarchy,
    readout_table,
    registered_table,
    result_table,
    search_table,
    statement_table,
    study_table,
)
from kg.report.term import GIVEN, MEASURABLE, About
from kg.synthesis.analysis import Analysis
from kg.views.report import Block, Cell, Facts, Points, Section, Table, Text

__all__ = ["chain_blocks", "cited_in", "methods_section", "sections_of_term", "statement_blocks"]

#: Chains in a table: the best supported ones; the number of all stands in the caption.
_CHAINS = 25
#: Item of an arm's or a study's record -> how it is called where it is not reported.
_ITEMS = {
    "n": "n of an arm",
    "donor": "donor",
    "dose": "dose",
    "ages": "ages",
    "follow_up": "follow-up",
    "enrolled": "number enrolled",
}


def methods_section(whole: Whole) -> Section:
    """Give the methods, ready to paste."""
    return Section("methods", "Methods, ready to paste", methods_text(whole))


def statement_blocks(about: About, dates: str) -> list[Block | None]:
    """Give the assertions on the term itself, and in a table of their own those on narrower terms."""
    note = f"What is stated of a narrower term is not stated of {about.label}."
    below = statement_table(about.statements, "2", f"Assertions on terms below {about.label}.", dates)
    own = statement_table(about.statements, "1", f"Assertions on {about.label} itself, passage by passage.", dates)
    return [own, Text(note, is_quiet=True) if below else None, below]


def chain_blocks(about: About, dates: str, most: int = _CHAINS) -> list[Block | None]:
    """Give the chains through a term, the best supported first."""
    first = f", the first {most}" if len(about.chains) > most else ""
    caption = f"{count_of(len(about.chains), 'chain')} through {about.label}, the best supported first{first}."
    return [chain_table(about.chains[:most], caption, dates)]


def _term(about: About) -> Section:
    names: dict[str, list[str]] = {}
    for row in about.facts.rows:
        names.setdefault(row["what"], []).append(row["value"])
    pairs = [("identifier", about.curie), ("IRI", about.iri)]
    pairs += [(what, "; ".join(dict.fromkeys(values))) for what, values in names.items()]
    place = hierarchy(about.place.rows)
    return Section("term", "The term", (Facts(tuple(pairs)), *([Facts(place)] if place else [])))


def _trials(whole: Whole, about: About, dates: str) -> Section:
    scope = f"the studies that gave {about.label}, over all outcomes" if about.is_given else about.label
    lead = "What studies measured stands beside the chains above and supports none of their steps."
    studies = studies_in(row for row in about.studies.rows if row["how"] != "condition of the participants")
    listed = study_table(about.studies, f"Studies that have to do with {about.label}.", dates)
    inner = [
        part("studies", [listed, arm_table(whole.arms, studies, dates)]),
        part("comparisons", [comparison_table(about.comparisons, scope, dates)]),
        part("results", [result_table(about.results, scope, dates)]),
        part("readouts", [readout_table(about.readouts, scope, dates)]),
        part("adverse-events", [adverse_event_table(about.adverse_events, scope, dates)]),
    ]
    return Section("trials", "What trials measured", (Text(lead, is_quiet=True),), tuple(inner))


def _name(analysis: Analysis) -> str:
    month = analysis.choice.month
    return analysis.measure + (f" at month {month:f}" if month is not None else "")


def _pooled(about: About, dates: str) -> Section:
    refused = [one for one in about.analyses if one.pooled is None]
    why = [
        Cell(f"{_name(one)} was not pooled: {'; '.join(one.reasons) or 'fewer than two studies'}") for one in refused
    ]
    left = [Cell(f"{_name(one)}: {each.study_label}: {each.reason}") for one in about.analyses for each in one.left_out]
    blocks: list[Block | None] = [
        estimate_table(about.estimates, dates),
        *(forest_picture(analysis, dates) for analysis in about.analyses),
        Points(tuple(why)) if why else None,
        Text("Studies that measured it and give no contrast, with the reason:") if left else None,
        Points(tuple(left)) if left else None,
    ]
    return part("pooled", blocks)


def _silences(whole: Whole, studies: Sequence[str]) -> list[Cell]:
    """Say of each study which items its record does not report."""
    wanted = set(studies)
    lacking: dict[tuple[str, str], set[str]] = {}
    for row in whole.arms.rows:
        if row["study"] in wanted:
            items = {words for name, words in _ITEMS.items() if row[name].startswith("not reported")}
            lacking.setdefault((row["study_label"], row["study"]), set()).update(items)
    return [
        Cell(f"{label}: {', '.join(sorted(items))}: not reported in this record", (study,))
        for (label, study), items in sorted(lacking.items())
        if items
    ]


def _unmeasured(about: About) -> list[Cell]:
    told = []
    done = [row for row in about.readouts.rows if row["direction"] != "planned"]
    if about.kind in MEASURABLE and not any(row["species"] == "human" for row in done):
        told.append(Cell(f"{about.label}: not measured in participants by any study of this graph"))
    if about.is_given and not done:
        told.append(Cell(f"no biomarker is reported by the studies that gave {about.label}"))
    counted = {row["study"] for row in about.adverse_events.rows}
    given = {row["study"]: row["study_label"] for row in about.studies.rows if row["how"] == GIVEN}
    silent = sorted(label for study, label in given.items() if study not in counted)
    if silent:
        told.append(Cell(f"adverse events: not reported in the record of {'; '.join(silent)}; not the same as none"))
    return told


def _gaps(whole: Whole, about: About, dates: str) -> Section:
    silences, unmeasured = _silences(whole, studies_in(about.studies.rows)), _unmeasured(about)
    inner = [
        part("gaps-unmeasured", [Points(tuple(unmeasured)) if unmeasured else None]),
        part("gaps-silence", [Points(tuple(silences)) if silences else None]),
        part("gaps-searched", [search_table(about.searches, dates)]),
        part("gaps-map", [gap_table(about.gaps, "Cells of the evidence gap map that hold this term.", dates)]),
    ]
    lead = "A finding of no difference is no gap; it stands with the comparisons. Here is what nobody measured or said."
    return Section("gaps", "What is missing", (Text(lead, is_quiet=True),), tuple(inner))


def sections_of_term(whole: Whole, about: About) -> list[Section]:
    """Give all sections but the references."""
    dates = dates_in_words(whole.dates)
    near = around(whole.network, about.iri, about.chains[:_CHAINS])
    return [
        Section("answer", "Short answer", (Points(short_answer(about), is_answer=True),)),
        _term(about),
        part("assertions", statement_blocks(about, dates)),
        part("chains", [*chain_blocks(about, dates), network_picture(near, about.label, dates)]),
        _trials(whole, about, dates),
        part("contradictions", [contradiction_table(about.contradictions, dates)]),
        part("voices", [audit_table(about.audits, dates)]),
        _pooled(about, dates),
        part("registered", [registered_table(about.registered, dates)]),
        _gaps(whole, about, dates),
        methods_section(whole),
    ]


def cited_in(sections: Iterable[Section]) -> set[str]:
    """Give the sources and studies (IRIs) that any cell of the sections rests on."""
    found: set[str] = set()
    for section in sections:
        for block in section.blocks:
            cells: Iterable[Cell] = ()
            if isinstance(block, Table):
                cells = (cell for row in block.rows for cell in row)
            elif isinstance(block, Points):
                cells = block.points
            for cell in cells:
                found.update(cell.cites)
        found |= cited_in(section.sections)
    return found
