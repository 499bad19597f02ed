"""PubMed's XML (E-utilities efetch, the yearly files) -> `Paper`. Addresses and investigators are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.papers import MeshHeading, Paper, PaperReference, Substance
from kg.model.trials import Date
from kg.papers.identifiers import plain_doi, plain_pmcid, plain_pmid, trial_numbers
from kg.papers.markup import printed_text
from kg.registries.dates import read_date
from kg.registries.numbers import find_numbers
from kg.registries.whole_files import xml_records, xml_root

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "pubmed-xml"
SUMMARY = "PubMed XML: PubmedArticleSet, as efetch and the yearly files give it"

_RECORDS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")


def accepts(member: Member) -> bool:
    """Say whether a file is an XML document of PubMed articles."""
    return xml_root(member) in ("PubmedArticleSet", "PubmedArticle")


def read(member: Member) -> Iterator[Paper | Refused | Ignored]:
    """Give a paper for each article; raise `SourceError` for XML that is not whole."""
    records = ((found.line, found.element) for found in xml_records(member, *_RECORDS))
    for place, (line, record) in enumerate(records, 1):
        pmid = plain_pmid(_text(record.find("MedlineCitation/PMID")))
        name = f"PMID {pmid}" if pmid else f"record {place}"
        if record.tag != "PubmedArticle":
            yield Refused(name, f"found {record.tag}, expected PubmedArticle: only papers are read", line)
        elif (citation := record.find("MedlineCitation")) is None or (article := citation.find("Article")) is None:
            yield Refused(name, "found no MedlineCitation/Article, expected the description of a paper", line)
        elif not (paper := _paper(record, citation, article, pmid)).id:
            yield Refused(name, "found no PMID, PMCID or DOI, expected an identifier of the paper", line)
        else:
            yield paper
            yield from _left_out(record, name)


def _text(element: Element | None) -> str:
    return "" if element is None else printed_text(element).replace("\n", " ")


def _paper(record: Element, citation: Element, article: Element, pmid: str) -> Paper:
    ids = {each.get("IdType", ""): _text(each) for each in record.findall("PubmedData/ArticleIdList/ArticleId")}
    dois = [_text(each) for each in article.findall("ELocationID") if each.get("EIdType") == "doi"]
    title, abstract = _text(article.find("ArticleTitle")), tuple(_abstract(article))
    types = tuple(filter(None, (_text(each) for each in article.findall("PublicationTypeList/PublicationType"))))
    banks = [_text(each) for each in article.iterfind("DataBankList/DataBank/AccessionNumberList/AccessionNumber")]
    notices = [each.get("RefType") for each in citation.iterfind("CommentsCorrectionsList/CommentsCorrections")]
    retracted = "Retracted Publication" in types or "RetractionIn" in notices
    return Paper(
        source_format=KIND,
        pmid=pmid or plain_pmid(ids.get("pubmed", "")),
        pmcid=plain_pmcid(ids.get("pmc", "")),
        doi=next(filter(None, map(plain_doi, [ids.get("doi", ""), *dois])), ""),
        title=title,
        authors=tuple(filter(None, map(_author, article.findall("AuthorList/Author")))),
        journal=_text(article.find("Journal/ISOAbbreviation")) or _text(article.find("Journal/Title")),
        year=_year(article),
        volume=_text(article.find("Journal/JournalIssue/Volume")),
        issue=_text(article.find("Journal/JournalIssue/Issue")),
        pages=_pages(article),
        publication_types=types,
        mesh=tuple(_headings(citation)),
        substances=tuple(_substances(citation)),
        registry_numbers=trial_numbers(title, abstract, (), banks),
        is_retracted=True if retracted else None,
        abstract=abstract,
        references=tuple(_references(record)),
        data_date=_date(citation.find("DateRevised")),
    )


def _abstract(article: Element) -> Iterator[tuple[str, str]]:
    for part in article.findall("Abstract/AbstractText"):
        if words := printed_text(part):
            yield part.get("Label", "").strip(), words


def _author(author: Element) -> str:
    """Give "Gu J" or the name of a group; initials are in every record, given names in the newer ones only."""
    group = _text(author.find("CollectiveName"))
    names = [_text(author.find(part)) for part in ("LastName", "Initials", "Suffix")]
    return group or " ".join(filter(None, names)) or _text(author.find("ForeName"))


def _year(article: Element) -> str:
    issue = article.find("Journal/JournalIssue/PubDate")
    printed = "" if issue is None else _text(issue.find("Year")) or _text(issue.find("MedlineDate"))
    found = re.search(r"\b(?:1[5-9]|20|21)[0-9]{2}\b", printed)
    return found.group() if found else ""


def _pages(article: Element) -> str:
    printed = _text(article.find("Pagination/MedlinePgn"))
    ends = [_text(article.find(f"Pagination/{part}")) for part in ("StartPage", "EndPage")]
    return printed or "-".join(dict.fromkeys(filter(None, ends)))


def _headings(citation: Element) -> Iterator[MeshHeading]:
    for heading in citation.findall("MeshHeadingList/MeshHeading"):
        name = heading.find("DescriptorName")
        if name is not None and _text(name):
            parts = [name, *heading.findall("QualifierName")]
            major = any(part.get("MajorTopicYN") == "Y" for part in parts)
            yield MeshHeading(name.get("UI", "").strip(), _text(name), major)


def _substances(citation: Element) -> Iterator[Substance]:
    for chemical in citation.findall("ChemicalList/Chemical"):
        name, number = chemical.find("NameOfSubstance"), _text(chemical.find("RegistryNumber"))
        if name is not None and _text(name):
            yield Substance(_text(name), name.get("UI", "").strip(), "" if number == "0" else number)


def _references(record: Element) -> Iterator[PaperReference]:
    for place, reference in enumerate(record.iterfind("PubmedData/ReferenceList//Reference"), 1):
        ids = {each.get("IdType", ""): _text(each) for each in reference.iterfind("ArticleIdList/ArticleId")}
        yield PaperReference(str(place), plain_pmid(ids.get("pubmed", "")), plain_doi(ids.get("doi", "")))


def _date(revised: Element | None) -> Date | None:
    if revised is None:
        return None
    parts = [_text(revised.find(part)) for part in ("Year", "Month", "Day")]
    return read_date("-".join(filter(None, parts)))


def _left_out(record: Element, name: str) -> Iterator[Ignored]:
    for bank in record.iterfind("MedlineCitation/Article/DataBankList/DataBank"):
        for number in bank.iterfind("AccessionNumberList/AccessionNumber"):
            if not find_numbers(_text(number)):
                found = f"{_text(bank.find('DataBankName'))} {_text(number)}".strip()
                yield Ignored(name, "DataBankList", f"found {found!r}, expected the number of a trial registry")
    if record.find("MedlineCitation/OtherAbstract") is not None:
        yield Ignored(name, "OtherAbstract", "an abstract in another language or of another kind")
