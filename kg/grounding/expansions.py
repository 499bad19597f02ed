"""Abbreviations that a record spells out itself: "amyotrophic lateral sclerosis (ALS)" -> ALS.

The letters of the abbreviation must stand in the words before the bracket, in order, the first at the start of a word
(the rule of Schwartz and Hearst). Which of these mean a term is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

__all__ = ["read_expansions"]

_BRACKET = re.compile(r"[(\[]\s*([A-Za-z][\w\-/+]{1,11}?)\s*[)\],;]")
_REVERSE = re.compile(r"\b([A-Z][\w-]{1,9})\s*\(\s*([A-Za-z][^()]{6,90})\)")
_WORDS = re.compile(r"[^\s(\[]+")


def _long_form(short: str, before: str) -> str:
    """Give the words before a bracket that spell out what is in it, or nothing."""
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    words = [(match.start(), match[0]) for match in _WORDS.finditer(before)]
    most = min(len(letters) + 6, 2 * len(letters) + 2)
    words = words[-most:]
    if not words:
        return ""
    text = before[words[0][0] :]
    place, folded = len(text) - 1, text.casefold()
    for index in range(len(letters) - 1, -1, -1):
        while place >= 0 and (
            folded[place] != letters[index] or (index == 0 and place > 0 and folded[place - 1].isalnum())
        ):
            place -= 1
        if place < 0:
            return ""
        place -= 1
    found = text[place + 1 :].strip(" -,")
    return found if (len(found) > len(short) and " " in found) or "-" in found else ""


def read_expansions(texts: Iterable[str]) -> Mapping[str, str]:
    """Give what the abbreviations of a record stand for, by the record's own words; the first expansion wins.

    >>> dict(read_expansions(["Modified Ashworth Scale (MAS) and macrophage activation syndrome (MAS)"]))
    {'MAS': 'Modified Ashworth Scale'}
    """
    found: dict[str, str] = {}
    for text in texts:
        for match in _BRACKET.finditer(text):
            short = match[1]
            if not any(letter.isupper() for letter in short):
                continue
            if len(short) > 2 and short.endswith("s") and short[-2].isupper():
                short = short[:-1]
            if short not in found:
                sentence = re.split(r"[.;:\n|)]", text[max(0, match.start() - 160) : match.start()])[-1]
                long = _long_form(short, sentence)
                if long:
                    found[short] = long
        for match in _REVERSE.finditer(text):
            short, long = match[1], match[2]
            if short not in found and sum(letter.isupper() for letter in short) >= 2:
                spelled = _long_form(short, long)
                if spelled and long.casefold().startswith(spelled.casefold()[:4]):
                    found[short] = spelled
    return found
