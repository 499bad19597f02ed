"""Metadata files of PubMed Central's open-access set (JSON) -> `Paper`: identifiers, licence, retraction.

Their citation is one text, whose year may be that of the release of a manuscript: it is not taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.papers import Paper
from kg.papers.identifiers import plain_doi, plain_pmcid, plain_pmid, trial_numbers
from kg.papers.markup import printed_html
from kg.registries.ctgov_json import documents
from kg.registries.loose_json import at, words
from kg.registries.whole_files import has_json_keys

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "pmc-oa-json"
SUMMARY = "metadata of an article in PubMed Central's open-access set (JSON)"


def accepts(member: Member) -> bool:
    """Say whether a file is the metadata of an article of the open-access set."""
    return has_json_keys(member, "pmcid", "is_pmc_openaccess", "license_code")


def read(member: Member) -> Iterator[Paper | Refused | Ignored]:
    """Give the paper; raise `SourceError` for JSON that is not whole."""
    for document in documents(member):
        if isinstance(document, Refused):
            yield document
            continue
        line, record = document
        pmcid = plain_pmcid(words(at(record, "pmcid")))
        if not pmcid:
            yield Refused(f"line {line}" if line else "record", "found no PMCID, expected one such as PMC6998370", line)
            continue
        title = printed_html(words(at(record, "title"))).replace("\n", " ")
        yield Paper(
            source_format=KIND,
            pmid=plain_pmid(words(at(record, "pmid"))),
            pmcid=pmcid,
            doi=plain_doi(words(at(record, "doi"))),
            title=title,
            registry_numbers=trial_numbers(title, (), ()),
            licence=words(at(record, "license_code")),
            is_open_access=_truth(at(record, "is_pmc_openaccess")),
            is_retracted=_truth(at(record, "is_retracted")),
        )
        if citation := words(at(record, "citation")):
            yield Ignored(pmcid, "citation", f"found one text ({citation[:100]!r}), expected journal and year apart")


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
