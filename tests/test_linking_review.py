from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.linking.index import Index, open_index
from kg.linking.review import review_mappings

DATA = Path(__file__).parent / "data" / "linking"
HEADER = "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tpredicate_modifier\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return open_index([DATA], folder=tmp_path_factory.mktemp("names"))


def findings(index: Index, tmp_path: Path, *rows: str) -> list[str]:
    path = tmp_path / "mine.sssom.tsv"
    path.write_text("#license: x\n" + HEADER + "".join(row + "\n" for row in rows))
    return [str(problem) for problem in review_mappings(path, index).problems]


def test_a_sound_mapping_has_no_finding(index: Index, tmp_path: Path) -> None:
    assert not findings(index, tmp_path, "BTO:1\tnerve cell\tskos:exactMatch\tCL:0000540\tneuron\t")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("x:1\ta\tskos:exactMatch\tCL:7777777\tghost\t", "no file of CL has this term"),
        ("x:1\ta\tskos:exactMatch\tCL:0009999\tbrain neuron\t", "obsolete; use CL:0000540 'neuron'"),
        ("x:1\ta\tskos:exactMatch\tCL:0009998\tlost cell\t", "obsolete; nothing replaces it"),
        (
            "x:1\ta\tskos:exactMatch\tCL:0000540\tnervous cell\t",
            "expected 'neuron' in cl 2026-01-05, which has it as former",
        ),
        ("x:1\ta\tskos:exactMatch\tCL:0000540\tkidney\t", "which has no such name"),
        ("x:1\ta\tskos:exactMatch\tCL:0000540\tNeurons\t", "the label is written 'neuron' now"),
        ("HGNC:1\tA\tskos:exactMatch\tCL:0000540\tneuron\t", "a gene is no cell"),
        ("HP:0001257\tSpasticity\tskos:closeMatch\tMESH:D009128\tMuscle Spasticity\t", "not the same"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_line(index: Index, tmp_path: Path, row: str, words: str) -> None:
    found = findings(index, tmp_path, row)
    assert len(found) == 1
    assert found[0].startswith("mine.sssom.tsv:3: ")
    assert words in found[0]


def test_two_subjects_with_one_exact_match_are_told(index: Index, tmp_path: Path) -> None:
    rows = ("x:1\ta\tskos:exactMatch\tCL:0000540\tneuron\t", "x:2\tb\tskos:exactMatch\tCL:0000540\tneuron\t")
    assert "the exact match of 2 subjects: x:1 (line 3), x:2 (line 4)" in findings(index, tmp_path, *rows)[0]


def test_one_subject_with_two_exact_matches_in_one_ontology_is_told(index: Index, tmp_path: Path) -> None:
    rows = ("x:1\ta\tskos:exactMatch\tCL:0000540\tneuron\t", "x:1\ta\tskos:exactMatch\tCL:0000034\tstem cell\t")
    assert "x:1 has 2 exact matches in CL" in findings(index, tmp_path, *rows)[0]


def test_a_close_match_and_a_negative_row_are_not_counted_as_exact(index: Index, tmp_path: Path) -> None:
    rows = ("x:1\ta\tskos:exactMatch\tCL:0000540\tneuron\t", "x:2\tb\tskos:closeMatch\tCL:0000540\tneuron\t",
            "x:3\tc\tskos:exactMatch\tCL:0000540\tneuron\tNot")  # fmt: skip
    assert not findings(index, tmp_path, *rows)


def test_what_cannot_be_checked_is_counted(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "mine.sssom.tsv"
    rows = ("x:1\ta\tskos:exactMatch\tNCIT:C1\tthing\t", "x:1\ta\tskos:exactMatch\tsssom:NoTermFound\t\t",
            "x:2\tb\tskos:exactMatch\tCL:0000540\tneuron\t")  # fmt: skip
    path.write_text(HEADER + "".join(row + "\n" for row in rows))
    review = review_mappings(path, index)
    assert (review.rows, review.checked) == (3, 1)
    assert "2 not checked" in review.words()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing\n",
        "a\tb\n1\t2\n",
        HEADER + "x:1\ta\tskos:exactMatch\n",
        HEADER + 'x:1\t"a\tskos:exactMatch\tCL:1\tb\t\n',
    ],
)
def test_a_file_that_is_no_sssom_or_is_cut_is_refused(index: Index, tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.sssom.tsv"
    path.write_text(text)
    with pytest.raises(SourceError, match=r"mine\.sssom\.tsv"):
        review_mappings(path, index)
