"""Each check finds what it is there to find, and nothing in a graph that is good."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import validate
from kg.build import Built, build, curated_files
from kg.curation.verification import shared_words
from kg.fingerprint import Text
from kg.rdf import LABEL, RDF_TYPE, ctmo, term_iri
from kg.validate import check_fingerprints, check_quality, check_shapes, passages, record_verified
from tests.conftest import DATA

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OWL_CLASS = ox.NamedNode("http://www.w3.org/2002/07/owl#Class")
GRAPH = ox.NamedNode("https://w3id.org/ctmo/graph/planted")
A, B = term_iri("CL:0000134"), term_iri("PR:000001391")
NEW = ctmo("assertion/planted")


def quad(subject: ox.NamedNode, predicate: ox.NamedNode | str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(subject, ctmo(predicate) if isinstance(predicate, str) else predicate, value, GRAPH)


def rdf(local: str) -> ox.NamedNode:
    return ox.NamedNode(RDF + local)


ACCEPTED = [
    quad(NEW, "status", ctmo("Accepted")),
    quad(NEW, rdf("subject"), A),
    quad(NEW, rdf("predicate"), ctmo("secretes")),
    quad(NEW, rdf("object"), B),
]
LINE = ctmo("evidence/planted")

#: quality question -> a fault that it has to find
PLANTED: dict[str, list[ox.Quad]] = {
    "quality/edge-without-evidence": [quad(A, "secretes", B)],
    "quality/accepted-without-edge": ACCEPTED,
    "quality/accepted-without-verified-line": [
        *ACCEPTED,
        quad(A, "secretes", B),
        quad(NEW, "hasEvidenceLine", LINE),
        quad(LINE, "direction", ctmo("Supports")),
        quad(LINE, "verification", ctmo("NotVerified")),
    ],
    "quality/derived-without-reason": [
        quad(ctmo("derivation/x"), RDF_TYPE, ctmo("Derivation")),
        quad(ctmo("derivation/x"), "rule", ox.Literal("40-relation-ontology")),
    ],
    "quality/doubled-label": [
        quad(ctmo("0009999"), RDF_TYPE, OWL_CLASS),
        quad(ctmo("0009999"), LABEL, ox.Literal("mesenchymal stem cell", language="en")),
    ],
    "quality/category-error": [
        quad(NEW, RDF_TYPE, ctmo("Assertion")),
        quad(NEW, "claimId", ox.Literal("planted")),
        quad(NEW, rdf("subject"), term_iri("CL:0000134")),
        quad(NEW, rdf("predicate"), ctmo("leadsTo")),
        quad(NEW, rdf("object"), term_iri("GO:0001525")),
    ],
    "quality/record-category-error": [quad(term_iri("CL:0000134"), "hasArm", ctmo("study/x#arm"))],
    "quality/minted-without-definition": [
        quad(ctmo("0009999"), RDF_TYPE, OWL_CLASS),
        quad(ctmo("0009999"), LABEL, ox.Literal("thing", language="en")),
        quad(ctmo("0009999"), "mainKind", ctmo("KindFactor")),
    ],
    "quality/missing-audit-target": [
        quad(NEW, "audit", ctmo("assertion/planted#audit")),
        quad(ctmo("assertion/planted#audit"), "against", ctmo("study/gu2020#no-such-record")),
    ],
    "quality/undeclared-property": [quad(A, "noSuchProperty", B)],
    "quality/unlabelled-term": [quad(ctmo("study/x#arm"), "route", ctmo("0009999"))],
}


def test_every_quality_question_has_a_planted_fault() -> None:
    from kg.catalogue import query_names

    assert set(PLANTED) == {name for name in query_names() if name.startswith("quality/")}


@pytest.mark.parametrize("question", PLANTED)
def test_a_quality_question_finds_its_planted_fault(tiny: Built, question: str) -> None:
    assert check_quality(tiny.store) == []
    tiny.store.extend(PLANTED[question])
    assert question in {problem.check for problem in check_quality(tiny.store)}


def test_the_real_graph_has_no_problems(real: Built) -> None:
    assert check_quality(real.store) == []
    assert check_shapes(real.store) == []


@pytest.mark.parametrize(
    ("predicate", "value", "message"),
    [
        ("status", ctmo("Contradicted"), "exactly one status"),
        ("modality", ctmo("Possible"), "one modality"),
        (RDF + "object", B, "exactly one object"),
    ],
)
def test_a_second_value_breaks_a_shape(tiny: Built, predicate: str, value: ox.NamedNode, message: str) -> None:
    text = 'PREFIX c: <https://w3id.org/ctmo/> SELECT ?a { ?a a c:Assertion ; c:claimId "msc-secrete-bdnf" }'
    rows = tiny.store.query(text)
    assertion = next(iter(rows))["a"]  # type: ignore[arg-type]
    name = ox.NamedNode(predicate) if predicate.startswith("http") else ctmo(predicate)
    tiny.store.extend([ox.Quad(assertion, name, value, GRAPH)])
    assert any(message in problem.message for problem in check_shapes(tiny.store))


def test_a_spread_of_no_known_type_breaks_a_shape() -> None:
    study = build([DATA / "example2024.yaml"], packaged=False)
    spread = ctmo("study/example2024#gmfm-cells-6-spread")
    assert any(q.subject == spread for q in study.store.quads())
    assert check_shapes(study.store) == []
    study.store.extend([quad(spread, "spreadType", ctmo("Guessed"))])
    assert any("Spread.type" in problem.message for problem in check_shapes(study.store))


@pytest.fixture
def own_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A claims file with a verification record of its own."""
    monkeypatch.setattr(validate, "verified_folder", lambda: tmp_path / "verified")
    path = tmp_path / "tiny.yaml"
    shutil.copy(DATA / "tiny.yaml", path)
    text = Text((DATA / "tiny.txt").read_text(encoding="utf-8"))
    assert record_verified([path], {"tiny": text}) == [tmp_path / "verified" / "tiny.tsv"]
    return path


def test_an_unchanged_file_fits_its_record(own_records: Path) -> None:
    assert check_fingerprints(passages([own_records], {})) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: 95", "value: 94"),
        ("At least 95 percent", "At least 94 percent"),
        ("95 percent of mesenchymal", "95 percent of all mesenchymal"),
        ("relation: expresses receptor", "relation: secretes"),
        ('operator: ">="', 'operator: "<="'),
        ("numbers:\n", "note: no longer as it was read\n    numbers:\n"),
        ("numbers:\n", "audit: {against: study:gu2020, verdict: agrees, why: x}\n    numbers:\n"),
    ],
)
def test_a_changed_claim_is_named_even_without_the_text(own_records: Path, old: str, new: str) -> None:
    words = own_records.read_text()
    assert old in words
    own_records.write_text(words.replace(old, new))
    problems = check_fingerprints(passages([own_records], {}))
    assert [problem.where for problem in problems] == ["tiny.yaml: claim 'cells-carry-cxcr4'"]


def test_a_changed_number_is_held_against_the_passage(own_records: Path) -> None:
    own_records.write_text(own_records.read_text().replace("value: 95", "value: 94"))
    text = Text((DATA / "tiny.txt").read_text(encoding="utf-8"))
    messages = [problem.message for problem in check_fingerprints(passages([own_records], {"tiny": text}))]
    assert messages == ["the number 94 does not stand in the passage; the passage has: 95, 4"]


def test_a_claim_turned_round_is_told_though_its_passage_is_there(own_records: Path) -> None:
    text = Text((DATA / "tiny.txt").read_text(encoding="utf-8"))
    assert check_fingerprints(passages([own_records], {"tiny": text})) == []
    own_records.write_text(own_records.read_text().replace("relation: mediates", "relation: inhibits"))
    (problem,) = check_fingerprints(passages([own_records], {"tiny": text}))
    assert problem.where == "tiny.yaml: claim 'pathway-mediates-homing'"
    assert "the passage is there: read it, then add --record" in problem.message


@pytest.mark.parametrize(
    ("old", "new"), [("published: 2024", "published: 2023"), ("title: An invented", "title: Another invented")]
)
def test_another_source_breaks_every_seal(own_records: Path, old: str, new: str) -> None:
    own_records.write_text(own_records.read_text().replace(old, new))
    assert {problem.check for problem in check_fingerprints(passages([own_records], {}))} == {"seal"}


@pytest.mark.parametrize(
    ("value", "notation", "good"),
    [("95", "95 %", True), ("950", "95 %", False), ("20", "half", True), ("96", "95", False)],
)
def test_a_value_can_be_read_from_its_notation(value: str, notation: str, good: bool) -> None:
    from kg.curation.verification import _reads
    from kg.model import NumberRead

    number = NumberRead.model_validate({"what": "share", "value": value, "notation": notation})
    assert _reads(number) is good


def test_a_lost_superscript_is_read_as_a_power() -> None:
    from kg.curation.verification import _reads
    from kg.model import NumberRead

    for value, good in (("20000000", True), ("200000000", False), ("2", True)):
        number = NumberRead.model_validate({"what": "dose", "value": value, "notation": "2·107"})
        assert _reads(number) is good


def test_a_lost_passage_is_named_with_what_stands_there_now(own_records: Path) -> None:
    text = Text((DATA / "tiny.txt").read_text(encoding="utf-8").replace("secrete BDNF", "make BDNF"))
    problems = check_fingerprints(passages([own_records], {"tiny": text}))
    assert [problem.where for problem in problems] == ["tiny.yaml: claim 'msc-secrete-bdnf'"]
    assert "at word 10 the text has 'MSCs make BDNF in cell culture. ...'" in problems[0].message


def test_the_packaged_claims_fit_their_records() -> None:
    assert check_fingerprints(passages(curated_files(), {})) == []


def test_every_passage_of_the_packaged_claims_stands_in_its_source(texts: dict[str, Text]) -> None:
    checked = passages(curated_files(), texts)
    assert check_fingerprints(checked) == []
    for path, checks in checked:
        if path.stem in texts:  # of other sources only excerpts are at hand, which tests/test_excerpts.py asks
            assert {check.match.outcome.value for check in checks} <= {"verified"}, path


def test_no_statement_repeats_ten_words_of_a_source(texts: dict[str, Text]) -> None:
    for _, checks in passages(curated_files(), texts):
        for check in checks:
            for words in (check.claim.statement, check.claim.note or "") if check.source in texts else ():
                assert not shared_words(words, texts[check.source].content), check.claim.id
