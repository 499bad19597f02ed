"""Curated studies (YAML) -> quads. Knows the file format; how a study looks in RDF is `kg.rdf`'s business."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.errors import SourceError
from kg.loaders import Loaded
from kg.loaders.strict_yaml import Document, has_key, read_record
from kg.model import Study
from kg.model.study_checks import study_faults
from kg.rdf import graph_iri, study_quads
from kg.vocabulary import Lexicon

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
    for location, message in study_faults(study):
        raise SourceError(path.name, document.line(location), ".".join(map(str, location)), message)
    return study, document


def load(path: Path, lexicon: Lexicon, verifications: Mapping[str, str]) -> Loaded:  # noqa: ARG001 - protocol
    """Load a study file into the graph `graph/studies/<stem>`."""
    study = read_study(path, lexicon)
    graph = graph_iri("studies", study.id)
    return Loaded(graph, list(study_quads(study, graph)), 1)
