"""A table -> the beginning of its mapping, for its owner to finish. What was guessed is marked, column by column."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import islice

from kg.gate import Member
from kg.tables.cells import Cell
from kg.tables.mapping import Layout
from kg.tables.tables import open_table

__all__ = ["skeleton"]

_LOOKED_AT = 50

#: Words of a header -> what such a column often holds, as a mapping says it. A guess, and marked as one.
_OFTEN = (
    (r"study|trial|author|reference|first author", "study"),
    (r"arm|group|treatment|cohort", "arm"),
    (r"role|arm type", "arm.role"),
    (r"outcome|endpoint|end point", "outcome"),
    (r"instrument|scale|test|tool", "instrument"),
    (r"month|months|time \(?months\)?|follow.?up \(?months\)?", "month"),
    (r"mean|mean change|change", "mean"),
    (r"median", "median"),
    (r"sd|std|stdev|standard deviation|mean sd", "{property: spread, type: SD}"),
    (r"sem|standard error of the mean", "{property: spread, type: SEM}"),
    (r"se|standard error", "{property: spread, type: SE}"),
    (r"(?:mean|change|mean change) ?(?:±|\+/-) ?sd", "{property: mean, kind: mean ± spread, type: SD}"),
    (r"(?:mean|change|mean change) ?\(sd\)", "{property: mean, kind: mean (spread), type: SD}"),
    (r"n|no\.?|participants|patients|sample size", "n"),
    (r"events|cases", "events"),
    (r"measure", "measure"),
    (r"unit|units", "unit"),
    (r"dose", "{property: dose, unit: TELL}"),
    (r"route", "arm.route"),
    (r"cells?|cell type|cell source|product", "arm.cell_source"),
    (r"design|study design", "study.design"),
    (r"doi", "study.publications.doi"),
    (r"pmid", "study.publications.pmid"),
    (r"notes?|comments?|remarks?", "note"),
)


def _guess(name: str, taken: set[str]) -> str:
    plain = " ".join(re.sub(r"[_\s]+", " ", name).strip().casefold().split())
    for pattern, meaning in _OFTEN:
        if re.fullmatch(pattern, plain) and meaning not in taken:
            return meaning
    return ""


def _seen(cells: Sequence[Cell]) -> str:
    """Say what the first cells of a column look like."""
    texts = [cell.text for cell in cells if cell.text]
    if not texts:
        return "no value in the first rows"
    kinds = {
        "whole numbers": r"[+-]?\d+",
        "numbers": r"[+-]?\d+(?:\.\d+)?",
        "numbers with a decimal comma": r"[+-]?\d+(?:,\d+)?",
        "days": r"\d{4}-\d{2}-\d{2}",
        "numbers with ±": r"\S+\s*(?:±|\+/-)\s*\S+",
    }
    found = next((kind for kind, pattern in kinds.items() if all(re.fullmatch(pattern, text) for text in texts)), "")
    shown = ", ".join(dict.fromkeys(" ".join(text.split())[:24] for text in texts[:20]))
    return f"{found}: {shown}"[:60] if found else shown[:60]


def _key(name: str) -> str:
    """Give a name as a key of YAML that is read as it stands."""
    plain = re.fullmatch(r"[A-Za-z][\w ()%./±-]*(?<! )", name) and not name.startswith("-")
    return name if plain else json.dumps(name, ensure_ascii=not name.isprintable())


def _comment(words: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in words)


def skeleton(member: Member, layout: Layout = Layout()) -> str:  # noqa: B008 - frozen
    """Give a commented mapping made of the header and the first rows of a table; raise `InputError` for no table.

    It is a valid file only once its owner has said what TELL stands for: status and design are never guessed.
    """
    table = open_table(member, layout)
    rows = [row.cells for row in islice(table.rows, _LOOKED_AT)]
    columns = []
    comma = False
    taken: set[str] = set()
    arms: list[str] = []
    for at, name in enumerate(table.header):
        if not name:
            continue
        seen = _seen([row[at] for row in rows if at < len(row)])
        comma = comma or "decimal comma" in seen
        meaning = _guess(name, taken)
        taken.add(meaning)
        if meaning == "arm":
            arms = list(dict.fromkeys(row[at].text for row in rows if at < len(row) and row[at].text))[:10]
        line = f"{_key(name)}: {meaning}  # a guess;" if meaning else f"# {_key(name)}:  #"
        columns.append(_comment(f"  {line} {seen}"))
    head = [
        f"# How to read {_comment(table.file)}. Finish it: TELL stands where only you know, and a guess may be wrong.",
        "row: result  # a guess; or: study, arm, dose, comparison, readout, adverse event, term pair, entity",
        "status: TELL  # read, secondary or derived",
        "study: {design: TELL}  # e.g. randomized clinical trial; more of all studies: {id: ..., citation: ...}",
        "constants: {measure: TELL}  # e.g. change from baseline, or score",
        *(["decimal: ','  # a guess: some columns look like it"] if comma else []),
        "# missing: {absent: ['-', NA], not_reported: [NR]}  # what cells without a value look like",
    ]
    if not {"arm", "arm.role"} <= taken:
        told = [f"  {_key(name)}: {{role: TELL}}" for name in arms or ["TELL"]]
        head += ["arms:  # each name in the table; role: treated, control, comparator or observed", *told]
    return "\n".join([*head, "columns:", *columns]) + "\n"
