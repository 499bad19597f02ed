"""A question about an outcome -> its analysis: words become terms here; what is pooled, and how, is `kg.synthesis`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from decimal import Decimal

from kg.catalogue import find_query, select
from kg.errors import InputError
from kg.lookup import label_of, resolve
from kg.network import wider_terms
from kg.store import Store
from kg.synthesis.analysis import COUNT_MEASURES, Analysis, analyse
from kg.synthesis.rows import Choice

__all__ = ["command_of", "months_of", "pooled_outcome"]

_ADVERSE_EVENT = "http://purl.obolibrary.org/obo/OAE_0000001"


def months_of(text: float | str) -> Decimal:
    """Give a time point in months; raise `InputError` for what is none.

    >>> months_of("6mo"), months_of("1y"), months_of(6)
    (Decimal('6'), Decimal('12'), Decimal('6'))
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mo|months?|y|yr|years?)?", str(text).strip())
    if match is None:
        raise InputError(f"--at: found {text!r}, expected months such as 6, 6mo or 1y")
    return Decimal(match[1]) * (12 if (match[2] or "").startswith("y") else 1)


def pooled_outcome(
    store: Store,
    outcome: str,
    *,
    at: float | str | None = None,
    instrument: str | None = None,
    product: str | None = None,
    measure: str | None = None,
    method: str | None = None,
    by: str = "",
    r: float | None = None,
    force: str = "",
) -> Analysis:
    """Give the analysis of an outcome over studies: the rows, what was left out, the estimate or the reasons against.

    Without a measure it is MD, or RR for adverse events; without a method reml-hk, or mh for counts.
    """
    if r is not None and not -1 <= r <= 1:
        raise InputError(f"--r: found {r:g}, expected a correlation from -1 to 1")
    node = resolve(store, outcome)
    adverse = _ADVERSE_EVENT in [node.value, *wider_terms(store, node.value)]
    measure = measure or ("RR" if adverse else "MD")
    method = method or ("mh" if measure in COUNT_MEASURES else "reml-hk")
    arms: frozenset[str] = frozenset()
    if product is not None:
        wanted = resolve(store, product).value
        rows = select(store, find_query("synthesis/arms"))
        arms = frozenset(row["arm"].value for row in rows if row["above"].value == wanted)
        if not arms:
            raise InputError(f"--product: no arm of the graph receives {product!r} or cells below it")
    scale = resolve(store, instrument).value if instrument else None
    choice = Choice(months_of(at) if at is not None else None, scale, arms, r)
    label = label_of(store, node)
    return analyse(store, node.value, choice, label=label, measure=measure, method=method, forced=force.strip(), by=by)


def command_of(outcome: str, options: Mapping[str, object]) -> str:
    """Give the command that prints the rows of what was asked; a forced one prints the reasons all the same.

    >>> command_of("fever", {"at": 6, "measure": None, "by": ""})
    'mechtrail pool "fever" --at 6'
    """
    given = [(name, value) for name, value in options.items() if name not in ("outcome", "store", "force")]
    words = [f"--{name} {shlex.quote(str(value))}" for name, value in given if value not in (None, "")]
    return " ".join(["mechtrail pool", f'"{outcome}"', *words])
