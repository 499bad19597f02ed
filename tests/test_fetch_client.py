"""The client of the fetches against a server on this machine: its patience, its memory and its limits."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kg.errors import FetchError, InputError
from kg.fetch.cache import Cache
from kg.fetch.client import Question
from kg.fetch.wire import check_address, why_no_redirect
from tests.fetch_server import Clock, FetchServer, Reply, client_of, serving

GOOD = Reply(b'{"a": 1}')
JSON = ("application/json",)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def server() -> Iterator[FetchServer]:
    with serving() as one:
        yield one


def read(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError as error:
        raise InputError(f"not valid JSON: {error}") from error


def asking(server: FetchServer, **more: object) -> Question:
    return Question(f"{server.address}/x", kinds=JSON, **more)  # type: ignore[arg-type]


def fails(server: FetchServer, clock: Clock | None = None, **policy: float) -> str:
    with pytest.raises(FetchError) as caught:
        client_of(clock or Clock(), None, **policy).get(asking(server), read)
    assert "\n" not in str(caught.value)
    return str(caught.value).replace(server.address, "ADDRESS")


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_an_answer_that_fails_once_is_asked_for_again(server: FetchServer, status: int) -> None:
    clock = Clock()
    server.play(Reply(b"no", "text/plain", status), GOOD)
    assert client_of(clock).get(asking(server), read).value == {"a": 1}
    assert clock.slept == [2.0]


def test_the_waits_grow_and_end(server: FetchServer) -> None:
    clock = Clock()
    server.play(Reply(b"closed for today", "text/plain", 503))
    words = fails(server, clock)
    assert words == "ADDRESS/x answered 503 Service Unavailable: closed for today (asked 6 times)"
    assert clock.slept == [2.0, 4.0, 8.0, 16.0, 30.0]
    assert len(server.asked) == 6


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204, 206])
def test_an_answer_that_will_stay_bad_is_asked_for_once(server: FetchServer, status: int) -> None:
    server.play(Reply(b"" if status == 204 else b"not like this", "text/plain", status))
    assert f"ADDRESS/x answered {status}" in fails(server)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("asked_for", "seconds"),
    [
        *(("7", 7.0), ("0", 2.0), ("-3", 2.0), ("soon", 2.0), ("", 2.0), ("9" * 400, 2.0), ("٣", 2.0)),
        *(("Mon, 21 Sep 2026 13:34:00 GMT", 1_789_997_640.0), ("Mon, 21 Sep 2026 15:00:00 GMT", 1_790_002_800.0)),
    ],
)
def test_retry_after_is_kept_in_seconds_and_as_a_time(server: FetchServer, asked_for: str, seconds: float) -> None:
    clock = Clock()
    headers = {"Retry-After": asked_for.encode().decode("latin-1")}
    server.play(Reply(b"", "text/plain", 429, headers), GOOD)
    wait = max(2.0, seconds - 1_790_000_000 if seconds > 1e6 else seconds)
    assert client_of(clock, longest_wait_s=4000).get(asking(server), read).value == {"a": 1}
    assert clock.slept == [wait]


def test_a_server_that_asks_for_a_day_is_not_waited_for(server: FetchServer) -> None:
    clock = Clock()
    server.play(Reply(b"", "text/plain", 429, {"Retry-After": "86400"}))
    assert fails(server, clock).endswith("429 Too Many Requests: it asks to come back in 86,400 s; try again then")
    assert clock.slept == []


def test_questions_to_a_host_keep_their_distance(server: FetchServer) -> None:
    clock = Clock()
    server.play(GOOD)
    client = client_of(clock, pause_s=1.2)
    for _ in range(3):
        client.get(asking(server), read)
    assert clock.slept == pytest.approx([1.2, 1.2])
    clock.time += 5
    client.get(asking(server), read)
    assert len(clock.slept) == 2


CUT = {
    "in the middle of the body": Reply(b'{"a": 1}', cut=4),
    "a length that is too large": Reply(b'{"a": 1}', length=900),
    "in the middle of a chunk": Reply(b'{"a": 1}', chunked=True, cut=8),
    "before the last chunk": Reply(b'{"a": 1}', chunked=True, cut=13),
    "a length that is too small": Reply(b'{"a": 1}', length=5),
    "without a promised length": Reply(b'{"a": ', length=-1),
    "in the middle of gzip": Reply(b'{"a": 1}', pack=True, cut=20, length=-1),
    "gzip that is none": Reply(b'{"a": 1}', headers={"Content-Encoding": "gzip"}),
    "nothing": Reply(b""),
}


@pytest.mark.parametrize("reply", CUT.values(), ids=CUT.keys())
def test_a_cut_answer_is_found_and_asked_for_again(server: FetchServer, reply: Reply) -> None:
    server.play(reply, GOOD)
    assert client_of(Clock()).get(asking(server), read).value == {"a": 1}
    assert len(server.asked) == 2
    server.play(reply)
    assert fails(server)


@pytest.mark.parametrize("reply", [Reply(b'{"a": 1}', pack=True), Reply(b'{"a": 1}', chunked=True)])
def test_packed_and_chunked_answers_are_whole(server: FetchServer, reply: Reply) -> None:
    server.play(reply)
    assert client_of(Clock()).get(asking(server), read).value == {"a": 1}
    assert server.asked[0].headers["accept-encoding"] == "gzip"
    assert server.asked[0].headers["user-agent"].startswith("mechtrail/")


def test_an_unknown_packing_is_named(server: FetchServer) -> None:
    server.play(Reply(b"x", headers={"Content-Encoding": "br"}))
    assert fails(server).endswith("found an answer packed as 'br', expected gzip")


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (Reply(b"<!DOCTYPE html><p>sorry", "text/html"), "a page for a browser"),
        (Reply(b" <HTML>", "application/json"), "a page for a browser"),
        (Reply(b"{}", "text/csv"), "content of type text/csv"),
        (Reply(b"{}", ""), "content of type not stated"),
    ],
)
def test_another_kind_of_content_is_refused_after_a_second_look(server: FetchServer, reply: Reply, found: str) -> None:
    server.play(reply)
    words = f"ADDRESS/x sent something else than was asked for: found {found}, expected application/json"
    assert fails(server) == f"{words} (asked 2 times)"


@pytest.mark.parametrize("reply", [Reply(b"1" * 5000), Reply(b"1" * 5000, length=-1), Reply(b" " * 5000, pack=True)])
def test_a_too_large_answer_is_refused(server: FetchServer, reply: Reply) -> None:
    server.play(reply)
    assert fails(server, largest=1000) == "ADDRESS/x: the answer has more than 1,000 bytes"


def test_an_answer_that_drips_ends_in_time(server: FetchServer) -> None:
    server.play(Reply(b"1" * 500, drip_s=0.02))
    words = fails(server, longest_s=0.3, tries=2)
    assert words == "ADDRESS/x did not end its answer within 0.3 s (asked 2 times)"
    server.play(Reply(b"1" * 500, drip_s=0.02, length=-1))
    assert "did not end its answer" in fails(server, longest_s=0.3, tries=1)


def test_a_server_that_says_nothing_is_given_up(server: FetchServer) -> None:
    server.play(Reply(b"1" * 50, drip_s=1))
    assert fails(server, timeout_s=0.2, tries=1) == "ADDRESS/x does not answer: nothing came in time"


def test_nobody_there_is_said() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}/x"
    clock = Clock()
    with pytest.raises(FetchError, match=r"does not answer: .*refused.* \(asked 6 times\)"):
        client_of(clock).get(Question(address), read)
    assert sum(clock.slept) == 60


RAW = [
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"",
    b"HTTP/1.1 abc x\r\n\r\n",
    b"\xff" * 70_000,
    b"HTTP/1.1 200 OK\r\nX:" + b"y" * 99999,
]


@pytest.mark.parametrize("raw", RAW, ids=["ssh", "nothing", "no status", "no line", "long header"])
def test_what_is_no_web_server_is_an_error_of_one_line(raw: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(1)
                while connection.recv(65536):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        question = Question(f"http://127.0.0.1:{listener.getsockname()[1]}/x")
        with pytest.raises(FetchError) as caught:
            client_of(Clock(), tries=1).get(question, read)
        thread.join()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://localhost:{port}/y", "that is another host, and is not followed"),
        ("https://example.org/y", "that is another host, and is not followed"),
        ("/x", "that is a circle, and is not followed"),
        ("file:///etc/passwd", "that is no web address, and is not followed"),
        ("ftp://127.0.0.1/x", "that is no web address, and is not followed"),
        ("http://[", "that is no web address, and is not followed"),
        ("http://user:pw@127.0.0.1:{port}/y", "that is no web address, and is not followed"),
    ],
)
def test_a_redirect_that_leads_astray_is_not_followed(server: FetchServer, location: str, reason: str) -> None:
    server.play(Reply(b"", "text/plain", 302, {"Location": location.format(port=server.port)}))
    assert fails(server).endswith(reason)
    assert len(server.asked) == 1


def test_a_redirect_on_the_same_host_is_followed_but_not_for_ever(server: FetchServer) -> None:
    server.play(*(Reply(b"", "text/plain", 307, {"Location": f"/y {n}?z=ä"}) for n in range(8)), GOOD)
    assert client_of(Clock()).get(asking(server), read).value == {"a": 1}
    server.play(*(Reply(b"", "text/plain", 307, {"Location": f"/y{n}"}) for n in range(9)), GOOD)
    assert fails(server).endswith("that is redirect number 9, and is not followed")


def test_a_redirect_to_another_host_is_told_where_it_is_allowed(server: FetchServer) -> None:
    there = f"localhost:{server.port}"
    server.play(Reply(b"", "text/plain", 302, {"Location": f"http://{there}/y"}), GOOD)
    answer = client_of(Clock()).get(asking(server, across_hosts=True), read)
    assert (answer.value, answer.hosts) == ({"a": 1}, (there,))


@pytest.mark.parametrize(
    ("old", "new", "followed"),
    [
        ("https://purl.org/x", "https://github.com/x", True),
        ("https://purl.org/x", "http://github.com/x", False),
        ("https://purl.org/x", "http://purl.org/y", False),
        ("http://purl.org/x", "http://github.com/x", False),
        ("http://purl.org/x", "https://purl.org/x", True),
        ("http://purl.org/x", "http://127.0.0.1/x", False),
        ("http://127.0.0.1/x", "http://purl.org/x", False),
        ("http://127.0.0.1:1/x", "http://localhost:2/x", True),
    ],
)
def test_across_hosts_only_https_is_followed(old: str, new: str, followed: bool) -> None:
    assert (why_no_redirect(old, new, across_hosts=True) == "") is followed


@pytest.mark.parametrize(
    "address",
    [
        *("file:///etc/passwd", "ftp://a.org/x", "a.org/x", "http://", "http://a b.org", "http://a.org:0", "http://["),
        *("http://me:pw@a.org/", "http://a.org/x?y=1", "http://a.org/#x", "http://ä.org", "http://a.org:x/", ""),
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="is no web address"):
        check_address(address)


def test_limits_of_a_whole_run_are_kept(server: FetchServer) -> None:
    server.play(GOOD)
    client = client_of(Clock(), most_questions=2)
    client.get(asking(server), read)
    client.get(asking(server), read)
    with pytest.raises(FetchError, match="stopped after 2 questions"):
        client.get(asking(server), read)
    with pytest.raises(FetchError, match="stopped after 8 bytes"):
        client_of(Clock(), most_bytes=7).get(asking(server), read)


def test_a_key_is_sent_and_neither_printed_nor_kept(server: FetchServer, tmp_path: Path) -> None:
    question = Question(f"{server.address}/x", (("q", "1"),), (("api_key", "k3y/&!"),), JSON, version="1")
    server.play(Reply(b'{"error": "limit", "api-key": "k3y/&!"}', "application/json", 429))
    with pytest.raises(FetchError) as caught:
        client_of(Clock()).get(question, read)
    assert "k3y" not in str(caught.value)
    assert "***" in str(caught.value)
    assert server.asked[0].parameters["api_key"] == "k3y/&!"
    server.play(GOOD)
    client_of(Clock(), Cache(tmp_path)).get(question, read)
    assert all(b"k3y" not in path.read_bytes() for path in tmp_path.iterdir())
    assert "k3y" not in repr(question)
