"""A graph for people who write Python: open it, ask it by name or in SPARQL, look at terms, paths, pools and pictures.

Thin over what the commands use; what it gives shows itself in a notebook (`kg.outputs`). By examples: docs/python.md.

>>> from kg import open_graph  # doctest: +SKIP
>>> open_graph().ask("mechanism/evidence", mechanism="homing of administered cells")[0]["who"]  # doctest: +SKIP
'Petriv 2020'
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

import pyoxigraph as ox

from kg.catalogue import (
    Bound,
    Parameter,
    Query,
    bind,
    check_parameters,
    find_query,
    load_catalogue,
    query_of_text,
    run,
    select,
    value_of,
    with_prefixes,
)
from kg.errors import InputError, NotFoundError, QueryError, nearest
from kg.focus import chains_through
from kg.lookup import resolve
from kg.matrix import MATRIX_COLUMNS, matrix_cells, read_matrix
from kg.namespaces import compress
from kg.network import of_therapy, read_network, wider_terms
from kg.outputs import Answer, Card, Paths, Picture, PooledOutcome, answer_of
from kg.pictures import PICTURES, convert, data_dates, query_texts, read_figure, render
from kg.pooled import command_of, pooled_outcome
from kg.store import Store
from kg.trace import find_paths

if TYPE_CHECKING:
    from typing import Unpack

__all__ = ["Given", "Graph", "Pooling", "open_graph"]

#: One value of a parameter: words for a term, a number, or a node of the store itself.
One = str | int | float | Decimal | ox.NamedNode | ox.Literal
Given = One | Sequence[One]

_TITLE = "Mechanisms of cell therapy in cerebral palsy, and the evidence for each"
_INNER = {"rule", "quality", "obo", "network", "graph"}


def _in_own_lines(message: str, question: str, text: str) -> str:
    """Give a message about SPARQL text in one line, its place as the author counts: without our prefixes in front."""
    ours = text.count("\n") - question.count("\n") if "{" in question else 0
    words = " ".join(message.split())
    return re.sub(r"error at (\d+):", lambda place: f"error at {int(place[1]) - ours}:", words)


class Pooling(TypedDict, total=False):
    """What `pool` and a forest plot can be told; the options of `mechtrail pool` have the same names."""

    at: float | str | None
    instrument: str | None
    product: str | None
    measure: str | None
    method: str | None
    by: str
    r: float | None
    force: str


@dataclass(frozen=True, slots=True)
class Graph:
    """An open store."""

    store: Store
    name: str = "a graph"

    def __repr__(self) -> str:
        return f"Graph({self.name})"

    def ask(self, question: str, **parameters: Given) -> Answer:
        """Give the rows of a question of the catalogue, or of SPARQL text whose prefixes need not be declared.

        Parameters are terms by CURIE, IRI, label or synonym, or numbers; several in a list. In SPARQL text they fill
        the lines `VALUES ?name { UNDEF }`. Raises a `KgError` for what cannot be asked.
        """
        query, values = self._bound(question, parameters)
        try:
            answer = run(self.store, query, **values)
        except QueryError as error:
            raise QueryError(_in_own_lines(str(error), question, query.text)) from error
        if isinstance(answer, ox.QueryBoolean):
            return Answer([{"answer": bool(answer)}])
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError("the query constructs triples; `mechtrail query -f ttl` writes them")
        return answer_of(answer, query.summary)

    def explain(self, question: str, **parameters: Given) -> str:
        """Say which pattern empties an answer and what comes nearest, or that it is not empty."""
        from kg.explain import explain_empty

        query, values = self._bound(question, parameters)
        return explain_empty(self.store, bind(query, values))

    def _bound(self, question: str, given: Mapping[str, Given]) -> tuple[Query, dict[str, Bound]]:
        query = query_of_text(with_prefixes(question)) if "{" in question else find_query(question)
        check_parameters(query, given)
        parameters = {parameter.name: parameter for parameter in query.parameters}
        return query, {name: self._terms(parameters[name], value) for name, value in given.items()}

    def _terms(self, parameter: Parameter, given: Given) -> Bound:
        several = [given] if isinstance(given, str) or not isinstance(given, Sequence) else given
        if not several:
            raise InputError(f"{parameter.name}: an empty list; leave the parameter out to ask about everything")
        return [self._term(parameter, one) for one in several]

    def _term(self, parameter: Parameter, one: One) -> ox.NamedNode | ox.Literal:
        if isinstance(one, ox.NamedNode | ox.Literal):
            return one
        if isinstance(one, str):
            return value_of(parameter, one, partial(resolve, self.store))
        if isinstance(one, bool) or not isinstance(one, int | float | Decimal):
            raise InputError(f"{parameter.name}: found {one!r}, expected words, a number, or several in a list")
        return value_of(replace(parameter, kind="number"), f"{Decimal(str(one)):f}", partial(resolve, self.store))

    def questions(self, words: str = "") -> Answer:
        """Give the questions that can be asked by name, those that hold some words if any are given."""
        rows: list[dict[str, Any]] = [
            {"question": name, "what_it_answers": query.summary, "parameters": ", ".join(query.example)}
            for name, query in load_catalogue().items()
            if not _INNER & set(query.tags) and words.casefold() in f"{name} {query.summary}".casefold()
        ]
        return Answer(rows, columns=("question", "what_it_answers", "parameters"), most=len(rows))

    def show(self, term: str) -> Card:
        """Give the card of a term or a study: what it is, and every assertion about it."""
        from kg.answers import rows_of

        node = resolve(self.store, term)
        _, facts = rows_of(select(self.store, find_query("terms/card"), term=node))
        names, rows = rows_of(select(self.store, find_query("terms/statements"), term=node))
        statements = tuple(dict(zip(names, row, strict=True)) for row in rows)
        return Card(compress(node.value), tuple(dict.fromkeys(map(tuple, facts))), statements)

    def trace(
        self, start: str, goal: str, *, via: str | None = None, min_level: int = 1, max_steps: int = 5, shown: int = 5
    ) -> Paths:
        """Give the chains of assertions between two terms, the best supported first, each with its weakest link.

        Without a full chain a path ends in a gap. Trials that measured the goal stand beside a path, never on it.
        """
        ends = [resolve(self.store, words).value for words in (start, goal, *([via] if via else []))]
        if ends[0] == ends[1]:
            raise InputError(f"{start!r} and {goal!r} are the same term; a path needs two")
        network = read_network(self.store, keep=ends)
        wider = wider_terms(self.store, ends[0])
        between = ends[2] if via else None
        paths = find_paths(
            network, ends[0], ends[1], wider=wider, via=between, max_steps=max_steps, min_level=min_level
        )
        return Paths(tuple(paths), network, shown)

    def matrix(self) -> Answer:
        """Give each mechanism with how far anybody went: measured in participants, animals, in vitro, only stated."""
        columns = [name if name != "label" else "mechanism_label" for name in MATRIX_COLUMNS]
        rows = ((compress(row.iri), *matrix_cells(row)[1:]) for row in read_matrix(self.store))
        question = "Which mechanism has been measured, seen, or only stated?"
        return Answer((dict(zip(columns, row, strict=True)) for row in rows), columns=columns, question=question)

    def pool(self, outcome: str, **options: Unpack[Pooling]) -> PooledOutcome:
        """Give an outcome pooled over studies with the rows it rests on, or the reasons why it must not be pooled."""
        analysis = pooled_outcome(self.store, outcome, **options)
        return PooledOutcome(analysis, command_of(outcome, options), data_dates(self.store))

    def draw(
        self, picture: str = "network", about: str = "", *, everything: bool = False, **options: Unpack[Pooling]
    ) -> Picture:
        """Draw the mechanism network (or the chains through a term of it), a forest plot, or one of the other pictures.

        `about` is the term, or the outcome of `forest` and `dose-response`. `everything` keeps the assertions on the
        disease in the network; the other options are those of `pool`, for a forest plot.
        """
        known = ("network", "forest", *PICTURES)
        if picture not in known:
            raise NotFoundError("picture", picture, nearest(picture, known) or known)
        if picture == "forest":
            if not about:
                raise InputError("a forest plot is of an outcome; for example draw('forest', 'serious adverse event')")
            return self.pool(about, **options).forest()
        if options:
            raise InputError(f"{picture} takes no {', '.join(options)}; these are for a forest plot")
        if picture == "network":
            return self._network(about, everything=everything)
        if about and picture != "dose-response":
            raise InputError(f"{picture} is drawn of the whole graph; found {about!r}")
        figure = read_figure(self.store, picture, **({"outcome": about} if about else {}))
        as_file = partial(render, figure, queries=query_texts(picture))
        return Picture(figure.title, str(as_file(".svg")), as_file)

    def _network(self, about: str, *, everything: bool) -> Picture:
        from kg.views.network import draw_page, draw_svg

        node = resolve(self.store, about).value if about else ""
        network = read_network(self.store, title=_TITLE)
        network = network if everything else of_therapy(network)
        network = chains_through(network, node) if node else network
        svg = draw_svg(network)
        return Picture(
            network.title, svg, lambda suffix: draw_page(network) if suffix == ".html" else convert(svg, suffix)
        )


def open_graph(where: str | None = None) -> Graph:
    """Open the packaged graph, a folder made by `mechtrail build`, or the SPARQL endpoint behind a URL."""
    from kg.cache import open_store

    return Graph(open_store(where), where or "the packaged graph")
