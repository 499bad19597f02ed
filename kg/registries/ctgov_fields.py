"""The fields of ClinicalTrials.gov's former API (version 1), and where their content stands in API v2."""

from __future__ import annotations

__all__ = ["GROUPS", "LISTS", "NOT_TAKEN_FIELDS", "SINGLE"]

_IDENTIFICATION = "protocolSection.identificationModule"
_STATUS = "protocolSection.statusModule"
_DESIGN = "protocolSection.designModule"
_ELIGIBILITY = "protocolSection.eligibilityModule"
_GIVEN = "protocolSection.armsInterventionsModule"
_EVENTS = "resultsSection.adverseEventsModule"

#: Fields with one value.
SINGLE: dict[str, str] = {
    "NCTId": f"{_IDENTIFICATION}.nctId",
    "OrgStudyId": f"{_IDENTIFICATION}.orgStudyIdInfo.id",
    "BriefTitle": f"{_IDENTIFICATION}.briefTitle",
    "OfficialTitle": f"{_IDENTIFICATION}.officialTitle",
    "Acronym": f"{_IDENTIFICATION}.acronym",
    "BriefSummary": "protocolSection.descriptionModule.briefSummary",
    "DetailedDescription": "protocolSection.descriptionModule.detailedDescription",
    "OverallStatus": f"{_STATUS}.overallStatus",
    "LastKnownStatus": f"{_STATUS}.lastKnownStatus",
    "WhyStopped": f"{_STATUS}.whyStopped",
    **{
        field + end: f"{_STATUS}.{key}.{inner}"
        for field, key in (
            ("StartDate", "startDateStruct"),
            ("PrimaryCompletionDate", "primaryCompletionDateStruct"),
            ("CompletionDate", "completionDateStruct"),
            ("StudyFirstPostDate", "studyFirstPostDateStruct"),
            ("ResultsFirstPostDate", "resultsFirstPostDateStruct"),
            ("LastUpdatePostDate", "lastUpdatePostDateStruct"),
        )
        for end, inner in (("", "date"), ("Type", "type"))
    },
    "LeadSponsorName": "protocolSection.sponsorCollaboratorsModule.leadSponsor.name",
    "StudyType": f"{_DESIGN}.studyType",
    "DesignAllocation": f"{_DESIGN}.designInfo.allocation",
    "DesignInterventionModel": f"{_DESIGN}.designInfo.interventionModel",
    "DesignPrimaryPurpose": f"{_DESIGN}.designInfo.primaryPurpose",
    "DesignObservationalModel": f"{_DESIGN}.designInfo.observationalModel",
    "DesignTimePerspective": f"{_DESIGN}.designInfo.timePerspective",
    "DesignMasking": f"{_DESIGN}.designInfo.maskingInfo.masking",
    "EnrollmentCount": f"{_DESIGN}.enrollmentInfo.count",
    "EnrollmentType": f"{_DESIGN}.enrollmentInfo.type",
    "EligibilityCriteria": f"{_ELIGIBILITY}.eligibilityCriteria",
    "HealthyVolunteers": f"{_ELIGIBILITY}.healthyVolunteers",
    "Gender": f"{_ELIGIBILITY}.sex",
    "MinimumAge": f"{_ELIGIBILITY}.minimumAge",
    "MaximumAge": f"{_ELIGIBILITY}.maximumAge",
    "IPDSharing": "protocolSection.ipdSharingStatementModule.ipdSharing",
    "VersionHolder": "derivedSection.miscInfoModule.versionHolder",
    "EventsTimeFrame": f"{_EVENTS}.timeFrame",
}

#: Fields with many values that belong to nothing else.
LISTS: dict[str, str] = {
    "NCTIdAlias": f"{_IDENTIFICATION}.nctIdAliases",
    "Condition": "protocolSection.conditionsModule.conditions",
    "Keyword": "protocolSection.conditionsModule.keywords",
    "Phase": f"{_DESIGN}.phases",
    "DesignWhoMasked": f"{_DESIGN}.designInfo.maskingInfo.whoMasked",
}

#: Fields that run side by side: of what there is one for each, the leading field, and the keys in API v2.
GROUPS: dict[str, tuple[str, str, dict[str, str]]] = {
    f"{_IDENTIFICATION}.secondaryIdInfos": (
        "identifiers",
        "SecondaryId",
        {"SecondaryId": "id", "SecondaryIdType": "type"},
    ),
    "protocolSection.sponsorCollaboratorsModule.collaborators": (
        "collaborators",
        "CollaboratorName",
        {"CollaboratorName": "name"},
    ),
    f"{_GIVEN}.armGroups": (
        "arms",
        "ArmGroupLabel",
        {"ArmGroupLabel": "label", "ArmGroupType": "type", "ArmGroupDescription": "description"},
    ),
    f"{_GIVEN}.interventions": (
        "interventions",
        "InterventionName",
        {"InterventionName": "name", "InterventionType": "type", "InterventionDescription": "description"},
    ),
    **{
        f"protocolSection.outcomesModule.{rank.lower()}Outcomes": (
            f"{rank.lower()} outcomes",
            f"{rank}OutcomeMeasure",
            {
                f"{rank}OutcomeMeasure": "measure",
                f"{rank}OutcomeDescription": "description",
                f"{rank}OutcomeTimeFrame": "timeFrame",
            },
        )
        for rank in ("Primary", "Secondary", "Other")
    },
    "protocolSection.contactsLocationsModule.locations": (
        "places",
        "LocationCountry",
        {"LocationCountry": "country"},
    ),
    **{
        f"derivedSection.{kind.lower()}BrowseModule.meshes": (
            "headings",
            f"{kind}MeshTerm",
            {f"{kind}MeshTerm": "term", f"{kind}MeshId": "id"},
        )
        for kind in ("Condition", "Intervention")
    },
    f"{_EVENTS}.eventGroups": (
        "groups",
        "EventGroupId",
        {
            "EventGroupId": "id",
            "EventGroupTitle": "title",
            "EventGroupDescription": "description",
            **{
                f"EventGroup{kind}Num{what}": f"{kind.lower()}Num{what}"
                for kind in ("Serious", "Other", "Deaths")
                for what in ("Affected", "AtRisk")
            },
        },
    ),
}

_FLAT = "the format has lost which number belongs to which group"
_CONTACT = "people and how to reach them are not taken over"
_ADMINISTRATION = "dates and duties of the registration are not taken over"
_DETAIL = "this detail of the design is not taken over"
_TREE = "what follows from the MeSH headings is not taken over"
_SHARING = "only whether data are shared is taken over"
_PLACE = "of a place only the country is taken over"
_COLLECTED = "how events were collected is not taken over"

#: How fields begin that are known and not taken over, and why; the first that fits counts.
NOT_TAKEN_FIELDS: dict[str, str] = {
    "Rank": "the place in the search says nothing about the trial",
    **dict.fromkeys(("Baseline", "Flow", "Outcome"), _FLAT),
    **dict.fromkeys(("SeriousEvent", "OtherEvent", "EventsDescription"), _COLLECTED),
    "EventsFrequencyThreshold": "other events below the threshold are not listed by the record",
    **dict.fromkeys(("CentralContact", "OverallOfficial", "PointOfContact", "ResponsibleParty"), _CONTACT),
    "LocationContact": _CONTACT,
    "Location": _PLACE,
    "RemovedCountry": "countries without a place any more are not taken over",
    **dict.fromkeys(("ConditionAncestor", "ConditionBrowse", "InterventionAncestor", "InterventionBrowse"), _TREE),
    **dict.fromkeys(("AvailIPD", "IPDSharing"), _SHARING),
    **dict.fromkeys(("LargeDoc",), "documents are not taken over"),
    **dict.fromkeys(("Agreement", "LimitationsAndCaveats"), "agreements and limitations are not taken over"),
    **dict.fromkeys(("BioSpec", "ExpAccType", "PatientRegistry", "TargetDuration"), _DETAIL),
    **dict.fromkeys(("DesignInterventionModelDescription", "DesignMaskingDescription"), _DETAIL),
    **dict.fromkeys(("GenderBased", "GenderDescription", "SamplingMethod", "StdAge", "StudyPopulation"), _DETAIL),
    **dict.fromkeys(("CollaboratorClass", "LeadSponsorClass"), "the kind of sponsor is not taken over"),
    **dict.fromkeys(("OrgClass", "OrgFullName"), "the sponsor is taken over"),
    **dict.fromkeys(("OrgStudyId", "SecondaryIdDomain", "SecondaryIdLink"), "who gave a number is not taken over"),
    **dict.fromkeys(("RetractionSource",), "the number of the retraction is taken over"),
    **dict.fromkeys(("SeeAlsoLink",), "web pages are not taken over"),
    **dict.fromkeys(
        (
            *(
                "DelayedPosting",
                "DispFirst",
                "ExpandedAccess",
                "FDAAA801Violation",
                "HasExpandedAccess",
                "IsFDARegulated",
            ),
            *("IsPPSD", "IsUSExport", "IsUnapprovedDevice", "LastUpdateSubmit", "NPtrsToThisExpAccNCTId"),
            *("OversightHasDMC", "ResultsFirst", "ResultsWaived", "StatusVerifiedDate", "StudyFirstSubmit"),
            *(
                "Submission",
                "EstimatedResultsFirstSubmit",
                "UnpostedEvent",
                "UnpostedResponsibleParty",
                "ViolationEvent",
            ),
            "FirstMCPPostDate",
        ),
        _ADMINISTRATION,
    ),
}
