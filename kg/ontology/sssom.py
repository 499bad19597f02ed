"""SSSOM/TSV as text: a YAML header in `#` lines, then a table. Knows the format, not what a mapping may say.

Refused, as the format asks: aliases, tags and keys used twice in the header, a byte order mark, line ends of two signs.
Not taken: a header in a file of its own, and a value of several lines.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.ontology.turtle import read_text

if TYPE_CHECKING:
    import yaml

__all__ = ["SssomText", "read_sssom"]


@dataclass
class SssomText:
    """The plain content of one file, with the line of each key and each row."""

    file: str
    header: dict[str, str] = field(default_factory=dict)
    curie_map: dict[str, str] = field(default_factory=dict)
    line_of: dict[str, int] = field(default_factory=dict)  # key, or `curie_map.prefix`
    columns: list[str] = field(default_factory=list)
    columns_line: int = 0
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def _scalar(node: yaml.Node, key: str, text: SssomText) -> str:
    import yaml

    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise SourceError(text.file, line, key, "expected one value")
    if not node.tag.startswith("tag:yaml.org,2002:") or "python" in node.tag:
        raise SourceError(text.file, line, key, f"the tag {node.tag} is not allowed")
    return str(node.value)


def _pairs(node: yaml.Node, above: str, text: SssomText, seen: set[int]) -> list[tuple[str, yaml.Node]]:
    """Give the keys and values of a mapping; note their lines, refuse a key that stands twice and an alias."""
    import yaml

    if not isinstance(node, yaml.MappingNode):
        raise SourceError(text.file, node.start_mark.line + 1, above, "expected keys and values")
    pairs: list[tuple[str, yaml.Node]] = []
    for key_node, value in node.value:
        line = key_node.start_mark.line + 1
        key = above + _scalar(key_node, above, text)
        if key in text.line_of:
            raise SourceError(text.file, line, key, "the key stands twice")
        if id(value) in seen:
            raise SourceError(text.file, line, key, "an alias (*name) is not allowed; write the value out")
        seen.add(id(value))
        text.line_of[key] = line
        pairs.append((key, value))
    return pairs


def _read_header(lines: list[str], text: SssomText) -> None:
    import yaml

    try:
        node = yaml.compose("\n".join(line[1:] for line in lines), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SourceError(text.file, line, "header", f"not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise SourceError(text.file, 1, "header", f"not valid YAML: {error}") from error
    if node is None:
        raise SourceError(text.file, 1, "header", "is missing; the first lines read `#mapping_set_id: ...`")
    seen: set[int] = set()
    for key, value in _pairs(node, "", text, seen):
        if key == "curie_map":
            for prefix, iri in _pairs(value, "curie_map.", text, seen):
                text.curie_map[prefix.removeprefix("curie_map.")] = _scalar(iri, prefix, text)
        else:
            text.header[key] = _scalar(value, key, text)


def read_sssom(path: Path) -> SssomText:
    """Read a file into header, prefixes, columns and rows; raise `SourceError` where it is no SSSOM/TSV."""
    content = read_text(path)
    text = SssomText(path.name)
    for sign, words in (("\ufeff", "a byte order mark"), ("\r", "a line end of two signs (CR)")):
        if sign in content:
            line = content.count("\n", 0, content.index(sign)) + 1
            raise SourceError(path.name, line, "", f"found {words}, which the format does not allow")
    lines = content.split("\n")
    if lines[-1] == "":
        lines.pop()
    start = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    _read_header(lines[:start], text)
    reader = csv.reader(lines[start:], delimiter="\t", strict=True)
    first = start + 1
    try:
        for cells in reader:
            last = start + reader.line_num
            if not cells or last != first:
                words = "a blank line" if not cells else "a value of several lines, or a quotation mark that stays open"
                raise SourceError(path.name, first, "", f"found {words}")
            if first == start + 1:
                text.columns, text.columns_line = cells, first
            else:
                text.rows.append((first, cells))
            first = last + 1
    except csv.Error as error:
        message = f'not a tab-separated table: {error}; a value with " is written "like ""this"""'
        raise SourceError(path.name, start + reader.line_num, "", message) from error
    if not text.columns:
        raise SourceError(path.name, start, "", "has no table")
    return text
