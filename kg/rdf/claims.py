"""Sources, claims, evidence lines and mechanism paths -> quads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg import vocabulary
from kg.model import Claim, ClaimsFile, Evidence, PathRecord, Source
from kg.namespaces import PREFIXES
from kg.rdf.iris import LABEL, assertion_iri, ctmo, evidence_iri, seal, source_iri, term_iri, text
from kg.rdf.writer import Writer
from kg.vocabulary import Lexicon, camel

__all__ = ["claims_quads", "quotation_quads"]

_DCTERMS = PREFIXES["dcterms"]
_XSD = PREFIXES["xsd"]


def _source_quads(source: Source, graph: ox.NamedNode, normalised_digest: str | None) -> Iterator[ox.Quad]:
    node, writer = source_iri(source.id), Writer(graph, source_iri(source.id).value)
    yield writer.typed(node, "Source")
    yield ox.Quad(node, LABEL, text(source.label, "en"), graph)
    yield ox.Quad(node, ox.NamedNode(_DCTERMS + "title"), text(source.title), graph)
    for author in source.authors:
        yield ox.Quad(node, ox.NamedNode(_DCTERMS + "creator"), text(author), graph)
    if source.published:
        kind = {4: "gYear", 7: "gYearMonth"}.get(len(source.published), "date")
        issued = ox.Literal(source.published, datatype=ox.NamedNode(_XSD + kind))
        yield ox.Quad(node, ox.NamedNode(_DCTERMS + "issued"), issued, graph)
    yield from writer.fields(node, source, skip=("label", "title", "published", "kind"))
    yield writer.quad(node, "sourceKind", text(source.kind))
    if normalised_digest:
        yield writer.quad(node, "normalisedDigest", text(normalised_digest))


def _evidence_quads(
    claim: Claim, evidence: Evidence, source_id: str, graph: ox.NamedNode, verification: str
) -> Iterator[ox.Quad]:
    node = evidence_iri(claim, evidence, source_id)
    writer = Writer(graph, node.value)
    yield writer.quad(assertion_iri(claim), "hasEvidenceLine", node)
    yield writer.typed(node, "EvidenceLine")
    yield ox.Quad(node, ox.NamedNode(_DCTERMS + "source"), source_iri(source_id), graph)
    yield writer.quad(node, "claimId", text(claim.id))
    yield writer.quad(node, "statement", text(claim.statement, "en"))
    yield writer.quad(node, "verification", ox.NamedNode(vocabulary.VERIFICATIONS[verification]))
    for number in evidence.cites:
        yield writer.quad(node, "citedAs", text(number))
    if evidence.cites:  # joined here once, since a GROUP_CONCAT in each question costs more than the question itself
        yield writer.quad(node, "citedAsText", text(", ".join(evidence.cites)))
    if evidence.study:
        yield writer.quad(node, "study", term_iri(evidence.study))
    yield writer.quad(node, "quoteRole", ox.NamedNode(vocabulary.ROLES[evidence.role]))
    for field in ("direction", "study_kind"):
        yield from writer.one(node, field, getattr(evidence, field), None)
    passage = ox.NamedNode(f"{node.value}#passage")
    yield writer.quad(node, "passage", passage)
    yield writer.typed(passage, "Passage")
    mark = evidence.passage
    yield writer.quad(passage, "section", text(mark.section))
    yield writer.quad(passage, "exactDigest", text(mark.exact))
    yield writer.quad(passage, "looseDigest", text(mark.loose))
    for local, count in (("tokens", mark.tokens), ("looseTokens", mark.loose_tokens), ("atToken", mark.at)):
        if count is not None:
            yield writer.quad(passage, local, ox.Literal(count))


def _claim_quads(claim: Claim, source_id: str, graph: ox.NamedNode, lexicon: Lexicon) -> Iterator[ox.Quad]:
    node = assertion_iri(claim)
    writer = Writer(graph, node.value)
    yield writer.typed(node, "Assertion")
    ends = (
        ("subject", term_iri(claim.subject.id)),
        ("predicate", ox.NamedNode(lexicon.iri_of_relation[claim.relation])),
        ("object", term_iri(claim.object.id)),
    )
    for part, value in ends:
        yield ox.Quad(node, ox.NamedNode(PREFIXES["rdf"] + part), value, graph)
    yield writer.quad(node, "claimId", text(claim.id))
    yield writer.quad(node, "statement", text(claim.statement, "en"))
    yield from writer.one(node, "modality", claim.modality, None)
    pairs = claim.context.pairs()
    for name, words in pairs:
        yield writer.quad(node, camel(f"context {name}"), text(words))
    if pairs:
        yield writer.quad(node, "context", text("; ".join(f"{name}: {words}" for name, words in pairs)))
    for position, number in enumerate(claim.numbers, 1):
        yield from writer.child(node, "number", number, position)
    if claim.audit:  # two sources may assert the same, and each is held against the primary study by itself
        audit = ox.NamedNode(f"{node.value}#audit-{source_id}-{claim.id}")
        yield writer.quad(node, "audit", audit)
        yield writer.typed(audit, "Audit")
        yield writer.quad(audit, "claimId", text(claim.id))
        yield writer.quad(audit, "statement", text(claim.statement, "en"))
        yield ox.Quad(audit, ox.NamedNode(_DCTERMS + "source"), source_iri(source_id), graph)
        yield from writer.fields(audit, claim.audit)
    if claim.note:
        yield writer.quad(node, "note", text(claim.note))


def _path_quads(path: PathRecord, file: ClaimsFile, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    iri_of_claim = {claim.id: assertion_iri(claim) for claim in file.claims}
    node = ctmo(f"path/{path.id}")
    writer = Writer(graph, node.value)
    yield writer.typed(node, "MechanismPath")
    yield ox.Quad(node, LABEL, text(path.label, "en"), graph)
    yield writer.quad(node, "statement", text(path.statement, "en"))
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


def quotation_quads(words_of_evidence: Iterable[tuple[ox.NamedNode, str]], graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the quads that show verified words; they belong in a local store only."""
    for evidence, words in words_of_evidence:
        yield ox.Quad(ox.NamedNode(f"{evidence.value}#passage"), ctmo("words"), text(words), graph)
