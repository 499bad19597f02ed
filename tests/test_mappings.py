"""Mappings: what a file may say, and what the graph keeps of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.catalogue import find_query, select
from kg.errors import SourceError
from kg.namespaces import compress
from kg.ontology import ontology_quads
from kg.ontology.mapping_rules import COLUMNS, NOT_FOUND
from kg.ontology.mappings import mapping_faults, mapping_quads, read_mappings
from kg.paths import ontology_folder
from kg.rdf import graph_iri
from kg.store import LocalStore

HEAD = """\
#mapping_set_id: https://w3id.org/ctmo/mappings/cells.sssom.tsv
#mapping_set_version: 2026-11-25
#license: https://creativecommons.org/licenses/by/4.0/
#mapping_set_title: "Cells: what others call them"
#subject_source: ctmo:ctmo.owl
#curie_map:
#  CL: http://purl.obolibrary.org/obo/CL_
#  MESH: http://id.nlm.nih.gov/mesh/
#  ctmo: https://w3id.org/ctmo/
#  obo: http://purl.obolibrary.org/obo/
#  registry: https://example.org/registry/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: http://www.w3.org/2004/02/skos/core#
#  sssom: https://w3id.org/sssom/
"""
LABELS = {"CL:0000134": "mesenchymal stem cell", "ctmo:0000002": "induced cell"}
TAIL = ("semapv:ManualMappingCuration", "The mechtrail developers")
STEM = ("CL:0000134", LABELS["CL:0000134"])
INDUCED = ("ctmo:0000002", LABELS["ctmo:0000002"])
ROWS = [
    [*STEM, "skos:closeMatch", "MESH:D044982", "Mesenchymal", *TAIL, "registry:mesh", "", "2026-11-25", ""],
    [*STEM, "skos:exactMatch", "MESH:D059630", "Mesenchymal Stem Cells", *TAIL, "registry:mesh", "2026", "2026-11-25",
     'they say "stem", not "stromal"'],
    [*INDUCED, "skos:broadMatch", "CL:0000034", "stem cell", *TAIL, "obo:cl", "", "2026-11-25", ""],
    [*INDUCED, "skos:exactMatch", NOT_FOUND, "", *TAIL, "obo:cl", "2026-03-26", "2026-11-25", "label and synonyms"],
    [*INDUCED, "skos:exactMatch", NOT_FOUND, "", *TAIL, "registry:mesh", "", "2026-11-25", "label"],
]  # fmt: skip
GRAPH = graph_iri("mappings", "cells")
FIRST = HEAD.count("\n") + 2  # the line of the first row


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if '"' in cell else cell


def _file(folder: Path, rows: list[list[str]], head: str = HEAD, columns: list[str] = COLUMNS) -> Path:
    path = folder / "cells.sssom.tsv"
    path.write_text(head + "".join("\t".join(map(_quoted, row)) + "\n" for row in (columns, *rows)), encoding="utf-8")
    return path


def _changed(row: int, **cells: str) -> list[list[str]]:
    rows = [list(each) for each in ROWS]
    for column, value in cells.items():
        rows[row][COLUMNS.index(column)] = value
    return rows


def test_every_row_and_every_cell_comes_in(tmp_path: Path) -> None:
    mapping_set = read_mappings(_file(tmp_path, ROWS), LABELS)
    assert [[getattr(row, name) for name in COLUMNS] for row in mapping_set.rows] == ROWS
    assert mapping_set.header["mapping_set_title"] == "Cells: what others call them"
    assert mapping_set.curie_map["registry"] == "https://example.org/registry/"


@pytest.mark.parametrize(
    ("row", "cells", "message"),
    [
        (
            0,
            {"subject_label": "stromal cell"},
            "subject_label: CL:0000134 has the label 'mesenchymal stem cell', found",
        ),
        (0, {"subject_id": "CL:0000135"}, "subject_id: CL:0000135 is no term of the table; nearest: CL:0000134 mesen"),
        (0, {"predicate_id": ""}, "predicate_id: is missing"),
        (0, {"predicate_id": "skos:closematch"}, "expected one of: .*; nearest: skos:closeMatch"),
        (0, {"predicate_id": "owl:equivalentClass"}, "the curie_map has no prefix 'owl'"),
        (0, {"object_id": "NCIT:C1"}, "object_id: found 'NCIT:C1', and the curie_map has no prefix 'NCIT'"),
        (0, {"object_id": "http://id.nlm.nih.gov/mesh/D1"}, "object_id: found 'http.*', expected a CURIE"),
        (0, {"object_id": "ctmo:0000009"}, "a mapping leads to another vocabulary"),
        (0, {"object_id": "CL:0000134", "object_source": "obo:cl"}, "a mapping leads to another vocabulary"),
        (0, {"object_label": ""}, "object_label: is missing"),
        (0, {"object_label": "Mesenchymal "}, "with spaces around it"),
        (0, {"object_source": "mesh"}, "object_source: found 'mesh', expected a CURIE"),
        (0, {"object_source": "obo:cl"}, "object_source: found 'obo:cl' for an object of MESH"),
        (0, {"mapping_justification": "semapv:HandMade"}, "mapping_justification: found .*, expected one of"),
        (0, {"mapping_date": "2026-11-31"}, "mapping_date: found '2026-11-31', expected a day"),
        (0, {"mapping_date": "25.11.2026"}, "mapping_date: found"),
        (0, {"author_label": ""}, "author_label: is missing"),
        (0, {"predicate_id": "skos:exactMatch"}, ""),
        (
            3,
            {"object_label": "stem cell"},
            "object_label: found 'stem cell' beside sssom:NoTermFound, expected nothing",
        ),
        (3, {"comment": ""}, "comment: is missing; beside sssom:NoTermFound it says where was searched"),
        (3, {"object_source": ""}, "object_source: is missing"),
        (1, {"object_id": "MESH:D044982"}, "predicate_id: line 16 maps the same two by skos:closeMatch"),
        (4, {"object_source": "obo:cl"}, "the same mapping stands in line 19"),
        (2, {"predicate_id": "skos:exactMatch"}, "nothing found in obo:cl, but line 18 has a match there"),
        (2, {"subject_id": "CL:0000134", "subject_label": STEM[1]}, "comes after CL:0000134 skos:exactMatch MESH"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(tmp_path: Path, row: int, cells: dict[str, str], message: str) -> None:
    path = _file(tmp_path, _changed(row, **cells))
    if not message:
        assert mapping_faults(path, LABELS) == []
        return
    faults = [f"{fault.line}: {fault.field}: {fault.message}" for fault in mapping_faults(path, LABELS)]
    assert any(re.search(message, fault) for fault in faults), faults
    with pytest.raises(SourceError, match=r"^cells\.sssom\.tsv:\d+: "):
        read_mappings(path, LABELS)


def test_the_line_is_that_of_the_row_and_all_faults_are_told(tmp_path: Path) -> None:
    rows = _changed(1, mapping_date="soon")
    rows[4][COLUMNS.index("comment")] = ""
    path = _file(tmp_path, rows)
    assert [(fault.line, fault.field) for fault in mapping_faults(path, LABELS)] == [
        (FIRST + 1, "mapping_date"),
        (FIRST + 4, "comment"),
    ]
    with pytest.raises(SourceError, match=rf":{FIRST + 1}: mapping_date: found 'soon'.* \(and 1 more\)"):
        read_mappings(path, LABELS)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#license: ", "#licence: ", "3: licence: unknown key; nearest: license"),
        ("#mapping_set_version: 2026-11-25\n", "", "1: mapping_set_version: is missing in the header"),
        ("version: 2026-11-25", "version: latest", "2: mapping_set_version: found 'latest', expected a day"),
        ("mappings/cells", "mappings/tissues", "1: mapping_set_id: found .*, expected '.*/cells.sssom.tsv'"),
        ("ctmo:ctmo.owl", "https://w3id.org/ctmo/ctmo.owl", "5: subject_source: found .*, expected 'ctmo:ctmo.owl'"),
        ("#  ctmo: https://w3id.org/ctmo/\n", "", "5: subject_source: the curie_map has no prefix 'ctmo'"),
        ("license: https", "license: CC BY https", "3: license: found 'CC BY .*', expected an IRI"),
        ("obo/CL_", "obo/CL", "7: curie_map.CL: found .*, expected an IRI that ends in"),
        ("http://id.nlm.nih.gov", "https://id.nlm.nih.gov", "8: curie_map.MESH: found .* as everywhere"),
    ],
)
def test_a_wrong_header_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in HEAD
    path = _file(tmp_path, ROWS, HEAD.replace(old, new, 1))
    faults = [f"{fault.line}: {fault.field}: {fault.message}" for fault in mapping_faults(path, LABELS)]
    assert any(re.match(message, fault) for fault in faults), faults


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "1: header: is missing"),
        ("subject_id\tpredicate_id\n", "1: header: is missing"),
        (HEAD, "14: has no table"),
        ("#a: 1\n#a: 2\n", "2: a: the key stands twice"),
        ("#curie_map:\n#  CL: x\n#  CL: y\n", "3: curie_map.CL: the key stands twice"),
        ("#a: &x 1\n#b: *x\n", "2: b: an alias .* is not allowed"),
        ("#a: !!python/name:os.system x\n", "1: a: the tag .* is not allowed"),
        ("#a: [1, 2]\n", "1: a: expected one value"),
        ("#a: b: c\n", "1: header: not valid YAML"),
        ("#- a\n", "1: expected keys and values"),
        ("\ufeff" + HEAD, "1: found a byte order mark"),
        (HEAD.replace("\n", "\r\n"), "1: found a line end of two signs"),
        (HEAD + "subject_id\tcomment\nCL:1\t\n\nCL:2\t\n", "17: found a blank line"),
        (HEAD + 'subject_id\tcomment\nCL:1\t"a\nb"\n', "16: found a value of several lines"),
        (HEAD + 'subject_id\tcomment\nCL:1\t"a" and b\n', "16: not a tab-separated table: .*; a value with"),
    ],
)
def test_what_is_no_sssom_is_refused_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "cells.sssom.tsv"
    path.write_bytes(content.encode())
    with pytest.raises(SourceError, match=rf"^cells\.sssom\.tsv:{message}"):
        mapping_faults(path, LABELS)


@pytest.mark.parametrize(
    ("columns", "messages"),
    [
        ([*COLUMNS[:-1], "coment"], {"coment: unknown column; nearest: comment", "comment: the column is missing"}),
        ([*COLUMNS, "comment"], {"comment: the column stands twice"}),
        (COLUMNS[:-1], {"comment: the column is missing"}),
    ],
)
def test_wrong_columns_are_named(tmp_path: Path, columns: list[str], messages: set[str]) -> None:
    faults = mapping_faults(_file(tmp_path, [], columns=columns), LABELS)
    assert messages == {f"{fault.field}: {fault.message}" for fault in faults}
    assert {fault.line for fault in faults} == {FIRST - 1}


def test_columns_in_another_order_and_short_rows_are_named(tmp_path: Path) -> None:
    (fault,) = mapping_faults(_file(tmp_path, [], columns=COLUMNS[::-1]), LABELS)
    assert "expected the order" in fault.message
    (fault,) = mapping_faults(_file(tmp_path, [ROWS[0][:-1]]), LABELS)
    assert (fault.line, fault.message) == (FIRST, "found 10 cells, expected 11")


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    """The mappings above, with the labels that the question needs."""
    store = LocalStore.in_memory()
    store.extend(mapping_quads(read_mappings(_file(tmp_path, ROWS), LABELS), GRAPH))
    vocabulary = ontology_folder() / "mappings-vocabulary.ttl"
    store.extend(ox.parse(path=str(vocabulary), format=ox.RdfFormat.TURTLE))
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    for curie, words in LABELS.items():
        iri = curie.replace("CL:", "http://purl.obolibrary.org/obo/CL_").replace("ctmo:", "https://w3id.org/ctmo/")
        store.extend([ox.Quad(ox.NamedNode(iri), label, ox.Literal(words, language="en"), GRAPH)])
    return store


def test_every_row_is_a_row_of_the_answer_with_all_that_it_said(store: LocalStore) -> None:
    answer = [
        [compress(getattr(row[name], "value", "")) if row[name] is not None else "" for name in range(11)]
        for row in select(store, find_query("terms/mappings"))
    ]
    assert len(answer) == len(ROWS)
    assert [row[2] for row in answer if row[0] == "ctmo:0000002"] == ["broad match", *["no match found in"] * 2]
    exact = next(row for row in answer if row[2] == "exact match")
    assert exact == ["CL:0000134", "mesenchymal stem cell", "exact match", "MESH:D059630", "Mesenchymal Stem Cells",
                     "https://example.org/registry/mesh", "2026", "semapv:ManualMappingCuration",
                     "The mechtrail developers", "2026-11-25", 'they say "stem", not "stromal"']  # fmt: skip
    nothing = next(row for row in answer if row[2] == "no match found in")
    assert (nothing[3:7], nothing[10]) == (
        ["", "", "http://purl.obolibrary.org/obo/cl", "2026-03-26"],
        "label and synonyms",
    )


def test_the_question_can_be_asked_of_one_term(store: LocalStore) -> None:
    term = ox.NamedNode("http://purl.obolibrary.org/obo/CL_0000134")
    assert len(list(select(store, find_query("terms/mappings"), term=term))) == 2


def test_the_card_of_a_term_shows_its_matches(store: LocalStore) -> None:
    term = ox.NamedNode("http://purl.obolibrary.org/obo/CL_0000134")
    rows = [(row["what"].value, row["value"].value) for row in select(store, find_query("terms/card"), term=term)]
    assert rows == [
        ("label", "mesenchymal stem cell"),
        ("exact match", "Mesenchymal Stem Cells <http://id.nlm.nih.gov/mesh/D059630>"),
        ("close match", "Mesenchymal <http://id.nlm.nih.gov/mesh/D044982>"),
    ]


def test_nothing_found_never_becomes_a_match(tmp_path: Path) -> None:
    quads = list(mapping_quads(read_mappings(_file(tmp_path, ROWS), LABELS), GRAPH))
    direct = [quad for quad in quads if "skos" in quad.predicate.value]
    assert len(direct) == len([row for row in ROWS if row[3] != NOT_FOUND])
    assert not [quad for quad in direct if "NoTermFound" in str(quad.object)]
    targets = [quad for quad in quads if quad.predicate.value.endswith("annotatedTarget")]
    assert len(targets) == len(ROWS)
    assert not [quad for quad in targets if "NoTermFound" in str(quad.object)]


def test_the_same_file_gives_the_same_quads(tmp_path: Path) -> None:
    first, second = (list(mapping_quads(read_mappings(_file(tmp_path, ROWS), LABELS), GRAPH)) for _ in "ab")
    assert first == second
    assert len({quad.subject for quad in first if isinstance(quad.subject, ox.BlankNode)}) == len(ROWS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the ontology that a test may break."""
    return Path(shutil.copytree(ontology_folder(), tmp_path / "ontology"))


def test_the_ontology_has_the_mappings_in_graphs_of_their_own(folder: Path) -> None:
    shutil.rmtree(folder / "mappings")
    without = set(map(str, ontology_quads(folder)))
    whole = set(map(str, ontology_quads()))
    assert without < whole
    assert all("/graph/mappings/" in quad for quad in whole - without)


@pytest.mark.parametrize("name", ["no-such-table.sssom.tsv", "tissues.tsv"])
def test_a_mapping_file_has_the_name_of_its_table(folder: Path, name: str) -> None:
    shutil.copy(folder / "mappings" / "tissues.sssom.tsv", folder / "mappings" / name)
    with pytest.raises(SourceError, match=rf"^{name}: expected the name of a table in terms/"):
        list(ontology_quads(folder))


def test_a_term_that_is_renamed_is_missed_in_its_mappings(folder: Path) -> None:
    table = folder / "terms" / "tissues.tsv"
    table.write_text(table.read_text(encoding="utf-8").replace("\tplacenta\t", "\tafterbirth\t"), encoding="utf-8")
    with pytest.raises(SourceError, match=r"tissues\.sssom\.tsv:\d+: subject_label: UBERON:0001987 has the label 'aft"):
        list(ontology_quads(folder))
