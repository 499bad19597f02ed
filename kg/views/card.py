"""A term's card as text: what it is, how it is used here, and every assertion about it."""

from __future__ import annotations

from itertools import groupby

import pyoxigraph as ox

from kg.answers import rows_of
from kg.catalogue import find_query, run
from kg.namespaces import compress
from kg.store import Store

__all__ = ["draw_card"]


def draw_card(store: Store, term: ox.NamedNode) -> str:
    """Give the card of a term; the assertions are grouped by relation and carry status, level and source."""
    lines = [compress(term.value)]
    names, rows = rows_of(run(store, find_query("terms/card"), term=term))  # type: ignore[arg-type]
    for what, value in rows:
        lines.append(f"  {what + ':':<16} {value}")
    names, rows = rows_of(run(store, find_query("terms/statements"), term=term))  # type: ignore[arg-type]
    at = {name: i for i, name in enumerate(names)}
    lines.append(f"{len({row[at['assertion']] for row in rows})} assertions")
    for relation, group in groupby(
        sorted(rows, key=lambda r: r[at["relation_label"]]), lambda r: r[at["relation_label"]]
    ):
        lines.append(f"  {relation}")
        for row in group:
            cell = dict(zip(names, row, strict=True))
            context = f" ({cell['context']})" if cell["context"] else ""
            lines.append(f"    {cell['subject_label']} -> {cell['object_label']}{context}")
            level = f", {cell['level']}" if cell["level"] else ""
            lines.append(f"      {cell['statement']}")
            lines.append(f"      {cell['status']}{level}; {cell['source_label']}, claim {cell['claim_id']}")
    return "\n".join(lines)
