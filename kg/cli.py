"""The command `mechtrail`: data goes to stdout, words to stderr, a `KgError` is one line and an exit code.

Everything heavy is imported inside the commands, so that `mechtrail --help` answers at once. argparse for the same
reason: the usual command line libraries take longer to import than a question takes to answer.
"""

from __future__ import annotations

import os
import sys

from kg import __version__
from kg.commands import asking, building, curating, drawing, ontology
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
    for family in (building, asking, drawing, curating, ontology):
        family.add_commands(commands)
    return parser


def main() -> None:
    """Run the command line; every `KgError` is one line on stderr and its exit code."""
    try:
        arguments = vars(command_line().parse_args())
        run = arguments.pop("run")
        run(**arguments)
    except KgError as error:
        say(f"error: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        say("interrupted")
        os._exit(130)
    except BrokenPipeError:
        os._exit(0)  # the reader of the pipe has gone, and so may we
