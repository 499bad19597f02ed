"""KGX graphs of other people (nodes and edges, TSV or JSON Lines) -> triples with Biolink's own words.

An edge gives its triple with the Biolink predicate and a `biolink:Association` that keeps its source, agent, level of
knowledge and publications. Only Biolink's predicates are written, never one of ours; an edge that names no source, or
is negated, gives no plain triple: without a source it is refused, negated it gives the association alone. Names and
categories of nodes are taken over, their descriptions are other people's sentences and are not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.errors import SourceError, nearest
from kg.gate import BadLine, Member, iter_json_lines
from kg.knowledge.delimited import Row, columns_of, rows
from kg.knowledge.guard import fault_of_triple
from kg.knowledge.identifiers import address_of
from kg.knowledge.piece import LABEL, RDF_TYPE, Node, Piece, is_iri, node, record_node
from kg.model.intake import Ignored, Refused
from kg.namespaces import CTMO, PREFIXES

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "kgx"
SUMMARY = "a graph in KGX: nodes or edges, as TSV or JSON Lines, in the words of the Biolink model"

_BIOLINK = PREFIXES["biolink"]
_NODE, _EDGE = {"id", "category"}, {"subject", "predicate", "object"}
#: Slots that hold identifiers, and those that hold a plain word or number. Others are told as ignored.
_IDENTIFIERS = frozenset(
    {
        *("primary_knowledge_source", "aggregator_knowledge_source", "knowledge_source", "publications", "provided_by"),
        *("has_evidence", "in_taxon", "xref", "same_as", "species_context_qualifier", "anatomical_context_qualifier"),
        *("disease_context_qualifier", "sex_qualifier", "onset_qualifier", "frequency_qualifier", "stage_qualifier"),
    }
)
_WORDS = frozenset(
    {
        *("agent_type", "knowledge_level", "symbol", "synonym", "relation", "original_predicate", "negated"),
        *("subject_aspect_qualifier", "subject_direction_qualifier", "object_aspect_qualifier", "qualified_predicate"),
        *("object_direction_qualifier", "original_subject", "original_object", "full_name", "in_taxon_label"),
    }
)
#: Slots that name where an edge comes from; one of them must have a value.
_SOURCES = ("primary_knowledge_source", "knowledge_source", "aggregator_knowledge_source", "provided_by")
#: Slots that have one value, whatever signs are in it.
_ONE = frozenset({"id", "name", "subject", "predicate", "object"})
_TRUE = ox.Literal(True)
_SNAKE = re.compile(r"[a-z][a-z0-9_]*")
_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*")

_Record = tuple[str, int, Mapping[str, tuple[str, ...]]]


def accepts(member: Member) -> bool:
    """Say whether the columns, or the keys of the first record, are those of nodes or edges in KGX."""
    start = member.head.lstrip()
    if start.startswith(b"{"):
        keys = set(re.findall(rb'[{,]\s*"(id|category|subject|predicate|object)"\s*:', start.split(b"\n", 1)[0]))
        biolink = b"biolink:" in start
        return biolink and ({b"id", b"category"} <= keys or {b"subject", b"predicate", b"object"} <= keys)
    columns = set(columns_of(member.head, "\t"))
    return columns >= _NODE or columns >= _EDGE


def _texts(slot: str, value: object) -> tuple[str, ...]:
    """Give the values of a slot; several stand in a list, or parted by `|` where a slot may have several."""
    if isinstance(value, str):
        parts = [value] if slot in _ONE else value.split("|")
        return tuple(part.strip() for part in parts if part.strip())
    if isinstance(value, bool):
        return ("true",) if value else ("false",)
    if isinstance(value, list):
        return tuple(text for each in value for text in _texts(slot, each))
    return () if value is None or isinstance(value, dict) else (str(value),)


def _records(member: Member) -> Iterator[_Record | Refused]:
    if member.head.lstrip().startswith(b"{"):
        for number, line in enumerate(iter_json_lines(member), 1):
            name = f"row {number}"
            if isinstance(line, BadLine):
                yield Refused(name, line.reason, line.line)
            elif not isinstance(line.content, dict):
                yield Refused(name, f"found {str(line.content)[:60]!r}, expected a record with its slots", line.line)
            else:
                said = ((slot, _texts(slot, value)) for slot, value in line.content.items())
                yield name, line.line, {slot: texts for slot, texts in said if texts}
        return
    columns = columns_of(member.head, "\t")
    if not (set(columns) >= _NODE or set(columns) >= _EDGE):
        near = ", ".join(
            f"{name} (nearest: {', '.join(nearest(name, columns, 1)) or 'none'})" for name in sorted(_EDGE)
        )
        message = f"neither the columns of nodes (id, category) nor those of edges: {near}"
        raise SourceError(member.name, 1, "columns", message)
    for row in rows(member, "\t"):
        if isinstance(row, Row):
            said = ((slot, _texts(slot, cell)) for slot, cell in row.cells.items())
            yield row.name, row.line, {slot: texts for slot, texts in said if texts}
        else:
            yield row


def _biolink(word: str, form: re.Pattern[str]) -> str:
    """Give the address of a word of Biolink, written with its prefix or without, or nothing."""
    local = word.removeprefix("biolink:").removeprefix(_BIOLINK)
    local = local.replace(" ", "_") if form is _SNAKE else local
    return _BIOLINK + local if form.fullmatch(local) else ""


class _Writer:
    """Writes records, and counts the slots that have no place."""

    def __init__(self) -> None:
        self.unknown: Counter[str] = Counter()

    def slots(
        self, subject: Node, record: _Record, told: list[Ignored], skip: Iterable[str] = ()
    ) -> Iterator[ox.Triple]:
        name, _, slots = record
        for slot, texts in sorted(slots.items()):
            if slot in _ONE or slot == "category" or slot in skip:
                continue
            if slot not in _IDENTIFIERS | _WORDS:
                self.unknown[slot] += 1
                continue
            for text in texts:
                value: ox.NamedNode | ox.Literal = ox.Literal(text)
                if slot in _IDENTIFIERS:
                    iri, _ = address_of(text)
                    value = node(iri) if iri else value  # a source without an address is kept as a text
                yield ox.Triple(subject, node(_BIOLINK + slot), value)
        for text in slots.get("category", ()):
            if category := _biolink(text, _CAMEL):
                yield ox.Triple(subject, node(_BIOLINK + "category"), node(category))
            else:
                told.append(Ignored(name, "category", f"found {text!r}, expected a class as in biolink:Cell"))

    def node(self, record: _Record) -> Iterator[Piece | Refused | Ignored]:
        name, line, slots = record
        iri, why = _single(slots, "id")
        why = why or fault_of_triple(iri, LABEL.value, "")
        if why:
            yield Refused(name, why, line)
            return
        told: list[Ignored] = []
        said = [ox.Triple(node(iri), LABEL, ox.Literal(text)) for text in slots.get("name", ())[:1]]
        said += self.slots(node(iri), record, told)
        yield Piece(slots["id"][0], tuple(said))
        yield from told

    def edge(self, record: _Record) -> Iterator[Piece | Refused | Ignored]:
        name, line, slots = record
        ends: dict[str, str] = {}
        for slot in ("subject", "object"):
            ends[slot], why = _single(slots, slot)
            if why:
                yield Refused(name, why, line)
                return
        words = "|".join(slots.get("predicate", ()))
        predicate = _biolink(words, _SNAKE)
        if not predicate:
            yield Refused(name, f"predicate: found {words!r}, expected one of Biolink, as in biolink:affects", line)
            return
        if not any(slot in slots for slot in _SOURCES):
            yield Refused(name, "names no source; expected primary_knowledge_source", line)
            return
        told: list[Ignored] = []
        negated = slots.get("negated", ("false",))[0].lower() in ("true", "1")
        subject, target = node(ends["subject"]), node(ends["object"])
        association = _association(slots)
        said = [] if negated else [ox.Triple(subject, node(predicate), target)]
        said += [
            ox.Triple(association, RDF_TYPE, node(_BIOLINK + "Association")),
            ox.Triple(association, node(_BIOLINK + "subject"), subject),
            ox.Triple(association, node(_BIOLINK + "predicate"), node(predicate)),
            ox.Triple(association, node(_BIOLINK + "object"), target),
        ]
        said += [ox.Triple(association, node(_BIOLINK + "negated"), _TRUE)] if negated else []
        said += self.slots(association, record, told, skip=("negated",))
        yield Piece(slots["id"][0] if "id" in slots else name, tuple(said))
        yield from told


def _single(slots: Mapping[str, tuple[str, ...]], slot: str) -> tuple[str, str]:
    """Give the address in a slot that has one value, or why there is none."""
    texts = slots.get(slot, ())
    if len(texts) != 1:
        return "", f"{slot}: " + (f"found {len(texts)} values, expected one" if texts else "has no value")
    iri, why = address_of(texts[0])
    return iri, f"{slot}: {why}" if why else ""


def _association(slots: Mapping[str, tuple[str, ...]]) -> ox.NamedNode:
    """Give the node of an edge: its own identifier where that is an address, else a name made of what it says."""
    own = slots.get("id", ("",))[0]
    iri = own if own.startswith("urn:") and is_iri(own) else address_of(own)[0]
    if iri and not iri.startswith(CTMO):
        return node(iri)
    return record_node("edge", *(f"{slot}={'|'.join(texts)}" for slot, texts in sorted(slots.items())))


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give nodes and edges in the order of the file; at the end the slots that were left out."""
    writer = _Writer()
    for record in _records(member):
        if isinstance(record, Refused):
            yield record
        elif any(slot in record[2] for slot in _EDGE):
            yield from writer.edge(record)
        else:
            yield from writer.node(record)
    for slot, times in sorted(writer.unknown.items()):
        reason = "a sentence of other people" if slot == "description" else "no place for this slot"
        yield Ignored(member.name, f"{slot} ({times} values)", reason)
