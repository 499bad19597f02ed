"""Which conditions a trial is about: its condition field first, then its title.

The condition field is sometimes misused for procedures and cells, which ground to nothing here. Conditions
that are read of the title alone are added only where the field gives none. "Leukemia, Lymphoblastic, Acute" is read as
a person would say it. The name of a whole group of diseases counts only where no word before it narrows it: a fungal
infection without a term of its own is left out rather than called an infection.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.grounding.candidates import Candidate
from kg.grounding.context import Field, is_denied, left_words
from kg.grounding.lookup import Match, Record, lookup_of, to_candidate
from kg.grounding.tables import word_group
from kg.grounding.words import Word, read_words
from kg.model.trials import Trial

__all__ = ["ground_conditions"]

#: Terms so wide that a word before their name most often means something narrower.
_GROUPS = frozenset(
    {"MONDO:0005550", "MONDO:0004992", "MONDO:0005059", "MONDO:0005062", "MONDO:0001014", "MONDO:0010643",
     "MONDO:0007179", "MONDO:0005071", "MONDO:0005275", "MONDO:0005267", "MONDO:0005240", "MONDO:0005328",
     "MONDO:0005283", "MONDO:0005560", "MONDO:0002081", "MONDO:0005046", "MONDO:0005066", "MONDO:0004995",
     "MONDO:0003900", "MONDO:0006816", "MONDO:0005554", "MONDO:0005570", "MONDO:0002118", "MONDO:0004994"}
)  # fmt: skip
#: Words that leave a condition what it is.
_DEGREES = word_group("conditions: degrees")


def _narrowed(words: Sequence[Word], match: Match) -> bool:
    """Tell whether a word before the name of a group of diseases makes it another disease."""
    if match.synonym.term not in _GROUPS or match.synonym.scope == "related":
        return False
    before = left_words(words, match.first, 1)
    return bool(before) and "," not in words[match.first].gap and before[-1] not in _DEGREES


def _turned(text: str) -> str:
    """Give a heading that puts the noun first as it is spoken, or nothing.

    >>> _turned("Myocardial Infarction, Acute"), _turned("Stroke")
    ('Acute Myocardial Infarction', '')
    """
    parts = [part.strip() for part in text.split(",")]
    return " ".join(reversed(parts)) if 2 <= len(parts) <= 3 and all(parts) else ""


def _find(where: str, text: str, record: Record) -> list[Candidate]:
    field = Field.of(where, text)
    lookup = lookup_of("condition")
    matches = lookup.find(field.words, record)
    turned = read_words(_turned(text))
    if turned and not any(match.last - match.first == len(field.words) for match in matches):
        whole = next((one for one in lookup.find(turned, record) if one.last - one.first == len(turned)), None)
        if whole is not None:
            name = whole.synonym
            reason = "heading with the noun first, " + whole.reason
            return [Candidate(name.term, name.label, "condition", whole.score, reason, text.strip(), where)]
    return [
        to_candidate("condition", match, field.words, field.text, where)
        for match in matches
        if not is_denied(field.words, match.first) and not _narrowed(field.words, match)
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
