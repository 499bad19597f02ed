"""The same questions and the same answers in memory, in a folder and behind an endpoint."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.answers import rows_of
from kg.build import Built
from kg.catalogue import Query, load_catalogue, run
from kg.errors import QueryError, StoreError
from kg.store import EndpointStore, LocalStore, Store, sorted_nquads
from kg.versions import open_version, write_version

QUESTIONS = [q for q in load_catalogue().values() if not {"rule", "quality", "graph"} & set(q.tags)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def endpoint(real: Built) -> Iterator[EndpointStore]:
    """A real SPARQL server on this machine, filled through the Graph Store Protocol."""
    beside = str(Path(sys.executable).parent)  # pytest may run without its environment being activated
    program = shutil.which("oxigraph", path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if program is None:
        pytest.skip("the oxigraph server is not installed")
    port = _free_port()
    command = [program, "serve", "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        store = EndpointStore(f"http://127.0.0.1:{port}/query")
        for graph, quads in real.by_graph().items():
            store.replace_graph(graph, quads)
        yield store
        server.terminate()


@pytest.fixture(scope="module")
def folder(real: Built, tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    path = tmp_path_factory.mktemp("store")
    write_version(path, real.store.quads())
    return open_version(path)


def _rows(store: Store, query: Query) -> list[list[str]]:
    answer = run(store, query)
    assert isinstance(answer, ox.QuerySolutions)
    return rows_of(answer)[1]


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: query.name)
def test_all_stores_give_the_same_answer(
    query: Query, real_store: LocalStore, folder: LocalStore, endpoint: EndpointStore
) -> None:
    expected = _rows(real_store, query)
    assert _rows(folder, query) == expected
    assert _rows(endpoint, query) == expected


def test_the_endpoint_gives_back_every_quad(real: Built, endpoint: EndpointStore) -> None:
    assert sorted_nquads(endpoint.quads()) == sorted_nquads(real.store.quads())


def test_replacing_a_graph_leaves_the_others(endpoint: EndpointStore) -> None:
    graph, node = ox.NamedNode("https://example.org/g"), ox.NamedNode("https://example.org/n")
    before = len(endpoint.quads())
    endpoint.replace_graph(graph, [ox.Quad(node, node, node, graph)])
    endpoint.replace_graph(graph, [ox.Quad(node, node, ox.Literal("b"), graph)])
    assert len(endpoint.quads()) == before + 1
    endpoint.replace_graph(graph, [])
    assert len(endpoint.quads()) == before


def test_an_invalid_query_is_an_error_of_ours_everywhere(real_store: LocalStore, endpoint: EndpointStore) -> None:
    with pytest.raises(QueryError, match="not valid SPARQL"):
        real_store.query("SELECT WHERE {")
    with pytest.raises(StoreError, match="answered 400"):
        endpoint.query("SELECT WHERE {")


def test_an_address_without_a_server_is_said() -> None:
    with pytest.raises(StoreError, match="does not answer"):
        EndpointStore(f"http://127.0.0.1:{_free_port()}/query").query("ASK {}")
    with pytest.raises(StoreError, match="no address"):
        EndpointStore("ftp://x")


class _CutAnswer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"https://x/"}},'
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


def test_a_cut_answer_with_status_200_is_an_error() -> None:
    with HTTPServer(("127.0.0.1", 0), _CutAnswer) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        store = EndpointStore(f"http://127.0.0.1:{server.server_port}/query")
        with pytest.raises((StoreError, QueryError)):
            list(store.query("SELECT ?s { ?s ?p ?o }"))  # type: ignore[arg-type]


def test_a_folder_that_is_no_store_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(StoreError, match="cannot be opened"):
        LocalStore.in_folder(tmp_path / "missing" / "deeper")
