"""A name -> its normal forms, and two names -> the steps that make them one. Knows writing, not meaning.

Each step has a price, taken from the score of a match; the reason of a proposal names the steps.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from kg.linking.spelling import GREEK, american, number_of_roman, singular

__all__ = ["PRICES", "clean", "content_words", "is_symbol", "keys", "price", "steps", "words"]

#: What a step takes from the score.
PRICES = {
    "letter case": 0.005,
    "letter case of a symbol": 0.03,
    "signs": 0.01,
    "possessive": 0.005,
    "Greek letter": 0.01,
    "British spelling": 0.005,
    "plural": 0.01,
    "numeral": 0.02,
    "small words": 0.02,
    "inverted with a comma": 0.01,
    "word order": 0.04,
    "spaces": 0.02,
}
_SIGNS = str.maketrans({**dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys("‘’ʼ´`′", "'"), **dict.fromkeys("“”„", '"')})
_SMALL_WORDS = frozenset({"the", "of", "in", "for"})
#: Words after which a single letter may be a Roman numeral.
_COUNTING = frozenset({"class", "type", "phase", "factor", "complex", "grade", "stage", "level", "collagen", "nerve"})
_PART = re.compile(r"[^\W\d_]+|\d+|\+")
_POSSESSIVE = re.compile(r"'s\b|(?<=s)'(?=\s|$)")
_SYMBOL = re.compile(r"(?!(?:[A-Z]?[a-z]{2,}-?)+$)(?=.*[A-Z])(?=.*(?:[A-Z].*[A-Z]|\d))\S{2,15}|[A-Z]{2,8}s?")


def clean(text: str) -> str:
    """Give a name in one line, with plain signs.

    >>> clean("  Wharton’s\\u00a0 jelly ")
    "Wharton's jelly"
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_SIGNS))
    return " ".join(text.translate(_SIGNS).split())


def is_symbol(text: str) -> bool:
    """Say whether a name looks like a symbol or an abbreviation, whose letter case tells something.

    >>> [is_symbol(text) for text in ("MSC", "CD73", "IL-6", "homing", "Penumbra", "Meta-Analysis")]
    [True, True, True, False, False, False]
    """
    return _SYMBOL.fullmatch(text) is not None


def _spelled(text: str) -> str:
    if text.isascii():
        return text
    return "".join(f" {GREEK[letter]} " if letter in GREEK else letter for letter in text)


def _without_small(parts: list[str]) -> list[str]:
    """Leave small words out; "a" only at the head or after one of them: it stands for something in "hepatitis A"."""
    kept: list[str] = []
    for i, part in enumerate(parts):
        before = parts[i - 1] if i else "of"
        article = part in ("a", "an") and before in _SMALL_WORDS and i + 1 < len(parts)
        if part not in _SMALL_WORDS and not article:
            kept.append(part)
    return kept or parts


def _numbered(parts: list[str]) -> list[str]:
    before = ["", *parts]
    return [number_of_roman(part, counted=before[i] in _COUNTING) if i else part for i, part in enumerate(parts)]


def words(text: str) -> tuple[str, ...]:
    """Give the words of a name, each in the form in which all its spellings meet.

    >>> words("Wharton's jelly cells"), words("TNF-α"), words("IL6"), words("tumours, type II")
    (('wharton', 'jelly', 'cell'), ('tnf', 'alpha'), ('il', '6'), ('tumor', 'type', '2'))
    """
    text = _spelled(clean(text).casefold())
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    return tuple(_numbered([_word(part) for part in _PART.findall(text)]))


@lru_cache(maxsize=262_144)
def _word(part: str) -> str:
    return "positive" if part == "+" else singular(american(part))


def content_words(text: str) -> frozenset[str]:
    """Give the words of a name that carry its meaning."""
    return frozenset(_without_small(list(words(text))))


@lru_cache(maxsize=4_096)
def keys(text: str) -> tuple[str, ...]:
    """Give the keys under which a name is kept and looked up: its words in any order, and in one run.

    >>> keys("mesenchymal stem cell of the bone marrow")[0] == keys("bone marrow mesenchymal stem cells")[0]
    True
    >>> set(keys("IL-6")) == set(keys("IL6"))
    True
    """
    found = words(text)
    carrying = _without_small(list(found))
    if not carrying:
        return ()
    return (" ".join(sorted(carrying)), "=" + "".join(carrying))


def _inverted(text: str) -> str:
    """Put what stands after a comma before the rest: "Kinase, Creatine" is "Creatine Kinase"."""
    return " ".join(part.strip() for part in reversed(text.split(", ")))


def _each_word(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: re.sub(r"[^\W\d_]+", lambda match: change(match[0]), text)


def _spaced(text: str) -> str:
    return " ".join("positive" if part == "+" else part for part in _PART.findall(text))


#: The steps in the order in which they are tried.
_CHANGES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("letter case", str.casefold),
    ("Greek letter", lambda text: " ".join(_spelled(text).split())),
    ("possessive", lambda text: _POSSESSIVE.sub("", text)),
    ("inverted with a comma", _inverted),
    ("signs", _spaced),
    ("British spelling", _each_word(american)),
    ("plural", _each_word(singular)),
    ("numeral", lambda text: " ".join(_numbered(text.split()))),
    ("small words", lambda text: " ".join(_without_small(text.split()))),
    ("spaces", lambda text: text.replace(" ", "")),
)


def _through(text: str, without: frozenset[str], until: int) -> str:
    for name, change in _CHANGES[:until]:
        if name not in without:
            text = change(text)
    return text


def steps(one: str, other: str) -> tuple[str, ...] | None:
    """Give the steps that make two names one, none for equal names, None where they are different names.

    >>> steps("Stem Cells, Mesenchymal", "mesenchymal stem cell")
    ('letter case', 'inverted with a comma', 'plural')
    >>> steps("TNF-α", "TNF-alpha"), steps("cell", "cell"), steps("cell", "organ")
    (('Greek letter', 'signs'), (), None)
    """
    one, other = clean(one), clean(other)
    if one == other:
        return ()
    inversions = [frozenset({"inverted with a comma"}), frozenset()]
    for left_out in inversions:
        # only one of the two is inverted, so that "a, b" and "b, a" stay what they are where both have commas
        for until in range(1, len(_CHANGES) + 1):
            if _through(one, left_out, until) == _through(other, left_out, until):
                return _needed(one, other, left_out, until)
    if keys(one)[:1] == keys(other)[:1]:
        return ("letter case", "signs", "word order")
    return None


def _needed(one: str, other: str, without: frozenset[str], until: int) -> tuple[str, ...]:
    """Drop each step that is not needed."""
    for name, _ in _CHANGES[:until]:
        fewer = without | {name}
        if name not in without and _through(one, fewer, until) == _through(other, fewer, until):
            without = fewer
    found = [name for name, _ in _CHANGES[:until] if name not in without]
    if "letter case" in found and (is_symbol(one) or is_symbol(other)):
        found[found.index("letter case")] = "letter case of a symbol"
    return tuple(found)


def price(taken: tuple[str, ...]) -> float:
    """Give what steps take from a score."""
    return sum(PRICES[step] for step in taken)
