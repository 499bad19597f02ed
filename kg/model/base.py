"""The kinds of value that curated files hold: frozen records, controlled words, counts, numbers with their digits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from kg import vocabulary
from kg.errors import nearest
from kg.namespaces import PREFIXES

__all__ = [
    "SLUG",
    "Count",
    "Culture",
    "Curie",
    "Direction",
    "Donor",
    "DoseBasis",
    "FactStatus",
    "Finding",
    "Finite",
    "Hex",
    "Modality",
    "Months",
    "ReadoutDirection",
    "Record",
    "Role",
    "Slug",
    "Spread",
    "StudyKind",
    "Term",
    "Verdict",
    "Words",
]


def _word_of(table: dict[str, str]) -> Any:  # noqa: ANN401 - pydantic's own annotation type
    def check(word: str) -> str:
        if word not in table:
            close = nearest(word, table) or list(table)
            raise ValueError(f"found {word!r}; expected one of: {', '.join(table)}; nearest: {close[0]}")
        return word

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


class Record(BaseModel):
    """Frozen; a key that nobody declared is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Term(Record):
    """An identifier with the label that the curator saw beside it."""

    id: Curie
    label: str


class Spread(Record):
    """A spread with its type, as printed."""

    type: Annotated[str, _word_of(vocabulary.SPREAD_TYPES)]
    value: Finite | None = None
    low: Finite | None = None
    high: Finite | None = None
