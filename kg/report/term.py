"""All that a graph holds about one term: rows of its questions, chains through it, analyses of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.namespaces import PREFIXES, compress
from kg.report.counting import studies_in
from kg.report.pictures import analyses_of
from kg.report.rows import Answer, Row, Whole, ask, ask_each
from kg.synthesis.analysis import Analysis
from kg.trace import Path, chains_through

__all__ = ["GIVEN", "MEASURABLE", "About", "read_about", "read_mechanisms"]

#: How a study has to do with what it gave.
GIVEN = "an arm receives it"
#: Kinds of terms that a biomarker can speak of.
MEASURABLE = {"mechanism", "pathway", "factor", "receptor", "marker"}


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
        return any(row["how"] == GIVEN for row in self.studies.rows)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing at all speaks of it."""
        found = (self.statements, self.studies, self.searches, self.audits, self.contradictions, self.estimates)
        return not any(answer.rows for answer in found)


#: The questions about a term.
_QUESTIONS = ("place", "statements", "studies", "comparisons", "results", "readouts", "adverse-events", "searches")


#: Those that a section of one mechanism among many needs: numbers and events are not of mechanisms.
_FEW = ("place", "statements", "studies", "comparisons", "readouts")


def read_about(whole: Whole, term: ox.NamedNode) -> About:
    """Read what there is about a term or a study."""
    asked = {name: ask(whole.store, f"about/{name}", term) for name in _QUESTIONS}
    return _about(whole, term, ask(whole.store, "terms/card", term), asked)


def read_mechanisms(whole: Whole) -> list[About]:
    """Read what there is about each mechanism of the matrix, in its order; all are asked about at once."""
    wanted = [ox.NamedNode(row.iri) for row in whole.matrix]
    asked = {name: ask_each(whole.store, f"about/{name}", wanted) for name in _FEW}
    kinds = {node.iri: node.kind for node in whole.network.nodes}
    found = []
    for row, term in zip(whole.matrix, wanted, strict=True):
        facts = ({"what": "label", "value": row.label}, {"what": "kind", "value": kinds.get(row.iri, "mechanism")})
        mine = {name: asked[name][term.value] if name in asked else Answer("", ()) for name in _QUESTIONS}
        found.append(_about(whole, term, Answer("", facts), mine))
    return found


def _about(whole: Whole, term: ox.NamedNode, facts: Answer, asked: Mapping[str, Answer]) -> About:
    store = whole.store
    place, statements, studies = asked["place"], asked["statements"], asked["studies"]
    kind = next((row["value"] for row in facts.rows if row["what"] == "kind"), "")
    if term.value.startswith(PREFIXES["study"]):
        kind = "study"
    within = {term.value} | {row["relative"] for row in place.rows if row["place"][:1] in "34"}
    lines = {row["line"] for row in statements.rows}
    own = {row["assertion"] for row in statements.rows}
    given = {row["study"] for row in studies.rows if row["how"] in (GIVEN, "the study itself")}
    near = set(studies_in(studies.rows))
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
        comparisons=asked["comparisons"],
        results=asked["results"],
        readouts=asked["readouts"],
        adverse_events=asked["adverse-events"],
        searches=asked["searches"],
        contradictions=_kept(whole.contradictions, conflicts),
        audits=_kept(whole.audits, lambda row: row["assertion"] in own or row["study"] == term.value),
        estimates=_kept(whole.estimates, lambda row: row["outcome"] in within or row["study"] == term.value),
        registered=_kept(whole.registered, lambda row: row["study"] in near),
        gaps=_gaps(whole, groups),
        chains=tuple(chains_through(whole.network, term.value)),
        analyses=tuple(analyses_of(store, term.value, label, kind)),
    )


def _gaps(whole: Whole, groups: set[str]) -> Answer:
    """Give the cells of the gap map in these groups; the map is only made where there are any."""
    if not groups:
        return Answer("mechtrail query evidence/gap-map", ())
    return _kept(whole.gap_map, lambda row: bool({row["domain"], row["product"]} & groups))


def _kept(answer: Answer, keep: Callable[[Row], bool]) -> Answer:
    return answer.where((row for row in answer.rows if keep(row)), "the rows that speak of this term")
