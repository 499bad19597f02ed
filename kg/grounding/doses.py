"""Doses of cells in a text of a registry: amount, unit, basis, how often. Nothing is guessed.

Registries lose superscripts ("2x106/kg"), write 10E7 for ten to the seventh, and put words, brackets and ranges in
every order. What a notation leaves open stays None or is told in `ambiguous`. `kg.curation.doses` reads one notation
that a person picked; here the notations are searched for in running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from kg.grounding.dose_patterns import (
    A_UNIT,
    AMOUNT,
    APART,
    BEFORE_INFUSION,
    BEFORE_PATIENT,
    CELLISH,
    DILUENT_AFTER,
    DILUENT_BEFORE,
    EVERY,
    GIVEN_BEFORE,
    INFUSION,
    KG,
    LISTED,
    MADE_OF,
    NOT_CELLS,
    OPERATORS,
    PATIENT,
    PER_TEN,
    REPEAT,
    SHORT,
    SMALL,
    SUPERSCRIPT,
    UNITS,
    VOLUME,
    WORDS,
)

__all__ = ["CONCENTRATIONS", "GroundedDose", "read_doses"]


#: Units that say how dense a suspension or how thick a layer is: none of the product's whole amount.
CONCENTRATIONS = ("cells/mL", "cells/cm2", "cells/cm3")


@dataclass(frozen=True, slots=True)
class GroundedDose:
    """One dose as a record tells it."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    operator: str  # "", ">=", "<=", ">", "<", "about"
    unit: str  # "cells", "TNC", "MNC", "CD34+ cells", "mL", "cells/mL", "cells/cm2", "cells/cm3", "vesicles" ...
    basis: str  # "per kg", "per infusion", "per patient"; "" is not stated
    times: int | None = None
    every: str = ""  # as read: "2 weeks"
    notation: str = ""  # as read
    ambiguous: str = ""
    where: str = ""


def _decimal(text: str) -> Decimal:
    if text.casefold() in SMALL:
        return Decimal(SMALL[text.casefold()])
    if re.fullmatch(r"\d{1,3}(?:[, ]\d{3})+", text):
        return Decimal(text.replace(",", "").replace(" ", ""))
    return Decimal(text.replace(",", ".").replace(" ", ""))


def _plain(number: Decimal) -> Decimal:
    """Give a number without an exponent and without decimals that say nothing."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _exponent(groups: dict[str, str | None], name: str) -> tuple[int, str]:
    for kind in "cdbqswlp":
        text = groups.get(f"{kind}{name}")
        if text:
            return int(text.translate(SUPERSCRIPT)), kind
    return 0, ""


def _amounts(match: re.Match[str]) -> tuple[Decimal, Decimal | None, str] | None:
    """Give the one or two numbers of a notation, and what it leaves open."""
    groups = match.groupdict()
    if groups["second"]:
        first_power, second_power = _exponent(groups, "1")[0], _exponent(groups, "2")[0]
        return _decimal(match["first"]) * 10**first_power, _decimal(match["second"]) * 10**second_power, ""
    if groups["low"]:
        power, _ = _exponent(groups, "3")
        low = _decimal(match["low"])
        if power > 12 or power == 0:
            return None
        high = _decimal(match["high"]) * 10**power if groups["high"] else None
        return low * 10**power, high, ""
    if groups["onemillion"]:
        return _decimal(match["onemillion"]) * 1_000_000, None, ""
    if groups["e"]:
        power = int(match["eexp"])
        mantissa = _decimal(match["e"])
        if mantissa == 10:
            return Decimal(10) ** power, None, f"'{match[0].strip()}' may be 10^{power} or 10 × 10^{power}"
        high = _decimal(match["e2"]) * 10 ** int(match["eexp2"]) if groups["e2"] else None
        return mantissa * 10**power, high, ""
    if groups["m1"]:
        low, high = (
            _decimal(match[m]) * 10 ** WORDS[match[s].casefold()] for m, s in (("m1", "scale1"), ("m2", "scale2"))
        )
        return low, high, ""
    if groups["wlow"]:
        scale = 10 ** (WORDS[match["word"].casefold()] if groups["word"] else 6)
        high = _decimal(match["whigh"]) * scale if groups["whigh"] else None
        return _decimal(match["wlow"]) * scale, high, ""
    if groups["plain"]:
        return _decimal(match["plain"]), _decimal(match["plain2"]) if groups["plain2"] else None, ""
    power, kind = _exponent(groups, "4")
    if not 4 <= power <= 12:
        return None
    open_question = ""
    if kind == "l":
        open_question = f"'{match[0].strip()}' may be 10^{power} or the number 10{power}"
    second, _ = _exponent(groups, "5")
    return Decimal(10) ** power, Decimal(10) ** second if second else None, open_question


def _unit(before: str, after: str) -> str:
    near = re.split(r"[.;\n]\s|\band\b", after[:70])[0]
    for pattern, word in UNITS[:-1]:
        if re.search(pattern, near[:45], re.IGNORECASE if word != "TNC" else 0):
            return word
    if re.search(r"^\s*(?:\w+\s){0,3}(?:cells?)?\s*(?:/|per)\s*(?:1\s?)?(?:m[lL]\b|ML\b|cc\b|millilit)", near):
        return "cells/mL"
    if re.search(r"^\s*(?:\w+\s){0,3}(?:cells?)?\s*(?:/|per)\s*(?:1\s?)?(?:cubic\s(?:cm|cent)|cm\s?\^?\s?[3³])", near):
        return "cells/cm3"
    if re.search(r"(?:/|per)\s*(?:linear\s)?(?:square\s)?(?:cm\s?\^?\s?[2²]|cm2|sq)", near):
        return "cells/cm2"
    for pattern, word in UNITS[:-1]:
        if re.search(rf"(?:{pattern})[^.;\n]{{0,14}}$", before, re.IGNORECASE if word != "TNC" else 0):
            return word
    return "cells"


def _operator(before: str) -> str:
    return next((sign for pattern, sign in OPERATORS if re.search(pattern, before[-34:], re.IGNORECASE)), "")


def _basis(before: str, after: str) -> str:
    if re.match(
        r"^\s*(?:\w+[\s-]){0,4}?(?:cells?\s*)?\(?(?:\w+\)?\s*)?\s*(?:/|per)\s*(?:kg|kilo)", after, re.IGNORECASE
    ):
        return "per kg"
    clause = re.split(r"\bor\b|,\s(?=\d)|\d\s*[x×*]\s*10", after)[0]
    found = [
        (match.end(), basis)
        for pattern, basis in ((KG, "per kg"), (INFUSION, "per infusion"), (PATIENT, "per patient"))
        if (match := pattern.match(clause))
    ]
    if found:
        return "per kg" if any(basis == "per kg" for _, basis in found) else min(found)[1]
    if re.search(r"(?:/kg|per kg|per kilogram)[^.;\n]{0,25}$", before, re.IGNORECASE):
        return "per kg"
    if BEFORE_PATIENT.search(before[-70:]):
        return "per patient"
    if BEFORE_INFUSION.search(before[-70:]):
        return "per infusion"
    return ""


def _repeats(after: str) -> tuple[int | None, str]:
    sentence = re.split(r"[.;\n](?:\s|$)", after[:160])[0]
    times = None
    match = REPEAT.match(sentence)
    if match:
        text = match["word"] or match["x"] or match["n"]
        times = SMALL.get(text.casefold()) or (int(text) if text.isdigit() else None)
    every = ""
    match = EVERY.search(sentence)
    if match:
        every = next(text for text in match.groups() if text)
    return times, every


def _cell_dose(text: str, match: re.Match[str], where: str) -> list[GroundedDose]:
    amounts = _amounts(match)
    before, after = text[max(0, match.start() - 110) : match.start()], text[match.end() : match.end() + 160]
    if amounts is None or NOT_CELLS.match(after) or MADE_OF.search(before) or A_UNIT.match(after):
        return []
    low, high, open_question = amounts
    if high is not None and high < low:
        return []
    if PER_TEN.match(after):
        low, high = low / 10, None if high is None else high / 10
    weak = bool(match.groupdict()["plain"]) or bool(match.groupdict()["wlow"]) or open_question.endswith("number 10")
    bare = match.groupdict()["plain"] or (open_question and "number" in open_question)
    close = re.split(r"[.;\n]\s", after[:60])[0]
    if bare and not re.match(
        r"^\s*(?:\w+[\s-]){0,3}?(?:\w*cells?\b|\w*MSCs?|/\s?kg|per kg|\w*MNC|\w*TNC|CD34)", close, re.IGNORECASE
    ):
        return []
    if weak and not (CELLISH.search(close) or re.search(r"/\s?kg|per k|(?:/|per)\s?(?:square\s)?cm", close) or (
        re.search(r"(?:cells?|dose|MSCs?|dosage)[^.;\n]{0,40}$", before, re.IGNORECASE))):  # fmt: skip
        return []
    if not weak and not (
        CELLISH.search(before + close)
        or CELLISH.search(text)
        or re.match(r"\s*/\s?kg|\s*per kg", close)
        or len(text) < SHORT
    ):
        return []
    if low < 1000:
        return []
    unit = _unit(before, after)
    basis = _basis(before, after) if unit not in CONCENTRATIONS else ""
    if PER_TEN.match(after):
        basis = "per kg"
    times, every = _repeats(after)
    ranged = high is not None and high != low
    if ranged and high is not None and APART.search(match[0]):
        return [
            GroundedDose(
                _plain(one),
                None,
                None,
                _operator(before),
                unit,
                basis,
                times,
                every,
                match[0].strip(),
                open_question,
                where,
            )
            for one in (low, high)
        ]
    return [
        GroundedDose(
            None if ranged else _plain(low),
            _plain(low) if ranged else None,
            _plain(high) if ranged and high is not None else None,
            _operator(before),
            unit,
            basis,
            times,
            every,
            match[0].strip(),
            open_question,
            where,
        )
    ]


def _volumes(text: str, where: str) -> Iterator[GroundedDose]:
    for match in VOLUME.finditer(text):
        if re.search(r"(?:/|per)\s*$", text[max(0, match.start() - 5) : match.start()]):
            continue
        after = text[match.end() : match.end() + 60]
        before = text[max(0, match.start() - 40) : match.start()]
        if DILUENT_BEFORE.search(before) or (DILUENT_AFTER.match(after) and not GIVEN_BEFORE.search(before)):
            continue
        low, high = _decimal(match["vlow"]), _decimal(match["vhigh"]) if match["vhigh"] else None
        ranged = high is not None and high > low
        before = text[max(0, match.start() - 60) : match.start()]
        basis = "per kg" if re.match(r"\s*(?:/|per)\s*kg", after, re.IGNORECASE) else ""
        yield GroundedDose(
            None if ranged else _plain(low),
            _plain(low) if ranged else None,
            _plain(high) if ranged and high is not None else None,
            _operator(before),
            "mL",
            basis,
            None,
            "",
            match[0].strip(),
            "",
            where,
        )


def _shared(text: str, found: list[tuple[int, GroundedDose]], ends: dict[int, int]) -> list[tuple[int, GroundedDose]]:
    """Give the doses of a list the basis and the unit that stand behind its last: "1x10^6 and 5x10^6 cells/kg"."""
    shared = list(found)
    for place in range(len(shared) - 2, -1, -1):
        (start, dose), (next_start, next_dose) = shared[place], shared[place + 1]
        between = text[ends[start] : next_start]
        if (
            not dose.basis
            and next_dose.basis
            and next_dose.unit not in CONCENTRATIONS
            and (start == next_start or LISTED.fullmatch(between))
        ):
            unit = next_dose.unit if dose.unit == "cells" else dose.unit
            shared[place] = (start, replace(dose, basis=next_dose.basis, unit=unit))
    return shared


def read_doses(text: str, where: str = "") -> list[GroundedDose]:
    """Give the doses of a text in order; volumes are doses of their own, in mL.

    >>> [(str(d.value), d.basis) for d in read_doses("2x106 cells/kg")]
    [('2000000', 'per kg')]
    >>> [(str(d.low), str(d.high), d.unit) for d in read_doses("100-300 million MSCs; 10 mL of cells")]
    [('100000000', '300000000', 'cells'), ('None', 'None', 'mL')]
    >>> read_doses("about 2 million people suffer a stroke")
    []
    """
    found: list[tuple[int, GroundedDose]] = []
    ends: dict[int, int] = {}
    plain = text.replace("\\", "")  # the escapes of Markdown
    for match in AMOUNT.finditer(plain):
        found += [(match.start(), dose) for dose in _cell_dose(plain, match, where)]
        ends[match.start()] = match.end()
    found = _shared(plain, found, ends)
    for match_dose in _volumes(plain, where):
        found.append((plain.find(match_dose.notation), match_dose))
    return [dose for _, dose in sorted(found, key=lambda pair: pair[0])]
