"""How well does grounding read registry records? Scores it against a gold table that people wrote.

    python -m benchmarks.grounding GOLD.tsv RECORDS... [--part "third look"]

GOLD has one row a trial; lists are joined by ";", terms are CURIEs or labels, and "not stated" is an empty list. A
dose is "low-high unit basis", for example "1000000-2000000 cells per kg". "a|b" is right as a and as b; what a person
could not decide has a "?" before it and counts neither way, and "?" alone leaves the field of that trial out. Where
several records tell of one trial, the one with the most text is scored. Prints precision and recall over all rows, a
field at a time, then each miss and each false hit. Trials of GOLD that no file of RECORDS holds are named.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from kg.gate import open_members
from kg.grounding import Candidate, GroundedDose, GroundedTrial, ground_trial
from kg.model.trials import Trial
from kg.registries import readers

FIELDS = ("cell_source", "tissue", "donor", "route", "dose", "instruments", "condition")


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
    """Give the trials of files and folders, by whichever reader of registries knows a file; other files are passed."""
    known = readers().values()
    for member in open_members(paths):
        reader = next((one for one in known if one.accepts(member)), None)
        if reader is not None:
            yield from (one for one in reader.read(member) if isinstance(one, Trial))


def fullest(trials: Iterable[Trial], numbers: Collection[str]) -> dict[str, Trial]:
    """Give, for each number, the record that says the most: a list of search results has no descriptions."""
    found: dict[str, tuple[int, Trial]] = {}
    for trial in trials:
        if trial.number in numbers:
            size = len(repr(trial))
            if trial.number not in found or size > found[trial.number][0]:
                found[trial.number] = (size, trial)
    return {number: found[number][1] for number in sorted(found)}


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


def _wanted(name: str, text: str) -> list[tuple[bool, frozenset[str]]]:
    """Give what a cell of the gold table asks for: whether it must be found, and the names it may have."""
    found = []
    for part in text.split(";"):
        must = not part.strip().startswith("?")
        names = [one.strip() for one in part.strip().removeprefix("?").split("|")]
        if any(names):
            plain = [_plain_dose(one) for one in names] if name == "dose" else names
            found.append((must, frozenset(plain) | frozenset(one.casefold() for one in plain)))
    return sorted(found, key=lambda pair: not pair[0])


def score_row(scores: Mapping[str, Score], gold: Mapping[str, str], grounded: GroundedTrial) -> None:
    """Add to the scores what was found of one trial, held against its row of the gold table."""
    for name, found in found_in(grounded).items():
        left: list[Candidate | str] = list(found)
        text = (gold.get(name) or "").strip()
        if text == "?":
            continue
        score = scores[name]
        for must, names in _wanted(name, "" if text == "not stated" else text):
            hit = next((one for one in left if names & _names(one)), None)
            if hit is not None:
                left.remove(hit)
                score.right += must
            elif must:
                score.missed.append(f"{grounded.number}: {' or '.join(sorted(names))}")
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
    spent = 0.0
    trials = fullest(read_trials(options.records), gold.keys())
    for number, trial in trials.items():
        start = time.perf_counter()
        grounded = ground_trial(trial)
        spent += time.perf_counter() - start
        score_row(scores, gold[number], grounded)
    print(f"{'field':12} {'precision':>9} {'recall':>7} {'right':>6} {'missed':>7} {'false':>6}")
    for name, score in scores.items():
        numbers = (
            f"{score.precision:9.3f} {score.recall:7.3f} {score.right:6} {len(score.missed):7} {len(score.false):6}"
        )
        print(f"{name:12} {numbers}")
    print(f"{len(trials)} of {len(gold)} trials found, {spent:.2f} s")
    for number in sorted(gold.keys() - trials.keys()):
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
