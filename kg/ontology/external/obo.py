"""OBO 1.2 and 1.4 -> entries. Reads what real files hold, also where they leave the grammar; knows no triples.

Written here because the maintained parser (fastobo 0.14) stops at the first clause outside the grammar: it refuses
six of the eighteen real files that this reader was tried on, releases of ECO, MAXO and CL among them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import PurePath

from kg.errors import SourceError
from kg.ontology.external.model import (
    Entries,
    Entry,
    Meaning,
    OntologyFile,
    Some,
    Synonym,
    iri_of,
    newest,
    prefix_of,
    synonyms_of,
)

__all__ = ["read_obo"]

#: Clauses that say nothing a reasoner could use.
_WORDS = frozenset(
    {
        *("id", "name", "namespace", "def", "comment", "subset", "synonym", "xref", "property_value", "created_by"),
        *("creation_date", "consider", "alt_id", "is_obsolete", "replaced_by", "is_anonymous", "builtin"),
        *("is_metadata_tag", "is_class_level", "expand_expression_to", "expand_assertion_to"),
    }
)
#: Clauses that are kept as axioms.
_AXIOMS = frozenset(
    {
        *("is_a", "relationship", "intersection_of", "disjoint_from", "domain", "range", "inverse_of", "is_transitive"),
    }
)
_NO_CLAUSE = re.compile(r"^(?![ \t]*(?:$|!|\[\w+\]|[\w-]+[ \t]*:)).*$", re.MULTILINE)
_CLAUSE = re.compile(r"^[ \t]*+([\w-]++)[ \t]*+:(.*)$", re.MULTILINE)
_ID = re.compile(r"\n[ \t]*id[ \t]*:[ \t]*(\S+)")
_VALUE = re.compile(r"(\S++)(?:\s++([^\s{!]\S*+))?+\s*+(\{.*\})?\s*(?:!.*)?$")
_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"')
_ESCAPE, _ESCAPED = re.compile(r"\\(.)"), {"n": "\n", "t": "\t", "W": " "}
_SCOPE = re.compile(r"\s*(EXACT|NARROW|BROAD|RELATED)\b")
_XREF = re.compile(r'(?:\\.|"(?:\\.|[^"\\])*"|[^\s"\\])+')  # BEL:"ACAD Family" is one
_QUALIFIER = re.compile(r"\w[\w:.-]*+=\".*\"\}")
#: What a qualifier says when the clause is no plain existential restriction.
_NOT_PLAIN = re.compile(r'gci_(?:relation|filler)=|all_only="true"|(?:min|max)?[Cc]ardinality=|all_some="false"')
_TERM_DATE = re.compile(r"^(?:creation_date:|property_value: \S*[:/]date \")\s*(\d{4}-\d\d-\d\d)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Frame:
    """One stanza: its kind, its text and the line it begins in."""

    kind: str
    text: str
    line: int

    def clauses(self) -> defaultdict[str, list[str]]:
        """Give tag -> values, in the order of the file."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for tag, value in _CLAUSE.findall(self.text):
            found[tag].append(value.strip())
        return found

    def identifier(self) -> str:
        match = _ID.search(self.text)
        return match[1] if match else ""


def _frames(text: str, file: str) -> list[_Frame]:
    """Give the header and the stanzas of a file."""
    wrong = _NO_CLAUSE.search(text)
    if wrong:
        line = text.count("\n", 0, wrong.start()) + 1
        raise SourceError(file, line, "", f"found {wrong[0][:60]!r}, expected 'tag: value'; is the file cut here?")
    frames, line = [], 1
    for block in re.split(r"\n(?=\[)", text):
        kind = re.match(r"\[(\w+)\]", block)
        frame = _Frame(kind[1] if kind else "", block, line)
        if kind and not frame.identifier():
            raise SourceError(file, line, "id", f"a [{frame.kind}] stanza without an id")
        frames.append(frame)
        line += block.count("\n") + 1
    return frames


def _plain(value: str) -> str:
    """Give a name as people read it: without a trailing qualifier, escapes undone."""
    if " {" in value:
        before, _, after = value.rpartition(" {")
        value = before if _QUALIFIER.fullmatch(after) else value
    if "\\" in value:
        value = _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), value)
    return value.strip()


def _xrefs(values: list[str]) -> list[str]:
    """Give the identifiers of clauses such as `xref: MESH:D000001 "its name" {source="x"}`, once, sorted."""
    return sorted({_plain(match[0]) for match in map(_XREF.match, values) if match})


def _targets(values: list[str]) -> list[str]:
    """Give the identifiers of clauses such as `is_a: CL:0000034 {source="x"} ! stem cell`."""
    return [iri_of(match[1]) for match in map(_VALUE.match, values) if match] if values else []


def _synonyms(values: list[str]) -> tuple[Synonym, ...]:
    """Give the texts of clauses such as `synonym: "MSC" RELATED []`; without a scope the format means RELATED."""
    pairs = []
    for value in values:
        if quoted := _QUOTED.match(value):
            scope = _SCOPE.match(value, quoted.end())
            pairs.append((scope[1].lower() if scope else "related", _plain(quoted[1])))
    return synonyms_of(pairs)


def _first(values: list[str]) -> str:
    return values[0] if values else ""


class _Reader:
    """Turns frames into entries; knows the relations of the file."""

    def __init__(self, frames: list[_Frame]) -> None:
        self.names: dict[str, str] = {}  # as clauses write it -> IRI, or label where there is no identifier
        self.not_axioms: set[str] = set()
        for frame in frames:
            if frame.kind == "Typedef":
                self._learn(frame.identifier(), frame.clauses())

    def _learn(self, name: str, clauses: defaultdict[str, list[str]]) -> None:
        if any(_first(clauses[tag]).startswith("true") for tag in ("is_metadata_tag", "is_class_level")):
            self.not_axioms.add(name)
        if ":" not in name:
            xrefs = [iri_of(xref.split(" ")[0]) for xref in clauses["xref"]]
            label = _plain(_first(clauses["name"])) or name.replace("_", " ")
            self.names[name] = next((xref for xref in xrefs if prefix_of(xref)), label)

    def relation(self, name: str) -> str:
        return self.names.get(name) or (iri_of(name) if ":" in name else name.replace("_", " "))

    def some(self, tag: str, values: list[str], left_out: list[str]) -> list[Some]:
        found = []
        for value in values:
            match = _VALUE.match(value)
            if not match or not match[2]:
                left_out.append(f"{tag} of another form")
            elif match[1] in self.not_axioms:
                left_out.append("relations about the class, not its members")
            elif match[3] and _NOT_PLAIN.search(match[3]):
                left_out.append("qualified relations")
            else:
                found.append(Some(self.relation(match[1]), iri_of(match[2])))
        return found

    def parents(self, values: list[str], left_out: list[str]) -> list[str]:
        plain = [value for value in values if not _NOT_PLAIN.search(value)]
        left_out += ["qualified parents"] * (len(values) - len(plain))
        return _targets(plain)

    def meaning(self, parts: list[str], left_out: list[str]) -> tuple[Meaning, ...]:
        matches = [match for match in map(_VALUE.match, parts) if match]
        said: list[str] = []
        some = self.some("intersection_of", [match[0] for match in matches if match[2]], said)
        if said:
            left_out.append("definitions by axioms of other kinds")
        if said or not matches:
            return ()
        genera = _targets([match[0] for match in matches if not match[2]])
        return (Meaning(tuple(sorted(genera)), tuple(sorted(some))),)

    def entry(self, iri: str, frame: _Frame | Entry) -> Entry:
        if isinstance(frame, Entry):
            return frame
        clauses, is_class = frame.clauses(), frame.kind == "Term"
        left_out = [f"clauses {tag!r}" for tag in clauses if tag not in _WORDS | _AXIOMS for _ in clauses[tag]]
        meanings = self.meaning(clauses["intersection_of"], left_out)
        parents = self.parents(clauses["is_a"], left_out) + [genus for each in meanings for genus in each.genera]
        quoted = _QUOTED.match(_first(clauses["def"]))
        property_kind = "annotation property" if clauses["is_metadata_tag"] else "object property"
        return Entry(
            iri=iri,
            kind="class" if is_class else property_kind,
            label=_plain(_first(clauses["name"])),
            deprecated=_first(clauses["is_obsolete"]).startswith("true"),
            replaced_by=tuple(sorted(_targets(clauses["replaced_by"]))),
            parents=tuple(sorted({parent if is_class else self.relation(parent) for parent in parents})),
            relations=tuple(sorted(set(self.some("relationship", clauses["relationship"], left_out)))),
            meanings=meanings,
            disjoint=tuple(sorted(set(_targets(clauses["disjoint_from"])))),
            domains=tuple(sorted(set(_targets(clauses["domain"])))),
            ranges=tuple(sorted(set(_targets(clauses["range"])))),
            inverses=tuple(sorted({self.relation(one.split(" ")[0]) for one in clauses["inverse_of"]})),
            transitive=_first(clauses["is_transitive"]).startswith("true"),
            definition=_plain(quoted[1]) if quoted else "",
            synonyms=_synonyms(clauses["synonym"]),
            xrefs=tuple(one for one in _xrefs(clauses["xref"]) if iri_of(one) != iri),
            merged=tuple(sorted(set(_targets(clauses["alt_id"])))),
            left_out=tuple(sorted(left_out)),
        )


def _header(frame: _Frame, raw: dict[str, _Frame | Entry], text: str) -> dict[str, str]:
    """Give name, version, date and licence as the header states them."""
    clauses, said = frame.clauses(), dict[str, str]()
    for value in clauses["property_value"]:
        words = value.split(" ")
        said[re.split(r"[:/#]", words[0])[-1]] = words[1].strip('"') if len(words) > 1 else ""
    stated = _first(clauses["data-version"]) or said.get("versionInfo", "")
    day = re.search(r"\d{4}-\d\d-\d\d(?!\d)", stated)
    saved = re.match(r"(\d\d):(\d\d):(\d{4})\b", _first(clauses["date"]))
    common = Counter(map(prefix_of, raw)).most_common(1)
    return {
        "name": re.sub(r"\.(?:obo|owl|json)$", "", _first(clauses["ontology"])) or (common[0][0] if common else ""),
        "version": day.group() if day else stated,
        "date": day.group()
        if day
        else f"{saved[3]}-{saved[2]}-{saved[1]}"
        if saved
        else newest(_TERM_DATE.findall(text)),
        "licence": said.get("license", ""),
    }


def read_obo(content: bytes, path: PurePath) -> OntologyFile:
    """Read an OBO file; raise `SourceError` with the line where it is cut or is no OBO."""
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(path.name, line, "", f"not UTF-8 text (byte {error.start})") from error
    if not text.endswith("\n"):
        raise SourceError(path.name, text.count("\n") + 1, "", "ends in the middle of a line; is the file cut?")
    head, *frames = _frames(text.replace("\\\n", " "), path.name)
    reader, raw = _Reader(frames), dict[str, _Frame | Entry]()
    for frame in frames:
        if frame.kind in ("Term", "Typedef"):
            name = frame.identifier()
            raw.setdefault(iri_of(name) if frame.kind == "Term" else reader.relation(name), frame)
    for frame in frames:
        if "alt_id" in frame.text:
            here = iri_of(frame.identifier())
            for merged in _targets(frame.clauses()["alt_id"]):
                raw.setdefault(merged, Entry(merged, deprecated=True, replaced_by=(here,)))
    return OntologyFile(
        str(path),
        "OBO",
        entries=Entries(raw, reader.entry),
        imports=tuple(sorted(set(head.clauses()["import"]))),
        **_header(head, raw, text),  # type: ignore[arg-type]
    )
