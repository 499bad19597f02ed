"""A researcher's own table, with a small mapping beside it -> the records that the rest of the graph is made of."""

from kg.tables.mapping import TableMapping
from kg.tables.reading import Tally, read_table
from kg.tables.records import Entity, TermPair, entity_quads, term_pair_quads
from kg.tables.resolution import read_mapping
from kg.tables.skeletons import skeleton

__all__ = [
    "Entity",
    "TableMapping",
    "Tally",
    "TermPair",
    "entity_quads",
    "read_mapping",
    "read_table",
    "skeleton",
    "term_pair_quads",
]
