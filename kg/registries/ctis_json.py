"""Records of the EU's Clinical Trials Information System (CTIS, JSON) -> `Trial`.

As its public interface gives them, of today and of before June 2024, alone or with the keys that the R package ctrdata
adds from the search ("trialPhase", "totalNumberEnrolled").
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.trials import Date, Eligibility, Intervention, Trial, TrialOutcome
from kg.registries.ctgov_json import documents
from kg.registries.ctis_not_taken import NOT_TAKEN
from kg.registries.numbers import canonical_number, registry_of
from kg.registries.parts import Notes, Part, show
from kg.registries.shared_words import (
    note_date,
    note_word,
    once,
    one_line,
    other_names,
    plain_text,
    read_phases,
    with_missing,
)
from kg.registries.whole_files import has_json_keys
from kg.registries.xml_json import tidied

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "ctis-json"
SUMMARY = "EU CTIS, JSON of its public interface, also as ctrdata stores it"

#: "Ended" does not tell whether as planned.
_STATUS = {
    "authorised": "",
    "authorised, not started": "NOT_YET_RECRUITING",
    "authorised, recruiting": "RECRUITING",
    "authorised, recruitment pending": "NOT_YET_RECRUITING",
    "cancelled": "",
    "ended": "",
    "expired": "",
    "lapsed": "",
    "not authorised": "",
    "ongoing, not yet recruiting": "NOT_YET_RECRUITING",
    "ongoing, recruiting": "RECRUITING",
    "ongoing, recruitment ended": "ACTIVE_NOT_RECRUITING",
    "revoked": "",
    "suspended": "SUSPENDED",
    "temporarily halted": "SUSPENDED",
    "under evaluation": "",
}
#: The codes that the interface of today has for them.
_STATUS_CODES = {
    "1": "under evaluation",
    "2": "authorised, recruitment pending",
    "3": "authorised, recruiting",
    "4": "ongoing, recruiting",
    "5": "ongoing, recruitment ended",
    "6": "temporarily halted",
    "7": "suspended",
    "8": "ended",
    "9": "expired",
    "10": "revoked",
    "11": "not authorised",
    "12": "cancelled",
}
_PHASE_CODES = {
    **dict.fromkeys(("1", "2", "3"), ("PHASE1",)),
    **{"4": ("PHASE2",), "5": ("PHASE3",), "6": ("PHASE4",)},
    **dict.fromkeys(("7", "8", "9"), ("PHASE1", "PHASE2")),
    **{"10": ("PHASE2", "PHASE3"), "11": ("PHASE3", "PHASE4")},
}
_ORIGINS = {"biological": "BIOLOGICAL", "chemical": "DRUG"}


def accepts(member: Member) -> bool:
    """Say whether a file holds records of the system."""
    return has_json_keys(member, "ctNumber") and any(
        has_json_keys(member, key)
        for key in ("authorizedApplication", "authorizedPartI", "ctStatus", "ctPublicStatusCode")
    )


def read(member: Member) -> Iterator[Trial | Refused | Ignored]:
    """Give a trial for each record; raise `SourceError` for JSON that is not whole."""
    place = 0
    for document in documents(member):
        if isinstance(document, Refused):
            yield document
            continue
        line, value = document
        for raw in value if isinstance(value, list) else [value]:
            place += 1
            record = tidied(raw, frozenset())
            printed = record.get("ctNumber") if isinstance(record, dict) else None
            number = canonical_number(printed) if isinstance(printed, str) else ""
            if not isinstance(record, dict) or registry_of(number) != "CTIS":
                yield Refused(
                    f"record {place}", f"found {show(printed)}, expected a number such as 2022-500244-37-00", line
                )
                continue
            notes = Notes(number, NOT_TAKEN)
            yield _trial(notes.part(record), number)
            yield from notes.ignored()


def _trial(record: Part, number: str) -> Trial:
    notes = record.notes
    record.text("ctNumber")
    application = record.part("authorizedApplication")
    part = application.part("authorizedPartI") if application.raw else record.part("authorizedPartI")
    details = part.part("trialDetails")
    names, information = details.part("clinicalTrialIdentifiers"), details.part("trialInformation")
    objective, population = information.part("trialObjective"), information.part("populationOfTrialSubjects")
    states = application.parts("memberStatesConcerned") or record.parts("memberStatesConcerned")
    numbers, others = _numbers(record, application, names, number)
    lead, partners = _sponsors(part)
    enrolment, enrolment_text = _enrolment(record, part)
    start, completion = _dates(record, information.part("trialDuration"))
    terms = information.part("medicalCondition").parts("meddraConditionTerms")
    updated = note_date(notes, "lastUpdated", record.text("lastUpdated"), order="dmy")
    imported = note_date(notes, "record_last_import", record.text("record_last_import"))
    return with_missing(
        Trial(
            number=number,
            registry="CTIS",
            source_format=KIND,
            data_date=imported or updated,
            last_updated=updated,
            other_numbers=numbers,
            other_ids=others,
            title=one_line(names.text("publicTitle")) or one_line(record.text("title")),
            official_title=one_line(names.text("fullTitle")),
            summary=plain_text(objective.text("mainObjective")),
            description="\n".join(once(plain_text(text) for text in _in_order(objective, "secondaryObjective"))),
            status=_status(record),
            study_type="INTERVENTIONAL",  # the system holds no others
            phases=_phases(record, information.part("trialCategory")),
            enrolment=enrolment,
            enrolment_kind="ESTIMATED" if enrolment is not None or enrolment_text else "",
            enrolment_text=enrolment_text,
            start=start,
            completion=completion,
            sponsor=lead,
            collaborators=partners,
            countries=once(
                [
                    *(one_line(each.text("mscName")) for each in states),
                    *(one_line(each.text("name")) for each in part.parts("rowCountriesInfo")),
                ]
            ),
            conditions=once(one_line(each.text("medicalCondition")) for each in part.parts("medicalConditions")),
            keywords=once(one_line(each.text("termName")) for each in terms),
            interventions=tuple(dict.fromkeys(_interventions(part))),
            outcomes=tuple(_outcomes(information.part("endPoint"))),
            eligibility=_eligibility(information.part("eligibilityCriteria"), population),
        ),
        frozenset(["arms"]),
    )


def _numbers(record: Part, application: Part, names: Part, number: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the numbers of the same trial: that of EudraCT before it was moved, and those in other registers."""
    secondary = names.part("secondaryIdentifyingNumbers")
    named = [application.part("eudraCt").text("eudraCtCode"), record.part("eudraCtInfo").text("eudraCtCode")]
    for key in sorted(secondary.raw):
        found = secondary.parts(key) if isinstance(secondary.raw[key], list) else (secondary.part(key),)
        for each in found:
            register = one_line(each.text("otherRegistryName"))
            text = one_line(each.text("number"))
            named.append(text if canonical_number(text) or not register else f"{register} {text}")
    named += [names.text("shortTitle"), record.text("shortTitle")]
    return other_names(filter(None, named), number)


def _sponsors(part: Part) -> tuple[str, tuple[str, ...]]:
    lead, others = "", []
    for sponsor in part.parts("sponsors"):
        name = one_line(sponsor.part("organisation").text("name"))
        if sponsor.flag("primary") and not lead:
            lead = name
        else:
            others.append(name)
    return lead, once(others)


def _status(record: Part) -> str:
    """Give the status: a code, or words; where both stand, the words are those of an application."""
    code, key = record.text("ctPublicStatusCode"), "ctStatus"
    printed = record.text(key)
    if code or printed.isdecimal():
        words = _STATUS_CODES.get(code or printed, "")
        if not words:
            record.notes.add(key, f"found the code {show(code or printed)}, expected one from 1 to 12")
        return note_word(record.notes, "ctPublicStatusCode", words, "Status", _STATUS)
    return note_word(record.notes, key, printed, "Status", _STATUS)


def _phases(record: Part, category: Part) -> tuple[str, ...]:
    printed, code = record.text("trialPhase"), category.text("trialPhase")
    read = _PHASE_CODES.get(code) if code else read_phases(printed)
    if read is None:
        record.notes.add("trialPhase", f"found {show(code or printed)}, expected a phase")
    return read or ()


def _enrolment(record: Part, part: Part) -> tuple[int | None, str]:
    """Give the planned number, where all are in the European Economic Area; else both numbers in words."""
    inside, outside = record.whole("totalNumberEnrolled"), part.whole("rowSubjectCount")
    if not outside:
        return inside, ""
    if inside is None:
        return None, f"{outside} outside the European Economic Area"
    return None, f"{inside} in the European Economic Area, {outside} outside of it"


def _dates(record: Part, duration: Part) -> tuple[Date | None, Date | None]:
    notes = record.notes
    began = note_date(notes, "startDateEU", record.text("startDateEU"), order="dmy", kind="ACTUAL")
    planned, end, whole_end = (
        note_date(notes, duration.place(key), duration.text(key), kind="ESTIMATED")
        for key in ("estimatedRecruitmentStartDate", "estimatedEndDate", "estimatedGlobalEndDate")
    )
    return began or planned, whole_end or end


def _in_order(part: Part, key: str) -> list[str]:
    """Give the texts of a numbered list in their order."""
    listed = [(each.whole("number") or 0, each.text(key)) for each in part.parts(f"{key}s")]
    return [text for _, text in sorted(listed, key=lambda pair: pair[0])]


def _interventions(part: Part) -> Iterator[Intervention]:
    """Give the products with the role that they have; a product without a name goes by its substance."""
    for group in part.parts("productRoleGroupInfos"):
        role = one_line(group.text("productRoleName"))
        for product in group.parts("products"):
            known = product.part("productDictionaryInfo")
            keys = ("prodName", "activeSubstanceName", "activeSubstanceOtherDescriptiveName", "sponsorProductCode")
            listed = (product.text("productName"), *(known.text(key) for key in keys), known.text("productOtherName"))
            names = once(one_line(name) for name in listed if name.upper() not in ("N/A", "-"))
            form = one_line(known.text("productPharmForm")) or one_line(product.text("pharmaceuticalFormDisplay"))
            told = {"role": role, "form": "" if form == "N/A" else form, "route": ", ".join(product.texts("routes"))}
            origins = {each.text("substanceOrigin").lower() for each in known.parts("productSubstances")}
            kinds = {_ORIGINS.get(origin, "") for origin in origins}
            lines = "\n".join(f"{label}: {words}" for label, words in told.items() if words)
            if names:
                yield Intervention(names[0], kinds.pop() if len(kinds) == 1 else "", lines, names[1:])


def _outcomes(points: Part) -> Iterator[TrialOutcome]:
    for rank in ("primary", "secondary"):
        listed = [(each.whole("number") or 0, each) for each in points.parts(f"{rank}EndPoints")]
        for _, each in sorted(listed, key=lambda pair: pair[0]):
            if text := plain_text(each.text("endPoint")):
                yield TrialOutcome(rank.upper(), text)


def _eligibility(criteria: Part, population: Part) -> Eligibility:
    female, male = population.flag("isFemaleSubjects"), population.flag("isMaleSubjects")
    groups = [each.text("name").lower() for each in population.parts("clinicalTrialGroups")]
    lines = []
    for heading in ("Inclusion", "Exclusion"):
        key = f"principal{heading}Criteria"
        listed = [(each.whole("number") or 0, plain_text(each.text(key))) for each in criteria.parts(key)]
        texts = [text for _, text in sorted(listed, key=lambda pair: pair[0])]
        lines += [f"{heading} criteria:", *texts] if texts else []
    return Eligibility(
        sex="ALL" if female and male else "FEMALE" if female else "MALE" if male else "",
        healthy_volunteers=any("healthy" in group for group in groups) if groups else None,
        criteria="\n".join(lines),
    )
