"""Whose cells they are: autologous, allogeneic, of a relative, of an unrelated donor; read near cells only."""

from __future__ import annotations

from kg.grounding.candidates import Candidate
from kg.grounding.context import (
    Field,
    is_background,
    is_denied,
    is_earlier_treatment,
    left_words,
    right_words,
    sentences,
)
from kg.grounding.lookup import Record, lookup_of, to_candidate
from kg.grounding.tables import word_group

__all__ = ["BROADER_DONORS", "find_donors"]

#: A relative's cells are allogeneic cells.
BROADER_DONORS = {
    "ctmo:DonorRelatedAllogeneic": "ctmo:DonorAllogeneic",
    "ctmo:DonorUnrelatedAllogeneic": "ctmo:DonorAllogeneic",
}
#: What is autologous or allogeneic here is not the cells of the product.
_OTHER_THINGS = word_group("donors: other things")
#: These are no other things where such a word follows: "autologous bone marrow".
_ALSO_SOURCES = frozenset(["bone", "skin", "dermal", "liver"])
_THEN_CELLS = word_group("donors: then cells")
_CELL_WORDS = word_group("donors: cell words")
#: "allo-HSCT" in a running text is the setting of the trial.
_HISTORY = word_group("donors: history")
_TRANSPLANT = word_group("donors: transplant")


def _of_other_thing(after: list[str]) -> bool:
    for place, word in enumerate(after[:3]):
        if word in _OTHER_THINGS:
            following = after[place + 1 : place + 2]
            return not (word in _ALSO_SOURCES and following and following[0] in _THEN_CELLS)
        if word in _CELL_WORDS:
            return False
    return False


def find_donors(field: Field, record: Record, *, strict: bool = False) -> list[Candidate]:
    """Give the donor relations that a text states of cells.

    With `strict`, sentences that speak of other work, or of no cells at all, are passed over.
    """
    words = field.words
    spans = sentences(words)
    found: list[Candidate] = []
    for match in lookup_of("donor").find(words, record):
        if is_denied(words, match.first):
            continue
        after = right_words(words, match.last, 6)
        if _of_other_thing(after):
            continue
        near = after[:5]
        if (
            match.synonym.term in BROADER_DONORS
            and field.where in ("summary", "description")
            and any(w in _TRANSPLANT for w in after + left_words(words, match.first, 8))
        ):
            continue
        if after and after[0] in _HISTORY and field.where in ("summary", "description"):
            continue
        if any(word in _TRANSPLANT for word in near) and is_earlier_treatment(words, match.first, match.last + 4):
            continue
        first, last = next((span for span in spans if span[0] <= match.first < span[1]), (0, len(words)))
        if strict:
            if is_background(field.text[words[first].start : words[last - 1].end]):
                continue
            if not any(words[place].folded in _CELL_WORDS for place in range(first, last)):
                continue
        found.append(to_candidate("donor", match, words, field.text, field.where))
    return found
