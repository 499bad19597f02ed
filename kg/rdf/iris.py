"""IRIs and digests: a node is named by content or by the names in the file, so that two sources meet in one node."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

import pyoxigraph as ox

from kg.model import Claim, Evidence, Source
from kg.namespaces import CTMO, PREFIXES

__all__ = [
    "LABEL",
    "RDF_TYPE",
    "assertion_iri",
    "content_hash",
    "ctmo",
    "evidence_iri",
    "graph_iri",
    "seal",
    "source_iri",
    "term_iri",
    "text",
]

RDF_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
LABEL = ox.NamedNode(PREFIXES["rdfs"] + "label")


def ctmo(local: str) -> ox.NamedNode:
    """Give a node of our namespace."""
    return ox.NamedNode(CTMO + local)


def graph_iri(kind: str, stem: str) -> ox.NamedNode:
    """Give the name of the graph that holds one file."""
    return ctmo(f"graph/{kind}/{stem}")


def source_iri(source_id: str) -> ox.NamedNode:
    """Give the node of a source."""
    return ctmo(f"source/{source_id}")


def term_iri(curie: str) -> ox.NamedNode:
    """Give the node of a CURIE of our prefixes; studies and their parts (`study:gu2020#pet-suv`) included."""
    prefix, _, local = curie.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def text(words: str, language: str | None = None) -> ox.Literal:
    """Give a literal."""
    return ox.Literal(words, language=language) if language else ox.Literal(words)


def content_hash(content: object) -> str:
    """Give a digest of what JSON can say."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return blake2b(canonical.encode(), digest_size=16).hexdigest()


def _content(claim: Claim) -> dict[str, Any]:
    dumped = claim.model_dump(mode="json", exclude_none=True)
    return {
        "subject": claim.subject.id,
        "relation": claim.relation,
        "object": claim.object.id,
        "modality": claim.modality,
        "context": dumped["context"],
        "numbers": dumped["numbers"],
    }


def assertion_iri(claim: Claim) -> ox.NamedNode:
    """Give the node of what a claim asserts: the hash of its content, so that two sources meet in one node."""
    return ctmo(f"assertion/{content_hash(_content(claim))}")


def _evidence_content(claim: Claim, evidence: Evidence, source_id: str) -> dict[str, Any]:
    dumped = evidence.model_dump(mode="json", exclude_none=True)
    dumped["passage"] = {"exact": evidence.passage.exact, "loose": evidence.passage.loose}
    return {"claim": _content(claim), "evidence": dumped, "source": source_id}


def evidence_iri(claim: Claim, evidence: Evidence, source_id: str) -> ox.NamedNode:
    """Give the node of one passage that speaks for or against a claim."""
    return ctmo(f"evidence/{content_hash(_evidence_content(claim, evidence, source_id))}")


def seal(claim: Claim, evidence: Evidence, source: Source) -> str:
    """Give a digest over all that a verification vouches for.

    That is the source, the whole claim with its numbers, note and audit, and this evidence line with its place: change
    one of them, and the seal no longer fits.
    """
    whole = claim.model_dump(mode="json", exclude_none=True, exclude={"evidence"})
    document = source.model_dump(mode="json", exclude_none=True, exclude={"references"})  # no passage carries these
    parts = [evidence.model_dump(mode="json", exclude_none=True), document]
    return content_hash([whole, *parts])
