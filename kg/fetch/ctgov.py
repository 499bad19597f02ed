"""A search of ClinicalTrials.gov (API version 2) -> JSON Lines of whole study records, as the registry has them.

Reading the records is the business of `kg.registries`. Pages are followed by their tokens with unchanged parameters;
where a token is lost, the search starts again, once. Pages that are there already are not fetched again.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kg.errors import FetchError, InputError, nearest
from kg.fetch.client import Client, Question
from kg.fetch.ctgov_pages import Page, line_of, number_of, read_object, read_page
from kg.fetch.files import alone
from kg.fetch.receipt import Fetched, Part, Receipt, already_there
from kg.fetch.wire import Fault

__all__ = ["API", "PAGE", "STATUSES", "Search", "fetch_trials"]

API = "https://clinicaltrials.gov/api/v2"
PAGE = 1000  # the most that a page may hold
_IDS_AT_ONCE = 200
_JSON = ("application/json",)
#: Every status of the API's description, version 2.0.5.
STATUSES = (
    *("ACTIVE_NOT_RECRUITING", "APPROVED_FOR_MARKETING", "AVAILABLE", "COMPLETED", "ENROLLING_BY_INVITATION"),
    *("NO_LONGER_AVAILABLE", "NOT_YET_RECRUITING", "RECRUITING", "SUSPENDED", "TEMPORARILY_NOT_AVAILABLE"),
    *("TERMINATED", "UNKNOWN", "WITHDRAWN", "WITHHELD"),
)
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for, in the words of the registry's own search."""

    condition: str = ""
    intervention: str = ""
    term: str = ""
    ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    advanced: str = ""
    fields: tuple[str, ...] = ()  # none: the whole record

    def checked(self) -> Search:
        """Give the search with numbers and statuses in the registry's spelling; raise `InputError` where it cannot be.

        >>> Search(ids=("nct04314687",), statuses=("recruiting",)).checked().ids
        ('NCT04314687',)
        """
        condition, intervention, term = self.condition.strip(), self.intervention.strip(), self.term.strip()
        words = (condition, intervention, term)
        ids = tuple(sorted({each.strip().upper() for each in self.ids}))
        for each in ids:
            if not re.fullmatch(r"NCT[0-9]{8}", each):
                raise InputError(f"found the number {each!r}, expected NCT and eight digits")
        statuses = tuple(sorted({re.sub(r"[^A-Z]+", "_", each.strip().upper()) for each in self.statuses}))
        for each in statuses:
            if each not in STATUSES:
                near = nearest(each, STATUSES) or STATUSES
                raise InputError(f"the registry has no status {each!r}; nearest: {', '.join(near)}")
        if not any((*words, ids, self.advanced.strip())):
            raise InputError("nothing to search for: give a condition, an intervention, a term or numbers")
        filters = ids or statuses or self.advanced.strip()
        if filters and any(re.fullmatch(r"(?i)[\s,]*(?:NCT\d+[\s,]*)+", each) for each in words):
            raise InputError("the registry ignores filters where a search is for NCT numbers only; use --ids for them")
        return Search(condition, intervention, term, ids, statuses, self.advanced.strip(), self.fields)

    def questions(self) -> list[Pairs]:
        """Give the parameters of each question: one, or one for every 200 numbers."""
        fields = "|".join(dict.fromkeys(["NCTId", *self.fields])) if self.fields else ""
        named = {
            "query.cond": self.condition,
            "query.intr": self.intervention,
            "query.term": self.term,
            "filter.overallStatus": "|".join(self.statuses),
            "filter.advanced": self.advanced,
            "fields": fields,
        }
        given = tuple((name, value) for name, value in named.items() if value)
        starts = range(0, len(self.ids), _IDS_AT_ONCE)
        lists = ["|".join(self.ids[start : start + _IDS_AT_ONCE]) for start in starts]
        return [(*given, ("filter.ids", ids)) for ids in lists] or [given]


@dataclass(frozen=True, slots=True)
class _State:
    """How far a search is."""

    question: int = 0
    token: str = ""  # of the page to come
    pages: int = 0
    received: int = 0  # of this question
    promised: int | None = None  # of this question
    all_promised: int = 0  # of the questions before
    written: int = 0  # of all questions
    doubled: int = 0
    tokens: tuple[str, ...] = ()  # of this question


class _TokenLostError(Exception):
    """The pages cannot be followed to their end."""


def fetch_trials(
    client: Client,
    search: Search,
    out: Path,
    *,
    api: str = API,
    page_size: int = PAGE,
    anew: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Fetched:
    """Write the studies that a search finds, one a line, and a receipt beside them.

    A file that is there already, of the same search and the same data, stays; `anew` fetches it all the same. Raises
    `FetchError` when the registry does not answer, `InputError` when the search or the file is at fault.
    """
    search, api = search.checked(), api.rstrip("/")
    query = {name: value for name, value in asdict(search).items() if value}
    with alone(out):
        data_date = _data_date(client, api)
        there = None if anew else already_there(out, "studies", api, query, data_date)
        if there:
            return there
        part = Part(out, {"api": api, "query": query, "data": data_date, "page": page_size})
        run = _Run(client, search.questions(), part, api, page_size, data_date, tell)
        run.go(anew=anew)
        return run.finish(query)


class _Run:
    """One search from its first page, or from where it was, to its last."""

    def __init__(
        self,
        client: Client,
        questions: list[Pairs],
        part: Part,
        api: str,
        page_size: int,
        data_date: str,
        tell: Callable[[str], None] | None,
    ) -> None:
        self.client, self.questions, self.part = client, questions, part
        self.api, self.page_size, self.data_date = api, page_size, data_date
        self.tell = tell or (lambda _: None)
        self.state, self.seen, self.notes = _State(), set[str](), list[str]()
        self.pages: Counter[str] = Counter()
        self.fresh, self.restarts = False, 0

    def go(self, *, anew: bool) -> None:
        """Fetch all pages; where a token is lost, once more from the start."""
        self.fresh = anew
        undated = not self.data_date  # nobody knows whether pages from before fit
        if anew or undated or not self._taken_up():
            self._start()
        while True:
            try:
                while self.state.question < len(self.questions):
                    self._page()
                return
            except _TokenLostError as lost:
                old = any(self.pages[each] for each in ("from before", "from the cache"))
                if self.restarts and not old:
                    words = f"{self.api}/studies: {lost}, a second time; a narrower search needs fewer pages"
                    raise FetchError(words) from lost
                self.restarts += not old
                self.notes.append(f"{lost}: the search was started again from its first page")
                self.fresh = True
                self._start()

    def _taken_up(self) -> bool:
        said = self.part.resume()
        if said is None:
            return False
        try:
            state = _State(**{**said, "tokens": tuple(said["tokens"])})  # type: ignore[arg-type]
            with self.part.path.open("rb") as lines:
                numbers = {number_of(json.loads(line)) for line in lines}
        except (OSError, ValueError, TypeError, KeyError):
            return False
        self.state, self.seen = state, numbers - {""}
        self.pages["from before"] = state.pages
        return True

    def _start(self) -> None:
        self.part.start()
        self.state, self.seen = _State(), set()
        self.pages.clear()

    def _page(self) -> None:
        """Fetch one page, add it to the file, and see where the next one is."""
        state = self.state
        parameters = [*self.questions[state.question], ("countTotal", "true"), ("pageSize", str(self.page_size))]
        if state.token:
            parameters.append(("pageToken", state.token))
        question = Question(
            f"{self.api}/studies", tuple(parameters), kinds=_JSON, version=self.data_date, fresh=self.fresh
        )
        try:
            answer = self.client.get(question, read_page)
        except Fault as fault:
            if state.token and fault.status == 400:
                raise _TokenLostError(f"the registry refused its own page token ({fault})") from fault
            raise
        page = answer.value
        assert page is not None  # the asker has no copy of its own
        self.pages["from the cache" if answer.from_cache else "from the network"] += 1
        lines, doubled = self._lines(page)
        written = state.written + len(page.studies) - doubled
        received = state.received + len(page.studies)
        promised = state.promised if state.token else page.total
        if page.token in state.tokens:
            raise _TokenLostError("the registry gave the same page token twice")
        short = not page.token and promised is not None and received < promised
        if short and (not self.restarts or len(page.studies) >= self.page_size):
            raise _TokenLostError(f"the pages end after {received:,} of {promised} studies")
        new = replace(
            state,
            token=page.token,
            tokens=(*state.tokens, page.token),
            pages=state.pages + 1,
            received=received,
            written=written,
            promised=promised,
            doubled=state.doubled + doubled,
        )
        if not page.token:
            new = self._next_question(new)
        self.part.append(lines, asdict(new))
        self.state = new
        self.tell(f"{written:,} studies on {new.pages:,} pages" + (f", {promised:,} in all" if promised else ""))

    def _next_question(self, state: _State) -> _State:
        """Count what came of a question against what was promised, and go on to the next."""
        promised = state.received if state.promised is None else state.promised
        if promised != state.received:
            self.notes.append(f"the registry counted {promised:,} studies and sent {state.received:,}")
        return _State(
            question=state.question + 1,
            pages=state.pages,
            all_promised=state.all_promised + promised,
            written=state.written,
            doubled=state.doubled,
        )

    def _lines(self, page: Page) -> tuple[bytes, int]:
        """Give the studies of a page, one a line, those left out that came before; and how many these are."""
        lines, doubled = [], 0
        for study in page.studies:
            number = number_of(study)
            if number and number in self.seen:
                doubled += 1
                continue
            self.seen.add(number)
            lines.append(line_of(study))
        return b"".join(lines), doubled

    def finish(self, query: Mapping[str, object]) -> Fetched:
        """Put the file in its place and say what is to be said."""
        state, notes = self.state, [*self.notes, *self.client.notes]
        if state.doubled:
            notes.append(f"{state.doubled:,} studies came twice and are written once; as many others may be missing")
        if not self.data_date:
            notes.append("the registry did not say how old its data are")
        try:
            after = _data_date(self.client, self.api)
        except FetchError as error:  # all studies are here; only whether they changed meanwhile is not known
            notes.append(f"whether the data changed while pages came is not known: {error}")
            after = self.data_date
        if after != self.data_date:
            notes.append(
                f"the data changed while pages came, from {self.data_date or 'no date'} to {after or 'no date'}: "
                "a study may be missing; fetch again"
            )
        records, promised = state.written, state.all_promised
        receipt = Receipt("ctgov", self.api, query, self.data_date, records, promised, self.part.digest())
        self.part.finish(receipt)
        got = self.client.bytes_received
        return Fetched(self.part.out, "studies", receipt, records == promised, self.pages, got, tuple(notes))


def _data_date(client: Client, api: str) -> str:
    """Give the time stamp of the registry's data, or nothing when it does not tell."""
    said = client.get(Question(f"{api}/version", kinds=_JSON, keep=False), read_object).value or {}
    stamp = said.get("dataTimestamp")
    return stamp if isinstance(stamp, str) and re.fullmatch(r"\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?", stamp) else ""
