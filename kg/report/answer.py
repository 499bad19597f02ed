"""The short answer of a report in sentences: what the tables below say, never sharper than they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.report.counting import count_of, distinct, studies_in, tally
from kg.report.rows import Row
from kg.report.term import MEASURABLE, About
from kg.synthesis.words import in_words, name_of_measure
from kg.trace import Path, Step
from kg.views.report import Cell

__all__ = ["chain_sentences", "short_answer"]

#: Kinds of terms that a mechanism is made of: a chain without any of them says that something works, not how.
_MIDDLE = {"factor", "receptor", "marker", "pathway", "mechanism"}


#: Anchor of a section -> how a sentence of the short answer points to it.
_SEE = {
    "assertions": "assertions",
    "chains": "chains",
    "comparisons": "comparisons",
    "readouts": "biomarkers",
    "adverse-events": "adverse events",
    "contradictions": "contradictions",
    "voices": "review against primary study",
    "pooled": "pooled estimates",
    "registered": "registered but unpublished",
}


def _cell(words: str, to: str) -> Cell:
    return Cell(words, to=to, see=_SEE[to])


def _assertions(about: About) -> Iterator[Cell]:
    own = distinct((row for row in about.statements.rows if row["about"].startswith("1")), "assertion")
    below = distinct((row for row in about.statements.rows if row["about"].startswith("2")), "assertion")
    more = (
        f"; {len(below)} more are stated of narrower terms, which says nothing of {about.label} itself" if below else ""
    )
    if not own:
        yield _cell(f"No assertion speaks of {about.label} itself{more}.", "assertions")
        return
    sources = count_of(len({row["source"] for row in about.statements.rows if row["about"].startswith("1")}), "source")
    yield _cell(
        f"{count_of(len(own), 'assertion')} from {sources} speak{'s' * (len(own) == 1)} of {about.label} itself: "
        f"{tally(row['status'] for row in own)}{more}.",
        "assertions",
    )
    accepted = [row for row in own if row["status"] == "accepted"]
    if accepted:
        best = max(accepted, key=lambda row: int(row["level_rank"] or 0))
        levels = tally(row["level"] or "no level" for row in accepted)
        yield _cell(
            f"Of the accepted ones the highest level of evidence that a source speaks of is “{best['level']}” "
            f"({levels}). A level is what a source speaks of, not a measurement of this program.",
            "assertions",
        )
    lines = distinct(about.statements.rows, "line")
    found = sum(row["verification"] == "verified" for row in lines)
    if found < len(lines):
        yield _cell(
            f"{found} of {len(lines)} passages were found in their source; the others are not verified.", "assertions"
        )


def _said(step: Step) -> str:
    if step.edge is None:
        return "no evidence"
    sources = sorted(
        {f"{note.source_label}, {note.role}" for note in step.edge.evidence if note.direction == "supports"}
    )
    return f"{step.edge.statement} ({'; '.join(sources)})"


def chain_sentences(label: str, chains: Sequence[Path], to: str) -> Iterator[Cell]:
    """Say how far the chains over a term go, and where the best of them is weakest."""
    if not chains:
        yield _cell(f"No chain of assertions passes through {label}.", to)
        return
    whole = [chain for chain in chains if all(step.edge for step in chain.steps)]
    if not whole:
        furthest = sorted({chain.weakest.start.label for chain in chains})
        shown = "; ".join(furthest[:4]) + (f"; and {len(furthest) - 4} more" if len(furthest) > 4 else "")
        yield _cell(
            f"The chain breaks: {count_of(len(chains), 'chain')} of assertions run{'s' * (len(chains) == 1)} through "
            f"{label}, and none leads on to an outcome. The step to an outcome has no evidence after: {shown}.",
            to,
        )
        return
    best = whole[0]
    weak = best.weakest
    yield _cell(
        f"{count_of(len(whole), 'chain')} of assertions run{'s' * (len(whole) == 1)} through {label} to an outcome. "
        f"The weakest link of the best supported one is of level “{best.level_label}”: {_said(weak)}",
        to,
    )
    silent = sum(not any(node.kind in _MIDDLE for node in chain.nodes) for chain in whole)
    if silent:
        which = "It names" if len(whole) == 1 else f"{silent} of the {len(whole)} name{'s' * (silent == 1)}"
        yield _cell(
            f"{which} no factor, pathway or mechanism between: that says that there is an effect, not how it "
            "comes about.",
            to,
        )


def _compared(rows: Sequence[Row]) -> str:
    between = [row for row in distinct(rows, "record") if row["contrast"] == "between arms"]
    within = [row for row in distinct(rows, "record") if row["contrast"] != "between arms"]
    told = [f"between arms: {tally(row['finding'] for row in between)}"] if between else ["none between arms"]
    told += [f"within one group or with something outside: {tally(row['finding'] for row in within)}"] if within else []
    return "; ".join(told)


def _trials(about: About) -> Iterator[Cell]:
    people = [row for row in about.comparisons.rows if row["species"] == "human"]
    if people:
        after = " over all outcomes of the studies that gave it" if about.is_given else ""
        number = len(studies_in(people))
        yield _cell(
            f"{count_of(number, 'study', 'studies')} in people report{'s' * (number == 1)} "
            f"comparisons{after} ({_compared(people)}). What was found for an outcome is no evidence for a mechanism.",
            "comparisons",
        )
    done = [row for row in about.readouts.rows if row["direction"] != "planned" and row["species"] == "human"]
    planned = [row for row in about.readouts.rows if row["direction"] == "planned"]
    if done:
        what = (
            "marker"
            if about.is_given or about.kind not in ("mechanism", "pathway")
            else "marker that the curator links to it"
        )
        finding = tally(row["direction"] for row in distinct(done, "record"))
        yield _cell(
            f"{count_of(len(studies_in(done)), 'study', 'studies')} measured a {what} in participants ({finding}). A "
            "marker that changed is not the mechanism itself.",
            "readouts",
        )
    elif about.kind in MEASURABLE:
        yield _cell(
            f"No study here measured {about.label}, or a marker of it, in participants. This is silence, not a finding "
            "that nothing happens.",
            "readouts",
        )
    if planned:
        plan = count_of(len(studies_in(planned)), "registered study plans", "registered studies plan")
        yield _cell(f"{plan} to measure a marker of it.", "readouts")
    events = distinct(about.adverse_events.rows, "record")
    if events:
        bare = sum(row["n"] == "not reported" for row in events)
        yield _cell(
            f"{count_of(len(events), 'count')} of adverse events from "
            f"{count_of(len(studies_in(events)), 'study', 'studies')}; {bare} without a denominator. A study without a "
            "count did not report one here, which is not the same as none.",
            "adverse-events",
        )


def _doubt(about: About) -> Iterator[Cell]:
    pairs = len(about.contradictions.rows)
    if pairs:
        yield _cell(f"{count_of(pairs, 'pair')} of findings or claims conflict{'s' * (pairs == 1)}.", "contradictions")
    if about.audits.rows:
        verdicts = tally(row["verdict"] for row in about.audits.rows)
        yield _cell(f"What reviews say, held against the primary study: {verdicts}.", "voices")
    for analysis in about.analyses:
        if analysis.pooled is not None:
            yield _cell(f"Pooled: {in_words(analysis)}", "pooled")
    refused = Counter(name_of_measure(one) for one in about.analyses if one.pooled is None)
    if refused:
        yield _cell(f"Not pooled, for the reasons given below: {tally(refused.elements())}.", "pooled")
    if about.registered.rows:
        studies = len(studies_in(about.registered.rows))
        yield _cell(
            f"{count_of(studies, 'registered study has', 'registered studies have')} no results in this graph.",
            "registered",
        )


def short_answer(about: About, *, is_alone: bool = True) -> tuple[Cell, ...]:
    """Give the sentences of the short answer; in a report on many terms they point to no section."""
    if about.is_empty:
        return (
            Cell(
                f"Nothing is known here of {about.label}: no assertion, no study and no search of this graph speaks of "
                "it. That is a statement about this graph, not about the world."
            ),
        )
    told = (
        *_assertions(about),
        *chain_sentences(about.label, about.chains, "chains"),
        *_trials(about),
        *_doubt(about),
    )
    return told if is_alone else tuple(replace(cell, to="", see="") for cell in told)
