"""What the tests of the knowledge readers share: members made of bytes, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.gate import Member
from kg.knowledge import Piece
from kg.model.intake import Ignored, Refused

__all__ = ["Result", "load", "member"]

Read = Callable[[Member], Iterator[Piece | Refused | Ignored]]


def member(content: bytes, name: str) -> Member:
    """Give a member that is no file."""
    return Member(name, Path(name), content[:65_536], lambda: content)


@dataclass
class Result:
    """The pieces, what was refused and what was ignored."""

    pieces: list[Piece] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)

    def triples(self) -> set[tuple[str, str, str]]:
        """Give all triples as text."""
        return {(str(t.subject), t.predicate.value, str(t.object)) for each in self.pieces for t in each.triples}

    def values(self, predicate: str) -> list[str]:
        """Give the values of a predicate, sorted, addresses and texts alike."""
        found = (t.object for each in self.pieces for t in each.triples if t.predicate.value == predicate)
        return sorted(value.value for value in found if isinstance(value, ox.NamedNode | ox.Literal))


def load(read: Read, source: Member) -> Result:
    """Read a member to its end."""
    result = Result()
    for each in read(source):
        if isinstance(each, Piece):
            result.pieces.append(each)
        elif isinstance(each, Refused):
            result.refused.append(each)
        else:
            result.ignored.append(each)
    return result
