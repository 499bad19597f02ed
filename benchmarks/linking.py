"""The linker against pairs that people have checked: `python -m benchmarks.linking GOLD.sssom.tsv --ontologies DIR`.

Only exact and close matches count. A proposal is right if the gold file has the pair as exact or close; it is wrong if
the file has another term of that ontology for the name, has the pair with another relation, or says that the ontology
has none; where the file says nothing of a name in an ontology, the proposal is not judged and counted as such.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

from kg.linking.candidates import Request
from kg.linking.index import Index, open_index
from kg.linking.proposals import EXACT_OR_CLOSE, LEAST, propose

_SOURCES = {"all": "", "efo": "EFO", "mesh": "MESH", "hgnc": "HGNC", "uniprot": "UniProtKB"}


def _rows(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def _prefix(row: dict[str, str]) -> str:
    if row["object_id"] != "sssom:NoTermFound":
        return row["object_id"].partition(":")[0]
    source = row["object_source"].removeprefix("obo:").removeprefix("bioregistry:")
    return _SOURCES.get(source, source.upper())


def _half(name: str) -> int:
    return sha256(name.encode()).digest()[0] % 2


def score(index: Index, rows: list[dict[str, str]], *, least: float, verbose: bool) -> dict[str, int]:
    """Print what is wrong and missed; give the counts."""
    by_name: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row["predicate_id"] != "IAO:0100001":
            by_name[row["subject_label"]].append(row)
    counts = dict.fromkeys(("right", "wrong", "not judged", "gold", "known wrong proposed", "obsolete"), 0)
    for name, said in sorted(by_name.items()):
        proposals = [one for one in propose(index, Request(name), least=least) if one.predicate in EXACT_OR_CLOSE]
        wrong = {row["object_id"] for row in said if row.get("predicate_modifier") == "Not"}
        good = {row["object_id"] for row in said if row["predicate_id"] in EXACT_OR_CLOSE} - wrong - {"sssom:NoTermFound"}
        judged = {_prefix(row) for row in said if row.get("predicate_modifier") != "Not"} - {""}
        counts["gold"] += len(good)
        proposed = {one.candidate.term.id: one for one in proposals}
        for curie, one in proposed.items():
            counts["known wrong proposed"] += curie in wrong
            term = index.term(curie)
            counts["obsolete"] += term is None or term.deprecated
            prefix = curie.partition(":")[0]
            key = "right" if curie in good else "wrong" if prefix in judged else "not judged"
            counts[key] += 1
            if verbose and key != "right":
                print(f"{key.upper():11}{name} -> {curie} {one.candidate.term.label} {one.predicate[5:]} {one.confidence}"
                      f" [{one.reason}]; gold {sorted(g for g in good if g.startswith(prefix))}")  # fmt: skip
        for curie in sorted(good - proposed.keys()) if verbose else ():
            term = index.term(curie)
            print(f"MISSED     {name} -> {curie} {term.label if term else 'not in the files'}")
    return counts


def main() -> None:
    """Print precision, recall, wrong pairs and missed ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--ontologies", type=Path, nargs="+", required=True)
    parser.add_argument("--min-confidence", type=float, default=LEAST)
    parser.add_argument("--half", type=int, choices=(0, 1), help="only the names of one half, by hash")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    rows = _rows(options.gold)
    if options.half is not None:
        rows = [row for row in rows if _half(row["subject_label"]) == options.half]
    index = open_index(options.ontologies, step=lambda name: print(f"reading {name}", file=sys.stderr))
    counts = score(index, rows, least=options.min_confidence, verbose=options.verbose)
    judged, gold = counts["right"] + counts["wrong"], counts["gold"]
    print(", ".join(f"{key} {count}" for key, count in counts.items()))
    print(f"precision {counts['right'] / max(judged, 1):.3f} of {judged}, recall {counts['right'] / max(gold, 1):.3f} of {gold}")


if __name__ == "__main__":
    main()
