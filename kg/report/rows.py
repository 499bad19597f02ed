"""What a report reads from a graph: answers of questions as plain rows, each with the command that gives them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kg.catalogue import find_query, select
from kg.matrix import MatrixRow, read_matrix
from kg.namespaces import compress
from kg.network import Network, read_network
from kg.store import Store

__all__ = ["Answer", "Row", "Whole", "ask", "ask_each", "dates_in_words", "read_whole"]

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a question, whole IRIs in them, and the command that asks it."""

    command: str
    rows: tuple[Row, ...]

    def where(self, keep: Iterable[Row], words: str) -> Answer:
        """Give the answer with only these rows; the command says what was kept."""
        return Answer(f"{self.command} ({words})", tuple(keep))


@dataclass(frozen=True)
class Whole:
    """What does not depend on the term that a report is about; read once for all of them."""

    store: Store
    network: Network
    matrix: tuple[MatrixRow, ...]
    dates: Answer
    holdings: Answer
    arms: Answer
    contradictions: Answer
    audits: Answer
    estimates: Answer
    registered: Answer

    @cached_property
    def gap_map(self) -> Answer:
        """Give the evidence gap map, the dearest of all questions: it is asked when somebody needs it."""
        return ask(self.store, "evidence/gap-map")


def ask(store: Store, name: str, term: ox.NamedNode | None = None) -> Answer:
    """Give the answer of a question, about a term where it is asked about one."""
    answer = select(store, find_query(name), **({} if term is None else {"term": term}))
    return Answer(_command(name, term), tuple(_rows(answer)))


def ask_each(store: Store, name: str, terms: Iterable[ox.NamedNode]) -> dict[str, Answer]:
    """Give term (IRI) -> the answer of a question about it, all of them asked at once."""
    wanted = tuple(terms)
    found: dict[str, list[Row]] = {term.value: [] for term in wanted}
    if wanted:
        for row in _rows(select(store, find_query(name), term=wanted)):
            found[row["term"]].append(row)
    return {term.value: Answer(_command(name, term), tuple(found[term.value])) for term in wanted}


def _command(name: str, term: ox.NamedNode | None) -> str:
    return f"mechtrail query {name}" + (f" -p term={compress(term.value)}" if term is not None else "")


def _rows(answer: ox.QuerySolutions) -> Iterator[Row]:
    names = [variable.value for variable in answer.variables]
    for row in answer:
        yield {name: "" if row[name] is None else str(row[name].value) for name in names}


def read_whole(store: Store) -> Whole:
    """Read what every report of a graph needs."""
    return Whole(
        store,
        read_network(store),
        tuple(read_matrix(store)),
        ask(store, "graph/data-dates"),
        ask(store, "graph/holdings"),
        ask(store, "studies/arms"),
        ask(store, "evidence/contradictions"),
        ask(store, "evidence/two-voices"),
        ask(store, "synthesis/estimates"),
        ask(store, "studies/registered-without-results"),
    )


def dates_in_words(dates: Answer) -> str:
    """Give the data date: up to which day each kind of record was read."""
    told = [f"{row['what']} to {row['last']}" for row in dates.rows if row["last"]]
    return "data: " + ", ".join(told) if told else "data: no dated record"
