"""Knowledge files of other people (ontologies, mappings, pathways, gene sets) -> triples, record by record.

One module a format. None of them says anything in our relations: what a file states stays in the file's own graph, in
the words of its format, with its source.
"""

from kg.knowledge.piece import Piece

__all__ = ["Piece"]
