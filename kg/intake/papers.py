"""A paper's record -> its triples. Its words stay out of the graph; `kg.papers.text` gives them to fingerprints."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kg.knowledge.piece import Piece
from kg.model.intake import Refused
from kg.model.papers import Paper
from kg.papers.text import source_text
from kg.rdf import graph_iri
from kg.rdf.papers import paper_quads

__all__ = ["file_name", "paper_piece"]


def file_name(paper: Paper) -> str:
    """Give the name for a source file of a paper: first author and year, or its identifier.

    >>> file_name(Paper("jats", pmid="1", authors=("Amanat M", "Other A"), year="2021"))
    'amanat2021'
    """
    author = unicodedata.normalize("NFD", paper.authors[0].split(",")[0].split()[0]) if paper.authors else ""
    name = re.sub(r"[^a-z0-9]+", "", author.casefold()) + (paper.year if author else "")
    return name or re.sub(r"[^a-z0-9]+", "-", paper.id.casefold()).strip("-")


def paper_piece(paper: Paper) -> Iterator[Piece | Refused]:
    """Give a paper as one piece, or say that it has no identifier to be known by."""
    triples = tuple(quad.triple for quad in paper_quads(paper, graph_iri("loaded", "piece")))
    if triples:
        yield Piece(paper.id, triples, source_text(paper) if paper.abstract or paper.body else "", file_name(paper))
    else:
        yield Refused(paper.title or "paper", "found no PMID, PMCID or DOI; expected one")
