"""The graph in Python: answers are still plain rows, and everything it gives can show itself."""

from __future__ import annotations

import builtins
import copy
import json
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.build import Built
from kg.errors import InputError, KgError, NotFoundError, QueryError
from kg.focus import chains_through
from kg.graph import Graph
from kg.network import Edge, Network, Node
from kg.outputs import Answer, Card, Row
from kg.pictures import PICTURES
from kg.views.fragments import html_card, html_table, plain_table
from kg.views.network import draw_svg

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = "<img src=x onerror=alert(1)>\"'&</td></table>\u202e"


@pytest.fixture(scope="module")
def graph(real: Built) -> Graph:
    return Graph(real.store)


class Tags(HTMLParser):
    """Collects tags with their attributes, text by the cell it stands in, and fails on tags that do not close."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.cells: list[str] = []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self.cells[-1] += data


def pretty(thing: Any) -> str:  # noqa: ANN401 - whatever shows itself
    from IPython.lib import pretty as of_ipython

    show: Callable[..., str] = of_ipython.pretty  # it has no types
    return show(thing)


ROWS: list[Row] = [
    {"cell": "CL:0000134", "cell_label": "mesenchymal stem cell", "n": 12, "share": Decimal("0.50"), "note": None},
    {"cell": "CL:0000034", "cell_label": "stem cell", "n": None, "share": Decimal(3), "note": "a|b"},
]


def test_an_answer_is_still_a_list_of_plain_rows() -> None:
    answer = Answer(ROWS)
    assert answer == ROWS
    assert isinstance(answer, list)
    assert answer[0] is ROWS[0]
    assert [row["n"] for row in answer] == [12, None]
    assert json.loads(json.dumps(answer, default=str))[0]["n"] == 12
    assert sorted(answer, key=lambda row: str(row["cell"]))[0]["cell"] == "CL:0000034"


def test_a_part_of_an_answer_is_an_answer() -> None:
    answer = Answer(ROWS, question="Which?", most=7)
    for part in (answer[:1], answer.where(lambda row: row["n"]), answer.only("n", "note"), answer.shown(1)):
        assert isinstance(part, Answer)
        assert part.question == "Which?"
    assert answer[:1] == ROWS[:1]
    assert answer.only("note", "n").columns == ["note", "n"]
    assert answer.only("n") == [{"n": 12}, {"n": None}]
    for again in (copy.copy(answer), pickle.loads(pickle.dumps(answer))):
        assert (again, again.columns, again.most) == (answer, answer.columns, 7)


def test_a_column_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="no column 'cell_lable'; nearest: cell_label"):
        Answer(ROWS).only("cell_lable")


def test_a_table_shows_labels_with_curies_and_numbers_to_the_right() -> None:
    tags = Tags(Answer(ROWS)._repr_html_())
    assert tags.cells[:4] == ["cell", "n", "share", "note"]
    assert tags.cells[4:8] == ["mesenchymal stem cell CL:0000134", "12", "0.50", ""]
    right = [attributes.get("align") for tag, attributes in tags.found if tag == "td"]
    assert right == [None, "right", "right", None] * 2


def test_a_table_shows_at_most_so_many_rows_and_tells_the_count() -> None:
    many = Answer([{"n": number} for number in range(100)], most=20)
    assert many._repr_html_().count("<tr>") == 21
    assert "100 rows, the first 20 shown" in many._repr_html_()
    assert "100 rows, the first 20 shown" in pretty(many)
    assert many.shown(100)._repr_html_().count("<tr>") == 101
    assert "(1 row)" in pretty(many[:1])


def test_an_empty_answer_keeps_its_columns(graph: Graph) -> None:
    empty = graph.ask("SELECT ?study ?study_label { ?study a ctmo:Nothing ; rdfs:label ?study_label }")
    assert empty == []
    assert "0 rows" in empty._repr_html_()
    assert Tags(empty._repr_html_()).cells == ["study"]
    assert pretty(empty) == "study\n(0 rows)"


@pytest.mark.parametrize("most", [1, 50])
def test_a_label_cannot_inject_markup(most: int) -> None:
    answer = Answer([{HOSTILE: HOSTILE, f"{HOSTILE}_label": HOSTILE}] * 3, question=HOSTILE, most=most)
    fact = (HOSTILE, f"{HOSTILE} <https://example.org/{HOSTILE}>")
    names = ("subject_label", "relation_label", "object_label", "statement", "status", "level", "source_label")
    card = html_card(HOSTILE, [fact], [dict.fromkeys((*names, "assertion"), HOSTILE)])
    for markup in (answer._repr_html_(), card):
        tags = Tags(markup)
        assert {tag for tag, _ in tags.found} <= {
            "style",
            "table",
            "caption",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "small",
        }
        assert {name for _, attributes in tags.found for name in attributes} <= {"class", "scope", "align"}
        assert "\u202e" not in markup


def test_a_table_of_text_is_aligned_and_cut() -> None:
    lines = plain_table(["term", "term_label", "n"], [["X:1", "a" * 50, 3], ["X:2", "line\nbreak", None]]).splitlines()
    assert lines[1].split() == ["a" * 35 + "…", "3"]
    assert lines[2] == "line break"
    assert lines[0].index("n", 5) == lines[1].index("3")


def test_a_data_frame_has_the_columns_and_floats() -> None:
    pandas = pytest.importorskip("pandas")
    frame = Answer(ROWS).to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == list(ROWS[0])
    assert frame["share"].sum() == 3.5
    assert list(Answer([], columns=["a"]).to_pandas().columns) == ["a"]


def test_without_pandas_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    true_import = builtins.__import__

    def without(name: str, *rest: Any) -> Any:  # noqa: ANN401
        if name == "pandas":
            raise ImportError(name)
        return true_import(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match="pip install pandas"):
        Answer(ROWS).to_pandas()


COUNT = """SELECT (COUNT(DISTINCT ?study) AS ?n) WHERE {
  VALUES ?cell { UNDEF }
  ?study ctmo:hasArm/ctmo:administers/ctmo:cellSource ?cell
}"""


def test_a_parameter_of_sparql_text_fills_its_values_line(graph: Graph) -> None:
    everything = graph.ask(COUNT)[0]["n"]
    one, other = "mesenchymal stem cell of umbilical cord", "M2 macrophage"
    counts = [graph.ask(COUNT, cell=given)[0]["n"] for given in (one, other, [one, other], (other,))]
    assert all(isinstance(count, int) and count > 0 for count in counts)
    assert counts[1] == counts[3]
    assert max(counts[:2]) < counts[2] <= everything  # type: ignore[operator, type-var]


def test_numbers_and_nodes_are_parameters_too(graph: Graph) -> None:
    text = "SELECT ?x WHERE {\n VALUES ?x { UNDEF }\n}"
    assert graph.ask(text, x=6)[0]["x"] == 6
    assert graph.ask(text, x=[Decimal("1.5"), 0.25]) == [{"x": Decimal("1.5")}, {"x": Decimal("0.25")}]
    assert graph.ask(text, x=ox.Literal('"} DROP ALL #'))[0]["x"] == '"} DROP ALL #'
    assert graph.ask(text, x=ox.NamedNode("https://w3id.org/ctmo/study/gu2020"))[0]["x"] == "study:gu2020"


def test_a_header_in_sparql_text_says_the_kind_of_a_parameter(graph: Graph) -> None:
    header = '#+ summary: x\n#+ params:\n#+   words: {kind: text, example: "a"}\n'
    text = header + "SELECT ?words WHERE {\n VALUES ?words { UNDEF }\n}"
    assert graph.ask(text, words='BDNF" } INSERT') == [{"words": 'BDNF" } INSERT'}]
    with pytest.raises(InputError, match="text needs words"):
        graph.ask(text)


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"cell": []}, InputError, "an empty list"),
        ({"cell": True}, InputError, "found True, expected words"),
        ({"cell": [None]}, InputError, "found None, expected words"),
        ({"cell": float("nan")}, InputError, "expected a number"),
        ({"cell": "no such cell at all"}, NotFoundError, "no term matches"),
        ({"cel": "M2 macrophage"}, InputError, r"no parameter 'cel'; it has \['cell'\]"),
    ],
)
def test_what_cannot_fill_a_parameter_is_refused(
    given: dict[str, Any], error: type[KgError], words: str, graph: Graph
) -> None:
    with pytest.raises(error, match=words):
        graph.ask(COUNT, **given)


def test_an_error_names_the_line_of_the_author(graph: Graph) -> None:
    with pytest.raises(QueryError, match="error at 2:"):
        graph.ask("SELECT ?s WHERE { ?s a ctmo:Study ; rdfs:label ?l .\n ?s skos:note ?n ?n }")


def test_a_text_that_is_no_question_of_rows_is_told(graph: Graph) -> None:
    assert graph.ask("ASK { ?s a ctmo:Study }") == [{"answer": True}]
    with pytest.raises(QueryError, match="constructs triples"):
        graph.ask("CONSTRUCT { ?s a ctmo:Study } WHERE { ?s a ctmo:Study }")
    with pytest.raises(QueryError, match="SERVICE"):
        graph.ask("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }")
    with pytest.raises(NotFoundError, match="mechanism/evidence"):
        graph.ask("mechanism/evidense")


def test_an_empty_answer_can_be_explained(graph: Graph) -> None:
    assert "nearest: ctmo:hasReadout" in graph.explain("SELECT ?s { ?s a ctmo:Study ; ctmo:hasReadouts ?r }")


def test_the_questions_can_be_searched(graph: Graph) -> None:
    found = graph.questions("discriminating")
    assert [row["question"] for row in found] == ["mechanism/discriminating-arms"]
    assert len(graph.questions()) > 30
    assert not [row for row in graph.questions() if str(row["question"]).startswith(("rules/", "quality/"))]


def test_a_card_is_that_of_the_command(graph: Graph) -> None:
    card = graph.show("BDNF")
    assert isinstance(card, Card)
    assert str(card).startswith("ctmo:0000308") == pretty(card).startswith("ctmo:0000308")
    assert "brain-derived neurotrophic factor" in str(card)
    cells = Tags(card._repr_html_()).cells
    assert "brain-derived neurotrophic factor" in cells
    assert f"{len({s['assertion'] for s in card.statements})} assertions" in card._repr_html_()


def test_a_path_ends_in_its_gap_with_the_trials_beside_it(graph: Graph) -> None:
    paths = graph.trace("mesenchymal stem cell", "gross motor function", via="homing of administered cells")
    assert len(paths) == len(list(paths)) == 1
    assert paths[0].level == 0
    markup = paths._repr_html_()
    assert Tags(markup).cells[-6:] == [
        *("homing of administered cells", "?", "gross motor function", "no evidence", "nothing in this graph"),
        "weakest link",
    ]
    assert "beside the path, not on it" in markup
    assert "weakest link" in pretty(paths)


def test_no_path_is_said_and_two_equal_ends_are_refused(graph: Graph) -> None:
    none = graph.trace("neuroplasticity", "gross motor function")
    assert len(none) == 0
    assert "No chain of assertions" in none._repr_html_()
    assert pretty(none) == "0 paths"
    with pytest.raises(InputError, match="the same term"):
        graph.trace("homing", "homing of administered cells")


def test_a_pool_gives_its_rows_or_the_reasons(graph: Graph) -> None:
    harm = graph.pool("serious adverse event")
    assert harm.analysis.pooled is not None
    assert "Min 2013" in Tags(harm._repr_html_()).cells
    assert "left out (" in harm._repr_html_()
    assert 'class="diamond"' in harm.forest().svg
    refused = graph.pool("gross motor function", at=6)
    assert refused.analysis.pooled is None
    assert "not pooled:" in refused._repr_html_()
    assert 'class="diamond"' not in refused.forest().svg
    assert graph.pool("gross motor function", at="6mo").analysis == refused.analysis
    assert refused.analysis.reasons[0] in pretty(refused)


def test_the_matrix_is_that_of_the_tour(graph: Graph) -> None:
    matrix = graph.matrix()
    assert matrix[0]["best_evidence"] == "measured in trial participants"
    assert matrix.columns[:2] == ["mechanism", "mechanism_label"]
    assert str(matrix[0]["mechanism"]).startswith("GO:")


def test_a_picture_shows_and_saves_itself(graph: Graph, tmp_path: Path) -> None:
    picture = graph.draw("network", "homing of administered cells")
    assert picture._repr_svg_().startswith("<svg ")
    assert picture.save(tmp_path / "a.svg").read_text(encoding="utf-8") == picture.svg
    assert "<!doctype html>" in picture.save(tmp_path / "a.html").read_text(encoding="utf-8").casefold()
    assert len(pretty(picture)) < 200
    with pytest.raises(InputError, match=r"ends with \.svg, \.png, \.pdf, \.html"):
        picture.save(tmp_path / "a.gif")
    forest = graph.draw("forest", "serious adverse event")
    assert "left out (" in forest.save(tmp_path / "b.html").read_text(encoding="utf-8")
    assert "mechtrail pool &quot;serious adverse event&quot;" in forest.svg
    with pytest.raises(InputError, match="cannot be written"):
        forest.save(tmp_path / "no" / "a.svg")


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_of_the_command_can_be_drawn(name: str, graph: Graph) -> None:
    picture = graph.draw(name)
    assert picture.svg.startswith("<svg ")
    assert picture.title
    assert "<!doctype html>" in str(picture.as_file(".html")).casefold()


def test_a_picture_that_cannot_be_drawn_is_refused(graph: Graph) -> None:
    with pytest.raises(NotFoundError, match="Nearest: forest"):
        graph.draw("florest")
    with pytest.raises(InputError, match="of an outcome"):
        graph.draw("forest")
    with pytest.raises(InputError, match="network takes no at"):
        graph.draw("network", at=6)
    with pytest.raises(InputError, match="of the whole graph"):
        graph.draw("gap-map", "homing")
    with pytest.raises(InputError, match="everything=True"):
        graph.draw("network", "Gross Motor Function Measure")


def test_chains_through_a_term_are_all_before_and_after_it_and_the_rest_is_counted() -> None:
    nodes = tuple(Node(name, f"X:{name}", name.upper(), "factor", 1) for name in "abcdez")
    pairs = ("ab", "bc", "cd", "ae", "zc", "ec")
    edges = tuple(Edge(pair, pair[0], "r", "r", pair[1], "accepted", 2, "stated", 0, "says") for pair in pairs)
    part = chains_through(Network(nodes, edges, note="More."), "b")
    assert [edge.iri for edge in part.edges] == ["ab", "bc", "cd"]
    assert part.note == "Only chains through B: 3 of 6 assertions. More."
    assert "Only chains through B" in draw_svg(part)
    round_trip = chains_through(Network(nodes, (*edges, Edge("ca", "c", "r", "r", "a", "accepted", 2, "", 0, ""))), "b")
    assert {edge.iri for edge in round_trip.edges} == {*pairs, "ca"}
    with pytest.raises(InputError, match="touches this term"):
        chains_through(Network(nodes, edges), "q")


def test_importing_the_package_loads_no_notebook_and_no_store() -> None:
    code = "import sys, kg; print(sorted(m for m in ('IPython', 'pyoxigraph', 'pandas') if m in sys.modules))"
    graph_code = "import sys; from kg.graph import Graph; print('IPython' in sys.modules, 'pandas' in sys.modules)"
    for text, expected in ((code, "[]"), (graph_code, "False False")):
        done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected


DOC = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_page_on_python_is_short_and_its_examples_run(tmp_path: Path) -> None:
    assert len(DOC.splitlines()) < 60
    blocks = re.findall(r"```python\n(.*?)```", DOC, re.DOTALL)
    assert len(blocks) >= 4
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n" + "\n".join(blocks)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for line in re.findall(r"#> (.*)", DOC):
        assert line in done.stdout.splitlines(), line
    assert html_table(["a"], [])
