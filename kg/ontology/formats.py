"""The whole ontology as one file."""

from __future__ import annotations

from pathlib import Path

from kg.ontology.parts import ontology_quads
from kg.ontology.turtle import rdflib_graph

__all__ = ["compile_turtle"]


def compile_turtle(folder: Path | None = None) -> str:
    """Give the whole ontology as Turtle, sorted: one file for Protégé and for reasoners."""
    return str(rdflib_graph(quad.triple for quad in ontology_quads(folder)).serialize(format="turtle"))
