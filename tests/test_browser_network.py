"""The network page in a real browser, offline: does it open, answer to mouse, keys and address, and hide nothing?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from kg.network import Network
from kg.views.network import draw_page, draw_svg
from tests.browser import Page, check_accessibility, needs_browser, open_page, print_pdf, screenshot, visit
from tests.networks import made_up
from tests.screenshots import looks_like

pytestmark = needs_browser
NETWORK = made_up(40, degree=1.4)
TERM = {column: next(node for node in NETWORK.nodes if node.column == column) for column in range(5)}
STATED = next(edge for edge in NETWORK.edges if edge.status == "accepted")
SUPPOSED = next(edge for edge in NETWORK.edges if edge.status == "hypothesised")
MEASURED = NETWORK.trials[0].node


def worded(network: Network) -> Network:
    """Give the network with words of a source behind one assertion, as if the reader's copy had been at hand."""
    notes = tuple(replace(note, words="the very words of the passage") for note in STATED.evidence)
    edges = (replace(edge, evidence=notes) if edge is STATED else edge for edge in network.edges)
    return replace(network, edges=tuple(edges))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("network") / "network.html"
    path.write_text(draw_page(worded(NETWORK), footer="made by a test"), encoding="utf-8")
    return path


@pytest.fixture
def page(path: Path) -> Iterator[Page]:
    with visit(path) as page:
        yield page
        assert page.errors == []
        assert page.requests == []


def text(page: Page, selector: str) -> str:
    return str(page.run(f"document.querySelector({selector!r}).textContent"))


def seen(page: Page, selector: str) -> int:
    """Count what fits the selector and is seen."""
    return int(
        page.run(f"[...document.querySelectorAll({selector!r})].filter((e) => e.getClientRects().length).length")
    )


def box(iri: str) -> str:
    return f'#picture .node[data-iri="{iri}"]'


@pytest.mark.parametrize(
    ("view", "width"),
    [
        *(("", 1400), ("view=table", 1400), ("view=query", 1400), (f"focus={quote(TERM[3].iri, safe='')}", 1400)),
        *(("", 800), ("view=table", 800)),
    ],
    ids=["picture", "table", "query", "focus", "narrow", "narrow-table"],
)
def test_nothing_stands_in_the_way_of_keyboard_screen_reader_and_weak_eyes(path: Path, view: str, width: int) -> None:
    assert check_accessibility(path, fragment=view, width=width) == []


def test_dark_colours_can_be_read_too(path: Path) -> None:
    assert check_accessibility(path, fragment=f"focus={quote(STATED.iri, safe='')}", dark=True) == []


def test_the_page_opens_without_network_and_without_error(path: Path) -> None:
    result = open_page(path, "document.querySelectorAll('#picture .node').length")
    assert (result.value, result.errors, result.requests) == (40, [], [])


def test_without_script_picture_sentence_switch_and_tables_are_there(path: Path) -> None:
    with visit(path, script=False) as page:
        tree = page.send("Accessibility.getFullAXTree")["nodes"]
        names = " ".join(node.get("name", {}).get("value", "") for node in tree if not node.get("ignored"))
        for words in (
            "Weakest link.",
            "does not support the steps to it",
            "Assertions",
            "Sources",
            "show 8 hypotheses",
        ):
            assert words.replace("8", str(sum(e.status == "hypothesised" for e in NETWORK.edges))) in names
        page.press("Tab", " ")  # the switch of the hypotheses is the first thing that takes the focus
        after = page.send("Accessibility.getFullAXTree")["nodes"]
        assert len([n for n in after if not n.get("ignored")]) > len([n for n in tree if not n.get("ignored")])


def test_hypotheses_are_hidden_until_asked_for_and_counted(page: Page) -> None:
    count = sum(edge.status == "hypothesised" for edge in NETWORK.edges)
    line = f'.edge[data-iri="{SUPPOSED.iri}"]'
    assert seen(page, line) == 0
    assert f"{count} hypotheses hidden" in text(page, "#shown")
    page.click("#hypotheses")
    assert seen(page, line) == 1
    assert text(page, "#shown") == ""
    assert "hypotheses=shown" in page.run("location.hash")


def test_contradicted_lines_are_never_hidden_with_the_hypotheses(page: Page) -> None:
    for edge in NETWORK.edges:
        if edge.status == "contradicted":
            assert seen(page, f'.edge[data-iri="{edge.iri}"]') == 1


def test_a_click_on_a_box_shows_its_card_and_the_weakest_step(page: Page) -> None:
    page.click(box(TERM[3].iri))
    assert TERM[3].label in text(page, "#card h2")
    assert "A study that measured the outcome does not support the steps to it." in text(page, "#focus")
    assert seen(page, "svg .edge.on") == seen(page, "svg .edge") > 0
    page.press("Escape")
    assert seen(page, "#focus") == 0
    assert "Click a box" in text(page, "#card")


def test_the_card_of_an_assertion_holds_statement_words_citation_level_and_why(page: Page) -> None:
    page.run(f"location.hash = 'focus=' + encodeURIComponent({STATED.iri!r})")
    page.run("new Promise((done) => setTimeout(done, 60))")
    card = text(page, "#card")
    note = STATED.evidence[0]
    for words in (STATED.statement, "“the very words of the passage”", note.citation, STATED.level_label):
        assert words in card
    assert "Best verified support: of" in card


def test_without_the_copy_of_the_reader_the_card_says_where_the_words_stand(page: Page) -> None:
    other = next(e for e in NETWORK.edges if e.status == "accepted" and e is not STATED)
    page.run(f"location.hash = 'focus=' + encodeURIComponent({other.iri!r})")
    page.run("new Promise((done) => setTimeout(done, 60))")
    assert seen(page, "#card blockquote") == 0
    assert "mechtrail verify --sources DIR" in text(page, "#card")


def test_copy_as_sparql_fills_the_assertion_in(page: Page) -> None:
    page.run(f"location.hash = 'focus=' + encodeURIComponent({STATED.iri!r})")
    page.run("new Promise((done) => setTimeout(done, 60))")
    page.run("[...document.querySelectorAll('#card button')].find((b) => b.textContent.includes('SPARQL')).click()")
    assert f"VALUES ?assertion {{ <{STATED.iri}> }}" in text(page, "#card pre")
    assert seen(page, "#card pre") == 1
    page.run("new Promise((done) => setTimeout(done, 60))")
    assert page.run("/copied|Ctrl-C/.test(document.getElementById('told').textContent)")


def test_search_finds_labels_synonyms_identifiers_statements_and_words(page: Page) -> None:
    page.press("/")
    assert page.run("document.activeElement.id") == "find"
    node = TERM[2]
    for words in (node.label, node.curie, node.synonyms[0], STATED.statement[:-1], "very words of the passage"):
        page.run("document.getElementById('find').value = ''")
        page.type(words)
        assert seen(page, "#hits button") > 0, words
    page.run("document.getElementById('find').value = ''")
    page.type(node.label)
    page.press("Enter")
    assert node.label in text(page, "#card h2")
    assert page.run("document.activeElement.dataset.iri") == node.iri


def test_a_search_without_a_hit_gives_the_nearest_labels_and_keys_walk_the_list(page: Page) -> None:
    page.press("/")
    page.type(TERM[1].label.replace("e", "x", 1))
    assert "Nothing found" in text(page, "#hits")
    assert seen(page, "#hits button") == 3
    page.press("ArrowDown", "ArrowDown")
    assert page.run("[...document.querySelectorAll('#hits button')].indexOf(document.activeElement)") == 1


def test_keys_walk_columns_and_lines_and_open_cards(page: Page) -> None:
    first = page.run(
        "[...document.querySelectorAll('#picture .node')].find((e) => e.getClientRects().length).dataset.iri"
    )
    page.run(f"document.querySelector({box(first)!r}).focus()")
    page.press("ArrowDown")
    below = page.run("document.activeElement.dataset.iri")
    assert below != first
    assert page.run("document.activeElement.dataset.column") == "0"
    page.press("ArrowUp")
    assert page.run("document.activeElement.dataset.iri") == first
    page.run(f"document.querySelector({box(STATED.subject)!r}).focus()")
    page.press("ArrowRight")
    there = page.run("document.activeElement.dataset.iri")
    assert there in {edge.object for edge in NETWORK.edges if edge.subject == STATED.subject}
    page.press("Enter")
    assert "focus=" in page.run("location.hash")


def test_the_table_comes_by_key_and_holds_every_assertion(page: Page) -> None:
    assert seen(page, "#table") == 0
    page.press("t")
    assert (seen(page, "#table"), seen(page, "#picture")) == (1, 0)
    shown = sum(edge.status != "hypothesised" for edge in NETWORK.edges)
    assert seen(page, "tr[data-edge]") == shown
    assert "view=table" in page.run("location.hash")
    page.press("t")
    assert seen(page, "#picture") == 1


def test_the_legend_counts_and_hides_columns_and_the_reset_brings_them_back(page: Page) -> None:
    in_column = sum(node.column == 3 for node in NETWORK.nodes)
    assert text(page, "label:has([data-key='3']) b") == str(in_column)
    before = seen(page, ".node")
    supposed = page.run("document.querySelectorAll('.node[data-hypothesis][data-column=\"3\"]').length")
    page.click("[data-key='3']")
    assert seen(page, ".node") == before - in_column + supposed
    assert "1 group is switched off" in text(page, "#shown")
    page.click("#reset")
    assert seen(page, ".node") == before


def test_a_level_that_hides_all_says_so(page: Page) -> None:
    page.run("(() => { level.value = 6; level.dispatchEvent(new Event('input')); })()")
    assert text(page, "#shown").startswith("· ")
    assert "level is set to at least pooled over studies" in text(page, "#shown")


def test_a_chip_folds_its_trials_until_it_is_opened(page: Page) -> None:
    chip = f'.chip[data-node="{MEASURED}"]'
    assert seen(page, ".opened") == 0
    page.run(f"document.querySelector({chip!r}).focus()")
    page.press("Enter")
    assert page.run(f"document.querySelector({chip!r}).ariaExpanded") == "true"
    studies = {trial.study_label for trial in NETWORK.trials if trial.node == MEASURED}
    assert all(study in text(page, ".opened") for study in studies)
    assert "no difference (case series)" in text(page, ".opened")
    page.press("Enter")
    assert seen(page, ".opened") == 0


def test_the_address_brings_the_same_view_back(page: Page, path: Path) -> None:
    page.click("#hypotheses")
    page.click("[data-key='2']")
    page.run("(() => { level.value = 1; level.dispatchEvent(new Event('input')); })()")
    page.click(box(MEASURED))
    address = page.run("location.hash")[1:]
    state = "[location.hash, document.getElementById('shown').textContent, document.querySelector('#card').textContent]"
    with visit(path, fragment=address) as again:
        assert again.run(state) == page.run(state)


@pytest.mark.parametrize(
    "address",
    ["focus=urn%3Anothing&level=99&hide=%3Cscript%3E", "level=x&open=1&view=none", "%", "find=%3Cimg%20src%3Dx%3E"],
)
def test_a_strange_address_breaks_nothing(path: Path, address: str) -> None:
    result = open_page(path, "document.images.length", fragment=address)
    assert (result.value, result.errors) == (0, [])


def test_files_are_made_for_the_reader(page: Page) -> None:
    catch = (
        "new Promise((done) => { const made = URL.createObjectURL; URL.createObjectURL = (blob) => "
        "{ if (blob.type === '%s') blob.text().then((text) => done(text.slice(0, 99)));"
        "return made.call(URL, blob); };"
        "HTMLAnchorElement.prototype.click = () => {}; document.getElementById('%s-button').click(); })"
    )
    assert page.run(catch % ("image/svg+xml", "svg")).startswith("<svg")
    rows = page.run(catch % ("text/csv", "csv"))
    assert rows.startswith("assertion,subject,subject_label,")
    assert "PNG" in page.run(catch % ("image/png", "png"))


def test_a_folded_network_is_searched_term_by_term(tmp_path: Path) -> None:
    made = made_up(300)
    path = tmp_path / "folded.html"
    path.write_text(draw_page(made), encoding="utf-8")
    with visit(path) as page:
        folded = page.run("document.querySelector('.node[data-iri*=\"#folded-\"]').dataset.iri")
        page.click(box(folded))
        assert "Folded by parent class" in text(page, "#card")
        page.press("Escape", "/")
        page.type(made.nodes[7].curie)
        page.press("Enter")
        assert made.nodes[7].label in text(page, "#card h2")
        assert seen(page, ".node.chosen") == 1
        assert (page.errors, page.requests) == ([], [])


@pytest.mark.parametrize(
    "text", ["</script><img src=x onerror=alert(1)>", "\"'><svg onload=alert(1)>", "{{data}} %s `${1}`"]
)
def test_hostile_words_run_nothing(tmp_path: Path, text: str) -> None:
    nodes = tuple(replace(node, label=text, synonyms=(text,), definition=text, kind=text) for node in NETWORK.nodes)
    edges = tuple(replace(e, statement=text, context=text, relation_label=text) for e in NETWORK.edges)
    path = tmp_path / "hostile.html"
    path.write_text(draw_page(Network(nodes, edges, NETWORK.trials, text, text, text)), encoding="utf-8")
    with visit(path) as page:
        page.run("window.alert = () => { throw new Error('ran'); }")
        page.click(box(TERM[3].iri))
        assert page.run("document.querySelector('#card h2').textContent") == text
        assert page.run("document.images.length + document.querySelectorAll('[onload], [onerror]').length") == 0
        assert (page.errors, page.requests) == ([], [])


def test_it_prints_on_one_sheet(path: Path) -> None:
    assert print_pdf(path).count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("name", ["network-1400", "network-800", "network-focus", "network-svg"])
def test_the_pictures_look_as_they_were_committed(
    path: Path, tmp_path: Path, name: str, pytestconfig: pytest.Config
) -> None:
    fragment = f"focus={quote(TERM[3].iri, safe='')}" if name == "network-focus" else ""
    if name == "network-svg":
        path = tmp_path / "network.svg"
        path.write_text(draw_svg(NETWORK), encoding="utf-8")
    shot = screenshot(path, 800 if name == "network-800" else 1400, 900, fragment=fragment, scale=0.25)
    assert looks_like(name, shot, by=1, update=pytestconfig.getoption("--update-golden")) == ""
