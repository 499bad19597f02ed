"""What a row of a mapping file may say, and how rows may stand beside each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date

from kg.errors import nearest
from kg.namespaces import CTMO, PREFIXES
from kg.ontology.sssom import SssomText

__all__ = [
    "COLUMNS",
    "HEADER_KEYS",
    "JUSTIFICATIONS",
    "NOT_FOUND",
    "PREDICATES",
    "SSSOM",
    "SUFFIX",
    "Fault",
    "MappingRow",
    "faults_of",
    "rows_of",
]

NOT_FOUND = "sssom:NoTermFound"
SUFFIX = ".sssom.tsv"
SSSOM = "https://w3id.org/sssom/"
#: Prefixes that mean the same in every file.
_FIXED = PREFIXES | {
    "semapv": "https://w3id.org/semapv/vocab/",
    "sssom": SSSOM,
    "obo": "http://purl.obolibrary.org/obo/",
}
#: The mapping relations of SKOS. Those of OWL would be axioms about classes that we do not have.
PREDICATES = tuple(f"skos:{kind}Match" for kind in ("broad", "close", "exact", "narrow", "related"))
#: The justifications that the SSSOM schema 1.0 lists.
JUSTIFICATIONS = tuple(
    "semapv:" + name
    for name in (
        *("CompositeMatching", "LexicalMatching", "LexicalSimilarityThresholdMatching", "LogicalReasoning"),
        *("ManualMappingCuration", "MappingChaining", "MappingReview", "SemanticSimilarityThresholdMatching"),
        "UnspecifiedMatching",
    )
)
HEADER_KEYS = ("mapping_set_id", "mapping_set_version", "mapping_set_title", "license", "subject_source")
_CURIE = re.compile(r"([A-Za-z_][\w.-]*):[A-Za-z0-9_][\w.-]*")


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One row, its slots named and ordered as in SSSOM."""

    subject_id: str
    subject_label: str
    predicate_id: str
    object_id: str
    object_label: str
    mapping_justification: str
    author_label: str
    object_source: str
    object_source_version: str
    mapping_date: str
    comment: str

    def cells(self) -> list[str]:
        """Give the cells in the order of the columns."""
        return [getattr(self, name) for name in COLUMNS]


COLUMNS = [each.name for each in fields(MappingRow)]
_MAY_BE_EMPTY = {"object_label", "object_source_version", "comment"}
_IDENTIFIERS = ("subject_id", "predicate_id", "object_id", "mapping_justification", "object_source")


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """What is wrong at one place of a file."""

    line: int
    field: str
    message: str


def _near(name: str, known: Collection[str]) -> str:
    found = nearest(name, known)
    return f"; nearest: {', '.join(found)}" if found else ""


def _is_day(words: str) -> bool:
    try:
        return len(words) == 10 and bool(date.fromisoformat(words))
    except ValueError:
        return False


def _header_faults(text: SssomText, stem: str) -> Iterator[Fault]:
    for key in text.header:
        if key not in HEADER_KEYS:
            yield Fault(text.line_of[key], key, "unknown key" + _near(key, (*HEADER_KEYS, "curie_map")))
    expected = {"mapping_set_id": f"{CTMO}mappings/{stem}{SUFFIX}", "subject_source": "ctmo:ctmo.owl"}
    for key in HEADER_KEYS:
        found = text.header.get(key)
        if found is None:
            yield Fault(1, key, "is missing in the header")
        elif key in expected and found != expected[key]:
            yield Fault(text.line_of[key], key, f"found {found!r}, expected {expected[key]!r}")
    if "subject_source" in text.header and "ctmo" not in text.curie_map:
        yield Fault(text.line_of["subject_source"], "subject_source", "the curie_map has no prefix 'ctmo'")
    version = text.header.get("mapping_set_version")
    if version is not None and not _is_day(version):
        yield Fault(text.line_of["mapping_set_version"], "mapping_set_version", f"found {version!r}, expected a day")
    licence = text.header.get("license")
    if licence is not None and not re.fullmatch(r"https?://[^\s<>\"{}|^`\\]+", licence):
        yield Fault(text.line_of["license"], "license", f"found {licence!r}, expected an IRI")
    for prefix, iri in text.curie_map.items():
        line, name = text.line_of[f"curie_map.{prefix}"], f"curie_map.{prefix}"
        if not re.fullmatch(r"https?://[^\s<>\"{}|^`\\]+[/#_:=]", iri):
            yield Fault(line, name, f"found {iri!r}, expected an IRI that ends in / # _ : or =")
        elif _FIXED.get(prefix, iri) != iri:
            yield Fault(line, name, f"found {iri!r}, expected {_FIXED[prefix]!r} as everywhere")


def _column_faults(text: SssomText) -> Iterator[Fault]:
    for name in text.columns:
        if name not in COLUMNS:
            yield Fault(text.columns_line, name, "unknown column" + _near(name, COLUMNS))
        elif text.columns.count(name) > 1:
            yield Fault(text.columns_line, name, "the column stands twice")
    for name in COLUMNS:
        if name not in text.columns:
            yield Fault(text.columns_line, name, "the column is missing")
    if sorted(text.columns) == sorted(COLUMNS) and text.columns != COLUMNS:
        yield Fault(text.columns_line, "", f"found the columns {text.columns}, expected the order {COLUMNS}")


def _cell_faults(row: MappingRow, curie_map: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in zip(COLUMNS, row.cells(), strict=True):
        if value != value.strip():
            yield name, f"found {value!r}, with spaces around it"
        elif not value and name not in _MAY_BE_EMPTY:
            yield name, "is missing"
        elif name in _IDENTIFIERS and value:
            match = _CURIE.fullmatch(value)
            if match is None:
                yield name, f"found {value!r}, expected a CURIE"
            elif match[1] not in curie_map:
                yield (
                    name,
                    f"found {value!r}, and the curie_map has no prefix {match[1]!r}" + _near(match[1], curie_map),
                )
    for name, allowed in (("predicate_id", PREDICATES), ("mapping_justification", JUSTIFICATIONS)):
        value = getattr(row, name)
        if value and value not in allowed:
            yield name, f"found {value!r}, expected one of: {', '.join(allowed)}" + _near(value, allowed)
    if row.mapping_date and not _is_day(row.mapping_date):
        yield "mapping_date", f"found {row.mapping_date!r}, expected a day as 2026-11-25"


def _subject_faults(row: MappingRow, label_of_term: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    known = label_of_term.get(row.subject_id)
    if known is None and row.subject_id:
        ids = {label: curie for curie, label in label_of_term.items()}
        hint = ", ".join(f"{ids[label]} {label}" for label in nearest(row.subject_label, ids))
        yield "subject_id", f"{row.subject_id} is no term of the table" + (f"; nearest: {hint}" if hint else "")
    elif known is not None and row.subject_label and known != row.subject_label:
        yield "subject_label", f"{row.subject_id} has the label {known!r}, found {row.subject_label!r}"


def _object_faults(row: MappingRow) -> Iterator[tuple[str, str]]:
    if row.object_id == NOT_FOUND:
        if row.object_label:
            yield "object_label", f"found {row.object_label!r} beside {NOT_FOUND}, expected nothing"
        if not row.comment:
            yield "comment", f"is missing; beside {NOT_FOUND} it says where was searched, and for what"
        return
    if row.object_id and not row.object_label:
        yield "object_label", "is missing"
    prefix = row.object_id.partition(":")[0]
    if prefix == "ctmo" or (row.object_id and row.object_id == row.subject_id):
        yield "object_id", f"found {row.object_id!r}; a mapping leads to another vocabulary"
    source = re.fullmatch(r"obo:(\w+?)(\.owl)?", row.object_source)
    if source and source[1].casefold() != prefix.casefold():
        yield "object_source", f"found {row.object_source!r} for an object of {prefix}"


def _set_faults(rows: list[tuple[int, MappingRow]]) -> Iterator[Fault]:
    """Give what is wrong between rows: doubled, contradicting, out of order."""
    keys: dict[tuple[str, ...], int] = {}
    relation: dict[tuple[str, str], tuple[int, str]] = {}
    found_in = {(row.subject_id, row.object_source): line for line, row in rows
                if row.object_id != NOT_FOUND and row.predicate_id == "skos:exactMatch"}  # fmt: skip
    before: tuple[str, ...] = ()
    for line, row in rows:
        key = (row.subject_id, row.predicate_id, row.object_id, row.object_source)
        if key in keys:
            yield Fault(line, "", f"the same mapping stands in line {keys[key]}")
        elif key < before:
            yield Fault(line, "", f"{' '.join(key)} comes after {' '.join(before)}; rows are sorted by these")
        keys.setdefault(key, line)
        before = key
        if row.object_id == NOT_FOUND:
            other = found_in.get((row.subject_id, row.object_source))
            if other:
                yield Fault(
                    line, "object_id", f"nothing found in {row.object_source}, but line {other} has a match there"
                )
            continue
        at, predicate = relation.setdefault((row.subject_id, row.object_id), (line, row.predicate_id))
        if predicate != row.predicate_id:
            yield Fault(line, "predicate_id", f"line {at} maps the same two by {predicate}")


def rows_of(text: SssomText) -> list[tuple[int, MappingRow]]:
    """Give the rows with their lines; none where the columns are not ours."""
    if text.columns != COLUMNS:
        return []
    return [(line, MappingRow(*cells)) for line, cells in text.rows if len(cells) == len(COLUMNS)]


def faults_of(text: SssomText, stem: str, label_of_term: Mapping[str, str]) -> list[Fault]:
    """Give all that is wrong with a file, by line."""
    faults = [*_header_faults(text, stem), *_column_faults(text)]
    for line, cells in text.rows:
        if text.columns == COLUMNS and len(cells) != len(COLUMNS):
            faults.append(Fault(line, "", f"found {len(cells)} cells, expected {len(COLUMNS)}"))
    rows = rows_of(text)
    for line, row in rows:
        wrong = (*_cell_faults(row, text.curie_map), *_subject_faults(row, label_of_term), *_object_faults(row))
        faults += (Fault(line, name, message) for name, message in wrong)
    faults += _set_faults(rows)
    return sorted(faults)
