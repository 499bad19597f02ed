"""What every command does with the terminal: say, emit, report, show progress, stop in time."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from kg.errors import InputError, Problem, TimeoutReachedError

if TYPE_CHECKING:
    from kg.store import Store

__all__ = [
    "Commands",
    "Parser",
    "command",
    "emit",
    "emit_files",
    "in_time",
    "open_graph",
    "out_option",
    "progress",
    "report",
    "say",
    "sources_option",
    "store_option",
]

T = TypeVar("T")
_LONGEST_WAIT_S = 1_000_000


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are errors of ours: one line, exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Raise `InputError` where argparse would print its usage and leave."""
        raise InputError(f"{message}; see `{self.prog} --help`")


Commands = argparse._SubParsersAction  # argparse gives this class no public name


def command(commands: Commands[Parser], function: Callable[..., None], example: str, *, name: str = "") -> Parser:
    """Add a command named after its function: its docstring is the help, the example the last line of it."""
    words = " ".join((function.__doc__ or "").split())
    parser = commands.add_parser(
        name or function.__name__, help=words.rstrip("."), description=words, epilog=example, allow_abbrev=False
    )
    parser.set_defaults(run=function)
    return parser


def store_option(parser: Parser) -> None:
    """Add `--store`, which means the same in every command."""
    parser.add_argument("--store", help="a folder made by `build`, or the URL of a SPARQL endpoint")


def out_option(parser: Parser) -> None:
    """Add `-o`, for commands that write one thing."""
    parser.add_argument("-o", "--out", type=Path, help="write to this file instead of stdout")


def sources_option(parser: Parser) -> None:
    """Add `--sources`."""
    parser.add_argument("--sources", type=Path, help="folder with your copies of the sources, named after their ids")


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
    _write_whole(out, raw)
    say(f"wrote {out}")


def _write_whole(path: Path, raw: bytes) -> None:
    """Write a file beside its place and rename it, so that nobody ever sees half of it or loses the one before."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.exists() and not path.is_file():  # a device or a pipe has no place beside it
            path.write_bytes(raw)
            return
        try:
            beside.write_bytes(raw)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error


def emit_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, which is made when it is not there; other files in it stay."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made a folder: {error.strerror}") from error
    for name, raw in sorted(files.items()):
        _write_whole(folder / name, raw)
    say(f"wrote {', '.join(sorted(files))} to {folder}")


def open_graph(where: str | None) -> Store:
    """Open the store that --store names, or the packaged graph."""
    from kg.cache import open_store

    return open_store(where)


def report(problems: list[Problem], done: str) -> None:
    """Print findings and leave with 1, or say that there are none."""
    for problem in problems:
        print(problem)
    say(f"{len(problems)} problem{'s' * (len(problems) > 1)}" if problems else done)
    if problems:
        sys.exit(1)


@contextmanager
def progress(doing: str = "building") -> Iterator[Callable[[str], None] | None]:
    """Show which file is being read, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status(doing) as status:
        yield lambda step: status.update(f"{doing}: {step}")


def in_time(work: Callable[[], T], seconds: float) -> T:
    """Give the result of some work, or stop the program when its time is up: Oxigraph cannot be interrupted."""
    import threading
    import traceback

    if not 0 < seconds <= _LONGEST_WAIT_S:
        raise InputError(f"--timeout: found {seconds:g}, expected seconds above 0 and at most {_LONGEST_WAIT_S:,}")
    box: dict[str, Any] = {}

    def target() -> None:
        try:
            box["result"] = work()
        except BaseException as error:  # noqa: BLE001 - handed on to the caller below
            traceback.clear_frames(error.__traceback__)  # an answer must die in the thread that asked for it
            box["error"] = error.with_traceback(None)

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
