"""Holds the facts of a study file against the words that carry them, where a copy of those words is at hand.

A fact may rest on several excerpts, also of other papers (a number that a meta-analysis prints); so each is looked for
in the study's own text first and then in every text at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kg.errors import Problem
from kg.fingerprint import Fingerprint, Match, Outcome, Text, find, loose_tokens, numbers_in
from kg.model import Excerpt, Fact, Study

__all__ = ["ExcerptCheck", "check_study", "excerpt_problems"]


@dataclass(frozen=True, slots=True)
class ExcerptCheck:
    """What came of looking for one excerpt of one fact."""

    study: str
    place: str  # where the fact stands in its file, as field.position
    fact: Fact
    excerpt: Excerpt
    match: Match

    @property
    def found(self) -> bool:
        """Say whether the words stand in a text at hand."""
        return self.match.outcome in (Outcome.VERIFIED, Outcome.TYPOGRAPHY)


def _found_in(excerpt: Excerpt, texts: Iterable[Text]) -> Match:
    mark = Fingerprint(excerpt.tokens, excerpt.exact, excerpt.loose_tokens, excerpt.loose)
    best = Match(Outcome.NO_TEXT)
    for text in texts:
        match = find(mark, text)
        if match.outcome in (Outcome.VERIFIED, Outcome.TYPOGRAPHY):
            return match
        best = match
    return best


def check_study(study: Study, texts: Mapping[str, Text]) -> list[ExcerptCheck]:
    """Look for every excerpt of a study; without a text of the study itself the outcome is `NO_TEXT`."""
    own = texts.get(study.id)
    order = [own, *(text for name, text in texts.items() if name != study.id)] if own else []
    return [
        ExcerptCheck(study.id, place, fact, excerpt, _found_in(excerpt, order))
        for place, fact in study.facts()
        for excerpt in fact.excerpts
    ]


def _plain(number: str) -> str:
    """Give a number in one spelling: 2.30 is 2.3, and a sign does not count, since prints lose it."""
    try:
        return format(abs(Decimal(number.replace(",", "."))).normalize(), "f")
    except InvalidOperation:
        return number


def _fact_problems(where: str, fact: Fact, words: list[str]) -> list[Problem]:
    printed = {_plain(number) for each in words for number in numbers_in(each)}
    lost = {field for field, number in fact.numbers() if _plain(number) not in printed}
    problems = [
        Problem(
            "number", where, f"the number of '{field}' does not stand in the quoted words; they have: {_listed(words)}"
        )
        for field in sorted(lost - set(fact.not_in_excerpt))
    ]
    problems += [
        Problem("number", where, f"not_in_excerpt names '{field}', but no number of that field is missing")
        for field in sorted(set(fact.not_in_excerpt) - lost)
    ]
    notation = getattr(fact, "notation", None)
    spelled = [f" {' '.join(loose_tokens(each))} " for each in words]
    if notation and not any(f" {' '.join(loose_tokens(notation))} " in each for each in spelled):
        problems.append(Problem("number", where, f"the notation {notation!r} does not stand in the quoted words"))
    return problems


def _listed(words: list[str]) -> str:
    return ", ".join(number for each in words for number in numbers_in(each)) or "none"


def excerpt_problems(checks: Iterable[ExcerptCheck]) -> list[Problem]:
    """Give lost excerpts, numbers that the words lack, and exceptions that excuse nothing; `where` is the field."""
    problems: list[Problem] = []
    by_fact: dict[str, list[ExcerptCheck]] = {}
    for check in checks:
        by_fact.setdefault(check.place, []).append(check)
    for where, each in by_fact.items():
        for check in each:
            if check.match.outcome is Outcome.NOT_FOUND:
                problems.append(
                    Problem("fingerprint", where, f"excerpt of {check.excerpt.page} found in no text at hand")
                )
        if all(check.found for check in each):
            problems += _fact_problems(where, each[0].fact, [check.match.words for check in each])
    return problems
