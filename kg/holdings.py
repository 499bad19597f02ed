"""Nothing is lost: how much the packaged graph holds, against what was last written down.

`kg/curated/holdings.tsv` has a row a kind: how many there are, the most there ever were, and, where there were more,
why they went. A graph that holds less than its record fails the check until someone says why.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from kg.catalogue import find_query, select
from kg.errors import InputError, Problem, SourceError
from kg.store import Store

__all__ = ["Holding", "count_holdings", "holding_problems", "read_holdings", "recorded", "write_holdings"]

_COLUMNS = ["kind", "of", "count", "most", "why_fewer"]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Holding:
    """How many records of a kind there are, the most there were, and why there are fewer now."""

    count: int
    most: int
    why_fewer: str = ""


def count_holdings(store: Store) -> dict[Key, int]:
    """Give (kind, of what sort) -> how many the graph holds."""
    answer = select(store, find_query("graph/holdings"))
    return {(row["kind"].value, row["of"].value): int(row["count"].value) for row in answer}


def read_holdings(path: Path) -> dict[Key, Holding]:
    """Read the record; raise `SourceError` with the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t")
    if rows.fieldnames != _COLUMNS:
        raise SourceError(path.name, 1, "", f"found {rows.fieldnames}; expected the columns {', '.join(_COLUMNS)}")
    found: dict[Key, Holding] = {}
    for line, row in enumerate(rows, 2):
        if not str(row["count"]).isdigit() or not str(row["most"]).isdigit():
            message = f"found {row['count']!r} of {row['most']!r}; expected two whole numbers"
            raise SourceError(path.name, line, "count", message)
        found[row["kind"], row["of"]] = Holding(int(row["count"]), int(row["most"]), row["why_fewer"] or "")
    return found


def holding_problems(now: dict[Key, int], record: dict[Key, Holding], file: str) -> list[Problem]:
    """Give what the graph lost, what nobody wrote down yet, and losses in the record that give no reason."""
    problems = []
    for kind, of in sorted({*now, *record}):
        held, there = record.get((kind, of), Holding(0, 0)), now.get((kind, of), 0)
        where = f"{file}: {kind} ({of})"
        if there < held.count:
            told = f"{there} in the graph, {held.count} written down; if they went on purpose, say why: "
            problems.append(Problem("lost", where, told + "`mechtrail holdings --record --why WORDS`"))
        elif there > held.count:
            told = f"{there} in the graph, {held.count} written down; `mechtrail holdings --record`"
            problems.append(Problem("gained", where, told))
        if held.count < held.most and not held.why_fewer.strip():
            problems.append(Problem("lost", where, f"there were {held.most}, now {held.count}, and no reason is given"))
    return problems


def recorded(now: dict[Key, int], record: dict[Key, Holding], why: str | None) -> dict[Key, Holding]:
    """Give the new record; raise `InputError` where something got fewer and `why` is not given."""
    new: dict[Key, Holding] = {}
    lost = []
    for key in sorted({*now, *record}):
        held, there = record.get(key, Holding(0, 0)), now.get(key, 0)
        reason = held.why_fewer if there < held.most else ""
        if there < held.count:
            lost.append(f"{key[0]} ({key[1]}): {held.count} to {there}")
            reason = (why or "").strip()
        new[key] = Holding(there, max(there, held.most), reason)
    if lost and not (why or "").strip():
        raise InputError(f"the graph holds less than before: {'; '.join(lost)}; say why with --why WORDS")
    return new


def write_holdings(path: Path, record: dict[Key, Holding]) -> None:
    """Write the record, sorted."""
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(_COLUMNS)
    table.writerows([*key, held.count, held.most, held.why_fewer] for key, held in sorted(record.items()))
    path.write_text(out.getvalue(), encoding="utf-8")
