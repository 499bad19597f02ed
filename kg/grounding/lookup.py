"""Words -> terms of one kind: the longest name wins, and the reason is told.

A `Lookup` is compiled once for a table. What stands around a name (negation, background, another substance) is
`kg.grounding.context`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from kg.grounding.candidates import Candidate
from kg.grounding.tables import KINDS, Synonym, read_synonyms, word_group
from kg.grounding.words import LongWords, Word, correct, fold_phrase, index_long_words, is_break, read_words

__all__ = ["PRODUCT_NAME", "Lookup", "Match", "Record", "compile_lookup", "lookup_of"]

#: The reason of a candidate that stands on the name of a product alone.
PRODUCT_NAME = "name of a product that another record says is this"
_SCORES = {"exact": 1.0, "product": 0.9, "abbreviation": 0.9, "related": 0.8, "ambiguous": 0.75, "target": 0.7}
_REASONS = {
    "exact": "exact synonym",
    "related": "related synonym",
    "abbreviation": "abbreviation of one meaning in its kind",
    "product": PRODUCT_NAME,
    "target": "place that it is put into",
}
#: Kinds whose long words are matched with a slip of one letter.
_WITH_SLIPS = ("cell source", "tissue", "donor", "route")
#: Words that a slip of the pen would turn into a word of the tables although they are right.
_NO_SLIP = word_group("lookup: no slip")


#: Words shorter than this are never corrected.
_LONG_ENOUGH = 7
#: A name of so many words is known by all of them but one.
_LONG_NAME = 5


@dataclass(frozen=True, slots=True)
class Record:
    """What a record says that helps to read its abbreviations."""

    expansions: Mapping[str, str] = field(default_factory=dict)
    text: str = ""  # all of it in small letters, where partner words are looked for


@dataclass(frozen=True, slots=True)
class Match:
    """A name found at words `first` to `last` (not included)."""

    synonym: Synonym
    first: int
    last: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]
    raw: tuple[str, ...]  # only where letter case counts
    synonym: Synonym


@dataclass(frozen=True, slots=True)
class Lookup:
    """The names of one kind, by their first word, the longest first."""

    kind: str
    by_first: Mapping[str, tuple[_Name, ...]]
    long_words: LongWords

    def find(self, words: Sequence[Word], record: Record | None = None) -> list[Match]:
        """Give the names in a text, in order, none inside another."""
        found: list[Match] = []
        known = record or Record()
        place = 0
        long = _LONG_ENOUGH if self.long_words else 1_000_000
        while place < len(words):
            folded = words[place].folded
            if folded not in self.by_first and len(folded) < long:
                place += 1
                continue
            match = self._at(words, place, known)
            if match is None:
                place += 1
            else:
                found.append(match)
                place = match.last
        return found

    def _folded(self, word: Word) -> str:
        if word.folded in self.by_first or not self.long_words:
            return word.folded
        return word.folded if word.folded in _NO_SLIP else _corrected(word.folded, self.kind)

    def _at(self, words: Sequence[Word], place: int, record: Record) -> Match | None:
        first = self._folded(words[place])
        for name in self.by_first.get(first, ()):
            last = place + len(name.words)
            if last > len(words):
                continue
            slipped = first != words[place].folded
            fits = True
            for offset in range(1, len(name.words)):
                word = words[place + offset]
                folded = word.folded
                if folded != name.words[offset] and self.long_words and folded not in _NO_SLIP:
                    folded = _corrected(folded, self.kind)
                    slipped = True
                if folded != name.words[offset] or is_break(word.gap) or len(word.gap) > 3:
                    fits = False
                    break
            if not fits or (name.raw and name.raw != tuple(_raw(word) for word in words[place:last])):
                continue
            judged = self._judge(name.synonym, words, place, last, record, slipped=slipped)
            if judged is not None:
                return judged
        return None

    def _judge(
        self, synonym: Synonym, words: Sequence[Word], first: int, last: int, record: Record, *, slipped: bool
    ) -> Match | None:
        score, reason = _SCORES[synonym.scope], _REASONS.get(synonym.scope, "")
        if synonym.scope in ("abbreviation", "ambiguous"):
            expansion = record.expansions.get(synonym.text)
            if expansion is not None:
                if not self._means(expansion, synonym.term):
                    return None
                return Match(synonym, first, last, 0.95, "abbreviation expanded in the same record")
            if synonym.scope == "ambiguous":
                partner = next((one for one in synonym.partners if one.casefold() in record.text), None)
                if partner is None:
                    return None
                reason = f"abbreviation read by a word beside it: {partner}"
        if slipped:
            score, reason = score - 0.1, reason + ", a slip of one letter corrected"
        elif score == 1.0 and words[last - 1].raw.endswith("s") and not synonym.text.endswith("s"):
            score, reason = 0.99, "plural folded"
        return Match(synonym, first, last, score, reason)

    def _means(self, expansion: str, term: str) -> bool:
        """Tell whether the words that an abbreviation stands for hold the term, or no other term of the kind."""
        words = read_words(expansion)
        terms = set()
        for place in range(len(words)):
            for name in self.by_first.get(words[place].folded, ()):
                if tuple(word.folded for word in words[place : place + len(name.words)]) == name.words and (
                    not name.raw or name.synonym.scope == "exact"
                ):
                    terms.add(name.synonym.term)
        return term in terms or self._nearly(tuple(word.folded for word in words), term)

    def _nearly(self, words: tuple[str, ...], term: str) -> bool:
        """Tell whether an expansion has all words but one of a long name of the term: a slip of the pen."""
        spelled = set(words)
        long = (
            set(name.words)
            for names in self.by_first.values()
            for name in names
            if name.synonym.term == term and len(name.words) >= _LONG_NAME
        )
        return any(len(name - spelled) <= 1 and len(spelled - name) <= 1 for name in long)

    def candidates(self, text: str, record: Record | None = None, where: str = "") -> list[Candidate]:
        """Give the names in a text as candidates, in order of place."""
        words = read_words(text)
        return [to_candidate(self.kind, match, words, text, where) for match in self.find(words, record)]


def to_candidate(kind: str, match: Match, words: Sequence[Word], text: str, where: str) -> Candidate:
    """Give a match as a candidate, with its words as read."""
    matched = text[words[match.first].start : words[match.last - 1].end]
    return Candidate(match.synonym.term, match.synonym.label, kind, match.score, match.reason, matched, where)


def _raw(word: Word) -> str:
    text = word.raw
    return text[:-1] if len(text) > 2 and text[-1] == "s" and (text[-2].isupper() or text[-2].isdigit()) else text


@cache
def _corrected(word: str, kind: str) -> str:
    return correct(word, lookup_of(kind).long_words)


def compile_lookup(kind: str, synonyms: Iterable[Synonym]) -> Lookup:
    """Give the lookup of some names of one kind."""
    by_first: dict[str, list[_Name]] = {}
    known: set[str] = set()
    for synonym in synonyms:
        words = read_words(synonym.text)
        folded = tuple(word.folded for word in words)
        if not folded:
            continue
        raw = tuple(_raw(word) for word in words) if synonym.case_sensitive else ()
        by_first.setdefault(folded[0], []).append(_Name(folded, raw, synonym))
        if not synonym.case_sensitive:
            known.update(folded)
    scopes = ("exact", "product", "abbreviation", "related", "ambiguous", "target")
    order = {scope: index for index, scope in enumerate(scopes)}
    ordered = {
        first: tuple(sorted(names, key=lambda n: (-len(n.words), order[n.synonym.scope], n.synonym.term, n.words)))
        for first, names in sorted(by_first.items())
    }
    return Lookup(kind, ordered, index_long_words(known) if kind in _WITH_SLIPS else {})


@cache
def lookup_of(kind: str) -> Lookup:
    """Give the lookup of our own table of a kind."""
    if kind not in KINDS:
        raise KeyError(kind)
    return compile_lookup(kind, read_synonyms(kind))


def fold_text(text: str) -> str:
    """Give all words of a text folded, with one blank between: for questions whether it says something."""
    return " ".join(fold_phrase(text))
