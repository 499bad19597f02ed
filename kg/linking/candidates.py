"""A name -> the terms that may be meant, each with its score and the reason. Proposes no predicate.

The score starts with how a name belongs to its term (`SCOPES`), and each step between the name that was asked for and
the name that was found takes its price off.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kg.linking.index import Index, Name, Term
from kg.linking.kinds import class_of, fits, kind_of, rank_of
from kg.linking.names import content_words, is_symbol, keys, price, steps
from kg.linking.variants import Variant, meaning_of, variants
from kg.linking.word_tables import known_wrong

__all__ = ["SCOPES", "Candidate", "Request", "find_candidates"]

#: How a name belongs to its term -> the score of a match that needs no step.
SCOPES = {
    "label": 0.99,
    "exact": 0.96,
    "symbol": 0.95,
    "entry": 0.93,
    "previous": 0.90,
    "alias": 0.90,
    "unknown": 0.88,
    "former": 0.84,
    "related": 0.72,
    "narrow": 0.55,
    "broad": 0.50,
}
#: Names of genes and proteins that are symbols: an ordinary word is none, even if the letters are the same.
_SYMBOL_SCOPES = frozenset({"alias", "symbol", "previous"})
_GENES = frozenset({"HGNC", "UniProtKB", "FPLX"})
#: A name of another organism: "CD90 (mouse)".
_OTHER_ORGANISM = re.compile(r"\((?:mouse|rat|yeast|fly|zebrafish|chicken|E\. coli|[a-z]+ [a-z]+)\)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: a name, and what is known of it."""

    name: str
    kind: str = ""  # of entity
    identifier: str = ""  # of the term whose name it is, if it is one
    other_names: tuple[str, ...] = ()  # exact synonyms


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term that may be meant."""

    term: Term
    name: str  # the name of the term that was found
    scope: str
    score: float
    steps: tuple[str, ...]
    limit: str  # the best predicate that the steps allow
    kind: str
    asked: str = ""  # the way of saying it that was found
    chained: bool = False  # found through another ontology's names

    @property
    def order(self) -> tuple[float, int, int, str]:
        """Give the place among others: the highest score first, then the better ontology."""
        return (-round(self.score, 6), len(self.steps), rank_of(self.term.prefix), self.term.id)


def _same_letters(asked: str, found: str) -> bool:
    """Say whether letter case lets two names be one: an abbreviation is no ordinary word."""
    one, other = is_symbol(asked), is_symbol(found)
    if one == other or re.search(r"\d", asked + found):
        return True
    symbol, word = (asked, found) if one else (found, asked)
    return symbol == word or (len(symbol) > 4 and symbol.isupper() and one)


def _fitting(way: Variant, name: Name) -> tuple[str, ...] | None:
    """Give the steps between a way to say a name and a term's name, None where they are not one."""
    taken = steps(way.text, name.text)
    if taken is None or not _same_letters(way.text, name.text):
        return None
    if "word order" in taken and len(content_words(way.text)) < 2:
        return None
    is_gene = name.term.prefix in _GENES or name.scope in _SYMBOL_SCOPES
    if is_gene and (name.scope in _SYMBOL_SCOPES or name.scope == "label") and not is_symbol(way.text):
        if not re.search(r"\d", way.text):
            return None
    return taken


def _matches(index: Index, way: Variant) -> Iterator[Candidate]:
    seen: set[tuple[str, str]] = set()
    for key in keys(way.text):
        for name in index.named(key):
            term, replaced = name.term, tuple[str, ...]()
            if term.deprecated:
                living, replaced = index.living(term.id)
                if living is None:
                    continue
                term = living
            if (term.id, name.text) in seen or (way.ontologies and term.prefix not in way.ontologies):
                continue
            seen.add((term.id, name.text))
            taken = _fitting(way, name)
            if taken is None or not term.label and term.prefix != "UniProtKB":
                continue
            score = SCOPES.get(name.scope, 0.5) - price(taken) - way.price - 0.08 * bool(replaced)
            said = (*way.steps, *taken, *((f"{replaced[0]} is obsolete, {term.id} replaces it",) if replaced else ()))
            limit = "close" if replaced else way.limit
            kind = kind_of(term.id, term.kind)
            yield Candidate(term, name.text, name.scope, score, said, limit, kind, way.text)


def _wrong(request: Request, ways: Iterable[Variant], candidate: Candidate) -> bool:
    wrong = known_wrong()
    texts = {request.name, candidate.asked, *(way.text for way in ways if way.price <= 0.06)}
    return any((key, candidate.term.id) in wrong for text in texts for key in keys(text))


def _best_of_each(found: Iterable[Candidate]) -> list[Candidate]:
    best: dict[str, Candidate] = {}
    for candidate in sorted(found, key=lambda one: one.order):
        best.setdefault(candidate.term.id, candidate)
    return sorted(best.values(), key=lambda one: one.order)


def _through_genes(index: Index, found: list[Candidate]) -> Iterator[Candidate]:
    """Follow the names of the best gene or protein to the other ontologies that have it under another name."""
    strong = [one for one in found if one.term.prefix in ("HGNC", "PR") and one.score > 0.85]
    for anchor in strong[:2]:
        rivals = [one for one in found if one.term.prefix == anchor.term.prefix and one.score > anchor.score - 0.03]
        if len(rivals) > 1:
            continue
        for text, scope in index.names_of(anchor.term.id):
            if scope not in ("label", "exact") or (scope == "exact" and not is_symbol(text) and len(text) < 4):
                continue
            way = Variant(text, (*anchor.steps, f"{text} is a name of {anchor.term.id}"), 0.04, anchor.limit)
            for candidate in _matches(index, way):
                if candidate.term.prefix != anchor.term.prefix and candidate.scope in ("label", "exact", "symbol", "entry"):
                    if class_of(candidate.kind) in ("molecule", ""):
                        lower = min(candidate.score, anchor.score - 0.04)
                        yield Candidate(candidate.term, candidate.name, candidate.scope, lower, candidate.steps,
                                        candidate.limit, candidate.kind, candidate.asked, chained=True)  # fmt: skip


def find_candidates(index: Index, request: Request, *, ontologies: Collection[str] = ()) -> list[Candidate]:
    """Give the terms that may be meant by a name, the best first; each term once.

    A term that is known to be wrong for the name is not among them, nor an obsolete one.
    """
    ways = variants(request.name)
    for name in request.other_names:
        ways += [
            Variant(way.text, (f"synonym: {name}", *way.steps), way.price + 0.03, way.limit, way.ontologies, way.kind)
            for way in variants(name)
            if way.price < 0.05
        ]
    meaning = meaning_of(request.name)
    kind = request.kind or (meaning.kind if meaning else "")
    hints = {way.kind for way in ways if way.kind and way.price <= 0.03}
    kind = kind or (hints.pop() if len(hints) == 1 else "")
    found = _best_of_each(one for way in ways for one in _matches(index, way) if fits(kind, one.kind))
    if meaning:  # in this field the abbreviation has this meaning: what else bears it is not meant
        found = [one for one in found if one.steps[:1] == (f"{meaning.short} = {meaning.expansion}",)
                 or one.scope in ("exact", "related", "label", "unknown", "entry", "symbol", "alias")]  # fmt: skip
    found = _best_of_each([*found, *(one for one in _through_genes(index, found) if fits(kind, one.kind))])
    found = [one for one in found if not _wrong(request, ways, one) and one.term.id != request.identifier]
    found = [one for one in found if not _OTHER_ORGANISM.search(one.term.label)]
    return [one for one in found if not ontologies or one.term.prefix in ontologies]
