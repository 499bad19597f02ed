"""The gate for RDF: all of a file or nothing, in any syntax; nothing fetched, nothing dropped unseen."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError, KgError, SourceError
from kg.gate import Limits, RdfFile, open_file, read_rdf, syntax_of
from kg.gate.rdf import SYNTAXES
from tests.conftest import SHARED

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">
  <rdf:Description rdf:about="http://x/a">
    <x:name xml:lang="en">MSC</x:name>
    <x:dose rdf:datatype="http://www.w3.org/2001/XMLSchema#decimal">2.5</x:dose>
    <x:knows><rdf:Description><x:name>other</x:name></rdf:Description></x:knows>
    <x:imports rdf:resource="http://x/b"/>
  </rdf:Description>
</rdf:RDF>"""
NT = (
    b'<http://x/a> <http://x/name> "MSC"@en .\n# note\n'
    b'<http://x/a> <http://x/dose> "2.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
    b'<http://x/a> <http://x/knows> _:b .\n_:b <http://x/name> "other" .\n'
    b"<http://x/a> <http://x/imports> <http://x/b> .\n"
)
SAME = {
    "rdf-xml": RDF_XML.encode(),
    "n-triples": NT,
    "turtle": b'@prefix x: <http://x/> .\nx:a x:name "MSC"@en ; x:dose 2.5 ; x:knows [ x:name "other" ] ;'
    b" x:imports x:b .",
    "json-ld": json.dumps({
        "@context": {"@vocab": "http://x/", "d": f"{XSD}decimal"}, "@id": "http://x/a",
        "name": {"@value": "MSC", "@language": "en"}, "dose": {"@value": "2.5", "@type": "d"},
        "knows": {"name": "other"}, "imports": {"@id": "http://x/b"},
    }).encode(),
}  # fmt: skip


def triples(file: RdfFile) -> list[str]:
    return sorted(str(triple) for triple in file.triples())


def turtle(text: str) -> bytes:
    return f"@prefix x: <http://x/> .\n{text}".encode()


def inside(text: str) -> bytes:
    """Make RDF/XML of one description, which begins on line 3."""
    return re.sub("<rdf:Desc.*</rdf:Description>\n", lambda _: text + "\n", RDF_XML, flags=re.DOTALL).encode()


# What is read


@pytest.mark.parametrize("syntax", SAME)
def test_every_syntax_says_the_same_and_is_told_by_looking_into_it(syntax: str) -> None:
    content = SAME[syntax]
    assert syntax_of(content) == syntax
    file = read_rdf(content, "x", start="n")
    assert (file.syntax, file.count, file.ill_typed_count) == (syntax, 5, 0)
    assert triples(file) == triples(read_rdf(NT, "x", start="n"))
    assert triples(read_rdf(content, "x", start="n", syntax=syntax)) == triples(file)


def test_quads_keep_their_graphs() -> None:
    quads = b"<x:a> <x:b> <x:c> .\n<x:a> <x:b> _:c <x:g> .\n"
    trig = b"@prefix x: <x:> . x:a x:b x:c . x:g { x:a x:b [] }"
    one, two = read_rdf(quads, "x", start="n"), read_rdf(trig, "y", start="n")
    assert (one.syntax, two.syntax) == ("n-quads", "trig")
    assert Counter(map(str, one.quads())) == Counter(map(str, two.quads()))


@pytest.mark.parametrize("late", [b"<x:a> <x:b> 5 ; <x:c> 6 .\n", b"<x:a> <x:b> <x:c> <x:g> .\n"])
def test_what_shows_late_in_a_file_is_read_as_well(late: bytes) -> None:
    content = b"<x:a> <x:b> <x:c> .\n" * 10_000 + late
    assert syntax_of(content[:65_536]) == "n-triples"
    assert read_rdf(content, "x").count >= 10_001


@pytest.mark.parametrize(
    ("head", "syntax"),
    [
        (b"[] a <x:b> .", "turtle"),
        (b"[ <x:a> 1 ] <x:b> 2 .", "turtle"),
        (b"x:a a x:b .", "turtle"),
        (b"PREFIX x: <x:>", "turtle"),
        (b"# one\r\n\r\n# two\r\n@base <x:> .", "turtle"),
        (b'{"@graph": []}', "json-ld"),
        (b'[\n {"@id": "x:a"}]', "json-ld"),
        (b'\xef\xbb\xbf{"@context": {}}', "json-ld"),
        (b'{"id": "NCT99900001"}', ""),
        (b"[]", ""),
        (b"<?xml version='1.0'?><clinical_study/>", ""),
        (b"<article xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", ""),
        (b"<html>", ""),
        (b"format-version: 1.2\n\n[Term]\nid: CL:1\n", ""),
        (b"subject_id\tpredicate_id\n", ""),
        (b"#curie_map:\n#  x: y\nsubject_id\tobject_id\n", ""),
        (b"", ""),
        (b"Prefix(:=<http://x/>)", ""),
    ],
)
def test_the_syntax_is_told_by_how_a_file_begins(head: bytes, syntax: str) -> None:
    assert syntax_of(head) == syntax


def test_relative_addresses_are_relative_to_the_base_that_is_given() -> None:
    file = read_rdf(b"@prefix x: <x:> . <a> x:b <#c> .", "x", base="http://x/y")
    assert triples(file) == ["<http://x/a> <x:b> <http://x/y#c>"]
    read = read_rdf(b'{"@id": "a", "http://x/b": 1}', "x", base="http://x/y")
    assert read.count == 1


def test_rdf_xml_in_another_encoding_is_read() -> None:
    content = RDF_XML.replace("?>", " encoding='ISO-8859-1'?>", 1).replace("other", "é").encode("latin-1")
    assert any("é" in triple for triple in triples(read_rdf(content, "x")))


def test_an_entity_that_is_a_namespace_is_put_in() -> None:
    content = RDF_XML.replace('"?>', '"?><!DOCTYPE r [<!ENTITY x "http://x/">]>', 1).replace('"http://x/a"', '"&x;a"')
    assert triples(read_rdf(content.encode(), "x", start="n")) == triples(read_rdf(NT, "x", start="n"))


def test_a_hundred_thousand_blank_nodes_within_each_other_are_survived() -> None:
    content = turtle("x:a x:b " + "[ x:b " * 100_000 + "1" + " ]" * 100_000 + " .")
    file = read_rdf(content, "x")
    assert file.count == sum(1 for _ in file.quads()) == 100_001


# What is told


def test_imports_are_told_and_not_followed() -> None:
    text = "x:a <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:9/c>, <file:///etc/passwd> ."
    assert read_rdf(turtle(text), "x").imports == ("file:///etc/passwd", "http://127.0.0.1:9/c")


def test_literals_that_are_not_of_their_type_are_told_and_kept() -> None:
    wrong = ("'x'^^<http://www.w3.org/2001/XMLSchema#integer>", "'2021-02-30'^^<http://www.w3.org/2001/XMLSchema#date>")
    file = read_rdf(turtle("x:a x:b " + ", ".join(wrong) + ", 5, 'x' ."), "x")
    assert [each.value for each in file.ill_typed] == ["x", "2021-02-30"]
    assert file.count == 4
    many = read_rdf(turtle("x:a x:b " + ", ".join(f"'{i}'^^<{XSD}date>" for i in range(300)) + " ."), "x")
    assert (len(many.ill_typed), many.ill_typed_count) == (100, 300)


def test_keys_without_a_meaning_are_told() -> None:
    assert read_rdf(b'{"@id": "http://x/a", "http://x/b": 1, "note": 2}', "x").unknown_keys == ("note",)


# Blank nodes


def test_blank_nodes_of_two_files_never_meet_and_those_of_one_file_are_the_same_each_time() -> None:
    content = b"_:a <x:b> _:c .\n_:c <x:b> [] .\n"
    one, again, two = (read_rdf(content, name) for name in ("one.nt", "one.nt", "two.nt"))
    assert triples(one) == triples(one) == triples(again)
    names = [
        {str(term) for triple in file.triples() for term in (triple.subject, triple.object)} for file in (one, two)
    ]
    assert len(names[0]) == len(names[1]) == 3
    assert not names[0] & names[1]
    changed = read_rdf(content + b"<x:a> <x:b> 5 .", "one.nt")
    assert not set(triples(one)) & set(triples(changed))


def test_the_labels_of_a_file_cannot_take_the_names_of_another() -> None:
    name = next(read_rdf(b"[] <x:b> 1 .", "one").triples()).subject
    two = read_rdf(f"{name} <x:b> 2 .".encode(), "two")
    assert next(two.triples()).subject != name


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8))
@settings(max_examples=50)
def test_renaming_keeps_the_graph(edges: list[tuple[int, int]]) -> None:
    content = "".join(f"_:b{a} <x:p> _:b{b} .\n" for a, b in edges).encode()

    def canonical(quads: object) -> ox.Dataset:
        data = ox.Dataset(quads)  # type: ignore[arg-type]
        data.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        return data

    assert canonical(read_rdf(content, "x").quads()) == canonical(ox.parse(content, format=ox.RdfFormat.N_TRIPLES))


# What is refused

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
)
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "laughs": (RDF_XML.replace("\n", f"\n{LAUGHS}]>", 1).replace("other", "&j;"), "x:2: .*made of other entities"),
    "outside": (
        RDF_XML.replace("\n", '\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///x">]>', 1).replace("other", "&a;"),
        "x:6: .*points outside",
    ),
    "other root": (
        b"<?xml version='1.0'?><a><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></a>",
        "found the element 'a', expected rdf:RDF",
    ),
    "space, RDF/XML": (
        inside('<x:A\n rdf:about="http://x/a b"/>'),
        "x:4: not valid rdf-xml: .*Invalid IRI code point ' '",
    ),
    "braces, RDF/XML": (
        inside('<x:A rdf:about="http://x/{a}"/>'),
        "x:3: not valid rdf-xml: .*Invalid IRI code point '{'",
    ),
    "relative, RDF/XML": (inside('<x:A rdf:about="#here"/>'), "x:3: not valid rdf-xml: .*No scheme"),
    "triple in RDF/XML": (
        inside('<x:A><x:b rdf:parseType="Triple"/></x:A>'),
        'x:3: found parseType="Triple": a triple within',
    ),
    "space": (turtle("x:a x:b <http://x/a b> ."), "x:2: not valid turtle: Invalid IRI code point ' '$"),
    "space by an escape": (turtle("x:a x:b <http://x/a\\u0020b> ."), "x:2: .*Invalid IRI code point ' '"),
    "braces": (turtle("x:a x:b <http://x/{a}> ."), "x:2: .*Invalid IRI code point '{'"),
    "relative": (turtle("x:a x:b <c> ."), "x:2: .*No scheme found"),
    "relative, N-Triples": (b"<a> <x:b> <x:c> .\n", "x:1: .*No scheme found"),
    "relative, JSON-LD": (b'{"http://x/b": 1,\n "@id": "a"}', "x:2: @id: found the relative address 'a'"),
    "space, JSON-LD": (b'{"http://x/b": 1,\n "@id": "http://x/a b"}', "x:2: @id: .*' ' may not stand"),
    "remote context": (b'{\n"@context": "http://127.0.0.1:9/"}', "x:2: .*'http://127.0.0.1:9/' lies outside the file"),
    "deep JSON-LD": (b'{"@id": "x:a", "x:b": ' * 10_000 + b"1" + b"}" * 10_000, "nested more than 200 deep"),
    "doubled key": (b'{"@id": "x:a", "x:b": 1,\n"x:b": 2}', "x:2: the key 'x:b' stands twice"),
    "half a pair": (b'{"@id": "x:a", "x:b": "\\ud800"}', "half a character"),
    "half, Turtle": (turtle("x:a x:b '\\ud800' ."), "x:2: .*not a valid unicode"),
    "triple term": (turtle("x:a x:b <<( x:a x:b x:c )>> ."), "x:2: a triple within a triple"),
    "reifying": (turtle("x:a x:b '<< {|', 1 . # <<\n<< x:a x:b x:c >> x:d 1 ."), "x:3: a triple within a triple"),
    "annotation": (turtle("x:a x:b x:c {| x:d 1 |} ."), "x:2: a triple within a triple"),
    "direction": (turtle("x:a x:b 'a'@ar--rtl ."), "x:2: the text 'a' has a direction of writing"),
    "zero sign": (turtle("x:a x:b 'a\\u0000' ."), "x:2: a text holds a zero character"),
    "zero byte": (turtle("x:a x:b 'a\0' ."), "zero byte"),
    "not UTF-8": (b"@prefix x: <x:> .\nx:a x:b '\xe9' .", "x:2: not UTF-8 text"),
    "UTF-16": (RDF_XML.encode("utf-16"), "found UTF-16"),
    "web page": (b"<!DOCTYPE html><html></html>", "an HTML page"),
    "no RDF": (b"id\tname\n", "x:1: found no RDF, expected one of json-ld, n-quads"),
    "empty": (b"", "an empty file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_broken_or_a_trap_is_refused_with_its_line(case: str) -> None:
    content, words = REFUSED[case]
    with pytest.raises(SourceError, match=words):
        read_rdf(content if isinstance(content, bytes) else content.encode(), "x")


@pytest.mark.parametrize("place", ["<", ">", "&", '"'])
def test_no_cut_of_rdf_xml_is_taken_for_the_whole(place: str) -> None:
    """Oxigraph alone takes a quarter of such cuts for whole files, with a part of the triples."""
    whole = RDF_XML.encode()
    ends = {at + step for at in range(len(whole)) if whole[at : at + 1] == place.encode() for step in (0, 1)}
    for end in ends - {len(whole)}:
        with pytest.raises(SourceError):
            read_rdf(whole[:end], "x", syntax="rdf-xml")


@pytest.mark.parametrize("syntax", ["turtle", "json-ld"])
def test_no_cut_within_a_statement_is_taken_for_the_whole(syntax: str) -> None:
    ends = (end for end in range(40, len(SAME[syntax]) - 1) if SAME[syntax][:end].rstrip()[-1:] != b".")
    for end in ends:
        with pytest.raises(SourceError):
            read_rdf(SAME[syntax][:end], "x", syntax=syntax)


def test_a_syntax_of_nobody_is_refused() -> None:
    with pytest.raises(InputError, match=r"no syntax matches 'turtel'\. Nearest: turtle"):
        read_rdf(NT, "x", syntax="turtel")


def test_the_depth_can_be_raised() -> None:
    content = b'{"@id": "x:a", "x:b": ' * 250 + b"1" + b"}" * 250
    assert read_rdf(content, "x", limits=Limits(depth=250)).count == 250


PARTS = [
    "<x:a>", " ", "<", ">", '"', "_:b", ".", "\n", "@prefix", "{", "}", "[", "]", ":", '"@id"', "\\u0000", "a", "<<",
    "\\ud800",
]  # fmt: skip


@given(st.sampled_from(sorted(SYNTAXES)), st.lists(st.sampled_from(PARTS), max_size=12))
def test_any_text_is_read_or_refused_in_our_words(syntax: str, parts: list[str]) -> None:
    try:
        list(read_rdf("".join(parts).encode(), "x", syntax=syntax).quads())
    except KgError as error:
        assert str(error).startswith("x")  # noqa: PT017 - either outcome is good


# Real files


def _real() -> list[Path]:
    return sorted(path for path in (SHARED / "external").rglob("*") if re.search(r"\.(?:owl|ttl)(?:\.gz)?$", path.name))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not on this machine")
def test_no_real_file_is_refused() -> None:
    count: Counter[str] = Counter()
    for path in _real():
        content = open_file(path).read()
        if (syntax := syntax_of(content[:65_536])) and len(content) < 2_000_000:
            count[read_rdf(content, path.name).syntax] += 1
            assert syntax in count
    assert count["rdf-xml"] >= 10
    assert count["turtle"] >= 2
