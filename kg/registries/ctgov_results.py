"""The results of a study in the shape of ClinicalTrials.gov's API v2: measures, adverse events, flow, baseline.

A number is kept as printed and, where it is one, as a number. Spread types stay as they are printed: what is not
stated stays unsaid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kg.model.trials import (
    ResultGroup,
    TrialAdverseEvent,
    TrialAnalysis,
    TrialFlow,
    TrialMeasurement,
    TrialResult,
)
from kg.registries.ctgov_words import DISPERSIONS, WORDS, word
from kg.registries.parts import Part, decimal_or_none, show

__all__ = ["read_adverse_events", "read_baseline", "read_flow", "read_results"]

_PARTICIPANTS = "participants"
_Groups = Mapping[str, ResultGroup]
_Counts = Mapping[str, tuple[int, str]]  # of each group: how many, and of what


def read_results(module: Part) -> tuple[TrialResult, ...]:
    """Give the outcomes with their numbers. One that is not posted yet has none; that is noted."""
    results = []
    for each in module.parts("outcomeMeasures"):
        rank = _word(each, "type", "OutcomeMeasureType")
        result = _result(each, rank, _groups(each), {}, each.long_text("populationDescription"))
        if each.text("reportingStatus").upper().replace(" ", "_") == "NOT_POSTED":
            each.notes.add(each.place("reportingStatus"), "a result that is not posted yet has no numbers")
        if each.raw:
            results.append(result)
    return tuple(results)


def read_baseline(module: Part) -> tuple[TrialResult, ...]:
    """Give what was measured before treatment. Groups and denominators stand once for all measures."""
    groups = _groups(module)
    counts = _counts(module, module.text("typeUnitsAnalyzed"))
    population = module.long_text("populationDescription")
    return tuple(
        _result(each, "BASELINE", groups, counts, each.long_text("populationDescription") or population)
        for each in module.parts("measures")
        if each.raw
    )


def _result(each: Part, rank: str, groups: _Groups, above: _Counts, population: str) -> TrialResult:
    unit_counted = each.text("typeUnitsAnalyzed")
    counts = {**above, **_counts(each, unit_counted)}
    return TrialResult(
        rank=rank,
        title=each.text("title"),
        description=each.long_text("description"),
        time_frame=each.text("timeFrame"),
        population=population,
        parameter=_word(each, "paramType", "MeasureParam"),
        dispersion=DISPERSIONS.get(each.text("dispersionType"), each.text("dispersionType")),
        unit=each.text("unitOfMeasure"),
        groups=tuple(groups.values()),
        measurements=tuple(_measurements(each, groups, counts, unit_counted)),
        analyses=tuple(_analysis(one, groups) for one in each.parts("analyses") if one.raw),
    )


def _measurements(each: Part, groups: _Groups, above: _Counts, unit_counted: str) -> Iterator[TrialMeasurement]:
    for one_class in each.parts("classes"):
        class_title = one_class.text("title")
        counts = {**above, **_counts(one_class, unit_counted)}
        for category in one_class.parts("categories"):
            category_title = category.text("title")
            for one in category.parts("measurements"):
                if not one.raw:
                    continue
                group = _known(one, "groupId", groups)
                n, n_unit = counts.get(group, (None, ""))
                value = one.text("value")
                yield TrialMeasurement(
                    group_id=group,
                    value=decimal_or_none(value),
                    value_text=value,
                    spread=_number(one, "spread"),
                    low=_number(one, "lowerLimit"),
                    high=_number(one, "upperLimit"),
                    n=n,
                    class_title=class_title,
                    category_title=category_title,
                    comment=one.text("comment"),
                    n_unit=n_unit,
                )


def _analysis(each: Part, groups: _Groups) -> TrialAnalysis:
    ids = each.texts("groupIds")
    for one in ids:
        if one not in groups:
            each.notes.add(each.place("groupIds"), f"found {show(one)}, expected a group of this result")
    return TrialAnalysis(
        group_ids=ids,
        method=each.text("statisticalMethod"),
        p_value=each.text("pValue"),
        parameter=each.text("paramType"),
        value=decimal_or_none(each.text("paramValue")),
        value_text=each.text("paramValue"),
        low=_number(each, "ciLowerLimit"),
        high=_number(each, "ciUpperLimit"),
        interval_percent=_number(each, "ciPctValue"),
        interval_sides=_word(each, "ciNumSides", "ConfidenceIntervalNumSides"),
        dispersion=each.text("dispersionType"),
        dispersion_value=_number(each, "dispersionValue"),
        hypothesis=_word(each, "nonInferiorityType", "NonInferiorityType"),
        comment=each.long_text("statisticalComment"),
    )


def read_adverse_events(module: Part) -> tuple[TrialAdverseEvent, ...]:
    """Give for each group the totals of serious, other and fatal events, then every event that is listed."""
    time_frame = module.text("timeFrame")
    found: list[TrialAdverseEvent] = []
    groups: dict[str, ResultGroup] = {}
    for each in module.parts("eventGroups"):
        group = _group(each)
        if not each.raw:
            continue
        groups[group.id] = group
        for key, serious, fatal in (("serious", True, False), ("other", False, False), ("deaths", None, True)):
            affected, at_risk = each.whole(f"{key}NumAffected"), each.whole(f"{key}NumAtRisk")
            if affected is not None or at_risk is not None:
                found.append(
                    TrialAdverseEvent(group, "", serious, affected, at_risk, time_frame=time_frame, fatal=fatal)
                )
    for key, serious in (("seriousEvents", True), ("otherEvents", False)):
        for event in module.parts(key):
            term, system, vocabulary = (event.text(name) for name in ("term", "organSystem", "sourceVocabulary"))
            if not term:  # it would look like a total
                event.skip("stats", "an event without a term cannot be told from a total")
                continue
            for each in event.parts("stats"):
                identifier = _known(each, "groupId", groups)
                found.append(
                    TrialAdverseEvent(
                        group=groups.get(identifier, ResultGroup(identifier, "")),
                        term=term,
                        serious=serious,
                        affected=each.whole("numAffected"),
                        at_risk=each.whole("numAtRisk"),
                        events=each.whole("numEvents"),
                        organ_system=system,
                        time_frame=time_frame,
                        vocabulary=vocabulary,
                    )
                )
    return tuple(found)


def read_flow(module: Part) -> tuple[TrialFlow, ...]:
    """Give how many of each group reached each step of each period, and how many left it for which reason."""
    groups = _groups(module)
    found = []
    for period in module.parts("periods"):
        title = period.text("title")
        steps = [(step, step.text("type"), "", "achievements") for step in period.parts("milestones")]
        left = [(step, "NOT COMPLETED", step.text("type"), "reasons") for step in period.parts("dropWithdraws")]
        for part, step, reason, key in steps + left:
            for each in part.parts(key):
                identifier = _known(each, "groupId", groups)
                found.append(
                    TrialFlow(
                        group=groups.get(identifier, ResultGroup(identifier, "")),
                        period=title,
                        step=step,
                        n=each.whole("numSubjects"),
                        reason=reason,
                        comment=each.text("comment"),
                    )
                )
    return tuple(found)


def _group(each: Part) -> ResultGroup:
    return ResultGroup(each.text("id"), each.text("title"), each.long_text("description"))


def _groups(module: Part) -> dict[str, ResultGroup]:
    return {group.id: group for each in module.parts("groups") if each.raw for group in (_group(each),)}


def _known(part: Part, key: str, groups: _Groups) -> str:
    identifier = part.text(key)
    if part.raw and identifier not in groups:
        part.notes.add(part.place(key), f"found {show(identifier)}, expected one of the groups that are listed")
    return identifier


def _counts(part: Part, unit_counted: str) -> dict[str, tuple[int, str]]:
    """Give the denominators: of what the measure counts (eyes, leads), and of participants where it says nothing."""
    by_unit: dict[str, dict[str, tuple[int, str]]] = {}
    for each in part.parts("denoms"):
        unit = each.text("units")
        shown = "" if unit.lower() == _PARTICIPANTS else unit
        counts = ((one.text("groupId"), one.whole("value")) for one in each.parts("counts"))
        by_unit[unit.lower()] = {group: (n, shown) for group, n in counts if n is not None}
    return by_unit.get(unit_counted.lower()) or by_unit.get(_PARTICIPANTS) or {}


def _number(part: Part, key: str) -> Decimal | None:
    text = part.text(key)
    number = decimal_or_none(text)
    if text and number is None:
        part.notes.add(part.place(key), f"found {show(text)}, expected a number")
    return number


def _word(part: Part, key: str, enumeration: str) -> str:
    text = part.text(key)
    found = word(enumeration, text)
    if found is None:
        part.notes.add(part.place(key), f"found {show(text)}, expected one of {', '.join(WORDS[enumeration])}")
    return found or ""
