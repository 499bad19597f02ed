"""The graph does not shrink unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.holdings import (
    Holding,
    count_holdings,
    holding_problems,
    read_holdings,
    recorded,
    write_holdings,
)
from kg.paths import holdings_file
from kg.store import LocalStore

ARMS = ("arm", "all")


def test_the_packaged_graph_holds_what_its_record_says(real_store: LocalStore) -> None:
    now, record = count_holdings(real_store), read_holdings(holdings_file())
    assert [str(problem) for problem in holding_problems(now, record, "holdings.tsv")] == []
    assert all(count > 0 for count in now.values())


def test_a_loss_and_a_gain_are_found() -> None:
    record = {ARMS: Holding(5, 5)}
    assert [p.check for p in holding_problems({ARMS: 4}, record, "h")] == ["lost"]
    assert [p.check for p in holding_problems({}, record, "h")] == ["lost"]
    assert [p.check for p in holding_problems({ARMS: 6}, record, "h")] == ["gained"]
    assert holding_problems({ARMS: 5}, record, "h") == []


def test_a_record_that_fell_without_a_reason_is_found() -> None:
    assert [p.check for p in holding_problems({ARMS: 4}, {ARMS: Holding(4, 5)}, "h")] == ["lost"]
    assert holding_problems({ARMS: 4}, {ARMS: Holding(4, 5, "one arm was counted twice")}, "h") == []


def test_fewer_are_written_down_only_with_a_reason() -> None:
    record = {ARMS: Holding(5, 5)}
    with pytest.raises(InputError, match=r"arm \(all\): 5 to 4; say why"):
        recorded({ARMS: 4}, record, None)
    with pytest.raises(InputError, match="say why"):
        recorded({ARMS: 4}, record, "  ")
    assert recorded({ARMS: 4}, record, "counted twice") == {ARMS: Holding(4, 5, "counted twice")}


def test_a_reason_stays_until_there_are_as_many_again() -> None:
    fallen = {ARMS: Holding(4, 5, "counted twice")}
    assert recorded({ARMS: 4}, fallen, None) == fallen
    assert recorded({ARMS: 5}, fallen, None) == {ARMS: Holding(5, 5)}


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["arm", "study"]), st.text(st.characters(codec="utf-8", exclude_categories=["C"]))),
        st.builds(Holding, st.integers(0, 99), st.integers(0, 99), st.sampled_from(["", 'a "reason"'])),
    )
)
def test_a_record_comes_back_as_it_was_written(record: dict[tuple[str, str], Holding]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "h.tsv"
        write_holdings(path, record)
        assert read_holdings(path) == record


@pytest.mark.parametrize(
    ("text", "message"),
    [("kind\tof\n", "expected the columns"), ("kind\tof\tcount\tmost\twhy_fewer\narm\tall\tx\t5\t\n", "2: count")],
)
def test_a_broken_record_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "h.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_holdings(path)
