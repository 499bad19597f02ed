"""The network page in a real browser, from a plain file and without network: does a click show what stands behind?"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from kg.build import Built
from kg.network import Network, read_network
from kg.views.network import draw_page

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
HOMING = "https://w3id.org/ctmo/0000508"


@pytest.fixture(scope="module")
def network(real: Built) -> Network:
    return read_network(real.store, title="Mechanisms")


@pytest.fixture(scope="module")
def page(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "network.html"
    path.write_text(draw_page(network, footer="made by a test"), encoding="utf-8")
    return path


def dom(page: Path, profile: Path, fragment: str = "") -> str:
    """Give the page as the browser holds it after its script ran."""
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    flags += [f"--user-data-dir={profile}", "--virtual-time-budget=5000", "--dump-dom"]
    address = page.as_uri() + (f"#{fragment}" if fragment else "")
    done = subprocess.run([str(BROWSER), *flags, address], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def part(html: str, element: str) -> str:
    found = re.search(rf'<(\w+) [^>]*id="{element}".*?>(.*?)</\1>', html, re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>", " ", found[2])


def test_a_line_in_focus_shows_statement_level_and_source(network: Network, page: Path, tmp_path: Path) -> None:
    edge = next(e for e in network.edges if e.statement == "Mesenchymal stem cells carry the chemokine receptor CXCR4.")
    card = part(dom(page, tmp_path, f"focus={quote(edge.iri, safe='')}"), "card")
    for words in (edge.statement, "accepted", "stated", "Petriv 2020", "mechanisms", "mechtrail verify --sources DIR"):
        assert words in card


def test_a_mechanism_in_focus_shows_its_trials_and_the_weakest_step(page: Path, tmp_path: Path) -> None:
    html = dom(page, tmp_path, f"focus={quote(HOMING, safe='')}")
    assert "0 studies measured this; 1 planned" in part(html, "card")
    sentence = part(html, "focus")
    assert "0 measured this mechanism" in sentence
    assert "Weakest step in view" in sentence
    assert "A study that measured the outcome does not support the steps to it." in sentence


def test_a_level_that_hides_all_says_how_many_are_left(page: Path, tmp_path: Path) -> None:
    html = dom(page, tmp_path, "level=4")
    shown = re.search(r'id="shown"[^>]*>([^<]*)<', html)
    assert shown is not None
    assert re.search(r"\d+ of \d+", shown[1])


def test_a_strange_address_breaks_nothing(page: Path, tmp_path: Path) -> None:
    html = dom(page, tmp_path, "focus=urn%3Anothing&level=99&hide=%3Cscript%3E")
    assert "Click a box, a line or a chip" in part(html, "card")
