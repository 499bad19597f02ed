"""A report as one HTML document that needs neither network nor script, for the screen and for paper.

It knows sections, tables, pictures and references, and nothing of what they are about: `kg.report` collects that.
Every text is escaped here; only a picture is markup already, and comes from another drawer of this package.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from urllib.parse import quote, urlsplit

from kg.references import Reference
from kg.views.svg import safe

__all__ = [
    "Block",
    "Cell",
    "Facts",
    "Listing",
    "Picture",
    "Points",
    "Report",
    "Section",
    "Table",
    "Text",
    "Works",
    "draw_report",
]


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in a table or a list, with the works they rest on and what stands below them in small print."""

    words: str
    cites: tuple[str, ...] = ()  # IRIs of sources or studies
    beneath: tuple[str, ...] = ()
    quoted: str = ""  # words of a source, only where the reader's copy was at hand
    is_weak: bool = False  # the weakest link
    to: str = ""  # anchor of a section of the same document
    see: str = ""  # its name, where the words themselves are no link


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    words: str
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences one below the other; those of the short answer stand out."""

    points: tuple[Cell, ...]
    is_answer: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with a caption that says what they rest on, and the query that gives them again."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    query: str
    rests_on: str = ""  # "12 rows from 5 sources or studies; data date ..."


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG of this package with its caption."""

    svg: str
    caption: str
    query: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Text of a file, folded."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Works:
    """The list of references, in the order of their numbers."""


Block = Text | Points | Facts | Table | Picture | Listing | Works


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading; `anchor` is its address within the document."""

    anchor: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    references: tuple[Reference, ...] = ()
    footer: str = ""


class _Document:
    """Knows the numbers of the references and of the tables and pictures."""

    def __init__(self, report: Report) -> None:
        self.references = report.references
        self.numbers_of: dict[str, list[int]] = {}  # a study may have several papers
        for number, one in enumerate(report.references, 1):
            for iri in one.of:
                self.numbers_of.setdefault(iri, []).append(number)
        self.tables = self.pictures = 0

    def cites(self, iris: Sequence[str]) -> str:
        numbers = sorted({number for iri in iris for number in self.numbers_of.get(iri, ())})
        links = ", ".join(f'<a href="#ref-{number}">{number}</a>' for number in numbers)
        return f" [{links}]" if links else ""

    def cell(self, cell: Cell) -> str:
        words = safe(cell.words)
        words = f'<span class="weak">{words}</span>' if cell.is_weak else words
        if cell.to:
            see = f' (<a href="#{_anchor(cell.to)}">{safe(cell.see)}</a>)'
            words = words + see if cell.see else f'<a href="#{_anchor(cell.to)}">{words}</a>'
        said = f'<span class="quiet">in your copy: <q>{safe(cell.quoted)}</q></span>' if cell.quoted else ""
        small = "".join(f'<span class="quiet">{safe(line)}</span>' for line in cell.beneath if line)
        return words + self.cites(cell.cites) + small + said

    def table(self, table: Table) -> str:
        self.tables += 1
        head = "".join(f'<th scope="col">{safe(name)}</th>' for name in table.heads)
        lines = []
        for first, *rest in table.rows:
            cells = "".join(f"<td>{self.cell(cell)}</td>" for cell in rest)
            lines.append(f'<tr><th scope="row">{self.cell(first)}</th>{cells}</tr>')
        query = f'<span class="query">Query: <code>{safe(table.query)}</code></span>'
        caption = f"<b>Table {self.tables}. {safe(table.caption)}</b> {safe(table.rests_on)}{query}"
        body = "\n".join(lines)
        label = safe(f"Table {self.tables}, can be scrolled sideways")
        return (
            f'<div class="wide" role="region" tabindex="0" aria-label="{label}"><table id="table-{self.tables}">'
            f"<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
        )

    def picture(self, picture: Picture) -> str:
        self.pictures += 1
        query = f'<span class="query">Query: <code>{safe(picture.query)}</code></span>'
        name = f"caption-{self.pictures}"
        caption = f"<figcaption id={name}><b>Figure {self.pictures}.</b> {safe(picture.caption)}{query}</figcaption>"
        label = safe(f"Figure {self.pictures}, can be scrolled sideways")
        return (
            f'<figure id="figure-{self.pictures}" aria-labelledby="{name}">'
            f'<div class="picture" role="region" tabindex="0" aria-label="{label}">\n{picture.svg.strip()}\n</div>'
            f"{caption}</figure>"
        )

    def works(self) -> str:
        lines = [f'<li id="ref-{n}">{_work(one)}</li>' for n, one in enumerate(self.references, 1)]
        return '<ol class="references">\n' + "\n".join(lines) + "\n</ol>" if lines else "<p>None.</p>"

    def block(self, block: Block) -> str:
        match block:
            case Text():
                return f"<p{' class=quiet' * block.is_quiet}>{safe(block.words)}</p>"
            case Points():
                points = "\n".join(f"<li>{self.cell(point)}</li>" for point in block.points)
                return f"<ul{' class=answer' * block.is_answer}>\n{points}\n</ul>"
            case Facts():
                pairs = "\n".join(f"<dt>{safe(name)}</dt><dd>{safe(value)}</dd>" for name, value in block.pairs)
                return f"<dl>\n{pairs}\n</dl>"
            case Table():
                return self.table(block)
            case Picture():
                return self.picture(block)
            case Listing():
                lines = "\n".join(safe(line) for line in block.text.splitlines())
                return f"<details><summary>{safe(block.title)}</summary>\n<pre>{lines}</pre></details>"
            case Works():
                return self.works()

    def section(self, section: Section, level: int) -> Iterator[str]:
        yield f'<section id="{_anchor(section.anchor)}">\n<h{level}>{safe(section.title)}</h{level}>'
        yield from (self.block(block) for block in section.blocks)
        for inner in section.sections:
            yield from self.section(inner, level + 1)
        yield "</section>"


def _anchor(text: str) -> str:
    """Give a text as an address within the document: letters that need no escaping anywhere."""
    return quote(text, safe=":-._").replace("%", "_")


def _link(url: str) -> str:
    """Give an address as a link, or as text where it is not a whole http or https address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return safe(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or any(char.isspace() for char in url):
        return safe(url)
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{safe(url)}</a>'


def _work(one: Reference) -> str:
    """Give a reference in the order of the usual styles, its addresses written out so that they print."""
    who = ", ".join(one.authors)
    volume = one.volume + (f"({one.issue})" if one.issue else "")
    place = "; ".join(part for part in (one.year, volume) if part) + (f":{one.pages}" if one.pages else "")
    parts = [safe(part).rstrip(".") + "." for part in (who, one.title, one.journal, place) if part]
    if one.doi:
        parts.append(_link("https://doi.org/" + quote(one.doi, safe="/:;()._-")))
    elif one.url:
        parts.append(_link(one.url))
    parts += [f"PMID {safe(one.pmid)}."] if one.pmid else []
    parts += [f"({safe(one.note)}.)"] if one.note else []
    return " ".join(parts) + f' <span class="quiet">{safe(one.label)}; {safe(one.kind)}; {safe(one.key)}</span>'


def _contents(sections: Sequence[Section]) -> str:
    lines = []
    for section in sections:
        inner = _contents(section.sections) if section.sections else ""
        lines.append(f'<li><a href="#{_anchor(section.anchor)}">{safe(section.title)}</a>{inner}</li>')
    return "<ol>\n" + "\n".join(lines) + "\n</ol>"


def draw_report(report: Report) -> str:
    """Give a report as the text of one HTML file.

    >>> "<h1>BDNF</h1>" in draw_report(Report("BDNF", "", ()))
    True
    """
    document, package = _Document(report), files("kg.views")
    parts = {
        "title": safe(report.title),
        "subtitle": safe(report.subtitle),
        "css": package.joinpath("report.css").read_text(encoding="utf-8"),
        "contents": _contents(report.sections),
        "body": "\n".join(line for section in report.sections for line in document.section(section, 2)),
        "footer": safe(report.footer),
    }
    template = package.joinpath("report.html").read_text(encoding="utf-8")
    # one pass, so that a label with {{braces}} stays a label
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], template)
