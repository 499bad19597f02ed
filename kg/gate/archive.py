"""A zip archive -> its entries, read in place. Nothing is extracted, so that names such as `../x` do no harm.

The directory at the end of an archive is held against the limits before it is believed: an archive is refused when
its entries lie upon each other (one packed stream told many times), are too many, or unpack to too much.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from kg.errors import SourceError
from kg.gate.bounded import RATIO_COUNTS_FROM, Limits, bounded
from kg.gate.content import STANDARD_INPUT, Member, Skipped, member_of, shown
from kg.gate.packed import left_out_by_name, packed_within, unzipped_stream

__all__ = ["read_archive"]

_END, _END_64, _ENTRY = b"PK\x05\x06", b"PK\x06\x07", b"PK\x01\x02"
_LONGEST_END = 22 + 65_535
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_FAULTS: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, EOFError, MemoryError, OSError, OverflowError, RuntimeError, ValueError, struct.error,
    zlib.error,
)  # fmt: skip


def _check_directory(stream: BinaryIO, name: str, limits: Limits) -> None:
    """Refuse an archive of too many entries before a directory of them is built in memory."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _LONGEST_END))
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise SourceError(name, 0, "", "the zip archive is cut: the directory at its end is missing")
    length = int(struct.unpack_from("<L", tail, at + 12)[0])
    if at >= 76 and tail[at - 20 : at - 16] == _END_64:
        length = int(struct.unpack_from("<Q", tail, at - 76 + 40)[0])
    stream.seek(0)
    found, kept = 0, b""
    if length > size:
        raise SourceError(name, 0, "", "not a valid zip archive: its directory is larger than the file")
    # Each entry begins with these four bytes; they may stand elsewhere too, never fewer times than entries are told.
    stream.seek(max(0, size - len(tail) + at - length - 76))
    while piece := stream.read(1 << 20):
        found += (kept + piece).count(_ENTRY)
        kept = piece[-3:]
    if found > limits.entries:
        raise SourceError(name, 0, "", f"holds more than {limits.entries:,} entries; raise the limit if you trust it")


def _check_sizes(entries: list[zipfile.ZipInfo], size: int, name: str, limits: Limits) -> None:
    """Refuse entries that share bytes, and sizes that together are a trap; each is held to its own size later."""
    ordered = sorted(entries, key=lambda each: each.header_offset)
    ends = [*(each.header_offset for each in ordered[1:]), size]
    for entry, end in zip(ordered, ends, strict=False):
        least = 30 + len(entry.orig_filename) + entry.compress_size
        if entry.header_offset + least > end:
            message = f"the entry {shown(entry.filename)!r} lies upon the next one, as in a trap"
            raise SourceError(name, 0, "", message)
    whole = sum(entry.file_size for entry in entries)
    if whole > max(RATIO_COUNTS_FROM, limits.ratio * size):
        message = f"unpacks to {whole:,} bytes, more than {limits.ratio} times its {size:,}, as a trap does"
        raise SourceError(name, 0, "", f"{message}; raise the limit if you trust the file")


def _fault(entry: zipfile.ZipInfo, times: int, limits: Limits) -> str:
    """Say why an entry cannot be read, or nothing."""
    if times > 1:
        return f"{times} entries of the archive have this name; which of them is meant is not known"
    if entry.flag_bits & 0x1:
        return "is encrypted; unpack it with its password first"
    if entry.compress_type not in _METHODS:
        method = zipfile.compressor_names.get(entry.compress_type, str(entry.compress_type))  # type: ignore[attr-defined]
        return f"is packed by {method}, expected deflate"
    if entry.file_size > limits.bytes:
        return f"holds more than {limits.bytes:,} bytes; raise the limit if you trust the file"
    return ""


def _opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: Limits) -> BinaryIO:
    try:
        source = archive.open(entry)
    except _FAULTS as error:
        raise SourceError(name, 0, "", f"not a valid zip archive: {error}") from error
    return bounded(source, name, limits, packing="zip archive", packed=entry.compress_size)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, path: Path, limits: Limits) -> Member:
    stream = partial(_opened, archive, entry, name, limits)
    member = member_of(name, path, stream, entry.file_size)
    kind = packed_within(member.head)
    if kind == "gzip":
        unpacked = partial(unzipped_stream, stream, name, limits, entry.file_size)
        member = member_of(name, path, unpacked, 0)
        kind = packed_within(member.head)
    if kind:
        raise SourceError(name, 0, "", f"a {kind} within an archive; unpack the outer one first")
    return member


def read_archive(path: Path, name: str, stream: Callable[[], BinaryIO], limits: Limits) -> Iterator[Member | Skipped]:
    """Give the entries of a zip archive, sorted by name; raise `SourceError` when it cannot be read at all.

    The archive stays open as long as one of its members is held.
    """
    try:
        with stream() as opened:
            _check_directory(opened, name, limits)
            size = opened.seek(0, 2)
        archive = zipfile.ZipFile(stream() if path == STANDARD_INPUT else path)
    except _FAULTS as error:
        raise SourceError(name, 0, "", f"not a valid zip archive: {error}") from error
    entries = archive.infolist()
    if not entries:
        raise SourceError(name, 0, "", "an archive without an entry")
    _check_sizes(entries, size, name, limits)
    times = Counter(entry.filename for entry in entries)
    for entry in sorted(entries, key=lambda each: (each.filename, each.header_offset)):
        if entry.is_dir():
            continue
        inner = f"{name}/{shown(entry.filename)}"
        if reason := left_out_by_name(entry.filename):
            yield Skipped(inner, path, reason)
        elif stat.S_ISLNK(entry.external_attr >> 16):
            yield Skipped(inner, path, "a symbolic link")
        elif reason := _fault(entry, times[entry.filename], limits):
            yield Skipped(inner, path, reason, broken=True)
        else:
            try:
                yield _entry(archive, entry, inner, path, limits)
            except SourceError as error:
                yield Skipped(inner, path, str(error).removeprefix(f"{inner}: "), broken=True)
