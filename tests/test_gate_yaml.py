"""The gate for YAML: text, lists and mappings with their lines; nothing is converted, merged, repeated or tagged."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, SourceError
from kg.gate import Limits, open_file, read_yaml
from tests.conftest import SHARED

REFUSED = {
    "alias": (b"a: &x 1\nb: *x", r"x:1: a: an anchor \(&x\) is not allowed"),
    "alias to nothing": (b"a: 1\nb: *x", r"x:2: b: an alias \(\*x\) is not allowed"),
    "anchor alone": (b"a:\n  - &x [1]", "x:2: a: an anchor"),
    "anchor of a key": (b"a: 1\n&x b: 2", "x:2: an anchor"),
    "bomb": (b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]", "x:1: a: an anchor"),
    "circle": (b"&a [*a]", "x:1: an anchor"),
    "merge": (b"a: {b: 1}\n<<: {c: 2}", r"x:2: a merge \(<<\) is not allowed"),
    "doubled key": (b"a:\n  b: 1\n  b: 2", "x:3: a.b: the key stands twice"),
    "doubled in braces": (b"{a: 1, 'a': 2}", "x:1: a: the key stands twice"),
    "tag": (b"a: 1\nb: !!python/object/apply:os.system ['true']", "x:2: b: the tag tag:yaml.org,2002:python"),
    "tag of YAML": (b"a: !!str 5", "x:1: a: the tag tag:yaml.org,2002:str is not allowed"),
    "own tag": (b"- 1\n- !thing {}", "x:2: the tag !thing"),
    "tag without a name": (b"! a: b", "x:1: the tag !"),
    "key is a list": (b"? [a, b]\n: c", "x:1: a key must be a word"),
    "key is a mapping": (b"a: 1\n? {b: 2}\n: c", "x:2: a key must be a word"),
    "no key": (b"a: 1\n? \n: b", "a key must be a word"),
    "no value": (b"a: 1\nb:\nc: 2", "x:2: b: has no value"),
    "no value in a list": (b"a:\n  - \n  - 1", "x:2: a.0: has no value"),
    "deep": (b"a: " + b"[" * 300 + b"]" * 300, "nested deeper than 200 levels"),
    "deep and open": (
        b"[" * 100_000,
        "x:1: not valid YAML: exceeded maximum nesting depth|nested deeper than 200 levels",
    ),
    "deep by lines": (b"".join(b" " * i + b"a:\n" for i in range(300)), "nested deeper than 200 levels"),
    "two documents": (b"a: 1\n---\nb: 2", "x:2: a second document begins"),
    "cut": (b"a:\n  - [1, 2", "x:2: not valid YAML"),
    "tabs": (b"a:\n\t- 1", "x:2: not valid YAML"),
    "control sign": (b"a: 1\nb: 'x\x07'", "x:2: not valid YAML"),
    "not UTF-8": (b"a: 1\nb: \xe9", "x:2: not UTF-8 text"),
    "UTF-16": ("a: b".encode("utf-16"), "found UTF-16"),
    "zero byte": (b"a: 1\nb: '\x00'", "zero byte"),
    "web page": (b"<!DOCTYPE html>\n<html>", "an HTML page"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_plain_yaml_is_refused_with_its_place(case: str) -> None:
    content, words = REFUSED[case]
    with pytest.raises(SourceError, match=words):
        read_yaml(content, "x")


def test_every_value_stays_the_text_that_it_is() -> None:
    content = (
        b"a: no\nb: 007\nc: 59.000\nd: 2018-04\ne: 1e3\nf: null\ng: ~\nh: ''\ni: 0x1F\nj: .nan\nk: '<<'\n1: true\n"
    )
    assert read_yaml(content, "x").content == {
        "a": "no", "b": "007", "c": "59.000", "d": "2018-04", "e": "1e3", "f": "null", "g": "~", "h": "",
        "i": "0x1F", "j": ".nan", "k": "<<", "1": "true",
    }  # fmt: skip
    assert read_yaml(b"'<<': 1", "x").content == {"<<": "1"}


def test_each_field_has_its_line() -> None:
    document = read_yaml(b"\xef\xbb\xbf# ours\na: 1\nb:\n  - c: 2\n    d: |\n      x\n      y\n  - []\n", "x")
    assert document.content == {"a": "1", "b": [{"c": "2", "d": "x\ny\n"}, []]}
    lines = {(): 2, ("a",): 2, ("b",): 3, ("b", 0): 4, ("b", 0, "c"): 4, ("b", 0, "d"): 5, ("b", 1): 8}
    assert document.line_of == lines
    assert document.line(("b", 0, "nothing", 5)) == 4
    assert document.line(("nothing",)) == 2


@pytest.mark.parametrize(("content", "expected"), [(b"", None), (b"# a\n", None), (b"word", "word"), (b"- a", ["a"])])
def test_what_is_no_mapping_is_given_as_it_is(content: bytes, expected: object) -> None:
    assert read_yaml(content, "x").content == expected


def test_the_depth_that_is_allowed_is_allowed() -> None:
    assert read_yaml(b"[" * 6 + b"]" * 6, "x", Limits(depth=5)).content == [[[[[[]]]]]]
    with pytest.raises(SourceError, match="nested deeper than 5 levels"):
        read_yaml(b"[" * 7 + b"]" * 7, "x", Limits(depth=5))


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\u2028\u2029\x85"), max_size=9)
PLAIN = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS.filter(bool), inner, max_size=3),
    max_leaves=12,
)


@given(PLAIN, st.booleans())
def test_whatever_is_written_with_quotes_is_read(value: Any, flow: bool) -> None:  # noqa: ANN401 - any content
    written = yaml.safe_dump(value, default_style='"', default_flow_style=flow, allow_unicode=True, width=1000)
    for tag in ("!!map ", "!!seq ", "!!str "):
        written = written.replace(tag, "")
    assert read_yaml(written.encode(), "x").content == value


@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"#\n ?,<%@`~\t"), max_size=25))
def test_any_text_is_read_or_refused_in_our_words(text: str) -> None:
    try:
        read_yaml(text.encode(), "x")
    except KgError as error:
        assert str(error).startswith("x")  # noqa: PT017 - either outcome is good


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not on this machine")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("curation/studies.yaml", ""),
        ("registry/ctgov_v2/ctg-oas-v2.yaml", "x:"),
        ("external/biolink/biolink-model.yaml.gz", "x:"),
    ],
)
def test_real_files_are_read_or_refused_with_a_line(name: str, words: str) -> None:
    content = open_file(SHARED / name).read()
    try:
        assert read_yaml(content, "x").content
    except SourceError as error:
        assert words
        assert str(error).startswith(words)  # noqa: PT017 - either outcome is good
