"""`clinical_results` of ClinicalTrials.gov's legacy XML -> the results section in API v2's shape.

Groups keep the short names of the format ("O1"), which are not those of today ("OG000").
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

__all__ = ["results_section"]


def results_section(results: Element) -> dict[str, object]:
    """Give the results section that API v2 would give."""
    baseline = results.find("baseline")
    events = results.find("reported_events")
    return {
        "participantFlowModule": {
            "groups": _groups(results, "participant_flow"),
            "periods": [_period(each) for each in results.findall("participant_flow/period_list/period")],
        },
        "baselineCharacteristicsModule": {}
        if baseline is None
        else {
            "populationDescription": _text(baseline, "population"),
            "groups": _groups(results, "baseline"),
            "denoms": _denominators(baseline),
            "measures": [_measure(each) for each in baseline.findall("measure_list/measure")],
        },
        "outcomeMeasuresModule": {
            "outcomeMeasures": [_outcome(each) for each in results.findall("outcome_list/outcome")]
        },
        "adverseEventsModule": {} if events is None else _adverse_events(events),
    }


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def _groups(element: Element, path: str) -> list[dict[str, object]]:
    return [
        {"id": each.get("group_id", ""), "title": _text(each, "title"), "description": _text(each, "description")}
        for each in element.findall(f"{path}/group_list/group" if path else "group_list/group")
    ]


def _period(period: Element) -> dict[str, object]:
    return {
        "title": _text(period, "title"),
        "milestones": [
            {"type": _text(each, "title"), "achievements": list(_participants(each))}
            for each in period.findall("milestone_list/milestone")
        ],
        "dropWithdraws": [
            {"type": _text(each, "title"), "reasons": list(_participants(each))}
            for each in period.findall("drop_withdraw_reason_list/drop_withdraw_reason")
        ],
    }


def _participants(step: Element) -> Iterator[dict[str, object]]:
    for each in step.findall("participants_list/participants"):
        comment = " ".join((each.text or "").split())
        yield {"groupId": each.get("group_id", ""), "numSubjects": each.get("count", ""), "comment": comment}


def _outcome(outcome: Element) -> dict[str, object]:
    measure = outcome.find("measure")
    shape: dict[str, object] = {} if measure is None else _measure(measure)
    shape |= {
        "type": _text(outcome, "type"),
        "title": _text(outcome, "title"),
        "description": _text(outcome, "description"),
        "timeFrame": _text(outcome, "time_frame"),
        "populationDescription": _text(outcome, "population"),
        "reportingStatus": "NOT_POSTED" if outcome.find("posting_date") is not None else "POSTED",
        "groups": _groups(outcome, ""),
        "analyses": [_analysis(each) for each in outcome.findall("analysis_list/analysis")],
    }
    return shape


def _measure(measure: Element) -> dict[str, object]:
    return {
        "title": _text(measure, "title"),
        "description": _text(measure, "description"),
        "populationDescription": _text(measure, "population"),
        "paramType": _text(measure, "param"),
        "dispersionType": _text(measure, "dispersion"),
        "unitOfMeasure": _text(measure, "units"),
        "typeUnitsAnalyzed": _text(measure, "units_analyzed"),
        "denoms": _denominators(measure),
        "classes": [
            {
                "title": _text(each, "title"),
                "denoms": _denominators(each),
                "categories": [_category(one) for one in each.findall("category_list/category")],
            }
            for each in measure.findall("class_list/class")
        ],
    }


def _denominators(element: Element) -> list[dict[str, object]]:
    return [
        {
            "units": _text(each, "units"),
            "counts": [
                {"groupId": count.get("group_id", ""), "value": count.get("value", "")}
                for count in each.findall("count_list/count")
            ],
        }
        for each in element.findall("analyzed_list/analyzed")
    ]


def _category(category: Element) -> dict[str, object]:
    return {
        "title": _text(category, "title"),
        "measurements": [
            {
                "groupId": each.get("group_id", ""),
                "value": each.get("value", ""),
                "spread": each.get("spread", ""),
                "lowerLimit": each.get("lower_limit", ""),
                "upperLimit": each.get("upper_limit", ""),
                "comment": " ".join((each.text or "").split()),
            }
            for each in category.findall("measurement_list/measurement")
        ],
    }


def _analysis(analysis: Element) -> dict[str, object]:
    return {
        "groupIds": [" ".join((each.text or "").split()) for each in analysis.findall("group_id_list/group_id")],
        "statisticalMethod": _text(analysis, "method"),
        "pValue": _text(analysis, "p_value"),
        "paramType": _text(analysis, "param_type"),
        "paramValue": _text(analysis, "param_value"),
        "dispersionType": _text(analysis, "dispersion_type"),
        "dispersionValue": _text(analysis, "dispersion_value"),
        "ciPctValue": _text(analysis, "ci_percent"),
        "ciNumSides": _text(analysis, "ci_n_sides"),
        "ciLowerLimit": _text(analysis, "ci_lower_limit"),
        "ciUpperLimit": _text(analysis, "ci_upper_limit"),
        "nonInferiorityType": _text(analysis, "non_inferiority_type"),
        "statisticalComment": _text(analysis, "method_desc"),
    }


def _adverse_events(events: Element) -> dict[str, object]:
    """Give the events; the format writes the totals of a group as an event in a category of its own."""
    groups = _groups(events, "")
    by_id = {group["id"]: group for group in groups}
    listed: dict[str, list[dict[str, object]]] = {"serious": [], "other": []}
    for kind in listed:
        vocabulary = _text(events, f"{kind}_events/default_vocab")
        for category in events.findall(f"{kind}_events/category_list/category"):
            system = _text(category, "title")
            for event in category.findall("event_list/event"):
                term = _text(event, "sub_title")
                if system == "Total" and term == f"Total, {kind} adverse events":
                    for count in event.findall("counts"):
                        group = by_id.get(count.get("group_id", ""), {})
                        group[f"{kind}NumAffected"] = count.get("subjects_affected", "")
                        group[f"{kind}NumAtRisk"] = count.get("subjects_at_risk", "")
                    continue
                title = event.find("sub_title")
                listed[kind].append(
                    {
                        "term": term,
                        "organSystem": system,
                        "sourceVocabulary": (title.get("vocab") if title is not None else "") or vocabulary,
                        "stats": [_counts(each) for each in event.findall("counts")],
                    }
                )
    return {
        "timeFrame": _text(events, "time_frame"),
        "eventGroups": groups,
        **{f"{kind}Events": found for kind, found in listed.items()},
    }


def _counts(counts: Element) -> dict[str, object]:
    return {
        "groupId": counts.get("group_id", ""),
        "numEvents": counts.get("events", ""),
        "numAffected": counts.get("subjects_affected", ""),
        "numAtRisk": counts.get("subjects_at_risk", ""),
    }
