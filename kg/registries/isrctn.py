"""A record of ISRCTN, as its XML has it and as ctrdata makes JSON of it -> `Trial`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model.intake import Ignored, Refused
from kg.model.trials import Date, Eligibility, Intervention, Trial, TrialOutcome, TrialPaper
from kg.registries.parts import Notes, Part, show
from kg.registries.shared_words import (
    note_age,
    note_date,
    note_word,
    once,
    other_names,
    plain_text,
    read_phases,
    with_missing,
)
from kg.registries.xml_json import tidied

__all__ = ["read_record"]

#: What is a list where there is more than one.
_LISTS = frozenset(
    [
        *("condition", "country", "intervention", "outcomeMeasure", "participantType", "purpose", "secondaryNumber"),
        *("trialType",),
    ]
)
_PEOPLE = "people and how to reach them are not taken over"
_RECORD = "how the registry keeps the record is not taken over"
_SHARING = "plans to share and publish are not taken over"
_NOT_TAKEN = {
    **dict.fromkeys(("attachedFiles", "ctrname", "outputs", "trialDescription.acknowledgment"), _RECORD),
    **{f"trialDescription.{key}": "approvals are not taken over" for key in ("ethicsApproval", "ethicsCommittees")},
    "trialDescription.ethicsApprovalRequired": "approvals are not taken over",
    "trialDescription.trialWebsite": "web pages are not taken over",
    "externalRefs.doi": "it follows from the number",
    "trialDesign.studyDesign": "a sentence on the design is not taken apart",
    "trialDesign.trialSettings": "of a place only the country is taken over",
    "participants.trialCentres": "of a place only the country is taken over",
    "participants.ageRange": "it is a class of ages and no limit",
    "participants.recruitmentEnd": "the end of recruitment is not taken over",
    "participants.recruitmentStartStatusOverride": _RECORD,
    "participants.patientInfoSheet": "documents are not taken over",
    "parties": _PEOPLE,
    "conditions.condition.diseaseClass1": "the registry's class of diseases is not taken over",
    "conditions.condition.diseaseClass2": "the registry's class of diseases is not taken over",
    "interventions.intervention.pharmaceuticalStudyTypes": _RECORD,
    "miscellaneous": _SHARING,
    **{f"results.{key}": _SHARING for key in ("publicationPlan", "ipdSharingStatement", "dataPolicies")},
    **{f"results.{key}": _RECORD for key in ("publicationStage", "biomedRelated", "plainEnglishReport")},
}
_FILLER = re.compile(
    r"(?:not provided at (?:time of )?registration|nil known|not applicable|none|n/?a)\.?", re.IGNORECASE
)
_STATUS = {"completed": "COMPLETED", "ongoing": "", "planned": "", "stopped": "", "suspended": "SUSPENDED"}
_STUDY_TYPES = {"interventional": "INTERVENTIONAL", "observational": "OBSERVATIONAL", "other": ""}
_SEX = {"all": "ALL", "both": "ALL", "female": "FEMALE", "male": "MALE", "not specified": ""}
_TYPES = {
    "behavioural": "BEHAVIORAL",
    "biological/vaccine": "BIOLOGICAL",
    "device": "DEVICE",
    "drug": "DRUG",
    "genetic": "GENETIC",
    "mixed": "",
    "not specified": "",
    "other": "OTHER",
    "procedure/surgery": "PROCEDURE",
    "supplement": "DIETARY_SUPPLEMENT",
}
_PURPOSES = {
    "basic science": "BASIC_SCIENCE",
    "diagnostic": "DIAGNOSTIC",
    "health services research": "HEALTH_SERVICES_RESEARCH",
    "prevention": "PREVENTION",
    "screening": "SCREENING",
    "supportive care": "SUPPORTIVE_CARE",
    "treatment": "TREATMENT",
}
#: Kinds of study -> allocation, model.
_DESIGNS = {
    "non randomised controlled trial": ("NON_RANDOMIZED", ""),
    "non randomised study": ("NON_RANDOMIZED", ""),
    "randomised controlled trial": ("RANDOMIZED", ""),
    "randomised cross over trial": ("RANDOMIZED", "CROSSOVER"),
    "randomised parallel trial": ("RANDOMIZED", "PARALLEL"),
}
_PAPER_KINDS = {"results article": "RESULT", "protocol article": "BACKGROUND"}
_PAPER = re.compile(r"(?P<year>[0-9]{4}) (?P<kind>[A-Za-z ]+?) in https?://(?P<address>\S+)", re.ASCII)
_PMID = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|www\.ncbi\.nlm\.nih\.gov/pubmed)/([0-9]{1,9})(?![0-9])/?", re.ASCII)
_DOI = re.compile(r"(?:dx\.)?doi\.org/(10\.[0-9]{4,9}/\S+)")
_FORMER = re.compile(r"^\s*(?:Previous|Original|Former) .*:?\s*$", re.IGNORECASE | re.MULTILINE)
_CURRENT = re.compile(r"^\s*Current .*(?:as of|:)\s*[0-9/.]*:?\s*$", re.IGNORECASE | re.MULTILINE)


def read_record(
    raw: object, *, kind: str, place: str, line: int = 0, updated: str = "", registered: str = "", sponsor: str = ""
) -> Iterator[Trial | Refused | Ignored]:
    """Give the trial of a record; or, without its number, one refusal. The last three stand in the XML only."""
    record = tidied(raw, _LISTS)
    printed = record.get("isrctn") if isinstance(record, dict) else None
    digits = re.fullmatch(r"(?:ISRCTN)?([0-9]{8})", str(printed).strip(), re.ASCII)
    if not isinstance(record, dict) or not digits:
        yield Refused(place, f"found {show(printed)} as isrctn, expected a number of eight digits", line)
        return
    notes = Notes(f"ISRCTN{digits[1]}", _NOT_TAKEN)
    yield _trial(notes.part(record), f"ISRCTN{digits[1]}", kind, (updated, registered, sponsor))
    yield from notes.ignored()


def _said(text: str) -> str:
    """Give a text, or "" for the words that stand where nothing was said."""
    plain = plain_text(text)
    return "" if _FILLER.fullmatch(plain) else plain


def _trial(record: Part, number: str, kind: str, of_xml: tuple[str, str, str]) -> Trial:
    updated, registered, sponsor = of_xml
    notes = record.notes
    record.text("isrctn")
    texts, design, participants = (record.part(key) for key in ("trialDescription", "trialDesign", "participants"))
    interventional = design.part("interventionalTrialDesign")
    results = record.part("results")
    numbers, others = _numbers(record.part("externalRefs"), number)
    allocation, model = _design(design, interventional)
    enrolment, enrolment_kind = _enrolment(participants)
    interventions, phases = _interventions(record)
    last = note_date(notes, "lastUpdated", updated)
    imported = note_date(notes, "record_last_import", record.text("record_last_import"))
    return with_missing(
        Trial(
            number=number,
            registry="ISRCTN",
            source_format=kind,
            data_date=imported or last,
            last_updated=last,
            first_posted=note_date(notes, "dateAssigned", registered),
            other_numbers=numbers,
            other_ids=others,
            title=_said(texts.text("title")),
            official_title=_said(texts.text("scientificTitle")),
            acronym=_said(texts.text("acronym")),
            summary=_said(texts.text("plainEnglishSummary")),
            description=_said(texts.text("studyHypothesis")),
            status=_status(design, participants),
            why_stopped=_said(design.text("reasonAbandoned")),
            study_type=_word(design, "primaryStudyDesign", "StudyType", _STUDY_TYPES),
            phases=phases,
            allocation=allocation,
            intervention_model=model,
            purpose=_purpose(design, interventional),
            masking=_masking(interventional),
            enrolment=enrolment,
            enrolment_kind=enrolment_kind,
            start=_day(participants, "recruitmentStart") or _day(design, "overallStartDate"),
            completion=_day(design, "overallEndDate"),
            sponsor=sponsor,
            countries=once(participants.part("recruitmentCountries").texts("country")),
            conditions=once(_said(each.text("description")) for each in record.part("conditions").parts("condition")),
            interventions=interventions,
            outcomes=_outcomes(texts),
            eligibility=_eligibility(participants),
            papers=tuple(_papers(results)),
            has_results=True if _said(results.text("basicReport")) else None,
        ),
        frozenset(["arms"]) if updated else frozenset(["arms", "sponsor"]),
    )


def _word(part: Part, key: str, enumeration: str, table: dict[str, str]) -> str:
    return note_word(part.notes, part.place(key), part.text(key), enumeration, table)


def _day(part: Part, key: str) -> Date | None:
    return note_date(part.notes, part.place(key), part.text(key))


def _numbers(references: Part, number: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    keys = ("eudraCTNumber", "clinicalTrialsGovNumber", "ctisNumber", "protocolSerialNumber")
    named = [*(references.text(key) for key in keys), *references.part("secondaryNumbers").texts("secondaryNumber")]
    if iras := _said(references.text("irasNumber")):
        named.append(f"IRAS {iras}")
    return other_names(filter(None, map(_said, named)), number)


def _status(design: Part, participants: Part) -> str:
    """Give the status where somebody set it; the registry's pages else derive it from dates and the day of reading.

    A trial that is stopped was terminated if it had participants; one without any may have been withdrawn.
    """
    key = "overallStatusOverride"
    participants.text("recruitmentStatusOverride")
    if design.text(key).strip().lower() == "stopped" and participants.whole("totalFinalEnrolment"):
        return "TERMINATED"
    return _word(design, key, "Status", _STATUS)


def _design(design: Part, interventional: Part) -> tuple[str, str]:
    text = design.text("secondaryStudyDesign")
    allocation, model = _DESIGNS.get(" ".join(text.lower().split()), ("", ""))
    if text and not allocation:
        place = design.place("secondaryStudyDesign")
        design.notes.add(place, f"found {show(text)}, expected words such as 'Randomised controlled trial'")
    said = interventional.text("allocation").lower()
    if said.startswith(("randomised", "randomized")):
        allocation = "RANDOMIZED"
    elif said.startswith(("non-randomised", "non-randomized")):
        allocation = "NON_RANDOMIZED"
    assigned = {"parallel": "PARALLEL", "crossover": "CROSSOVER", "factorial": "FACTORIAL", "single": "SINGLE_GROUP"}
    assigned |= {"sequential": "SEQUENTIAL", "other": ""}
    return allocation, _word(interventional, "assignment", "InterventionalAssignment", assigned) or model


def _masking(interventional: Part) -> str:
    """Give "NONE" for an open trial; "Blinded" does not tell how many were blinded."""
    text = interventional.text("masking").lower()
    if text and not text.startswith("open"):
        interventional.notes.add(
            interventional.place("masking"), f"found {show(text)}, which does not tell who is blinded"
        )
    return "NONE" if text.startswith("open") else ""


def _purpose(design: Part, interventional: Part) -> str:
    named = [
        *design.part("trialTypes").texts("trialType"),
        *interventional.part("purposes").texts("purpose"),
    ]
    place = design.place("trialTypes.trialType")
    found = once(note_word(design.notes, place, text, "PrimaryPurpose", _PURPOSES) for text in dict.fromkeys(named))
    if len(found) > 1:
        design.notes.add(place, f"found several ({', '.join(found)}), expected one primary purpose")
    return found[0] if len(found) == 1 else ""


def _enrolment(participants: Part) -> tuple[int | None, str]:
    planned = participants.whole("targetEnrolment")
    total = participants.text("totalTarget")
    reached = participants.whole("totalFinalEnrolment")
    if total and planned is None:
        participants.notes.add(participants.place("totalTarget"), f"found {show(total)}, not taken over")
    if reached is not None:
        return reached, "ACTUAL"
    return planned, "ESTIMATED" if planned is not None else ""


def _interventions(record: Part) -> tuple[tuple[Intervention, ...], tuple[str, ...]]:
    found: list[Intervention] = []
    phases: list[str] = []
    for each in record.part("interventions").parts("intervention"):
        description = _current(each, "description")
        name = _said(each.text("drugNames")) or description.partition("\n")[0][:120]
        if name:
            found.append(Intervention(name, _word(each, "interventionType", "InterventionType", _TYPES), description))
        printed = each.text("phase")
        read = read_phases(printed)
        if read is None:
            each.notes.add(each.place("phase"), f"found {show(printed)}, expected a phase such as 'Phase III'")
        phases.extend(read or ())
    return tuple(found), once(phases)


def _current(part: Part, key: str) -> str:
    """Give a text without the former version that is kept below the current one."""
    text = _said(part.text(key))
    if not _CURRENT.search(text):
        return text
    current, *former = _FORMER.split(_CURRENT.sub("", text, count=1), maxsplit=1)
    if former:
        part.notes.add(part.place(key), "a former version, kept below the current one, is not taken over")
    return current.strip()


def _outcomes(texts: Part) -> tuple[TrialOutcome, ...]:
    found = []
    for rank in ("primary", "secondary"):
        listed = texts.part(f"{rank}Outcomes").parts("outcomeMeasure")
        for each in listed:
            measure, method, time = (_said(each.text(key)) for key in ("variable", "method", "timepoints"))
            found.append(TrialOutcome(rank.upper(), measure or method, method if measure else "", time))
        text = _current(texts, f"{rank}Outcome")
        if not listed:
            found.extend(TrialOutcome(rank.upper(), each) for each in _numbered(text))
    return tuple(each for each in found if each.measure)


def _numbered(text: str) -> list[str]:
    """Give the items of a list where each line begins with the next number, else the whole text."""
    lines = text.splitlines()
    items = [re.fullmatch(rf"{place}[.)]\s*(\S.*)", line) for place, line in enumerate(lines, 1)]
    read = [item[1] for item in items if item]
    return read if len(lines) > 1 and len(read) == len(lines) else [text]


def _eligibility(participants: Part) -> Eligibility:
    lower, upper = (
        note_age(participants.notes, participants.place(key), participants.text(key))
        for key in ("lowerAgeLimit", "upperAgeLimit")
    )
    kinds = participants.part("participantTypes").texts("participantType")
    healthy = participants.flag("healthyVolunteersAllowed")
    return Eligibility(
        minimum_age=lower,
        maximum_age=upper,
        sex=_word(participants, "gender", "Sex", _SEX),
        healthy_volunteers=True if "Healthy volunteer" in kinds else healthy,
        criteria="\n".join(filter(None, (_said(participants.text(key)) for key in ("inclusion", "exclusion")))),
    )


def _papers(results: Part) -> Iterator[TrialPaper]:
    """Read "2022 Results article in https://pubmed... (added 18/11/2022)", one a line."""
    for text in _said(results.text("publicationDetails")).splitlines():
        named = _PAPER.match(text)
        address = named["address"] if named else text.removeprefix("https://")
        pmid, doi = _PMID.match(address), _DOI.match(address)
        kind = _PAPER_KINDS.get(named["kind"].lower(), "") if named else ""
        yield TrialPaper(pmid=pmid[1] if pmid else "", doi=doi[1] if doi else "", kind=kind, citation=text)
