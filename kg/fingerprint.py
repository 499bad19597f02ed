"""Is this quotation in that text? Pure text matching; knows nothing of files, claims or graphs.

A passage is held as two digests of its tokens. *exact* splits at white space and folds nothing else; *loose* folds
case and typography but keeps every comparison sign, minus, decimal point and bracketed number, because with those
gone "p > 0.05" equals "p < 0.05".
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b

__all__ = [
    "Fingerprint",
    "Match",
    "Outcome",
    "Text",
    "digest",
    "exact_tokens",
    "find",
    "loose_tokens",
    "numbers_in",
    "passages_between",
]

#: A number with its sign, a number, a word, a comparison; then a sign that stands by itself, as in "CD34-" or "- 0.87".
_LOOSE_TOKEN = re.compile(
    r"(?<![\w.])[+-]?(?:\d+(?:[.,]\d+)*|\.\d+)|\d+(?:[.,]\d+)*|[^\W\d_]+|<=|>=|[<>=±%≠≈~≪≫]|[+-](?!\w)"
)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_VANISHING = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None))
_COMPARISONS = {"≤": "<=", "⩽": "<=", "≦": "<=", "≥": ">=", "⩾": ">=", "≧": ">=", "＜": "<", "＞": ">", "＝": "="}
_NUMBER = re.compile(r"[+-]?\.?\d")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def digest(tokens: Sequence[str]) -> str:
    """Give the 128-bit BLAKE2b digest of tokens joined by one space, in hex.

    >>> digest("MSCs express the chemokine receptors CXCR4".split())
    '60797ace7c5c48b7e1a9e464d46d7b0e'
    """
    return blake2b(" ".join(tokens).encode(), digest_size=16).hexdigest()


def _exact(text: str) -> Iterator[_Token]:
    # NFC is applied token by token so that offsets stay those of the reader's file.
    for match in re.finditer(r"\S+", text):
        yield _Token(unicodedata.normalize("NFC", match.group()), match.start(), match.end())


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold().translate(_DASHES).translate(_VANISHING)
    for sign, plain in _COMPARISONS.items():
        folded = folded.replace(sign, plain)
    return folded


def _loose(text: str) -> Iterator[_Token]:
    # A loose token never crosses white space, so each run of black characters is folded by itself.
    for word in re.finditer(r"\S+", text):
        for token in _LOOSE_TOKEN.findall(_fold(word.group())):
            yield _Token(token, word.start(), word.end())


def exact_tokens(text: str) -> list[str]:
    """Give the tokens between white space, in NFC.

    >>> exact_tokens("CD 105,  CD 90")
    ['CD', '105,', 'CD', '90']
    """
    return [token.text for token in _exact(text)]


def loose_tokens(text: str) -> list[str]:
    """Give words, signed numbers and comparison signs, with case and typography folded.

    >>> loose_tokens("p < 0.05; change −0.87")
    ['p', '<', '0.05', 'change', '-0.87']
    """
    return [token.text for token in _loose(text)]


def numbers_in(text: str) -> list[str]:
    """Give the numbers of a text as it prints them, signs and decimals kept.

    >>> numbers_in("in 3 out of 8 patients, −0.87 (IL-6)")
    ['3', '8', '-0.87', '6']
    """
    return [token for token in loose_tokens(text) if _NUMBER.match(token)]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A quotation without its words: how many tokens, their digests, and where it stood (a hint only)."""

    tokens: int
    exact: str
    loose_tokens: int
    loose: str
    at: int | None = None

    @classmethod
    def of(cls, quotation: str, *, at: int | None = None) -> Fingerprint:
        """Give the fingerprint of the words of a quotation."""
        exact, loose = exact_tokens(quotation), loose_tokens(quotation)
        return cls(len(exact), digest(exact), len(loose), digest(loose), at)


class Outcome(Enum):
    """What looking for a fingerprint in a text can give."""

    VERIFIED = "verified"
    TYPOGRAPHY = "verified, typography differs"
    NOT_FOUND = "not found"
    NO_TEXT = "no text at hand"


@dataclass(frozen=True, slots=True)
class Match:
    """Where a passage stands in the reader's text: character offsets and the exact words."""

    outcome: Outcome
    start: int = 0
    end: int = 0
    words: str = ""
    token: int = 0  # running number of its first exact token


class Text:
    """A reader's copy, tokenised once and asked many times.

    >>> text = Text("MSCs express CXCR4 (p < 0.05).")
    >>> find(Fingerprint.of("express CXCR4"), text).words
    'express CXCR4'
    >>> find(Fingerprint.of("express CXCR7"), text).outcome.value
    'not found'
    """

    def __init__(self, content: str) -> None:
        self.content = content
        self.exact = list(_exact(content))
        self.loose = list(_loose(content))
        self._windows: dict[tuple[str, int], dict[str, int]] = {}

    @property
    def normalised_digest(self) -> str:
        """Give the digest of the whole text in loose tokens: two copies with the same words share it."""
        return digest([token.text for token in self.loose])

    def _window_starts(self, kind: str, size: int) -> dict[str, int]:
        """Give digest -> first token, for every window of that many tokens."""
        if (kind, size) not in self._windows:
            tokens = [token.text for token in (self.exact if kind == "exact" else self.loose)]
            starts: dict[str, int] = {}
            for start in range(len(tokens) - size + 1):
                starts.setdefault(digest(tokens[start : start + size]), start)
            self._windows[kind, size] = starts
        return self._windows[kind, size]

    def token_at(self, offset: int) -> int:
        """Give the running number of the exact token that ends after a character offset."""
        return bisect_right(self.exact, offset, key=lambda token: token.end)

    def span(self, kind: str, size: int, wanted: str, at: int | None) -> tuple[int, int] | None:
        """Give the character span of the window with that digest, the hinted place first."""
        tokens = self.exact if kind == "exact" else self.loose
        if size < 1 or size > len(tokens):
            return None
        if kind == "exact" and at is not None and at + size <= len(tokens):
            window = tokens[at : at + size]
            if digest([token.text for token in window]) == wanted:
                return window[0].start, window[-1].end
        start = self._window_starts(kind, size).get(wanted)
        return None if start is None else (tokens[start].start, tokens[start + size - 1].end)


def find(fingerprint: Fingerprint, text: Text) -> Match:
    """Give where a fingerprint stands in a text; the offsets in the fingerprint are only a hint."""
    for kind, size, wanted, outcome in (
        ("exact", fingerprint.tokens, fingerprint.exact, Outcome.VERIFIED),
        ("loose", fingerprint.loose_tokens, fingerprint.loose, Outcome.TYPOGRAPHY),
    ):
        span = text.span(kind, size, wanted, fingerprint.at)
        if span:
            start, end = span
            return Match(outcome, start, end, text.content[start:end], text.token_at(start))
    return Match(Outcome.NOT_FOUND)


def passages_between(text: Text, first: str, last: str) -> list[Match]:
    """Give the passages that begin with some words and end with others; a passage ends at its first chance.

    Words are compared loosely; a passage begins and ends at white space, so that it can be found again exactly.
    """
    head, tail = loose_tokens(first), loose_tokens(last)
    words = [token.text for token in text.loose]
    starts = [i for i in range(len(words) - len(head) + 1) if head and words[i : i + len(head)] == head]
    found = []
    for start in starts:
        after = start + len(head) - (len(tail) if tail == head else 0)
        for end in range(after, len(words) - len(tail) + 1):
            if words[end : end + len(tail)] == tail:
                first_char, last_char = text.loose[start].start, text.loose[end + len(tail) - 1].end
                span = text.content[first_char:last_char]
                found.append(Match(Outcome.VERIFIED, first_char, last_char, span, text.token_at(first_char)))
                break
    return found
