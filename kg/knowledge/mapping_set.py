"""SSSOM files of other people -> a header and rows as text: TSV with its header inside or beside it, or JSON.

As many rows come out as go in. A line is a row: a stray quotation mark stays in its cell and cannot merge rows. What a
row says is `kg.knowledge.sssom`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from kg.errors import InputError, SourceError
from kg.gate import Limits, Member, decode_lines, read_json, read_yaml
from kg.model.intake import Refused

__all__ = ["Cells", "MappingSet", "is_json", "read_mapping_set"]

#: A value is one text, or several.
Cells = Mapping[str, tuple[str, ...]]
_LARGEST_HEADER, _DEEPEST_HEADER = 1_000_000, 10
#: Slots that hold several values, parted by `|`.
_SEVERAL = frozenset(
    {
        *("author_id", "author_label", "creator_id", "creator_label", "reviewer_id", "reviewer_label", "see_also"),
        *("match_string", "subject_match_field", "object_match_field", "curation_rule", "curation_rule_text"),
        *("subject_preprocessing", "object_preprocessing", "mapping_set_source"),
    }
)
#: A prefix whose address ends in a colon, which YAML would take for a key: `REACT: https://identifiers.org/reactome:`.
_PREFIX_WITH_COLON = re.compile(r"^([ \t]+[\w.-]+:[ \t]+)([^\s'\"]+:)(?=[ \t]*$)", re.MULTILINE)
_PART = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class MappingSet:
    """The header of a file, its prefixes, its columns, and its rows as they are read."""

    header: Cells
    curie_map: Mapping[str, str]
    columns: tuple[str, ...]
    rows: Iterator[tuple[int, int, Cells] | Refused] = field(repr=False)  # number, line, cells without the empty ones


def is_json(head: bytes) -> bool:
    """Say whether a file begins as a JSON object does."""
    return head.lstrip()[:1] == b"{"


def _values(slot: str, text: str) -> tuple[str, ...]:
    if slot not in _SEVERAL:
        return (text,)
    return tuple(part.replace("\\|", "|").strip() for part in _PART.split(text) if part.strip())


def _header(content: Mapping[str, Any], file: str) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    header: dict[str, tuple[str, ...]] = {}
    curie_map: dict[str, str] = {}
    for key, value in content.items():
        if key == "curie_map":
            if not isinstance(value, dict) or not all(isinstance(iri, str) for iri in value.values()):
                raise SourceError(file, 0, key, "expected prefixes, each with the beginning of an address")
            curie_map = dict(value)
        elif isinstance(value, str):
            header[key] = _values(key, value.strip())
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            header[key] = tuple(value)
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            header[key] = (str(value),)
    return header, curie_map


def _beside(member: Member) -> str:
    """Give the header that stands in a file of its own beside the table, or nothing."""
    stem = re.sub(r"\.tsv(?:\.gz)?$", "", member.path.name)
    for name in (f"{stem}.yml", f"{stem}.yaml", f"{stem.removesuffix('.sssom')}.yml"):
        path: Path = member.path.with_name(name)
        if path != member.path and path.is_file() and path.stat().st_size <= _LARGEST_HEADER:
            try:
                return path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise SourceError(str(path), 0, "", f"the header of {member.name} cannot be read: {error}") from error
    return ""


def _cell(text: str) -> str:
    """Take off quotation marks that stand around a whole cell; any other is part of it."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1].replace('""', ""):
        return text[1:-1].replace('""', '"').strip()
    return text


def _rows(lines: Iterator[tuple[int, str]], columns: tuple[str, ...]) -> Iterator[tuple[int, int, Cells] | Refused]:
    filled = ((line, text) for line, text in lines if text.strip())
    for number, (line, text) in enumerate(filled, 1):
        cells = text.split("\t")
        if len(cells) != len(columns):
            reason = f"found {len(cells)} cells, expected {len(columns)}"
            hint = "; is a line broken within quotation marks?" if '"' in text else ""
            yield Refused(f"row {number}", reason + hint, line)
            continue
        said = ((slot, _cell(cell)) for slot, cell in zip(columns, cells, strict=True))
        yield number, line, {slot: _values(slot, cell) for slot, cell in said if cell}


def _read_table(member: Member) -> MappingSet:
    numbered = decode_lines(member.lines(), member.name)
    head: list[str] = []
    first, columns = 0, ""
    for first, columns in numbered:  # noqa: B007 - the line after the header is used below
        if not columns.startswith("#"):
            break
        head.append(columns[1:])
        columns = ""
    text = "\n".join(head) if any(each.strip() for each in head) else _beside(member)
    if not text.strip():
        raise SourceError(member.name, 1, "header", "is missing: expected lines such as `#curie_map:` before the table")
    if len(text) > _LARGEST_HEADER:
        raise SourceError(member.name, 1, "header", f"has more than {_LARGEST_HEADER:,} signs")
    content = read_yaml(
        _PREFIX_WITH_COLON.sub(r"\1'\2'", text).encode(), member.name, Limits(depth=_DEEPEST_HEADER)
    ).content
    if not isinstance(content, dict):
        raise SourceError(member.name, 1, "header", "expected keys and values")
    header, curie_map = _header(content, member.name)
    names = tuple(_cell(name) for name in columns.split("\t"))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SourceError(member.name, first, twice[0] or "a column without a name", "the column stands twice")
    return MappingSet(header, curie_map, names, _rows(numbered, names))


def _json_rows(mappings: list[Any]) -> Iterator[tuple[int, int, Cells] | Refused]:
    for number, one in enumerate(mappings, 1):
        if not isinstance(one, dict):
            yield Refused(f"row {number}", f"found {str(one)[:60]!r}, expected a mapping with its slots")
            continue
        cells: dict[str, tuple[str, ...]] = {}
        for slot, value in one.items():
            several = value if isinstance(value, list) else [value]
            texts = [
                str(each).strip() for each in several if isinstance(each, str | int | Decimal) and str(each).strip()
            ]
            if texts:
                cells[slot] = tuple(texts)
        yield number, 0, cells


def _read_json(member: Member) -> MappingSet:
    content = read_json(member.read(), member.name, decimals=True)
    mappings = content.pop("mappings", None) if isinstance(content, dict) else None
    if not isinstance(mappings, list):
        raise InputError(f"{member.name}: no SSSOM as JSON: expected an object with a list `mappings`")
    context = content.pop("@context", None)
    plain = context if isinstance(context, dict) else {}
    prefixes = {name: iri for name, iri in plain.items() if isinstance(iri, str)}
    prefixes |= {
        name: one["@id"] for name, one in plain.items() if isinstance(one, dict) and isinstance(one.get("@id"), str)
    }
    content.setdefault("curie_map", prefixes)
    header, curie_map = _header(content, member.name)
    slots = tuple(dict.fromkeys(chain.from_iterable(one for one in mappings if isinstance(one, dict))))
    return MappingSet(header, curie_map, slots, _json_rows(mappings))


def read_mapping_set(member: Member) -> MappingSet:
    """Read the header of a file; its rows follow as they are asked for."""
    return _read_json(member) if is_json(member.head) else _read_table(member)
