"""A cell population as it was measured -> triples in the pattern of `ontology/isct.ttl`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import pyoxigraph as ox

from kg.isct.shares import Share
from kg.namespaces import PREFIXES
from kg.rdf import RDF_TYPE, ctmo, graph_iri
from kg.rdf.iris import LABEL

__all__ = ["Measurement", "Sample", "sample_iri", "sample_quads"]

_XSD = PREFIXES["xsd"]
_GRAPH = graph_iri("isct", "samples")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One marker measured in one population."""

    marker: str  # IRI
    share: Share


@dataclass(frozen=True, slots=True)
class Lineage:
    """One differentiation test: yes, no, or done without a result that decides."""

    cells: str  # IRI
    formed: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A cell population of one donor at one passage, with what was measured; two passages are two samples."""

    population: str
    donor: str = ""
    passage: str = ""
    measurements: tuple[Measurement, ...] = ()
    adherent: bool | None = None
    lineages: tuple[Lineage, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """Give what tells samples apart."""
        return (self.population, self.donor, self.passage)

    @property
    def label(self) -> str:
        """Give a name for people.

        >>> Sample("UC-7", "D2", "4").label
        'UC-7, donor D2, passage 4'
        """
        donor = f", donor {self.donor}" if self.donor else ""
        return self.population + donor + (f", passage {self.passage}" if self.passage else "")


def sample_iri(sample: Sample) -> ox.NamedNode:
    """Give the node of a sample: made of its names, so that a table read twice is one sample."""
    return ctmo("sample/" + blake2b("\x00".join(sample.key).encode(), digest_size=12).hexdigest())


def _boolean(value: bool) -> ox.Literal:
    return ox.Literal("true" if value else "false", datatype=ox.NamedNode(_XSD + "boolean"))


def _one(sample: Sample) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    node = sample_iri(sample)
    yield node, RDF_TYPE, ctmo("CellPopulationSample")
    yield node, LABEL, ox.Literal(sample.label)
    for local, words in zip(("populationName", "donorName", "passageName"), sample.key, strict=True):
        if words:
            yield node, ctmo(local), ox.Literal(words)
    if sample.adherent is not None:
        yield node, ctmo("plasticAdherent"), _boolean(sample.adherent)
    for position, measurement in enumerate(sample.measurements, 1):
        part = ox.NamedNode(f"{node.value}#marker-{position}")
        yield node, ctmo("hasMarkerMeasurement"), part
        yield part, RDF_TYPE, ctmo("MarkerMeasurement")
        yield part, ctmo("measuresMarker"), ox.NamedNode(measurement.marker)
        yield part, ctmo("valueText"), ox.Literal(measurement.share.text)
        for local, number in measurement.share.bounds:
            yield part, ctmo(local), ox.Literal(format(number, "f"), datatype=ox.NamedNode(_XSD + "decimal"))
    for position, lineage in enumerate(sample.lineages, 1):
        part = ox.NamedNode(f"{node.value}#lineage-{position}")
        yield node, ctmo("hasLineageResult"), part
        yield part, RDF_TYPE, ctmo("LineageResult")
        yield part, ctmo("testsLineage"), ox.NamedNode(lineage.cells)
        yield part, ctmo("valueText"), ox.Literal(lineage.text)
        if lineage.formed is not None:
            yield part, ctmo("cellsFormed"), _boolean(lineage.formed)


def sample_quads(samples: Iterable[Sample]) -> Iterator[ox.Quad]:
    """Give the quads of samples; every percentage is an xsd:decimal."""
    for sample in samples:
        for subject, predicate, value in _one(sample):
            yield ox.Quad(subject, predicate, value, _GRAPH)
