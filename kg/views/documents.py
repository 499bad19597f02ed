"""Pages in Markdown that the program writes about itself: its questions with their answers, and its schema."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.answers import as_markdown
from kg.catalogue import Query

__all__ = ["Answered", "draw_questions", "draw_schema"]

#: Rows of an answer on the page; a whole answer is one command away.
_ROWS = 8
_WIDEST = 160
#: Columns that only a program reads.
_INNER = {"record", "evidence", "assertion", "against", "claim_id", "first_record", "second_record"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with the answer of the packaged graph."""

    query: Query
    names: list[str]
    rows: list[list[str]]
    asked: dict[str, str]  # parameter -> value, where one had to be given


def _short(cell: str) -> str:
    return cell if len(cell) <= _WIDEST else cell[: _WIDEST - 1] + "…"


def _number(tags: Sequence[str]) -> str:
    return next((tag for tag in tags if tag.startswith("CQ")), "")


def _section(answered: Answered) -> str:
    query = answered.query
    shown = [i for i, name in enumerate(answered.names) if f"{name}_label" not in answered.names and name not in _INNER]
    heads = [answered.names[i].removesuffix("_label").replace("_", " ") for i in shown]
    rows = [[_short(row[i]) for i in shown] for row in answered.rows[:_ROWS]]
    number = _number(query.tags)
    given = "".join(f' -p {name}="{value}"' for name, value in answered.asked.items())
    count = len(answered.rows)
    told = (
        "no row" if not count else f"{count} row{'s' * (count > 1)}" + (f", the first {_ROWS}" if count > _ROWS else "")
    )
    parts = [f"## {number + ': ' if number else ''}{query.summary}", " ".join(query.description.split())]
    parts += [f"`mechtrail query {query.name}{given}`: {told}."]
    parts += [as_markdown(heads, rows).rstrip()] if rows else []
    sparql = "\n".join(line for line in query.text.splitlines() if not line.startswith("#+"))
    parts += [f"<details><summary>SPARQL</summary>\n\n```sparql\n{sparql}\n```\n\n</details>"]
    return "\n\n".join(part for part in parts if part)


def draw_questions(answered: Iterable[Answered]) -> str:
    """Give the page of questions: competency questions in the order of their numbers, then the others by name."""
    ordered = sorted(answered, key=lambda one: (_number(one.query.tags) or "Z", one.query.name))
    intro = (
        "# Questions and answers\n\nWritten by `mechtrail queries --page` from the questions in `queries/` and the "
        "packaged graph; each answer is pinned by a test. Columns of identifiers and records are left out here: "
        "`mechtrail query NAME -f csv` gives them. CQ numbers are those of the competency questions."
    )
    return "\n\n".join([intro, *map(_section, ordered)]) + "\n"


def draw_schema(
    kinds: Iterable[Sequence[str]], classes: Iterable[Sequence[str]], relations: Iterable[Sequence[str]]
) -> str:
    """Give the page of the schema: kinds of terms, classes of records, relations, with counts and definitions."""
    return "\n".join(
        [
            "# What the graph is made of\n",
            "Prefix `ctmo: <https://w3id.org/ctmo/>`. The same counts stand in the graph as VoID, and every question",
            "as a SPARQL example: `mechtrail schema -f ttl`.\n",
            "## Kinds of terms\n",
            as_markdown(["kind", "terms"], list(kinds)),
            "## Classes of records\n",
            as_markdown(["class", "name", "what it is", "records"], list(classes)),
            "## Relations\n",
            as_markdown(
                ["relation", "name", "what it says", "from", "to", "step of a path", "triples"], list(relations)
            ),
        ]
    )
