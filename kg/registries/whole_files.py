"""What a file is, seen from its first part, and the records of XML; what is wrong with it is said with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

from kg.errors import SourceError
from kg.gate import Member

__all__ = ["has_json_keys", "xml_records", "xml_root"]

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
