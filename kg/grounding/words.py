"""Text -> words that compare: letter case, plural, hyphen, Greek letters, spelling and small slips folded away.

The words keep their place in the text, so that what was matched is shown as it was read. Which words mean what is the
tables' business.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["LongWords", "Word", "correct", "fold", "fold_phrase", "index_long_words", "is_break", "read_words"]

#: Known long words by first letter and length.
LongWords = Mapping[tuple[str, int], tuple[str, ...]]

_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ω": "omega"}
#: Prefixes that registries write with a blank, a hyphen or nothing: "intra thecal", "intra-thecal", "intrathecal".
_PREFIXES = {"intra", "sub", "peri", "endo", "retro", "epi", "trans", "haplo"}
#: British and American spelling, by the part that differs.
_SPELLINGS = [("haem", "hem"), ("foet", "fet"), ("leuc", "leuk"), ("tumour", "tumor"), ("oedem", "edem"),
              ("anaem", "anem"), ("ischaem", "ischem"), ("paed", "ped"), ("behaviour", "behavior"), ("anaes", "anes"),
              ("isation", "ization"), ("ilised", "ilized"), ("ulised", "ulized"), ("fibre", "fiber"),
              ("aemia", "emia"), ("oesoph", "esoph"), ("isch emia", "ischemia")]  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:[’'`´]s(?![^\W\d_]))?|\d+|\+", re.UNICODE)
_BREAK = re.compile(r"[.;:!?\n|•]|(?<=\s)[-–—](?=\s)")
_DOTTED = re.compile(r"\b([iI])\.\s?([vmaptVMAPT])\b\.?|\b([sS])\.\s?([cC])\.")
#: A slip is looked for only in words as long as this: short words differ by one letter too often.
_LONG = 8
#: Known words that agree in so many letters are taken for spellings of one word.
_ALIKE = 7


@dataclass(frozen=True, slots=True)
class Word:
    """One word: folded for comparison, as read, and where it stands."""

    folded: str
    raw: str
    start: int
    end: int
    gap: str  # what stands between the word before and this one


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Give the form in which words compare.

    >>> fold("Injections"), fold("Wharton’s"), fold("β"), fold("Haematopoietic")
    ('injection', 'wharton', 'beta', 'hematopoietic')
    """
    text = re.sub(r"[’'`´]s$", "", word)
    if text in _GREEK:
        return _GREEK[text]
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(_GREEK.get(letter, letter) for letter in text if not unicodedata.combining(letter))
    for british, american in _SPELLINGS:
        text = text.replace(british, american)
    if len(text) > 3 and text.endswith("s") and not text.endswith(("ss", "us", "is")):
        text = text[:-3] + "y" if text.endswith("ies") and len(text) > 4 else text[:-1]
    return text


def _undot(text: str) -> str:
    """Take the dots out of i.v. and the like, at equal length: places stay what they are."""

    def without(match: re.Match[str]) -> str:
        letters = (match[1] or match[3]) + (match[2] or match[4])
        return letters.upper().ljust(len(match[0]))

    return _DOTTED.sub(without, text)


def _join(first: Word, second: Word) -> bool:
    return (
        first.folded in _PREFIXES
        and len(second.folded) >= 4
        and second.folded.isalpha()
        and second.gap in (" ", "-", "- ", "‐", "–", " -")
    )


def read_words(text: str) -> list[Word]:
    """Give the words of a text; a prefix that stands alone is joined to the word it belongs to.

    >>> [word.folded for word in read_words("Intra thecal UC-MSCs (IGF-1)")]
    ['intrathecal', 'uc', 'msc', 'igf', '1']
    """
    dotted = {match.start(): match.end() for match in _DOTTED.finditer(text)} if "." in text else {}
    shown = _undot(text) if dotted else text
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(shown):
        last = dotted.get(match.start(), match.end())
        word = Word(fold(match[0]), match[0], match.start(), last, text[end : match.start()])
        end = last
        if words and _join(words[-1], word):
            before = words.pop()
            joined = fold(before.raw + word.raw)
            word = Word(joined, shown[before.start : word.end], before.start, word.end, before.gap)
        words.append(word)
    return words


def fold_phrase(text: str) -> tuple[str, ...]:
    """Give the folded words of a phrase.

    >>> fold_phrase("Wharton's jelly") == fold_phrase("WHARTON JELLY")
    True
    """
    return tuple(word.folded for word in read_words(text))


def is_break(gap: str) -> bool:
    """Tell whether a sentence, a clause or a field ends between two words.

    >>> is_break(". "), is_break("-"), is_break(" (")
    (True, False, False)
    """
    return bool(_BREAK.search(gap))


def _shorter(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _one_slip(first: str, second: str) -> bool:
    """Tell whether one letter too many, too few, wrong, or two swapped make the difference."""
    if abs(len(first) - len(second)) > 1:
        return False
    if len(first) == len(second):
        wrong = [place for place in range(len(first)) if first[place] != second[place]]
        if len(wrong) == 1:
            return True
        return (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and first[wrong[0]] == second[wrong[1]]
            and first[wrong[1]] == second[wrong[0]]
        )
    longer, other = (first, second) if len(first) > len(second) else (second, first)
    return other in _shorter(longer)


def index_long_words(known: Iterable[str]) -> LongWords:
    """Give the long words by first letter and length, for `correct`."""
    found: dict[tuple[str, int], list[str]] = {}
    for word in sorted(set(known)):
        if len(word) >= _LONG and word.isalpha():
            found.setdefault((word[0], len(word)), []).append(word)
    return {key: tuple(words) for key, words in found.items()}


def correct(word: str, known: LongWords) -> str:
    """Give the one known long word that is a slip away, or the word itself.

    The first letter must agree, and two known words that begin differently leave the word as it is.

    >>> known = index_long_words(["umbilical", "mesenchymal"])
    >>> correct("umbilcal", known), correct("mesenchyamal", known), correct("umbrella", known)
    ('umbilical', 'mesenchymal', 'umbrella')
    """
    if len(word) < _LONG - 1 or not word.isalpha():
        return word
    if word in known.get((word[0], len(word)), ()):
        return word
    near = [
        one
        for length in (len(word) - 1, len(word), len(word) + 1)
        for one in known.get((word[0], length), ())
        if _one_slip(word, one)
    ]
    if len({one[:_ALIKE] for one in near}) == 1:  # spellings of one word, such as a slip that the tables know
        return min(near)
    return word
