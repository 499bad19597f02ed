"""Any question draws by its header: what the header may say, what the picture shows, and what it must not suggest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from kg.answers import rows_of
from kg.catalogue import VIEWS, Query, columns_of, find_query, load_catalogue, parse_query, parse_values, select
from kg.cli import command_line
from kg.errors import InputError, NotFoundError, SourceError
from kg.lookup import resolve
from kg.store import LocalStore
from kg.views.answer_timeline import stretch
from kg.views.bars import MOST as MOST_BARS
from kg.views.figure import Figure, draw_figure
from kg.views.query_answer import Answer
from kg.views.query_picture import draw_answer
from tests.pictures import HOSTILE, outside, overlapping, parse

DRAWN = [query for query in load_catalogue().values() if query.view]
ALL = pytest.mark.parametrize("query", DRAWN, ids=lambda query: query.name)


def answer_of(query: Query, store: LocalStore) -> Answer:
    given = {parameter.name: parameter.example for parameter in query.parameters if parameter.required}
    bound = parse_values(query, given, lambda words: resolve(store, words))
    columns, rows = rows_of(select(store, query, **bound))
    return Answer(query.name, query.summary, query.view, tuple(columns), tuple(map(tuple, rows)), "2026-11-26")


def answer(view: Mapping[str, str], columns: str, *rows: tuple[str, ...]) -> Answer:
    return Answer("made/up", "Made up", view, tuple(columns.split()), rows, "2026-11-26")


def test_at_least_twenty_questions_have_a_picture_and_each_kind_is_used() -> None:
    assert len(DRAWN) >= 20
    assert {query.view["kind"] for query in DRAWN} == set(VIEWS)


_FIGURES: dict[str, Figure] = {}


def figure_of(query: Query, store: LocalStore) -> Figure:
    if query.name not in _FIGURES:
        _FIGURES[query.name] = draw_answer(answer_of(query, store))
    return _FIGURES[query.name]


@ALL
def test_a_question_of_the_catalogue_draws(query: Query, real_store: LocalStore) -> None:
    svg = draw_figure(figure_of(query, real_store))
    parse(svg)
    assert svg == draw_figure(draw_answer(answer_of(query, real_store)))
    assert not outside(svg)
    assert f"mechtrail query {query.name}" in " ".join(re.sub(r"<[^>]+>", " ", svg).split())
    assert "n = " in svg
    assert "Data: 2026-11-26" in re.sub(r"</text>\s*<text[^>]*>", " ", svg)
    assert not re.search(r"(src|href)=", svg)


@ALL
def test_no_two_texts_of_a_picture_stand_on_each_other(query: Query, real_store: LocalStore) -> None:
    assert overlapping(draw_figure(figure_of(query, real_store))) == []


@ALL
def test_a_picture_has_its_rows_as_a_table(query: Query, real_store: LocalStore) -> None:
    figure = figure_of(query, real_store)
    assert all(len(row) == len(figure.columns) for row in figure.rows)


SAMPLES: dict[str, tuple[Mapping[str, str], str]] = {
    "bars": ({"kind": "bars", "label": "a", "count": "b", "group": "c"}, "a b c"),
    "matrix": ({"kind": "matrix", "rows": "a", "columns": "b", "value": "c"}, "a b c"),
    "network": ({"kind": "network", "source": "a", "target": "b", "label": "c"}, "a b c"),
    "timeline": ({"kind": "timeline", "label": "a", "start": "c", "group": "b"}, "a b c"),
}


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_a_label_cannot_leave_its_place(kind: str, label: str) -> None:
    view, columns = SAMPLES[kind]
    third = "2020" if kind == "timeline" else label
    svg = draw_figure(draw_answer(answer(view, columns, (label, "x" + label, third))))
    tags = {element.tag.rpartition("}")[2] for element in parse(svg).iter()}
    assert tags <= {"svg", "title", "desc", "rect", "text", "tspan", "g", "path", "circle"}
    assert not any(name.startswith("on") for element in parse(svg).iter() for name in element.attrib)


@pytest.mark.parametrize("kind", SAMPLES)
def test_an_answer_without_rows_says_so(kind: str) -> None:
    view, columns = SAMPLES[kind]
    figure = draw_answer(answer(view, columns))
    assert "The answer has no" in "".join(figure.marks)
    assert figure.caption.counted.startswith("0 rows")


@pytest.mark.parametrize("kind", ["bars", "matrix", "network"])
def test_what_is_empty_is_said_to_be_no_finding(kind: str) -> None:
    view, columns = SAMPLES[kind]
    says = draw_answer(answer(view, columns, ("x", "y", "z"))).caption.says
    assert "not measured, or measured and not reported, or no file of this graph says it" in says


def bars(*rows: tuple[str, ...], **view: str) -> Figure:
    return draw_answer(answer({"kind": "bars", "label": "a", **view}, "a b c", *rows))


def test_a_bar_counts_each_value_once_and_stands_in_the_order_of_length() -> None:
    figure = bars(("x", "1", ""), ("x", "1", ""), ("y", "1", ""), ("y", "2", ""), ("z", "", ""), count="b")
    assert [(row[0], row[1]) for row in figure.rows] == [("y", "2"), ("x", "1"), ("z", "0")]


def test_a_bar_adds_numbers_and_a_word_among_them_is_told_with_its_row() -> None:
    assert bars(("x", "1.5", ""), ("x", "2", ""), value="b").rows == (("x", "3.50"),)
    with pytest.raises(InputError, match=r"made/up: row 2: column 'b' holds 'many', expected a number"):
        bars(("x", "1", ""), ("x", "many", ""), value="b")


def test_bars_beyond_a_page_are_counted() -> None:
    figure = bars(*((f"label {n:03}", f"{n}", "") for n in range(MOST_BARS + 5)), value="b")
    assert "5 more are not drawn." in figure.caption.says
    assert len(figure.rows) == MOST_BARS + 5


def test_groups_beyond_the_colours_become_one_and_nothing_is_lost() -> None:
    figure = bars(*(("x", str(n), f"group {n}") for n in range(1, 10)), value="b", group="c")
    assert len(figure.legend) == 6
    assert sum(float(cell) for cell in figure.rows[0][1:]) == 45


def test_a_matrix_too_large_to_read_says_what_to_do() -> None:
    rows = [(f"r{n}", f"c{n}", "x") for n in range(100)]
    with pytest.raises(InputError, match=r"100 x 100 is more than can be read .* -f csv"):
        draw_answer(answer(SAMPLES["matrix"][0], "a b c", *rows))


def test_rows_without_an_end_are_counted_beside_the_matrix() -> None:
    figure = draw_answer(answer(SAMPLES["matrix"][0], "a b c", ("r", "c", "x"), ("r", "", "x")))
    assert "1 row of the answer without a or b stand in no cell" in figure.caption.says


def test_a_cell_shows_all_that_is_said_and_more_than_six_kinds_in_words() -> None:
    rows = [("r", "c", f"kind {n}") for n in range(8)]
    figure = draw_answer(answer(SAMPLES["matrix"][0], "a b c", *rows))
    assert figure.rows == (("r", "; ".join(f"kind {n}" for n in range(8))),)
    assert figure.legend[-1].words == "2 other values"


def test_a_network_too_large_to_read_says_what_to_do() -> None:
    rows = [(f"s{n}", f"t{n}", "x") for n in range(200)]
    with pytest.raises(InputError, match="400 boxes are more than can be read"):
        draw_answer(answer(SAMPLES["network"][0], "a b c", *rows))


def test_circles_and_loops_of_a_network_draw() -> None:
    figure = draw_answer(answer(SAMPLES["network"][0], "a b c", ("x", "y", ""), ("y", "x", ""), ("x", "x", "")))
    assert len(figure.rows) == 3
    assert "not a path" in figure.caption.says


def test_rows_that_say_the_same_are_one_line_with_their_count() -> None:
    figure = draw_answer(answer(SAMPLES["network"][0], "a b c", ("x", "y", "r"), ("x", "y", "r"), ("x", "y", "q")))
    assert [(row[1], row[-1]) for row in figure.rows] == [("q", "1"), ("r", "2")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020", (2020.0, 2021.0)),
        ("2020-01-01", (2020.0, 2020.0)),
        ("2020-13", None),
        ("2020-02-30", None),
        ("0000", (0.0, 1.0)),
        ("not reported", None),
    ],
)
def test_a_date_is_as_wide_as_it_is_known(text: str, expected: tuple[float, float] | None) -> None:
    assert stretch(text) == expected


def test_rows_without_a_date_are_counted_and_a_column_without_any_date_is_refused() -> None:
    view = SAMPLES["timeline"][0]
    figure = draw_answer(answer(view, "a b c", ("x", "", "2020"), ("y", "", "not reported"), ("z", "", "")))
    assert "2 rows without a date: not drawn" in figure.caption.says
    with pytest.raises(InputError, match=r"no row has a date: column 'c' holds 'soon', expected a date as 2012"):
        draw_answer(answer(view, "a b c", ("x", "", "soon")))


HEADER = (
    "#+ summary: x\n#+ view: {view}\nSELECT ?cell ?cell_label (COUNT(?x) AS ?n) WHERE {{ ?cell ?p ?x }} ORDER BY ?n"
)
WRONG = [
    ("{kind: bar, label: cell, value: n}", r"view.kind: found 'bar', expected one of .*; nearest: bars"),
    ("{label: cell, value: n}", r"view.kind: found ''"),
    ("{kind: bars, lable: cell, value: n}", r"view.lable: bars has no such key; nearest: label"),
    ("{kind: bars, value: n}", r"view.label: is missing; bars needs label"),
    ("{kind: bars, label: cell}", r"bars needs either `value` or `count`"),
    ("{kind: bars, label: cell, value: n, count: n}", r"bars needs either `value` or `count`"),
    ("{kind: bars, label: cel, value: n}", r"view.label: the answer has no column 'cel'; nearest: cell"),
    ("{kind: network, source: cell}", r"view.target: is missing; network needs source, target"),
    ("[bars]", r"view: expected as in"),
    ("bars", r"view: expected as in"),
]


@pytest.mark.parametrize(("view", "message"), WRONG, ids=[view for view, _ in WRONG])
def test_a_header_that_cannot_be_drawn_is_refused_with_the_nearest(view: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        parse_query(HEADER.format(view=view), "made-up")


def test_a_good_header_is_read() -> None:
    query = parse_query(HEADER.format(view="{kind: bars, label: cell, value: n}"), "made-up")
    assert query.view == {"kind": "bars", "label": "cell", "value": "n"}
    assert parse_query("#+ summary: x\nSELECT ?a {}", "made-up").view == {}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT ?a ?where WHERE { ?a ?b ?c }", ["a", "where"]),
        ("select distinct (MAX(?x) AS ?most) ?b { ?b ?c ?x }", ["most", "b"]),
        ("# SELECT ?no\nSELECT (CONCAT('AS ?no', STR(?x)) AS ?yes) { ?x ?y 'SELECT ?no' }", ["yes"]),
        ("SELECT * { ?a ?b ?c }", []),
        ("CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }", []),
    ],
)
def test_the_columns_of_a_query_are_those_that_it_names(text: str, columns: list[str]) -> None:
    assert columns_of(text) == columns


@pytest.mark.parametrize("query", load_catalogue().values(), ids=lambda query: query.name)
def test_the_columns_read_are_those_of_the_answer(query: Query, real_store: LocalStore) -> None:
    if query.name in ("terms/find",) or {"rule", "samples", "obo"} & set(query.tags) or not columns_of(query.text):
        return
    given = {parameter.name: parameter.example for parameter in query.parameters if parameter.required}
    values = parse_values(query, given, lambda words: resolve(real_store, words))
    assert columns_of(query.text) == [each.value for each in select(real_store, query, **values).variables]


def draw(*words: str) -> None:
    arguments = vars(command_line().parse_args(["draw", "query", *words]))
    arguments.pop("run")(**arguments)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, real_store: LocalStore) -> str:
    from kg.versions import write_version

    folder = tmp_path_factory.mktemp("store")
    write_version(folder, real_store.quads())
    return str(folder)


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_the_command_writes_a_picture_or_a_page(ending: str, store: str, tmp_path: Path) -> None:
    out = tmp_path / f"x.{ending}"
    draw("factors/secreted-factors", "-o", str(out), "--store", store)
    text = out.read_text(encoding="utf-8")
    assert "extracellular exosome" in text
    assert "curated to 2026" in re.sub(r"</text>\s*<text[^>]*>", " ", text)
    assert "<script" not in text
    assert ("SELECT DISTINCT ?cell" in text) == (ending == "html")


def test_the_command_says_what_a_question_without_a_picture_could_have(store: str) -> None:
    with pytest.raises(InputError) as caught:
        draw("terms/wider", "--store", store)
    for words in (
        "no line `#+ view:`",
        "columns: wider, wider_label",
        "kind: bars, label: wider_label",
        "timeline: label",
    ):
        assert words in str(caught.value)


def test_the_command_draws_a_file_and_names_its_fault(store: str, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    text = find_query("factors/secreted-factors").text
    path.write_text(text, encoding="utf-8")
    draw(str(path), "-o", str(tmp_path / "own.svg"), "--store", store)
    path.write_text(text.replace("target: factor", "target: factory"), encoding="utf-8")
    with pytest.raises(
        SourceError, match=r"own.rq:1: view.target: the answer has no column 'factory'; nearest: factor"
    ):
        draw(str(path), "--store", store)
    with pytest.raises(InputError, match=r"x.gif: a picture of an answer is a .svg, .html, .png or .pdf file"):
        draw(str(path), "-o", "x.gif")
    with pytest.raises(NotFoundError, match="Nearest: factors/secreted-factors"):
        draw("secreted-factor")
