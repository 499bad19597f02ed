"""Where the graph lives: in memory, in a folder, or behind a SPARQL endpoint, all behind one small protocol.

SPARQL is evaluated by Oxigraph or by the endpoint, never by rdflib. The default graph is the union of all graphs.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from kg.errors import QueryError, StoreError

__all__ = ["EndpointStore", "LocalStore", "QueryAnswer", "Store", "sorted_nquads"]

QueryAnswer = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean
_JSON = "application/sparql-results+json"
_NTRIPLES = "application/n-triples"


class Store(Protocol):
    """What the rest of the package needs of a store."""

    def query(self, text: str) -> QueryAnswer:
        """Give the answer of a query over the union of all graphs."""

    def replace_graph(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
        """Put quads in place of all that a graph held."""

    def quads(self) -> list[ox.Quad]:
        """Give every quad."""


class LocalStore:
    """An Oxigraph store in memory or in a folder.

    >>> store = LocalStore.in_memory()
    >>> bool(store.query("ASK { ?s ?p ?o }"))
    False
    """

    def __init__(self, inner: ox.Store) -> None:
        self.inner = inner

    @classmethod
    def in_memory(cls) -> LocalStore:
        """Open an empty store in memory."""
        return cls(ox.Store())

    @classmethod
    def in_folder(cls, folder: Path, *, read_only: bool = True) -> LocalStore:
        """Open an Oxigraph folder; raise `StoreError` when it is locked or damaged."""
        try:
            return cls(ox.Store.read_only(str(folder)) if read_only else ox.Store(str(folder)))
        except (OSError, RuntimeError) as error:
            raise StoreError(f"{folder}: the store cannot be opened: {error}") from error

    def query(self, text: str) -> QueryAnswer:
        """Give the answer of a query over the union of all graphs."""
        try:
            return self.inner.query(text, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QueryError(f"not valid SPARQL: {error}") from error
        except (RuntimeError, OSError, ValueError) as error:
            raise QueryError(f"the query could not be evaluated: {error}") from error

    def replace_graph(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
        """Put quads in place of all that a graph held."""
        self.inner.remove_graph(graph)
        self.inner.bulk_extend(quads)

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads to whatever graphs they name."""
        self.inner.bulk_extend(quads)

    def quads(self) -> list[ox.Quad]:
        """Give every quad."""
        return list(self.inner)

    def graph_names(self) -> list[str]:
        """Give the names of the graphs, sorted."""
        return sorted(graph.value for graph in self.inner.named_graphs() if isinstance(graph, ox.NamedNode))


class EndpointStore:
    """A SPARQL 1.1 endpoint by URL; its default graph has to be the union of its graphs.

    Graphs are written by the Graph Store Protocol, one PUT a graph. An endpoint whose query address ends in `/query`
    (Oxigraph, Fuseki) takes them at `/store`; any other at the same address.
    """

    def __init__(self, url: str, *, timeout_s: float = 60.0) -> None:
        if not url.startswith(("http://", "https://")):
            raise StoreError(f"{url!r} is no address of an endpoint; expected http:// or https://")
        self.url = url
        self.timeout_s = timeout_s

    def _send(self, url: str, body: bytes, headers: dict[str, str], method: str) -> tuple[str, bytes]:
        import http.client
        import urllib.error
        import urllib.request

        request = urllib.request.Request(url, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_s) as answer:
                return answer.headers.get_content_type(), answer.read()
        except urllib.error.HTTPError as error:
            detail = error.read(400).decode("utf-8", "replace").strip()
            raise StoreError(f"{url} answered {error.code} {error.reason}: {detail}") from error
        except (urllib.error.URLError, OSError, http.client.HTTPException) as error:
            raise StoreError(f"{url} does not answer: {getattr(error, 'reason', error)}") from error

    def query(self, text: str) -> QueryAnswer:
        """Give the answer of a query; a body that does not parse to its end is an error whatever the status."""
        from urllib.parse import urlencode

        headers = {"Accept": f"{_JSON}, {_NTRIPLES}", "Content-Type": "application/x-www-form-urlencoded"}
        content_type, body = self._send(self.url, urlencode({"query": text}).encode(), headers, "POST")
        try:
            if content_type == _JSON:
                answer = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
                if isinstance(answer, ox.QuerySolutions):
                    for _ in answer:  # rows are parsed as they are asked for; a cut body has to be found here
                        pass
                    return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
                return answer
            triples = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
            memory = ox.Store()
            memory.extend(triples)
            return memory.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self.url} sent an answer that does not end as {content_type}: {error}") from error

    def replace_graph(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
        """Put quads in place of all that a graph held, in one request."""
        from urllib.parse import urlencode

        target = self.url.removesuffix("/query") + "/store" if self.url.endswith("/query") else self.url
        body = ox.serialize([quad.triple for quad in quads], format=ox.RdfFormat.N_TRIPLES) or b""
        headers = {"Content-Type": _NTRIPLES}
        self._send(f"{target}?{urlencode({'graph': graph.value})}", body, headers, "PUT")

    def quads(self) -> list[ox.Quad]:
        """Give every quad, by one query."""
        answer = self.query("SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }")
        return [ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in answer]  # type: ignore[union-attr]


def sorted_nquads(quads: Iterable[ox.Quad]) -> bytes:
    """Give quads as N-Quads, one line a quad, sorted: the same graph gives the same bytes."""
    lines = sorted({str(quad) + " .\n" for quad in quads})
    return "".join(lines).encode()
