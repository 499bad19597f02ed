"""Pinned answers of the questions, and the picture of the README.

`pytest tests/test_golden.py --update-golden` writes what the graph answers today.
Read the difference before you commit.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.answers import write_answer
from kg.build import Built
from kg.catalogue import Query, load_catalogue, parse_values, run
from kg.lookup import resolve
from kg.matrix import matrix_csv, read_matrix
from kg.network import of_therapy, read_network, without_hypotheses
from kg.store import LocalStore
from kg.views.network import draw_svg

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden"
NOT_PINNED = {"rule", "quality", "network", "graph", "schema", "samples"}  # samples: asked of a table, see test_isct.py
QUESTIONS = [q for q in load_catalogue().values() if not NOT_PINNED & set(q.tags) and q.name != "terms/find"]


def hold(path: Path, answer: bytes, config: pytest.Config) -> None:
    if config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(answer)
    assert path.is_file(), f"{path.name} is not pinned yet; check the answer by hand, then --update-golden"
    assert answer.decode().splitlines() == path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_question_gives_its_pinned_answer(
    question: Query, real_store: LocalStore, pytestconfig: pytest.Config
) -> None:
    # without its term, terms/mappings gives the mapping files again
    given = {p.name: p.example for p in question.parameters if p.required or question.name == "terms/mappings"}
    answer = run(real_store, question, **parse_values(question, given, lambda words: resolve(real_store, words)))
    hold(GOLDEN / f"{question.name.replace('/', '-')}.csv", write_answer(answer, "csv"), pytestconfig)


def test_the_matrix_is_as_pinned(real_store: LocalStore, pytestconfig: pytest.Config) -> None:
    hold(GOLDEN / "matrix.csv", matrix_csv(read_matrix(real_store)).encode(), pytestconfig)


def test_the_picture_of_the_readme_is_that_of_the_graph(real: Built, pytestconfig: pytest.Config) -> None:
    hold(
        ROOT / "docs" / "network.svg",
        draw_svg(without_hypotheses(of_therapy(read_network(real.store, title=TITLE)))).encode(),
        pytestconfig,
    )


def test_the_pages_of_questions_and_schema_are_those_of_the_graph(
    real_store: LocalStore, pytestconfig: pytest.Config
) -> None:
    from kg.answers import rows_of
    from kg.catalogue import find_query, select
    from kg.commands.asking import _page
    from kg.views.documents import draw_schema

    hold(ROOT / "docs" / "questions.md", _page(real_store).encode(), pytestconfig)
    parts = (rows_of(select(real_store, find_query(f"schema/{name}")))[1] for name in ("kinds", "classes", "relations"))
    kinds, classes, relations = parts
    hold(
        ROOT / "docs" / "schema.md", draw_schema([row[1:] for row in kinds], classes, relations).encode(), pytestconfig
    )


TITLE = "Mechanisms of cell therapy in cerebral palsy, and the evidence for each"


def test_no_pinned_answer_is_left_over() -> None:
    expected = {f"{q.name.replace('/', '-')}.csv" for q in QUESTIONS} | {"matrix.csv"}
    assert {path.name for path in GOLDEN.iterdir()} == expected
