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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.answers import rows_of
from kg.build import Built
from kg.catalogue import Query, load_catalogue, run
from kg.commands.building import build as build_command
from kg.commands.building import fill
from kg.errors import QueryError, StoreError
from kg.store import EndpointStore, LocalStore, Store, sorted_nquads
from kg.versions import open_version, write_version
from tests.conftest import DATA

QUESTIONS = [q for q in load_catalogue().values() if not {"rule", "quality", "graph", "samples"} & set(q.tags)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _server() -> Iterator[EndpointStore]:
    """A real SPARQL server on this machine, empty."""
    beside = str(Path(sys.executable).parent)  # pytest may run without its environment being activated
    program = shutil.which("oxigraph", path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if program is None:
        pytest.skip("the oxigraph server is not installed")
    port = _free_port()
    command = [program, "serve", "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(100):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield EndpointStore(f"http://127.0.0.1:{port}/query")
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def endpoint(real: Built) -> Iterator[EndpointStore]:
    """A server that was filled through the Graph Store Protocol."""
    with _server() as store:
        fill(store, real)
        yield store


@pytest.fixture
def empty_endpoint() -> Iterator[EndpointStore]:
    with _server() as store:
        yield store


@pytest.fixture(scope="module")
def folder(real: Built, tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    path = tmp_path_factory.mktemp("store")
    write_version(path, real.store.quads())
    return open_version(path)


def _anonymous(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)


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
    there, here = list(endpoint.quads()), list(real.store.quads())
    assert len(there) == len(here)
    # a server names the blank nodes of axioms anew; all else comes back to the letter (as sets: no diff of megabytes)
    named = [sorted_nquads(q for q in quads if not _anonymous(q)).splitlines() for quads in (there, here)]
    assert set(named[0]) ^ set(named[1]) == set()


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
        LocalStore.in_folder(tmp_path)
    assert (tmp_path / "x").read_text() == ""


def test_a_folder_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        LocalStore.in_folder(tmp_path / "missing" / "deeper")
    assert list(tmp_path.iterdir()) == []


WORDS = ox.NamedNode("https://w3id.org/ctmo/words")
GRAPHS = "https://w3id.org/ctmo/graph/"


def test_the_words_of_sources_are_never_sent(
    tiny: Built, empty_endpoint: EndpointStore, capsys: pytest.CaptureFixture[str]
) -> None:
    there = [quad for quad in tiny.store.quads() if quad.predicate == WORDS]
    assert there
    leaked = there[0].graph_name  # an older version of this program did send them
    assert isinstance(leaked, ox.NamedNode)
    empty_endpoint.replace_graph(leaked, there)
    build_command([DATA], empty_endpoint.url, DATA)
    sent = empty_endpoint.quads()
    assert sent
    assert not [quad for quad in sent if quad.predicate == WORDS]
    assert not [name for name in empty_endpoint.graph_names() if "/quotations/" in name]
    assert f"the words of {len(there)} passages stayed here" in capsys.readouterr().err


def test_nothing_is_said_to_have_stayed_when_no_sources_were_given(
    empty_endpoint: EndpointStore, capsys: pytest.CaptureFixture[str]
) -> None:
    build_command([], empty_endpoint.url, None)
    assert "stayed" not in capsys.readouterr().err


def test_graphs_of_an_older_build_are_taken_away_and_those_of_others_stay(
    tiny: Built, empty_endpoint: EndpointStore
) -> None:
    node = ox.NamedNode("https://example.org/n")
    old = ox.NamedNode(GRAPHS + "claims/old")
    others = [ox.NamedNode("https://example.org/g"), ox.NamedNode("https://w3id.org/ctmo/graphs/x")]
    for graph in (old, *others):
        empty_endpoint.replace_graph(graph, [ox.Quad(node, node, node, graph)])
    fill(empty_endpoint, tiny)
    expected = {name for name in tiny.store.graph_names() if "/quotations/" not in name}
    assert set(empty_endpoint.graph_names()) == expected | {graph.value for graph in others}


def test_what_was_inferred_is_written_last(tiny: Built) -> None:
    written: list[str] = []

    class Noting(EndpointStore):
        def replace_graph(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
            assert list(quads)
            written.append(graph.value)

        def graph_names(self) -> list[str]:
            return []

    assert fill(Noting("http://127.0.0.1:9/query"), tiny) > 0
    inferred = ["/inferred/" in name for name in written]
    assert any(inferred)
    assert inferred == sorted(inferred)


@pytest.mark.parametrize(
    "url",
    [
        *("http://[", "http://a b/", "http://a/ b", "http://x/\n", "http://", "http:///query"),
        *("http://x:99999/", "http://x:abc/", "http://é.org/", "x"),
    ],
)
def test_what_is_no_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(StoreError, match="no address of an endpoint") as caught:
        EndpointStore(url)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://localhost:7878/query", "https://example.org/a%20b?x=y", "http://[::1]:7/"])
def test_what_is_an_address_is_taken(url: str) -> None:
    assert EndpointStore(url).url == url


RAW_ANSWERS = {
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "nothing": b"",
    "no status": b"HTTP/1.1 abc x\r\n\r\n",
    "a line without end": b"\xff" * 70_000,
    "broken chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
    "broken chunks of an error": b"HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
    "a redirect to no address": b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n",
    "a redirect to a file": b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n",
    "a page": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>",
    "yes, to a question for rows": (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n\r\n" + b'{"head":{},"boolean":true}'
    ),
    "other columns": (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n\r\n"
        b'{"head":{"vars":["x"]},"results":{"bindings":[]}}'
    ),
}


@pytest.mark.parametrize("raw", RAW_ANSWERS.values(), ids=RAW_ANSWERS.keys())
@pytest.mark.parametrize("question", [EndpointStore.graph_names, EndpointStore.quads])
def test_an_answer_that_is_none_is_an_error_of_one_line(
    raw: bytes, question: Callable[[EndpointStore], list[object]]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):  # the client may leave in the middle
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(1)
                while connection.recv(65536):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(StoreError) as caught:
            question(EndpointStore(f"http://127.0.0.1:{listener.getsockname()[1]}/query", timeout_s=5))
        thread.join()
    assert "\n" not in str(caught.value)


class _Loop(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(302)
        self.send_header("Location", self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *arguments: object) -> None:
        pass


def test_a_redirect_without_end_is_an_error_of_one_line() -> None:
    with HTTPServer(("127.0.0.1", 0), _Loop) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(StoreError, match=r"answered 302 Found: moved to /query$") as caught:
            EndpointStore(f"http://127.0.0.1:{server.server_port}/query").query("ASK {}")
        server.shutdown()
    assert "\n" not in str(caught.value)
