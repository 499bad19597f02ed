"""How well does grounding read registry records? Scores it against a gold table that people wrote.

    python -m benchmarks.grounding GOLD.tsv RECORDS... [--part "held out"]

GOLD has one row a trial; lists are joined by ";", terms are CURIEs or labels, and "not stated" is an empty list. A
dose is "low-high unit basis", for example "1000000-2000000 cells per kg". Prints precision and recall over all rows, a
field at a time, then each miss and each false hit. Trials of GOLD that no file of RECORDS holds are named.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from kg.gate import Member
from kg.grounding import Candidate, GroundedDose, GroundedTrial, ground_trial
from kg.model.trials import Trial
from kg.registries import ctgov_fullstudies, ctgov_studyfields, ctgov_v2, ctgov_xml

FIELDS = ("cell_source", "tissue", "donor", "route", "dose", "instruments", "condition")
_READERS = (ctgov_v2, ctgov_studyfields, ctgov_fullstudies, ctgov_xml)


@dataclass(slots=True)
class Score:
    right: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.false)) if self.right + len(self.false) else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed)) if self.right + len(self.missed) else 1.0


def read_trials(paths: Iterable[Path]) -> Iterator[Trial]:
    for path in sorted(
        one for each in paths for one in (each.rglob("*") if each.is_dir() else [each]) if one.is_file()
    ):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        member = Member(path.name, path, content[:65_536], lambda content=content: content)  # type: ignore[misc]
        for reader in _READERS:
            if reader.accepts(member):
                yield from (one for one in reader.read(member) if isinstance(one, Trial))
                break


def read_gold(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["trial"]: row for row in rows}


def dose_key(dose: GroundedDose) -> str:
    low, high = (dose.low, dose.high) if dose.value is None else (dose.value, dose.value)
    span = f"{low}" if low == high else f"{low}-{high}"
    return " ".join(part for part in (span, dose.unit, dose.basis) if part)


def _plain_dose(text: str) -> str:
    span, _, rest = text.strip().partition(" ")
    low, _, high = span.partition("-")
    numbers = [f"{Decimal(one):f}" for one in (low, high) if one]
    return " ".join([numbers[0] if len(set(numbers)) == 1 else "-".join(numbers), rest]).strip()


def found_in(grounded: GroundedTrial) -> dict[str, list[Candidate] | list[str]]:
    return {
        "cell_source": grounded.cell_sources,
        "tissue": list(grounded.tissues),
        "donor": list(grounded.donors),
        "route": list(grounded.routes),
        "dose": [dose_key(dose) for dose in grounded.doses],
        "instruments": grounded.instruments,
        "condition": list(grounded.conditions),
    }


def _names(one: Candidate | str) -> set[str]:
    return {one} if isinstance(one, str) else {one.term, one.label.casefold()}


def _shown(one: Candidate | str) -> str:
    return one if isinstance(one, str) else f"{one.label} ({one.term}: {one.matched!r}, {one.where}, {one.reason})"


def score_row(scores: Mapping[str, Score], gold: Mapping[str, str], grounded: GroundedTrial) -> None:
    for name, found in found_in(grounded).items():
        candidates: list[Candidate | str] = list(found)
        text = (gold.get(name) or "").strip()
        wanted = [] if text == "not stated" else [part.strip() for part in text.split(";") if part.strip()]
        if name == "dose":
            wanted = [_plain_dose(part) for part in wanted]
        left = list(candidates)
        score = scores[name]
        for want in wanted:
            hit = next((one for one in left if want in _names(one) or want.casefold() in _names(one)), None)
            if hit is None:
                score.missed.append(f"{grounded.number}: {want}")
            else:
                score.right += 1
                left.remove(hit)
        score.false += [f"{grounded.number}: {_shown(one)}" for one in left]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grounding", description=__doc__.splitlines()[0])
    parser.add_argument("gold", type=Path, metavar="GOLD", help="table of what people read, tab-separated")
    parser.add_argument("records", type=Path, nargs="+", metavar="RECORDS", help="files or folders of registry records")
    parser.add_argument("--part", help="only the rows of GOLD whose column 'part' says this")
    parser.add_argument("--quiet", action="store_true", help="numbers only, no misses and false hits")
    options = parser.parse_args(arguments)
    gold = read_gold(options.gold)
    if options.part:
        gold = {number: row for number, row in gold.items() if row.get("part") == options.part}
    scores = {name: Score() for name in FIELDS}
    seen: set[str] = set()
    spent = 0.0
    for trial in read_trials(options.records):
        if trial.number in gold and trial.number not in seen:
            seen.add(trial.number)
            start = time.perf_counter()
            grounded = ground_trial(trial)
            spent += time.perf_counter() - start
            score_row(scores, gold[trial.number], grounded)
    print(f"{'field':12} {'precision':>9} {'recall':>7} {'right':>6} {'missed':>7} {'false':>6}")
    for name, score in scores.items():
        numbers = (
            f"{score.precision:9.3f} {score.recall:7.3f} {score.right:6} {len(score.missed):7} {len(score.false):6}"
        )
        print(f"{name:12} {numbers}")
    print(f"{len(seen)} of {len(gold)} trials found, {spent:.2f} s")
    for number in sorted(gold.keys() - seen):
        print(f"not in the records: {number}")
    if not options.quiet:
        for name, score in scores.items():
            for line in score.missed:
                print(f"{name}: missed {line}")
            for line in score.false:
                print(f"{name}: false {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
