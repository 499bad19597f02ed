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

__all__ = ["BROADER_DONORS", "find_donors"]

#: A relative's cells are allogeneic cells.
BROADER_DONORS = {
    "ctmo:DonorRelatedAllogeneic": "ctmo:DonorAllogeneic",
    "ctmo:DonorUnrelatedAllogeneic": "ctmo:DonorAllogeneic",
}
#: What is autologous or allogeneic here is not the cells of the product.
_OTHER_THINGS = frozenset(
    ["serum", "plasma", "scaffold", "matrix", "platelet", "prp", "prf", "fibrin", "thrombin", "vein", "tendon", "kidney", "lung", "liver", "membrane", "dermis", "dermal", "cartilage", "skin", "fistula", "nerve", "bone", "graft", "allograft", "demineralized", "tenocyte", "implant", "corneal", "lamina", "osteochondral", "fascia", "prfm", "conditioned"]
)  # fmt: skip
_CELL_WORDS = frozenset(
    [
        "cell",
        "msc",
        "stem",
        "mononuclear",
        "marrow",
        "adipose",
        "umbilical",
        "cord",
        "mesenchymal",
        "svf",
        "stromal",
        "bmac",
        "blood",
        "derived",
        "transplantation",
        "mnc",
        "hmsc",
        "fat",
        "exosome",
        "bm",
        "wj",
        "ad",
    ]
)
#: "allo-HSCT" in a running text is the setting of the trial.
_HISTORY = frozenset(["hsct", "hematopoietic", "hct", "sct", "bmt", "pbsct"])
_TRANSPLANT = frozenset(
    ["hematopoietic", "hsct", "transplant", "transplantation", "hct", "sct", "bmt", "pbsct", "peripheral"]
)


def _of_other_thing(after: list[str]) -> bool:
    for place, word in enumerate(after[:3]):
        if word in _OTHER_THINGS:
            following = after[place + 1 : place + 2]
            return not (word in ("bone", "skin", "dermal", "fibrin", "liver") and (
                following and following[0] in ("marrow", "morrow", "derived", "cell", "aspirate", "fibroblast", "mesenchymal")
            ))  # fmt: skip
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
