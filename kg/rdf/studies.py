"""Studies -> quads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pyoxigraph as ox

from kg.model import Study
from kg.namespaces import PREFIXES
from kg.rdf.iris import LABEL, ctmo, text
from kg.rdf.products import product_quads
from kg.rdf.writer import Writer

__all__ = ["study_quads"]


def study_quads(study: Study, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the quads of a study file."""
    node = ctmo(f"study/{study.id}")
    writer = Writer(graph, node.value)
    yield writer.typed(node, "Study")
    yield ox.Quad(node, LABEL, text(study.citation, "en"), graph)
    yield ox.Quad(node, ox.NamedNode(PREFIXES["dcterms"] + "title"), text(study.title), graph)
    yield from writer.fields(node, study, skip=("citation", "title"))
    products = (product_quads(ox.NamedNode(f"{node.value}#{arm.id}"), arm, writer) for arm in study.arms)
    yield from dict.fromkeys(chain.from_iterable(products))  # arms share products
