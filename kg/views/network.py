"""A mechanism network as one SVG picture, and as one self-contained page around the same picture.

The page loads nothing: style, script and data are inside. Its words are never sentences of a source,
unless the caller had the reader's copy at hand and put them into the evidence notes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from html import escape
from importlib.resources import files
from urllib.parse import urlsplit

from kg.network import Edge, EvidenceNote, Network, Node, TrialEvidence
from kg.views.layout import COLUMNS, WIDTHS, Box, Layout, lay_out
from kg.views.svg import DASHES, FILLS, STROKES, draw, level_of, level_words, safe, shown

__all__ = ["draw_page", "draw_svg"]

#: Above this the boxes are smaller than print on a screen (ux.md 3.2).
MANY = 300
SIGN_WORDS = {1: "increases", -1: "decreases"}
STATUSES = ("accepted", "hypothesised", "disputed", "contradicted")
NO_WORDS = "the words stand in your copy of the source: mechtrail verify --sources DIR"


def draw_svg(network: Network) -> str:
    """Draw a network as SVG text; the order of its nodes and edges makes no difference.

    >>> draw_svg(Network((), ())).startswith("<svg ")
    True
    """
    return draw(lay_out(network), title=network.title, footer=network.note)


def draw_page(network: Network, *, footer: str = "") -> str:
    """Draw a network as one HTML page: the picture, a table, and a card for what stands behind each line.

    >>> "the network has no nodes" in draw_page(Network((), ()))
    True
    """
    layout = lay_out(network)
    edges = [line.edge for line in layout.lines]
    edges.sort(key=lambda edge: (edge.subject, edge.object, edge.iri))
    trials = [trial for chip in layout.chips for trial in chip.trials]
    nodes, title = len(layout.boxes), network.title or "Mechanism network"
    message = ""
    if not nodes:
        message = "This network is empty: the question that made it found no assertion."
    elif nodes > MANY:
        message = f"{nodes} boxes are too many to read at once: hide columns, raise the level or click a box."
    package = files("kg.views")
    parts = {
        "title": safe(title),
        "css": package.joinpath("page.css").read_text(encoding="utf-8"),
        "script": package.joinpath("page.js").read_text(encoding="utf-8"),
        "counts": f"{_count(nodes, 'node')}, {_count(len(edges), 'assertion')}",
        "message": f'<p class="message">{safe(message)}</p>' if message else "",
        "svg": draw(layout, title=title, footer=network.note),
        "query": _lines(network.query) or "No query was handed over with this picture.",
        "tables": _tables(layout.boxes, edges, trials),
        "columns": _column_boxes(layout, trials),
        "legend": _legend(edges),
        "footer": _lines(footer),
        "data": _json(layout, edges, trials, title),
    }
    page = package.joinpath("page.html").read_text(encoding="utf-8")
    # one pass, so that a label with {{braces}} stays a label
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], page)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _check_box(key: str, sample: str, words: str, count: str) -> str:
    box = f'<input type="checkbox" checked data-key="{key}">'
    return f"<label>{box * bool(key)}{sample}{safe(words)}<b>{count}</b></label>"


def _sample(width: float, dash: str = "") -> str:
    line = f'stroke="currentColor" stroke-width="{width}"' + f' stroke-dasharray="{dash}"' * bool(dash)
    return f'<svg width="34" height="10" aria-hidden="true"><path d="M0 5H34" {line}/></svg>'


def _column_boxes(layout: Layout, trials: Sequence[TrialEvidence]) -> str:
    count = Counter(box.rank for box in layout.boxes)
    rows = []
    for rank, (words, _) in enumerate(layout.headings):
        swatch = f'<i style="background:{FILLS[rank]};border-color:{STROKES[rank]}"></i>'
        rows.append(_check_box(str(rank), swatch, words, str(count[rank])))
    studies = len({trial.study for trial in trials})
    return "\n".join([*rows, _check_box("trials", "<i></i>", "Trial evidence", f"{studies} studies")])


def _legend(edges: Sequence[Edge]) -> str:
    of_status = Counter(_status(edge) for edge in edges)
    of_level = Counter(level_of(edge) for edge in edges)
    rows = [
        _check_box(status, _sample(1.8, DASHES.get(status, "")), status, str(of_status[status]))
        for status in [*STATUSES, *of_status.keys() - STATUSES]
    ]
    rows += ["<h3>Width: strongest evidence behind the line</h3>"]
    rows += [
        _check_box("", _sample(WIDTHS[level]), f"{level} {words}", str(of_level[level]))
        for level, words in enumerate(level_words(edges))
    ]
    return "\n".join(rows)


def _status(edge: Edge) -> str:
    return edge.status.casefold() if edge.status.casefold() in STATUSES else "other"


def _lines(text: str) -> str:
    return "\n".join(safe(line) for line in text.splitlines())


def _link(url: str) -> str:
    """Give an address that may be clicked, or nothing: only whole http and https addresses."""
    if url != shown(url) or any(char.isspace() for char in url):
        return ""
    try:
        address = urlsplit(url)
    except ValueError:
        return ""
    return url if address.scheme in {"http", "https"} and address.netloc else ""


def _json(layout: Layout, edges: Sequence[Edge], trials: Iterable[TrialEvidence], title: str) -> str:
    """Give what the script needs as JSON that can stand in a script element."""
    nodes = [asdict(box.node) | {"column": box.rank, "link": _link(box.node.iri)} for box in layout.boxes]
    record = {
        "title": title,
        "columns": [words for words, _ in layout.headings],
        "levels": level_words(edges),
        "no_words": NO_WORDS,
        "nodes": nodes,
        "edges": [{**asdict(edge), "group": _status(edge), "level": level_of(edge)} for edge in edges],
        "trials": [asdict(trial) for trial in trials],
    }
    text = json.dumps(_visible(record), sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _visible(value: object) -> object:
    """Give a JSON value whose texts hide nothing and whose addresses can be clicked."""
    if isinstance(value, dict):
        return {key: _link(each) if key == "url" else _visible(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_visible(each) for each in value]
    return shown(value) if isinstance(value, str) else value


def _tables(boxes: Sequence[Box], edges: Sequence[Edge], trials: Sequence[TrialEvidence]) -> str:
    node_of = {box.node.iri: box.node for box in boxes}
    parts = [
        _table(
            "Assertions",
            "Subject|Relation|Object|Status|Level|Direction|Context|Statement|Evidence",
            (("edge", edge.iri, _edge_cells(edge, node_of)) for edge in edges),
        ),
        _table(
            "Trial evidence: what studies measured in participants (no step of a path inherits it)",
            "Measured|Study|Design|What|Finding|Where",
            (("study", trial.study, _trial_cells(trial, node_of)) for trial in trials),
        ),
        _table("Terms", "Column|Label|Identifier|Kind|Definition|Synonyms", (_term(box) for box in boxes)),
    ]
    return "\n".join(parts)


def _table(caption: str, heads: str, rows: Iterable[tuple[str, str, Sequence[str]]]) -> str:
    """Give a table whose cells are HTML already."""
    head = "".join(f'<th scope="col">{word}</th>' for word in heads.split("|"))
    body = "\n".join(
        f'<tr data-{kind}="{safe(iri)}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        for kind, iri, cells in rows
    )
    head = f"<caption>{safe(caption)}</caption><thead><tr>{head}</tr></thead>"
    return f"<table>{head}<tbody>\n{body}\n</tbody></table>"


def _edge_cells(edge: Edge, node_of: dict[str, Node]) -> list[str]:
    texts = [node_of[edge.subject].label, edge.relation_label, node_of[edge.object].label, edge.status]
    texts += [f"{edge.level} {edge.level_label}", SIGN_WORDS.get(edge.sign, ""), edge.context, edge.statement]
    return [*map(safe, texts), "<br>".join(_note(note) for note in edge.evidence) or "none"]


def _note(note: EvidenceNote) -> str:
    source = safe(note.source_label)
    if link := _link(note.url):
        leaving = 'class="leaves" rel="noopener noreferrer" target="_blank"'
        source = f'<a {leaving} href="{escape(link)}">{source}</a>'
    facts = [note.section, note.direction, note.role, note.study_kind]
    facts += [f"cites {note.cited_as}"] if note.cited_as else []
    words = f" “{safe(note.words)}”" if note.words else ""
    return f"{source}: {safe('; '.join(filter(None, facts)))}{words}"


def _trial_cells(trial: TrialEvidence, node_of: dict[str, Node]) -> list[str]:
    label = node_of[trial.node].label
    return [safe(t) for t in (label, trial.study_label, trial.design, trial.what, trial.finding, trial.where)]


def _term(box: Box) -> tuple[str, str, list[str]]:
    node = box.node
    name = node.curie or node.iri
    texts = (COLUMNS[box.rank], node.label, name, node.kind, node.definition, "; ".join(node.synonyms))
    return "node", node.iri, [safe(text) for text in texts]
