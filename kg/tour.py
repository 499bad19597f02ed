"""The main job in one go: build, check, matrix, one traced path, pictures and files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.build import Built, build
from kg.catalogue import find_query, run
from kg.errors import InputError, Problem
from kg.lookup import resolve
from kg.matrix import MatrixRow, matrix_csv, read_matrix
from kg.network import Network, of_therapy, read_network, without_hypotheses
from kg.trace import Path as TracedPath
from kg.trace import find_paths

__all__ = ["Tour", "example_path", "take_tour", "write_tour"]

#: The path that the tour follows: a cell source, an outcome, and the mechanism between them.
EXAMPLE = ("mesenchymal stem cell", "gross motor function", "homing of administered cells")


@dataclass
class Tour:
    """What the tour found."""

    built: Built
    problems: list[Problem]
    rows: list[MatrixRow]
    network: Network
    path: TracedPath | None


def example_path(built: Built, network: Network) -> TracedPath | None:
    """Give the path of the tour, or None when the graph does not hold it."""
    start, goal, via = (resolve(built.store, words).value for words in EXAMPLE)
    paths = find_paths(network, start, goal, via=via, max_steps=6)
    return max(paths, key=lambda path: len(path.steps), default=None)


def take_tour() -> Tour:
    """Build the packaged graph, check it, and read the matrix and the example path from it."""
    from kg.validate import check_quality, check_shapes

    built = build()
    problems = [*check_quality(built.store), *check_shapes(built.store)]
    network = read_network(built.store, title="Mechanisms of cell therapy in cerebral palsy, and the evidence for each")
    return Tour(built, problems, read_matrix(built.store), network, example_path(built, network))


def _files(tour: Tour) -> Iterator[tuple[str, str | bytes]]:
    from kg.answers import write_answer
    from kg.report import report_files
    from kg.views.network import draw_page, draw_svg

    footer = f"mechtrail {tour.built.summary()}"
    drawn = of_therapy(tour.network)
    yield "network.html", draw_page(drawn, footer=footer)
    yield "network.svg", draw_svg(without_hypotheses(drawn))
    yield "matrix.csv", matrix_csv(tour.rows)
    yield from report_files(tour.built.store)
    yield "graph.ttl", write_answer(run(tour.built.store, find_query("graph/everything")), "ttl")


def write_tour(tour: Tour, folder: Path) -> list[Path]:
    """Write page, picture, matrix, report and graph into a folder; give the paths in that order."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for name, content in _files(tour):
            path = folder / name
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            written.append(path)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from error
    return written
