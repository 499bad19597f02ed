"""Samples -> verdicts: fill a store, ask the questions of `queries/isct/`, put each answer into one row a population.

Nothing is decided here. What makes a population conformant stands in the questions, and in OWL in `ontology/isct.ttl`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from kg.catalogue import Query, find_query, select
from kg.errors import InputError
from kg.isct.panel import Panel, criteria_quads, read_panel
from kg.isct.samples import Sample, sample_iri, sample_quads
from kg.store import LocalStore

__all__ = ["WORDINGS", "Judgement", "judge", "judgement_rows"]

WORDINGS = ("2006", "review")
_Entry = tuple[int, str]  # place of the criterion in the panel, words


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of one population: for each wording a verdict, what decides against it and what is missing."""

    sample: Sample
    verdict: dict[str, str]
    phenotype: dict[str, str]
    adherence: str
    lineages: str
    decides: dict[str, tuple[_Entry, ...]]
    missing: dict[str, tuple[_Entry, ...]]


@cache
def _question(name: str) -> Query:
    return find_query(f"isct/{name}")


def _value(term: object) -> str:
    return str(getattr(term, "value", "") or "")


def _grouped(rows: ox.QuerySolutions, name: str) -> Iterator[tuple[tuple[str, str], int, str, list[tuple[str, str]]]]:
    """Give (sample, wording), place, criterion and its (name, words read), for rows that come sorted so."""
    groups: dict[tuple[str, str, int], tuple[str, list[tuple[str, str]]]] = {}
    for row in rows:
        key = (_value(row["sample"]), _value(row["wording_label"]), int(_value(row["position"])))
        _, parts = groups.setdefault(key, (_value(row["criterion_label"]), []))
        parts.append((_value(row[name]), _value(row["read"])))
    for (sample, wording, place), (criterion, parts) in groups.items():
        yield (sample, wording), place, criterion, parts


def _deciding(criterion: str, parts: Sequence[tuple[str, str]]) -> str:
    """Give what decides, in words.

    >>> _deciding("CD14 or CD11b at most 2 %", [("CD11b", "5"), ("CD14", ">3")])
    'CD14 or CD11b at most 2 %: CD11b 5, CD14 >3'
    """
    alone = len(parts) == 1
    return f"{criterion}: " + ", ".join(read if alone else f"{name} {read}" for name, read in parts)


def _lacking(place: int, parts: Sequence[tuple[str, str]], panel: Panel) -> str:
    criterion = panel.criteria[place]
    given = [(name, read) for name, read in parts if read]
    if not criterion.accepted:
        return "adherence to plastic"
    if not criterion.threshold:
        return f"{parts[0][0]} differentiation" + (f" ({given[0][1]})" if given else "")
    names = criterion.label.removesuffix(criterion.threshold).strip()
    alone = len(criterion.accepted) == 1
    said = ", ".join(read if alone else f"{name} {read}" for name, read in given)
    if not said:
        return names
    why = (
        f"does not show {criterion.threshold}"
        if re.search("[0-9]", "".join(read for _, read in given))
        else "no number"
    )
    return f"{names} ({said}: {why})"


def judge(samples: Iterable[Sample]) -> tuple[list[Judgement], dict[str, int]]:
    """Give a judgement of each sample, in their order, and the counts of `isct/coverage`."""
    asked = list(samples)
    panel, store = read_panel(), LocalStore.in_memory()
    store.extend(criteria_quads())
    store.extend(sample_quads(asked))
    verdicts = {
        (_value(row["sample"]), _value(row["wording_label"])): [
            _value(row[name]) for name in ("verdict", "phenotype", "adherence", "lineages")
        ]
        for row in select(store, _question("verdicts"))
    }
    decides: dict[tuple[str, str], list[_Entry]] = {}
    for key, place, criterion, parts in _grouped(select(store, _question("decides")), "measured_name"):
        decides.setdefault(key, []).append((place, _deciding(criterion, parts)))
    missing: dict[tuple[str, str], list[_Entry]] = {}
    for key, place, _, parts in _grouped(select(store, _question("missing")), "accepted_name"):
        missing.setdefault(key, []).append((place, _lacking(place, parts, panel)))
    judged = []
    for sample in asked:
        iri = sample_iri(sample).value
        both = {wording: verdicts[iri, wording] for wording in WORDINGS}
        _, _, adherence, lineages = both[WORDINGS[0]]  # the wordings differ in markers only
        judged.append(
            Judgement(
                sample,
                {wording: answer[0] for wording, answer in both.items()},
                {wording: answer[1] for wording, answer in both.items()},
                adherence,
                lineages,
                {wording: tuple(sorted(decides.get((iri, wording), ()))) for wording in WORDINGS},
                {wording: tuple(sorted(missing.get((iri, wording), ()))) for wording in WORDINGS},
            )
        )
    (counts,) = select(store, _question("coverage"))
    names = ("populations", "required_markers_as_numbers", "required_markers_met")
    return judged, {name: int(_value(counts[name])) for name in names}


def _listed(entries: dict[str, tuple[_Entry, ...]], wordings: Sequence[str]) -> str:
    """Give entries in the order of the panel; what only one of two wordings says is marked with it."""
    said = Counter(entry for wording in wordings for entry in entries[wording])
    lines = []
    for place, words in sorted(said):
        own = [wording for wording in wordings if (place, words) in entries[wording]]
        lines.append(words if len(own) == len(wordings) else f"{words} [{own[0]}]")
    return "; ".join(lines)


def judgement_rows(judged: Sequence[Judgement], wording: str = "both") -> tuple[list[str], list[list[str]]]:
    """Give column names and rows, one row a population; `wording` is 2006, review or both."""
    if wording not in (*WORDINGS, "both"):
        raise InputError(f"--wording: found {wording!r}, expected 2006, review or both")
    wordings = WORDINGS if wording == "both" else (wording,)
    donors = any(one.sample.donor for one in judged)
    passages = any(one.sample.passage for one in judged)
    names = ["population", *(["donor"] if donors else []), *(["passage"] if passages else [])]
    names += [f"verdict_{each}" for each in wordings] + [f"phenotype_{each}" for each in wordings]
    names += ["adherence", "lineages", "decides", "missing"]
    rows = [
        [
            one.sample.population,
            *([one.sample.donor] if donors else []),
            *([one.sample.passage] if passages else []),
            *(one.verdict[each] for each in wordings),
            *(one.phenotype[each] for each in wordings),
            *(one.adherence, one.lineages, _listed(one.decides, wordings), _listed(one.missing, wordings)),
        ]
        for one in judged
    ]
    return names, rows
