"""What a fresh search says that the graph does not hold."""

from __future__ import annotations

import random
from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.build import Built
from kg.gate import open_members
from kg.model.trials import Date, Trial
from kg.rdf import RDF_TYPE, ctmo
from kg.registries import ctgov_v2
from kg.store import LocalStore
from kg.views.news import draw_news, news_tsv, summary
from kg.watch import WHAT, Known, News, Watched, compare, read_known
from tests.conftest import SHARED

HELD = Known("NCT90000001", "Invented 2024", "recruiting", 60, "planned", False, "2022-10-07", "study:a")
SAME = Trial(
    *("NCT90000001", "ClinicalTrials.gov", "ctgov-v2", Date("2026-08-10")),
    title="Invented cells in invented palsy",
    status="RECRUITING",
    enrolment=60,
    enrolment_kind="ESTIMATED",
    has_results=False,
)


def news(known: list[Known], *trials: Trial, **more: object) -> list[tuple[str, str, str, str]]:
    watched = compare(known, trials, **more)  # type: ignore[arg-type]
    return [(each.number, each.what, each.old, each.new) for each in watched.news]


def changed(**values: object) -> Trial:
    return replace(SAME, **values)  # type: ignore[arg-type]


def test_what_is_as_the_graph_has_it_is_no_news() -> None:
    assert compare([HELD], [SAME]) == Watched((), 1)


NUMBER = "NCT90000001"


@pytest.mark.parametrize(
    ("trial", "expected"),
    [
        (changed(status="COMPLETED"), [("completed", "recruiting", "completed")]),
        (changed(status="SUSPENDED"), [("status changed", "recruiting", "suspended")]),
        (changed(enrolment=64), [("enrolment changed", "60 planned", "64 planned")]),
        (changed(enrolment_kind="ACTUAL"), [("enrolment changed", "60 planned", "60 actual")]),
        (changed(enrolment_kind=""), []),
        (changed(enrolment=None, status="", has_results=None), []),
        (changed(has_results=True, results_posted=Date("2026-07-01")), [("results posted", "none", "2026-07-01")]),
        (changed(has_results=True), [("results posted", "none", "")]),
        (
            changed(status="COMPLETED", has_results=True, enrolment=58, enrolment_kind="ACTUAL"),
            [
                ("results posted", "none", ""),
                ("completed", "recruiting", "completed"),
                ("enrolment changed", "60 planned", "58 actual"),
            ],
        ),
    ],
)
def test_every_difference_is_one_piece_of_news(trial: Trial, expected: list[tuple[str, str, str]]) -> None:
    assert news([HELD], trial) == [(NUMBER, *each) for each in expected]


def test_what_the_graph_never_said_is_newly_told_and_no_change() -> None:
    silent = Known(NUMBER, "Invented 2024")
    trial = changed(has_results=True)
    assert news([silent], trial) == [
        (NUMBER, "results posted", "", ""),
        (NUMBER, "status newly told", "", "recruiting"),
        (NUMBER, "enrolment newly told", "", "60 planned"),
    ]


@pytest.mark.parametrize("status", ["active, not recruiting", "ACTIVE_NOT_RECRUITING", "Active, not recruiting"])
def test_the_spelling_of_a_status_is_no_news(status: str) -> None:
    assert news([replace(HELD, status=status)], changed(status="ACTIVE_NOT_RECRUITING")) == []


def test_both_days_of_the_data_are_told() -> None:
    (found,) = compare([HELD], [changed(status="COMPLETED")]).news
    assert (found.old_date, found.new_date) == ("2022-10-07", "2026-08-10")
    (found,) = compare([HELD], [changed(status="COMPLETED", data_date=None)], date="2026-08-11").news
    assert found.new_date == "2026-08-11"


@pytest.mark.parametrize(
    ("day", "older"),
    [
        ("2022-10-06", True),
        ("2022-09", True),
        ("2021", True),
        ("2022-10", False),
        ("2022", False),
        ("2022-10-07", False),
    ],
)
def test_a_record_that_is_older_than_the_graph_is_no_news(day: str, older: bool) -> None:
    watched = compare([HELD], [changed(status="SUSPENDED", data_date=Date(day))])
    assert (watched.older, len(watched.news)) == ((NUMBER,), 0) if older else ((), 1)


def test_of_several_records_in_the_graph_the_newest_that_says_it_counts() -> None:
    loaded = Known(NUMBER, "", "completed", None, "", None, "2025-01-01", "record:b")
    assert news([loaded, HELD], changed(status="COMPLETED")) == []
    assert news([loaded, HELD], changed(status="COMPLETED", enrolment=61)) == [
        (NUMBER, "enrolment changed", "60 planned", "61 planned")
    ]


def test_of_several_fresh_records_the_newest_counts() -> None:
    old = changed(status="SUSPENDED", data_date=Date("2023-01-01"))
    assert news([HELD], SAME, old) == news([HELD], old, SAME) == []


def test_a_new_trial_is_told_with_what_it_is() -> None:
    trial = changed(number="NCT90000002", status="COMPLETED", has_results=True, enrolment_kind="ACTUAL")
    assert news([HELD], trial) == [("NCT90000002", "new", "", "completed, 60 actual, with results")]
    bare = Trial("NCT90000002", "ClinicalTrials.gov", "ctgov-v2")
    assert news([], bare) == [("NCT90000002", "new", "", "")]


def test_a_trial_that_the_graph_holds_under_another_registry_is_not_new() -> None:
    abroad = replace(HELD, number="ISRCTN90000001")
    trial = changed(other_numbers=("ISRCTN 90000001",), status="COMPLETED")
    watched = compare([abroad], [trial])
    assert (watched.news, watched.elsewhere) == ((), (NUMBER,))
    assert watched.not_looked_for == ("ISRCTN90000001",)


def test_an_extension_that_names_its_parent_is_a_trial_of_its_own() -> None:
    extension = changed(number="NCT90000002", other_numbers=(NUMBER, "2016-004489-24"))
    both = [HELD, replace(HELD, number="2016-004489-24")]  # the parent's, of both registries
    assert [each[:2] for each in news(both, SAME, extension)] == [("NCT90000002", "new")]


def test_one_new_trial_in_two_registries_is_told_once() -> None:
    home = changed(number="ChiCTR2000099999", registry="ChiCTR", other_numbers=("NCT90000002",))
    abroad = changed(number="NCT90000002")
    extension = changed(number="NCT90000003", other_numbers=("NCT90000002",))
    assert [each[:2] for each in news([], home, abroad)] == [("NCT90000002", "new")]
    assert [each[0] for each in news([], home, abroad, extension)] == ["NCT90000002", "NCT90000003"]


def test_only_a_number_that_was_asked_for_can_be_no_longer_found() -> None:
    watched = compare([HELD], [])
    assert (watched.news, watched.not_looked_for) == ((), (NUMBER,))
    watched = compare([HELD], [], asked=["nct90000001"], date="2026-08-10")
    expected = News(NUMBER, "Invented 2024", "no longer found", "recruiting", "", "2022-10-07", "2026-08-10")
    assert (watched.news, watched.not_looked_for) == ((expected,), ())
    heir = changed(number="NCT90000009", other_numbers=(NUMBER,))
    assert (NUMBER, "no longer found", "recruiting", "named by NCT90000009") in news([HELD], heir, asked=[NUMBER])


@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 6), max_size=8))
def test_the_order_of_records_does_not_matter_and_nothing_is_lost(rng: random.Random, picks: list[int]) -> None:
    pool = [
        SAME,
        changed(status="COMPLETED", data_date=Date("2026-08-11")),
        changed(number="NCT90000002", other_numbers=("ISRCTN90000002",)),
        changed(number="ISRCTN90000002", registry="ISRCTN"),
        changed(number="NCT90000003", other_numbers=("NCT90000002",)),
        changed(number="KCT0000001", registry="CRIS", other_numbers=(NUMBER,)),
        changed(number="", registry=""),
    ]
    trials = [pool[pick] for pick in picks]
    known = [HELD, replace(HELD, status="", date="2020"), replace(HELD, number="NCT90000007")]
    one = compare(known, trials, asked=["NCT90000007"])
    rng.shuffle(trials)
    rng.shuffle(known)
    assert compare(known, trials, asked=["NCT90000007"]) == one
    told = len([each for each in one.news if each.what == "new"])
    numbers = {trial.number for trial in trials}
    joined = {"NCT90000002", "ISRCTN90000002"} <= numbers
    assert told + one.compared + len(one.elsewhere) == len(numbers) - joined
    assert [WHAT.index(each.what) for each in one.news] == sorted(WHAT.index(each.what) for each in one.news)


def test_the_graph_gives_its_registrations(real_store: LocalStore) -> None:
    known = read_known(real_store)
    found = [each for each in known if each.number == "NCT04314687"]
    assert [(each.status, each.enrolment, each.enrolment_kind, each.has_results, each.date) for each in found] == [
        ("recruiting", 78, "planned", False, "2022-10-07")
    ]
    assert all(each.study and each.title for each in known)


def test_loaded_records_of_a_registry_are_watched_too(tiny: Built) -> None:
    node, graph = ctmo("record/NCT90000001"), ctmo("graph/loaded/x")
    said: dict[ox.NamedNode, ox.NamedNode | ox.Literal] = {
        RDF_TYPE: ctmo("RegistryRecord"),
        ctmo("registryId"): ox.Literal(NUMBER),
        ctmo("statusInRegistry"): ox.Literal("RECRUITING"),
        ctmo("dataDate"): ox.Literal("2022-10-07", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")),
        ctmo("hasResults"): ox.Literal(False),
        ctmo("participants"): ox.Literal(60),
        ctmo("participantsAre"): ox.Literal("planned"),
    }
    tiny.store.extend([ox.Quad(node, predicate, value, graph) for predicate, value in said.items()])
    assert read_known(tiny.store) == [
        Known(NUMBER, NUMBER, "RECRUITING", 60, "planned", False, "2022-10-07", node.value)
    ]
    assert news(read_known(tiny.store), SAME) == []


def test_news_are_drawn_and_written_as_a_table() -> None:
    rows = [
        News("NCT1", "A\n title", "new", "", "recruiting", "", "2026-08-10T09:00:05"),
        News("NCT2", "B", "completed", "recruiting", "completed", "2022-10", "2026-08-10"),
        News("NCT3", "C", "results posted", "", "", "", ""),
    ]
    assert draw_news(rows).splitlines() == [
        *("new (1)", "  NCT1  A title: recruiting (2026-08-10)", ""),
        *("completed (1)", "  NCT2  B: recruiting (2022-10) -> completed (2026-08-10)", ""),
        *("results posted (1)", "  NCT3  C: not in the graph -> yes"),
    ]
    assert draw_news([]) == ""
    table = news_tsv(rows).splitlines()
    assert table[0].split("\t") == ["what", "number", "title", "old", "new", "old_date", "new_date"]
    assert len(table) == 4
    assert {row.count("\t") for row in table} == {6}
    assert summary(Watched(tuple(rows), 2, ("KCT1",), ("NCT4", "NCT5"))) == (
        "3 news; 2 trials compared; 1 record held under another registry's number: KCT1; "
        "2 records older than what the graph holds, not compared: NCT4, NCT5"
    )


@pytest.mark.skipif(not (SHARED / "registry").is_dir(), reason="the registry records are not on this machine")
def test_real_records_of_the_curated_trials_are_compared(real_store: LocalStore) -> None:
    members = open_members([SHARED / "registry" / "constructed_v2"])
    trials = [each for member in members for each in ctgov_v2.read(member) if isinstance(each, Trial)]
    watched = compare(read_known(real_store), trials)
    numbers = {path.stem for path in (SHARED / "registry" / "constructed_v2").iterdir()}
    assert watched.compared + sum(each.what == "new" for each in watched.news) == len(numbers) == 21
    assert {each.number for each in watched.news} == {"NCT01962233", "NCT03635450", "NCT05490173"}  # not of this graph
