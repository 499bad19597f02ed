"""What a record of the EU Clinical Trials Register says of results: arms, end points, adverse events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from kg.model.trials import (
    Intervention,
    ResultGroup,
    TrialAdverseEvent,
    TrialAnalysis,
    TrialArm,
    TrialMeasurement,
    TrialResult,
)
from kg.registries.parts import Part, decimal_or_none, show
from kg.registries.shared_words import once, one_line

__all__ = ["LISTS", "read_adverse_events", "read_arms", "read_results"]

#: What is a list where there is more than one.
LISTS = frozenset(
    [
        *("arm", "armComparisonGroupId", "armProduct", "armReportingGroup", "b1_sponsor", "baselineReportingGroup"),
        *("category", "countableValue", "d38_imp_identification_details", "dimp", "dispersionValue"),
        *("e12_meddra_classification", "endPoint", "nonSeriousAdverseEvent", "postAssignmentPeriod", "reportingGroup"),
        *("seriousAdverseEvent", "statisticalAnalysis", "subjectAnalysisSet", "subjectAnalysisSetReportingGroup"),
        "tendencyValue",
    ]
)
_ARM_TYPES = {
    "activeComp": "ACTIVE_COMPARATOR",
    "experimental": "EXPERIMENTAL",
    "noImp": "NO_INTERVENTION",
    "other": "OTHER",
    "placebo": "PLACEBO_COMPARATOR",
    "sham": "SHAM_COMPARATOR",
}
_RANKS = {"otherPreSpecified": "OTHER", "postHoc": "OTHER", "primary": "PRIMARY", "secondary": "SECONDARY"}
_PARAMETERS = {
    "arithmetic": "MEAN",
    "geometric": "GEOMETRIC_MEAN",
    "leastSquares": "LEAST_SQUARES_MEAN",
    "logarithmic": "LOG_MEAN",
    "median": "MEDIAN",
    "number": "NUMBER",
}
_DISPERSIONS = {
    "fullRange": "Full Range",
    "geometricCoefficientVariation": "Geometric Coefficient of Variation",
    "interQuartileRange": "Inter-Quartile Range",
    "na": "",
    "standardDeviation": "Standard Deviation",
    "standardError": "Standard Error",
}
_PEOPLE = ("participants", "patients", "subjects", "number of participants", "number of subjects")


def _code(part: Part, key: str) -> str:
    """Give a code without the name of its list: "ARM_TYPE.experimental" is experimental."""
    return part.part(key).text("value").rpartition(".")[2]


def _known(part: Part, key: str, table: dict[str, str]) -> str:
    code = _code(part, key)
    if code and code not in table:
        part.notes.add(part.place(key), f"found {show(code)}, expected one of {', '.join(sorted(table))}")
    return table.get(code, "")


def read_arms(record: Part) -> tuple[tuple[TrialArm, ...], tuple[Intervention, ...], dict[str, str]]:
    """Give the arms of the period in which they are described, what each of them got, and the title of each group."""
    periods = record.part("subjectDisposition").part("postAssignmentPeriods").parts("postAssignmentPeriod")
    described = {id(period): period.part("arms").parts("arm") for period in periods}
    titles = {arm.text("id"): one_line(arm.text("title")) for arms in described.values() for arm in arms}
    sets = record.part("subjectAnalysisSets").parts("subjectAnalysisSet")
    titles |= {each.text("id"): one_line(each.text("title")) for each in sets}
    baseline = [period for period in periods if period.flag("baselinePeriod")]
    chosen = (baseline or list(periods))[:1]
    if len(periods) > 1:
        record.notes.add(
            "subjectDisposition", f"found {len(periods)} periods; the arms are those of the first or baseline"
        )
    arms, products = [], []
    for arm in (arm for period in chosen for arm in described[id(period)]):
        label = one_line(arm.text("title"))
        given = [each for each in arm.part("armProducts").parts("armProduct") if each.text("name")]
        for each in given:
            dose = one_line(each.text("doseAndAdministrationDetails"))
            products.append(Intervention(one_line(each.text("name")), description=dose, arm_labels=once([label])))
        started = arm.part("startedMilestoneAchievement").whole("subjects")
        arms.append(
            TrialArm(
                label,
                _known(arm, "type", _ARM_TYPES),
                one_line(arm.text("description")),
                once(one_line(each.text("name")) for each in given),
                started,
            )
        )
    return tuple(arms), tuple(products), titles


def read_results(record: Part, titles: Mapping[str, str]) -> tuple[TrialResult, ...]:
    """Give the end points with their numbers; `titles` are those of the groups that they name."""
    return tuple(_result(each, titles) for each in record.part("endPoints").parts("endPoint") if each.raw)


def _result(point: Part, titles: Mapping[str, str]) -> TrialResult:
    names = {each.text("id"): one_line(each.text("name")) for each in point.part("categories").parts("category")}
    reported = [
        *((each, "armId") for each in point.part("armReportingGroups").parts("armReportingGroup")),
        *(
            (each, "subjectAnalysisSetId")
            for each in point.part("subjectAnalysisSetReportingGroups").parts("subjectAnalysisSetReportingGroup")
        ),
    ]
    groups, measurements = [], []
    spread = _dispersion(point)
    for place, (each, key) in enumerate(reported, 1):
        group = ResultGroup(each.text("id") or f"group {place}", titles.get(each.text(key), ""))
        groups.append(group)
        measurements.extend(_measurements(each, group.id, names, spread))
    return TrialResult(
        rank=_known(point, "type", _RANKS),
        title=one_line(point.text("title")),
        description=one_line(point.text("description")),
        time_frame=one_line(point.text("timeFrame")),
        parameter=_parameter(point),
        dispersion=spread,
        unit=one_line(point.text("unit")),
        groups=tuple(groups),
        measurements=tuple(measurements),
        analyses=tuple(_analysis(each) for each in point.part("statisticalAnalyses").parts("statisticalAnalysis")),
    )


def _parameter(point: Part) -> str:
    if point.flag("countable"):
        people = point.text("unit").strip().lower() in _PEOPLE
        return "COUNT_OF_PARTICIPANTS" if people else "COUNT_OF_UNITS"
    return _known(point, "centralTendencyType", _PARAMETERS)


def _dispersion(point: Part) -> str:
    code, percent = _code(point, "dispersionType"), point.text("percentage")
    if code == "confidenceInterval":
        return f"{percent}% Confidence Interval" if percent else "Confidence Interval"
    return _known(point, "dispersionType", _DISPERSIONS)


def _measurements(group: Part, group_id: str, names: dict[str, str], dispersion: str) -> list[TrialMeasurement]:
    spreads = {
        each.text("categoryId"): each for each in group.part("dispersionValues").parts("dispersionValue") if each.raw
    }
    is_range = "Range" in dispersion or "Interval" in dispersion
    n = group.whole("subjects")
    found = []
    values = [
        *group.part("tendencyValues").parts("tendencyValue"),
        *group.part("countableValues").parts("countableValue"),
    ]
    for each in values:
        category, printed = each.text("categoryId"), each.text("value")
        beside = spreads.get(category)
        first = decimal_or_none(beside.text("value")) if beside else None
        low = decimal_or_none(beside.text("lowRangeValue")) if beside else None
        high = decimal_or_none(beside.text("highRangeValue")) if beside else None
        found.append(
            TrialMeasurement(
                group_id,
                decimal_or_none(printed),
                printed,
                spread=None if is_range else first,
                low=(low if low is not None else first) if is_range else None,
                high=high if is_range else None,
                n=None if re.search(r"\bn ?=", names.get(category, ""), re.IGNORECASE) else n,  # it tells its own
                category_title=names.get(category, ""),
            )
        )
    return found


def _analysis(analysis: Part) -> TrialAnalysis:
    test, estimate = analysis.part("statisticalHypothesisTest"), analysis.part("parameterEstimate")
    interval, variability = estimate.part("confidenceInterval"), estimate.part("variabilityEstimate")
    relation, p_value = test.text("valueEqualityRelation"), test.text("value")
    point = estimate.text("pointEstimate")
    sides = {"oneSided": "ONE_SIDED", "twoSided": "TWO_SIDED"}
    dispersions = {"standardDeviation": "Standard Deviation", "standardError": "Standard Error of the Mean"}
    return TrialAnalysis(
        group_ids=analysis.texts("armComparisonGroupId"),
        method=one_line(test.text("otherMethod")) or _code(test, "method"),
        p_value=p_value if relation in ("", "=") else f"{relation}{p_value}" if p_value else "",
        parameter=one_line(estimate.text("otherType")) or _code(estimate, "type"),
        value=decimal_or_none(point),
        value_text=point,
        low=decimal_or_none(interval.text("lowerLimit")),
        high=decimal_or_none(interval.text("upperLimit")),
        interval_percent=decimal_or_none(interval.text("percentage")),
        interval_sides=_known(interval, "sides", sides),
        dispersion=_known(variability, "type", dispersions),
        dispersion_value=_number(variability, "dispersionValue"),
        hypothesis=_code(analysis, "type"),
        comment=one_line(" ".join(filter(None, (analysis.text("description"), test.text("comment"))))),
    )


def _number(part: Part, key: str) -> Decimal | None:
    return decimal_or_none(part.text(key))


def read_adverse_events(record: Part) -> tuple[TrialAdverseEvent, ...]:
    """Give the totals of each group, then each term. The organ system is a code there and stays out."""
    events = record.part("adverseEvents")
    time = one_line(events.text("timeFrame"))
    dictionary = events.part("dictionary")
    vocabulary = " ".join(filter(None, (_code(dictionary, "name"), dictionary.text("version"))))
    groups: dict[str, ResultGroup] = {}
    found: list[TrialAdverseEvent] = []
    for each in events.part("reportingGroups").parts("reportingGroup"):
        group = ResultGroup(each.text("id"), one_line(each.text("title")), one_line(each.text("description")))
        groups[group.id] = group
        at_risk = each.whole("subjectsExposed")
        for key, serious, fatal in (
            ("subjectsAffectedBySeriousAdverseEvents", True, False),
            ("subjectsAffectedByNonSeriousAdverseEvents", False, False),
            ("deathsAllCauses", None, True),
        ):
            affected = each.whole(key)
            if affected is not None:
                found.append(TrialAdverseEvent(group, "", serious, affected, at_risk, time_frame=time, fatal=fatal))
    for kind, serious in (("seriousAdverseEvent", True), ("nonSeriousAdverseEvent", False)):
        for event in events.part(f"{kind}s").parts(kind):
            term = one_line(event.text("term"))
            for value in _counts(event):
                group_id = value.text("reportingGroupId")
                found.append(
                    TrialAdverseEvent(
                        groups.get(group_id, ResultGroup(group_id, "")),
                        term,
                        serious,
                        value.whole("subjectsAffected"),
                        value.whole("subjectsExposed"),
                        value.whole("occurrences"),
                        time_frame=time,
                        vocabulary=vocabulary,
                    )
                )
    return tuple(found)


def _counts(event: Part) -> tuple[Part, ...]:
    """Give the counts of an event, one for each group: a list, or one alone."""
    values = event.part("values")
    return values.parts("value") if isinstance(values.raw.get("value"), list) else (values.part("value"),)
