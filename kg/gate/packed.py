"""What gzip and zip files are known by, and the stream of a gzip file. What is in an archive is told by `archive`."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import IO, BinaryIO, cast

from kg.gate.bounded import Limits, bounded

__all__ = ["is_gzip", "is_office", "is_zip", "left_out_by_name", "packed_within", "unzipped_stream"]

_FIRST_ENTRY = re.compile(
    rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|docProps/|xl/|word/|ppt/|mimetype)", re.DOTALL
)
_SYSTEM_FILES = frozenset({"__MACOSX", "desktop.ini", "Thumbs.db"})


def is_gzip(head: bytes) -> bool:
    """Say whether a file is packed by gzip."""
    return head.startswith(b"\x1f\x8b")


def is_zip(head: bytes) -> bool:
    """Say whether a file is a zip archive, also an empty one."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_office(head: bytes) -> bool:
    """Say whether a zip archive is a workbook or a document of an office program: one file, not a folder of files."""
    return _FIRST_ENTRY.match(head) is not None


def packed_within(head: bytes) -> str:
    """Name the kind of packing that unpacked bytes still have: "gzip", "zip archive", "tar archive", or nothing."""
    if is_gzip(head):
        return "gzip"
    if is_zip(head) and not is_office(head):
        return "zip archive"
    return "tar archive" if head[257:262] == b"ustar" else ""


def left_out_by_name(name: str) -> str:
    """Say why a file of a folder or archive is left out by habit: it is hidden, or the system's own.

    >>> left_out_by_name("__MACOSX/x.json"), left_out_by_name("a/.git/config"), left_out_by_name("../a.json")
    ('made by the system', 'hidden', '')
    """
    parts = [part for part in name.split("/") if part not in ("", ".", "..")]
    if not _SYSTEM_FILES.isdisjoint(parts):
        return "made by the system"
    return "hidden" if any(part.startswith(".") for part in parts) else ""


def unzipped_stream(stream: Callable[[], BinaryIO], name: str, limits: Limits, packed: int) -> BinaryIO:
    """Give what a gzip file holds, all its members, held against the limits."""
    outer = stream()
    inner = gzip.GzipFile(fileobj=outer)

    def close() -> None:
        inner.close()
        outer.close()

    return bounded(cast(IO[bytes], inner), name, limits, packing="gzip file", packed=packed, closing=close)
