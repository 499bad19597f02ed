"""`draw gap-map`, `matrix`, `dose-response`, `timeline`, `upset`, `isct`: the special pictures with their captions."""

from __future__ import annotations

import argparse
from pathlib import Path

from kg.commands.drawing import check_suffix, picture_option
from kg.commands.terminal import Commands, Parser, command, emit, open_graph, say, store_option
from kg.errors import NotFoundError, nearest

__all__ = ["add_commands"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add the special pictures to `draw`."""
    pictures = commands.choices["draw"]._actions  # the group that `drawing` added
    group = next(action for action in pictures if isinstance(action, argparse._SubParsersAction))
    for function, name, example in (
        (draw_gap_map, "gap-map", "mechtrail draw gap-map -o gap-map.svg"),
        (draw_matrix, "matrix", "mechtrail draw matrix -o matrix.pdf"),
        (draw_timeline, "timeline", "mechtrail draw timeline -o timeline.png"),
        (draw_upset, "upset", "mechtrail draw upset -o factors.svg"),
    ):
        parser = command(group, function, example, name=name)
        picture_option(parser)
        store_option(parser)
    parser = command(
        group,
        draw_dose_response,
        'mechtrail draw dose-response "gross motor function" -o dose.html',
        name="dose-response",
    )
    words = "outcome, with all below it: CURIE, IRI, label or synonym (gross motor function)"
    parser.add_argument("outcome", nargs="?", default="gross motor function", help=words)
    picture_option(parser)
    store_option(parser)
    parser = command(group, draw_isct, "mechtrail draw isct populations.csv -o panel.svg", name="isct")
    words = "a CSV or TSV file as `mechtrail isct` reads it; without it, the products of the trials in the graph"
    parser.add_argument("file", nargs="?", type=Path, help=words)
    picture_option(parser)
    store_option(parser)


def _draw(name: str, out: Path, store: str | None, outcome: str = "") -> None:
    from kg.pictures import query_texts, read_figure, render

    suffix = check_suffix(out)
    options = {"outcome": outcome} if outcome else {}
    emit(render(read_figure(open_graph(store), name, **options), suffix, query_texts(name)), out)


def draw_gap_map(out: Path, store: str | None) -> None:
    """Draw the evidence gap map: products by outcome domains, bubbles by design, and each kind of empty."""
    _draw("gap-map", out, store)


def draw_matrix(out: Path, store: str | None) -> None:
    """Draw the engagement matrix: which mechanism was measured in which study, and which is only claimed."""
    _draw("matrix", out, store)


def draw_timeline(out: Path, store: str | None) -> None:
    """Draw when studies were registered, begun, completed and published, and which have no results."""
    _draw("timeline", out, store)


def draw_upset(out: Path, store: str | None) -> None:
    """Draw which secreted factors are stated of which cell sources, and of how many."""
    _draw("upset", out, store)


def draw_dose_response(outcome: str, out: Path, store: str | None) -> None:
    """Draw doses against what came out for an outcome, apart by basis of the dose, and with no line through them."""
    _draw("dose-response", out, store, outcome)


def draw_isct(file: Path | None, out: Path, store: str | None) -> None:
    """Draw which ISCT criteria cell populations meet, fail or were not measured for, in both wordings."""
    from kg.isct import read_table
    from kg.isct.tables import read_file
    from kg.pictures import read_isct_figure, render

    if file is None:
        _draw("isct", out, store)
        return
    suffix = check_suffix(out)
    if not file.exists():
        raise NotFoundError("file", str(file), nearest(file.name, (path.name for path in Path().glob("*.?sv"))))
    reading = read_table(read_file(file), file.name)
    for note in reading.notes:
        say(f"note: {note}")
    emit(render(read_isct_figure(reading.samples, source=file.name), suffix), out)
