"""By which way the cells are given. A route belongs to the substance nearest to it: that of G-CSF is not the cells'."""

from __future__ import annotations

from collections.abc import Sequence

from kg.grounding.candidates import Candidate
from kg.grounding.context import Field, is_background, is_denied, left_words, right_words, sentences
from kg.grounding.lookup import Match, Record, lookup_of, to_candidate
from kg.grounding.tables import word_group
from kg.grounding.words import Word

__all__ = ["BROADER_ROUTES", "TECHNIQUES", "VESSELS", "find_routes", "put_into"]

#: narrower -> broader: where both are read of one trial, the broader says less and is left out.
BROADER_ROUTES = {
    "ctmo:0000911": "OBI:0003561",
    "OBI:0003570": "OBI:0003561",
    "ctmo:0000923": "OBI:0003561",
    "ctmo:0000927": "OBI:0003561",
    "ctmo:0000913": "ctmo:0000912",
    "ctmo:0000914": "ctmo:0000912",
    "ctmo:0000919": "OBI:0003571",
    "MAXO:0001526": "OBI:0003571",
    "ctmo:0000970": "OBI:0003563",
    "OBI:0003562": "OBI:0003563",
    "ctmo:0000944": "ctmo:0000931",
}
#: technique -> route: where both are read, the route is what is given.
TECHNIQUES = {"ctmo:0000903": "ctmo:0000901", "ctmo:0000942": "ctmo:0000901", "ctmo:0000906": "OBI:0003562"}
#: Ways into vessels: a second one is given beside a route that is named, and told by the vessel only.
VESSELS = frozenset({"MAXO:0001525", "OBI:0003561", "ctmo:0000911", "ctmo:0000923", "ctmo:0000924", "ctmo:0000927"})
#: After the name of a route: then it names a disease, a sign or something else.
_NOT_ROUTE_AFTER = word_group("routes: not route after")
_DRUGS = word_group("routes: drugs")
_CELLS = word_group("routes: cells")
#: A strong name of a route may stand anywhere; a phrase like "into the liver" needs one of these near.
_GIVING = word_group("routes: giving")
#: "subcutaneous" beside these is where fat is taken.
_FAT = word_group("routes: fat")
_SAMPLING = word_group("routes: sampling")
_DILUENTS = frozenset(["albumin", "dextrose", "glucose", "plasma", "ringer", "saline", "serum"])
_SUSPENDED = frozenset(["diluted", "in", "mixed", "resuspended", "suspended", "with"])
_INTO = frozenset(["in", "inside", "into", "through", "to", "under", "via", "within"])
#: What is put on a wound is applied to it; an effect on the brain is none.
_ONTO = frozenset(["at", "on", "onto", "over"])
_TOPICAL = "MAXO:0001518"
_NOT_BEFORE_PLACE = frozenset(["and", "by", "for", "from", "of", "or", "patient", "with"])
_THE = frozenset(["a", "affected", "both", "each", "injured", "one", "the", "their"])
_UNDERGOES = frozenset(["are", "be", "is", "was", "were", "will"])
_PUT = word_group("routes: put")
#: What has a number in Roman letters.
_NUMBERED = word_group("routes: numbered")


def _diluents(words: Sequence[Word], span: tuple[int, int]) -> set[int]:
    """Give the places of what cells are suspended in: "in 100 ml of saline". It is given with them, not beside them."""
    return {
        place
        for place in range(*span)
        if words[place].folded in _DILUENTS and _SUSPENDED & set(left_words(words, place, 6))
    }


def _nearest(words: Sequence[Word], span: tuple[int, int], match: Match, wanted: frozenset[str]) -> tuple[int, bool]:
    """Give how far the nearest of some words is, and whether it stands behind; far away where there is none."""
    found = [
        (match.first - place, False) if place < match.first else (place - match.last + 1, True)
        for place in range(*span)
        if words[place].folded in wanted and not match.first <= place < match.last
    ]
    return min(found, default=(len(words) + 1, True))


def _belongs_to_drug(words: Sequence[Word], span: tuple[int, int], match: Match) -> bool:
    """Tell whether a drug is nearer than cells; where both are as near, the one before the route has it."""
    cells = _CELLS | {words[place].folded for place in _diluents(words, span)}
    drug = _nearest(words, span, match, _DRUGS - cells)
    return drug[0] <= len(words) and drug < _nearest(words, span, match, cells)


def put_into(words: Sequence[Word], match: Match) -> bool:
    """Tell whether a text says that something is put into a place: "injected in the treated knee", "knee is injected".

    "pain in the knee after the injection" is none: what is given must stand before the place, or be what it undergoes.
    """
    if "slip" in match.reason:
        return False
    before = left_words(words, match.first, 16)
    for back in range(1, min(len(before), 5) + 1):
        word = before[-back]
        if word in _NOT_BEFORE_PLACE or (word in _ONTO and match.synonym.term != _TOPICAL):
            break
        if word in _INTO or word in _ONTO:
            if word == "to" and back > 1 and before[1 - back] not in _THE:  # "to repair the knee"
                break
            return any(one in _PUT for one in before[max(0, len(before) - back - 10) : len(before) - back])
    after = right_words(words, match.last, 4)
    return bool(after) and after[0] in _UNDERGOES and any(word in _PUT for word in after[1:])


def _is_numeral(words: Sequence[Word], match: Match) -> bool:
    """Tell whether "IV" is the number four: "grade III-IV", "stage IV", "type IV collagen"."""
    if match.synonym.text not in ("IV", "iv") or match.last - match.first > 1:
        return False
    before = left_words(words, match.first, 2)
    if before and before[-1] in ("and", "or", "to"):
        before.pop()
    return bool(before) and before[-1] in _NUMBERED


def find_routes(field: Field, record: Record, *, strict: bool = False, weak: bool = True) -> list[Candidate]:
    """Give the routes that a text states for cells.

    Without `weak`, only names of routes count, not phrases such as "into the liver". With `strict`, sentences that
    speak of other work are passed over.
    """
    words = field.words
    spans = sentences(words)
    found: list[Candidate] = []
    for match in lookup_of("route").find(words, record):
        synonym = match.synonym
        span = next((one for one in spans if one[0] <= match.first < one[1]), (0, len(words)))
        after = right_words(words, match.last, 2)
        if (
            after
            and after[0] in _NOT_ROUTE_AFTER
            and not (after[0] in ("adipose", "fat", "tissue", "lesion", "wound") and synonym.term == "ctmo:0000915")
        ):
            continue
        if _is_numeral(words, match):
            continue
        if is_denied(words, match.first) or _belongs_to_drug(words, span, match):
            continue
        if synonym.term == "OBI:0000954" and any(words[place].folded in _FAT for place in range(*span)):
            continue
        if synonym.scope == "target" and not (weak and "title" not in field.where and put_into(words, match)):
            continue
        if synonym.scope == "related":
            if "slip" in match.reason:
                continue
            around = {
                words[place].folded for place in range(max(span[0], match.first - 9), min(span[1], match.last + 6))
            }
            if not weak or not around & _GIVING:
                continue
        if synonym.term == "ctmo:0000903" and any(words[place].folded in _SAMPLING for place in range(*span)):
            continue
        if strict and is_background(field.text[words[span[0]].start : words[span[1] - 1].end]):
            continue
        found.append(to_candidate("route", match, words, field.text, field.where))
    return found
