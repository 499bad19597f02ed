"""JSON files of ClinicalTrials.gov -> their documents: one, or one a line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from kg.errors import SourceError
from kg.gate import BadLine, JsonLine, Member, iter_json_lines, read_json
from kg.model.intake import Refused

__all__ = ["documents"]


def documents(member: Member) -> Iterator[tuple[int, object] | Refused]:
    """Give (line, document): one document of a whole file (line 0), or one for each line of JSON Lines.

    A line that is no JSON is refused and the next one read; a file that is neither raises `SourceError`.
    """
    lines = iter_json_lines(member, decimals=True)
    begun: list[JsonLine | BadLine] = [each for each in (next(lines, None), next(lines, None)) if each is not None]
    if not begun:
        raise SourceError(member.name, 0, "", "found an empty file, expected JSON")
    if isinstance(begun[0], BadLine):
        try:
            document = read_json(member.read(), member.name, decimals=True)
        except SourceError:
            if len(begun) == 1 or not _begins_with_a_record(member.head):
                raise
        else:
            yield 0, document
            return
    elif len(begun) == 1:
        yield 0, begun[0].content
        return
    for each in chain(begun, lines):
        if isinstance(each, BadLine):
            yield Refused(f"line {each.line}", each.reason, each.line)
        else:
            yield each.line, each.content


def _begins_with_a_record(head: bytes) -> bool:
    """Say whether the first line holds a record that is broken: one document over many lines begins with a bracket."""
    first = head.lstrip().split(b"\n", 1)[0].strip()
    return first[:1] == b"{" and first[-1:] == b"}" and len(first) > 1
