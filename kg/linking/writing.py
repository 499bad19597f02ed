"""Rows -> SSSOM/TSV, a table for people, or rows put into our own mapping files. Chooses no mapping."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path

from kg.errors import InputError
from kg.linking.answers import Row
from kg.linking.own import Own
from kg.linking.proposals import EXACT_OR_CLOSE
from kg.namespaces import PREFIXES
from kg.ontology.mapping_rules import COLUMNS, NOT_FOUND, SUFFIX, MappingRow, faults_of, rows_of
from kg.ontology.sssom import read_sssom

__all__ = ["put_into", "to_sssom", "to_table"]

_PREFIX = PREFIXES | {
    "obo": "http://purl.obolibrary.org/obo/",
    "bioregistry": "https://bioregistry.io/registry/",
    "WIKIPATHWAYS": "https://identifiers.org/wikipathways:",
    "REACT": "https://identifiers.org/reactome:",
    "FPLX": "https://identifiers.org/fplx:",
    "HANCESTRO": "http://purl.obolibrary.org/obo/HANCESTRO_",
    "HsapDv": "http://purl.obolibrary.org/obo/HsapDv_",
}
_CURIE = re.compile(r"([A-Za-z][\w.]*):[^/\s]")


def _prefixes(cells: Iterable[str]) -> list[str]:
    found = {match[1] for cell in cells if (match := _CURIE.match(cell))}
    return sorted((prefix for prefix in found if prefix in _PREFIX), key=str.casefold)


def _line(cells: Iterable[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter="\t", lineterminator="\n").writerow([" ".join(cell.split()) for cell in cells])
    return stream.getvalue()


def to_sssom(rows: Iterable[Row], *, sources: Iterable[str] = ()) -> str:
    """Give a mapping set as SSSOM/TSV; the comment of the set says which files were asked."""
    rows = list(rows)
    names = [each.name for each in fields(Row)]
    curies = [
        getattr(row, name) for row in rows for name in names if name.endswith(("_id", "_source", "justification"))
    ]
    literal = any(not row.subject_id for row in rows)
    lines = ["#mapping_set_id: https://w3id.org/ctmo/mappings/proposed.sssom.tsv"]
    lines += ["#mapping_set_title: Proposed mappings, not yet looked at by anybody"]
    lines += ["#license: https://creativecommons.org/publicdomain/zero/1.0/", "#mapping_tool: mechtrail link"]
    lines += ["#subject_type: rdfs literal"] if literal else []
    asked = "; ".join(sources).replace("'", "")
    lines += [f"#comment: 'asked: {asked}'"] if asked else []
    lines += [
        "#curie_map:",
        *(f"#  {prefix}: {_PREFIX[prefix]}" for prefix in _prefixes([*curies, "semapv:x", "skos:x"])),
    ]
    return "\n".join(lines) + "\n" + _line(names) + "".join(_line(astuple(row)) for row in rows)


def to_table(rows: Iterable[Row]) -> str:
    """Give the rows as a table for people: one block a name."""
    lines: list[str] = []
    name = None
    for row in rows:
        if row.subject_label != name:
            name = row.subject_label
            lines.append(f"{name}  {row.subject_id}".rstrip())
        if row.object_id == NOT_FOUND:
            lines.append(f"  -     none    {row.object_source or 'any ontology'}: {row.comment}")
        else:
            relation = row.predicate_id.removeprefix("skos:").removesuffix("Match")
            lines.append(f"  {row.confidence}  {relation:7} {row.object_id} {row.object_label}")
            lines.append(f"        {row.comment}")
    return "\n".join(lines) + ("\n" if lines else "")


def put_into(folder: Path, own: Own, rows: Iterable[Row], *, author: str, day: str) -> list[Path]:
    """Add exact and close matches of our terms to the mapping files of a folder; give the files that changed.

    No row that stands there is touched. All files are checked before the first one is written; `InputError` where a
    row may not stand beside the others.
    """
    by_table: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.predicate_id in EXACT_OR_CLOSE and row.object_id != NOT_FOUND and row.subject_id in own.table_of:
            by_table[own.table_of[row.subject_id]].append(row)
    changed: dict[Path, str] = {}
    for stem, added in sorted(by_table.items()):
        path = folder / f"{stem}{SUFFIX}"
        if not path.is_file():
            raise InputError(f"{path}: no such file; --into takes the folder of the mapping tables of our terms")
        changed[path] = _with(path, added, author, day)
        _check(path, changed[path], own)
    for path, text in changed.items():
        try:
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror}") from error
    return sorted(changed)


def _with(path: Path, added: list[Row], author: str, day: str) -> str:
    text = read_sssom(path)
    rows = {(row.subject_id, row.object_id): row for _, row in rows_of(text) if row.object_id != NOT_FOUND}
    kept = [row for _, row in rows_of(text)]
    for one in added:
        if (one.subject_id, one.object_id) not in rows:
            comment = f"{one.comment}; confidence {one.confidence}"
            version = one.object_source_version
            cells = (one.subject_id, one.subject_label, one.predicate_id, one.object_id, one.object_label)
            kept.append(MappingRow(*cells, one.mapping_justification, author, one.object_source, version, day, comment))
    kept.sort(key=lambda row: (row.subject_id, row.predicate_id, row.object_id, row.object_source))
    curies = [getattr(row, name) for row in kept for name in COLUMNS if name.endswith(("_id", "_source"))]
    prefixes = text.curie_map | {name: _PREFIX[name] for name in _prefixes(curies) if name not in text.curie_map}
    head = [f"#{key}: {value}" for key, value in text.header.items()] + ["#curie_map:"]
    head += [f"#  {name}: {prefixes[name]}" for name in sorted(prefixes, key=str.casefold)]
    return "\n".join(head) + "\n" + _line(COLUMNS) + "".join(_line(row.cells()) for row in kept)


def _check(path: Path, text: str, own: Own) -> None:
    """Hold a file that is to be written against the rules of our mapping files."""
    import tempfile

    stem = path.name.removesuffix(SUFFIX)
    labels = {curie: own.terms[curie].label for curie, table in own.table_of.items() if table == stem}
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_text(text, encoding="utf-8", newline="\n")
        faults = faults_of(read_sssom(trial), stem, labels)
    if faults:
        raise InputError(f"{path}: nothing was written; line {faults[0].line}: {faults[0].field}: {faults[0].message}")
