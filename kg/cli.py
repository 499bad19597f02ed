"""The command `mechtrail`: data goes to stdout, words to stderr, a `KgError` is one line and an exit code.

Everything heavy is imported inside the commands, so that `mechtrail --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from kg import __version__
from kg.commands.asking import queries, query, show, trace
from kg.commands.building import build, tour
from kg.commands.curating import cite, validate, verify
from kg.commands.drawing import draw_network
from kg.commands.ontology import ontology_build, ontology_check, ontology_format
from kg.commands.terminal import say
from kg.errors import KgError

__all__ = ["app", "main"]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich costs 60 ms at every start; tables load it where they need it
    help="Which mechanism of a cell therapy is backed by which trial evidence, and where does the chain break?",
    epilog="Start here: mechtrail tour",
)
draw_app = typer.Typer(no_args_is_help=True, help="Draw pictures.", epilog="mechtrail draw network -o network.html")
ontology_app = typer.Typer(no_args_is_help=True, help="Build, check or format the ontology.")
app.add_typer(draw_app, name="draw")
app.add_typer(ontology_app, name="ontology")

app.command(epilog="mechtrail tour -o my-tour")(tour)
app.command(epilog="mechtrail build my-study.yaml --store my-graph")(build)
app.command(epilog='mechtrail query factors/secreted-factors -p cell_type="stem cell" -f csv')(query)
app.command(epilog="mechtrail queries mechanism/evidence")(queries)
app.command(epilog="mechtrail show BDNF")(show)
app.command(epilog='mechtrail trace "mesenchymal stem cell" "gross motor function" --via homing')(trace)
app.command(epilog='mechtrail cite petriv2020 "MSCs express ... CXCR4," --sources my-texts')(cite)
app.command(epilog="mechtrail verify --sources my-texts --format json")(verify)
app.command(epilog="mechtrail validate --sources my-texts")(validate)
draw_app.command("network", epilog="mechtrail draw network -o network.html")(draw_network)
ontology_app.command("build", epilog="mechtrail ontology build -o ctmo.ttl")(ontology_build)
ontology_app.command("check", epilog="mechtrail ontology check")(ontology_check)
ontology_app.command("format", epilog="mechtrail ontology format ontology/core.ttl")(ontology_format)


@app.callback()
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True)] = False,
) -> None:
    if version:
        print(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command line; every `KgError` is one line on stderr and its exit code."""
    try:
        app()
    except KgError as error:
        say(f"error: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        say("interrupted")
        os._exit(130)
    except BrokenPipeError:
        os._exit(0)  # the reader of the pipe has gone, and so may we
