"""Candidates -> SSSOM rows: which relation, how sure, why. Documented rules, no weights beyond `candidates`.

Rules, in their order (`_relation`):

1. A name that is a narrow synonym, or says more than the term does, is a broadMatch, a broad synonym a narrowMatch.
   An adverse event is a relatedMatch of a name that does not say that one is meant.
2. A related synonym is a closeMatch where it is the abbreviation of the label or says most of its words; else a
   relatedMatch. A related synonym of a cell or process that is nobody else's name is a closeMatch too.
3. A gene is a closeMatch of a name that is not said to be a gene's.
4. An abbreviation that the field's own table does not know is a closeMatch where it is made of the label's initials;
   else a relatedMatch. A synonym whose scope no file tells is an exactMatch where it says most of the label's words;
   else a closeMatch if it is one word, a relatedMatch if it is several.
5. Steps that may change the meaning, and labels of former days, allow a closeMatch at best.
6. A disease whose synonym, and a heading whose entry term, shares no word with its label is a closeMatch: such names
   are often neighbours.
7. All else is an exactMatch.

From each ontology the best term is proposed; none where two terms fit alike, since nobody can say which is meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

from kg.linking.candidates import Candidate, Request, find_candidates
from kg.linking.index import Index, Term
from kg.linking.kinds import class_of, fits, kind_of, rank_of
from kg.linking.names import content_words, is_symbol
from kg.linking.own import Own
from kg.linking.variants import meaning_of

__all__ = ["EXACT_OR_CLOSE", "LEAST", "Proposal", "propose"]

#: Below this confidence nothing is proposed unless asked for.
LEAST = 0.7
#: Relations that say that two terms can be used for each other.
EXACT_OR_CLOSE = frozenset({"skos:exactMatch", "skos:closeMatch"})
#: Two terms of one ontology whose scores are nearer than this fit alike.
_ALIKE = 0.012


#: Words that many names of a kind end with.
_HEADS = frozenset({"cell", "tissue", "disease", "disorder", "syndrome", "protein", "gland"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed mapping."""

    request: Request
    predicate: str
    candidate: Candidate
    confidence: float
    justification: str
    reason: str


def _initials(text: str) -> str:
    return "".join(word[0] for word in text.replace("-", " ").split() if word and word[0].isalnum()).casefold()


def _says_most(name: str, label: str) -> bool:
    """Say whether a related synonym is the label in other words: its abbreviation, or most of its words."""
    if is_symbol(name):
        return _initials(label) == name.rstrip("s").casefold()
    one, other = content_words(name), content_words(label)
    common = one & other
    return len(one) > 1 and len(common) * 3 >= len(one | other) * 2 - 1 and len(common) >= 2


def _relation(request: Request, candidate: Candidate) -> str:
    """Choose the relation by the rules above."""
    if candidate.scope in ("narrow", "broad"):
        return "skos:broadMatch" if candidate.scope == "narrow" else "skos:narrowMatch"
    if candidate.limit in ("broad", "related"):
        if candidate.limit == "related" and request.kind == candidate.kind:
            return "skos:exactMatch"
        return f"skos:{candidate.limit}Match"
    if candidate.scope == "related" and not _says_most(candidate.name, candidate.term.label):
        return "skos:relatedMatch"
    if candidate.term.prefix == "HGNC" and request.kind != "gene":
        return "skos:closeMatch"
    letters_only = is_symbol(candidate.asked) and candidate.asked.isalpha()
    if candidate.scope == "exact" and letters_only and candidate.kind not in ("protein", "gene"):
        same = _initials(candidate.term.label) == candidate.asked.rstrip("s").casefold()
        return "skos:closeMatch" if same else "skos:relatedMatch"
    if candidate.scope == "unknown" and not _says_most(candidate.name, candidate.term.label):
        return "skos:closeMatch" if len(content_words(candidate.name)) == 1 else "skos:relatedMatch"
    if candidate.limit == "close" or candidate.scope in ("former", "related"):
        return "skos:closeMatch"
    common = content_words(candidate.name) & content_words(candidate.term.label)
    if candidate.kind == "disease" and candidate.scope != "label" and not is_symbol(candidate.name) and not common:
        return "skos:closeMatch"
    if candidate.scope == "entry" and candidate.kind not in ("protein", "gene") and not common - _HEADS:
        return "skos:closeMatch"
    return "skos:exactMatch"


def _justification(candidate: Candidate) -> str:
    if candidate.chained:
        return "semapv:CompositeMatching"
    plain = {"letter case", "letter case of a symbol", "signs", "possessive", "spaces"}
    if any(step not in plain for step in candidate.steps):
        return "semapv:LexicalSimilarityThresholdMatching"
    return "semapv:LexicalMatching"


def _confidence(candidate: Candidate, predicate: str) -> float:
    """Give the score as a confidence; a related synonym that says the label in other words is surer than others."""
    score = candidate.score
    if candidate.scope == "related" and predicate == "skos:closeMatch":
        score += 0.1
    return round(max(0.0, min(score, 0.99)), 2)


def _reason(candidate: Candidate) -> str:
    words = {"label": "its label", "entry": "an entry term", "alias": "an alias symbol", "symbol": "the gene's symbol"}
    words |= {"previous": "a previous symbol", "former": "its label in an older file"}
    words |= {"unknown": "a synonym whose scope is not stated"}
    name = words.get(candidate.scope, f"its {candidate.scope} synonym")
    steps = f" through: {'; '.join(candidate.steps)}" if candidate.steps else " as it stands"
    return f"{name} '{candidate.name}'{steps}"


def _proposal(request: Request, candidate: Candidate) -> Proposal:
    predicate = _relation(request, candidate)
    confidence = _confidence(candidate, predicate)
    return Proposal(request, predicate, candidate, confidence, _justification(candidate), _reason(candidate))


def _kind_meant(found: list[Candidate]) -> str:
    """Give the kind of entity that the best candidates agree on: that of the best ontology among them."""
    known = [one for one in found if one.kind and one.score > found[0].score - 0.05]
    return min(known, key=lambda one: (rank_of(one.term.prefix), one.order)).kind if known else ""


def _alike(best: Proposal, others: list[Proposal]) -> bool:
    """Say whether another term of the same ontology fits as well as the best, and its label no worse."""

    def common(one: Proposal) -> int:
        return len(content_words(one.request.name) & content_words(one.candidate.term.label))

    near = [one for one in others if best.confidence - one.confidence < _ALIKE and one.predicate in EXACT_OR_CLOSE]
    return any(one.candidate.scope == best.candidate.scope and common(one) >= common(best) for one in near)


def _only_name(candidate: Candidate, found: list[Candidate]) -> bool:
    """Say whether a related synonym of a cell or process is nobody else's name."""
    if candidate.scope != "related" or candidate.term.prefix not in ("CL", "GO") or candidate.steps:
        return False
    return not any(one.scope != "related" and one.score > 0.8 for one in found)


def _accepted(own: Own, index: Index, request: Request) -> list[Proposal]:
    """Give what our own tables say: the term that has the name, and its accepted mappings."""
    term = own.terms.get(request.identifier) or own.named(request.name)
    if term is None or request.identifier:
        return []
    found = []
    label = f"'{term.label}'"
    if not term.id.startswith("ctmo:"):
        living = index.term(term.id)
        if living is None or not living.deprecated:
            whole = living or Term(term.id, term.label, False, (), (), "", (), "", "")
            candidate = Candidate(whole, term.label, "label", 0.99, (), "exact", kind_of(term.id))
            reason = f"the name of our term {label}"
            found.append(Proposal(request, "skos:exactMatch", candidate, 0.99, "semapv:LexicalMatching", reason))
    for row in own.matches(term.id):
        mapped = index.term(row.object_id)
        if mapped is not None and mapped.deprecated:
            continue
        source = row.object_source.partition(":")[2]
        told = Term(row.object_id, row.object_label, False, (), (), "", (), source, row.object_source_version)
        whole = mapped or told
        candidate = Candidate(whole, row.object_label, "accepted", 0.97, (), "exact", kind_of(row.object_id))
        reason = f"accepted mapping of our term {term.id} {label}" + (f": {row.comment}" if row.comment else "")
        found.append(Proposal(request, row.predicate_id, candidate, 0.97, "semapv:MappingChaining", reason))
    return found


def propose(
    index: Index,
    request: Request,
    *,
    own: Own | None = None,
    ontologies: Collection[str] = (),
    least: float = LEAST,
    top: int = 1,
) -> list[Proposal]:
    """Give the mappings that are proposed for a name, the surest first: from each ontology the `top` best.

    With `own`, what our own tables say comes first, and nothing else is proposed from the ontologies of which they say
    something.
    """
    accepted = _accepted(own, index, request) if own else []
    accepted = [one for one in accepted if not ontologies or one.candidate.term.prefix in ontologies]
    told = {one.candidate.term.prefix for one in accepted}
    found = find_candidates(index, request, ontologies=ontologies)
    meaning = meaning_of(request.name)
    kind = request.kind or (meaning.kind if meaning else "") or _kind_meant(found)
    by_ontology: defaultdict[str, list[Proposal]] = defaultdict(list)
    for candidate in found:
        if fits(kind, candidate.kind) and candidate.term.prefix not in told:
            proposal = _proposal(request, candidate)
            if candidate.kind == "pathway" and class_of(kind) == "condition":
                proposal = replace(proposal, predicate="skos:relatedMatch")  # a pathway in the disease, not the disease
            if _only_name(candidate, found):
                proposal = replace(proposal, predicate="skos:closeMatch", confidence=round(candidate.score + 0.1, 2))
            by_ontology[candidate.term.prefix].append(proposal)
    chosen: list[Proposal] = list(accepted)
    for proposals in by_ontology.values():
        proposals.sort(key=_order)
        if top == 1 and _alike(proposals[0], proposals[1:]):
            continue
        matches = [one for one in proposals if one.confidence >= least]
        chosen += matches[:top]
    return sorted(chosen, key=_order)


def _order(proposal: Proposal) -> tuple[float, tuple[float, int, int, str]]:
    return (-proposal.confidence, proposal.candidate.order)
