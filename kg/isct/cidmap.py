"""The three files of CIDMap, markers of MSC in 84 trial papers (Wilson et al. 2021), in their own form: Latin-1, codes.

A row of the first file is a paper, not a population: its averages are taken as the number of the product, its release
limits as bounds that each released batch keeps. A code without a number decides nothing. Nothing of it is packaged.
"""

from __future__ import annotations

from collections import Counter

from kg.isct.panel import read_panel
from kg.isct.samples import Lineage, Measurement, Sample
from kg.isct.shares import Place, Share, read_share
from kg.knowledge.msc_tables import cidmap_rows

__all__ = ["read_cidmap"]

_QUALIFIERS = {"NA", "average", "greater than", "minimum", "less than", "maximum"}
#: Codes of the first file that stand in the place of a number.
_CODES = {
    "+": "positive",
    "X": "negative",
    "I": "individual values, in another file",
    "d": "described without a number",
}
_LINEAGE_COLUMNS = {"O": "osteoblast", "A": "adipocyte", "C": "chondrocyte"}
_Read = tuple[tuple[Sample, ...], int, tuple[str, ...], tuple[str, ...]]


def _share(record: dict[str, str], name: str, place: Place) -> Share | None:
    qualifier, value = record[f"{name}_qualifier"], record[f"{name}_value"]
    limit = " at release" if record[f"{name}_status"] == "release" else ""
    if qualifier not in _QUALIFIERS:
        raise place.refuse(qualifier, "one of: " + ", ".join(sorted(_QUALIFIERS)))
    if value in _CODES and qualifier == "NA":
        return Share(_CODES[value])
    read = read_share(value if qualifier == "NA" else f"{qualifier} {value}", place)
    return Share(read.text + limit, read.bounds) if read and read.bounds else read


def _papers(raw: bytes, file: str) -> _Read:
    panel, samples, seen = read_panel(), [], dict[str, int]()
    kinds: Counter[str] = Counter()
    used = {"ref_number", "ref_first_author", "year", *_LINEAGE_COLUMNS}
    columns: list[str] = []
    for line, record in cidmap_rows(raw, file, "papers"):
        columns = list(record)
        name = " ".join(record[part] for part in ("ref_number", "ref_first_author", "year"))
        if seen.setdefault(name, line) != line:
            raise Place(file, line, "ref_number").refuse(name, f"a paper once; it stands on line {seen[name]} too")
        measurements = []
        for iri, short in panel.marker_names.items():
            share = _share(record, short, Place(file, line, f"{short}_value"))
            if share:
                measurements.append(Measurement(iri, share))
                kinds["release"] += share.text.endswith(" at release")
                kinds["average"] += share.text.startswith("average")
                kinds["code"] += not share.bounds
        tests = []
        for column, cells in _LINEAGE_COLUMNS.items():
            if record[column].startswith("Performed"):
                iri = next(iri for iri, lineage in panel.lineage_names.items() if lineage == cells)
                tests.append(Lineage(iri, None, "performed, result not in this table"))
            elif record[column] != "Not mentioned":
                raise Place(file, line, column).refuse(record[column], "Performed ..., or Not mentioned")
        samples.append(Sample(name, measurements=tuple(measurements), lineages=tuple(tests)))
    used |= {f"{short}_{part}" for short in panel.marker_names.values() for part in ("qualifier", "value", "status")}
    notes = (
        "a row of this file is a paper; its averages are taken as the number of the product",
        f"{kinds['average']} averages, {kinds['release']} release limits, {kinds['code']} codes without a number",
    )
    return tuple(samples), len(samples), tuple(name for name in columns if name not in used), notes


def _batches(raw: bytes, file: str) -> _Read:
    """Read values of single batches: each marker has a block, and the populations stand in one order in each."""
    panel, rows = read_panel(), 0
    blocks: dict[str, list[tuple[tuple[str, str], str, int]]] = {}
    for line, record in cidmap_rows(raw, file, "batches"):
        rows += 1
        patient = "" if record["patient"] == "NA" else " ".join(record["patient"].split())
        blocks.setdefault(record["marker"], []).append(((record["ref_number"], patient), record["value"], line))
    names = [key for key, _, _ in next(iter(blocks.values()), [])]
    for marker, block in blocks.items():
        if [key for key, _, _ in block] != names:
            line = block[0][2]
            raise Place(file, line, "marker").refuse(marker, "the populations in the order of the first marker")
    total, count, samples = Counter(names), Counter[tuple[str, str]](), []
    short_names = {short: iri for iri, short in panel.marker_names.items()}
    for position, key in enumerate(names):
        count[key] += 1
        measurements = []
        for short, iri in short_names.items():
            if short in blocks:
                _, value, line = blocks[short][position]
                share = read_share(value, Place(file, line, "value"))
                measurements += [Measurement(iri, share)] if share else []
        number = f" no. {count[key]}" if total[key] > 1 else ""
        samples.append(Sample(" ".join(part for part in key if part) + number, measurements=tuple(measurements)))
    others = sorted(marker for marker in blocks if marker not in short_names)
    notes = (f"{len(names) * len(others)} rows of what the criteria do not ask for ({', '.join(others)})",)
    return tuple(samples), rows, ("Phase", "notes"), notes


def _means(raw: bytes, file: str) -> _Read:
    panel, rows, others = read_panel(), 0, Counter[str]()
    measured: dict[str, dict[str, Share]] = {}
    short_names = {short: iri for iri, short in panel.marker_names.items()}
    for line, record in cidmap_rows(raw, file, "means"):
        rows += 1
        paper = measured.setdefault(record["ref_number"], {})
        iri = short_names.get(record["marker"])
        place = Place(file, line, "mean_value")
        share = read_share(f"mean {record['mean_value']}", place) if iri else None
        if iri and iri in paper:
            raise place.refuse(record["marker"], f"one mean of a marker in paper {record['ref_number']}")
        if iri and share:
            paper[iri] = share
        others[record["marker"]] += iri is None
    samples = (
        Sample(number, measurements=tuple(Measurement(iri, paper[iri]) for iri in panel.marker_names if iri in paper))
        for number, paper in measured.items()
    )
    names = ", ".join(sorted(marker for marker, count in others.items() if count))
    notes = (f"{sum(others.values())} rows of what the criteria do not ask for ({names})",)
    return tuple(samples), rows, ("n", "se_value", "Phase"), notes


def read_cidmap(raw: bytes, file: str, form: str) -> _Read:
    """Give populations, number of rows, unused columns and notes of a file whose form `cidmap_form` gave."""
    return {"papers": _papers, "batches": _batches, "means": _means}[form](raw, file)
