"""What a study must keep to as a whole, beyond the shape of each record: ids that name one node, arms that are there.

Whoever makes a study, from a file or from the rows of a table, holds it against these rules; where a fault stands in
the file is the maker's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel

from kg.errors import nearest
from kg.model.base import Term
from kg.model.studies import Product, Study
from kg.vocabulary import camel

__all__ = ["study_faults"]

Location = tuple[str | int, ...]


def _name(field: str) -> str:
    return camel(field.replace("_", " "))


def _records(study: Study) -> Iterator[tuple[str, int, BaseModel, str]]:
    """Give (field, position, record, id) for every record of a study that becomes a node under its own id."""
    for field in ("arms", "results", "comparisons", "pooled", "readouts", "planned_readouts", "adverse_events"):
        for position, record in enumerate(getattr(study, field)):
            yield field, position, record, record.id


def _made_names(study: Study) -> dict[str, str]:
    """Give name -> where it comes from, for the nodes that `kg.rdf` names after the record around them."""
    made: dict[str, str] = {}
    for field, position, record, owner in _records(study):
        for part in type(record).model_fields:
            value = getattr(record, part)
            many = value if isinstance(value, list) else [value]
            for i, one in enumerate(many, 1):
                if isinstance(one, BaseModel) and not isinstance(one, (Product, Term)):  # these have IRIs of their own
                    name = f"{owner}-{_name(part)}" + (f"-{i}" if isinstance(value, list) else "")
                    made[name] = f"{field}.{position}.{part}"
    return made


def _id_faults(study: Study) -> Iterator[tuple[Location, str]]:
    own = {_name(field) for field in Study.model_fields}
    made = _made_names(study)
    first: dict[str, str] = {}
    for field, position, _, record in _records(study):
        place = (field, position, "id")
        if record in first:
            yield place, f"found '{record}', which is used twice: also at {first[record]}"
        elif re.sub(r"-\d+$", "", record) in own:
            yield place, f"found '{record}', expected a name that is no field of a study"
        elif record in made:
            yield place, f"found '{record}', which is also the name of the node made for {made[record]}"
        first.setdefault(record, f"{field}.{position}.id")


def _arm_faults(study: Study) -> Iterator[tuple[Location, str]]:
    arms = [arm.id for arm in study.arms]
    for field, position, arm in study.arm_names():
        if arm not in arms:
            near = ", ".join(nearest(arm, arms) or arms) or "none"
            place = (field, position, "arms" if field == "comparisons" else "arm")
            yield place, f"found the arm {arm!r}, which the study has not; nearest: {near}"


def study_faults(study: Study) -> Iterator[tuple[Location, str]]:
    """Give (where in the study, what is wrong): ids that would name two nodes, then arms that are not there."""
    yield from _id_faults(study)
    yield from _arm_faults(study)
