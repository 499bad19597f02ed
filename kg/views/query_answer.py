"""The answer of a question as a picture sees it: columns by the keys of its `#+ view:` header, numbers, sources.

Which keys a header may have is `kg.catalogue`'s business, how a kind is drawn that of the module named after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.errors import InputError
from kg.views.figure import Caption

__all__ = ["SILENCE", "Answer", "caption_of", "keep", "label_column", "numbers", "plural", "values"]

#: What an empty place in a picture may mean; it stands in the caption of every picture that has some.
SILENCE = (
    "is no finding: it was not measured, or measured and not reported, or no file of this graph says it. "
    "What was measured without a difference is a row like any other"
)
#: Columns that name where a row comes from, the best first.
_CITED = ("source_label", "study_label", "who", "first_label", "source", "study", "registry_id")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows with the question that gave them."""

    name: str
    title: str
    view: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    as_of: str = ""
    asked: tuple[tuple[str, str], ...] = ()  # parameter and value


def plural(count: int, noun: str) -> str:
    """Give a count with its noun.

    >>> plural(1, "row"), plural(2, "study"), plural(0, "row")
    ('1 row', '2 studies', '0 rows')
    """
    ending = noun if count == 1 else noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{count:,} {ending}"


def label_column(answer: Answer, name: str) -> str:
    """Give the column that is read by people: the one of labels beside a term."""
    return f"{name}_label" if f"{name}_label" in answer.columns else name


def values(answer: Answer, key: str, *, shown: bool = False) -> list[str]:
    """Give the column that a key of the header names, one value a row; `shown` gives its labels where there are any.

    A key that the header does not have gives empty texts. A term without a label is shown by itself.
    """
    name = answer.view.get(key, "")
    if not name:
        return [""] * len(answer.rows)
    place = answer.columns.index(name)
    label = answer.columns.index(label_column(answer, name)) if shown else place
    return [row[label] or row[place] for row in answer.rows]


def numbers(answer: Answer, key: str) -> list[float]:
    """Give a column as numbers; raise `InputError` with the row for anything else. What is empty counts as 0."""
    found = []
    for place, text in enumerate(values(answer, key), 1):
        if text and not _NUMBER.fullmatch(text):
            name = answer.view[key]
            raise InputError(f"{answer.name}: row {place}: column {name!r} holds {text[:40]!r}, expected a number")
        found.append(float(text or 0))
    return found


def caption_of(answer: Answer, says: Sequence[str], counted: str) -> Caption:
    """Give the caption: how the picture is read, n, sources, day of the data, and the line that gives the rows."""
    cited = answer.view.get("cites") or next((name for name in _CITED if name in answer.columns), "")
    sources: tuple[str, ...] = ()
    if cited:
        place = answer.columns.index(label_column(answer, cited))
        sources = tuple(sorted({row[place] for row in answer.rows if row[place]}))
    own = [answer.view["says"].strip()] if answer.view.get("says") else []
    asked = "".join(f' -p {name}="{value}"' for name, value in answer.asked)
    return Caption(" ".join([*own, *says]), counted, sources, answer.as_of, f"mechtrail query {answer.name}{asked}")


def keep(labels: Sequence[str], most: int) -> tuple[list[str], str]:
    """Give the first labels that have room, and a sentence on the others.

    >>> keep(["a", "b", "c"], 2)
    (['a', 'b'], '1 more is not drawn.')
    """
    left = len(labels) - most
    return list(labels[:most]), f"{left:,} more {'is' if left == 1 else 'are'} not drawn." if left > 0 else ""
