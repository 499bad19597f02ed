"""All mappings as one SSSOM/TSV file: terms of ours and what other vocabularies call them.

Mirrors `kg.knowledge.sssom`, which reads such files. That nothing was found (`sssom:NoTermFound`) is a row, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg import __version__
from kg.namespaces import CTMO, PREFIXES, compress

__all__ = ["NEEDS", "SUMMARY", "write"]

SUMMARY = "all mappings to other vocabularies as SSSOM/TSV"
NEEDS = "mappings"

#: Slots that hold identifiers: they are written as CURIEs whose prefixes the header declares.
_ENTITIES = ("subject_id", "predicate_id", "object_id", "mapping_justification", "object_source")
_MORE = {"bioregistry": "https://bioregistry.io/registry/", "obo": "http://purl.obolibrary.org/obo/"}
_KNOWN = PREFIXES | _MORE
_SPLIT = re.compile(r"(.*[/#_])([^/#_]*)", re.DOTALL)


class _Prefixes:
    """Shortens addresses, and remembers which prefixes that took."""

    def __init__(self) -> None:
        self.used: dict[str, str] = {}

    def shorten(self, address: str) -> str:
        if not address.startswith(("http://", "https://")):
            name = address.partition(":")[0]
            if name in _KNOWN:
                self.used[name] = _KNOWN[name]
            return address
        curie = compress(address)
        if not curie.startswith(("http://", "https://")):
            return self.shorten(curie)
        for name, start in _MORE.items():
            if address.startswith(start) and "/" not in address[len(start) :]:
                self.used[name] = start
                return f"{name}:{address[len(start) :]}"
        match = _SPLIT.fullmatch(address)
        start, local = (match[1], match[2]) if match else (address, "")
        name = next((name for name, iri in self.used.items() if iri == start), f"ns{len(self.used) + 1}")
        self.used[name] = start
        return f"{name}:{local}"


def _cell(text: str) -> str:
    text = " ".join(text.split())
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if '"' in text else text


def write(rows: tuple[Sequence[str], Sequence[Sequence[str]]]) -> bytes:
    """Give column names and rows (those of `graph/mapping-rows`) as SSSOM/TSV, sorted."""
    columns, records = rows
    prefixes = _Prefixes()
    lines = []
    for record in records:
        cells = dict(zip(columns, record, strict=True))
        shown = [
            prefixes.shorten(cells[name]) if name in _ENTITIES and cells[name] else cells[name] for name in columns
        ]
        lines.append("\t".join(map(_cell, shown)))
    header = [
        f"mapping_set_id: {CTMO}mappings/all.sssom.tsv",
        f'mapping_set_version: "{__version__}"',
        "mapping_set_title: Mappings of the Cell Therapy Mechanism Ontology, all files in one",
        "license: https://creativecommons.org/licenses/by/4.0/",
        "curie_map:",
        *(f"  {name}: {iri}" for name, iri in sorted(prefixes.used.items())),
    ]
    head = [f"#{line}" for line in header]
    return "\n".join([*head, "\t".join(columns), *sorted(set(lines))]).encode() + b"\n"
