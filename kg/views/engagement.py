"""Rows of the engagement matrix -> a picture: mechanism x study, and beside it what is only claimed.

A mark stands only where a study measured a marker of the mechanism, or plans to. A trial that measured the outcome and
no mechanism has no column, however good its result.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.views.figure import SMALL, Caption, Figure, Key
from kg.views.grid import RULE, Grid, group, lay_out_grid, shape
from kg.views.lettering import text_at
from kg.views.svg import INK, QUIET

__all__ = ["draw_engagement"]

Row = Mapping[str, str]
#: What the query calls an engagement -> the column group. The order is that of the columns.
_MEASURED, _ANIMAL, _PLANNED = (
    "measured in participants",
    "measured in animals",
    "planned in a registered trial",
)
_CLAIMS = {
    "claimed of patients": "of patients",
    "claimed of animals": "of animals",
    "claimed in vitro": "in vitro",
    "stated only": "only stated",
}
#: Direction of a marker -> its mark. "Not detected" and "no difference" are findings, too.
_DIRECTIONS = {"increase": "up", "decrease": "down", "no difference": "bar", "not detected": "ring", "detected": "dot"}
_OTHER = "other"
_IN_PEOPLE, _IN_ANIMALS = "#0072b2", "#767676"
_CELL = (30.0, 21.0)


@dataclass
class _Cell:
    """What one study holds of one mechanism."""

    directions: Counter[str] = field(default_factory=Counter)
    words: list[str] = field(default_factory=list)
    planned: int = 0


def draw_engagement(rows: Sequence[Row], *, as_of: str = "") -> Figure:
    """Give the picture of `mechanism/engagement-matrix`."""
    cells: dict[tuple[str, str], _Cell] = defaultdict(_Cell)
    claims: dict[tuple[str, str], list[Row]] = defaultdict(list)
    mechanisms: dict[str, str] = {}
    studies: dict[str, tuple[int, str]] = {}  # study -> its group of columns and its label
    ranks: dict[str, int] = {}
    for row in rows:
        mechanism, engagement = row["mechanism"], row["engagement"]
        mechanisms[mechanism] = row["mechanism_label"]
        ranks[mechanism] = min(ranks.get(mechanism, 9), int(row["rank"][0]))
        if engagement in _CLAIMS:
            claims[mechanism, engagement].append(row)
            continue
        place = (_MEASURED, _ANIMAL, _PLANNED).index(engagement)
        group_of = min(studies.get(row["study"], (9, ""))[0], place)
        studies[row["study"]] = (group_of, row["study_label"])
        cell = cells[mechanism, row["study"]]
        if engagement == _PLANNED:
            cell.planned += 1
            cell.words.append(f"planned: {row['marker_label']}")
        else:
            cell.directions[row["direction"] if row["direction"] in _DIRECTIONS else _OTHER] += 1
            time, against = row["time"] or "not reported", row["compared_with"] or "not reported"
            cell.words.append(f"{row['marker_label']}: {row['direction']}; time: {time}; compared with: {against}")
    order = sorted(studies, key=lambda study: (*studies[study], study))
    lines = sorted(mechanisms, key=lambda each: (ranks[each], mechanisms[each], each))
    gaps = [place for place in range(1, len(order)) if studies[order[place]][0] != studies[order[place - 1]][0]]
    columns = [studies[study][1] for study in order] + [f"claimed: {words}" for words in _CLAIMS.values()]
    grid = lay_out_grid(
        [mechanisms[each] for each in lines], columns, cell=_CELL, longest_label=330.0, gaps=[*gaps, len(order)]
    )
    marks = [*_bands(grid, lines, ranks), *grid.frame()]
    table: list[tuple[str, ...]] = []
    for y, mechanism in enumerate(lines):
        name = mechanisms[mechanism]
        for x, study in enumerate(order):
            if (mechanism, study) not in cells:
                continue
            cell, (kind, label) = cells[mechanism, study], studies[study]
            title = f"{name}, {label}: {' | '.join(cell.words)}"
            marks.append(group(title, *_marks(cell, kind, grid.x(x), grid.y(y))))
            table += [(name, label, _kind_words(kind, each), each) for each in cell.words]
        for x, engagement in enumerate(_CLAIMS, start=len(order)):
            said = claims[mechanism, engagement]
            if said:
                words = [_claim(row) for row in said]
                disputing = sum(row["direction"] == "disputes" for row in said)
                count = f"{len(said) - disputing}" + f" −{disputing}" * bool(disputing)
                number = text_at(grid.x(x), grid.y(y) + 4, count, size=SMALL, anchor="middle", colour=QUIET)
                marks.append(group(f"{name}, {engagement}: {' | '.join(words)}", number))
                table += [(name, "", engagement, each) for each in words]
    return Figure(
        title="Engagement matrix: which mechanism was measured in which study",
        marks=marks,
        width=grid.width,
        height=grid.height,
        legend=tuple(_legend()),
        caption=_caption(rows, mechanisms, studies, cells, as_of),
        words=_told(lines, order, mechanisms, studies, cells),
        columns=("mechanism", "study", "standing", "what"),
        rows=tuple(table),
    )


def _claim(row: Row) -> str:
    """Give a claim with all that weakens it."""
    doubts = [row["direction"]] * (row["direction"] != "supports") + [row["status"]] * (row["status"] != "accepted")
    weak = f" [{', '.join(doubts)}]" if doubts else ""
    return f"{row['marker_label']}{weak} ({row['source_label']})"


def _kind_words(kind: int, words: str) -> str:
    return _PLANNED if words.startswith("planned: ") else (_MEASURED, _ANIMAL, _PLANNED)[kind]


def _bands(grid: Grid, lines: Sequence[str], ranks: Mapping[str, int]) -> Iterator[str]:
    """Tint the mechanisms that were measured in participants, and part them from the rest."""
    measured = sum(ranks[each] == 1 for each in lines)
    if measured:
        height = measured * grid.cell[1]
        yield (
            f'<rect x="0" y="{grid.top:.2f}" width="{grid.right:.2f}" height="{height:.2f}" fill="#e3f1fa"/>'
            f'<path d="M0 {grid.top + height:.2f}H{grid.right:.2f}" stroke="{RULE}" stroke-width="2" fill="none"/>'
        )
    for gap in grid.gaps:
        x = grid.x(gap) - grid.cell[0] / 2 - 4
        yield f'<path d="M{x:.2f} {grid.top:.2f}V{grid.bottom:.2f}" stroke="{QUIET}" stroke-width="1" fill="none"/>'


def _marks(cell: _Cell, kind: int, x: float, y: float) -> Iterator[str]:
    colour = _IN_PEOPLE if kind == 0 else _IN_ANIMALS
    if cell.planned and not cell.directions:
        yield shape("circle", x, y, 7, fill="#ffffff", stroke=INK, dash="2.5 1.8")
        yield text_at(x, y + 3.3, str(cell.planned), size=9, anchor="middle")
        return
    several = len(cell.directions) > 1
    for place, (direction, count) in enumerate(sorted(cell.directions.items())):
        at = x + (place - (len(cell.directions) - 1) / 2) * 13
        yield _mark(direction, at, y, colour, 5.0 if several else 6.0)
        if count > 1:
            yield text_at(at + 7, y + 8, str(count), size=9, bold=True, anchor="start")
    if cell.planned:
        yield text_at(x + 7, y - 1.5, "p", size=9, anchor="start", colour=QUIET)


def _mark(direction: str, x: float, y: float, colour: str, r: float) -> str:
    kind = _DIRECTIONS.get(direction, _OTHER)
    if kind in ("up", "down"):
        return shape(kind, x, y + (1 if kind == "up" else -1), r, fill=colour)
    if kind == "bar":
        return shape("bar", x, y, r, fill="none", stroke=colour)
    if kind == "ring":
        return shape("circle", x, y, r - 1, fill="#ffffff", stroke=colour)
    return shape("circle" if kind == "dot" else "square", x, y, r - 1, fill=colour)


def _legend() -> Iterator[Key]:
    words = {
        "increase": "marker increased",
        "decrease": "decreased",
        "no difference": "measured, no difference",
        "not detected": "looked for, not detected",
        "detected": "detected",
        _OTHER: "measured, direction not classified",
    }
    for direction, meaning in words.items():
        yield Key(_mark(direction, 0, 0, _IN_PEOPLE, 6), meaning)
    yield Key(shape("square", 0, 0, 6, fill=_IN_PEOPLE), "blue: in participants")
    yield Key(shape("square", 0, 0, 6, fill=_IN_ANIMALS), "grey: in animals")
    planned = shape("circle", 0, 0, 7, fill="#ffffff", stroke=INK, dash="2.5 1.8")
    yield Key(planned + text_at(0, 3.3, "2", size=9, anchor="middle"), "so many markers planned, no result (p: also)")
    yield Key(text_at(0, 4, "7", size=SMALL, anchor="middle", colour=QUIET), "so many passages claim it (−1: disputed)")


def _caption(
    rows: Sequence[Row],
    mechanisms: Mapping[str, str],
    studies: Mapping[str, tuple[int, str]],
    cells: Mapping[tuple[str, str], _Cell],
    as_of: str,
) -> Caption:
    people = {study for study, (kind, _) in studies.items() if kind == 0}
    backed = {mechanism for (mechanism, study), cell in cells.items() if study in people and cell.directions}
    readouts = sum(row["engagement"] == _MEASURED for row in rows)
    return Caption(
        says=(
            "A mark: the study measured a marker that its curator ties to the mechanism; small number: so many "
            "markers. It shows which way the marker went, not that the mechanism caused an effect, and the comparison "
            "may be with the same group before treatment. Trials that measured outcomes and no mechanism have no "
            "column. An empty cell means not measured or not reported in what was read, never that there was no "
            "difference."
        ),
        counted=(
            f"{len(mechanisms)} mechanisms, {len(backed)} of them with {readouts} readouts in participants of "
            f"{len(people)} studies"
        ),
        sources=(
            *(row["source_label"] for row in rows if row["engagement"] in _CLAIMS),
            *(label for _, label in studies.values()),
        ),
        as_of=as_of,
        query="mechtrail query mechanism/engagement-matrix",
    )


def _told(
    lines: Sequence[str],
    order: Sequence[str],
    mechanisms: Mapping[str, str],
    studies: Mapping[str, tuple[int, str]],
    cells: Mapping[tuple[str, str], _Cell],
) -> str:
    parts, silent = [], 0
    for mechanism in lines:
        found = [
            f"{studies[study][1]}: {'; '.join(cells[mechanism, study].words)}"
            for study in order
            if (mechanism, study) in cells
        ]
        silent += not found
        if found:
            parts.append(f"{mechanisms[mechanism]}: {' | '.join(found)}.")
    return " ".join([*parts, f"{silent} further mechanisms are claimed and were measured by no study of the graph."])
