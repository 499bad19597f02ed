"""The harness of the browser tests: does it see what it must see, and nothing else?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import check_accessibility, needs_browser, no_external, open_page, print_pdf, screenshot, visit
from tests.pictures import Grey, difference, read_png, shrink, write_png

GOOD = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Good</title></head>
<body><main><h1>Good</h1><p>Words</p><button type="button">Press</button>
<a href="#x" id="x">Link</a></main></body></html>"""


def put(folder: Path, body: str, head: str = '<html lang="en"><title>t</title>') -> Path:
    path = folder / "page.html"
    path.write_text(f"<!DOCTYPE html>{head}<meta charset='utf-8'><body>{body}", encoding="utf-8")
    return path


@needs_browser
def test_a_script_gives_its_value_and_the_console_its_errors(tmp_path: Path) -> None:
    page = put(tmp_path, "<script>console.error('told'); throw new Error('thrown')</script>")
    result = open_page(page, "Promise.resolve({n: 1 + 1})")
    assert result.value == {"n": 2}
    assert len(result.errors) == 2
    assert "told" in str(result.errors)
    assert "thrown" in str(result.errors)


@needs_browser
def test_what_a_page_asks_of_the_network_is_seen_and_fails(tmp_path: Path) -> None:
    page = put(tmp_path, "<img src='https://example.org/x.png' alt='x'>")
    result = open_page(page, "document.images[0].naturalWidth")
    assert result.requests == ["https://example.org/x.png"]
    assert result.value == 0
    assert result.errors


@needs_browser
def test_a_good_page_has_no_problem(tmp_path: Path) -> None:
    page = tmp_path / "good.html"
    page.write_text(GOOD, encoding="utf-8")
    assert check_accessibility(page) == []
    assert open_page(page).errors == []


@needs_browser
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<button></button>", "no name: button"),
        ("<input type='search'>", "no name: searchbox"),
        ("<svg role='img' width='9' height='9'></svg>", "no name: im"),
        ("<p style='color: #999'>pale</p>", "contrast 2.85:1"),
        ("<svg><rect width='99' height='50' fill='#000'/><text y='20' fill='#222'>x</text></svg>", "contrast"),
        ("<button tabindex='2'>x</button>", "tabindex above 0"),
        ("<button style='outline: 0'>x</button>", "the focus cannot be seen"),
        ("<button style='position: absolute; opacity: 0'>x</button>", "something not seen"),
        ("<h3>deep</h3>", "skips from 1 to 3"),
        ("<i id='a'></i><i id='a'></i>", "the id a is there twice"),
        ("<table><tr><td>1</td></tr></table>", "a table has no caption"),
        ("<p style='width: 3000px'>wide</p>", "wider than the window"),
        ("<div aria-hidden='true'><button>x</button></div>", "hidden from screen readers"),
    ],
)  # fmt: skip
def test_what_hinders_a_reader_is_told(tmp_path: Path, body: str, told: str) -> None:
    problems = check_accessibility(put(tmp_path, f"<main><h1>t</h1>{body}</main>"))
    assert told in str(problems)
    assert len(problems) <= 2


@needs_browser
def test_a_page_without_language_title_and_main_part_is_told(tmp_path: Path) -> None:
    problems = check_accessibility(put(tmp_path, "x", head="<html>"))
    assert len(problems) == 4


@needs_browser
def test_keys_and_clicks_reach_the_page(tmp_path: Path) -> None:
    body = "<input id='a'><button id='b' onclick='this.textContent = a.value'>x</button>"
    with visit(put(tmp_path, body)) as page:
        page.press("Tab")
        page.type("typed")
        page.press("!", "Tab", "Enter")
        assert page.run("b.textContent") == "typed!"
        page.run("a.value = 'again'")
        page.click("#b")
        assert page.run("b.textContent") == "again"


@needs_browser
def test_scripts_can_be_switched_off_and_pages_printed(tmp_path: Path) -> None:
    page = put(tmp_path, "<p id='a'>still</p><script>a.textContent = 'ran'</script>")
    with visit(page, script=False) as off:
        html = off.send("DOM.getOuterHTML", nodeId=off.send("DOM.getDocument")["root"]["nodeId"])["outerHTML"]
        assert ">still<" in html
    assert print_pdf(page).startswith(b"%PDF")


@needs_browser
def test_a_screenshot_is_read_pixel_by_pixel(tmp_path: Path) -> None:
    page = put(
        tmp_path,
        "<style>body{margin:0;background:#fff}i{display:block;width:40px;height:30px;background:#000}</style><i></i>",
    )
    seen = read_png(screenshot(page, 80, 60))
    assert (seen.width, seen.height) == (80, 60)
    assert seen.cells.count(0) == 40 * 30
    assert seen.cells.count(255) == 80 * 60 - 40 * 30


def test_a_grey_picture_survives_writing() -> None:
    picture = Grey(7, 3, bytes(range(0, 210, 10)))
    assert read_png(write_png(picture)) == picture
    assert write_png(picture) == write_png(picture)


def test_a_box_that_moves_is_a_difference_and_a_shade_is_none() -> None:
    def box(left: int, shade: int) -> Grey:
        rows = [bytes(shade if left <= x < left + 12 and 8 <= y < 20 else 250 for x in range(64)) for y in range(32)]
        return shrink(Grey(64, 32, b"".join(rows)))

    assert difference(box(8, 0), box(8, 20)) == 0
    assert difference(box(8, 0), box(28, 0)) > 0.1
    assert difference(box(8, 0), shrink(Grey(32, 32, bytes(1024)))) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://x.org/a.js"></script>',
        '<link rel="stylesheet" href="//x.org/a.css">',
        "<img src='a.png'>",
        "<style>@import 'a.css';</style>",
        "<style>@font-face { src: url(https://x.org/a.woff) }</style>",
        "<p style='background: url(\"x.png\")'>",
        "<svg><image href='x.png'/></svg>",
        "<svg><use xlink:href='x.svg#a'/></svg>",
        "<iframe src='x.html'></iframe>",
        "<meta http-equiv='refresh' content='0; url=x'>",
    ],
)
def test_what_loads_from_elsewhere_is_told(html: str) -> None:
    assert len(no_external(html)) == 1


def test_links_for_the_reader_and_data_inside_are_none_of_it() -> None:
    html = "<a href='https://x.org'>x</a><img src='data:,x'><style>b{fill:url(#g)}</style><svg><use href='#a'/></svg>"
    assert no_external(html) == []
