"""Checks of the term tables: each bad row is named with table and line, and a good one passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.ontology import HEADER, TEMPLATE
from kg.ontology.checks import check_terms
from kg.ontology.external import read_ontology
from kg.ontology.external.shelf import Shelf
from tests.conftest import DATA

TOY = DATA / "ontologies"
ROUND = "ctmo:0000001\tround thing\t\tA thing of a test that has no corner."
SLICE = """@prefix CL: <http://purl.obolibrary.org/obo/CL_> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
CL:9900001 a owl:Class ; rdfs:label "toy cell"@en .
CL:9900002 a owl:Class ; rdfs:label "round toy cell"@en ; rdfs:subClassOf CL:9900001 .
CL:9900003 a owl:Class ; rdfs:label "square toy cell"@en ; rdfs:subClassOf CL:9900001 .
CL:9900005 a owl:Class ; rdfs:label "obsolete oval toy cell"@en ; owl:deprecated true ;
  <http://purl.obolibrary.org/obo/IAO_0100001> CL:9900002 .
"""


def _row(short: str) -> str:
    """Give a full row from id, label, parents, definition and exact synonyms."""
    curie, label, parents, definition, synonyms = (short.split("\t") + [""] * 4)[:5]
    source = "mechtrail" if definition else ""
    return "\t".join([curie, label, "owl:Class", parents, "property", definition, source, synonyms, "", ""])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "terms").mkdir()
    return tmp_path


def _write(folder: Path, **tables: list[str]) -> None:
    for name, rows in tables.items():
        lines = ["\t".join(HEADER), "\t".join(TEMPLATE), *map(_row, rows)]
        (folder / "terms" / f"{name}.tsv").write_text("\n".join(lines) + "\n")


def _found(folder: Path, *files: str) -> list[str]:
    shelf = Shelf(found for file in files if (found := read_ontology(TOY / file))) if files else None
    return [f"{problem.where}: {problem.message}" for problem in check_terms(folder, shelf)]


def test_good_tables_have_no_problem(folder: Path) -> None:
    same_head = (
        "ctmo:0000003\tround red thing\tctmo:0000001\tA round thing that is painted in a colour like that of blood."
    )
    other = (
        "ctmo:0000004\tround blue thing\tctmo:0000001\tA round thing that is painted in a colour like that of the sky."
    )
    _write(folder, a=[ROUND, same_head, other], b=["CL:9900001\ttoy cell\t\t\tcell of play|ball"])
    assert _found(folder) == []


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        (
            ["ctmo:0000002\tx\tctmo:0000010\tA."],
            4,
            "its parent ctmo:0000010 is no term of a table; nearest: ctmo:00000",
        ),
        (["ctmo:0000001\tx\t\tA."], 4, "the id stands already in a.tsv:3, for 'round thing'"),
        (["ctmo:0000002\tRound THING\t\tA."], 4, "the label stands already in a.tsv:3, for ctmo:0000001"),
        (
            ["ctmo:0000002\tx\t\tA.\tROUND thing"],
            4,
            "its exact synonym 'ROUND thing' is the label of ctmo:0000001 in a.tsv:3",
        ),
        (
            ["ctmo:0000002\tx\t\tA.\tball", "ctmo:0000003\ty\t\tB.\tBall"],
            5,
            "has the exact synonym 'Ball' of ctmo:0000002 'x' in a.tsv:4",
        ),
        (["ctmo:2\tx\t\tA."], 4, "found another form of id, expected ctmo: and seven digits"),
        (["CL:9900001\ttoy cell\t\tA cell."], 4, "a term of another ontology keeps its definition there"),
        (["ctmo:0000002\tx\tctmo:0000002\tA."], 4, "stands above itself: ctmo:0000002 -> ctmo:0000002"),
        (
            ["ctmo:0000002\tx\tctmo:0000003\tA.", "ctmo:0000003\ty\tctmo:0000002\tB."],
            4,
            "stands above itself: ctmo:0000002 -> ctmo:0000003 -> ctmo:0000002",
        ),
        (
            [
                "ctmo:0000002\tx\tctmo:0000001\tA round thing of wood.",
                "ctmo:0000003\ty\tctmo:0000001\tA ROUND thing, of wood",
            ],
            5,
            "has the definition of ctmo:0000002 'x' in a.tsv:4; say what differs",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_line(folder: Path, rows: list[str], line: int, message: str) -> None:
    _write(folder, a=[ROUND, *rows])
    (found,) = _found(folder)
    assert found.startswith(f"a.tsv:{line}: ")
    assert message in found


def test_rows_of_two_tables_are_compared(folder: Path) -> None:
    _write(folder, a=[ROUND], b=["ctmo:0000101\tround thing\tctmo:0000001\tB."])
    assert _found(folder) == [
        "b.tsv:3: ctmo:0000101 'round thing': the label stands already in a.tsv:3, for ctmo:0000001"
    ]


def test_the_same_synonym_twice_in_one_row_is_no_clash(folder: Path) -> None:
    _write(folder, a=["ctmo:0000001\tround thing\t\tA thing.\tball|Ball|round thing"])
    assert _found(folder) == []


# Import slices


@pytest.fixture
def sliced(folder: Path) -> Path:
    (folder / "imports").mkdir()
    (folder / "imports" / "CL.ttl").write_text(SLICE)
    return folder


def test_terms_as_the_slices_have_them_have_no_problem(sliced: Path) -> None:
    rows = ["CL:9900001\ttoy cell", "CL:9900002\tround toy cell\tCL:9900001|ctmo:0000001", ROUND]
    _write(sliced, a=rows)
    assert _found(sliced) == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("CL:9900009\tno cell", "CL:9900009 'no cell' is not in imports/CL.ttl; run `mechtrail ontology import`"),
        ("CL:9900002\tball cell", "CL:9900002 has the label 'ball cell' here and 'round toy cell' in imports/CL.ttl"),
        ("CL:9900005\tobsolete oval toy cell", "is obsolete in imports/CL.ttl; use CL:9900002 'round toy cell'"),
        (
            "CL:9900002\tround toy cell\tCL:9900003",
            "its parent CL:9900003 'square toy cell' does not stand above it in CL",
        ),
    ],
)
def test_a_term_that_the_slices_have_otherwise_is_named(sliced: Path, row: str, message: str) -> None:
    _write(sliced, a=["CL:9900003\tsquare toy cell", row])
    (found,) = _found(sliced)
    assert found.startswith("a.tsv:4: ")
    assert message in found


def test_a_label_in_hand_written_turtle_is_held_against_the_slices(sliced: Path) -> None:
    _write(sliced, a=[ROUND])
    core = SLICE.splitlines()[:3]
    (sliced / "core.ttl").write_text("\n".join([*core, 'CL:9900001 a owl:Class ; rdfs:label "play cell"@en .', ""]))
    assert _found(sliced) == ["core.ttl:4: CL:9900001 has the label 'play cell' here and 'toy cell' in imports/CL.ttl"]


# Ontology files


def test_terms_as_the_files_have_them_have_no_problem(folder: Path) -> None:
    _write(folder, a=["CL:9900001\ttoy cell", "CL:9900002\tround toy cell\tCL:9900001", ROUND])
    assert _found(folder, "toy.obo") == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("CL:9900010\tx", "CL:9900010 'x' stands in no file at hand"),
        ("CL:9900010\tToy Cell", "CL:9900010 'Toy Cell' stands in no file at hand; CL:9900001 has that label"),
        (
            "CL:9900005\tobsolete oval toy cell",
            "is obsolete in cl, version 2026-02-03; use CL:9900002 'round toy cell' (CL:9900005 -> CL:9900006 -> CL:99",
        ),
        ("CL:9900001\tplay cell", "has the label 'play cell', but in cl, version 2026-02-03 it is 'toy cell'"),
        (
            "ctmo:0000002\tx\t\tSeen often: toy cell without corners, rolling WELL down a road.",
            "its definition shares 'toy cell without corners rolling well down a' with CL:9900002",
        ),
    ],
)
def test_what_the_files_have_otherwise_is_named(folder: Path, row: str, message: str) -> None:
    _write(folder, a=[ROUND, row])
    (problem,) = _found(folder, "toy.obo")
    assert problem.startswith("a.tsv:4: ")
    assert message in problem


def test_seven_words_in_a_row_are_nobodys_and_nor_is_the_label_of_the_parent(folder: Path) -> None:
    seven = "ctmo:0000002\tx\t\tSeen often: toy cell without corners, rolling well up the hill."
    genus = "ctmo:0000003\ttoy cell without corners\t\tThe other one."
    below = "ctmo:0000004\ty\tctmo:0000003\tA toy cell without corners, rolling well down a hill."
    _write(folder, a=[seven, genus, below])
    assert _found(folder, "toy.obo") == []


def test_the_packaged_tables_have_no_problem() -> None:
    assert [str(problem) for problem in check_terms()] == []
