"""A researcher's table with its mapping -> pieces: its studies, entities and pairs of terms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.gate import Member
from kg.intake.kinds import Kind, Outcome
from kg.knowledge.guard import fault_of_triple
from kg.knowledge.piece import Piece
from kg.model import Study
from kg.model.intake import Ignored, Refused
from kg.namespaces import CTMO
from kg.ontology import read_lexicon
from kg.rdf import graph_iri, study_quads
from kg.tables import Entity, Tally, TermPair, entity_quads, read_mapping, read_table, term_pair_quads

__all__ = ["table_kind"]

_NOWHERE = graph_iri("loaded", "piece")


def table_kind(mapping: Path, *, strict: bool = False) -> Kind:
    """Give the kind of file that a mapping describes; raise `SourceError` where the mapping itself is wrong."""
    lexicon = read_lexicon()
    told = read_mapping(mapping, lexicon)

    def read(member: Member) -> Iterator[Outcome]:
        tally = Tally()
        for record in read_table(member, told, lexicon, strict=strict, tally=tally):
            if isinstance(record, Refused | Ignored):
                yield record
            elif isinstance(record, Study):
                yield Piece(record.id, tuple(quad.triple for quad in study_quads(record, _NOWHERE)))
            else:
                yield _guarded(record)
        yield from (Ignored(member.name, "how it was read", remark) for remark in tally.remarks)

    return Kind("table", "any table, by a mapping of its columns", lambda member: bool(member.head), read)


def _guarded(record: Entity | TermPair) -> Piece | Refused:
    """Give what a row says outside of a study, unless it would pass for something that is ours to say."""
    if isinstance(record, Entity):
        name, quads = record.id, list(entity_quads([record], _NOWHERE))
    else:
        name, quads = f"{record.subject_id} and {record.object_id}", list(term_pair_quads([record], _NOWHERE))
    for quad in quads:
        ends = (end.value if isinstance(end, ox.NamedNode) else "" for end in (quad.subject, quad.object))
        subject, target = ends
        if subject.startswith(f"{CTMO}mapping/"):
            continue
        if fault := fault_of_triple(subject, quad.predicate.value, target):
            return Refused(name, fault)
    return Piece(name, tuple(quad.triple for quad in quads))
