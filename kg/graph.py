"""A graph for people who write Python: open it, ask it by name or in SPARQL, get plain rows.

>>> from kg import open_graph  # doctest: +SKIP
>>> open_graph().ask("mechanism/evidence", mechanism="homing of administered cells")[0]["who"]  # doctest: +SKIP
'Petriv 2020'
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from kg.catalogue import Query, find_query, parse_values, run, with_prefixes
from kg.errors import QueryError
from kg.lookup import resolve
from kg.namespaces import compress
from kg.store import Store

__all__ = ["Graph", "open_graph"]

Value = str | int | float | bool | Decimal | None
_WHOLE = {"integer", "int", "long", "nonNegativeInteger"}


def _value(term: object) -> Value:
    """Give a term as Python has it: numbers, truth, text; an IRI as CURIE where a prefix of ours fits."""
    if isinstance(term, ox.NamedNode):
        return compress(term.value)
    if not isinstance(term, ox.Literal):
        return None if term is None else str(term)
    kind = term.datatype.value.partition("#")[2]
    if kind in _WHOLE:
        return int(term.value)
    if kind == "decimal":
        return Decimal(term.value)
    if kind in ("double", "float"):
        return float(term.value)
    return term.value == "true" if kind == "boolean" else term.value


@dataclass(frozen=True, slots=True)
class Graph:
    """An open store."""

    store: Store

    def ask(self, question: str, **parameters: str) -> list[dict[str, Value]]:
        """Give the rows of a question of the catalogue, or of SPARQL text whose prefixes need not be declared.

        Parameters are terms by CURIE, IRI, label or synonym. Raises a `KgError` for what cannot be asked.
        """
        query = find_query(question) if "{" not in question else Query("text", with_prefixes(question), "")
        values = parse_values(query, parameters, lambda words: resolve(self.store, words))
        answer = run(self.store, query, **values)
        if isinstance(answer, ox.QueryBoolean):
            return [{"answer": bool(answer)}]
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError("the query constructs triples; `mechtrail query -f ttl` writes them")
        names = [variable.value for variable in answer.variables]
        return [{name: _value(row[name]) for name in names} for row in answer]


def open_graph(where: str | None = None) -> Graph:
    """Open the packaged graph, a folder made by `mechtrail build`, or the SPARQL endpoint behind a URL."""
    from kg.cache import open_store

    return Graph(open_store(where))
