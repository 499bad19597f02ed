"""The XML that the WHO's search portal exports (`Trials_downloaded_from_ICTRP`) -> `Trial`."""

from __future__ import annotations

from collections.abc import Iterator

from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.trials import Trial
from kg.registries.ictrp import field_names, read_row
from kg.registries.whole_files import xml_records, xml_root

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "ictrp-xml"
SUMMARY = "WHO ICTRP, the XML that its search portal exports"


def accepts(member: Member) -> bool:
    """Say whether a file is an export of the portal."""
    return xml_root(member) == "Trials_downloaded_from_ICTRP"


def read(member: Member) -> Iterator[Trial | Refused | Ignored]:
    """Give a trial for each record; raise `SourceError` for XML that is not whole."""
    for place, found in enumerate(xml_records(member, "Trial"), 1):
        record = found.element
        names = field_names([part.tag for part in record])
        row: dict[str, str] = {}
        for name, part in zip(names, record, strict=True):
            row[name] = row.get(name) or "".join(part.itertext())
        yield from read_row(row, kind=KIND, place=f"record {place}", line=found.line)
