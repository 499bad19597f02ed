"""Papers -> quads: the bibliographic record. Abstract and body are words of others and never go into a graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pyoxigraph as ox

from kg.model.papers import Paper
from kg.model.trials import Date
from kg.namespaces import PREFIXES
from kg.rdf.iris import LABEL, ctmo, text
from kg.rdf.writer import Writer

__all__ = ["paper_iri", "paper_quads"]

_XSD = PREFIXES["xsd"]
_TITLE = ox.NamedNode(PREFIXES["dcterms"] + "title")

#: Field -> local name of the predicate, for what is one text.
_TEXTS = {
    "pmid": "pmid",
    "pmcid": "pmcid",
    "doi": "doi",
    "journal": "journal",
    "year": "year",
    "volume": "volume",
    "issue": "issue",
    "pages": "pages",
    "licence": "licence",
}


def paper_iri(paper: Paper) -> ox.NamedNode:
    """Give the node of a paper, named by its PMID, else by its PMCID, else by its DOI.

    >>> paper_iri(Paper("jats", doi="10.1002/(sici)1097<1>a")).value
    'https://w3id.org/ctmo/paper/10.1002/(sici)1097%3C1%3Ea'
    """
    return ctmo("paper/" + quote(paper.id.lower() if paper.id == paper.doi else paper.id, safe="/:;()-._~!$&'*+,=@"))


def paper_quads(paper: Paper, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the quads of the record of a paper; nothing for a paper without an identifier."""
    if not paper.id:
        return
    node = paper_iri(paper)
    writer = Writer(graph, node.value)
    yield writer.typed(node, "PublicationRecord")
    yield ox.Quad(node, LABEL, text(paper.title or paper.id), graph)
    if paper.title:
        yield ox.Quad(node, _TITLE, text(paper.title), graph)
    if paper.authors:
        yield writer.quad(node, "author", text("; ".join(paper.authors)))  # one text: triples have no order
    for field, local in _TEXTS.items():
        if value := getattr(paper, field):
            yield writer.quad(node, local, text(value))
    for kind in dict.fromkeys(paper.publication_types):
        yield writer.quad(node, "publicationType", text(kind))
    for mention in paper.registry_numbers:
        yield writer.quad(node, "registryId" if mention.declared else "mentionsRegistryId", text(mention.number))
    for heading in dict.fromkeys(paper.mesh):
        yield writer.quad(node, "mainSubjectHeading" if heading.major else "subjectHeading", text(heading.heading))
        if re.fullmatch("[DCQ][0-9]{6,9}", heading.id):  # what becomes part of an IRI is looked at
            yield writer.quad(node, "subjectTerm", ox.NamedNode(PREFIXES["MESH"] + heading.id))
    for name in dict.fromkeys(substance.name for substance in paper.substances):
        yield writer.quad(node, "indexedSubstance", text(name))
    for local, truth in (("openAccess", paper.is_open_access), ("retracted", paper.is_retracted)):
        if truth is not None:
            yield writer.quad(node, local, ox.Literal(str(truth).lower(), datatype=ox.NamedNode(_XSD + "boolean")))
    if paper.data_date:
        yield writer.quad(node, "dataDate", _date(paper.data_date))


def _date(date: Date) -> ox.Literal:
    """Give a day, a month or a year as the kind of date that it is."""
    kind = {4: "gYear", 7: "gYearMonth"}.get(len(date.iso), "date")
    return ox.Literal(date.iso, datatype=ox.NamedNode(_XSD + kind))
