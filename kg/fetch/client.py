"""A client that is no burden: it waits its turn, tries again when that may help, and does not ask twice.

One client serves one run: it counts what came, and ends a run that asks for too much. How a question becomes bytes is
the business of `wire`; what an answer means that of `ctgov`, `pubmed` and `ontology`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Generic, TypeVar
from urllib.parse import quote, quote_plus, urlencode

from kg import __version__
from kg.errors import FetchError, InputError
from kg.fetch.cache import Cache, Kept
from kg.fetch.wire import Fault, RawAnswer, check_address, exchange, shown

__all__ = ["Answer", "Client", "Policy", "Question"]

T = TypeVar("T")
_FIRST_WAIT_S = 2.0


@dataclass(frozen=True, slots=True)
class Policy:
    """How a client behaves. The waits between six tries add up to a minute."""

    pause_s: float = 1.2  # between two questions to a host: 50 a minute
    tries: int = 6
    longest_backoff_s: float = 30.0
    longest_wait_s: float = 600.0  # that a server may ask for
    timeout_s: float = 60.0  # of silence
    longest_s: float = 900.0  # for one answer
    largest: int = 500_000_000  # bytes of one answer, unpacked
    most_questions: int = 20_000
    most_bytes: int = 20_000_000_000  # of all answers


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a server. `secrets` are sent, and neither kept nor printed."""

    address: str
    parameters: tuple[tuple[str, str], ...] = ()
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    kinds: tuple[str, ...] = ()  # content types that are expected; none: any but a page
    version: str = ""  # of the data, where it is known: a kept answer made of it still holds
    etag: str = ""  # of a copy that the asker has, where no cache is to be used
    last_modified: str = ""
    keep: bool = True  # in the cache
    fresh: bool = False  # take nothing from the cache
    across_hosts: bool = False  # follow redirects to other hosts


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What came: as it was read, and where it came from. `value` is None where the asker's own copy still holds."""

    value: T | None
    content: bytes
    from_cache: bool = False
    etag: str = ""
    last_modified: str = ""
    hosts: tuple[str, ...] = ()  # that redirects led to


class Client:
    """Asks servers politely. `clock`, `sleep` and `now` are there so that tests need not wait."""

    def __init__(
        self,
        policy: Policy | None = None,
        cache: Cache | None = None,
        *,
        tell: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.policy = policy or Policy()
        self.cache = cache
        self._clock, self._sleep, self._now = clock, sleep, now
        self._tell = tell
        self.asked, self.bytes_received, self.notes = 0, 0, list[str]()
        self._last: dict[str, float] = {}

    def get(self, question: Question, read: Callable[[bytes], T]) -> Answer[T]:
        """Give the answer as `read` makes it, from the cache where that still holds.

        `read` raises an `InputError` for what is not an answer to the question; that is asked for once more. Raises
        `FetchError` when no good answer comes.
        """
        check_address(question.address)
        known = self.cache is not None and question.keep and not question.fresh
        kept = self.cache.find(question.address, question.parameters) if self.cache and known else None
        if kept and question.version and kept.version == question.version:
            with suppress(InputError):
                return Answer(read(kept.content), kept.content, from_cache=True)
        tries = 0
        while True:
            tries += 1
            try:
                return self._once(question, kept, read)
            except Fault as fault:
                error, most = fault, self.policy.tries if fault.again else 1
            except InputError as unreadable:  # perhaps a cut answer whose end was not promised
                words = f"{shown(question.address)} sent something else than was asked for: {unreadable}"
                error, most = Fault(words, again=True), 2
                kept = None
            if tries >= most:
                asked = f" (asked {tries} times)" if tries > 1 else ""
                raise Fault(
                    self._without_secrets(str(error), question) + asked, again=False, status=error.status
                ) from error
            self._wait(error, tries, question)

    def _once(self, question: Question, kept: Kept | None, read: Callable[[bytes], T]) -> Answer[T]:
        headers = {"User-Agent": f"mechtrail/{__version__}", "Accept": ", ".join(question.kinds) or "*/*"}
        etag = kept.etag if kept else question.etag
        last_modified = kept.last_modified if kept else question.last_modified
        headers |= {"If-None-Match": etag} if _is_header(etag) else {}
        headers |= {"If-Modified-Since": last_modified} if _is_header(last_modified) else {}
        raw = self._ask(question, headers)
        if raw.status == 304:
            if kept:
                return Answer(read(kept.content), kept.content, from_cache=True, hosts=raw.hosts)
            if etag or last_modified:
                return Answer(None, b"", etag=etag, last_modified=last_modified, hosts=raw.hosts)
            raise Fault(f"{shown(question.address)} answered 304, though nothing was said to be here", again=False)
        kind = raw.headers.get("content-type", "").partition(";")[0].strip().casefold()
        _check_kind(question, kind, raw.content)
        value = read(raw.content)
        etag, last_modified = raw.headers.get("etag", ""), raw.headers.get("last-modified", "")
        if self.cache and question.keep and (etag or last_modified or question.version):
            self._keep(question, Kept(etag, last_modified, question.version, raw.content))
        return Answer(value, raw.content, etag=etag, last_modified=last_modified, hosts=raw.hosts)

    def _ask(self, question: Question, headers: dict[str, str]) -> RawAnswer:
        policy = self.policy
        if self.asked >= policy.most_questions:
            raise FetchError(f"{shown(question.address)}: stopped after {self.asked:,} questions; narrow the search")
        host = check_address(question.address).netloc
        rest = self._last.get(host, float("-inf")) + policy.pause_s - self._clock()
        if rest > 0:
            self._sleep(rest)
        self.asked += 1
        parameters = urlencode([*question.parameters, *question.secrets])
        try:
            raw = exchange(
                question.address + (f"?{parameters}" if parameters else ""),
                headers,
                timeout_s=policy.timeout_s,
                longest_s=policy.longest_s,
                largest=policy.largest,
                across_hosts=question.across_hosts,
            )
        finally:
            self._last[host] = self._clock()
        self.bytes_received += len(raw.content)
        if self.bytes_received > policy.most_bytes:
            raise FetchError(f"{shown(question.address)}: stopped after {self.bytes_received:,} bytes")
        return raw

    def _wait(self, fault: Fault, tries: int, question: Question) -> None:
        """Wait before the next try: twice as long each time, or as long as the server asks for."""
        wait = min(_FIRST_WAIT_S * 2 ** (tries - 1), self.policy.longest_backoff_s)
        asked_for = self._seconds(fault.retry_after)
        if asked_for > self.policy.longest_wait_s:
            words = f"{fault}: it asks to come back in {asked_for:,.0f} s; try again then"
            raise Fault(self._without_secrets(words, question), again=False, status=fault.status) from fault
        wait = max(wait, asked_for)
        if self._tell:
            self._tell(f"{self._without_secrets(str(fault), question)}; next try in {wait:.0f} s")
        self._sleep(wait)

    def _seconds(self, retry_after: str) -> float:
        """Give how many seconds from now a Retry-After header means: a number of them or a day and time; else 0."""
        words = retry_after.strip()
        if words.isascii() and words.isdigit() and len(words) < 10:
            return float(words)
        try:
            day = parsedate_to_datetime(words)
            return max(0.0, (day if day.tzinfo else day.replace(tzinfo=UTC)).timestamp() - self._now())
        except (ValueError, TypeError, IndexError, OverflowError):
            return 0.0

    def _keep(self, question: Question, answer: Kept) -> None:
        assert self.cache is not None
        try:
            self.cache.keep(question.address, question.parameters, answer)
        except InputError as error:  # the answer is good all the same
            self.notes.append(f"answers are not kept: {error}")
            self.cache = None

    @staticmethod
    def _without_secrets(words: str, question: Question) -> str:
        for _, value in question.secrets:
            for written in (value, quote(value), quote_plus(value), quote(value, safe="")):
                words = words.replace(written, "***") if written else words
        return words


def _is_header(value: str) -> bool:
    """Say whether a kept validator can be sent: what a server wrote once may hold anything."""
    return bool(value) and value.isascii() and value.isprintable()


def _check_kind(question: Question, kind: str, content: bytes) -> None:
    """Raise `InputError` for an answer of another kind than was asked for; a page is never one."""
    start = content[:1000].lstrip().lower()
    page = kind in ("text/html", "application/xhtml+xml") or start.startswith((b"<!doctype html", b"<html"))
    if page or (question.kinds and kind not in question.kinds):
        expected = " or ".join(question.kinds) or "a file"
        found = "a page for a browser" if page else f"content of type {kind or 'not stated'}"
        raise InputError(f"found {found}, expected {expected}")
