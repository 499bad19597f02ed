"""A mechanism network as one SVG picture, and as one self-contained page around the same picture.

The page loads nothing: style, script and data are inside. Its words are never sentences of a source,
unless the caller had the reader's copy at hand and put them into the evidence notes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files

from kg.folding import Folded, fold
from kg.network import Edge, Network, Node, TrialEvidence, is_hypothesis
from kg.views.layout import WIDTHS, Layout, lay_out
from kg.views.network_tables import draw_tables
from kg.views.sentences import caption, count, weakest_link
from kg.views.svg import BEYOND, DASHES, FILLS, QUIET, STROKES, draw, level_of, level_words, safe, shown

__all__ = ["draw_page", "draw_svg"]

STATUSES = ("accepted", "hypothesised", "disputed", "contradicted")
#: The script, in parts that share one scope: what is shown, the card, finding and files, keys and address.
SCRIPTS = ("page.js", "page_card.js", "page_find.js", "page_keys.js")
#: What the legend adds to a status.
STATUS_WORDS = {"contradicted": "contradicted, e.g. no effect"}


def draw_svg(network: Network) -> str:
    """Draw a network as SVG text; the order of its nodes and edges makes no difference.

    A network too large to be read is folded (`kg.folding`); one too large to be drawn is an `InputError`.

    >>> draw_svg(Network((), ())).startswith("<svg ")
    True
    """
    folded = fold(network)
    return _picture(network, folded, lay_out(folded.network))


def _picture(network: Network, folded: Folded, layout: Layout, *, below: bool = False) -> str:
    told = caption(replace(network, note=folded.network.note))
    return draw(layout, title=network.title, honest=weakest_link(network), caption=told, below=below)


def draw_page(network: Network, *, footer: str = "") -> str:
    """Draw a network as one HTML page: the picture, a table, and a card for what stands behind each line.

    >>> "This network is empty" in draw_page(Network((), ()))
    True
    """
    folded = fold(network)
    layout = lay_out(folded.network)
    nodes, edges, trials = _in_order(network, folded, layout)
    levels, title = level_words(edges), network.title or "Mechanism network"
    supposed = sum(map(is_hypothesis, edges))
    package = files("kg.views")
    style = package.joinpath("page.css").read_text(encoding="utf-8")
    paper, tall = ("A3 landscape", "232mm") if layout.width > layout.height else ("A3 portrait", "350mm")
    parts = {
        "title": safe(title),
        "css": style.replace("{{paper}}", paper).replace("{{tall}}", tall),
        "script": "\n".join(package.joinpath(name).read_text(encoding="utf-8") for name in SCRIPTS),
        "counts": _counts(nodes, edges),
        "message": _message(folded, layout),
        "honest": safe(weakest_link(network)),
        "supposed": count(supposed, "hypothesis", "hypotheses"),
        "none_supposed": "" if supposed else "hidden",
        "svg": _picture(network, folded, layout, below=True),
        "query": _lines(network.query) or "No query was handed over with this picture.",
        "tables": draw_tables(network, nodes, edges, trials, levels),
        "columns": _column_boxes(layout, trials),
        "legend": _legend(edges, levels),
        "footer": _lines(footer),
        "data": _json(network, folded, nodes, edges, trials, levels),
    }
    page = package.joinpath("page.html").read_text(encoding="utf-8")
    # one pass, so that a label with {{braces}} stays a label
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], page)


def _in_order(network: Network, folded: Folded, layout: Layout) -> tuple[list[Node], list[Edge], list[TrialEvidence]]:
    """Give terms, assertions and trials as the page lists them, each once; also terms that only an end names."""
    place = {box.node.iri: number for number, box in enumerate(layout.boxes)}
    drawn = set(folded.box_of.values())
    known: dict[str, Node] = {}
    for node in sorted(network.nodes, key=repr):
        known.setdefault(node.iri, node)
    for box in layout.boxes:
        if box.node.iri not in drawn:
            known.setdefault(box.node.iri, box.node)
    nodes = sorted(known.values(), key=lambda n: (place[folded.box_of.get(n.iri, n.iri)], n.label, n.iri))
    edges = sorted(set(network.edges), key=lambda edge: (edge.subject, edge.object, edge.iri, repr(edge)))
    order = {node.iri: number for number, node in enumerate(nodes)}
    trials = sorted(set(network.trials), key=lambda trial: (order[trial.node], repr(trial)))
    return nodes, edges, trials


def _counts(nodes: Sequence[Node], edges: Sequence[Edge]) -> str:
    quoted = sum(any(note.words for note in edge.evidence) for edge in edges)
    words = f"{count(len(nodes), 'node')}, {count(len(edges), 'assertion')}"
    return words + (f", {quoted} with the words of the source" if quoted else "")


def _message(folded: Folded, layout: Layout) -> str:
    words = ""
    if not layout.boxes:
        words = "This network is empty: the question that made it found no assertion."
    elif folded.is_folded:
        words = (
            f"{len(folded.box_of)} terms are too many to read at once: they are folded into {len(layout.boxes)} boxes "
            "by their parent class. Click a box for its terms; the search and the table have each of them; "
            "mechtrail draw network --around TERM draws a part unfolded."
        )
    return f'<p class="message">{safe(words)}</p>' if words else ""


def _check_box(key: str, sample: str, words: str, number: str) -> str:
    box = f'<input type="checkbox" checked data-key="{key}">'
    return f"<label>{box * bool(key)}{sample}<span>{safe(words)}</span><b>{number}</b></label>"


def _sample(width: float, dash: str = "", colour: str = "currentColor") -> str:
    line = f'stroke="{colour}" stroke-width="{width}"' + f' stroke-dasharray="{dash}"' * bool(dash)
    return f'<svg width="34" height="10" aria-hidden="true"><path d="M0 5H34" {line}/></svg>'


def _column_boxes(layout: Layout, trials: Sequence[TrialEvidence]) -> str:
    number = Counter(box.rank for box in layout.boxes)
    rows = []
    for rank, (words, _) in enumerate(layout.headings):
        swatch = f'<i style="background:{FILLS[rank]};border-color:{STROKES[rank]}"></i>'
        rows.append(_check_box(str(rank), swatch, words, str(number[rank])))
    swatch = f'<i style="background:#fff;border-color:{QUIET}"></i>'
    studies = len({trial.study for trial in trials})
    return "\n".join([*rows, _check_box("trials", swatch, "Trial evidence", f"{count(studies, 'study', 'studies')}")])


def _legend(edges: Sequence[Edge], levels: Sequence[str]) -> str:
    of_status = Counter(_status(edge) for edge in edges)
    of_level = Counter(level_of(edge) for edge in edges)
    rows = [
        _check_box(status, _sample(1.8, DASHES.get(status, DASHES["disputed"])), words, str(of_status[status]))
        for status in [*STATUSES, *sorted(of_status.keys() - {*STATUSES})]
        for words in [STATUS_WORDS.get(status, status)]
        if status != "hypothesised"  # has a switch of its own
    ]
    rows += ["<h3>Width: what the sources speak of</h3>"]
    rows += [
        _check_box("", _sample(WIDTHS[level]), f"{level} {words}", str(of_level[level]))
        for level, words in enumerate(levels)
    ]
    rows += [_check_box("", _sample(4.8, colour=BEYOND), "grey: straight to an outcome, says nothing on how", "")]
    return "\n".join(rows)


def _status(edge: Edge) -> str:
    if is_hypothesis(edge):
        return "hypothesised"
    return edge.status.casefold() if edge.status.casefold() in STATUSES else "other"


def _lines(text: str) -> str:
    return "\n".join(safe(line) for line in text.splitlines())


def _json(
    network: Network,
    folded: Folded,
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    trials: Sequence[TrialEvidence],
    levels: Sequence[str],
) -> str:
    """Give what the script cannot read from the tables, as JSON that can stand in a script element."""
    number = {node.iri: place for place, node in enumerate(nodes)}
    boxes = [box for box in folded.network.nodes if box.iri not in folded.box_of]
    record = {
        "title": network.title,
        "levels": levels,
        "questions": network.questions,
        "nodes": [
            {"iri": node.iri, "label": node.label or node.iri, "column": node.column if 0 <= node.column < 5 else 5}
            | ({"box": box} if (box := folded.box_of.get(node.iri, node.iri)) != node.iri else {})
            for node in nodes
        ],
        "boxes": sorted(({"iri": box.iri, "label": box.label} for box in boxes), key=lambda box: box["iri"]),
        "edges": [
            {"iri": edge.iri, "s": number[edge.subject], "o": number[edge.object], "relation": edge.relation}
            | {"level": level_of(edge), "sign": edge.sign, "group": _status(edge)}
            | ({"line": line} if (line := folded.line_of.get(edge.iri, "")) != edge.iri else {})
            for edge in edges
        ],
        "trials": [[number[trial.node], trial.study, trial.finding] for trial in trials],
    }
    text = json.dumps(_visible(record), sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _visible(value: object) -> object:
    """Give a JSON value whose texts hide nothing; the SPARQL keeps its line ends."""
    if isinstance(value, dict):
        return {key: _visible(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_visible(each) for each in value]
    return "\n".join(map(shown, value.split("\n"))) if isinstance(value, str) else value
