"""Identifiers of papers as people print them, and the trial numbers that a paper names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.model.papers import RegistryMention
from kg.registries.numbers import find_numbers

__all__ = ["plain_doi", "plain_pmcid", "plain_pmid", "trial_numbers"]

#: The heading under which a paper tells its own registration: "Trial registration number", "2.1. Study registration".
_REGISTRATION = re.compile(r"[\W\d]*(?:clinical\s+)?(?:trials?|study|studies)?\s*regist(?:ration|ry)\b", re.IGNORECASE)
#: Registers whose numbers are so short that other words of a text look like them.
_SHORT_NUMBERS = frozenset({"NTR", "REPEC"})


def plain_doi(text: str) -> str:
    """Give a DOI without an address before it, as printed else; "" where the text is none.

    >>> plain_doi("https://doi.org/10.1186/s13287-019-1545-x"), plain_doi("none")
    ('10.1186/s13287-019-1545-x', '')
    """
    found = re.fullmatch(
        r"(?:https?://(?:dx\.)?doi\.org/|doi:)?\s*(10\.[0-9]{4,9}/[^\s<>\"]+)", text.strip(), re.IGNORECASE
    )
    return found.group(1) if found else ""


def plain_pmid(text: str) -> str:
    """Give a PMID in its digits; "" where the text is none.

    >>> plain_pmid("PMID: 34362453"), plain_pmid("PMC8343813")
    ('34362453', '')
    """
    found = re.fullmatch(r"(?:PMID)?\s*:?\s*([1-9][0-9]{0,8})", text.strip(), re.IGNORECASE | re.ASCII)
    return found.group(1) if found else ""


def plain_pmcid(text: str) -> str:
    """Give a PMCID with its letters, without a version; "" where the text is none.

    >>> plain_pmcid("3166277"), plain_pmcid("PMC8343813.1")
    ('PMC3166277', 'PMC8343813')
    """
    found = re.fullmatch(r"(?:PMC)?([1-9][0-9]{0,8})(?:\.[0-9]+)?", text.strip(), re.IGNORECASE | re.ASCII)
    return f"PMC{found.group(1)}" if found else ""


def trial_numbers(
    title: str, abstract: Iterable[tuple[str, str]], body: Iterable[tuple[str, str]], banks: Iterable[str] = ()
) -> tuple[RegistryMention, ...]:
    """Give the trial numbers of a paper with the first place where each was seen, the declared ones first.

    A number is declared where the record lists it among its data banks, or where it stands in a section that is called
    registration. Anywhere else it may be the number of somebody else's trial.

    >>> trial_numbers("", [("Trial registration", "NCT04314687")], [("Discussion", "unlike NCT01193660")])[1]
    RegistryMention(number='NCT01193660', registry='ClinicalTrials.gov', where='body: Discussion', declared=False)
    """
    seen: dict[str, RegistryMention] = {}
    for mention in sorted(_mentions(title, abstract, body, banks), key=lambda mention: not mention.declared):
        seen.setdefault(mention.number, mention)
    return tuple(seen.values())


def _mentions(
    title: str, abstract: Iterable[tuple[str, str]], body: Iterable[tuple[str, str]], banks: Iterable[str]
) -> Iterator[RegistryMention]:
    places = [("DataBankList", text, True) for text in banks]
    places += [("title", title, False)]
    for part, sections in (("abstract", abstract), ("body", body)):
        for heading, text in sections:
            declared = bool(_REGISTRATION.match(heading.rpartition(" / ")[2]))
            places.append((f"{part}: {heading}" if heading else part, text, declared))
    for where, text, declared in places:
        for registry, number in find_numbers(text):
            if registry in _SHORT_NUMBERS and not declared:
                continue
            yield RegistryMention(number, registry, where, declared)
