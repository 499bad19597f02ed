"""The kinds of value that curated files hold: frozen records, controlled words, counts, numbers with their digits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

from kg import vocabulary
from kg.errors import nearest
from kg.namespaces import PREFIXES

__all__ = [
    "SLUG",
    "Analysis",
    "Certainty",
    "Count",
    "Culture",
    "Curie",
    "Direction",
    "Donor",
    "DoseBasis",
    "DoseStanding",
    "FactStatus",
    "Finding",
    "Fingerprinted",
    "Finite",
    "Hex",
    "Modality",
    "Months",
    "ReadoutDirection",
    "Record",
    "Role",
    "SearchOutcome",
    "Slug",
    "Spread",
    "StudyKind",
    "Term",
    "Verdict",
    "Words",
    "words_of",
]


def _word_of(table: dict[str, str]) -> Any:  # noqa: ANN401 - pydantic's own annotation type
    def check(word: str) -> str:
        if word not in table:
            close = nearest(word, table) or list(table)
            raise ValueError(f"found {word!r}; expected one of: {', '.join(table)}; nearest: {close[0]}")
        return word

    check.words = table  # type: ignore[attr-defined]  # schemas and shapes list the words from here
    return AfterValidator(check)


def _curie(curie: str) -> str:
    """Refuse what cannot become an IRI; the part after `#` names a record of a study."""
    shape = re.fullmatch(r"([A-Za-z]+):[\w.-]+(?:#[\w.-]+)?", curie, re.ASCII)
    if shape is None:
        raise ValueError(f"found {curie!r}; expected a CURIE such as CL:0000134 or study:gu2020")
    if shape[1] not in PREFIXES:
        close = nearest(shape[1], PREFIXES) or sorted(PREFIXES)
        raise ValueError(f"found {curie!r}, whose prefix is not one of ours; nearest: {', '.join(close)}")
    return curie


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Direction = Annotated[str, _word_of(vocabulary.DIRECTIONS)]
Role = Annotated[str, _word_of(vocabulary.ROLES)]
StudyKind = Annotated[str, _word_of(vocabulary.STUDY_KINDS)]
Modality = Annotated[str, _word_of(vocabulary.MODALITIES)]
Verdict = Annotated[str, _word_of(vocabulary.VERDICTS)]
FactStatus = Annotated[str, _word_of(vocabulary.FACT_STATUSES)]
Finding = Annotated[str, _word_of(vocabulary.FINDINGS)]
Donor = Annotated[str, _word_of(vocabulary.DONORS)]
Culture = Annotated[str, _word_of(vocabulary.CULTURES)]
DoseBasis = Annotated[str, _word_of(vocabulary.DOSE_BASES)]
DoseStanding = Annotated[str, _word_of(vocabulary.DOSE_STANDINGS)]
Analysis = Annotated[str, _word_of(vocabulary.ANALYSES)]
Certainty = Annotated[str, _word_of(vocabulary.CERTAINTIES)]
SearchOutcome = Annotated[str, _word_of(vocabulary.SEARCH_OUTCOMES)]
ReadoutDirection = Annotated[str, _word_of(vocabulary.READOUT_DIRECTIONS)]
#: What an id may be, and so the name of a file that is called after one.
SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
Slug = Annotated[str, Field(pattern=SLUG)]
Curie = Annotated[str, AfterValidator(_curie)]
Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Months = Annotated[list[Decimal], BeforeValidator(_as_list)]
Words = Annotated[list[str], BeforeValidator(_as_list)]
Count = Annotated[int, Field(ge=0)]
Finite = Annotated[Decimal, Field(allow_inf_nan=False)]


def words_of(info: FieldInfo) -> dict[str, str] | None:
    """Give the controlled words of a field with the IRI of each, or None where a field is free."""
    parts = [*info.metadata, *(part for one in get_args(info.annotation) for part in getattr(one, "__metadata__", ()))]
    tables = [getattr(part.func, "words", None) for part in parts if isinstance(part, AfterValidator)]
    return next((table for table in tables if table), None)


class Record(BaseModel):
    """Frozen; a key that nobody declared is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Term(Record):
    """An identifier with the label that the curator saw beside it."""

    id: Curie
    label: str


class Fingerprinted(Record):
    """Words held as two digests; `kg.fingerprint` makes them and finds them again."""

    tokens: Annotated[int, Field(ge=1)]
    exact: Hex
    loose_tokens: Annotated[int, Field(ge=1)]
    loose: Hex


class Spread(Record):
    """A spread with its type, as printed."""

    type: Annotated[str, _word_of(vocabulary.SPREAD_TYPES)]
    value: Finite | None = None
    low: Finite | None = None
    high: Finite | None = None

    def numbers(self) -> list[Decimal]:
        """Give the numbers of the spread that are there."""
        return [number for number in (self.value, self.low, self.high) if number is not None]
