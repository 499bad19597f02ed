"""The tables that WikiPathways gives beside its diagrams -> pathways and their participants.

Data nodes of one pathway (the pathway is named by the file only), or of all of them; lists of pathways with titles; the
short record of a pathway (JSON); its references. Identifiers of other databases that stand beside a node are kept as
such: a protein beside a gene is not that gene.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pyoxigraph as ox

from kg.errors import SourceError
from kg.gate import Member, read_json
from kg.knowledge.delimited import Row, columns_of, rows
from kg.knowledge.identifiers import address_of
from kg.knowledge.listed import Unused, participant_triples
from kg.knowledge.piece import LABEL, RDF_TYPE, Piece, node, ours
from kg.knowledge.wikipathways import pathway_node
from kg.model.intake import Ignored, Refused
from kg.namespaces import PREFIXES

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "wikipathways-table"
SUMMARY = "tables of WikiPathways: data nodes, lists of pathways, references, the short record of one pathway"

_ONE = {"Label", "Type", "Identifier"}
_ALL = {"pathway", "label", "type", "identifier"}
_LISTS = ({"pathway", "title"}, {"wikipathways_id", "name"})
_REFERENCES = ["ID", "Database"]
#: Columns whose identifiers say which other names a node has.
_OTHERS = ("Ensembl", "NCBI gene", "HGNC", "UniProt", "ChEBI", "Wikidata", "ncbi_gene", "hgnc", "uniprot")
#: What a data node can be; a row with another word there has its cells in the wrong columns.
_TYPES = {
    "GeneProduct",
    "Protein",
    "Metabolite",
    "Rna",
    "RNA",
    "DNA",
    "Complex",
    "Pathway",
    "Unknown",
    "Event",
    "Disease",
}
_INFO = re.compile(rb'\{\s*"wpid"\s*:\s*"WP\d+"')


def accepts(member: Member) -> bool:
    """Say whether it is one of the tables, or the short record of a pathway."""
    if _INFO.match(member.head.lstrip()):
        return True
    columns = columns_of(member.head, "\t")
    known = set(columns)
    is_list = any(each <= known for each in _LISTS) and "object" not in known and _names_pathways(member.head)
    return columns == _REFERENCES or known >= _ONE or known >= _ALL or is_list


def _names_pathways(head: bytes) -> bool:
    lines = head.split(b"\n", 2)
    return len(lines) > 1 and (not lines[1].strip() or re.match(rb"WP\d+\t", lines[1]) is not None)


def _of_file(member: Member) -> ox.NamedNode:
    found = pathway_node(PurePosixPath(member.name).name)
    if found is None:
        message = (
            "the table does not say which pathway it is about; expected its number in the name of the file, WP4495"
        )
        raise SourceError(member.name, 0, "", message)
    return found


def _node_row(row: Row, pathway: ox.NamedNode) -> Iterator[Piece | Refused | Ignored]:
    cells = {name.casefold(): cell.strip('"') for name, cell in row.cells.items()}
    if cells["type"] not in _TYPES:
        yield row.refuse(f"type: found {cells['type']!r}, expected one of {', '.join(sorted(_TYPES))}")
        return
    others = [
        part.strip() for name in _OTHERS for part in row.cells.get(name, "").strip('"').split(";") if part.strip()
    ]
    made = participant_triples(pathway, cells["label"], cells["type"], cells["identifier"], others, row.name, row.line)
    if isinstance(made, Refused):
        yield made
        return
    yield Piece(row.name, tuple(made[0]))
    yield from made[1]


def _nodes(member: Member, columns: set[str]) -> Iterator[Piece | Refused | Ignored]:
    pathway = None if columns >= _ALL else _of_file(member)
    unused = Unused((*_ONE, *_ALL, *_OTHERS), {"Comment": "sentences of other people"})
    for row in rows(member, "\t"):
        if isinstance(row, Refused):
            yield row
            continue
        unused.see(row)
        own = pathway or pathway_node(row.cells["pathway"])
        if own is None:
            yield row.refuse(f"pathway: found {row.cells['pathway']!r}, expected a number such as WP4495")
        else:
            yield from _node_row(row, own)
    yield from unused.told(member.name)


def _pathway(own: ox.NamedNode, title: str, organism: str, revision: str) -> list[ox.Triple]:
    said = [ox.Triple(own, RDF_TYPE, ours("ListedPathway"))]
    said += [ox.Triple(own, LABEL, ox.Literal(title))] if title else []
    said += [ox.Triple(own, ours("organism"), ox.Literal(organism))] if organism else []
    said += [ox.Triple(own, node(PREFIXES["owl"] + "versionInfo"), ox.Literal(revision))] if revision else []
    return said


def _modified(own: ox.NamedNode, words: str) -> list[ox.Triple]:
    """Give the day on which a pathway was last changed, where there is a whole one."""
    day = re.match(r"(\d{4})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])", words)
    if not day:
        return []
    date = ox.Literal("-".join(day.groups()), datatype=node(PREFIXES["xsd"] + "date"))
    return [ox.Triple(own, node(PREFIXES["dcterms"] + "modified"), date)]


def _list(member: Member) -> Iterator[Piece | Refused | Ignored]:
    used = ("pathway", "wikipathways_id", "title", "name", "organism", "revision", "last_modified")
    unused = Unused(used)
    for row in rows(member, "\t"):
        if isinstance(row, Refused):
            yield row
            continue
        unused.see(row)
        cells = row.cells
        number = cells.get("pathway") or cells.get("wikipathways_id", "")
        own = pathway_node(number)
        if own is None:
            yield row.refuse(f"found {number!r}, expected a number such as WP4495")
            continue
        title = cells.get("title") or cells.get("name", "")
        said = _pathway(own, title, cells.get("organism", ""), cells.get("revision", ""))
        yield Piece(number, (*said, *_modified(own, cells.get("last_modified", ""))))
    yield from unused.told(member.name)


def _references(member: Member) -> Iterator[Piece | Refused | Ignored]:
    pathway = _of_file(member)
    for row in rows(member, "\t"):
        if isinstance(row, Refused):
            yield row
        elif row.cells["Database"].casefold() != "pubmed" or not row.cells["ID"].isdigit():
            yield row.refuse(f"found {row.cells['ID']!r} of {row.cells['Database']!r}, expected a number of PubMed")
        else:
            yield Piece(row.name, (ox.Triple(pathway, ours("pmid"), ox.Literal(row.cells["ID"])),))


def _info(member: Member) -> Iterator[Piece | Refused | Ignored]:
    record = read_json(member.read(), member.name)
    texts = {key: value for key, value in record.items() if isinstance(value, str)} if isinstance(record, dict) else {}
    own = pathway_node(texts.get("wpid", ""))
    if own is None:
        raise SourceError(member.name, 0, "wpid", f"found {texts.get('wpid')!r}, expected a number such as WP4495")
    said = _pathway(own, texts.get("title", ""), "", texts.get("revision", ""))
    said += _modified(own, texts.get("last-edited", ""))
    told = [Ignored(texts["wpid"], "description", "sentences of other people")] if "description" in texts else []
    for key, predicate in (("organisms", "organism"), ("ontology-ids", "annotatedWith")):
        for text in record[key] if isinstance(record.get(key), list) else ():
            iri, why = address_of(str(text)) if key == "ontology-ids" else ("", "")
            if why:
                told.append(Ignored(texts["wpid"], key, why))
            else:
                said.append(ox.Triple(own, ours(predicate), node(iri) if iri else ox.Literal(str(text))))
    yield Piece(texts["wpid"], tuple(said))
    yield from told
    known = {"wpid", "title", "revision", "last-edited", "description", "organisms", "ontology-ids"}
    yield from (Ignored(texts["wpid"], key, "no place for it") for key in record if key not in known)


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give whichever table it is, row by row."""
    if member.head.lstrip().startswith(b"{"):
        yield from _info(member)
        return
    columns = columns_of(member.head, "\t")
    if columns == _REFERENCES:
        yield from _references(member)
    elif set(columns) >= _ONE or set(columns) >= _ALL:
        yield from _nodes(member, set(columns))
    elif any(each <= set(columns) for each in _LISTS):
        yield from _list(member)
    else:
        raise SourceError(member.name, 1, "columns", f"expected those of data nodes: {', '.join(sorted(_ONE))}")
