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

__all__ = ["GroundedDose", "read_doses"]


@dataclass(frozen=True, slots=True)
class GroundedDose:
    """One dose as a record tells it."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    operator: str  # "", ">=", "<=", ">", "<", "about"
    unit: str  # "cells", "TNC", "MNC", "CD34+ cells", "mL", "cells/mL", "cells/cm2" ...
    basis: str  # "per kg", "per infusion", "per patient"; "" is not stated
    times: int | None = None
    every: str = ""  # as read: "2 weeks"
    notation: str = ""  # as read
    ambiguous: str = ""
    where: str = ""


_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NUMBER = r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:[.,]\d+)?"
_TIMES = r"(?:\s*(?:[x×X*·∙⋅хХ✕]|times)\s*|\.(?=10\s?\^))"
_DASH = r"\s*(?:-|–|—|−|~|to|and|or|/|through)\s*"
#: ten to a power: 10^7, 10(7), 10^(7), 10**7, 10⁷, 10E7, 10 exp 7, 10 7 (only before a unit), 107 (superscript lost)
_POWER = (
    r"10\s?(?:(?:\^|\*\*?|˄|\^\*|~|ˆ|'|exp\s?|e\+?|E\+?|\s?\^\s?)\s?\(?\{?\s?(?P<c%s>\d{1,2})\}?\)?"
    r"|/\s?(?P<d%s>[4-9])(?![\d.,]*\d)"
    r"|\(\s?(?P<b%s>\d{1,2})\s?\)|\[\s?(?P<q%s>\d{1,2})\s?\]"
    r"|(?P<s%s>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
    r"|(?P<l%s>[4-9])(?![\d.,]*\d)"
    r"|(?<=0)[ -](?P<w%s>[4-9])(?=\s*(?:[a-zA-Z]+\s){0,3}(?:/|cell|per|MSC|CD|TNC|MNC|nucle|viable|stem|mesen|autol|allo|hMSC))"
    r"|\s?(?:to the (?:power of )?)(?P<p%s>\d)(?:th)?)"
)


def _power(name: str) -> str:
    return _POWER % ((name,) * 8)


_WORDS = {"million": 6, "millions": 6, "billion": 9, "thousand": 3, "mio": 6, "millon": 6, "millones": 6, "milion": 6}
_SMALL = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twenty": 20,
          "once": 1, "twice": 2, "single": 1, "thrice": 3, "seven": 7, "nine": 9, "twelve": 12}  # fmt: skip
_SPELLED = "|".join(word for word in _SMALL if word not in ("once", "twice", "single", "thrice"))
_AMOUNT = re.compile(
    rf"(?<![\w.,^])(?P<first>{_NUMBER}){_TIMES}{_power('1')}(?:\s*(?:cells?)?{_DASH}(?P<second>{_NUMBER}){_TIMES}{_power('2')})"
    rf"|(?<![\w.,^])(?P<low>{_NUMBER})(?:\s?±\s?\d[\d.]*\s?\)?)?(?:{_DASH}(?P<high>{_NUMBER}))?{_TIMES}{_power('3')}"
    rf"|(?<![\w.,^])(?P<onemillion>{_NUMBER}){_TIMES}(?P<plainpower>1[,. ]?000[,. ]?000)(?!\d)"
    rf"|(?<![\w.,^])(?P<e>\d+(?:\.\d+)?)[eE]\+?0?(?P<eexp>[4-9]|1[0-2])(?:{_DASH}(?P<e2>\d+(?:\.\d+)?)[eE]\+?0?(?P<eexp2>[4-9]|1[0-2]))?\b"
    rf"|(?<![\w.,^])(?P<m1>{_NUMBER}|{_SPELLED})\s*(?P<scale1>million|billion)s?{_DASH}(?P<m2>{_NUMBER}|{_SPELLED})\s*(?P<scale2>million|billion)s?\b"
    rf"|(?<![\w.,^])(?P<wlow>{_NUMBER}|{_SPELLED})(?:\s*(?:millions?)?{_DASH}(?P<whigh>{_NUMBER}))?\s*-?(?:(?P<word>{'|'.join(_WORDS)})\b|(?P<m>M)(?=\s*(?:cells|MSC|hMSC)))"
    rf"|(?<![\w.,^/]){_power('4')}(?:{_DASH}{_power('5')})?"
    rf"|(?<![\w.,^])(?P<plain>\d{{1,3}}(?:[, ]000){{1,3}}|\d{{5,10}})(?:{_DASH}(?P<plain2>\d{{1,3}}(?:[, ]000){{1,3}}|\d{{5,10}}))?(?![\d,])",
)
_VOLUME = re.compile(
    rf"(?<![\w.,^])(?P<vlow>{_NUMBER})(?:\s*(?:m[lL])?{_DASH}(?P<vhigh>{_NUMBER}))?\s*-?(?:m[lL]|ML|cc|c\.c\.|millilit(?:er|re)s?)\b"
)
_UNITS = (
    (r"total nucleated|nucleated cells?|TNCs?\b|\bTNC", "TNC"),
    (r"mononuclear|MNCs?\b", "MNC"),
    (r"CD\s?34", "CD34+ cells"),
    (r"CD\s?133", "CD133+ cells"),
    (r"cells?\b|MSC|stem|ASCs?\b|UCMSC|Treg|hMSC|stromal|MAPC|BMSC|celss|progenitor|blasts?\b|cytes?\b", "cells"),
)
_NOT_CELLS = re.compile(
    r"^\s*(?:international units?|units?\b(?!\s(?:of\s)?(?:\w+[\s-]){0,3}(?:cell|umbil|MSC))|IU\b|U\b|U/|copies|dollars|people|persons|individuals|americans|cases|"
    r"children|adults|patients? (?:in|world|with|suffer|are)|new|deaths|viral|particles|vp\b|pfu|cfu|platelets|years|"
    r"births|women|men\b|euros?|/ ?[lL]\b|/ ?L\b|per lit|/ ?u[lL]|/ ?µ|[µu]g|mg|gy\b|g\b|platelet|"
    r"live births|globally|worldwide|visits|annually|annual|wbc|leukocytes per|daltons)",
    re.IGNORECASE,
)
_KG = re.compile(
    r"^[^.;\n]{0,48}?(?:(?:/|per|every|each|by)\s*(?:1\s*)?(?:kg|kilo|body\s?weight|receptor)|[·.\s*x]?kg\s?-\s?1|kg\^?-1|"
    r"of body weight|per\s(?:recipient|patient)\s(?:body\s)?weight|a kilogram|body weight|\(kg\)|kg body|/\s?recipient|"
    r"bodyweight|\s[Kk]g\s?(?:BW|bw|b\.w|bodyweight))",
    re.IGNORECASE,
)
_INFUSION = re.compile(
    r"^[^.;\n]{0,60}?(?:(?:/|per|each|every)\s*(?:single\s)?(?:infusion|injection|dose|administration|time|knee|site|eye|"
    r"session|treatment|application|implantation|transfusion|ear|joint|disc|visit|intervention|procedure|course|cycle|"
    r"transplantation|delivery|vial|shot|hip|lesion|fistula|tract|ovary|hemisphere|side|leg|limb|sheet|lobe|dosing)\b"
    r"|each time|at a time|a time\b|every time)",
    re.IGNORECASE,
)
_PATIENT = re.compile(
    r"^[^.;\n]{0,60}?(?:(?:/|per|each|every)\s*(?:patient|subject|person|child|participant|individual|case|brain|adult|"
    r"recipient)\b|in total\b|total dose|as a total|totally|altogether)",
    re.IGNORECASE,
)
_BEFORE_INFUSION = re.compile(
    r"(?:each (?:injection|infusion|dose|time|administration)|every (?:injection|infusion|time)|per (?:injection|infusion|"
    r"dose|time)|each (?:of|knee|treatment)|individual dose|single (?:\w+ ){0,2}(?:dose|infusion|injection|administration) of|"
    r"one dose of|one injection of|one infusion of|\d (?:infusions|injections|doses) of|(?:infusions|injections|doses) of)[^.;\n]{0,40}$",
    re.IGNORECASE,
)
_BEFORE_PATIENT = re.compile(
    r"(?:total (?:dose|number|of|amount|cell|quantity)|in total|total dosage|cumulative|overall dose)[^.;\n]{0,40}$",
    re.IGNORECASE,
)
_OPERATORS = (
    (r"(?:≥|>\s?=|>=|=>|\bat least|\bno less than|\bnot less than|\bminimum(?: dose)?(?: of)?|\bminimal(?: dose)? of|\bequal to or "
     r"(?:more|greater) than|⩾|≧)\s*(?:of\s)?$", ">="),
    (r"(?:≤|<\s?=|<=|=<|\bat most|\bup to(?: a (?:maximum|total)(?: of)?)?|\bno more than|\bnot more than|\bmaximum(?: dose)?(?: of)?|"
     r"\bmaximal(?: dose)? of|not exceed(?:ing)?|⩽|≦|\bmax\.?)\s*(?:of\s)?$", "<="),
    (r"(?:>|\bmore than|\babove|\bgreater than|\bover|\bexceeding)\s*$", ">"),
    (r"(?:<|\bless than|\bbelow|\bunder)\s*$", "<"),
    (r"(?:~|≈|±|\babout|\bapproximately|\bapprox\.?|\baround|\bnearly|∼|\bca\.?)\s*(?:of\s)?$", "about"),
)  # fmt: skip
_REPEAT = re.compile(
    rf"^[^.;\n]{{0,70}}?(?:\b(?P<word>once|twice|thrice)\b|(?:[x×]\s?(?P<x>[1-9]|1[1-9]|2\d)\b(?!\s*10)(?!\d)(?!\s?\^))"
    rf"|\b(?P<n>\d{{1,2}}|{_SPELLED}|single)\s(?:consecutive\s|separate\s|total\s|repeated\s|weekly\s|monthly\s|intravenous\s|intrathecal\s)?"
    rf"(?:times|doses?|infusions?|injections?|administrations?|treatments?|transplantations?|courses?|cycles?)\b)",
    re.IGNORECASE,
)
_EVERY = re.compile(
    rf"(?:\bevery\s(?P<every>(?:(?:\d{{1,3}}|{_SPELLED}|other)\s)?(?:days?|weeks?|months?|years?))"
    rf"|\b(?P<adverb>weekly|monthly|daily|biweekly|bimonthly|quarterly)\b"
    rf"|(?:interval|intervals) (?:of|is|was|between \w+ (?:is|was))\s(?P<interval>(?:\d{{1,3}}|{_SPELLED})\s(?:days?|weeks?|months?))"
    rf"|(?P<interval2>(?:\d{{1,3}}|{_SPELLED})[ -](?:day|week|month)s?)[ -]intervals?|(?P<interval3>\d{{1,3}} (?:days?|weeks?|months?)) apart"
    rf"|once (?:a|per|every) (?P<once>day|week|month))",
    re.IGNORECASE,
)
#: Two amounts joined by these are two doses, not the ends of one.
_APART = re.compile(r"\d\s*(?:millions?|billions?)?\s*(?:\bor\b|\band\b|/)\s*\d")
_LISTED = re.compile(
    r"\s*(?:cells?|MSCs?|hMSCs?|million)?\s*(?:,|;|/|\band\b|\bor\b|,\s*and|,\s*or|\bversus\b|\bvs\.?)\s*",
    re.IGNORECASE,
)
#: A text as short as this is a notation of a dose and nothing else.
_SHORT = 40
_CELLISH = re.compile(r"cell|MSC|TNC|MNC|stem|CD34|CD133|ASC|dose|marrow|stromal|UCMSC|SVF", re.IGNORECASE)


#: A volume that is not of the product: what cells are suspended in, what is taken, what is flushed.
_DILUENT_BEFORE = re.compile(
    r"(?:(?:in|into|with|per|to a (?:total )?volume of)\s(?:a\s)?(?:total\s|final\s)?(?:volume\s)?(?:of\s)?(?:about\s|approximately\s)?"
    r"|(?:aspirat|withdraw|collect|harvest|taken|draw|dilut|suspen|dissol)\w*\s(?:\w+\s){0,2})$",
    re.IGNORECASE,
)
_GIVEN_BEFORE = re.compile(
    r"(?:inject\w*|applicat\w*|infus\w*|implant\w*|administ\w*)\s(?:of\s)?(?:about\s)?$", re.IGNORECASE
)
_DILUENT_AFTER = re.compile(
    r"\s*(?:of\s)?(?:(?:normal|sterile|physiological|0\.9%|isotonic|bone|venous|peripheral|heparin\w*|autologous)\s)*"
    r"(?:saline|solution|albumin|plasma|serum|glucose|dextrose|marrow|blood|lipoaspirate|fat|adipose|ringer|heparin|"
    r"aspirate|NaCl|water|buffer|PBS|syringe|placebo|vehicle|lidocaine|buminate|hyaluron)",
    re.IGNORECASE,
)


def _decimal(text: str) -> Decimal:
    if text.casefold() in _SMALL:
        return Decimal(_SMALL[text.casefold()])
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
            return int(text.translate(_SUPERSCRIPT)), kind
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
            _decimal(match[m]) * 10 ** _WORDS[match[s].casefold()] for m, s in (("m1", "scale1"), ("m2", "scale2"))
        )
        return low, high, ""
    if groups["wlow"]:
        scale = 10 ** (_WORDS[match["word"].casefold()] if groups["word"] else 6)
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
    for pattern, word in _UNITS[:4]:
        if re.search(pattern, near[:45], re.IGNORECASE if word != "TNC" else 0):
            return word
    if re.search(r"^\s*(?:\w+\s){0,3}(?:cells?)?\s*(?:/|per)\s*(?:1\s?)?(?:m[lL]\b|ML\b|cc\b|millilit)", near):
        return "cells/mL"
    if re.search(r"(?:/|per)\s*(?:linear\s)?(?:square\s)?(?:cm\s?\^?\s?[2²]|cm2|sq)", near):
        return "cells/cm2"
    for pattern, word in _UNITS[:4]:
        if re.search(rf"(?:{pattern})[^.;\n]{{0,14}}$", before, re.IGNORECASE if word != "TNC" else 0):
            return word
    return "cells"


def _operator(before: str) -> str:
    return next((sign for pattern, sign in _OPERATORS if re.search(pattern, before[-34:], re.IGNORECASE)), "")


def _basis(before: str, after: str) -> str:
    if re.match(
        r"^\s*(?:\w+[\s-]){0,4}?(?:cells?\s*)?\(?(?:\w+\)?\s*)?\s*(?:/|per)\s*(?:kg|kilo)", after, re.IGNORECASE
    ):
        return "per kg"
    clause = re.split(r"\bor\b|,\s(?=\d)|\d\s*[x×*]\s*10", after)[0]
    found = [
        (match.end(), basis)
        for pattern, basis in ((_KG, "per kg"), (_INFUSION, "per infusion"), (_PATIENT, "per patient"))
        if (match := pattern.match(clause))
    ]
    if found:
        return "per kg" if any(basis == "per kg" for _, basis in found) else min(found)[1]
    if re.search(r"(?:/kg|per kg|per kilogram)[^.;\n]{0,25}$", before, re.IGNORECASE):
        return "per kg"
    if _BEFORE_PATIENT.search(before[-70:]):
        return "per patient"
    if _BEFORE_INFUSION.search(before[-70:]):
        return "per infusion"
    return ""


def _repeats(after: str) -> tuple[int | None, str]:
    sentence = re.split(r"[.;\n](?:\s|$)", after[:160])[0]
    times = None
    match = _REPEAT.match(sentence)
    if match:
        text = match["word"] or match["x"] or match["n"]
        times = _SMALL.get(text.casefold()) or (int(text) if text.isdigit() else None)
    every = ""
    match = _EVERY.search(sentence)
    if match:
        every = next(text for text in match.groups() if text)
    return times, every


def _cell_dose(text: str, match: re.Match[str], where: str) -> list[GroundedDose]:
    amounts = _amounts(match)
    before, after = text[max(0, match.start() - 110) : match.start()], text[match.end() : match.end() + 160]
    if amounts is None or _NOT_CELLS.match(after):
        return []
    low, high, open_question = amounts
    if high is not None and high < low:
        return []
    weak = bool(match.groupdict()["plain"]) or bool(match.groupdict()["wlow"]) or open_question.endswith("number 10")
    bare = match.groupdict()["plain"] or (open_question and "number" in open_question)
    close = re.split(r"[.;\n]\s", after[:60])[0]
    if bare and not re.match(
        r"^\s*(?:\w+[\s-]){0,3}?(?:\w*cells?\b|\w*MSCs?|/\s?kg|per kg|\w*MNC|\w*TNC|CD34)", close, re.IGNORECASE
    ):
        return []
    if weak and not (_CELLISH.search(close) or re.search(r"/\s?kg|per k", close) or (
        re.search(r"(?:cells?|dose|MSCs?|dosage)[^.;\n]{0,40}$", before, re.IGNORECASE))):  # fmt: skip
        return []
    if not weak and not (
        _CELLISH.search(before + close)
        or _CELLISH.search(text)
        or re.match(r"\s*/\s?kg|\s*per kg", close)
        or len(text) < _SHORT
    ):
        return []
    if low < 1000:
        return []
    unit = _unit(before, after)
    basis = _basis(before, after) if unit not in ("cells/mL", "cells/cm2") else ""
    times, every = _repeats(after)
    ranged = high is not None and high != low
    if ranged and high is not None and _APART.search(match[0]):
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
    for match in _VOLUME.finditer(text):
        if re.search(r"(?:/|per)\s*$", text[max(0, match.start() - 5) : match.start()]):
            continue
        after = text[match.end() : match.end() + 60]
        before = text[max(0, match.start() - 40) : match.start()]
        if _DILUENT_BEFORE.search(before) or (_DILUENT_AFTER.match(after) and not _GIVEN_BEFORE.search(before)):
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
    """Give the doses of a list the basis and the unit that stand behind its last: "1x10^6, 3x10^6 and 5x10^6 cells/kg"."""
    shared = list(found)
    for place in range(len(shared) - 2, -1, -1):
        (start, dose), (next_start, next_dose) = shared[place], shared[place + 1]
        between = text[ends[start] : next_start]
        if (
            not dose.basis
            and next_dose.basis
            and next_dose.unit not in ("cells/mL", "cells/cm2")
            and (start == next_start or _LISTED.fullmatch(between))
        ):
            unit = next_dose.unit if dose.unit == "cells" else dose.unit
            shared[place] = (start, replace(dose, basis=next_dose.basis, unit=unit))
    return shared


def read_doses(text: str, where: str = "") -> list[GroundedDose]:
    """Give the doses of a text in order; volumes are doses of their own, in mL.

    >>> [(str(d.value), d.basis) for d in read_doses("2x106 cells/kg")]
    [('2000000', 'per kg')]
    >>> [(str(d.low), str(d.high), d.unit) for d in read_doses("100-300 million MSCs in 10 mL")]
    [('100000000', '300000000', 'cells'), ('None', 'None', 'mL')]
    >>> read_doses("about 2 million people suffer a stroke")
    []
    """
    found: list[tuple[int, GroundedDose]] = []
    ends: dict[int, int] = {}
    plain = text.replace("\\", "")
    plain = plain if len(plain) == len(text) else plain
    for match in _AMOUNT.finditer(plain):
        found += [(match.start(), dose) for dose in _cell_dose(plain, match, where)]
        ends[match.start()] = match.end()
    found = _shared(plain, found, ends)
    for match_dose in _volumes(plain, where):
        found.append((plain.find(match_dose.notation), match_dose))
    return [dose for _, dose in sorted(found, key=lambda pair: pair[0])]
