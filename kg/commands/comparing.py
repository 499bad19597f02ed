"""`diff`: what changed between two states of the graph."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.commands.terminal import Commands, Parser, command, emit, open_graph, out_option, say
from kg.errors import InputError

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["add_commands"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add the commands of this family."""
    parser = command(commands, diff, "mechtrail diff packaged my-graph -f tsv")
    words = "a folder made by `build`, a file (.nq, .nt, .trig, .ttl), the URL of an endpoint, or the word packaged"
    parser.add_argument("old", metavar="OLD", help=words)
    parser.add_argument("new", metavar="NEW", help="the same, for the state to compare with it")
    parser.add_argument("-f", "--format", dest="form", choices=["text", "tsv"], default="text")
    out_option(parser)


def diff(old: str, new: str, form: str, out: Path | None) -> None:
    """Say what changed between two states of the graph, record by record; exit code 1 where anything did.

    What rules derive is left out, but for the status and level of assertions; so are the words of your sources.
    """
    from kg.diff import compare
    from kg.views.changes import changes_tsv, draw_changes

    changes = compare(_quads(old), _quads(new))
    if form == "tsv" or changes:
        emit(changes_tsv(changes) if form == "tsv" else draw_changes(changes), out)
    if changes:
        sys.exit(1)
    say("no difference")


def _quads(where: str) -> list[ox.Quad]:
    """Give the quads of a state by any of its names."""
    from kg.diff import ENDINGS, read_quads

    path = Path(where)
    if where == "packaged":
        return open_graph(None).quads()
    if where.startswith(("http://", "https://")):
        return open_graph(where).quads()
    if not path.exists():
        expected = f"a folder made by `mechtrail build --store`, a file ({', '.join(ENDINGS)}), a URL, or packaged"
        raise InputError(f"{where}: no such file or folder; expected {expected}")
    return open_graph(where).quads() if path.is_dir() else read_quads(path)
