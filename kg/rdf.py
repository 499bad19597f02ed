"""Model -> quads. The only module that knows how a claim or a study looks in RDF.

Every node has an IRI made from content or from the names in the file: no blank nodes, so that the same files give the
same bytes. A decimal is written twice, typed and as the text that was read, since a store rewrites `1.50` to `1.5`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import pyoxigraph as ox
from pydantic import BaseModel

from kg import vocabulary
from kg.model import Claim, ClaimsFile, Evidence, PathRecord, Source, Study, Term
from kg.namespaces import CTMO, PREFIXES
from kg.vocabulary import Lexicon, camel

__all__ = [
    "assertion_iri",
    "claims_quads",
    "ctmo",
    "evidence_iri",
    "graph_iri",
    "quotation_quads",
    "seal",
    "source_iri",
    "study_quads",
    "term_iri",
]

RDF_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
LABEL = ox.NamedNode(PREFIXES["rdfs"] + "label")
_DCTERMS = PREFIXES["dcterms"]
_XSD = PREFIXES["xsd"]

#: Fields whose words are controlled: the table that turns them into IRIs.
_WORDS: dict[str, dict[str, str]] = {
    "direction": vocabulary.DIRECTIONS | vocabulary.READOUT_DIRECTIONS,
    "finding": vocabulary.FINDINGS,
    "modality": vocabulary.MODALITIES,
    "status": vocabulary.FACT_STATUSES,
    "study_kind": vocabulary.STUDY_KINDS,
    "verdict": vocabulary.VERDICTS,
    "type": vocabulary.SPREAD_TYPES,
}

#: Field -> local name of the predicate, where it is not the field in camelCase.
_PREDICATES = {
    "adverse_events": "hasAdverseEventCount",
    "ages_years": "ages",
    "arms": "hasArm",
    "citation": "citation",
    "co_interventions": "coIntervention",
    "comparisons": "hasComparison",
    "follow_up_months": "followUp",
    "outcomes": "plansOutcome",
    "planned_readouts": "hasPlannedReadout",
    "publications": "publication",
    "readouts": "hasReadout",
    "results": "hasResult",
    "role": "armRole",
    "sites": "site",
    "status": "factStatus",
    "type": "spreadType",
    "values": "value",
    "months": "month",
    "notes": "note",
}

#: Fields that name an arm of the same study.
_ARM_FIELDS = {"arm", "arms"}


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


def _text(words: str, language: str | None = None) -> ox.Literal:
    return ox.Literal(words, language=language) if language else ox.Literal(words)


def _hash(content: object) -> str:
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
    return ctmo(f"assertion/{_hash(_content(claim))}")


def _evidence_content(claim: Claim, evidence: Evidence, source_id: str) -> dict[str, Any]:
    dumped = evidence.model_dump(mode="json", exclude_none=True)
    dumped["passage"] = {"exact": evidence.passage.exact, "loose": evidence.passage.loose}
    return {"claim": _content(claim), "evidence": dumped, "source": source_id}


def evidence_iri(claim: Claim, evidence: Evidence, source_id: str) -> ox.NamedNode:
    """Give the node of one passage that speaks for or against a claim."""
    return ctmo(f"evidence/{_hash(_evidence_content(claim, evidence, source_id))}")


def seal(claim: Claim, evidence: Evidence, source: Source) -> str:
    """Give a digest over all that a verification vouches for.

    That is the source, the whole claim with its numbers, note and audit, and this evidence line with its place: change
    one of them, and the seal no longer fits.
    """
    whole = claim.model_dump(mode="json", exclude_none=True, exclude={"evidence"})
    parts = [record.model_dump(mode="json", exclude_none=True) for record in (evidence, source)]
    return _hash([whole, *parts])


def _value_pairs(field: str, value: object, owner: str) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    """Give (local predicate name, object) for one plain value of a field."""
    name = _PREDICATES.get(field, camel(field.replace("_", " ")))
    if isinstance(value, bool):
        yield name, ox.Literal("true" if value else "false", datatype=ox.NamedNode(_XSD + "boolean"))
    elif isinstance(value, int):
        yield name, ox.Literal(str(value), datatype=ox.NamedNode(_XSD + "integer"))
    elif isinstance(value, Decimal):
        yield name, ox.Literal(format(value, "f"), datatype=ox.NamedNode(_XSD + "decimal"))
        yield f"{name}Text", _text(str(value))
    elif field in _ARM_FIELDS:
        yield name, ox.NamedNode(f"{owner}#{value}")
    elif field == "against":
        yield name, term_iri(str(value))
    elif field in _WORDS and value in _WORDS[field]:
        yield name, ox.NamedNode(_WORDS[field][str(value)])
    else:
        yield name, _text(str(value))


class _Writer:
    """Walks a record and writes its triples into one graph."""

    def __init__(self, graph: ox.NamedNode, owner: str) -> None:
        self.graph = graph
        self.owner = owner  # the IRI that fragments hang on

    def quad(self, subject: ox.NamedNode, local: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(subject, ctmo(local), value, self.graph)

    def typed(self, subject: ox.NamedNode, class_name: str) -> ox.Quad:
        return ox.Quad(subject, RDF_TYPE, ctmo(class_name), self.graph)

    def fields(self, node: ox.NamedNode, record: BaseModel, skip: Iterable[str] = ()) -> Iterator[ox.Quad]:
        """Write every field that is there; nested records become nodes of their own."""
        for field in type(record).model_fields:
            if field in skip or field == "id":
                continue
            value = getattr(record, field)
            many = value if isinstance(value, list) else [value]
            for position, one in enumerate(many, 1):
                if one is not None:
                    yield from self.one(node, field, one, position if isinstance(value, list) else None)

    def one(self, node: ox.NamedNode, field: str, value: object, position: int | None) -> Iterator[ox.Quad]:
        """Write one value of a field."""
        if field == "arms" and position == 1 and isinstance(value, str):
            # a finding speaks of the first arm against the others, and triples have no order
            yield self.quad(node, "firstArm", ox.NamedNode(f"{self.owner}#{value}"))
        if isinstance(value, Term):
            yield self.quad(node, _PREDICATES.get(field, camel(field.replace("_", " "))), term_iri(value.id))
        elif isinstance(value, BaseModel):
            yield from self.child(node, field, value, position)
        else:
            for local, item in _value_pairs(field, value, self.owner):
                yield self.quad(node, local, item)

    def child(self, node: ox.NamedNode, field: str, record: BaseModel, position: int | None) -> Iterator[ox.Quad]:
        """Write a nested record under `owner#id`, or `owner#parent-field` where it has no id."""
        inner = node.value.partition("#")[2]
        name = getattr(record, "id", None) if type(record).__name__ != "Registration" else None
        plain = "-".join(part for part in (inner, camel(field.replace("_", " ")), str(position or "")) if part)
        child = ox.NamedNode(f"{self.owner}#{name or plain}")
        yield self.quad(node, _PREDICATES.get(field, camel(field.replace("_", " "))), child)
        yield self.typed(child, _CLASSES.get(type(record).__name__, type(record).__name__))
        if type(record).__name__ == "Registration":
            yield self.quad(child, "registryId", _text(str(getattr(record, "id", ""))))
        yield from self.fields(child, record)


_CLASSES = {"AdverseEvent": "AdverseEventCount", "CoDrug": "CoIntervention"}


def _source_quads(source: Source, graph: ox.NamedNode, normalised_digest: str | None) -> Iterator[ox.Quad]:
    node, writer = source_iri(source.id), _Writer(graph, source_iri(source.id).value)
    yield writer.typed(node, "Source")
    yield ox.Quad(node, LABEL, _text(source.label, "en"), graph)
    yield ox.Quad(node, ox.NamedNode(_DCTERMS + "title"), _text(source.title), graph)
    for author in source.authors:
        yield ox.Quad(node, ox.NamedNode(_DCTERMS + "creator"), _text(author), graph)
    if source.published:
        kind = {4: "gYear", 7: "gYearMonth"}.get(len(source.published), "date")
        issued = ox.Literal(source.published, datatype=ox.NamedNode(_XSD + kind))
        yield ox.Quad(node, ox.NamedNode(_DCTERMS + "issued"), issued, graph)
    yield from writer.fields(node, source, skip=("label", "title", "authors", "published", "kind"))
    yield writer.quad(node, "sourceKind", _text(source.kind))
    if normalised_digest:
        yield writer.quad(node, "normalisedDigest", _text(normalised_digest))


def _evidence_quads(
    claim: Claim, evidence: Evidence, source_id: str, graph: ox.NamedNode, verification: str
) -> Iterator[ox.Quad]:
    node = evidence_iri(claim, evidence, source_id)
    writer = _Writer(graph, node.value)
    yield writer.quad(assertion_iri(claim), "hasEvidenceLine", node)
    yield writer.typed(node, "EvidenceLine")
    yield ox.Quad(node, ox.NamedNode(_DCTERMS + "source"), source_iri(source_id), graph)
    yield writer.quad(node, "claimId", _text(claim.id))
    yield writer.quad(node, "statement", _text(claim.statement, "en"))
    yield writer.quad(node, "verification", ox.NamedNode(vocabulary.VERIFICATIONS[verification]))
    for number in evidence.cites:
        yield writer.quad(node, "citedAs", _text(number))
    if evidence.cites:  # joined here once, since a GROUP_CONCAT in each question costs more than the question itself
        yield writer.quad(node, "citedAsText", _text(", ".join(evidence.cites)))
    if evidence.study:
        yield writer.quad(node, "study", term_iri(evidence.study))
    yield writer.quad(node, "quoteRole", ox.NamedNode(vocabulary.ROLES[evidence.role]))
    for field in ("direction", "study_kind"):
        yield from writer.one(node, field, getattr(evidence, field), None)
    passage = ox.NamedNode(f"{node.value}#passage")
    yield writer.quad(node, "passage", passage)
    yield writer.typed(passage, "Passage")
    mark = evidence.passage
    yield writer.quad(passage, "section", _text(mark.section))
    yield writer.quad(passage, "exactDigest", _text(mark.exact))
    yield writer.quad(passage, "looseDigest", _text(mark.loose))
    for local, count in (("tokens", mark.tokens), ("looseTokens", mark.loose_tokens), ("atToken", mark.at)):
        if count is not None:
            yield writer.quad(passage, local, ox.Literal(count))


def _claim_quads(claim: Claim, source_id: str, graph: ox.NamedNode, lexicon: Lexicon) -> Iterator[ox.Quad]:
    node = assertion_iri(claim)
    writer = _Writer(graph, node.value)
    yield writer.typed(node, "Assertion")
    ends = (
        ("subject", term_iri(claim.subject.id)),
        ("predicate", ox.NamedNode(lexicon.iri_of_relation[claim.relation])),
        ("object", term_iri(claim.object.id)),
    )
    for part, value in ends:
        yield ox.Quad(node, ox.NamedNode(PREFIXES["rdf"] + part), value, graph)
    yield writer.quad(node, "claimId", _text(claim.id))
    yield writer.quad(node, "statement", _text(claim.statement, "en"))
    yield from writer.one(node, "modality", claim.modality, None)
    pairs = claim.context.pairs()
    for name, words in pairs:
        yield writer.quad(node, camel(f"context {name}"), _text(words))
    if pairs:
        yield writer.quad(node, "context", _text("; ".join(f"{name}: {words}" for name, words in pairs)))
    for position, number in enumerate(claim.numbers, 1):
        yield from writer.child(node, "number", number, position)
    if claim.audit:  # two sources may assert the same, and each is held against the primary study by itself
        audit = ox.NamedNode(f"{node.value}#audit-{source_id}-{claim.id}")
        yield writer.quad(node, "audit", audit)
        yield writer.typed(audit, "Audit")
        yield writer.quad(audit, "claimId", _text(claim.id))
        yield writer.quad(audit, "statement", _text(claim.statement, "en"))
        yield ox.Quad(audit, ox.NamedNode(_DCTERMS + "source"), source_iri(source_id), graph)
        yield from writer.fields(audit, claim.audit)
    if claim.note:
        yield writer.quad(node, "note", _text(claim.note))


def _path_quads(path: PathRecord, file: ClaimsFile, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    iri_of_claim = {claim.id: assertion_iri(claim) for claim in file.claims}
    node = ctmo(f"path/{path.id}")
    writer = _Writer(graph, node.value)
    yield writer.typed(node, "MechanismPath")
    yield ox.Quad(node, LABEL, _text(path.label, "en"), graph)
    yield writer.quad(node, "statement", _text(path.statement, "en"))
    yield from writer.one(node, "mediation_tested", path.mediation_tested, None)
    yield ox.Quad(node, ox.NamedNode(_DCTERMS + "source"), source_iri(file.source.id), graph)
    if path.explains:
        yield writer.quad(node, "explains", iri_of_claim[path.explains])
    cells = [ox.NamedNode(f"{node.value}#step-{i}") for i in range(1, len(path.steps) + 1)]
    yield writer.quad(node, "steps", cells[0])
    end = ox.NamedNode(PREFIXES["rdf"] + "nil")
    for cell, step, rest in zip(cells, path.steps, [*cells[1:], end], strict=True):
        yield ox.Quad(cell, ox.NamedNode(PREFIXES["rdf"] + "first"), iri_of_claim[step], graph)
        yield ox.Quad(cell, ox.NamedNode(PREFIXES["rdf"] + "rest"), rest, graph)


def claims_quads(
    file: ClaimsFile,
    graph: ox.NamedNode,
    lexicon: Lexicon,
    *,
    verifications: dict[str, str],
    normalised_digest: str | None = None,
) -> Iterator[ox.Quad]:
    """Give the quads of a claims file; `verifications` maps a seal to a word of `vocabulary.VERIFICATIONS`."""
    yield from _source_quads(file.source, graph, normalised_digest)
    for claim in file.claims:
        yield from _claim_quads(claim, file.source.id, graph, lexicon)
        for evidence in claim.evidence:
            word = verifications.get(seal(claim, evidence, file.source), "not verified")
            yield from _evidence_quads(claim, evidence, file.source.id, graph, word)
    for path in file.paths:
        yield from _path_quads(path, file, graph)


def study_quads(study: Study, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the quads of a study file."""
    node = ctmo(f"study/{study.id}")
    writer = _Writer(graph, node.value)
    yield writer.typed(node, "Study")
    yield ox.Quad(node, LABEL, _text(study.citation, "en"), graph)
    yield ox.Quad(node, ox.NamedNode(_DCTERMS + "title"), _text(study.title), graph)
    yield from writer.fields(node, study, skip=("citation", "title"))


def quotation_quads(words_of_evidence: Iterable[tuple[ox.NamedNode, str]], graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the quads that show verified words; they belong in a local store only."""
    for evidence, words in words_of_evidence:
        yield ox.Quad(ox.NamedNode(f"{evidence.value}#passage"), ctmo("words"), _text(words), graph)
