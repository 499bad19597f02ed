"""A mechanism network through pyvis: the same boxes at the same places, to be dragged about.

pyvis draws; the places, colours and words are ours, and so is the page around it: none of pyvis's own pages is offline,
and one title with an `href` in it makes them write all titles as markup. The library that it ships stands inside the
page, which loads nothing and links to nothing. The picture is a canvas: the table under it is for who cannot see it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from kg.errors import InputError
from kg.network import Edge, Network, Node
from kg.views.layout import BOX, CHIP, WIDTHS, Box, Chip, Layout, Line, lay_out
from kg.views.lettering import wrap
from kg.views.sentences import trial_words
from kg.views.svg import DASHES, FILLS, INK, QUIET, STROKES, level_of, level_words, safe, shown

if TYPE_CHECKING:
    from pyvis.network import Network as Canvas

__all__ = ["draw_exploration"]

SIZE = 11.5
#: Above this the canvas gets slow to drag; ux.md 3.2.
MOST = 2000
_ARROWS = {1: "arrow", -1: "bar", 0: "vee"}
_SIGN_WORDS = {1: "increases, promotes", -1: "decreases, inhibits", 0: "neither"}
_NO_STEP = "A study that measured a term does not support the steps that lead to it."
#: Labels are drawn down to this size in pixels: by default a view of the whole has boxes without words.
_SMALL = {"label": {"drawThreshold": 2}}
_OPTIONS = {
    "physics": {"enabled": False, "solver": "forceAtlas2Based", "stabilization": False},
    "layout": {"randomSeed": 1, "improvedLayout": False},
    "interaction": {"hover": True, "tooltipDelay": 150, "keyboard": {"enabled": True, "bindToWindow": False}},
    "nodes": {
        "shape": "box",
        "margin": 4,
        "font": {"size": SIZE, "color": INK, "face": "sans-serif"},
        "scaling": _SMALL,
    },
    "edges": {"selectionWidth": 1.5, "hoverWidth": 0.5},
}


def draw_exploration(network: Network, *, footer: str = "") -> str:
    """Draw a network as one offline page with a canvas of pyvis; the same network gives the same bytes.

    Raises `InputError` for more boxes than a canvas can drag, with what to do instead.
    """
    if len(network.nodes) > MOST:
        raise InputError(
            f"{len(network.nodes):,} boxes are more than a browser can drag (at most {MOST:,}); "
            "`mechtrail export gexf` is for Gephi, `mechtrail export cx2` for Cytoscape"
        )
    layout = lay_out(network)
    canvas = _canvas(layout, network.title or "Mechanism network")
    package = files("kg.views")
    parts = {
        "css": package.joinpath("explore.css").read_text(encoding="utf-8"),
        "script": package.joinpath("explore.js").read_text(encoding="utf-8"),
        "library": _library(),
        "caution": safe(_caution(layout)),
        "legend": _legend(layout),
        "tables": _tables(layout),
        "footer": safe(" ".join(part for part in (network.note, _LOOKED_AT, footer) if part)),
    }
    with as_file(package.joinpath("explore.html")) as template:
        canvas.set_template_dir(str(template.parent), template.name)
        page = canvas.generate_html()
    # A label cannot be such a mark: in the data its `<` is an escape, in the heading an entity.
    return re.sub(r"<!--\[(\w+)\]-->", lambda place: parts[place[1]], page) + "\n"


_LOOKED_AT = "Places, colours and widths are those of `mechtrail draw network`; drawn by pyvis with vis-network."


def _library() -> str:
    """Give the script that pyvis ships; its own style sheet is not needed."""
    folder = files("pyvis").joinpath("templates", "lib")
    versions = sorted(entry.name for entry in folder.iterdir() if entry.name.startswith("vis-"))
    if not versions:
        raise InputError("this pyvis ships no vis-network; expected pyvis 0.3.2 or later")
    text = folder.joinpath(versions[-1], "vis-network.min.js").read_text(encoding="utf-8")
    return re.sub(r"</(?=script)", r"<\\/", text, flags=re.IGNORECASE)


def _canvas(layout: Layout, title: str) -> Canvas:
    from pyvis.network import Network as Canvas

    canvas = Canvas(directed=True, cdn_resources="in_line", heading=shown(title), height="100%", width="100%")
    canvas.set_options(json.dumps(_OPTIONS))
    # pyvis puts other values where it is not told: every colour, shape and title is given here
    for words, x in layout.headings:
        canvas.add_node(f"heading {words}", label=words, **_heading(x + BOX[0] / 2))
    if layout.chips:
        canvas.add_node("heading trials", label="Trial evidence", **_heading(layout.chips[0].x + CHIP[0] / 2))
    lines_of: dict[str, list[Line]] = {}
    for line in layout.lines:
        for end in {line.edge.subject, line.edge.object}:
            lines_of.setdefault(end, []).append(line)
    node_of = {box.node.iri: box.node for box in layout.boxes}
    chip_of = {chip.box.node.iri: chip for chip in layout.chips}
    for box in layout.boxes:
        canvas.add_node(box.node.iri, **_box(box, chip_of.get(box.node.iri), lines_of.get(box.node.iri, [])))
    for chip in layout.chips:
        canvas.add_node(f"trials {chip.box.node.iri}", **_chip(chip))
    parallel: Counter[tuple[str, str]] = Counter()
    for line in sorted(layout.lines, key=lambda line: (line.edge.subject, line.edge.object, line.edge.iri)):
        ends = (line.edge.subject, line.edge.object)
        canvas.add_edge(*ends, **_line(line, parallel[ends], node_of))
        parallel[ends] += 1
    return canvas


def _heading(x: float) -> dict[str, Any]:
    font = {"size": 13, "color": INK, "face": "sans-serif", "bold": True}
    return {"shape": "text", "x": x, "y": 44, "fixed": True, "physics": False, "font": font, "chosen": False}


def _tint(fill: str, stroke: str) -> dict[str, Any]:
    chosen = {"background": fill, "border": "#000000"}
    return {"background": fill, "border": stroke, "highlight": chosen, "hover": chosen}


def _box(box: Box, chip: Chip | None, lines: Sequence[Line]) -> dict[str, Any]:
    node, (width, height) = box.node, BOX
    name = shown(node.label or node.curie or node.iri)
    return {
        "label": "\n".join(wrap(name, width - 10, SIZE, most=2)) or name,
        "name": name,
        "title": f"{name} ({shown(node.kind)}; {shown(node.curie or node.iri)})",
        "card": [shown(text) for text in _node_card(node, name, chip, [line.edge for line in lines])],
        "x": box.x + width / 2,
        "y": box.y + height / 2,
        "shape": "box",
        "color": _tint(FILLS[box.rank], STROKES[box.rank]),
        "borderWidth": 1.4,
        "widthConstraint": {"minimum": width - 8, "maximum": width - 8},
        "heightConstraint": {"minimum": height - 8},
    }


def _node_card(node: Node, name: str, chip: Chip | None, edges: Sequence[Edge]) -> list[str]:
    lines = [name, f"{node.kind}; {node.curie or node.iri}"]
    lines += [node.definition] if node.definition else []
    lines += [f"Also called: {', '.join(node.synonyms)}"] if node.synonyms else []
    inward = sorted((edge for edge in edges if edge.object == node.iri), key=lambda edge: (edge.level, edge.iri))
    outward = [edge for edge in edges if edge.subject == node.iri]
    lines.append(
        f"{len(inward)} {'assertion ends' if len(inward) == 1 else 'assertions end'} here, {len(outward)} begin."
    )
    if inward:
        weakest = inward[0]
        lines.append(f"Weakest link to it: “{weakest.statement or weakest.relation_label}” ({weakest.level_label}).")
    if chip is None:
        lines.append(
            "No study of this graph measured it in participants: not measured, not reported or not in the graph."
        )
        return lines
    counted, names = trial_words(chip.trials)
    return [*lines, f"{counted}: {names}.", _NO_STEP]


def _chip(chip: Chip) -> dict[str, Any]:
    """Give the trial evidence of one term: a box that no line reaches, since no step inherits it."""
    counted, names = trial_words(chip.trials)
    label = shown(chip.box.node.label)
    results = sorted({f"{trial.study_label}: {trial.what}, {trial.finding}" for trial in chip.trials})
    room = CHIP[0] - 16
    rows = [*wrap(label, room, SIZE, most=1), counted, *wrap(names, room, 10, most=1)]
    return {
        "label": "\n".join(rows),
        "title": f"Trial evidence: {label}: {counted}",
        "card": [f"Trial evidence: {label}", counted, *(shown(result) for result in results), _NO_STEP],
        "x": chip.x + CHIP[0] / 2,
        "y": chip.y + CHIP[1] / 2,
        "shape": "box",
        "shapeProperties": {"borderRadius": 0},
        "color": _tint("#ffffff", QUIET),
        "borderWidth": 0.8,
        "font": {"size": 10, "color": INK, "face": "sans-serif", "align": "left"},
        "widthConstraint": {"minimum": CHIP[0] - 8, "maximum": CHIP[0] - 8},
    }


def _line(line: Line, twin: int, node_of: dict[str, Node]) -> dict[str, Any]:
    edge, level = line.edge, level_of(line.edge)
    dashes = DASHES.get(edge.status.casefold(), DASHES["disputed"])
    ends = node_of[edge.subject].label, node_of[edge.object].label
    said = edge.statement or edge.relation_label
    card = [f"{ends[0]} – {edge.relation_label} – {ends[1]}", said]
    card += [f"Status: {edge.status}. Level: {level} {edge.level_label}. {_SIGN_WORDS.get(edge.sign, '')}."]
    card += [edge.context] if edge.context else []
    for note in edge.evidence:
        facts = (note.section, note.role, note.study_kind, f"cites {note.cited_as}" if note.cited_as else "", note.url)
        card.append(f"{note.direction}: {note.source_label}; {'; '.join(filter(None, facts))}")
        card += [f"“{note.words}”"] if note.words else []
    if not edge.evidence:
        card.append("No evidence line stands behind it.")
    scale = 0.5 if level < 4 else 0.35  # heads grow with the line
    bent = {"type": "curvedCW", "roundness": 0.35 + 0.12 * twin}
    flat = {"type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.45 + 0.12 * twin}
    return {
        "id": f"{edge.iri} {twin}",
        "title": shown(f"{said} [{edge.status}; {edge.level_label}]"),
        "card": [shown(text) for text in card],
        "color": {"color": STROKES[line.rank], "highlight": "#000000", "hover": "#000000"},
        "width": WIDTHS[level],
        "dashes": [float(each) for each in dashes.split()] if dashes else False,
        "arrows": {"to": {"enabled": True, "type": _ARROWS.get(edge.sign, "vee"), "scaleFactor": scale}},
        "smooth": {"enabled": True, **(bent if line.arc else flat)},
    }


def _caution(layout: Layout) -> str:
    """Give the sentence that stands above every such picture: where the chain is weak, and what trials do not say."""
    edges = [line.edge for line in layout.lines]
    weak = sum(level_of(edge) <= 2 for edge in edges)
    measured = len({trial.study for chip in layout.chips for trial in chip.trials if trial.finding != "planned"})
    parts = [f"Weakest links: {weak} of {len(edges)} lines rest on no more than somebody's statement."]
    parts += [f"{measured} studies measured something named at the right, each the term named. {_NO_STEP}"]
    return " ".join([*parts, "A path is as strong as its weakest line."])


def _key(sample: str, words: str, count: str = "") -> str:
    return f'<div class="key">{sample}{safe(words)}{f"<b>{safe(count)}</b>" if count else ""}</div>'


def _sample(width: float, dash: str = "") -> str:
    extra = f' stroke-dasharray="{dash}"' * bool(dash)
    line = f'<path d="M0 5H34" stroke="currentColor" stroke-width="{width}"{extra}/>'
    return f'<svg width="34" height="10" aria-hidden="true">{line}</svg>'


def _legend(layout: Layout) -> str:
    edges = [line.edge for line in layout.lines]
    boxes, levels = Counter(box.rank for box in layout.boxes), Counter(level_of(edge) for edge in edges)
    statuses = Counter(edge.status.casefold() for edge in edges)
    rows = ["<h3>Column; a line has the colour of its subject</h3>"]
    for rank, (words, _) in enumerate(layout.headings):
        swatch = f'<i style="background:{FILLS[rank]};border-color:{STROKES[rank]}"></i>'
        rows.append(_key(swatch, words, str(boxes[rank])))
    rows.append(_key("<i></i>", "Trial evidence: no line leads to it", str(len(layout.chips))))
    rows.append("<h3>Width: strongest evidence behind the line</h3>")
    for level, words in enumerate(level_words(edges)):
        rows.append(_key(_sample(WIDTHS[level]), f"{level} {words}", str(levels[level])))
    rows.append("<h3>Dash: what is said of it</h3>")
    rows += [_key(_sample(1.8, DASHES.get(status, "1.5 4")), status, str(n)) for status, n in sorted(statuses.items())]
    ends = "End: filled arrow, increases or promotes; bar, decreases or inhibits; open arrow, neither."
    return "\n".join([*rows, f"<p>{ends}</p>"])


def _table(caption: str, heads: str, rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{word}</th>' for word in heads.split("|"))
    body = "\n".join("<tr>" + "".join(f"<td>{safe(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    caption = f"<caption>{safe(caption)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _tables(layout: Layout) -> str:
    label = {box.node.iri: box.node.label or box.node.iri for box in layout.boxes}
    edges = sorted((line.edge for line in layout.lines), key=lambda edge: (edge.subject, edge.object, edge.iri))
    said = (
        (
            *(label[edge.subject], edge.relation_label, label[edge.object], edge.status),
            *(f"{edge.level} {edge.level_label}", _SIGN_WORDS.get(edge.sign, ""), edge.statement),
            "; ".join(dict.fromkeys(f"{note.direction}: {note.source_label}" for note in edge.evidence)),
        )
        for edge in edges
    )
    trials = (
        (label[trial.node], trial.study_label, trial.design, trial.what, trial.finding)
        for chip in layout.chips
        for trial in chip.trials
    )
    heads = "Subject|Relation|Object|Status|Level|Direction|Statement|Evidence"
    parts = [_table("Assertions", heads, said)]
    caption = "Trial evidence: what studies measured in participants (no step of a path inherits it)"
    return "\n".join([*parts, _table(caption, "Measured|Study|Design|What|Finding", trials)])
