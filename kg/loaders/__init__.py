"""Files -> quads, one module a kind of file.

The folder is the registry: a module with `accepts` and `load` is a loader.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from kg.errors import InputError
from kg.vocabulary import Lexicon

__all__ = ["Loaded", "Loader", "load_file", "loaders", "read_head"]


@dataclass(frozen=True)
class Loaded:
    """What one file gave: its graph, its quads, and how many records went in."""

    graph: ox.NamedNode
    quads: list[ox.Quad] = field(repr=False)
    records: int


class Loader(Protocol):
    """A module of this folder."""

    def accepts(self, path: Path, head: str) -> bool:
        """Say whether a file, by its name and first lines, is of this kind."""

    def load(self, path: Path, lexicon: Lexicon, verifications: Mapping[str, str]) -> Loaded:
        """Load a file whole, or raise."""


def loaders() -> dict[str, Loader]:
    """Give name -> loader for every module of this folder that has `accepts`."""
    found = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "accepts"):
            found[info.name] = module
    return found  # type: ignore[return-value]  # modules stand in for the protocol


def read_head(path: Path) -> str:
    """Give the first letters of a text file; raise `InputError` when there is no such file or it is no text."""
    try:
        return path.read_text(encoding="utf-8")[:65536]
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: not UTF-8 text: byte {error.start} ({error.reason})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def load_file(path: Path, lexicon: Lexicon, verifications: Mapping[str, str] | None = None) -> Loaded:
    """Load a file with the loader that accepts it; nothing is loaded when any record of it is wrong."""
    head = read_head(path)
    for loader in loaders().values():
        if loader.accepts(path, head):
            return loader.load(path, lexicon, verifications or {})
    kinds = ", ".join(loaders())
    raise InputError(f"{path.name}: no loader knows this kind of file; loaders: {kinds}")
