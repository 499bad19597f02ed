"""Registry numbers in running text: whose they are, and in the spelling of their registry.

Knows how numbers look, never whether they exist. That two numbers name one trial is nobody's business here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["canonical_number", "find_numbers", "registry_of"]


@dataclass(frozen=True, slots=True)
class _Form:
    """How the numbers of a register look, and how it spells them; letter case does not count unless a part says so."""

    registry: str
    pattern: str
    spelling: str
    lower: bool = False  # whether the register writes its letters small


#: What may stand between letters and digits where people typed them: "NCT 01234567", "NCT: ...", "ISRCTN-...".
_GAP = r"[ \t\u00a0]?[-:#]?[ \t\u00a0]?"
_NOT_INSIDE = r"(?<![0-9]-)"  # a number of digits and dashes must not be the end of a longer one

#: A EudraCT number loses the member state that records add (one trial has a record for each), and what the WHO's portal
#: puts in front ("EUCTR2016-004489-24-DE", "JPRN-UMIN000012345") is no part of a number. The second part of a CTIS
#: number begins with 5, which no EudraCT number's does.
_FORMS = (
    _Form("ACTRN", rf"ACTRN{_GAP}([0-9]{{14}})", "ACTRN{}"),
    _Form("CRIS", rf"KCT{_GAP}([0-9]{{7}})", "KCT{}"),
    _Form(
        "CTIS", rf"(?:EUCTR|EU ?CT|CTIS)?[ -]?{_NOT_INSIDE}(20[0-9]{{2}}-5[0-9]{{5}}-[0-9]{{2}}(?:-[0-9]{{2}})?)", "{}"
    ),
    _Form("CTRI", r"(CTRI/[0-9]{4}/[0-9]{2,3}/[0-9]{6})", "{}"),
    _Form("ChiCTR", r"ChiCTR[ -]?([0-9]{10})", "ChiCTR{}"),
    _Form("ChiCTR", r"ChiCTR[ -]?([A-Z]{2,6})[ -]?([0-9]{8})", "ChiCTR-{}-{}"),
    _Form("ClinicalTrials.gov", rf"NCT{_GAP}([0-9]{{8}})", "NCT{}"),
    _Form("DRKS", rf"DRKS{_GAP}([0-9]{{8}})", "DRKS{}"),
    _Form(
        "EU CTR",
        rf"(?:EUCTR|EudraCT)?[ -]?{_NOT_INSIDE}(20[0-9]{{2}}-[0-46-9][0-9]{{5}}-[0-9]{{2}})"
        r"(?:-(?:(?-i:[A-Z]{2})|3rd|Outside-EU/EEA)(?![A-Za-z]))?",
        "{}",
    ),
    _Form("IRCT", rf"IRCT{_GAP}([0-9]{{8,14}}N[0-9]{{1,4}})", "IRCT{}"),
    _Form("ISRCTN", rf"ISRCTN{_GAP}([0-9]{{8}})", "ISRCTN{}"),
    _Form("ITMCTR", r"ITMCTR([0-9]{10})", "ITMCTR{}"),
    _Form("JMACCT", r"(?:JPRN-)?JMA-?IIA([0-9]{5})", "JMA-IIA{}"),
    _Form("JapicCTI", rf"(?:JPRN-)?JapicCTI{_GAP}([0-9]{{6}})", "JapicCTI-{}"),
    _Form("LBCTR", r"LBCTR([0-9]{10})", "LBCTR{}"),
    _Form("NTR", r"(?-i:NTR)[ -]?([0-9]{2,4})", "NTR{}"),
    _Form("NTR", r"(?-i:NL)([0-9]{3,5})(?!\.[0-9])", "NL{}"),  # NL12345.041.09 is the ethics committees' number
    _Form("NTR", r"(?-i:NL-OMON)([0-9]{3,6})", "NL-OMON{}"),
    _Form("PACTR", rf"PACTR{_GAP}([0-9]{{15,16}})", "PACTR{}"),
    _Form("REBEC", r"RBR-([1-9][0-9a-z]{5,8})(?![a-z])", "RBR-{}", lower=True),
    _Form("REPEC", r"(?-i:(PER-[0-9]{3}-[0-9]{2}))", "{}"),
    _Form("RPCEC", rf"RPCEC{_GAP}([0-9]{{8}})", "RPCEC{}"),
    _Form("SLCTR", r"(SLCTR/[0-9]{4}/[0-9]{3})", "{}"),
    _Form("TCTR", r"TCTR([0-9]{11})", "TCTR{}"),
    _Form("UMIN-CTR", rf"(?:JPRN-)?UMIN{_GAP}([0-9]{{9}})", "UMIN{}"),
    _Form("UTN", r"(U1111-[0-9]{4}-[0-9]{4})", "{}"),
    _Form("jRCT", r"(?:JPRN-)?jRCT([a-z]?[0-9]{9,10})", "jRCT{}", lower=True),
)

#: A number begins after what is no letter or digit, or after a small letter before a capital: "identifierNCT01234567".
_START = r"(?:(?<![0-9A-Za-z])|(?-i:(?<=[a-z])(?=[A-Z])))"
_PATTERNS = [(form, re.compile(f"{_START}{form.pattern}(?![0-9])", re.ASCII | re.IGNORECASE)) for form in _FORMS]
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


def _spell(form: _Form, found: re.Match[str]) -> str:
    return form.spelling.format(*(part.lower() if form.lower else part.upper() for part in found.groups()))


def find_numbers(text: str) -> tuple[tuple[str, str], ...]:
    """Give the registry numbers of a text as (registry, number), in the order of the text, each once.

    >>> find_numbers("NCT 04314687; EUCTR2016-004489-24-DE, UTN U1111-1179-9253")
    (('ClinicalTrials.gov', 'NCT04314687'), ('EU CTR', '2016-004489-24'), ('UTN', 'U1111-1179-9253'))
    """
    plain = text.translate(_DASHES)
    places = [(found.start(1), form, found) for form, pattern in _PATTERNS for found in pattern.finditer(plain)]
    places.sort(key=lambda place: place[0])
    return tuple(dict.fromkeys((form.registry, _spell(form, found)) for _, form, found in places))


def canonical_number(text: str) -> str:
    """Give a number as its registry spells it, or "" where the text is not one registry number and nothing else.

    >>> canonical_number("chictr-trc-12345678"), canonical_number("see NCT04314687")
    ('ChiCTR-TRC-12345678', '')
    """
    return _whole(text)[1]


def registry_of(number: str) -> str:
    """Give the registry that a number belongs to, or "" where it is not one registry number and nothing else.

    >>> registry_of("2022-500244-37-00"), registry_of("NU391")
    ('CTIS', '')
    """
    return _whole(number)[0]


def _whole(text: str) -> tuple[str, str]:
    plain = text.strip().translate(_DASHES)
    for form, pattern in _PATTERNS:
        if found := pattern.fullmatch(plain):
            return form.registry, _spell(form, found)
    return "", ""
