"""A name -> the terms that may be meant, each with its score and the reason. Proposes no predicate.

The score starts with how a name belongs to its term (`SCOPES`), and each step between the name that was asked for and
the name that was found takes its price off.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

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
#: A step that puts a word to a name that tells the kind of entity, or takes one away.
_DECORATION = re.compile(
    r"phrase: \{x\}(?: (?!signaling|pathway|assay|design|AE|adverse|study|experiment|trial)\w+)?"
    r" = \{x\}(?!.*signaling).*"
)
#: Headings of families of proteins.
_FAMILY = re.compile(r"(?:Factors|Proteins|Family)$")
#: Ontologies that put a word for the method or its evidence to a name.
_METHODS = frozenset({"OBI", "ECO", "CTO"})
_MOLECULES = frozenset({"protein", "gene"})
#: The ontologies whose exact names may lead to terms of others.
_ANCHORS = frozenset({"CL", "UBERON", "GO", "MONDO", "HP", "PR", "HGNC", "MAXO", "OBI"})
_CHAINED_SCOPES = frozenset({"label", "exact", "symbol", "entry"})
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
    replaced: bool = False  # an obsolete term has the name, and this one replaces it
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
    if "plural" in taken and is_symbol(way.text) and way.text.isupper():
        return None  # the S of an abbreviation is a word of its own
    is_gene = name.term.prefix in _GENES or name.scope in _SYMBOL_SCOPES
    if (
        name.scope in _SYMBOL_SCOPES
        and way.text.isalpha()
        and way.text.removesuffix("s") != name.text.removesuffix("s")
    ):
        return None
    by_symbol = is_gene and (name.scope in _SYMBOL_SCOPES or name.scope == "label")
    if by_symbol and not is_symbol(way.text) and not re.search(r"\d", way.text):
        return None  # an ordinary word is no symbol
    return taken


def _matches(index: Index, way: Variant) -> Iterator[Candidate]:
    seen: set[tuple[str, str]] = set()
    for key in keys(way.text):
        for name in index.named(key):
            if (name.term.id, name.text) in seen:
                continue
            seen.add((name.term.id, name.text))
            term, replaced = name.term, tuple[str, ...]()
            if term.deprecated:
                living, replaced = index.living(term.id)
                if living is None:
                    continue
                term = living
            if way.ontologies and term.prefix not in way.ontologies:
                continue
            taken = _fitting(way, name)
            if taken is None or (not term.label and term.prefix != "UniProtKB"):
                continue
            score = SCOPES.get(name.scope, 0.5) - price(taken) - way.price - 0.08 * bool(replaced)
            said = (*way.steps, *taken, *((f"{replaced[0]} is obsolete, {term.id} replaces it",) if replaced else ()))
            limit = "close" if replaced else way.limit
            if replaced and not content_words(way.text) & content_words(term.label):
                continue  # the term that replaces it has another meaning
            kind = kind_of(term.id, term.kind)
            yield Candidate(term, name.text, name.scope, score, said, limit, kind, way.text, bool(replaced))


def _decorated(candidate: Candidate) -> bool:
    """Say whether a word that tells the kind was put to the name, or taken from it."""
    return any(_DECORATION.fullmatch(step) for step in candidate.steps)


def _is_record_of(candidate: Candidate, name: str) -> bool:
    """Say whether a term is the measurement of what was asked for, or the section of a document on it."""
    label, asked = candidate.term.label.casefold(), name.casefold()
    return any(label.endswith(f" {word}") and word not in asked for word in ("measurement", "section"))


def _is_family(candidate: Candidate) -> bool:
    """Say whether a heading in the plural is on the family of a protein that was asked for."""
    return (
        candidate.term.prefix == "MESH"
        and "plural" in candidate.steps
        and _FAMILY.search(candidate.term.label) is not None
    )


def _drop_decorated(found: list[Candidate], kind: str) -> list[Candidate]:
    """Leave out "blood cell" for "blood" where the name itself is a term, of another kind."""
    plain = {one.kind for one in found if one.kind and one.score > 0.9 and not _decorated(one)}
    there = {one.term.prefix for one in found if one.score > 0.9 and not _decorated(one)}
    conditions = {"phenotype", "disease", "adverse event"}
    if class_of(kind) != "work" and not any(class_of(one) == "work" for one in plain):
        # "growth factor assay" is no growth factor, and nothing says that a method is asked for
        found = [one for one in found if not (_decorated(one) and one.term.prefix in _METHODS)]
    if not plain:
        return found
    return [
        one
        for one in found
        if not _decorated(one)
        or (one.term.prefix not in there and one.kind in plain)
        or (one.kind == "adverse event" and plain & conditions)
    ]


def _drop_doubtful_symbols(found: list[Candidate], kind: str) -> list[Candidate]:
    """Leave out genes that have the name as an alias only, where it may as well be any abbreviation, or a family's."""
    families = any(one.term.prefix == "FPLX" and one.score > 0.9 for one in found)
    proteins = any(one.term.prefix == "PR" and one.score > 0.85 for one in found)
    sure = not families and (class_of(kind) == "molecule" or proteins)
    return [one for one in found if one.scope not in ("alias", "previous") or sure
            or not (one.name.isalpha() or (families and one.scope == "previous"))]  # fmt: skip


def _wrong(request: Request, ways: Iterable[Variant], candidate: Candidate) -> bool:
    wrong = known_wrong()
    texts = {request.name, candidate.asked, *(way.text for way in ways if way.price <= 0.06)}
    return any((key, candidate.term.id) in wrong for text in texts for key in keys(text))


def _best_of_each(found: Iterable[Candidate]) -> list[Candidate]:
    best: dict[str, Candidate] = {}
    for candidate in sorted(found, key=lambda one: one.order):
        best.setdefault(candidate.term.id, candidate)
    return sorted(best.values(), key=lambda one: one.order)


def _anchors(found: list[Candidate]) -> list[Candidate]:
    """Give the candidates whose other names may lead on: sure ones, by their label, or genes and proteins."""
    anchors = []
    for one in found:
        if one.term.prefix not in _ANCHORS or one.score < 0.85 or _decorated(one):
            continue
        rivals = [each for each in found if each.term.prefix == one.term.prefix and each.score > one.score - 0.03]
        by_label = one.scope == "label" and one.limit == "exact" and one.score > 0.93
        if len(rivals) == 1 and (by_label or one.kind in _MOLECULES):
            anchors.append(one)
    return sorted(anchors, key=lambda one: one.order)[:2]


def _through_names(index: Index, found: list[Candidate]) -> Iterator[Candidate]:
    """Follow the exact names of the best terms to ontologies that have the thing under another name."""
    for anchor in _anchors(found):
        is_molecule = anchor.kind in _MOLECULES
        for text, scope in index.names_of(anchor.term.id):
            if scope not in ("label", "exact") or len(text) < 3:
                continue
            said = (*anchor.steps, f"{text} is a name of {anchor.term.id}")
            limit = anchor.limit if is_molecule and (is_symbol(text) or scope == "label") else "close"
            ways = [Variant(text, said, 0.06 if is_symbol(text) or scope == "label" else 0.07, limit)]
            if is_molecule and is_symbol(text):
                ways.append(Variant(f"{text} antigen", said, 0.06, limit, frozenset({"MESH"})))
            for way in ways:
                for one in _matches(index, way):
                    if one.term.prefix == anchor.term.prefix or one.scope not in _CHAINED_SCOPES:
                        continue
                    same = one.kind in _MOLECULES if is_molecule else bool(one.kind) and fits(anchor.kind, one.kind)
                    if same and (is_molecule or one.scope == "label") and not one.replaced:
                        yield replace(one, score=min(one.score, anchor.score - 0.05), chained=True)


def _through_mappings(index: Index, found: list[Candidate]) -> Iterator[Candidate]:
    """Follow what tables of mappings, and the cross-references of the ontology itself, say of the best terms."""
    for anchor in _anchors(found):
        told = [
            (predicate, other) for predicate, other in index.mapped(anchor.term.id) if predicate == "skos:exactMatch"
        ]
        for _, other in told:
            term = index.term(other)
            if term is not None and term.label and not term.deprecated and term.prefix != anchor.term.prefix:
                said = (*anchor.steps, f"{anchor.term.id} is mapped to it as an exact match")
                score = anchor.score - 0.06
                yield Candidate(term, term.label, "label", score, said, anchor.limit, kind_of(term.id, term.kind),
                                anchor.asked, chained=True)  # fmt: skip


def _add_chained(index: Index, found: list[Candidate], kind: str) -> list[Candidate]:
    """Add what other names and mappings lead to, for the ontologies that have nothing of the name itself."""
    there = {one.term.prefix for one in found if one.score > 0.85 and one.limit == "exact" and not _decorated(one)}
    there |= {one.term.prefix for one in found if one.score > 0.85 and one.kind in _MOLECULES}
    known = {one.term.id for one in found}
    chained = [
        one
        for one in _best_of_each([*_through_mappings(index, found), *_through_names(index, found)])
        if fits(kind, one.kind) and (one.term.prefix not in there) and one.term.id not in known
    ]
    forbidden = {
        other for one in _anchors(found) for predicate, other in index.mapped(one.term.id) if predicate == "Not"
    }
    return _best_of_each([*(one for one in found if one.term.id not in forbidden),
                          *(one for one in chained if one.term.id not in forbidden)])  # fmt: skip


def find_candidates(index: Index, request: Request, *, ontologies: Collection[str] = ()) -> list[Candidate]:
    """Give the terms that may be meant by a name, the best first; each term once.

    A term that is known to be wrong for the name is not among them, nor an obsolete one.
    """
    ways = variants(request.name)
    for name in request.other_names:
        if is_symbol(name) and name.isalpha() and class_of(request.kind) != "molecule":
            continue  # an abbreviation beside the whole name says nothing more, and may mean something else
        ways += [
            Variant(way.text, (f"synonym: {name}", *way.steps), way.price + 0.03, way.limit, way.ontologies, way.kind)
            for way in variants(name)
            if way.price < 0.05
        ]
    meaning = meaning_of(request.name)
    if meaning and request.kind and class_of(meaning.kind) != class_of(request.kind):
        meaning = None  # the user says that something else is meant
    kind = request.kind or (meaning.kind if meaning else "")
    hints = {way.kind for way in ways if way.kind and way.price <= 0.03}
    kind = kind or (hints.pop() if len(hints) == 1 else "")
    found = _best_of_each(one for way in ways for one in _matches(index, way) if fits(kind, one.kind))
    if meaning:  # in this field the abbreviation has this meaning: what else bears it is not meant
        expanded = f"{meaning.short} = {meaning.expansion}"
        found = [one for one in found if expanded in one.steps or class_of(one.kind) == class_of(meaning.kind)]
    found = [one for one in _drop_doubtful_symbols(found, kind) if not _wrong(request, ways, one)]
    found = _add_chained(index, _drop_decorated(found, kind), kind)
    found = [one for one in found if not _wrong(request, ways, one) and one.term.id != request.identifier]
    found = [one for one in found if not _is_record_of(one, request.name)]
    if any(one.term.prefix in ("PR", "HGNC") and one.score > 0.85 for one in found):
        found = [replace(one, limit="broad") if _is_family(one) else one for one in found]
    found = [one for one in found if one.kind != "relation" or kind == "relation"]
    found = [one for one in found if not _OTHER_ORGANISM.search(one.term.label)]
    return [one for one in found if not ontologies or one.term.prefix in ontologies]
