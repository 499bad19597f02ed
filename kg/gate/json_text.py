"""JSON and JSON Lines: depth, doubled keys, numbers that are none and half characters are looked at, fast.

What the standard parser lets pass unseen is refused here, with line and column. What the records mean is the readers'
business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import accumulate
from math import isfinite
from typing import Any

from kg.errors import SourceError
from kg.gate.bounded import Limits
from kg.gate.content import Member
from kg.gate.text import check_fit, decode

__all__ = ["BadLine", "JsonLine", "iter_json_lines", "read_json"]

_NO_STRUCTURE = bytes(byte for byte in range(256) if byte not in b'[]{}"')
_STEPS = [0] * 256
for _opening, _closing in (b"[]", b"{}"):
    _STEPS[_opening], _STEPS[_closing] = 1, -1
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|-?(?:NaN|Infinity)|-?\d[\d.eE+-]*', re.DOTALL)
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_SURROGATE = re.compile(rb"\\u[dD]")
#: An escape that is well, or (in the group) half of a pair that stands alone.
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_LONGEST_NUMBER = 4300  # digits: the standard library reads no longer ones, since they take it long


@dataclass(frozen=True, slots=True)
class JsonLine:
    """One line that could be read."""

    line: int
    content: Any


@dataclass(frozen=True, slots=True)
class BadLine:
    """One line that could not be read, and why."""

    line: int
    reason: str


class _UnfitError(Exception):
    """Something that JSON may hold for the standard parser and not for us. Never leaves this module."""


def _place(content: bytes, at: int) -> tuple[int, int]:
    """Give line and column of a byte."""
    return content.count(b"\n", 0, at) + 1, at - content.rfind(b"\n", 0, at)


def _refuse(content: bytes, file: str, at: int, message: str) -> SourceError:
    line, column = _place(content, at)
    return SourceError(file, line, "", f"{message} (column {column})")


def _depth(content: bytes) -> int:
    """Give how deep brackets stand within each other, those in strings left out; no loop over characters in Python."""
    bare = _ESCAPE.sub(b"", content).translate(None, _NO_STRUCTURE).replace(b'""', b"")
    outside = b"".join(bare.split(b'"')[::2])
    return max(accumulate(map(_STEPS.__getitem__, outside)), default=0)


def _too_deep(content: bytes, most: int) -> int:
    """Find the bracket that is one too deep."""
    depth = 0
    for token in _TOKENS.finditer(content):
        depth += _STEPS[token[0][0]]
        if depth > most:
            return token.start()
    return 0


def _doubled(content: bytes) -> tuple[int, str]:
    """Find the first key that stands twice in one object."""
    objects: list[set[str]] = []
    before: re.Match[bytes] | None = None
    for token in _TOKENS.finditer(content):
        sign = token[0]
        if sign in (b"{", b"["):
            objects.append(set())
        elif sign in (b"}", b"]") and objects:
            objects.pop()
        elif sign == b":" and before and objects:
            key = json.loads(before[0])
            if key in objects[-1]:
                return before.start(), key
            objects[-1].add(key)
        before = token
    return 0, ""


def _find(content: bytes, wanted: Callable[[bytes], bool]) -> int:
    return next((token.start() for token in _TOKENS.finditer(content) if wanted(token[0])), 0)


def _no_number(text: str) -> float:
    raise _UnfitError(text)


def _float(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise _UnfitError(text)
    return number


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise _UnfitError(text) from error


def _loads(text: str, content: bytes, file: str, *, decimals: bool, doubled: list[str] | None) -> Any:  # noqa: ANN401
    twice = False

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice
        made = dict(pairs)
        if len(made) != len(pairs):
            twice = True
            if doubled is not None:
                names = [key for key, _ in pairs]
                doubled.extend(key for key in made if names.count(key) > 1)
        return made

    number = _decimal if decimals else _float
    try:
        loaded = json.loads(text, object_pairs_hook=unique, parse_float=number, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        cut = "; is the file cut?" if error.pos >= len(text.rstrip()) or "Unterminated" in error.msg else ""
        if error.msg == "Extra data" and text[error.pos :].lstrip()[:1] in ("{", "["):
            cut = "; are these JSON Lines, one record a line?"
        message = f"not valid JSON: {error.msg} (column {error.colno}){cut}"
        raise SourceError(file, error.lineno, "", message) from error
    except _UnfitError as error:
        found = str(error).encode()
        at = _find(content, lambda token: token == found)
        raise _refuse(content, file, at, f"found the number {str(error)[:40]}, expected one that ends") from error
    except RecursionError as error:
        raise SourceError(file, 0, "", "nested too deep to be read") from error
    except ValueError as error:
        at = _find(content, lambda token: len(token) > _LONGEST_NUMBER and token[:1] != b'"')
        raise _refuse(content, file, at, f"found a number of more than {_LONGEST_NUMBER:,} digits") from error
    if twice and doubled is None:
        at, key = _doubled(content)
        raise _refuse(content, file, at, f"the key {key[:60]!r} stands twice in one object")
    return loaded


def read_json(
    content: bytes,
    file: str,
    limits: Limits | None = None,
    *,
    decimals: bool = False,
    doubled: list[str] | None = None,
) -> Any:  # noqa: ANN401 - JSON is untyped; readers look at what they take
    """Read one JSON text; raise `SourceError` with line and column for what is cut, doubled or no number.

    With `decimals`, numbers with a point are given as they are written. With a list for `doubled`, keys that stand
    twice are added to it, and the last one counts, instead of being refused.

    >>> read_json(b'{"n": 0.10}', "x.json", decimals=True)
    {'n': Decimal('0.10')}
    """
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise SourceError(file, 0, "", "found an empty file")
    text = decode(content, file)
    content = content.removeprefix(b"\xef\xbb\xbf")
    limits = limits or Limits()
    if content.count(b"[") + content.count(b"{") > limits.depth and _depth(content) > limits.depth:
        raise _refuse(content, file, _too_deep(content, limits.depth), f"nested more than {limits.depth} deep")
    if _SURROGATE.search(content):
        for escape in _ESCAPES.finditer(content):
            if escape[1]:
                half = escape[0].decode()
                raise _refuse(content, file, escape.start(), f"found {half!r}, half a character; expected both halves")
    return _loads(text, content, file, decimals=decimals, doubled=doubled)


def iter_json_lines(
    member: Member, limits: Limits | None = None, *, decimals: bool = False
) -> Iterator[JsonLine | BadLine]:
    """Give the record of each line, or why the line cannot be read; empty lines are none.

    Raises `SourceError` when the file as a whole is something else. It is never held whole.

    >>> from pathlib import Path
    >>> member = Member("x.jsonl", Path("x.jsonl"), b"{}", lambda: b'{"a": 1}\\n{"a": ')
    >>> list(iter_json_lines(member))  # doctest: +ELLIPSIS
    [JsonLine(line=1, content={'a': 1}), BadLine(line=2, reason='not valid JSON: ... (column 7); is the file cut?')]
    """
    check_fit(member.head, member.name)
    for number, line in enumerate(member.lines(), 1):
        if not line.strip():
            continue
        try:
            yield JsonLine(number, read_json(line, member.name, limits, decimals=decimals))
        except SourceError as error:
            yield BadLine(number, re.sub(r"^:\d+: |^: ", "", str(error).removeprefix(member.name)))
