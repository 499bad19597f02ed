"""The pictures of a report: the part of the network around a term, and forest plots of its outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.errors import InputError
from kg.loaders.tab_separated import record_of, rows_of
from kg.model.pooling import PooledQuestion
from kg.namespaces import compress, expand
from kg.network import Network
from kg.paths import curated_tables
from kg.report.counting import count_of
from kg.store import Store
from kg.synthesis.analysis import Analysis, analyse
from kg.synthesis.rows import Choice
from kg.trace import Path
from kg.views.forest import draw_forest
from kg.views.network import draw_svg
from kg.views.report import Picture
from kg.views.synthesis import forest_of

__all__ = ["analyses_of", "around", "forest_picture", "network_picture"]


def around(network: Network, term: str, chains: Iterable[Path]) -> Network:
    """Give the assertions that touch a term or stand on these chains, and the trials beside their terms."""
    on_chains = {step.edge.iri for chain in chains for step in chain.steps if step.edge}
    edges = tuple(edge for edge in network.edges if term in (edge.subject, edge.object) or edge.iri in on_chains)
    used = {end for edge in edges for end in (edge.subject, edge.object)} | ({term} if edges else set())
    return replace(
        network,
        nodes=tuple(node for node in network.nodes if node.iri in used),
        edges=edges,
        trials=tuple(trial for trial in network.trials if trial.node in used),
        note=f"Not drawn: {len(network.edges) - len(edges)} assertions that neither touch it nor stand on its chains.",
    )


def network_picture(network: Network, label: str, dates: str) -> Picture | None:
    """Give the picture of a part of the network, or None where no assertion of it can be a step of a chain."""
    if not network.edges:
        return None
    sources = {note.source_label for edge in network.edges for note in edge.evidence}
    studies = {trial.study for trial in network.trials}
    terms, assertions = count_of(len(network.nodes), "term"), count_of(len(network.edges), "assertion")
    caption = (
        f"The network around {label}: {terms}, {assertions} from {count_of(len(sources), 'source')}. The width of a "
        "line is the highest level of evidence behind it, not its quality. "
        f"{count_of(len(studies), 'study', 'studies')} beside the network measured, or plan to measure, what a term "
        f"stands for, and support no line. {_capital(dates)}."
    )
    title = f"{label}: assertions, and beside them what trials measured"
    return Picture(draw_svg(replace(network, title=title)), caption, "mechtrail query network/edges")


def _questions(term: str) -> Iterator[PooledQuestion]:
    for path in curated_tables():
        if path.name == "pooled-questions.tsv":
            for line, row in rows_of(path, list(PooledQuestion.model_fields)):
                question = record_of(path, line, PooledQuestion, row)
                if expand(question.outcome) == term:
                    yield question


def analyses_of(store: Store, term: str, label: str, kind: str) -> list[Analysis]:
    """Give the standing analyses of an outcome; without one, what pooling all its results would give, or why not."""
    if kind not in ("outcome", "adverse event"):
        return []
    asked: list[tuple[Choice, str, str]] = [
        (Choice(one.month, expand(one.instrument) if one.instrument else None), one.measure, one.method)
        for one in _questions(term)
    ]
    usual = ("RR", "mh") if kind == "adverse event" else ("MD", "reml-hk")
    found = []
    for choice, measure, method in asked or [(Choice(), *usual)]:
        try:
            found.append(analyse(store, term, choice, measure=measure, method=method, label=label))
        except InputError:  # a measure that does not fit what the studies counted: there is nothing to pool
            continue
    return found


def _command(analysis: Analysis) -> str:
    choice = analysis.choice
    words = [f"mechtrail pool {compress(analysis.iri)}"]
    words += [f"--at {choice.month:f}"] if choice.month is not None else []
    words += [f"--instrument {compress(choice.instrument)}"] if choice.instrument else []
    return " ".join([*words, f"--measure {analysis.measure} --method {analysis.method}"])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def forest_picture(analysis: Analysis, dates: str) -> Picture | None:
    """Give the forest plot of an analysis that has rows; where nothing was pooled the plot says why."""
    if not analysis.lines:
        return None
    plot = forest_of(analysis)
    told = plot.caption.replace(" Rows: mechtrail pool.", "")
    time = f" at month {analysis.choice.month:f}" if analysis.choice.month is not None else ""
    caption = (
        f"{plot.title}{time}, {plot.measure}. {plot.refused + '. ' if plot.refused else ''}{told} {_capital(dates)}."
    )
    return Picture(draw_forest(plot), caption, _command(analysis))
