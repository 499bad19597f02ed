"""The gate for JSON: depth, doubled keys, numbers that are none and half characters; JSON Lines line by line."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, SourceError
from kg.gate import BadLine, JsonLine, Limits, Member, check_json_ld, iter_json_lines, open_file, read_json
from kg.gate.json_text import _depth
from tests.conftest import SHARED


def member(content: bytes) -> Member:
    return Member("x.jsonl", Path("x.jsonl"), content[:100], lambda: content)


REFUSED = {
    "empty": (b"", "x: found an empty file"),
    "only a mark": (b"\xef\xbb\xbf\n", "x: found an empty file"),
    "cut": (b'{"a":\n [1, 2', r"x:2: not valid JSON: .*\(column 7\); is the file cut"),
    "cut in a text": (b'{"a": "b', "is the file cut"),
    "wrong": (b'{"a": 1,\n "b" 2}', r"x:2: not valid JSON: .*\(column 6\)$"),
    "two texts": (b'{"a": 1}\n{"a": 2}', "x:2: .*are these JSON Lines, one record a line"),
    "left over": (b'{"a": 1} x', r"x:1: not valid JSON: Extra data \(column 10\)$"),
    "doubled key": (
        b'{"a": [{"b": 1, "c": 2,\n "b": 3}]}',
        r"x:2: the key 'b' stands twice in one object \(column 2\)",
    ),
    "doubled by an escape": (b'{"a": 1, "\\u0061": 2}', "x:1: the key 'a' stands twice"),
    "NaN": (b'{"a":\n NaN}', r"x:2: found the number NaN, .*\(column 2\)"),
    "Infinity": (b'["NaN", -Infinity]', r"x:1: found the number -Infinity, .*\(column 9\)"),
    "without end": (b"[1,\n1e999]", "x:2: found the number 1e999"),
    "huge": (b"[1,\n" + b"9" * 5000 + b"]", "x:2: found a number of more than 4,300 digits"),
    "half a pair": (b'["a",\n"\\ud800"]', r"x:2: found '\\\\ud800', half a character"),
    "second half": (b'["\\udc00"]', "half a character"),
    "halves apart": (b'["\\ud83d \\ude00"]', "half a character"),
    "deep": (b"[\n" + b"[" * 300 + b"]" * 300 + b"]", r"x:2: nested more than 200 deep \(column 200\)"),
    "open and deep": (b"[" * 1_000_000, "nested more than 200 deep"),
    "objects and deep": (b'{"a":' * 100_000, "nested more than 200 deep"),
    "not UTF-8": (b'["\n\xe9"]', "x:2: not UTF-8 text"),
    "UTF-16": ("{}".encode("utf-16"), "found UTF-16"),
    "UTF-8 of halves": (b'["\xed\xa0\x80"]', "not UTF-8 text"),
    "web page": (b"<!DOCTYPE html><html></html>", "an HTML page"),
    "pointer": (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS"),
    "zero byte": (b'{"a": "\x00"}', "zero byte"),
    "control sign": (b'["\n"]', "x:1: not valid JSON: Invalid control character"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_cut_or_a_trap_is_refused_with_its_place(case: str) -> None:
    content, words = REFUSED[case]
    with pytest.raises(SourceError, match=words):
        read_json(content, "x")


def test_what_looks_like_a_trap_within_a_text_is_none() -> None:
    texts = ["[" * 500, '"' + "[" * 500, "\\", "NaN", '\\" {', "\\ud800", "😀", "\\\\ud83d"]
    content = json.dumps({"a": texts, "b": {"a": 1}}).encode()
    assert read_json(content, "x") == {"a": texts, "b": {"a": 1}}
    assert read_json("\ufeff[1]".encode(), "x") == [1]


def test_numbers_are_given_as_they_are_written_where_that_is_asked_for() -> None:
    content = b'{"a": 0.10, "b": 1E2, "c": 7, "d": 1e999, "e": 12345678901234567890123}'
    read = read_json(content, "x", decimals=True)
    assert read["a"] == Decimal("0.10")
    assert str(read["a"]) == "0.10"
    assert read["d"] == Decimal("1e999")
    assert (type(read["c"]), read["e"]) == (int, 12345678901234567890123)
    with pytest.raises(SourceError, match="found the number 1e9999999999999999999"):
        read_json(b"[1e9999999999999999999]", "x", decimals=True)


def test_doubled_keys_are_told_where_that_is_asked_for() -> None:
    doubled: list[str] = []
    assert read_json(b'{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}', "x", doubled=doubled) == {"a": 3, "b": {"c": 2}}
    assert doubled == ["c", "a"]


def test_the_depth_can_be_raised_as_far_as_the_parser_goes() -> None:
    assert read_json(b"[" * 300 + b"]" * 300, "x", Limits(depth=300))
    with pytest.raises(SourceError, match="nested"):
        read_json(b"[" * 500_000 + b"]" * 500_000, "x", Limits(depth=10**6))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def _deepest(value: object) -> int:
    if isinstance(value, dict | list):
        return 1 + max(map(_deepest, value.values() if isinstance(value, dict) else value), default=0)
    return 0


@given(JSON, st.booleans(), st.sampled_from([None, 2]))
def test_whatever_is_written_is_read_and_its_depth_is_known(
    value: object, ascii_only: bool, indent: int | None
) -> None:
    try:
        content = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    except UnicodeEncodeError:
        return
    assert _depth(content) == _deepest(value)
    try:
        assert read_json(content, "x") == value
    except SourceError as error:  # half characters
        assert "half a character" in str(error)  # noqa: PT017 - either outcome is good


@given(st.text(st.sampled_from('[]{}",:\\ nu1e-NaI.d8\n'), max_size=30))
def test_any_text_is_read_or_refused_in_our_words(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        expected = None
    try:
        read = read_json(text.encode(), "x")
        assert read == expected
    except KgError as error:
        assert str(error).startswith("x")  # noqa: PT017 - either outcome is good


# JSON Lines


def test_a_bad_line_is_told_and_the_others_are_read() -> None:
    content = b'{"a": 1}\r\n\n{"a": \n[1, NaN]\n{"a": 2, "a": 3}\n"b"\n{"c": '
    lines = list(iter_json_lines(member(content)))
    assert [line.line for line in lines] == [1, 3, 4, 5, 6, 7]
    assert [line.content for line in lines if isinstance(line, JsonLine)] == [{"a": 1}, "b"]
    bad = {line.line: line.reason for line in lines if isinstance(line, BadLine)}
    assert bad[4].startswith("found the number NaN")
    assert bad[5].startswith("the key 'a' stands twice")
    assert "is the file cut" in bad[7]


def test_a_line_that_is_no_text_is_a_bad_line() -> None:
    (first, second) = iter_json_lines(member(b'{"a": 1}\n{"a": "\xe9"}\n'))
    assert isinstance(first, JsonLine)
    assert isinstance(second, BadLine)
    assert second.reason.startswith("not UTF-8 text")


def test_a_file_that_is_something_else_is_refused_as_a_whole() -> None:
    for content in (b"<!DOCTYPE html>\n<html>", b"", b"%PDF-1.7"):
        with pytest.raises(SourceError, match=r"x\.jsonl"):
            list(iter_json_lines(member(content)))


# JSON-LD

LD = {"@context": {"name": "http://x/name", "knows": {"@id": "http://x/knows", "@type": "@id"}}}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"@context": "https://schema.org/"}, "the context 'https://schema.org/' lies outside the file"),
        ({"@context": [{}, "file:///etc/passwd"]}, "the context 'file:///etc/passwd' lies outside"),
        ({"@context": {"@import": "http://x/c"}}, "imports 'http://x/c', which is not fetched"),
        ({"@context": {"a": {"@id": "http://x/a", "@context": "http://x/c"}}}, "the context 'http://x/c' lies"),
        ({"http://x/p": [{"@context": "http://x/c"}]}, "the context 'http://x/c' lies"),
        ({"@context": 5}, "expected terms, found 5"),
        ({"@id": "a/b"}, "found the relative address 'a/b'"),
        ({"@id": "http://x/a b"}, "found the address 'http://x/a b', in which ' ' may not stand"),
        ({"@type": ["Cell"]}, "found the relative address 'Cell'"),
        ({"http://x/a b": 1}, "in which ' ' may not stand"),
        ({**LD, "knows": ["http://x/b", "bob"]}, "found the relative address 'bob'"),
        ({"@context": {"id": "@id"}, "id": "a"}, "found the relative address 'a'"),
    ],
)
def test_what_would_be_fetched_or_dropped_is_refused(more: dict[str, Any], words: str) -> None:
    content = json.dumps({"@id": "http://x/a", **more}, indent=1).encode()
    with pytest.raises(SourceError, match=words) as caught:
        check_json_ld(read_json(content, "x"), content, "x")
    assert not str(caught.value).startswith("x: ")  # a line is told


@pytest.mark.parametrize(
    ("loaded", "unknown"),
    [
        (
            {**LD, "@id": "_:b", "name": "MSC", "note": 1, "knows": {"@id": "http://x/b", "note": [{"more": 1}]}},
            ("more", "note"),
        ),
        ({"@context": {"@vocab": "http://x/"}, "@type": "Cell", "note": 1}, ()),
        ({"@context": {"@base": "http://x/"}, "@id": "a"}, ()),
        ({"@context": [None, {"x": "http://x/"}], "@graph": [{"@id": "x:a", "x:b": 1}]}, ()),
        ({"@context": {"l": {"@id": "http://x/l", "@container": "@language"}}, "l": {"en": "cell"}}, ()),
        ({"@context": {"j": {"@id": "http://x/j", "@type": "@json"}}, "j": {"@context": "http://x/c", "a": 1}}, ()),
        ({"http://x/p": {"@value": {"@context": "x"}, "@type": "@json"}}, ()),
        ([], ()),
        ("text", ()),
        (None, ()),
    ],
)
def test_keys_without_a_meaning_are_told(loaded: object, unknown: tuple[str, ...]) -> None:
    assert check_json_ld(loaded, b"", "x").unknown_keys == unknown


KEYS = st.sampled_from(["@context", "@id", "@type", "@graph", "@vocab", "@import", "a", "a:b"])


@given(st.recursive(JSON, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=9))
def test_any_json_passes_or_is_refused_in_our_words(loaded: object) -> None:
    try:
        check_json_ld(loaded, b"", "x")
    except KgError as error:
        assert str(error).startswith("x: ")  # noqa: PT017 - either outcome is good


# Real files


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not on this machine")
def test_no_real_file_is_refused() -> None:
    read: dict[str, Callable[[bytes], object]] = {".json": lambda content: read_json(content, "x")}
    count = 0
    for folder in ("registry", "literature", "pathways", "external"):
        for path in sorted((SHARED / folder).rglob("*.json*")):
            content = open_file(path).read()
            if len(content) > 8_000_000:
                continue  # they are like the others
            kind = path.name.removesuffix(".gz")[path.name.rindex(".json") :]
            if kind in read:
                assert read[kind](content) == json.loads(content)
                count += 1
            elif kind == ".jsonld":
                with pytest.raises(SourceError, match=r"x:2: .*the context 'http://\S+' lies outside the file"):
                    check_json_ld(read_json(content, "x"), content, "x")
            else:
                lines = list(iter_json_lines(open_file(path)))
                assert len(lines) == 1530
                assert not [line for line in lines if isinstance(line, BadLine)]
    assert count >= 80
