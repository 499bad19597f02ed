"""Searches of ClinicalTrials.gov, played by a server on this machine: pages, tokens, counts, dates, interruptions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import FetchError, InputError
from kg.fetch.cache import Cache
from kg.fetch.client import Client
from kg.fetch.ctgov import Search, fetch_trials
from kg.fetch.receipt import Fetched, read_receipt
from tests.fetch_server import Asked, Clock, FetchServer, Registry, Reply, client_of, serving, study

STUDIES = [study(f"NCT9000{n:04}") for n in range(7)]
SEARCH = Search("invented palsy", "invented cells")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def server() -> Iterator[FetchServer]:
    with serving() as one:
        one.route = Registry(STUDIES)
        yield one


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "trials.jsonl"


def fetch(
    server: FetchServer, out: Path, search: Search = SEARCH, client: Client | None = None, **more: object
) -> Fetched:
    given = {"page_size": 3, **more}
    return fetch_trials(client or client_of(Clock()), search, out, api=f"{server.address}/api", **given)  # type: ignore[arg-type]


def studies_in(path: Path) -> list[object]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def page(*studies: object, token: str = "", total: int | None = None) -> Reply:
    said: dict[str, object] = {"studies": list(studies)}
    said |= {"nextPageToken": token} if token else {}
    said |= {} if total is None else {"totalCount": total}
    return Reply(json.dumps(said).encode())


def test_a_search_is_one_file_of_all_its_studies_with_a_receipt(server: FetchServer, out: Path) -> None:
    fetched = fetch(server, out)
    assert studies_in(out) == STUDIES
    assert server.paths() == ["/api/version", *["/api/studies"] * 3, "/api/version"]
    receipt = read_receipt(out)
    assert receipt == fetched.receipt
    assert (receipt.data_date, receipt.records, receipt.promised) == ("2026-08-10T09:00:05", 7, 7)
    assert receipt.query == {"condition": "invented palsy", "intervention": "invented cells"}
    assert fetched.complete
    assert fetched.line().startswith(f"{out}: 7 studies; 3 pages (3 from the network), ")
    assert fetched.line().endswith("; data of 2026-08-10T09:00:05")
    assert sorted(each.name for each in out.parent.iterdir()) == ["trials.jsonl", "trials.jsonl.fetch.json"]


def test_the_other_parameters_stay_the_same_on_every_page(server: FetchServer, out: Path) -> None:
    search = Search("a b", "c&d", "e", (), ("recruiting", "COMPLETED"), "AREA[StartDate]2022", ("BriefTitle",))
    fetch(server, out, search)
    pages = [dict(each.parameters) for each in server.asked if each.path == "/api/studies"]
    assert [each.pop("pageToken", "") for each in pages] == ["", "t-3", "t-6"]
    assert pages[0] == pages[1] == pages[2]
    assert pages[0] == {
        **{"query.cond": "a b", "query.intr": "c&d", "query.term": "e", "filter.overallStatus": "COMPLETED|RECRUITING"},
        **{"filter.advanced": "AREA[StartDate]2022", "fields": "NCTId|BriefTitle"},
        **{"pageSize": "3", "countTotal": "true"},
    }


def test_numbers_are_asked_for_in_lists_that_an_address_can_hold(server: FetchServer, out: Path) -> None:
    many = [study(f"NCT8{n:07}") for n in range(450)]
    server.route = Registry(many)
    ids = tuple(f"nct8{n:07}" for n in range(450))
    fetched = fetch(server, out, Search(ids=ids), page_size=1000)
    lists = [each.parameters["filter.ids"].split("|") for each in server.asked if each.path == "/api/studies"]
    assert [len(each) for each in lists] == [200, 200, 50]
    assert (fetched.receipt.records, fetched.complete) == (450, True)


@pytest.mark.parametrize(
    ("search", "words"),
    [
        (Search(), "nothing to search for"),
        (Search("  "), "nothing to search for"),
        (Search(ids=("NCT123",)), "found the number 'NCT123', expected NCT and eight digits"),
        (Search(ids=("NCT٠٠٠٠٠٠٠٠",)), "expected NCT and eight digits"),
        (Search("x", statuses=("finished",)), "the registry has no status 'FINISHED'; nearest: "),
        (Search("x", statuses=("Recruting",)), "nearest: RECRUITING"),
        (Search("", "", "NCT01234567, nct01234568", statuses=("RECRUITING",)), "ignores filters"),
    ],
)
def test_a_search_that_cannot_be_is_refused_before_anything_is_asked(
    server: FetchServer, out: Path, search: Search, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        fetch(server, out, search)
    assert server.asked == []


def test_an_empty_page_with_a_token_is_no_end(server: FetchServer, out: Path) -> None:
    pages = {"": page(total=2, token="a"), "a": page(token="b"), "b": page(*STUDIES[:2])}

    def route(asked: Asked) -> Reply:
        return Registry([])(asked) if "version" in asked.path else pages[asked.parameters.get("pageToken", "")]

    server.route = route
    fetched = fetch(server, out)
    assert (studies_in(out), fetched.complete) == (STUDIES[:2], True)


def test_a_search_without_a_find_is_an_empty_file(server: FetchServer, out: Path) -> None:
    server.route = Registry([])
    fetched = fetch(server, out)
    assert (out.read_bytes(), fetched.receipt.records, fetched.complete) == (b"", 0, True)


BAD_TOKENS = {
    "rejected": Reply(b"Invalid pageToken", "text/plain", 400),
    "repeated": page(*STUDIES[3:6], token="t-3"),
    "missing": page(*STUDIES[3:6]),
    "too few": page(*STUDIES[3:4]),
}


@pytest.mark.parametrize("reply", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
def test_a_lost_token_starts_the_search_again(server: FetchServer, out: Path, reply: Reply) -> None:
    server.faults[2] = reply
    fetched = fetch(server, out)
    assert (studies_in(out), fetched.complete) == (STUDIES, True)
    assert "the search was started again from its first page" in fetched.notes[0]
    assert len(server.asked) == 1 + 2 + 3 + 1


@pytest.mark.parametrize("name", ["rejected", "repeated", "missing"])
def test_a_token_that_is_lost_again_is_an_error_and_the_old_file_stays(
    server: FetchServer, out: Path, name: str
) -> None:
    out.write_text("before")
    server.faults |= {2: BAD_TOKENS[name], 4: BAD_TOKENS[name]}
    with pytest.raises(FetchError, match="a second time; a narrower search needs fewer pages"):
        fetch(server, out)
    assert out.read_text() == "before"


def test_fewer_studies_than_counted_are_told_when_a_second_try_gives_no_more(server: FetchServer, out: Path) -> None:
    registry = Registry(STUDIES)
    registry.total = 9
    server.route = registry
    fetched = fetch(server, out)
    assert (fetched.complete, fetched.receipt.records, fetched.receipt.promised) == (False, 7, 9)
    assert "the registry counted 9 studies and sent 7" in fetched.notes
    assert "7 of 9 studies" in fetched.line()
    fetch(server, out)
    assert len(server.asked) > 10, "a file that lacks something is not taken for whole"


def test_more_studies_than_counted_are_told(server: FetchServer, out: Path) -> None:
    registry = Registry(STUDIES)
    registry.total = 5
    server.route = registry
    fetched = fetch(server, out)
    assert (fetched.complete, len(studies_in(out))) == (False, 7)


def test_a_study_that_comes_twice_is_written_once_and_told(server: FetchServer, out: Path) -> None:
    server.route = Registry([*STUDIES[:4], STUDIES[1], *STUDIES[4:6]])
    fetched = fetch(server, out)
    assert studies_in(out) == STUDIES[:6]
    assert not fetched.complete
    assert "1 studies came twice and are written once; as many others may be missing" in fetched.notes


def test_a_search_of_no_known_count_is_taken_as_it_comes(server: FetchServer, out: Path) -> None:
    server.route = lambda asked: Registry([])(asked) if "version" in asked.path else page(*STUDIES)
    assert fetch(server, out).complete


def test_a_bad_search_is_told_in_the_words_of_the_registry(server: FetchServer, out: Path) -> None:
    server.faults[1] = Reply(b"Invalid expression: unclosed bracket", "text/plain", 400)
    with pytest.raises(FetchError, match="answered 400 Bad Request: Invalid expression: unclosed bracket"):
        fetch(server, out)


STRANGE = [
    *(b"", b"[]", b"7", b"{}", b'{"studies": 7}', b'{"studies": [7]}', b'{"studies": [], "nextPageToken": 7}'),
    *(b'{"studies": [NaN]}', b"[" * 99_999, b'{"studies": [', b"\xff\xfe{", b'{"a":' * 9_999),
]


@pytest.mark.parametrize("body", STRANGE, ids=range(len(STRANGE)))
def test_what_is_no_page_is_an_error(server: FetchServer, out: Path, body: bytes) -> None:
    server.faults |= {1: Reply(body), 2: Reply(body)}
    with pytest.raises(FetchError, match=r"sent something else than was asked for: .* \(asked 2 times\)"):
        fetch(server, out)
    assert not out.exists()


def test_half_a_letter_and_a_study_without_number_are_kept(server: FetchServer, out: Path) -> None:
    odd: list[dict[str, object]] = [{"a": "\ud800 ü"}, {"protocolSection": None}, {"a": 1e400, "b": "\u2028\x85\r"}]
    odd[2].pop("a")
    server.route = Registry(odd)
    fetched = fetch(server, out)
    assert (studies_in(out), fetched.receipt.records, fetched.complete) == (odd, 3, True)


def test_an_interrupted_search_goes_on_where_it_was(server: FetchServer, out: Path) -> None:
    server.faults |= dict.fromkeys(range(3, 9), Reply(b"", "text/plain", 503))
    with pytest.raises(FetchError, match="503"):
        fetch(server, out)
    assert not out.exists()
    server.asked.clear()
    server.faults.clear()
    fetched = fetch(server, out)
    assert (studies_in(out), fetched.complete) == (STUDIES, True)
    assert [each.parameters.get("pageToken") for each in server.asked] == [None, "t-6", None]
    assert dict(fetched.pages) == {"from before": 2, "from the network": 1}


@pytest.mark.parametrize("change", ["search", "data", "anew", "damage", "no date"])
def test_an_interrupted_search_begins_again_when_anything_changed(server: FetchServer, out: Path, change: str) -> None:
    stamp = "" if change == "no date" else "2026-08-10T09:00:05"
    server.route = Registry(STUDIES, stamp)
    server.faults |= dict.fromkeys(range(3, 9), Reply(b"", "text/plain", 503))
    with pytest.raises(FetchError):
        fetch(server, out)
    server.asked.clear()
    server.faults.clear()
    if change == "data":
        server.route = Registry(STUDIES, "2026-08-11T09:00:05")
    if change == "damage":
        out.with_name("trials.jsonl.part").write_bytes(b"{}")
    search = replace(SEARCH, term="more") if change == "search" else SEARCH
    fetched = fetch(server, out, search, anew=change == "anew")
    assert (studies_in(out), fetched.complete) == (STUDIES, True)
    assert len([each for each in server.asked if each.path == "/api/studies"]) == 3


def test_a_token_of_an_interrupted_search_that_is_too_old_starts_it_again(server: FetchServer, out: Path) -> None:
    server.faults |= dict.fromkeys(range(3, 9), Reply(b"", "text/plain", 503))
    with pytest.raises(FetchError):
        fetch(server, out)
    server.asked.clear()
    server.faults = {1: BAD_TOKENS["rejected"], 3: BAD_TOKENS["rejected"]}  # the old one, and once a new one
    fetched = fetch(server, out)
    assert (studies_in(out), len(fetched.notes)) == (STUDIES, 2)


def test_a_file_of_the_same_search_and_data_is_not_fetched_again(server: FetchServer, out: Path) -> None:
    fetch(server, out)
    server.asked.clear()
    assert fetch(server, out).notes == ("it is there already",)
    assert server.paths() == ["/api/version"]
    fetch(server, out, anew=True)
    assert len(server.asked) == 6
    server.route = Registry(STUDIES[:2], "2026-08-11T09:00:05")
    assert fetch(server, out).receipt.records == 2


def test_pages_of_the_same_data_come_from_the_cache(server: FetchServer, out: Path) -> None:
    cache = Cache(out.parent / "cache")
    fetch(server, out, client=client_of(Clock(), cache))
    server.asked.clear()
    fetched = fetch(server, out.with_name("other.jsonl"), client=client_of(Clock(), cache))
    assert dict(fetched.pages) == {"from the cache": 3}
    assert server.paths() == ["/api/version", "/api/version"]
    server.route = Registry(STUDIES, "2026-08-11T09:00:05")
    fetched = fetch(server, out.with_name("third.jsonl"), client=client_of(Clock(), cache))
    assert dict(fetched.pages) == {"from the network": 3}


def test_data_that_change_while_pages_come_are_told(server: FetchServer, out: Path) -> None:
    server.faults[4] = Registry([], "2026-08-11T09:00:05")(Asked("/version", {}, {}))
    fetched = fetch(server, out)
    assert fetched.receipt.data_date == "2026-08-10T09:00:05"
    assert "the data changed while pages came, from 2026-08-10T09:00:05 to 2026-08-11T09:00:05" in fetched.notes[0]


@pytest.mark.parametrize("stamp", ["", "soon", "2026-08-10; x"])
def test_data_without_a_date_are_told(server: FetchServer, out: Path, stamp: str) -> None:
    server.route = Registry(STUDIES, stamp)
    fetched = fetch(server, out)
    assert fetched.receipt.data_date == ""
    assert "the registry did not say how old its data are" in fetched.notes
    assert fetched.line().endswith("the data have no date")


def test_a_registry_that_ends_after_its_last_page_spoils_nothing(server: FetchServer, out: Path) -> None:
    server.faults |= dict.fromkeys(range(4, 10), Reply(b"", "text/plain", 503))
    fetched = fetch(server, out)
    assert studies_in(out) == STUDIES
    assert "whether the data changed while pages came is not known" in fetched.notes[0]


def test_a_full_disk_and_a_file_in_the_way_are_told(server: FetchServer, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    (tmp_path / "trials.jsonl.part").symlink_to("/dev/full")
    with pytest.raises(InputError, match=r"trials.jsonl: cannot be written: No space left on device"):
        fetch(server, tmp_path / "trials.jsonl")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        fetch(server, tmp_path / "file" / "trials.jsonl")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="folder: cannot be written"):
        fetch(server, tmp_path / "folder")
