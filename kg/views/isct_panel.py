"""Answers on ISCT criteria -> a heat map: population x criterion, both wordings side by side, and the verdict.

Each state has a sign of its own beside its tint: met, failed, given so that it decides nothing, not measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.views.figure import SIZE, SMALL, Caption, Figure, Key
from kg.views.grid import Grid, group, lay_out_grid
from kg.views.lettering import coordinate as _n
from kg.views.lettering import fit, text_at
from kg.views.svg import INK, QUIET

__all__ = ["IsctAnswers", "draw_isct", "draw_isct_of_trials"]

Row = Mapping[str, str]
_MET, _FAILED, _OPEN, _SILENT = "met", "failed", "given, decides nothing", "not measured or not given"
_UNREPORTED = "not reported in the record"
_TINTS = {_MET: "#cdeadd", _FAILED: "#f6c9ab", _OPEN: "#e3e6ea", _SILENT: "#ffffff", _UNREPORTED: "#ffffff"}
#: Verdict -> the letter in its column; a letter is read in print, too.
_VERDICTS = {
    "conformant": ("C", _MET),
    "not conformant": ("N", _FAILED),
    "undetermined": ("U", _OPEN),
    "contradictory": ("!", _FAILED),
    "not reported": ("–", _UNREPORTED),
}
_CELL = (25.0, 21.0)
_MOST = 200  # populations that a picture can show


@dataclass(frozen=True, slots=True)
class IsctAnswers:
    """The answers of four questions on the same populations: isct/criteria, verdicts, decides, missing."""

    criteria: Sequence[Row]
    verdicts: Sequence[Row]
    decides: Sequence[Row]
    missing: Sequence[Row]


def draw_isct(answers: IsctAnswers, *, source: str, as_of: str = "") -> Figure:
    """Give the heat map of cell populations; `source` names the table that they stand in."""
    names = dict.fromkeys((row["sample"], row["sample_label"]) for row in answers.verdicts)
    states: dict[tuple[str, str, str], tuple[str, str]] = {}
    for row in answers.missing:
        given = f"{row['accepted_name']} {row['read']}" if row["read"] else ""
        before = states.get((row["sample"], row["wording_label"], row["position"]), ("", ""))[1]
        words = "; ".join(dict.fromkeys(part for part in (before, given) if part))
        states[row["sample"], row["wording_label"], row["position"]] = (_OPEN if words else _SILENT, words)
    for row in answers.decides:
        key = (row["sample"], row["wording_label"], row["position"])
        before = states[key][1] if states.get(key, ("", ""))[0] == _FAILED else ""
        words = "; ".join(part for part in (before, f"{_name_of(row)} {row['read']}".strip()) if part)
        states[key] = (_FAILED, words)
    verdicts = {(row["sample"], row["wording_label"]): row["verdict"] for row in answers.verdicts}
    return _draw(list(names), answers.criteria, states, verdicts, _MET, _caption(names, verdicts, source, as_of))


def draw_isct_of_trials(criteria: Sequence[Row], products: Sequence[Row], *, as_of: str = "") -> Figure:
    """Give the heat map of trial products (isct/trial-products): what a record leaves out is drawn as left out."""
    names = dict.fromkeys((row["arm"], f"{row['study_label']}: {row['arm_label']}") for row in products)
    verdicts = {(row["arm"], row["wording_label"]): row["verdict"] for row in products}
    silent = {arm for (arm, _), verdict in verdicts.items() if verdict == "not reported"}
    places = {(row["wording_label"], row["position"]) for row in criteria}
    states = {(arm, *place): (_UNREPORTED, "") for arm in silent for place in places}
    caption = Caption(
        says=(
            "Trial arms that receive mesenchymal stem or stromal cells, and what their records report of the ISCT "
            "criteria. Not reported is neither conformant nor not: the cells may well have been characterised."
        ),
        counted=(
            f"{len(names)} arms of {len({row['study'] for row in products})} studies; the records of {len(silent)} "
            "report none of the criteria"
        ),
        sources=tuple(row["study_label"] for row in products),
        as_of=as_of,
        query="mechtrail query isct/trial-products",
    )
    return _draw(list(names), criteria, states, verdicts, _OPEN, caption)


def _name_of(row: Row) -> str:
    return row.get("accepted_name") or row.get("measured_name") or ""


def _draw(
    names: Sequence[tuple[str, str]],
    criteria: Sequence[Row],
    states: Mapping[tuple[str, str, str], tuple[str, str]],
    verdicts: Mapping[tuple[str, str], str],
    otherwise: str,
    caption: Caption,
) -> Figure:
    columns = list(dict.fromkeys((row["wording_label"], row["position"], row["criterion_label"]) for row in criteria))
    wordings = list(dict.fromkeys(wording for wording, *_ in columns))
    heads: list[tuple[str, str, str]] = []
    gaps = []
    for wording in wordings:
        gaps.append(len(heads))
        heads += [column for column in columns if column[0] == wording]
        heads.append((wording, "", "verdict"))
    shown_names = names[:_MOST]
    grid = lay_out_grid(
        [label for _, label in shown_names], [head[2] for head in heads], cell=_CELL, longest_label=300.0, gaps=gaps[1:]
    )
    marks = [*_wordings(heads, grid), *grid.frame()]
    table = []
    for line, (sample, label) in enumerate(shown_names):
        for column, (wording, position, criterion) in enumerate(heads):
            x, y = grid.x(column), grid.y(line)
            if position:
                state, words = states.get((sample, wording, position), (otherwise, ""))
                title = f"{label}, {wording}: {criterion}: {state}{f' ({words})' if words else ''}"
                marks.append(group(title, _tile(state, x, y), *_sign(state, x, y)))
                table.append((label, wording, criterion, state, words))
            else:
                verdict = verdicts.get((sample, wording), "undetermined")
                letter, tint = _VERDICTS.get(verdict, ("?", _OPEN))
                words = text_at(x, y + 4, letter, size=SIZE, bold=True, anchor="middle")
                marks.append(group(f"{label}, {wording}: {verdict}", _tile(tint, x, y), words))
                table.append((label, wording, "verdict", verdict, ""))
    if not names:
        marks.append(text_at(0, grid.bottom + 38, "No cell population to draw.", size=SIZE))
    more = f" Only the first {_MOST} of {len(names)} populations are drawn." if len(names) > _MOST else ""
    caption = Caption(caption.says + more, caption.counted, caption.sources, caption.as_of, caption.query)
    return Figure(
        title="ISCT criteria met, failed and not measured",
        marks=marks,
        width=grid.width,
        height=grid.height + (44 if not names else 20),
        legend=tuple(_legend({state for state, _ in states.values()}, {*verdicts.values()})),
        caption=caption,
        words=" ".join(f"{label}: {_summary(sample, wordings, verdicts)}." for sample, label in names[:_MOST]),
        columns=("population", "wording", "criterion", "state", "read"),
        rows=tuple(table),
    )


def _summary(sample: str, wordings: Sequence[str], verdicts: Mapping[tuple[str, str], str]) -> str:
    return ", ".join(f"{verdicts.get((sample, wording), 'undetermined')} in wording {wording}" for wording in wordings)


def _wordings(heads: Sequence[tuple[str, str, str]], grid: Grid) -> Iterator[str]:
    """Name the wording below its columns, where slanted headings leave room."""
    for wording in dict.fromkeys(head[0] for head in heads):
        places = [place for place, head in enumerate(heads) if head[0] == wording]
        start, end = grid.x(places[0]) - grid.cell[0] / 2, grid.x(places[-1]) + grid.cell[0] / 2
        d = f"M{_n(start)} {_n(grid.top - 2.5)}H{_n(end)}"
        yield f'<path d="{d}" stroke="{INK}" stroke-width="2.4" fill="none"/>'
        words = "wording of 2006" if wording == "2006" else f"wording of the {wording}"
        yield text_at(start, grid.bottom + 15, fit(words, end - start, SMALL), size=SMALL, bold=True)


def _tile(state: str, x: float, y: float) -> str:
    width, height = _CELL
    place = (
        f'x="{_n(x - width / 2 + 1)}" y="{_n(y - height / 2 + 1)}" width="{_n(width - 2)}" height="{_n(height - 2)}"'
    )
    return f'<rect {place} fill="{_TINTS[state]}" stroke="#aab2bb" stroke-width="0.6"/>'


def _sign(state: str, x: float, y: float) -> Iterator[str]:
    if state == _MET:
        d = f"M{_n(x - 5)} {_n(y)}l3.6 4l6.4 -8.4"
        yield f'<path d="{d}" stroke="#00684c" stroke-width="2" fill="none"/>'
    elif state == _FAILED:
        d = f"M{_n(x - 4)} {_n(y - 4)}l8 8M{_n(x - 4)} {_n(y + 4)}l8 -8"
        yield f'<path d="{d}" stroke="#8f3b00" stroke-width="2.2" fill="none"/>'
    elif state == _OPEN:
        yield text_at(x, y + 4, "?", size=SIZE, bold=True, anchor="middle", colour=QUIET)
    else:
        yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="1.3" fill="{QUIET}"/>'


def _legend(states: set[str], found: set[str]) -> Iterator[Key]:
    for state in (each for each in _TINTS if each in states or each in (_MET, _FAILED)):
        yield Key(f"{_tile(state, 0, 0)}{''.join(_sign(state, 0, 0))}", state)
    for verdict, (letter, tint) in _VERDICTS.items():
        if verdict in found:
            words = text_at(0, 4, letter, size=SIZE, bold=True, anchor="middle")
            yield Key(_tile(tint, 0, 0) + words, f"verdict: {verdict}")


def _caption(
    names: Mapping[tuple[str, str], None], verdicts: Mapping[tuple[str, str], str], source: str, as_of: str
) -> Caption:
    counts = []
    for wording in sorted({wording for _, wording in verdicts}):
        here = [verdict for (_, each), verdict in verdicts.items() if each == wording]
        parts = ", ".join(f"{here.count(verdict)} {verdict}" for verdict in _VERDICTS if verdict in here)
        counts.append(f"wording {wording}: {parts}")
    return Caption(
        says=(
            "Each row is a cell population, each column a criterion. The wording of 2006 takes CD14 or CD11b and CD79a "
            "or CD19 as alternatives, that of the review asks for all. What was not measured is not failed: such a "
            "population is undetermined."
        ),
        counted=f"{len(names)} populations" + (f" ({'; '.join(counts)})" if counts else ""),
        sources=(source,),
        as_of=as_of,
        query=f"mechtrail isct {source}",
    )
