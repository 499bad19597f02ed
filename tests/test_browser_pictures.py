"""The pages of the special pictures in a real browser, offline: they open, can be read, and look alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.pictures import PICTURES, query_texts, read_figure, render
from kg.store import LocalStore
from tests.browser import check_accessibility, needs_browser, no_external, open_page, screenshot
from tests.screenshots import looks_like

pytestmark = needs_browser


@pytest.fixture(scope="module")
def pages(real_store: LocalStore, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pictures")
    for name in PICTURES:
        page = render(read_figure(real_store, name), ".html", query_texts(name))
        (folder / f"{name}.html").write_text(str(page), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_a_page_opens_offline_without_an_error_and_shows_picture_table_and_question(
    pages: dict[str, Path], name: str
) -> None:
    count = "['svg', 'table', 'pre'].map((tag) => document.querySelectorAll(tag).length)"
    found = open_page(pages[name], count)
    assert (found.errors, found.requests) == ([], [])
    assert all(number >= 1 for number in found.value)
    assert no_external(pages[name].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("width", [1400, 800])
@pytest.mark.parametrize("name", PICTURES)
def test_a_page_can_be_read_by_everybody(pages: dict[str, Path], name: str, width: int) -> None:
    assert check_accessibility(pages[name], width=width) == []


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_look_as_they_were_committed(
    pages: dict[str, Path], name: str, pytestconfig: pytest.Config
) -> None:
    shot = screenshot(pages[name], 1400, 1100, scale=0.25)
    assert looks_like(f"picture-{name}", shot, by=1, update=pytestconfig.getoption("--update-golden")) == ""
