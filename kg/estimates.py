"""Pooled estimates as statements of the graph, and the standing questions that are pooled whenever it is built.

The IRI is made from the question (outcome, scale, time, arms, measure, method), not from the answer: asked again of
a graph that holds one more study, the same node has other rows and another value, and `mechtrail diff` tells them.
What must not be pooled is written too, with its reasons: that a number is missing is an answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from kg import __version__
from kg.errors import SourceError, nearest
from kg.loaders.tab_separated import record_of, rows_of
from kg.model.pooling import PooledQuestion
from kg.namespaces import CTMO, PREFIXES, expand
from kg.rdf import LABEL, RDF_TYPE, ctmo, graph_iri
from kg.store import Store
from kg.synthesis.analysis import Analysis, analyse
from kg.synthesis.pooling import Pooled
from kg.synthesis.rows import Choice
from kg.synthesis.words import in_words, name_of_measure, name_of_method
from kg.vocabulary import Lexicon

__all__ = ["estimate_iri", "holds_questions", "read_questions", "standing_estimates", "statements_of"]

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
Statement = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]
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


def statements_of(analysis: Analysis) -> Iterator[Statement]:
    """Give what the graph says of an analysis: its estimate, or the reasons why there is none."""
    node = ox.NamedNode(estimate_iri(analysis))
    yield from _question(node, analysis)
    if analysis.pooled is None:
        yield node, RDF_TYPE, ctmo("PoolingRefusal")
        yield node, LABEL, ox.Literal(f"{_name(analysis)}, not pooled")
        for reason in analysis.reasons or ("no study has all that pooling needs",):
            yield node, ctmo("reason"), ox.Literal(reason)
        for study in sorted({line.contrast.study for line in analysis.lines}):
            yield node, ctmo("consideredStudy"), ox.NamedNode(study)
        return
    yield node, RDF_TYPE, ctmo("PooledEstimate")
    yield node, LABEL, ox.Literal(f"{_name(analysis)}, pooled by mechtrail")
    yield from _answer(node, analysis, analysis.pooled)


def _name(analysis: Analysis) -> str:
    return f"{analysis.outcome}, {name_of_measure(analysis)}"


def _question(node: ox.NamedNode, analysis: Analysis) -> Iterator[Statement]:
    yield node, ctmo("outcome"), ox.NamedNode(analysis.iri)
    yield node, ctmo("model"), ox.Literal(name_of_method(analysis))
    yield node, ctmo("comparisonOf"), ox.Literal("cells against control, within each study")
    yield node, ox.NamedNode(PREFIXES["pav"] + "createdWith"), ox.NamedNode(f"{CTMO}software/{__version__}")
    if analysis.choice.instrument is not None:
        yield node, ctmo("instrument"), ox.NamedNode(analysis.choice.instrument)
    months = {line.contrast.treated.month for line in analysis.counted if analysis.pooled} | {analysis.choice.month}
    for month in sorted(months - {None}, key=str):
        yield node, ctmo("month"), ox.Literal(f"{month:f}", datatype=_DECIMAL)


def _answer(node: ox.NamedNode, analysis: Analysis, pooled: Pooled) -> Iterator[Statement]:
    effect = ox.NamedNode(node.value + "#effect")
    yield node, ctmo("factStatus"), ctmo("Derived")
    yield node, ctmo("where"), ox.Literal("computed from the rows that it is derived from")
    yield node, ctmo("note"), ox.Literal(_note(analysis))
    yield node, ctmo("p"), ox.Literal(f"{pooled.p:.4g}")
    yield node, ctmo("iSquared"), _decimal(pooled.i2)
    yield node, ctmo("studyCount"), ox.Literal(len(analysis.counted))
    yield node, ctmo("participants"), ox.Literal(analysis.participants)
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


def holds_questions(head: str) -> bool:
    """Say whether a file, by its first line, is a table of questions to pool."""
    return head.split("\n", 1)[0].rstrip("\r").split("\t") == list(PooledQuestion.model_fields)


def read_questions(path: Path, lexicon: Lexicon) -> list[PooledQuestion]:
    """Read the standing questions; raise `SourceError` for a term that is not there or has another label."""
    questions = []
    for line, row in rows_of(path, list(PooledQuestion.model_fields)):
        question = record_of(path, line, PooledQuestion, row)
        for term, label in (
            (question.outcome, question.outcome_label),
            (question.instrument, question.instrument_label),
        ):
            if term is not None and lexicon.label_of_term.get(term) != label:
                near = ", ".join(nearest(label or "", lexicon.label_of_term.values()))
                message = f"found the label {label!r}, {term} has {lexicon.label_of_term.get(term)!r}; nearest: {near}"
                raise SourceError(path.name, line, "label", message)
        questions.append(question)
    return questions


def standing_estimates(store: Store, questions: Iterable[PooledQuestion]) -> Iterator[ox.Quad]:
    """Pool each question over the studies of a store; where no study speaks of the outcome nothing is written."""
    graph = graph_iri("synthesis", "pooled")
    for question in sorted(set(questions), key=str):
        choice = Choice(question.month, expand(question.instrument) if question.instrument else None)
        analysis = analyse(
            store,
            expand(question.outcome),
            choice,
            measure=question.measure,
            method=question.method,
            label=question.outcome_label,
        )
        if analysis.lines or analysis.left_out:
            yield from (ox.Quad(*statement, graph) for statement in statements_of(analysis))
