"""Bytes -> text, or a word for what they are instead: a page, a picture, a pointer to a file, another encoding.

An encoding is never guessed: UTF-8 is read, another one is named as what it looks like, and read when it is given.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from kg.errors import InputError, SourceError, nearest
from kg.gate.content import HEAD
from kg.gate.packed import is_gzip, is_office, is_zip

__all__ = ["ENCODINGS", "check_fit", "decode", "decode_lines", "what_is"]

#: Encodings that may be given: those in which tables and texts of our field are saved.
ENCODINGS = (
    "ascii", "big5", "cp1250", "cp1251", "cp1252", "cp1254", "euc-jp", "euc-kr", "gb18030", "iso-8859-2",
    "iso-8859-9", "iso-8859-15", "koi8-r", "latin-1", "mac-roman", "shift_jis", "utf-16", "utf-32", "utf-8",
)  # fmt: skip
_HTML = re.compile(rb"(?:\s+|<\?xml[^>]*\?>|<!--.*?-->)*<(?:!DOCTYPE\s+html\b|html[\s>])", re.IGNORECASE | re.DOTALL)
#: How a file begins -> what it is. UTF-32 stands before UTF-16, whose mark its own begins with.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"version https://git-lfs.github.com/", "a pointer of Git LFS, not the file itself; fetch it with `git lfs pull`"),
    (b"/annex/objects/", "a pointer of git-annex, not the file itself; fetch it with `git annex get`"),
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file; save it as .xlsx or as text"),
    (b"\x89PNG\r\n\x1a\n", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"BZh", "a bzip2 file; unpack it first"),
    (b"\xfd7zXZ\x00", "an xz file; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd file; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"Rar!\x1a\x07", "a rar archive; unpack it first"),
    (b"SQLite format 3\x00", "a database of SQLite"),
    (b"PAR1", "a Parquet file"),
    (b"RDX", "a data file of R"),
    (b"{\\rtf", "a Rich Text document; save it as plain text"),
)
_WITHOUT_MARK = ((b"\x00", 1, 2), (b"\x00", 0, 2))  # the zeros of English words in UTF-16


def what_is(head: bytes) -> str:
    """Name what no text reader can use, from the first bytes of a file; nothing when it may be text.

    >>> what_is(b"<!DOCTYPE html><html>"), what_is(b"%PDF-1.7"), what_is(b"[]")
    ('an HTML page: was it saved from a browser?', 'a PDF document', '')
    """
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        return "an empty file"
    if named := next((words for start, words in _BEGINNINGS if head.startswith(start)), ""):
        return named
    if is_gzip(head):
        return "a gzip file; unpack it first"
    if is_zip(head):
        return "an Excel or Word file" if is_office(head) else "a zip archive; unpack it first"
    if head[257:262] == b"ustar":
        return "a tar archive; unpack it first"
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")[:20_000]):
        return "an HTML page: was it saved from a browser?"
    if b"\x00" in head:
        zeros = max(head[start::step].count(zero) for zero, start, step in _WITHOUT_MARK)
        return "UTF-16" if zeros * 3 > len(head) else "not text (zero bytes are in it)"
    return ""


def check_fit(content: bytes, file: str) -> None:
    """Raise `SourceError` when bytes are something else than text in UTF-8 and its kin, and name it."""
    found = what_is(content[:HEAD])
    if found.startswith("UTF-"):
        convert = f"convert it with `iconv -f {found} -t UTF-8`"
        raise SourceError(file, 1, "", f"found {found}, expected UTF-8; {convert}")
    if found:
        raise SourceError(file, 0 if found == "an empty file" else 1, "", f"found {found}")


def _codec(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        near = ", ".join(nearest(encoding, ENCODINGS) or ENCODINGS)
        raise InputError(f"no encoding matches {encoding!r}. Nearest: {near}.") from error
    if name not in {codecs.lookup(each).name for each in ENCODINGS}:  # "zip" and "rot13" are codecs too
        raise InputError(f"the encoding {encoding!r} is not read here; there are {', '.join(ENCODINGS)}")
    return name


def _looks_like(content: bytes) -> str:
    """Say which of the two usual encodings bytes that are not UTF-8 may be in; others look the same."""
    if any(128 <= byte < 160 for byte in content.translate(None, bytes(range(128)))[:100_000]):
        return "cp1252 (Windows)"
    return "latin-1 or cp1252"


def _strict(content: bytes, codec: str, file: str, line: int) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        line += content.count(b"\n", 0, error.start)
        found = f"byte {content[error.start]:#04x}"
        if codec != "utf-8":
            raise SourceError(file, line, "", f"not {codec} text ({found})") from error
        hint = f"it looks like {_looks_like(content)}; convert it, or give its encoding"
        raise SourceError(file, line, "", f"not UTF-8 text ({found}): {hint}") from error


def decode(content: bytes, file: str, *, encoding: str = "") -> str:
    """Give the text of bytes in UTF-8, or in the encoding given; a byte order mark is dropped.

    Raises `SourceError` that names what the bytes are instead; text without a word is text.

    >>> decode("\\ufeffcell".encode(), "x.csv"), decode(b"5 \\x97 6", "x.csv", encoding="cp1252")
    ('cell', '5 — 6')
    """
    codec = _codec(encoding) if encoding else "utf-8"
    if codec not in ("utf-16", "utf-32") and content and not content.isspace():
        check_fit(content, file)
    text = _strict(content, codec, file, 1).removeprefix("\ufeff")
    if (at := text.find("\x00")) >= 0:
        raise SourceError(file, text.count("\n", 0, at) + 1, "", "holds a zero byte, which no text does")
    return text


def decode_lines(lines: Iterable[bytes], file: str, *, encoding: str = "") -> Iterator[tuple[int, str]]:
    """Give the lines of a member as text, with their numbers; for files that are not held whole.

    Raises `SourceError` at the line that is not text in the encoding.
    """
    codec = _codec(encoding) if encoding else "utf-8"
    if codec in ("utf-16", "utf-32"):
        raise InputError(f"{file}: {codec} is not read line by line; convert it to UTF-8")
    for number, line in enumerate(lines, 1):
        if number == 1 and line and not line.isspace():
            check_fit(line, file)
        text = _strict(line, codec, file, number)
        if "\x00" in text:
            raise SourceError(file, number, "", "holds a zero byte, which no text does")
        yield number, text.removeprefix("\ufeff") if number == 1 else text
