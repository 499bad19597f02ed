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
    words = "a .html, .svg, .graphml, .gexf or .cx2 file; without it, SVG on stdout"
    parser.add_argument("-o", "--out", type=Path, default=Path("-"), help=words)
    words = "who draws a .html: svg (our own page) or pyvis (a canvas whose boxes can be dragged)"
    parser.add_argument("--engine", choices=["svg", "pyvis"], default="svg", help=words)
    words = "draw every assertion, also those about causes and signs of the disease"
    parser.add_argument("--all", action="store_true", dest="everything", help=words)
    store_option(parser)


def draw_network(out: Path, engine: str, everything: bool, store: str | None) -> None:
    """Draw the mechanism network as one self-contained page, as an SVG, or for a desktop tool."""
    from kg.commands.exporting import TITLE, export_network, network_endings
    from kg.network import of_therapy, read_network

    ending, to_stdout = out.suffix.casefold(), str(out) == "-"
    if engine == "pyvis" and ending != ".html":
        raise InputError(f"--engine pyvis draws a .html file; found {'no -o' if to_stdout else str(out)!r}")
    exported = {} if to_stdout or ending in (".html", ".svg") else network_endings()
    if not to_stdout and ending not in (".html", ".svg", *exported):
        known = ", ".join(sorted(exported))
        raise InputError(f"{out}: a picture of the network is a .html or a .svg file, or one for a tool: {known}")
    network = read_network(open_graph(store), title=TITLE)
    network = network if everything else of_therapy(network)
    if ending in exported:
        export_network(network, exported[ending], out)
    elif engine == "pyvis":
        from kg.views.explore import draw_exploration

        emit(draw_exploration(network), out)
    else:
        from kg.views.network import draw_page, draw_svg

        emit(draw_page(network) if ending == ".html" else draw_svg(network), out)
