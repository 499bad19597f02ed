"""A file of unknown kind -> its bytes, and which kind they are. Looks into the file, not at its ending."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from kg.errors import SourceError

__all__ = ["LARGEST", "layout_of", "read_bytes"]

#: The largest file that is read, unpacked. All of CHEBI as JSON has 115 MB; a zip bomb has more.
LARGEST = 200_000_000
_GZIP = b"\x1f\x8b"
#: How a file begins, after white space and comments -> its layout.
_BEGINNINGS = (
    ("json", re.compile(rb"[{\[]")),
    ("xml", re.compile(rb"<(?:\?xml|!DOCTYPE|!--|[A-Za-z][\w.-]*(?::[\w.-]+)?[\s/>])", re.IGNORECASE)),
    ("obo", re.compile(rb"(?:[a-z_-]+:[^\n]*\n\s*)*(?:format-version:|\[(?:Term|Typedef)\])")),
    ("functional", re.compile(rb"(?:Prefix|Ontology)\s*\(")),
    ("turtle", re.compile(rb"@(?:prefix|base)\b|(?:PREFIX|BASE)\s|<[^<>\s]+>\s", re.IGNORECASE)),
)


def read_bytes(path: Path, *, largest: int = LARGEST) -> bytes:
    """Read a file, gzip or plain; raise `SourceError` when it is cut, broken or larger than `largest`."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(largest + 1)
    except OSError as error:
        raise SourceError(str(path), 0, "", f"cannot be read: {error.strerror or error}") from error
    content = _unpack(path, raw, largest) if raw.startswith(_GZIP) else raw
    if len(content) > largest:
        raise SourceError(path.name, 0, "", f"holds more than {largest:,} bytes, which no ontology of use here does")
    return content.removeprefix(b"\xef\xbb\xbf")


def _unpack(path: Path, raw: bytes, largest: int) -> bytes:
    parts, size = [], 0
    while raw:  # a gzip file may have several members
        member = zlib.decompressobj(wbits=31)
        try:
            part = member.decompress(raw, largest + 1 - size)
        except zlib.error as error:
            raise SourceError(path.name, 0, "", f"not valid gzip: {error}") from error
        parts.append(part)
        size += len(part)
        if size > largest:
            break
        if not member.eof:
            raise SourceError(path.name, 0, "", "the gzip file is cut: its end is missing")
        raw = member.unused_data
    return b"".join(parts)


def layout_of(content: bytes) -> str:
    """Name the kind of a file by how it begins: json, xml, obo, functional, turtle, or nothing.

    >>> layout_of(b"# made by hand\\n@prefix x: <x:> ."), layout_of(b"subject_id\\tobject_id")
    ('turtle', '')
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    start = re.match(rb"(?:\s+|#[^\n]*\n|![^\n]*\n)*", content)
    head = content[start.end() if start else 0 :][:20_000]
    return next((name for name, beginning in _BEGINNINGS if beginning.match(head)), "")
