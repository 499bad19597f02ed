"""Ontology files of other people: every format says the same, traps are refused, and slices are cut out of them."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.cli import command_line
from kg.errors import InputError, KgError, NotFoundError, SourceError
from kg.ontology.external import Entry, Meaning, OntologyFile, Some, Synonym, iri_of, read_ontologies, read_ontology
from kg.ontology.external.files import layout_of, read_bytes
from kg.ontology.external.shelf import Shelf
from kg.ontology.slices import make_slices
from kg.ontology.turtle_writer import format_turtle
from kg.ontology.uses import our_labels, read_uses
from kg.paths import ontology_folder
from kg.reason import check_ontology, java_is_there
from tests.conftest import DATA, SHARED

TOY = DATA / "ontologies"
WITH_AXIOMS = ["toy.obo", "toy.ttl", "toy-rdf.owl", "toy-xml.owl", "toy-functional.owl", "toy-graphs.json"]
NEEDS_HORNED_OWL = {"toy-xml.owl", "toy-functional.owl"}


def _read(path: Path, content: bytes | None = None) -> OntologyFile:
    if path.name in NEEDS_HORNED_OWL:
        pytest.importorskip("pyhornedowl", reason="py-horned-owl reads this syntax")
    found = read_ontology(path, content)
    assert found is not None
    return found


# Formats


@pytest.mark.parametrize("name", WITH_AXIOMS)
def test_every_format_says_the_same(name: str) -> None:
    file = _read(TOY / name)
    assert (file.name, file.version, file.date) == ("cl", "2026-02-03", "2026-02-03")
    assert file.licence == "https://creativecommons.org/publicdomain/zero/1.0/"
    cell = Entry(iri_of("CL:9900001"), label="toy cell", definition="A unit that a test made up.")
    assert file.entries[cell.iri] == cell
    square = () if name == "toy-graphs.json" else (iri_of("CL:9900003"),)  # the layout carries no disjointness
    round_cell = Entry(
        iri_of("CL:9900002"),
        label="round toy cell",
        parents=(cell.iri,),
        relations=(Some(iri_of("BFO:0000050"), iri_of("UBERON:9900001")),),
        disjoint=square,
        definition='A toy cell without corners, "rolling" well down a hill.',
        synonyms=(Synonym("ball", "exact"), Synonym('small "marble"', "related"), Synonym("thing", "broad")),
        xrefs=("TOY:1",),
        merged=(iri_of("CL:9900007"),),
    )
    assert replace(file.entries[round_cell.iri], left_out=()) == round_cell
    meaning = Meaning((round_cell.iri,), (Some(iri_of("RO:0002215"), iri_of("GO:9900001")),))
    active = Entry(iri_of("CL:9900004"), label="active round toy cell", parents=(round_cell.iri,), meanings=(meaning,))
    assert file.entries[active.iri] == active
    oval = file.entries[iri_of("CL:9900005")]
    assert (oval.deprecated, oval.replaced_by) == (True, (iri_of("CL:9900006"),))
    capable = Entry(
        iri_of("RO:0002215"),
        "object property",
        label="capable of",
        parents=(iri_of("RO:9900001"),),
        domains=(cell.iri,),
        ranges=(iri_of("GO:9900001"),),
    )
    assert file.entries[capable.iri] == capable


@pytest.mark.parametrize(
    ("name", "term", "left_out"),
    [
        ("toy.ttl", "CL:9900003", ("definitions by axioms of other kinds",)),
        ("toy.obo", "CL:9900003", ("clauses 'union_of'", "clauses 'union_of'")),
        ("toy.obo", "CL:9900002", ("qualified relations",)),
        ("toy-resource.json", "GO:9900002", ("relations named without an identifier",)),
    ],
)
def test_an_axiom_without_a_place_is_counted(name: str, term: str, left_out: tuple[str, ...]) -> None:
    assert _read(TOY / name).entries[iri_of(term)].left_out == left_out


@pytest.mark.parametrize("name", [path.name for path in sorted(TOY.iterdir())])
def test_the_ending_says_nothing_and_gzip_changes_nothing(name: str, tmp_path: Path) -> None:
    plain = _read(TOY / name)
    disguised = tmp_path / name.replace(".", "_")
    disguised.write_bytes(gzip.compress((TOY / name).read_bytes(), mtime=0))
    if name in NEEDS_HORNED_OWL or not name.startswith("CL-"):
        again = _read(disguised)
        assert dict(again.entries) == dict(plain.entries)
        assert (again.name, again.version) == (plain.name, plain.version)


def test_a_list_takes_name_and_version_from_its_file_name_and_parents_from_the_nearest_ancestors() -> None:
    file = _read(TOY / "CL-ontology-v2026-01-05.json")
    assert (file.name, file.version, file.date, file.depth) == ("cl", "2026-01-05", "2026-01-05", 1)
    assert file.entries[iri_of("CL:9900004")].parents == (iri_of("CL:9900002"), iri_of("CL:9900003"))
    assert file.entries[iri_of("CL:9900002")].synonyms == (Synonym("ball", "exact"),)


def test_a_list_of_body_parts_gives_no_parents_for_they_may_be_wholes() -> None:
    body = {"label": "toy body", "deprecated": False, "ancestors": {}}
    hand = {"label": "toy hand", "deprecated": False, "ancestors": {"UBERON:9900001": 1}}
    content = json.dumps({"UBERON:9900001": body, "UBERON:9900002": hand}).encode()
    file = _read(Path("UBERON-ontology-v2026-01-05.json"), content)
    assert (file.depth, file.entries[iri_of("UBERON:9900002")].parents) == (0, ())


def test_a_resource_gives_merged_terms_as_obsolete_ones() -> None:
    file = _read(TOY / "toy-resource.json")
    assert (file.name, file.version, file.depth) == ("go", "", 1)
    process = file.entries[iri_of("GO:9900002")]
    assert (process.parents, process.xrefs) == ((iri_of("GO:9900001"),), ("TOY:2",))
    assert process.synonyms == (Synonym("toy rolling"),)  # of what scope the layout does not say
    merged = file.entries[iri_of("GO:9900009")]
    assert (merged.deprecated, merged.replaced_by) == (True, (iri_of("GO:9900002"),))


def test_an_obo_file_may_leave_out_its_version_and_merge_terms() -> None:
    content = b"""ontology: cl

[Term]
id: CL:9900001
name: toy cell
alt_id: CL:9900008
creation_date: 2025-07-02T10:00:00Z
relationship: never_meets CL:9900002
is_a: CL:9900003 {gci_relation="part_of", gci_filler="UBERON:9900001"}

[Typedef]
id: never_meets
is_metadata_tag: true
"""
    file = _read(Path("x"), content)
    assert (file.version, file.date) == ("", "2025-07-02")
    assert file.title() == "cl, no version stated, newest term of 2025-07-02"
    assert file.entries[iri_of("CL:9900008")].replaced_by == (iri_of("CL:9900001"),)
    left_out = ("qualified parents", "relations about the class, not its members")
    toy = Entry(iri_of("CL:9900001"), label="toy cell", merged=(iri_of("CL:9900008"),), left_out=left_out)
    assert file.entries[toy.iri] == toy


# What is refused

RDF = (
    '<?xml version="1.0"?>\n{}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:owl="http://www.w3.org/2002/07/owl#">'
    '<owl:Class rdf:about="http://purl.obolibrary.org/obo/CL_9900001"><rdfs:label>{}</rdfs:label></owl:Class></rdf:RDF>'
)
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>\n"
)
OBO = b"format-version: 1.2\n\n[Term]\nid: CL:9900001\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (RDF.format(LAUGHS, "&j;"), "x:2: entity 'b' is made of other entities"),
        (RDF.format(f'<!DOCTYPE x [<!ENTITY a "{"x" * 900}">]>', "&a;" * 100_000), "amplification"),
        (RDF.format('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"), "points outside the file"),
        (RDF.format('<!DOCTYPE x [<!ENTITY % a "x">]>', "x"), "or is a parameter"),
        (RDF.format("", "x")[:-3], "x:2: not valid XML: .*; is the file cut?"),
        (RDF.format("", "<b>" * 300), "nested more than 200 deep"),
        ("<!DOCTYPE html>\n<html><body>Not found<br></body></html>", "an HTML page, not an ontology"),
        ("<html><body>Not found</body></html>", "an HTML page, not an ontology"),
        (RDF.format("", "x").encode("utf-16"), "found UTF-16, expected UTF-8"),
        ("@prefix a: <http://x/> .\na:b a a:c", "x:2: not valid RDF"),
        (b'{"CL:9900001": {"label"', "x:1: not valid JSON: .*; is the file cut?"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"CL:1": {"label": 5, "deprecated": false}}', "label: .*CL_1: found '5', expected str"),
        (b'{"graphs": [{"nodes": [{"id": 5}]}]}', "not as its layout has it: found '5', expected text"),
        (b'{"nodes": [{"id": "x", "lbl": "\\ud800"}], "edges": []}', "x:1: found .*, half a character"),
        (OBO + b"name: toy ce", "x:5: ends in the middle of a line"),
        (OBO + b"toy cell\n", "x:5: found 'toy cell', expected 'tag: value'"),
        (OBO + b"name: \xe9\n", "x:5: not UTF-8 text"),
        (b"format-version: 1.2\n\n[Term]\nname: toy cell\n", r"x:3: id: a \[Term\] stanza without an id"),
        (b"Ontology(<http://x>\n" + b"A(" * 300 + b")" * 301, "x:2: brackets nested more than 200 deep"),
        (b"Ontology(<http://x>\nDeclaration(Class(<http://x#a>))\n", "a bracket is not closed; is the file cut?"),
        (b"\x1f\x8b" + bytes(50), "not valid gzip"),
        (gzip.compress(OBO, mtime=0)[:-4], "the gzip file is cut"),
        (gzip.compress(OBO, mtime=0) + b"left over", "not valid gzip"),
    ],
)
def test_what_is_cut_or_a_trap_is_refused_with_a_reason(tmp_path: Path, content: bytes | str, message: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(SourceError, match=message):
        read_ontology(path)


def test_no_cut_of_an_rdf_file_is_taken_for_the_whole() -> None:
    whole = RDF.format("", "toy cell").encode()
    assert len(_read(Path("x"), whole).entries) == 1
    taken = []
    for end in range(len(whole)):
        try:
            taken.append(read_ontology(Path("x"), whole[:end]))
        except SourceError:
            continue
    assert [each for each in taken if each is not None] == []


def test_a_file_that_unpacks_to_more_than_any_ontology_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(100_000), mtime=0))
    assert len(read_bytes(path, largest=100_000)) == 100_000
    with pytest.raises(SourceError, match="holds more than 99,999 bytes"):
        read_bytes(path, largest=99_999)


def test_functional_syntax_that_is_wrong_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyhornedowl", reason="py-horned-owl reads this syntax")
    path = tmp_path / "x"
    path.write_text("Ontology(no such thing)\n")
    with pytest.raises(SourceError, match=r"x: not valid OWL \(ofn\)"):
        read_ontology(path)


def test_without_py_horned_owl_its_syntaxes_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyhornedowl", None)
    for name in NEEDS_HORNED_OWL:
        with pytest.raises(KgError, match=rf"{name}: .*pip install 'mechtrail\[ontologies\]'"):
            read_ontology(TOY / name)


def test_class_expressions_that_hold_themselves_or_go_deep_end() -> None:
    start = "@prefix o: <http://www.w3.org/2002/07/owl#> . @prefix r: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    term = "<http://purl.obolibrary.org/obo/CL_9900001> a o:Class ; <http://www.w3.org/2000/01/rdf-schema#subClassOf> "
    within = "_:x . _:x o:intersectionOf _:l . _:l r:first _:x ; r:rest _:l ."
    deep = "[ o:intersectionOf ( " * 2000 + "<http://purl.obolibrary.org/obo/CL_9900002>" + " ) ]" * 2000 + " ."
    for axiom, parents in ((within, ()), (deep, (iri_of("CL:9900002"),))):
        entry = _read(Path("x"), (start + term + axiom).encode()).entries[iri_of("CL:9900001")]
        assert entry.parents == parents


@pytest.mark.parametrize("content", [b"", b"subject_id\tobject_id\n", b"# a note\n", bytes(100), b"id: x\nname: y\n"])
def test_what_is_no_ontology_has_no_layout(content: bytes) -> None:
    assert layout_of(content) == ""


def test_in_a_folder_other_files_may_lie_but_a_file_that_is_named_must_be_an_ontology(tmp_path: Path) -> None:
    shutil.copy(TOY / "toy.obo", tmp_path)
    (tmp_path / "notes.txt").write_text("no ontology\n")
    (tmp_path / "other.json").write_text('{"CL:9900001": 5}')
    (tmp_path / "fly.obo").write_text("format-version: 1.2\n\n[Term]\nid: FBbt:00000001\n")
    read = read_ontologies([tmp_path], {"CL"})
    assert [Path(file.path).name for file in read.ontologies] == ["toy.obo"]
    assert (read.no_ontology, read.of_no_use) == (["notes.txt", "other.json"], ["fly.obo"])
    for name in ("notes.txt", "other.json"):
        with pytest.raises(KgError, match=name):
            read_ontologies([tmp_path / name], {"CL"})
    with pytest.raises(NotFoundError):
        read_ontologies([tmp_path / "absent"], {"CL"})


# Which file speaks


def _file(name: str, date: str, entries: Iterable[Entry], *, depth: int = 2, layout: str = "OBO") -> OntologyFile:
    path = f"{name} {date} {depth}"
    return OntologyFile(path, layout, name, date, date, depth=depth, entries={entry.iri: entry for entry in entries})


CELL, ROUND, TISSUE = iri_of("CL:9900001"), iri_of("CL:9900002"), iri_of("UBERON:9900001")


def test_axioms_come_from_the_newest_file_that_has_any_and_labels_from_the_newest_of_all() -> None:
    old = _file("cl", "2020-01-01", [Entry(ROUND, label="ball cell", parents=(CELL,))])
    new = _file("cl/cl-basic", "2024-01-01", [Entry(ROUND, label="bullet cell", parents=(CELL,))])
    names = _file("cl", "2026-01-01", [Entry(ROUND, label="round cell")], depth=0)
    other = _file("maxo", "2027-01-01", [Entry(ROUND, label="other cell", parents=(TISSUE,))])
    shelf = Shelf([other, old, names, new])
    speaking = shelf.speaking(ROUND)
    assert speaking is not None
    assert speaking[0] == new
    assert shelf.label(ROUND) == "round cell"
    assert Shelf([other]).label(ROUND) == "other cell"


def test_an_import_of_an_ontology_speaks_for_it_where_its_own_files_are_older() -> None:
    own = _file("uberon/subsets/small", "", [Entry(TISSUE, parents=(CELL,))])
    module = _file("mondo/imports/uberon_import", "2021-08-03", [Entry(TISSUE, parents=(ROUND,))])
    speaking = Shelf([own, module]).speaking(TISSUE)
    assert speaking is not None
    assert speaking[0] == module
    assert (own.about("UBERON"), module.about("UBERON"), module.about("MONDO")) == (2, 1, 0)


def test_a_list_without_a_version_is_newer_than_a_file_that_lacks_its_identifiers() -> None:
    terms = [Entry(iri_of(f"GO:990000{i}"), label=f"old {i}") for i in range(5)]
    dated = _file("go", "2022-07-01", terms)
    living = [replace(terms[0], label="new 0"), Entry(iri_of("GO:9900009"), label="new 9")]
    shelf = Shelf([dated, _file("go", "", living, depth=1, layout="resource")])
    assert shelf.label(terms[0].iri) == "new 0"
    shelf = Shelf([dated, _file("go", "", living[:1], depth=1, layout="resource")])
    assert shelf.label(terms[0].iri) == "old 0"


def test_an_editors_file_gets_the_parents_that_a_release_was_classified_with() -> None:
    square = iri_of("CL:9900003")
    part = (Some(iri_of("BFO:0000050"), square),)
    edited = replace(_file("cl", "2026-08-14", [Entry(ROUND, parents=(CELL,), relations=part)]), version="")
    release = _file("cl", "2026-03-26", [Entry(ROUND, parents=(CELL, TISSUE, square))], depth=1)
    assert Shelf([edited, release]).parents(ROUND) == {CELL: edited, TISSUE: release}
    assert Shelf([replace(edited, version="2026-08-14"), release]).parents(ROUND).keys() == {CELL}


def test_a_chain_of_replacements_is_followed_to_its_end_and_a_circle_is_survived() -> None:
    def gone(term: str, *instead: str) -> Entry:
        return Entry(iri_of(term), deprecated=True, replaced_by=tuple(map(iri_of, instead)))

    entries = [gone("CL:1", "CL:2"), gone("CL:2", "CL:3"), Entry(iri_of("CL:3"), label="x"), gone("CL:4")]
    entries += [gone("CL:5", "CL:6"), gone("CL:6", "CL:5"), gone("CL:7", "CL:7")]
    shelf = Shelf([_file("cl", "2026-01-01", entries)])
    assert shelf.fate(iri_of("CL:1")).chain == tuple(map(iri_of, ("CL:1", "CL:2", "CL:3")))
    ends = {term: shelf.fate(iri_of(term)) for term in ("CL:1", "CL:3", "CL:4", "CL:5", "CL:7")}
    assert [(fate.end[-1:], fate.circle) for fate in ends.values()] == [
        ("3", False), ("3", False), ("", False), ("", True), ("", True),
    ]  # fmt: skip


# Slices


def _slices(used: Iterable[str], *names: str) -> dict[str, str]:
    return make_slices(map(iri_of, used), Shelf([_read(TOY / name) for name in names])).text_of_prefix


def _triples(*texts: str) -> set[str]:
    """Give the triples between IRIs and literals, short."""
    found = set()
    for text in texts:
        for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE):
            if not isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.BlankNode):
                ends = (quad.subject.value, quad.predicate.value, quad.object.value)
                found.add(" ".join(end.rstrip("/").rpartition("/")[2].rpartition("#")[2] for end in ends))
    return found


@pytest.mark.parametrize("name", WITH_AXIOMS)
def test_a_used_term_brings_what_stands_above_it_its_axioms_and_the_labels_of_their_ends(name: str) -> None:
    texts = _slices(["CL:9900004"], name)
    assert texts.keys() == {"CL", "GO", "RO"}
    said = _triples(*texts.values())
    title = "cl, version 2026-02-03"
    assert said == {
        "CL_9900001 type Class",
        "CL_9900001 label toy cell",
        "CL_9900002 type Class",
        "CL_9900002 label round toy cell",
        "CL_9900002 subClassOf CL_9900001",
        "CL_9900004 type Class",
        "CL_9900004 label active round toy cell",
        "CL_9900004 subClassOf CL_9900002",
        "GO_9900001 type Class",
        "GO_9900001 label toy process",
        "RO_0002215 type ObjectProperty",
        "RO_0002215 label capable of",
        f"CL source axioms of 3 terms: {title}",
        f"CL source labels of 3 terms: {title}",
        f"GO source labels of 1 term: {title}",
        f"RO source labels of 1 term: {title}",
        *(f"{prefix} license 1.0" for prefix in texts),  # CC0, as the file says
    }
    assert "CL:9900002" in texts["CL"].partition("owl:intersectionOf (")[2]
    assert "owl:onProperty RO:0002215" in texts["CL"]
    assert "owl:someValuesFrom GO:9900001" in texts["CL"]
    assert all(format_turtle(text) == text for text in texts.values())


def test_a_used_relation_brings_what_stands_above_it_its_ends_and_their_hierarchy() -> None:
    texts = _slices(["RO:0002215"], "toy.obo")
    said = _triples(texts["RO"], texts["CL"])
    assert {
        "RO_0002215 subPropertyOf RO_9900001",
        "RO_0002215 domain CL_9900001",
        "RO_0002215 range GO_9900001",
        "RO_9900001 label related in a toy way",
        "CL_9900001 label toy cell",
    } <= said


def test_two_classes_that_exclude_each_other_say_so_once_and_only_if_both_are_there() -> None:
    assert "CL_9900002 disjointWith CL_9900003" in _triples(_slices(["CL:9900002", "CL:9900003"], "toy.ttl")["CL"])
    assert "disjointWith" not in _slices(["CL:9900002"], "toy.ttl")["CL"]


def test_slices_hold_no_sentence_of_others() -> None:
    used = [f"CL:990000{i}" for i in range(1, 7)]
    for text in _slices(used, "toy.obo").values():
        assert "made up" not in text
        assert "corners" not in text
        assert "ball" not in text


def test_an_obsolete_term_is_carried_as_one_with_its_replacement() -> None:
    said = _triples(_slices(["CL:9900005"], "toy.ttl")["CL"])
    assert {"CL_9900005 deprecated true", "CL_9900005 IAO_0100001 CL_9900006"} <= said


def test_an_obsolete_parent_is_passed_over_and_a_circle_of_parents_ends() -> None:
    middle, top, side = iri_of("CL:9900003"), iri_of("CL:9900004"), iri_of("CL:9900005")
    file = _file(
        "cl",
        "2026-01-01",
        [
            Entry(ROUND, label="round", parents=(middle, side)),
            Entry(middle, label="old", deprecated=True, parents=(top,)),
            Entry(top, label="top"),
            Entry(side, label="side", parents=(CELL,)),
            Entry(CELL, label="cell", parents=(side,)),
        ],
    )
    said = _triples(make_slices([ROUND], Shelf([file])).text_of_prefix["CL"])
    parents = {line for line in said if "subClassOf" in line}
    assert parents == {
        "CL_9900002 subClassOf CL_9900004",
        "CL_9900002 subClassOf CL_9900005",
        "CL_9900001 subClassOf CL_9900005",
        "CL_9900005 subClassOf CL_9900001",
    }


def test_a_parent_that_follows_from_another_is_not_repeated() -> None:
    top = iri_of("CL:9900003")
    entries = [
        Entry(ROUND, label="round", parents=(CELL, top)),
        Entry(CELL, label="cell", parents=(top,)),
        Entry(top, label="top"),
    ]
    said = _triples(make_slices([ROUND], Shelf([_file("cl", "2026-01-01", entries)])).text_of_prefix["CL"])
    assert {line for line in said if "subClassOf" in line} == {
        "CL_9900002 subClassOf CL_9900001",
        "CL_9900001 subClassOf CL_9900003",
    }


def test_of_two_classes_with_one_label_the_one_we_use_stays() -> None:
    entries = [Entry(ROUND, label="Thing", parents=(CELL,)), Entry(CELL, label="thing", parents=(TISSUE,))]
    entries.append(Entry(TISSUE, label="tissue"))
    slices = make_slices([ROUND], Shelf([_file("cl", "2026-01-01", entries)]))
    assert "CL_9900002 subClassOf UBERON_9900001" in _triples(slices.text_of_prefix["CL"])
    assert "CL_9900001" not in str(_triples(*slices.text_of_prefix.values()))
    assert slices.left_out["CL"]["classes with the label of another class; those above stand for them"] == 1
    assert slices.doubled == {CELL: ROUND}


def test_a_class_with_the_label_of_one_of_ours_is_left_out_unless_we_use_it() -> None:
    shelf = Shelf(
        [_file("cl", "2026-01-01", [Entry(ROUND, label="round", parents=(CELL,)), Entry(CELL, label="Cell")])]
    )
    labels = {"cell": "https://w3id.org/ctmo/0000001"}
    assert "CL_9900001" not in make_slices([ROUND], shelf, labels=labels).text_of_prefix["CL"]
    assert make_slices([ROUND], shelf, labels=labels).doubled == {CELL: labels["cell"]}
    assert "CL:9900001" in make_slices([ROUND, CELL], shelf, labels=labels).text_of_prefix["CL"]


def test_what_is_left_out_is_counted_and_what_is_missing_is_named() -> None:
    used = map(iri_of, ("CL:9900003", "CL:9900002", "CL:9999999"))
    slices = make_slices(used, Shelf([_read(TOY / "toy.obo")]))
    assert slices.left_out["CL"] == {"clauses 'union_of'": 2, "qualified relations": 1}
    assert slices.missing == [iri_of("CL:9999999")]


def test_a_relation_without_an_identifier_is_found_by_its_label_in_ro() -> None:
    term = Entry(ROUND, label="round", relations=(Some("part of", TISSUE), Some("unheard of", TISSUE)))
    part_of = Entry(iri_of("BFO:0000050"), "object property", label="part of")
    shelf = Shelf([_file("cl", "2026-01-01", [term, Entry(TISSUE, label="tissue")]), _file("ro", "2026", [part_of])])
    slices = make_slices([ROUND], shelf)
    assert "owl:onProperty BFO:0000050" in slices.text_of_prefix["CL"]
    assert sum(slices.left_out["CL"].values()) == 1


# Command line


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An ontology of one table, with a place for its slices."""
    (tmp_path / "core.ttl").write_text("<x:a> <x:b> <x:c> .\n")
    (tmp_path / "terms").mkdir()
    return tmp_path


def _table(home: Path, *rows: tuple[str, str]) -> None:
    head = (ontology_folder() / "terms" / "tissues.tsv").read_text(encoding="utf-8").splitlines()[:2]
    lines = [f"{curie}\t{label}\towl:Class\t\tproperty\t\t\t\t\t" for curie, label in rows]
    (home / "terms" / "a.tsv").write_text("\n".join([*head, *lines]) + "\n")


def _import(home: Path, *words: str) -> int:
    arguments = ["ontology", "import", str(TOY / "toy.obo"), "--folder", str(home / "imports"), *words]
    parsed = vars(command_line().parse_args(arguments))
    run = parsed.pop("run")
    try:
        run(**parsed)
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def test_import_writes_slices_once_and_check_writes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _table(home, ("CL:9900002", "round toy cell"))
    assert _import(home, "--check") == 1
    assert not (home / "imports").exists()
    assert "CL.ttl: is not what the files give" in capsys.readouterr().out
    assert _import(home) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "CL: left out 1 qualified relations" in said.err
    files = {path.name: path.read_bytes() for path in (home / "imports").iterdir()}
    assert files.keys() == {"BFO.ttl", "CL.ttl", "UBERON.ttl"}
    assert _import(home, "--check") == 0
    _table(home, ("CL:9900002", "round toy cell"), ("CL:9900003", "square toy cell"))
    assert _import(home, "--check") == 1
    assert {path.name: path.read_bytes() for path in (home / "imports").iterdir()} == files


def test_a_slice_whose_ontology_is_not_among_the_files_stays_and_still_speaks(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of one ontology names a few terms of others: what it says of them must not take the place of a slice."""
    _table(home, ("CL:9900002", "round toy cell"), ("UBERON:9900001", "toy organ"))
    assert _import(home) in (0, 1)
    richer = (home / "imports" / "UBERON.ttl").read_text().rstrip(" .\n") + " ;\n    a owl:Thing .\n"
    (home / "imports" / "UBERON.ttl").write_text(richer)
    before = (home / "imports" / "CL.ttl").read_text()
    capsys.readouterr()
    _import(home)
    said = capsys.readouterr()
    assert "no file of UBERON is here: their terms are not looked at, and their slices stay" in said.err
    assert "UBERON" not in said.out
    assert (home / "imports" / "UBERON.ttl").read_text() == richer
    assert (home / "imports" / "CL.ttl").read_text() == before


def test_files_of_no_ontology_that_we_use_are_refused(home: Path) -> None:
    _table(home, ("UBERON:9900001", "toy organ"))
    with pytest.raises(InputError, match="found cl, expected a file of an ontology that we use: UBERON"):
        _import(home)
    assert not (home / "imports").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [("<html><body>Not found</body></html>", "an HTML page"), ("format-version: 1.2\n", "holds no term of")],
)
def test_a_named_file_of_no_use_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "x.owl"
    path.write_text(content)
    with pytest.raises(KgError, match=message):
        read_ontologies([path], ["CL"])
    assert read_ontologies([tmp_path], ["CL"]).of_no_use == ["x.owl"]


def test_a_slice_of_which_nothing_is_used_any_more_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _table(home, ("CL:9900001", "toy cell"))
    assert _import(home) == 0
    (home / "imports" / "GO.ttl").write_text("")
    assert _import(home) == 1
    assert "GO.ttl: holds no term that we use; delete it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("CL:9999999", "x"), "a.tsv:3: CL:9999999 'x' stands in no file at hand"),
        (("CL:9900005", "obsolete oval toy cell"), "is obsolete in cl, version 2026-02-03; use CL:9900002"),
        (("CL:9900001", "play cell"), "has the label 'play cell', but in cl, version 2026-02-03 it is 'toy cell'"),
    ],
)
def test_import_tells_of_terms_that_are_missing_obsolete_or_named_otherwise(
    home: Path, capsys: pytest.CaptureFixture[str], row: tuple[str, str], message: str
) -> None:
    _table(home, row)
    assert _import(home) == 1
    assert message in capsys.readouterr().out


# The packaged slices


def _with(subject: str, relation: str, target: str) -> bytes:
    things = (("https://x.example/1", subject), ("https://x.example/2", target))
    kinds = "".join(
        f"<{thing}> <{ox.NamedNode('http://www.w3.org/1999/02/22-rdf-syntax-ns#type').value}> <{iri_of(kind)}> .\n"
        for thing, kind in things
    )
    return f"{kinds}<{things[0][0]}> <{iri_of(relation)}> <{things[1][0]}> .\n".encode()


@pytest.mark.java
@pytest.mark.skipif(not java_is_there(), reason="no Java on this machine")
@pytest.mark.parametrize(
    ("relation", "is_consistent"),
    [("RO:0002304", False), ("RO:0002598", True)],  # between processes; of a thing that is capable of a process
)
def test_a_cell_in_a_relation_between_processes_is_a_contradiction(relation: str, is_consistent: bool) -> None:
    problems = check_ontology(_with("CL:0000134", relation, "GO:0016477"))
    assert (problems == []) is is_consistent


@pytest.mark.skipif(not (SHARED / "external").is_dir(), reason="the ontology files are not on this machine")
def test_the_packaged_slices_are_cut_from_the_ontology_files() -> None:
    pytest.importorskip("pyhornedowl", reason="py-horned-owl reads the editors' file of CL")
    from kg.ontology.external import EXTERNAL_PREFIXES

    shelf = Shelf(read_ontologies([SHARED / "external"], EXTERNAL_PREFIXES).ontologies)
    slices = make_slices((use.iri for use in read_uses()), shelf, labels=our_labels())
    folder = ontology_folder() / "imports"
    assert slices.missing == []
    assert sorted(path.stem for path in folder.glob("*.ttl")) == sorted(slices.text_of_prefix)
    for prefix, text in slices.text_of_prefix.items():
        assert (folder / f"{prefix}.ttl").read_text(encoding="utf-8") == text, prefix
