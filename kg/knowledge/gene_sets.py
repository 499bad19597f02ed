"""Gene sets (GMT: name, address or nothing, gene symbols) -> sets with their symbols.

The format names genes by symbol and says of which species nowhere: a symbol stays a text, and joins by
`ctmo:geneSymbol`. A GO identifier in the name of a set points to the term.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pyoxigraph as ox

from kg.errors import InputError
from kg.gate import Member, decode_lines
from kg.knowledge.piece import LABEL, RDF_TYPE, Piece, is_iri, node, ours, record_node
from kg.model.intake import Ignored, Refused
from kg.namespaces import PREFIXES

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "gene-sets"
SUMMARY = "gene sets in GMT: a name, an address or nothing, then gene symbols"

_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@/-]*")
#: What stands in the second cell of a real file: nothing, an address, or a word for nothing.
_SECOND = re.compile(rb"|https?://\S+|na|NA|> ?.*")
_GO = re.compile(r"\bGO[:_](\d{7})\b")
_WEIGHT = re.compile(r",-?\d+(?:\.\d+)?")
_SEE_ALSO = node(PREFIXES["rdfs"] + "seeAlso")


def accepts(member: Member) -> bool:
    """Say whether each line has a name, nothing or an address, and symbols; lines have different numbers of them."""
    lines = [line.rstrip(b"\r") for line in member.head.split(b"\n")]
    lines = [line for line in (lines[:-1] if len(lines) > 1 else lines) if line.strip()][:50]
    cells = [line.split(b"\t") for line in lines]
    if not cells or any(len(each) < 3 or not each[0].strip() or not _SECOND.fullmatch(each[1]) for each in cells):
        return False
    symbols = re.compile(_SYMBOL.pattern.encode() + rb"(?:,-?\d[\d.]*)?|")
    return all(symbols.fullmatch(cell) for each in cells for cell in each[2:12])


def _set(line: int, cells: list[str]) -> Iterator[Piece | Refused | Ignored]:
    name, second = cells[0].strip(), cells[1].strip()
    members = [_WEIGHT.sub("", cell.strip()) for cell in cells[2:] if cell.strip()]
    if not name or not members:
        yield Refused(name or f"line {line}", "a set without a name or without genes", line)
        return
    wrong = [each for each in members if not _SYMBOL.fullmatch(each)]
    own = record_node("gene-set", name)
    said = [ox.Triple(own, RDF_TYPE, ours("GeneSet")), ox.Triple(own, LABEL, ox.Literal(name))]
    if second.startswith(("http://", "https://")) and is_iri(second):
        said.append(ox.Triple(own, _SEE_ALSO, node(second)))
    elif second.strip("> ").casefold() not in ("", "na"):
        yield Ignored(name, "description", "a sentence of other people")
    for number in sorted(set(_GO.findall(name))):
        said.append(ox.Triple(own, ours("annotatedWith"), node(PREFIXES["GO"] + number)))
    kept = sorted(set(members) - set(wrong))
    said += [ox.Triple(own, ours("memberSymbol"), ox.Literal(symbol)) for symbol in kept]
    yield Piece(name, tuple(said))
    if wrong:
        yield Ignored(name, f"{len(wrong)} genes", f"found {wrong[0]!r}, expected a symbol")
    if twice := sum(Counter(members).values()) - len(set(members)):
        yield Ignored(name, f"{twice} genes", "stand twice in the set")
    if any("," in cell for cell in cells[2:]):
        yield Ignored(name, "weights of genes", "no place for them")


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give one piece for each set; a name that stands twice with other genes is refused."""
    seen: dict[str, int] = {}
    for line, text in decode_lines(member.lines(), member.name):
        if not text.strip():
            continue
        cells = text.rstrip("\r").split("\t")
        first = seen.setdefault(cells[0].strip(), line)
        if len(cells) < 3:
            yield Refused(f"line {line}", f"found {len(cells)} cells, expected a name, an address and genes", line)
        elif first != line:
            yield Refused(cells[0], f"the name stands on line {first} too", line)
        else:
            yield from _set(line, cells)
    if not seen:
        raise InputError(f"{member.name}: holds no gene set")
