"""A pooled estimate as RDF: the number with the rows, the method and the version that it comes from, as Turtle.

The IRI is made from the question (outcome, scale, time, arms, measure, method), not from the answer: asked again of
a graph that holds one more study, the same node has other rows and another value, and `mechtrail diff` tells them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

import pyoxigraph as ox

from kg import __version__
from kg.errors import InputError
from kg.namespaces import CTMO, PREFIXES
from kg.ontology.turtle_writer import to_turtle
from kg.rdf import LABEL, RDF_TYPE, ctmo
from kg.synthesis.analysis import Analysis
from kg.synthesis.words import in_words, name_of_measure, name_of_method

__all__ = ["estimate_iri", "write_estimate"]

_OBO = "http://purl.obolibrary.org/obo/"
_MEASURES = {
    "MD": _OBO + "STATO_0000457",
    "SMD": _OBO + "STATO_0000319",
    "D": CTMO + "0001901",
    "RR": _OBO + "STATO_0000245",
    "OR": _OBO + "STATO_0000182",
    "PETO": _OBO + "STATO_0000182",
    "RD": _OBO + "STATO_0000424",
}
_DECIMAL = ox.NamedNode(PREFIXES["xsd"] + "decimal")


def estimate_iri(analysis: Analysis) -> str:
    """Give the IRI of an estimate: the same for the same question, whatever the answer is."""
    choice = analysis.choice
    month = None if choice.month is None else f"{choice.month.normalize():f}"
    asked = [analysis.iri, choice.instrument, month, sorted(choice.products), choice.r]
    asked += [analysis.measure, analysis.method]
    return f"{CTMO}estimate/{sha256(json.dumps(asked).encode()).hexdigest()[:32]}"


def _decimal(value: float) -> ox.Literal:
    return ox.Literal(f"{value:.4f}", datatype=_DECIMAL)


def _statements(analysis: Analysis) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    pooled, choice = analysis.pooled, analysis.choice
    assert pooled is not None
    node = ox.NamedNode(estimate_iri(analysis))
    effect = ox.NamedNode(node.value + "#effect")
    yield node, RDF_TYPE, ctmo("PooledEstimate")
    yield node, LABEL, ox.Literal(f"{analysis.outcome}, {name_of_measure(analysis)}, pooled by mechtrail")
    yield node, ctmo("outcome"), ox.NamedNode(analysis.iri)
    yield node, ctmo("factStatus"), ctmo("Derived")
    yield node, ctmo("where"), ox.Literal("computed from the rows that it is derived from")
    yield node, ctmo("model"), ox.Literal(name_of_method(analysis))
    yield node, ctmo("comparisonOf"), ox.Literal("cells against control, within each study")
    yield node, ctmo("note"), ox.Literal(_note(analysis))
    yield node, ctmo("p"), ox.Literal(f"{pooled.p:.4g}")
    yield node, ctmo("iSquared"), _decimal(pooled.i2)
    yield node, ctmo("studyCount"), ox.Literal(len(analysis.counted))
    yield node, ctmo("participants"), ox.Literal(analysis.participants)
    yield node, ox.NamedNode(PREFIXES["pav"] + "createdWith"), ox.NamedNode(f"{CTMO}software/{__version__}")
    if choice.instrument is not None:
        yield node, ctmo("instrument"), ox.NamedNode(choice.instrument)
    for month in {line.contrast.treated.month for line in analysis.counted} - {None}:
        yield node, ctmo("month"), ox.Literal(f"{month:f}", datatype=_DECIMAL)
    for line in analysis.counted:
        yield node, ctmo("pooledStudy"), ox.NamedNode(line.contrast.study)
        for row in (line.contrast.treated, line.contrast.control):
            yield node, ox.NamedNode(PREFIXES["pav"] + "derivedFrom"), ox.NamedNode(row.record)
    yield node, ctmo("effect"), effect
    yield effect, RDF_TYPE, ctmo("Effect")
    yield effect, ctmo("effectMeasure"), ox.NamedNode(_MEASURES[analysis.measure])
    yield effect, ctmo("interval"), ox.Literal("CI95")
    for name, value in (("value", pooled.estimate), ("low", pooled.low), ("high", pooled.high)):
        number = _decimal(analysis.shown(value))
        yield effect, ctmo(name), number
        yield effect, ctmo(name + "Text"), ox.Literal(number.value)


def _note(analysis: Analysis) -> str:
    against = ""
    if analysis.reasons:
        against = f" Pooled against: {'; '.join(analysis.reasons)}; because: {analysis.forced}."
    left = f" {len(analysis.left_out)} studies with this outcome were left out." if analysis.left_out else ""
    r = analysis.choice.r
    assumed = "" if r is None else f" Correlation of before and after: {r:g}, assumed."
    return f"{in_words(analysis)}{assumed}{against}{left} Computed by mechtrail {__version__}."


def write_estimate(analysis: Analysis) -> str:
    """Give a pooled estimate as Turtle, sorted. Raises `InputError` with the reasons where there is no estimate."""
    if analysis.pooled is None:
        why = "; ".join(analysis.reasons) or "no study has all that pooling needs"
        raise InputError(f"{analysis.outcome} is not pooled, so there is no estimate to write: {why}")
    return to_turtle(ox.Triple(*statement) for statement in _statements(analysis))
