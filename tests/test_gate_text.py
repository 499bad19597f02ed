"""The gate for text: UTF-8 is read, every other thing is named as what it is."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError, KgError, SourceError
from kg.gate import check_fit, decode, decode_lines, open_file, what_is
from tests.conftest import SHARED
from tests.gate_files import zipped

HTML = "an HTML page: was it saved from a browser?"


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "an empty file"),
        (b"\xef\xbb\xbf \r\n", "an empty file"),
        (b"<!DOCTYPE html>\n<html>", HTML),
        (b"\xef\xbb\xbf\r\n<HTML lang='en'>", HTML),
        (b"<!-- saved from url=(0014)about:internet -->\n<!doctype HTML PUBLIC '-//W3C//DTD'>", HTML),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html xmlns="y">', HTML),
        (b"%PDF-1.7\n%", "a PDF document"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", "a pointer of Git LFS, .*git lfs pull"),
        (b"/annex/objects/MD5-s5--0", "a pointer of git-annex"),
        (b"\x89PNG\r\n\x1a\n\x00", r"an image \(PNG\)"),
        (b"\xff\xd8\xff\xe0\x00", r"an image \(JPEG\)"),
        (b"GIF89a", r"an image \(GIF\)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "an old Excel or Word file"),
        (gzip.compress(b"x", mtime=0), "a gzip file; unpack it first"),
        (zipped({"a": b"x"}), "a zip archive; unpack it first"),
        (zipped({"[Content_Types].xml": b"x"}), "an Excel or Word file"),
        (b"BZh91AY&SY", "a bzip2 file"),
        (b"\xfd7zXZ\x00\x00", "an xz file"),
        (b"\x28\xb5\x2f\xfd\x00", "a zstd file"),
        (b"a".ljust(257, b"\0") + b"ustar\x00", "a tar archive"),
        (b"SQLite format 3\x00", "a database of SQLite"),
        ("cell".encode("utf-16"), "UTF-16"),
        ("cell".encode("utf-16-le"), "UTF-16"),
        ("cell".encode("utf-16-be"), "UTF-16"),
        ("cell".encode("utf-32"), "UTF-32"),
        (b"id\tname\x00\n", "not text"),
    ],
)
def test_what_is_no_text_is_named(head: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=f"x.csv.*found {words}"):
        check_fit(head, "x.csv")
    assert what_is(head)


@pytest.mark.parametrize(
    "head",
    [b"id,name", b"{}", b"<rdf:RDF>", b"<html:a/>", b"<htmlx>", b"PK", b"GIF", b"\xc3\xa9", b"BZ", b"see <html> below",
     b"<a>" + b"<html>" * 9, b"\x1b[1m"],
)  # fmt: skip
def test_what_may_be_text_has_no_name(head: bytes) -> None:
    assert what_is(head) == ""


def test_utf_8_is_read_with_and_without_a_mark() -> None:
    assert decode("é".encode(), "x") == decode("\ufeffé".encode(), "x") == "é"
    assert decode(b"", "x") == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a\nb\n5 \x97 6", r"x:3: not UTF-8 text \(byte 0x97\): it looks like cp1252 \(Windows\)"),
        (b"caf\xe9", r"x:1: not UTF-8 text \(byte 0xe9\): it looks like latin-1 or cp1252"),
        (b"\xed\xa0\x80", "x:1: not UTF-8 text"),
        (b"a" * 70_000 + b"\n\x00", "x:2: holds a zero byte"),
        ("a\nb".encode("utf-16"), "x:1: found UTF-16, expected UTF-8; convert it with `iconv -f UTF-16 -t UTF-8`"),
    ],
)
def test_another_encoding_is_named_with_the_line(content: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        decode(content, "x")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "utf-16", "utf-32", "mac-roman", "ISO_8859_1"])
def test_an_encoding_that_is_given_is_used(encoding: str) -> None:
    assert decode("id\té\r\n".encode(encoding), "x", encoding=encoding) == "id\té\r\n"


@pytest.mark.parametrize("encoding", ["zip", "rot13", "utf-7", "unicode_escape", "klingon", "hex", "idna", "a\0b"])
def test_what_is_no_encoding_of_texts_is_refused(encoding: str) -> None:
    with pytest.raises(InputError, match="encoding"):
        decode(b"abc", "x", encoding=encoding)


def test_a_byte_that_the_given_encoding_lacks_is_refused() -> None:
    with pytest.raises(SourceError, match=r"x:2: not cp1252 text \(byte 0x81\)"):
        decode(b"a\n\x81", "x", encoding="cp1252")


def test_lines_are_decoded_one_by_one_with_their_numbers() -> None:
    assert list(decode_lines([b"\xef\xbb\xbfa", b"", b"\xe9"], "x", encoding="latin-1"))[1:] == [(2, ""), (3, "é")]
    assert list(decode_lines(["\ufeffa".encode()], "x")) == [(1, "a")]
    lines = decode_lines([b"good", b"b\xe9d"], "x")
    assert next(lines) == (1, "good")
    for bad in (b"b\xe9d", b"a\x00"):
        with pytest.raises(SourceError, match="x:2: "):
            list(decode_lines([b"good", bad], "x"))
    with pytest.raises(SourceError, match="an HTML page"):
        list(decode_lines([b"<!DOCTYPE html>"], "x"))
    with pytest.raises(InputError, match="not read line by line"):
        list(decode_lines([b"a"], "x", encoding="utf-16"))


@given(st.binary(max_size=60), st.sampled_from(["", "latin-1", "cp1252", "utf-16", "gb18030"]))
def test_any_bytes_are_text_or_refused_in_our_words(content: bytes, encoding: str) -> None:
    try:
        assert "\0" not in decode(content, "x", encoding=encoding)
    except KgError as error:
        assert str(error).startswith("x:")  # noqa: PT017 - either outcome is good


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=60))
def test_text_comes_back_as_it_was(text: str) -> None:
    content = text.encode()
    if not what_is(content):
        assert decode(content, "x") == text


NOT_TEXT: dict[str, str] = {"search_unavailable_20260811.html": "an HTML page"}
LATIN: dict[str, Callable[[str], bool]] = {"checked_processed_aw_corrections.csv": lambda text: "—" in text}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not on this machine")
def test_of_the_real_files_none_is_refused_that_is_good() -> None:
    found: dict[str, str] = {}
    for folder in ("registry", "literature", "pathways", "external"):
        for path in sorted(path for path in (SHARED / folder).rglob("*") if path.is_file()):
            if path.stat().st_size > 1_000_000:
                continue  # the large ones are like the others
            try:
                decode(open_file(path).read(), path.name)
            except SourceError as error:
                found[path.name] = str(error)
    assert found.keys() == NOT_TEXT.keys() | LATIN.keys()
    assert all(words in found[name] for name, words in NOT_TEXT.items())
    for name, holds in LATIN.items():
        assert "it looks like cp1252 (Windows)" in found[name]
        (path,) = SHARED.rglob(name)
        assert holds(decode(path.read_bytes(), name, encoding="cp1252"))


def test_the_way_of_a_file_from_disk_to_text(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(gzip.compress("\ufeffé".encode()))
    assert decode(open_file(tmp_path / "x").read(), "x") == "é"
