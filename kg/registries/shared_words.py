"""What the registries beside ClinicalTrials.gov have in common: how they print phases, ages, dates and numbers.

Each function notes what it cannot read at the part that it was asked for.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from kg.model.trials import Age, Date, Eligibility, Trial
from kg.registries.ctgov_words import WORDS, read_age, word
from kg.registries.dates import Order, read_date, why_no_date
from kg.registries.numbers import canonical_number, find_numbers
from kg.registries.parts import Notes, show

__all__ = [
    "note_age",
    "note_date",
    "note_word",
    "once",
    "one_line",
    "other_names",
    "plain_text",
    "read_age_or_number",
    "read_phases",
    "with_missing",
]

_BREAK = re.compile(r"</?(?:br|p|div|li|ul|ol)\s*/?>", re.IGNORECASE)  # other "<" are comparisons
_PHASES = {
    **{"0": "EARLY_PHASE1", "EARLY 1": "EARLY_PHASE1"},
    **{arabic: f"PHASE{arabic}" for arabic in "1234"},
    **dict(zip(("I", "II", "III", "IV"), ("PHASE1", "PHASE2", "PHASE3", "PHASE4"), strict=True)),
}
_PHASE = re.compile(r"(EARLY )?(?:PHASE )?(0|1|2|3|4|IV|I{1,3})[ABC]?")
_NOT_APPLICABLE = frozenset(["N/A", "NA", "NOT APPLICABLE"])
_NOT_SAID = frozenset(["", "NOT SPECIFIED", "NOT SELECTED"])
_NO_LIMIT = frozenset(["", "N/A", "NA", "NO LIMIT", "NONE", "NO MINIMUM", "NO MAXIMUM"])

#: What a record usually has.
_USUAL = (
    *("arms", "conditions", "countries", "eligibility", "enrolment", "interventions", "outcomes", "phases", "sponsor"),
    *("start", "status", "summary", "title"),
)
_EMPTY = ("", None, (), Eligibility())


def plain_text(text: str) -> str:
    """Give a text without the marks of HTML and without padding, one line for each of its lines.

    >>> plain_text("Age &lt;18; <br>ALT <5 x ULN      <br><br>")
    'Age <18;\\nALT <5 x ULN'
    """
    lines = _BREAK.sub("\n", html.unescape(text)).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def one_line(text: str) -> str:
    """Give a text without marks and padding, on one line."""
    return " ".join(plain_text(text).split())


def once(texts: Iterable[str]) -> tuple[str, ...]:
    """Give the texts that are there, each once, in their order."""
    return tuple(dict.fromkeys(text for text in texts if text))


def read_phases(text: str) -> tuple[str, ...] | None:
    """Give phases in the words of API v2, () where none is said, None where it is no phase.

    >>> read_phases("Phase 1/Phase 2"), read_phases("Therapeutic exploratory (Phase II)"), read_phases("0")
    (('PHASE1', 'PHASE2'), ('PHASE2',), ('EARLY_PHASE1',))
    >>> read_phases("Human pharmacology (Phase I): no\\nTherapeutic exploratory (Phase II): yes"), read_phases("Others")
    (('PHASE2',), None)
    """
    plain = " ".join(text.upper().split())
    if plain in _NOT_SAID:
        return ()
    if plain in _NOT_APPLICABLE:
        return ("NA",)
    if answers := re.findall(r"\(PHASE (IV|I{1,3})\) ?: ?(YES|NO)\b", plain):
        return once(_PHASES[phase] for phase, answer in answers if answer == "YES")
    if named := re.findall(r"\bPHASE (IV|I{1,3})\b", plain):
        if re.search(r"[^\w\s()/,&;.-]|\bPHASE [0-9]", plain):
            return None
        return once(_PHASES[phase] for phase in named) if "(PHASE" in plain or " AND PHASE" in plain else _joined(plain)
    return _joined(plain)


def _joined(plain: str) -> tuple[str, ...] | None:
    """Read "PHASE 1/PHASE 2", "1-2", "I/II", "PHASE 2A"."""
    parts = [_PHASE.fullmatch(part.strip()) for part in re.split(r"[/,&+-]| AND | TO ", plain)]
    found = [_PHASES.get(f"{part[1] or ''}{part[2]}", "") for part in parts if part]
    return tuple(dict.fromkeys(found)) if len(found) == len(parts) and all(found) else None


def read_age_or_number(text: str) -> Age | None:
    """Give an age; a number without a unit is an age whose unit the record does not say.

    >>> read_age_or_number("18"), read_age_or_number("no limit")
    (Age(value=Decimal('18'), unit='', text='18'), None)
    """
    if re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,4})?", text.strip(), re.ASCII):
        return Age(Decimal(text.strip()), "", text.strip())
    return read_age(text)


def note_age(notes: Notes, part: str, text: str) -> Age | None:
    """Give an age, and note what is none."""
    age = read_age_or_number(text)
    if age is None and text.strip().upper() not in _NO_LIMIT:
        notes.add(part, f"found {show(text)}, expected a number and a unit: '10 Months'")
    return age


def note_date(notes: Notes, part: str, text: str, *, order: Order = "", kind: str = "") -> Date | None:
    """Give a date, and note what is none."""
    date = read_date(text, order=order, kind=kind) if text.strip() else None
    if text.strip() and date is None:
        notes.add(part, why_no_date(text, order=order))
    return date


def note_word(notes: Notes, part: str, text: str, enumeration: str, table: Mapping[str, str] | None = None) -> str:
    """Give the word of API v2 for one of a registry, and note one that has no equal.

    `table` holds the words of the registry in small letters; "" says that a word is known and has no equal.
    """
    small = " ".join(text.lower().split())
    if not small:
        return ""
    found = (table or {}).get(small, word(enumeration, text) if table is None else None)
    if not found:
        equal = "for which API v2 has no word" if found == "" else f"expected one of {', '.join(WORDS[enumeration])}"
        notes.add(part, f"found {show(text)}, {equal}")
    return found or ""


def other_names(texts: Iterable[str], number: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the numbers that a trial has in registers, and what else it is called.

    >>> other_names(["NCT01727609", "HTA 11/01/25", "EUCTR2016-004489-24-DE"], "2016-004489-24")
    (('NCT01727609',), ('HTA 11/01/25', 'EUCTR2016-004489-24-DE'))
    """
    numbers: list[str] = []
    others: list[str] = []
    for text in (one_line(each) for each in texts):
        found = [each for _, each in find_numbers(text)]
        numbers.extend(each for each in found if each != number)
        if canonical_number(text) not in numbers and text != number:
            others.append(text)
    return once(numbers), once(others)


def with_missing(trial: Trial, never: frozenset[str] = frozenset()) -> Trial:
    """Give a trial with the names of what a record usually has and this one has not.

    What a format cannot have is in `never`, for its absence is no news.
    """
    there = never | ({"enrolment"} if trial.enrolment_text else set())
    usual = (name for name in _USUAL if name not in there)
    return replace(trial, missing=tuple(name for name in usual if getattr(trial, name) in _EMPTY))
