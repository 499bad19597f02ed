"""A search of PubMed (E-utilities) -> one XML file of article records, each as it was sent.

Reading them is the business of `kg.literature`. The search gives the numbers of the papers, and these are fetched 200
at a time by number, not from the server's memory of the search, which forgets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from kg.errors import InputError
from kg.fetch.client import Client, Question
from kg.fetch.files import alone
from kg.fetch.pubmed_articles import split_articles
from kg.fetch.receipt import Fetched, Part, Receipt, already_there

__all__ = ["API", "MOST", "fetch_papers"]

API = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
MOST = 9_999  # papers that PubMed lets a search see
_BATCH = 200
_NAMED = 5
_XML = ("text/xml", "application/xml")
_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<PubmedArticleSet>\n'
_END = b"</PubmedArticleSet>\n"


@dataclass(frozen=True, slots=True)
class _Caller:
    """How the E-utilities are asked: where, and in whose name."""

    client: Client
    api: str
    secrets: tuple[tuple[str, str], ...]

    def question(self, tool: str, *parameters: tuple[str, str], version: str = "", fresh: bool = False) -> Question:
        given = (("db", "pubmed"), ("retmode", "xml"), *parameters, ("tool", "mechtrail"))
        return Question(f"{self.api}/{tool}.fcgi", given, self.secrets, _XML, version, keep=bool(version), fresh=fresh)


@dataclass(frozen=True, slots=True)
class _Found:
    count: int
    ids: tuple[str, ...]
    remarks: tuple[str, ...]


def fetch_papers(
    client: Client,
    out: Path,
    *,
    term: str = "",
    ids: tuple[str, ...] = (),
    api: str = API,
    email: str = "",
    api_key: str = "",
    batch: int = _BATCH,
    anew: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Fetched:
    """Write the papers that a search finds, or those with some PubMed numbers, and a receipt beside them.

    Raises `InputError` for a search that cannot be made or that finds more than PubMed shows, `FetchError` when
    PubMed does not answer.
    """
    term, api = term.strip(), api.rstrip("/")
    if bool(term) == bool(ids):
        raise InputError("give either a search or PubMed numbers")
    for each in ids:
        if not re.fullmatch(r"[1-9][0-9]{0,8}", each):
            raise InputError(f"found the PubMed number {each!r}, expected digits")
    secrets = tuple((name, value) for name, value in (("email", email), ("api_key", api_key)) if value)
    caller = _Caller(client, api, secrets)
    query: dict[str, object] = {"term": term} if term else {"ids": sorted(set(ids), key=int)}
    with alone(out):
        data_date = client.get(caller.question("einfo"), _read_date).value or ""
        there = None if anew else already_there(out, "papers", api, query, data_date)
        if there:
            return there
        found = _search(caller, term) if term else _Found(len(set(ids)), tuple(sorted(set(ids), key=int)), ())
        part = Part(out, {"api": api, "query": query, "data": data_date, "ids": list(found.ids), "batch": batch})
        run = _Run(caller, found, part, data_date, batch, tell or (lambda _: None))
        run.go(anew=anew)
        return run.finish(query)


class _Run:
    """The papers of one search, batch by batch."""

    def __init__(
        self, caller: _Caller, found: _Found, part: Part, data_date: str, batch: int, tell: Callable[[str], None]
    ) -> None:
        self.caller, self.found, self.part, self.data_date = caller, found, part, data_date
        self.batch, self.tell = batch, tell
        self.missing, self.records, self.batches, self.ended = list[str](), 0, 0, False
        self.pages: Counter[str] = Counter()

    def go(self, *, anew: bool) -> None:
        """Fetch the batches that are not there yet."""
        if anew or not self.data_date or not self._taken_up():
            self.part.start()
            self._append(_HEAD)
        for start in range(self.batches * self.batch, len(self.found.ids), self.batch):
            self._fetch(self.found.ids[start : start + self.batch], fresh=anew)
            self.tell(f"{self.records:,} of {len(self.found.ids):,} papers")

    def _taken_up(self) -> bool:
        said = self.part.resume()
        if said is None:
            return False
        batches, records, missing = said.get("batches"), said.get("records"), said.get("missing")
        if not isinstance(batches, int) or not isinstance(records, int) or not isinstance(missing, list):
            return False
        self.batches, self.records, self.missing = batches, records, [str(each) for each in missing]
        self.pages["from before"], self.ended = batches, said.get("ended") is True
        return True

    def _append(self, content: bytes) -> None:
        state = {"batches": self.batches, "records": self.records, "missing": self.missing, "ended": self.ended}
        self.part.append(content, state)

    def _fetch(self, ids: tuple[str, ...], *, fresh: bool) -> None:
        question = self.caller.question("efetch", ("id", ",".join(ids)), version=self.data_date, fresh=fresh)
        answer = self.caller.client.get(question, split_articles)
        articles = dict(answer.value or ())
        strange = sorted(set(articles) - set(ids))
        if strange:
            raise InputError(f"{question.address} sent papers that were not asked for: {', '.join(strange[:_NAMED])}")
        self.pages["from the cache" if answer.from_cache else "from the network"] += 1
        self.batches += 1
        self.records += len(articles)
        self.missing += [each for each in ids if each not in articles]
        self._append(b"".join(articles[each] + b"\n" for each in ids if each in articles))

    def finish(self, query: dict[str, object]) -> Fetched:
        """Put the file in its place and say what is to be said."""
        if not self.ended:
            self.ended = True
            self._append(_END)
        notes = [*self.found.remarks, *self.caller.client.notes]
        if self.missing:
            more = f" and {len(self.missing) - _NAMED} more" if len(self.missing) > _NAMED else ""
            notes.append(f"PubMed sent nothing for {', '.join(self.missing[:_NAMED])}{more}")
        if not self.data_date:
            notes.append("PubMed did not say how old its data are")
        promised = self.found.count
        if promised != len(self.found.ids):
            notes.append(f"PubMed counted {promised:,} papers and listed {len(self.found.ids):,}")
        receipt = Receipt("pubmed", self.caller.api, query, self.data_date, self.records, promised, self.part.digest())
        self.part.finish(receipt)
        got = self.caller.client.bytes_received
        return Fetched(self.part.out, "papers", receipt, self.records == promised, self.pages, got, tuple(notes))


def _search(caller: _Caller, term: str) -> _Found:
    question = caller.question("esearch", ("term", term), ("retmax", str(MOST)))
    found = caller.client.get(question, _read_search).value
    assert found is not None  # the asker has no copy of its own
    if found.count > MOST:
        raise InputError(
            f"the search finds {found.count:,} papers, and PubMed shows at most {MOST:,}: narrow it, for example by "
            "years: ... AND 2020:2024[dp]"
        )
    return found


def _parse(content: bytes, root: str) -> ElementTree.Element:
    """Give the root of a short answer; raise `InputError` for another one, and for a complaint inside it."""
    try:
        found = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(f"not valid XML: {error}") from error
    complaint = found.find(".//ERROR")
    if complaint is not None:
        raise InputError(f"it says: {' '.join((complaint.text or 'ERROR').split())}")
    if found.tag != root:
        raise InputError(f"found <{found.tag}>, expected <{root}>")
    return found


def _read_date(content: bytes) -> str:
    words = (_parse(content, "eInfoResult").findtext("DbInfo/LastUpdate") or "").strip()
    match = re.fullmatch(r"(\d{4})/(\d\d)/(\d\d)(?: (\d\d:\d\d))?", words)
    return f"{match[1]}-{match[2]}-{match[3]}" + (f"T{match[4]}" if match[4] else "") if match else ""


def _read_search(content: bytes) -> _Found:
    found = _parse(content, "eSearchResult")
    count = (found.findtext("Count") or "").strip()
    ids = [(each.text or "").strip() for each in found.iterfind("IdList/Id")]
    if not re.fullmatch(r"[0-9]{1,12}", count) or not all(re.fullmatch(r"[0-9]{1,9}", each) for each in ids):
        raise InputError("found no count of papers or an identifier that is no number")
    said = [each for group in ("ErrorList", "WarningList") for each in found.iterfind(f"{group}/*")]
    remarks = [f"PubMed remarks: {each.tag} {' '.join((each.text or '').split())}".strip() for each in said]
    return _Found(int(count), tuple(dict.fromkeys(ids)), tuple(remarks))
