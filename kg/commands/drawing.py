"""`draw`: pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.commands.terminal import Commands, Parser, command, emit, open_graph, store_option
from kg.errors import InputError

__all__ = ["SUFFIXES", "add_commands", "check_suffix", "picture_option"]

SUFFIXES = (".svg", ".png", ".pdf", ".html")


def add_commands(commands: Commands[Parser]) -> None:
    """Add `draw` with one command a picture."""
    pictures = commands.add_parser("draw", help="draw pictures", description="Draw pictures.")
    pictures.set_defaults(run=pictures.print_help)
    kinds = pictures.add_subparsers(metavar="PICTURE")
    parser = command(kinds, draw_network, "mechtrail draw network -o network.html", name="network")
    words = "a .svg, .png, .pdf, .html, .graphml, .gexf or .cx2 file; without it, SVG on stdout"
    parser.add_argument("-o", "--out", type=Path, default=Path("-"), help=words)
    words = "who draws a .html: svg (our own page) or pyvis (a canvas whose boxes can be dragged)"
    parser.add_argument("--engine", choices=["svg", "pyvis"], default="svg", help=words)
    words = "draw every assertion, also those about causes and signs of the disease"
    parser.add_argument("--all", action="store_true", dest="everything", help=words)
    words = "draw what sources only suppose too (a page always holds it, behind a switch)"
    parser.add_argument("--hypotheses", action="store_true", help=words)
    parser.add_argument("--around", metavar="TERM", help="only what lies within --steps of this term")
    parser.add_argument("--steps", type=int, default=2, metavar="N", help="how far --around reaches (2)")
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


def draw_network(
    out: Path,
    engine: str,
    everything: bool,
    hypotheses: bool,
    around: str | None,
    steps: int,
    store: str | None,
) -> None:
    """Draw the mechanism network as one self-contained page, as a picture, or for a desktop tool."""
    from kg.commands.exporting import TITLE, export_network, network_endings
    from kg.lookup import resolve
    from kg.network import around as part_around
    from kg.network import of_therapy, read_network, without_hypotheses

    ending, to_stdout = out.suffix.casefold(), str(out) == "-"
    if engine == "pyvis" and ending != ".html":
        raise InputError(f"--engine pyvis draws a .html file; found {'no -o' if to_stdout else repr(str(out))}")
    exported = {} if to_stdout or ending in SUFFIXES else network_endings()
    if not to_stdout and ending not in (*SUFFIXES, *exported):
        known = ", ".join(sorted(exported))
        raise InputError(f"{out}: a picture of the network is a {', '.join(SUFFIXES)} file, or one for a tool: {known}")
    if steps < 1:
        raise InputError(f"--steps {steps}: a part reaches 1 step or more around its term")
    graph = open_graph(store)
    term = resolve(graph, around).value if around else ""
    network = read_network(graph, title=TITLE, keep=[term] if term else [])
    network = network if everything or term else of_therapy(network)
    network = part_around(network, term, steps) if term else network
    if ending not in (".html", *exported):  # a page has a switch for what sources only suppose, a tool its attributes
        network = network if hypotheses else without_hypotheses(network)
    if ending in exported:
        export_network(network, exported[ending], out)
    elif engine == "pyvis":
        from kg.views.explore import draw_exploration

        emit(draw_exploration(network), out)
    else:
        from kg.pictures import convert
        from kg.views.network import draw_page, draw_svg

        emit(draw_page(network) if ending == ".html" else convert(draw_svg(network), ending or ".svg"), out)


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
