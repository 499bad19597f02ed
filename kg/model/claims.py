"""Claims: what a source says, atom by atom, with the passages that carry it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kg.model.base import (
    Certainty,
    Count,
    Curie,
    Direction,
    Fingerprinted,
    Finite,
    Modality,
    Record,
    Role,
    Slug,
    Spread,
    StudyKind,
    Term,
    Verdict,
    Words,
)

__all__ = [
    "Audit",
    "Claim",
    "ClaimsFile",
    "Context",
    "Evidence",
    "NumberRead",
    "PassageMark",
    "PathRecord",
    "Reference",
    "Source",
]


class PassageMark(Fingerprinted):
    """A fingerprint and where it stands."""

    section: str
    at: Count | None = None


class NumberRead(Record):
    """A number that the passage gives for a claim."""

    what: str
    group: str | None = None
    value: Finite | None = None
    low: Finite | None = None
    high: Finite | None = None
    operator: Literal[">=", "<=", ">", "<", "about"] | None = None
    unit: str | None = None
    events: Count | None = None
    n: Count | None = None
    spread: Spread | None = None
    comparator: str | None = None
    time: str | None = None
    notation: str | None = None  # as printed, where the print is not the number: "2·107" for 2e7, "half" for 50

    @model_validator(mode="after")
    def _events_within_n(self) -> NumberRead:
        if self.events is not None and self.n is not None and self.events > self.n:
            raise ValueError(f"events {self.events} of n {self.n}: more events than participants")
        return self

    def printed(self) -> list[str]:
        """Give every number that must stand in the passage; a notation stands there in place of its reading."""
        spread = self.spread.numbers() if self.spread else []
        read = [] if self.notation else [self.value, self.low, self.high]
        numbers = [*read, self.events, self.n, *spread]
        return [str(number) for number in numbers if number is not None]


class Evidence(Record):
    """One passage that speaks for or against a claim."""

    direction: Direction
    role: Role
    study_kind: StudyKind
    passage: PassageMark
    cites: Words = []
    study: Curie | None = None


class Context(Record):
    """What the sentence restricts the claim to. Empty means: the sentence does not say."""

    species: str | None = None
    model: str | None = None
    population: str | None = None
    condition: str | None = None
    dose: str | None = None
    time: str | None = None
    route: str | None = None
    site: str | None = None
    comparator: str | None = None
    effect: str | None = None

    def pairs(self) -> list[tuple[str, str]]:
        """Give the qualifiers that are there, as (name, words)."""
        return [(name, value) for name, value in self if value is not None]


class Audit(Record):
    """How a review's claim stands to the primary source."""

    against: Curie
    verdict: Verdict
    why: str


class Claim(Record):
    """One atomic statement of a source, in our words, with the passages that carry it."""

    id: Slug
    statement: str
    subject: Term
    relation: str
    object: Term
    modality: Modality = "asserted"
    context: Context = Context()
    numbers: list[NumberRead] = []
    evidence: Annotated[list[Evidence], Field(min_length=1)]
    audit: Audit | None = None
    note: str | None = None


class PathRecord(Record):
    """An ordered chain of claims that a source puts forward as an explanation."""

    id: Slug
    label: str
    statement: str
    steps: Annotated[list[Slug], Field(min_length=2)]
    explains: Slug | None = None
    mediation_tested: bool = False


class Reference(Record):
    """An entry of a source's list of references, or a work that its text names; what was not verified is absent."""

    id: Slug
    number: str | None = None  # as the source counts it, and `cites` of its evidence lines
    named: str  # as the text names it: "Gu et al.", "reference 15"
    title: str | None = None
    authors: Words = []
    year: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    study: Curie | None = None
    certainty: Certainty = "stated"
    note: str | None = None


class Source(Record):
    """A document, and how to recognise a copy of its text."""

    id: Slug
    title: str
    label: str  # short name for tables, e.g. "Petriv 2020"
    authors: Words = []
    kind: Literal["review", "primary study", "web page", "meta-analysis"]
    published: str | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    licence: str | None = None
    references: list[Reference] = []


class ClaimsFile(Record):
    """A file of `kg/curated/claims/`: one source and all that it claims."""

    source: Source
    claims: list[Claim]
    paths: list[PathRecord] = []
