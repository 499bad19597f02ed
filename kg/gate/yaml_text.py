"""YAML as people write it for us: text, lists and mappings, with the line of every field. Nothing is guessed.

Refused: anchors and aliases (a bomb in 300 bytes), keys used twice (the last would win unseen), merges and tags. `no`
is the word no, 007 keeps its zeros, and a number is a number only where a model says so. Built on PyYAML's parser.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from kg.errors import SourceError
from kg.gate.bounded import Limits
from kg.gate.text import decode

__all__ = ["Document", "Location", "field_path", "read_yaml"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Location = tuple[str | int, ...]


@dataclass
class Document:
    """The plain content of a file and the line on which each field stands."""

    file: str
    content: Any
    line_of: dict[Location, int] = field(default_factory=dict)

    def line(self, location: Location) -> int:
        """Give the line of a field, or of the nearest field around it."""
        while location and location not in self.line_of:
            location = location[:-1]
        return self.line_of.get(location, 1)


def field_path(location: Iterable[str | int]) -> str:
    """Write the place of a field with points.

    >>> field_path(("arms", 0, "n"))
    'arms.0.n'
    """
    return ".".join(str(part) for part in location)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


class _Reading:
    """Builds the content of one document from the parser's events; holds its own stack, so that depth does no harm."""

    def __init__(self, file: str, depth: int) -> None:
        self.document = Document(file, None)
        self.depth = depth
        self.open: list[tuple[Location, list[Any] | dict[str, Any]]] = []
        self.key: list[str | None] = []  # of each open mapping: the key that waits for its value
        self.documents = 0

    def refuse(self, event: yaml.Event, at: Location, message: str) -> SourceError:
        return SourceError(self.document.file, _line(event), field_path(at), message)

    def _place(self, event: yaml.Event) -> Location:
        """Give where the next value stands, and keep its line."""
        if not self.open:
            self.document.line_of[()] = _line(event)
            return ()
        around, content = self.open[-1]
        key = len(content) if isinstance(content, list) else self.key[-1]
        if key is None:
            raise self.refuse(event, around, "a key must be a word")
        at = (*around, key)
        if len(at) > self.depth:
            raise self.refuse(event, at, f"nested deeper than {self.depth} levels")
        self.document.line_of.setdefault(at, _line(event))
        return at

    def _put(self, content: Any) -> None:  # noqa: ANN401 - YAML is untyped
        if not self.open:
            self.document.content = content
            return
        around = self.open[-1][1]
        if isinstance(around, list):
            around.append(content)
        else:
            around[str(self.key[-1])] = content
            self.key[-1] = None

    def _take_key(self, event: yaml.ScalarEvent, at: Location, around: dict[str, Any]) -> None:
        if not event.value:
            raise self.refuse(event, at, "a key must be a word")
        if event.value == "<<" and not event.style:
            raise self.refuse(event, at, "a merge (<<) is not allowed; write the keys out")
        line = _line(event)
        if event.value in around:
            raise self.refuse(event, (*at, event.value), "the key stands twice")
        self.document.line_of[*at, event.value] = line
        self.key[-1] = event.value

    def _begin(self, event: yaml.Event, content: list[Any] | dict[str, Any]) -> None:
        at = self._place(event)
        self._put(content)
        self.open.append((at, content))
        self.key.append(None)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if self.open and isinstance(around := self.open[-1][1], dict) and self.key[-1] is None:
            self._take_key(event, self.open[-1][0], around)
            return
        at = self._place(event)
        if event.value == "" and not event.style:
            raise self.refuse(event, at, "has no value; leave the key out if nothing was found")
        self._put(event.value)

    def _check(self, event: yaml.Event) -> None:
        at = self.open[-1][0] if self.open else ()
        if self.open and isinstance(self.open[-1][1], dict) and self.key[-1] is not None:
            at = (*at, str(self.key[-1]))
        if isinstance(event, yaml.AliasEvent):
            raise self.refuse(event, at, f"an alias (*{event.anchor}) is not allowed; write the value out")
        if getattr(event, "anchor", None):
            message = f"an anchor (&{event.anchor}) is not allowed, nor an alias to it; write values out"  # type: ignore[attr-defined]
            raise self.refuse(event, at, message)
        if tag := getattr(event, "tag", None):
            raise self.refuse(event, at, f"the tag {tag} is not allowed")

    def take(self, event: yaml.Event) -> None:
        """Take one event of the parser."""
        self._check(event)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin(event, {})
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin(event, [])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.open.pop()
            self.key.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self.refuse(event, (), "a second document begins; expected one in a file")


def read_yaml(content: bytes, file: str, limits: Limits | None = None) -> Document:
    """Read YAML into text, lists and mappings; raise `SourceError` with file, line and field.

    An empty file has the content None.

    >>> read_yaml(b"phase: no\\narms: [1e3, 2018-04]", "x.yaml").content
    {'phase': 'no', 'arms': ['1e3', '2018-04']}
    """
    text = decode(content, file)
    reading = _Reading(file, (limits or Limits()).depth)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            reading.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = min(mark.line, text.count("\n")) + 1 if mark else 0  # the mark of an end may be a line too far
        raise SourceError(file, line, "", f"not valid YAML: {error.problem}") from error
    except yaml.reader.ReaderError as error:
        line = text.encode().count(b"\n", 0, error.position) + 1
        raise SourceError(file, line, "", f"not valid YAML: {error.reason}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise SourceError(file, 0, "", f"not valid YAML: {error}") from error
    return reading.document
