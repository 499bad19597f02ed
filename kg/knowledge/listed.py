"""The words in which interactions, complexes and pathways of other people's resources are written down here.

`listed`: a resource says so, and nobody here has judged it. No such record is an assertion of ours, and none becomes an
edge between two terms. The properties are declared in `ontology/listed.ttl`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.knowledge.delimited import Row
from kg.knowledge.identifiers import address_of, uniprot
from kg.knowledge.piece import LABEL, RDF_TYPE, node, ours
from kg.model.intake import Ignored, Refused
from kg.namespaces import PREFIXES

__all__ = [
    "Unused",
    "complex_triples",
    "interaction_triples",
    "participant_triples",
    "pubmed_numbers",
    "source_triples",
]

_SOURCE = node(PREFIXES["dcterms"] + "source")
_PUBMED = re.compile(r"(?:PMID|PubMed|pubmed|pmid)[:_ ]?(\d{1,8})(?!\d)")


class Unused:
    """Counts the values of columns that no reader takes over, to be told once a file."""

    def __init__(self, used: Iterable[str], reasons: Mapping[str, str] | None = None) -> None:
        self.used, self.reasons = frozenset(used), reasons or {}
        self.values: dict[str, int] = {}

    def see(self, row: Row) -> None:
        """Count the values of one row."""
        for column, cell in row.cells.items():
            if column not in self.used and cell:
                self.values[column] = self.values.get(column, 0) + 1

    def told(self, file: str) -> Iterator[Ignored]:
        """Give the columns that hold something."""
        for column, times in self.values.items():
            reason = self.reasons.get(column, "no place for this column")
            yield Ignored(file, f"{column or 'a column without a name'} ({times} values)", reason)


def pubmed_numbers(text: str) -> list[str]:
    """Give the PubMed numbers that a text names, in order.

    >>> pubmed_numbers("PMID:16282604;Reviewed_in_PMID:24987108;PMC2431087")
    ['16282604', '24987108']
    """
    return _PUBMED.findall(text)


def source_triples(record: ox.NamedNode, sources: str, parting: str = ";") -> Iterator[ox.Triple]:
    """Say where a resource has something from, in its own words, and the PubMed numbers among them."""
    for text in sorted({part.strip() for part in sources.split(parting)} - {""}):
        yield ox.Triple(record, _SOURCE, ox.Literal(text))
    for number in sorted(set(pubmed_numbers(sources))):
        yield ox.Triple(record, ours("pmid"), ox.Literal(number))


def interaction_triples(
    record: ox.NamedNode, first: ox.NamedNode, second: ox.NamedNode, kind: str, *, ligand_first: bool = False
) -> Iterator[ox.Triple]:
    """Say that a resource lists two partners as interacting; which is the ligand only where it says so."""
    yield ox.Triple(record, RDF_TYPE, ours("ListedInteraction"))
    yield ox.Triple(record, ours("firstPartner"), first)
    yield ox.Triple(record, ours("secondPartner"), second)
    if kind:
        yield ox.Triple(record, ours("interactionKind"), ox.Literal(kind))
    if ligand_first:
        yield ox.Triple(record, ours("ligand"), first)
        yield ox.Triple(record, ours("receptor"), second)


def complex_triples(record: ox.NamedNode, name: str, accessions: Iterable[str]) -> Iterator[ox.Triple]:
    """Say that a resource lists some proteins as one complex; the accessions are known to be such."""
    yield ox.Triple(record, RDF_TYPE, ours("ListedComplex"))
    if name:
        yield ox.Triple(record, LABEL, ox.Literal(name))
    for accession in sorted(set(accessions)):
        yield ox.Triple(record, ours("hasMember"), node(uniprot(accession)))


def participant_triples(
    pathway: ox.NamedNode, name: str, kind: str, identifier: str, others: Iterable[str], row: str, line: int
) -> tuple[list[ox.Triple], list[Ignored]] | Refused:
    """Say that a pathway names a molecule: by its identifier, by others that stand beside it, or by its name alone."""
    if not identifier:
        if not name:
            return Refused(row, "has neither a name nor an identifier", line)
        return [ox.Triple(pathway, ours("participantName"), ox.Literal(name))], []
    iri, why = address_of(identifier)
    if why and not name:
        return Refused(row, why, line)
    if why:
        told = [Ignored(row, "identifier", why)]
        return [ox.Triple(pathway, ours("participantName"), ox.Literal(name))], told
    molecule = node(iri)
    said = [ox.Triple(pathway, ours("hasParticipant"), molecule)]
    said += [ox.Triple(molecule, ours("nameInPathway"), ox.Literal(name))] if name else []
    said += [ox.Triple(molecule, ours("moleculeKind"), ox.Literal(kind))] if kind else []
    ignored: list[Ignored] = []
    for other in others:
        prefix, _, local = other.partition(":")
        if prefix == "hgnc.symbol":
            said.append(ox.Triple(molecule, ours("geneSymbol"), ox.Literal(local)))
            continue
        beside, fault = address_of(other)
        if fault:
            ignored.append(Ignored(row, "another identifier", fault))
        elif beside != iri:
            said.append(ox.Triple(molecule, ours("alsoIdentifiedAs"), node(beside)))
    return said, ignored
