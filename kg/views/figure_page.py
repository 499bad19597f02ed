"""A framed picture as one self-contained page: the picture, its rows as a table, and the questions behind it.

The page has no script and loads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files

from kg.views.figure import Figure, draw_figure
from kg.views.svg import safe

__all__ = ["draw_figure_page", "draw_svg_page"]


def draw_figure_page(figure: Figure, queries: Mapping[str, str] | None = None) -> str:
    """Give the page; `queries` are the names and texts of the questions that the picture answers."""
    return draw_svg_page(figure.title, draw_figure(figure), figure.columns, figure.rows, queries)


def draw_svg_page(
    title: str,
    svg: str,
    columns: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    queries: Mapping[str, str] | None = None,
) -> str:
    """Give the page around a picture that has its own caption."""
    package = files("kg.views")
    parts = {
        "title": safe(title),
        "css": package.joinpath("figure.css").read_text(encoding="utf-8").strip(),
        "svg": svg,
        "table": _table(title, columns, rows) if columns else "",
        "queries": "\n".join(
            f'<details class="query"><summary>The question: {safe(name)}</summary>\n'
            f"<pre>{escape(text.strip())}</pre>\n</details>"
            for name, text in (queries or {}).items()
        ),
    }
    page = package.joinpath("figure.html").read_text(encoding="utf-8")
    # one pass, so that a label with {{braces}} stays a label
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], page)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{safe(each)}</th>' for each in columns)
    body = "\n".join("<tr>" + "".join(f"<td>{safe(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return (
        f"<details><summary>The picture as a table ({count})</summary>\n"
        f'<div class="scroll" tabindex="0" role="region" aria-label="The picture as a table">\n'
        f"<table><caption>{safe(title)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>\n</div>\n</details>"
    )
