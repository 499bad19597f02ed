"""The parts of a record of the EU Clinical Trials Register that are known and not taken over, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["reasons_for"]

_AGES = "groups of ages are classes and counts, no limits"
_PEOPLE = "people and how to reach them are not taken over"
_PRODUCT = "this detail of a product is not taken over"
_DESIGN = "this detail of the design is not taken over"
_PROCEDURE = "approvals and how the register keeps the record are not taken over"
_COUNTS = "of the counts of participants only the planned total and the size of each arm are taken over"
_PLACES = "country names without a mark between them cannot be told apart"
_TWICE = "the application says the same, and is taken over"

#: How a question of the form begins -> why its answer is not taken over.
_QUESTIONS = (
    ("a[678]|x4|n_|ctrname|_id$", _PROCEDURE),
    ("e863", _PLACES),
    ("e111|e112", "the condition is taken over in the words of the application"),
    ("e2[3-9]|e6|e7|e8|d8", _DESIGN),
    ("f1", _AGES),
    ("f3", "which people may take part is told by the criteria"),
    ("f4", _COUNTS),
    ("f5", "the care after a trial is not taken over"),
    ("sponsor$|eudractNumber$", _TWICE),
    ("p_", _PROCEDURE),
)
_PERIOD = "subjectDisposition.postAssignmentPeriods.postAssignmentPeriod"
_ARM = f"{_PERIOD}.arms.arm"
_ANALYSIS = "endPoints.endPoint.statisticalAnalyses.statisticalAnalysis"
_PARTS = {
    "baselineCharacteristics": "what was measured before treatment is not taken over",
    "trialChanges": "changes of the protocol are not taken over",
    "adverseEvents.assessmentMethod": "how events were collected is not taken over",
    "adverseEvents.description": "how events were collected is not taken over",
    "adverseEvents.nonSeriousEventFrequencyThreshold": "other events below the threshold are not listed by the record",
    "adverseEvents.reportingGroups.reportingGroup.deathsResultingFromAdverseEvents": "all deaths are taken over",
    **{
        f"adverseEvents.{kind}s.{kind}.{key}": reason
        for kind in ("nonSeriousAdverseEvent", "seriousAdverseEvent")
        for key, reason in (
            ("assessmentMethod", "how events were collected is not taken over"),
            ("dictionaryOverridden", "how events were collected is not taken over"),
            ("organSystem", "the organ system is a code without a name"),
            ("values.value.fatalities", "deaths by term are not taken over"),
            ("values.value.occurrencesCausallyRelatedToTreatment", "the judgement on causes is not taken over"),
        )
    },
    "b1_sponsor.b4_sources_of_monetary_or_material_support": "who pays is not taken over",
    "endPoints.endPoint.readyForValues": _PROCEDURE,
    f"{_ANALYSIS}.analysisSpecification": "remarks on an analysis are not taken over",
    f"{_ANALYSIS}.title": "remarks on an analysis are not taken over",
    f"{_ANALYSIS}.parameterEstimate.type": "another type is told in words, which are taken over",
    f"{_ANALYSIS}.statisticalHypothesisTest.method": "another method is told in words, which are taken over",
    "subjectDisposition.reasonsNotCompleted": _COUNTS,
    "subjectDisposition.recruitmentDetails": "the text on recruitment is not taken over",
    "subjectDisposition.screeningInformation": "the text on recruitment is not taken over",
    **{
        f"{_PERIOD}.{key}": _DESIGN
        for key in (
            *("allocation", "blinded", "blindingType", "clinicalTrialRoles", "completedMilestone", "id"),
            *("implementationOfBlinding", "mutuallyExclusiveArms", "otherMilestones", "startedMilestone", "title"),
        )
    },
    **{
        f"{_ARM}.{key}": _COUNTS
        for key in ("completedMilestoneAchievement", "notCompletedReasonDetails", "otherMilestoneAchievements")
    },
    f"{_ARM}.startedMilestoneAchievement.startedMilestoneId": _COUNTS,
    f"{_ARM}.armProducts.armProduct.pharmaceuticalForms": "the form is a code without a name",
    f"{_ARM}.armProducts.armProduct.routesOfAdministration": "the route is a code without a name",
    **{f"trialInformation.{key}": _TWICE for key in ("fullTitle", "globalEndOfTrialDate", "mainObjective", "sponsors")},
    **{f"trialInformation.{key}": _COUNTS for key in ("countrySubjectCounts", "populationAgeGroup")},
    **{
        f"trialInformation.{key}": _PROCEDURE
        for key in (
            *("analysisForPrimaryCompletion", "analysisStage", "analysisStageDate", "art45Related", "art46Related"),
            *("globalEndOfTrialPremature", "idmcInvolvement", "isGlobalEndOfTrialReached", "partOfPIP", "pipnumbers"),
            *("longTermFollowUpPlanned", "otherIdentifiers", "subjectsProtection"),
        )
    },
}
_SPONSOR = re.compile("_?b")
_DETAIL = re.compile("_?d|e12")


def reasons_for(record: dict[str, object]) -> dict[str, str]:
    """Give the path of each part of this record that is known and not taken over, and why."""
    found = dict(_PARTS)
    for key in record:
        for question, reason in _QUESTIONS:
            if re.match(question, key):
                found[key] = reason
                break
    for name, pattern, reason in (
        ("b1_sponsor", _SPONSOR, _PEOPLE),
        ("dimp", _DETAIL, _PRODUCT),
        ("e12_meddra_classification", _DETAIL, "of a MedDRA term only its words are taken over"),
    ):
        for key in _keys(record.get(name)):
            if pattern.match(key):
                found.setdefault(f"{name}.{key}", reason)
    for product in _objects(record.get("dimp")):
        for key in _keys(product.get("d38_imp_identification_details")):
            found[f"dimp.d38_imp_identification_details.{key}"] = _PRODUCT
    return found


def _objects(value: object) -> Iterable[dict[str, object]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _keys(value: object) -> Iterable[str]:
    return sorted({str(key) for each in _objects(value) for key in each})
