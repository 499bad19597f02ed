"""The network through pyvis: offline, our places, no markup from a label, and what the page must say in words."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kg.errors import InputError
from kg.network import Edge, EvidenceNote, Network, Node, TrialEvidence, of_therapy, read_network
from kg.store import LocalStore
from kg.views.explore import MOST, draw_exploration
from kg.views.layout import BOX, lay_out

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
IN_A_BROWSER = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
HOSTILE = (
    "</script><img src=x onerror=\"document.title='broken'\">",
    "<a href=\"javascript:document.title='broken'\">href</a>",
    "<!--[script]--> <!--[tables]--> {{ nodes }} {% raw %}",
    "\"';document.title='broken';//",
    "*bold* _it_ <b>b</b> `code`",
    "a\u202eb\x00 \ud800",
    "",
)


@pytest.fixture(scope="module")
def network(real_store: LocalStore) -> Network:
    return of_therapy(read_network(real_store, title="Mechanisms"))


@pytest.fixture(scope="module")
def page(network: Network) -> str:
    return draw_exploration(network, footer="made by a test")


@pytest.fixture(scope="module")
def hostile() -> str:
    nodes = tuple(Node(f"urn:{n}{text}", text, text, text, n % 6, text, (text,)) for n, text in enumerate(HOSTILE))
    note = EvidenceNote(*(HOSTILE[0],) * 6, HOSTILE[1], HOSTILE[0])
    edges = tuple(
        Edge(text, nodes[0].iri, text, text, nodes[n].iri, text, n, text, n % 3 - 1, text, text, (note,))
        for n, text in enumerate(HOSTILE)
    )
    trials = tuple(TrialEvidence(nodes[1].iri, text, text, text, text, text, text, text) for text in HOSTILE)
    return draw_exploration(Network(nodes, edges, trials, HOSTILE[0], "", HOSTILE[2]), footer=HOSTILE[0])


def data(page: str, name: str) -> Any:  # noqa: ANN401 - JSON
    found = re.search(rf"^const {name} = (.*);$", page, re.MULTILINE)
    assert found is not None
    return json.loads(found[1])


class Tags(HTMLParser):
    """Every tag with its attributes, and the text outside of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("which", ["page", "hostile"])
def test_the_page_loads_nothing_and_links_to_nothing(which: str, request: pytest.FixtureRequest) -> None:
    tags = Tags(request.getfixturevalue(which)).found
    assert not [each for each in tags if {"src", "href", "srcset", "action", "background"} & set(each[1])]
    assert not {"link", "iframe", "object", "embed", "img", "base", "form", "a"} & {tag for tag, _ in tags}
    assert [tag for tag, _ in tags].count("script") == 2
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]


def test_the_page_forbids_what_it_does_not_need(page: str) -> None:
    assert "default-src 'none'" in page
    assert "cdnjs" not in page
    assert "jsdelivr" not in page


def test_the_same_network_gives_the_same_page_whatever_its_order(network: Network, page: str) -> None:
    turned = Network(network.nodes[::-1], network.edges[::-1], network.trials[::-1], network.title, "", network.note)
    assert draw_exploration(turned, footer="made by a test") == page


def test_boxes_stand_where_our_own_picture_has_them_and_do_not_move(network: Network, page: str) -> None:
    places = {node["id"]: (node["x"], node["y"]) for node in data(page, "NODES")}
    for box in lay_out(network).boxes:
        assert places[box.node.iri] == (box.x + BOX[0] / 2, box.y + BOX[1] / 2)
    options = data(page, "OPTIONS")
    assert options["physics"]["enabled"] is False
    boxes = [node for node in data(page, "NODES") if "name" in node]
    assert {node["shape"] for node in boxes} == {"box"}
    assert all(re.fullmatch(r"#[0-9a-f]{6}", node["color"]["background"]) for node in boxes), "opaque"


def test_every_assertion_is_a_line_of_its_own_with_its_width_end_and_dash(network: Network, page: str) -> None:
    edges = data(page, "EDGES")
    assert len(edges) == len(network.edges)
    assert len({edge["id"] for edge in edges}) == len(edges)
    of_id = {edge["id"].split()[0]: edge for edge in edges}
    for edge in network.edges:
        drawn = of_id[edge.iri]
        assert drawn["arrows"]["to"]["type"] == {1: "arrow", -1: "bar", 0: "vee"}[edge.sign]
        assert bool(drawn["dashes"]) == (edge.status != "accepted")
        assert (drawn["smooth"]["type"], drawn["smooth"].get("forceDirection")) in (
            ("cubicBezier", "horizontal"),
            ("curvedCW", None),
        )


def test_no_line_touches_trial_evidence(page: str) -> None:
    chips = {node["id"] for node in data(page, "NODES") if node["id"].startswith("trials ")}
    assert chips
    assert not chips & {end for edge in data(page, "EDGES") for end in (edge["from"], edge["to"])}


def test_the_page_says_where_the_chain_is_weak_and_what_trials_do_not_say(network: Network, page: str) -> None:
    words = " ".join(" ".join(Tags(page).words).split())
    weak = sum(edge.level <= 2 for edge in network.edges)
    assert f"Weakest links: {weak} of {len(network.edges)} lines rest on no more than somebody's statement." in words
    assert "A study that measured a term does not support the steps that lead to it." in words
    assert network.note in words
    for legend in (
        "Trial evidence: no line leads to it",
        "contradicted",
        "0 no evidence",
        "bar, decreases or inhibits",
    ):
        assert legend in words


def test_a_box_that_nobody_measured_says_so_and_names_its_weakest_link(page: str) -> None:
    cards = {node["name"]: node["card"] for node in data(page, "NODES") if "name" in node}
    assert any(
        "No study of this graph measured it in participants: not measured, not reported" in each
        for each in cards["angiogenesis"] + cards["trophic factor"]
    )
    assert any(each.startswith("Weakest link to it:") for each in cards["gross motor function"])


def test_the_table_holds_every_assertion_and_trial_without_script(network: Network, page: str) -> None:
    rows = page.split("<details", 1)[1].split("</details>")[0].count("<tr>") - 2
    assert rows == len(network.edges) + len(set(network.trials))


def test_titles_are_texts_even_with_a_link_in_them(hostile: str) -> None:
    hostile.encode()  # no half of a pair, so any program can read the file
    assert "tooltip_link" not in hostile
    assert "innerHTML" not in hostile.split("const NODES")[1]
    assert {node["title"] for node in data(hostile, "NODES") if "title" in node}


def test_an_empty_network_is_a_page() -> None:
    assert "0 of 0 lines" in draw_exploration(Network((), ()))


def test_too_many_boxes_say_what_to_do() -> None:
    nodes = tuple(Node(f"urn:{n}", "", str(n), "factor", 1) for n in range(MOST + 1))
    with pytest.raises(InputError, match=r"2,001 boxes are more .* `mechtrail export gexf`"):
        draw_exploration(Network(nodes, ()))


#: Hovers over each box and clicks it as a reader would, then tells what came of it in an attribute of the page.
_READER = """<script>
(async () => {
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  await wait(300);
  const canvas = document.querySelector("canvas");
  const frame = canvas.getBoundingClientRect();
  const seen = [];
  for (const node of NODES.filter((each) => each.card).slice(0, 14)) {
    network.moveTo({ position: { x: node.x, y: node.y }, scale: 1 });
    await wait(30);
    const at = network.canvasToDOM({ x: node.x, y: node.y });
    const where = { clientX: frame.left + at.x, clientY: frame.top + at.y, bubbles: true };
    canvas.dispatchEvent(new MouseEvent("mousemove", where));
    await wait(260);
    const tip = document.querySelector("div.vis-tooltip");
    if (tip && tip.style.visibility === "visible") seen.push(tip.textContent);
    show(nodes.get(node.id));
    if (byId("card").children.length < 2) document.title = "no card";
  }
  for (const edge of edges.get()) show(edge);
  byId("find").value = NODES.find((each) => each.name).name;
  byId("find").dispatchEvent(new Event("change"));
  document.body.dataset.seen = String(seen.length);
  document.body.dataset.made = String(document.querySelectorAll("#card *:not(p):not(h2), .vis-tooltip *").length);
  document.body.dataset.images = String(document.images.length);
  document.body.dataset.chosen = String(network.getSelectedNodes().length);
})();
</script></body>"""


def dom(path: Path, profile: Path) -> str:
    """Give the page as the browser holds it after its scripts ran; its log stands in front."""
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--enable-logging=stderr",
    ]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--v=0"]
    flags += ["--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=1400,900"]
    flags += [f"--user-data-dir={profile}", "--virtual-time-budget=20000", "--dump-dom"]
    done = subprocess.run(
        [str(BROWSER), *flags, path.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return "\n".join(said) + "\n" + done.stdout


@IN_A_BROWSER
@pytest.mark.parametrize("which", ["page", "hostile"])
def test_a_reader_hovers_clicks_and_finds_without_an_error(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    text = request.getfixturevalue(which)
    path = tmp_path / "x.html"
    path.write_text(text.replace("</body>", _READER), encoding="utf-8", errors="surrogatepass")
    html = dom(path, tmp_path / "profile")
    assert "CONSOLE" not in html.partition("<!DOCTYPE")[0]
    told = dict(re.findall(r'data-(seen|made|images|chosen)="(\d+)"', html))
    assert told.pop("seen", "0") != "0", "no title was ever shown"
    assert told == {"made": "0", "images": "0", "chosen": "1"}
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert title is not None
    assert title[1] not in ("broken", "no card")
