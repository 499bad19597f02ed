"""A question that is pooled anew whenever the graph is built."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from kg.model.base import Curie, Finite, Record

__all__ = ["PooledQuestion"]


class PooledQuestion(Record):
    """Which outcome, at which month, on which scale, as which measure, by which method; no month or scale is any."""

    outcome: Curie
    outcome_label: str
    month: Finite | None = None
    instrument: Curie | None = None
    instrument_label: str | None = None
    measure: Annotated[Literal["MD", "SMD", "D", "RR", "OR", "RD", "PETO"], BeforeValidator(str.upper)]
    method: Annotated[Literal["reml-hk", "reml", "pm-hk", "pm", "dl-hk", "dl", "fe", "mh"], BeforeValidator(str.lower)]
