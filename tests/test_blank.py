"""Names of blank nodes: the same for the same content, never one name for two nodes."""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.ontology import format_turtle
from kg.ontology.blank import name_blank_nodes

TWINS = """@prefix : <x:> .
:a :p [ :q [ :r 1 ] ], [ :q [ :r 1 ] ] ; :s ( 1 2 [ :r 1 ] ) .
:b :p [ :q [ :r 1 ] ] .
[] :t ( :a :b ) .
"""


def _read(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]


def _canonical(triples: list[ox.Triple]) -> ox.Dataset:
    data = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    data.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return data


def test_naming_keeps_the_graph_and_is_the_same_for_each_reading() -> None:
    one, two = _read(TWINS), _read(TWINS)
    random.Random(1).shuffle(two)
    assert name_blank_nodes(one) == name_blank_nodes(two)
    assert _canonical(name_blank_nodes(one)) == _canonical(one)
    assert format_turtle(TWINS) == format_turtle(format_turtle(TWINS))


def test_a_change_elsewhere_leaves_the_other_names_alone() -> None:
    before, after = (set(name_blank_nodes(_read(text))) for text in (TWINS, TWINS + ":c :p [ :q 7 ] .\n"))
    assert before < after


def test_a_circle_of_blank_nodes_is_refused() -> None:
    with pytest.raises(InputError, match="in a circle"):
        name_blank_nodes(_read("_:a <x:p> _:b . _:b <x:p> _:a ."))


def test_a_long_list_is_no_recursion() -> None:
    assert len(name_blank_nodes(_read(f"<x:a> <x:p> ( {' '.join(map(str, range(3000)))} ) ."))) == 6001


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3), st.integers(0, 8)), max_size=14), st.randoms())
def test_any_acyclic_graph_keeps_its_shape(edges: list[tuple[int, int, int]], chance: random.Random) -> None:
    def node(number: int) -> ox.BlankNode:
        return ox.BlankNode(f"n{number}")

    triples = [ox.Triple(node(a), ox.NamedNode(f"x:{p}"), node(b)) for a, p, b in edges if a < b]
    named = name_blank_nodes(triples)
    assert len(set(named)) == len(set(triples))
    assert _canonical(named) == _canonical(triples)
    tree = list({triple.object: triple for triple in triples}.values())  # axioms are trees: one place each
    shuffled = list(tree)
    chance.shuffle(shuffled)
    assert name_blank_nodes(shuffled) == name_blank_nodes(tree)
