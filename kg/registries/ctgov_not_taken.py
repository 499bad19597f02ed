"""The parts of a ClinicalTrials.gov record that are known and not taken over, with the reason that the report gives."""

from __future__ import annotations

__all__ = ["NOT_TAKEN"]

_CONTACT = "people and how to reach them are not taken over"
_DOCUMENTS = "documents are not taken over"
_ADMINISTRATION = "dates and duties of the registration are not taken over"
_DESIGN = "this detail of the design is not taken over"
_TREE = "what follows from the MeSH headings is not taken over"
_SHARING = "only whether data are shared is taken over"

_PROTOCOL: dict[str, dict[str, str]] = {
    "identificationModule": {"organization": "the sponsor is taken over", "orgStudyIdInfo.type": _ADMINISTRATION}
    | {
        f"{name}.{key}": _ADMINISTRATION
        for name in ("orgStudyIdInfo", "secondaryIdInfos")
        for key in ("domain", "link")
    }
    | {"secondaryIdInfos.domain": "who gave a number is not taken over"},
    "statusModule": dict.fromkeys(
        (
            *("statusVerifiedDate", "delayedPosting", "expandedAccessInfo", "studyFirstSubmitDate", "resultsWaived"),
            *("studyFirstSubmitQcDate", "resultsFirstSubmitDate", "resultsFirstSubmitQcDate", "dispFirstSubmitDate"),
            *("dispFirstSubmitQcDate", "dispFirstPostDateStruct", "lastUpdateSubmitDate"),
            "resultsFirstPostedQcCommentsDateStruct",
        ),
        _ADMINISTRATION,
    ),
    "sponsorCollaboratorsModule": {
        "responsibleParty": _CONTACT,
        "leadSponsor.class": "the kind of sponsor is not taken over",
        "collaborators.class": "the kind of sponsor is not taken over",
    },
    "designModule": dict.fromkeys(
        (
            *("nPtrsToThisExpAccNctId", "expandedAccessTypes", "patientRegistry", "targetDuration", "bioSpec"),
            *("designInfo.interventionModelDescription", "designInfo.maskingInfo.maskingDescription"),
        ),
        _DESIGN,
    ),
    "eligibilityModule": dict.fromkeys(
        ("genderBased", "genderDescription", "stdAges", "studyPopulation", "samplingMethod"), _DESIGN
    ),
    "contactsLocationsModule": {
        "centralContacts": _CONTACT,
        "overallOfficials": _CONTACT,
        **{
            f"locations.{key}": "of a place only the country is taken over"
            for key in ("city", "contacts", "facility", "geoPoint", "state", "status", "zip")
        },
    },
    "referencesModule": {
        "seeAlsoLinks": "web pages are not taken over",
        "availIpds": _SHARING,
        "references.retractions.source": "the number of the retraction is taken over",
    },
    "ipdSharingStatementModule": dict.fromkeys(
        ("accessCriteria", "description", "infoTypes", "timeFrame", "url"), _SHARING
    ),
}
_MEASURE = dict.fromkeys(("calculatePct", "denomUnitsSelected"), "how a number is shown is not taken over")
_RESULTS: dict[str, dict[str, str]] = {
    "participantFlowModule": dict.fromkeys(
        ("preAssignmentDetails", "recruitmentDetails", "typeUnitsAnalyzed"), "the text on recruitment is not taken over"
    )
    | {
        f"periods.{key}": "what is counted beside participants is not taken over"
        for key in ("milestones.achievements.numUnits", "dropWithdraws.reasons.numUnits")
    }
    | {f"periods.{key}.comment": "remarks on a step are not taken over" for key in ("milestones", "dropWithdraws")}
    | {"periods.dropWithdraws.reasons.comment": "remarks on a step are not taken over"},
    "baselineCharacteristicsModule": {f"measures.{key}": reason for key, reason in _MEASURE.items()},
    "outcomeMeasuresModule": {
        **{f"outcomeMeasures.{key}": reason for key, reason in _MEASURE.items()},
        "outcomeMeasures.anticipatedPostingDate": _ADMINISTRATION,
        **{
            f"outcomeMeasures.analyses.{key}": "remarks on an analysis are not taken over"
            for key in (
                *("pValueComment", "estimateComment", "ciLowerLimitComment", "ciUpperLimitComment"),
                *("nonInferiorityComment", "otherAnalysisDescription", "testedNonInferiority", "groupDescription"),
            )
        },
    },
    "adverseEventsModule": {
        "frequencyThreshold": "other events below the threshold are not listed by the record",
        "description": "how events were collected is not taken over",
        "allCauseMortalityComment": "how events were collected is not taken over",
        **{
            f"{kind}Events.{key}": "how events were collected is not taken over"
            for kind in ("serious", "other")
            for key in ("assessmentType", "notes")
        },
    },
    "moreInfoModule": {},
}
_BROWSE = dict.fromkeys(("ancestors", "browseBranches", "browseLeaves"), _TREE)

#: The path of a part, and why it is not taken over. What is neither read nor here is reported as unknown.
NOT_TAKEN: dict[str, str] = {
    "annotationSection": _ADMINISTRATION,
    "documentSection": _DOCUMENTS,
    "protocolSection.oversightModule": _ADMINISTRATION,
    "resultsSection.moreInfoModule": "agreements, limitations and contacts are not taken over",
    "derivedSection.miscInfoModule.modelPredictions": "predictions of the registry are not taken over",
    "derivedSection.miscInfoModule.removedCountries": "countries without a place any more are not taken over",
    "derivedSection.miscInfoModule.submissionTracking": _ADMINISTRATION,
    **{f"derivedSection.{kind}BrowseModule.{key}": _TREE for kind in ("condition", "intervention") for key in _BROWSE},
    **{f"protocolSection.{module}.{key}": why for module, keys in _PROTOCOL.items() for key, why in keys.items()},
    **{f"resultsSection.{module}.{key}": why for module, keys in _RESULTS.items() for key, why in keys.items()},
}
