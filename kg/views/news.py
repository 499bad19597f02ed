"""The news of a registry, in words for people and as a table for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import groupby

from kg.watch import News, Watched

__all__ = ["draw_news", "news_tsv", "summary"]

_COLUMNS = ["what", "number", "title", "old", "new", "old_date", "new_date"]
_NAMED = 5


def draw_news(news: Sequence[News]) -> str:
    """Give the news under what they are, a line a trial; no text without any."""
    lines = []
    for what, group in groupby(news, lambda each: each.what):
        rows = list(group)
        lines += ["", f"{what} ({len(rows)})"]
        lines += [f"  {row.number}  {_flat(row.title)}{_change(row)}" for row in rows]
    return "\n".join(lines[1:])


def _change(row: News) -> str:
    new = _dated(row.new, row.new_date)
    if row.what == "new":
        return f": {new}" if new else ""
    without = "yes" if row.what == "results posted" else "nothing"
    new = _dated(row.new or without, row.new_date)
    return f": {_dated(row.old or 'not in the graph', row.old_date)} -> {new}"


def _dated(words: str, date: str) -> str:
    date = date.partition("T")[0]
    return f"{words} ({date})".strip() if date else words


def news_tsv(news: Sequence[News]) -> str:
    """Give the news as tab separated values with a head; white space in words becomes spaces."""
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(_COLUMNS)
    table.writerows([_flat(getattr(row, column)) for column in _COLUMNS] for row in news)
    return out.getvalue()


def summary(watched: Watched) -> str:
    """Give the closing line: what became of every trial that was looked at, and of every number of the graph.

    >>> summary(Watched((), 3, not_looked_for=("NCT04314687",)))
    'no news; 3 trials compared; 1 number of the graph did not come and was not asked for: NCT04314687'
    """
    parts = [
        f"{len(watched.news)} news" if watched.news else "no news",
        f"{_count(watched.compared, 'trial')} compared",
    ]
    for numbers, words in (
        (watched.elsewhere, "held under another registry's number"),
        (watched.older, "older than what the graph holds, not compared"),
        (watched.not_looked_for, "did not come and {was} not asked for"),
    ):
        if numbers:
            noun = "number of the graph" if "{was}" in words else "record"
            told = words.replace("{was}", "was" if len(numbers) == 1 else "were")
            more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
            parts.append(f"{_count(len(numbers), noun)} {told}: {', '.join(numbers[:_NAMED])}{more}")
    return "; ".join(parts)


def _count(number: int, noun: str) -> str:
    head, _, rest = noun.partition(" ")
    return f"{number:,} {head}{'s' * (number != 1)}{' ' + rest if rest else ''}"


def _flat(words: str) -> str:
    return " ".join(words.split())
