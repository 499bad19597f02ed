"""What a client remembers: answers that still hold are not fetched twice, and damaged ones are as good as none."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import FetchError, InputError
from kg.fetch.cache import Cache, Kept
from kg.fetch.client import Question
from kg.fetch.files import alone, write_whole
from kg.fetch.receipt import Part, Receipt, read_receipt, write_receipt
from tests.fetch_server import Asked, Clock, FetchServer, Reply, client_of, serving


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


def with_tag(asked: Asked) -> Reply:
    if asked.headers.get("if-none-match") == '"one"':
        return Reply(b"", status=304, length=-1)
    return Reply(b"[1]", headers={"ETag": '"one"', "Last-Modified": "Mon, 10 Aug 2026 09:00:05 GMT"})


def test_a_kept_answer_is_asked_for_by_its_tag_and_taken_when_unchanged(server: FetchServer, tmp_path: Path) -> None:
    server.route = with_tag
    question = Question(f"{server.address}/x")
    first = client_of(Clock(), Cache(tmp_path)).get(question, read)
    client = client_of(Clock(), Cache(tmp_path))
    second = client.get(question, read)
    assert (first.value, first.from_cache, second.value, second.from_cache) == ([1], False, [1], True)
    assert server.asked[1].headers["if-modified-since"] == "Mon, 10 Aug 2026 09:00:05 GMT"
    assert client.bytes_received == 0


def test_a_changed_answer_takes_the_place_of_the_kept_one(server: FetchServer, tmp_path: Path) -> None:
    server.play(*(Reply(f"[{n}]".encode(), headers={"ETag": f'"{n}"'}) for n in range(2)))
    question = Question(f"{server.address}/x")
    for n in range(2):
        assert client_of(Clock(), Cache(tmp_path)).get(question, read).value == [n]
    assert len(list(tmp_path.iterdir())) == 2


def test_an_answer_of_the_same_data_is_taken_without_asking(server: FetchServer, tmp_path: Path) -> None:
    server.play(Reply(b"[1]"))
    for version in ("monday", "monday", "tuesday"):
        client_of(Clock(), Cache(tmp_path)).get(Question(f"{server.address}/x", version=version), read)
    assert len(server.asked) == 2


def test_an_answer_without_tag_or_version_is_not_kept(server: FetchServer, tmp_path: Path) -> None:
    server.play(Reply(b"[1]"))
    client_of(Clock(), Cache(tmp_path)).get(Question(f"{server.address}/x"), read)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_is_not_kept(server: FetchServer, tmp_path: Path) -> None:
    server.play(Reply(b"[", headers={"ETag": '"x"'}))
    with pytest.raises(FetchError, match="not valid JSON"):
        client_of(Clock(), Cache(tmp_path)).get(Question(f"{server.address}/x", version="1"), read)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"[2]", b"\x00" * 9, None])
@pytest.mark.parametrize("ending", [".json", ".content"])
def test_a_damaged_memory_is_fetched_again(
    server: FetchServer, tmp_path: Path, ending: str, damage: bytes | None
) -> None:
    server.route = with_tag
    question = Question(f"{server.address}/x", version="monday")
    client_of(Clock(), Cache(tmp_path)).get(question, read)
    (path,) = tmp_path.glob(f"*{ending}")
    path.unlink() if damage is None else path.write_bytes(damage)
    answer = client_of(Clock(), Cache(tmp_path)).get(question, read)
    assert (answer.value, answer.from_cache) == ([1], False)


@pytest.mark.parametrize("said", ["[]", "7", '{"etag": 7}', '{"etag": [], "last_modified": "", "version": "monday"}'])
def test_a_memory_of_another_shape_is_fetched_again(server: FetchServer, tmp_path: Path, said: str) -> None:
    server.route = with_tag
    question = Question(f"{server.address}/x", version="monday")
    client_of(Clock(), Cache(tmp_path)).get(question, read)
    next(tmp_path.glob("*.json")).write_text(said)
    assert client_of(Clock(), Cache(tmp_path)).get(question, read).value == [1]


def test_a_tag_that_is_no_header_is_not_sent(server: FetchServer, tmp_path: Path) -> None:
    Cache(tmp_path).keep(f"{server.address}/x", (), Kept('"a"\r\nX: y', "ä", "", b"[0]"))
    server.route = with_tag
    assert client_of(Clock(), Cache(tmp_path)).get(Question(f"{server.address}/x"), read).value == [1]
    assert {"x", "if-none-match", "if-modified-since"} & set(server.asked[0].headers) == set()


def test_unchanged_though_nothing_is_here_is_a_fault(server: FetchServer) -> None:
    server.play(Reply(b"", status=304, length=-1))
    with pytest.raises(FetchError, match="answered 304, though nothing was said to be here"):
        client_of(Clock()).get(Question(f"{server.address}/x"), read)


def test_a_folder_that_cannot_be_written_does_not_stop_a_fetch(server: FetchServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    server.play(Reply(b"[1]"))
    client = client_of(Clock(), Cache(tmp_path / "file" / "folder"))
    for _ in range(2):
        assert client.get(Question(f"{server.address}/x", version="1"), read).value == [1]
    assert len(client.notes) == 1
    assert "cannot be written" in client.notes[0]


def test_old_answers_are_removed_and_other_files_stay(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.keep("http://a.org/old", (), Kept("", "", "1", b"[1]"))
    for path in tmp_path.iterdir():
        os.utime(path, (1, 1))
    cache.keep("http://a.org/new", (), Kept("", "", "1", b"[2]"))
    (tmp_path / "notes.txt").write_text("mine")
    os.utime(tmp_path / "notes.txt", (1, 1))
    cache.remove_old()
    assert cache.find("http://a.org/old", ()) is None
    assert cache.find("http://a.org/new", ()) is not None
    assert (tmp_path / "notes.txt").is_file()


@settings(max_examples=40)
@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=4), st.binary(max_size=50))
def test_what_is_kept_is_found_whatever_the_order_of_its_parameters(
    tmp_path_factory: pytest.TempPathFactory, parameters: list[tuple[str, str]], content: bytes
) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    cache.keep("http://a.org", parameters, Kept("e", "l", "v", content))
    assert cache.find("http://a.org", parameters[::-1]) == Kept("e", "l", "v", content)
    assert cache.find("http://a.org", [*parameters, ("", "")]) is None


def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="folder: cannot be written"):
        write_whole(tmp_path / "folder", b"three")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "x"]


def test_two_fetches_of_one_file_do_not_meet(tmp_path: Path) -> None:
    with alone(tmp_path / "x"), pytest.raises(InputError, match="another fetch is writing it"), alone(tmp_path / "x"):
        pass
    with alone(tmp_path / "x"):
        pass
    assert list(tmp_path.iterdir()) == []


RECEIPT = Receipt("ctgov", "http://a.org", {"condition": "ü"}, "2026-08-10", 2, 2, "")


def test_a_receipt_fits_its_file_only(tmp_path: Path) -> None:
    part = Part(tmp_path / "x", {})
    part.start()
    part.append(b"abc", {})
    receipt = Receipt("ctgov", "http://a.org", {"condition": "ü"}, "2026-08-10", 2, 2, part.digest())
    part.finish(receipt)
    assert read_receipt(tmp_path / "x") == receipt
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x", "x.fetch.json"]
    (tmp_path / "x").write_bytes(b"abd")
    assert read_receipt(tmp_path / "x") is None


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"source": 1}', "null", "[" * 100_000])
def test_a_receipt_that_is_none_is_as_good_as_none(tmp_path: Path, said: str) -> None:
    write_receipt(tmp_path / "x", RECEIPT)
    (tmp_path / "x.fetch.json").write_text(said)
    assert read_receipt(tmp_path / "x") is None


def test_a_part_is_taken_up_where_its_state_says(tmp_path: Path) -> None:
    part = Part(tmp_path / "x", {"q": ("a",)})
    part.start()
    part.append(b"abc", {"n": 1})
    with part.path.open("ab") as stream:
        stream.write(b"what an interrupted fetch had begun")
    again = Part(tmp_path / "x", {"q": ("a",)})
    assert again.resume() == {"n": 1}
    again.append(b"def", {"n": 2})
    assert again.path.read_bytes() == b"abcdef"
    assert Part(tmp_path / "x", {"q": ("b",)}).resume() is None


@pytest.mark.parametrize("content", [b"", b"ab", b"abX", None])
def test_a_part_that_is_not_as_its_state_says_is_begun_again(tmp_path: Path, content: bytes | None) -> None:
    part = Part(tmp_path / "x", {})
    part.start()
    part.append(b"abc", {})
    part.path.unlink() if content is None else part.path.write_bytes(content)
    assert Part(tmp_path / "x", {}).resume() is None
