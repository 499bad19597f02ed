"""The ISCT criteria: two wordings, thresholds to the last decimal, and what is missing."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.catalogue import find_query, select
from kg.cli import command_line
from kg.isct import Measurement, Sample, Share, judge, read_share, sample_quads
from kg.isct import read_table as read
from kg.isct.panel import criteria_quads
from kg.isct.samples import sample_iri
from kg.namespaces import CTMO, PREFIXES
from kg.rdf import RDF_TYPE, ctmo
from kg.store import LocalStore
from tests.isct import (
    CELLS,
    EXCLUDED,
    FAILED,
    FILE,
    IRI,
    MET,
    OPEN,
    PANEL,
    PERCENT,
    PLACE,
    REQUIRED,
    axioms,
    one,
    sample,
    words,
)  # fmt: skip


def test_isct_is_in_its_canonical_form() -> None:
    given = vars(command_line().parse_args(["ontology", "format", "--check", str(FILE)]))
    given.pop("run")(**given)  # leaves with 1 where it is not


def test_every_class_property_and_word_of_ours_has_a_label_and_a_definition() -> None:
    said = {(t.subject, t.predicate.value) for t in axioms()}
    declared = {t.subject for t in axioms() if t.predicate == RDF_TYPE and isinstance(t.subject, ox.NamedNode)}
    ours = {node for node in declared if re.fullmatch(CTMO + "[A-Za-z]+.*", node.value)}
    assert len(ours) > 70
    definition = "http://purl.obolibrary.org/obo/IAO_0000115"
    assert [n for n in ours if (n, definition) not in said or (n, PREFIXES["rdfs"] + "label") not in said] == []


def test_the_markers_are_terms_and_pairwise_different() -> None:
    store = LocalStore.in_memory()
    store.extend(criteria_quads())
    text = "SELECT ?m { [] a <%s> ; <%s>/<%s>*/<%s> ?m }" % (  # noqa: UP031 - braces
        *(PREFIXES["owl"] + name for name in ("AllDifferent", "distinctMembers")),
        *(PREFIXES["rdf"] + name for name in ("rest", "first")),
    )
    assert {row["m"].value for row in store.query(text)} == {*IRI.values(), *CELLS.values()}  # type: ignore[union-attr]
    labels = {str(q.subject)[1:-1] for q in criteria_quads() if q.predicate.value == PREFIXES["rdfs"] + "label"}
    assert {*IRI.values(), *CELLS.values()} <= labels, "each stands in a table of terms"


def test_a_conformant_population_is_composed_primarily_of_mesenchymal_stem_cells() -> None:
    store = LocalStore.in_memory()
    store.extend(criteria_quads())
    text = (
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX obo: <http://purl.obolibrary.org/obo/> "
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX ctmo: <https://w3id.org/ctmo/> SELECT ?x "
        "{ ?x rdfs:subClassOf [ owl:onProperty obo:RO_0002473 ; owl:someValuesFrom obo:CL_0000134 ] . "
        "obo:RO_0002473 a owl:ObjectProperty ; rdfs:label 'composed primarily of'@en . "
        "ctmo:IsctConformantReview rdfs:subClassOf ?x }"
    )
    assert [row["x"] for row in store.query(text)] == [ctmo("IsctConformant2006")]  # type: ignore[union-attr]


def test_the_question_and_the_panel_know_both_wordings() -> None:
    store = LocalStore.in_memory()
    store.extend(criteria_quads())
    rows = list(select(store, find_query("isct/criteria")))
    assert Counter(row["wording_label"].value for row in rows) == {"2006": 14, "review": 14}
    assert Counter((row["operator"].value, getattr(row["percent"], "value", "")) for row in rows) == {
        (">=", "95"): 6,
        ("<=", "2"): 14,
        ("", ""): 8,
    }
    assert tuple(PANEL.marker_names[iri] for iri in PANEL.required) == REQUIRED
    assert {
        label for criterion in PANEL.criteria.values() if len(criterion.accepted) > 1 for label in [criterion.label]
    } == {
        "CD14 or CD11b at most 2 %",
        "CD79a or CD19 at most 2 %",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[
            (text, MET)
            for text in ("95.0", "95", "95.00 %", "95.000000000001", "100", "≥95", ">=95", ">95", "95-98", "95 %-100 %")
        ],
        *[(text, FAILED) for text in ("94.99", "94.999999999999", "0", "<95", "<94", "<=94.99", "80-94.9", "94.9 ± 3")],
        *[
            (text, OPEN)
            for text in ("positive", "+", "<=95", "<95.01", ">94.99", ">=94.99", ">90", "94-96", "<100", "")
        ],
    ],
)
@pytest.mark.parametrize("marker", REQUIRED)
def test_a_required_marker_decides_at_95(marker: str, text: str, expected: str) -> None:
    judged = one(sample({marker: text}))
    assert set(judged.verdict.values()) == {expected}
    assert judged.phenotype == judged.verdict
    for wording in ("2006", "review"):
        decides, missing = words(judged.decides[wording]), words(judged.missing[wording])
        assert decides == ([f"{marker} at least 95 %: {text}"] if expected == FAILED else [])
        assert [each.split(" ")[0] for each in missing] == ([marker] if expected == OPEN else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[
            (text, MET)
            for text in ("2.0", "2", "1.999999999999", "0", "<=2", "≤ 2 %", "<2", "<1", "0-2", "negative (<2)")
        ],
        *[(text, FAILED) for text in ("2.01", "2.000000000001", "100", ">2", ">=2.01", ">2.5", "3-5", "2.1 +/- 0.5")],
        *[(text, OPEN) for text in ("negative", "-", "<5", "<2.01", "<=2.01", ">=2", ">1", "1-3", ">=0", "NA")],
    ],
)
@pytest.mark.parametrize("marker", ["CD34", "CD45", "HLA-DR"])
def test_an_excluded_marker_decides_at_2(marker: str, text: str, expected: str) -> None:
    judged = one(sample({marker: text}))
    assert set(judged.verdict.values()) == {expected}
    assert words(judged.decides["2006"]) == ([f"{marker} at most 2 %: {text}"] if expected == FAILED else [])
    assert [each.split(" ")[0] for each in words(judged.missing["review"])] == ([marker] if expected == OPEN else [])


@pytest.mark.parametrize(("first", "second"), [("CD14", "CD11b"), ("CD79a", "CD19")])
@pytest.mark.parametrize(
    ("texts", "of_2006", "of_review"),
    [
        (("1", "1"), MET, MET),
        (("1", ""), MET, OPEN),
        (("", "2.0"), MET, OPEN),
        (("1", "2.01"), MET, FAILED),
        (("5", "1"), MET, FAILED),
        (("5", ""), OPEN, FAILED),
        (("5", "<5"), OPEN, FAILED),
        (("5", "2.01"), FAILED, FAILED),
        (("", ""), OPEN, OPEN),
        (("negative", "<3"), OPEN, OPEN),
    ],
)
def test_the_wording_of_2006_takes_either_and_the_review_asks_for_both(
    first: str, second: str, texts: tuple[str, str], of_2006: str, of_review: str
) -> None:
    judged = one(sample(dict(zip((first, second), texts, strict=True))))
    assert judged.verdict == {"2006": of_2006, "review": of_review}
    assert bool(judged.decides["2006"]) is (of_2006 == FAILED)
    assert bool(judged.missing["2006"]) is (of_2006 == OPEN)
    assert bool(judged.decides["review"]) is (of_review == FAILED)


@pytest.mark.parametrize("marker", [*REQUIRED, *EXCLUDED])
def test_a_measurement_that_is_missing_is_named(marker: str) -> None:
    judged = one(sample({marker: ""}))
    assert words(judged.missing["review"]) == [marker]
    paired = marker in ("CD14", "CD11b", "CD79a", "CD19")
    assert judged.verdict == {"2006": MET if paired else OPEN, "review": OPEN}


def test_what_is_given_and_decides_nothing_is_said_with_the_reason() -> None:
    judged = one(sample({"CD34": "<5", "CD73": "positive", "CD14": "<3", "CD11b": ""}))
    assert words(judged.missing["2006"]) == [
        "CD73 (positive: no number)",
        "CD34 (<5: does not show at most 2 %)",
        "CD14 or CD11b (CD14 <3: does not show at most 2 %)",
    ]


@pytest.mark.parametrize(
    ("adherent", "lineages", "expected", "decides", "missing"),
    [
        (True, dict.fromkeys(CELLS, True), MET, [], []),
        (None, dict.fromkeys(CELLS, True), OPEN, [], ["adherence to plastic"]),
        (False, dict.fromkeys(CELLS, True), FAILED, ["cells adhere to plastic: no"], []),
        (True, {"adipocyte": True, "osteoblast": True}, OPEN, [], ["chondrocyte differentiation"]),
        (
            True,
            {"adipocyte": True, "osteoblast": True, "chondrocyte": False},
            FAILED,
            ["cells become chondrocytes: no"],
            [],
        ),
        (False, {}, FAILED, ["cells adhere to plastic: no"], [f"{name} differentiation" for name in CELLS]),
    ],
)
def test_adherence_and_the_three_lineages_count(
    adherent: bool | None, lineages: dict[str, bool], expected: str, decides: list[str], missing: list[str]
) -> None:
    judged = one(sample(adherent=adherent, lineages=lineages))
    assert set(judged.verdict.values()) == {expected}
    assert set(judged.phenotype.values()) == {MET}
    assert (words(judged.decides["2006"]), sorted(words(judged.missing["2006"]))) == (decides, sorted(missing))


def test_two_passages_of_one_donor_are_two_samples() -> None:
    table = b"sample,donor,passage,CD73\nUC-1,D1,P3,99\nUC-1,D1,P6,90\nUC-1,D2,P3,95.0\n"
    reading = read(table, "x.csv")
    judged, _ = judge(reading.samples)
    assert [each.sample.label for each in judged] == [
        "UC-1, donor D1, passage 3",
        "UC-1, donor D1, passage 6",
        "UC-1, donor D2, passage 3",
    ]
    assert [each.verdict["2006"] for each in judged] == [OPEN, FAILED, OPEN]


def test_two_measurements_of_one_sample_that_contradict_each_other_are_called_so() -> None:
    good = sample()
    twice = Sample(
        "P",
        measurements=(*good.measurements, Measurement(IRI["CD73"], Share("90", (("percentPositive", Decimal(90)),)))),
        adherent=True,
        lineages=good.lineages,
    )
    assert set(one(twice).verdict.values()) == {"contradictory"}


@given(st.decimals(min_value=0, max_value=100, places=9))
def test_a_number_comes_back_to_the_last_decimal(number: Decimal) -> None:
    share = read_share(f"{number:f}", PLACE)
    assert share is not None
    assert share.bounds == (("percentPositive", number),)
    assert type(share.bounds[0][1]) is Decimal


@pytest.mark.parametrize("text", ["95", "95.0", "94.99", ">95", "95-98", "97.123456789012", "2"])
def test_every_number_is_written_as_a_decimal(text: str) -> None:
    quads = list(sample_quads([sample({"CD73": text})]))
    numbers = [q.object for q in quads if q.predicate.value.removeprefix(CTMO) in PERCENT]
    assert {n.datatype.value for n in numbers if isinstance(n, ox.Literal)} == {PREFIXES["xsd"] + "decimal"}
    assert not any("E" in str(n) for n in numbers)


def planted(value: ox.Literal | ox.NamedNode, local: str = "percentPositive") -> LocalStore:
    store = LocalStore.in_memory()
    store.extend([*criteria_quads(), *sample_quads([sample({"CD73": ""})])])
    node, graph = ctmo("planted"), ctmo("graph/planted")
    holder = sample_iri(sample())
    facts = [
        (holder, "hasMarkerMeasurement", node),
        (node, "measuresMarker", ox.NamedNode(IRI["CD73"])),
        (node, local, value),
    ]
    store.extend([ox.Quad(s, ctmo(p), o, graph) for s, p, o in facts])
    store.extend([ox.Quad(node, RDF_TYPE, ctmo("MarkerMeasurement"), graph)])
    return store


def typed(text: str, name: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + name))


@pytest.mark.parametrize(
    ("value", "verdict", "problem"),
    [
        (typed("97.5", "decimal"), MET, None),
        (typed("97", "integer"), MET, None),
        (typed("9.75E1", "double"), OPEN, "datatype has to be xsd:decimal"),
        (typed("97.5", "float"), OPEN, "datatype has to be xsd:decimal"),
        (ox.Literal("97.5"), OPEN, "datatype has to be xsd:decimal"),
        (typed("100.1", "decimal"), MET, "lies outside 0 to 100"),
        (typed("-1", "decimal"), FAILED, "lies outside 0 to 100"),
    ],
)
def test_a_value_in_a_store_that_is_no_decimal_decides_nothing_and_is_found(
    value: ox.Literal, verdict: str, problem: str | None
) -> None:
    store = planted(value)
    assert {row["verdict"].value for row in select(store, find_query("isct/verdicts"))} == {verdict}
    found = [row["problem"].value for row in select(store, find_query("isct/unfit-values"))]
    assert (problem in found[0]) if problem else (found == [])
