"""The evidence gap map: its groups, and the searches that tell an empty cell from one nobody looked into."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kg.model.base import Curie, Record, SearchOutcome, Slug

__all__ = ["Axis", "MapGroup", "Search"]

Axis = Literal["domain", "product", "design"]


class MapGroup(Record):
    """One term of a group of the map: outcomes of a domain, cells of a product, study designs that are alike."""

    axis: Axis
    group: str
    term: Curie
    label: str


class Search(Record):
    """A search that was made, with what it found; an empty axis stands for any group of it."""

    product: str | None = None
    domain: str | None = None
    design: str | None = None
    where: str
    query: str
    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    outcome: SearchOutcome
    found: list[Slug] = []
    note: str | None = None
