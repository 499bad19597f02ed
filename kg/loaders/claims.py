"""Curated claims (YAML) -> quads. Knows the file format; how a claim looks in RDF is `kg.rdf`'s business."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.errors import SourceError, nearest
from kg.loaders import Loaded
from kg.loaders.strict_yaml import Document, has_key, read_record
from kg.model import ClaimsFile
from kg.rdf import assertion_iri, claims_quads, graph_iri
from kg.vocabulary import Lexicon

__all__ = ["accepts", "claims_and_lines", "load", "read_claims"]


def accepts(path: Path, head: str) -> bool:
    """Say whether this is a claims file: YAML with a `claims:` list."""
    return path.suffix in (".yaml", ".yml") and has_key(head, "claims")


def read_claims(path: Path, lexicon: Lexicon) -> ClaimsFile:
    """Read a claims file and hold it against the ontology; raise `SourceError` at the first fault."""
    return claims_and_lines(path, lexicon)[0]


def claims_and_lines(path: Path, lexicon: Lexicon) -> tuple[ClaimsFile, Document]:
    """Read a claims file as `read_claims` does; the document knows on which line each field stands."""
    file, document = read_record(path, ClaimsFile, lexicon)
    if file.source.id != path.stem:
        message = f"found '{file.source.id}', expected the file's name"
        raise SourceError(path.name, document.line(("source", "id")), "source.id", message)
    _check_relations(file, document, lexicon)
    _check_ids(file, document)
    _check_paths(file, document)
    return file, document


def _fault(document: Document, part: str, position: int, field: str, message: str) -> SourceError:
    return SourceError(document.file, document.line((part, position, field)), f"{part}.{position}.{field}", message)


def _check_relations(file: ClaimsFile, document: Document, lexicon: Lexicon) -> None:
    for i, claim in enumerate(file.claims):
        if claim.relation not in lexicon.iri_of_relation:
            near = ", ".join(nearest(claim.relation, lexicon.iri_of_relation)) or "none"
            message = f"claim '{claim.id}': no relation {claim.relation!r}; nearest: {near}"
            raise _fault(document, "claims", i, "relation", message)


def _check_ids(file: ClaimsFile, document: Document) -> None:
    by_id: dict[str, int] = {}
    by_content: dict[str, str] = {}
    for i, claim in enumerate(file.claims):
        if claim.id in by_id:
            raise _fault(document, "claims", i, "id", f"'{claim.id}' stands twice")
        by_id[claim.id] = i
        content = assertion_iri(claim).value
        if content in by_content:
            message = f"'{claim.id}' asserts the same as '{by_content[content]}'; put its evidence there"
            raise _fault(document, "claims", i, "id", message)
        by_content[content] = claim.id


def _check_paths(file: ClaimsFile, document: Document) -> None:
    claims = {claim.id: claim for claim in file.claims}
    for i, path in enumerate(file.paths):
        for name in (*path.steps, *([path.explains] if path.explains else [])):
            if name not in claims:
                near = ", ".join(nearest(name, claims)) or "none"
                raise _fault(document, "paths", i, "steps", f"path '{path.id}': no claim {name!r}; nearest: {near}")
        for first, second in zip(path.steps, path.steps[1:], strict=False):
            ends = {claims[first].subject.id, claims[first].object.id}
            starts = {claims[second].subject.id, claims[second].object.id}
            if not ends & starts:
                message = f"path '{path.id}': '{first}' and '{second}' share no term"
                raise _fault(document, "paths", i, "steps", message)


def load(path: Path, lexicon: Lexicon, verifications: Mapping[str, str]) -> Loaded:
    """Load a claims file into the graph `graph/claims/<stem>`."""
    file = read_claims(path, lexicon)
    graph = graph_iri("claims", path.stem)
    quads = list(claims_quads(file, graph, lexicon, verifications=dict(verifications)))
    return Loaded(graph, quads, len(file.claims))
