"""`mechtrail isct` as a user meets it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from kg.cli import command_line
from kg.errors import InputError, NotFoundError
from kg.isct import judgement_rows
from tests.isct import FAILED, one, sample
from tests.test_isct_tables import GOOD


def call(capfd: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[str, str]:
    given = vars(command_line().parse_args(["isct", *map(str, arguments)]))
    given.pop("run")(**given)
    done = capfd.readouterr()
    return done.out, done.err


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "populations.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_the_command_gives_a_row_for_each_population_and_says_what_it_counted(
    table: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out, err = call(capfd, table, "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["population"] for row in rows] == ["A", "B"]
    assert list(rows[0]) == [
        *("population", "donor", "verdict_2006", "verdict_review", "phenotype_2006", "phenotype_review"),
        *("adherence", "lineages", "decides", "missing"),
    ]
    assert (rows[1]["verdict_2006"], rows[1]["decides"]) == (FAILED, "cells adhere to plastic: no")
    assert "CD14 or CD11b [2006]; CD14 [review]; CD11b [review]" in rows[0]["missing"]
    assert err.splitlines() == [
        "2 rows read, 2 populations",
        "2 columns that the criteria do not ask for: CD44, notes",
        "CD73, CD90 and CD105 as numbers: 0; all three at 95 % or more: 0",
        "wording 2006: 0 conformant, 1 not conformant, 1 undetermined; whole marker panel shown: 0",
        "wording review: 0 conformant, 1 not conformant, 1 undetermined; whole marker panel shown: 0",
    ]


@pytest.mark.parametrize("wording", ["2006", "review"])
def test_one_wording_can_be_chosen(table: Path, capfd: pytest.CaptureFixture[str], wording: str) -> None:
    out, err = call(capfd, table, "-f", "csv", "--wording", wording)
    row = next(csv.DictReader(io.StringIO(out)))
    assert [name for name in row if "_" in name] == [f"verdict_{wording}", f"phenotype_{wording}"]
    assert "[" not in row["missing"]
    assert ("CD14 or CD11b" in row["missing"]) is (wording == "2006")
    assert len(err.splitlines()) == 4


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "xml", "md", "ttl", "nt", "jsonld"])
def test_the_answer_comes_in_every_format(
    table: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path, form: str
) -> None:
    first, _ = call(capfd, table, "-f", form)
    again, _ = call(capfd, table, "-f", form, "-o", tmp_path / "out")
    assert again == ""
    written = (tmp_path / "out").read_text(encoding="utf-8")
    assert first
    assert written.split() == first.split()
    if form == "json":
        assert len(json.loads(first)["results"]["bindings"]) == 2
    if form == "nt":
        assert first.count("CellPopulationSample") == 2
        assert "XMLSchema#double" not in first


def test_the_terminal_breaks_no_word(
    table: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    out, _ = call(capfd, table, "-f", "table")
    assert {"undetermined", "conformant", "population", "adherence"} <= set(out.split())


def test_the_command_reads_stdin(
    table: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with table.open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        out, _ = call(capfd, "-", "-f", "csv")
    assert out.count("\n") >= 3


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["nothing.csv"], NotFoundError, "no file matches 'nothing.csv'"),
        (["."], InputError, "cannot be read"),
        (["TABLE", "-f", "xls"], InputError, "no format 'xls'; expected one of"),
        (["TABLE", "--wording", "2007"], InputError, "invalid choice: '2007'"),
        (["TABLE", "--as", "excel"], InputError, "invalid choice: 'excel'"),
    ],
)
def test_wrong_use_is_said(
    table: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        call(capfd, *[str(table) if word == "TABLE" else word for word in arguments])


def test_rows_for_a_wording_that_is_none_are_refused() -> None:
    with pytest.raises(InputError, match="--wording: found '2007'"):
        judgement_rows([one(sample())], "2007")
