"""Tables of ligand-receptor pairs from many resources (OmniPath, as liana ships it) -> listed interactions.

A row is a pair in one resource. How many resources list a pair is its rank of noise: those that were made out of the
others are told by name and not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from kg.gate import Member
from kg.knowledge.delimited import Row, columns_of, rows
from kg.knowledge.identifiers import uniprot
from kg.knowledge.listed import Unused, complex_triples, interaction_triples
from kg.knowledge.piece import Piece, node, number, ours, record_node
from kg.model.intake import Ignored, Refused

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "ligand-receptor"
SUMMARY = "ligand-receptor pairs of several resources in one table, with UniProt accessions (OmniPath, liana)"

_COLUMNS = ("source", "target", "source_genesymbol", "target_genesymbol", "resource")
#: Resources that were put together out of others; the last gives the symbols of mouse genes beside human accessions.
_MADE_OF_OTHERS = {"consensus", "mouseconsensus"}
_OF_MOUSE = "mouseconsensus"


def accepts(member: Member) -> bool:
    """Say whether the columns are those of such a table."""
    return set(_COLUMNS) <= set(columns_of(member.head, ","))


def _partner(identifier: str) -> tuple[ox.NamedNode | None, list[ox.Triple]]:
    """Give the node of a protein or complex, and what makes up the complex; nothing for another identifier."""
    if iri := uniprot(identifier):
        return node(iri), []
    accessions = identifier.removeprefix("COMPLEX:").split("_")
    if not all(map(uniprot, accessions)):
        return None, []
    record = record_node("complex", *sorted(accessions))
    return record, list(complex_triples(record, "", accessions))


def _piece(row: Row, resources: set[str], *, first: bool) -> Piece | Refused:
    said: list[ox.Triple] = []
    ends: list[ox.NamedNode] = []
    for side in ("source", "target"):
        partner, about = _partner(row.cells[side])
        if partner is None:
            return row.refuse(
                f"{side}: found {row.cells[side]!r}, expected a UniProt accession or COMPLEX: and several"
            )
        said += about
        ends.append(partner)
        symbol = row.cells[f"{side}_genesymbol"]
        if symbol and row.cells["resource"] != _OF_MOUSE:
            said.append(ox.Triple(partner, ours("geneSymbol"), ox.Literal(symbol)))
    record = record_node(KIND, row.cells["source"], row.cells["target"])
    if first:
        said += interaction_triples(record, ends[0], ends[1], "ligand and receptor", ligand_first=True)
        count = len(resources - _MADE_OF_OTHERS)
        said.append(ox.Triple(record, ours("resourceCount"), number(str(count))))
    said.append(ox.Triple(record, ours("listedIn"), ox.Literal(row.cells["resource"])))
    return Piece(row.name, tuple(said))


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give a piece for each row; the first of a pair says how many resources list it."""
    table = list(rows(member, ","))
    resources: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in table:
        if isinstance(row, Row):
            resources[row.cells["source"], row.cells["target"]].add(row.cells["resource"])
    unused, seen = Unused((*_COLUMNS, "")), set[tuple[str, str]]()
    for row in table:
        if isinstance(row, Refused):
            yield row
            continue
        unused.see(row)
        pair = row.cells["source"], row.cells["target"]
        if not row.cells["resource"]:
            yield row.refuse("resource: has no value; a pair without its source is not taken")
            continue
        piece = _piece(row, resources[pair] - {""}, first=pair not in seen)
        if isinstance(piece, Piece):
            seen.add(pair)
        yield piece
    if any(_OF_MOUSE in each for each in resources.values()):
        yield Ignored(
            member.name, f"gene symbols of {_OF_MOUSE}", "of mouse genes, beside accessions of human proteins"
        )
    yield from unused.told(member.name)
