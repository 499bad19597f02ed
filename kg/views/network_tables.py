"""The network as HTML tables: the same for a reader without script, without a mouse or without eyes for the picture.

The card of the page is made of copies of these cells, so what a line says is written once. Everything is escaped here;
an address becomes a link only if it is a whole http or https address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import urlsplit

from kg.network import Edge, EvidenceNote, Network, Node, TrialEvidence, is_hypothesis
from kg.views.layout import COLUMNS
from kg.views.lettering import safe, shown
from kg.views.sentences import why_level

__all__ = ["draw_tables", "link", "sources_of"]

SIGN_WORDS = {1: "increases", -1: "decreases"}
NO_WORDS = (
    "The words of a passage stand here only if the reader's copy of the source was at hand when the graph was built; "
    "otherwise they stand in your copy of the source: mechtrail verify --sources DIR"
)
Row = tuple[str, Sequence[str]]  # attributes, cells that are HTML already


def link(url: str) -> str:
    """Give an address that may be clicked, or nothing: only whole http and https addresses."""
    if url != shown(url) or any(char.isspace() for char in url):
        return ""
    try:
        address = urlsplit(url)
    except ValueError:
        return ""
    return url if address.scheme in {"http", "https"} and address.netloc else ""


def sources_of(edges: Iterable[Edge]) -> dict[EvidenceNote, int]:
    """Give every source once, as a note with what is true of the source, with its number on the page."""
    notes = (note for edge in edges for note in edge.evidence)
    found = {(note.source_label, note.citation, note.url): _source(note) for note in notes}
    return {found[key]: number for number, key in enumerate(sorted(found), 1)}


def _source(note: EvidenceNote) -> EvidenceNote:
    return EvidenceNote(note.source_label, "", "", "", "", "", note.url, "", note.citation)


def draw_tables(
    network: Network,
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    trials: Sequence[TrialEvidence],
    levels: Sequence[str],
) -> str:
    """Draw the tables of assertions, trial evidence, terms and sources; rows in the order they are given."""
    label_of = {node.iri: node.label or node.curie or node.iri for node in nodes}
    sources = sources_of(network.edges)
    parts = [
        f'<p class="quiet" id="no-words">{safe(NO_WORDS)}</p>',
        _table(
            "Assertions",
            "Subject|Relation|Object|Status|Level|Direction|Context|Statement|Why this level|Evidence",
            (_edge(edge, label_of, sources, levels) for edge in edges),
        ),
        _table(
            "Trial evidence: what studies measured in participants (no step of a path inherits it)",
            "Measured|Study|Design|What|Finding|Where|Cells",
            (_trial(trial, label_of) for trial in trials),
        ),
        _table("Terms", "Column|Label|Identifier|Kind|Definition|Synonyms", map(_term, nodes)),
        _table("Sources", "Number|Source|Citation", (_reference(note, number) for note, number in sources.items())),
    ]
    return "\n".join(parts)


def _table(caption: str, heads: str, rows: Iterable[Row]) -> str:
    head = "".join(f'<th scope="col">{word}</th>' for word in heads.split("|"))
    body = "\n".join(f"<tr {kind}><td>{'<td>'.join(cells)}" for kind, cells in rows)
    return f"<table><caption>{safe(caption)}</caption><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"


def _edge(edge: Edge, label_of: Mapping[str, str], sources: Mapping[EvidenceNote, int], levels: Sequence[str]) -> Row:
    level = min(max(edge.level, 0), len(levels) - 1)
    texts = [label_of[edge.subject], edge.relation_label, label_of[edge.object], edge.status]
    texts += [f"{level} {levels[level]}", SIGN_WORDS.get(edge.sign, "neither"), edge.context]
    texts += [edge.statement, why_level(edge)]
    evidence = "".join(_note(note, sources[_source(note)]) for note in edge.evidence) or "none"
    supposed = ' data-hypothesis="1"' * is_hypothesis(edge)
    return f'data-edge="{safe(edge.iri)}"{supposed}', [*map(safe, texts), evidence]


def _note(note: EvidenceNote, number: int) -> str:
    facts = [note.section, note.role, note.study_kind, f"cites {note.cited_as}" if note.cited_as else ""]
    facts += [note.verification]
    words = f"<blockquote>“{safe(note.words)}”</blockquote>" if note.words else ""
    against = " disputes" * (note.direction == "disputes")
    return (
        f'<div class="evidence{against}"><b>{safe(note.direction)}</b> {safe(note.source_label)} [{number}]: '
        f"{safe('; '.join(filter(None, facts)))}{words}</div>"
    )


def _leaving(url: str, words: str) -> str:
    address = link(url)
    if not address:
        return safe(words)
    return f'<a class="leaves" rel="noopener noreferrer" target="_blank" href="{escape(address)}">{safe(words)}</a>'


def _reference(note: EvidenceNote, number: int) -> Row:
    return f'data-source="{number}"', [str(number), _leaving(note.url, note.source_label), safe(note.citation)]


def _trial(trial: TrialEvidence, label_of: Mapping[str, str]) -> Row:
    texts = (label_of[trial.node], trial.study_label, trial.design, trial.what, trial.finding, trial.where, trial.cells)
    return f'data-study="{safe(trial.study)}" data-node="{safe(trial.node)}"', [*map(safe, texts)]


def _term(node: Node) -> Row:
    column = COLUMNS[node.column if 0 <= node.column < 5 else 5]
    identifier = _leaving(node.iri, node.curie or node.iri)
    cells = [safe(column), safe(node.label), identifier, safe(node.kind), safe(node.definition)]
    return f'data-term="{safe(node.iri)}"', [*cells, safe("; ".join(node.synonyms))]
