"""The command `mechtrail`: data goes to stdout, words to stderr, a `KgError` is one line and an exit code.

Everything heavy is imported inside the commands, so that `mechtrail --help` answers at once. argparse for the same
reason: the usual command line libraries take longer to import than a question takes to answer.
"""

from __future__ import annotations

import io
import os
import sys

from kg import __version__
from kg.commands import (
    asking,
    building,
    comparing,
    curating,
    drawing,
    fetching,
    isct,
    linking,
    loading,
    ontology,
    pictures,
    pooling,
)
from kg.commands.terminal import Parser, say
from kg.errors import KgError

__all__ = ["command_line", "main"]


def command_line() -> Parser:
    """Give the parser with all commands."""
    parser = Parser(
        prog="mechtrail",
        description="Which mechanism of a cell therapy is backed by which trial evidence? Where does the chain break?",
        epilog="Start here: mechtrail tour",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.set_defaults(run=parser.print_help)
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)
    drawn = (drawing, pooling, pictures)
    for family in (building, asking, isct, *drawn, comparing, curating, linking, ontology, loading, fetching):
        family.add_commands(commands)
    return parser


def main() -> None:
    """Run the command line; every `KgError` is one line on stderr and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old terminal shows a "?" where it has no such letter
    try:
        arguments = vars(command_line().parse_args())
        run = arguments.pop("run")
        run(**arguments)
        sys.stdout.flush()
    except KgError as error:
        say(f"error: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        say("interrupted")
        os._exit(130)
    except BrokenPipeError:
        os._exit(0)  # the reader of the pipe has gone, and so may we
    except OSError as error:
        if error.filename is not None:  # not the output but some file: a fault of ours that has to be seen
            raise
        print(f"error: the output cannot be written: {error.strerror or error}", file=sys.stderr)
        os._exit(2)


if __name__ == "__main__":
    main()
