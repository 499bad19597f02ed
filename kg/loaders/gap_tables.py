"""The two tables of the evidence gap map (TSV) -> quads: groups of terms, and the log of searches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.errors import SourceError, nearest
from kg.loaders import Loaded
from kg.loaders.tab_separated import record_of, rows_of
from kg.model.gaps import MapGroup, Search
from kg.rdf import graph_iri
from kg.rdf.gaps import group_quads, search_quads
from kg.vocabulary import Lexicon

__all__ = ["accepts", "load", "read_groups", "read_searches"]

_GROUPS, _SEARCHES = list(MapGroup.model_fields), list(Search.model_fields)


def accepts(path: Path, head: str) -> bool:  # noqa: ARG001 - protocol
    """Say whether this is a table of groups or of searches, by its first line."""
    return head.split("\n", 1)[0].rstrip("\r").split("\t") in (_GROUPS, _SEARCHES)


def read_groups(path: Path, lexicon: Lexicon) -> list[MapGroup]:
    """Read the groups; raise `SourceError` for a term that is not there, or that stands in two groups of an axis."""
    groups: list[MapGroup] = []
    place: dict[tuple[str, str], str] = {}
    for line, row in rows_of(path, _GROUPS):
        group = record_of(path, line, MapGroup, row)
        known = lexicon.label_of_term.get(group.term)
        if known != group.label:
            near = ", ".join(nearest(group.label, lexicon.label_of_term.values()))
            message = (
                f"{group.term} has the label {known!r}, found {group.label!r}" if known else f"no term {group.term}"
            )
            raise SourceError(path.name, line, "term", message + (f"; nearest: {near}" if near and not known else ""))
        other = place.setdefault((group.axis, group.term), group.group)
        if other != group.group:
            raise SourceError(path.name, line, "group", f"{group.label} stands in '{other}' too")
        groups.append(group)
    return groups


def read_searches(path: Path) -> list[Search]:
    """Read the log of searches; raise `SourceError` with the line that is wrong."""
    searches = []
    for line, row in rows_of(path, _SEARCHES):
        found = [name for name in row.pop("found", "").split("|") if name]
        searches.append(record_of(path, line, Search, {**row, "found": found}))
    return searches


def load(path: Path, lexicon: Lexicon, verifications: Mapping[str, str]) -> Loaded:  # noqa: ARG001 - protocol
    """Load a table into the graph `graph/gap-map/<stem>`."""
    graph = graph_iri("gap-map", path.stem)
    quads: list[ox.Quad] = []
    if path.read_text(encoding="utf-8").split("\n", 1)[0].split("\t") == _GROUPS:
        groups = read_groups(path, lexicon)
        quads += group_quads(groups, graph)
        return Loaded(graph, quads, len(groups))
    searches = read_searches(path)
    quads += search_quads(searches, graph)
    return Loaded(graph, quads, len(searches))
