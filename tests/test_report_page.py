"""How a report looks: one document without network or script, that no text can break, for readers of all kinds."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from kg.references import Reference
from kg.report import report_of
from kg.store import LocalStore
from kg.views.report import (
    Cell,
    Facts,
    Listing,
    Picture,
    Points,
    Report,
    Section,
    Table,
    Text,
    Works,
    draw_report,
)
from tests.browser import check_accessibility, needs_browser, no_external, open_page, print_pdf

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "{{body}} {{css}}",
    "javascript:alert(1)",
    "a & b &lt; c",
    "]]> --> <!-- x",
]


def a_report(words: str) -> Report:
    """Give a report that has these words wherever words can be."""
    cell = Cell(words, ("study:1",), (words,), words, is_weak=True, to=words, see=words)
    work = Reference(
        "key", words, words, (words,), words, words, words, words, words, url=words, note=words, of=("study:1",)
    )
    blocks = (
        Text(words),
        Points((cell,), is_answer=True),
        Facts(((words, words),)),
        Table(words, (words, words), ((cell, Cell(words)),), words, words),
        Picture("<svg xmlns='http://www.w3.org/2000/svg' role='img' aria-label='x'></svg>", words, words),
        Listing(words, words),
        Works(),
    )
    return Report(words, words, (Section(words, words, blocks, (Section("inner", words),)),), (work,), words)


@pytest.fixture(scope="module")
def page(real_store: LocalStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(draw_report(report_of(real_store, "gross motor function")), encoding="utf-8")
    return path


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str) -> None:
    drawn = draw_report(a_report(words))
    empty = draw_report(a_report("x"))
    tags = re.compile(r"<[a-zA-Z/][^>]*>")
    without = re.compile(r'="[^"]*"')
    assert [without.sub("", tag) for tag in tags.findall(drawn)] == [
        without.sub("", tag) for tag in tags.findall(empty)
    ]
    assert all(address.startswith(("#", "https://", "http://")) for address in re.findall(r'href="([^"]*)"', drawn))


def test_an_address_with_a_quotation_mark_stays_in_its_attribute() -> None:
    work = Reference("k", "web page", "t", url='https://example.org/"onclick="alert(1)', of=("s:1",))
    drawn = draw_report(Report("t", "", (Section("r", "R", (Works(),)),), (work,)))
    assert '"onclick' not in drawn
    assert "&quot;onclick" in drawn


def test_the_document_needs_no_script_and_nothing_from_outside(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "default-src 'none'" in text
    assert no_external(text) == []


def test_every_link_within_the_document_has_its_end(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    ends = set(re.findall(r'href="#([^"]+)"', text))
    assert ends
    assert ends <= set(ids)


def test_headings_stand_in_order_and_every_table_has_caption_and_scopes(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    tables = re.findall(r"<table.*?</table>", text, re.DOTALL)
    assert tables
    for table in tables:
        assert table.count("<caption>") == 1
        assert '<th scope="col">' in table
        assert '<th scope="row">' in table
        assert "Query: <code>mechtrail query" in table


def test_numbers_of_references_are_those_of_the_list() -> None:
    works = tuple(Reference(f"k{n}", "article", f"t{n}", of=(f"s:{n}",)) for n in (1, 2, 3))
    cell = Cell("two", ("s:3", "s:1", "s:none"))
    drawn = draw_report(Report("t", "", (Section("a", "A", (Points((cell,)), Works())),), works))
    assert 'two [<a href="#ref-1">1</a>, <a href="#ref-3">3</a>]' in drawn


def test_a_report_with_nothing_in_it_is_a_document() -> None:
    drawn = draw_report(Report("t", "", (Section("references", "References", (Works(),)),)))
    assert "<p>None.</p>" in drawn


@needs_browser
@pytest.mark.parametrize("width", [1400, 800])
def test_a_reader_of_any_kind_can_read_it(page: Path, width: int) -> None:
    assert check_accessibility(page, width=width) == []


@needs_browser
@pytest.mark.parametrize("width", [1400, 800])
def test_the_page_opens_without_error_and_never_scrolls_sideways(page: Path, width: int) -> None:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    result = open_page(page, wide, width=width)
    assert result.errors == []
    assert [address for address in result.requests if not address.startswith("file:")] == []
    assert result.value == 0


@needs_browser
def test_hostile_words_do_nothing_in_a_browser(tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(draw_report(a_report("".join(HOSTILE))), encoding="utf-8")
    result = open_page(path, "document.scripts.length + document.images.length")
    assert result.value == 0
    assert result.errors == []


@needs_browser
def test_it_prints_with_repeated_heads_and_fits_the_paper(page: Path) -> None:
    printed = print_pdf(page)
    assert printed.startswith(b"%PDF-")
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 10 < pages < 60
    css = page.read_text(encoding="utf-8").partition("@media print")[2]
    assert "table-header-group" in css
