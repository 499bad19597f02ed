"""Ontologies by their addresses, played by a server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import FetchError, InputError
from kg.fetch.client import Client
from kg.fetch.ontology import fetch_ontology
from kg.fetch.receipt import Fetched, read_receipt
from tests.fetch_server import Asked, Clock, FetchServer, Reply, client_of, serving


def obo(version: str, *labels: str, name: str = "cl") -> bytes:
    terms = "".join(f"\n[Term]\nid: CL:90000{n:02}\nname: {label}\n" for n, label in enumerate(labels))
    return f"format-version: 1.2\ndata-version: {version}\nontology: {name}\n{terms}".encode()


OLD = obo("releases/2026-01-05", "invented cell", "invented blood cell")
NEW = obo("releases/2026-07-01", "invented cell", "invented blood cell", "invented nerve cell")
JSON = (
    b'{"graphs": [{"id": "http://purl.obolibrary.org/obo/cl.owl", "nodes": [{"id": '
    b'"http://purl.obolibrary.org/obo/CL_9000001", "lbl": "invented cell", "type": "CLASS"}], "edges": []}]}'
)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def server() -> Iterator[FetchServer]:
    with serving() as one:
        yield one


def tagged(content: bytes, tag: str) -> Reply:
    return Reply(content, "text/plain", headers={"ETag": tag})


def fetch(server: FetchServer, folder: Path, client: Client | None = None, **more: object) -> Fetched:
    given = {"name": "cl", "home": f"{server.address}/obo"} | more
    return fetch_ontology(client or client_of(Clock()), folder=folder, **given)  # type: ignore[arg-type]


def test_an_ontology_is_its_file_with_its_version(server: FetchServer, tmp_path: Path) -> None:
    server.play(tagged(OLD, '"1"'))
    fetched = fetch(server, tmp_path / "new" / "folder", name="CL")
    assert fetched.path.read_bytes() == OLD
    assert server.paths() == ["/obo/cl.obo"]
    assert read_receipt(fetched.path) == fetched.receipt
    assert fetched.line().startswith(f"{fetched.path}: 2 terms; 1 page (1 from the network), ")
    assert fetched.line().endswith("; data of 2026-01-05")
    assert fetched.notes == ()


def test_a_copy_that_is_still_the_newest_is_not_fetched_again(server: FetchServer, tmp_path: Path) -> None:
    def route(asked: Asked) -> Reply:
        same = asked.headers.get("if-none-match") == '"1"'
        return Reply(b"", status=304, length=-1) if same else tagged(OLD, '"1"')

    server.route = route
    fetch(server, tmp_path)
    client = client_of(Clock())
    fetched = fetch(server, tmp_path, client)
    assert (fetched.notes, client.bytes_received) == (("the copy here is still the newest",), 0)
    assert fetched.receipt.version == "2026-01-05"
    (tmp_path / "cl.obo").write_bytes(OLD + b"\n! my own words\n")
    fetched = fetch(server, tmp_path)
    assert fetched.notes == ("it takes the place of a file that was not fetched, or was changed since",)
    assert (tmp_path / "cl.obo").read_bytes() == OLD
    assert fetch(server, tmp_path, anew=True).notes == ("the same as before",)


def test_a_new_version_is_told_beside_the_old_one(server: FetchServer, tmp_path: Path) -> None:
    server.play(tagged(OLD, '"1"'), tagged(NEW, '"2"'), tagged(OLD, '"3"'))
    fetch(server, tmp_path)
    assert fetch(server, tmp_path).notes == ("version 2026-07-01, was 2026-01-05",)
    fetched = fetch(server, tmp_path)
    assert fetched.notes == ("version 2026-01-05, was 2026-07-01", "2 terms, fewer than the 3 before")


BAD = {
    "a page": Reply(b"<!DOCTYPE html><p>not found", "text/html"),
    "a page in disguise": Reply(b"\n<html><body>", "text/plain"),
    "a table": Reply(b"id\tlabel\nCL:1\tx\n", "text/plain"),
    "nothing": Reply(b"", "text/plain"),
    "cut in a line": Reply(OLD[:-4], "text/plain", length=-1),
    "cut on its way": Reply(OLD, "text/plain", cut=60),
    "broken": Reply(OLD + b"\xff\xfe", "text/plain"),
    "UTF-16": Reply(OLD.decode().encode("utf-16"), "text/plain"),
    "gone": Reply(b"no", "text/plain", 404),
}


@pytest.mark.parametrize("reply", BAD.values(), ids=BAD.keys())
def test_what_is_no_ontology_does_not_take_the_place_of_one(server: FetchServer, tmp_path: Path, reply: Reply) -> None:
    server.play(tagged(OLD, '"1"'), reply)
    first = fetch(server, tmp_path)
    with pytest.raises(FetchError):
        fetch(server, tmp_path)
    assert (tmp_path / "cl.obo").read_bytes() == OLD
    assert read_receipt(tmp_path / "cl.obo") == first.receipt
    assert len(list(tmp_path.iterdir())) == 2


def test_the_hosts_that_an_address_leads_to_are_told(server: FetchServer, tmp_path: Path) -> None:
    there = f"localhost:{server.port}"
    server.play(Reply(b"", "text/plain", 302, {"Location": f"http://{there}/cl.obo"}), tagged(OLD, '"1"'))
    assert fetch(server, tmp_path).notes == (f"{server.address}/obo/cl.obo led to {there}",)


def test_other_formats_and_other_names_are_seen(server: FetchServer, tmp_path: Path) -> None:
    server.play(Reply(JSON), tagged(obo("1", "x", name="mondo"), '"1"'))
    assert fetch(server, tmp_path, form="json").path == tmp_path / "cl.json"
    assert fetch(server, tmp_path).notes == ("the file calls itself mondo",)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "../cl"}, "found the ontology '../cl', expected a name as in its address"),
        ({"name": ""}, "expected a name as in its address"),
        ({"form": "xlsx"}, "found the format 'xlsx', expected obo, owl, json"),
        ({"home": "file:///etc"}, "is no web address"),
    ],
)
def test_what_cannot_be_fetched_is_refused_before(
    server: FetchServer, tmp_path: Path, given: dict[str, str], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        fetch(server, tmp_path, None, **given)
    assert server.asked == []


def test_a_folder_that_cannot_be_written_is_told(server: FetchServer, tmp_path: Path) -> None:
    server.play(tagged(OLD, '"1"'))
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cl.obo: cannot be written: (?:Not a directory|File exists)"):
        fetch(server, tmp_path / "file")
