"""Searches of PubMed, played by a server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import FetchError, InputError
from kg.fetch.cache import Cache
from kg.fetch.client import Client
from kg.fetch.pubmed import fetch_papers
from kg.fetch.pubmed_articles import split_articles
from kg.fetch.receipt import Fetched, read_receipt
from tests.conftest import SHARED
from tests.fetch_server import Asked, Clock, FetchServer, Reply, client_of, serving

DOCTYPE = b'<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://a.org/p.dtd">'


def article(number: str) -> bytes:
    other = (
        "<CommentsCorrectionsList><CommentsCorrections><PMID>99</PMID></CommentsCorrections></CommentsCorrectionsList>"
    )
    head = f'<MedlineCitation Status="MEDLINE"><PMID Version="1">{number}</PMID><Article>Ü &lt; "x"</Article>{other}'
    return f"<PubmedArticle>{head}</MedlineCitation><PubmedData/></PubmedArticle>".encode()


class PubMed:
    """E-utilities in small; `gone` are numbers for which nothing is sent."""

    def __init__(self, ids: list[str], date: str = "2026/08/10 03:15") -> None:
        self.ids, self.date, self.count, self.gone = ids, date, len(ids), set[str]()
        self.remarks = ""

    def __call__(self, asked: Asked) -> Reply:
        tool = asked.path.rpartition("/")[2]
        if tool == "einfo.fcgi":
            info = f"<DbInfo><DbName>pubmed</DbName><LastUpdate>{self.date}</LastUpdate></DbInfo>"
            return xml(f"<eInfoResult>{info}</eInfoResult>")
        if tool == "esearch.fcgi":
            ids = "".join(f"<Id>{each}</Id>" for each in self.ids)
            return xml(
                f"<eSearchResult><Count>{self.count}</Count><IdList>{ids}</IdList>{self.remarks}</eSearchResult>"
            )
        wanted = [each for each in asked.parameters["id"].split(",") if each not in self.gone]
        return articles(*wanted)


def xml(text: str) -> Reply:
    return Reply(f'<?xml version="1.0" encoding="UTF-8" ?>\n{text}'.encode(), "text/xml; charset=UTF-8")


def articles(*numbers: str) -> Reply:
    inner = b"\n".join(map(article, numbers))
    return Reply(
        b'<?xml version="1.0" ?>\n' + DOCTYPE + b"\n<PubmedArticleSet>\n" + inner + b"\n</PubmedArticleSet>", "text/xml"
    )


IDS = [str(40_000_000 + n) for n in range(5)]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def server() -> Iterator[FetchServer]:
    with serving() as one:
        one.route = PubMed(IDS)
        yield one


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "papers.xml"


def fetch(server: FetchServer, out: Path, client: Client | None = None, **more: object) -> Fetched:
    given = {"batch": 2, "term": "invented palsy"} | more
    return fetch_papers(client or client_of(Clock()), out, api=f"{server.address}/eutils", **given)  # type: ignore[arg-type]


def numbers_in(path: Path) -> list[str]:
    root = ElementTree.parse(path).getroot()
    return [each.findtext("MedlineCitation/PMID") or "" for each in root]


def test_a_search_is_one_file_of_all_its_papers_as_they_were_sent(server: FetchServer, out: Path) -> None:
    fetched = fetch(server, out)
    assert numbers_in(out) == IDS
    assert all(article(each) in out.read_bytes() for each in IDS)
    assert read_receipt(out) == fetched.receipt
    assert (fetched.receipt.data_date, fetched.receipt.query) == ("2026-08-10T03:15", {"term": "invented palsy"})
    assert (fetched.complete, fetched.notes, dict(fetched.pages)) == (True, (), {"from the network": 3})
    tools = [path.rpartition("/")[2].partition(".")[0] for path in server.paths()]
    assert tools == ["einfo", "esearch", "efetch", "efetch", "efetch"]


def test_every_question_names_the_tool_and_the_caller_and_no_file_does(server: FetchServer, out: Path) -> None:
    cache = Cache(out.parent / "cache")
    fetch(server, out, client_of(Clock(), cache), email="me@a.org", api_key="k3y")
    for asked in server.asked:
        given = [asked.parameters.get(name) for name in ("tool", "email", "api_key", "db", "retmode")]
        assert given == ["mechtrail", "me@a.org", "k3y", "pubmed", "xml"]
    for path in (each for each in out.parent.rglob("*") if each.is_file()):
        assert b"k3y" not in path.read_bytes()
        assert b"me@a.org" not in path.read_bytes()


def test_numbers_are_fetched_without_a_search(server: FetchServer, out: Path) -> None:
    fetch(server, out, term="", ids=("40000003", "40000001", "40000003"))
    assert numbers_in(out) == ["40000001", "40000003"]
    assert not any("esearch" in path for path in server.paths())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"term": " "}, "give either a search or PubMed numbers"),
        ({"term": "x", "ids": ("1",)}, "give either a search or PubMed numbers"),
        ({"term": "", "ids": ("PMC1",)}, "found the PubMed number 'PMC1', expected digits"),
        ({"term": "", "ids": ("٣",)}, "expected digits"),
    ],
)
def test_what_cannot_be_asked_is_refused_before(
    server: FetchServer, out: Path, given: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        fetch(server, out, None, **given)
    assert server.asked == []


def test_papers_that_do_not_come_are_named(server: FetchServer, out: Path) -> None:
    pubmed = PubMed(IDS)
    pubmed.gone = {IDS[1], IDS[4]}
    server.route = pubmed
    fetched = fetch(server, out)
    assert numbers_in(out) == [IDS[0], IDS[2], IDS[3]]
    assert (fetched.complete, fetched.notes) == (False, (f"PubMed sent nothing for {IDS[1]}, {IDS[4]}",))


def test_another_count_than_the_list_has_is_told(server: FetchServer, out: Path) -> None:
    pubmed = PubMed(IDS)
    pubmed.count = 6
    server.route = pubmed
    fetched = fetch(server, out)
    assert (fetched.complete, fetched.notes) == (False, ("PubMed counted 6 papers and listed 5",))


def test_more_papers_than_pubmed_shows_are_refused(server: FetchServer, out: Path) -> None:
    pubmed = PubMed(IDS)
    pubmed.count = 12_345
    server.route = pubmed
    with pytest.raises(InputError, match="finds 12,345 papers, and PubMed shows at most 9,999: narrow it"):
        fetch(server, out)


def test_remarks_of_pubmed_are_told(server: FetchServer, out: Path) -> None:
    pubmed = PubMed(IDS)
    pubmed.remarks = (
        "<ErrorList><PhraseNotFound>palsyy</PhraseNotFound></ErrorList>"
        "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
    )
    server.route = pubmed
    notes = fetch(server, out).notes
    assert notes == ("PubMed remarks: PhraseNotFound palsyy", "PubMed remarks: OutputMessage No items found.")


COMPLAINTS = [
    (0, xml("<eInfoResult><ERROR>Can not retrieve DbInfo</ERROR></eInfoResult>"), "it says: Can not retrieve DbInfo"),
    (1, xml("<eSearchResult><ERROR>Search Backend failed</ERROR></eSearchResult>"), "it says: Search Backend failed"),
    (2, xml("<eFetchResult><ERROR>UID list is empty</ERROR></eFetchResult>"), "it says: UID list is empty"),
    (1, xml("<eSearchResult><Count>many</Count></eSearchResult>"), "found no count of papers"),
    (1, xml("<html/>"), "found a page for a browser|found <html>"),
    (1, Reply(b'{"error": "limit"}'), "found content of type application/json, expected text/xml"),
    (2, xml("<eSearchResult/>"), "found <eSearchResult>, expected <PubmedArticleSet>"),
    (2, xml("<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>"), "found 1 articles without a number"),
    (2, xml("<PubmedArticleSet><PubmedArt"), "not valid XML"),
    (2, xml("<!DOCTYPE x [<!ENTITY a 'b'>]><PubmedArticleSet/>"), "an entity declared inside"),
    (2, Reply(b'<?xml version="1.0" encoding="utf-16"?><a/>', "text/xml"), "not valid XML|expected UTF-8"),
    (2, Reply(b'<?xml version="1.0" encoding="latin-1"?><a/>', "text/xml"), "found XML in latin-1, expected UTF-8"),
]


@pytest.mark.parametrize(("place", "reply", "words"), COMPLAINTS, ids=range(len(COMPLAINTS)))
def test_a_complaint_inside_an_answer_is_an_error(
    server: FetchServer, out: Path, place: int, reply: Reply, words: str
) -> None:
    server.faults |= {place: reply, place + 1: reply}
    with pytest.raises(FetchError, match=words):
        fetch(server, out)
    assert not out.exists()


def test_a_complaint_that_passes_is_asked_for_again(server: FetchServer, out: Path) -> None:
    server.faults[3] = COMPLAINTS[2][1]
    assert fetch(server, out).complete


def test_papers_that_nobody_asked_for_are_refused(server: FetchServer, out: Path) -> None:
    server.faults[2] = articles("7")
    with pytest.raises(InputError, match="sent papers that were not asked for: 7"):
        fetch(server, out)


def test_an_interrupted_search_goes_on_where_it_was(server: FetchServer, out: Path) -> None:
    server.faults |= dict.fromkeys(range(4, 10), Reply(b"", "text/plain", 503))
    with pytest.raises(FetchError, match="503"):
        fetch(server, out)
    server.faults.clear()
    server.asked.clear()
    fetched = fetch(server, out)
    assert numbers_in(out) == IDS
    assert [each.parameters["id"] for each in server.asked if "efetch" in each.path] == [IDS[4]]
    assert dict(fetched.pages) == {"from before": 2, "from the network": 1}


def test_an_interruption_just_before_the_end_spoils_nothing(
    server: FetchServer, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("kg.fetch.receipt.Part.finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            fetch(server, out)
    server.asked.clear()
    fetch(server, out)
    assert numbers_in(out) == IDS
    assert not any("efetch" in path for path in server.paths())


def test_a_search_that_finds_others_meanwhile_begins_again(server: FetchServer, out: Path) -> None:
    server.faults |= dict.fromkeys(range(4, 10), Reply(b"", "text/plain", 503))
    with pytest.raises(FetchError):
        fetch(server, out)
    server.faults.clear()
    server.route = PubMed(["39999999", *IDS])
    fetch(server, out)
    assert numbers_in(out) == ["39999999", *IDS]


def test_a_file_of_the_same_search_and_data_is_not_fetched_again(server: FetchServer, out: Path) -> None:
    fetch(server, out)
    server.asked.clear()
    assert fetch(server, out).notes == ("it is there already",)
    assert len(server.asked) == 1
    server.route = PubMed(IDS, "2026/08/11 03:15")
    fetch(server, out)
    assert len(server.asked) == 1 + 5


def test_pages_of_the_same_data_come_from_the_cache(server: FetchServer, out: Path) -> None:
    cache = Cache(out.parent / "cache")
    fetch(server, out, client_of(Clock(), cache))
    fetched = fetch(server, out.with_name("other.xml"), client_of(Clock(), cache))
    assert dict(fetched.pages) == {"from the cache": 3}
    assert numbers_in(out.with_name("other.xml")) == IDS


@settings(max_examples=60)
@given(st.lists(st.integers(1, 99_999_999), unique=True, max_size=6), st.sampled_from([b"", b"\n", b"<!-- x > y -->"]))
def test_articles_are_cut_out_as_they_were_sent(numbers: list[int], between: bytes) -> None:
    inside = [article(str(number)) for number in numbers]
    content = DOCTYPE + b"<PubmedArticleSet>" + between + between.join(inside) + between + b"</PubmedArticleSet>"
    assert split_articles(content) == [(str(number), each) for number, each in zip(numbers, inside, strict=True)]


@given(st.binary(max_size=80))
def test_any_bytes_are_articles_or_an_error_of_ours(content: bytes) -> None:
    with suppress(InputError):
        assert split_articles(content) == []


@pytest.mark.parametrize("path", sorted((SHARED / "literature" / "pubmed_xml").glob("*.xml")), ids=lambda p: p.name)
def test_a_real_answer_is_cut_into_its_articles(path: Path) -> None:
    (found,) = split_articles(path.read_bytes())
    assert found[0].isdigit()
    assert ElementTree.fromstring(found[1]).findtext("MedlineCitation/PMID") == found[0]
