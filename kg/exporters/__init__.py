"""Exports for programs of others. One module a format; the folder is the registry.

A module that has `SUMMARY`, `NEEDS` and `write` is a format, named after its file (`ro_crate.py` is `ro-crate`); the
others hold what several formats share. Exporters see rows, networks and triples, never loaders, model or store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from kg.errors import NotFoundError, nearest

__all__ = ["Exporter", "find_exporter", "load_exporters"]


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format: what it is for, what it is made of, and the function that writes it.

    `needs` is `network` (a `DrawnNetwork`), `triples` (a `Dump`), `mappings` (rows of graph/mapping-rows),
    `references`, `crate` (a `Crate` of network, triples and mappings) or `outcome` (an `Analysis`). `write` gives file
    name -> content where `files` is true, else the content of one file.
    """

    name: str
    summary: str
    needs: str
    files: bool
    write: Callable[[Any], Any]


def load_exporters() -> dict[str, Exporter]:
    """Give name -> format for every module of this folder that is one, sorted by name.

    >>> {"graphml", "cx2", "metafor"} <= load_exporters().keys()
    True
    """
    found = {}
    for module in sorted(iter_modules(__path__), key=lambda each: each.name):
        content = import_module(f"{__name__}.{module.name}")
        if hasattr(content, "NEEDS"):
            name = module.name.replace("_", "-")
            files = getattr(content, "FILES", False)
            found[name] = Exporter(name, content.SUMMARY, content.NEEDS, files, content.write)
    return found


def find_exporter(name: str) -> Exporter:
    """Give a format by its name; raise `NotFoundError` with the nearest."""
    known = load_exporters()
    if name not in known:
        raise NotFoundError("export format", name, nearest(name, known) or sorted(known))
    return known[name]
