"""A file, or an entry of an archive, as readers get it: a name for messages, its first bytes, its content on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Limits", "Member", "open_members"]

_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """How large, how dense and how deep an input may be; an option raises each."""

    bytes: int = 500_000_000  # of one file or entry, unpacked
    ratio: int = 200  # unpacked to packed
    depth: int = 200  # of nesting, in JSON, XML and YAML


@dataclass(frozen=True, slots=True)
class Member:
    """One file, or one entry of an archive, unpacked."""

    name: str  # as messages tell it: "bulk.zip/NCT04314687.json"
    path: Path  # the file on disk that it came from
    head: bytes  # the first 64 KiB
    read: Callable[[], bytes] = field(repr=False)  # all of it, held against the limits

    def lines(self) -> Iterator[bytes]:
        """Give the lines, for formats of one record a line."""
        yield from self.read().splitlines()


def open_members(paths: Iterable[Path], limits: Limits | None = None) -> Iterator[Member]:  # noqa: ARG001 - to come
    """Give the files, the files of folders and the entries of archives, sorted by name."""
    for path in paths:
        for one in sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]:
            content = one.read_bytes()
            yield Member(one.name, one, content[:_HEAD], one.read_bytes)
