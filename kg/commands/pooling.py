"""`pool`, `draw forest`: from an outcome to a pooled estimate and the rows that it rests on."""

from __future__ import annotations

import argparse
import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from kg.commands.drawing import check_suffix, picture_option
from kg.commands.terminal import Commands, Parser, command, emit, open_graph, out_option, store_option
from kg.errors import InputError

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


def _month(text: str | None) -> Decimal | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mo|months?|y|yr|years?)?", text.strip())
    if match is None:
        raise InputError(f"--at: found {text!r}, expected months such as 6, 6mo or 1y")
    return Decimal(match[1]) * (12 if (match[2] or "").startswith("y") else 1)


def analysis_of(asked: Asked) -> Analysis:
    """Give the analysis that was asked for."""
    from kg.catalogue import find_query, select
    from kg.lookup import label_of, resolve
    from kg.network import wider_terms
    from kg.synthesis.analysis import COUNT_MEASURES, analyse
    from kg.synthesis.rows import Choice

    r, scale, product = asked["r"], asked["instrument"], asked["product"]
    if r is not None and not -1 <= r <= 1:
        raise InputError(f"--r: found {r:g}, expected a correlation from -1 to 1")
    graph = open_graph(asked["store"])
    node = resolve(graph, asked["outcome"])
    adverse = "http://purl.obolibrary.org/obo/OAE_0000001" in [node.value, *wider_terms(graph, node.value)]
    measure = asked["measure"] or ("RR" if adverse else "MD")
    method = asked["method"] or ("mh" if measure in COUNT_MEASURES else "reml-hk")
    arms: frozenset[str] = frozenset()
    if product is not None:
        wanted = resolve(graph, product).value
        rows = select(graph, find_query("synthesis/arms"))
        arms = frozenset(row["arm"].value for row in rows if row["above"].value == wanted)
        if not arms:
            raise InputError(f"--product: no arm of the graph receives {product!r} or cells below it")
    choice = Choice(_month(asked["at"]), resolve(graph, scale).value if scale else None, arms, r)
    label = label_of(graph, node)
    options = {"measure": measure, "method": method, "forced": asked["force"].strip(), "by": asked["by"]}
    return analyse(graph, node.value, choice, label=label, **options)


def pool(out: Path | None, **asked: Unpack[Asked]) -> None:
    """Pool an outcome over studies, print the rows it rests on, or say why it must not be pooled."""
    from kg.views.synthesis import draw_analysis

    emit(draw_analysis(analysis_of(asked)), out)


def draw_forest_plot(out: Path, **asked: Unpack[Asked]) -> None:
    """Draw the forest plot of an outcome; what must not be pooled gets no diamond, and the reason is said."""
    from kg.pictures import data_dates, render_svg
    from kg.views.forest import draw_forest
    from kg.views.synthesis import draw_analysis, forest_of

    suffix = check_suffix(out)
    analysis = analysis_of(asked)
    plot = forest_of(analysis, as_of=data_dates(open_graph(asked["store"])), query=_words(asked))
    emit(render_svg(draw_forest(plot), suffix, plot.title, {_words(asked): draw_analysis(analysis)}), out)


def _words(asked: Asked) -> str:
    """Give the command that prints the rows of what was asked."""
    options = [(name, value) for name, value in asked.items() if name not in ("outcome", "store", "force")]
    words = [f"--{name} {shlex.quote(str(value))}" for name, value in options if value not in (None, "")]
    return " ".join(["mechtrail pool", f'"{asked["outcome"]}"', *words])
