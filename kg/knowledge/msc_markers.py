"""CIDMap, what 84 trial papers report of the markers of their MSC -> reports, one for each marker that has a value.

A report keeps the table's words: qualifier, value, whether it is a limit at release. Nothing is judged, no spread is
guessed: of the table of means the standard error is kept, since its column says that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox

from kg.errors import SourceError
from kg.gate import Member
from kg.knowledge.msc_tables import cidmap_form, cidmap_rows
from kg.knowledge.piece import LABEL, RDF_TYPE, Piece, is_iri, node, number, ours, record_node
from kg.model.intake import Ignored, Refused
from kg.namespaces import PREFIXES

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "cidmap"
SUMMARY = "CIDMap: markers of MSC in trial papers (papers, single batches, or means)"

_Row = tuple[int, dict[str, str]]
_VALUE = re.compile(r"(?P<marker>.+)_value")
#: Column of the table of papers -> property; what it says is kept in its words.
_WORDS = {
    "allo_auto": "donorWords",
    "indication": "conditionWords",
    "journal": "journal",
    "phase": "phase",
    "ref_first_author": "author",
    "ref_title": "title",
    "route": "routeWords",
    "source": "cellSourceWords",
    "year": "year",
}
_NOTHING = {"", "NA"}
_NO_MARKER = "Viability"  # stands in the column of markers
_RESOURCE = "CIDMap"
#: Of these three tables the other columns are told once.
_OTHERS = {
    "papers": "viability, country, mechanism, donor age and sex, differentiation, counts of tests, ISCT compliance",
    "batches": "phase and notes",
    "means": "phase",
}


def accepts(member: Member) -> bool:
    """Say whether the columns are those of one of the three tables."""
    return bool(cidmap_form(member.head[:20_000]))


def _paper(number: str) -> ox.NamedNode:
    """Give the node of a paper by its number in CIDMap: the three tables meet in it."""
    return record_node("paper", _RESOURCE, number)


def _report(paper: ox.NamedNode, marker: str, said: dict[str, str], place: str) -> list[ox.Triple]:
    report = record_node("marker-report", paper.value, marker, place, *said.values())
    triples = [
        ox.Triple(paper, ours("hasMarkerReport"), report),
        ox.Triple(report, RDF_TYPE, ours("MarkerReport")),
        ox.Triple(report, ours("markerName"), ox.Literal(marker)),
    ]
    triples += [
        ox.Triple(report, ours(local), ox.Literal(text)) for local, text in said.items() if text not in _NOTHING
    ]
    return triples


def _of_paper(row: _Row) -> Iterator[Piece | Refused | Ignored]:
    line, cells = row
    own, author, year = (cells[name].strip() for name in ("ref_number", "ref_first_author", "year"))
    name = " ".join(each for each in (own, author, year) if each)
    if not own:
        yield Refused(name or f"line {line}", "ref_number: has no value", line)
        return
    paper = _paper(own)
    said = [
        ox.Triple(paper, RDF_TYPE, ours("ListedPaper")),
        ox.Triple(paper, LABEL, ox.Literal(f"{author} {year}".strip())),
    ]
    for column, local in _WORDS.items():
        text = cells.get(column, "").strip()
        word = number(text) if column == "year" and re.fullmatch(r"[12]\d{3}", text) else ox.Literal(text)
        said += [ox.Triple(paper, ours(local), word)] if text not in _NOTHING else []
    if is_iri(cells.get("ref_url", "").strip()):
        said.append(ox.Triple(paper, node(PREFIXES["rdfs"] + "seeAlso"), node(cells["ref_url"].strip())))
    said.append(ox.Triple(paper, ours("listedIn"), ox.Literal(_RESOURCE)))
    for match in filter(None, map(_VALUE.fullmatch, cells)):
        marker = match["marker"]
        value = cells[f"{marker}_value"].strip()
        if marker != _NO_MARKER.lower() and value not in _NOTHING:
            # the column of one marker is spelled CD31_qualifer in the file
            qualifier = cells.get(f"{marker}_qualifier", cells.get(f"{marker}_qualifer", "")).strip()
            status = cells.get(f"{marker}_status", "").strip()
            words = {"markerQualifier": qualifier, "markerValue": value, "markerStatus": status}
            said += _report(paper, marker, words, "paper")
    yield Piece(name, tuple(said))


def _of_batch(row: _Row) -> Iterator[Piece | Refused | Ignored]:
    line, cells = row
    own, marker, value = (cells[name].strip() for name in ("ref_number", "marker", "value"))
    if not own or not marker:
        yield Refused(f"line {line}", "ref_number, marker: expected both", line)
    elif marker == _NO_MARKER:
        yield Refused(f"line {line}", f"{marker} is no marker", line)
    elif value in _NOTHING:
        yield Refused(f"line {line}", f"{marker} of paper {own} has no value", line)
    else:
        words = {"markerValue": value, "batchName": cells["patient"].strip()}
        yield Piece(f"line {line}", tuple(_report(_paper(own), marker, words, str(line))))


def _of_mean(row: _Row) -> Iterator[Piece | Refused | Ignored]:
    line, cells = row
    own, marker, value = (cells[name].strip() for name in ("ref_number", "marker", "mean_value"))
    if not own or not marker or value in _NOTHING:
        yield Refused(f"line {line}", "ref_number, marker, mean_value: expected all three", line)
        return
    if marker == _NO_MARKER:
        yield Refused(f"line {line}", f"{marker} is no marker", line)
        return
    words = {"markerQualifier": "mean", "markerValue": value}
    words |= {"standardErrorText": cells["se_value"].strip(), "batchCount": cells.get("n", "").strip()}
    yield Piece(f"line {line}", tuple(_report(_paper(own), marker, words, str(line))))


_READERS: dict[str, Callable[[_Row], Iterator[Piece | Refused | Ignored]]] = {
    "papers": _of_paper,
    "batches": _of_batch,
    "means": _of_mean,
}


def read(member: Member) -> Iterator[Piece | Refused | Ignored]:
    """Give a piece for each paper, batch or mean that has a value."""
    raw = member.read()
    form = cidmap_form(raw[:20_000])
    if not form:
        raise SourceError(
            member.name, 1, "columns", "expected those of a table of CIDMap, as ref_number and CD73_value"
        )
    for row in cidmap_rows(raw, member.name, form):
        yield from _READERS[form](row)
    yield Ignored(member.name, _OTHERS[form], "no place for these columns")
