"""Cell products in a text: which cells, of which tissue, in which form. One mention after the other.

A tissue counts as a source only where the words say so ("umbilical cord derived ...", "isolated from bone marrow",
"bone marrow aspiration"); a tissue that cells are put into is none. What a whole trial gives is `trials`' business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg.grounding.abbreviations import CellAbbreviation, ends_like_cells, read_cell_abbreviation
from kg.grounding.candidates import Candidate
from kg.grounding.context import (
    Field,
    is_denied,
    is_earlier_treatment,
    left_words,
    right_words,
)
from kg.grounding.lookup import Match, Record, lookup_of, to_candidate
from kg.grounding.tables import read_compositions, read_synonyms, word_group
from kg.grounding.words import Word, is_break

__all__ = ["SAMPLED", "TRANSPLANTS", "CellMention", "broader_cells", "compose", "find_cells", "tissue_of"]

STEM_CELL = "CL:0000034"
#: Cord blood as it is; where other cells are taken from it, it is their tissue and no product beside them.
CORD_BLOOD = "ctmo:0000086"
#: Words that may stand between a tissue and the cells that come from it.
_BETWEEN = word_group("cells: between")
#: Before a tissue, at most a few words back: the cells were taken from it.
_FROM = word_group("cells: from")
_SOURCE_BEFORE = word_group("cells: source before")
_TAKEN = word_group("cells: taken")
#: Tissues that a record samples or treats for many reasons: a mention alone is no source.
SAMPLED = frozenset(
    {"UBERON:0000178", "UBERON:0002097", "UBERON:0001134", "UBERON:0002107", "UBERON:0000948", "UBERON:0002418",
     "UBERON:0000955", "UBERON:0002018", "UBERON:0001090", "UBERON:0006761", "UBERON:0000922", "UBERON:0001295",
     "ctmo:0000161", "ctmo:0000160", "UBERON:0001828", "UBERON:0002424", "UBERON:0005386"}
)  # fmt: skip
_SOURCE_AFTER = word_group("cells: source after")
_INTO = word_group("cells: into")
#: Beside cells that have many other parts in a record, words that say they are given.
_GIVING = word_group("cells: giving")
#: After the name of cells: they are taken away, counted or looked at.
_MEASURED = word_group("cells: measured")
#: After the name of cells: none are given ("cord blood bank", "stem cell factor", "stromal cell co-culture").
_NO_CELLS = frozenset(
    ["bank", "banking", "coculture", "deficiency", "factor", "plasma", "program", "registry", "serum"]
)
TRANSPLANTS = frozenset({"CL:0000037", "CL:0002246", "ctmo:0000086", "ctmo:0002082", "CL:0002092", "CL:0000034"})
_TRANSPLANT_WORDS = word_group("cells: transplant words")
#: Tissues that name cells only through what is done with them.
_HARVESTS = frozenset(["liposuction", "lipoaspirate", "lipoaspiration", "bma", "bmac"])


_PLURIPOTENT = frozenset({"CL:0002322", "ctmo:0000002"})
_FROM_PLURIPOTENT = "ctmo:0002119"
_CONCENTRATES = frozenset({"ctmo:0002151", "ctmo:0002150", "ctmo:0002152"})
#: Before "... cell transplantation": what the trial does comes later, and is something else.
_AFTERWARDS = frozenset(["after", "following", "post"])
#: Cells that a word before their tissue makes mesenchymal: "mesenchymal bone marrow stem cells".
_ONLY_STEM = frozenset({STEM_CELL, "ctmo:0002082", "CL:0002092"})
_MESENCHYMAL = frozenset(["mesenchymal", "mesenchyme", "mesenchymale", "stromal"])
_TISSUE_WORDS = word_group("cells: tissue words")
#: First word, word after the last, the cells, and the tissue that their name says.
_Head = tuple[int, int, Candidate, Candidate | None]


@dataclass(frozen=True, slots=True)
class CellMention:
    """One place where a record speaks of cells or of the tissue that they come from."""

    cell: Candidate | None
    tissue: Candidate | None
    form: Candidate | None
    place: int  # of the first word in its field
    last: int
    field: Field


@cache
def _composed() -> Mapping[tuple[str, str], tuple[str, str]]:
    return {(row.cell, row.tissue): (row.term, row.label) for row in read_compositions()}


@cache
def _tissues() -> Mapping[str, str]:
    """Give the tissue of each term that stands for cells of one tissue."""
    found: dict[str, str] = {}
    for row in read_compositions():
        found.setdefault(row.term, row.tissue)
    return found


@cache
def _tissue_labels() -> Mapping[str, str]:
    return {row.term: row.label for row in read_synonyms("tissue")}


@cache
def broader_cells() -> Mapping[str, frozenset[str]]:
    """Give, for each term of cells, the terms that say less of the same cells."""
    found: dict[str, set[str]] = {}
    for row in read_compositions():
        if row.term != row.cell:
            found.setdefault(row.term, set()).add(row.cell)
    found.setdefault("CL:0002568", set()).add("CL:0002569")
    for composite in ("ctmo:0000010", "ctmo:0000003", "ctmo:0000087", "ctmo:0000004", "CL:2000095"):
        found.setdefault(composite, set()).add("ctmo:0000086")
    for composite in ("ctmo:0002080", "ctmo:0002081", "ctmo:0002123", "ctmo:0000011", "CL:0002540", "ctmo:0002082"):
        found.setdefault(composite, set()).add("CL:0002092")
    for composite in ("ctmo:0002080", "ctmo:0002081", "CL:0002540", "ctmo:0000011"):
        found[composite].add("ctmo:0002082")
    found.setdefault("ctmo:0000058", set()).update({"CL:2000001", "ctmo:0000063", "CL:0002246"})
    found.setdefault("ctmo:0000056", set()).update({"CL:0000047", "CL:0011020"})
    found.setdefault("CL:2000001", set()).add("ctmo:0000063")
    closed: dict[str, frozenset[str]] = {}
    for term in sorted(found):
        seen: set[str] = set()
        todo = [term]
        while todo:
            for broader in found.get(todo.pop(), ()):
                if broader not in seen:
                    seen.add(broader)
                    todo.append(broader)
        closed[term] = frozenset(seen | {STEM_CELL})
    return closed


def tissue_of(term: str) -> tuple[str, str] | None:
    """Give the tissue, and its label, that a term of cells names."""
    tissue = _tissues().get(term)
    return (tissue, _tissue_labels()[tissue]) if tissue else None


def compose(cell: Candidate, tissue: Candidate) -> Candidate:
    """Give the term for cells of a tissue, or the cells as they are where there is none."""
    found = _composed().get((cell.term, tissue.term))
    if found is None:
        return cell
    term, label = found
    if term == cell.term:
        return cell
    reason = f"{cell.label} of {tissue.label}, put together from the words of the record"
    return Candidate(term, label, cell.kind, min(0.95, cell.score, tissue.score), reason, cell.matched, cell.where)


def _as_tissue(term: str, label: str, field: Field, matched: str, reason: str) -> Candidate:
    return Candidate(term, label, "tissue", 0.9, reason, matched, field.where)


def _between_allowed(words: Sequence[Word], first: int, last: int) -> bool:
    if last - first > 7:
        return False
    if (
        last > first
        and words[first].folded in ("and", "or")
        and not any(words[place].folded in ("derived", "origin") for place in range(first, last))
    ):
        return False
    return all(
        words[place].folded in _BETWEEN or words[place].raw.isupper() or len(words[place].raw) <= 2
        for place in range(first, last)
    ) and not any(is_break(words[place].gap) for place in range(first, min(last + 1, len(words))))


def _given(words: Sequence[Word], match: Match) -> bool:
    around = left_words(words, match.first, 4) + right_words(words, match.last, 4)
    return any(word in _GIVING and not (word == "graft" and "host" in around) for word in around)


def _is_source(words: Sequence[Word], match: Match) -> bool:
    """Tell whether the words around a tissue say that something was taken from it."""
    own = {words[place].folded for place in range(match.first, match.last)}
    if own & _HARVESTS or (len(own) > 1 and own & _SOURCE_AFTER):
        return True
    after = right_words(words, match.last, 2)
    if after and (after[0] in _SOURCE_AFTER or (len(after) > 1 and after[1] in _SOURCE_AFTER and after[0] != "into")):
        return True
    before = left_words(words, match.first, 5)
    if any(word in _INTO for word in before[-2:]):
        return False
    return any(word in _SOURCE_BEFORE for word in before)


def _from_before(words: Sequence[Word], cell_last: int, tissue_first: int) -> bool:
    """Tell whether a tissue after cells is where they come from: "cells isolated from the patient's bone marrow"."""
    if tissue_first - cell_last > 14 or tissue_first < cell_last:
        return False
    between = [words[place].folded for place in range(cell_last, tissue_first)]
    if any(is_break(words[place].gap) for place in range(cell_last + 1, tissue_first + 1) if place < len(words)):
        return False
    near = between[-6:]
    if not near or any(word in _INTO for word in near[-2:]):
        return False
    if near[-1] in ("of", "from") or (len(near) > 1 and near[-2] == "of"):
        return len(between) <= 4 or near[-1] == "from" or any(word in _SOURCE_BEFORE for word in near)
    return any(word in _SOURCE_BEFORE for word in near)


def find_cells(field: Field, record: Record, *, given: bool = False) -> list[CellMention]:
    """Give the mentions of cells and of source tissues in a text.

    With `given`, cells count only where words beside them say that they are given: for texts that tell much else.
    """
    words = field.words
    found: list[CellMention] = []
    if not words:
        return found
    cells = lookup_of("cell source").find(words, record)
    tissues = lookup_of("tissue").find(words, record)
    forms = lookup_of("product form").find(words, record)
    heads: list[_Head] = []
    for match in cells:
        if not _counts(words, match, field) or (given and not _given(words, match)):
            continue
        candidate = _as_mesenchymal(words, match, to_candidate("cell source", match, words, field.text, field.where))
        inside = next((one for one in tissues if match.first <= one.first and one.last <= match.last), None)
        own = tissue_of(candidate.term)
        tissue = _as_tissue(*own, field, candidate.matched, "named by the cells") if own else None
        if (
            inside is not None
            and own
            and _composed().get(("CL:0000134", inside.synonym.term), ("", ""))[0] == candidate.term
        ):
            tissue = to_candidate("tissue", inside, words, field.text, field.where)
        heads.append((match.first, match.last, candidate, tissue))
    for short in _abbreviations(words, record):
        if is_denied(words, short.first):
            continue
        matched = field.text[words[short.first].start : words[short.last - 1].end]
        candidate = Candidate(short.cell, short.cell_label, "cell source", 0.9, short.reason, matched, field.where)
        tissue = _as_tissue(short.tissue, _tissue_labels()[short.tissue], field, matched, short.reason) if (
            short.tissue) else None  # fmt: skip
        # a name of the table that is part of the abbreviation says less
        heads = [head for head in heads if head[1] <= short.first or head[0] >= short.last]
        heads.append((short.first, short.last, candidate, tissue))
    heads = _derived(words, sorted(heads, key=lambda head: (head[0], head[1])))
    used: set[int] = set()
    for first, last, candidate, own_tissue in heads:
        tissue = own_tissue
        cell = candidate
        if own_tissue is None or own_tissue.term == "UBERON:0002331":
            source = _nearest_tissue(words, tissues, first, last)
            if source is not None and (own_tissue is None or source.synonym.term == "UBERON:0003422"):
                tissue = to_candidate("tissue", source, words, field.text, field.where)
                used.add(source.first)
        if tissue is not None:
            cell = compose(candidate, tissue)
        form = next(
            (
                to_candidate("product form", one, words, field.text, field.where)
                for one in forms
                if -6 <= one.first - last <= 4 and not is_denied(words, one.first)
            ),
            None,
        )
        found.append(CellMention(cell, tissue, form, first, last, field))
    found = [m for m in found if m.cell is None or m.cell.term != CORD_BLOOD or m.place not in used]
    covered = {place for first, last, _, _ in heads for place in range(first, last)}
    for other in tissues:
        if other.first in used or other.first in covered or is_denied(words, other.first):
            continue
        if _is_source(words, other):
            candidate = to_candidate("tissue", other, words, field.text, field.where)
            found.append(CellMention(None, candidate, None, other.first, other.last, field))
    near = [(mention.place, mention.last) for mention in found if mention.form]
    for one in forms:
        if not any(first - 7 <= one.first <= last + 7 for first, last in near) and not is_denied(words, one.first):
            form = to_candidate("product form", one, words, field.text, field.where)
            found.append(CellMention(None, None, form, one.first, one.last, field))
    return sorted(found, key=lambda mention: mention.place)


def _counts(words: Sequence[Word], match: Match, field: Field) -> bool:
    """Tell whether cells that are named are given, and not denied, history or one of many in a list of tests."""
    if is_denied(words, match.first) or any(word in _NO_CELLS for word in right_words(words, match.last, 1)):
        return False
    if match.synonym.note == "product words":
        named = field.where.startswith("intervention") and field.where.endswith("name")
        if not (named or field.where == "text" or _given(words, match)):
            return False
        if any(word in _MEASURED for word in right_words(words, match.last, 1)):
            return False
    term = match.synonym.term
    if term not in TRANSPLANTS and _AFTERWARDS & set(left_words(words, match.first, 3)):
        return not any(word in ("transplant", "transplantation") for word in right_words(words, match.last, 1))
    if term in TRANSPLANTS:
        near = [word.folded for word in words[match.first : match.last]] + right_words(words, match.last, 2)
        if any(word in _TRANSPLANT_WORDS for word in near) and is_earlier_treatment(words, match.first, match.last):
            return False
    return True


def _as_mesenchymal(words: Sequence[Word], match: Match, cell: Candidate) -> Candidate:
    """Read "mesenchymal" and "stromal" where the tissue stands between them and the cells."""
    if cell.term not in _ONLY_STEM:
        return cell
    before = left_words(words, match.first, 6)
    while before and before[-1] in _TISSUE_WORDS:
        before.pop()
    if not before or before[-1] not in _MESENCHYMAL:
        return cell
    made = replace(cell, term="CL:0000134", label=_labels()["CL:0000134"], reason="mesenchymal cells, tissue between")
    own = tissue_of(cell.term)
    return compose(made, replace(made, term=own[0], label=own[1], kind="tissue")) if own else made


def _derived(words: Sequence[Word], heads: list[_Head]) -> list[_Head]:
    """Read cells beside cells: what pluripotent cells become is given, and what a concentrate contains is not apart."""
    kept: list[_Head] = []
    for place, head in enumerate(heads):
        first, last, cell, _tissue = head
        following = heads[place + 1] if place + 1 < len(heads) else None
        if cell.term in _PLURIPOTENT and following is not None and following[0] - last <= 5:
            between = {words[index].folded for index in range(last, following[0])}
            if between & {"derived", "differentiated", "derive"}:
                if following[2].term == "CL:0000134":
                    reason = "mesenchymal cells that the record derives from pluripotent cells"
                    made = replace(
                        following[2], term=_FROM_PLURIPOTENT, label=_labels()[_FROM_PLURIPOTENT], reason=reason
                    )
                    heads[place + 1] = (following[0], following[1], made, None)
                continue
        if kept and kept[-1][2].term in _CONCENTRATES and cell.term in ("CL:0000134", STEM_CELL, "CL:0002540"):
            between = {words[index].folded for index in range(kept[-1][1], first)}
            if first - kept[-1][1] <= 8 and between & {"containing", "contain", "rich", "including", "enriched"}:
                continue
        kept.append(head)
    return kept


@cache
def _labels() -> Mapping[str, str]:
    return {row.term: row.label for row in read_synonyms("cell source")}


def _nearest_tissue(words: Sequence[Word], tissues: Sequence[Match], first: int, last: int) -> Match | None:
    """Give the tissue that cells at words `first` to `last` are said to come from; the nearest one wins."""
    before = [one for one in tissues if one.last <= first and _between_allowed(words, one.last, first)]
    if before:
        nearest = before[-1]
        if nearest.synonym.term == "UBERON:0002331":  # Wharton's jelly of the cord says more than the cord
            return next((one for one in before if one.synonym.term == "UBERON:0003422"), nearest)
        return nearest
    after = [
        one
        for one in tissues
        if one.first >= last
        and _from_before(words, last, one.first)
        and (one.synonym.term not in SAMPLED or any(w in _TAKEN for w in left_words(words, one.first, 4)))
    ]
    jelly = next((one for one in after if one.synonym.term == "UBERON:0003422"), None)
    return jelly or (after[0] if after else None)


def _abbreviations(words: Sequence[Word], record: Record) -> list[CellAbbreviation]:
    found: list[CellAbbreviation] = []
    free = 0  # words before this one are used up
    for end, word in enumerate(words):
        if not ends_like_cells(word.raw):
            continue
        for place in range(max(free, end - 2), end + 1):
            short = read_cell_abbreviation(words, place, record)
            if short is not None:
                found.append(short)
                free = short.last
                break
    return found
