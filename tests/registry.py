"""What the tests of registry readers share: a file as a reader gets it, and what it gives."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.trials import Trial
from kg.registries import readers

Found = list[Trial | Refused | Ignored]


def member(content: bytes | str, name: str = "x") -> Member:
    """Give content as a reader gets it."""
    raw = content.encode() if isinstance(content, str) else content
    return Member(name, Path(name), raw[:65_536], lambda: raw)


def file(path: Path) -> Member:
    """Give a file as a reader gets it."""
    return member(path.read_bytes(), path.name)


def reader_of(one: Member) -> ModuleType:
    """Give the one reader that accepts a file."""
    (reader,) = [each for each in readers().values() if each.accepts(one)]
    return reader


def trials(found: Iterable[Trial | Refused | Ignored]) -> list[Trial]:
    """Give the trials of what was found."""
    return [each for each in found if isinstance(each, Trial)]


def refusals(found: Iterable[Trial | Refused | Ignored]) -> list[Refused]:
    """Give the refusals of what was found."""
    return [each for each in found if isinstance(each, Refused)]


def notes(found: Iterable[Trial | Refused | Ignored]) -> dict[str, str]:
    """Give what is not taken over: the reason of each part."""
    return {each.part: each.reason for each in found if isinstance(each, Ignored)}
