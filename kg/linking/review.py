"""Existing mappings -> what is wrong with them, held against ontology files: does the target live, and mean that?

How a row of our own files must look is checked by `kg.ontology.mapping_rules`, without any ontology file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import Problem, by_line
from kg.linking.gathering import curie_of
from kg.linking.index import Index, Term
from kg.linking.kinds import fits, kind_of
from kg.linking.mapping_tables import MappingLine, read_mapping_lines
from kg.linking.names import steps
from kg.linking.proposals import EXACT_OR_CLOSE
from kg.ontology.external.files import read_bytes
from kg.ontology.mapping_rules import NOT_FOUND

__all__ = ["Review", "review_mappings"]


#: Ontologies with terms of several kinds: GO has complexes of proteins, OBI materials, PATO what others call a state.
_OF_ALL_KINDS = frozenset({"EFO", "GO", "NCIT", "OBI", "PATO"})


@dataclass(frozen=True, slots=True)
class Review:
    """The findings, and how much of the rows could be looked at."""

    problems: tuple[Problem, ...]
    rows: int
    checked: int  # rows whose target's ontology is among the files

    def words(self) -> str:
        """Say in a line how many rows were read and checked, and of how many the ontology is not at hand."""
        rest = self.rows - self.checked
        left = f"; {rest} not checked: no file of their ontology, or no term found by the row itself" if rest else ""
        return f"{self.rows} rows read, {self.checked} checked{left}"


def review_mappings(path: Path, index: Index) -> Review:
    """Check the rows of an SSSOM file; raise `SourceError` where it is none."""
    text = read_bytes(path).decode("utf-8", errors="replace")
    lines = list(read_mapping_lines(text, path.name))
    there, whole = index.prefixes(), index.covered()
    checked, problems = 0, list[Problem]()
    for line in lines:
        target = curie_of(line.object_id) or line.object_id
        if line.object_id == NOT_FOUND or line.negative or target.partition(":")[0] not in there:
            continue
        if index.term(target) is None and target.partition(":")[0] not in whole:
            continue  # only a part of the ontology is at hand
        checked += 1
        place = f"{path.name}:{line.line}"
        problems += (Problem("mapping", place, message) for message in _row_faults(line, target, index))
    problems += _many(path.name, lines)
    return Review(tuple(sorted(problems, key=by_line)), len(lines), checked)


def _row_faults(line: MappingLine, target: str, index: Index) -> Iterator[str]:
    pair = f"{line.subject_id} '{line.subject_label}' -> {target}"
    term = index.term(target)
    if term is None:
        yield f"{pair}: no file of {target.partition(':')[0]} has this term"
        return
    if term.deprecated:
        living, way = index.living(target)
        instead = f"{' -> '.join(way[1:])} -> ".removeprefix(" -> ") if len(way) > 1 else ""
        end = f"use {instead}{living.id} '{living.label}'" if living else "nothing replaces it"
        yield f"{pair}: the term is obsolete; {end}"
        return
    yield from (f"{pair}: {fault}" for fault in _label_faults(line, term, index))
    kinds = [_kind(curie_of(line.subject_id)), _kind(target, term.kind)]
    if line.predicate_id in EXACT_OR_CLOSE and not fits(*kinds):
        yield f"{pair}: a {kinds[0]} is no {kinds[1]}, found {line.predicate_id}"
    subject = curie_of(line.subject_id)
    if line.predicate_id in EXACT_OR_CLOSE and ("Not", target) in index.mapped(subject):
        yield f"{pair}: another mapping table says that the two are not the same"


def _kind(curie: str, told: str = "") -> str:
    return "" if curie.partition(":")[0] in _OF_ALL_KINDS else kind_of(curie, told)


def _label_faults(line: MappingLine, term: Term, index: Index) -> Iterator[str]:
    if not line.object_label or not term.label or line.object_label == term.label:
        return
    if steps(line.object_label, term.label) is not None:
        yield f"the label is written '{term.label}' now, found '{line.object_label}'"
        return
    scopes = [scope for text, scope in index.names_of(term.id) if steps(line.object_label, text) is not None]
    known = f", which has it as {scopes[0]} name" if scopes else ", which has no such name"
    version = f" in {term.source} {term.version}".rstrip()
    yield f"found the label '{line.object_label}', expected '{term.label}'{version}{known}"


def _many(file: str, lines: Iterable[MappingLine]) -> Iterator[Problem]:
    """Find exact matches that would make two terms of one ontology one."""
    by_object: defaultdict[str, dict[str, int]] = defaultdict(dict)
    by_subject: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for line in lines:
        if line.predicate_id == "skos:exactMatch" and line.object_id != NOT_FOUND and not line.negative:
            subject = line.subject_id or line.subject_label
            by_object[line.object_id].setdefault(subject, line.line)
            by_subject[subject, line.object_id.partition(":")[0]].setdefault(line.object_id, line.line)
    for target, subjects in by_object.items():
        if len(subjects) > 1:
            names = ", ".join(f"{one} (line {at})" for one, at in subjects.items())
            last = list(subjects.values())[-1]
            yield Problem(
                "mapping", f"{file}:{last}", f"{target} is the exact match of {len(subjects)} subjects: {names}"
            )
    for (subject, prefix), targets in by_subject.items():
        if len(targets) > 1:
            names = ", ".join(f"{one} (line {at})" for one, at in targets.items())
            last = list(targets.values())[-1]
            message = f"{subject} has {len(targets)} exact matches in {prefix}: {names}"
            yield Problem("mapping", f"{file}:{last}", message)
