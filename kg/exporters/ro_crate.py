"""The graph with its exports as an RO-Crate: a folder that says of each file what it is.

Metadata after RO-Crate 1.1. The day is that of the data, not of the export: the same graph gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from kg import __version__
from kg.exporters import cx2, graphml, nq, sssom
from kg.exporters.drawn import CAUTION, DrawnNetwork
from kg.exporters.dump import Dump
from kg.namespaces import CTMO

__all__ = ["FILES", "NEEDS", "SUMMARY", "Crate", "write"]

SUMMARY = "graph, network and mappings as an RO-Crate: a folder with its metadata"
NEEDS = "crate"
FILES = True

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Crate:
    """What goes into the folder. `day` is that of the newest curated line, `mappings` are columns and rows."""

    dump: Dump
    network: DrawnNetwork
    mappings: tuple[list[str], list[list[str]]]
    day: str


def _file(name: str, words: str, form: str, content: bytes) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "File",
        "name": words,
        "encodingFormat": form,
        "contentSize": str(len(content)),
        "sha256": sha256(content).hexdigest(),
    }


def write(crate: Crate) -> dict[str, bytes]:
    """Give file name -> content, the metadata among them."""
    parts = [
        ("mechtrail.nq", "the whole graph, one line a quad", "application/n-quads", nq.write(crate.dump)),
        ("mechanisms.graphml", "the mechanism network", "application/graphml+xml", graphml.write(crate.network)),
        ("mechanisms.cx2", "the mechanism network with its look", "application/json", cx2.write(crate.network)),
        (
            "mappings.sssom.tsv",
            "mappings to other vocabularies",
            "text/tab-separated-values",
            sssom.write(crate.mappings),
        ),
    ]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": "mechtrail: mechanisms of cell therapy in cerebral palsy and the trial evidence for each",
        "description": f"Ontology, curated assertions with their evidence, and trials. {CAUTION}",
        "datePublished": crate.day,
        "version": __version__,
        "license": {"@id": _LICENCE},
        "identifier": CTMO,
        "hasPart": [{"@id": name} for name, *_ in parts],
    }
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    licence = {
        "@id": _LICENCE,
        "@type": "CreativeWork",
        "name": "CC BY 4.0",
        "description": "Ontology and data of mechtrail; each source keeps its own licence, named in the graph.",
    }
    files = [_file(name, words, form, content) for name, words, form, content in parts]
    document = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [descriptor, root, *files, licence]}
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return {name: content for name, _, _, content in parts} | {"ro-crate-metadata.json": text.encode() + b"\n"}
