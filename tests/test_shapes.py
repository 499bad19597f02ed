"""The shapes and the models of study records say the same, field by field."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from kg.paths import ontology_folder
from kg.rdf.shapes import record_shapes, written_records
from kg.rdf.writer import class_name, predicate

SHAPES = ontology_folder() / "shapes" / "records.ttl"
CTMO = "https://w3id.org/ctmo/"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")


def test_the_shapes_are_those_of_the_models(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        SHAPES.write_text(record_shapes(), encoding="utf-8")
    assert SHAPES.read_text(encoding="utf-8") == record_shapes()


FIELDS = [
    (model, field, info)
    for model in written_records()
    for field, info in model.model_fields.items()
    if field not in ("id", "citation", "title", "product")
]


@pytest.fixture(scope="session")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(SHAPES, format="turtle")


def paths_of(shapes: rdflib.Graph, name: str) -> dict[str, rdflib.term.Node]:
    shape = rdflib.URIRef(f"{CTMO}{name}RecordShape")
    return {str(shapes.value(each, SH.path)): each for each in shapes.objects(shape, SH.property)}


@pytest.mark.parametrize(
    ("model", "field", "info"), FIELDS, ids=lambda value: getattr(value, "__name__", str(value))[:30]
)
def test_each_field_has_a_property_with_the_same_multiplicity(
    shapes: rdflib.Graph, model: type, field: str, info: object
) -> None:
    prop = paths_of(shapes, class_name(model))[CTMO + predicate(field, model.__name__)]
    least, most = shapes.value(prop, SH.minCount), shapes.value(prop, SH.maxCount)
    assert (least is not None) == info.is_required()  # type: ignore[attr-defined]
    assert (most is None) == ("list" in str(info.annotation) and field != "authors")  # type: ignore[attr-defined]


def violations(turtle: str) -> set[str]:
    data = rdflib.Graph().parse(data=f"@prefix ctmo: <{CTMO}> .\n{turtle}", format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(SHAPES, format="turtle"), inference="none")
    assert isinstance(report, rdflib.Graph)
    return {str(words).split(":")[0] for words in report.objects(None, SH.resultMessage)}


RESULT = 'ctmo:r a ctmo:Result ; ctmo:outcome ctmo:o ; ctmo:arm ctmo:a ; ctmo:measure "change" ; '
RESULT += 'ctmo:factStatus ctmo:Read ; ctmo:where "table" ; ctmo:mean 5.5 . '
RESULT += 'ctmo:a a ctmo:Arm ; ctmo:label "x" ; ctmo:armRole "control" .'


def test_a_sound_record_breaks_no_shape() -> None:
    assert violations(RESULT) == set()


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ("ctmo:outcome ctmo:o ;", "", "Result.outcome"),
        ("ctmo:outcome ctmo:o", "ctmo:outcome ctmo:o, ctmo:p", "Result.outcome"),
        ("ctmo:factStatus ctmo:Read", "ctmo:factStatus ctmo:Guessed", "Result.status"),
        ("ctmo:mean 5.5", 'ctmo:mean "5.5"', "Result.mean"),
        ("ctmo:mean 5.5", "ctmo:mean 5.5, 6.5", "Result.mean"),
        ("ctmo:mean 5.5", "ctmo:n -1", "Result.n"),
        ('ctmo:armRole "control"', 'ctmo:armRole "kontrol"', "Arm.role"),
        ("ctmo:arm ctmo:a", "ctmo:arm ctmo:o", "Result.arm"),
    ],
)
def test_each_kind_of_fault_breaks_its_shape(old: str, new: str, broken: str) -> None:
    assert broken in violations(RESULT.replace(old, new))


def test_every_record_of_the_graph_has_a_shape(real_store: object, shapes: rdflib.Graph) -> None:
    targets = {str(target) for target in shapes.objects(None, SH.targetClass)}
    hand = rdflib.Graph().parse(Path(SHAPES).with_name("graph.ttl"), format="turtle")
    targets |= {str(target) for target in hand.objects(None, SH.targetClass)}
    ask = "SELECT DISTINCT ?class WHERE { ?record a ?class . ?class <http://www.w3.org/2000/01/rdf-schema#subClassOf>"
    ask += " <http://purl.obolibrary.org/obo/IAO_0000030> FILTER(STRSTARTS(STR(?class), 'https://w3id.org/ctmo/')) }"
    answer = real_store.inner.query(ask, use_default_graph_as_union=True)  # type: ignore[attr-defined]
    used = {row["class"].value for row in answer if isinstance(row["class"], ox.NamedNode)}
    assert {iri.removeprefix(CTMO) for iri in used - targets} <= {
        "Product",
        "Derivation",
        "Audit",
        "IsctWording",
        "IsctCriterion",
    }
