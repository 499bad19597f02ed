"""Answers of Europe PMC's search (JSON, lite or core) -> `Paper`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.papers import MeshHeading, Paper, Substance
from kg.papers.identifiers import plain_doi, plain_pmcid, plain_pmid, trial_numbers
from kg.papers.markup import printed_html
from kg.registries.ctgov_json import documents
from kg.registries.dates import read_date
from kg.registries.loose_json import at, each, words
from kg.registries.whole_files import has_json_keys

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "europepmc-json"
SUMMARY = "Europe PMC search answers (JSON)"

_YES = {"Y": True, "N": False}


def accepts(member: Member) -> bool:
    """Say whether a file is an answer of Europe PMC's search."""
    return has_json_keys(member, "hitCount", "resultList")


def read(member: Member) -> Iterator[Paper | Refused | Ignored]:
    """Give a paper for each result; raise `SourceError` for JSON that is not whole."""
    place = 0
    for document in documents(member):
        if isinstance(document, Refused):
            yield document
            continue
        line, page = document
        for result in each(at(page, "resultList", "result")):
            place += 1
            name = " ".join(filter(None, (words(at(result, "source")), words(at(result, "id"))))) or f"result {place}"
            if not isinstance(result, dict):
                yield Refused(name, f"found {type(result).__name__}, expected an object that describes a paper", line)
            elif not (paper := _paper(result)).id:
                yield Refused(name, "found no PMID, PMCID or DOI, expected an identifier of the paper", line)
            else:
                yield paper


def _paper(result: dict[str, Any]) -> Paper:
    title, abstract = printed_html(words(result.get("title"))).replace("\n", " "), tuple(_abstract(result))
    journal = at(result, "journalInfo", "journal")
    names = (at(journal, "isoabbreviation"), result.get("journalTitle"), at(journal, "title"))
    types = tuple(filter(None, _types(result)))
    return Paper(
        source_format=KIND,
        pmid=plain_pmid(words(result.get("pmid"))),
        pmcid=plain_pmcid(words(result.get("pmcid"))),
        doi=plain_doi(words(result.get("doi"))),
        title=title,
        authors=tuple(_authors(result)),
        journal=next(filter(None, map(words, names)), ""),
        year=words(result.get("pubYear")),
        volume=words(result.get("journalVolume")) or words(at(result, "journalInfo", "volume")),
        issue=words(result.get("issue")) or words(at(result, "journalInfo", "issue")),
        pages=words(result.get("pageInfo")),
        publication_types=types,
        mesh=tuple(_headings(result)),
        substances=tuple(_substances(result)),
        registry_numbers=trial_numbers(title, abstract, ()),
        licence=words(result.get("license")),
        is_open_access=_YES.get(words(result.get("isOpenAccess"))),
        is_retracted=True if any(kind.lower() == "retracted publication" for kind in types) else None,
        abstract=abstract,
        data_date=read_date(words(result.get("dateOfRevision"))),
    )


def _authors(result: dict[str, Any]) -> Iterator[str]:
    listed = each(at(result, "authorList", "author"))
    if not listed:  # "Gu J, Huang L."
        listed = [name.strip() for name in words(result.get("authorString")).removesuffix(".").split(", ")]
    for author in listed:
        names = (author, at(author, "fullName"), at(author, "collectiveName"))
        yield from filter(None, [next(filter(None, map(words, names)), "")])


def _types(result: dict[str, Any]) -> Iterator[str]:
    listed = each(at(result, "pubTypeList", "pubType")) or words(result.get("pubType")).split(";")
    yield from map(words, listed)


def _abstract(result: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the sections of an abstract, whose headings are HTML; one without headings is one section."""
    parts = words(result.get("abstractText")).split("<h4>")
    for place, part in enumerate(parts):
        label, closed, text = part.partition("</h4>") if place else ("", "", part)
        if shown := printed_html(text if closed or not place else part):
            yield (printed_html(label).strip(" :") if closed else ""), shown


def _headings(result: dict[str, Any]) -> Iterator[MeshHeading]:
    for heading in each(at(result, "meshHeadingList", "meshHeading")):
        parts = [heading, *each(at(heading, "meshQualifierList", "meshQualifier"))]
        if name := words(at(heading, "descriptorName")):
            yield MeshHeading("", name, any(words(at(part, "majorTopic_YN")) == "Y" for part in parts))


def _substances(result: dict[str, Any]) -> Iterator[Substance]:
    for chemical in each(at(result, "chemicalList", "chemical")):
        number = words(at(chemical, "registryNumber"))
        if name := words(at(chemical, "name")):
            yield Substance(name, "", "" if number == "0" else number)
