"""Reactome tables -> pathways with names and GO terms, or which molecule takes part in which pathway."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from kg.errors import SourceError
from kg.gate import Member, decode_lines
from kg.knowledge.delimited import Row, columns_of, rows
from kg.knowledge.identifiers import address_of, uniprot
from kg.knowledge.listed import Unused
from kg.knowledge.piece import LABEL, RDF_TYPE, Piece, node, ours
from kg.model.intake import Ignored, Refused
from kg.namespaces import PREFIXES

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "reactome"
SUMMARY = "Reactome: a table of pathways, or of molecules and the pathways that they take part in"

_PATHWAYS = {"stable_id", "name"}
_STABLE = re.compile(r"R-[A-Z]{3}-\d+(?:\.\d+)?")
#: A line of the files that map molecules to pathways; they have no line of names.
_MEMBER = re.compile(
    rb"[^\t\n]+\tR-[A-Z]{3}-\d+\thttps?://(?:www\.)?reactome\.org/[^\t\n]*\t[^\t\n]+\t[A-Z]{2,5}\t[^\t\n]+\r?\n"
)
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def accepts(member: Member) -> bool:
    """Say whether the columns, or the first line, are those of one of the tables."""
    columns = set(columns_of(member.head, "\t"))
    first = member.head.split(b"\n", 2)[1:2]
    names = bool(first) and (not first[0].strip() or re.match(rb"R-[A-Z]{3}-\d+", first[0]) is not None)
    return (columns >= _PATHWAYS and names) or _MEMBER.match(member.head) is not None


def _pathway(row: Row) -> Iterator[Piece | Refused | Ignored]:
    cells = row.cells
    if not _STABLE.fullmatch(cells["stable_id"]):
        yield row.refuse(f"stable_id: found {cells['stable_id']!r}, expected one such as R-HSA-9024909")
        return
    own = node(PREFIXES["Reactome"] + cells["stable_id"])
    said = [ox.Triple(own, RDF_TYPE, ours("ListedPathway"))]
    said += [ox.Triple(own, LABEL, ox.Literal(cells["name"]))] if cells["name"] else []
    day = cells.get("release_date", "")
    if _DAY.fullmatch(day):
        value = ox.Literal(day, datatype=node(PREFIXES["xsd"] + "date"))
        said.append(ox.Triple(own, node(PREFIXES["dcterms"] + "issued"), value))
    elif day:
        yield Ignored(cells["stable_id"], "release_date", f"found {day!r}, expected a day such as 2021-09-15")
    for term in re.split(r"[;,| ]+", cells.get("go_terms", "")):
        if re.fullmatch(r"GO:\d{7}", term):
            said.append(ox.Triple(own, ours("annotatedWith"), node(PREFIXES["GO"] + term[3:])))
        elif term:
            yield Ignored(cells["stable_id"], "go_terms", f"found {term!r}, expected a term such as GO:0006954")
    said.append(ox.Triple(own, ours("listedIn"), ox.Literal("Reactome")))
    yield Piece(cells["stable_id"], tuple(said))


def _molecule(identifier: str) -> str:
    """Give the address of a molecule, as far as its identifier alone says of which database it is."""
    if iri := uniprot(identifier):
        return iri
    if re.fullmatch(r"ENS[A-Z]{0,4}[GTP]\d{11}", identifier):
        return PREFIXES["ENSEMBL"] + identifier
    return address_of(identifier)[0] if ":" in identifier else ""


def _members(member: Member) -> Iterator[Piece | Refused | Ignored]:
    seen = 0
    for line, text in decode_lines(member.lines(), member.name):
        if not text.strip():
            continue
        seen += 1
        cells, name = [cell.strip() for cell in text.split("\t")], f"row {seen}"
        if len(cells) != 6 or not _STABLE.fullmatch(cells[1]):
            yield Refused(name, f"found {len(cells)} cells, expected 6 with the pathway in the second", line)
            continue
        iri = _molecule(cells[0])
        if not iri:
            reason = f"found {cells[0]!r}; of which database it is the file does not say, expected UniProt or Ensembl"
            yield Refused(name, reason, line)
            continue
        own = node(PREFIXES["Reactome"] + cells[1])
        said = [
            ox.Triple(own, RDF_TYPE, ours("ListedPathway")),
            ox.Triple(own, LABEL, ox.Literal(cells[3])),
            ox.Triple(own, ours("organism"), ox.Literal(cells[5])),
            ox.Triple(own, ours("hasParticipant"), node(iri)),
            ox.Triple(own, ours("listedIn"), ox.Literal("Reactome")),
        ]
        yield Piece(name, tuple(said))
    yield Ignored(member.name, f"the address and the evidence code of {seen} rows", "no place for them")


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give the pathways of a table, or the participants."""
    if _MEMBER.match(member.head):
        yield from _members(member)
        return
    if not set(columns_of(member.head, "\t")) >= _PATHWAYS:
        raise SourceError(member.name, 1, "columns", "expected stable_id and name, or a molecule and its pathway")
    unused = Unused(("stable_id", "name", "release_date", "go_terms"))
    for row in rows(member, "\t"):
        if isinstance(row, Refused):
            yield row
        else:
            unused.see(row)
            yield from _pathway(row)
    yield from unused.told(member.name)
