"""A real browser for tests: Chromium without a window, driven over two pipes (no port, no package, no network).

`open_page` runs a script in a page, `screenshot` and `print_pdf` give what is seen, `check_accessibility` and
`no_external` give lists of problems. `visit` hands out the page itself, for keys and clicks. Pictures are compared in
`tests.pictures`.
"""

from __future__ import annotations

import atexit
import base64
import fcntl
import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

__all__ = [
    "Page",
    "PageResult",
    "check_accessibility",
    "needs_browser",
    "no_external",
    "open_page",
    "print_pdf",
    "screenshot",
    "visit",
]

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
needs_browser = pytest.mark.skipif(not BROWSER, reason="no Chromium on this machine")
CHECKS = Path(__file__).with_name("browser_checks.js")
FLAGS = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--mute-audio"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
    *("--disable-quic", "--disable-default-apps", "--disable-dev-shm-usage", "--force-color-profile=srgb"),
    # nothing can be reached, and what is tried is seen by the page that tries it
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--force-device-scale-factor=1"),
]
#: Puts the pipes where the browser looks for them (3: what it reads, 4: what it writes) and becomes the browser.
PLUG = "import os,sys; r,w=map(int,sys.argv[1:3]); os.dup2(r,3); os.dup2(w,4); os.execv(sys.argv[3],sys.argv[3:])"
PATIENCE = 60.0
#: Keys by name: code, and the number that Windows gave the key.
KEYS = {
    "Tab": 9,
    "Enter": 13,
    "Escape": 27,
    " ": 32,
    "End": 35,
    "Home": 36,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
}


@dataclass(frozen=True, slots=True)
class PageResult:
    """What a page gave: the value of the script, the errors of its console, and the addresses it asked for."""

    value: Any
    errors: list[str]
    requests: list[str]


class _Browser:
    """One running browser: sends commands, and keeps the events of each session."""

    def __init__(self) -> None:
        self.profile = tempfile.mkdtemp(prefix="browser-")
        ours_in, its_out = os.pipe()
        its_in, ours_out = os.pipe()
        # above 4, so that putting one in its place cannot overwrite the other
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (its_in, its_out)]
        command = [sys.executable, "-c", PLUG, *map(str, ends), BROWSER, *FLAGS, "--remote-debugging-pipe"]
        self.process = subprocess.Popen(
            [*command, f"--user-data-dir={self.profile}", "about:blank"],
            pass_fds=ends,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (its_in, its_out, *ends):
            os.close(end)
        self.reading, self.writing = ours_in, ours_out
        self.buffer = b""
        self.number = 0
        self.events: dict[str, list[dict[str, Any]]] = {}

    def close(self) -> None:
        os.close(self.writing)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.reading)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _message(self, until: float) -> dict[str, Any]:
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.reading], [], [], max(until - time.monotonic(), 0))
            more = os.read(self.reading, 1 << 20) if ready else b""
            if not more:
                raise AssertionError("the browser " + ("went away" if ready else f"was silent for {PATIENCE:g} s"))
            self.buffer += more
        first, _, self.buffer = self.buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(first)
        if "method" in message:
            self.events.setdefault(message.get("sessionId", ""), []).append(message)
        return message

    def send(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        self.number += 1
        wanted, until = self.number, time.monotonic() + PATIENCE
        command = {"id": wanted, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self.writing, json.dumps(command).encode() + b"\0")
        while True:
            message = self._message(until)
            if message.get("id") == wanted:
                if "error" in message:
                    raise AssertionError(f"{method}: {message['error']['message']}")
                answer: dict[str, Any] = message["result"]
                return answer

    def wait(self, method: str, session: str) -> None:
        until = time.monotonic() + PATIENCE
        while not any(event["method"] == method for event in self.events.get(session, [])):
            self._message(until)


@cache
def _browser() -> _Browser:
    browser = _Browser()
    atexit.register(browser.close)
    return browser


@dataclass(slots=True)
class Page:
    """An open page."""

    browser: _Browser = field(repr=False)
    session: str

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Send a command of the DevTools protocol to the page."""
        return self.browser.send(method, self.session, **parameters)

    def run(self, script: str) -> Any:  # noqa: ANN401 - JSON
        """Give the value of an expression or of the promise it gives; what it throws fails the test."""
        answer = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if thrown := answer.get("exceptionDetails"):
            raise AssertionError(thrown.get("exception", {}).get("description") or thrown["text"])
        return answer["result"].get("value")

    def press(self, *keys: str, shift: bool = False) -> None:
        """Press keys one after the other: "Tab", "Enter", "ArrowRight", or any single letter."""
        for key in keys:
            code = KEYS.get(key) or ord(key.upper())
            text = "\r" if key == "Enter" else key if len(key) == 1 else ""
            common = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
            common["code"] = "Space" if key == " " else key
            self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
            self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text: str) -> None:
        """Type a text into what has the focus."""
        self.send("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Click with the mouse in the middle of the first element that fits; something else on top gets the click."""
        middle = (
            f"(() => {{ const it = document.querySelector({json.dumps(selector)});"
            "it.scrollIntoView({block: 'center', inline: 'center'}); const at = it.getBoundingClientRect();"
            "return [at.x + at.width / 2, at.y + at.height / 2]; })()"
        )
        x, y = self.run(middle)
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def screenshot(self, *, whole: bool = False) -> bytes:
        """Give what is seen as PNG; `whole`: the whole page, not only what fits the window."""
        shot = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return base64.b64decode(shot["data"])

    @property
    def errors(self) -> list[str]:
        """What the console holds against the page: errors thrown, errors written, things the browser refused."""
        found = []
        for event in self.browser.events.get(self.session, []):
            facts = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                details = facts["exceptionDetails"]
                found.append(details.get("exception", {}).get("description") or details["text"])
            elif event["method"] == "Runtime.consoleAPICalled" and facts["type"] in ("error", "assert"):
                found.append(" ".join(str(part.get("value", part.get("description"))) for part in facts["args"]))
            elif event["method"] == "Log.entryAdded" and facts["entry"]["level"] == "error":
                found.append(facts["entry"]["text"])
        return found

    @property
    def requests(self) -> list[str]:
        """The addresses the page asked for beside its own file."""
        asked = [
            event["params"]["request"]["url"]
            for event in self.browser.events.get(self.session, [])
            if event["method"] == "Network.requestWillBeSent" and event["params"].get("type") != "Document"
        ]
        return [address for address in asked if not address.startswith(("data:", "blob:"))]


@contextmanager
def visit(
    path: Path,
    *,
    fragment: str = "",
    width: int = 1400,
    height: int = 900,
    script: bool = True,
    media: str = "",
    dark: bool = False,
) -> Iterator[Page]:
    """Open a file in a fresh tab without network. `script=False` switches scripts off, `media="print"` prints."""
    browser = _browser()
    target = browser.send("Target.createTarget", url="about:blank")["targetId"]
    session = browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    page = Page(browser, session)
    try:
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            page.send(f"{domain}.enable")
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        page.send("Network.emulateNetworkConditions", **offline)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        page.send("Emulation.setDeviceMetricsOverride", **size)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        page.send("Emulation.setEmulatedMedia", media=media, features=scheme)
        page.send("Emulation.setScriptExecutionDisabled", value=not script)
        page.send("Page.bringToFront")
        went = page.send("Page.navigate", url=path.resolve().as_uri() + (f"#{fragment}" if fragment else ""))
        assert "errorText" not in went, f"{path}: {went['errorText']}"
        browser.wait("Page.loadEventFired", session)
        yield page
    finally:
        browser.send("Target.closeTarget", targetId=target)
        browser.events.pop(session, None)


def open_page(path: Path, script: str = "true", *, fragment: str = "", width: int = 1400) -> PageResult:
    """Open a file without network, run a script in it (an expression, or a promise), give what came of it."""
    with visit(path, fragment=fragment, width=width) as page:
        value = page.run(script)
        return PageResult(value, page.errors, page.requests)


def screenshot(path: Path, width: int = 1400, height: int = 900, *, fragment: str = "", media: str = "") -> bytes:
    """Give the top of a page, or a picture in SVG, as it is seen in a window of this size, as PNG."""
    with visit(path, fragment=fragment, width=width, height=height, media=media) as page:
        return page.screenshot()


def print_pdf(path: Path) -> bytes:
    """Give the page as it is printed."""
    with visit(path) as page:
        return base64.b64decode(page.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])


def check_accessibility(path: Path, *, fragment: str = "", width: int = 1400, dark: bool = False) -> list[str]:
    """Give what stands in the way of a reader with a keyboard, a screen reader or weak eyes; [] is good.

    Checked: language, title, headings, landmarks, ids, names as the browser computes them, tables, contrast of text
    (4.5:1, large 3:1), order and visibility of the focus.
    """
    with visit(path, fragment=fragment, width=width, dark=dark) as page:
        problems = list(page.run(CHECKS.read_text(encoding="utf-8")))
        return problems + _nameless(page) + _lost_focus(page)


#: Roles that a reader works with, and roles that stand for what is seen: each must say what it is.
NAMED = {
    *("button", "link", "checkbox", "radio", "slider", "textbox", "searchbox", "combobox", "listbox", "option", "tab"),
    *("menuitem", "img", "image", "figure", "dialog", "table", "grid", "switch", "spinbutton", "graphics-document"),
}


def _nameless(page: Page) -> list[str]:
    problems = []
    for one in page.send("Accessibility.getFullAXTree")["nodes"]:
        role = one.get("role", {}).get("value", "")
        if not one.get("ignored") and role in NAMED and not one.get("name", {}).get("value", "").strip():
            found = page.send("DOM.describeNode", backendNodeId=one["backendDOMNodeId"])["node"]
            attributes = " ".join(found.get("attributes", [])[:6])
            problems.append(f"no name: {role} <{found['localName']} {attributes}>")
    return problems


def _lost_focus(page: Page, most: int = 60) -> list[str]:
    """Press Tab through the page: each stop must be seen, must look focused, and must come in the order of the page."""
    page.run("document.activeElement.blur(), window.__stops = []")
    problems = []
    for _ in range(most):
        page.press("Tab")
        stop = page.run("window.__stop()")
        if not stop or stop["again"]:
            break
        problems += stop["problems"]
    return problems


#: What makes a browser ask for something the moment the page opens.
LOADING = {
    **dict.fromkeys(
        ("script", "img", "iframe", "embed", "audio", "video", "source", "track", "input"), ("src", "srcset")
    ),
    **dict.fromkeys(("link", "image", "use", "feimage", "base"), ("href", "xlink:href")),
    "object": ("data",),
    "video": ("src", "poster"),
    "body": ("background",),
    "form": ("action",),
}


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        values = {name: value or "" for name, value in attrs}
        for name in LOADING.get(tag, ()):
            if name in values and not values[name].startswith(("data:", "#")):
                self.problems.append(f"<{tag} {name}={values[name]!r}>")
        if values.get("http-equiv", "").lower() == "refresh":
            self.problems.append(f"<{tag} http-equiv=refresh>")
        self._style(values.get("style", ""))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's own signature
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "style":
            self._style(data)

    def _style(self, style: str) -> None:
        for found in re.finditer(r"""@import\s*[^;]*|url\(\s*["']?(?!data:|#)[^)]*\)""", style):
            self.problems.append(found[0])


def no_external(html: str) -> list[str]:
    """Give what in a page (or SVG) would load something from elsewhere; links that a reader clicks are none of it."""
    loads = _Loads()
    loads.feed(html)
    loads.close()
    return loads.problems
