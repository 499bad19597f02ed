"""Papers: what records hold, the text that serves fingerprints, and the record that goes into the graph."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.curation.verification import read_texts
from kg.errors import InputError, SourceError
from kg.fingerprint import Fingerprint, Outcome, Text, find
from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.papers import MeshHeading, Paper, PaperReference
from kg.namespaces import CTMO
from kg.papers import readers
from kg.papers.identifiers import plain_doi, plain_pmcid, plain_pmid
from kg.papers.markup import printed_html, printed_text
from kg.papers.text import source_text
from kg.paths import ontology_folder
from kg.rdf.papers import paper_iri, paper_quads
from kg.registries import readers as registry_readers
from tests.conftest import DATA, SHARED

PAPERS = DATA / "papers"
KINDS = {
    "article.nxml": "jats",
    "europepmc.json": "europepmc-json",
    "pmc_oa.json": "pmc-oa-json",
    "pubmed.xml": "pubmed-xml",
}
REAL = {"jats": 4, "constructed": 2, "pubmed_xml": 2, "europepmc_json": 1, "pmc_oa": 2}
GRAPH = ox.NamedNode(CTMO + "graph/paper/x")


def member(content: bytes) -> Member:
    return Member("x", Path("x"), content[:65_536], lambda: content)


def read(content: bytes, kind: str) -> list[Paper | Refused | Ignored]:
    return list(readers()[kind].read(member(content)))


def fixture(name: str) -> list[Paper | Refused | Ignored]:
    return read((PAPERS / name).read_bytes(), KINDS[name])


def paper(name: str) -> Paper:
    return next(each for each in fixture(name) if isinstance(each, Paper))


@pytest.mark.parametrize("name", KINDS)
def test_each_file_is_of_one_kind(name: str) -> None:
    content = (PAPERS / name).read_bytes()
    kinds = readers() | registry_readers()
    assert [kind for kind, reader in kinds.items() if reader.accepts(member(content))] == [KINDS[name]]


@pytest.mark.parametrize("name", KINDS)
def test_all_formats_tell_the_same_of_a_paper(name: str) -> None:
    found = paper(name)
    assert (found.pmid, found.pmcid, found.doi) == ("99000001", "PMC9900001", "10.1000/invented.1")
    assert found.title.startswith("Invented cells")
    if name != "pmc_oa.json":
        assert (found.journal, found.volume, found.issue) == ("Invent J", "7", "2")
        assert found.authors[-1] == "INVENT Group"
        assert next(each.number for each in found.registry_numbers if each.declared) == "NCT99000001"


def test_pubmed_tells_headings_retraction_and_dates_as_they_are() -> None:
    found = paper("pubmed.xml")
    assert found.authors == ("Made UB Jr", "INVENT Group")
    assert (found.year, found.pages, found.is_retracted, found.is_open_access) == ("1998", "107-14", True, None)
    assert found.mesh == (MeshHeading("D002547", "Cerebral Palsy", True), MeshHeading("D006801", "Humans", False))
    assert found.substances[0].registry_number == ""
    assert found.data_date
    assert found.data_date.iso == "2026-05"
    assert found.references == (PaperReference("1", "99000002", ""),)
    assert found.abstract[0][1].startswith("Twelve children got 2 × 10⁷ CD34+ cells; PaO2 was")


def test_a_number_in_passing_is_not_the_number_of_the_papers_own_trial() -> None:
    seen = {each.number: (each.where, each.declared) for each in paper("pubmed.xml").registry_numbers}
    assert seen == {
        "NCT99000001": ("DataBankList", True),
        "ISRCTN99000001": ("abstract: TRIAL REGISTRATION", True),
        "NCT99000003": ("abstract: METHODS", False),
    }
    seen = {each.number: (each.where, each.declared) for each in paper("article.nxml").registry_numbers}
    assert seen == {
        "NCT99000001": ("abstract: Trial registration", True),
        "NCT99000003": ("body: Methods", False),
    }


def test_what_is_not_taken_over_is_told_and_what_is_no_paper_refused() -> None:
    found = fixture("pubmed.xml")
    assert [(each.part, each.reason) for each in found if isinstance(each, Ignored)] == [
        ("DataBankList", "found 'GENBANK AB000001', expected the number of a trial registry")
    ]
    refused = [each for each in found if isinstance(each, Refused)]
    assert [(each.record, each.line) for each in refused] == [("PMID 99000010", 20), ("record 3", 19)]
    assert [each.part for each in fixture("article.nxml") if isinstance(each, Ignored)] == ["app", "abstract"]
    assert [each.record for each in fixture("europepmc.json") if isinstance(each, Refused)] == ["AGR x"]


def test_jats_gives_sections_tables_and_references() -> None:
    found = paper("article.nxml")
    assert found.authors == ("Made Una B", "INVENT Group")
    assert (found.year, found.pages, found.is_open_access) == ("2022", "107-114", True)
    assert found.licence == "http://creativecommons.org/licenses/by/4.0"
    assert found.abstract[:2] == (
        ("", "Short words first."),
        ("Methods", "Twelve children got 2 × 10⁷ cells intravenously."),
    )
    assert [heading for heading, _ in found.body] == ["Methods", "Methods / Doses"]
    assert found.body[1][1].splitlines() == [
        "Cells at 10^-3 M and 5×10⁶; x₁0.",
        "Table 1",
        "Gains",
        "Arm GMFM",
        "cells 5.1",
    ]
    assert found.references == (PaperReference("1", "99000002", "10.1000/else"),)


def test_europe_pmc_splits_its_abstract_at_its_headings() -> None:
    found = paper("europepmc.json")
    assert found.abstract == (
        ("Methods", "Twelve children got 2 × 10⁷ cells."),
        ("Registration", "NCT99000001"),
    )
    assert (found.is_open_access, found.is_retracted, found.licence) == (True, True, "cc by")


@pytest.mark.parametrize(
    ("markup", "printed"),
    [
        ("10<sup>6</sup>", "10⁶"),
        ("10<sup>−6</sup>", "10^−6"),
        ("2.5×10<sup>6 </sup>cells", "2.5×10⁶ cells"),
        ("h<sup>-1 </sup>(mean)", "h^-1 (mean)"),
        ("<sup>18</sup>F-FDG", "¹⁸F-FDG"),
        ("CD34<sup>-</sup>", "CD34-"),
        ("CD34<sup>+</sup>", "CD34+"),
        ("Ca<sup>2+</sup>", "Ca²+"),
        ("4<sup>th</sup>", "4th"),
        ("10<sup>n</sup>", "10ⁿ"),
        ("x<sup>(n/2)</sup>", "x^(n/2)"),
        ("e<sup>0.5</sup>", "e^0.5"),
        ("10<sub>2</sub>", "10₂"),
        ("PaO<sub>2</sub>", "PaO2"),
        ("x<sub>1</sub>0", "x₁0"),
        ("10<sup><italic>6</italic></sup>", "10⁶"),
        ("a<break/>b", "a b"),
        ("p &lt; 0.05", "p < 0.05"),
    ],
)
def test_nothing_runs_together_that_is_printed_apart(markup: str, printed: str) -> None:
    assert printed_text(fromstring(f"<p>{markup}</p>")) == printed
    if "italic" not in markup and "break" not in markup:
        assert printed_html(markup) == printed


@settings(deadline=None)
@given(base=st.integers(1, 999), power=st.integers(-99, 99))
def test_no_exponent_is_read_as_part_of_its_base(base: int, power: int) -> None:
    text = printed_text(fromstring(f"<p>{base}<sup>{power}</sup> cells</p>"))
    assert str(base) in re.findall(r"(?<![0-9])[0-9]+(?![0-9])", text)
    other = printed_text(fromstring(f"<p>{base}<sup>{-power}</sup> cells</p>"))
    same = find(Fingerprint.of(text), Text(other)).outcome
    assert (same == Outcome.NOT_FOUND) == (power != 0)


@given(st.text())
def test_any_text_is_taken_as_html(text: str) -> None:
    assert "\n\n" not in printed_html(text)


@pytest.mark.parametrize("name", ["article.nxml", "europepmc.json", "pubmed.xml"])
def test_a_fingerprint_of_a_sentence_is_found_in_the_text_of_its_paper(name: str, tmp_path: Path) -> None:
    found = paper(name)
    (tmp_path / "made2022.txt").write_text(source_text(found), encoding="utf-8")
    text = read_texts(tmp_path)["made2022"]
    sentence = next(words for _, words in found.abstract if "Twelve" in words)
    assert find(Fingerprint.of(sentence), text).outcome == Outcome.VERIFIED
    assert find(Fingerprint.of(sentence.replace("⁷", "7")), text).outcome == Outcome.NOT_FOUND
    assert find(Fingerprint.of(sentence.replace("Twelve", "Thirteen")), text).outcome == Outcome.NOT_FOUND


def test_the_graph_has_the_record_and_not_the_words() -> None:
    found = paper("pubmed.xml")
    quads = list(paper_quads(found, GRAPH))
    assert {quad.subject for quad in quads} == {ox.NamedNode(CTMO + "paper/99000001")}
    said = {(quad.predicate.value.removeprefix(CTMO), getattr(quad.object, "value", "")) for quad in quads}
    assert {("author", "Made UB Jr; INVENT Group"), ("registryId", "NCT99000001"), ("retracted", "true")} <= said
    assert {
        ("mentionsRegistryId", "NCT99000003"),
        ("dataDate", "2026-05"),
        ("mainSubjectHeading", "Cerebral Palsy"),
    } <= said
    assert ("registryId", "NCT99000003") not in said
    assert not [value for _, value in said if "Twelve" in value]
    assert quads == list(paper_quads(found, GRAPH))


@pytest.mark.parametrize("name", KINDS)
def test_every_predicate_is_declared(name: str) -> None:
    core = (ontology_folder() / "core.ttl").read_text(encoding="utf-8")
    for quad in paper_quads(paper(name), GRAPH):
        if quad.predicate.value.startswith(CTMO):
            assert f"\nctmo:{quad.predicate.value.removeprefix(CTMO)} a " in core


@given(doi=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_identifier_gives_an_iri(doi: str) -> None:
    node = paper_iri(Paper("jats", doi=f"10.1000/{doi}"))
    line = f"{node} <x:p> <x:o> ."
    assert len(list(ox.parse(line.encode(), format=ox.RdfFormat.N_TRIPLES))) == 1


def test_a_paper_without_an_identifier_gives_no_quad() -> None:
    assert list(paper_quads(Paper("jats", title="x"), GRAPH)) == []


@given(st.text())
def test_identifiers_are_read_or_empty(text: str) -> None:
    assert re.fullmatch(r"|10\.[0-9]{4,9}/\S+", plain_doi(text))
    assert re.fullmatch("|[1-9][0-9]{0,8}", plain_pmid(text))
    assert re.fullmatch("|PMC[1-9][0-9]{0,8}", plain_pmcid(text))


@pytest.mark.parametrize("name", KINDS)
def test_a_cut_file_is_refused(name: str) -> None:
    content = (PAPERS / name).read_bytes()
    with pytest.raises(SourceError):
        read(content[: len(content) // 2], KINDS[name])


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=50, deadline=None)
@given(at=st.integers(0, 5000), length=st.integers(0, 30), new=st.binary(max_size=12))
def test_a_file_with_anything_in_any_place_is_read_or_refused(name: str, at: int, length: int, new: bytes) -> None:
    content = (PAPERS / name).read_bytes()
    content = content[:at] + new + content[at + length :]
    assert isinstance(readers()[KINDS[name]].accepts(member(content)), bool)
    with suppress(InputError):
        read(content, KINDS[name])


@settings(max_examples=20, deadline=None)
@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2)))
def test_a_result_with_anything_in_any_place_is_read_or_refused(odd: object) -> None:
    page = json.loads((PAPERS / "europepmc.json").read_text())
    result = page["resultList"]["result"][0]
    for key in result:
        changed = page | {"resultList": {"result": [result | {key: odd}]}}
        found = read(json.dumps(changed).encode(), "europepmc-json")
        assert len(found) == 1


@pytest.mark.parametrize("folder", REAL)
def test_every_real_record_is_read(folder: str) -> None:
    if not (SHARED / "literature").is_dir():
        pytest.skip("the literature records are not on this machine")
    papers = []
    for path in sorted((SHARED / "literature" / folder).iterdir()):
        content = path.read_bytes()
        accepted = [name for name, reader in readers().items() if reader.accepts(member(content))]
        if path.name == "pmc3040717-versions.xml":  # a listing of a folder
            assert accepted == []
            continue
        (kind,) = accepted
        papers += [each for each in read(content, kind) if not isinstance(each, Ignored)]
    assert len(papers) == REAL[folder]
    for found in papers:
        assert isinstance(found, Paper)
        assert found.doi
        text = Text(source_text(found))
        for _, words in (*found.abstract, *found.body):
            assert "<" not in words or re.search(r"<(?![a-z/])", words)
            assert words in text.content
        for _, words in found.abstract:
            assert find(Fingerprint.of(words), text).outcome == Outcome.VERIFIED
