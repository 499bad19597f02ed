"""`pool`, `draw forest`: from an outcome to a pooled estimate and the rows that it rests on."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from kg.commands.drawing import check_suffix, picture_option
from kg.commands.terminal import Commands, Parser, command, emit, open_graph, out_option, store_option

if TYPE_CHECKING:
    from typing import Unpack

    from kg.synthesis.analysis import Analysis

__all__ = ["Asked", "add_commands", "analysis_of", "pooling_options"]

EXAMPLE = 'mechtrail draw forest "serious adverse event" -o forest.svg'


class Asked(TypedDict):
    """What all three commands ask: which rows, which effect, which way of pooling."""

    outcome: str
    at: str | None
    instrument: str | None
    product: str | None
    measure: str | None
    method: str | None
    by: str
    r: float | None
    force: str
    store: str | None


def add_commands(commands: Commands[Parser]) -> None:
    """Add `pool`, and `forest` to the pictures."""
    parser = command(commands, pool, 'mechtrail pool "gross motor function" --at 6 --instrument GMFM')
    _options(parser)
    out_option(parser)
    store_option(parser)

    pictures = commands.choices["draw"]._actions  # the group that `drawing` added
    group = next(action for action in pictures if isinstance(action, argparse._SubParsersAction))
    parser = command(group, draw_forest_plot, EXAMPLE, name="forest")
    _options(parser)
    picture_option(parser)
    store_option(parser)


def _options(parser: Parser) -> None:
    parser.add_argument("outcome", help="outcome or adverse event, with all below it: CURIE, IRI, label or synonym")
    pooling_options(parser)


def pooling_options(parser: Parser) -> None:
    """Add what says which rows are pooled, and how."""
    parser.add_argument("--at", metavar="MONTH", help="time point in months (6, 6mo, 1y)")
    parser.add_argument("--instrument", help="only results on this scale")
    parser.add_argument("--product", help="only arms that receive these cells, or cells below them")
    words = "MD, SMD (Hedges g), D (Cohen d); for counts RR, OR, RD, PETO. Without it: MD, or RR for adverse events"
    parser.add_argument("--measure", type=str.upper, help=words)
    words = "reml-hk, reml, pm-hk, pm, dl-hk, dl, fe; for counts also mh. Without it: reml-hk, or mh for counts"
    parser.add_argument("--method", type=str.lower, help=words)
    words = "also pool by groups of age (bands of the mean or median), cells, donor, dose (powers of ten) or route"
    parser.add_argument("--by", default="", metavar="PROPERTY", help=words)
    words = "make changes of scores before and after, with this correlation assumed (-1 to 1)"
    parser.add_argument("--r", type=float, metavar="CORRELATION", help=words)
    parser.add_argument(
        "--force", default="", metavar="REASON", help="pool against the reasons; yours is printed with them"
    )


def analysis_of(asked: Asked) -> Analysis:
    """Give the analysis that was asked for."""
    from kg.pooled import pooled_outcome

    options = {name: value for name, value in asked.items() if name not in ("store", "outcome")}
    return pooled_outcome(open_graph(asked["store"]), asked["outcome"], **options)  # type: ignore[arg-type]  # Asked


def pool(out: Path | None, **asked: Unpack[Asked]) -> None:
    """Pool an outcome over studies, print the rows it rests on, or say why it must not be pooled."""
    from kg.views.synthesis import draw_analysis

    emit(draw_analysis(analysis_of(asked)), out)


def draw_forest_plot(out: Path, **asked: Unpack[Asked]) -> None:
    """Draw the forest plot of an outcome; what must not be pooled gets no diamond, and the reason is said."""
    from kg.pictures import data_dates, render_svg
    from kg.pooled import command_of
    from kg.views.forest import draw_forest
    from kg.views.synthesis import draw_analysis, forest_of

    suffix = check_suffix(out)
    analysis = analysis_of(asked)
    query = command_of(asked["outcome"], asked)
    plot = forest_of(analysis, as_of=data_dates(open_graph(asked["store"])), query=query)
    emit(render_svg(draw_forest(plot), suffix, plot.title, {query: draw_analysis(analysis)}), out)
