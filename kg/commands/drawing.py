"""`draw`: pictures."""

from __future__ import annotations

from pathlib import Path

from kg.commands.terminal import Commands, Parser, command, emit, open_graph, store_option
from kg.errors import InputError

__all__ = ["add_commands"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add `draw` with one command a picture."""
    pictures = commands.add_parser("draw", help="draw pictures", description="Draw pictures.")
    pictures.set_defaults(run=pictures.print_help)
    parser = command(
        pictures.add_subparsers(metavar="PICTURE"),
        draw_network,
        "mechtrail draw network -o network.html",
        name="network",
    )
    parser.add_argument(
        "-o", "--out", type=Path, default=Path("-"), help="a .html or .svg file; without it, SVG on stdout"
    )
    words = "draw every assertion, also those about causes and signs of the disease"
    parser.add_argument("--all", action="store_true", dest="everything", help=words)
    store_option(parser)


def draw_network(out: Path, everything: bool, store: str | None) -> None:
    """Draw the mechanism network as one self-contained page or as an SVG."""
    from kg.network import of_therapy, read_network
    from kg.views.network import draw_page, draw_svg

    if str(out) != "-" and out.suffix not in (".html", ".svg"):
        raise InputError(f"{out}: a picture of the network is a .html or a .svg file")
    network = read_network(
        open_graph(store), title="Mechanisms of cell therapy in cerebral palsy, and the evidence for each"
    )
    network = network if everything else of_therapy(network)
    emit(draw_page(network) if out.suffix == ".html" else draw_svg(network), out)
