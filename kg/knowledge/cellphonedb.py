"""The tables of CellPhoneDB (v4, v5), each alone or all together -> listed interactions, complexes and proteins.

A complex is known by its name: the table of interactions names it, the table of complexes says what is in it. So is a
family of genes that stands in the place of an accession (HLAA, IFNA1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from kg.errors import SourceError
from kg.gate import Member
from kg.knowledge.delimited import Row, columns_of, rows
from kg.knowledge.identifiers import uniprot
from kg.knowledge.listed import Unused, complex_triples, interaction_triples, source_triples
from kg.knowledge.piece import LABEL, Piece, node, ours, record_node
from kg.model.intake import Ignored, Refused
from kg.namespaces import PREFIXES

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "cellphonedb"
SUMMARY = "CellPhoneDB tables: interactions, complexes, proteins, genes, transcription factors"

_XREF = node(PREFIXES["oboInOwl"] + "hasDbXref")
_PRODUCT_OF = node("http://purl.obolibrary.org/obo/RO_0002204")
_FLAGS = ("transmembrane", "peripheral", "secreted", "receptor", "integrin")
_MEMBERS = tuple(f"uniprot_{number}" for number in range(1, 6))
_COMMENT = "sentences of other people"


def _partner(name: str) -> ox.NamedNode:
    """Give the node of a protein by its accession, of a complex or a family such as HLAA by its name."""
    return node(uniprot(name) or record_node("partner", KIND, name).value)


def _label(subject: ox.NamedNode, name: str) -> list[ox.Triple]:
    return [ox.Triple(subject, LABEL, ox.Literal(name))] if name else []


def _flags(subject: ox.NamedNode, row: Row) -> Iterator[ox.Triple]:
    for flag in _FLAGS:
        if row.cells.get(flag, "").upper() == "TRUE":
            yield ox.Triple(subject, ours("listedAs"), ox.Literal(flag))


def _interaction(row: Row) -> Piece | Refused:
    cells = row.cells
    ends = [cells["partner_a"], cells["partner_b"]]
    if not all(ends):
        return row.refuse("partner_a, partner_b: has no value")
    if not cells["source"]:
        return row.refuse("source: has no value; an interaction without its source is not taken")
    kind = cells.get("directionality", "")
    first, second = map(_partner, ends)
    record = record_node(KIND, *ends, kind)
    said = list(interaction_triples(record, first, second, kind, ligand_first=kind == "Ligand-Receptor"))
    for partner, name in ((first, cells.get("protein_name_a", "")), (second, cells.get("protein_name_b", ""))):
        said += _label(partner, name)
    for partner, name in ((first, ends[0]), (second, ends[1])):
        said += [] if uniprot(name) else _label(partner, name)
    said += _label(record, cells.get("interactors", ""))
    said += source_triples(record, cells["source"])
    said.append(ox.Triple(record, ours("listedIn"), ox.Literal(cells.get("version") or "CellPhoneDB")))
    for column, predicate in (("classification", "interactionClass"), ("modulatory_effect", "effectWord")):
        if cells.get(column):
            said.append(ox.Triple(record, ours(predicate), ox.Literal(cells[column])))
    for column, prefix in (("reactome_complex", "Reactome"), ("reactome_reaction", "Reactome")):
        said += [ox.Triple(record, _XREF, ox.Literal(f"{prefix}:{cells[column]}"))] if cells.get(column) else []
    return Piece(row.name, tuple(said))


def _complex(row: Row) -> Piece | Refused:
    name = row.cells["complex_name"]
    accessions = [cell for column in _MEMBERS if (cell := row.cells.get(column, ""))]
    wrong = [cell for cell in accessions if not uniprot(cell)]
    if not name or not accessions or wrong:
        found = f"found {wrong[0]!r} among its members" if wrong else "has no name or no members"
        return row.refuse(f"{found}; expected a name and UniProt accessions")
    record = _partner(name)
    return Piece(row.name, (*complex_triples(record, name, accessions), *_flags(record, row)))


def _protein(row: Row) -> Piece | Refused:
    if not row.cells["uniprot"]:
        return row.refuse("uniprot: has no value")
    protein = _partner(row.cells["uniprot"])
    return Piece(row.name, (*_label(protein, row.cells["protein_name"]), *_flags(protein, row)))


def _gene(row: Row) -> Piece | Refused:
    if not row.cells["uniprot"]:
        return row.refuse("uniprot: has no value")
    protein = _partner(row.cells["uniprot"])
    symbols = {row.cells[column] for column in ("gene_name", "hgnc_symbol")} - {""}
    said = [ox.Triple(protein, ours("geneSymbol"), ox.Literal(symbol)) for symbol in sorted(symbols)]
    gene = row.cells["ensembl"]
    if gene.isalnum() and gene.startswith("ENS"):
        said.append(ox.Triple(protein, _PRODUCT_OF, node(PREFIXES["ENSEMBL"] + gene)))
    elif gene:
        return row.refuse(f"ensembl: found {gene!r}, expected an identifier such as ENSG00000176697")
    return Piece(row.name, tuple(said)) if said else row.refuse("gives neither a symbol nor a gene")


def _factor(row: Row) -> Piece | Refused:
    ends = [row.cells["partner_receptor"], row.cells["partner_TF"]]
    if not all(ends) or not row.cells["Source"]:
        return row.refuse("expected a receptor, a transcription factor and a source")
    first, second = map(_partner, ends)
    record = record_node(KIND, *ends, "transcription factor")
    said = list(interaction_triples(record, first, second, "Receptor-Transcription factor"))
    said += _label(second, row.cells.get("protein_name_TF", ""))
    said += [] if uniprot(ends[0]) else _label(first, ends[0])
    said += source_triples(record, row.cells["Source"])
    if row.cells.get("Effect"):
        said.append(ox.Triple(record, ours("effectWord"), ox.Literal(row.cells["Effect"])))
    said.append(ox.Triple(record, ours("listedIn"), ox.Literal("CellPhoneDB")))
    return Piece(row.name, tuple(said))


#: The columns that a table is known by, what reads a row of it, and the columns that are taken.
_TABLES: tuple[tuple[frozenset[str], Callable[[Row], Piece | Refused], frozenset[str]], ...] = (
    (
        frozenset({"partner_a", "partner_b", "annotation_strategy", "source"}),
        _interaction,
        frozenset(
            {
                *("partner_a", "partner_b", "protein_name_a", "protein_name_b", "source", "interactors", "version"),
                *("directionality", "classification", "modulatory_effect", "reactome_complex", "reactome_reaction"),
            }
        ),
    ),
    (frozenset({"complex_name", "uniprot_1"}), _complex, frozenset({"complex_name", *_MEMBERS, *_FLAGS})),
    (
        frozenset({"uniprot", "protein_name", "secreted", "receptor"}),
        _protein,
        frozenset({"uniprot", "protein_name", *_FLAGS}),
    ),
    (
        frozenset({"gene_name", "uniprot", "hgnc_symbol", "ensembl"}),
        _gene,
        frozenset({"gene_name", "uniprot", "hgnc_symbol", "ensembl"}),
    ),
    (
        frozenset({"partner_receptor", "partner_TF", "Source"}),
        _factor,
        frozenset({"partner_receptor", "partner_TF", "protein_name_TF", "Source", "Effect"}),
    ),
)


def accepts(member: Member) -> bool:
    """Say whether the columns are those of one of the tables."""
    columns = set(columns_of(member.head, ","))
    return any(known <= columns for known, _, _ in _TABLES)


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give the rows of whichever table it is."""
    columns = set(columns_of(member.head, ","))
    found = next((table for table in _TABLES if table[0] <= columns), None)
    if found is None:
        expected = "; or ".join(", ".join(sorted(known)) for known, _, _ in _TABLES)
        raise SourceError(member.name, 1, "columns", f"expected those of a table of CellPhoneDB: {expected}")
    _, one, used = found
    unused = Unused(used, dict.fromkeys(("comments", "comments_complex", "other_desc", "receptor_desc"), _COMMENT))
    for row in rows(member, ","):
        if isinstance(row, Refused):
            yield row
        else:
            unused.see(row)
            yield one(row)
    yield from unused.told(member.name)
