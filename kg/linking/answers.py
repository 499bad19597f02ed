"""A name -> the rows of a mapping set: what is proposed, and where nothing was found. Writes no file.

A name without an exact or close match in an ontology that speaks for its kind gets a row `sssom:NoTermFound`, so that
nobody has to search again; its comment names the nearest broader term that is accepted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kg.linking.candidates import Request
from kg.linking.index import Index
from kg.linking.kinds import PREFERRED, class_of
from kg.linking.own import Own
from kg.linking.proposals import EXACT_OR_CLOSE, LEAST, Proposal, propose
from kg.linking.variants import meaning_of
from kg.ontology.mapping_rules import NOT_FOUND

__all__ = ["Row", "link", "source_of"]

_BIOREGISTRY = {"EFO": "efo", "MESH": "mesh", "HGNC": "hgnc", "UniProtKB": "uniprot", "WIKIPATHWAYS": "wikipathways"}
_BIOREGISTRY |= {"REACT": "reactome", "FPLX": "fplx"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a mapping set, its slots named as in SSSOM."""

    subject_id: str
    subject_label: str
    predicate_id: str
    object_id: str
    object_label: str
    mapping_justification: str
    confidence: str
    object_source: str
    object_source_version: str
    comment: str


def source_of(prefix: str) -> str:
    """Give how a mapping set names the ontology of a prefix.

    >>> source_of("CL"), source_of("MESH")
    ('obo:cl', 'bioregistry:mesh')
    """
    return f"bioregistry:{_BIOREGISTRY[prefix]}" if prefix in _BIOREGISTRY else f"obo:{prefix.casefold()}"


def _row(proposal: Proposal) -> Row:
    term = proposal.candidate.term
    return Row(
        proposal.request.identifier,
        proposal.request.name,
        proposal.predicate,
        term.id,
        term.label,
        proposal.justification,
        f"{proposal.confidence:.2f}",
        source_of(term.prefix),
        term.version,
        proposal.reason,
    )


def _broader(index: Index, own: Own | None, request: Request, kind: str) -> str:
    """Name the nearest broader term that is accepted: above ours, or what is left when words in front are dropped."""
    term = own.terms.get(request.identifier) or own.named(request.name) if own else None
    if own and term:
        nearest = own.nearest_accepted(term.id)
        if nearest:
            above, mapping = nearest
            target = f"{mapping.object_id} '{mapping.object_label}'" if mapping else above.id
            return f"the nearest broader term that is accepted: {target}, of '{above.label}'"
    words = request.name.split()
    for start in range(1, len(words)):
        rest = " ".join(words[start:])
        found = [one for one in propose(index, Request(rest, kind), own=own) if one.predicate == "skos:exactMatch"]
        if found:
            best = found[0].candidate.term
            return f"the nearest broader name that is accepted: {best.id} '{best.label}'"
    return "no broader term is accepted"


def _not_found(index: Index, own: Own | None, request: Request, prefixes: Iterable[str], kind: str) -> Iterator[Row]:
    broader = _broader(index, own, request, kind)
    for prefix in prefixes:
        yield Row(
            request.identifier,
            request.name,
            "skos:exactMatch",
            NOT_FOUND,
            "",
            "semapv:LexicalMatching",
            "",
            source_of(prefix) if prefix else "",
            "",
            f"searched labels and synonyms{f' of {prefix}' if prefix else ' of all files'} for this name; {broader}",
        )


def link(
    index: Index,
    requests: Iterable[Request],
    *,
    own: Own | None = None,
    ontologies: Collection[str] = (),
    least: float = LEAST,
    top: int = 1,
    only_new: bool = False,
) -> Iterator[Row]:
    """Give the rows for some names, in their order; with `only_new` not what our own mappings have already.

    An ontology about which our mappings say anything of a term, be it that it has none, is not asked again then.
    """
    there = index.prefixes()
    for request in requests:
        proposals = propose(index, request, own=own, ontologies=ontologies, least=least, top=top)
        matched = {one.candidate.term.prefix for one in proposals if one.predicate in EXACT_OR_CLOSE}
        asked = set[str]()
        if only_new and own and request.identifier:
            rows = own.accepted.get(request.identifier, ())
            asked = {row.object_source for row in rows} | {source_of(request.identifier.partition(":")[0])}
            proposals = [one for one in proposals if source_of(one.candidate.term.prefix) not in asked]
        yield from map(_row, proposals)
        meaning = meaning_of(request.name)
        kind = request.kind or (meaning.kind if meaning else "")
        wanted = PREFERRED.get(kind) or PREFERRED.get(class_of(kind)) or ()
        speaking = [one for one in wanted if one in there and (not ontologies or one in ontologies)]
        lacking = [one for one in speaking if one not in matched and source_of(one) not in asked]
        if not matched and not speaking and not asked:
            lacking = [""]
        if matched and len(lacking) < len(speaking):
            lacking = []  # one of the ontologies that speak for this kind has it
        yield from _not_found(index, own, request, lacking, kind)
