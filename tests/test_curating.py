"""The way from a paper to a record, as its user walks it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import DATA, SHARED

ROOT = Path(__file__).resolve().parents[1]


def run(*words: str, cwd: Path | None = None) -> tuple[int, str, str]:
    program = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); from kg.cli import main; main()"]
    done = subprocess.run([*program, *words], cwd=cwd, capture_output=True, text=True, timeout=300, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def test_a_new_study_is_written_checked_and_not_written_over(tmp_path: Path) -> None:
    assert run("new", "study", "author2026", "-o", "author2026.yaml", cwd=tmp_path)[0] == 0
    code, out, err = run("validate", "--quick", "author2026.yaml", cwd=tmp_path)
    assert (code, out) == (0, "")
    assert "no problems in 1 file;" in err
    code, _, err = run("new", "study", "author2026", "-o", "author2026.yaml", cwd=tmp_path)
    assert code == 2
    assert "author2026.yaml: exists; it is not written over" in err


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("events: 0", "events: 30", "author2026.yaml:66: adverse_events.0: found 30 events of 20 participants"),
        ("value: 50000000", "value: 5000000", "author2026.yaml:22: arms.0.dose: found 5000000; the notation"),
        ("status: read, where: abstract}", "status: red, where: abstract}", "nearest: read"),
        ("    month: 6\n    measure", "    measure", "has no month; give it, or name it in `not_reported`"),
    ],
)
def test_a_fault_in_a_study_is_told_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = run("new", "study", "author2026")[1]
    assert old in text
    (tmp_path / "author2026.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    code, out, err = run("validate", "--quick", "author2026.yaml", cwd=tmp_path)
    assert code in (1, 2)
    assert message in out + err


def test_a_claim_comes_with_its_fingerprint_and_loads(tmp_path: Path) -> None:
    source = run("new", "source", "tiny")[1]
    words = "MSCs secrete BDNF in cell culture."
    claim = run("cite", "tiny", words, "--sources", str(DATA), "--section", "results", "--claim")[1]
    comment, body = claim.split("\n", 1)
    assert comment == f"# {words}"
    body = body.replace('      - {what: share of cells, operator: ">=", value: 95, unit: "%"}\n', "")
    body = body.replace("    numbers:  # leave out where the sentence gives none\n", "")
    (tmp_path / "tiny.yaml").write_text(source.split("claims:\n")[0] + "claims:\n" + body, encoding="utf-8")
    code, out, err = run("verify", "tiny.yaml", "--sources", str(DATA), cwd=tmp_path)
    assert (code, out) == (0, "tiny.yaml: 1 verified\n"), err


def test_an_excerpt_is_pasted_into_a_study_and_held_against_the_text(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "author2026.txt").write_text("Mean change 7.5 (SD 6.8) in 20 children.", encoding="utf-8")
    cited = run(
        "cite", "author2026", "Mean ... children.", "--sources", "texts", "--page", "https://x.org", cwd=tmp_path
    )
    excerpt = cited[1].split("\n", 1)[1].replace("\n", "\n    ").rstrip()
    text = run("new", "study", "author2026")[1]
    old = "    n: 20\n    status: read\n    where: table 2\ncomparisons:"
    assert old in text
    new = old.replace("\ncomparisons:", f"\n    {excerpt}\n    not_in_excerpt: [month]\ncomparisons:")
    path = tmp_path / "author2026.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert run("validate", "--quick", "author2026.yaml", "--sources", "texts", cwd=tmp_path)[0] == 0
    path.write_text(text.replace(old, new).replace("mean: 7.5", "mean: 7.6"), encoding="utf-8")
    code, out, _ = run("validate", "--quick", "author2026.yaml", "--sources", "texts", cwd=tmp_path)
    assert code == 1
    assert "the number of 'mean' does not stand in the quoted words; they have: 7.5, 6.8, 20" in out


def test_the_schema_is_one_that_a_validator_takes() -> None:
    for kind in ("study", "claims"):
        code, out, _ = run("new", "schema", kind)
        assert code == 0
        jsonschema.Draft202012Validator.check_schema(json.loads(out))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("new", "schema", "studies"), "nearest: study"),
        (("new", "study", "Author 2026"), "expected small letters"),
        (("new", "study"), "found the id ''"),
        (("validate", "--quick"), "--quick checks named files"),
        (("verify", "--coverage"), "--coverage needs the text of a source"),
        (("cite", "tiny", "MSCs", "--sources", str(DATA), "--left-out", "nothing"), "invalid choice: 'nothing'"),
    ],
)
def test_wrong_use_is_said(words: tuple[str, ...], message: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert message in err


def test_coverage_names_the_words_that_no_claim_stands_on(tmp_path: Path) -> None:
    shutil.copy(DATA / "tiny.yaml", tmp_path)
    code, out, err = run("verify", "tiny.yaml", "--coverage", "--sources", str(DATA), cwd=tmp_path)
    assert code == 1
    assert "  word 0: An invented source for tests." in out.splitlines()
    assert "5 sentences with words that no claim stands on" in err


def test_both_documents_are_covered_on_the_command_line() -> None:
    if not (SHARED / "sources").is_dir():
        pytest.skip("the source texts are not on this machine")
    code, out, err = run("verify", "--coverage", "--sources", str(SHARED / "sources"))
    assert code == 0, err
    assert all(line.endswith(" 0 left over") for line in out.splitlines())


def test_holdings_are_as_written_down() -> None:
    code, out, err = run("holdings")
    assert code == 0, err
    assert "  study: randomized clinical trial" in out
    assert "written down" not in out
