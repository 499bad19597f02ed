"""The matrix: measured means measured by a study itself, and nothing is counted twice or lost."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from kg.build import build
from kg.curation.verification import read_texts
from kg.matrix import MatrixRow, matrix_csv, read_matrix
from kg.store import LocalStore
from kg.views.matrix import draw_matrix
from tests.conftest import DATA

CLAIM = "    relation: mediates\n"
HOMING = "homing of administered cells"


def row(store: LocalStore, label: str) -> MatrixRow:
    (found,) = [each for each in read_matrix(store) if each.label == label]
    return found


@pytest.mark.parametrize(
    ("study_kind", "verdict"),
    [
        ("author statement", "only stated"),
        ("in vitro", "seen in vitro"),
        ("animal", "seen in animals"),
        ("clinical", "only stated"),
        ("meta-analysis", "only stated"),
    ],
)
def test_what_a_source_says_of_others_is_never_measured(tmp_path: Path, study_kind: str, verdict: str) -> None:
    words = (DATA / "tiny.yaml").read_text(encoding="utf-8")
    head, tail = words.split(CLAIM)
    path = tmp_path / "tiny.yaml"
    path.write_text(head + CLAIM + tail.replace("study_kind: author statement", f"study_kind: {study_kind}", 1))
    store = build([path], packaged=False, texts=read_texts(DATA)).store
    found = row(store, HOMING)
    assert found.measured == {}
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("relation: mediates\n", "relation: mediates\n    modality: possible\n"),
        ("direction: supports\n        role: review synthesis", "direction: neutral\n        role: review synthesis"),
        ("statement: Homing comes about", "statement: Homing 99 comes about"),
    ],
)
def test_a_hedged_neutral_or_unverified_passage_is_not_counted(tmp_path: Path, old: str, new: str) -> None:
    words = (DATA / "tiny.yaml").read_text(encoding="utf-8")
    assert words.count(old) == 1
    path = tmp_path / "tiny.yaml"
    path.write_text(words.replace(old, new))
    found = row(build([path], packaged=False, texts=read_texts(DATA)).store, HOMING)
    assert found.stated == {}
    assert len(found.not_counted) >= 1


def test_only_a_readout_of_a_study_makes_a_mechanism_measured() -> None:
    store = build([DATA / "example2024.yaml"], packaged=False).store
    found = row(store, "negative regulation of inflammatory response")
    assert found.verdict == "measured in trial participants"
    assert found.studies == ["Example 2024"]
    assert found.direction == "marker: no difference"


def test_a_disputing_passage_counts_against(tiny_store: LocalStore) -> None:
    found = row(tiny_store, "angiogenesis")
    assert len(found.against) == 1
    assert found.animal == {}
    assert "-, 1 against" in draw_matrix([found])


def test_the_csv_holds_the_same_counts(real_store: LocalStore) -> None:
    rows = read_matrix(real_store)
    table = list(csv.DictReader(io.StringIO(matrix_csv(rows))))
    assert [line["label"] for line in table] == [each.label for each in rows]
    assert [int(line["stated"]) for line in table] == [len(each.stated) for each in rows]
    assert [line["studies_that_measured_it"] for line in table] == ["; ".join(each.studies) for each in rows]


def test_a_row_says_no_more_than_fits_and_keeps_its_columns(real_store: LocalStore) -> None:
    lines = draw_matrix(read_matrix(real_store), width=120).splitlines()
    assert max(map(len, lines)) <= 120
    at = lines[0].index("in vitro")
    assert all(line[at - 2 : at] == "  " for line in lines)
