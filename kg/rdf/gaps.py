"""Groups of the evidence gap map, and the searches behind its empty cells -> quads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg import vocabulary
from kg.model.gaps import MapGroup, Search
from kg.namespaces import PREFIXES
from kg.rdf.iris import LABEL, content_hash, ctmo, term_iri, text
from kg.rdf.writer import Writer

__all__ = ["group_iri", "group_quads", "search_quads"]

_DATE = ox.NamedNode(PREFIXES["xsd"] + "date")


def group_iri(axis: str, group: str) -> ox.NamedNode:
    """Give the node of a group of the map."""
    return ctmo(f"map-group/{axis}/{re.sub(r'[^a-z0-9]+', '-', group.casefold()).strip('-')}")


def group_quads(groups: Iterable[MapGroup], graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the quads of the groups; their order is that of the table."""
    order: dict[ox.NamedNode, int] = {}
    for each in groups:
        node = group_iri(each.axis, each.group)
        writer = Writer(graph, node.value)
        if node not in order:
            order[node] = len(order) + 1
            yield writer.typed(node, "MapGroup")
            yield ox.Quad(node, LABEL, text(each.group, "en"), graph)
            yield writer.quad(node, "axis", text(each.axis))
            yield writer.quad(node, "order", ox.Literal(order[node]))
        yield writer.quad(node, "groupMember", term_iri(each.term))


def search_quads(searches: Iterable[Search], graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the quads of the searches."""
    for each in searches:
        node = ctmo(f"search/{content_hash(each.model_dump(mode='json', exclude_none=True))}")
        writer = Writer(graph, node.value)
        yield writer.typed(node, "Search")
        for axis in ("product", "domain", "design"):
            group = getattr(each, axis)
            if group:
                yield writer.quad(node, "searchedFor", group_iri(axis, group))
        yield writer.quad(node, "where", text(each.where))
        yield writer.quad(node, "searchWords", text(each.query))
        yield writer.quad(node, "searchedOn", ox.Literal(each.date, datatype=_DATE))
        yield writer.quad(node, "searchOutcome", ox.NamedNode(vocabulary.SEARCH_OUTCOMES[each.outcome]))
        for study in each.found:
            yield writer.quad(node, "foundStudy", ctmo(f"study/{study}"))
        if each.note:
            yield writer.quad(node, "note", text(each.note))
