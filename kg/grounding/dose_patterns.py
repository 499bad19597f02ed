"""How registries print doses: the patterns that `kg.grounding.doses` reads by. Nothing here decides what they mean."""

from __future__ import annotations

import re

__all__ = [
    "AMOUNT",
    "APART",
    "A_UNIT",
    "BEFORE_INFUSION",
    "BEFORE_PATIENT",
    "CELLISH",
    "DILUENT_AFTER",
    "DILUENT_BEFORE",
    "EVERY",
    "GIVEN_BEFORE",
    "INFUSION",
    "KG",
    "LISTED",
    "MADE_OF",
    "NOT_CELLS",
    "OPERATORS",
    "PATIENT",
    "PER_TEN",
    "REPEAT",
    "SHORT",
    "SMALL",
    "SUPERSCRIPT",
    "UNITS",
    "VOLUME",
    "WORDS",
]

SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
NUMBER = r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:[.,]\d+)?"
TIMES = r"(?:\s*(?:[x×X*·∙⋅хХ✕]|times)\s*|\s?\.\s?(?=10\s?\^))"
DASH = r"\s*(?:-|–|—|−|~|to|and|or|/|through)\s*"
#: ten to a power: 10^7, 10(7), 10^(7), 10**7, 10⁷, 10E7, 10 exp 7, 10 7 (only before a unit), 107 (superscript lost)
POWER = (
    r"10\s?(?:(?:\^|\*\*?|˄|\^\*|~|ˆ|'|exp\s?|e\+?|E\+?|\s?\^\s?)\s?\(?\{?\s?(?P<c%s>\d{1,2})\}?\)?"
    r"|/\s?(?P<d%s>[4-9])(?![\d.,]*\d)"
    r"|\(\s?(?P<b%s>\d{1,2})\s?\)|\[\s?(?P<q%s>\d{1,2})\s?\]"
    r"|(?P<s%s>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
    r"|(?P<l%s>[4-9])(?![\d.,]*\d)"
    r"|(?<=0)[ -](?P<w%s>[4-9])(?=\s*(?:[a-zA-Z]+\s){0,3}(?:/|cell|per|MSC|CD|TNC|MNC|nucle|viable|stem"
    r"|mesen|autol|allo|hMSC))"
    r"|\s?(?:to the (?:power of )?)(?P<p%s>\d)(?:th)?)"
)


def power(name: str) -> str:
    """Give the pattern of ten to a power, its groups told apart by a name."""
    return POWER % ((name,) * 8)


WORDS = {
    "million": 6,
    "millions": 6,
    "billion": 9,
    "thousand": 3,
    "mill": 6,
    "mil": 6,
    "mio": 6,
    "mln": 6,
    "millon": 6,
    "millones": 6,
    "milion": 6,
}
SMALL = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twenty": 20,
          "once": 1, "twice": 2, "single": 1, "thrice": 3, "seven": 7, "nine": 9, "twelve": 12}  # fmt: skip
SPELLED = "|".join(word for word in SMALL if word not in ("once", "twice", "single", "thrice"))
AMOUNT = re.compile(
    rf"(?<![\w.,^])(?P<first>{NUMBER}){TIMES}{power('1')}(?:\s*(?:cells?)?{DASH}(?P<second>{NUMBER}){TIMES}{power('2')})"
    rf"|(?<![\w.,^])(?P<low>{NUMBER})(?:\s?±\s?\d[\d.]*\s?\)?)?(?:{DASH}(?P<high>{NUMBER}))?{TIMES}{power('3')}"
    rf"|(?<![\w.,^])(?P<onemillion>{NUMBER}){TIMES}(?P<plainpower>1[,. ]?000[,. ]?000)(?!\d)"
    rf"|(?<![\w.,^])(?P<e>\d+(?:\.\d+)?)[eE]\+?0?(?P<eexp>[4-9]"
    rf"|1[0-2])(?:{DASH}(?P<e2>\d+(?:\.\d+)?)[eE]\+?0?(?P<eexp2>[4-9]|1[0-2]))?\b"
    rf"|(?<![\w.,^])(?P<m1>{NUMBER}|{SPELLED})\s*(?P<scale1>million|billion)s?{DASH}(?P<m2>{NUMBER}"
    rf"|{SPELLED})\s*(?P<scale2>million|billion)s?\b"
    rf"|(?<![\w.,^])(?P<wlow>{NUMBER}"
    rf"|{SPELLED})(?:\s*(?:millions?)?{DASH}(?P<whigh>{NUMBER}))?\s*-?(?:(?P<word>{'|'.join(WORDS)})\b"
    rf"|(?P<m>M)(?=\s*(?:cells|MSC|hMSC)))"
    rf"|(?<![\w.,^/]){power('4')}(?:{DASH}{power('5')})?"
    rf"|(?<![\w.,^])(?P<plain>\d{{1,3}}(?:[, ]000){{1,3}}"
    rf"|\d{{5,10}})(?:{DASH}(?P<plain2>\d{{1,3}}(?:[, ]000){{1,3}}|\d{{5,10}}))?(?![\d,])",
)
VOLUME = re.compile(
    rf"(?<![\w.,^])(?P<vlow>{NUMBER})(?:\s*(?:m[lL])?{DASH}(?P<vhigh>{NUMBER}))?\s*-?(?:m[lL]|ML|cc|c\.c\."
    rf"|millilit(?:er|re)s?)\b"
)
UNITS = (
    (r"\bEVs?\b|vesicles?\b|exosomes?\b", "vesicles"),
    (r"total nucleated|nucleated cells?|TNCs?\b|\bTNC", "TNC"),
    (r"mononuclear|MNCs?\b", "MNC"),
    (r"CD\s?34", "CD34+ cells"),
    (r"CD\s?133", "CD133+ cells"),
    (r"cells?\b|MSC|stem|ASCs?\b|UCMSC|Treg|hMSC|stromal|MAPC|BMSC|celss|progenitor|blasts?\b|cytes?\b", "cells"),
)
NOT_CELLS = re.compile(
    r"^\s*(?:international units?|units?\b(?!\s(?:of\s)?(?:\w+[\s-]){0,3}(?:cell|umbil|MSC))|IU\b|U\b|U/"
    r"|copies|dollars|people|persons|individuals|americans|cases|"
    r"children|adults|patients? (?:in|world|with|suffer|are)|new|deaths|viral|particles|vp\b|pfu|cfu|platelets|years|"
    r"births|women|men\b|euros?|/ ?[lL]\b|/ ?L\b|per lit|/ ?u[lL]|/ ?µ|[µu]g|mg|gy\b|g\b|platelet|"
    r"live births|globally|worldwide|visits|annually|annual|wbc|leukocytes per|daltons)",
    re.IGNORECASE,
)
KG = re.compile(
    r"^[^.;\n]{0,48}?(?:(?:/|per|every|each|by)\s*(?:1\s*)?(?:kg|kilo|body\s?weight|receptor)"
    r"|[·.\s*x]?kg\s?-\s?1|kg\^?-1|"
    r"of body weight|per\s(?:recipient|patient)\s(?:body\s)?weight|a kilogram|body weight|\(kg\)|kg body"
    r"|/\s?recipient|"
    r"bodyweight|\s[Kk]g\s?(?:BW|bw|b\.w|bodyweight))",
    re.IGNORECASE,
)
INFUSION = re.compile(
    r"^[^.;\n]{0,60}?(?:(?:/|per|each|every)\s*(?:single\s)?(?:infusion|injection|dose|administration|time"
    r"|knee|site|eye|"
    r"session|treatment|application|implantation|transfusion|ear|joint|disc|visit|intervention|procedure"
    r"|course|cycle|"
    r"transplantation|delivery|vial|shot|hip|lesion|fistula|tract|ovary|hemisphere|side|leg|limb|sheet|lobe|dosing)\b"
    r"|each time|at a time|a time\b|every time)",
    re.IGNORECASE,
)
PATIENT = re.compile(
    r"^[^.;\n]{0,60}?(?:(?:/|per|each|every)\s*(?:patient|subject|person|child|participant|individual|case"
    r"|brain|adult|"
    r"recipient)\b|in total\b|total dose|as a total|totally|altogether)",
    re.IGNORECASE,
)
BEFORE_INFUSION = re.compile(
    r"(?:each (?:injection|infusion|dose|time|administration)|every (?:injection|infusion|time)"
    r"|per (?:injection|infusion|"
    r"dose|time)|each (?:of|knee|treatment)|individual dose|single (?:\w+ ){0,2}(?:dose|infusion|injection"
    r"|administration) of|"
    r"one dose of|one injection of|one infusion of|\d (?:infusions|injections|doses) of|(?:infusions"
    r"|injections|doses) of)[^.;\n]{0,40}$",
    re.IGNORECASE,
)
BEFORE_PATIENT = re.compile(
    r"(?:total (?:dose|number|of|amount|cell|quantity)|in total|total dosage|cumulative|overall dose)[^.;\n]{0,40}$",
    re.IGNORECASE,
)
OPERATORS = (
    (r"(?:≥|>\s?=|>=|=>|\bat least|\bno less than|\bnot less than|\bminimum(?: dose)?(?: of)?"
     r"|\bminimal(?: dose)? of|\bequal to or "
     r"(?:more|greater) than|⩾|≧)\s*(?:of\s)?$", ">="),
    (r"(?:≤|<\s?=|<=|=<|\bat most|\bup to(?: a (?:maximum|total)(?: of)?)?|\bno more than|\bnot more than"
     r"|\bmaximum(?: dose)?(?: of)?|"
     r"\bmaximal(?: dose)? of|not exceed(?:ing)?|⩽|≦|\bmax\.?)\s*(?:of\s)?$", "<="),
    (r"(?:>|\bmore than|\babove|\bgreater than|\bover|\bexceeding)\s*$", ">"),
    (r"(?:<|\bless than|\bbelow|\bunder)\s*$", "<"),
    (r"(?:~|≈|±|\babout|\bapproximately|\bapprox\.?|\baround|\bnearly|∼|\bca\.?)\s*(?:of\s)?$", "about"),
)  # fmt: skip
REPEAT = re.compile(
    rf"^[^.;\n]{{0,70}}?(?:\b(?P<word>once|twice|thrice)\b(?!\s?(?:/|a|per|every|each|in)\s?(?:day|week|month|other|two|three|\d))|(?:[x×]\s?(?P<x>[1-9]|1[1-9]"
    rf"|2\d)\b(?!\s*10)(?!\d)(?!\s?\^))"
    rf"|\b(?P<n>\d{{1,2}}|{SPELLED}|single)\s(?:consecutive\s|separate\s|total\s|repeated\s|weekly\s"
    rf"|monthly\s|intravenous\s|intrathecal\s)?"
    rf"(?:times|doses?|infusions?|injections?|administrations?|treatments?|transplantations?|courses?|cycles?)\b)",
    re.IGNORECASE,
)
EVERY = re.compile(
    rf"(?:\bevery\s(?P<every>(?:(?:\d{{1,3}}|{SPELLED}|other)\s)?(?:days?|weeks?|months?|years?))"
    rf"|\b(?P<adverb>weekly|monthly|daily|biweekly|bimonthly|quarterly)\b"
    rf"|(?:interval|intervals) (?:of|is|was|between \w+ (?:is|was))\s(?P<interval>(?:\d{{1,3}}"
    rf"|{SPELLED})\s(?:days?|weeks?|months?))"
    rf"|(?P<interval2>(?:\d{{1,3}}|{SPELLED})[ -](?:day|week|month)s?)[ -]intervals?"
    rf"|(?P<interval3>\d{{1,3}} (?:days?|weeks?|months?)) apart"
    rf"|once (?:a|per|every) (?P<once>day|week|month))",
    re.IGNORECASE,
)
#: Two amounts joined by these are two doses, not the ends of one.
APART = re.compile(r"\d\s*(?:millions?|billions?)?\s*(?:\bor\b|\band\b|/)\s*\d")
LISTED = re.compile(
    r"\s*(?:cells?|MSCs?|hMSCs?|million)?\s*(?:,|;|/|\band\b|\bor\b|,\s*and|,\s*or|\bversus\b|\bvs\.?)\s*",
    re.IGNORECASE,
)
#: A text as short as this is a notation of a dose and nothing else.
SHORT = 40
CELLISH = re.compile(r"cell|MSC|TNC|MNC|stem|CD34|CD133|ASC|dose|marrow|stromal|UCMSC|SVF", re.IGNORECASE)


#: A volume that is not of the product: what cells are suspended in, what is taken, what is flushed.
DILUENT_BEFORE = re.compile(
    r"(?:(?:in|into|with|per|to a (?:total )?volume of)\s(?:a\s)?(?:total\s"
    r"|final\s)?(?:volume\s)?(?:of\s)?(?:about\s|approximately\s)?"
    r"|(?:saline|ringer|dextrose|albumin)\s(?:solution\s)?\(?"
    r"|(?:aspirat|withdraw|collect|harvest|taken|draw|dilut|suspen|dissol)\w*\s\(?(?:\w+\s){0,2})$",
    re.IGNORECASE,
)
GIVEN_BEFORE = re.compile(
    r"(?:inject\w*|applicat\w*|infus\w*|implant\w*|administ\w*)\s(?:of\s)?(?:about\s)?$", re.IGNORECASE
)
#: Behind an amount of cells: it is what the record calls a unit, and how many are given stands elsewhere.
A_UNIT = re.compile(r"\s*(?:\w+\s)?(?:(?:was|were|is|are|as)\s)(?:an?|one)\sunit\b", re.IGNORECASE)
PER_TEN = re.compile(r"\s*(?:\w+\s){0,2}(?:/|per)\s?10\s?kg\b", re.IGNORECASE)
#: Before an amount of cells: something else was made of them, and that is given.
MADE_OF = re.compile(
    r"(?:medium|media|supernatant|secretome|vesicles?|exosomes?)\s(?:\w+\s){0,3}(?:of|from|by)\s(?:about\s|the\s)?$",
    re.IGNORECASE,
)
DILUENT_AFTER = re.compile(
    r"\s*(?:of\s)?(?:(?:normal|sterile|physiological|0\.9%|isotonic|bone|venous|peripheral|heparin\w*|autologous)\s)*"
    r"(?:saline|solution|albumin|plasma|serum|glucose|dextrose|marrow|blood|lipoaspirate|fat|adipose|ringer|heparin|"
    r"aspirate|NaCl|water|buffer|PBS|syringe|placebo|vehicle|lidocaine|buminate|hyaluron)",
    re.IGNORECASE,
)
