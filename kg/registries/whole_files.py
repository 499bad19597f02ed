"""A file as XML records or as one JSON value; what is wrong with it as a whole is said with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from kg.errors import SourceError
from kg.gate import Member

__all__ = ["has_json_keys", "json_records", "xml_records", "xml_root"]

#: What may stand before the first element: a byte order mark, a declaration, comments, a document type.
_BEFORE_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*", re.DOTALL
)
_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")


def xml_root(member: Member) -> str:
    """Give the name of the first element, without its prefix; "" where the file does not begin as XML does."""
    before = _BEFORE_ROOT.match(member.head)
    found = _ELEMENT.match(member.head, before.end() if before else 0)
    return found.group(1).decode("ascii", "replace") if found else ""


def has_json_keys(member: Member, *keys: str) -> bool:
    """Say whether a file begins as a JSON object or list, and names all these keys in its first part."""
    start = member.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return start in (b"{", b"[") and all(re.search(rb'"%s"\s*:' % key.encode(), member.head) for key in keys)


def xml_records(member: Member, *names: str) -> Iterator[ElementTree.Element]:
    """Give each element of these names, one at a time, with namespaces taken off its names; raise `SourceError`."""
    try:
        inside = 0
        for event, element in ElementTree.iterparse(BytesIO(member.read()), events=("start", "end")):
            if element.tag.rpartition("}")[2] not in names:
                if event == "end" and not inside:
                    element.clear()
                continue
            inside += 1 if event == "start" else -1
            if event == "end" and not inside:
                for one in element.iter():
                    one.tag = one.tag.rpartition("}")[2]
                    one.attrib = {name.rpartition("}")[2]: value for name, value in one.attrib.items()}
                yield element
                element.clear()
    except ElementTree.ParseError as error:
        raise SourceError(member.name, error.position[0], "", f"expected whole XML: {error}") from error


def json_records(member: Member) -> Iterator[tuple[int, Any]]:
    """Give (line, value) for each record: of a list, of JSON Lines, or the only one; the line is 0 if unknown."""
    content = member.read().removeprefix(b"\xef\xbb\xbf")
    try:
        value = _parsed(content, member, 0)
    except SourceError:
        lines = [(number, line) for number, line in enumerate(content.splitlines(), 1) if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith(b"{") for _, line in lines[:2]):
            raise
        yield from ((number, _parsed(line, member, number)) for number, line in lines)
    else:
        yield from ((0, one) for one in (value if isinstance(value, list) else [value]))


def _parsed(content: bytes, member: Member, line: int) -> Any:  # noqa: ANN401 - JSON holds anything
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        raise SourceError(member.name, line or error.lineno, "", f"expected JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:  # not UTF-8, a number of thousands of digits, nested too deeply
        raise SourceError(member.name, line, "", f"expected JSON: {error}") from error
