"""How much of other people's bytes is let in: limits, and a stream that counts what really comes out of a packed file.

What headers say about sizes is never trusted. Which files are opened is not decided here.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, BinaryIO, cast
from zipfile import BadZipFile

from kg.errors import SourceError

__all__ = ["RATIO_COUNTS_FROM", "Limits", "bounded"]

#: Below this many bytes a dense file is no danger: small files of zeros and repeated tables are dense.
RATIO_COUNTS_FROM = 10_000_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BROKEN = (zlib.error, BadZipFile, EOFError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large, how dense, how deep and how many an input may be; an option raises each."""

    bytes: int = 500_000_000  # of one file or entry, unpacked
    ratio: int = 200  # unpacked to packed; real files reach 25
    depth: int = 200  # of nesting, in JSON, XML and YAML
    entries: int = 1_000_000  # of one archive; the registry's bulk file has over half a million


class _Bounded(io.RawIOBase):
    """Gives the bytes of a source, counted; drops a UTF-8 byte order mark."""

    def __init__(
        self, source: IO[bytes], name: str, limits: Limits, packing: str, packed: int, closing: Callable[[], object]
    ) -> None:
        self._source, self._name, self._limits = source, name, limits
        self._packing, self._packed, self._closing = packing, packed, closing
        self._taken = 0
        self._waiting: bytes | None = None  # what was read to see whether it is a byte order mark

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._closing()
        super().close()

    def _refuse(self, message: str) -> SourceError:
        return SourceError(self._name, 0, "", message)

    def _take(self, count: int) -> bytes:
        most = self._limits.bytes
        try:
            piece = self._source.read(max(1, min(count, most + 1 - self._taken)))
        except EOFError as error:
            raise self._refuse(f"the {self._packing or 'file'} is cut: its end is missing") from error
        except _BROKEN as error:
            kind = f"not valid {self._packing}" if self._packing else "cannot be read"
            raise self._refuse(f"{kind}: {getattr(error, 'strerror', None) or error}") from error
        self._taken += len(piece)
        if self._taken > most:
            raise self._refuse(f"holds more than {most:,} bytes; raise the limit if you trust the file")
        if self._packing and self._taken > max(RATIO_COUNTS_FROM, self._limits.ratio * self._packed):
            raise self._refuse(
                f"unpacks to more than {self._limits.ratio} times its {self._packed:,} bytes, as a trap does; "
                "raise the limit if you trust the file"
            )
        return piece

    def readinto(self, buffer: object) -> int:
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._waiting is None:
            start = self._take(3)
            while len(start) < 3 and (more := self._take(3 - len(start))):
                start += more
            self._waiting = start.removeprefix(_BYTE_ORDER_MARK)
        if self._waiting:
            piece, self._waiting = self._waiting[: len(target)], self._waiting[len(target) :]
        else:
            piece = self._take(len(target))
        target[: len(piece)] = piece
        return len(piece)


def bounded(
    source: IO[bytes],
    name: str,
    limits: Limits,
    *,
    packing: str = "",
    packed: int = 0,
    closing: Callable[[], object] | None = None,
) -> BinaryIO:
    """Give a stream that raises `SourceError` once more comes out of the source than the limits allow.

    `packing` names how the source is packed ("gzip file", "zip archive") and `packed` is its size on disk.
    """
    raw = _Bounded(source, name, limits, packing, packed, closing or source.close)
    return cast(BinaryIO, io.BufferedReader(raw, 1 << 16))
