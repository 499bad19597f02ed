"""Class expressions in Manchester syntax, with labels as OWL editors show them: `'has part' some (cell or 'a b')`.

What this cannot read - a broken list, a circle, a construct that OWL does not have - is shown as its Turtle, whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.namespaces import PREFIXES, compress
from kg.ontology.statements import OWL, RDF, RDFS, Statements, Term

__all__ = ["Piece", "chain", "expression", "text_of"]

_XSD = PREFIXES["xsd"]
_RESERVED = {
    *("and", "or", "not", "some", "only", "value", "min", "max", "exactly", "self", "that", "inverse", "o"),
    *("integer", "decimal", "float", "string", "true", "false", "length", "minlength", "maxlength", "pattern"),
}
_TYPES = {OWL + "Class", OWL + "Restriction", OWL + "DataRange", OWL + "ObjectProperty", RDFS + "Class"}
_TYPES |= {RDFS + "Datatype"}
_JOINED = {OWL + "intersectionOf": " and ", OWL + "unionOf": " or "}
_NEGATED = (OWL + "complementOf", OWL + "datatypeComplementOf")
_QUANTIFIED = {OWL + "someValuesFrom": " some ", OWL + "allValuesFrom": " only ", OWL + "hasValue": " value "}
_COUNTED = {OWL + "minCardinality": " min ", OWL + "maxCardinality": " max ", OWL + "cardinality": " exactly "}
_QUALIFIED = {
    OWL + "minQualifiedCardinality": " min ",
    OWL + "maxQualifiedCardinality": " max ",
    OWL + "qualifiedCardinality": " exactly ",
}
_FACETS = {
    **{
        _XSD + "minInclusive": ">=",
        _XSD + "maxInclusive": "<=",
        _XSD + "minExclusive": ">",
        _XSD + "maxExclusive": "<",
    },
    **{_XSD + name: name for name in ("length", "minLength", "maxLength", "pattern")},
    RDF + "langRange": "langRange",
}
#: Deeper expressions are shown as Turtle, which needs no recursion.
_DEEPEST = 60

#: How tightly an expression holds together: what binds less than its surroundings gets parentheses.
_ATOM, _NOT, _LOOSE = range(3)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an expression: its text and, where the text names something, the IRI of it."""

    text: str
    iri: str = ""


class _UnreadableError(Exception):
    """Never leaves this module: the node at hand is no expression that Manchester syntax can write."""


_Part = tuple[list[Piece], int]


def text_of(pieces: Iterable[Piece]) -> str:
    """Give the text of an expression.

    >>> text_of([Piece("'has part'", "x:p"), Piece(" some "), Piece("cell", "x:c")])
    "'has part' some cell"
    """
    return "".join(piece.text for piece in pieces)


class _Reader:
    """Reads nodes of one graph; `name` gives the words for an IRI."""

    def __init__(self, said: Statements, name: Callable[[str], str]) -> None:
        self.said, self.name = said, name
        self.open: set[Term] = set()  # what is being read: an expression that holds itself has no end

    def named(self, iri: str) -> Piece:
        words = self.name(iri)
        if iri.startswith(_XSD):
            short = iri[len(_XSD) :]
            words = short if short in ("integer", "decimal", "float", "string") else f"xsd:{short}"
        elif words != compress(iri) and (not re.fullmatch(r"[\w.-]+", words) or words.casefold() in _RESERVED):
            words = "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return Piece(words, iri)

    def literal(self, value: ox.Literal) -> str:
        kind, text = value.datatype.value, value.value
        if kind == _XSD + "integer" and re.fullmatch(r"[+-]?[0-9]+", text):
            return text
        if kind == _XSD + "decimal" and re.fullmatch(r"[+-]?[0-9]*\.[0-9]+", text):
            return text
        if kind == _XSD + "boolean" and text in ("true", "false"):
            return text
        quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if value.language:
            return f"{quoted}@{value.language}"
        return quoted if kind == _XSD + "string" else f"{quoted}^^{compress(kind)}"

    def read(self, node: Term, depth: int, besides: Collection[str] = ()) -> _Part:
        """Give an expression and how tightly it holds together."""
        if isinstance(node, ox.NamedNode):
            return [self.named(node.value)], _ATOM
        if isinstance(node, ox.Literal):
            return [Piece(self.literal(node))], _ATOM
        try:
            if depth > _DEEPEST or node in self.open:
                raise _UnreadableError
            self.open.add(node)
            return self.compound(node, depth + 1, besides)
        except _UnreadableError:
            return [Piece(self.turtle(node))], _LOOSE
        finally:
            self.open.discard(node)

    def compound(self, node: Term, depth: int, besides: Collection[str]) -> _Part:
        """Give the expression that a blank node stands for; raise where it says more, or less, than one pattern."""
        said = {predicate: values for predicate, values in self.said.about(node).items() if predicate not in besides}
        one = {predicate: values[0] for predicate, values in said.items() if predicate != RDF + "type"}
        types = said.get(RDF + "type", [])
        if any(not isinstance(kind, ox.NamedNode) or kind.value not in _TYPES for kind in types) or any(
            len(said[predicate]) != 1 for predicate in one
        ):
            raise _UnreadableError
        if OWL + "onProperty" in one:
            return self.restriction(one, depth)
        if one.keys() == {OWL + "onDatatype", OWL + "withRestrictions"}:
            return self.facets(one), _ATOM
        if len(one) != 1:
            raise _UnreadableError
        ((predicate, value),) = one.items()
        if predicate in _JOINED:
            parts = [self.operand(member, depth) for member in self.members(value, at_least=2)]
            return _join(parts, _JOINED[predicate]), _LOOSE
        if predicate in _NEGATED:
            return [Piece("not "), *self.operand(value, depth, _ATOM)], _NOT
        if predicate == OWL + "oneOf":
            parts = [self.operand(member, depth) for member in self.members(value, at_least=1)]
            return [Piece("{"), *_join(parts, ", "), Piece("}")], _ATOM
        if predicate == OWL + "inverseOf" and isinstance(value, ox.NamedNode):
            return [Piece("inverse "), self.named(value.value)], _ATOM
        raise _UnreadableError

    def restriction(self, one: dict[str, Term], depth: int) -> _Part:
        left = self.operand(one[OWL + "onProperty"], depth)
        rest = one.keys() - {OWL + "onProperty"}
        if len(rest) == 1 and (predicate := min(rest)) in _QUANTIFIED:
            return [*left, Piece(_QUANTIFIED[predicate]), *self.operand(one[predicate], depth)], _LOOSE
        if rest == {OWL + "hasSelf"} and one[OWL + "hasSelf"] == ox.Literal(True):
            return [*left, Piece(" Self")], _LOOSE
        number, filler = rest & (_COUNTED.keys() | _QUALIFIED.keys()), rest & {OWL + "onClass", OWL + "onDataRange"}
        if len(number) != 1 or number | filler != rest or len(filler) != (min(number) in _QUALIFIED):
            raise _UnreadableError
        how_many = one[min(number)]
        if not isinstance(how_many, ox.Literal) or not how_many.value.isdecimal():
            raise _UnreadableError
        words = (_COUNTED | _QUALIFIED)[min(number)] + how_many.value
        after = [Piece(" "), *self.operand(one[min(filler)], depth)] if filler else []
        return [*left, Piece(words), *after], _LOOSE

    def facets(self, one: dict[str, Term]) -> list[Piece]:
        datatype, parts = one[OWL + "onDatatype"], []
        for member in self.members(one[OWL + "withRestrictions"], at_least=1):
            said = self.said.about(member)
            if len(said) != 1 or (facet := min(said)) not in _FACETS or len(said[facet]) != 1:
                raise _UnreadableError
            value = said[facet][0]
            if not isinstance(value, ox.Literal):
                raise _UnreadableError
            parts.append([Piece(f"{_FACETS[facet]} {self.literal(value)}")])
        if not isinstance(datatype, ox.NamedNode):
            raise _UnreadableError
        return [self.named(datatype.value), Piece("["), *_join(parts, ", "), Piece("]")]

    def operand(self, node: Term, depth: int, tightest: int = _NOT) -> list[Piece]:
        pieces, binds = self.read(node, depth)
        return [Piece("("), *pieces, Piece(")")] if binds > tightest else pieces

    def members(self, node: Term, *, at_least: int) -> list[Term]:
        members = self.said.members(node)
        if members is None or len(members) < at_least:
            raise _UnreadableError
        return members

    def turtle(self, start: Term) -> str:
        """Give every triple that hangs on a blank node, as Turtle with numbered blank nodes."""
        numbers: dict[Term, int] = {start: 1}
        lines, waiting = [], [start]

        def word(term: Term) -> str:
            if isinstance(term, ox.BlankNode):
                if term not in numbers:
                    numbers[term] = len(numbers) + 1
                    waiting.append(term)
                return f"_:{numbers[term]}"
            if isinstance(term, ox.NamedNode):
                short = compress(term.value)
                return f"<{short}>" if short == term.value else short
            return self.literal(term) if isinstance(term, ox.Literal) else str(term)

        def verb(predicate: str) -> str:
            return "a" if predicate == RDF + "type" else compress(predicate)

        for node in waiting:  # grows while it is walked
            said = self.said.about(node)
            parts = (f"{verb(predicate)} {', '.join(map(word, said[predicate]))}" for predicate in sorted(said))
            lines.append(f"{word(node)} {' ; '.join(parts)} ." if said else f"{word(node)} says nothing")
        return " ".join(lines)


def _join(parts: Sequence[list[Piece]], between: str) -> list[Piece]:
    pieces: list[Piece] = []
    for part in parts:
        pieces += [Piece(between), *part] if pieces else part
    return pieces


def expression(
    node: Term, said: Statements, name: Callable[[str], str] | None = None, *, besides: Collection[str] = ()
) -> tuple[Piece, ...]:
    """Give a class expression, data range, property expression or literal, piece by piece.

    `besides` are properties of the node that are no part of the expression, such as that it is a subclass.

    >>> turtle = b"[] a <http://www.w3.org/2002/07/owl#Class> ; <http://www.w3.org/2002/07/owl#complementOf> <x:a> ."
    >>> triples = [quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]
    >>> text_of(expression(triples[0].subject, Statements(triples)))
    'not x:a'
    """
    return tuple(_Reader(said, name or said.label).read(node, 0, besides)[0])


def chain(node: Term, said: Statements, name: Callable[[str], str] | None = None) -> tuple[Piece, ...]:
    """Give a chain of properties: `'part of' o 'has part'`."""
    reader = _Reader(said, name or said.label)
    members = said.members(node)
    if not members:
        return (Piece(reader.turtle(node)),)
    return tuple(_join([reader.operand(member, 0) for member in members], " o "))
