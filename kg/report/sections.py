"""The sections of a report on one term, in their order; what has no rows says so and why that is not nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.report.answer import short_answer
from kg.report.methods import methods_text
from kg.report.pictures import around, forest_picture, network_picture
from kg.report.rows import Row, Whole, dates_in_words
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
    studies_in,
    study_table,
)
from kg.report.term import About
from kg.views.report import Block, Cell, Facts, Points, Section, Table, Text

__all__ = ["methods_section", "part", "sections_of_term", "statement_blocks"]

#: Chains in a table: the best supported ones; the number of all stands in the caption.
_CHAINS = 25


def part(anchor: str, title: str, blocks: Iterable[Block | None], empty: str) -> Section:
    """Give a section of the blocks that are there, or with the words for that there are none."""
    found = tuple(block for block in blocks if block is not None)
    return Section(anchor, title, found or (Text(empty),))


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
    shown = about.chains[:most]
    count = f"the first {most} of {len(about.chains)}" if len(about.chains) > most else f"{len(about.chains)}"
    caption = f"Chains through {about.label}, {count}, the best supported first."
    return [chain_table(shown, caption, "mechtrail query network/edges (joined into chains)", dates)]


def _term(about: About) -> Section:
    names: dict[str, list[str]] = {}
    for row in about.facts.rows:
        names.setdefault(row["what"], []).append(row["value"])
    pairs = (("identifier", about.curie), ("IRI", about.iri))
    pairs += tuple((what, "; ".join(values)) for what, values in names.items())
    return Section("term", "The term", (Facts(pairs), *([Facts(hierarchy(about.place.rows))] if about.place.rows else [])))


def _silences(whole: Whole, studies: Sequence[str]) -> list[Cell]:
    """Say of each study which items its record does not report."""
    wanted, found = set(studies), dict[str, set[str]]()
    label_of: dict[str, str] = {}
    names = {"n": "n of an arm", "donor": "donor", "dose": "dose", "ages": "ages", "follow_up": "follow-up", "enrolled": "enrolled"}
    for row in whole.arms.rows:
        if row["study"] in wanted:
            label_of[row["study"]] = row["study_label"]
            lacking = {words for name, words in names.items() if row[name].startswith("not reported")}
            found.setdefault(row["study"], set()).update(lacking)
    return [
        Cell(f"{label_of[study]}: {', '.join(sorted(lacking))} not reported in this record", (study,))
        for study, lacking in sorted(found.items(), key=lambda one: label_of[one[0]])
        if lacking
    ]


def _unmeasured(about: About) -> list[Cell]:
    told = []
    if about.kind in ("mechanism", "pathway", "factor", "receptor", "marker"):
        if not any(row["species"] == "human" and row["direction"] != "planned" for row in about.readouts.rows):
            told.append(Cell(f"{about.label}: not measured in participants by any study of this graph"))
    elif about.is_given and not any(row["direction"] != "planned" for row in about.readouts.rows):
        told.append(Cell(f"no biomarker is reported by the studies that gave {about.label}"))
    with_events = {row["study"] for row in about.adverse_events.rows}
    silent = sorted({row["study_label"] for row in about.studies.rows if row["how"] == "an arm receives it"
                     and row["study"] not in with_events})  # fmt: skip
    if silent:
        told.append(Cell(f"adverse events not reported in this record, which is not the same as none: {'; '.join(silent)}"))
    return told


def _gaps(whole: Whole, about: About, dates: str) -> Section:
    silences = _silences(whole, studies_in(about.studies.rows))
    unmeasured = _unmeasured(about)
    inner = [
        part("gaps-unmeasured", "Not measured", [Points(tuple(unmeasured)) if unmeasured else None],
             "No gap of this kind is known here."),
        part("gaps-silence", "Not reported", [Points(tuple(silences)) if silences else None],
             "No study of this term has an arm whose record is silent on dose, donor, n, ages or follow-up."),
        part("gaps-searched", "Searched for", [search_table(about.searches, dates)],
             "No search of this graph was made for the groups that hold this term."),
        part("gaps-map", "In the evidence gap map",
             [gap_table(about.gaps, "Cells of the evidence gap map that hold this term.", dates)],
             "This term stands in no group of the evidence gap map."),
    ]  # fmt: skip
    lead = "Measured without a difference, not measured, and not reported are three things; only the last three tables are gaps."
    lead = "A finding of no difference is not a gap and stands with the comparisons. Here is what nobody measured or reported."
    return Section("gaps", "What is missing", (Text(lead, is_quiet=True),), tuple(inner))


def _trials(whole: Whole, about: About, dates: str) -> Section:
    scope = "the studies that gave it, over all outcomes" if about.is_given else about.label
    lead = "What studies measured stands beside the chains above and supports none of their steps."
    studies = studies_in(row for row in about.studies.rows if row["how"] != "condition of the participants")
    inner = [
        part("studies", "Studies", [study_table(about.studies, f"Studies that have to do with {about.label}.", dates),
                                    arm_table(whole.arms, studies, dates)],
             "No study of this graph gave, measured, counted or plans it."),
        part("comparisons", "Comparisons", [comparison_table(about.comparisons, f"Comparisons: {scope}. Null and lower findings are rows like the others; a lower value may be the better one.", dates)],
             "No comparison is in this graph. That is not a finding of no difference."),
        part("results", "Numbers of the arms", [result_table(about.results, f"Results by arm and time: {scope}.", dates)],
             "No number of an arm is in this graph."),
        part("readouts", "Biomarkers", [readout_table(about.readouts, f"Biomarkers measured or planned: {scope}.", dates)],
             "No biomarker that has to do with it was measured in a study of this graph."),
        part("adverse-events", "Adverse events", [adverse_event_table(about.adverse_events, f"Counts of adverse events: {scope}.", dates)],
             "No count is in this graph. That is not a count of none."),
    ]  # fmt: skip
    return Section("trials", "What trials measured", (Text(lead, is_quiet=True),), tuple(inner))


def _pooled(about: About, dates: str) -> Section:
    pictures = [forest_picture(analysis, dates) for analysis in about.analyses]
    refusals = [
        Cell(f"{analysis.measure}{f', month {analysis.choice.month:f}' if analysis.choice.month is not None else ''}: not pooled: {'; '.join(analysis.reasons) or 'fewer than two studies have all that pooling needs'}")
        for analysis in about.analyses
        if analysis.pooled is None
    ]
    left = [
        Cell(f"left out of {analysis.measure}: {one.study_label}", beneath=(one.reason,))
        for analysis in about.analyses[:1]
        for one in analysis.left_out
    ]
    table = estimate_table(about.estimates, "Pooled estimates, and refusals to pool, that the graph holds.", dates)
    blocks: list[Block | None] = [table, *pictures]
    blocks += [Points(tuple(refusals))] if refusals else []
    blocks += [Text("Studies that measured it and could give no contrast, with the reason:"), Points(tuple(left))] if left else []
    return part("pooled", "Pooled estimates", blocks, "Nothing was pooled for this term: estimates are made of outcomes and adverse events.")


def sections_of_term(whole: Whole, about: About) -> list[Section]:
    """Give all sections but the references."""
    dates = dates_in_words(whole.dates)
    near = around(whole.network, about.iri, about.chains[:_CHAINS])
    return [
        Section("answer", "Short answer", (Points(short_answer(about), is_answer=True),)),
        _term(about),
        part("assertions", "Assertions", statement_blocks(about, dates), "No assertion of this graph speaks of it."),
        part("chains", "Chains and their weakest links",
             [*chain_blocks(about, dates), network_picture(near, about.label, dates)],
             "No chain of assertions passes through it."),
        _trials(whole, about, dates),
        part("contradictions", "Contradictions", [contradiction_table(about.contradictions, "Findings and claims that conflict, with what differs in their contexts.", dates)],
             "No two findings or claims on it conflict in this graph. With few of them that says little."),
        part("voices", "Review against primary study", [audit_table(about.audits, "Statements of reviews, held against the study that they speak of.", dates)],
             "No statement of a review on it was held against a primary study."),
        _pooled(about, dates),
        part("registered", "Registered but unpublished", [registered_table(about.registered, "Registered studies without a result, comparison or readout in this graph.", dates)],
             "Every registered study that has to do with it has results here, or none is registered."),
        _gaps(whole, about, dates),
        methods_section(whole),
    ]  # fmt: skip


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


def labels_of(rows: Iterable[Row]) -> list[str]:
    """Give the studies of some rows by name."""
    return sorted({row["study_label"] for row in rows})
