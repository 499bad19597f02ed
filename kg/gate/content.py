"""One file, or one entry of an archive, as readers get it, and what is told of one that is not given to them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from kg.errors import SourceError

__all__ = ["HEAD", "STANDARD_INPUT", "Member", "Skipped", "member_of", "shown"]

#: How many bytes the kind of a file is told from.
HEAD = 65_536
#: The path that means standard input.
STANDARD_INPUT = Path("-")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One file, or one entry of an archive, unpacked and without a byte order mark."""

    name: str  # as messages tell it: "bulk.zip/NCT04314687.json"
    path: Path  # the file on disk that it came from
    head: bytes  # the first 64 KiB
    read: Callable[[], bytes] = field(repr=False)  # all of it, held against the limits
    size: int = 0  # in bytes, unpacked, as far as it is known beforehand; a hint for progress, never trusted
    stream: Callable[[], BinaryIO] | None = field(default=None, repr=False)

    def open(self) -> BinaryIO:
        """Give the content as a stream, held against the limits while it is read; close it after use."""
        return self.stream() if self.stream else io.BytesIO(self.read())

    def lines(self) -> Iterator[bytes]:
        r"""Give the lines without their ends, one after the other; the file is never held whole.

        >>> list(Member("x", Path("x"), b"", lambda: b"a\r\nb\n\nc").lines())
        [b'a', b'b', b'', b'c']
        """
        with self.open() as stream:
            for line in stream:
                if b"\r" in line:
                    yield from line.splitlines()
                else:
                    yield line.removesuffix(b"\n")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or entry that no reader gets to see, and why."""

    name: str
    path: Path
    reason: str
    broken: bool = False  # it cannot be read; the others are left out by habit (hidden files, folders of a system)

    def error(self) -> SourceError:
        """Give what is wrong as an error that can be raised."""
        return SourceError(self.name, 0, "", self.reason)


def shown(name: str) -> str:
    r"""Give a name as it can be printed: signs that steer a terminal, and halves of characters, as their numbers.

    >>> shown("a\x1b[31m.json")
    'a\\x1b[31m.json'
    """
    if name.isprintable():
        return name
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "surrogatepass").decode() for sign in name
    )


def member_of(name: str, path: Path, stream: Callable[[], BinaryIO], size: int) -> Member:
    """Make a member of something that can be opened again and again; what fits into its head is read once."""
    with stream() as opened:
        head = opened.read(HEAD)

    def read() -> bytes:
        with stream() as opened:
            return b"".join(iter(lambda: opened.read(_PIECE), b""))

    return Member(name, path, head, read if len(head) == HEAD else lambda: head, size, stream)
