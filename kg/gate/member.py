"""Files, folders, archives and standard input -> members for readers. What is not given to readers is told, with why.

Whether a member is of use, and of which kind, is the readers' business.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from kg.errors import NotFoundError, SourceError, nearest
from kg.gate.archive import read_archive
from kg.gate.bounded import Limits, bounded
from kg.gate.content import HEAD, STANDARD_INPUT, Member, Skipped, member_of, shown
from kg.gate.packed import is_gzip, is_office, is_zip, left_out_by_name, packed_within, unzipped_stream

__all__ = ["Limits", "Member", "Skipped", "open_file", "open_members", "walk"]

_KINDS = {stat.S_ISFIFO: "a pipe", stat.S_ISSOCK: "a socket", stat.S_ISCHR: "a device", stat.S_ISBLK: "a device"}


def _status(path: Path) -> os.stat_result:
    """Look at a path that was named; a link is followed."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        if path.is_symlink():
            raise SourceError(shown(str(path)), 0, "", "a symbolic link to something that does not exist") from error
        folder = next((each for each in path.parents if each.is_dir()), Path())
        missing = path.relative_to(folder).parts[0] if path.is_relative_to(folder) else path.name
        try:
            near = [
                shown(str(folder / name)) for name in nearest(missing, sorted(each.name for each in folder.iterdir()))
            ]
        except OSError:
            near = []
        raise NotFoundError("file or folder", str(path), near) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(shown(str(path)), 0, "", f"cannot be read: {reason}") from error


def _odd_kind(mode: int) -> str:
    """Name what is neither a file nor a folder: it may have no end."""
    return next((words for is_kind, words in _KINDS.items() if is_kind(mode)), "")


def _opened(path: Path, name: str) -> BinaryIO:
    try:
        return path.open("rb", buffering=0)
    except OSError as error:
        raise SourceError(name, 0, "", f"cannot be read: {error.strerror or error}") from error


def _plain(opening: Callable[[], BinaryIO], name: str, limits: Limits) -> BinaryIO:
    return bounded(opening(), name, limits)


def _unpacked(opening: Callable[[], BinaryIO], name: str, path: Path, size: int, limits: Limits) -> Member:
    """Make a member of a file that is no archive: packed by gzip, or plain."""
    with opening() as opened:
        packed = is_gzip(opened.read(2))
    if not packed:
        if size > limits.bytes:
            raise SourceError(name, 0, "", f"holds more than {limits.bytes:,} bytes; raise the limit if you trust it")
        return member_of(name, path, partial(_plain, opening, name, limits), size)
    member = member_of(name, path, partial(unzipped_stream, opening, name, limits, size), 0)
    if kind := packed_within(member.head):
        raise SourceError(name, 0, "", f"a {kind} within gzip; unpack the outer one first")
    return member


def open_file(path: Path, limits: Limits | None = None) -> Member:
    """Give one file, plain or packed by gzip, as a member; a zip archive is given as the bytes that it is.

    Raises `SourceError` when it cannot be read, is cut, or is larger than the limits allow.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise SourceError(str(path), 0, "", f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if odd := _odd_kind(status.st_mode):
        raise SourceError(str(path), 0, "", f"cannot be read: {odd}, expected a file")
    return _unpacked(partial(_opened, path, str(path)), path.name, path, status.st_size, limits or Limits())


def _contents(
    opening: Callable[[], BinaryIO], name: str, path: Path, size: int, limits: Limits
) -> Iterator[Member | Skipped]:
    """Give a file, or the entries of the archive that it is."""
    try:
        with opening() as opened:
            head = opened.read(HEAD)
        if is_zip(head) and not is_office(head):
            yield from read_archive(path, name, opening, limits)
        else:
            yield _unpacked(opening, name, path, size, limits)
    except SourceError as error:
        yield Skipped(name, path, str(error).removeprefix(f"{name}: "), broken=True)


def _in_folder(folder: Path) -> Iterator[tuple[Path, str, int, str]]:
    """Give the files of a folder and its folders, sorted: path, name, size and why it is left out, if it is.

    Links are not followed: they may lead in circles, or out of a folder that somebody else packed.
    """
    waiting = [(folder, shown(folder.name if folder.name.strip(".") else folder.resolve().name))]
    while waiting:
        path, name = waiting.pop()
        reason = left_out_by_name(path.name) if path != folder else ""
        try:
            status = path.lstat() if path != folder else path.stat()
            if reason:
                yield path, name, 0, f"{reason} folder" if stat.S_ISDIR(status.st_mode) else reason
            elif stat.S_ISDIR(status.st_mode):
                inner = sorted(path.iterdir(), reverse=True)
                waiting += [(each, f"{name}/{shown(each.name)}") for each in inner]
            elif stat.S_ISLNK(status.st_mode):
                yield path, name, 0, "a symbolic link; name it itself to have it read"
            else:
                yield path, name, status.st_size, _odd_kind(status.st_mode)
        except OSError as error:
            yield path, name, 0, f"cannot be read: {error.strerror or error}"


def _folder(folder: Path, limits: Limits, seen: set[str]) -> Iterator[Member | Skipped]:
    count, left_out = 0, 0
    for path, name, size, reason in _in_folder(folder):
        if reason:
            left_out += 1
            yield Skipped(name, path, reason, broken=reason.startswith("cannot be read"))
        else:
            count += 1
            yield from _file(path, name, size, limits, seen)
    if not count:
        more = f"; {left_out} left out" if left_out else ""
        yield Skipped(shown(str(folder)), folder, f"a folder without a file that can be read{more}", broken=True)


def _file(path: Path, name: str, size: int, limits: Limits, seen: set[str]) -> Iterator[Member | Skipped]:
    real = os.path.realpath(path)
    if real in seen:
        yield Skipped(name, path, "named twice; read once")
    else:
        seen.add(real)
        yield from _contents(partial(_opened, path, name), name, path, size, limits)


def _standard_input(limits: Limits) -> Iterator[Member | Skipped]:
    """Give what comes through a pipe; it is held in memory, since it can be read only once."""
    name = "standard input"
    with bounded(sys.stdin.buffer, name, limits, closing=lambda: None) as stream:
        content = stream.read()
    yield from _contents(lambda: io.BytesIO(content), name, STANDARD_INPUT, len(content), limits)


def walk(paths: Iterable[Path], limits: Limits | None = None) -> Iterator[Member | Skipped]:
    """Give what files, folders and archives hold, and each thing that is left out or cannot be read, with why.

    Paths come in the order given, the files of a folder and the entries of an archive sorted by name; `-` is standard
    input. Raises `NotFoundError` before anything is read when one of the paths does not exist.
    """
    limits, paths, seen = limits or Limits(), list(paths), set[str]()
    modes = {path: _status(path) for path in paths if path != STANDARD_INPUT}
    for path in paths:
        if path == STANDARD_INPUT:
            yield from _standard_input(limits)
        elif stat.S_ISDIR(modes[path].st_mode):
            yield from _folder(path, limits, seen)
        elif odd := _odd_kind(modes[path].st_mode):
            yield Skipped(shown(str(path)), path, f"{odd}, expected a file; `-` reads from a pipe", broken=True)
        else:
            yield from _file(path, shown(path.name), modes[path].st_size, limits, seen)


def open_members(
    paths: Iterable[Path], limits: Limits | None = None, *, skipped: list[Skipped] | None = None
) -> Iterator[Member]:
    """Give what can be read of files, folders and archives; raise at the first thing that is broken.

    What is left out by habit (hidden files and such) is added to `skipped`; `walk` gives what is broken as well.
    """
    for one in walk(paths, limits):
        if isinstance(one, Member):
            yield one
        elif one.broken:
            raise one.error()
        elif skipped is not None:
            skipped.append(one)
