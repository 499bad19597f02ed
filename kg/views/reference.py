"""The ontology as one self-contained page: a tree, an entry for each term with its axioms, and its mappings.

The page loads nothing and can be read without script; the script adds a search box.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from urllib.parse import quote

from kg.ontology.manchester import Piece
from kg.ontology.outline import Axiom, Entry, Match, Outline

__all__ = ["draw_reference"]

_SIGNS = {"1": "raises or promotes", "-1": "lowers or inhibits", "0": ""}
#: Groups of properties, in order: key, title, what it is.
_PROPERTIES = [
    ("claims", "Relations of claims", "What a claim may say of two terms. No sign: it says neither more nor less."),
    ("records", "Relations of records", "How the nodes of a study, a claim and its evidence hang together."),
    ("values", "Values of records", "What a record holds as text, number or date."),
    ("reused", "Relations of other ontologies", "What our relations are narrower than, and what axioms use."),
    ("annotations", "Annotations", "What may be said of a term itself."),
]


@dataclass(frozen=True)
class _Group:
    """Entries that stand together: as cards, or as the rows of a table."""

    key: str
    title: str
    note: str
    entries: tuple[Entry, ...]
    is_table: bool = False
    is_folded: bool = False


class _Page:
    """Knows which terms have an entry to link to."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.of_iri = {entry.iri: entry for entry in outline.entries}
        self.groups = _groups(outline.entries)

    def link(self, iri: str, words: str = "") -> str:
        if iri not in self.of_iri:
            return escape(words)
        entry = self.of_iri[iri]
        return f'<a href="#{quote(entry.curie, safe=":/")}">{escape(words or entry.label)}</a>'

    def links(self, iris: Iterable[str]) -> str:
        return " · ".join(self.link(iri, "" if iri in self.of_iri else iri) for iri in iris)

    def pieces(self, pieces: Sequence[Piece]) -> str:
        return "".join(self.link(p.iri, p.text) if p.iri else escape(p.text) for p in pieces)

    def axiom(self, axiom: Axiom) -> str:
        return f"<li><b>{escape(axiom.keyword)}</b> <code>{self.pieces(axiom.pieces)}</code></li>"

    def facts(self, axioms: Sequence[Axiom]) -> str:
        return "; ".join(f"{escape(fact.keyword)}: {self.pieces(fact.pieces)}" for fact in axioms)

    def card(self, entry: Entry) -> str:
        """Give the entry of a class with everything that is said of it."""
        kinds = "".join(f'<span class="badge">{escape(kind)}</span>' for kind in entry.kinds)
        gone = '<span class="badge">deprecated</span>' if entry.deprecated else ""
        source = f' <span class="quiet">[{escape("; ".join(entry.definition_sources))}]</span>'
        own = escape(entry.definition) + source * bool(entry.definition_sources)
        theirs = f'<span class="quiet">as in {escape(entry.curie.split(":")[0])}; not repeated here</span>'
        is_reused = not entry.definition and entry.file.startswith("terms/")
        rows = [
            ("Definition", own if entry.definition else theirs * is_reused),
            ("Exact synonyms", escape(" · ".join(entry.exact_synonyms))),
            ("Related synonyms", escape(" · ".join(entry.related_synonyms))),
            ("Use here", escape(entry.use_note)),
            ("Parents", self.links(entry.parents)),
            ("Children", self.links(entry.children)),
            ("Axioms", f"<ul>{''.join(map(self.axiom, entry.axioms))}</ul>" * bool(entry.axioms)),
            ("Further", self.facts(entry.facts)),
            ("Mappings", f"<ul>{_matches(entry.matches)}</ul>" * bool(entry.matches)),
        ]
        listed = "\n".join(
            f"<dt>{what}</dt><dd{' class=away' * (what in ('Parents', 'Children'))}>{html}</dd>"
            for what, html in rows
            if html
        )
        return (
            f'<article id="{escape(entry.curie)}" data-entry>\n<h3>{escape(entry.label)} '
            f'<span class="curie">{escape(entry.curie)}</span>{kinds}{gone}</h3>\n<dl>\n{listed}\n</dl>\n</article>'
        )

    def rows(self, group: _Group) -> str:
        """Give a table with one row an entry; a column that would be empty is left out."""
        claims = group.key == "claims"
        columns: list[tuple[str, list[str]]] = [("Name", [self.name_cell(entry) for entry in group.entries])]
        if claims:
            columns.append(("Sign", [_SIGNS.get(entry.sign, escape(entry.sign)) for entry in group.entries]))
            steps = ["yes" if entry.path_step == "true" else "no" for entry in group.entries]
            columns.append(("Path step", steps))
        columns += [
            (word, [self.under(entry, word) for entry in group.entries]) for word in ("Domain", "Range", "Type")
        ]
        columns.append(("Further", [self.rest(entry) for entry in group.entries]))
        kept = [(head, cells) for head, cells in columns if any(cells)]
        head = "".join(f'<th scope="col">{name}</th>' for name, _ in kept)
        body = "\n".join(
            f'<tr id="{escape(entry.curie)}" data-entry><th scope="row">{cells[0]}</th>'
            + "".join(f"<td>{cell}</td>" for cell in cells[1:])
            + "</tr>"
            for entry, *cells in zip(group.entries, *(cells for _, cells in kept), strict=True)
        )
        return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'

    def name_cell(self, entry: Entry) -> str:
        definition = f"<p>{escape(entry.definition)}</p>" if entry.definition else ""
        return f'{escape(entry.label)} <span class="curie">{escape(entry.curie)}</span>{definition}'

    def under(self, entry: Entry, keyword: str) -> str:
        if keyword == "Type":
            return self.links(entry.parents) if entry.type == "individual" else ""
        found = [f"<code>{self.pieces(a.pieces)}</code>" for a in entry.axioms if a.keyword == keyword]
        return "<br>".join(found)

    def rest(self, entry: Entry) -> str:
        above = {"individual": "", "class": "under "}.get(entry.type, "narrower than ")
        parts = [above + self.links(entry.parents)] if above and entry.parents else []
        parts += [
            f"{escape(axiom.keyword)} <code>{self.pieces(axiom.pieces)}</code>"
            for axiom in entry.axioms
            if axiom.keyword not in ("Domain", "Range")
        ]
        return "<br>".join([*parts, *([self.facts(entry.facts)] if entry.facts else [])])

    def section(self, group: _Group) -> str:
        body = self.rows(group) if group.is_table else "\n".join(map(self.card, group.entries))
        note = f'<p class="quiet">{escape(group.note)}</p>' if group.note else ""
        if group.is_folded:
            head = f"<summary><h2>{escape(group.title)}</h2> ({len(group.entries)})</summary>"
            return f'<section id="{group.key}"><details>{head}{note}\n{body}\n</details></section>'
        return f'<section id="{group.key}"><h2>{escape(group.title)}</h2>{note}\n{body}\n</section>'

    def tree(self, group: _Group) -> str:
        """Give the entries of a group below each other as a list that folds; each term has its branch once."""
        inside = {entry.iri for entry in group.entries}
        seen: set[str] = set()

        def branch(entry: Entry) -> str:
            if entry.iri in seen:
                return f"<li>{self.link(entry.iri)}</li>"
            seen.add(entry.iri)
            below = "".join(branch(self.of_iri[iri]) for iri in entry.children if iri in inside)
            if not below:
                return f"<li>{self.link(entry.iri)}</li>"
            return f"<li><details open><summary>{self.link(entry.iri)}</summary><ul>{below}</ul></details></li>"

        tops = [entry for entry in group.entries if not inside & set(entry.parents)]
        words = "".join(map(branch, tops))
        words += "".join(branch(entry) for entry in group.entries if entry.iri not in seen)  # they go in a circle
        title = f'<a href="#{group.key}">{escape(group.title)}</a>'
        return f"<details><summary>{title} <b>{len(group.entries)}</b></summary><ul>{words}</ul></details>"

    def counts(self) -> str:
        entries = self.outline.entries
        terms = [entry for entry in entries if entry.file.startswith("terms/")]
        ours = sum(entry.curie.startswith("ctmo:") for entry in terms)
        numbers = [
            (len(terms), f"terms, {len(terms) - ours} of them of other ontologies"),
            (sum(bool(entry.definition) for entry in entries), "definitions"),
            (sum(bool(entry.path_step) for entry in entries), "relations of claims"),
            (sum(entry.type.endswith("property") for entry in entries), "properties in all"),
            (sum(entry.type == "individual" for entry in entries), "controlled words"),
            (sum(len(entry.axioms) for entry in entries) + len(self.outline.loose), "axioms besides parents"),
            (sum(match.is_found for entry in entries for match in entry.matches), "mappings"),
        ]
        return " · ".join(f"<b>{number}</b> {words}" for number, words in numbers if number)

    def loose(self) -> str:
        if not self.outline.loose:
            return ""
        axioms = "".join(map(self.axiom, self.outline.loose))
        return f'<section id="general"><h2>Axioms about no one term</h2><ul>{axioms}</ul></section>'


def _matches(matches: Sequence[Match]) -> str:
    """Give the mappings one by one, then in which vocabularies nothing was found, by what is remarked on that."""
    lines = []
    for match in matches:
        if match.is_found:
            words = f"{escape(match.kind)} <b>{escape(match.object)}</b> {escape(match.object_label)}"
            lines.append(words + _remark(match.comment))
    missing: dict[tuple[str, str], list[str]] = {}
    for match in matches:
        if not match.is_found:
            missing.setdefault((match.kind, match.comment), []).append(match.object)
    for (kind, comment), where in missing.items():
        lines.append(f"{escape(kind)} {escape(', '.join(where))}{_remark(comment)}")
    return "".join(f"<li>{line}</li>" for line in lines)


def _remark(comment: str) -> str:
    return f' <span class="quiet">({escape(comment)})</span>' if comment else ""


def _words(stem: str) -> str:
    words = stem.replace("-", " ")
    return words[:1].upper() + words[1:]


def _property_group(entry: Entry) -> str:
    if entry.path_step:
        return "claims"
    if entry.type == "annotation property":
        return "annotations"
    if not entry.curie.startswith("ctmo:"):
        return "reused"
    return "records" if entry.type == "object property" else "values"


def _groups(entries: Iterable[Entry]) -> list[_Group]:
    by_file: dict[str, list[Entry]] = {}
    properties: dict[str, list[Entry]] = {}
    words: list[Entry] = []
    for entry in entries:
        if entry.file.startswith("imports/"):
            by_file.setdefault(entry.file, []).append(entry)
        elif entry.type.endswith("property"):
            properties.setdefault(_property_group(entry), []).append(entry)
        elif entry.type == "individual":
            words.append(entry)
        else:
            by_file.setdefault(entry.file, []).append(entry)
    files_in_order = sorted(
        by_file, key=lambda file: (not file.startswith("terms/"), file.startswith("imports/"), file)
    )
    groups: list[_Group] = []
    for file in files_in_order:
        folder, _, stem = file.rpartition("/")
        found = tuple(by_file[file])
        if folder == "terms":
            groups.append(_Group(f"terms-{stem}", _words(stem), f"Table terms/{stem}.tsv", found))
        elif folder == "imports":
            note = "What stands above our terms, or in their axioms, in the ontology that they come from."
            groups.append(_Group(f"imports-{stem}", f"Import: {stem}", note, found, is_table=True, is_folded=True))
        else:
            groups.append(_Group(f"file-{stem}", f"Classes of {stem}.ttl", "", found))
    places = next((i for i, group in enumerate(groups) if group.is_folded), len(groups))
    tables = [
        _Group(key, title, note, tuple(properties[key]), is_table=True)
        for key, title, note in _PROPERTIES
        if key in properties
    ]
    by_type = tuple(sorted(words, key=lambda entry: (entry.parents, entry.label.casefold())))
    if by_type:
        tables.append(
            _Group("words", "Controlled words", "Closed lists that a record chooses from.", by_type, is_table=True)
        )
    return [*groups[:places], *tables, *groups[places:]]


def draw_reference(outline: Outline, *, footer: str = "") -> str:
    """Draw the ontology as one HTML page; the order of what it is made of makes no difference.

    >>> "<!DOCTYPE html>" in draw_reference(Outline(title="Cells"))
    True
    """
    page = _Page(outline)
    package = files("kg.views")
    title = outline.title or "Ontology"
    facts = [
        f"Version {outline.version}" if outline.version else "",
        f"Licence {outline.license}" if outline.license else "",
    ]
    parts = {
        "title": escape(title),
        "css": package.joinpath("reference.css").read_text(encoding="utf-8"),
        "script": package.joinpath("reference.js").read_text(encoding="utf-8"),
        "about": escape(outline.description),
        "facts": escape(" · ".join(fact for fact in facts if fact)),
        "counts": page.counts(),
        "tree": "\n".join(page.tree(group) for group in page.groups),
        "body": "\n".join([*map(page.section, page.groups), page.loose()]),
        "footer": escape(footer),
    }
    template = package.joinpath("reference.html").read_text(encoding="utf-8")
    # one pass, so that a label with {{braces}} stays a label
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], template)
