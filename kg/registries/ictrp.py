"""A row of WHO's International Clinical Trials Registry Platform -> `Trial`, for its XML and its CSV.

The portal hands on what each register sent, so that every field comes in as many spellings as there are registers. A
field is named here as the CSV of 2020 heads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg.model.intake import Ignored, Refused
from kg.model.trials import Date, Eligibility, Trial, TrialOutcome
from kg.registries.dates import read_date
from kg.registries.ictrp_design import read_design
from kg.registries.ictrp_groups import read_groups
from kg.registries.numbers import canonical_number, registry_of
from kg.registries.parts import Notes, Part, show
from kg.registries.shared_words import (
    note_age,
    note_date,
    note_word,
    once,
    one_line,
    other_names,
    plain_text,
    read_phases,
    with_missing,
)

__all__ = ["field_names", "is_ictrp", "read_row"]

_FIELDS = (
    *("TrialID", "Last Refreshed on", "Public title", "Scientific title", "Acronym", "Primary sponsor"),
    *("Date registration", "Date registration3", "Export date", "Source Register", "web address"),
    *("Recruitment Status", "other records", "Inclusion agemin", "Inclusion agemax", "Inclusion gender"),
    *("Date enrollement", "Target size", "Study type", "Study design", "Phase", "Countries", "Contact Firstname"),
    *("Contact Lastname", "Contact Address", "Contact Email", "Contact Tel", "Contact Affiliation"),
    *("Inclusion Criteria", "Exclusion Criteria", "Condition", "Intervention", "Primary outcome"),
    *("Secondary outcome", "results date posted", "results date completed", "results url link"),
    *("Retrospective flag", "Bridging flag truefalse", "Bridged type", "results yes no", "Secondary ID"),
    *("Secondary Sponsor", "Source Support"),
)
#: Other spellings of a field, in small letters without blanks and strokes.
_SPELLINGS = {
    **{re.sub("[ _]", "", field).lower(): field for field in _FIELDS},
    **{"dateenrollment": "Date enrollement", "dateenrolment": "Date enrollement", "conditions": "Condition"},
    **{"interventions": "Intervention", "primaryoutcomes": "Primary outcome", "secondaryids": "Secondary ID"},
    **{"secondaryoutcomes": "Secondary outcome", "agemin": "Inclusion agemin", "agemax": "Inclusion agemax"},
    **{"gender": "Inclusion gender", "url": "web address", "secondarysponsors": "Secondary Sponsor"},
}
_CONTACT = "people and how to reach them are not taken over"
_NOT_TAKEN = {
    **{field: _CONTACT for field in _FIELDS if field.startswith("Contact")},
    "Export date": "the date of the last refresh is taken over",
    "Retrospective flag": "it follows from the dates of registration and enrolment",
    "Source Support": "who pays is not taken over",
    "results date completed": "only whether and when results were posted is taken over",
    "results url link": "web pages are not taken over",
    "web address": "web pages are not taken over",
}
#: "Not recruiting" is said of trials that have not begun, that have ended, and that were stopped.
_STATUS = {
    "authorised": "",
    "complete": "",
    "completed": "COMPLETED",
    "not available": "",
    "not recruiting": "",
    "not yet recruiting": "NOT_YET_RECRUITING",
    "other": "",
    "pending": "NOT_YET_RECRUITING",
    "recruiting": "RECRUITING",
    "suspended": "SUSPENDED",
    "temporary halt": "SUSPENDED",
    "terminated": "TERMINATED",
    "withdrawn": "WITHDRAWN",
}
_STUDY_TYPES = {
    "expanded access": "EXPANDED_ACCESS",
    "interventional": "INTERVENTIONAL",
    "interventional clinical trial of medicinal product": "INTERVENTIONAL",
    "interventional study": "INTERVENTIONAL",
    "observational": "OBSERVATIONAL",
    "observational study": "OBSERVATIONAL",
}
_SEX = {"all": "ALL", "both": "ALL", "both males and females": "ALL", "female": "FEMALE", "females": "FEMALE"}
_SEX |= {"male": "MALE", "males": "MALE", "female: yes male: yes": "ALL", "female: yes male: no": "FEMALE"}
_SEX |= {"female: no male: yes": "MALE", "-": "", "not specified": ""}
#: Names of registers -> the names that `kg.registries.numbers` has for them.
_REGISTERS = {
    "ANZCTR": "ACTRN",
    "Clinicaltrials.gov": "ClinicalTrials.gov",
    "EU Clinical Trials Register": "EU CTR",
    "EUCTR": "EU CTR",
    "German Clinical Trials Register": "DRKS",
    "Netherlands Trial Register": "NTR",
}
_PARTS = re.compile(r";(?! )|\n")  # the portal joins without a blank; "Virus; Pneumonia" is one condition
_EU_OUTCOME = re.compile(
    r"(Main Objective|Secondary Objective|Primary end point\(s\)|Timepoint\(s\) of evaluation of this end point): "
)


def field_names(names: list[str]) -> list[str]:
    """Give the field for each name of a column or an element; a name that no field has stays as it is."""
    return [_SPELLINGS.get(re.sub(r"[\s_]", "", name).lower(), name.strip()) for name in names]


def is_ictrp(names: list[str]) -> bool:
    """Say whether these are columns of the portal."""
    return {"TrialID", "Source Register", "Public title"} <= set(field_names(names))


def read_row(row: Mapping[str, str], *, kind: str, place: str, line: int = 0) -> Iterator[Trial | Refused | Ignored]:
    """Give the trial of a row and what is not taken over of it; or, without a number, one refusal."""
    printed = row.get("TrialID", "").strip()
    if not re.search("[0-9]", printed) or len(printed) > 60:
        yield Refused(place, f"found {show(printed)} as TrialID, expected the number of a trial", line)
        return
    number = canonical_number(printed) or printed
    notes = Notes(number, _NOT_TAKEN)
    yield _trial(notes.part(row), number, printed, kind)
    yield from notes.ignored()


def _trial(row: Part, number: str, printed: str, kind: str) -> Trial:
    notes = row.notes
    row.text("TrialID")
    register = one_line(row.text("Source Register"))
    names, others = other_names([printed, *_split(row, "Secondary ID")], number)
    target = one_line(row.text("Target size"))
    interventions, arms = read_groups(row, target)
    posted = note_date(notes, "results date posted", row.text("results date posted"), order="dmy")
    flag = row.flag("results yes no")
    _bridged(row)
    design = read_design(row)
    outcomes, objectives = _outcomes(row)
    conditions = once(one_line(part) for part in _split(row, "Condition"))
    areas = [each for each in conditions if each.startswith("Therapeutic area:")]
    return with_missing(
        Trial(
            number=number,
            registry=_REGISTERS.get(register, register) or registry_of(number),
            source_format=kind,
            data_date=_data_date(row),
            other_numbers=names,
            other_ids=others,
            title=one_line(row.text("Public title")),
            official_title=one_line(row.text("Scientific title")),
            acronym=one_line(row.text("Acronym")),
            summary=objectives[0],
            description=objectives[1],
            status=note_word(notes, "Recruitment Status", row.text("Recruitment Status"), "Status", _STATUS),
            study_type=note_word(notes, "Study type", row.text("Study type"), "StudyType", _STUDY_TYPES),
            phases=_phases(row),
            allocation=design.allocation,
            intervention_model=design.model,
            purpose=design.purpose,
            masking=design.masking,
            observational_model=design.observational_model,
            who_masked=design.who_masked,
            enrolment=_enrolment(target),
            enrolment_text="" if target.isdecimal() else target,
            start=note_date(notes, "Date enrollement", row.text("Date enrollement"), order="dmy"),
            first_posted=_registered(row),
            results_posted=posted,
            sponsor=one_line(row.text("Primary sponsor")),
            collaborators=once(one_line(part) for part in _split(row, "Secondary Sponsor")),
            countries=once(one_line(part) for part in _split(row, "Countries")),
            conditions=tuple(each for each in conditions if each not in areas),
            keywords=tuple(each.removeprefix("Therapeutic area:").strip() for each in areas),
            arms=arms,
            interventions=interventions,
            outcomes=outcomes,
            eligibility=_eligibility(row),
            has_results=True if flag or posted else None,  # "No" says that the portal knows of none
        ),
        frozenset(["summary"]),
    )


def _split(row: Part, field: str) -> list[str]:
    return [part for part in _PARTS.split(plain_text(row.text(field))) if part.strip()]


def _data_date(row: Part) -> Date | None:
    refreshed = note_date(row.notes, "Last Refreshed on", row.text("Last Refreshed on"), order="dmy")
    exported = row.raw.get("Export date")
    return refreshed or (read_date(exported, order="mdy") if isinstance(exported, str) else None)


def _registered(row: Part) -> Date | None:
    """Give the day of registration: a second field has it in digits that can be read in one way only."""
    digits = note_date(row.notes, "Date registration3", row.text("Date registration3"))
    printed = row.text("Date registration")
    date = note_date(row.notes, "Date registration", printed, order="dmy")
    if digits and date and digits.iso != date.iso:
        row.notes.add(
            "Date registration", f"found {show(printed)} beside {digits.text or digits.iso}; the latter is kept"
        )
        return digits
    return date or digits


def _bridged(row: Part) -> None:
    if row.flag("Bridging flag truefalse"):
        kind = one_line(row.text("Bridged type"))
        row.notes.add(
            "Bridging flag truefalse", f"other registers hold this trial ({kind or 'no kind'}); no number is given"
        )
    elif row.flag("other records"):
        row.notes.add("other records", "other registers hold this trial; no number is given")
    row.text("Bridged type"), row.flag("other records")


def _phases(row: Part) -> tuple[str, ...]:
    text = row.text("Phase")
    phases = read_phases(plain_text(text))
    if phases is None:
        row.notes.add("Phase", f"found {show(text)}, expected a phase such as 'Phase 1/Phase 2', '2' or 'N/A'")
    return phases or ()


def _enrolment(target: str) -> int | None:
    """Give the number of participants where only one number stands there: "120", "Case series:20;"."""
    numbers = re.findall("[0-9]+", target)
    plain = re.fullmatch(r"(?:[^:;]*[^:;0-9][^:;0-9]*:)?\s*([0-9]{1,9})\s*;?", target)
    return int(plain[1]) if plain and len(numbers) == 1 else None


def _outcomes(row: Part) -> tuple[tuple[TrialOutcome, ...], tuple[str, str]]:
    """Give the outcomes, and the main and further objectives that a record of the EU's register tells among them."""
    outcomes: list[TrialOutcome] = []
    objectives = ("", "")
    for field, rank in (("Primary outcome", "PRIMARY"), ("Secondary outcome", "SECONDARY")):
        text = plain_text(row.text(field))
        labelled = _EU_OUTCOME.split(text)
        if len(labelled) > 2 and not labelled[0].strip():
            told = {
                label: one_line(part).rstrip("; ") for label, part in zip(labelled[1::2], labelled[2::2], strict=True)
            }
            objectives = (told.get("Main Objective", ""), told.get("Secondary Objective", ""))
            measure = told.get("Primary end point(s)", "")
            times = told.get("Timepoint(s) of evaluation of this end point", "")
            found = [TrialOutcome(rank, measure, time_frame=times)] if measure else []
        else:
            found = [TrialOutcome(rank, one_line(part)) for part in _PARTS.split(text) if part.strip()]
        outcomes.extend(found)
    return tuple(dict.fromkeys(outcomes)), objectives


def _eligibility(row: Part) -> Eligibility:
    criteria = [plain_text(row.text(field)) for field in ("Inclusion Criteria", "Exclusion Criteria")]
    sex = one_line(row.text("Inclusion gender"))
    return Eligibility(
        minimum_age=note_age(row.notes, "Inclusion agemin", row.text("Inclusion agemin")),
        maximum_age=note_age(row.notes, "Inclusion agemax", row.text("Inclusion agemax")),
        sex=note_word(row.notes, "Inclusion gender", sex, "Sex", _SEX),
        criteria="\n".join(filter(None, criteria)),
    )
