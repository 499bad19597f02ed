"""`draw`: pictures."""

from __future__ import annotations

from pathlib import Path

from kg.commands.terminal import Commands, Parser, command, emit, open_graph, store_option
from kg.errors import InputError

__all__ = ["SUFFIXES", "add_commands", "check_suffix", "picture_option"]

SUFFIXES = (".svg", ".png", ".pdf", ".html")


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
    picture_option(parser)
    words = "draw every assertion, also those about causes and signs of the disease"
    parser.add_argument("--all", action="store_true", dest="everything", help=words)
    store_option(parser)


def draw_network(out: Path, everything: bool, store: str | None) -> None:
    """Draw the mechanism network as one self-contained page or as an SVG."""
    from kg.network import of_therapy, read_network
    from kg.pictures import convert
    from kg.views.network import draw_page, draw_svg

    suffix = check_suffix(out)
    network = read_network(
        open_graph(store), title="Mechanisms of cell therapy in cerebral palsy, and the evidence for each"
    )
    network = network if everything else of_therapy(network)
    emit(draw_page(network) if suffix == ".html" else convert(draw_svg(network), suffix), out)


def picture_option(parser: Parser) -> None:
    """Add `-o` of a picture."""
    words = "a .svg, .png, .pdf or .html file; without it, SVG on stdout"
    parser.add_argument("-o", "--out", type=Path, default=Path("-"), help=words)


def check_suffix(out: Path) -> str:
    """Give how the file ends; raise `InputError` for an end that no picture has."""
    suffix = ".svg" if str(out) == "-" else out.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{out}: a picture is a file that ends with {', '.join(SUFFIXES)}")
    return suffix
