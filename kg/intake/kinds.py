"""The kinds of file that can be loaded: one reader a kind, found by their packages, each giving pieces of a graph."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from kg.errors import InputError, nearest
from kg.gate import Member
from kg.intake.papers import paper_piece
from kg.intake.trials import trial_piece
from kg.knowledge.piece import Piece
from kg.model.intake import Ignored, Refused
from kg.model.papers import Paper
from kg.model.trials import Trial

__all__ = ["Kind", "kind_named", "kind_of", "kinds"]

Outcome = Piece | Ignored | Refused
_PACKAGES = ("kg.registries", "kg.papers", "kg.knowledge")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it is called, what it is, how it is recognised and read."""

    name: str
    summary: str
    accepts: Callable[[Member], bool]
    read: Callable[[Member], Iterator[Outcome]]


def _pieces(module: ModuleType) -> Callable[[Member], Iterator[Outcome]]:
    def read(member: Member) -> Iterator[Outcome]:
        for record in module.read(member):
            if isinstance(record, Trial):
                yield from trial_piece(record)
            elif isinstance(record, Paper):
                yield from paper_piece(record)
            else:
                yield record

    return read


def kinds() -> dict[str, Kind]:
    """Give name -> kind, sorted: every module of the packages of readers that has KIND and `read`."""
    found = {}
    for package in map(importlib.import_module, _PACKAGES):
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            if hasattr(module, "KIND") and hasattr(module, "read"):
                found[module.KIND] = Kind(module.KIND, module.SUMMARY, module.accepts, _pieces(module))
    return dict(sorted(found.items()))


def kind_named(name: str) -> Kind:
    """Give the kind of a name; raise `InputError` with the nearest ones when there is none."""
    known = kinds()
    if name not in known:
        near = ", ".join(nearest(name, known) or known)
        raise InputError(f"--as: found {name!r}, expected a kind of file; nearest: {near}")
    return known[name]


def kind_of(member: Member) -> Kind | None:
    """Give the kind that a file is of, by what it holds; None when none knows it.

    Raises `InputError` when several do: the caller has to choose with `--as`.
    """
    found = [kind for kind in kinds().values() if kind.accepts(member)]
    if len(found) > 1:
        names = " or ".join(kind.name for kind in found)
        raise InputError(f"{member.name}: may be {names}; say which with --as")
    return found[0] if found else None
