"""SIGNOR tables (causal relations, complexes) -> listed interactions. The sentences of the papers are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from kg.errors import SourceError
from kg.gate import Member
from kg.knowledge.delimited import Row, columns_of, rows
from kg.knowledge.identifiers import address_of, uniprot
from kg.knowledge.listed import Unused, complex_triples, interaction_triples
from kg.knowledge.piece import LABEL, Piece, is_iri, node, number, ours
from kg.model.intake import Ignored, Refused
from kg.namespaces import PREFIXES

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "signor"
SUMMARY = "SIGNOR: causal relations between proteins, chemicals and phenotypes, or complexes"

_RELATIONS = frozenset({"ENTITYA", "IDA", "DATABASEA", "ENTITYB", "IDB", "DATABASEB", "EFFECT", "SIGNOR_ID"})
_COMPLEXES = frozenset({"SIGNOR ID", "COMPLEX NAME", "LIST OF ENTITIES"})
#: SIGNOR's name of a database -> the prefix of its identifiers.
_DATABASES = {
    "CHEBI": "CHEBI",
    "COMPLEXPORTAL": "ComplexPortal",
    "DRUGBANK": "DRUGBANK",
    "ENSEMBL": "ENSEMBL",
    "MIRBASE": "mirbase",
    "NCBI": "NCBIGene",
    "PUBCHEM": "CID",
    "SIGNOR": "SIGNOR",
    "UNIPROT": "UniProtKB",
}
_USED = (_RELATIONS - {"SIGNOR_ID"}) | {
    *(
        "SIGNOR_ID",
        "TYPEA",
        "TYPEB",
        "MECHANISM",
        "RESIDUE",
        "TAX_ID",
        "CELL_DATA",
        "TISSUE_DATA",
        "PMID",
        "DIRECT",
        "SCORE",
    )
}
_IN_TAXON = node("http://purl.obolibrary.org/obo/RO_0002162")
_SHARE = re.compile(r"[01]|[01]?\.\d+")


def _delimiter(head: bytes) -> str:
    """Give the sign between the cells of a SIGNOR table, or nothing."""
    for sign in (";", "\t"):
        columns = set(columns_of(head, sign))
        if columns >= _RELATIONS or columns >= _COMPLEXES:
            return sign
    return ""


def accepts(member: Member) -> bool:
    """Say whether the columns are those of SIGNOR."""
    return bool(_delimiter(member.head))


def _entity(identifier: str, database: str) -> tuple[str, str]:
    prefix = _DATABASES.get(database.upper())
    if prefix is None:
        return "", f"found the database {database!r}, expected one of {', '.join(sorted(_DATABASES))}"
    local = identifier.removeprefix(f"{prefix}:").removeprefix("CHEBI:")
    return address_of(f"{prefix}:{local}") if local else ("", "has no identifier")


def _relation(row: Row) -> Iterator[Piece | Refused | Ignored]:
    cells = row.cells
    ends: list[ox.NamedNode] = []
    for side in "AB":
        iri, why = _entity(cells[f"ID{side}"], cells[f"DATABASE{side}"])
        if why:
            yield row.refuse(f"{cells[f'ENTITY{side}']}: {why}")
            return
        ends.append(node(iri))
    own = PREFIXES["SIGNOR"] + cells["SIGNOR_ID"]
    if not cells["SIGNOR_ID"] or not is_iri(own):
        yield row.refuse(f"SIGNOR_ID: found {cells['SIGNOR_ID']!r}, expected an identifier")
        return
    record = node(own)
    said = list(interaction_triples(record, ends[0], ends[1], cells.get("MECHANISM", "")))
    for side, end in zip("AB", ends, strict=True):
        said += [ox.Triple(end, LABEL, ox.Literal(cells[f"ENTITY{side}"]))] if cells[f"ENTITY{side}"] else []
        kind = cells.get(f"TYPE{side}")
        said += [ox.Triple(end, ours("moleculeKind"), ox.Literal(kind))] if kind else []
    words = (("EFFECT", "effectWord"), ("RESIDUE", "residue"), ("DIRECT", "directWord"), ("PMID", "pmid"))
    said += [ox.Triple(record, ours(local), ox.Literal(cells[column])) for column, local in words if cells.get(column)]
    for column, predicate in (("TAX_ID", _IN_TAXON), ("CELL_DATA", ours("seenIn")), ("TISSUE_DATA", ours("seenIn"))):
        for part in (each.strip() for each in cells.get(column, "").split(";") if each.strip()):
            iri, why = address_of(f"NCBITaxon:{part}" if column == "TAX_ID" else part)
            if why or part == "-1":
                yield Ignored(row.name, column, why or "found -1, which names no species")
            else:
                said.append(ox.Triple(record, predicate, node(iri)))
    if _SHARE.fullmatch(cells.get("SCORE", "")):
        said.append(ox.Triple(record, ours("score"), number(cells["SCORE"])))
    elif cells.get("SCORE"):
        yield Ignored(row.name, "SCORE", f"found {cells['SCORE']!r}, expected a number from 0 to 1")
    said.append(ox.Triple(record, ours("listedIn"), ox.Literal("SIGNOR")))
    yield Piece(row.name, tuple(said))


def _complex(row: Row) -> Piece | Refused:
    own, name = row.cells["SIGNOR ID"], row.cells["COMPLEX NAME"]
    parts = [part.strip() for part in row.cells["LIST OF ENTITIES"].split(",") if part.strip()]
    if not own or not is_iri(PREFIXES["SIGNOR"] + own) or not parts:
        return row.refuse("expected an identifier, and members")
    record = node(PREFIXES["SIGNOR"] + own)
    said = list(complex_triples(record, name, [part for part in parts if uniprot(part)]))
    for part in parts:
        if not uniprot(part):  # a complex of complexes, a family, a chemical
            iri, why = address_of(part if ":" in part else f"SIGNOR:{part}")
            if why:
                return row.refuse(f"LIST OF ENTITIES: {why}")
            said.append(ox.Triple(record, ours("hasMember"), node(iri)))
    return Piece(row.name, tuple(said))


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give the relations or complexes; the sentences that the curators copied from papers are told as ignored."""
    sign = _delimiter(member.head)
    if not sign:
        raise SourceError(member.name, 1, "columns", f"expected those of SIGNOR: {', '.join(sorted(_RELATIONS))}")
    are_relations = set(columns_of(member.head, sign)) >= _RELATIONS
    reasons = dict.fromkeys(("SENTENCE", "NOTES"), "sentences of other people")
    unused = Unused(_USED if are_relations else _COMPLEXES, reasons)
    for row in rows(member, sign):
        if isinstance(row, Refused):
            yield row
            continue
        unused.see(row)
        if are_relations:
            yield from _relation(row)
        else:
            yield _complex(row)
    yield from unused.told(member.name)
