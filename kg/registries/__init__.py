"""Readers of trial registries: one module for one format, found by looking into this folder; each gives `Trial`s."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

__all__ = ["readers"]


def readers() -> dict[str, ModuleType]:
    """Give the modules that read a format, by the name of their kind, sorted.

    A reader has `KIND`, `SUMMARY`, `accepts(member)` and `read(member)`; modules without them help the readers.
    """
    found = (importlib.import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__))
    by_kind = {module.KIND: module for module in found if hasattr(module, "KIND") and hasattr(module, "read")}
    return dict(sorted(by_kind.items()))
