"""What a file is, seen from its first part, and the records of XML; what is wrong with it is said with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.gate import Member
from kg.gate.xml import XmlRecord, iter_records

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


def xml_records(member: Member, *names: str) -> Iterator[XmlRecord]:
    """Give each element of these names with its line, with namespaces taken off; raise `SourceError`."""
    content = member.read()
    found = (record for name in names for record in iter_records(content, member.name, name))
    for record in found:
        for one in record.element.iter():
            one.tag = one.tag.rpartition("}")[2]
            if any("}" in name for name in one.attrib):
                one.attrib = {name.rpartition("}")[2]: value for name, value in one.attrib.items()}
        yield record
