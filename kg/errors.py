"""What can go wrong, in words a user can act on.

KgError
├── InputError        a file, a record or an argument is unreadable or invalid   exit 2
│   └── SourceError   ... with file, line and field
├── NotFoundError     no such term, query or file; names the nearest              exit 3
├── QueryError        SPARQL that does not parse or is refused                    exit 2
├── StoreError        a store that cannot be opened, locked or reached            exit 2
├── FetchError        an answer of the network is missing or of no use            exit 2
└── TimeoutReachedError  work that did not end in time                            exit 4

A finding about the data is not an exception but a `Problem` in a list.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "FetchError",
    "InputError",
    "KgError",
    "NotFoundError",
    "Problem",
    "QueryError",
    "SourceError",
    "StoreError",
    "TimeoutReachedError",
    "by_line",
    "nearest",
]


class KgError(Exception):
    """An error whose text is all that a user needs."""

    exit_code = 2

    def _render_traceback_(self) -> list[str]:
        """Give what IPython shows in place of a traceback: one line, as on the command line."""
        return [f"error: {self}"]


class InputError(KgError):
    """Unreadable or invalid input."""


class SourceError(InputError):
    """A file that people write is broken at one place.

    >>> str(SourceError("gu2020.yaml", 12, "arms.0.n", "expected a whole number, found 'many'"))
    "gu2020.yaml:12: arms.0.n: expected a whole number, found 'many'"
    """

    def __init__(self, file: str, line: int, field: str, message: str) -> None:
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {field}: {message}" if field else f"{place}: {message}")


class NotFoundError(KgError):
    """There is no such thing; `near` says what comes closest.

    >>> str(NotFoundError("term", "BDNS", ["BDNF"]))
    "no term matches 'BDNS'. Nearest: BDNF."
    """

    exit_code = 3

    def __init__(self, what: str, name: str, near: Iterable[str] = ()) -> None:
        hint = ", ".join(near)
        super().__init__(f"no {what} matches {name!r}." + (f" Nearest: {hint}." if hint else ""))


class QueryError(KgError):
    """A query that does not parse, or that is refused."""


class StoreError(KgError):
    """A store that cannot be opened, is locked, is damaged or does not answer."""


class FetchError(KgError):
    """What was to be fetched does not come, or is not what was asked for."""


class TimeoutReachedError(KgError):
    """Work was stopped because its time was up."""

    exit_code = 4


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One finding about the data: which check, where, and what."""

    check: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message} [{self.check}]"


def by_line(problem: Problem) -> tuple[object, ...]:
    """Give the key that sorts findings by file and line, line 7 before line 61.

    >>> sorted([Problem("x", "a.tsv:61", ""), Problem("x", "a.tsv:7", "")], key=by_line)[0].where
    'a.tsv:7'
    """
    file, _, line = problem.where.partition(":")
    return file, int(line) if line.isdigit() else 0, problem


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Give the known names that look most like a name, best first; letter case does not count.

    >>> nearest("bdnf", ["BDNF", "GDNF", "homing"])
    ['BDNF', 'GDNF']
    """
    by_folded: dict[str, str] = {}
    for candidate in known:
        by_folded.setdefault(candidate.casefold(), candidate)
    matches = difflib.get_close_matches(name.casefold(), list(by_folded), n=count, cutoff=0.5)
    inside = sorted((folded for folded in by_folded if name.casefold() in folded), key=lambda f: (len(f), f))
    return [by_folded[folded] for folded in dict.fromkeys([*matches, *inside])][:count]
