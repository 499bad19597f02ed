"""`load` and `loaded`: other people's files into a store, and out of it again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.commands.terminal import Commands, Parser, command, progress, say
from kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

    from kg.intake.report import LoadReport
    from kg.store import LocalStore

__all__ = ["add_commands"]

_STORE = "mechtrail-graph"


def add_commands(commands: Commands[Parser]) -> None:
    """Add the commands of this family."""
    parser = command(commands, load, "mechtrail load NCT04314687.json trials.zip cl.obo.gz --store my-graph")
    words = "registry records, papers, ontologies, mappings, pathways, tables; plain, gz or zip; a folder; - for stdin"
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=words)
    parser.add_argument("--as", dest="kind", default="", metavar="KIND", help="what the files are; --kinds lists them")
    parser.add_argument("--kinds", action="store_true", help="list the kinds of file that can be loaded")
    parser.add_argument("--mapping", type=Path, help="what the columns of a table are (YAML); see docs/tables.md")
    _store_option(parser)
    parser.add_argument("--report", type=Path, help="write what became of each record to this TSV file")
    words = "write the words of papers to this folder, where `cite`, `verify` and `build --sources` find them"
    parser.add_argument("--texts", type=Path, metavar="DIR", help=words)
    parser.add_argument("--strict", action="store_true", help="refuse a whole file for one record that cannot be used")
    parser.add_argument("--dry-run", action="store_true", help="read and report; change nothing")
    parser.add_argument("--max-megabytes", type=int, default=0, help="largest file, unpacked (500)")
    parser.add_argument("--max-ratio", type=int, default=0, help="largest ratio of unpacked to packed (200)")
    parser.add_argument("--max-depth", type=int, default=0, help="deepest nesting of JSON, XML and YAML (200)")

    parser = command(commands, loaded, "mechtrail loaded --remove NCT04314687.json --store my-graph")
    _store_option(parser)
    parser.add_argument("--remove", nargs="+", default=[], metavar="NAME", help="take these files out again")


def _store_option(parser: Parser) -> None:
    words = f"a folder made by `build` or by `load` ({_STORE}); a new one begins with the packaged graph"
    parser.add_argument("--store", type=Path, default=Path(_STORE), help=words)


def load(
    files: list[Path],
    kind: str,
    kinds: bool,
    mapping: Path | None,
    store: Path,
    report: Path | None,
    texts: Path | None,
    strict: bool,
    dry_run: bool,
    max_megabytes: int,
    max_ratio: int,
    max_depth: int,
) -> None:
    """Load other people's files into a graph: each becomes a named graph of its own, loading it again replaces it.

    What a file is, is found by looking into it. Exit code 1 where records were refused or files of a folder left out.
    """
    from dataclasses import replace

    from kg.intake.kinds import kinds as all_kinds
    from kg.intake.load import Options, load_into
    from kg.intake.tables import table_kind

    if kinds:
        width = max(map(len, all_kinds()))
        print("\n".join(f"{name:{width}}  {each.summary}" for name, each in all_kinds().items()))
        return
    if not files:
        raise InputError("no FILE was named; `mechtrail load --kinds` lists what can be loaded")
    if mapping and kind:
        raise InputError("--mapping says what the files are; --as is for files without one")
    options = Options(
        kind=kind, strict=strict, texts=texts, table=table_kind(mapping, strict=strict) if mapping else None
    )
    changes = {"bytes": max_megabytes * 1_000_000, "ratio": max_ratio, "depth": max_depth}
    limits = replace(options.limits, **{name: value for name, value in changes.items() if value > 0})
    with progress("loading") as on_file:
        options = replace(options, limits=limits, progress=on_file)
        done = _changed(store, lambda graph: load_into(graph, files, options), dry_run=dry_run)
    _write_report(done, report)
    say(done.summary())
    if done.refused or done.broken:
        sys.exit(1)


def _changed(folder: Path, change: Callable[[LocalStore], LoadReport], *, dry_run: bool) -> LoadReport:
    """Let a change work on a copy of the graph in a folder, and switch to the copy unless it is only a try."""
    from kg.store import LocalStore
    from kg.versions import change_version, current_version, write_version

    done: list[LoadReport] = []

    def work(graph: LocalStore) -> None:
        done.append(change(graph))

    if dry_run:
        graph = LocalStore.in_memory()
        graph.extend(_start(folder))
        work(graph)
        say("nothing was changed: --dry-run")
        return done[0]
    if current_version(folder) is None:
        write_version(folder, _start(folder))
        say(f"{folder}: begun with the packaged graph")
    version = change_version(folder, work)
    say(f"{version}: switched to; the version before it stays until the next change")
    return done[0]


def _start(folder: Path) -> list[ox.Quad]:
    """Give the quads that a change starts from: of the graph in the folder, or the packaged ones."""
    from kg.cache import open_store
    from kg.versions import current_version, open_version

    there = folder.exists() and current_version(folder) is not None
    return (open_version(folder) if there else open_store(None)).quads()


def _write_report(done: LoadReport, path: Path | None) -> None:
    if path is None:
        return
    import csv

    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter="\t", lineterminator="\n").writerows(done.rows())
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error
    say(f"wrote {path}")


def loaded(store: Path, remove: list[str]) -> None:
    """List the files that were loaded into a graph with what became of their records, or take some out again."""
    from kg.catalogue import find_query, select
    from kg.intake.load import remove_from
    from kg.versions import change_version, open_version

    if remove:
        version = change_version(store, lambda graph: remove_from(graph, remove))
        say(f"took {len(remove)} out; the graph is now {version}, the version before it stays until the next change")
        return
    rows = list(select(open_version(store), find_query("registry/loaded-files")))
    for row in rows:
        print(
            "\t".join(row[name].value for name in ("file", "kind", "records_read", "records_loaded", "records_refused"))
        )
    say(f"{len(rows)} files are loaded" if rows else "nothing was loaded into this graph yet")
