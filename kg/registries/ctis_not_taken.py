"""The parts of a CTIS record that are known and not taken over, with the reason that the report gives."""

from __future__ import annotations

__all__ = ["NOT_TAKEN"]

_PEOPLE = "people and how to reach them are not taken over"
_PROCEDURE = "applications and approvals are not taken over"
_AGES = "groups of ages are classes, no limits"
_PRODUCT = "this detail of a product is not taken over"
_SEARCH = "what the search shows follows from the record"
_MEDDRA = "of a MedDRA term only its words are taken over"
_TRANSLATION = "translations are not taken over"
_ENDS = "of states only the names are taken over"

_PART = {
    "products": "the products are taken over with their roles",
    "therapeuticAreas": "the class of diseases is not taken over",
    "partOneTherapeuticAreas": "the class of diseases is not taken over",
    "rowCountries": "the countries are taken over by name",
    **dict.fromkeys(
        (
            *(
                "applicationType",
                "assessmentOutcome",
                "assessmentOutcomeDate",
                "conclusionDate",
                "contentLabeling",
                "id",
            ),
            *("includesPaediatricSubjects", "isEditable", "isLowIntervention", "partOneConclusionId", "submissionDate"),
            *("trialCategoryCode", "trialCategoryJustificationComment", "versionNumber"),
        ),
        _PROCEDURE,
    ),
    **dict.fromkeys((f"medicalConditions.{key}" for key in ("id", "isConditionRareDisease")), _PROCEDURE),
    "medicalConditions.medicalConditionTranslations": _TRANSLATION,
    **{
        f"rowCountriesInfo.{key}": "the countries are taken over by name"
        for key in ("current", "eutctId", "isoAlpha2Code", "isoAlpha3Code", "isoNumber")
    },
    **{
        f"sponsors.{key}": _PEOPLE
        for key in (
            *("addresses", "article77ComplianceResp", "commercial", "contactPointForUnion", "contactPointResp"),
            *("fromDate", "id", "isCommercial", "legalRepresentative", "legislationComplianceResp", "party"),
            *("publicContacts", "scientificContacts", "thirdParties"),
        )
    },
    **{
        f"sponsors.organisation.{key}": _PEOPLE
        for key in (
            *("acronym", "businessKey", "businessKeyForDisplay", "clinicalTrialSponsor", "commercial", "id"),
            *("isBusinessKeyValidated", "organisationLocationStatus", "type", "typeCode"),
        )
    },
    **{
        f"productRoleGroupInfos.{key}": _PRODUCT
        for key in ("comments", "id", "justificationNotImpdCode", "miaNumber", "productRoleCode")
    },
    **{
        f"productRoleGroupInfos.products.{key}": "the highest dose allowed is no planned dose"
        for key in (
            *("doseUom", "doseUomTotal", "maxDailyDoseAmount", "maxTotalDoseAmount", "maxTreatmentPeriod"),
            "timeUnitCode",
        )
    },
    **{
        f"productRoleGroupInfos.products.{key}": _PRODUCT
        for key in (
            *("allSubstancesChemicals", "anAdvancedTherapyMedicinalProduct", "characteristics", "evCode"),
            *("evCodeDisplay", "hasDevice", "id", "isDraftUnauthProduct", "isPaediatricFormulation"),
            *("jsonActiveSubstanceNames", "justificationForNoImpdUpload", "miaNumber", "mpRoleInTrial", "nameDisplay"),
            *("orphanDrugEdit", "otherMedicinalProduct", "part1MpRoleTypeCode", "pharmaceuticalFormDisplay"),
            *("productChangedRelationMA", "productEvVersion", "sponsorProductCodeEdit", "startDate"),
        )
    },
    **{
        f"productRoleGroupInfos.products.productDictionaryInfo.{key}": _PRODUCT
        for key in (
            *("atcCode", "atcName", "atcTermLevel", "atcUpdatable", "authorisationCountryCode", "euMpNumber"),
            *("euSubstNumber", "isSelectedInMultiTrialSM", "marketingAuthNumber", "mrpNumber", "nameOrg", "orgType"),
            *("orphanDrug", "part1MpRoleTypeCode", "pharmForm", "prodAuthStatus", "prodAuthStatusTransfer"),
            *("productEvVersion", "productPackageDescription", "productPk", "shortName", "sponsorSubstanceCode"),
            *("strength", "substancePk"),
        )
    },
    **{
        f"productRoleGroupInfos.products.productDictionaryInfo.productSubstances.{key}": _PRODUCT
        for key in (
            *("actSubstName", "actSubstOrigin", "nameOrg", "productPk", "status", "strength", "substanceEvCode"),
            "substancePk",
        )
    },
}
_DETAILS = {
    "associatedClinicalTrials": "they are other trials",
    "isClockStopRemovalRequested": _PROCEDURE,
    "protocolInformation": "the periods of the design are not taken over",
    "pubmedCode": "papers are not taken over",
    "pubmedUrl": "papers are not taken over",
    "references": "papers are not taken over",
    "scientificAdviceAndPip": _PROCEDURE,
    **{
        f"clinicalTrialIdentifiers.{key}Translations": _TRANSLATION
        for key in ("fullTitle", "publicTitle", "shortTitle")
    },
    **{
        f"clinicalTrialIdentifiers.secondaryIdentifyingNumbers.{key}": _PROCEDURE
        for key in ("additionalRegistries.ctRegistryCode", "additionalRegistries.id", "nctNumber.id")
    },
    **{f"trialInformation.{key}": _PROCEDURE for key in ("sourceOfMonetarySupport",)},
    "trialInformation.individualParticipantData": "plans to share data are not taken over",
    "trialInformation.individualParticipantDataSharingStatement": "plans to share data are not taken over",
    **{
        f"trialInformation.trialCategory.{key}": _PROCEDURE
        for key in (
            *("isLowIntervention", "justificationForTrialCategory", "trialCategory", "trialCategoryId"),
            "justificationForTrialCategoryTranslations",
        )
    },
    "trialInformation.medicalCondition.partIMedicalConditions": "the conditions stand in two places",
    **{
        f"trialInformation.medicalCondition.meddraConditionTerms.{key}": _MEDDRA
        for key in (
            *("active", "classificationCode", "isActive", "level", "organClass", "termId", "translatedNames"),
            "version",
        )
    },
    "trialInformation.trialObjective.trialScopes": "the scope is a code without a name",
    "trialInformation.trialObjective.mainObjectiveTranslations": _TRANSLATION,
    **{
        f"trialInformation.{where}.{key}": reason
        for where, what in (
            ("trialObjective.secondaryObjectives", "secondaryObjective"),
            ("eligibilityCriteria.principalInclusionCriteria", "principalInclusionCriteria"),
            ("eligibilityCriteria.principalExclusionCriteria", "principalExclusionCriteria"),
            ("endPoint.primaryEndPoints", "endPoint"),
            ("endPoint.secondaryEndPoints", "endPoint"),
        )
        for key, reason in (("id", _PROCEDURE), ("isPrimary", _PROCEDURE), (f"{what}Translations", _TRANSLATION))
    },
    **{f"trialInformation.populationOfTrialSubjects.{key}": _AGES for key in ("ageRanges", "ageRangeSecondaryIds")},
    **{
        f"trialInformation.populationOfTrialSubjects.{key}": "which people may take part is told by the criteria"
        for key in ("clinicalTrialGroups.code", "isVulnerablePopulationSelected", "recruitmentPopulationGroups")
    },
}
_STATE = (
    *("activeTrialPeriod", "activeTrialRecruitmentPeriod", "applicationTypeMsc", "clinicalTrialId", "mscId"),
    *("clinicalTrialStatusHistory", "countryName", "countryOrganisationId", "firstDecisionDate", "fromDate"),
    *("hasRecruitmentStarted", "id", "isProposedRms", "lastDecisionDate", "mscPublicStatusCode", "organisationInfo"),
    *("recruitmentSubjectCount", "reportingStatusCode", "toDate", "trialPeriod", "trialRecruitmentPeriod"),
    *("trialStatus", "willingAtDayThreeView"),
)
_HERE = {f"memberStatesConcerned.{key}": _ENDS for key in _STATE} | {
    **{f"authorizedPartI.{key}": reason for key, reason in _PART.items()},
    **{f"authorizedPartI.trialDetails.{key}": reason for key, reason in _DETAILS.items()},
    "authorizedPartsII": _PEOPLE,
}

#: The path of a part, and why it is not taken over. What is neither read nor here is reported as unknown.
NOT_TAKEN: dict[str, str] = {
    **_HERE,
    **{f"authorizedApplication.{path}": reason for path, reason in _HERE.items()},
    "authorizedApplication.applicationInfo": _PROCEDURE,
    "authorizedApplication.eudraCt.isTransitioned": _PROCEDURE,
    **{f"eudraCtInfo.{key}": _PROCEDURE for key in ("hasVhp", "isTransitioned")},
    **dict.fromkeys(
        (
            *("applications", "authorizationDate", "correctiveMeasures", "decisionDate", "decisionDateOverall"),
            *("hasAmendmentApplied", "hasDeferrallApplied", "id", "initialApplicationId", "isRmsTacitAssignment"),
            *("lastPublicationUpdate", "mscTrialNotificationsInfoList", "publicEvaluation", "publishDate"),
            *("submissionDate", "trialGlobalEnd"),
        ),
        _PROCEDURE,
    ),
    **dict.fromkeys(("coSponsors", "primarySponsor", "sponsorType"), "the sponsors are taken over from part I"),
    **dict.fromkeys(("ageGroup", "ageRangeSecondary"), _AGES),
    **dict.fromkeys(
        (
            *("ctrname", "gender", "recruitmentStatus", "resultsFirstReceived", "therapeuticAreas", "title"),
            *("totalPartIISubjectCount", "trialCountries", "trialPhase", "trialRegion", "trialRegionCode"),
        ),
        _SEARCH,
    ),
    "documents": "documents are not taken over",
    "events": "what happened in each state is not taken over",
    "results": "documents are not taken over",
}
