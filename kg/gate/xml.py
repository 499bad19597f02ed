"""XML, read to its end by expat before anything is believed, then given record by record.

Nothing outside the file is opened: a DOCTYPE that names a DTD elsewhere is allowed and not read, an entity that would
have to be fetched is refused where it is used. What entities of the file itself would grow to is counted beforehand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat

from kg.errors import SourceError
from kg.gate.bounded import Limits
from kg.gate.text import check_fit

__all__ = ["XmlRecord", "as_utf8", "check_xml", "iter_records", "parse_xml"]

_LONGEST_ENTITY = 1000  # of real files they are namespaces
_GROWTH_COUNTS_FROM = 8_000_000
_PIECE = 1 << 16
_ENDS_EARLY = {"no element found", "unclosed token", "unclosed CDATA section", "partial character"}
_DTD_ELSEWHERE = re.compile(
    rb"""<!DOCTYPE\s+[^\s\[>"']+\s+(?:PUBLIC\s*(?:"[^"]*"|'[^']*')|SYSTEM)\s*(?:"[^"]*"|'[^']*')""", re.DOTALL
)
_PARAMETER_USE = re.compile(rb"%[A-Za-z_:\x80-\xff][^\s;%]*;")
_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """One record of a file, and the line on which it begins."""

    line: int
    element: ElementTree.Element


class _DtdFoundError(Exception):
    """The parser has met a DOCTYPE that names a DTD elsewhere; it ends there. Never leaves this module."""


class _Check:
    """One reading of a file to its end; keeps what was found."""

    def __init__(self, content: bytes, file: str, limits: Limits, *, blanked: bool) -> None:
        self.content, self.file, self.limits, self.blanked = content, file, limits, blanked
        self.root, self.depth = "", 0
        self.entities: dict[str, str] = {}
        self.outside: set[str] = set()
        self.doctype = 0
        parser = self.parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start_root
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler, parser.EndDoctypeDeclHandler = self._start_doctype, self._end_doctype
        parser.EntityDeclHandler, parser.ExternalEntityRefHandler = self._entity, self._use_outside
        parser.AttlistDeclHandler, parser.SkippedEntityHandler = self._default, self._skipped

    def refuse(self, message: str) -> SourceError:
        return SourceError(self.file, self.parser.CurrentLineNumber, "", message)

    def _start_root(self, name: str, attributes: dict[str, str]) -> None:
        self.root = name
        self._count_growth()
        self.parser.StartElementHandler = self._start
        self._start(name, attributes)

    def _start(self, _: str, __: object) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise self.refuse(f"elements nested more than {self.limits.depth} deep")

    def _end(self, _: str) -> None:
        self.depth -= 1

    def _start_doctype(self, _: str, system: str | None, __: str | None, ___: object) -> None:
        if system is not None and not self.blanked:
            raise _DtdFoundError
        if system is not None:
            raise self.refuse("a DOCTYPE that cannot be told from its DTD; remove it")
        self.doctype = self.parser.CurrentByteIndex

    def _end_doctype(self) -> None:
        # A parameter that nobody declared is no error for expat, which then drops the entities after it unseen.
        if used := _PARAMETER_USE.search(self.content, self.doctype, max(0, self.parser.CurrentByteIndex)):
            raise self.refuse(f"the DOCTYPE uses the parameter {used[0].decode(errors='replace')!r}; write it out")

    def _entity(
        self, name: str, is_parameter: int, value: str | None, _: object, __: object, ___: object, notation: str | None
    ) -> None:
        if is_parameter:
            raise self.refuse(f"entity {name!r} points outside the file or is a parameter; expected plain text")
        if value is None:
            if notation is None:
                self.outside.add(name)
            return  # a picture: named in an attribute, never read
        if not name.isascii():
            raise self.refuse(f"entity {name!r}: expected a name of Latin letters")
        if "&" in value or "<" in value or len(value) > _LONGEST_ENTITY:
            raise self.refuse(f"entity {name!r} is made of other entities or is very long; expected a namespace")
        self.entities.setdefault(name, value)

    def _count_growth(self) -> None:
        grown = sum(self.content.count(f"&{name};".encode()) * len(value) for name, value in self.entities.items())
        allowed = min(self.limits.bytes, max(_GROWTH_COUNTS_FROM, self.limits.ratio * len(self.content)))
        if grown > allowed:
            raise self.refuse(f"its entities would grow to {grown:,} characters, an amplification as of a trap")

    def _use_outside(self, context: str, _: object, system: str | None, __: object) -> int:
        name = next((each for each in sorted(self.outside) if each in re.split("[\f=]", context)), context)
        raise self.refuse(f"entity {name!r} points outside the file, to {system!r}, which is not opened")

    def _default(self, element: str, attribute: str, _: object, default: str | None, __: object) -> None:
        if default is not None:
            message = f"the DOCTYPE gives {element!r} the attribute {attribute!r} unseen; write it where it belongs"
            raise self.refuse(message)

    def _skipped(self, name: str, _: object) -> None:
        raise self.refuse(f"entity {name!r} is not declared in the file")

    def run(self) -> None:
        try:
            self.parser.Parse(self.content, True)
        except expat.ExpatError as error:
            raise SourceError(self.file, error.lineno, "", self._why(error)) from error
        except (LookupError, ValueError) as error:  # of encodings that expat does not know
            raise SourceError(self.file, 1, "", f"not read: {error}; convert the file to UTF-8") from error

    def _why(self, error: expat.ExpatError) -> str:
        words = expat.ErrorString(error.code)
        if words == "undefined entity":
            begins = self.parser.ErrorByteIndex
            used = re.compile(rb"&[^\s;&<]{1,100};").search(self.content, begins)
            name = f" {used[0].decode(errors='replace')!r}" if used else ""
            where = ", or only in a DTD elsewhere, which is not read" if self.blanked else ""
            return f"not valid XML: the entity{name} is not declared in the file{where}"
        return f"not valid XML: {words}" + ("; is the file cut?" if words in _ENDS_EARLY else "")


def _blank(content: bytes) -> bytes:
    """Put blanks for what a DOCTYPE says of a DTD elsewhere; lines stay as they are.

    Otherwise expat believes that the DTD declares each entity that the file does not, and drops them unseen.
    """
    found = _DTD_ELSEWHERE.search(content[: 1 << 20])
    if not found:
        return content
    start = re.match(rb"<!DOCTYPE\s+[^\s\[>\"']+", found[0])
    kept = start[0] if start else b""
    rest = re.sub(rb"[^\r\n]", b" ", found[0][len(kept) :])
    return content[: found.start()] + kept + rest + content[found.end() :]


def _checked(content: bytes, file: str, limits: Limits | None) -> tuple[_Check, bytes]:
    check_fit(content, file)
    limits = limits or Limits()
    check = _Check(content, file, limits, blanked=False)
    try:
        check.run()
    except _DtdFoundError:
        content = _blank(content)
        check = _Check(content, file, limits, blanked=True)
        check.run()
    return check, content


def check_xml(content: bytes, file: str, limits: Limits | None = None) -> tuple[str, dict[str, str]]:
    """Read XML to its end; give the name of its root element ("namespace name") and its entities.

    Raises `SourceError` with the line for what is cut, nested too deep, or a trap.

    >>> check_xml(b"<!DOCTYPE a [<!ENTITY obo 'http://x/'>]><a>&obo;1</a>", "x.xml")
    ('a', {'obo': 'http://x/'})
    """
    check, _ = _checked(content, file, limits)
    return check.root, check.entities


def as_utf8(content: bytes, file: str) -> bytes:
    """Give XML that `check_xml` has read in UTF-8, for parsers that know no other encoding."""
    declared = _DECLARED.match(content)
    if not declared or declared[1].lower() in (b"utf-8", b"us-ascii"):
        return content
    try:
        return content[declared.end() :].decode(declared[1].decode()).encode()
    except (LookupError, ValueError) as error:
        raise SourceError(file, 1, "", f"not read: {error}; convert the file to UTF-8") from error


def parse_xml(content: bytes, file: str, limits: Limits | None = None) -> ElementTree.Element:
    """Give the root element of XML that is small enough to be held whole, once it has passed `check_xml`."""
    _, safe = _checked(content, file, limits)
    try:
        return ElementTree.fromstring(safe)
    except (ElementTree.ParseError, ValueError) as error:
        raise SourceError(file, 0, "", f"not valid XML: {error}") from error


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


class _Records:
    """Builds the elements of one name, and nothing of what stands around them."""

    def __init__(self, tag: str) -> None:
        self.tag, self.done = tag, list[XmlRecord]()
        self.names: dict[str, str] = {}
        self.builder: ElementTree.TreeBuilder | None = None
        self.depth = self.line = 0
        parser = self.parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        builder = self.builder
        if builder is None:
            if self.tag not in (name.rpartition("}")[2], _named(name)):
                return
            builder = self.builder = ElementTree.TreeBuilder()
            self.parser.CharacterDataHandler = builder.data
            self.line = self.parser.CurrentLineNumber
        self.depth += 1
        known = self.names.get(name) or self.names.setdefault(name, _named(name))
        builder.start(known, {_named(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        if self.builder is None:
            return
        self.builder.end(self.names[name])
        self.depth -= 1
        if not self.depth:
            self.done.append(XmlRecord(self.line, self.builder.close()))
            self.parser.CharacterDataHandler = self.builder = None


def iter_records(content: bytes, file: str, tag: str, limits: Limits | None = None) -> Iterator[XmlRecord]:
    """Give the elements of a name (with or without its `{namespace}`) one after the other, with their lines.

    The whole file passes `check_xml` before the first one is given. Of elements of the name within each other the
    outermost is given.

    >>> [(record.line, record.element.text) for record in iter_records(b"<a><b>1</b>\\n<b>2</b></a>", "x.xml", "b")]
    [(1, '1'), (2, '2')]
    """
    _, safe = _checked(content, file, limits)
    records = _Records(tag)
    for start in range(0, len(safe), _PIECE):
        try:
            records.parser.Parse(safe[start : start + _PIECE], start + _PIECE >= len(safe))
        except expat.ExpatError as error:
            raise SourceError(file, error.lineno, "", f"not valid XML: {expat.ErrorString(error.code)}") from error
        yield from records.done
        records.done.clear()
