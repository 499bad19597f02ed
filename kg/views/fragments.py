"""Tables, cards, paths and pooled estimates as pieces of HTML, for the output of a notebook cell.

Text only: no script, no link, nothing loaded. Whatever a label holds, it is escaped, and signs that cannot be seen are
shown. Pages of their own are the job of the other views.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import zip_longest

from kg.namespaces import compress
from kg.network import Network
from kg.synthesis.analysis import Analysis
from kg.trace import Path
from kg.views.svg import safe
from kg.views.synthesis import notes_of, study_table, title_of
from kg.views.trace import chain_of, lines_beside, words_behind

__all__ = ["html_analysis", "html_card", "html_paths", "html_table", "plain_table", "words_of_value"]

Cell = str | int | float | bool | Decimal | None


@cache
def _style() -> str:
    return "<style>" + files("kg.views").joinpath("fragments.css").read_text(encoding="utf-8") + "</style>"


def words_of_value(value: Cell) -> str:
    """Give a value as text: numbers without an exponent, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _is_number(value: Cell) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _paragraph(text: str) -> str:
    return f"<p>{safe(text)}</p>"


def _shown_columns(names: Sequence[str]) -> list[tuple[int, int | None]]:
    """Give (column, column of its CURIE): a term with a label beside it is one column."""
    place = {name: i for i, name in enumerate(names)}
    shown: list[tuple[int, int | None]] = []
    for i, name in enumerate(names):
        if f"{name}_label" in place:
            continue
        term = name.removesuffix("_label")
        shown.append((i, place.get(term) if term != name else None))
    return shown


def html_table(names: Sequence[str], rows: Sequence[Sequence[Cell]], *, caption: str = "") -> str:
    """Give a table with a label and a small CURIE for each term, and with numbers to the right.

    >>> "<td>BDNF <small>PR:1</small></td>" in html_table(["factor", "factor_label"], [["PR:1", "BDNF"]])
    True
    """
    shown = _shown_columns(names)
    right = {
        i
        for i, _ in shown
        if any(_is_number(row[i]) for row in rows) and all(row[i] is None or _is_number(row[i]) for row in rows)
    }
    side = {i: ' align="right"' if i in right else "" for i, _ in shown}
    heads = "".join(
        f'<th scope="col"{side[i]}>{safe(names[i].removesuffix("_label").replace("_", " "))}</th>' for i, _ in shown
    )
    lines = []
    for row in rows:
        cells = []
        for i, term in shown:
            label, curie = words_of_value(row[i]), words_of_value(row[term]) if term is not None else ""
            small = f"<small>{safe(curie)}</small>" if curie else ""
            cells.append(f"<td{side[i]}>{' '.join(part for part in (safe(label), small) if part)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    title = f"<caption>{safe(caption)}</caption>" if caption else ""
    body = "\n".join(lines)
    head = f"<thead><tr>{heads}</tr></thead>"
    return f'{_style()}<table class="mechtrail">{title}\n{head}\n<tbody>\n{body}\n</tbody></table>'


def plain_table(names: Sequence[str], rows: Sequence[Sequence[Cell]], *, widest: int = 36) -> str:
    """Give the same table as aligned text; a cell that is too long ends in an ellipsis."""
    shown = [i for i, _ in _shown_columns(names)]
    table = [[names[i].removesuffix("_label").replace("_", " ") for i in shown]]
    table += [[" ".join(words_of_value(row[i]).split()) for i in shown] for row in rows]
    table = [[cell if len(cell) <= widest else cell[: widest - 1] + "…" for cell in row] for row in table]
    widths = [max(map(len, column)) for column in zip_longest(*table, fillvalue="")]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table)
    return "\n".join(line.rstrip() for line in lines)


def html_card(curie: str, facts: Sequence[Sequence[str]], statements: Sequence[dict[str, str]]) -> str:
    """Give the card of a term: what it is, and every assertion about it with status, level and source."""
    told = [
        [re.sub(r"<(https?://[^<>\s]+)>", lambda iri: f"({compress(iri[1])})", cell) for cell in fact] for fact in facts
    ]
    parts = [html_table(["what", "value"], told, caption=curie)]
    if not statements:
        return "\n".join([*parts, _paragraph("No assertion of this graph is about it.")])
    kept = ("subject_label", "relation_label", "object_label", "statement", "status", "level", "source_label")
    heads = ["from", "relation", "to", "statement", "status", "level", "source"]
    count = len({statement["assertion"] for statement in statements})
    caption = f"{count} {'assertion' if count == 1 else 'assertions'}"
    rows = sorted(statements, key=lambda statement: statement["relation_label"])
    return "\n".join([*parts, html_table(heads, [[row[name] for name in kept] for row in rows], caption=caption)])


def _path(path: Path, network: Network) -> Iterable[str]:
    rows = []
    for step in path.steps:
        edge = step.edge
        level = "is a" if step.is_a else edge.level_label if edge else "no evidence"
        says = "what follows is stated of the wider term" if step.is_a else "nothing in this graph"
        behind = f"{edge.statement} {words_behind(edge)}" if edge else says
        weakest = "weakest link" if step is path.weakest else ""
        rows.append([step.start.label, step.words, step.end.label, level, behind, weakest])
    yield html_table(["from", "relation", "to", "level", "what stands behind it", ""], rows, caption=chain_of(path))
    yield from map(_paragraph, lines_beside(path, network))


def html_paths(paths: Sequence[Path], network: Network) -> str:
    """Give paths step by step with what stands behind each step, the weakest one marked, and the trials beside it."""
    if not paths:
        return _paragraph("No chain of assertions leads from one to the other.")
    return "\n".join(part for path in paths for part in _path(path, network))


def html_analysis(analysis: Analysis) -> str:
    """Give a pooled estimate with its rows, what was left out and why, and the sentence in words."""
    head, *rows = study_table(analysis)
    parts = [html_table(head, rows, caption=title_of(analysis))]
    items: list[str] = []
    for line in [*notes_of(analysis), ""]:
        if line.startswith("  "):
            items.append(f"<li>{safe(line.strip())}</li>")
            continue
        if items:
            parts.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if line:
            parts.append(_paragraph(line))
    return "\n".join(parts)
