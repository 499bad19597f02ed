"""Ontology files of other people as triples."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError, KgError
from kg.gate import Member, open_file
from kg.knowledge import Piece, ontology
from kg.model.intake import Ignored, Refused
from kg.namespaces import CTMO, PREFIXES
from kg.ontology.external import iri_of

SHARED = Path(__file__).parents[2] / "shared"
DATA = Path(__file__).parent / "data" / "ontologies"
FORMATS = ["toy.obo", "toy.ttl", "toy-rdf.owl", "toy-xml.owl", "toy-functional.owl", "toy-graphs.json"]
OWL, RDFS, IN_OWL = PREFIXES["owl"], PREFIXES["rdfs"], PREFIXES["oboInOwl"]


def member(content: bytes, name: str = "x.obo") -> Member:
    return Member(name, Path(name), content[:65_536], lambda: content)


def toy(name: str) -> Member:
    if name in ("toy-xml.owl", "toy-functional.owl"):
        pytest.importorskip("pyhornedowl", reason="py-horned-owl reads this syntax")
    return open_file(DATA / name)


def pieces(content: bytes | Member) -> dict[str, set[tuple[str, str, str]]]:
    found = ontology.read(content if isinstance(content, Member) else member(content))
    return {
        piece.record: {(str(t.subject), t.predicate.value, str(t.object)) for t in piece.triples}
        for piece in found
        if isinstance(piece, Piece)
    }


def said(content: bytes | Member, term: str) -> dict[str, set[str]]:
    """Give what is said of a term: predicate -> values."""
    found: dict[str, set[str]] = {}
    for subject, predicate, value in pieces(content)[iri_of(term)]:
        if subject == f"<{iri_of(term)}>":
            found.setdefault(predicate, set()).add(value.strip('<>"'))
    return found


OBO = b"""format-version: 1.2
ontology: toy
import: http://example.org/other.owl

"""


# What becomes of a term


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_names_synonyms_with_scope_xrefs_and_merged_identifiers(name: str) -> None:
    cell = said(toy(name), "CL:9900002")
    assert cell[RDFS + "label"] == {"round toy cell"}
    assert cell[IN_OWL + "hasExactSynonym"] == {"ball"}
    assert cell[IN_OWL + "hasBroadSynonym"] == {"thing"}
    assert len(cell[IN_OWL + "hasRelatedSynonym"]) == 1
    assert cell[IN_OWL + "hasDbXref"] == {"TOY:1"}
    assert cell[IN_OWL + "hasAlternativeId"] == {iri_of("CL:9900007")}


@pytest.mark.parametrize("name", FORMATS)
def test_a_restriction_stays_one_and_makes_no_edge(name: str) -> None:
    triples = pieces(toy(name))[iri_of("CL:9900002")]
    part_of, body = f"<{iri_of('BFO:0000050')}>", f"<{iri_of('UBERON:9900001')}>"
    blank = next(subject for subject, predicate, value in triples if value == body and predicate.endswith("ValuesFrom"))
    assert blank.startswith("_:")
    assert (blank, OWL + "onProperty", part_of) in triples
    assert (f"<{iri_of('CL:9900002')}>", RDFS + "subClassOf", blank) in triples
    assert iri_of("BFO:0000050") not in {predicate for _, predicate, _ in triples}


@pytest.mark.parametrize("name", FORMATS)
def test_a_definition_by_axiom_is_written_whole(name: str) -> None:
    triples = pieces(toy(name))[iri_of("CL:9900004")]

    def after(node: str, local: str) -> str:
        return next(
            value for subject, predicate, value in triples if subject == node and predicate.endswith("#" + local)
        )

    first = after(after(f"<{iri_of('CL:9900004')}>", "equivalentClass"), "intersectionOf")
    assert after(first, "first") == f"<{iri_of('CL:9900002')}>"
    second = after(first, "rest")
    assert after(second, "rest").endswith("#nil>")
    assert after(after(second, "first"), "onProperty") == f"<{iri_of('RO:0002215')}>"
    assert after(after(second, "first"), "someValuesFrom") == f"<{iri_of('GO:9900001')}>"


@pytest.mark.parametrize("name", FORMATS)
def test_no_definition_of_another_ontology_is_kept_and_that_is_told_once(name: str) -> None:
    results = list(ontology.read(toy(name)))
    assert "made up" not in "".join(str(t) for each in results if isinstance(each, Piece) for t in each.triples)
    told = [each for each in results if isinstance(each, Ignored) and "definitions in words" in each.part]
    assert [each.part for each in told] == ["2 definitions in words"]


def test_the_header_says_version_and_licence() -> None:
    header = pieces(toy("toy.ttl"))["http://purl.obolibrary.org/obo/cl.owl"]
    values = {predicate: value for _, predicate, value in header}
    assert values[OWL + "versionInfo"] == '"2026-02-03"'
    assert values[OWL + "versionIRI"] == "<http://purl.obolibrary.org/obo/cl/releases/2026-02-03/toy.owl>"
    assert values[PREFIXES["dcterms"] + "license"] == "<https://creativecommons.org/publicdomain/zero/1.0/>"


def test_imports_are_told_and_not_followed() -> None:
    results = list(ontology.read(member(OBO + b"[Term]\nid: CL:1\nname: a\n")))
    assert Ignored("x.obo", "owl:imports <http://example.org/other.owl>", "files that a file names are never fetched; "
                   "load it by itself") in results  # fmt: skip


# Obsolete terms


def obsolete(*links: tuple[str, str]) -> bytes:
    frames = [
        f"[Term]\nid: {one}\nis_obsolete: true\n" + (f"replaced_by: {two}\n" if two else "") for one, two in links
    ]
    return OBO + "\n".join([*frames, "[Term]\nid: CL:9\nname: living\n"]).encode()


def test_a_chain_of_replacements_is_followed_to_its_living_end() -> None:
    content = obsolete(("CL:1", "CL:2"), ("CL:2", "CL:3"), ("CL:3", "CL:9"))
    for term in ("CL:1", "CL:2", "CL:3"):
        assert said(content, term)[CTMO + "livingReplacement"] == {iri_of("CL:9")}
    assert CTMO + "livingReplacement" not in said(content, "CL:9")


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ([("CL:1", "CL:1")], "in a circle"),
        ([("CL:1", "CL:2"), ("CL:2", "CL:3"), ("CL:3", "CL:2")], "in a circle"),
        ([("CL:1", "CL:2"), ("CL:2", "")], "obsolete without one"),
    ],
)
def test_a_chain_without_a_living_end_is_told(links: list[tuple[str, str]], words: str) -> None:
    results = list(ontology.read(member(obsolete(*links))))
    told = [each for each in results if isinstance(each, Ignored) and each.part == "livingReplacement"]
    assert words in told[0].reason
    assert told[0].record == iri_of("CL:1")
    assert CTMO + "livingReplacement" not in said(obsolete(*links), "CL:1")


def test_whether_a_replacement_in_another_ontology_lives_is_not_known() -> None:
    term = said(obsolete(("EFO:1", "MONDO:7")), "EFO:1")
    assert term[iri_of("IAO:0100001")] == {iri_of("MONDO:7")}
    assert CTMO + "livingReplacement" not in term
    assert term[OWL + "deprecated"] == {'true"^^<http://www.w3.org/2001/XMLSchema#boolean'}


# What is refused


def test_a_term_without_an_identifier_is_refused_and_the_rest_is_read() -> None:
    content = OBO + b"[Term]\nid: CL:1\nname: a\nrelationship: made_of CL:2\n\n[Typedef]\nid: made_of\nname: made of\n"
    results = list(ontology.read(member(content)))
    assert [each.record for each in results if isinstance(each, Refused)] == ["made of"]
    assert any(isinstance(each, Ignored) and each.part.startswith("1 relations named without") for each in results)
    assert iri_of("CL:1") in pieces(content)


def test_a_term_of_ours_is_not_taken_from_another_file_nor_a_relation_equated_with_one() -> None:
    content = f"""@prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . @prefix c: <{CTMO}> .
<http://x.org/o> a owl:Ontology . c:secretes a owl:ObjectProperty ; rdfs:label "mine" .
<http://x.org/p> a owl:ObjectProperty ; rdfs:subPropertyOf c:secretes , <http://x.org/q> ."""
    results = list(ontology.read(member(content.encode(), "x.ttl")))
    assert [each.record for each in results if isinstance(each, Refused)] == [CTMO + "secretes"]
    parents = {t[2] for t in pieces(member(content.encode(), "x.ttl"))["http://x.org/p"] if "subProperty" in t[1]}
    assert parents == {"<http://x.org/q>"}
    assert any(isinstance(each, Ignored) and "equate" in each.part for each in results)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"graphs": [{"nodes": [{"id": 7}]}]}',
        b'{"graphs": [{"nodes": [{"id": "http://x/a", "meta": {"synonyms": [{"pred": 1, "val": 2}]}}]}]}',
        b'{"CL:1": {"label": "a", "deprecated": false, "synonyms": [null]}}',
        b'[{"id": "1", "name": "a", "namespace": "go", "xrefs": [{"id": 1}]}]',
        b'{"graphs": ' + b"[" * 5000,
        b"[Term]\nid: CL:1\nname",
        b"<html><body>not found</body></html>",
        b"@prefix x: <x:> . x:a a <http://www.w3.org/2002/07/owl#Class> ; <p q> 1 .",
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>',
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Desc',
    ],
)
def test_a_broken_file_is_refused_with_an_error_of_ours(content: bytes) -> None:
    ontology.accepts(member(content))
    with pytest.raises(KgError):
        list(ontology.read(member(content)))


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    ontology.accepts(member(content))
    with contextlib.suppress(InputError):
        list(ontology.read(member(b"ontology: x\n\n[Term]\nid: CL:1\n" + content + b"\n")))


def test_the_same_file_gives_the_same_triples_and_two_files_share_no_blank_node() -> None:
    content = (DATA / "toy.obo").read_bytes()
    first, again, other = (list(ontology.read(member(content, name))) for name in ("a", "a", "b"))
    assert first == again

    def blanks(results: list[Piece | Refused | Ignored]) -> set[str]:
        triples = (t for each in results if isinstance(each, Piece) for t in each.triples)
        return {str(t.subject) for t in triples if isinstance(t.subject, ox.BlankNode)}

    assert blanks(first)
    assert not blanks(first) & blanks(other)


# Real files


def counted(content: bytes) -> int:
    """Count the terms of a file in another way than the reader does: by its text, or by its RDF."""
    if content.lstrip()[:1] in (b"{", b"["):
        loaded = json.loads(content)
        if isinstance(loaded, list):
            return len({each["id"] for each in loaded} | {one for each in loaded for one in each.get("alt_ids") or ()})
        graphs = loaded.get("graphs")
        return len({node["id"] for graph in graphs for node in graph["nodes"]}) if graphs else len(loaded)
    if b"[Term]" in content:
        frames = re.findall(rb"^\[(?:Term|Typedef)\]\n(?:.+\n)*?id: *(\S+)", content, re.MULTILINE)
        return len({*frames, *re.findall(rb"^alt_id: *(\S+)", content, re.MULTILINE)})
    kinds = {OWL + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
    kinds.add(OWL + "NamedIndividual")
    names = {RDFS + "label", iri_of("IAO:0000118"), PREFIXES["skos"] + "altLabel", IN_OWL + "hasDbXref"}
    names |= {f"{IN_OWL}has{scope}Synonym" for scope in ("", "Exact", "Narrow", "Broad", "Related")}
    form = ox.RdfFormat.TURTLE if content.startswith(b"@") else ox.RdfFormat.RDF_XML
    quads = (quad for quad in ox.parse(content, format=form) if isinstance(quad.subject, ox.NamedNode))
    found = {q.subject for q in quads if q.predicate.value in names or getattr(q.object, "value", "") in kinds}
    return len(found)


def real_files() -> Iterator[tuple[str, int]]:
    """Give the files that are not large, and how many obsolete terms the list of the files counts in them."""
    readme = SHARED / "external" / "README.md"
    row = re.compile(r"^\| (\S+\.(?:obo|owl|json)(?:\.gz)?) \|.* entities, (\d+) obsolete", re.MULTILINE)
    for name, deprecated in row.findall(readme.read_text()) if readme.is_file() else ():
        path = SHARED / "external" / name
        if path.is_file() and path.stat().st_size < 220_000 and name != "cto/cto.owl.gz":
            yield name, int(deprecated)


REAL = list(real_files())


@pytest.mark.skipif(not REAL, reason="the ontology files are not on this machine")
@pytest.mark.parametrize(("name", "deprecated"), REAL, ids=[each[0] for each in REAL])
def test_as_many_terms_come_out_of_a_real_file_as_are_in_it(name: str, deprecated: int) -> None:
    file = open_file(SHARED / "external" / name)
    assert ontology.accepts(file)
    records: Counter[str] = Counter()
    obsolete_ones = 0
    for each in ontology.read(file):
        if isinstance(each, Piece):
            is_header = any(
                t.object.value == OWL + "Ontology" for t in each.triples if isinstance(t.object, ox.NamedNode)
            )
            records[each.record] += not is_header
            obsolete_ones += any(t.predicate.value == OWL + "deprecated" for t in each.triples)
        elif isinstance(each, Refused):
            records[each.record] += 1
    assert max(records.values()) == 1
    assert sum(records.values()) == counted(file.read())
    assert obsolete_ones >= deprecated  # the list does not count those that were merged
