"""A study in the shape of ClinicalTrials.gov's API v2 -> `Trial`. The older formats are brought into this shape first.

The only place where enumerations, dates, ages, identifiers and what is missing are decided. Parts are named as API v2
names them, whatever the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kg.model.intake import Ignored, Refused
from kg.model.trials import (
    Age,
    Date,
    Eligibility,
    Intervention,
    Trial,
    TrialArm,
    TrialOutcome,
    TrialPaper,
)
from kg.registries.ctgov_not_taken import NOT_TAKEN
from kg.registries.ctgov_results import read_adverse_events, read_baseline, read_flow, read_results
from kg.registries.ctgov_words import WORDS, mesh_id, read_age, word
from kg.registries.dates import read_date, why_no_date
from kg.registries.numbers import canonical_number, find_numbers, registry_of
from kg.registries.parts import Notes, Part, show

__all__ = ["number_of", "read_study"]

_DOI = re.compile(r"\bdoi:? ?(10\.[0-9]{4,9}/[^\s;,]+)", re.ASCII | re.IGNORECASE)
#: Registers whose short numbers a sponsor's own may look like: taken only where the record calls it a register's.
_SHORT_NUMBERS = frozenset({"NTR", "REPEC"})
#: What a record usually has, by its kind.
_USUAL = {
    "": ("conditions", "sponsor", "status", "study_type", "summary", "title"),
    "EXPANDED_ACCESS": ("conditions", "countries", "interventions", "sponsor", "status", "summary", "title"),
    "OBSERVATIONAL": (
        *("arms", "conditions", "countries", "eligibility", "enrolment", "interventions", "outcomes", "sponsor"),
        *("start", "status", "summary", "title"),
    ),
    "INTERVENTIONAL": (
        *("arms", "conditions", "countries", "eligibility", "enrolment", "interventions", "outcomes", "phases"),
        *("sponsor", "start", "status", "summary", "title"),
    ),
}


def number_of(study: object) -> str:
    """Give the registry number of a study in the shape of API v2, or "" where it has none that is one."""
    for key in ("protocolSection", "identificationModule", "nctId"):
        study = study.get(key) if isinstance(study, Mapping) else None
    number = canonical_number(study) if isinstance(study, str) else ""
    return number if registry_of(number) == "ClinicalTrials.gov" else ""


def read_study(
    study: object,
    *,
    source_format: str,
    place: str,
    markdown: bool = False,
    line: int = 0,
    notes: tuple[tuple[str, str], ...] = (),
    never: frozenset[str] = frozenset(),
) -> Iterator[Trial | Refused | Ignored]:
    """Give the trial and what of its record is not taken over; or, without a registry number, one refusal.

    `place` names the record where it has no number ("study 3"), `notes` are (part, reason) that the reader of an older
    format found, `never` are the parts that the format cannot have, and whose absence is therefore no news.
    """
    number = number_of(study)
    if not isinstance(study, Mapping) or not number:
        yield Refused(
            place, f"found {_number_shown(study)}, expected a record with an NCT number (NCT and 8 digits)", line
        )
        return
    noted = Notes(number, NOT_TAKEN, markdown)
    for part, reason in notes:
        noted.add(part, reason)
    yield _trial(noted.part(study), number, source_format, never)
    yield from noted.ignored()


def _number_shown(study: object) -> str:
    for key in ("protocolSection", "identificationModule", "nctId"):
        if not isinstance(study, Mapping):
            return show(study)
        if key not in study:
            return f"no {key}"
        study = study[key]
    return show(study)


def _trial(study: Part, number: str, source_format: str, never: frozenset[str]) -> Trial:
    protocol, derived, results = (study.part(f"{name}Section") for name in ("protocol", "derived", "results"))
    identification, status = protocol.part("identificationModule"), protocol.part("statusModule")
    sponsors, texts = protocol.part("sponsorCollaboratorsModule"), protocol.part("descriptionModule")
    conditions, design = protocol.part("conditionsModule"), protocol.part("designModule")
    info, enrolment = design.part("designInfo"), design.part("enrollmentInfo")
    masking = info.part("maskingInfo")
    given = protocol.part("armsInterventionsModule")
    interventions = _interventions(given)
    sharing = protocol.part("ipdSharingStatementModule")
    other_numbers, other_ids = _identifiers(identification, number)
    has_results = study.flag("hasResults")
    trial = Trial(
        number=number,
        registry="ClinicalTrials.gov",
        source_format=source_format,
        data_date=_plain_date(derived.part("miscInfoModule"), "versionHolder"),
        other_numbers=other_numbers,
        other_ids=other_ids,
        title=identification.text("briefTitle"),
        official_title=identification.text("officialTitle"),
        acronym=identification.text("acronym"),
        summary=texts.long_text("briefSummary"),
        description=texts.long_text("detailedDescription"),
        status=_word(status, "overallStatus", "Status"),
        last_known_status=_word(status, "lastKnownStatus", "Status"),
        why_stopped=status.text("whyStopped"),
        study_type=_word(design, "studyType", "StudyType"),
        phases=_words(design, "phases", "Phase"),
        allocation=_word(info, "allocation", "DesignAllocation"),
        intervention_model=_word(info, "interventionModel", "InterventionalAssignment"),
        purpose=_word(info, "primaryPurpose", "PrimaryPurpose"),
        masking=_word(masking, "masking", "DesignMasking"),
        enrolment=enrolment.whole("count"),
        enrolment_kind=_word(enrolment, "type", "EnrollmentType"),
        start=_date(status, "startDateStruct"),
        primary_completion=_date(status, "primaryCompletionDateStruct"),
        completion=_date(status, "completionDateStruct"),
        first_posted=_date(status, "studyFirstPostDateStruct"),
        results_posted=_date(status, "resultsFirstPostDateStruct"),
        last_updated=_date(status, "lastUpdatePostDateStruct"),
        sponsor=sponsors.part("leadSponsor").text("name"),
        collaborators=_once(each.text("name") for each in sponsors.parts("collaborators")),
        countries=_once(each.text("country") for each in _locations(protocol)),
        conditions=_once(conditions.texts("conditions")),
        condition_mesh=_mesh(derived.part("conditionBrowseModule")),
        intervention_mesh=_mesh(derived.part("interventionBrowseModule")),
        keywords=_once(conditions.texts("keywords")),
        arms=_arms(given, interventions),
        interventions=interventions,
        outcomes=_outcomes(protocol.part("outcomesModule")),
        eligibility=_eligibility(protocol.part("eligibilityModule")),
        papers=_papers(protocol.part("referencesModule")),
        has_results=bool(results.raw) or has_results if has_results is not None or results.raw else None,
        results=read_results(results.part("outcomeMeasuresModule")),
        adverse_events=read_adverse_events(results.part("adverseEventsModule")),
        observational_model=_word(info, "observationalModel", "ObservationalModel"),
        time_perspective=_word(info, "timePerspective", "DesignTimePerspective"),
        who_masked=_words(masking, "whoMasked", "WhoMasked"),
        ipd_sharing=_word(sharing, "ipdSharing", "IpdSharing"),
        baseline=read_baseline(results.part("baselineCharacteristicsModule")),
        flow=read_flow(results.part("participantFlowModule")),
    )
    return replace(trial, missing=_missing(trial, never))


def _missing(trial: Trial, never: frozenset[str]) -> tuple[str, ...]:
    empty = ("", None, (), Eligibility())
    usual = _USUAL.get(trial.study_type, _USUAL[""])
    return tuple(name for name in usual if name not in never and getattr(trial, name) in empty)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _one_word(part: Part, key: str, text: str, enumeration: str) -> str:
    found = word(enumeration, text)
    if found is None:
        expected = f"expected one of {', '.join(WORDS[enumeration])}"
        part.notes.add(part.place(key), f"found {show(text)}, {expected}")
    return found or ""


def _word(part: Part, key: str, enumeration: str) -> str:
    return _one_word(part, key, part.text(key), enumeration)


def _words(part: Part, key: str, enumeration: str) -> tuple[str, ...]:
    return _once(_one_word(part, key, text, enumeration) for text in part.texts(key))


def _date(status: Part, key: str) -> Date | None:
    struct = status.part(key)
    return _plain_date(struct, "date", _word(struct, "type", "DateType"))


def _plain_date(part: Part, key: str, kind: str = "") -> Date | None:
    text = part.text(key)
    date = read_date(text, kind=kind) if text else None
    if text and date is None:
        part.notes.add(part.place(key), why_no_date(text))
    return date


def _identifiers(identification: Part, number: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the numbers in other registers, and what else the trial is called.

    A second NCT number is that of this trial only where the registry says so (an alias); a sponsor that names one means
    another trial: the first part, the follow-up.
    """
    identification.text("nctId")
    aliases = (canonical_number(alias) for alias in identification.texts("nctIdAliases"))
    named = [(identification.part("orgStudyIdInfo").text("id"), False)]
    for each in identification.parts("secondaryIdInfos"):
        named.append((each.text("id"), each.text("type").upper().startswith("REGISTRY")))
    numbers, others = [alias for alias in aliases if alias != number], []
    for text, registered in named:
        closed = {"ClinicalTrials.gov"} if registered else {"ClinicalTrials.gov", *_SHORT_NUMBERS}
        found = [each for registry, each in find_numbers(text) if registry not in closed]
        numbers.extend(found)
        if canonical_number(text) not in (*found, number):
            others.append(text)
    return _once(numbers), _once(others)


def _locations(protocol: Part) -> tuple[Part, ...]:
    return protocol.part("contactsLocationsModule").parts("locations")


def _mesh(browse: Part) -> tuple[tuple[str, str], ...]:
    found = ((mesh_id(each.text("id")), each.text("term")) for each in browse.parts("meshes"))
    return tuple(dict.fromkeys(pair for pair in found if any(pair)))


def _interventions(given: Part) -> tuple[Intervention, ...]:
    return tuple(
        Intervention(
            name=each.text("name"),
            type=_word(each, "type", "InterventionType"),
            description=each.long_text("description"),
            other_names=_once(each.texts("otherNames")),
            arm_labels=_once(each.texts("armGroupLabels")),
        )
        for each in given.parts("interventions")
        if each.raw
    )


def _arms(given: Part, interventions: tuple[Intervention, ...]) -> tuple[TrialArm, ...]:
    names = {each.name for each in interventions}
    arms = []
    for each in given.parts("armGroups"):
        if not each.raw:
            continue
        received = _once(_without_type(name) for name in each.texts("interventionNames"))
        for name in received:
            if names and name not in names:
                each.notes.add(
                    each.place("interventionNames"), f"found {show(name)}, expected the name of an intervention"
                )
        arms.append(
            TrialArm(
                label=each.text("label"),
                type=_word(each, "type", "ArmGroupType"),
                description=each.long_text("description"),
                intervention_names=received,
            )
        )
    return tuple(arms)


def _without_type(name: str) -> str:
    """Give the name of an intervention without its type: "Biological: X" is X."""
    kind, colon, rest = name.partition(": ")
    return rest.strip() if colon and word("InterventionType", kind) else name


def _outcomes(module: Part) -> tuple[TrialOutcome, ...]:
    return tuple(
        TrialOutcome(
            rank="" if rank == "unranked" else rank.upper(),
            measure=each.text("measure"),
            description=each.long_text("description"),
            time_frame=each.text("timeFrame"),
        )
        for rank in ("primary", "secondary", "other", "unranked")  # the last: of a format that does not rank
        for each in module.parts(f"{rank}Outcomes")
        if each.raw
    )


def _eligibility(module: Part) -> Eligibility:
    return Eligibility(
        minimum_age=_age(module, "minimumAge"),
        maximum_age=_age(module, "maximumAge"),
        sex=_word(module, "sex", "Sex"),
        healthy_volunteers=module.flag("healthyVolunteers"),
        criteria=module.long_text("eligibilityCriteria"),
    )


def _age(module: Part, key: str) -> Age | None:
    text = module.text(key)
    age = read_age(text)
    if age is None and text.upper() not in ("", "N/A", "NA"):
        module.notes.add(module.place(key), f"found {show(text)}, expected a number and a unit: '10 Months'")
    return age


def _papers(module: Part) -> tuple[TrialPaper, ...]:
    papers = []
    for each in module.parts("references"):
        citation = each.text("citation")
        dois = {_without_end(found) for found in _DOI.findall(citation)}
        paper = TrialPaper(
            pmid=each.text("pmid"),
            doi=dois.pop() if len(dois) == 1 else "",
            kind=_word(each, "type", "ReferenceType"),
            citation=citation,
            retraction_pmids=_once(retraction.text("pmid") for retraction in each.parts("retractions")),
        )
        if paper.pmid and not paper.pmid.isdecimal():
            each.notes.add(each.place("pmid"), f"found {show(paper.pmid)}, expected digits")
            paper = replace(paper, pmid="")
        if paper.pmid or paper.doi or paper.citation:
            papers.append(paper)
    return tuple(dict.fromkeys(papers))


def _without_end(doi: str) -> str:
    """Give a DOI without the point or bracket of the sentence that it ends."""
    plain = doi.rstrip(".").lower()
    return plain.rstrip(")]") if plain.count("(") < plain.count(")") else plain
