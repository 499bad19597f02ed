"""Curated studies (YAML) -> quads. Knows the file format; how a study looks in RDF is `kg.rdf`'s business."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from kg.errors import SourceError, nearest
from kg.loaders import Loaded
from kg.loaders.strict_yaml import Document, has_key, read_record
from kg.model import Product, Study, Term
from kg.rdf import graph_iri, study_quads
from kg.vocabulary import Lexicon, camel

__all__ = ["accepts", "load", "read_study", "study_and_lines"]


def accepts(path: Path, head: str) -> bool:
    """Say whether this is a study file: YAML with `id:` and `design:`."""
    return path.suffix in (".yaml", ".yml") and has_key(head, "id") and has_key(head, "design")


def read_study(path: Path, lexicon: Lexicon) -> Study:
    """Read a study file and hold it against the ontology; raise `SourceError` at the first fault."""
    return study_and_lines(path, lexicon)[0]


def study_and_lines(path: Path, lexicon: Lexicon) -> tuple[Study, Document]:
    """Read a study file as `read_study` does; the document knows on which line each field stands."""
    study, document = read_record(path, Study, lexicon)
    if study.id != path.stem:
        raise SourceError(path.name, document.line(("id",)), "id", f"found '{study.id}', expected the file's name")
    _check_ids(study, document)
    _check_arms(study, document)
    return study, document


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


def _check_ids(study: Study, document: Document) -> None:
    """Refuse an id that would name two nodes: all records of a study share one list of names."""
    own = {_name(field) for field in Study.model_fields}
    made = _made_names(study)
    first: dict[str, str] = {}
    for field, position, _, record in _records(study):
        place = f"{field}.{position}.id"
        message = ""
        if record in first:
            message = f"found '{record}', which is used twice: also at {first[record]}"
        elif re.sub(r"-\d+$", "", record) in own:
            message = f"found '{record}', expected a name that is no field of a study"
        elif record in made:
            message = f"found '{record}', which is also the name of the node made for {made[record]}"
        if message:
            raise SourceError(document.file, document.line((field, position, "id")), place, message)
        first[record] = place


def _check_arms(study: Study, document: Document) -> None:
    """Refuse a record that names an arm which the study does not have."""
    arms = [arm.id for arm in study.arms]
    for field, position, arm in study.arm_names():
        if arm not in arms:
            near = ", ".join(nearest(arm, arms) or arms) or "none"
            place = f"{field}.{position}.arm"
            line = document.line((field, position, "arm" if field != "comparisons" else "arms"))
            raise SourceError(
                document.file, line, place, f"found the arm {arm!r}, which the study has not; nearest: {near}"
            )


def load(path: Path, lexicon: Lexicon, verifications: Mapping[str, str]) -> Loaded:  # noqa: ARG001 - protocol
    """Load a study file into the graph `graph/studies/<stem>`."""
    study = read_study(path, lexicon)
    graph = graph_iri("studies", study.id)
    return Loaded(graph, list(study_quads(study, graph)), 1)
