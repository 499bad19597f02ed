"""A framed picture as one self-contained page: the picture, its rows as a table, and the questions behind it.

The page has no script and loads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from importlib.resources import files

from kg.views.figure import Figure, draw_figure
from kg.views.svg import safe

__all__ = ["draw_figure_page"]


def draw_figure_page(figure: Figure, queries: Mapping[str, str] | None = None) -> str:
    """Give the page; `queries` are the names and texts of the questions that the picture answers."""
    package = files("kg.views")
    parts = {
        "title": safe(figure.title),
        "css": package.joinpath("figure.css").read_text(encoding="utf-8").strip(),
        "svg": draw_figure(figure),
        "table": _table(figure),
        "queries": "\n".join(
            f'<details class="query"><summary>The question: {safe(name)}</summary>\n'
            f"<pre>{escape(text.strip())}</pre>\n</details>"
            for name, text in (queries or {}).items()
        ),
    }
    page = package.joinpath("figure.html").read_text(encoding="utf-8")
    # one pass, so that a label with {{braces}} stays a label
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], page)


def _table(figure: Figure) -> str:
    if not figure.columns:
        return ""
    head = "".join(f'<th scope="col">{safe(each)}</th>' for each in figure.columns)
    rows = "\n".join("<tr>" + "".join(f"<td>{safe(cell)}</td>" for cell in row) + "</tr>" for row in figure.rows)
    count = f"{len(figure.rows)} row{'' if len(figure.rows) == 1 else 's'}"
    return (
        f"<details><summary>The picture as a table ({count})</summary>\n"
        f'<div class="scroll" tabindex="0" role="region" aria-label="The picture as a table">\n'
        f"<table><caption>{safe(figure.title)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n</div>\n</details>"
    )
