"""Each question through the catalogue, against raw pyoxigraph and against rdflib: `python -m benchmarks.questions`.

Ratios within one run; the three take turns, so that a slow moment of the machine meets all of them.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial

import pyoxigraph as ox
import rdflib

from kg.build import build
from kg.catalogue import Query, bind, find_query, load_catalogue, parse_values, select
from kg.lookup import resolve
from kg.store import LocalStore

RUNS = 5
#: rdflib repeats a question only as long as it is quick; a slow one is asked once.
PATIENCE_S = 5.0


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _count_ours(store: LocalStore, query: Query, values: Mapping[str, ox.NamedNode | ox.Literal]) -> int:
    return len(list(select(store, query, **values)))


def _count_raw(store: ox.Store, text: str) -> int:
    answer = store.query(text, use_default_graph_as_union=True)
    assert isinstance(answer, ox.QuerySolutions)
    return len(list(answer))


def _count_rdflib(graph: rdflib.Graph, text: str) -> int:
    return len(list(graph.query(text)))


def main() -> None:
    """Print a Markdown table: question, rows, milliseconds of ours, ours / raw, rdflib / ours; then the means."""
    store = build().store
    graph = rdflib.Graph(bind_namespaces="none")
    triples = {str(quad.triple) + " ." for quad in store.quads()}
    graph.parse(data="\n".join(sorted(triples)), format="nt")
    left_out = {"rule", "quality", "graph"}
    names = [name for name, query in load_catalogue().items() if not left_out & set(query.tags)]
    raw_ratios, rdflib_ratios = [], []
    print("| question | rows | ms | ours / raw | rdflib / ours |")
    print("|---|--:|--:|--:|--:|")
    for name in names:
        query = find_query(name)
        given = {p.name: p.example for p in query.parameters if p.required}
        values = parse_values(query, given, lambda words: resolve(store, words))
        text = bind(query, values)

        ours = partial(_count_ours, store, query, values)
        raw = partial(_count_raw, store.inner, text)
        slow = partial(_count_rdflib, graph, text)
        rows = ours()
        assert rows == raw()
        mine: list[float] = []
        theirs: list[float] = []
        python: list[float] = []
        for turn in range(RUNS):
            mine += [_seconds(ours) for _ in range(3)]
            theirs += [_seconds(raw) for _ in range(3)]
            if turn == 0 or sum(python) < PATIENCE_S:
                python.append(_seconds(slow))
        middle = statistics.median(mine)
        raw_ratios.append(middle / statistics.median(theirs))
        rdflib_ratios.append(statistics.median(python) / middle)
        line = f"| {name} | {rows} | {middle * 1000:.2f} | {raw_ratios[-1]:.2f} | {rdflib_ratios[-1]:.0f} |"
        print(line, flush=True)
    for what, ratios in (("ours / raw", raw_ratios), ("rdflib / ours", rdflib_ratios)):
        print(f"\ngeometric mean of {what}: {math.exp(statistics.fmean(map(math.log, ratios))):.2f}")
    print(f"\npyoxigraph {ox.__version__}, rdflib {rdflib.__version__}, {len(store.quads()):,} quads")


if __name__ == "__main__":
    main()
