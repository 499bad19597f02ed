"""The answer of a question -> the picture that its `#+ view:` header asks for."""

from __future__ import annotations

from collections.abc import Callable

from kg.views.answer_timeline import draw_timeline
from kg.views.bars import draw_bars
from kg.views.figure import Figure
from kg.views.matrix_picture import draw_matrix_picture
from kg.views.query_answer import Answer
from kg.views.query_network import draw_query_network

__all__ = ["draw_answer"]

#: Kind in the header -> who draws it; `kg.catalogue` knows the same kinds and their keys.
_DRAWERS: dict[str, Callable[[Answer], Figure]] = {
    "bars": draw_bars,
    "matrix": draw_matrix_picture,
    "network": draw_query_network,
    "timeline": draw_timeline,
}


def draw_answer(answer: Answer) -> Figure:
    """Give the picture of an answer. Raises `InputError` for content that its kind cannot show."""
    return _DRAWERS[answer.view["kind"]](answer)
