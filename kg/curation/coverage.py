"""Which words of a source no claim stands on.

A source is read to its end: each of its words lies in the passage of a claim, or in a stretch that a small file
(`kg/curated/left-out/<source>.tsv`) marks as heading, reference, connective or running head, with its fingerprint. What
is left over is a hole in the reading, and `mechtrail verify --coverage` shows it sentence by sentence.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.curation.verification import Check
from kg.errors import Problem, SourceError, nearest
from kg.fingerprint import Fingerprint, Outcome, Text, find
from kg.vocabulary import LEFT_OUT

__all__ = ["Coverage", "Gap", "LeftOut", "coverage", "gap_problems", "mark_problems", "read_left_out"]

_COLUMNS = ["reason", "at", "tokens", "exact", "loose_tokens", "loose"]
#: A sentence ends at . ! or ? before white space and a capital letter, unless it is an abbreviation or an initial.
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\bal\.)(?<!\bVol\.)(?<!\bNo\.)(?<!\b[A-Z]\.)\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch of a source that carries no claim, and why."""

    reason: str
    fingerprint: Fingerprint
    line: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Words of one sentence that nothing accounts for."""

    at: int  # running number of the first word
    sentence: str
    words: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many words of a source stand under a claim, are marked, or are left over."""

    source: str
    words: int
    claimed: int
    marked: dict[str, int]
    gaps: tuple[Gap, ...]
    lost: tuple[LeftOut, ...]  # marks that are not found in the text
    needless: tuple[LeftOut, ...]  # marks whose words all stand under a claim


def read_left_out(path: Path) -> list[LeftOut]:
    """Read the marks of a source; no file, no marks. Raise `SourceError` with line and what was expected."""
    if not path.is_file():
        return []
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""), delimiter="\t")
    if rows.fieldnames != _COLUMNS:
        found = ", ".join(rows.fieldnames or []) or "nothing"
        raise SourceError(path.name, 1, "", f"found the columns {found}; expected {', '.join(_COLUMNS)}")
    marks = []
    for line, row in enumerate(rows, 2):
        if row["reason"] not in LEFT_OUT:
            close = nearest(str(row["reason"]), LEFT_OUT) or list(LEFT_OUT)
            message = f"found {row['reason']!r}; expected one of: {', '.join(LEFT_OUT)}; nearest: {close[0]}"
            raise SourceError(path.name, line, "reason", message)
        try:
            numbers = [int(row[name]) for name in ("tokens", "loose_tokens", "at")]
        except (TypeError, ValueError) as error:
            raise SourceError(path.name, line, "tokens", f"expected whole numbers: {error}") from error
        fingerprint = Fingerprint(numbers[0], row["exact"], numbers[1], row["loose"], numbers[2])
        marks.append(LeftOut(row["reason"], fingerprint, line))
    return marks


def _sentences(content: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _SENTENCE_END.finditer(content):
        yield start, end.start()
        start = end.end()
    yield start, len(content)


def _under(text: Text, spans: Iterable[tuple[int, int]]) -> set[int]:
    """Give the running numbers of the words that lie in any of the spans."""
    covered: set[int] = set()
    for start, end in spans:
        first = text.token_at(start)
        while first < len(text.exact) and text.exact[first].start < end:
            covered.add(first)
            first += 1
    return covered


def _gaps(text: Text, accounted: set[int]) -> Iterator[Gap]:
    for start, end in _sentences(text.content):
        inside = [i for i in range(text.token_at(start), len(text.exact)) if text.exact[i].start < end]
        open_words = [i for i in inside if i not in accounted]
        if open_words:
            sentence = " ".join(text.content[start:end].split())
            yield Gap(open_words[0], sentence, " ".join(_runs(text, open_words)))


def _runs(text: Text, numbers: Sequence[int]) -> Iterator[str]:
    """Give the open words, with three dots where words that are accounted for lie between them."""
    last = None
    for number in numbers:
        if last is not None and number != last + 1:
            yield "..."
        yield text.exact[number].text
        last = number


def coverage(source: str, text: Text, checks: Iterable[Check], marks: Iterable[LeftOut]) -> Coverage:
    """Account for every word of a source: under a verified passage, marked, or left over."""
    claimed = _under(text, ((check.match.start, check.match.end) for check in checks if check.found))
    marked: Counter[str] = Counter()
    accounted, lost, needless = set(claimed), [], []
    for mark in marks:
        match = find(mark.fingerprint, text)
        if match.outcome is Outcome.NOT_FOUND:
            lost.append(mark)
            continue
        words = _under(text, [(match.start, match.end)])
        if words <= claimed:
            needless.append(mark)
        marked[mark.reason] += len(words - accounted)
        accounted |= words
    gaps = tuple(_gaps(text, accounted))
    return Coverage(source, len(text.exact), len(claimed), dict(marked), gaps, tuple(lost), tuple(needless))


def gap_problems(found: Coverage) -> list[Problem]:
    """Give a problem for each sentence with words left over."""
    return [
        Problem("coverage", f"{found.source}: word {gap.at}", f"no claim stands on: {gap.words}") for gap in found.gaps
    ]


def mark_problems(found: Coverage, marks_file: str) -> list[Problem]:
    """Give a problem for each mark that marks nothing."""
    problems = [
        Problem("coverage", f"{marks_file}:{mark.line}", f"the marked {mark.reason} is not in the text")
        for mark in found.lost
    ]
    problems += [
        Problem("coverage", f"{marks_file}:{mark.line}", f"a claim stands on every word of the marked {mark.reason}")
        for mark in found.needless
    ]
    return problems
