"""Outcomes of a trial -> the instruments that measure them, markers, domains and time points.

An instrument is a named scale, score, questionnaire or performance test, and an imaging method that gives numbers of
its own (diffusion tensor imaging, positron emission tomography, spectroscopy). A laboratory value, a vital sign, an
ejection fraction, or "MRI" and "CT" without more are none: they have other terms, or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kg.grounding.candidates import Candidate
from kg.grounding.context import Field, is_denied
from kg.grounding.lookup import Record, lookup_of, to_candidate
from kg.grounding.tables import read_domains
from kg.grounding.times import TimePoint, months_of, read_times
from kg.model.trials import TrialOutcome

__all__ = ["BROADER_INSTRUMENTS", "GroundedOutcome", "ground_outcome"]

#: version -> the instrument without a version, which says less where both are read of one outcome.
BROADER_INSTRUMENTS = {
    "ctmo:0000803": "ctmo:0000802",
    "ctmo:0000804": "ctmo:0000802",
    "ctmo:0000807": "ctmo:0000842",
    "ctmo:0000810": "ctmo:0000842",
    "ctmo:0000838": "ctmo:0000837",
    "ctmo:0000879": "OBI:0002987",
    "ctmo:0000880": "OBI:0002987",
    "ctmo:0000881": "ctmo:0000880",
    "ctmo:0000811": "ctmo:0000826",
    "ctmo:0000827": "ctmo:0000826",
}


@dataclass(frozen=True, slots=True)
class GroundedOutcome:
    """What an outcome is measured with and when. `index` is its place in `Trial.outcomes`."""

    index: int
    instruments: tuple[Candidate, ...] = ()
    markers: tuple[Candidate, ...] = ()
    domain: Candidate | None = None
    times: tuple[TimePoint, ...] = ()

    @property
    def months(self) -> list[Decimal]:
        """Give the time points that are exact in months."""
        return months_of(list(self.times))


def _distinct(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """Give each term once, by its best candidate, without a term that a narrower one covers."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.term not in best or candidate.score > best[candidate.term].score:
            best[candidate.term] = candidate
    covered = {BROADER_INSTRUMENTS[term] for term in best if term in BROADER_INSTRUMENTS}
    return tuple(candidate for term, candidate in sorted(best.items()) if term not in covered)


def _domain(instruments: tuple[Candidate, ...]) -> Candidate | None:
    """Give what all instruments of an outcome measure, where that is one domain and certain for each of them."""
    found = {read_domains().get(one.term) for one in instruments}
    only = found.pop() if len(found) == 1 else None
    if only is None:
        return None
    first = instruments[0]
    return Candidate(*only, "outcome domain", first.score, f"what {first.label} measures", first.matched, first.where)


def _find(kind: str, field: Field, record: Record) -> list[Candidate]:
    return [
        to_candidate(kind, match, field.words, field.text, field.where)
        for match in lookup_of(kind).find(field.words, record)
        if not is_denied(field.words, match.first)
    ]


def ground_outcome(index: int, outcome: TrialOutcome, record: Record) -> GroundedOutcome:
    """Give the instruments, the domain that they measure, the markers and the time points of one outcome.

    >>> found = ground_outcome(0, TrialOutcome("PRIMARY", "GMFM-66", "", "6 months"), Record())
    >>> [one.label for one in found.instruments], [str(month) for month in found.months]
    (['GMFM-66'], ['6'])
    >>> found.domain.label if found.domain else ""
    'gross motor function'
    """
    fields = [Field.of(f"outcome {index + 1} measure", outcome.measure)]
    if outcome.description:
        fields.append(Field.of(f"outcome {index + 1} description", outcome.description))
    instruments = _distinct([one for field in fields for one in _find("instrument", field, record)])
    markers = _distinct([one for field in fields for one in _find("marker", field, record)])
    return GroundedOutcome(index, instruments, markers, _domain(instruments), tuple(read_times(outcome.time_frame)))
