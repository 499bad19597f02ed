"""Marked-up text (JATS, PubMed, the HTML of Europe PMC) -> plain text with the printed characters.

Made for fingerprints, which split at white space and fold neither signs nor numbers: nothing may run together that is
printed apart. So a raised number never joins its base: `10<sup>6</sup>` becomes 10⁶. A raised number with a sign is
written 10^-6, since matching that ignores typography knows no raised minus and would take 10⁻⁶ for 10⁶. A raised sign,
letter or mark stays as it is (CD34+, 4th). Lowered characters stay as they are (PaO2), lowered digits beside another
number excepted. A paragraph, a caption, a row of a table is a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

__all__ = ["printed_html", "printed_text"]

_RAISED = str.maketrans("0123456789n", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SIGN = "+\u2212\u2010\u2011\u2012\u2013-"

#: What begins and ends a line.
_BLOCKS = frozenset(
    [
        *("abstract", "app", "block", "body", "boxed-text", "caption", "def", "def-item", "disp-formula", "disp-quote"),
        *("div", "fig", "fn", "h1", "h2", "h3", "h4", "h5", "h6", "li", "list", "list-item", "ol", "p", "sec"),
        *("statement", "supplementary-material", "table", "table-wrap", "table-wrap-foot", "tbody", "tfoot", "thead"),
        *("title", "tr", "ul", "verse-group", "verse-line"),
    ]
)
#: What is followed by white space.
_SPACED = frozenset(["break", "br", "label", "td", "th"])
#: What is not printed, or is printed as a picture only.
_SKIPPED = frozenset(
    [
        *("annotation", "annotation-xml", "graphic", "index-term", "inline-graphic", "media", "object-id"),
        *("script", "style", "tex-math"),
    ]
)
_SUPERSCRIPTS = frozenset(["sup", "superscript"])
_SUBSCRIPTS = frozenset(["inf", "sub", "subscript"])
#: Elements of MathML -> what each of their children is: on the line, raised, lowered, or below a stroke.
_MATHEMATICS = {
    "mfrac": ("", "/"),
    "mover": ("", "sup"),
    "msub": ("", "sub"),
    "msubsup": ("", "sub", "sup"),
    "msup": ("", "sup"),
    "munder": ("", "sub"),
    "munderover": ("", "sub", "sup"),
}
#: Marks around lowered text until its line is whole; no XML has them, and they are taken out of other text.
_LOW, _LOW_END = "\x02", "\x03"
_LOW_TEXT = re.compile(rf"([0-9]?){_LOW}([^{_LOW_END}]*){_LOW_END}(?=([0-9]?))")

_Event = tuple[str, str]  # ("open", name), ("text", words), ("close", name)


def printed_text(element: Element, *, without: frozenset[str] = frozenset()) -> str:
    """Give the text of an element, one line for each paragraph; elements named in `without` are left out.

    >>> from xml.etree.ElementTree import fromstring
    >>> printed_text(fromstring("<p>10<sup>6 </sup>cells, 10<sup>-3</sup> M, CD34<sup>+</sup>, O<sub>2</sub></p>"))
    '10⁶ cells, 10^-3 M, CD34+, O2'
    """
    return _lines(_events(element, without))


def printed_html(text: str) -> str:
    """Give the text of a piece of HTML, one line for each paragraph.

    >>> printed_html("<h4>Methods</h4>2 x 10<sup>7</sup> cells &lt; 5")
    'Methods\\n2 x 10⁷ cells < 5'
    """
    parser = _HtmlEvents()
    parser.feed(text)
    parser.close()
    return _lines(parser.events)


class _HtmlEvents(HTMLParser):
    """What is met in a piece of HTML, which need not be whole."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[_Event] = []
        self._raised: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SUPERSCRIPTS | _SUBSCRIPTS:
            self._raised.append(tag)
        self.events.append(("open", tag))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SUPERSCRIPTS | _SUBSCRIPTS:
            if tag not in self._raised:
                return
            self._raised.remove(tag)
        self.events.append(("close", tag))

    def handle_data(self, data: str) -> None:
        self.events.append(("text", data))


def _events(element: Element, without: frozenset[str]) -> Iterator[_Event]:
    """Walk an element without recursion: a file decides how deep it is."""
    stack: list[Element | _Event] = [element]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            yield item
            continue
        if not isinstance(item.tag, str) or item.tag in _SKIPPED or item.tag in without:
            continue
        yield "open", item.tag
        todo: list[Element | _Event] = [("text", item.text or "")]
        roles = _MATHEMATICS.get(item.tag, ())
        for place, child in enumerate(item):
            role = roles[place] if place < len(roles) else ""
            before, after = _around(role)
            todo += [*before, child, *after, ("text", child.tail or "")]
        stack.extend(reversed([*todo, ("close", item.tag)]))


def _around(role: str) -> tuple[list[_Event], list[_Event]]:
    if role == "/":
        return [("text", "/")], []
    return ([("open", role)], [("close", role)]) if role else ([], [])


def _lines(events: Iterable[_Event]) -> str:
    done: list[str] = []
    buffers: list[list[str]] = [[]]  # the line, and above it what is being raised or lowered

    def end_line() -> None:
        if len(buffers) == 1 and (line := _settled("".join(buffers[0]))):
            done.append(line)
        if len(buffers) == 1:
            buffers[0] = []

    for kind, value in events:
        if kind == "text":
            buffers[-1].append(value.replace(_LOW, "").replace(_LOW_END, ""))
        elif value in _BLOCKS:
            end_line()
        elif value in _SUPERSCRIPTS | _SUBSCRIPTS:
            if kind == "open":
                buffers.append([])
            elif len(buffers) > 1:
                inner = "".join(buffers.pop())
                buffers[-1].append(_spaced(inner, _raise(inner.strip()) if value in _SUPERSCRIPTS else _lower(inner)))
        elif value in _SPACED and (kind == "close" or value.startswith("br")):
            buffers[-1].append(" ")
    while len(buffers) > 1:  # HTML that does not close what it opens
        inner = "".join(buffers.pop())
        buffers[-1].append(inner)
    end_line()
    return "\n".join(done)


def _spaced(inner: str, written: str) -> str:
    """Keep the white space that stands inside `<sup>2 </sup>` beside what is written for it."""
    if not inner.strip():
        return inner
    before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    return f"{' ' if before else ''}{written}{' ' if after else ''}"


def _raise(text: str) -> str:
    """Write raised text so that it runs into nothing: 6 -> ⁶, -6 -> ^-6, 2+ -> ²+, th -> th, n-1 -> ^(n-1)."""
    if re.fullmatch(rf"[{_SIGN}]\s*[0-9.,]+|[0-9]+[.][0-9]+", text):
        return "^" + "".join(text.split())
    if re.fullmatch(rf"[0-9]+[{_SIGN}]", text):  # the charge of an ion
        return text[:-1].translate(_RAISED) + text[-1]
    if re.fullmatch(r"[0-9]+([,;\s\u2010-\u2013-]+[0-9]+)*[A-Za-z*]?|n", text):  # a power, an isotope, a reference
        return text.translate(_RAISED)
    if re.search(rf"[0-9/()=]|[{_SIGN}]\s*\w", text):
        return f"^{text}" if re.fullmatch(r"\(.*\)", text) else f"^({text})"
    return text


def _lower(text: str) -> str:
    return f"{_LOW}{text.strip()}{_LOW_END}" if text.strip() else text


def _settled(line: str) -> str:
    """Take the marks of lowered text out of a whole line, and white space down to one blank."""

    def written(found: re.Match[str]) -> str:
        before, inner, after = found.groups()
        digits = (before and inner[:1].isdigit()) or (after and inner[-1:].isdigit())
        return before + (inner.translate(_LOWERED) if digits else inner)

    return " ".join(_LOW_TEXT.sub(written, line).replace(_LOW, "").replace(_LOW_END, "").split())
