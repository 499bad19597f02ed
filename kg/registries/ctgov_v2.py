"""ClinicalTrials.gov, API v2: a study, a page of a search, a list of studies, JSON Lines; whole or with few fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg.errors import SourceError
from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.trials import Trial
from kg.registries.ctgov_json import documents
from kg.registries.ctgov_study import read_study
from kg.registries.parts import show

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "ctgov-v2"
SUMMARY = "ClinicalTrials.gov, JSON of the present site (API v2): a study, search results, JSON Lines"

_EMPTY_PAGE = re.compile(rb'\{\s*(?:"totalCount"\s*:\s*[0-9]+\s*,\s*)?"studies"\s*:\s*\[\s*\]')
_SECTION = re.compile(rb'"protocolSection"\s*:\s*\{')
_BARE = re.compile(rb'"identificationModule"\s*:\s*\{')  # of a protocolSection that stands alone


def accepts(member: Member) -> bool:
    """Say whether a file looks like this format."""
    head = member.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] not in (b"{", b"["):
        return False
    return bool(_SECTION.search(head) or _BARE.search(head) or _EMPTY_PAGE.match(head))


def read(member: Member) -> Iterator[Trial | Refused | Ignored]:
    """Give the trials of a file, and what is refused or not taken over. Raises `SourceError` for what is no JSON."""
    for document in documents(member):
        if isinstance(document, Refused):
            yield document
        else:
            yield from _studies(member.name, *document)


def _studies(name: str, line: int, document: object) -> Iterator[Trial | Refused | Ignored]:
    if isinstance(document, Mapping) and "studies" in document:
        studies = document["studies"]
        if not isinstance(studies, list):
            raise SourceError(name, line, "studies", f"found {show(studies)}, expected a list")
        yield from _page(name, document, len(studies))
    elif isinstance(document, list):
        studies = document
    else:
        studies = [document]
    for position, study in enumerate(studies, 1):
        if isinstance(study, Mapping) and "protocolSection" not in study and "identificationModule" in study:
            study = {"protocolSection": study}
        place = f"line {line}" if line else "study" if len(studies) == 1 else f"study {position}"
        yield from read_study(study, source_format=KIND, place=place, markdown=True, line=line)


def _page(name: str, page: Mapping[str, object], found: int) -> Iterator[Ignored]:
    """Tell what a page of a search says beside its studies: above all, that it is not the last one."""
    for key in sorted(page.keys() - {"studies", "totalCount"}):
        if key != "nextPageToken":
            yield Ignored(name, key, "no such key is known")
        elif page[key]:
            total = page.get("totalCount")
            of_all = f" of {total}" if isinstance(total, int) else ""
            yield Ignored(name, key, f"more pages follow: this one has {found}{of_all} studies")
