"""The numbers of a study stand in the words that are said to carry them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kg.build import curated_files
from kg.curation.excerpts import check_study, excerpt_problems
from kg.fingerprint import Fingerprint, Outcome, Text
from kg.loaders import read_head
from kg.loaders.studies import accepts, read_study
from kg.model import Study
from kg.vocabulary import Lexicon
from tests.conftest import SHARED

WORDS = "Cells: 59.0 ± 8.947 (n = 19), p = 0.037"


def study(words: str = WORDS, **fields: object) -> Study:
    mark = Fingerprint.of(words)
    excerpt = {"page": "https://example.org", "tokens": mark.tokens, "exact": mark.exact}
    excerpt |= {"loose_tokens": mark.loose_tokens, "loose": mark.loose}
    result = {
        "id": "r",
        "outcome": {"id": "ctmo:0000704", "label": "gross motor function"},
        "arm": "cells",
        "measure": "change",
        "mean": "59.0",
        "spread": {"type": "SEM", "value": "8.947"},
        "n": "19",
        "status": "read",
        "where": "table 4",
        "excerpts": [excerpt],
    }
    return Study.model_validate(
        {
            "id": "s",
            "title": "T",
            "citation": "S 2026",
            "design": {"id": "OBI:0004001", "label": "randomized clinical trial"},
            "arms": [{"id": "cells", "label": "cells", "role": "treated"}],
            "results": [result | fields],
        }
    )


def problems(one: Study, text: str = WORDS) -> list[str]:
    return [problem.message for problem in excerpt_problems(check_study(one, {"s": Text(text)}))]


def test_numbers_that_stand_in_the_words_are_no_problem() -> None:
    assert problems(study()) == []


def test_a_number_that_is_not_in_the_words_is_found_unless_it_is_named() -> None:
    assert "the number of 'mean' does not stand" in problems(study(mean="58.0"))[0]
    assert "the number of 'month' does not stand" in problems(study(month="6"))[0]
    assert problems(study(month="6", not_in_excerpt=["month"])) == []


def test_an_exception_that_excuses_nothing_is_found() -> None:
    assert problems(study(not_in_excerpt=["n"])) == ["not_in_excerpt names 'n', but no number of that field is missing"]


@pytest.mark.parametrize("changed", [WORDS.replace("59.0", "95.0"), WORDS.replace("p = ", "p < "), "nothing"])
def test_words_that_changed_are_not_found(changed: str) -> None:
    assert problems(study(), changed) == ["excerpt of https://example.org found in no text at hand"]


def test_without_a_text_nothing_is_said() -> None:
    checks = check_study(study(), {})
    assert [check.match.outcome for check in checks] == [Outcome.NO_TEXT]
    assert excerpt_problems(checks) == []


def test_an_excerpt_of_another_paper_is_looked_for_there() -> None:
    texts = {"s": Text("The study itself."), "review": Text(f"A table: {WORDS}")}
    assert excerpt_problems(check_study(study(), texts)) == []


@pytest.fixture(scope="session")
def quotations() -> dict[str, list[str]]:
    """Give study -> the words that were seen on pages about it."""
    path = SHARED / "curation" / "studies.yaml"
    if not path.is_file():
        pytest.skip("the pages of the studies are not on this machine")
    trials = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["trials"]
    return {trial["key"]: [fact["quote"] for fact in trial["facts"]] for trial in trials}


STUDIES = [path for path in curated_files() if accepts(path, read_head(path))]


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_every_number_with_an_excerpt_stands_in_it(
    path: Path, quotations: dict[str, list[str]], lexicon: Lexicon
) -> None:
    one = read_study(path, lexicon)
    pages = {name: Text("\n\n".join(words)) for name, words in quotations.items()}
    checks = check_study(one, {one.id: Text(""), **pages})
    assert [str(problem) for problem in excerpt_problems(checks)] == []


def test_nearly_all_that_was_seen_is_held(quotations: dict[str, list[str]], lexicon: Lexicon) -> None:
    """Four in five quotations carry a fact; the rest stand in fields that hold no number, or in notes."""
    held = {e.exact for path in STUDIES for _, fact in read_study(path, lexicon).facts() for e in fact.excerpts}
    seen = {Fingerprint.of(words).exact for quoted in quotations.values() for words in quoted}
    assert held <= seen
    assert len(held) >= 0.8 * len(seen)
