"""JSON files of ClinicalTrials.gov -> their documents: one, or one a line.

The only place of these readers where JSON is parsed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import NoReturn

from kg.errors import SourceError
from kg.gate import Member
from kg.model.intake import Refused

__all__ = ["documents"]


def documents(member: Member) -> Iterator[tuple[int, object] | Refused]:
    """Give (line, document): one document of a whole file, or one for each line of JSON Lines.

    A line that is no JSON is refused and the next one read; a file that is neither raises `SourceError`.
    """
    lines = ((number, line) for number, line in enumerate(member.lines(), 1) if line.strip(b"\xef\xbb\xbf \t\r\n"))
    first = next(lines, None)
    if first is None:
        raise SourceError(member.name, 0, "", "found an empty file, expected JSON")
    number, line = first
    if not _is_whole(line):
        yield 0, _parse(member.read(), member.name, 0)
        return
    alone = next(lines, None)
    if alone is None:
        yield 0, _parse(line, member.name, 0)
        return
    for number, line in (first, alone):
        yield _document(line, number)
    for number, line in lines:
        yield _document(line, number)


def _is_whole(line: bytes) -> bool:
    """Say whether a line may be a document: a file that is broken over lines opens a bracket on its first."""
    plain = line.strip(b"\xef\xbb\xbf \t\r\n")
    return len(plain) > 1 and plain[:1] + plain[-1:] in (b"{}", b"[]")


def _document(line: bytes, number: int) -> tuple[int, object] | Refused:
    try:
        return number, _parse(line, "", number)
    except SourceError as error:
        return Refused(f"line {number}", str(error).removeprefix(f":{number}: "), number)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"found {name}, which JSON does not have")


def _parse(content: bytes, name: str, line: int) -> object:
    try:
        document: object = json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise SourceError(
            name, line, "", f"expected text in UTF-8, found byte {error.object[error.start]:#x}"
        ) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}: " if not line else f"column {error.colno}: "
        raise SourceError(name, line, "", f"{place}no JSON: {error.msg[0].lower()}{error.msg[1:]}") from error
    except ValueError as error:
        raise SourceError(name, line, "", f"no JSON: {str(error)[:100]}") from error
    except RecursionError as error:
        raise SourceError(name, line, "", "found brackets nested too deep, expected a record") from error
    return document
