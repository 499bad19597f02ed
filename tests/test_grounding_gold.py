"""Grounding against what a person read in 72 records, as far as the records are at hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from benchmarks.grounding import FIELDS, Score, fullest, main, read_gold, read_trials, score_row
from kg.grounding import ground_trial
from kg.model.trials import Intervention, Trial
from tests.conftest import DATA, SHARED

GOLD = DATA / "grounding" / "gold.tsv"
#: Written by another person, from records that the program had not been tried on.
SECOND = DATA / "grounding" / "gold2.tsv"
RECORDS = [SHARED / "registry" / name for name in ("ctgov_studyfields_v1", "constructed_v2", "ctgov_csv", "ictrp")]

#: precision and recall that may not be lost
FLOORS = {
    "cell_source": (0.95, 0.93),
    "tissue": (0.95, 0.95),
    "donor": (0.95, 0.93),
    "route": (0.95, 0.95),
    "dose": (0.85, 0.9),
    "instruments": (0.95, 0.97),
    "condition": (0.95, 0.95),
}


def test_the_gold_table_says_what_it_may_say() -> None:
    gold = read_gold(GOLD)
    assert len(gold) >= 60
    assert all(set(FIELDS) < set(row) for row in gold.values())
    assert {row["part"] for row in gold.values()} == {"develop", "held out"}


@pytest.fixture(scope="module", params=[GOLD, SECOND], ids=["first", "second"])
def scores(request: pytest.FixtureRequest) -> dict[str, Score]:
    if not all(path.is_dir() for path in RECORDS):
        pytest.skip(f"no registry records in {SHARED}")
    gold = read_gold(request.param)
    found = {name: Score() for name in FIELDS}
    trials = fullest(read_trials(RECORDS), gold.keys())
    assert set(trials) == set(gold)
    for number, trial in trials.items():
        score_row(found, gold[number], ground_trial(trial))
    return found


@pytest.mark.parametrize("name", FIELDS)
def test_precision_and_recall_stay(name: str, scores: dict[str, Score]) -> None:
    precision, recall = FLOORS[name]
    assert scores[name].precision >= precision, scores[name].false
    assert scores[name].recall >= recall, scores[name].missed


def test_scoring_counts_rights_misses_and_false_hits() -> None:
    trial = Trial(
        "NCT90000007",
        "test",
        "test",
        interventions=(Intervention("Autologous cord blood cells", description="2x107/kg intravenously"),),
    )
    gold = {
        "cell_source": "umbilical cord blood cell",
        "tissue": "not stated",
        "donor": "ctmo:DonorAllogeneic",
        "route": "MAXO:0001525",
        "dose": "20000000 cells per kg",
        "instruments": "not stated",
        "condition": "not stated",
    }
    found = {name: Score() for name in FIELDS}
    score_row(found, gold, ground_trial(trial))
    assert {name: (one.right, len(one.missed), len(one.false)) for name, one in found.items()} == {
        "cell_source": (1, 0, 0),
        "tissue": (0, 0, 1),
        "donor": (0, 1, 1),
        "route": (1, 0, 0),
        "dose": (1, 0, 0),
        "instruments": (0, 0, 0),
        "condition": (0, 0, 0),
    }


def test_what_a_person_could_not_decide_counts_neither_way() -> None:
    trial = Trial("NCT90000007", "test", "test", interventions=(Intervention("Cord blood cells", description="2x107"),))
    gold = dict.fromkeys(FIELDS, "?")
    found = {name: Score() for name in FIELDS}
    score_row(found, gold, ground_trial(trial))
    score_row(found, gold | {"dose": "20000000 cells per kg|20000000 cells", "tissue": "?blood"}, ground_trial(trial))
    assert {name: (one.right, one.missed, len(one.false)) for name, one in found.items() if one != Score()} == {
        "dose": (1, [], 0),
        "tissue": (0, [], 1),
    }


def test_of_two_records_of_a_trial_the_fuller_is_scored() -> None:
    short, long = (Trial("NCT90000007", "test", "test", summary="word " * count) for count in (1, 9))
    assert fullest([short, long, Trial("NCT90000008", "test", "test")], {"NCT90000007"}) == {"NCT90000007": long}
    assert fullest([long, short], {"NCT90000007"}) == {"NCT90000007": long}


def test_the_benchmark_names_trials_that_no_record_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.json.gz").write_bytes(gzip.compress(b"{}"))
    assert main([str(GOLD), str(tmp_path), "--quiet"]) == 0
    printed = capsys.readouterr().out
    assert "0 of 72 trials found" in printed
    assert "not in the records: NCT04314687" in printed
