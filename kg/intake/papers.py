"""A paper's record -> its triples. Its words stay out of the graph; `kg.papers.text` gives them to fingerprints."""

from __future__ import annotations

from collections.abc import Iterator

from kg.knowledge.piece import Piece
from kg.model.intake import Refused
from kg.model.papers import Paper
from kg.rdf import graph_iri
from kg.rdf.papers import paper_quads

__all__ = ["paper_piece"]


def paper_piece(paper: Paper) -> Iterator[Piece | Refused]:
    """Give a paper as one piece, or say that it has no identifier to be known by."""
    triples = tuple(quad.triple for quad in paper_quads(paper, graph_iri("loaded", "piece")))
    if triples:
        yield Piece(paper.id, triples)
    else:
        yield Refused(paper.title or "paper", "found no PMID, PMCID or DOI; expected one")
