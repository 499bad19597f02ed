"""Which terms of other ontologies do our files use, where, under which label; and do the files of these agree?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import Problem
from kg.namespaces import PREFIXES, compress, expand_or_none
from kg.ontology.external import EXTERNAL_PREFIXES, prefix_of
from kg.ontology.external.shelf import Shelf
from kg.ontology.tables import TermRow, read_terms
from kg.ontology.turtle import not_turtle, read_text
from kg.paths import ontology_folder

__all__ = ["Use", "check_uses", "our_labels", "prefixes_of", "read_tables", "read_uses", "turtle_triples"]


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """A term of another ontology at a place of ours, with the label that stands there (or none)."""

    iri: str
    place: str
    label: str = ""


def read_tables(folder: Path | None = None) -> dict[str, list[TermRow]]:
    """Give file name -> rows of every term table."""
    folder = folder or ontology_folder()
    return {path.name: read_terms(path) for path in sorted((folder / "terms").glob("*.tsv"))}


def turtle_triples(path: Path) -> list[ox.Triple]:
    """Read a Turtle file; raise `SourceError` with the line where it is none."""
    text = read_text(path)
    try:
        return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]
    except (SyntaxError, ValueError) as error:
        raise not_turtle(path.name, error) from error


def _in_turtle(path: Path) -> Iterator[Use]:
    labels: dict[str, str] = {}
    for triple in turtle_triples(path):
        for node in (triple.subject, triple.predicate, triple.object):
            if isinstance(node, ox.NamedNode) and prefix_of(node.value) in EXTERNAL_PREFIXES:
                labels.setdefault(node.value, "")
        if triple.predicate.value == PREFIXES["rdfs"] + "label" and isinstance(triple.subject, ox.NamedNode):
            labels[triple.subject.value] = getattr(triple.object, "value", "")
    text = read_text(path)
    for iri, label in labels.items():
        if prefix_of(iri) in EXTERNAL_PREFIXES:
            found = re.search(rf"(?<![\w:]){re.escape(compress(iri))}(?!\w)|<{re.escape(iri)}>", text)
            line = f":{text.count(chr(10), 0, found.start()) + 1}" if found else ""
            yield Use(iri, f"{path.name}{line}", label)


def our_labels(folder: Path | None = None) -> dict[str, str]:
    """Give label, case folded -> IRI of all that the term tables and the hand-written Turtle name."""
    folder = folder or ontology_folder()
    found: dict[str, str] = {}
    for rows in read_tables(folder).values():
        found |= {row.label.casefold(): expand_or_none(row.id) or row.id for row in rows}
    for path in sorted(folder.glob("*.ttl")):
        for triple in turtle_triples(path):
            if triple.predicate.value == PREFIXES["rdfs"] + "label" and isinstance(triple.subject, ox.NamedNode):
                found.setdefault(triple.object.value.casefold(), triple.subject.value)  # type: ignore[union-attr]
    return found


def read_uses(folder: Path | None = None) -> list[Use]:
    """Give every use in the term tables and in the hand-written Turtle, sorted by term."""
    folder = folder or ontology_folder()
    found = [use for path in sorted(folder.glob("*.ttl")) for use in _in_turtle(path)]
    for table, rows in read_tables(folder).items():
        for row in rows:
            iri = expand_or_none(row.id) or ""
            if prefix_of(iri) in EXTERNAL_PREFIXES:
                found.append(Use(iri, f"{table}:{row.line}", row.label))
    return sorted(found)


def prefixes_of(uses: Iterable[Use]) -> list[str]:
    """Give the prefixes of the ontologies that we use, sorted."""
    return sorted({prefix_of(use.iri) for use in uses})


def check_uses(uses: list[Use], shelf: Shelf) -> list[Problem]:
    """Give each used term that no file holds, that is obsolete, or that has another label there.

    Only a file of an ontology, or an import of it, is a witness for its terms: other files hold stale copies of a few.
    """
    problems = []
    covered = {prefix for prefix in prefixes_of(uses) if shelf.covers(prefix)}
    for use in (use for use in uses if prefix_of(use.iri) in covered):
        message = _wrong(use, shelf)
        if message:
            problems.append(Problem("external term", use.place, f"{compress(use.iri)} {message}"))
    return problems


def _wrong(use: Use, shelf: Shelf) -> str:
    newest = shelf.newest(use.iri)
    if newest is None:
        other = shelf.with_label(prefix_of(use.iri), use.label) if use.label else ""
        hint = f"; {compress(other)} has that label" if other else ""
        return f"'{use.label}' stands in no file at hand{hint}"
    if newest[1].deprecated:
        return f"'{use.label}' is obsolete in {newest[0].title()}{_instead(use.iri, shelf)}"
    named = shelf.named(use.iri)
    if named and use.label and named[1] != use.label:
        older = shelf.labels(use.iri).get(use.label)
        where = f", the label in {older}" if older else ""
        return f"has the label '{use.label}'{where}, but in {named[0].title()} it is '{named[1]}'"
    return ""


def _instead(iri: str, shelf: Shelf) -> str:
    fate = shelf.fate(iri)
    chain = " -> ".join(map(compress, fate.chain))
    if fate.circle:
        return f"; its replacements run in a circle: {chain}"
    if not fate.end:
        return "; no term replaces it" + (f" (after {chain})" if len(fate.chain) > 1 else "")
    return f"; use {compress(fate.end)} '{shelf.label(fate.end)}'" + (f" ({chain})" if len(fate.chain) > 2 else "")
