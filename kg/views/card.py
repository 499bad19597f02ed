"""A term's card as text: what it is, how it is used here, and every assertion about it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

__all__ = ["draw_card"]


def draw_card(curie: str, facts: Sequence[Sequence[str]], statements: Sequence[dict[str, str]]) -> str:
    """Give the card of a term; its assertions are grouped by relation, each with status, level and source."""
    lines = [curie, *(f"  {what + ':':<16} {value}" for what, value in facts)]
    lines.append(f"{len({statement['assertion'] for statement in statements})} assertions")
    ordered = sorted(statements, key=lambda statement: statement["relation_label"])
    for relation, group in groupby(ordered, lambda statement: statement["relation_label"]):
        lines.append(f"  {relation}")
        for cell in group:
            context = f" ({cell['context']})" if cell["context"] else ""
            level = f", {cell['level']}" if cell["level"] else ""
            lines.append(f"    {cell['subject_label']} -> {cell['object_label']}{context}")
            lines.append(f"      {cell['statement']}")
            lines.append(f"      {cell['status']}{level}; {cell['source_label']}, claim {cell['claim_id']}")
    return "\n".join(lines)
