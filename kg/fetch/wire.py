"""One question to a server and one whole answer, or a fault in words. No second try and no memory: see `client`.

Addresses are http or https and nothing else; a redirect stays on its host unless the caller says otherwise; proxies
come from the environment. An answer that is cut, too large, too slow or packed in an unknown way is a fault.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from kg.errors import FetchError, InputError

__all__ = ["Fault", "RawAnswer", "check_address", "exchange", "shown", "why_no_redirect"]

_CHUNK = 65_536
_MOST_REDIRECTS = 8
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})  # may be over in a moment
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_COMPLAINT = 300


class Fault(FetchError):
    """One exchange that failed: `again` says whether another try may help, `status` what the server said, or 0."""

    def __init__(self, words: str, *, again: bool, status: int = 0, retry_after: str = "") -> None:
        super().__init__(" ".join(words.split()))
        self.again, self.status, self.retry_after = again, status, retry_after


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What a server sent, unpacked: status 200, or 304 with nothing in it."""

    status: int
    headers: Mapping[str, str]  # names in small letters
    content: bytes
    hosts: tuple[str, ...]  # those that redirects led to, in order


def check_address(address: str) -> SplitResult:
    """Give the parts of a web address; raise `InputError` for any other scheme, a missing host or a bad letter.

    >>> check_address("https://clinicaltrials.gov/api/v2").hostname
    'clinicaltrials.gov'
    """
    expected = "expected http:// or https:// and a host, without user name, spaces or query"
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:  # brackets that do not close, a port that is no number
        raise InputError(f"{address!r} is no web address ({error}); {expected}") from error
    plain = address.isascii() and address.isprintable() and " " not in address
    if not good or not plain or "@" in parts.netloc or parts.query or parts.fragment:
        raise InputError(f"{address!r} is no web address to start from; {expected}")
    return parts


def _on_this_machine(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def why_no_redirect(old: str, new: str, *, across_hosts: bool) -> str:
    """Give the reason for not following a redirect, or nothing.

    >>> why_no_redirect("https://a.org/x", "https://a.org/y", across_hosts=False)
    ''
    >>> why_no_redirect("https://a.org/x", "https://b.org/x", across_hosts=False)
    'that is another host'
    >>> why_no_redirect("https://a.org/x", "file:///etc/passwd", across_hosts=True)
    'that is no web address'
    """
    try:
        one, other = urlsplit(old), urlsplit(new)
        same = (one.hostname, one.port) == (other.hostname, other.port)
    except ValueError:
        return "that is no web address"
    if other.scheme not in ("http", "https") or not other.hostname or "@" in other.netloc:
        return "that is no web address"
    if one.scheme == "https" and other.scheme == "http":
        return "that would leave https"
    safer = one.scheme == "http" and other.scheme == "https" and one.hostname == other.hostname
    if same or safer:
        return ""
    if not across_hosts:
        return "that is another host"
    # what everybody on the way can change leads nowhere else, but for the tests and mirrors on this very machine
    local = _on_this_machine(one.hostname or "") and _on_this_machine(other.hostname)
    return "" if other.scheme == "https" or local else "that is another host without https"


class _Deadline:
    """Ends a connection that is alive but too slow: a time-out of the socket starts anew with every byte."""

    def __init__(self, longest_s: float) -> None:
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(longest_s, self._end)
        self._timer.daemon = True

    def _end(self) -> None:
        self.passed = True
        for each in self._sockets:
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)  # of the plain socket: TLS would wait for the peer

    @contextmanager
    def running(self) -> Iterator[None]:
        self._timer.start()
        try:
            yield
        finally:
            self._timer.cancel()

    def watch(self, kind: type[http.client.HTTPConnection]) -> type[http.client.HTTPConnection]:
        """Give a kind of connection whose sockets are ended in time."""
        deadline = self

        class Watched(kind):  # type: ignore[misc, valid-type]
            def connect(self) -> None:
                super().connect()
                deadline._sockets.append(self.sock)
                if deadline.passed:
                    raise TimeoutError

        return Watched

    def handlers(self) -> Iterator[urllib.request.BaseHandler]:
        """Give what opens http and https addresses within the time."""
        plain, safe = self.watch(http.client.HTTPConnection), self.watch(http.client.HTTPSConnection)

        class Http(urllib.request.HTTPHandler):
            def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
                return self.do_open(plain, req)

        class Https(urllib.request.HTTPSHandler):
            def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
                return self.do_open(safe, req)

        yield from (Http(), Https())


def shown(url: str) -> str:
    """Give an address without its parameters, for messages: they are long, and may hold a key."""
    return url.partition("?")[0]


def exchange(
    url: str,
    headers: Mapping[str, str],
    *,
    timeout_s: float,
    longest_s: float,
    largest: int,
    across_hosts: bool = False,
) -> RawAnswer:
    """Ask once, redirects followed, and give the whole answer, status 200 or 304; raise `Fault` for anything else.

    `timeout_s` is the longest silence, `longest_s` the longest time for all of it, `largest` the most bytes, unpacked.
    """
    deadline = _Deadline(longest_s)
    opener = urllib.request.OpenerDirector()  # knows no file: and no ftp:, and follows nothing by itself
    for handler in (urllib.request.ProxyHandler(), urllib.request.UnknownHandler(), *deadline.handlers()):
        opener.add_handler(handler)
    asked, hosts = [url], list[str]()
    with deadline.running():
        while True:
            request = urllib.request.Request(asked[-1], headers={"Accept-Encoding": "gzip", **headers})
            try:
                with opener.open(request, timeout=timeout_s) as answer:
                    named = {name.casefold(): value for name, value in answer.headers.items()}
                    if answer.status not in _REDIRECTS or "location" not in named:
                        content = _content(answer, asked[-1], largest)
                        if deadline.passed:  # what looks like the end of an answer without length is our doing
                            raise TimeoutError
                        return RawAnswer(answer.status, named, content, tuple(hosts))
            except (Fault, urllib.error.URLError, OSError, ValueError, http.client.HTTPException) as error:
                if deadline.passed:
                    words = f"{shown(asked[-1])} did not end its answer within {longest_s:g} s"
                    raise Fault(words, again=True) from error
                if isinstance(error, Fault):
                    raise
                raise Fault(f"{shown(asked[-1])} does not answer: {_why(error)}", again=_may_pass(error)) from error
            asked.append(_next_address(asked, named["location"], answer.status, across_hosts=across_hosts))
            if urlsplit(asked[-1]).netloc != urlsplit(asked[-2]).netloc:
                hosts.append(urlsplit(asked[-1]).netloc)


def _next_address(asked: Sequence[str], location: str, status: int, *, across_hosts: bool) -> str:
    """Give where a redirect leads; raise `Fault` when it is not to be followed."""
    old = asked[-1]
    try:
        new = urljoin(old, location)
    except ValueError:
        new = location
    reason = why_no_redirect(old, new, across_hosts=across_hosts)
    if not reason and new in asked:
        reason = "that is a circle"
    if not reason and len(asked) > _MOST_REDIRECTS:
        reason = f"that is redirect number {_MOST_REDIRECTS + 1}"
    if reason:
        words = f"{shown(old)} answered {status} and points to {shown(new)}: {reason}, and is not followed"
        raise Fault(words, again=False, status=status)
    return quote(new, safe="%/:=&?~#+!$,;'@()*[]")  # a Location may hold blanks and letters that no address has


def _may_pass(error: Exception) -> bool:
    reason = getattr(error, "reason", error)
    if isinstance(reason, socket.gaierror):
        return reason.errno == socket.EAI_AGAIN
    return not isinstance(reason, ssl.SSLCertVerificationError)


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return "nothing came in time"
    if isinstance(reason, http.client.IncompleteRead):
        return "the answer was cut"
    words = getattr(reason, "strerror", None) if isinstance(reason, OSError) else None
    return words or str(reason) or type(reason).__name__


def _content(answer: http.client.HTTPResponse, url: str, largest: int) -> bytes:
    """Give what an answer holds; raise `Fault` for a status that is none of the good ones, in the server's words."""
    if answer.status == 200:
        return _unpacked(answer, url, _read(answer, url, largest), largest)
    if answer.status == 304:
        return b""
    words = ""
    if "html" not in answer.headers.get_content_type():
        with suppress(OSError, ValueError, http.client.HTTPException):
            words = ": " + answer.read(_LONGEST_COMPLAINT).decode("utf-8", "replace")
    raise Fault(
        f"{shown(url)} answered {answer.status} {answer.reason}{words.rstrip(': ')}",
        again=answer.status in _PASSING,
        status=answer.status,
        retry_after=answer.headers.get("Retry-After", ""),
    )


def _read(answer: http.client.HTTPResponse, url: str, largest: int) -> bytes:
    """Read to the end; raise `Fault` when the answer is cut or too large."""
    chunks, size = list[bytes](), 0
    promised = answer.length
    if promised is not None and promised > largest:
        raise _too_large(url, largest)
    while chunk := answer.read1(_CHUNK):
        size += len(chunk)
        if size > largest:
            raise _too_large(url, largest)
        chunks.append(chunk)
    if promised is not None and size < promised:
        raise Fault(f"{shown(url)}: the answer was cut: {size:,} of {promised:,} bytes came", again=True)
    return b"".join(chunks)


def _too_large(url: str, largest: int) -> Fault:
    return Fault(f"{shown(url)}: the answer has more than {largest:,} bytes", again=False)


def _unpacked(answer: http.client.HTTPResponse, url: str, content: bytes, largest: int) -> bytes:
    """Undo the packing for the way; a file that is itself packed stays so."""
    packing = answer.headers.get("Content-Encoding", "identity").strip().casefold()
    if packing in ("", "identity"):
        return content
    if packing not in ("gzip", "x-gzip"):
        raise Fault(f"{shown(url)}: found an answer packed as {packing!r}, expected gzip", again=False)
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(content, largest + 1)
    except zlib.error as error:
        raise Fault(f"{shown(url)}: the answer is not valid gzip: {error}", again=True) from error
    if len(plain) > largest:
        raise _too_large(url, largest)
    if not unpacking.eof:
        raise Fault(f"{shown(url)}: the answer was cut: its gzip has no end", again=True)
    return plain
