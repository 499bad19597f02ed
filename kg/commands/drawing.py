"""`draw`: pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.commands.terminal import Commands, Parser, command, emit, open_graph, store_option
from kg.errors import InputError

__all__ = ["add_commands"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add `draw` with one command a picture."""
    pictures = commands.add_parser("draw", help="draw pictures", description="Draw pictures.")
    pictures.set_defaults(run=pictures.print_help)
    kinds = pictures.add_subparsers(metavar="PICTURE")
    parser = command(kinds, draw_network, "mechtrail draw network -o network.html", name="network")
    words = "a .html, .svg, .graphml, .gexf or .cx2 file; without it, SVG on stdout"
    parser.add_argument("-o", "--out", type=Path, default=Path("-"), help=words)
    words = "who draws a .html: svg (our own page) or pyvis (a canvas whose boxes can be dragged)"
    parser.add_argument("--engine", choices=["svg", "pyvis"], default="svg", help=words)
    words = "draw every assertion, also those about causes and signs of the disease"
    parser.add_argument("--all", action="store_true", dest="everything", help=words)
    store_option(parser)
    _add_query(kinds)


def _add_query(kinds: Commands[Parser]) -> None:
    parser = command(kinds, draw_query, "mechtrail draw query evidence/preclinical -o animals.html", name="query")
    parser.add_argument("name", help="a question, a .rq file or - for stdin; its header `#+ view:` says what is drawn")
    words = "a value for a parameter of the question; may be repeated"
    parser.add_argument("-p", dest="parameters", action="append", default=[], metavar="NAME=VALUE", help=words)
    words = "a .svg, .html, .png or .pdf file; without it, SVG on stdout"
    parser.add_argument("-o", "--out", type=Path, default=Path("-"), help=words)
    store_option(parser)


def draw_network(out: Path, engine: str, everything: bool, store: str | None) -> None:
    """Draw the mechanism network as one self-contained page, as an SVG, or for a desktop tool."""
    from kg.commands.exporting import TITLE, export_network, network_endings
    from kg.network import of_therapy, read_network

    ending, to_stdout = out.suffix.casefold(), str(out) == "-"
    if engine == "pyvis" and ending != ".html":
        raise InputError(f"--engine pyvis draws a .html file; found {'no -o' if to_stdout else repr(str(out))}")
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


def draw_query(name: str, parameters: list[str], out: Path, store: str | None) -> None:
    """Draw the answer of a question as network, matrix, bars or timeline, as its header says."""
    from kg.answers import rows_of
    from kg.catalogue import VIEWS, columns_of, find_query, parse_values, select
    from kg.commands.asking import parameters_of, read_question
    from kg.lookup import resolve
    from kg.views.figure import draw_figure
    from kg.views.figure_page import draw_figure_page
    from kg.views.query_answer import Answer
    from kg.views.query_picture import draw_answer

    ending = "" if str(out) == "-" else out.suffix.casefold()
    if ending not in ("", ".svg", ".html", ".png", ".pdf"):
        raise InputError(f"{out}: a picture of an answer is a .svg, .html, .png or .pdf file")
    question = read_question(name)
    if not question.view:
        raise InputError(_no_view(question.name, columns_of(question.text), VIEWS))
    graph, given = open_graph(store), parameters_of(parameters)
    bound = parse_values(question, given, lambda words: resolve(graph, words))
    columns, rows = rows_of(select(graph, question, **bound))
    _, dates = rows_of(select(graph, find_query("network/dates")))
    answer = Answer(
        name=question.name,
        title=question.summary,
        view=question.view,
        columns=tuple(columns),
        rows=tuple(map(tuple, rows)),
        as_of=", ".join(f"{what} to {day}" for what, day in dates),
        asked=tuple(sorted(given.items())),
    )
    figure = draw_answer(answer)
    if ending == ".html":
        emit(draw_figure_page(figure, {question.name: question.text}), out)
        return
    svg = draw_figure(figure)
    if ending in (".png", ".pdf"):
        from kg.views.raster import to_pdf, to_png

        emit(to_png(svg) if ending == ".png" else to_pdf(svg), out)
        return
    emit(svg, out)


def _no_view(name: str, columns: list[str], kinds: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> str:
    """Say what could be written into the header of a question that has no picture."""
    labels = [column for column in columns if column.endswith("_label")] or columns
    first, second = (*labels, *columns, "x", "y")[0], (*labels[1:], *columns[1:], "y", "y")[0]
    known = "; ".join(f"{kind}: {', '.join(must)}" for kind, (must, _) in kinds.items())
    return (
        f"{name} has no picture: its header has no line `#+ view:`. Its columns: {', '.join(columns) or 'none'}. "
        f"You could write `#+ view: {{kind: bars, label: {first}, count: {second}}}` into a copy; kinds and what "
        f"they need: {known}"
    )
