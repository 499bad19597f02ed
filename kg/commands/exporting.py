"""`export`: the graph, its network or a pooled estimate in the formats of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.commands.pooling import Asked, analysis_of, pooling_options
from kg.commands.terminal import Commands, Parser, command, emit, emit_files, open_graph, say, store_option
from kg.errors import InputError

if TYPE_CHECKING:
    from typing import Unpack

    from kg.exporters import Exporter
    from kg.exporters.drawn import DrawnNetwork
    from kg.network import Network
    from kg.store import Store

__all__ = ["add_commands", "export_network", "network_endings"]

TITLE = "Mechanisms of cell therapy in cerebral palsy, and the evidence for each"

#: Beside `outcome` and `store`, what only a pooled estimate is asked for; with the value that means "not given".
_OF_OUTCOMES = {"at": None, "instrument": None, "product": None, "measure": None, "method": None, "by": "", "r": None}


def add_commands(commands: Commands[Parser]) -> None:
    """Add `export`."""
    parser = command(commands, export, "mechtrail export cx2 -o mechanisms.cx2")
    parser.add_argument("form", nargs="?", metavar="FORMAT", help="without it, all formats and what they are for")
    parser.add_argument("outcome", nargs="?", help="for metafor, metainsight and rdf: what to pool")
    words = "also assertions about causes and signs of the disease, for formats of the network"
    parser.add_argument("--all", action="store_true", dest="everything", help=words)
    words = "keep the words of sources, where a local store holds them; they are other people's text"
    parser.add_argument("--words", action="store_true", help=words)
    pooling_options(parser)
    parser.add_argument("-o", "--out", type=Path, help="a file instead of stdout; kgx and ro-crate write a folder")
    store_option(parser)


def export(form: str | None, out: Path | None, everything: bool, words: bool, **asked: Unpack[Asked]) -> None:
    """Write the graph, its mechanism network or the rows of a pooled estimate for other programs."""
    from kg.exporters import find_exporter, load_exporters

    if form is None:
        for name, known in load_exporters().items():
            print(f"{name}{' OUTCOME' if known.needs == 'outcome' else ''}\t{known.summary}")
        return
    exporter = find_exporter(form)
    if exporter.needs == "outcome":
        if not asked["outcome"]:
            raise InputError(f"{form} needs an outcome; for example: mechtrail export {form} 'serious adverse event'")
        content: Any = analysis_of(asked)
    else:
        given = [f"--{name}" for name, nothing in _OF_OUTCOMES.items() if asked[name] != nothing]  # type: ignore[literal-required]  # the keys of Asked
        given += ["--force"] if asked["force"] else []
        if asked["outcome"] or given:
            found = ", ".join([*([repr(asked["outcome"])] if asked["outcome"] else []), *given])
            raise InputError(f"{form} is made of the whole graph; found {found}, which only OUTCOME takes")
        content = _content(exporter, open_graph(asked["store"]), everything, words)
    _write(exporter, content, out)


def _write(exporter: Exporter, content: Any, out: Path | None) -> None:  # noqa: ANN401 - what the format needs
    written = exporter.write(content)
    if not exporter.files:
        emit(written, out)
        return
    if out is None or str(out) == "-":
        raise InputError(f"{exporter.name} is {len(written)} files ({', '.join(written)}); give a folder with -o")
    emit_files(written, out)


def _content(exporter: Exporter, graph: Store, everything: bool, words: bool) -> object:
    """Read what a format is made of."""
    from kg.answers import rows_of
    from kg.catalogue import find_query, select
    from kg.exporters.dump import dump_of
    from kg.network import read_network

    def drawn() -> DrawnNetwork:
        return _drawn(read_network(graph, title=TITLE), everything, words)

    def rows(name: str) -> tuple[list[str], list[list[str]]]:
        return rows_of(select(graph, find_query(name)))

    if exporter.needs == "network":
        return drawn()
    if exporter.needs == "mappings":
        return rows("graph/mapping-rows")
    if exporter.needs == "references":
        from kg.references import read_references

        return read_references(graph)
    dump = dump_of(graph.quads(), quoted=words)
    if dump.left_out:
        say(f"left out: the words of {dump.left_out} passages; --words keeps them")
    if exporter.needs == "triples":
        return dump
    from kg.exporters.ro_crate import Crate

    days = [day for _, day in rows("network/dates")[1] if day]
    return Crate(dump, drawn(), rows("graph/mapping-rows"), max(days, default=""))


def _drawn(network: Network, everything: bool, words: bool) -> DrawnNetwork:
    """Give the network with the places and colours of our own picture."""
    from kg.exporters.drawn import DrawnEdge, DrawnNetwork, DrawnNode
    from kg.network import of_therapy
    from kg.views.layout import BOX, COLUMNS, WIDTHS, lay_out
    from kg.views.svg import DASHES, FILLS, STROKES, level_of

    network = network if everything else of_therapy(network)
    layout, (width, height) = lay_out(network), BOX
    style_of = {"": "solid", DASHES["hypothesised"]: "dashed"}
    trials = {chip.box.node.iri: chip.trials for chip in layout.chips}
    nodes = tuple(
        DrawnNode(
            box.node,
            COLUMNS[box.rank],
            box.x + width / 2,
            box.y + height / 2,
            width,
            height,
            FILLS[box.rank],
            STROKES[box.rank],
            trials.get(box.node.iri, ()),
        )
        for box in layout.boxes
    )
    ordered = sorted(layout.lines, key=lambda line: (line.edge.subject, line.edge.object, line.edge.iri))
    edges = tuple(
        DrawnEdge(
            line.edge,
            STROKES[line.rank],
            WIDTHS[level_of(line.edge)],
            style_of.get(DASHES.get(line.edge.status.casefold(), "?"), "dotted"),
        )
        for line in ordered
    )
    return DrawnNetwork(network.title, network.note, nodes, edges, words)


def export_network(network: Network, form: str, out: Path) -> None:
    """Write a network in a format of `export`, for `draw network -o x.graphml`."""
    from kg.exporters import find_exporter

    _write(find_exporter(form), _drawn(network, True, False), out)


def network_endings() -> dict[str, str]:
    """Give ending -> format, for those formats of `export` that are one file of the network.

    >>> network_endings()[".graphml"]
    'graphml'
    """
    from kg.exporters import load_exporters

    return {
        f".{name}": name for name, known in load_exporters().items() if known.needs == "network" and not known.files
    }
