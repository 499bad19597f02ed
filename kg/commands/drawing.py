"""`draw`: pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.commands.terminal import StoreOption, emit, open_graph
from kg.errors import InputError

__all__ = ["draw_network"]


def draw_network(
    out: Annotated[Path, typer.Option("-o", "--out", help="A .html or .svg file; - for SVG on stdout.")] = Path("-"),
    store: StoreOption = None,
) -> None:
    """Draw the mechanism network as one self-contained page or as an SVG."""
    from kg.network import read_network
    from kg.views.network import draw_page, draw_svg

    if str(out) != "-" and out.suffix not in (".html", ".svg"):
        raise InputError(f"{out}: a picture of the network is a .html or a .svg file")
    network = read_network(
        open_graph(store), title="Mechanisms of cell therapy in cerebral palsy, and the evidence for each"
    )
    emit(draw_page(network) if out.suffix == ".html" else draw_svg(network), out)
