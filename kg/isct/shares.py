"""One cell of a table -> what it says of a share of cells, or of a test: numbers are decimals, never floating point.

A bound stays a bound: "<5" does not say that a share is at most 2. What cannot be read is refused with its place.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from kg.errors import SourceError

__all__ = ["Place", "Share", "read_answer", "read_share"]

_NUMBER = r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
_PERCENT = r"\s*%?"
_MOST_DECIMALS = 12

#: How people write a bound -> the property that holds it.
_BOUNDS = {
    **dict.fromkeys([">", "greater than", "more than", "higher than", "above", "over"], "percentAbove"),
    **dict.fromkeys([">=", "=>", "≥", "⩾", "at least", "minimum", "min", "not less than"], "percentAtLeast"),
    **dict.fromkeys(["<", "less than", "fewer than", "lower than", "below", "under"], "percentBelow"),
    **dict.fromkeys(["<=", "=<", "≤", "⩽", "at most", "maximum", "max", "not more than", "up to"], "percentAtMost"),
}
_SIGN = "|".join(re.escape(sign) for sign in sorted(_BOUNDS, key=len, reverse=True))
_MEAN = r"(?:average|mean|avg\.?|=)?\s*"
_EXACT = re.compile(rf"{_MEAN}{_NUMBER}{_PERCENT}")
_SPREAD = re.compile(rf"{_MEAN}{_NUMBER}{_PERCENT}\s*(?:±|\+/-|\+-)\s*{_NUMBER}{_PERCENT}")
_BOUND = re.compile(rf"({_SIGN})\s*{_NUMBER}{_PERCENT}")
_RANGE = re.compile(rf"{_NUMBER}{_PERCENT}\s*(?:-|to)\s*{_NUMBER}{_PERCENT}")
_WORD_AND_NUMBER = re.compile(r"(?:positive|negative|pos|neg)\.?\s*[(:,]?\s*([^()]*[0-9][^()]*?)\)?")

_NOT_MEASURED = {"", "na", "n/a", "n.a.", "nr", "n.r.", "nt", "n.t.", "not reported", "not tested", "not measured"}
_NOT_MEASURED |= {"not done", "not determined", "not available", "not stated", "unknown", "?"}
_WORDS = {"positive": "positive", "pos": "positive", "pos.": "positive", "+": "positive", "++": "positive"}
_WORDS |= {"+++": "positive", "negative": "negative", "neg": "negative", "neg.": "negative", "-": "negative"}
_YES = {"yes", "y", "true", "1", "+", "++", "+++", "positive", "pos", "shown", "confirmed", "demonstrated", "adherent"}
_NO = {"no", "n", "false", "0", "-", "negative", "neg", "not shown", "failed", "absent", "not adherent", "non-adherent"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands, for what has to be said about it."""

    file: str
    line: int
    column: str

    def refuse(self, found: str, expected: str, nearest: str = "") -> SourceError:
        """Give the error for what cannot be taken."""
        shown = found if len(found) <= 40 else found[:37] + "..."
        near = f"; nearest: {nearest}" if nearest else ""
        return SourceError(self.file, self.line, self.column, f"found {shown!r}, expected {expected}{near}")


@dataclass(frozen=True, slots=True)
class Share:
    """What a table says of the share of cells that carry a marker: the words, and the bounds they set."""

    text: str
    bounds: tuple[tuple[str, Decimal], ...] = ()  # local name of the property -> percent; none for a mere word


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-")  # the sign for minus
    return " ".join(re.sub("[\u2010-\u2015]", "-", plain).casefold().split())


def _decimal(digits: str, place: Place, text: str) -> Decimal:
    whole, _, decimals = digits.partition(".")
    if len(whole.lstrip("0")) > 3 or Decimal(digits) > 100:
        raise place.refuse(text, "a percentage from 0 to 100")
    if len(decimals) > _MOST_DECIMALS:
        near = f"{Decimal(digits):.2f}"
        raise place.refuse(text, f"a percentage with at most {_MOST_DECIMALS} decimals", near)
    return Decimal(digits)


def _explain(folded: str, text: str, place: Place) -> SourceError:
    """Say what is wrong with a text that is no share."""
    percentage = "a percentage from 0 to 100 such as 97.5"
    comma = re.search(r"[0-9]+,[0-9]+", folded)
    if comma:
        return place.refuse(text, "a point before the decimals", comma.group().replace(",", "."))
    if re.fullmatch(r"[-+]?(nan|inf|infinity)", folded) or folded.startswith("#"):
        return place.refuse(text, f"{percentage}, or an empty cell for what was not measured")
    if re.fullmatch(rf"-\s*{_NUMBER}{_PERCENT}", folded):
        return place.refuse(text, "a percentage from 0 to 100", folded.lstrip("- "))
    if re.fullmatch(rf"{_NUMBER}e[-+]?[0-9]+", folded):
        return place.refuse(text, f"{percentage}, without an exponent")
    if re.fullmatch(rf"(~|ca\.?|circa|about|approx\.?|approximately|≈)\s*{_NUMBER}{_PERCENT}", folded):
        return place.refuse(text, "a number or a bound; what is about 95 decides nothing", "a range such as 94-96")
    if folded in ("nd", "n.d."):
        return place.refuse(text, "NA for what was not measured, or 'negative' for what was not detected")
    return place.refuse(text, f"{percentage}, a bound (>95, <=2), a range (95-98), positive, negative or NA")


def read_share(text: str, place: Place) -> Share | None:
    """Give what a cell says of a share, or None where it says that nothing was measured.

    >>> read_share(" >95 % ", Place("x.csv", 2, "CD73"))
    Share(text='>95 %', bounds=(('percentAbove', Decimal('95')),))
    >>> read_share("NR", Place("x.csv", 2, "CD73")) is None
    True
    """
    words, folded = " ".join(text.split()), _folded(text)
    if folded in _NOT_MEASURED:
        return None
    if any(unicodedata.category(sign) == "No" for sign in text):  # 1.2 with the mark of a footnote is not 1.21
        raise place.refuse(words, "a plain number, without raised digits or fractions")
    if folded in _WORDS:
        return Share(words if len(words) > 2 else _WORDS[folded])
    inner = _WORD_AND_NUMBER.fullmatch(folded)
    if inner:
        folded = inner.group(1).strip()
        if words.casefold().startswith("neg") and not folded.startswith(("<", "≤", "⩽", "less", "below", "at most")):
            raise place.refuse(
                words, "the share of positive cells; this may be that of the negative ones", "negative (<2)"
            )
    exact = _EXACT.fullmatch(folded) or _SPREAD.fullmatch(folded)
    if exact:
        return Share(words, (("percentPositive", _decimal(exact.group(1), place, words)),))
    bound = _BOUND.fullmatch(folded)
    if bound:
        name, number = _BOUNDS[bound.group(1)], _decimal(bound.group(2), place, words)
        if (name, number) in (("percentAbove", Decimal(100)), ("percentBelow", Decimal(0))):
            raise place.refuse(words, "a bound that a percentage can keep")
        return Share(words, ((name, number),))
    between = _RANGE.fullmatch(folded)
    if between:
        low, high = (_decimal(digits, place, words) for digits in between.groups())
        if low > high:
            raise place.refuse(words, "the lower number first", f"{high}-{low}")
        return Share(words, (("percentAtLeast", low), ("percentAtMost", high)))
    raise _explain(folded, words, place)


def read_answer(text: str, place: Place) -> bool | None:
    """Give yes, no, or None for a test that was not done or not reported.

    >>> [read_answer(word, Place("x.csv", 2, "adherence")) for word in ("Yes", "-", "NA")]
    [True, False, None]
    """
    folded = _folded(text)
    if folded in _NOT_MEASURED:
        return None
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise place.refuse(" ".join(text.split()), "yes, no or NA")
