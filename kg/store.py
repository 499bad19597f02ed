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
_ADDRESS = "expected http:// or https:// and a host, without spaces"


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
        except (OSError, RuntimeError, ValueError) as error:
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

    Graphs are written by the Graph Store Protocol, one PUT a graph; they are not switched all at once, so that a reader
    may see some old and some new ones while an endpoint is filled. An endpoint whose query address ends in `/query`
    (Oxigraph, Fuseki) takes them at `/store`; any other at the same address.
    """

    def __init__(self, url: str, *, timeout_s: float = 60.0) -> None:
        from urllib.parse import urlsplit

        try:
            parts = urlsplit(url)
            good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError as error:  # brackets that do not close, a port that is no number
            raise StoreError(f"{url!r} is no address of an endpoint ({error}); {_ADDRESS}") from error
        if not good or not url.isascii() or not url.isprintable() or " " in url:
            raise StoreError(f"{url!r} is no address of an endpoint; {_ADDRESS}")
        self.url = url
        self.timeout_s = timeout_s

    def _send(self, url: str, body: bytes | None, headers: dict[str, str], method: str) -> tuple[str, bytes]:
        import http.client
        import urllib.error
        import urllib.request

        opener = urllib.request.OpenerDirector()  # one that follows no redirects: they would lose the query on the way
        for handler in (
            *(urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler()),
            *(urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor()),
        ):
            opener.add_handler(handler)
        request = urllib.request.Request(url, data=body, headers=headers, method=method)
        try:
            with opener.open(request, timeout=self.timeout_s) as answer:
                return answer.headers.get_content_type(), answer.read()
        except urllib.error.HTTPError as error:
            moved = error.headers.get("Location") if 300 <= error.code < 400 else None
            try:
                with error:
                    detail = f"moved to {moved}" if moved else error.read(400).decode("utf-8", "replace")
            except (OSError, ValueError, http.client.HTTPException):
                detail = "the rest of the answer cannot be read"
            words = " ".join(f"{error.code} {error.reason}: {detail}".split())
            raise StoreError(f"{url} answered {words}") from error
        except (urllib.error.URLError, OSError, ValueError, http.client.HTTPException) as error:
            words = " ".join(str(getattr(error, "reason", error)).split())
            raise StoreError(f"{url} does not answer: {words}") from error

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
            words = " ".join(str(error).split())
            raise StoreError(f"{self.url} sent an answer that does not end as {content_type}: {words}") from error

    def _graph_address(self, graph: ox.NamedNode) -> str:
        from urllib.parse import urlencode

        target = self.url.removesuffix("/query") + "/store" if self.url.endswith("/query") else self.url
        return f"{target}?{urlencode({'graph': graph.value})}"

    def replace_graph(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
        """Put quads in place of all that a graph held, in one request."""
        body = ox.serialize([quad.triple for quad in quads], format=ox.RdfFormat.N_TRIPLES) or b""
        self._send(self._graph_address(graph), body, {"Content-Type": _NTRIPLES}, "PUT")

    def delete_graph(self, graph: ox.NamedNode) -> None:
        """Take a graph away."""
        self._send(self._graph_address(graph), None, {}, "DELETE")

    def _rows(self, text: str, names: list[str]) -> ox.QuerySolutions:
        answer = self.query(text)
        if isinstance(answer, ox.QuerySolutions) and {v.value for v in answer.variables} == set(names):
            return answer
        raise StoreError(f"{self.url} sent another kind of answer than was asked for; expected rows of {names}")

    def quads(self) -> list[ox.Quad]:
        """Give every quad, by one query."""
        rows = self._rows("SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }", ["g", "s", "p", "o"])
        return [ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows]

    def graph_names(self) -> list[str]:
        """Give the names of the graphs that hold anything, sorted."""
        rows = self._rows("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", ["g"])
        return sorted(row["g"].value for row in rows if isinstance(row["g"], ox.NamedNode))


def sorted_nquads(quads: Iterable[ox.Quad]) -> bytes:
    """Give quads as N-Quads, one line a quad, sorted: the same graph gives the same bytes."""
    lines = sorted({str(quad) + " .\n" for quad in quads})
    return "".join(lines).encode()
