"""Axioms in words, the ontology as entries, and the page that shows them: nothing lost, nothing loaded, keys work."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from kg.namespaces import compress
from kg.ontology import ontology_quads
from kg.ontology.canonical import canonical
from kg.ontology.manchester import chain, expression, text_of
from kg.ontology.outline import Entry, Outline, read_outline
from kg.ontology.statements import Statements
from kg.rdf import graph_iri
from kg.views.reference import draw_reference
from tests.owl_texts import BASE, DECLARED, OWL, RICH, START, WIDE, parse
from tests.test_ontology_roundtrips import EXPRESSIONS

# ---- expressions

LABELS = """
:p rdfs:label "has part"@en . :d rdfs:label "share"@en . :q rdfs:label "has-word"@en .
:A rdfs:label "cell"@en . :B rdfs:label "stem cell"@en . :C rdfs:label "Wharton's jelly"@en . :i rdfs:label "some"@en .
"""


def words(turtle: str) -> str:
    """Give the class expression of `:X` as text."""
    said = Statements(parse(f"{START}{LABELS} :X rdfs:subClassOf {turtle} ."))
    (value,) = said.values(ox.NamedNode(BASE + "X"), "http://www.w3.org/2000/01/rdf-schema#subClassOf")
    return text_of(expression(value, said))


def some(filler: str, prop: str = ":p", kind: str = "someValuesFrom") -> str:
    return f"[ a owl:Restriction ; owl:onProperty {prop} ; owl:{kind} {filler} ]"


def each(kind: str, members: str) -> str:
    return f"[ a owl:Class ; owl:{kind} ( {members} ) ]"


def facets(members: str, datatype: str = "xsd:decimal") -> str:
    return f"[ a rdfs:Datatype ; owl:onDatatype {datatype} ; owl:withRestrictions ( {members} ) ]"


NOT_A = "[ a owl:Class ; owl:complementOf :A ]"
NUMBER = '"2"^^xsd:nonNegativeInteger'
CONSTRUCTS = [
    (":A", "cell"),
    (":B", "'stem cell'"),
    (":C", r"'Wharton\'s jelly'"),
    (":i", "'some'"),  # a word of the syntax
    (":q", "has-word"),
    (":Nameless", "ctmo:Nameless"),
    ("<http://elsewhere.org/x>", "http://elsewhere.org/x"),
    (each("intersectionOf", ":A :B"), "cell and 'stem cell'"),
    (each("unionOf", ":A :B :C"), r"cell or 'stem cell' or 'Wharton\'s jelly'"),
    (NOT_A, "not cell"),
    (some(":A"), "'has part' some cell"),
    (some(":A", kind="allValuesFrom"), "'has part' only cell"),
    (some(":i", kind="hasValue"), "'has part' value 'some'"),
    (some("1.50", prop=":d", kind="hasValue"), "share value 1.50"),
    (some("'a \"b\"'@en", prop=":d", kind="hasValue"), r'share value "a \"b\""@en'),
    (some("true", kind="hasSelf"), "'has part' Self"),
    (some(f"{NUMBER} ; owl:onClass :A", kind="minQualifiedCardinality"), "'has part' min 2 cell"),
    (some(f"{NUMBER} ; owl:onClass {each('unionOf', ':A :B')}", kind="maxQualifiedCardinality"),
     "'has part' max 2 (cell or 'stem cell')"),
    (some(f"{NUMBER} ; owl:onDataRange xsd:date", prop=":d", kind="qualifiedCardinality"), "share exactly 2 xsd:date"),
    (some(NUMBER, kind="minCardinality"), "'has part' min 2"),
    (some(NUMBER, kind="cardinality"), "'has part' exactly 2"),
    (some(":A", prop="[ owl:inverseOf :p ]"), "inverse 'has part' some cell"),
    (each("oneOf", ":i :A"), "{'some', cell}"),
    ("[ a rdfs:Datatype ; owl:oneOf ( 'a' 1 2.5 true '2020-01-01'^^xsd:date ) ]",
     '{"a", 1, 2.5, true, "2020-01-01"^^xsd:date}'),
    (some(facets("[ xsd:minInclusive 95.0 ]"), prop=":d"), "share some decimal[>= 95.0]"),
    (facets("[ xsd:minExclusive 0.5 ] [ xsd:maxExclusive 2.0 ]"), "decimal[> 0.5, < 2.0]"),
    (facets("[ xsd:maxInclusive 2.0 ]"), "decimal[<= 2.0]"),
    (facets("[ xsd:pattern 'a+' ] [ xsd:length 3 ]", "xsd:string"), 'string[pattern "a+", length 3]'),
    ("[ a rdfs:Datatype ; owl:datatypeComplementOf xsd:integer ]", "not integer"),
    ("[ a rdfs:Datatype ; owl:unionOf ( xsd:integer xsd:float ) ]", "integer or float"),
    (each("intersectionOf", f":A {some(':B')}"), "cell and ('has part' some 'stem cell')"),
    (each("unionOf", f":A {each('intersectionOf', ':A :B')}"), "cell or (cell and 'stem cell')"),
    (each("intersectionOf", f":A {NOT_A}"), "cell and not cell"),
    (some(NOT_A), "'has part' some not cell"),
    (f"[ a owl:Class ; owl:complementOf {NOT_A} ]", "not (not cell)"),
    (f"[ a owl:Class ; owl:complementOf {some(':A')} ]", "not ('has part' some cell)"),
    (some(some(":A")), "'has part' some ('has part' some cell)"),
    (some(each("oneOf", ":i")), "'has part' some {'some'}"),
]  # fmt: skip


@pytest.mark.parametrize(("turtle", "expected"), CONSTRUCTS, ids=[expected for _, expected in CONSTRUCTS])
def test_an_expression_is_written_as_owl_editors_show_it(turtle: str, expected: str) -> None:
    assert words(turtle) == expected


HOSTILE = [
    (
        "[ a owl:Class ; owl:unionOf _:l ] . _:l rdf:first :A",
        ["_:1 a owl:Class ; owl:unionOf _:2 . _:2 rdf:first ctmo:A ."],
    ),
    ("[ a owl:Class ; owl:unionOf _:l ] . _:l rdf:first :A ; rdf:rest _:l", ["_:2 rdf:first ctmo:A ; rdf:rest _:2"]),
    ("_:c . _:c a owl:Class ; owl:complementOf _:c", ["not (_:1 a owl:Class ; owl:complementOf _:1 .)"]),
    (each("unionOf", ":A"), ["owl:unionOf"]),  # one member only
    (each("unionOf", ""), ["owl:unionOf rdf:nil"]),
    ("[ a owl:Class ; owl:unionOf ( :A :B ) ; owl:intersectionOf ( :A :C ) ]", ["owl:unionOf", "owl:intersectionOf"]),
    ("[ a owl:Class ; owl:complementOf :A, :B ]", ["owl:complementOf ctmo:A, ctmo:B"]),
    ("[ a owl:Class ; owl:complementOf :A ; rdfs:comment 'why' ]", ['rdfs:comment "why"']),
    ("[ a :Strange ; owl:complementOf :A ]", ["owl:complementOf ctmo:A", "_:1 a ctmo:Strange"]),
    ("[ a owl:Restriction ; owl:onProperties ( :p :q ) ; owl:someValuesFrom :A ]", ["owl:onProperties"]),
    (some("false", kind="hasSelf"), ["owl:hasSelf"]),
    (some("'two' ; owl:onClass :A", kind="minQualifiedCardinality"), ['"two"']),
    (some(NUMBER, kind="minQualifiedCardinality"), ["owl:minQualifiedCardinality"]),
    (facets("[ xsd:totalDigits 3 ]"), ["xsd:totalDigits 3"]),
    (facets("[ xsd:minInclusive :A ]"), ["xsd:minInclusive ctmo:A"]),
    ("[]", ["_:1 says nothing"]),
    (each("intersectionOf", ":A [ :p :B ]"), ["cell and (", "ctmo:p ctmo:B"]),  # the rest is still read
]


@pytest.mark.parametrize(("turtle", "parts"), HOSTILE)
def test_what_is_no_expression_is_shown_as_turtle(turtle: str, parts: list[str]) -> None:
    text = words(turtle)
    assert [part for part in parts if part not in text] == []


def test_deep_nesting_is_shown_whole() -> None:
    levels = 3000
    text = words("[ a owl:Class ; owl:complementOf " * levels + ":A" + " ]" * levels)
    assert text.count("not ") + text.count("owl:complementOf") == levels


def test_a_chain_of_properties_keeps_its_order() -> None:
    said = Statements(parse(f"{START}{LABELS} :p owl:propertyChainAxiom ( :q [ owl:inverseOf :p ] ) ."))
    (head,) = said.values(ox.NamedNode(BASE + "p"), OWL + "propertyChainAxiom")
    assert text_of(chain(head, said)) == "has-word o inverse 'has part'"
    assert text_of(chain(ox.BlankNode("none"), said)) == "_:1 says nothing"


def by_horned_owl(text: str) -> list[ox.Triple]:
    """Read an expression in Manchester syntax by a parser that is not ours; give what it says of `:A`."""
    pyhornedowl = pytest.importorskip("pyhornedowl", reason="py-horned-owl is not installed")
    text = re.sub(r"(?<![\w:])(decimal|integer|float|string)\b", r"xsd:\1", text)  # words that it does not know
    names = {"ctmo": BASE, "xsd": "http://www.w3.org/2001/XMLSchema#", "owl": OWL}
    head = "".join(f"Prefix: {name}: <{iri}>\n" for name, iri in names.items()) + f"Ontology: <{BASE}ctmo.owl>\n"
    kinds = {"ObjectProperty": "pq", "DataProperty": "d", "Individual": "ij", "Class": "BCA"}
    declared = "".join(f"{kind}: ctmo:{name}\n" for kind, found in kinds.items() for name in found)
    loaded = pyhornedowl.open_ontology_from_string(f"{head}{declared}    SubClassOf: {text}\n", "omn")
    return canonical(parse(loaded.save_to_string("rdf"), ox.RdfFormat.RDF_XML))


#: py-horned-owl 2.0 takes a data range that begins with "not" or "(" for a class.
UNREAD = re.compile(r"Datatype ; owl:(?:unionOf|datatypeComplementOf)")


@given(EXPRESSIONS.filter(lambda turtle: not UNREAD.search(turtle)))
@settings(deadline=None, max_examples=40)
def test_another_parser_reads_what_is_written(turtle: str) -> None:
    triples = parse(f"{START}{DECLARED} :A rdfs:subClassOf {turtle} .")
    said = Statements(triples)
    (value,) = said.values(ox.NamedNode(BASE + "A"), "http://www.w3.org/2000/01/rdf-schema#subClassOf")
    read = by_horned_owl(text_of(expression(value, said, compress)))
    names = "obo:IAO_0000115 oio:hasDbXref <https://w3id.org/ctmo/ctmo.owl>"
    aside = {triple.subject for triple in parse(START + "".join(f"{name} :p 1 ." for name in names.split()))}
    head = parse(f"{START} <https://w3id.org/ctmo/ctmo.owl> a owl:Ontology .")
    assert read == canonical([*(triple for triple in triples if triple.subject not in aside), *head])


# ---- entries


def outline_of(text: str, graph: tuple[str, str] = ("ontology", "core")) -> Outline:
    return read_outline(ox.Quad(t.subject, t.predicate, t.object, graph_iri(*graph)) for t in parse(START + text))


def entry_of(outline: Outline, name: str) -> Entry:
    return next(entry for entry in outline.entries if entry.iri == BASE + name)


def axioms_of(entry: Entry) -> list[str]:
    return [f"{axiom.keyword}: {text_of(axiom.pieces)}" for axiom in entry.axioms]


@pytest.fixture(scope="module")
def rich() -> Outline:
    return outline_of(RICH.removeprefix(START) + WIDE)


def test_an_entry_has_all_axioms_of_its_term(rich: Outline) -> None:
    assert axioms_of(entry_of(rich, "A")) == ["DisjointWith: ctmo:B, ctmo:C"]
    assert axioms_of(entry_of(rich, "B")) == [
        "SubClassOf: 'has <part> & more' Self",
        "SubClassOf: 'has <part> & more' max 2",
        "SubClassOf: 'has <part> & more' min 2 ctmo:A",
        "SubClassOf: 'has <part> & more' only ctmo:B",
        'SubClassOf: ctmo:d some {"a", "b"}',
        "SubClassOf: ctmo:d value 1.5",
        "DisjointWith: ctmo:A, ctmo:C",
    ]
    assert axioms_of(entry_of(rich, "p")) == [
        "InverseOf: ctmo:q",
        "SubPropertyChain: ctmo:q o 'has <part> & more'",
        "DisjointWith: ctmo:q, ctmo:r",
        "Domain: ctmo:A",
        "Range: ctmo:B or ctmo:A",
        "Characteristics: Transitive",
    ]
    assert axioms_of(entry_of(rich, "j")) == ["DifferentFrom: ctmo:i, ctmo:k", "Types: not ctmo:A"]
    assert [text_of(axiom.pieces) for axiom in rich.loose] == ["ctmo:A and ctmo:B SubClassOf owl:Nothing"]


def test_remarks_on_statements_stand_beside_them(rich: Outline) -> None:
    assert entry_of(rich, "A").definition_sources == ("mechtrail",)


def test_nothing_that_is_said_of_a_term_is_left_out() -> None:
    """Each triple of a named subject has a trace in its entry, whatever its property."""
    text = """
:A a owl:Class ; rdfs:label "l"@en ; rdfs:comment "c1" ; :strange "s1", :B ; :more [ :q 7 ] ;
  owl:intersectionOf (:B :C) ;
  owl:deprecated true ; skos:exactMatch :B ; skos:note "n1" ; oio:hasBroadSynonym "b1" ; rdfs:seeAlso <http://x.org/y> ;
  owl:disjointUnionOf (:B :C) ; owl:hasKey (:p :q) ; :useNote "u1"@en ; oio:hasExactSynonym "e1"@en ; :kind :KindX .
[] a owl:Axiom ; owl:annotatedSource :A ; owl:annotatedProperty rdfs:comment ;
  owl:annotatedTarget "c1" ; rdfs:comment "c2" .
[] a owl:AllDisjointClasses ; owl:members _:broken .
[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :A ; owl:assertionProperty :p ; owl:targetIndividual :B .
:KindX rdfs:label "kind x"@en . :B a owl:Class . :strange rdfs:label "strange"@en .
"""
    outline = outline_of(text)
    entry = entry_of(outline, "A")
    shown = repr(entry) + repr(outline.loose)
    for words_ in (
        "c1",
        "c2",
        "s1",
        "ctmo:q 7",
        "owl:intersectionOf",
        "n1",
        "b1",
        "http://x.org/y",
        "u1",
        "e1",
        "kind x",
    ):
        assert words_ in shown
    assert "DisjointUnionOf: ctmo:B, ctmo:C" in axioms_of(entry)
    assert "HasKey: ctmo:p, ctmo:q" in axioms_of(entry)
    assert entry.deprecated
    assert [(match.kind, match.object) for match in entry.matches] == [("exact match", "ctmo:B")]
    assert "owl:NegativePropertyAssertion" in repr(outline.loose)
    assert "owl:AllDisjointClasses" in repr(outline.loose)


def test_mappings_and_searches_without_a_find_are_told_apart() -> None:
    text = """
:A a owl:Class ; skos:closeMatch <http://id.nlm.nih.gov/mesh/D1> ; :noMatchFoundIn obo:cl, obo:hp .
[] a owl:Axiom ; owl:annotatedSource :A ; owl:annotatedProperty skos:closeMatch ;
  owl:annotatedTarget <http://id.nlm.nih.gov/mesh/D1> ; rdfs:comment "wider" ;
  <https://w3id.org/sssom/object_label> "Heading" .
"""
    outline = outline_of(text)
    close, *missing = entry_of(outline, "A").matches
    assert (close.kind, close.object, close.object_label, close.comment) == (
        "close match",
        "MESH:D1",
        "Heading",
        "wider",
    )
    assert [(match.object, match.is_found) for match in missing] == [("cl", False), ("hp", False)]
    page = draw_reference(outline)
    assert "close match <b>MESH:D1</b> Heading" in page
    assert "no match found in cl, hp" in page
    assert "<b>1</b> mappings" in page


def test_the_order_of_statements_makes_no_difference() -> None:
    quads = list(ontology_quads())
    assert draw_reference(read_outline(quads[::-1])) == draw_reference(read_outline(quads))


# ---- the page


@pytest.fixture(scope="module")
def real() -> Outline:
    return read_outline(ontology_quads())


@pytest.fixture(scope="module")
def page(real: Outline) -> str:
    return draw_reference(real, footer="made by a test")


class _Page(HTMLParser):
    """Collects ids, links and tags that are left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        if "id" in found:
            self.ids.append(found["id"] or "")
        if tag == "a":
            self.links.append(found.get("href") or "")
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "data", "srcset")]
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_term_has_an_entry_and_every_link_leads_to_one(page: str, real: Outline) -> None:
    read = _Page(page)
    assert read.open == []
    assert len(read.ids) == len(set(read.ids))
    assert {entry.curie for entry in real.entries} <= set(read.ids)
    assert {link.removeprefix("#") for link in read.links} <= set(read.ids)
    declared = {q.subject for q in ontology_quads() if q.object == ox.NamedNode(OWL + "Class")}
    classes = {node.value for node in declared if isinstance(node, ox.NamedNode)}
    assert {entry.iri for entry in real.entries if entry.type == "class"} == classes


def test_the_page_loads_nothing_and_is_small(page: str) -> None:
    read = _Page(page)
    assert all(address.startswith("#") for address in read.addresses)
    assert not read.tags & {"link", "img", "iframe", "object", "embed", "base", "form"}
    assert "default-src 'none'" in page
    assert len(page.encode()) < 2_000_000


def test_a_label_is_text_and_not_markup() -> None:
    text = """:A a owl:Class ; rdfs:label "<script>alert(1)</script> {{css}} \\"x"@en ; :useNote "<b>&amp;"@en .
    <https://w3id.org/ctmo/B%22%3E> a owl:Class ; rdfs:subClassOf :A ."""
    page = draw_reference(outline_of(text, ("terms", "x")))
    assert page.count("<script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{css}}" in page
    assert "&lt;b&gt;&amp;amp;" in page


def test_the_counts_are_those_of_the_ontology(page: str, real: Outline) -> None:
    terms = [entry for entry in real.entries if entry.file.startswith("terms/")]
    reused = [entry for entry in terms if not entry.curie.startswith("ctmo:")]
    assert f"<b>{len(terms)}</b> terms, {len(reused)} of them of other ontologies" in page
    relations = sum(any(q.predicate.value == BASE + "pathStep" for q in [quad]) for quad in ontology_quads())
    assert f"<b>{relations}</b> relations of claims" in page


def test_classes_in_a_circle_are_shown_once() -> None:
    page = draw_reference(outline_of(":A a owl:Class ; rdfs:subClassOf :B . :B a owl:Class ; rdfs:subClassOf :A ."))
    assert page.count('<article id="ctmo:A"') == 1
    assert page.count('<li><a href="#ctmo:A">') + page.count('<summary><a href="#ctmo:A">') == 2


def test_imports_are_folded() -> None:
    page = draw_reference(outline_of(":A a owl:Class .", ("imports", "cl")))
    assert re.search(r'<section id="imports-cl"><details><summary><h2>Import: cl</h2> \(1\)</summary>', page)


def test_an_ontology_without_anything_is_a_page() -> None:
    assert _Page(draw_reference(Outline())).open == []


# ---- in a browser

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def file(page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reference") / "ctmo.html"
    path.write_text(page, encoding="utf-8")
    return path


def dom(address: str, profile: Path) -> str:
    """Give the page as the browser holds it after its script ran."""
    if BROWSER is None:
        pytest.skip("no Chromium on this machine")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    flags += [f"--user-data-dir={profile}", "--virtual-time-budget=5000", "--dump-dom"]
    done = subprocess.run([str(BROWSER), *flags, address], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def searched(file: Path, words_: str) -> Path:
    """Give a copy of the page in which somebody has typed these words."""
    copy = file.with_name("searched.html")
    text = file.read_text(encoding="utf-8").replace(
        'id="find" type="search"', f'id="find" type="search" value="{words_}"'
    )
    copy.write_text(text, encoding="utf-8")
    return copy


def shown(html: str) -> set[str]:
    return set(re.findall(r'<(?:article|tr) id="([^"]*)" data-entry="">', html))


def test_a_search_leaves_what_has_the_words(file: Path, tmp_path: Path, real: Outline) -> None:
    html = dom(searched(file, "BDNF").as_uri(), tmp_path)
    found = shown(html)
    assert "ctmo:0000308" in found
    assert 0 < len(found) < 20
    assert f"{len(found)} of {len(real.entries)}" in html


def test_a_search_without_a_hit_says_so(file: Path, tmp_path: Path) -> None:
    html = dom(searched(file, "no such words at all").as_uri(), tmp_path)
    assert shown(html) == set()
    assert re.search(r'<p id="nothing">No entry has these words', html)


@pytest.mark.parametrize("fragment", ["CL:0002569", "%E0%A4%A"])
def test_an_address_opens_its_entry_and_a_strange_one_breaks_nothing(
    fragment: str, file: Path, tmp_path: Path, real: Outline
) -> None:
    html = dom(f"{file.as_uri()}#{fragment}", tmp_path)
    assert len(shown(html)) == len(real.entries)
    assert 'class="script"' in html
