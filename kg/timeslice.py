"""The graph as the literature stood at the end of a year: what was published later is not in it.

A claims file is as old as its source, a study as its first paper or, without a paper, as its registration. A file
without a date is left out, and said: nobody knows whether it was there. Verdicts of an audit against a study that is
not there go with the study.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.loaders import read_head
from kg.loaders.claims import accepts as is_claims_file
from kg.loaders.claims import read_claims
from kg.loaders.studies import accepts as is_study_file
from kg.loaders.studies import read_study
from kg.model import ClaimsFile, Study
from kg.rdf import ctmo
from kg.vocabulary import Lexicon

__all__ = ["still_to_come", "without", "year_of"]


def _year(text: str | None) -> int | None:
    found = re.search(r"\b(?:19|20)\d{2}\b", text or "")
    return int(found[0]) if found else None


def year_of(record: ClaimsFile | Study) -> int | None:
    """Give the year in which a record could first be read, or None where no date is known."""
    if isinstance(record, ClaimsFile):
        return _year(record.source.published)
    papers = [year for year in (_year(paper.year) for paper in record.publications) if year]
    if papers:
        return min(papers)
    if record.publications:  # a paper whose year stands in the citation only
        return _year(record.citation)
    days = [_year(entry.first_posted or entry.start) for entry in record.registration]
    return min((day for day in days if day), default=_year(record.start))


def still_to_come(files: Iterable[Path], year: int, lexicon: Lexicon) -> dict[Path, int | None]:
    """Give the files that were not there at the end of a year, with the year they came, or None without a date."""
    later: dict[Path, int | None] = {}
    for path in files:
        head = read_head(path)
        if is_study_file(path, head):
            came = year_of(read_study(path, lexicon))
        elif is_claims_file(path, head):
            came = year_of(read_claims(path, lexicon))
        elif path.name in ("map-groups.tsv", "pooled-questions.tsv"):
            continue  # how terms are grouped and what is pooled is of no year
        else:  # the log of searches: as old as its last day
            came = max((int(year) for year in re.findall(r"\t(\d{4})-\d\d-\d\d\t", head)), default=None)
        if came is None or came > year:
            later[path] = came
    return later


def without(quads: Iterable[ox.Quad], studies: set[str]) -> list[ox.Quad]:
    """Give the quads that point to none of the studies (ids), so that no verdict or overlap hangs in the air."""
    gone = tuple(ctmo(f"study/{study}").value for study in sorted(studies))

    def stays(quad: ox.Quad) -> bool:
        value = quad.object
        return not (isinstance(value, ox.NamedNode) and value.value.split("#")[0] in gone)

    return [quad for quad in quads if stays(quad)]
