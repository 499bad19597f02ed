"""SSSOM mappings of other people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, SourceError
from kg.gate import open_file
from kg.knowledge import sssom
from kg.namespaces import CTMO, PREFIXES
from tests.conftest import SHARED
from tests.knowledge import Result, load, member

HEADER = """#curie_map:
#  CL: http://purl.obolibrary.org/obo/CL_
#  X: https://x.example/
#  BAD: no address
#  COLON: https://x.example/c:
#mapping_set_id: https://x.example/set.sssom.tsv
#mapping_set_version: "3"
#license: https://creativecommons.org/publicdomain/zero/1.0/
#subject_source: X:mine
"""
COLUMNS = "subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tconfidence"
GOOD = "X:1\tcell\tskos:exactMatch\t\tCL:0000001\tsemapv:ManualMappingCuration\t0.9"
EXACT, SSSOM, OWL = PREFIXES["skos"] + "exactMatch", PREFIXES["sssom"], PREFIXES["owl"]


def table(*rows: str, header: str = HEADER, columns: str = COLUMNS) -> Result:
    content = header + "\n".join([columns, *rows]) + "\n"
    return load(sssom.read, member(content.encode(), "m.sssom.tsv"))


def row(**cells: str) -> str:
    names = COLUMNS.split("\t")
    return "\t".join(cells.get(name, cell) for name, cell in zip(names, GOOD.split("\t"), strict=True))


def test_a_mapping_gives_its_triple_and_who_says_so() -> None:
    result = table(GOOD)
    triples = result.triples()
    assert ("<https://x.example/1>", EXACT, "<http://purl.obolibrary.org/obo/CL_0000001>") in triples
    assert result.values(OWL + "annotatedSource") == ["https://x.example/1"]
    assert result.values(SSSOM + "confidence") == ["0.9"]
    assert result.values(SSSOM + "mapping_source") == ["https://x.example/set.sssom.tsv"]
    assert PREFIXES["semapv"] + "ManualMappingCuration" in result.values(SSSOM + "mapping_justification")
    assert result.values(PREFIXES["dcterms"] + "license") == ["https://creativecommons.org/publicdomain/zero/1.0/"]


def test_what_the_header_says_of_each_row_is_said_of_each_row() -> None:
    assert table(GOOD, row(subject_id="X:2")).values(SSSOM + "subject_source") == ["https://x.example/mine"] * 3


@pytest.mark.parametrize(
    "cells",
    [
        {"predicate_modifier": "Not"},
        {"object_id": "sssom:NoTermFound"},
    ],
)
def test_a_mapping_that_says_no_gives_no_triple_between_its_ends(cells: dict[str, str]) -> None:
    result = table(row(**cells))
    assert len(result.pieces) == 2
    assert EXACT not in {predicate for _, predicate, _ in result.triples()}
    assert OWL + "Axiom" not in result.values(PREFIXES["rdf"] + "type")
    assert result.values(OWL + "annotatedProperty") == [EXACT]


def test_a_negative_mapping_says_that_it_is_one() -> None:
    assert table(row(predicate_modifier="Not")).values(SSSOM + "predicate_modifier") == [SSSOM + "NegatedPredicate"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"subject_id": ""}, "subject_id: has no value"),
        ({"object_id": "CL0000001"}, "expected a prefix and a name"),
        ({"object_id": "CLL:1"}, "no prefix 'CLL'; nearest: CL"),
        ({"object_id": "BAD:1"}, "together they are no address"),
        ({"object_id": "CL:a b"}, "together they are no address"),
        ({"mapping_justification": ""}, "mapping_justification: has no value"),
        ({"predicate_modifier": "not"}, "expected Not or nothing"),
        ({"predicate_id": CTMO + "secretes"}, "is a relation of ours"),
        ({"predicate_id": CTMO + "status"}, "is a property of ours"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_line(cells: dict[str, str], reason: str) -> None:
    result = table(GOOD, row(**cells), row(subject_id="X:3"))
    assert [(each.record, each.line) for each in result.refused] == [("row 2", 12)]
    assert reason in result.refused[0].reason
    assert len(result.pieces) == 3


@pytest.mark.parametrize("confidence", ["high", "1.5", "-0.1", "NaN", "Infinity", "0,9", "1e999"])
def test_a_confidence_that_is_none_is_left_out_and_told_and_the_row_is_kept(confidence: str) -> None:
    result = table(row(confidence=confidence))
    assert [(each.record, each.part) for each in result.ignored] == [("row 1", "confidence")]
    assert result.values(EXACT) == ["http://purl.obolibrary.org/obo/CL_0000001"]
    assert result.values(SSSOM + "confidence") == []


@pytest.mark.parametrize("confidence", ["0", "1", "1.0", "0.95", ".5", "1e-3"])
def test_a_confidence_from_0_to_1_is_kept(confidence: str) -> None:
    assert table(row(confidence=confidence)).values(SSSOM + "confidence") == [confidence]


def test_a_stray_quotation_mark_cannot_merge_rows() -> None:
    result = table(row(subject_label='5" cell'), row(subject_id="X:2", subject_label='"cell'), row(subject_id="X:3"))
    assert len(result.pieces) == 4
    assert result.values(SSSOM + "subject_label") == ['"cell', '5" cell', "cell"]


def test_quotation_marks_around_a_cell_are_taken_off() -> None:
    assert table(row(subject_label='"a ""b"" c"')).values(SSSOM + "subject_label") == ['a "b" c']


def test_a_line_broken_within_quotation_marks_is_two_refused_rows() -> None:
    before, after = row(subject_label='"a\nb"').split("\n")
    assert [each.record for each in table(before, after, GOOD).refused] == ["row 1", "row 2"]


def test_a_row_that_stands_twice_is_refused_once() -> None:
    result = table(GOOD, GOOD, row(confidence="0.5"))
    assert [each.reason for each in result.refused] == ["says the same as row 1"]
    assert len(result.pieces) == 3


def test_an_unknown_column_is_told_with_the_nearest_slot() -> None:
    result = table(GOOD + "\tx", columns=COLUMNS + "\tobject_lable")
    assert [(each.part, each.reason) for each in result.ignored] == [
        ("object_lable", "no slot of SSSOM, in the table; nearest: object_label")
    ]


def test_several_values_are_parted_and_a_text_may_hold_the_sign() -> None:
    columns = COLUMNS + "\tauthor_label\tcomment"
    result = table(GOOD + "\tA|B\\|C\tone | two", columns=columns)
    assert result.values(SSSOM + "author_label") == ["A", "B|C"]
    assert result.values(PREFIXES["rdfs"] + "comment") == ["one | two"]


def test_a_subject_that_is_a_text_gives_the_record_only() -> None:
    result = table(row(subject_id=""), header=HEADER + "#subject_type: rdfs literal\n")
    assert result.values(SSSOM + "subject_label") == ["cell"]
    assert EXACT not in {predicate for _, predicate, _ in result.triples()}


def test_a_prefix_may_end_in_a_colon() -> None:
    assert table(row(object_id="COLON:7")).values(EXACT) == ["https://x.example/c:7"]


@pytest.mark.parametrize("column", ["predicate_id", "mapping_justification"])
def test_a_table_without_a_required_column_is_refused_whole(column: str) -> None:
    with pytest.raises(SourceError, match=f"{column}: the column is missing, which SSSOM requires; nearest: {column}s"):
        table(GOOD, columns=COLUMNS.replace(column, column + "s"))


def test_a_header_may_stand_in_a_file_beside_the_table(tmp_path: Path) -> None:
    (tmp_path / "m.sssom.yml").write_text(HEADER.replace("#", ""), encoding="utf-8")
    path = tmp_path / "m.sssom.tsv"
    path.write_text(f"{COLUMNS}\n{GOOD}\n", encoding="utf-8")
    assert sssom.accepts(open_file(path))
    assert len(load(sssom.read, open_file(path)).pieces) == 2


def test_a_table_without_any_header_is_refused() -> None:
    with pytest.raises(SourceError, match=r"m\.sssom\.tsv:1: header: is missing"):
        table(GOOD, header="")


def test_json_says_the_same() -> None:
    mapping = dict(zip(COLUMNS.split("\t"), GOOD.split("\t"), strict=True))
    mapping = {slot: value for slot, value in mapping.items() if value}
    document = {
        "@context": {"CL": "http://purl.obolibrary.org/obo/CL_", "X": {"@id": "https://x.example/"}},
        "mapping_set_id": "https://x.example/set.sssom.tsv",
        "mapping_set_version": "3",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "subject_source": "X:mine",
        "mappings": [mapping | {"confidence": 0.9}, 7],
    }
    source = member(json.dumps(document).encode(), "m.sssom.tsv")
    result = load(sssom.read, source)
    assert sssom.accepts(source)
    assert result.triples() == table(GOOD).triples()
    assert [each.record for each in result.refused] == ["row 2"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"#curie_map: [1\nx\ty",
        b"#a: 1\n#a: 2\npredicate_id\tmapping_justification\n",
        b"#a: &x 1\n#b: *x\npredicate_id\tmapping_justification\n",
        b"#curie_map: 7\npredicate_id\tmapping_justification\n",
        b"#just words\npredicate_id\tmapping_justification\n",
        b"#a: 1\npredicate_id\tpredicate_id\tmapping_justification\n",
        b"#a: 1\n\xff\xfe",
        b'{"mappings": 7, "predicate_id": 1}',
        b'{"mappings": [',
        b'{"curie_map": {"a": 1}, "mappings": []}',
        b'{"mappings": ' + b"[" * 3000,
    ],
)
def test_a_broken_file_is_refused_with_an_error_of_ours(content: bytes) -> None:
    sssom.accepts(member(content, "m.tsv"))
    with pytest.raises(KgError):
        load(sssom.read, member(content, "m.tsv"))


@given(st.lists(st.text(alphabet='ab:"\t|\\ ', min_size=1, max_size=40).filter(str.strip), max_size=6))
def test_each_line_comes_out_as_a_piece_or_is_refused(lines: list[str]) -> None:
    result = table(*lines)
    assert len(result.pieces) - 1 + len(result.refused) == len(lines)


ROWS = {
    "cl/cl-fbbt.sssom.tsv": 83,
    "mondo/mondo_exactmatch_icd10cm.sssom.tsv": 2038,
    "mondo/mondo_exactmatch_mesh.sssom.tsv.gz": 8181,
    "mondo/mondo_exactmatch_ncit.sssom.tsv.gz": 7304,
    "mondo/mondo_hasdbxref_hp.sssom.tsv": 579,
    "sssom/biomappings-negative.sssom.tsv.gz": 1887,
    "sssom/biomappings-positive.sssom.tsv.gz": 12441,
}


@pytest.mark.skipif(not (SHARED / "external").is_dir(), reason="the mapping files are not on this machine")
@pytest.mark.parametrize(("name", "rows"), ROWS.items(), ids=list(ROWS))
def test_as_many_rows_come_out_of_a_real_file_as_are_in_it(name: str, rows: int) -> None:
    file = open_file(SHARED / "external" / name)
    result = load(sssom.read, file)
    assert sssom.accepts(file)
    assert (len(result.pieces) - 1, result.refused, result.ignored) == (rows, [], [])
    plain = [each for each in result.values(PREFIXES["rdf"] + "type") if each == OWL + "Axiom"]
    assert len(plain) == (0 if "negative" in name else rows)


@pytest.mark.skipif(not (SHARED / "external").is_dir(), reason="the mapping files are not on this machine")
def test_a_set_of_the_old_form_without_justifications_is_refused() -> None:
    with pytest.raises(SourceError, match="mapping_justification: the column is missing"):
        load(sssom.read, open_file(SHARED / "external" / "ncit" / "ncit.sssom.tsv"))


@pytest.mark.skipif(not (SHARED / "curation").is_dir(), reason="the verified mappings are not on this machine")
def test_mappings_of_texts_are_read() -> None:
    result = load(sssom.read, open_file(SHARED / "curation" / "verified_terms.sssom.tsv"))
    text = (SHARED / "curation" / "verified_terms.sssom.tsv").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")][1:]
    assert len(result.pieces) + len(result.refused) == len(rows)
