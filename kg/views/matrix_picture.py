"""The answer of a question as a matrix: how many (`count`), or which (`value`), stands in a row and a column."""

from __future__ import annotations

from collections import defaultdict

from kg.errors import InputError
from kg.views.figure import SIZE, SMALL, Figure, Key
from kg.views.lettering import coordinate as _n
from kg.views.lettering import fit, text_at, width_of
from kg.views.query_answer import SILENCE, Answer, caption_of, plural, values
from kg.views.svg import FILLS, STROKES, safe

__all__ = ["MOST", "draw_matrix_picture"]

#: Rows and columns that can still be read on one page.
MOST = (70, 45)
_LABEL, _HEAD, _CELL = 300.0, 190.0, 24.0
_TINTS = ((1, "#eef5fb"), (2, "#d5e8f5"), (4, "#a9d0ea"), (8, "#7ab6dc"))  # from this count on
_EDGE = "#2a8cc4"
_MANY = len(FILLS)

Cells = dict[tuple[str, str], list[str]]


def _cells(answer: Answer) -> tuple[list[str], list[str], Cells]:
    """Give row labels, column labels, and what stands where, each thing once; rows without one end count nowhere."""
    cells: Cells = defaultdict(list)
    lines, heads = values(answer, "rows", shown=True), values(answer, "columns", shown=True)
    contents = values(answer, "value", shown=True) if "value" in answer.view else values(answer, "count")
    for line, head, content in zip(lines, heads, contents, strict=True):
        if line and head and content and content not in cells[line, head]:
            cells[line, head].append(content)
    rows = sorted({line for line, _ in cells}, key=lambda text: (text.casefold(), text))
    columns = sorted({head for _, head in cells}, key=lambda text: (text.casefold(), text))
    if len(rows) > MOST[0] or len(columns) > MOST[1]:
        raise InputError(
            f"{answer.name}: a matrix of {len(rows)} x {len(columns)} is more than can be read (at most {MOST[0]} x "
            f"{MOST[1]}); ask for less with -p, or take the rows with `mechtrail query {answer.name} -f csv`"
        )
    return rows, columns, cells


def _categories(cells: Cells) -> list[str]:
    """Give the contents by the alphabet; where there are more than colours, the rarest are told in words only."""
    count: dict[str, int] = defaultdict(int)
    for contents in cells.values():
        for content in contents:
            count[content] += 1
    return sorted(sorted(count, key=lambda content: (-count[content], content))[:_MANY])


def draw_matrix_picture(answer: Answer) -> Figure:
    """Give the matrix of an answer in its frame; raise `InputError` where it is too large to be read."""
    rows, columns, cells = _cells(answer)
    kinds = _categories(cells) if "value" in answer.view else []
    left = min(max((width_of(row, SIZE) for row in rows), default=0.0), _LABEL) + 10
    top = min(max((width_of(column, SMALL) for column in columns), default=0.0), _HEAD) * 0.87 + 16
    marks = []
    for place, column in enumerate(columns):
        x = left + _CELL * (place + 0.5)
        words = fit(column, _HEAD, SMALL)
        turned = text_at(0, 0, words, size=SMALL)
        marks.append(f'<g transform="translate({_n(x + 3)} {_n(top - 6)}) rotate(-60)">{turned}</g>')
    for place, row in enumerate(rows):
        y = top + _CELL * place
        marks.append(text_at(left - 8, y + 16, fit(row, _LABEL, SIZE), size=SIZE, anchor="end"))
        for number, column in enumerate(columns):
            marks += _cell(row, column, cells.get((row, column), []), kinds, left + _CELL * number, y)
    if not rows:
        marks.append(text_at(0, 40, "The answer has no row with both ends.", size=SIZE))
    names = tuple(answer.view[key].removesuffix("_label").replace("_", " ") for key in ("rows", "columns"))
    filled = sum(1 for contents in cells.values() if contents)
    dropped = len(answer.rows) - sum(1 for line, head in _ends(answer) if line and head)
    spread = max((width_of(column, SMALL) for column in columns[-4:]), default=0.0)
    return Figure(
        title=answer.title,
        marks=marks,
        width=left + _CELL * len(columns) + min(spread, _HEAD) * 0.5 + 8,
        height=max(top + _CELL * len(rows), 60),
        caption=caption_of(
            answer,
            _says(answer, names, dropped),
            f"{plural(len(answer.rows), 'row')}, {filled} of {len(rows) * len(columns)} cells filled",
        ),
        words=f"Matrix of {names[0]} by {names[1]}: "
        + "; ".join(f"{row}, {column}: {', '.join(cells[row, column])}" for row, column in sorted(cells))
        + ".",
        legend=_legend(kinds, cells),
        columns=(names[0], *columns),
        rows=tuple((row, *(_text(answer, cells.get((row, column), [])) for column in columns)) for row in rows),
    )


def _ends(answer: Answer) -> list[tuple[str, str]]:
    return list(zip(values(answer, "rows", shown=True), values(answer, "columns", shown=True), strict=True))


def _says(answer: Answer, names: tuple[str, ...], dropped: int) -> list[str]:
    key = "value" if "value" in answer.view else "count"
    what = answer.view[key].removesuffix("_label").replace("_", " ")
    says = [f"Rows: {names[0]}. Columns: {names[1]}."]
    says.append(f"Colour: {what}." if key == "value" else f"Number: distinct {what}; darker is more.")
    if dropped:
        says.append(f"{plural(dropped, 'row')} of the answer without {names[0]} or {names[1]} stand in no cell.")
    return [*says, f"An empty cell {SILENCE}."]


def _text(answer: Answer, contents: list[str]) -> str:
    return "; ".join(sorted(contents)) if "value" in answer.view else str(len(contents)) if contents else ""


def _legend(kinds: list[str], cells: Cells) -> tuple[Key, ...]:
    keys = [Key(_swatch(rank, -9, -8, 18, 16) + _letter(rank, 0, 4), kind) for rank, kind in enumerate(kinds)]
    others = {content for contents in cells.values() for content in contents} - set(kinds)
    if kinds and others:
        keys.append(Key(text_at(0, 4, "…", size=SMALL, anchor="middle"), f"{plural(len(others), 'other value')}"))
    return tuple(keys)


def _swatch(rank: int, x: float, y: float, width: float, height: float) -> str:
    box = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
    return f'<rect {box} fill="{FILLS[rank]}" stroke="{STROKES[rank]}"/>'


def _letter(rank: int, x: float, y: float) -> str:
    return text_at(x, y, "abcdef"[rank], size=SMALL, anchor="middle")


def _cell(row: str, column: str, contents: list[str], kinds: list[str], x: float, y: float) -> list[str]:
    frame = f'x="{_n(x)}" y="{_n(y)}" width="{_n(_CELL)}" height="{_n(_CELL)}"'
    if not contents:
        return [f'<rect {frame} fill="#ffffff" stroke="#e3e7ea"/>']
    words = f"{row}, {column}: {', '.join(sorted(contents))}"
    if not kinds:
        fill = [tint for least, tint in _TINTS if len(contents) >= least][-1]
        inner = f'<rect {frame} fill="{fill}" stroke="{_EDGE}" stroke-width="0.8"/>'
        inner += text_at(x + _CELL / 2, y + 16, str(len(contents)), size=SIZE, anchor="middle")
    else:
        ranks = sorted({kinds.index(content) for content in contents if content in kinds})
        parts = [*ranks, -1] if any(content not in kinds for content in contents) else ranks
        share = (_CELL - 2) / len(parts)
        inner = f'<rect {frame} fill="#ffffff" stroke="#e3e7ea"/>'
        for place, rank in enumerate(parts):
            left = x + 1 + share * place
            if rank >= 0:
                inner += _swatch(rank, left, y + 1, share, _CELL - 2)
            sign = "…" if rank < 0 else "abcdef"[rank]
            size = SMALL if share > 7 else 8
            inner += text_at(left + share / 2, y + 16, sign, size=size, anchor="middle") if share > 4 else ""
    return [f"<g><title>{safe(words)}</title>{inner}</g>"]
