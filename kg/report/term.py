"""All that a graph holds about one term: rows of its questions, chains through it, analyses of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox

from kg.namespaces import PREFIXES, compress
from kg.report.pictures import analyses_of
from kg.report.rows import Answer, Row, Whole, ask
from kg.report.tables import studies_in
from kg.synthesis.analysis import Analysis
from kg.trace import Path, chains_through

__all__ = ["About", "read_about"]

#: Ways in which a study has to do with a term that make its registration one of the term.
_GIVEN = "an arm receives it"


@dataclass(frozen=True, slots=True)
class About:
    """What there is about a term."""

    iri: str
    label: str
    kind: str  # "cell type", "mechanism", ..., "study"
    facts: Answer
    place: Answer
    statements: Answer
    studies: Answer
    comparisons: Answer
    results: Answer
    readouts: Answer
    adverse_events: Answer
    searches: Answer
    contradictions: Answer
    audits: Answer
    estimates: Answer
    registered: Answer
    gaps: Answer
    chains: tuple[Path, ...]
    analyses: tuple[Analysis, ...]

    @property
    def curie(self) -> str:
        """Give the short identifier."""
        return compress(self.iri)

    @property
    def is_given(self) -> bool:
        """Say whether it is something that an arm receives: rows are then of all outcomes of those studies."""
        return any(row["how"] == _GIVEN for row in self.studies.rows)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing at all speaks of it."""
        found = (self.statements, self.studies, self.searches, self.audits, self.contradictions, self.estimates)
        return not any(answer.rows for answer in found)


def read_about(whole: Whole, term: ox.NamedNode, *, chains: bool = True) -> About:
    """Read what there is about a term (or a study); chains can be left out, where another part has them."""
    store = whole.store

    def asked(name: str) -> Answer:
        return ask(store, f"about/{name}", term)

    facts, place, statements, studies = ask(store, "terms/card", term), asked("place"), asked("statements"), asked("studies")
    kind = next((row["value"] for row in facts.rows if row["what"] == "kind"), "")
    if term.value.startswith(PREFIXES["study"]):
        kind = "study"
    within = {term.value} | {row["relative"] for row in place.rows if row["place"][:1] in "34"}
    lines = {row["line"] for row in statements.rows}
    own = {row["assertion"] for row in statements.rows}
    given = {row["study"] for row in studies.rows if row["how"] in (_GIVEN, "the study itself")}
    groups = {row["relative"] for row in place.rows if row["place"].startswith("5")}

    def conflicts(row: Row) -> bool:
        about_it = row["about"] in within or bool({row["first_record"], row["second_record"]} & lines)
        return about_it or bool({row["first"], row["second"]} & given)

    label = next((row["value"] for row in facts.rows if row["what"] == "label"), compress(term.value))
    return About(
        iri=term.value,
        label=label,
        kind=kind,
        facts=facts,
        place=place,
        statements=statements,
        studies=studies,
        comparisons=asked("comparisons"),
        results=asked("results"),
        readouts=asked("readouts"),
        adverse_events=asked("adverse-events"),
        searches=asked("searches"),
        contradictions=_kept(whole.contradictions, conflicts),
        audits=_kept(whole.audits, lambda row: row["assertion"] in own or row["study"] == term.value),
        estimates=_kept(whole.estimates, lambda row: row["outcome"] in within or row["study"] == term.value),
        registered=_kept(whole.registered, lambda row: row["study"] in studies_in(studies.rows)),
        gaps=_kept(whole.gap_map, lambda row: bool({row["domain"], row["product"]} & groups)),
        chains=tuple(chains_through(whole.network, term.value)) if chains else (),
        analyses=tuple(analyses_of(store, term.value, label, kind)),
    )


def _kept(answer: Answer, keep: Callable[[Row], bool]) -> Answer:
    return answer.where((row for row in answer.rows if keep(row)), "the rows that speak of this term")
