"""Plain RDF of other people (Turtle, N-Triples, N-Quads, TriG, JSON-LD, RDF/XML that is no ontology), by statement.

All statements go into the file's own graph; those of a named graph too, which is told. A statement that would stand in
the store as one of ours is refused by itself, and the rest is loaded: an edge in a relation of ours (it needs an
assertion with evidence), a property or a class of our records, and what says of our terms what they are. Ill-typed
literals are kept as they are written, and told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pyoxigraph as ox

from kg.gate import Member, read_rdf, syntax_of
from kg.knowledge import ontology, sssom
from kg.knowledge.guard import fault_of_triple
from kg.knowledge.piece import Piece
from kg.model.intake import Ignored, Refused
from kg.namespaces import CTMO

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "rdf"
SUMMARY = "RDF that is no ontology: Turtle, N-Triples, N-Quads, TriG, JSON-LD, RDF/XML"

_TOLD = 10  # ill-typed literals one by one


def accepts(member: Member) -> bool:
    """Say whether the file begins like RDF, and neither as an ontology nor as mappings, which are RDF too."""
    return bool(syntax_of(member.head)) and not ontology.accepts(member) and not sssom.accepts(member)


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give one piece for each statement; raise `SourceError` where the file is broken, before the first one."""
    file = read_rdf(member.read(), member.name)
    graphs: Counter[str] = Counter()
    faults: dict[tuple[str, str, str], str] = {}
    for number, quad in enumerate(file.quads(), 1):
        triple, name = quad.triple, f"statement {number}"
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            graphs[str(quad.graph_name)] += 1
        # what a predicate may not be is looked up once for each that the file has
        subject, predicate, target = _iri(triple.subject), triple.predicate.value, _iri(triple.object)
        key = (subject if subject.startswith(CTMO) else "", predicate, target if target.startswith(CTMO) else "")
        fault = faults[key] if key in faults else faults.setdefault(key, fault_of_triple(*key))
        yield Refused(name, f"{triple}: {fault}") if fault else Piece(name, (triple,))
    for graph, times in sorted(graphs.items()):
        yield Ignored(member.name, f"graph {graph} ({times} statements)", "its statements go into the file's own graph")
    for address in file.imports:
        yield Ignored(member.name, f"owl:imports <{address}>", "files that a file names are never fetched")
    for key_name in file.unknown_keys:
        yield Ignored(
            member.name, f"key {key_name!r}", "has no meaning in the context of the file, and makes no statement"
        )
    for literal in file.ill_typed[:_TOLD]:
        part = f"literal {literal.value[:60]!r}"
        yield Ignored(member.name, part, f"not written as <{literal.datatype}> has it; kept as it is")
    if file.ill_typed_count > _TOLD:
        yield Ignored(
            member.name, f"{file.ill_typed_count - _TOLD} more literals", "not as their datatypes have it; kept"
        )
