"""The enumerations of ClinicalTrials.gov as API v2 spells them, and how the older formats spell the same things."""

from __future__ import annotations

import re
from decimal import Decimal

from kg.model.trials import Age

__all__ = ["DISPERSIONS", "WORDS", "mesh_id", "read_age", "word"]

#: The words of each enumeration that a `Trial` uses. Checked in the tests against the description of the interface.
WORDS: dict[str, tuple[str, ...]] = {
    "Status": (
        *("ACTIVE_NOT_RECRUITING", "COMPLETED", "ENROLLING_BY_INVITATION", "NOT_YET_RECRUITING", "RECRUITING"),
        *("SUSPENDED", "TERMINATED", "WITHDRAWN", "AVAILABLE", "NO_LONGER_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE"),
        *("APPROVED_FOR_MARKETING", "WITHHELD", "UNKNOWN"),
    ),
    "StudyType": ("EXPANDED_ACCESS", "INTERVENTIONAL", "OBSERVATIONAL"),
    "Phase": ("NA", "EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4"),
    "Sex": ("FEMALE", "MALE", "ALL"),
    "IpdSharing": ("YES", "NO", "UNDECIDED"),
    "DateType": ("ACTUAL", "ESTIMATED"),
    "DesignAllocation": ("RANDOMIZED", "NON_RANDOMIZED", "NA"),
    "InterventionalAssignment": ("SINGLE_GROUP", "PARALLEL", "CROSSOVER", "FACTORIAL", "SEQUENTIAL"),
    "PrimaryPurpose": (
        *("TREATMENT", "PREVENTION", "DIAGNOSTIC", "ECT", "SUPPORTIVE_CARE", "SCREENING", "HEALTH_SERVICES_RESEARCH"),
        *("BASIC_SCIENCE", "DEVICE_FEASIBILITY", "OTHER"),
    ),
    "ObservationalModel": (
        *("COHORT", "CASE_CONTROL", "CASE_ONLY", "CASE_CROSSOVER", "ECOLOGIC_OR_COMMUNITY", "FAMILY_BASED"),
        *("DEFINED_POPULATION", "NATURAL_HISTORY", "OTHER"),
    ),
    "DesignTimePerspective": ("RETROSPECTIVE", "PROSPECTIVE", "CROSS_SECTIONAL", "OTHER"),
    "DesignMasking": ("NONE", "SINGLE", "DOUBLE", "TRIPLE", "QUADRUPLE"),
    "WhoMasked": ("PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"),
    "EnrollmentType": ("ACTUAL", "ESTIMATED"),
    "ArmGroupType": (
        *("EXPERIMENTAL", "ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION", "OTHER"),
    ),
    "InterventionType": (
        *("BEHAVIORAL", "BIOLOGICAL", "COMBINATION_PRODUCT", "DEVICE", "DIAGNOSTIC_TEST", "DIETARY_SUPPLEMENT", "DRUG"),
        *("GENETIC", "PROCEDURE", "RADIATION", "OTHER"),
    ),
    "ReferenceType": ("BACKGROUND", "RESULT", "DERIVED"),
    "OutcomeMeasureType": ("PRIMARY", "SECONDARY", "OTHER_PRE_SPECIFIED", "POST_HOC"),
    "ConfidenceIntervalNumSides": ("ONE_SIDED", "TWO_SIDED"),
    "NonInferiorityType": (
        *("SUPERIORITY", "NON_INFERIORITY", "EQUIVALENCE", "OTHER", "NON_INFERIORITY_OR_EQUIVALENCE"),
        *("SUPERIORITY_OR_OTHER", "NON_INFERIORITY_OR_EQUIVALENCE_LEGACY", "SUPERIORITY_OR_OTHER_LEGACY"),
    ),
    "MeasureParam": (
        *("GEOMETRIC_MEAN", "GEOMETRIC_LEAST_SQUARES_MEAN", "LEAST_SQUARES_MEAN", "LOG_MEAN", "MEAN", "MEDIAN"),
        *("NUMBER", "COUNT_OF_PARTICIPANTS", "COUNT_OF_UNITS"),
    ),
}

#: How a spread is printed where API v2 gives it as a word (it does so for the baseline, and not for outcomes).
DISPERSIONS: dict[str, str] = {
    "NA": "",
    "STANDARD_DEVIATION": "Standard Deviation",
    "STANDARD_ERROR": "Standard Error",
    "INTER_QUARTILE_RANGE": "Inter-Quartile Range",
    "FULL_RANGE": "Full Range",
    "CONFIDENCE_80": "80% Confidence Interval",
    "CONFIDENCE_90": "90% Confidence Interval",
    "CONFIDENCE_95": "95% Confidence Interval",
    "CONFIDENCE_975": "97.5% Confidence Interval",
    "CONFIDENCE_99": "99% Confidence Interval",
    "CONFIDENCE_OTHER": "Other Confidence Interval Level",
    "GEOMETRIC_COEFFICIENT": "Geometric Coefficient of Variation",
}

#: What the older formats print, where it is not the word of today in other letters; "" is what stands for nothing.
_OLDER: dict[str, dict[str, str]] = {
    "Status": {"UNKNOWN_STATUS": "UNKNOWN"},
    "StudyType": {"OBSERVATIONAL_PATIENT_REGISTRY": "OBSERVATIONAL", "N_A": ""},
    "Phase": {
        **{f"PHASE_{number}": f"PHASE{number}" for number in range(1, 5)},
        **{"EARLY_PHASE_1": "EARLY_PHASE1", "PHASE_0": "EARLY_PHASE1", "NOT_APPLICABLE": "NA", "N_A": "NA"},
    },
    "Sex": {"BOTH": "ALL"},
    "DateType": {"ANTICIPATED": "ESTIMATED", "ESTIMATE": "ESTIMATED"},
    "EnrollmentType": {"ANTICIPATED": "ESTIMATED"},
    "DesignAllocation": {"N_A": "NA"},
    "InterventionalAssignment": {
        f"{each}_ASSIGNMENT": each for each in ("SINGLE_GROUP", "PARALLEL", "CROSSOVER", "FACTORIAL", "SEQUENTIAL")
    },
    "PrimaryPurpose": {"EDUCATIONAL_COUNSELING_TRAINING": "ECT"},
    "ConfidenceIntervalNumSides": {"1_SIDED": "ONE_SIDED", "2_SIDED": "TWO_SIDED"},
    "DesignMasking": {"NONE_OPEN_LABEL": "NONE", "OPEN_LABEL": "NONE"},
}

_AGE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(year|month|week|day|hour|minute)s?", re.ASCII | re.IGNORECASE)
#: MeSH numbers had six digits up to D066331 and C588418; the ones after these have nine.
_LAST_OF_SIX_DIGITS = {"D": 66_331, "C": 588_418}


def word(enumeration: str, text: str) -> str | None:
    """Give the word of API v2 for what a format prints, "" where it prints nothing, None where it is no such word.

    >>> word("Status", "Active, not recruiting"), word("DateType", "Anticipated"), word("Phase", "Phase 7")
    ('ACTIVE_NOT_RECRUITING', 'ESTIMATED', None)
    """
    found = re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_")
    if not found or found in WORDS[enumeration]:
        return found
    return _OLDER.get(enumeration, {}).get(found)


def read_age(text: str) -> Age | None:
    """Give an age, or None where there is none ("N/A") or it has no unit.

    >>> read_age("10 Months")
    Age(value=Decimal('10'), unit='months', text='10 Months')
    """
    found = _AGE.fullmatch(text.strip())
    return Age(Decimal(found[1]), f"{found[2].lower()}s", text.strip()) if found else None


def mesh_id(text: str) -> str:
    """Give a MeSH identifier in MeSH's spelling: the registry has at times filled short ones up with zeros.

    >>> mesh_id("D000002547"), mesh_id("D000086382"), mesh_id("C000072379")
    ('D002547', 'D000086382', 'C072379')
    """
    found = re.fullmatch(r"([DC])000([0-9]{6})", text, re.ASCII)
    return found[1] + found[2] if found and int(found[2]) <= _LAST_OF_SIX_DIGITS[found[1]] else text
