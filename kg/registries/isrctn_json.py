"""ISRCTN records as the R package ctrdata stores them (JSON) -> `Trial`. Sponsors stand in the XML only."""

from __future__ import annotations

from collections.abc import Iterator

from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.trials import Trial
from kg.registries.ctgov_json import documents
from kg.registries.isrctn import read_record
from kg.registries.whole_files import has_json_keys

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "isrctn-json"
SUMMARY = "ISRCTN, JSON as ctrdata stores it"


def accepts(member: Member) -> bool:
    """Say whether a file holds records of ISRCTN."""
    return has_json_keys(member, "isrctn", "trialDescription")


def read(member: Member) -> Iterator[Trial | Refused | Ignored]:
    """Give a trial for each record; raise `SourceError` for JSON that is not whole."""
    place = 0
    for document in documents(member):
        if isinstance(document, Refused):
            yield document
            continue
        line, value = document
        for record in value if isinstance(value, list) else [value]:
            place += 1
            yield from read_record(record, kind=KIND, place=f"record {place}", line=line)
