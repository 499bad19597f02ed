"""What every command does with the terminal: say, emit, report, show progress, stop in time."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from kg.errors import InputError, Problem, TimeoutReachedError

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["OutOption", "SourcesOption", "StoreOption", "emit", "in_time", "open_graph", "progress", "report", "say"]

StoreOption = Annotated[
    str | None, typer.Option("--store", help="A folder made by `build`, or the URL of a SPARQL endpoint.")
]
OutOption = Annotated[Path | None, typer.Option("-o", "--out", help="Write to this file instead of stdout.")]
SourcesOption = Annotated[
    Path | None, typer.Option("--sources", help="Folder with your copies of the sources, named after their ids.")
]
T = TypeVar("T")


def say(words: str) -> None:
    """Print words for people to stderr."""
    print(words, file=sys.stderr)


def emit(content: str | bytes, out: Path | None) -> None:
    """Write data to a file, or to stdout."""
    raw = content if isinstance(content, bytes) else content.encode()
    if out is None or str(out) == "-":
        sys.stdout.buffer.write(raw if raw.endswith(b"\n") or not raw else raw + b"\n")
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(raw)
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror}") from error
    say(f"wrote {out}")


def open_graph(where: str | None) -> Store:
    """Open the store that --store names, or the packaged graph."""
    from kg.cache import open_store

    return open_store(where)


def report(problems: list[Problem], done: str) -> None:
    """Print findings and leave with 1, or say that there are none."""
    for problem in problems:
        print(problem)
    say(f"{len(problems)} problems" if problems else done)
    if problems:
        raise typer.Exit(1)


@contextmanager
def progress() -> Iterator[Callable[[str], None] | None]:
    """Show which file is being read, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("building") as status:
        yield lambda step: status.update(f"building: {step}")


def in_time(work: Callable[[], T], seconds: float) -> T:
    """Give the result of some work, or stop the program when its time is up: Oxigraph cannot be interrupted."""
    import threading

    box: dict[str, Any] = {}

    def target() -> None:
        try:
            box["result"] = work()
        except BaseException as error:  # noqa: BLE001 - handed on to the caller below
            box["error"] = error

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        say(f"error: stopped after {seconds:g} s; add a LIMIT or a more special term, or raise --timeout")
        sys.stdout.flush()
        os._exit(TimeoutReachedError.exit_code)
    if "error" in box:
        raise box["error"]
    return box["result"]  # type: ignore[no-any-return]
