"""Which conditions a trial is about: its condition field first, then its title.

The condition field is sometimes misused for procedures and cells, which ground to nothing here. Conditions
that are read of the title alone are added only where the field gives none.
"""

from __future__ import annotations

from kg.grounding.candidates import Candidate
from kg.grounding.context import Field, is_denied
from kg.grounding.lookup import Record, lookup_of, to_candidate
from kg.model.trials import Trial

__all__ = ["ground_conditions"]


def _find(where: str, text: str, record: Record) -> list[Candidate]:
    field = Field.of(where, text)
    return [
        to_candidate("condition", match, field.words, field.text, where)
        for match in lookup_of("condition").find(field.words, record)
        if not is_denied(field.words, match.first)
    ]


def ground_conditions(trial: Trial, record: Record) -> tuple[Candidate, ...]:
    """Give the conditions of a trial, each once, with the place where it stands."""
    found: dict[str, Candidate] = {}
    for number, text in enumerate(trial.conditions, 1):
        for candidate in _find(f"condition {number}", text, record):
            found.setdefault(candidate.term, candidate)
    if not found:
        for where, text in (("title", trial.title), ("official title", trial.official_title)):
            for candidate in _find(where, text, record):
                found.setdefault(candidate.term, candidate)
    return tuple(found[term] for term in sorted(found))
