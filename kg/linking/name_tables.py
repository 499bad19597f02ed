"""Tables of names that are no ontology files -> entries: HGNC, MeSH headings, lists of WikiPathways, UniProt of HGNC.

A table is known by its first line. Which of its names mean a term exactly is told by their scope; what becomes of
them is `kg.linking.gathering`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import SourceError
from kg.linking.kinds import class_of

__all__ = ["Named", "read_name_table", "table_kind"]

_HGNC_COLUMNS = ("HGNC ID", "Approved symbol", "Approved name", "Status", "Alias symbols", "Previous symbols")
_MESH_LINE = re.compile(r"[DC]\d{6,9}\t[^\t]+\t[^\t]*\t[^\t]*\t[^\t]*$")
_PATHWAY_LINE = re.compile(r"WP\d+\t[^\t]+\tHomo sapiens(?:\t|$)")
#: The first letters of a MeSH tree number -> the kind of entity.
_MESH_KINDS = (
    *(("A11.", "cell"), ("A", "anatomy"), ("B", "organism"), ("C23.888", "phenotype"), ("C", "disease")),
    *(("F03.", "disease"), ("D12.", "protein"), ("D23.", "protein"), ("D", "chemical")),
    *(("E05.318", "study"), ("E", "procedure")),
    *(("F01.145", "behaviour"), ("G", "process"), ("V", "study"), ("N05.715.360", "study"), ("F02", "process")),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A term as such a table tells it; the scope of a name is exact, alias, previous or entry."""

    id: str
    label: str
    names: tuple[tuple[str, str], ...] = ()  # text and scope
    kind: str = ""
    replaced: bool = False  # withdrawn


def table_kind(head: str) -> str:
    """Name the table that a file is by its first lines: hgnc, mesh, wikipathways, or nothing.

    >>> table_kind("D000001\\tCalcimycin\\tA-23187\\tD02.355\\t\\n")
    'mesh'
    """
    line = next((line for line in head.splitlines() if line.strip()), "")
    if all(column in line.split("\t") for column in _HGNC_COLUMNS):
        return "hgnc"
    if _MESH_LINE.match(line):
        return "mesh"
    rows = [one for one in head.splitlines()[:3] if one.startswith("WP")]
    return "wikipathways" if any(map(_PATHWAY_LINE.match, rows)) else ""


def _parts(cell: str, sign: str) -> list[str]:
    return [part.strip() for part in cell.split(sign) if part.strip()]


def _rows(text: str, file: str, columns: int) -> Iterator[tuple[int, list[str]]]:
    for line, row in enumerate(text.splitlines(), 1):
        if not row.strip():
            continue
        cells = row.split("\t")
        if len(cells) < columns:
            raise SourceError(file, line, "", f"found {len(cells)} cells, expected {columns}; is the file cut here?")
        yield line, cells


def _hgnc(text: str, file: str) -> Iterator[Named]:
    rows = _rows(text, file, len(_HGNC_COLUMNS))
    _, header = next(rows)
    at = {name: header.index(name) for name in (*_HGNC_COLUMNS,)}
    uniprot = next((i for i, name in enumerate(header) if name.startswith("UniProt ID")), None)
    for line, cells in rows:
        if len(cells) <= max(at.values()):
            raise SourceError(file, line, "", f"found {len(cells)} cells, expected {len(header)}")
        symbol, name = cells[at["Approved symbol"]], cells[at["Approved name"]]
        if cells[at["Status"]] != "Approved":
            yield Named(cells[at["HGNC ID"]], symbol, kind="gene", replaced=True)
            continue
        names = [(name, "exact")] if name else []
        names += [(one, "alias") for one in _parts(cells[at["Alias symbols"]], ", ")]
        names += [(one, "previous") for one in _parts(cells[at["Previous symbols"]], ", ")]
        yield Named(cells[at["HGNC ID"]], symbol, tuple(names), "gene")
        proteins = _parts(cells[uniprot], ", ") if uniprot is not None and uniprot < len(cells) else []
        if len(proteins) == 1:  # a gene with several proteins: its name tells none of them
            yield Named(f"UniProtKB:{proteins[0]}", "", ((symbol, "symbol"), *names), "protein")


def _mesh(text: str, file: str) -> Iterator[Named]:
    for _, cells in _rows(text, file, 3):
        trees = _parts(cells[3], "|") if len(cells) > 3 else []
        kinds = [kind for start, kind in _MESH_KINDS for tree in trees if tree.startswith(start)]
        if len({class_of(kind) for kind in kinds}) > 1 and not {"cell", "study"} & set(kinds):
            kinds = []  # a heading that stands in several trees may be of several kinds
        names = tuple((one, "entry") for one in _parts(cells[2], "|"))
        yield Named(f"MESH:{cells[0]}", cells[1].strip(), names, kinds[0] if kinds else "")


def _wikipathways(text: str, file: str) -> Iterator[Named]:
    for _, cells in _rows(text, file, 3):
        if cells[0].startswith("WP"):
            yield Named(f"WIKIPATHWAYS:{cells[0]}", cells[1].strip(), kind="pathway")


_READERS = {"hgnc": _hgnc, "mesh": _mesh, "wikipathways": _wikipathways}


def read_name_table(text: str, file: str) -> Iterator[Named]:
    """Give the terms of a table; raise `SourceError` where it is none, or cut."""
    kind = table_kind(text[:20_000])
    if not kind:
        raise SourceError(file, 1, "", "no table of names that is known here: HGNC, MeSH, WikiPathways")
    yield from _READERS[kind](text, file)
