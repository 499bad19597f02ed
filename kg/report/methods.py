"""The methods text of a report: what the graph holds, how levels are made, how was pooled. Ready to paste.

Every number in it comes from the graph that the report is about; every rule is the one that the program follows.
"""

from __future__ import annotations

from kg import __version__
from kg.report.counting import count_of
from kg.report.rows import Whole
from kg.views.report import Text

__all__ = ["methods_text"]


def _held(whole: Whole) -> str:
    count: dict[str, int] = {}
    statuses: list[str] = []
    for row in whole.holdings.rows:
        count[row["kind"]] = count.get(row["kind"], 0) + int(row["count"])
        if row["kind"] == "assertion":
            statuses.append(f"{row['count']} {row['of']}")
    named = [
        (count_of(count.get("assertion", 0), "assertion"), f" ({', '.join(statuses)})" * bool(statuses)),
        (count_of(count.get("evidence line", 0), "evidence line"), ""),
        (count_of(count.get("study", 0), "study", "studies"), ""),
        (count_of(count.get("result", 0), "result"), ""),
        (count_of(count.get("comparison", 0), "comparison"), ""),
        (count_of(count.get("readout", 0), "biomarker readout"), ""),
        (count_of(count.get("adverse event count", 0), "adverse event count"), ""),
    ]
    *first, last = (words + more for words, more in named)
    return f"{', '.join(first)} and {last}"


def _days(whole: Whole) -> str:
    told = [
        f"{row['what']} from {row['first']} to {row['last']} ({count_of(int(row['records']), 'record')})"
        for row in whole.dates.rows
    ]
    return "; ".join(told) or "no record of it has a date"


def methods_text(whole: Whole) -> tuple[Text, ...]:
    """Give the paragraphs."""
    paragraphs = [
        f"Data. We used mechtrail {__version__}, a knowledge graph of mechanisms of cell therapy and of trial "
        f"evidence in cerebral palsy. It held {_held(whole)}. Dates of its data: {_days(whole)}. Each table and "
        "figure names the query behind it, which gives the same rows again with the same version of the program "
        "and of the graph.",
        "Assertions. An assertion is one statement of a source, put into one sentence in the words of a curator, "
        "with a subject, a relation and an object. Each passage that carries it is held as a fingerprint (two "
        "digests of its words), so that it can be checked against a copy of the source. An assertion is accepted "
        "when at least one supporting passage was verified, no passage disputes it, and the source does not hedge "
        "it with words such as may or might; hedged ones are hypothesised, those with passages for and against "
        "are disputed, those with passages against only are contradicted, and those without a verified passage "
        "are unverified.",
        "Levels of evidence. The level of an assertion is the highest among its verified supporting passages: "
        "stated, in vitro, animal, in patients, or pooled over studies, after the kind of study that the passage "
        "speaks of. What is hedged or unverified stays at hypothesised. A level says what a source speaks of; it "
        "is not a grade of the quality of that study. What a review says of patients counts as in patients and "
        "never as measured by the study itself.",
        "Chains. A chain joins assertions from a cell source or a treatment to an outcome, with at most three "
        "steps to the term in question and three from it; of parallel assertions the best supported one is taken, "
        "contradicted ones are left out. Each chain is reported with its weakest step. No step inherits evidence "
        "from another: a trial that measured an outcome is not evidence for the mechanism that may lead there, so "
        "trial evidence stands beside the chains and not on them.",
        "Numbers. Values were taken per arm and time point. A value is read where it was seen in the study's own "
        "record, secondary where a later review gives it, and derived where it was computed. The type of a spread "
        "(SD, SEM, SE, 95 % interval, interquartile range, range) is the one that the source names and is never "
        "guessed. Not measured, measured without a difference, and not reported are kept apart. Which mechanism a "
        "biomarker speaks of is the judgement of the curator, and a marker that changed is not the mechanism "
        "itself. What a review says and what the study reports are kept apart and joined by a verdict.",
        "Pooling. Each study gives one contrast of a treated with a control arm for an outcome, scale and time "
        "point; studies that cannot give one are left out with the reason. The standing questions pool mean "
        "differences or standardised mean differences (Hedges g) with random effects (restricted maximum "
        "likelihood, Knapp-Hartung interval, prediction interval) and counts with Mantel-Haenszel sums; each "
        "table and figure names its own measure and method. Where a reason stands against pooling (fewer than two "
        "studies, participants that may be counted twice, scales without a common metric, an unknown version of a "
        "scale, changes mixed with scores, several time points, counts of narrower events), no estimate is given "
        "and the reason is.",
    ]
    return tuple(Text(words) for words in paragraphs)
