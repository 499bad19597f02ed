"""`report`: what is known, as a document."""

from __future__ import annotations

from pathlib import Path

from kg.commands.terminal import Commands, Parser, command, open_graph, say, store_option

__all__ = ["add_commands"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add the command."""
    parser = command(commands, report, "mechtrail report BDNF -o bdnf-report")
    parser.add_argument("term", help="CURIE, IRI, label or synonym of a term or a study; or `all`")
    parser.add_argument(
        *("-o", "--out"), type=Path, default=Path("mechtrail-report"), help="folder to write to (mechtrail-report)"
    )
    store_option(parser)


def report(term: str, out: Path, store: str | None) -> None:
    """Write what is known of a term, or of the whole graph, as one offline HTML document with its references."""
    from kg.report import write_files

    for path in write_files(open_graph(store), None if term == "all" else term, out):
        say(f"wrote {path} ({path.stat().st_size / 1000:,.0f} kB)")
