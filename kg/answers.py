"""Answers of queries -> bytes or a table on a terminal. Labels and CURIEs for people, plain terms for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError
from kg.namespaces import PREFIXES, compress
from kg.store import QueryAnswer

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["FORMATS", "as_markdown", "as_table", "rows_of", "write_answer"]

_ROWS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
_TRIPLES = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}
FORMATS = ["table", "csv", "tsv", "json", "xml", "md", "ttl", "nt", "jsonld"]


def _cell(term: object) -> str:
    if term is None:
        return ""
    value = str(getattr(term, "value", term))
    return compress(value) if isinstance(term, ox.NamedNode) else value


def rows_of(answer: ox.QuerySolutions) -> tuple[list[str], list[list[str]]]:
    """Give column names and rows as text, IRIs shortened."""
    names = [variable.value for variable in answer.variables]
    return names, [[_cell(row[name]) for name in names] for row in answer]


def as_markdown(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Give a Markdown table."""
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    escaped = ([cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows)
    lines += ["| " + " | ".join(row) + " |" for row in escaped]
    return "\n".join(lines) + "\n"


def as_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Give a table for a terminal; a term with a label beside it is shown by its label only."""
    from rich import box
    from rich.table import Table

    shown = [i for i, name in enumerate(names) if f"{name}_label" not in names]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for i in shown:
        table.add_column(names[i].removesuffix("_label").replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(row[i].replace("[", "\\[") for i in shown))
    return table


def write_answer(answer: QueryAnswer, form: str) -> bytes:
    """Give an answer as bytes in a format other than `table`."""
    if isinstance(answer, ox.QueryTriples):
        if form not in _TRIPLES:
            raise InputError(f"the query constructs triples; found format {form!r}, expected: {', '.join(_TRIPLES)}")
        triples = sorted(answer, key=str)
        return ox.serialize(triples, format=_TRIPLES[form], prefixes=PREFIXES) or b""
    if form == "md" and isinstance(answer, ox.QuerySolutions):
        return as_markdown(*rows_of(answer)).encode()
    if form not in _ROWS:
        raise InputError(f"the query gives rows; found format {form!r}, expected: {', '.join([*_ROWS, 'md', 'table'])}")
    return answer.serialize(format=_ROWS[form]) or b""
