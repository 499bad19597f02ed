"""ClinicalTrials.gov, the table of a search (CSV or TSV), of the former and of the present site -> API v2's shape.

Lists are joined by a bar. The table has no arms; the former one does not rank outcomes, the present one joins a
measure, its description and its time by a comma that any of them may have: such an outcome stays one text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from kg.errors import SourceError, nearest
from kg.gate import Member, decode
from kg.model.intake import Ignored, Refused
from kg.model.trials import Trial
from kg.registries.ctgov_study import read_study
from kg.registries.ctgov_words import word
from kg.registries.parts import show

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "ctgov-csv"
SUMMARY = "ClinicalTrials.gov, the table of a search (CSV, TSV) of the present or the former site"

_NUMBER = "NCT Number"
#: The column of the present site for one of the former.
_OF_TODAY = {
    "Title": "Study Title",
    "Status": "Study Status",
    "Gender": "Sex",
    "Study Designs": "Study Design",
    "Funded Bys": "Funder Type",
    "URL": "Study URL",
}
#: Columns that are known and not taken over, and why.
_NOT_TAKEN = {
    "Rank": "the place in the search says nothing about the trial",
    "Study URL": "the address follows from the number",
    "Funder Type": "the kind of sponsor is not taken over",
    "Study Documents": "documents are not taken over",
}
#: Columns that are read, and the part of a trial that is missing from the format where the column is.
_READ: dict[str, str] = {
    _NUMBER: "",
    "Study Title": "title",
    "Acronym": "",
    "Study Status": "status",
    "Brief Summary": "summary",
    "Study Results": "",
    "Conditions": "conditions",
    "Interventions": "interventions",
    "Outcome Measures": "outcomes",
    "Primary Outcome Measures": "outcomes",
    "Secondary Outcome Measures": "",
    "Other Outcome Measures": "",
    "Sponsor/Collaborators": "sponsor",
    "Sponsor": "sponsor",
    "Collaborators": "",
    "Sex": "",
    "Age": "",
    "Phases": "phases",
    "Enrollment": "enrolment",
    "Study Type": "study_type",
    "Study Design": "",
    "Other IDs": "",
    "Start Date": "start",
    "Primary Completion Date": "",
    "Completion Date": "",
    "First Posted": "",
    "Results First Posted": "",
    "Last Update Posted": "",
    "Locations": "countries",
}
_DATES = {
    "Start Date": "startDateStruct",
    "Primary Completion Date": "primaryCompletionDateStruct",
    "Completion Date": "completionDateStruct",
    "First Posted": "studyFirstPostDateStruct",
    "Results First Posted": "resultsFirstPostDateStruct",
    "Last Update Posted": "lastUpdatePostDateStruct",
}
_DESIGN = {
    "Allocation": "allocation",
    "Intervention Model": "interventionModel",
    "Observational Model": "observationalModel",
    "Primary Purpose": "primaryPurpose",
    "Time Perspective": "timePerspective",
}
_RESULTS = {"has results": True, "yes": True, "no results available": False, "no": False}
_AGES = re.compile(
    r"(?P<low>[0-9]+ [A-Za-z]+) to (?P<high>[0-9]+ [A-Za-z]+)|(?P<from>[0-9]+ [A-Za-z]+) and older|up to (?P<to>.+)"
)
#: What a country's name may end with after a comma of its own: "Korea, Republic of".
_END_OF_NAME = re.compile(r".*\b(?:of|of the|occupied)|Province of China", re.IGNORECASE)
_LONGEST_CELL = 50_000_000


def accepts(member: Member) -> bool:
    """Say whether a file looks like this format: its first line names the number and two columns more."""
    first = member.head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    columns = _columns(first)[1]
    return _NUMBER in columns and len({_OF_TODAY.get(each, each) for each in columns} & _READ.keys()) > 2


def read(member: Member) -> Iterator[Trial | Refused | Ignored]:
    """Give the trials of a table, and what is refused or not taken over.

    Raises `SourceError` where the first line is no header of ours; a row of another length is refused.
    """
    text = decode(member.read(), member.name)
    delimiter, header = _columns(text.split("\n", 1)[0])
    if _NUMBER not in header:
        near = nearest(_NUMBER, header, 1)
        hint = f"; nearest: {near[0]!r}" if near else ""
        raise SourceError(member.name, 1, "", f"expected a column {_NUMBER!r}, found {len(header)} columns{hint}")
    if len(set(header)) < len(header):
        twice = next(each for each in header if header.count(each) > 1)
        raise SourceError(member.name, 1, twice, "found the column twice")
    columns = [_OF_TODAY.get(each, each) for each in header]
    never = frozenset({"arms", "eligibility"} | set(_READ.values()) - {_READ.get(each, "") for each in columns})
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))  # the places of one trial may be 300 kB
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for position, cells in enumerate(rows):
            if position and cells:
                yield from _row(columns, cells, f"row {position}", line, never)
            line = rows.line_num + 1
    except csv.Error as error:
        raise SourceError(member.name, line, "", f"no table: {error}") from error


def _columns(first: str) -> tuple[str, list[str]]:
    """Give the delimiter and the names of the columns."""
    delimiter = "\t" if "\t" in first else ","
    try:
        cells = next(csv.reader([first.strip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        cells = []
    return delimiter, [each.strip() for each in cells]


def _row(
    columns: list[str], cells: list[str], place: str, line: int, never: frozenset[str]
) -> Iterator[Trial | Refused | Ignored]:
    if len(cells) != len(columns):
        yield Refused(place, f"found {len(cells)} cells, expected {len(columns)}, one for each column", line)
        return
    row = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    notes = [
        (column, _NOT_TAKEN.get(column, "no such column is known"))
        for column, cell in row.items()
        if cell and column not in _READ
    ]
    study = _in_new_shape(row, notes)
    yield from read_study(study, source_format=KIND, place=place, line=line, notes=tuple(notes), never=never)


def _list(row: Mapping[str, str], column: str) -> list[str]:
    return [each.strip() for each in row.get(column, "").split("|") if each.strip()]


def _in_new_shape(row: Mapping[str, str], notes: list[tuple[str, str]]) -> dict[str, object]:
    sponsors = _list(row, "Sponsor/Collaborators")
    collaborators = sponsors[1:] or _list(row, "Collaborators")
    results = row.get("Study Results", "").lower()
    if results not in _RESULTS and results:
        notes.append(("Study Results", f"found {show(results)}, expected yes or no"))
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": row[_NUMBER],
                "briefTitle": row.get("Study Title", ""),
                "acronym": row.get("Acronym", ""),
                "secondaryIdInfos": [{"id": each} for each in _list(row, "Other IDs")],
            },
            "statusModule": {
                "overallStatus": row.get("Study Status", ""),
                **{key: {"date": row.get(column, "")} for column, key in _DATES.items()},
            },
            "sponsorCollaboratorsModule": {
                "leadSponsor": {"name": sponsors[0] if sponsors else row.get("Sponsor", "")},
                "collaborators": [{"name": each} for each in collaborators],
            },
            "descriptionModule": {"briefSummary": row.get("Brief Summary", "")},
            "conditionsModule": {"conditions": _list(row, "Conditions")},
            "designModule": {
                "studyType": row.get("Study Type", ""),
                "phases": _list(row, "Phases"),
                "enrollmentInfo": {"count": row.get("Enrollment", "")},
                "designInfo": _design(row, notes),
            },
            "armsInterventionsModule": {"interventions": _interventions(row)},
            "outcomesModule": {
                "unrankedOutcomes": [{"measure": each} for each in _list(row, "Outcome Measures")],
                **{
                    f"{rank.lower()}Outcomes": [{"measure": each} for each in _list(row, f"{rank} Outcome Measures")]
                    for rank in ("Primary", "Secondary", "Other")
                },
            },
            "eligibilityModule": {"sex": row.get("Sex", ""), **_ages(row, notes)},
            "contactsLocationsModule": {
                "locations": [{"country": _country(each)} for each in _list(row, "Locations")],
            },
        },
        "hasResults": _RESULTS.get(results),
    }


def _design(row: Mapping[str, str], notes: list[tuple[str, str]]) -> dict[str, object]:
    """Give the design, which one cell holds: "Allocation: Randomized|Masking: Double (Participant, Investigator)"."""
    design: dict[str, object] = {}
    for each in _list(row, "Study Design"):
        name, _, value = each.partition(":")
        if name == "Masking":
            masking, _, masked = value.partition("(")
            whom = [] if "open label" in masked.lower() else re.split(r"\s*,\s*", masked.strip(" )"))
            design["maskingInfo"] = {"masking": masking.strip(), "whoMasked": whom}
        elif name in _DESIGN:
            design[_DESIGN[name]] = value.strip()
        else:
            notes.append(("Study Design", f"found {show(name)}, expected one of {', '.join(sorted(_DESIGN))}, Masking"))
    return design


def _interventions(row: Mapping[str, str]) -> list[dict[str, str]]:
    """Give the interventions: each begins with its type, so a part without one belongs to the name before it."""
    found: list[dict[str, str]] = []
    for each in _list(row, "Interventions"):
        kind, colon, name = each.partition(": ")
        if colon and word("InterventionType", kind):
            found.append({"type": kind, "name": name.strip()})
        elif found:
            found[-1]["name"] += f"|{each}"
        else:
            found.append({"name": each})
    return found


def _ages(row: Mapping[str, str], notes: list[tuple[str, str]]) -> dict[str, str]:
    """Give the limits of age; "Child, Adult, Older Adult" has none, and the groups of age are not taken over."""
    text = re.sub(r"\s*\([^()]*\)$", "", row.get("Age", "")).strip()
    found = _AGES.fullmatch(text)
    if found:
        return {"minimumAge": found["low"] or found["from"] or "", "maximumAge": found["high"] or found["to"] or ""}
    if text:
        notes.append(("Age", f"found {show(text)}: groups of age without a limit are not taken over"))
    return {}


def _country(place: str) -> str:
    parts = [each.strip() for each in place.split(",")]
    return ", ".join(parts[-2:]) if len(parts) > 1 and _END_OF_NAME.fullmatch(parts[-1]) else parts[-1]
