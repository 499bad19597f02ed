"""A graph -> the special pictures: asks the questions behind each and hands the rows to the view that draws it.

>>> from kg import open_graph  # doctest: +SKIP
>>> draw_figure(read_figure(open_graph().store, "gap-map"))[:4]  # doctest: +SKIP
'<svg'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from kg.catalogue import find_query, select
from kg.errors import InputError, nearest
from kg.lookup import label_of, resolve
from kg.store import LocalStore, Store

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.isct import Sample
    from kg.views.figure import Figure

__all__ = [
    "PICTURES",
    "convert",
    "data_dates",
    "query_texts",
    "read_figure",
    "read_isct_figure",
    "render",
    "render_svg",
]

OUTCOME = "gross motor function"  # of which the dose is asked when nothing is said
#: Name of a picture -> the questions that it answers; the first is the one that its caption names.
PICTURES = {
    "gap-map": ("evidence/gap-map", "evidence/gap-map-studies"),
    "matrix": ("mechanism/engagement-matrix",),
    "dose-response": ("studies/dose-response",),
    "timeline": ("studies/timeline",),
    "upset": ("factors/secreted-factors",),
    "isct": ("isct/criteria", "isct/trial-products"),
}
_OF_SAMPLES = ("isct/criteria", "isct/verdicts", "isct/decides", "isct/missing")


def _rows(store: Store, name: str, **values: ox.NamedNode | ox.Literal) -> list[dict[str, str]]:
    """Give the answer of a question as text, with an empty one where nothing is bound."""
    answer = select(store, find_query(name), **values)
    names = [variable.value for variable in answer.variables]
    return [{each: _text(solution[each]) for each in names} for solution in answer]


def _text(term: object) -> str:
    return "" if term is None else str(getattr(term, "value", term))


def data_dates(store: Store) -> str:
    """Give the days of the data in words, as captions state them."""
    days = next(iter(_rows(store, "graph/dates")), {})
    first, last = days.get("registries_from", ""), days.get("registries_to", "")
    span = first if first == last else f"{first} to {last}"
    parts = [f"curated to {days['curated']}"] if days.get("curated") else []
    parts += [f"last search {days['searched']}"] if days.get("searched") else []
    parts += [f"registry records read {span}"] if first else []
    return "; ".join(parts)


def query_texts(name: str) -> dict[str, str]:
    """Give the questions behind a picture: name -> text as it stands in its file."""
    return {question: find_query(question).text for question in PICTURES[name]}


def read_figure(store: Store, name: str, *, outcome: str = OUTCOME) -> Figure:
    """Give a picture by its name; `outcome` is what `dose-response` is asked about.

    Raises `InputError` for a name that is not in PICTURES, `NotFoundError` for an outcome that the graph lacks.
    """
    from kg.views.dose_response import draw_dose_response
    from kg.views.engagement import draw_engagement
    from kg.views.gap_map import draw_gap_map
    from kg.views.isct_panel import draw_isct_of_trials
    from kg.views.timeline import draw_timeline
    from kg.views.upset import draw_upset

    if name not in PICTURES:
        near = ", ".join(nearest(name, PICTURES))
        raise InputError(f"no picture {name!r}; expected one of: {', '.join(PICTURES)}; nearest: {near or 'none'}")
    as_of = data_dates(store)
    if name == "dose-response":
        wanted = resolve(store, outcome)
        return draw_dose_response(
            _rows(store, "studies/dose-response", wanted=wanted), outcome=label_of(store, wanted), as_of=as_of
        )
    draw: dict[str, Callable[..., Figure]] = {
        "gap-map": draw_gap_map,
        "matrix": draw_engagement,
        "timeline": draw_timeline,
        "upset": draw_upset,
        "isct": draw_isct_of_trials,
    }
    return draw[name](*(_rows(store, question) for question in PICTURES[name]), as_of=as_of)


def read_isct_figure(samples: Iterable[Sample], *, source: str) -> Figure:
    """Give the ISCT heat map of cell populations of a table; `source` is its name."""
    from kg.isct import sample_quads
    from kg.isct.panel import criteria_quads
    from kg.views.isct_panel import IsctAnswers, draw_isct

    store = LocalStore.in_memory()
    store.extend(criteria_quads())
    store.extend(sample_quads(samples))
    answers = IsctAnswers(*(_rows(store, question) for question in _OF_SAMPLES))
    return draw_isct(answers, source=source, as_of="as in the table")


def render(figure: Figure, suffix: str, queries: dict[str, str] | None = None) -> str | bytes:
    """Give a picture as a file that ends with `suffix`: .svg, .html, .png or .pdf."""
    from kg.views.figure import draw_figure
    from kg.views.figure_page import draw_figure_page

    return draw_figure_page(figure, queries) if suffix == ".html" else convert(draw_figure(figure), suffix)


def render_svg(svg: str, suffix: str, title: str, answers: dict[str, str]) -> str | bytes:
    """Do the same with a picture that is drawn already; `answers` are what stands below it on a page."""
    from kg.views.figure_page import draw_svg_page

    return draw_svg_page(title, svg, queries=answers) if suffix == ".html" else convert(svg, suffix)


def convert(svg: str, suffix: str) -> str | bytes:
    """Give SVG text as .png or .pdf; as it is for .svg. Raises `InputError` where the extra is not installed."""
    from kg.views.raster import FORMATS

    return FORMATS[suffix](svg) if suffix in FORMATS else svg
