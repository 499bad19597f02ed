"""A server on this machine that plays the answers of a registry, with the faults that a test asks for.

Every record is invented; the shapes are those of the real interfaces.
"""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from kg.fetch.cache import Cache
from kg.fetch.client import Client, Policy


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]  # names in small letters


@dataclass(frozen=True)
class Reply:
    """What is sent back, and what goes wrong with it."""

    body: bytes = b""
    kind: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None  # another length than the true one; -1: none is promised
    cut: int | None = None  # the connection ends after so many bytes
    drip_s: float = 0  # seconds between two bytes
    pack: bool = False  # gzip
    chunked: bool = False


Route = Callable[[Asked], Reply]


class FetchServer:
    """Answers by `route`, but for the requests whose number (from 0) is in `faults`; keeps what was asked."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.port = port
        self.asked: list[Asked] = []
        self.faults: dict[int, Reply] = {}
        self.route: Route = lambda _: Reply(b"nothing here", "text/plain", 404)

    def play(self, *replies: Reply) -> None:
        """Give these answers, one after the other; the last one for ever."""
        first = len(self.asked)
        self.route = lambda _: replies[min(len(self.asked) - 1 - first, len(replies) - 1)]

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]


def _handler(server: Callable[[], FetchServer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            given = {name: values[0] for name, values in parse_qs(parts.query).items()}
            asked = Asked(parts.path, given, {name.casefold(): value for name, value in self.headers.items()})
            number = len(server().asked)
            server().asked.append(asked)
            with suppress(ConnectionError):
                self._send(server().faults.get(number) or server().route(asked))

        def _send(self, reply: Reply) -> None:
            body = gzip.compress(reply.body) if reply.pack else reply.body
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.pack:
                self.send_header("Content-Encoding", "gzip")
            if reply.chunked:
                self.send_header("Transfer-Encoding", "chunked")
                body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
            elif reply.length != -1:
                self.send_header("Content-Length", str(len(body) if reply.length is None else reply.length))
            self.end_headers()
            body = body[: reply.cut] if reply.cut is not None else body
            if not reply.drip_s:
                self.wfile.write(body)
                return
            for place in range(len(body)):
                self.wfile.write(body[place : place + 1])
                self.wfile.flush()
                time.sleep(reply.drip_s)

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler


@contextmanager
def serving() -> Iterator[FetchServer]:
    """Run a server on a free port of this machine."""
    box: list[FetchServer] = []
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lambda: box[0]))
    http.daemon_threads = True
    box.append(FetchServer(http.server_port))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield box[0]
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def client_of(clock: Clock, cache: Cache | None = None, **policy: float) -> Client:
    """Give a client that does not wait."""
    given = {"timeout_s": 5.0, "longest_s": 20.0, **policy}
    return Client(Policy(**given), cache, clock=clock, sleep=clock.sleep, now=lambda: 1_790_000_000.0)  # type: ignore[arg-type]


def study(number: str, title: str = "", **modules: object) -> dict[str, object]:
    """Give an invented study in the shape of the registry's second interface."""
    head = {"nctId": number, "briefTitle": title or f"Invented cells in invented palsy, {number}"}
    status = {"overallStatus": "RECRUITING"}
    return {
        "protocolSection": {"identificationModule": head, "statusModule": status, **modules},
        "derivedSection": {"miscInfoModule": {"versionHolder": "2026-08-10"}},
        "hasResults": False,
    }


def names_of(record: Mapping[str, object]) -> list[str]:
    """Give the number of an invented study, and those that it had before."""
    head = record["protocolSection"]["identificationModule"]  # type: ignore[index]
    return [head["nctId"], *head.get("nctIdAliases", [])]


class Registry:
    """ClinicalTrials.gov in small: pages with tokens, a count, a date of the data."""

    def __init__(self, studies: Sequence[Mapping[str, object]], stamp: str = "2026-08-10T09:00:05") -> None:
        self.studies, self.stamp = list(studies), stamp
        self.total = len(self.studies)

    def __call__(self, asked: Asked) -> Reply:
        if asked.path.endswith("/version"):
            said = {"apiVersion": "2.0.5", **({"dataTimestamp": self.stamp} if self.stamp else {})}
            return Reply(json.dumps(said).encode())
        if "pageToken" in asked.parameters and not asked.parameters["pageToken"].startswith("t-"):
            return Reply(b"Invalid pageToken", "text/plain", 400)
        studies = self.studies
        if "filter.ids" in asked.parameters:
            wanted = set(asked.parameters["filter.ids"].split("|"))
            studies = [each for each in studies if wanted & set(names_of(each))]
        start = int(asked.parameters.get("pageToken", "t-0").removeprefix("t-"))
        end = start + int(asked.parameters["pageSize"])
        page: dict[str, object] = {"studies": studies[start:end]}
        if "pageToken" not in asked.parameters:
            page["totalCount"] = len(studies) if "filter.ids" in asked.parameters else self.total
        if end < len(studies):
            page["nextPageToken"] = f"t-{end}"
        return Reply(json.dumps(page).encode())
