"""`tour` and `build`: from files to a graph, in a folder or at an endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.commands.terminal import Commands, Parser, command, progress, report, say, sources_option

if TYPE_CHECKING:
    from kg.build import Built
    from kg.store import EndpointStore

__all__ = ["add_commands", "fill"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add the commands of this family."""
    parser = command(commands, tour, "mechtrail tour -o my-tour")
    parser.add_argument(
        "-o", "--out", type=Path, default=Path("mechtrail-tour"), help="folder to write to (mechtrail-tour)"
    )

    parser = command(commands, build, "mechtrail build my-study.yaml --store my-graph")
    parser.add_argument("paths", nargs="*", type=Path, help="claims or study files, or folders of them")
    parser.add_argument("--store", default="mechtrail-graph", help="folder or endpoint URL to fill (mechtrail-graph)")
    sources_option(parser)


def tour(out: Path) -> None:
    """Build the graph, check it, print the matrix and one traced path, write pictures and files."""
    import shutil

    from kg.tour import take_tour, write_tour
    from kg.views.matrix import draw_matrix
    from kg.views.trace import draw_path

    taken = take_tour()
    say(f"built: {taken.built.summary()}")
    say(f"checked: {len(taken.problems)} problems" + ("" if taken.problems else " (quality questions and shapes)"))
    print("\nWhich mechanism has been measured, seen, or only stated?\n")
    print(draw_matrix(taken.rows, width=min(160, max(100, shutil.get_terminal_size((160, 24)).columns))))
    print("\nOne path, step by step\n")
    print(draw_path(taken.path, taken.network) if taken.path else "the example path is not in this graph")
    print()
    for path in write_tour(taken, out):
        say(f"wrote {path}")
    say("next: mechtrail report BDNF")
    say("      mechtrail query mechanism/measured-in-participants")
    say("      mechtrail queries")
    if taken.problems:
        report(taken.problems, "")


def build(paths: list[Path], store: str, sources: Path | None) -> None:
    """Build the graph from the packaged files and your own, and put it in place of the old one.

    A folder is switched to the new graph at once; an endpoint is filled graph by graph, so that its readers may see old
    and new graphs side by side for a moment, and it never gets the words of your sources.
    """
    from kg.build import build as build_graph
    from kg.curation.verification import read_texts
    from kg.store import EndpointStore
    from kg.versions import write_version

    endpoint = EndpointStore(store) if store.startswith(("http://", "https://")) else None
    with progress() as on_file:
        built = build_graph(paths, texts=read_texts(sources), progress=on_file)
    if endpoint:
        stayed = fill(endpoint, built)
        say(f"filled {store}: {built.summary()}")
        if stayed:
            say(f"the words of {stayed} passages stayed here; only a folder takes them")
        return
    version = write_version(Path(store), built.store.quads())
    say(f"built {version}: {built.summary()}")


def fill(endpoint: EndpointStore, built: Built) -> int:
    """Put a graph at an endpoint, and take away what an older build left there; give how many passages stayed here.

    What was inferred is written last, after what it rests on. The words of sources are never sent.
    """
    import pyoxigraph as ox

    from kg.namespaces import PREFIXES
    from kg.rdf import ctmo

    base = PREFIXES["graph"]
    words = ctmo("words")
    there = [name for name in endpoint.graph_names() if name.startswith(base)]
    graphs = {g: quads for g, quads in built.by_graph().items() if not g.value.startswith(base + "quotations/")}
    for graph in sorted(graphs, key=lambda g: (g.value.startswith(base + "inferred/"), g.value)):
        endpoint.replace_graph(graph, [quad for quad in graphs[graph] if quad.predicate != words])
    for name in there:
        if ox.NamedNode(name) not in graphs:
            endpoint.delete_graph(ox.NamedNode(name))
    return sum(quad.predicate == words for quad in built.store.quads())
