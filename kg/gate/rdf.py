"""RDF of other people in any syntax -> quads, all of a file or none. Imports are told and never followed.

Blank nodes get names of their file: those of two files never meet. What the quads mean is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

import pyoxigraph as ox

from kg.errors import InputError, SourceError, nearest
from kg.gate.bounded import Limits
from kg.gate.json_ld import check_json_ld
from kg.gate.json_text import read_json
from kg.gate.literals import is_well_typed
from kg.gate.text import check_fit, decode
from kg.gate.xml import as_utf8, check_xml

__all__ = ["SYNTAXES", "IllTyped", "RdfFile", "read_rdf", "syntax_of"]

#: The name of a syntax -> the parsers that read it, in the order in which they are tried.
SYNTAXES = {
    "json-ld": (ox.RdfFormat.JSON_LD,),
    "n-quads": (ox.RdfFormat.N_QUADS,),
    "n-triples": (ox.RdfFormat.N_TRIPLES,),
    "rdf-xml": (ox.RdfFormat.RDF_XML,),
    "trig": (ox.RdfFormat.TRIG,),
    "turtle": (ox.RdfFormat.TURTLE,),
}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IMPORTS = ox.NamedNode("http://www.w3.org/2002/07/owl#imports")
_NO_TRIPLE_WITHIN = "a triple within a triple (RDF 1.2, RDF-star), which is not kept here; write it as statements"
_LISTED = 100  # ill-typed literals that are told one by one
_FIRST = re.compile(rb"(?:\s+|#[^\n]*(?:\n|\Z))*")
_JSON = re.compile(rb'(?:[\[{]\s*)+"')
_JSON_LD_KEY = re.compile(rb'"@(?:context|graph|id|type|value|vocab)"\s*:')
_XML = re.compile(rb"<(?:\?xml|!DOCTYPE|!--|[A-Za-z_][\w.-]*:?RDF[\s>])")
_RDF_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?RDF[\s>]")
_TERM = rb"(?:<[^<>\s]*>|_:[^\s<>]+)"
_LINE = re.compile(
    rb"[ \t]*" + _TERM + rb"[ \t]*<[^<>\s]*>[ \t]*(?:" + _TERM + rb'|"(?:[^"\\\n]|\\.)*"(?:@[\w-]+|\^\^<[^<>\s]*>)?)'
    rb"[ \t]*(" + _TERM + rb")?[ \t]*\.[ \t]*(?:#[^\n]*)?"
)
_TURTLE = re.compile(
    rb"@(?:prefix|base)\s|(?:PREFIX|BASE|GRAPH)\s|<[^<>\s]*>\s|_:\S+\s|\[\s*(?:\]\s*)?(?:<|a\s|[\w.-]*:)|[A-Za-z][\w.-]*:[\w.-]*\s+(?:a|[\w.-]*:[\w.-]+|<[^<>\s]*>)\s",
    re.IGNORECASE,
)
#: Signs that stand for triples within triples, outside texts, addresses and remarks.
_WITHIN = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    rb"|<[^<>\s]*>|#[^\n]*|(<<|\{\|)",
    re.DOTALL,
)
_XML_WITHIN = re.compile(rb"""\bparseType\s*=\s*["']Triple["']|\brdf:annotation(?:NodeID)?\s*=""")


@dataclass(frozen=True, slots=True)
class IllTyped:
    """A literal that is not written as its datatype has it; it is kept as it is."""

    value: str
    datatype: str


@dataclass(frozen=True, slots=True)
class RdfFile:
    """A file that has been read to its end once; its quads are parsed again when they are asked for."""

    name: str
    syntax: str
    count: int  # of quads
    imports: tuple[str, ...]  # files that it asks for, which are not fetched
    ill_typed: tuple[IllTyped, ...]  # the first hundred
    ill_typed_count: int
    unknown_keys: tuple[str, ...]  # of JSON-LD: they become no triple
    start: str  # of the names of its blank nodes
    content: bytes = field(repr=False)
    parser: ox.RdfFormat = field(repr=False)
    base: str | None = field(repr=False)
    has_blank_nodes: bool = field(repr=False)

    def quads(self) -> Iterator[ox.Quad]:
        """Give the quads in the order of the file, with blank nodes numbered after the name of the file."""
        quads = iter(ox.parse(self.content, format=self.parser, base_iri=self.base))
        return self._renamed(quads) if self.has_blank_nodes else quads

    def triples(self) -> Iterator[ox.Triple]:
        """Give the triples without the graphs that they stand in."""
        return (quad.triple for quad in self.quads())

    def _renamed(self, quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
        names: dict[str, ox.BlankNode] = {}

        def named(node: ox.BlankNode) -> ox.BlankNode:
            return names.get(node.value) or names.setdefault(node.value, ox.BlankNode(f"{self.start}{len(names) + 1}"))

        for quad in quads:  # most have no blank node, and making a new quad takes longer than looking
            subject, value, graph = quad.subject, quad.object, quad.graph_name
            if isinstance(subject, ox.BlankNode):
                subject = named(subject)
            elif not isinstance(value, ox.BlankNode) and not isinstance(graph, ox.BlankNode):
                yield quad
                continue
            value = named(value) if isinstance(value, ox.BlankNode) else value
            graph = named(graph) if isinstance(graph, ox.BlankNode) else graph
            yield ox.Quad(subject, quad.predicate, value, graph)


def syntax_of(head: bytes) -> str:
    """Name the syntax of RDF by how a file begins; nothing when it is no RDF. N-Triples are N-Quads without a fourth.

    >>> syntax_of(b"# ours\\n@prefix : <x:> ."), syntax_of(b"<x:a> <x:b> 'c' ."), syntax_of(b"id\\tname")
    ('turtle', 'turtle', '')
    """
    head = head.removeprefix(b"\xef\xbb\xbf")
    first = _FIRST.match(head)
    begins = head[first.end() if first else 0 :]
    if _JSON.match(begins):
        return "json-ld" if _JSON_LD_KEY.search(begins) else ""
    if _XML.match(begins):
        return "rdf-xml" if _RDF.encode() in begins and _RDF_ROOT.search(begins) else ""
    lines = [line for line in begins.split(b"\n")[:1000] if line.strip() and not line.lstrip().startswith(b"#")]
    matches = [_LINE.fullmatch(line.rstrip()) for line in (lines[:-1] or lines)]
    if matches and all(matches):
        return "n-quads" if any(match and match[1] for match in matches) else "n-triples"
    return "turtle" if _TURTLE.match(begins) else ""


def _line_of(content: bytes, pattern: re.Pattern[bytes], group: int = 0) -> int:
    found = next((match.start() for match in pattern.finditer(content) if match[group]), -1)
    return content.count(b"\n", 0, found) + 1 if found >= 0 else 0


def _refused(error: SyntaxError | ValueError, content: bytes, file: str, words: str) -> SourceError:
    message = str(getattr(error, "msg", None) or error)
    line = getattr(error, "lineno", None) or 0
    iri = re.search(r"IRI '([^']*)'", message)
    if iri and not line:  # the parser of RDF/XML gives no line
        at = content.find(iri[1].encode())
        line = content.count(b"\n", 0, at) + 1 if at >= 0 else 0
    message = re.sub(r"^Parser error at line \d+ (?:between )?columns? [\d and]+: | \(line \d+\)$", "", message)
    return SourceError(file, line, "", f"not valid {words}: {message}")


def _check_literal(value: ox.Literal, file: str, content: bytes) -> IllTyped | None:
    text = value.value
    if "\x00" in text:
        at = _line_of(content, re.compile(rb"\\u0000|\\U00000000"))
        raise SourceError(file, at, "", "a text holds a zero character, which XML and tables cannot hold")
    if value.direction is not None:
        at = _line_of(content, re.compile(rb"@[A-Za-z-]+--(?:ltr|rtl)\b|@direction|\bdir="))
        raise SourceError(file, at, "", f"the text {text[:40]!r} has a direction of writing (RDF 1.2), not kept here")
    datatype = value.datatype.value
    return None if is_well_typed(text, datatype) else IllTyped(text, datatype)


class _Reading:
    """The first reading of a file: what it holds, and whether all of it can be kept."""

    def __init__(self, content: bytes, file: str, parser: ox.RdfFormat, base: str | None) -> None:
        self.count, self.wrong, self.graphs = 0, 0, False
        self.blank = False
        self.imports: set[str] = set()
        self.ill_typed: list[IllTyped] = []
        has_graphs = parser.supports_datasets
        for quad in ox.parse(content, format=parser, base_iri=base):
            self.count += 1
            subject, value = quad.subject, quad.object
            if isinstance(value, ox.Literal):
                if wrong := _check_literal(value, file, content):
                    self.wrong += 1
                    self.ill_typed += [wrong] if self.wrong <= _LISTED else []
            elif isinstance(value, ox.Triple) or isinstance(subject, ox.Triple):
                at = _line_of(content, _WITHIN, 1)
                raise SourceError(file, at, "", _NO_TRIPLE_WITHIN)
            elif quad.predicate == _IMPORTS and isinstance(value, ox.NamedNode):
                self.imports.add(value.value)
            if not self.blank:
                self.blank = isinstance(subject, ox.BlankNode) or isinstance(value, ox.BlankNode)
            if has_graphs:
                graph = quad.graph_name
                self.graphs |= not isinstance(graph, ox.DefaultGraph)
                self.blank |= isinstance(graph, ox.BlankNode)


def _prepared(content: bytes, file: str, syntax: str, limits: Limits, *, base: bool) -> tuple[bytes, tuple[str, ...]]:
    """Hold a file against the limits of its syntax; give it as its parser takes it, and the keys that say nothing."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    if syntax == "json-ld":
        return content, check_json_ld(read_json(content, file, limits), content, file, base=base).unknown_keys
    if syntax != "rdf-xml":
        decode(content, file)
        return content, ()
    root, _ = check_xml(content, file, limits)
    if root != f"{_RDF} RDF":
        raise SourceError(file, 0, "", f"found the element {root.split()[-1]!r}, expected rdf:RDF")
    content = as_utf8(content, file)
    if within := _XML_WITHIN.search(content):  # without a version of RDF the parser would drop it unseen
        line = content.count(b"\n", 0, within.start()) + 1
        raise SourceError(file, line, "", f"found {within[0].decode()}: {_NO_TRIPLE_WITHIN}")
    return content, ()


def read_rdf(
    content: bytes,
    file: str,
    *,
    syntax: str = "",
    limits: Limits | None = None,
    base: str | None = None,
    start: str = "",
) -> RdfFile:
    """Read RDF to its end, in the syntax that it begins like or the one given; raise `SourceError` with the line.

    Blank nodes get names that begin with `start`, or with letters made of the name and content of the file. Relative
    addresses are refused unless a `base` is given.

    >>> content = b"<x:a> <x:b> [ <x:c> 'no day'^^<http://www.w3.org/2001/XMLSchema#date> ] ."
    >>> file = read_rdf(content, "x.ttl", start="n")
    >>> file.syntax, file.count, file.ill_typed[0].value, [str(quad.subject) for quad in file.quads()]
    ('turtle', 2, 'no day', ['_:n1', '<x:a>'])
    """
    if syntax and syntax not in SYNTAXES:
        raise InputError(f"no syntax matches {syntax!r}. Nearest: {', '.join(nearest(syntax, SYNTAXES) or SYNTAXES)}.")
    check_fit(content, file)
    found = syntax or syntax_of(content[:65_536])
    if not found:
        raise SourceError(file, 1, "", f"found no RDF, expected one of {', '.join(sorted(SYNTAXES))}")
    content, unknown = _prepared(content, file, found, limits or Limits(), base=base is not None)
    parsers: tuple[ox.RdfFormat, ...] = SYNTAXES[found]
    if not syntax and found in ("n-triples", "n-quads"):
        parsers = (ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG)  # a fourth term or a sign of Turtle may come late
    elif not syntax and found == "turtle":
        parsers = (ox.RdfFormat.TRIG,)
    refused: SourceError | None = None
    for parser in parsers:
        try:
            reading = _Reading(content, file, parser, base)
        except (SyntaxError, ValueError) as error:
            refused = refused or _refused(error, content, file, found)
            continue
        if reading.graphs and found in ("turtle", "n-triples"):
            found = "trig" if parser == ox.RdfFormat.TRIG else "n-quads"
        start = start or f"f{blake2b(file.encode(errors='replace') + bytes(1) + content, digest_size=8).hexdigest()}x"
        return RdfFile(
            file, found, reading.count, tuple(sorted(reading.imports)), tuple(reading.ill_typed), reading.wrong,
            unknown, start, content, parser, base, reading.blank,
        )  # fmt: skip
    raise refused or SourceError(file, 0, "", "not read")
