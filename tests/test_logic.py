"""The axioms of logic.ttl: what they sort, what they refuse, and that SPARQL and the reasoner say the same."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.build import Built
from kg.errors import KgError
from kg.rdf import ctmo, term_iri
from kg.reason import check_facts, check_ontology, classify, java_is_there, model
from kg.validate import check_quality

java = pytest.mark.skipif(not java_is_there(), reason="no Java on this machine")

#: Every term and record of a defined class, with what its class lies below.
SORTED = """
PREFIX ctmo: <https://w3id.org/ctmo/> PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT DISTINCT ?member ?defined {
  ?defined owl:equivalentClass ?definition .
  { ?member ctmo:below ?defined FILTER(?member != ?defined) } UNION { ?member a/ctmo:below ?defined }
}"""
GRAPH = ox.NamedNode("https://w3id.org/ctmo/graph/planted")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def members(built: Built, defined: str) -> set[str]:
    rows = built.store.query(SORTED)
    wanted = term_iri(defined).value
    return {row["member"].value for row in rows if row["defined"].value == wanted}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("defined", "inside", "outside"),
    [
        ("ctmo:0000007", ["CL:0002569", "CL:0002568", "ctmo:0000004", "ctmo:0000005"], ["CL:0002540", "CL:0000134"]),
        ("ctmo:0001502", ["CL:0002569", "ctmo:0000010", "ctmo:0000087", "CL:2000095"], ["ctmo:0000011", "CL:0000000"]),
        ("ctmo:0001503", ["CL:0002322", "ctmo:0000002"], ["CL:0000134", "CL:0000034"]),
        ("ctmo:0001504", ["ctmo:0001201", "GO:0070062"], ["ctmo:0001236", "BFO:0000040"]),
        ("ctmo:0001505", ["PR:000001393", "PR:000002204", "ctmo:0000310"], ["PR:000001471"]),
        ("ctmo:0001506", ["PR:000001471", "PR:000001391"], ["PR:000001393"]),
        ("ctmo:ControlledTrial", ["study:gu2020", "study:min2013"], []),
        ("ctmo:HumanReadout", ["study:kang2015#ptx3"], ["study:nct04314687#planned-igf-1"]),
        ("ctmo:ControlArm", ["study:gu2020#control", "study:min2013#epo"], ["study:gu2020#uc-msc"]),
    ],
)
def test_a_definition_sorts(real: Built, defined: str, inside: list[str], outside: list[str]) -> None:
    found = members(real, defined)
    assert {term_iri(each).value for each in inside} <= found
    assert not {term_iri(each).value for each in outside} & found


def test_a_product_is_sorted_by_donor_and_by_the_origin_of_its_cells(real: Built) -> None:
    autologous, allogeneic = members(real, "ctmo:AutologousProduct"), members(real, "ctmo:AllogeneicProduct")
    assert autologous
    assert allogeneic
    assert not autologous & allogeneic
    assert len(members(real, "ctmo:PerinatalProduct")) > len(autologous)
    assert members(real, "ctmo:CellFreeProduct") == set()  # no study of the graph gives conditioned medium alone


def test_a_study_without_a_control_arm_is_no_controlled_trial(tiny: Built) -> None:
    study, arm = ctmo("study/x"), ctmo("study/x#cells")
    facts = [
        (study, TYPE, ctmo("Study")),
        (study, ctmo("design"), term_iri("OBI:0003699")),
        (study, ctmo("hasArm"), arm),
        (arm, TYPE, ctmo("Arm")),
        (arm, ctmo("armRole"), ox.Literal("treated")),
    ]
    from kg.build import apply_rules

    tiny.store.extend([ox.Quad(*fact, GRAPH) for fact in facts])  # type: ignore[arg-type]
    apply_rules(tiny.store)
    assert study.value in members(tiny, "ctmo:ClinicalStudy")
    assert study.value not in members(tiny, "ctmo:ControlledTrial")
    control = ctmo("study/x#control")
    more = [(study, ctmo("hasArm"), control), (control, TYPE, ctmo("Arm"))]
    more.append((control, ctmo("armRole"), ox.Literal("control")))  # type: ignore[arg-type]
    tiny.store.extend([ox.Quad(*fact, GRAPH) for fact in more])
    apply_rules(tiny.store)
    assert study.value in members(tiny, "ctmo:ControlledTrial")


CELL, PROCESS, DOCUMENT = term_iri("CL:0000134"), term_iri("GO:0001525"), term_iri("ctmo:0000802")


@pytest.mark.parametrize(
    ("subject", "relation", "object_", "side"),
    [
        (CELL, "leadsTo", PROCESS, "subject"),
        (CELL, "partOfMechanism", PROCESS, "subject"),
        (PROCESS, "partOfMechanism", CELL, "object"),
        (PROCESS, "secretes", term_iri("PR:000001393"), "subject"),
        (DOCUMENT, "promotes", PROCESS, "subject"),
        (CELL, "expressesMarker", PROCESS, "object"),
        (CELL, "promotes", PROCESS, ""),
        (PROCESS, "leadsTo", PROCESS, ""),
        (PROCESS, "partOfMechanism", PROCESS, ""),
    ],
)
def test_a_category_error_is_found_by_the_question(
    tiny: Built, subject: ox.NamedNode, relation: str, object_: ox.NamedNode, side: str
) -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    new = ctmo("assertion/planted")
    facts = [
        (TYPE, ctmo("Assertion")),
        (ctmo("claimId"), ox.Literal("planted")),
        (ox.NamedNode(rdf + "subject"), subject),
        (ox.NamedNode(rdf + "predicate"), ctmo(relation)),
        (ox.NamedNode(rdf + "object"), object_),
    ]
    tiny.store.extend([ox.Quad(new, predicate, value, GRAPH) for predicate, value in facts])  # type: ignore[arg-type]
    found = [each for each in check_quality(tiny.store) if each.check == "quality/category-error"]
    assert [each.message.split(";")[0] for each in found] == ([f"as {side}"] if side else [])


@java
@pytest.mark.java
@pytest.mark.parametrize(
    ("relation", "good"),
    [("leadsTo", False), ("partOfMechanism", False), ("promotes", True)],
)
def test_the_reasoner_refuses_a_cell_in_the_place_of_a_process(relation: str, good: bool) -> None:
    fact = ox.Quad(CELL, ctmo(relation), PROCESS, GRAPH)
    assert (check_facts([fact]) == []) is good


@java
@pytest.mark.java
def test_the_reasoner_refuses_a_class_of_cells_that_is_a_process() -> None:
    odd = ctmo("0009999").value
    sub, owl = "http://www.w3.org/2000/01/rdf-schema#subClassOf", "http://www.w3.org/2002/07/owl#Class"
    lines = [f"<{odd}> <{TYPE.value}> <{owl}> .", *(f"<{odd}> <{sub}> <{each.value}> ." for each in (CELL, PROCESS))]
    assert [each.where for each in check_ontology("\n".join(lines).encode())] == [odd]


def _by_rules(built: Built) -> set[tuple[str, str]]:
    pairs = {(row["member"].value, row["defined"].value) for row in built.store.query(SORTED)}  # type: ignore[union-attr]
    ours = "https://w3id.org/ctmo/"  # beside facts, the reasoner leaves the definitions of others out
    return {(member, defined) for member, defined in pairs if member != defined and defined.startswith(ours)}


#: Studies of every kind; over all of them HermiT needs some minutes (`mechtrail validate --facts` does that).
JUDGED = {"bae2012", "gu2020", "kang2015", "min2013", "nct04314687", "tanaka2018", "wu2015", "eggenberger2019"}


def _fewer_records(built: Built) -> list[ox.Quad]:
    """Give the graph with all its edges, and with the records of one source and of some studies.

    Of the other studies it is said only that they are studies; assertions and evidence lines of the other sources go.
    """

    def place(quad: ox.Quad) -> tuple[str, str]:
        folder, _, stem = quad.graph_name.value.removeprefix("https://w3id.org/ctmo/graph/").partition("/")  # type: ignore[union-attr]
        return folder, stem

    quads = list(built.store.quads())
    gone = {q.subject for q in quads if place(q)[0] == "claims" and place(q)[1] != "prostem"}
    gone |= {q.subject for q in quads if place(q)[0] in ("gap-map", "schema")}
    gone |= {q.subject for q in quads if place(q)[0] == "studies" and place(q)[1] not in JUDGED}
    gone -= {q.subject for q in quads if place(q)[0] == "studies" and place(q)[1] in JUDGED}
    kept = [q for q in quads if q.subject not in gone and q.object not in gone]
    return kept + [q for q in quads if q.subject in gone and q.predicate == TYPE and q.object == ctmo("Study")]


@java
@pytest.mark.java
@pytest.mark.slow
def test_the_reasoner_and_the_questions_sort_alike(real: Built) -> None:
    """The graph is consistent, and what HermiT puts into our defined classes is what the rules do."""
    quads = _fewer_records(real)
    typed = {q.subject.value for q in quads if q.predicate == TYPE}  # type: ignore[union-attr]
    names = [f"https://w3id.org/ctmo/study/{stem}" for stem in JUDGED]
    study = "https://w3id.org/ctmo/study/"

    def told(member: str) -> bool:
        return member in typed and (not member.startswith(study) or member.split("#")[0] in names)

    by_reasoner = {pair for pair in classify(quads) if pair[0] != pair[1] and told(pair[0])}
    by_rules = {pair for pair in _by_rules(real) if told(pair[0])}
    assert by_reasoner == by_rules
    assert len(by_rules) > 100


def test_the_model_takes_a_term_for_a_class_and_its_thing_apart(real: Built) -> None:
    triples = model(real.store.quads())
    thing = ox.NamedNode("https://w3id.org/ctmo/thing/" + CELL.value)
    assert ox.Triple(thing, TYPE, CELL) in triples
    assert not any(
        t.subject == CELL and t.predicate.value.startswith("https://w3id.org/ctmo/secretes") for t in triples
    )
    assert any(t.subject == thing and t.predicate.value == "https://w3id.org/ctmo/secretes" for t in triples)


def test_without_java_classification_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.reason.java_is_there", lambda: False)
    with pytest.raises(KgError, match="needs a Java runtime"):
        classify()
