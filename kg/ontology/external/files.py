"""A file of unknown kind -> its bytes, and which kind they are. Looks into the file, not at its ending."""

from __future__ import annotations

import re
from pathlib import Path

from kg.gate.bounded import Limits
from kg.gate.member import open_file

__all__ = ["LARGEST", "layout_of", "read_bytes"]

#: The largest file that is read, unpacked. All of CHEBI as JSON has 115 MB; a zip bomb has more.
LARGEST = 200_000_000
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
    return open_file(path, Limits(bytes=largest)).read()


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
