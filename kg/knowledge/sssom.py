"""SSSOM mappings of other people -> the mapping as a triple, with a record of who says so, why and how sure.

A negative mapping gives the record only: its triple would say the opposite. So does one whose subject is no entity but
a text, and one to `sssom:NoTermFound`. A mapping by a relation of ours is refused. Our own mapping files are read by
`kg.ontology.mappings`, which asks more of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b

import pyoxigraph as ox

from kg.errors import SourceError, nearest
from kg.gate import Member
from kg.knowledge.guard import fault_of_predicate
from kg.knowledge.mapping_set import Cells, MappingSet, is_json, read_mapping_set
from kg.knowledge.piece import RDF_TYPE, Piece, is_iri, node
from kg.model.intake import Ignored, Refused
from kg.namespaces import PREFIXES

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "sssom"
SUMMARY = "mappings between vocabularies in SSSOM, as TSV or JSON"

_SSSOM, _OWL, _DC = PREFIXES["sssom"], PREFIXES["owl"], PREFIXES["dcterms"]
#: Prefixes that the format knows by itself.
_BUILT_IN = {name: PREFIXES[name] for name in ("owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd")}
_BUILT_IN["linkml"] = "https://w3id.org/linkml/"
#: Slots that hold an identifier.
_ENTITIES = frozenset(
    {
        *("author_id", "creator_id", "reviewer_id", "mapping_justification", "mapping_source", "curation_rule"),
        *("subject_source", "object_source", "subject_match_field", "object_match_field", "issue_tracker_item"),
        *("subject_preprocessing", "object_preprocessing", "similarity_measure", "mapping_tool_id", "record_id"),
    }
)
_ADDRESSES = frozenset({"license", "see_also", "mapping_provider", "mapping_set_source", "mapping_set_id"})
_DAYS = frozenset({"mapping_date", "publication_date", "review_date"})
_SHARES = frozenset({"confidence", "similarity_score", "semantic_similarity_score"})
_TEXTS = frozenset(
    {
        *("subject_label", "object_label", "subject_category", "object_category", "subject_type", "object_type"),
        *("subject_source_version", "object_source_version", "author_label", "creator_label", "reviewer_label"),
        *("mapping_tool", "mapping_tool_version", "mapping_cardinality", "match_string", "comment", "other"),
        *("mapping_set_title", "mapping_set_version", "mapping_set_description", "predicate_label", "predicate_type"),
        *("curation_rule_text", "issue_tracker", "cardinality_scope", "sssom_version", "reviewer_agreement"),
    }
)
_IN_TRIPLE = frozenset({"subject_id", "predicate_id", "object_id", "predicate_modifier"})
_KNOWN = _ENTITIES | _ADDRESSES | _DAYS | _SHARES | _TEXTS | _IN_TRIPLE
#: Slot -> property, where it is not the slot in the SSSOM namespace.
_PROPERTIES = {
    "author_id": "http://purl.org/pav/authoredBy",
    "comment": PREFIXES["rdfs"] + "comment",
    "creator_id": _DC + "creator",
    "license": _DC + "license",
    "mapping_date": "http://purl.org/pav/authoredOn",
    "mapping_set_description": _DC + "description",
    "mapping_set_source": "http://www.w3.org/ns/prov#wasDerivedFrom",
    "mapping_set_title": _DC + "title",
    "mapping_set_version": _OWL + "versionInfo",
    "publication_date": _DC + "created",
    "see_also": PREFIXES["rdfs"] + "seeAlso",
}
#: Slots of the header that hold for each row which has none of its own.
_FOR_EACH_ROW = (
    *("mapping_date", "mapping_provider", "mapping_tool", "mapping_tool_version", "similarity_measure"),
    *("subject_source", "subject_source_version", "subject_type", "object_source", "object_source_version"),
    *("object_type", "subject_match_field", "object_match_field", "subject_preprocessing", "object_preprocessing"),
)
_REQUIRED = ("predicate_id", "mapping_justification")
_SHARE = re.compile(r"[01]|0?\.\d+|0\.\d*|1\.0*|\d(?:\.\d+)?[eE]-\d{1,3}")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_NOT_FOUND = _SSSOM + "NoTermFound"
_TSV = re.compile(rb"(?:#[^\n]*\n)*+(?!#)[^\n]*\bpredicate_id\b")
_TYPES = {name: node(PREFIXES["xsd"] + name) for name in ("date", "decimal", "double")}


def accepts(member: Member) -> bool:
    """Say whether the table has SSSOM's column for the predicate, or the JSON its list of mappings."""
    if is_json(member.head):
        return b'"mappings"' in member.head and b'"predicate_id"' in member.head and b'"mapping_set_id"' in member.head
    if member.head.startswith(b"#") and b"\n#curie_map:" in b"\n" + member.head.replace(b"# ", b"#"):
        return _TSV.match(member.head) is not None or member.head.count(b"\n#") > 500
    first = member.head.split(b"\n", 1)[0].split(b"\t")
    return {b"predicate_id", b"object_id", b"mapping_justification"} <= {name.strip() for name in first}


class _Reader:
    """Knows the prefixes of one file, and what was told of it already."""

    def __init__(self, mapping_set: MappingSet, file: str) -> None:
        self.set, self.file = mapping_set, file
        self.prefixes: dict[str, str] = {**mapping_set.curie_map, **_BUILT_IN}
        self.seen: dict[tuple[tuple[str, tuple[str, ...]], ...], int] = {}

    def iri(self, identifier: str) -> tuple[str, str]:
        """Give the address of an identifier, or why there is none."""
        if re.match(r"https?://", identifier):
            return (identifier, "") if is_iri(identifier) else ("", f"found {identifier!r}, which is no address")
        prefix, colon, local = identifier.partition(":")
        if not colon or not local:
            return "", f"found {identifier!r}, expected a prefix and a name, as in CL:0000134"
        if prefix not in self.prefixes:
            near = ", ".join(nearest(prefix, self.prefixes))
            return "", f"{identifier}: the curie_map has no prefix {prefix!r}" + (f"; nearest: {near}" if near else "")
        whole = self.prefixes[prefix] + local
        if not is_iri(whole):
            return "", f"{identifier}: {prefix!r} stands for {self.prefixes[prefix]!r}; together they are no address"
        return whole, ""

    def value(self, slot: str, text: str) -> tuple[ox.NamedNode | ox.Literal | None, str]:
        """Give the value of a slot, or why it is left out."""
        if slot in _SHARES:
            if not _SHARE.fullmatch(text):
                return None, f"found {text!r}, expected a number from 0 to 1"
            return ox.Literal(text, datatype=_TYPES["double" if "e" in text.lower() else "decimal"]), ""
        if slot in _DAYS:
            whole = _DAY.fullmatch(text)
            return (ox.Literal(text, datatype=_TYPES["date"]), "") if whole else (ox.Literal(text), "")
        if slot in _ENTITIES:
            iri, _ = self.iri(text)
            return (node(iri) if iri else ox.Literal(text)), ""  # an author or source without an address is a text
        if slot in _ADDRESSES and re.match(r"\w+://", text) and is_iri(text):
            return node(text), ""
        return ox.Literal(text), ""

    def about(
        self, subject: ox.NamedNode | ox.BlankNode, cells: Cells, record: str, told: list[Ignored]
    ) -> Iterator[ox.Triple]:
        """Write the slots of a row or of the header."""
        for slot, texts in cells.items():
            if slot not in _KNOWN - _IN_TRIPLE:
                continue
            predicate = node(_PROPERTIES.get(slot, _SSSOM + slot))
            for text in texts:
                value, why = self.value(slot, text)
                if value is not None:
                    yield ox.Triple(subject, predicate, value)
                else:
                    told.append(Ignored(record, slot, why))

    def header(self) -> Iterator[Piece | Ignored]:
        name = self.set.header.get("mapping_set_id", ("",))[0]
        if name and is_iri(name):
            told: list[Ignored] = []
            cells = {slot: value for slot, value in self.set.header.items() if slot != "mapping_set_id"}
            said = [ox.Triple(node(name), RDF_TYPE, node(_SSSOM + "MappingSet"))]
            said += self.about(node(name), cells, self.file, told)
            yield Piece(name, tuple(said))
            yield from told
        elif name:
            yield Ignored(self.file, "mapping_set_id", f"found {name!r}, which is no address")
        for where, slots in (("the header", self.set.header), ("the table", self.set.columns)):
            for slot in slots:
                if slot not in _KNOWN and slot not in ("extension_definitions", "mapping_set_confidence"):
                    near = ", ".join(nearest(slot, sorted(_KNOWN), 1))
                    reason = f"no slot of SSSOM, in {where}" + (f"; nearest: {near}" if near else "")
                    yield Ignored(self.file, slot or "a column without a name", reason)

    def ends(self, cells: Cells) -> tuple[dict[str, str], str]:
        """Give subject, predicate and object as addresses; an end that is a text by its type has none."""
        found: dict[str, str] = {}
        for slot in ("subject_id", "predicate_id", "object_id"):
            side = slot.removesuffix("_id")
            if cells.get(f"{side}_type", ("",))[0] in ("rdfs literal", "literal") and slot not in cells:
                if f"{side}_label" not in cells:
                    return {}, f"{side}_label: has no value, and the {side} is a text by its type"
                continue
            if slot not in cells:
                return {}, f"{slot}: has no value"
            found[slot], why = self.iri(cells[slot][0])
            if why:
                return {}, f"{slot}: {why}"
        return found, ""

    def row(self, number: int, line: int, own: Cells) -> Iterator[Piece | Refused | Ignored]:
        name = f"row {number}"
        first = self.seen.setdefault(tuple(sorted(own.items())), number)
        if first != number:
            yield Refused(name, f"says the same as row {first}", line)
            return
        header = self.set.header
        cells = {slot: header[slot] for slot in _FOR_EACH_ROW if slot in header} | dict(own)
        missing = [slot for slot in _REQUIRED if slot not in cells]
        ends, why = self.ends(cells)
        why = f"{missing[0]}: has no value" if missing else why or fault_of_predicate(ends["predicate_id"])
        modifier = cells.get("predicate_modifier", ("",))[0]
        if not why and modifier not in ("", "Not"):
            why = f"predicate_modifier: found {modifier!r}, expected Not or nothing"
        if why:
            yield Refused(name, why, line)
            return
        told: list[Ignored] = []
        yield Piece(name, tuple(self.mapping(ends, cells, modifier == "Not", name, told)))
        yield from told

    def mapping(
        self, ends: Mapping[str, str], cells: Cells, negative: bool, name: str, told: list[Ignored]
    ) -> Iterator[ox.Triple]:
        said = "\n".join((self.file, *(f"{slot}={'|'.join(texts)}" for slot, texts in sorted(cells.items()))))
        record = ox.BlankNode("m" + blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest())
        plain = len(ends) == 3 and not negative and _NOT_FOUND not in ends.values()
        if plain:
            yield ox.Triple(node(ends["subject_id"]), node(ends["predicate_id"]), node(ends["object_id"]))
            yield ox.Triple(record, RDF_TYPE, node(_OWL + "Axiom"))
        yield ox.Triple(record, RDF_TYPE, node(_SSSOM + "Mapping"))
        if negative:
            yield ox.Triple(record, node(_SSSOM + "predicate_modifier"), node(_SSSOM + "NegatedPredicate"))
        places = (("subject_id", "Source"), ("predicate_id", "Property"), ("object_id", "Target"))
        for slot, place in places:
            if slot in ends:
                yield ox.Triple(record, node(f"{_OWL}annotated{place}"), node(ends[slot]))
        set_id = self.set.header.get("mapping_set_id", ("",))[0]
        if set_id and is_iri(set_id):
            yield ox.Triple(record, node(_SSSOM + "mapping_source"), node(set_id))
        yield from self.about(record, cells, name, told)


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give what the set says of itself, then its mappings; raise where a column that SSSOM requires is missing."""
    mapping_set = read_mapping_set(member)
    for slot in _REQUIRED:
        if slot not in mapping_set.columns:
            near = ", ".join(nearest(slot, mapping_set.columns))
            message = "the column is missing, which SSSOM requires" + (f"; nearest: {near}" if near else "")
            raise SourceError(member.name, 0, slot, message)
    reader = _Reader(mapping_set, member.name)
    yield from reader.header()
    for row in mapping_set.rows:
        if isinstance(row, Refused):
            yield row
        else:
            yield from reader.row(*row)
