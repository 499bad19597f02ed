"""Prefixes and IRIs. One table; CURIEs both ways."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from kg.errors import InputError

if TYPE_CHECKING:
    import curies

__all__ = ["CTMO", "PREFIXES", "compress", "expand", "expand_or_none"]

CTMO = "https://w3id.org/ctmo/"
_OBO = "http://purl.obolibrary.org/obo/"

#: The prefixes that queries, tables and exports use. OBO ones are built from the prefix itself.
PREFIXES: dict[str, str] = {
    "assertion": CTMO + "assertion/",
    "ctmo": CTMO,
    "dcterms": "http://purl.org/dc/terms/",
    "evidence": CTMO + "evidence/",
    "graph": CTMO + "graph/",
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
    "pav": "http://purl.org/pav/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "path": CTMO + "path/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "record": CTMO + "record/",
    "reported": CTMO + "reported/",
    "source": CTMO + "source/",
    "study": CTMO + "study/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "biolink": "https://w3id.org/biolink/vocab/",
    "EFO": "http://www.ebi.ac.uk/efo/EFO_",
    "ENSEMBL": "http://identifiers.org/ensembl/",
    "HGNC": "http://identifiers.org/hgnc/",
    "MESH": "http://id.nlm.nih.gov/mesh/",
    "NCBIGene": "http://identifiers.org/ncbigene/",
    "Orphanet": "http://www.orpha.net/ORDO/Orphanet_",
    "Reactome": "http://identifiers.org/reactome/",
    "SIGNOR": "http://identifiers.org/signor/",
    "UniProtKB": "http://purl.uniprot.org/uniprot/",
    "WikiPathways": "http://identifiers.org/wikipathways/",
}
PREFIXES |= {
    name: f"{_OBO}{name}_"
    for name in (
        *(
            "BFO",
            "BTO",
            "CHEBI",
            "CL",
            "COB",
            "CTO",
            "DOID",
            "ECO",
            "GO",
            "HP",
            "IAO",
            "MAXO",
            "MONDO",
            "NCBITaxon",
            "NCIT",
            "OAE",
        ),
        *("OBI", "OGMS", "OMO", "PATO", "PR", "RO", "SEPIO", "STATO", "UBERON"),
    )
}


@cache
def _converter() -> curies.Converter:
    import curies  # 0.1 s with pydantic: only the commands that meet a CURIE pay for it

    return curies.Converter.from_prefix_map(PREFIXES)


@cache
def expand_or_none(curie: str) -> str | None:
    """Give the IRI of a CURIE, or None when its prefix is not ours.

    >>> expand_or_none("CL:0000134")
    'http://purl.obolibrary.org/obo/CL_0000134'
    >>> expand_or_none("nope:1") is None
    True
    """
    return _converter().expand(curie)


def expand(curie: str) -> str:
    """Give the IRI of a CURIE; raise `InputError` when its prefix is not ours."""
    iri = expand_or_none(curie)
    if iri is None:
        raise InputError(f"{curie!r} is no CURIE of ours; prefixes: {', '.join(sorted(PREFIXES))}")
    return iri


_BY_LENGTH = sorted(((iri, name) for name, iri in PREFIXES.items()), key=lambda pair: -len(pair[0]))


def compress(iri: str) -> str:
    """Give the CURIE of an IRI, or the IRI itself when no prefix fits.

    >>> compress("https://w3id.org/ctmo/study/gu2020")
    'study:gu2020'
    >>> compress("https://example.org/x")
    'https://example.org/x'
    """
    for start, name in _BY_LENGTH:  # the longest prefix first; a table of rows must not wait for `curies`
        if iri.startswith(start):
            local = iri[len(start) :]
            return f"{name}:{local}" if local and "/" not in local else iri
    return iri
