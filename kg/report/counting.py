"""Numbers with their nouns, and rows counted once each."""

from __future__ import annotations

from collections.abc import Iterable

from kg.report.rows import Row

__all__ = ["count_of", "distinct", "studies_in", "tally"]


def count_of(number: int, noun: str, plural: str = "") -> str:
    """Give a number with its noun.

    >>> count_of(1, "study", "studies"), count_of(2, "study", "studies")
    ('1 study', '2 studies')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def tally(words: Iterable[str]) -> str:
    """Give how often each word comes, the most frequent first.

    >>> tally(["higher", "no difference", "higher"])
    '2 higher, 1 no difference'
    """
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return ", ".join(f"{count} {word}" for word, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def studies_in(rows: Iterable[Row]) -> list[str]:
    """Give the studies of some rows, each once."""
    return sorted({row["study"] for row in rows if row.get("study")})


def distinct(rows: Iterable[Row], *names: str) -> list[Row]:
    """Give the first row of each combination of values; a record may come once for each thing it is about."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in names), row)
    return list(found.values())
