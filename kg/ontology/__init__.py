"""`ontology/`: term tables and hand-written Turtle, read, checked, compiled into one ontology."""

from kg.ontology.formats import compile_turtle
from kg.ontology.parts import ontology_quads, read_lexicon
from kg.ontology.tables import HEADER, TEMPLATE, TermRow, read_terms
from kg.ontology.turtle import comment_lines, read_core, write_core
from kg.ontology.turtle_writer import format_turtle

__all__ = [
    "HEADER",
    "TEMPLATE",
    "TermRow",
    "comment_lines",
    "compile_turtle",
    "format_turtle",
    "ontology_quads",
    "read_core",
    "read_lexicon",
    "read_terms",
    "write_core",
]
