"""Rows -> the tables of a report: which columns stand where, and what goes into the small print below a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg.report.counting import count_of, distinct, studies_in
from kg.report.rows import Answer, Row
from kg.trace import Path
from kg.views.report import Cell, Table

__all__ = [
    "adverse_event_table",
    "arm_table",
    "audit_table",
    "chain_table",
    "comparison_table",
    "contradiction_table",
    "estimate_table",
    "gap_table",
    "hierarchy",
    "readout_table",
    "registered_table",
    "result_table",
    "search_table",
    "statement_table",
    "study_table",
]

#: How far "not reported" goes: as far as this record.
SILENT = "not reported in this record"


def _table(
    caption: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]], answer: Answer, dates: str, of: str = ""
) -> Table | None:
    """Give a table, or None where there is nothing to put into it."""
    if not rows:
        return None
    rests = f"{count_of(len(rows), 'row')}{of}; {dates}."
    return Table(caption, tuple(heads), tuple(rows), answer.command, rests)


def _of_studies(rows: Iterable[Row]) -> str:
    return " from " + count_of(len(studies_in(rows)), "study", "studies")


def _species(row: Row) -> str:
    return "" if row.get("species", "human") == "human" else f"animal study: {row['species']}"


def _note(row: Row) -> str:
    return f"note: {row['note']}" if row.get("note") else ""


def _grouped(words: str) -> str:
    """Give long numbers in groups of three, so that zeros need not be counted.

    >>> _grouped("45000000 to 55000000 cells per infusion, 4 times")
    '45,000,000 to 55,000,000 cells per infusion, 4 times'
    """
    return re.sub(r"(?<![\d.,])\d{5,}(?![\d.,]*\d)", lambda digits: f"{int(digits[0]):,}", words)


def _study(row: Row) -> Cell:
    return Cell(row["study_label"], (row["study"],), (_species(row),))


def statement_table(answer: Answer, about: str, caption: str, dates: str) -> Table | None:
    """Give the assertions, passage by passage."""
    rows = [row for row in answer.rows if row["about"].startswith(about)]
    lines = []
    for row in rows:
        edge = f"{row['subject_label']} → {row['relation_label']} → {row['object_label']}"
        cited = f"cites {row['cited_as']}" if row["cited_as"] else ""
        place = "; ".join(part for part in (row["section"], cited) if part)
        lines.append(
            (
                Cell(row["statement"], (), (edge, row["context"]), row["words"]),
                Cell(row["status"], (), (f"level: {row['level'] or 'none'}",)),
                Cell(row["direction"], (), (f"speaks of: {row['study_kind']}", row["role"])),
                Cell(row["source_label"], (row["source"],), (place,)),
                Cell(row["verification"]),
            )
        )
    heads = ("Statement (our words)", "Status and level", "Direction and kind", "Source", "Passage")
    sources = count_of(len({row["source"] for row in rows}), "source")
    assertions = count_of(len({row["assertion"] for row in rows}), "assertion")
    return _table(caption, heads, lines, answer, dates, f" ({assertions}) from {sources}")


def hierarchy(rows: Iterable[Row]) -> tuple[tuple[str, str], ...]:
    """Give where a term stands, as names and values."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["place"][2:], []).append(row["relative_label"])
    return tuple((place, "; ".join(labels)) for place, labels in found.items())


def study_table(answer: Answer, caption: str, dates: str) -> Table | None:
    """Give the studies, one row each, with all ways in which each has to do with the term."""
    ways: dict[str, list[str]] = {}
    for row in answer.rows:
        ways.setdefault(row["study"], []).append(row["how"])
    lines = [
        (
            _study(row),
            Cell(row["design_label"]),
            Cell("; ".join(dict.fromkeys(ways[row["study"]]))),
            Cell(row["cells"]),
            Cell(row["enrolled"]),
            Cell(row["registry_id"]),
        )
        for row in distinct(answer.rows, "study")
    ]
    heads = ("Study", "Design", "How it has to do with this", "Cells given", "Enrolled", "Registration")
    return _table(caption, heads, lines, answer, dates)


def arm_table(answer: Answer, studies: Iterable[str], dates: str) -> Table | None:
    """Give what each arm of the studies received."""
    wanted = set(studies)
    rows = [row for row in answer.rows if row["study"] in wanted]
    lines = [
        (
            _study(row),
            Cell(row["arm_label"], (), (row["arm_role"], f"n {row['n']}")),
            Cell(row["cells"], (), (f"donor: {row['donor']}",)),
            Cell(row["route_label"]),
            Cell(_grouped(row["dose"]), (), (row["dose_status"],)),
            Cell(row["ages"], (), (f"follow-up: {row['follow_up']}",)),
        )
        for row in rows
    ]
    heads = ("Study", "Arm", "Cells", "Route", "Dose", "Ages (years)")
    kept = answer.where(rows, "rows of these studies")
    return _table("What each arm received.", heads, lines, kept, dates, _of_studies(rows))


def comparison_table(answer: Answer, scope: str, dates: str) -> Table | None:
    """Give the comparisons; null and lower findings are rows like the others."""
    rows = distinct(answer.rows, "record", "against")
    lines = [
        (
            _study(row),
            Cell(row["outcome_label"], (), (f"instrument: {row['instrument_label']}", row["time"])),
            Cell(f"{row['arm_label']} against {row['against']}", (), (row["contrast"],)),
            Cell(row["finding"], (), (f"p: {row['p']}", f"analysis: {row['analysis']}")),
            Cell(row["effect"]),
            Cell(row["status"], (), (row["source_label"], _note(row))),
        )
        for row in rows
    ]
    caption = (
        f"Comparisons: {scope}. Null and lower findings are rows like the others; a lower value may be the better one."
    )
    heads = ("Study", "Outcome", "Compared", "Finding", "Effect as published", "How read, and where")
    return _table(caption, heads, lines, answer, dates, _of_studies(rows))


def result_table(answer: Answer, scope: str, dates: str) -> Table | None:
    """Give the numbers of the arms."""
    rows = distinct(answer.rows, "record")
    lines = [
        (
            _study(row),
            Cell(row["outcome_label"], (), (f"instrument: {row['instrument_label']}", row["time"])),
            Cell(row["arm_label"], (), (row["arm_role"],)),
            Cell(row["value"], (), (row["measure"],)),
            Cell(row["spread"]),
            Cell(row["n"]),
            Cell(row["status"], (), (row["source_label"], _note(row))),
        )
        for row in rows
    ]
    caption = f"Results by arm and time: {scope}."
    heads = ("Study", "Outcome", "Arm", "Value", "Spread", "n", "How read, and where")
    return _table(caption, heads, lines, answer, dates, _of_studies(rows))


def readout_table(answer: Answer, scope: str, dates: str) -> Table | None:
    """Give the biomarkers, measured and planned."""
    rows = distinct(answer.rows, "record", "mechanism_label", "time")
    lines = [
        (
            _study(row),
            Cell(row["marker_label"], (), (f"speaks of: {row['mechanism_label']}",)),
            Cell(row["direction"], (), (f"p: {row['p']}" if row["direction"] != "planned" else "",)),
            Cell(f"{row['arm_label']} against {row['against']}"),
            Cell(row["time"]),
            Cell(f"{row['events']} of {row['n']}" if row["events"] != "not reported" else f"n {row['n']}"),
            Cell(row["status"], (), (row["source_label"], _note(row))),
        )
        for row in rows
    ]
    caption = f"Biomarkers measured or planned: {scope}."
    heads = ("Study", "Marker", "Finding", "Compared", "Time", "Number", "How read, and where")
    return _table(caption, heads, lines, answer, dates, _of_studies(rows))


def adverse_event_table(answer: Answer, scope: str, dates: str) -> Table | None:
    """Give the counts of adverse events with their denominators."""
    rows = distinct(answer.rows, "record")
    lines = [
        (
            _study(row),
            Cell(row["event_label"], (), (row["serious"],)),
            Cell(row["arm_label"]),
            Cell(f"{row['events']} of {row['n']}", (), (row["percent"],)),
            Cell(row["p"]),
            Cell(row["status"], (), (row["source_label"], _note(row))),
        )
        for row in rows
    ]
    caption = f"Counts of adverse events, with their denominators: {scope}."
    heads = ("Study", "Event", "Arm", "Events of participants", "p", "How read, and where")
    return _table(caption, heads, lines, answer, dates, _of_studies(rows))


def contradiction_table(answer: Answer, dates: str) -> Table | None:
    """Give the pairs that conflict, and in what their contexts differ."""
    lines = [
        (
            Cell(row["about_label"], (), (row["part"][2:],)),
            Cell(row["first_says"], (row["first"],), (row["first_label"],)),
            Cell(row["second_says"], (row["second"],), (row["second_label"],)),
            Cell(row["differs_in"]),
        )
        for row in answer.rows
    ]
    caption = "Findings and claims that conflict, with what differs in their contexts."
    heads = ("About", "One says", "The other says", "In what the contexts differ")
    return _table(caption, heads, lines, answer, dates)


def audit_table(answer: Answer, dates: str) -> Table | None:
    """Give statements of reviews beside what the primary study says."""
    lines = [
        (
            Cell(row["statement"], (), (f"claim {row['claim_id']} of {row['source_label']}",)),
            Cell(row["study_label"] or "not named", (row["study"],)),
            Cell(row["verdict"]),
            Cell(row["why"]),
        )
        for row in answer.rows
    ]
    caption = "Statements of reviews, held against the study that they speak of."
    heads = ("What the review says (our words)", "Held against", "Verdict", "Why")
    return _table(caption, heads, lines, answer, dates)


def estimate_table(answer: Answer, dates: str) -> Table | None:
    """Give the pooled estimates and the refusals to pool, one row each."""
    studies: dict[str, list[str]] = {}
    reasons: dict[str, list[str]] = {}
    for row in answer.rows:
        studies.setdefault(row["estimate"], []).append(row["study_label"])
        reasons.setdefault(row["estimate"], []).append(row["reason"])
    lines = []
    for row in distinct(answer.rows, "estimate"):
        why = "; ".join(dict.fromkeys(filter(None, reasons[row["estimate"]])))
        names = "; ".join(dict.fromkeys(filter(None, studies[row["estimate"]])))
        interval = f" ({row['low']} to {row['high']})" if row["low"] and row["high"] else ""
        about = tuple(
            part for part in (row["instrument_label"], f"month {row['months']}" * bool(row["months"])) if part
        )
        count = f"studies: {row['studies'] or SILENT}; participants: {row['participants'] or SILENT}" * (not why)
        lines.append(
            (
                Cell(row["outcome_label"], (), about),
                Cell(f"{row['measure_label']} {row['value']}{interval}" if not why else f"not pooled: {why}"),
                Cell(row["model"]),
                Cell(names or "studies not named", (), (count,)),
                Cell(row["source_label"]),
            )
        )
    caption = "Pooled estimates, and refusals to pool, that the graph holds."
    heads = ("Outcome", "Estimate, or why there is none", "Way of pooling", "Studies", "By whom")
    return _table(caption, heads, lines, answer, dates)


def registered_table(answer: Answer, dates: str) -> Table | None:
    """Give the registered studies without results, one row each."""
    markers: dict[tuple[str, str], list[str]] = {}
    for row in answer.rows:
        markers.setdefault((row["study"], row["registry_id"]), []).append(row["marker_label"])
    lines = [
        (
            Cell(row["study_label"], (row["study"],)),
            Cell(row["registry_id"]),
            Cell(row["status"], (), (f"seen {row['as_of']}" if row["as_of"] else "day of the data not recorded",)),
            Cell(row["participants"] or SILENT),
            Cell(row["completion"] or SILENT),
            Cell("; ".join(filter(None, dict.fromkeys(markers[row["study"], row["registry_id"]]))) or "none named"),
        )
        for row in distinct(answer.rows, "study", "registry_id")
    ]
    caption = "Registered studies without a result, comparison or readout in this graph."
    heads = ("Study", "Registration", "Status", "Participants", "Completion", "Markers that it plans to measure")
    return _table(caption, heads, lines, answer, dates)


def search_table(answer: Answer, dates: str) -> Table | None:
    """Give what was searched and what came of it."""
    lines = [
        (
            Cell(row["group_label"]),
            Cell(row["where"], (), (row["date"],)),
            Cell(row["query"]),
            Cell(row["outcome_label"], (), (count_of(int(row["found"] or 0), "study", "studies") + " of this graph",)),
            Cell(row["note"]),
        )
        for row in answer.rows
    ]
    heads = ("Group of the gap map", "Where and when", "Searched for", "What came of it", "Note")
    return _table("Searches for studies.", heads, lines, answer, dates)


def gap_table(answer: Answer, caption: str, dates: str) -> Table | None:
    """Give the cells of the gap map, the filled ones with what their comparisons found."""
    lines = []
    for row in answer.rows:
        found = [f"{row[name]} {name.replace('_', ' ')}" for name in ("higher", "no_difference", "lower")]
        is_filled = row["standing"] == "studies"
        lines.append(
            (
                Cell(row["product_label"], (), (row["domain_label"],)),
                Cell(row["design_label"]),
                Cell("; ".join(found) if is_filled else row["standing"]),
                Cell(row["basis"]),
            )
        )
    heads = ("Product", "Design", "Comparisons that found, or why the cell is empty", "What that rests on")
    return _table(caption, heads, lines, answer, dates)


def chain_table(chains: Sequence[Path], caption: str, dates: str) -> Table | None:
    """Give chains with the level of every step, and the weakest one in bold."""
    lines = []
    for chain in chains:
        words = chain.steps[0].start.label
        for step in chain.steps:
            words += f" → {step.words if step.edge else 'no evidence'} → {step.end.label}"
        levels = "; ".join(step.edge.level_label if step.edge else "no evidence" for step in chain.steps)
        weak = chain.weakest
        said = (
            weak.edge.statement if weak.edge else f"No assertion here leads from {weak.start.label} on to an outcome."
        )
        sources = sorted({note.source_label for step in chain.steps if step.edge for note in step.edge.evidence})
        lines.append(
            (
                Cell(words),
                Cell(levels),
                Cell(said, (), (f"level: {chain.level_label}",), is_weak=True),
                Cell("; ".join(sources)),
            )
        )
    heads = ("Chain", "Level of each step", "Weakest step", "Sources of its steps")
    return _table(caption, heads, lines, Answer("mechtrail query network/edges (joined into chains)", ()), dates)
