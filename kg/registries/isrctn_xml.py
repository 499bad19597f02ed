"""ISRCTN's own XML (`allTrials`, `fullTrial`), as its interface gives it -> `Trial`."""

from __future__ import annotations

from collections.abc import Iterator

from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.trials import Trial
from kg.registries.isrctn import read_record
from kg.registries.shared_words import one_line
from kg.registries.whole_files import xml_records, xml_root
from kg.registries.xml_json import as_json

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "isrctn-xml"
SUMMARY = "ISRCTN, the XML of its interface"


def accepts(member: Member) -> bool:
    """Say whether a file is an answer of ISRCTN's interface."""
    return xml_root(member) in ("allTrials", "fullTrial") and b"67bricks.com/isrctn" in member.head


def read(member: Member) -> Iterator[Trial | Refused | Ignored]:
    """Give a trial for each record; raise `SourceError` for XML that is not whole."""
    for place, found in enumerate(xml_records(member, "fullTrial"), 1):
        full = found.element
        trial = full.find("trial")
        if trial is None:
            yield Refused(
                f"record {place}", "found no trial in fullTrial, expected the description of a trial", found.line
            )
            continue
        number = trial.find("isrctn")
        yield from read_record(
            as_json(trial),
            kind=KIND,
            place=f"record {place}",
            line=found.line,
            updated=trial.get("lastUpdated", ""),
            registered="" if number is None else number.get("dateAssigned", ""),
            sponsor=one_line(full.findtext("sponsor/organisation", "")),
        )
