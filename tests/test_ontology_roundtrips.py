"""An OWL tool opens the ontology and saves it: nothing changes; an edit comes back to the file it belongs to."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import InputError, NotFoundError, SourceError
from kg.ontology import ontology_quads
from kg.ontology.blank import name_blank_nodes
from kg.ontology.canonical import canonical
from kg.ontology.formats import merge, to_text
from kg.ontology.formatting import files_to_format, format_file
from kg.ontology.owl_files import read_owl
from kg.ontology.returned import take_back
from kg.ontology.turtle_writer import format_turtle, to_turtle
from kg.paths import ontology_folder
from tests.owl_texts import BASE, DECLARED, OBO, OWL, RICH, START, WIDE, parse, run, same


@pytest.fixture(scope="module")
def whole() -> list[ox.Triple]:
    """The ontology with the mappings of one table: those of the others look the same."""
    kept = (q for q in ontology_quads() if "/mappings/" not in str(q.graph_name) or "/pathways>" in str(q.graph_name))
    return merge(kept)


@pytest.fixture(scope="module")
def rich() -> list[ox.Triple]:
    return name_blank_nodes(parse(RICH + WIDE))


# ---- OWL tools: open, save, the same


def through_horned_owl(triples: list[ox.Triple], syntax: str, folder: Path) -> list[ox.Triple]:
    pyhornedowl = pytest.importorskip("pyhornedowl", reason="py-horned-owl is not installed")
    loaded = pyhornedowl.open_ontology_from_string(to_text(triples, "owl"), "rdf")
    file = folder / f"saved.{syntax}"
    file.write_text(loaded.save_to_string(syntax), encoding="utf-8")
    return read_owl(file)


@pytest.mark.parametrize("syntax", ["rdf", "ofn", "owx"])
def test_py_horned_owl_changes_nothing(syntax: str, tmp_path: Path) -> None:
    triples = canonical(parse(RICH))
    assert through_horned_owl(triples, syntax, tmp_path) == triples


@pytest.mark.parametrize("syntax", ["rdf", "ofn", "owx"])
def test_py_horned_owl_changes_nothing_in_the_ontology(syntax: str, whole: list[ox.Triple], tmp_path: Path) -> None:
    """It does not read lists of disjoint things from RDF/XML; all else comes back."""
    wide = {
        triple.subject
        for triple in whole
        if triple.object in (ox.NamedNode(OWL + "AllDisjointClasses"), ox.NamedNode(OWL + "AllDisjointProperties"))
    }
    assert all(isinstance(node, ox.BlankNode) for node in wide)
    grown = set(wide)
    while more := {t.object for t in whole if t.subject in grown and isinstance(t.object, ox.BlankNode)} - grown:
        grown |= more
    triples = canonical(triple for triple in whole if triple.subject not in grown)
    assert len(triples) > 4000
    assert through_horned_owl(triples, syntax, tmp_path) == triples


@pytest.mark.parametrize("syntax", ["rdfxml", "ntriples"])
@pytest.mark.parametrize("which", ["whole", "rich"])
def test_owlready2_changes_nothing(syntax: str, which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """But for the last slash of an IRI, which it cuts when it reads RDF/XML: the licence loses it."""
    import owlready2

    triples = canonical(request.getfixturevalue(which))
    file, saved = tmp_path / "ctmo.owl", tmp_path / "saved.owl"
    file.write_text(to_text(triples, "owl"), encoding="utf-8")
    owlready2.World().get_ontology(file.as_uri()).load().save(str(saved), format=syntax)
    back = {re.sub(r"/>$", ">", str(triple)) for triple in read_owl(saved)}
    assert back == {re.sub(r"/>$", ">", str(triple)) for triple in triples}


#: Opens an ontology and saves it in three syntaxes by the OWL API, as Protégé does.
SAVE_AS = """
import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.io.*;
import org.semanticweb.owlapi.model.*;

public class SaveAs {
    public static void main(String[] names) throws Exception {
        OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
        OWLOntology ontology = manager.loadOntologyFromOntologyDocument(new File(names[0]));
        manager.saveOntology(ontology, new RDFXMLOntologyFormat(), IRI.create(new File(names[1] + ".rdf").toURI()));
        manager.saveOntology(ontology, new OWLXMLOntologyFormat(), IRI.create(new File(names[1] + ".owx").toURI()));
        OWLOntologyFormat functional = new OWLFunctionalSyntaxOntologyFormat();
        manager.saveOntology(ontology, functional, IRI.create(new File(names[1] + ".ofn").toURI()));
    }
}
"""


def save_by_owl_api(triples: list[ox.Triple], folder: Path) -> None:
    import owlready2

    jars = sorted((Path(owlready2.__file__).parent / "pellet").glob("owlapi-*.jar"))
    if not jars or shutil.which("javac") is None:
        pytest.skip("no OWL API, or no Java compiler, on this machine")
    (folder / "ctmo.owl").write_text(to_text(triples, "owl"), encoding="utf-8")
    (folder / "SaveAs.java").write_text(SAVE_AS)
    command = ["java", "-cp", str(jars[0]), "SaveAs.java", "ctmo.owl", "saved"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)


@pytest.mark.java
@pytest.mark.parametrize("which", ["whole", "rich"])
def test_the_owl_api_of_protege_changes_nothing(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    triples = canonical(request.getfixturevalue(which))
    save_by_owl_api(triples, tmp_path)
    assert read_owl(tmp_path / "saved.rdf") == triples
    pytest.importorskip("pyhornedowl", reason="py-horned-owl is not installed")
    for syntax in ("ofn", "owx"):
        assert read_owl(tmp_path / f"saved.{syntax}") == triples


FUNCTIONAL = f"""Prefix(:=<{BASE}>)
Ontology(<{BASE}ctmo.owl>
Declaration(Class(:A)) Declaration(Class(:B)) Declaration(Class(:C))
Declaration(ObjectProperty(:p)) Declaration(ObjectProperty(:q)) Declaration(ObjectProperty(:r))
# Individuals: one ( :
Declaration(NamedIndividual(:i)) Declaration(NamedIndividual(:j)) Declaration(NamedIndividual(:k))
DisjointClasses(:C :A :B) DisjointObjectProperties(:r :q :p) DifferentIndividuals(:k :j :i)
)"""


def test_lists_of_excluding_things_come_back_from_functional_syntax(tmp_path: Path) -> None:
    pytest.importorskip("pyhornedowl", reason="py-horned-owl is not installed")
    file = tmp_path / "x.ofn"
    file.write_text(FUNCTIONAL)
    declared = """<https://w3id.org/ctmo/ctmo.owl> a owl:Ontology . :A a owl:Class . :B a owl:Class . :C a owl:Class .
    :p a owl:ObjectProperty . :q a owl:ObjectProperty . :i a owl:NamedIndividual . :j a owl:NamedIndividual ."""
    assert read_owl(file) == canonical(parse(START + declared + WIDE))


HOSTILE = {
    "cut.owl": (
        '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n',
        ":3: not",
    ),
    "bomb.owl": (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
        "entity 'b' is made of other entities",
    ),
    "file.owl": (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]><r>&a;</r>',
        "entity 'a'",
    ),
    "page.owl": ("<!DOCTYPE html><html></html>", ":1: found an HTML page: was it saved from a browser"),
    "broken.rdf": ("@prefix a: <x:> . a:b a:c", "not valid Turtle"),
    "deep.ofn": (
        "Ontology(<x:o>\n SubClassOf(<x:a> " + "ObjectComplementOf(" * 999,
        ":2: brackets nested more than 200",
    ),
    "cut.ofn": ("Ontology(<x:o>\n Declaration(Class(<x:a>))", ":2: a bracket is not closed"),
    "circle.owl": ("_:a <x:p> _:b . _:b <x:p> _:a .", "point to each other in a circle"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_ontology_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(HOSTILE[name][0])
    with pytest.raises(SourceError, match=HOSTILE[name][1]) as caught:
        read_owl(tmp_path / name)
    assert str(caught.value).startswith(name)


def test_a_prefix_as_an_entity_is_no_bomb(tmp_path: Path) -> None:
    file = tmp_path / "x.owl"
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    file.write_text(
        f'<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY owl "{OWL}">]>\n'
        f'<rdf:RDF xmlns:rdf="{rdf}" xmlns:owl="{OWL}"><owl:Class rdf:about="&owl;Thing"/></rdf:RDF>'
    )
    assert [str(triple.subject) for triple in read_owl(file)] == [f"<{OWL}Thing>"]


def test_broken_functional_syntax_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyhornedowl", reason="py-horned-owl is not installed")
    (tmp_path / "x.ofn").write_text("Ontology(<x:y> Declaration(Klass(<x:a>)))")
    with pytest.raises(SourceError, match=r"x\.ofn: not valid OWL"):
        read_owl(tmp_path / "x.ofn")


def test_without_py_horned_owl_the_way_out_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyhornedowl", None)
    (tmp_path / "x.ofn").write_text(FUNCTIONAL)
    with pytest.raises(SourceError, match=r"x\.ofn: functional syntax and OWL/XML need `pip install py-horned-owl`"):
        read_owl(tmp_path / "x.ofn")


# ---- one way to write it

ALIKE = [
    (":A owl:unionOf (:B :C) .", ":A owl:unionOf (:C :B) ."),
    (":A owl:disjointWith :B .", ":B owl:disjointWith :A ."),
    (":i owl:differentFrom :j .", "[] a owl:AllDifferent ; owl:members (:j :i) ."),
    (":A owl:disjointWith :B .", "[] a owl:AllDisjointClasses ; owl:members (:B :A) ."),
    ("[] a owl:AllDifferent ; owl:members (:i :j :k) .", "[] a owl:AllDifferent ; owl:distinctMembers (:k :i :j) ."),
    (":A rdfs:label 'a'^^rdf:PlainLiteral .", ":A rdfs:label 'a' ."),
    (":A owl:oneOf ( 1 'b' :c ) .", ":A owl:oneOf ( :c 'b' 1 ) ."),
    (
        ":A owl:intersectionOf ([owl:unionOf (:B :C)] [owl:unionOf (:D :E)]) .",
        ":A owl:intersectionOf ([owl:unionOf (:E :D)] [owl:unionOf (:C :B)]) .",
    ),
]
UNLIKE = [
    (":A rdfs:subClassOf :B .", ":B rdfs:subClassOf :A ."),
    (":p owl:propertyChainAxiom (:q :r) .", ":p owl:propertyChainAxiom (:r :q) ."),
    (":A owl:unionOf (:B :C) .", ":A owl:intersectionOf (:B :C) ."),
    (":A owl:unionOf (:B :B) .", ":A owl:unionOf (:B) ."),
    (":A owl:disjointWith :B .", ":A owl:disjointWith :C ."),
    (":A :p ( 1 2 ) .", ":A :p ( 2 1 ) ."),
    (":A rdfs:label 'a' .", ":A rdfs:label 'a'@en ."),
    (":A :p [ :q 1 ], [ :q 1 ] .", ":A :p [ :q 1 ] ."),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_means_the_same_is_written_the_same(one: str, other: str) -> None:
    assert canonical(parse(START + one)) == canonical(parse(START + other))


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_what_means_something_else_stays_apart(one: str, other: str) -> None:
    assert canonical(parse(START + one)) != canonical(parse(START + other))


@pytest.mark.parametrize(
    "text",
    [
        ":A owl:unionOf _:l . :B owl:propertyChainAxiom _:l . _:l rdf:first :c ; rdf:rest ( :b ) .",  # shared, so kept
        ":A owl:unionOf _:l . _:l rdf:first :c ; rdf:rest :b .",
        ":A owl:unionOf _:l . _:l rdf:first :c .",
        ":A owl:unionOf :B .",
        "[] a owl:AllDifferent ; owl:members (:i :j) ; rdfs:comment 'why' .",
        "[] a owl:AllDifferent ; owl:members _:x .",
        "[] a owl:AllDifferent ; owl:members () .",
    ],
)
def test_what_is_no_plain_list_stays_as_it_is(text: str) -> None:
    triples = parse(START + text)
    assert same(canonical(triples), triples)


def test_a_circle_of_blank_nodes_is_refused() -> None:
    with pytest.raises(InputError, match="point to each other in a circle"):
        canonical(parse("_:a <x:p> _:b . _:b <x:p> _:a ."))


#: Expressions of OWL as Turtle, nested.
NAMED = st.sampled_from([":A", ":B", ":C"])
RANGES = st.recursive(
    st.sampled_from(["xsd:decimal", "xsd:date", "xsd:string"])
    | st.builds(
        "[ a rdfs:Datatype ; owl:onDatatype xsd:decimal ; owl:withRestrictions ( [ xsd:{} {}.5 ] ) ]".format,
        st.sampled_from(["minInclusive", "maxExclusive"]),
        st.integers(-9, 99),
    )
    | st.builds('[ a rdfs:Datatype ; owl:oneOf ( "{}" {}.0 ) ]'.format, st.sampled_from("abc"), st.integers(0, 9)),
    lambda inner: (
        st.builds("[ a rdfs:Datatype ; owl:unionOf ( {} {} ) ]".format, inner, inner)
        | st.builds("[ a rdfs:Datatype ; owl:datatypeComplementOf {} ]".format, inner)
    ),
    max_leaves=3,
)
PROPERTY = st.sampled_from([":p", ":q", "[ owl:inverseOf :p ]"])
EXPRESSIONS = st.recursive(
    NAMED
    | st.builds("[ a owl:Restriction ; owl:onProperty :d ; owl:someValuesFrom {} ]".format, RANGES)
    | st.sampled_from(
        [
            "[ a owl:Class ; owl:oneOf ( :i :j ) ]",
            "[ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :i ]",
            "[ a owl:Restriction ; owl:onProperty :d ; owl:hasValue 'a b'@en ]",
            "[ a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ]",
        ]
    ),
    lambda inner: (
        st.builds(
            "[ a owl:Class ; owl:{} ( {} ) ]".format,
            st.sampled_from(["intersectionOf", "unionOf"]),
            st.lists(inner, min_size=2, max_size=3).map(" ".join),
        )
        | st.builds("[ a owl:Class ; owl:complementOf {} ]".format, inner)
        | st.builds(
            "[ a owl:Restriction ; owl:onProperty {} ; owl:{} {} ]".format,
            PROPERTY,
            st.sampled_from(["someValuesFrom", "allValuesFrom"]),
            inner,
        )
        | st.builds(
            '[ a owl:Restriction ; owl:onProperty {} ; owl:{}ualifiedCardinality "{}"^^xsd:nonNegativeInteger'
            " ; owl:onClass {} ]".format,
            PROPERTY,
            st.sampled_from(["minQ", "maxQ", "q"]),
            st.integers(0, 3),
            inner,
        )
    ),
    max_leaves=6,
)


@given(st.lists(EXPRESSIONS, min_size=1, max_size=3))
@settings(deadline=None, max_examples=60)
def test_any_expression_survives_every_way_of_writing_it(expressions: list[str]) -> None:
    text = START + DECLARED + "".join(f":A rdfs:subClassOf {each} .\n" for each in expressions)
    triples = canonical(parse(text))
    assert len(triples) == len(parse(text))
    formatted = format_turtle(text)
    assert canonical(parse(formatted)) == triples
    assert format_turtle(formatted) == formatted
    assert canonical(parse(to_text(triples, "owl"), ox.RdfFormat.RDF_XML)) == triples


#: Of an inverse property py-horned-owl 2.0 reads no cardinality, and no data range out of data ranges.
UNREAD = re.compile(r"inverseOf :p \] ; owl:\w*[qQ]ualified|Datatype ; owl:(?:unionOf|datatypeComplementOf)")


@given(EXPRESSIONS.filter(lambda expression: not UNREAD.search(expression)))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_expression_survives_functional_syntax(tmp_path: Path, expression: str) -> None:
    triples = canonical(parse(START + DECLARED + f":A rdfs:subClassOf {expression} ."))
    assert through_horned_owl(triples, "ofn", tmp_path) == triples


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the ontology in its canonical form, that a test may break."""
    copy = Path(shutil.copytree(ontology_folder(), tmp_path / "ontology"))
    shutil.rmtree(copy / "mappings", ignore_errors=True)
    for path in files_to_format(copy):
        path.write_text(format_file(path).text, encoding="utf-8")
    return copy


# ---- an edit of the whole comes back to its part


def edited(folder: Path, *, add: str = "", drop: str = "") -> list[ox.Triple]:
    triples = set(merge(ontology_quads(folder))) | set(parse(START + add))
    return canonical(triple for triple in triples if str(triple) != drop)


def test_an_edit_of_the_whole_goes_into_one_file(folder: Path) -> None:
    axiom = (
        f"<{OBO}CL_0000134> rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :secretes ; owl:someValuesFrom :A ] ."
    )
    triples, problems = take_back(edited(folder, add=axiom), "core", folder=folder)
    assert problems == []
    core = (folder / "core.ttl").read_text()
    assert canonical(triples) == canonical(parse(core + START + axiom))


def test_no_edit_changes_no_file(folder: Path) -> None:
    triples, problems = take_back(edited(folder), "logic", folder=folder)
    assert problems == []
    assert to_turtle(triples) == (folder / "logic.ttl").read_text()


def test_an_edit_of_a_table_is_told_and_not_written(folder: Path) -> None:
    label = f'<{OBO}CL_0000134> <http://www.w3.org/2000/01/rdf-schema#label> "mesenchymal stem cell"@en'
    whole = edited(folder, add=f'<{OBO}CL_0000134> rdfs:label "MSC!"@en .', drop=label)
    triples, problems = take_back(whole, "core", folder=folder)
    assert to_turtle(triples) == (folder / "core.ttl").read_text()
    assert [str(problem) for problem in problems] == [
        "imports/CL.ttl: was taken away, so take it away there: "
        'CL:0000134 rdfs:label "mesenchymal stem cell"@en [edit]',
        'terms/cell-types.tsv: add there: CL:0000134 rdfs:label "MSC!"@en [edit]',
        "terms/cell-types.tsv: was taken away, so take it away there: "
        'CL:0000134 rdfs:label "mesenchymal stem cell"@en [edit]',
    ]


def test_a_part_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no file of ontology/ matches 'cor'\. Nearest: core"):
        take_back([], "cor", folder=folder)


def test_what_was_built_goes_back_into_its_part_unchanged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    owl, core = tmp_path / "ctmo.owl", tmp_path / "core.ttl"
    assert run("build", "-o", owl) == 0
    assert run("format", owl, "--into", "core", "-o", core) == 0
    assert "nothing else has to change" in capsys.readouterr().err
    assert core.read_text() == (ontology_folder() / "core.ttl").read_text()
