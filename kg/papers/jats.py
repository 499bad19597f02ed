"""JATS articles (PubMed Central, publishers) -> `Paper`, with abstract, body and references.

Not read: acknowledgements, notes and appendices, and the letters and reviews that a file may append.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.papers import Paper, PaperReference
from kg.papers.identifiers import plain_doi, plain_pmcid, plain_pmid, trial_numbers
from kg.papers.markup import printed_text
from kg.registries.whole_files import xml_records, xml_root

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "jats"
SUMMARY = "JATS XML: one article or a set of them, as PubMed Central and publishers give it"

_ROOTS = ("article", "pmc-articleset", "OAI-PMH")
#: Dates of publication, that of the issue first, as PubMed counts the year.
_PUBLISHED = ("ppub", "collection", "print", "pub", "epub", "epub-ppub", "electronic", "")
_CITATIONS = ("mixed-citation", "element-citation", "citation", "nlm-citation")
_NOT_READ = {
    "sub-article": "an article that is appended",
    "response": "an answer that is appended",
    "app": "an appendix",
    "trans-abstract": "the abstract in another language",
}


def accepts(member: Member) -> bool:
    """Say whether a file is an article of JATS or of its forerunner, or a set of them."""
    root = xml_root(member)
    return root in _ROOTS and (root == "pmc-articleset" or b"<article-meta" in member.head)


def read(member: Member) -> Iterator[Paper | Refused | Ignored]:
    """Give a paper for each article; raise `SourceError` for XML that is not whole."""
    for place, found in enumerate(xml_records(member, "article"), 1):
        article = found.element
        meta = article.find("front/article-meta")
        if meta is None:
            yield Refused(
                f"article {place}", "found no front/article-meta, expected the description of a paper", found.line
            )
            continue
        paper = _paper(article, meta)
        if not paper.id:
            yield Refused(
                f"article {place}", "found no PMID, PMCID or DOI, expected an identifier of the paper", found.line
            )
            continue
        yield paper
        for part, why in _NOT_READ.items():
            if next(article.iter(part), None) is not None:
                yield Ignored(paper.id, part, why)
        for kind in sorted({each.get("abstract-type", "") for each in meta.findall("abstract")} - {""}):
            yield Ignored(paper.id, "abstract", f"a further abstract of the kind {kind!r}")


def _text(element: Element | None) -> str:
    return "" if element is None else printed_text(element).replace("\n", " ")


def _paper(article: Element, meta: Element) -> Paper:
    ids = {each.get("pub-id-type", ""): _text(each) for each in meta.findall("article-id")}
    title = _title(meta)
    abstract, body = tuple(_abstract(meta)), tuple(_body(article))
    objects = [each.get("document-id", "") or each.get("object-id", "") for each in meta.iterfind("related-object")]
    return Paper(
        source_format=KIND,
        pmid=plain_pmid(ids.get("pmid", "")),
        pmcid=plain_pmcid(ids.get("pmcid", "") or ids.get("pmc", "")),
        doi=plain_doi(ids.get("doi", "")),
        title=title,
        authors=tuple(filter(None, map(_author, _contributors(meta)))),
        journal=_journal(article),
        year=_year(meta),
        volume=_text(meta.find("volume")),
        issue=_text(meta.find("issue")),
        pages=_pages(meta),
        publication_types=tuple(filter(None, [article.get("article-type", "").strip()])),
        registry_numbers=trial_numbers(title, abstract, body, objects),
        licence=_licence(meta),
        is_open_access=True if meta.find(".//license[@license-type='open-access']") is not None else None,
        abstract=abstract,
        body=body,
        references=tuple(_references(article)),
    )


def _title(meta: Element) -> str:
    """Give title and subtitle; a footnote mark at the title is none of its words."""
    parts = [meta.find("title-group/article-title"), meta.find("title-group/subtitle")]
    words = [printed_text(part, without=frozenset(["xref", "fn"])) for part in parts if part is not None]
    return ": ".join(filter(None, words)).replace("\n", " ")


def _contributors(meta: Element) -> Iterator[Element]:
    for contributor in meta.iterfind("contrib-group/contrib"):
        if contributor.get("contrib-type", "author") == "author":
            yield contributor


def _author(contributor: Element) -> str:
    """Give "Dennehy John J" or the name of a group, with given names as they are printed."""
    name = contributor.find("name")
    if name is None:
        name = contributor.find("name-alternatives/name")
    if name is None:
        return _text(contributor.find("collab")) or _text(contributor.find("string-name"))
    return " ".join(filter(None, (_text(name.find(part)) for part in ("surname", "given-names", "suffix"))))


def _journal(article: Element) -> str:
    """Give the abbreviation of the National Library of Medicine, as PubMed does, else the title."""
    meta = article.find("front/journal-meta")
    if meta is None:
        return ""
    names = {each.get("journal-id-type", ""): _text(each) for each in meta.findall("journal-id")}
    return names.get("nlm-ta") or names.get("iso-abbrev") or _text(next(meta.iter("journal-title"), None))


def _year(meta: Element) -> str:
    years: dict[str, str] = {}
    for published in meta.findall("pub-date"):
        for kind in (published.get("pub-type"), published.get("date-type"), published.get("publication-format"), ""):
            if kind is not None:
                years.setdefault(kind, _text(published.find("year")))
    printed = next((years[kind] for kind in _PUBLISHED if years.get(kind)), "")
    return printed if re.fullmatch("[0-9]{4}", printed) else ""


def _pages(meta: Element) -> str:
    ends = dict.fromkeys(filter(None, (_text(meta.find(part)) for part in ("fpage", "lpage"))))
    return "-".join(ends) or _text(meta.find("elocation-id"))


def _licence(meta: Element) -> str:
    """Give the address of the licence, else its words; a copyright notice counts where it speaks of a licence."""
    for licence in meta.iter("license"):
        links = [licence.get("href", ""), *(each.get("href", "") for each in licence.iter("ext-link"))]
        references = [_text(each) for each in licence.iter("license_ref")]
        if address := next((link for link in (*links, *references) if "://" in link), ""):
            return address.strip()
        if words := _text(licence):
            return words
    notice = _text(next(meta.iter("copyright-statement"), None))
    return notice if re.search("licen[cs]e", notice, re.IGNORECASE) else ""


def _abstract(meta: Element) -> Iterator[tuple[str, str]]:
    for abstract in meta.findall("abstract"):
        if not abstract.get("abstract-type"):
            yield from _sections(abstract)


def _body(article: Element) -> Iterator[tuple[str, str]]:
    if (body := article.find("body")) is not None:
        yield from _sections(body)
    if (floats := article.find("floats-group")) is not None and (words := printed_text(floats)):
        yield "Figures and tables", words


def _sections(whole: Element) -> Iterator[tuple[str, str]]:
    """Give (heading, words) of what stands outside of sections, then of each section, without recursion."""
    stack: list[tuple[str, Element]] = [("", whole)]
    while stack:
        above, section = stack.pop()
        title = "" if section is whole else _text(section.find("title"))
        heading = " / ".join(filter(None, (above, title)))
        own = Element("div")
        own.extend(part for part in section if part.tag not in ("title", "label", "sec"))
        if words := printed_text(own):
            yield heading, words
        stack.extend((heading, part) for part in reversed(section.findall("sec")))


def _references(article: Element) -> Iterator[PaperReference]:
    for place, reference in enumerate(article.iterfind("back//ref"), 1):
        key = _text(reference.find("label")).strip("[]. ") or reference.get("id", "") or str(place)
        works = [each for each in reference.iter() if each.tag in _CITATIONS] or [reference]
        found = []
        for work in works:
            ids = {each.get("pub-id-type", ""): _text(each) for each in work.iter("pub-id")}
            found.append(PaperReference(key, plain_pmid(ids.get("pmid", "")), plain_doi(ids.get("doi", ""))))
        yield from dict.fromkeys(found)
