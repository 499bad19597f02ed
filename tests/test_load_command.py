"""`load` and `loaded` as their user types them: exit codes, what stays as it was, the report, texts of papers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kg.cli import main
from kg.store import sorted_nquads
from kg.versions import current_version, open_version, write_version

DATA = Path(__file__).parent / "data"
RECORD = DATA / "intake" / "NCT90000002.json"


def call(*words: str | Path) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["mechtrail", *map(str, words)])
        try:
            main()
        except SystemExit as left:
            return int(left.code or 0)
    return 0


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A graph with nothing in it."""
    write_version(tmp_path / "graph", [])
    return tmp_path / "graph"


def bytes_of(store: Path) -> bytes:
    return sorted_nquads(open_version(store).quads())


def test_a_load_is_told_in_one_line_and_listed(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("load", RECORD, "--store", store) == 0
    assert "1 files: 1 records read, 1 loaded, 0 refused" in capsys.readouterr().err
    assert call("loaded", "--store", store) == 0
    assert capsys.readouterr().out == "NCT90000002.json\tctgov-v2\t1\t1\t0\n"


def test_what_cannot_be_used_leaves_the_store_as_it_was(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call("load", RECORD, "--store", store)
    before, version = bytes_of(store), current_version(store)
    (tmp_path / "cut.json").write_bytes(RECORD.read_bytes()[:2000])
    assert call("load", DATA / "registry" / "ctgov_v2.json", tmp_path / "cut.json", "--store", store) == 2
    assert "cut.json" in capsys.readouterr().err
    assert (bytes_of(store), current_version(store)) == (before, version)
    assert [path.name for path in (store / "versions").iterdir() if path.name.startswith(".")] == []


def test_a_try_changes_nothing(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    version = current_version(store)
    assert call("load", RECORD, "--store", store, "--dry-run") == 0
    assert "1 loaded" in capsys.readouterr().err
    assert current_version(store) == version


def test_a_folder_with_something_unknown_is_loaded_and_exits_with_1(store: Path, tmp_path: Path) -> None:
    folder, report = tmp_path / "files", tmp_path / "report.tsv"
    folder.mkdir()
    (folder / RECORD.name).write_bytes(RECORD.read_bytes())
    (folder / "notes.docx").write_bytes(b"PK\x03\x04 no archive")
    assert call("load", folder, "--store", store, "--report", report) == 1
    with report.open() as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    told = [(row["file"], row["outcome"]) for row in rows if row["outcome"] in ("loaded", "not used")]
    assert told == [("files/notes.docx", "not used"), ("files/NCT90000002.json", "loaded")]


def test_taking_out_is_the_undo(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call("load", DATA / "registry" / "ctgov_v2.json", "--store", store)
    before = bytes_of(store)
    call("load", RECORD, "--store", store)
    assert call("loaded", "--remove", RECORD.name, "--store", store) == 0
    assert bytes_of(store) == before
    assert call("loaded", "--remove", "NCT90000009.json", "--store", store) == 3
    assert "ctgov_v2.json" in capsys.readouterr().err


def test_the_words_of_a_paper_become_a_text_for_fingerprints_and_stay_out_of_the_graph(
    store: Path, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    # two of its three records have no identifier or are broken
    assert call("load", DATA / "papers" / "pubmed.xml", "--store", store, "--texts", texts) == 1
    (written, *_) = sorted(texts.iterdir())
    words = written.read_text(encoding="utf-8")
    sentence = next(line for line in words.splitlines() if len(line.split()) > 6 and line != words.splitlines()[0])
    assert sentence not in bytes_of(store).decode()
    assert call("load", DATA / "papers" / "pubmed.xml", "--store", store, "--texts", texts) == 1
    written.write_text("other words")
    assert call("load", DATA / "papers" / "pubmed.xml", "--store", store, "--texts", texts) == 1
    assert written.read_text() == "other words"


def test_a_table_needs_its_mapping(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = DATA / "tables" / "my-cohort.csv"
    assert call("load", table, "--store", store) == 2
    assert "--mapping" in capsys.readouterr().err
    assert call("load", table, "--mapping", table.with_suffix(".mapping.yaml"), "--store", store) == 0


def test_the_kinds_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("load", "--kinds") == 0
    kinds = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert kinds == sorted(kinds)
    assert {"ctgov-v2", "ictrp-xml", "jats", "kgx", "ontology", "sssom", "wikipathways"} <= set(kinds)
    assert call("load") == 2
