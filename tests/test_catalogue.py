"""Questions: headers, parameters, the guard, and the shape of every shipped query."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.build import Built
from kg.catalogue import Parameter, Query, bind, find_query, guard, load_catalogue, parse_values, read_query, run
from kg.errors import InputError, NotFoundError, QueryError, SourceError
from kg.lookup import resolve
from kg.store import LocalStore

CATALOGUE = load_catalogue()
ALL = pytest.mark.parametrize("query", CATALOGUE.values(), ids=lambda query: query.name)
ASKED = [q for q in CATALOGUE.values() if not {"rule", "quality", "samples"} & set(q.tags)]


@ALL
def test_every_query_orders_its_rows_and_names_its_columns(query: Query) -> None:
    if "CONSTRUCT" in query.text:
        return
    assert "ORDER BY" in query.text
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", query.text)


@ALL
def test_no_query_has_a_shape_that_is_known_to_be_slow(query: Query) -> None:
    body = re.sub(r"#.*", "", query.text)
    assert "NOT EXISTS" not in body, "write MINUS"
    assert "SERVICE" not in body
    assert not re.search(r"\{\s*MINUS", body), "MINUS removes nothing where the group before it binds nothing"


@ALL
def test_terms_stand_beside_their_labels(query: Query) -> None:
    if {"rule", "quality", "network", "terms"} & set(query.tags) or "CONSTRUCT" in query.text:
        return
    select = re.findall(r"\?(\w+)", query.text.split("WHERE")[0].split("SELECT")[-1])
    for column in ("cell", "factor", "marker", "mechanism", "study", "subject", "object"):
        assert column not in select or f"{column}_label" in select


@ALL
def test_every_query_runs_as_it_stands_in_another_parser(query: Query) -> None:
    from rdflib.plugins.sparql import prepareQuery

    assert prepareQuery(query.text) is not None


# questions on loaded files have an answer only where something was loaded: tests/test_intake.py asks them
PACKAGED = [query for query in ASKED if "loaded" not in query.tags]


@pytest.mark.parametrize("query", PACKAGED, ids=lambda query: query.name)
def test_every_question_answers_from_the_real_graph(query: Query, real_store: LocalStore) -> None:
    values = parse_values(query, query.example, lambda words: resolve(real_store, words))
    answer = run(real_store, query, **values)
    assert next(iter(answer), None) is not None  # type: ignore[arg-type]


@pytest.mark.parametrize("query", [q for q in CATALOGUE.values() if "quality" in q.tags], ids=lambda q: q.name)
def test_quality_questions_find_nothing_in_the_real_graph(query: Query, real_store: LocalStore) -> None:
    assert [str(row) for row in run(real_store, query)] == []  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "select * {service ?x {}}"])
def test_a_query_that_calls_out_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="SERVICE"):
        guard(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <x>' }",
        'SELECT * { ?s ?p """ SERVICE "x" """ }',
        "SELECT * { ?s <http://x/SERVICE> ?SERVICE } # SERVICE",
        "PREFIX x: <y> SELECT * { ?s x:SERVICE ?o FILTER(?a<?b) }",
    ],
)
def test_the_word_in_a_string_a_name_or_a_comment_is_no_call(text: str) -> None:
    guard(text)


HIDDEN_CALLS = [
    "SELECT * { ?s <http://e/\\u0041#p> ?o} SERVICE <http://u>{} }",
    "PREFIX ex: <http://e/> SELECT * { ?s ex:a\\#b ?o SERVICE <http://u> {} }",
    "PREFIX : <http://e/> SELECT * { SERVICE:x {?s ?p ?o} }",
    "SELECT * { SERVICESILENT<http://u>{?s ?p ?o} }",
    "SELECT * { ?s ?p 1SERVICE <http://u>{} }",
    "SELECT * { { ?s ?p ?o }UNIONSERVICEa:b{} }",
    "SELECT * { ?s ?p ?o } # x\nSERVICE <http://u> {}",
]


@pytest.mark.parametrize("text", HIDDEN_CALLS)
def test_a_hidden_call_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match=r"SERVICE|escaped letter"):
        guard(text)


def test_a_call_after_a_string_with_escapes_is_seen() -> None:
    with pytest.raises(QueryError, match="SERVICE"):
        guard("SELECT * { ?s ?p 'a\\'' . SERVICE <http://x/> { ?a ?b ?c } }")


def test_long_and_deep_queries_are_refused_before_they_are_parsed() -> None:
    with pytest.raises(QueryError, match="characters"):
        guard("SELECT * {}" + " " * 100_000)
    with pytest.raises(QueryError, match="nested"):
        guard("SELECT * " + "{" * 500 + "}" * 500)


QUESTION = Query("q", "SELECT ?x WHERE {\n  VALUES ?x { UNDEF }\n}", "", parameters=(Parameter("x", "text", "", ""),))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_bound_text_comes_back_unchanged_and_changes_nothing_else(words: str) -> None:
    store = LocalStore.in_memory()
    rows = list(store.query(bind(QUESTION, {"x": ox.Literal(words)})))  # type: ignore[arg-type]
    assert [row["x"].value for row in rows] == [words]


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(InputError, match="no parameter 'y'; it has"):
        bind(QUESTION, {"y": ox.Literal("a")})


def test_a_missing_parameter_is_asked_for_with_an_example() -> None:
    with pytest.raises(InputError, match="needs term; for example -p term='BDNF'"):
        parse_values(find_query("terms/card"), {}, lambda words: ox.NamedNode(words))


def test_a_wrong_query_name_gets_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="factors/secreted-factors"):
        find_query("secreted-factor")


def test_a_header_without_summary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.rq"
    path.write_text("SELECT * {}")
    with pytest.raises(SourceError, match="summary"):
        read_query(path)


def test_a_parameter_without_its_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.rq"
    path.write_text("#+ summary: x\n#+ params:\n#+   a: {kind: term}\nSELECT ?a {}")
    with pytest.raises(SourceError, match=r"VALUES \?a"):
        read_query(path)


def test_every_rule_adds_something(real: Built) -> None:
    assert set(real.derived) == {q.name for q in CATALOGUE.values() if "rule" in q.tags}
    assert all(count > 0 for count in real.derived.values()), real.derived
