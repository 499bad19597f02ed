"""The frame around a picture: title, legend, caption, and words for who cannot see it.

A picture hands over marks that it drew from its own point 0, 0. Of what the marks mean the frame knows nothing, but
without a caption that states n, sources, day of the data and query no picture leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from kg.views.lettering import coordinate as _n
from kg.views.lettering import text_at, width_of, wrap
from kg.views.svg import INK, QUIET, safe

__all__ = ["MARGIN", "SIZE", "SMALL", "Caption", "Figure", "Key", "draw_figure"]

SIZE, SMALL, TITLE, MARGIN = 12.0, 10.5, 15.0, 14.0  # of letters and of the border, in pixels
#: The room of a mark in the legend; a mark is drawn around its middle.
KEY = (24.0, 16.0)
_LINE = 15.0
_NARROWEST = 420.0  # a caption in a narrower column is hard to read
_MOST_SOURCES = 40


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: a mark as SVG, drawn around the point 0, 0, and what it means."""

    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class Caption:
    """What a reader must know to trust or to doubt a picture.

    `says` is how the picture is to be read, in whole sentences; `counted` is n ('22 studies, 87 comparisons');
    `as_of` is the day of the data in words; `query` is the command that gives the rows behind it.
    """

    says: str
    counted: str
    sources: tuple[str, ...]
    as_of: str
    query: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its frame. `words` tells what the marks show; `columns` and `rows` are the same as a table."""

    title: str
    marks: Sequence[str]
    width: float
    height: float
    caption: Caption
    words: str
    legend: tuple[Key, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def caption_lines(caption: Caption) -> list[str]:
    """Give the caption as paragraphs.

    >>> caption_lines(Caption("Dots are studies.", "2 studies", ("B", "A", "B"), "2026-11-26", "mechtrail show"))
    ['Dots are studies.', 'n = 2 studies. Sources (2): A, B. Data: 2026-11-26. Query: mechtrail show.']
    """
    names = sorted(set(caption.sources))
    shown = ", ".join(names[:_MOST_SOURCES]) or "none"
    shown += f" and {len(names) - _MOST_SOURCES} more, which the query names" if len(names) > _MOST_SOURCES else ""
    facts = f"n = {caption.counted}. Sources ({len(names)}): {shown}. Data: {caption.as_of or 'day not stated'}. "
    return [*caption.says.splitlines(), f"{facts}Query: {caption.query}."]


def draw_figure(figure: Figure) -> str:
    """Give the picture in its frame as SVG text that needs no style sheet and nothing from outside.

    >>> caption = Caption("", "0 studies", (), "2026-11-26", "mechtrail query")
    >>> draw_figure(Figure("Nothing", [], 10, 10, caption, "Empty.")).startswith("<svg ")
    True
    """
    inner = max(figure.width, _NARROWEST)
    name = figure.title.strip() or "Picture"
    titles = wrap(name, inner, TITLE, bold=True, most=3)
    parts = [text_at(MARGIN, 26 + 19 * place, line, size=TITLE, bold=True) for place, line in enumerate(titles)]
    top = 18 + 19 * len(titles)
    parts += [f'<g class="marks" transform="translate({_n(MARGIN)} {_n(top)})">', *figure.marks, "</g>"]
    legend, y = _legend(figure.legend, inner, top + figure.height + 8)
    parts += legend
    parts.append('<g class="caption">')
    for paragraph in caption_lines(figure.caption):
        for line in wrap(paragraph, inner, SMALL):
            y += _LINE
            parts.append(text_at(MARGIN, y, line, size=SMALL, colour=QUIET))
        y += 5
    width, height = _n(inner + 2 * MARGIN), _n(y + 10)
    key = "figure-" + sha256("\n".join([name, *parts]).encode("utf-8", "backslashreplace")).hexdigest()[:12]
    told = " ".join([figure.words, *caption_lines(figure.caption)])
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="max-width:100%;height:auto" role="img" aria-labelledby="{key}-title" aria-describedby="{key}-desc" '
        f'font-family="sans-serif" font-size="{_n(SIZE)}" fill="{INK}">',
        f'<title id="{key}-title">{safe(name)}</title>',
        f'<desc id="{key}-desc">{safe(told)}</desc>',
        f'<rect class="paper" width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    return "\n".join([*head, *parts, "</g>", "</svg>"]) + "\n"


def _legend(keys: Sequence[Key], room: float, y: float) -> tuple[list[str], float]:
    """Set the entries in lines, as many in one as fit; give the height below them, too."""
    parts, x, line = [], MARGIN, y + KEY[1] / 2
    for key, words in _entries(keys, room):
        width = KEY[0] + 6 + max(width_of(each, SMALL) for each in words)
        if x > MARGIN and x + width > MARGIN + room:
            x, line = MARGIN, line + KEY[1] + 4
        parts.append(f'<g class="key"><g transform="translate({_n(x + KEY[0] / 2)} {_n(line)})">{key.mark}</g>')
        for place, each in enumerate(words):
            parts.append(text_at(x + KEY[0] + 6, line + 4 + 14 * place, each, size=SMALL))
        parts.append("</g>")
        x += width + 18
        if len(words) > 1:
            x, line = MARGIN, line + 14 * (len(words) - 1) + KEY[1] + 4
    if keys and x == MARGIN:
        line -= KEY[1] + 4
    return parts, line + KEY[1] / 2 + 2 if keys else y


def _entries(keys: Sequence[Key], room: float) -> Iterator[tuple[Key, list[str]]]:
    for key in keys:
        yield key, wrap(key.words, room - KEY[0] - 6, SMALL) or [""]
