"""Curated studies (YAML) -> quads. Knows the file format; how a study looks in RDF is `kg.rdf`'s business."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.errors import SourceError
from kg.loaders import Loaded
from kg.loaders.strict_yaml import read_record
from kg.model import Study
from kg.rdf import graph_iri, study_quads
from kg.vocabulary import Lexicon

__all__ = ["accepts", "load", "read_study"]


def accepts(path: Path, head: str) -> bool:
    """Say whether this is a study file: YAML with `id:` and `design:`."""
    lines = head.splitlines()
    return path.suffix in (".yaml", ".yml") and all(
        any(line.startswith(key) for line in lines) for key in ("id:", "design:")
    )


def read_study(path: Path, lexicon: Lexicon) -> Study:
    """Read a study file and hold it against the ontology; raise `SourceError` at the first fault."""
    study, document = read_record(path, Study, lexicon)
    if study.id != path.stem:
        raise SourceError(path.name, document.line(("id",)), "id", f"found '{study.id}', expected the file's name")
    return study


def load(path: Path, lexicon: Lexicon, verifications: Mapping[str, str]) -> Loaded:  # noqa: ARG001 - protocol
    """Load a study file into the graph `graph/studies/<stem>`."""
    graph = graph_iri("studies", path.stem)
    return Loaded(graph, list(study_quads(read_study(path, lexicon), graph)), 1)
