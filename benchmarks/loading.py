"""How long files take to be loaded, against the raw rate of the store: `python -m benchmarks.loading FILE...`.

For each file: reading alone (gate, reader, grounding, triples), and the store's own bulk load of the same triples from
N-Triples, in seconds of processor time of one run; then what the whole store derives after it.
"""

from __future__ import annotations

import io
import resource
import sys
import time
from pathlib import Path

import pyoxigraph as ox

from kg.build import build
from kg.gate import open_members
from kg.intake.kinds import kind_of
from kg.intake.load import load_into
from kg.knowledge.piece import Piece


def _read(path: Path) -> tuple[int, list[ox.Triple], float]:
    started, records = time.process_time(), 0
    triples: list[ox.Triple] = []
    for member in open_members([path]):
        kind = kind_of(member)
        if kind is None:
            continue
        for piece in kind.read(member):
            if isinstance(piece, Piece):
                records += 1
                triples += piece.triples
    return records, triples, time.process_time() - started


def _raw(triples: list[ox.Triple]) -> float:
    content = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    store = ox.Store()
    started = time.process_time()
    store.bulk_load(io.BytesIO(content), ox.RdfFormat.N_TRIPLES)
    return time.process_time() - started


def main() -> None:
    """Print a Markdown table, one row a file, and the time and memory of loading them all into the packaged graph."""
    paths = [Path(name) for name in sys.argv[1:]]
    print("| file | records | triples | read s | raw load s | ratio |\n|---|--:|--:|--:|--:|--:|")
    for path in paths:
        records, triples, seconds = _read(path)
        raw = _raw(triples)
        ratio = seconds / raw if raw else 0
        print(f"| {path.name} | {records:,} | {len(triples):,} | {seconds:.1f} | {raw:.1f} | {ratio:.1f} |")
        del triples
    store = build().store
    started = time.process_time()
    load_into(store, paths)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    whole = time.process_time() - started
    print(f"\nall together with what follows: {whole:.1f} s, {len(store.inner):,} quads, {megabytes:,} MB at most")


if __name__ == "__main__":
    main()
