"""Mentions of cells, from several texts -> the products that are given: what says less gives way to what says more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.grounding.candidates import Candidate
from kg.grounding.cells import SAMPLED, STEM_CELL, TRANSPLANTS, CellMention, broader_cells, compose, tissue_of
from kg.grounding.lookup import PRODUCT_NAME

__all__ = ["GroundedProduct", "culture_of", "distinct", "resolve_products", "without_broader"]

#: narrower tissue -> the tissue that it is part of.
_PART_OF = {
    "UBERON:0003422": "UBERON:0002331",
    "UBERON:0016400": "UBERON:0001013",
    "UBERON:0012167": "UBERON:0001013",
    "UBERON:0000305": "UBERON:0001987",
    "UBERON:0003124": "UBERON:0001987",
    "UBERON:0007106": "UBERON:0001987",
    "UBERON:0002450": "UBERON:0001987",
    "UBERON:0012168": "UBERON:0000178",
    "ctmo:0002142": "UBERON:0000178",
    "ctmo:0002140": "ctmo:0000161",
    "ctmo:0002141": "ctmo:0000161",
}
_CULTURED = re.compile(
    r"\b(?:ex[- ]?vivo (?:expan|cultur)\w*|culture[- ]expan\w*|expanded|cultured|cultivated|in vitro expan\w*|"
    r"passage[sd]?\b|cultivation|culture[- ]derived|cell culture)",
    re.IGNORECASE,
)
_NOT_CULTURED = re.compile(
    r"\b(?:non[- ]expanded|unexpanded|uncultured|non[- ]cultured|without (?:culture|expansion)|minimally manipulated|"
    r"not (?:cultured|expanded)|freshly isolated|same[- ]day|point[- ]of[- ]care)",
    re.IGNORECASE,
)


#: Places where what is named is what the trial gives.
_NAMING = re.compile(r"title|label|name|^text$")


@dataclass(frozen=True, slots=True)
class GroundedProduct:
    """One product: its cells, their tissue, whose they are, whether grown, and in which form they are given."""

    cell: Candidate | None
    tissue: Candidate | None = None
    donor: Candidate | None = None
    culture: str = ""  # "cultured", "not cultured"; "" is not stated
    form: Candidate | None = None


def culture_of(text: str) -> str:
    """Give whether cells were grown, where a text says so and says one thing only.

    >>> culture_of("culture-expanded MSCs"), culture_of("cells"), culture_of("non-expanded cells")
    ('cultured', '', 'not cultured')
    """
    if _NOT_CULTURED.search(text):
        return "" if _CULTURED.search(_NOT_CULTURED.sub("", text)) else "not cultured"
    return "cultured" if _CULTURED.search(text) else ""


def distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Give each term once, by its best candidate, the surest first, then in order of terms."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.term not in best or candidate.score > best[candidate.term].score:
            best[candidate.term] = candidate
    return sorted(best.values(), key=lambda one: (-one.score, one.term))


def without_broader(candidates: Sequence[Candidate], broader: Mapping[str, str]) -> list[Candidate]:
    """Leave out what a narrower candidate beside it covers."""
    covered = set()
    for candidate in candidates:
        term = candidate.term
        while term in broader:
            term = broader[term]
            covered.add(term)
    return [candidate for candidate in candidates if candidate.term not in covered]


def source_tissues(mentions: Iterable[CellMention]) -> list[Candidate]:
    """Give the tissues that are named as sources without cells beside them."""
    found = [m.tissue for m in mentions if m.cell is None and m.tissue is not None and m.tissue.term not in SAMPLED]
    return without_broader(distinct(found), _PART_OF)


_Pairs = dict[tuple[str, str], tuple[Candidate, Candidate | None]]


def _with_the_only_tissue(pairs: _Pairs, mentions: Sequence[CellMention]) -> _Pairs:
    """Give cells without a tissue the one tissue that is named, and leave out what is only named in passing."""
    tissues = {tissue.term: tissue for _, tissue in pairs.values() if tissue is not None}
    named = {m.cell.term for m in mentions if m.cell and not m.tissue and _NAMING.search(m.field.where)}
    found: _Pairs = {}
    for (term, tissue_term), (cell, tissue) in pairs.items():
        if tissue is not None:
            found[term, tissue_term] = (cell, tissue)
        elif len(tissues) == 1 and term == "CL:0000134" and not SAMPLED & set(tissues):
            only = next(iter(tissues.values()))
            together = compose(cell, only)
            found[together.term, only.term] = (together, only)
        elif term in named or term == "CL:0000134":
            found[term, ""] = (cell, None)
    return found


def _without_what_a_name_adds(mentions: Sequence[CellMention]) -> list[CellMention]:
    """Leave out cells that only the name of a product tells where the record says in its own words what they are.

    What another record says of the product must not sharpen what this one says.
    """
    own = {m.cell.term for m in mentions if m.cell is not None and m.cell.reason != PRODUCT_NAME}
    return [
        m
        for m in mentions
        if m.cell is None
        or m.cell.reason != PRODUCT_NAME
        or not own & (broader_cells().get(m.cell.term, frozenset()) - {STEM_CELL} | {m.cell.term})
    ]


def resolve_products(mentions: Sequence[CellMention], more_tissues: Sequence[Candidate] = ()) -> list[GroundedProduct]:
    """Give the products that mentions tell of together.

    Cells without a tissue take the tissue that is named apart from them; what a narrower term covers is left out.
    """
    mentions = _without_what_a_name_adds(mentions)
    pairs: _Pairs = {}
    for mention in mentions:
        if mention.cell is not None:
            key = (mention.cell.term, mention.tissue.term if mention.tissue else "")
            if key not in pairs or pairs[key][0].score < mention.cell.score:
                pairs[key] = (mention.cell, mention.tissue)
    tissues = source_tissues(mentions) or list(more_tissues)
    with_tissue = {key for key in pairs if key[1]}
    if pairs and not with_tissue and tissues:
        composed: _Pairs = {}
        for (term, _), (cell, _none) in sorted(pairs.items()):
            for tissue in tissues:
                together = compose(cell, tissue)
                if together.term != term or term in ("CL:0000134", STEM_CELL):
                    composed[together.term, tissue.term] = (together, tissue)
                else:
                    composed[term, ""] = (cell, None)
        pairs = composed
    elif with_tissue:
        pairs = _with_the_only_tissue(pairs, mentions)
    terms = {key[0] for key in pairs}
    covered = {broad for term in terms for broad in broader_cells().get(term, frozenset({STEM_CELL})) if term != broad}
    kept: list[GroundedProduct] = []
    tissue_terms = {key[1] for key in pairs if key[1]}
    parts = {_PART_OF[one] for one in tissue_terms if one in _PART_OF}
    named = {m.cell.term for m in mentions if m.cell and _NAMING.search(m.field.where)}
    for (term, tissue_term), (cell, source) in sorted(pairs.items()):
        if term in covered or (cell.score <= 0.8 and cell.reason.startswith("related") and len(pairs) > 1):
            continue
        if term in TRANSPLANTS and term not in named and len(pairs) > 1 and "composed" not in cell.reason:
            continue
        if not tissue_term and any(key[0] == term and key[1] for key in pairs):
            continue
        if tissue_term in parts and any(key[0] == term and key[1] != tissue_term for key in pairs):
            continue
        own = tissue_of(term)
        if source is None and own:
            source = Candidate(own[0], own[1], "tissue", 0.9, "named by the cells", cell.matched, cell.where)
        kept.append(GroundedProduct(cell, source))
    forms = distinct([m.form for m in mentions if m.form is not None])
    if not kept and forms:
        return [GroundedProduct(None, None, form=form) for form in forms]
    if forms and len(kept) >= 1:
        kept = [replace(product, form=forms[0]) for product in kept]
    return kept
