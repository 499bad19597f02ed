"""The gate for XML: read to its end, entities counted, nothing fetched, records with their lines."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, SourceError
from kg.gate import Limits, check_xml, iter_records, open_file, parse_xml
from kg.gate.xml import as_utf8
from tests.conftest import SHARED

SEARCH = b"""<?xml version="1.0"?>
<!DOCTYPE found PUBLIC "-//toy//DTD//EN"
  "https://example.org/toy.dtd">
<found xmlns="http://example.org/ns" xmlns:x="http://example.org/x">
  <trial id="1"><title>Cells &amp; <i>more</i> cells</title></trial>
  <trial x:id="2"><title><![CDATA[<b>]]></title><trial id="within"/></trial>
</found>
"""


def _doctype(declared: str, inside: str = "&a;") -> bytes:
    return f"<!DOCTYPE x [\n{declared}\n]>\n<x>\n{inside}\n</x>".encode()


# What passes


def test_the_root_is_named_and_its_entities_are_given() -> None:
    assert check_xml(SEARCH, "x") == ("http://example.org/ns found", {})
    content = _doctype('<!ENTITY obo "http://purl.obolibrary.org/obo/" >', '<y z="&obo;CL_1"/>')
    assert check_xml(content, "x") == ("x", {"obo": "http://purl.obolibrary.org/obo/"})


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x SYSTEM "https://example.org/x.dtd">',
        "<!DOCTYPE x PUBLIC '-//a//b c' 'x \"y\".dtd'>",
        '<!DOCTYPE x SYSTEM "x.dtd" [<!ENTITY a "b">]>',
        '<!DOCTYPE x [<!NOTATION gif SYSTEM "g"><!ENTITY picture SYSTEM "file:///p.gif" NDATA gif>]>',
        '<!DOCTYPE x [<!ENTITY never.used SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE x [<!ELEMENT x ANY><!ATTLIST x y CDATA #IMPLIED>]>",
        "<!-- 100%x; sure -->",
        "<?pi a?>",
    ],
)
def test_a_harmless_doctype_is_allowed(doctype: str) -> None:
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}\n<x y="1">é</x>'.encode()
    assert check_xml(content, "x")[0] == "x"
    assert parse_xml(content, "x").text == "é"


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "us-ascii", "UTF-8"])
def test_a_declared_encoding_of_one_byte_is_read(encoding: str) -> None:
    text = "cell" if encoding == "us-ascii" else "né"
    content = f'<?xml version="1.0" encoding="{encoding}"?>\n<x>{text}</x>'.encode(encoding)
    assert parse_xml(content, "x").text == text
    assert [record.element.text for record in iter_records(content, "x", "x")] == [text]
    assert ElementTree.fromstring(as_utf8(content, "x")).text == text


def test_namespaces_by_entities_may_be_used_often() -> None:
    used = "<y z='&a;CL_0000134'/>" * 20_000
    content = _doctype('<!ENTITY a "http://purl.obolibrary.org/obo/" >', used)
    assert len(list(iter_records(content, "x", "y"))) == 20_000


# What is refused

LAUGHS = '<!ENTITY l0 "ha">\n' + "\n".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
REFUSED = {
    "laughs": (_doctype(LAUGHS, "&l9;"), "x:3: entity 'l1' is made of other entities"),
    "laughs by numbers": (_doctype('<!ENTITY b "b"><!ENTITY a "&#38;b;">'), "x:2: .*made of other entities"),
    "quadratic": (_doctype(f'<!ENTITY a "{"x" * 900}">', "&a;" * 100_000), "an amplification as of a trap"),
    "quadratic in attributes": (
        _doctype(f'<!ENTITY a "{"x" * 900}">', f'<y z="{"&a;" * 100_000}"/>'),
        "an amplification as of a trap",
    ),
    "long entity": (_doctype(f'<!ENTITY a "{"x" * 1001}">'), "x:2: .*is very long"),
    "markup in an entity": (_doctype('<!ENTITY a "<b/>">'), "x:2: .*made of other entities"),
    "entity of a file": (
        _doctype('<!ENTITY a SYSTEM "file:///etc/passwd">'),
        "x:5: entity 'a' points outside the file",
    ),
    "entity of the web": (
        _doctype('<!ENTITY a PUBLIC "p" "http://127.0.0.1:9/">'),
        "'http://127.0.0.1:9/', which is not",
    ),
    "in an attribute": (
        _doctype('<!ENTITY a SYSTEM "file:///x">', '<y z="&a;"/>'),
        "x:5: .*external entity in attribute",
    ),
    "parameter": (_doctype('<!ENTITY % a "x">', ""), "x:2: .*is a parameter"),
    "parameter elsewhere": (_doctype('<!ENTITY % a SYSTEM "http://127.0.0.1:9/">%a;', ""), "x:2: .*is a parameter"),
    "parameter of nobody": (_doctype('%a;\n<!ENTITY b "c">', "&b;"), "uses the parameter '%a;'"),
    "undeclared": (b"<x>\n&nbsp;</x>", "x:2: .*the entity '&nbsp;' is not declared in the file$"),
    "declared elsewhere": (
        b'<!DOCTYPE x SYSTEM "y.dtd">\n<x>\n&alpha;</x>',
        "x:3: .*'&alpha;' is not .*, or only in a DTD",
    ),
    "and in an attribute": (
        b'<!DOCTYPE x\nSYSTEM "y.dtd" []>\n<x>\n<y z="&alpha;"/></x>',
        "x:4: .*'&alpha;' is not declared",
    ),
    "unseen attribute": (
        _doctype(f'<!ATTLIST y z CDATA "{"x" * 9}">', "<y/>"),
        "x:2: .*gives 'y' the attribute 'z' unseen",
    ),
    "name of an entity": (_doctype('<!ENTITY é "b">', "&é;"), "expected a name of Latin letters"),
    "depth": (b"<x>\n" + b"<a>" * 300 + b"</a>" * 300 + b"</x>", "x:2: elements nested more than 200 deep"),
    "open depth": (b"<a>" * 100_000, "x:1: elements nested more than 200 deep"),
    "cut": (b"<x>\n<y>", "x:2: not valid XML: .*; is the file cut"),
    "cut in a tag": (b"<x>\n<y", "x:2: .*is the file cut"),
    "wrong end": (b"<x>\n</y>", "x:2: not valid XML: mismatched tag$"),
    "two roots": (b"<x/>\n<y/>", "x:2: not valid XML: junk after document element"),
    "prefix": (b"<a:x/>", "x:1: .*unbound prefix"),
    "control sign": (b"<x>\n\x01</x>", "x:2: not valid XML"),
    "not UTF-8": (b"<x>\n\xe9</x>", "x:2: not valid XML"),
    "encoding of nobody": (b"<?xml version='1.0' encoding='klingon'?><x/>", "unknown encoding"),
    "encoding of two bytes": (
        "<?xml version='1.0' encoding='gbk'?><x>中</x>".encode("gbk"),
        "convert the file to UTF-8",
    ),
    "UTF-16": ("<x/>".encode("utf-16"), "found UTF-16"),
    "UTF-16 without a mark": ("<x>aaaaa</x>".encode("utf-16-le"), "found UTF-16"),
    "web page": (b"<!DOCTYPE html><html><body>Not found<br></body></html>", "an HTML page"),
    "empty": (b"", "an empty file"),
    "text": (b"id\tname", "x:1: not valid XML"),
    "blanked in a remark": (
        b'<!-- <!DOCTYPE x SYSTEM "a"> --><!DOCTYPE x SYSTEM "b"><x/>',
        "a DOCTYPE that cannot be told",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_trap_or_a_broken_file_is_refused_with_its_line(case: str) -> None:
    content, words = REFUSED[case]
    for use in (check_xml, parse_xml, lambda content, file: list(iter_records(content, file, "x"))):
        with pytest.raises(SourceError, match=words):
            use(content, "x")


def test_the_limits_can_be_raised() -> None:
    deep = b"<x>" * 300 + b"</x>" * 300
    assert check_xml(deep, "x", Limits(depth=300))[0] == "x"
    often = _doctype(f'<!ENTITY a "{"x" * 100}">', "&a;" * 100_000 + "y" * 400_000)
    with pytest.raises(SourceError, match="amplification"):
        check_xml(often, "x", Limits(ratio=5))
    assert check_xml(often, "x")[0] == "x"


def test_no_cut_of_a_file_is_taken_for_the_whole() -> None:
    whole = SEARCH.rstrip()
    for end in range(len(whole)):
        with pytest.raises(SourceError):
            check_xml(whole[:end], "x")


# Records


def test_records_come_with_their_lines_and_nothing_around_them() -> None:
    one, two = iter_records(SEARCH, "x", "trial")
    assert (one.line, two.line) == (5, 6)
    assert one.element.get("id") == "1"
    assert "".join(one.element.itertext()) == "Cells & more cells"
    assert two.element.get("{http://example.org/x}id") == "2"
    assert two.element.findtext("{http://example.org/ns}title") == "<b>"
    assert len(two.element.findall("{http://example.org/ns}trial")) == 1
    assert next(iter_records(SEARCH, "x", "{http://example.org/ns}trial")).line == 5
    assert list(iter_records(SEARCH, "x", "{http://example.org/other}trial")) == []


def test_a_file_that_is_cut_gives_no_record_at_all() -> None:
    content = b"<x>" + b"<y>1</y>\n" * 20_000
    records = iter_records(content, "x", "y")
    with pytest.raises(SourceError, match="is the file cut"):
        next(records)


def test_records_on_both_sides_of_a_piece_are_whole() -> None:
    content = b"<x>" + b"".join(b"<y>%d and a word</y>\n" % i for i in range(20_000)) + b"</x>"
    records = list(iter_records(content, "x", "y"))
    assert [record.element.text for record in records] == [f"{i} and a word" for i in range(20_000)]
    assert [record.line for record in records] == list(range(1, 20_001))


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.recursive(TEXT, lambda inner: st.lists(inner, max_size=3), max_leaves=20), TEXT)
def test_records_are_what_the_standard_parser_makes(content: object, attribute: str) -> None:
    def make(inside: object) -> ElementTree.Element:
        element = ElementTree.Element("{n:s}y", {"{n:s}z": attribute, "w": attribute})
        if isinstance(inside, list):
            element.extend(make(each) for each in inside)
        else:
            element.text = str(inside)
        return element

    root = ElementTree.Element("x")
    root.append(make(content))
    written = ElementTree.tostring(root, encoding="utf-8")
    (record,) = iter_records(written, "x", "y")
    assert ElementTree.tostring(record.element) == ElementTree.tostring(parse_xml(written, "x")[0])


@given(
    st.lists(
        st.sampled_from(
            [
                b"<x>",
                b"</x>",
                b"<!DOCTYPE x [",
                b"]>",
                b"<!ENTITY a 'b'>",
                b"%a;",
                b"&a;",
                b"\xff",
                b"<![CDATA[",
                b"]]>",
                b"<?",
                b"?>",
                b"<!--",
                b"-->",
                b"'",
                b" SYSTEM 'y'",
            ]
        ),
        max_size=9,
    )
)
def test_any_bytes_are_read_or_refused_in_our_words(parts: list[bytes]) -> None:
    try:
        list(iter_records(b"".join(parts), "x", "x"))
    except KgError as error:
        assert re.match(r"x:\d* ?", str(error))  # noqa: PT017 - either outcome is good


# Real files


def _real() -> list[Path]:
    folders = ("registry", "literature", "pathways", "external")
    found = (path for folder in folders for path in (SHARED / folder).rglob("*"))
    return sorted(path for path in found if re.search(r"\.(?:xml|nxml|gpml|owl)(?:\.gz)?$", path.name))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not on this machine")
def test_no_real_file_is_refused() -> None:
    roots = set()
    for path in _real():
        content = open_file(path).read()
        if content.lstrip()[:1] == b"<" and len(content) < 3_000_000:
            roots.add(check_xml(content, path.name)[0].split()[-1])
    assert {"RDF", "clinical_study", "PubmedArticleSet", "article", "Pathway"} <= roots
