"""Administered products -> quads: cell source x donor relation x culture x route x dose basis, one node a combination.

Two arms, also of two studies, that receive the same product point to the same node; what a record does not say stays
open, and the label says so.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg import vocabulary
from kg.model import Arm, Term
from kg.rdf.iris import LABEL, content_hash, ctmo, term_iri, text
from kg.rdf.writer import Writer

__all__ = ["product_iri", "product_quads"]


def _materials(arm: Arm) -> list[tuple[str, Term]]:
    assert arm.product is not None
    form = [("form", arm.product.form)] if arm.product.form else []
    return [("cellSource", arm.product.cell_source), *form, *(("givenWith", each) for each in arm.product.given_with)]


def _words(arm: Arm) -> list[tuple[str, dict[str, str], str | None]]:
    assert arm.product is not None
    return [
        ("donor", vocabulary.DONORS, arm.product.donor),
        ("culture", vocabulary.CULTURES, arm.product.culture),
        ("doseBasis", vocabulary.DOSE_BASES, arm.dose.basis if arm.dose else None),
    ]


def product_iri(arm: Arm) -> ox.NamedNode:
    """Give the node of what an arm received, named by its parts."""
    parts = [[name, term.id] for name, term in _materials(arm)]
    words = [[name, word] for name, _, word in _words(arm) if word]
    route = [["route", arm.route.id]] if arm.route else []
    return ctmo(f"product/{content_hash([*sorted(parts), *words, *route])}")


def _label(arm: Arm) -> str:
    assert arm.product is not None
    product, basis = arm.product, arm.dose.basis if arm.dose else None
    cells = f"{product.form.label} ({product.cell_source.label})" if product.form else product.cell_source.label
    return "; ".join(
        (
            " with ".join([cells, *sorted(each.label for each in product.given_with)]),
            f"{product.donor} donor" if product.donor else "donor not reported",
            product.culture or "culture not reported",
            arm.route.label if arm.route else "route not reported",
            f"dose {basis}" if basis else "dose basis not reported",
        )
    )


def product_quads(node: ox.NamedNode, arm: Arm, writer: Writer) -> Iterator[ox.Quad]:
    """Give the product that the arm `node` administers, and the edge to it; nothing for an arm without cells."""
    if arm.product is None:
        return
    product = product_iri(arm)
    yield writer.quad(node, "administers", product)
    if arm.product.preparation:  # how one laboratory made it belongs to the arm, not to the shared product
        yield writer.quad(node, "preparation", text(arm.product.preparation))
    yield writer.typed(product, "Product")
    yield ox.Quad(product, LABEL, text(_label(arm), "en"), writer.graph)
    for name, term in _materials(arm):
        yield writer.quad(product, name, term_iri(term.id))
    if arm.route:
        yield writer.quad(product, "route", term_iri(arm.route.id))
    for name, table, word in _words(arm):
        if word:
            yield writer.quad(product, name, ox.NamedNode(table[word]))
