"""What the tests of the ISCT criteria share: a population that meets them all, and the words of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from kg.isct import Judgement, Measurement, Sample, judge, read_panel, read_share
from kg.isct.samples import Lineage
from kg.isct.shares import Place
from kg.paths import ontology_folder

__all__ = [
    "CELLS", "EXCLUDED", "FAILED", "FILE", "IRI", "MET", "OPEN", "PANEL", "PERCENT", "PLACE", "REQUIRED",
    "axioms", "one", "sample", "words",
]  # fmt: skip

FILE = ontology_folder() / "isct.ttl"
PANEL = read_panel()
IRI = {name: iri for iri, name in PANEL.marker_names.items()}
CELLS = {name: iri for iri, name in PANEL.lineage_names.items()}
REQUIRED, EXCLUDED = ("CD73", "CD90", "CD105"), ("CD34", "CD45", "CD14", "CD11b", "CD79a", "CD19", "HLA-DR")
PLACE = Place("x.csv", 2, "CD73")
PERCENT = ("percentPositive", "percentAtLeast", "percentAtMost", "percentAbove", "percentBelow")
MET, FAILED, OPEN = "conformant", "not conformant", "undetermined"


def sample(
    changes: Mapping[str, str] | None = None,
    *,
    adherent: bool | None = True,
    lineages: Mapping[str, bool] | None = None,
) -> Sample:
    """A population that meets every criterion, but for what is given; an empty text is no measurement."""
    texts = {**dict.fromkeys(REQUIRED, "99"), **dict.fromkeys(EXCLUDED, "0.5"), **(changes or {})}
    shares = ((IRI[name], read_share(text, PLACE)) for name, text in texts.items())
    formed = dict.fromkeys(CELLS, True) if lineages is None else lineages
    tests = tuple(Lineage(CELLS[name], answer, "yes" if answer else "no") for name, answer in formed.items())
    return Sample("P", "", "", tuple(Measurement(iri, share) for iri, share in shares if share), adherent, tests)


def one(population: Sample) -> Judgement:
    """Give the judgement of one population."""
    (judged,) = judge([population])[0]
    return judged


def words(entries: Iterable[tuple[int, str]]) -> list[str]:
    """Give what decides or is missing, in words."""
    return [text for _, text in entries]


def axioms() -> list[ox.Triple]:
    """Give what the file says."""
    return [quad.triple for quad in ox.parse(path=str(FILE), format=ox.RdfFormat.TURTLE)]
