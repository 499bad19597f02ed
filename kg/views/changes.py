"""What changed, in words for people and as a table for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import groupby

from kg.diff import Change

__all__ = ["changes_tsv", "draw_changes", "summary"]

_COLUMNS = ["kind", "what", "change", "record", "property", "old", "new"]
_NOTHING = "(nothing)"


def summary(changes: Sequence[Change]) -> list[str]:
    """Give a line a kind, in the order of the changes; a record with several changed properties counts once.

    >>> summary([Change("results", "", "changed", "study:a#r", name) for name in ("mean", "n")])
    ['results: 1 changed']
    """
    lines = []
    for kind, group in groupby(changes, lambda change: change.kind):
        records = [change for change, _ in groupby(group, _record)]
        counts = ((sum(each.change == word for each in records), word) for word in ("gained", "lost", "changed"))
        lines.append(f"{kind}: " + ", ".join(f"{count} {word}" for count, word in counts if count))
    return lines


def _record(change: Change) -> Change:
    return Change(change.kind, change.what, change.change, change.record)


def draw_changes(changes: Sequence[Change]) -> str:
    """Give the summary, then every record that was gained, lost or changed, a line a property; no text without any."""
    lines = summary(changes)
    for kind, group in groupby(changes, lambda change: change.kind):
        lines += ["", kind]
        for record, rows in groupby(group, _record):
            lines.append(f"  {record.change:<8} {_flat(record.what)} ({record.record})")
            lines += [
                f"             {row.property}: {_flat(row.old) or _NOTHING} -> {_flat(row.new) or _NOTHING}"
                for row in rows
                if row.property
            ]
    return "\n".join(lines)


def changes_tsv(changes: Sequence[Change]) -> str:
    """Give the changes as tab separated values, a row a property, with a head; white space in words becomes spaces."""
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(_COLUMNS)
    table.writerows([_flat(getattr(change, column)) for column in _COLUMNS] for change in changes)
    return out.getvalue()


def _flat(words: str) -> str:
    return " ".join(words.split())
