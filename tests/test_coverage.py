"""Every word of a source is under a claim, marked, or left over; a mark that marks nothing is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.build import curated_files
from kg.curation.coverage import Coverage, coverage, gap_problems, mark_problems, read_left_out
from kg.curation.verification import Check, check_file, read_texts
from kg.errors import SourceError
from kg.fingerprint import Fingerprint, Text
from kg.loaders.claims import read_claims
from kg.validate import coverages, passages
from kg.views.passages import draw_coverage, draw_left_out, json_coverage
from kg.vocabulary import Lexicon
from tests.conftest import DATA

#: What no claim of the invented source stands on.
GAPS = ["An invented source for tests.", "Nobody measured any of this.", "[7].", "within 24 hours.", "(p = 0.38)."]
HEAD = "reason\tat\ttokens\texact\tloose_tokens\tloose\n"


@pytest.fixture
def tiny_checks(lexicon: Lexicon) -> list[Check]:
    return check_file(read_claims(DATA / "tiny.yaml", lexicon), read_texts(DATA)["tiny"])


def marked(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "tiny.tsv"
    path.write_text(HEAD + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def test_what_no_claim_stands_on_is_shown_sentence_by_sentence(tiny_checks: list[Check]) -> None:
    found = coverage("tiny", read_texts(DATA)["tiny"], tiny_checks, [])
    assert [gap.words for gap in found.gaps] == GAPS
    assert found.claimed + 17 == found.words
    assert [problem.where for problem in gap_problems(found)][:2] == ["tiny: word 0", "tiny: word 5"]
    drawn = draw_coverage([(Path("tiny.tsv"), found)])
    assert "17 left over" in drawn
    assert '"words": "Nobody measured any of this."' in json_coverage([(Path("tiny.tsv"), found)])


def test_a_marked_stretch_is_accounted_for(tmp_path: Path, tiny_checks: list[Check]) -> None:
    reasons = ["heading", "aim", "reference", "connective", "connective"]
    rows = [draw_left_out("tiny", words, DATA, reason) for words, reason in zip(GAPS, reasons, strict=True)]
    marks = read_left_out(marked(tmp_path, *rows))
    found = coverage("tiny", read_texts(DATA)["tiny"], tiny_checks, marks)
    assert (found.gaps, found.marked) == ((), {"heading": 5, "aim": 5, "reference": 1, "connective": 6})
    assert gap_problems(found) == mark_problems(found, "tiny.tsv") == []


def test_a_mark_over_a_claim_and_a_mark_of_lost_words_are_found(tmp_path: Path, tiny_checks: list[Check]) -> None:
    under = draw_left_out("tiny", "MSCs secrete BDNF in cell culture.", DATA, "connective")
    lost = "\t".join(["heading", "0", "2", Fingerprint.of("not there").exact, "2", Fingerprint.of("not there").loose])
    marks = read_left_out(marked(tmp_path, under, lost))
    found = coverage("tiny", read_texts(DATA)["tiny"], tiny_checks, marks)
    told = {problem.where: problem.message for problem in mark_problems(found, "tiny.tsv")}
    assert told == {
        "tiny.tsv:2": "a claim stands on every word of the marked connective",
        "tiny.tsv:3": "the marked heading is not in the text",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("reason\tat\n", "expected reason, at, tokens"),
        (HEAD + "headng\t0\t1\tx\t1\tx\n", "nearest: heading"),
        (HEAD + "heading\t0\tmany\tx\t1\tx\n", "expected whole numbers"),
        ("", "found the columns nothing"),
    ],
)
def test_a_broken_file_of_marks_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_left_out(path)


@given(st.lists(st.sampled_from(["Cells", "move.", "They", "et", "al.", "end!", "3.5"]), max_size=30))
def test_words_in_are_words_under_marked_and_left(words: list[str]) -> None:
    text = Text(" ".join(words))
    found = coverage("x", text, [], [])
    assert found.words == len(words)
    assert sum(len(gap.words.split()) for gap in found.gaps) == len(words)


@pytest.fixture(scope="session")
def real_coverages(texts: dict[str, Text]) -> dict[str, Coverage]:
    return {one.source: one for _, one in coverages(passages(curated_files(), texts), texts)}


@pytest.mark.parametrize("source", ["petriv2020", "prostem"])
def test_both_documents_are_read_to_their_end(source: str, real_coverages: dict[str, Coverage]) -> None:
    found = real_coverages[source]
    assert [str(problem) for problem in [*gap_problems(found), *mark_problems(found, "x")]] == []
    assert found.claimed + sum(found.marked.values()) == found.words
