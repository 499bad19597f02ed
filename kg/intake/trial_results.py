"""The results section of a registry record -> results and adverse events on arms.

A group of the results is an arm where it has the arm's name; any other becomes a group of its own that is only
observed, since the record does not say which arm it is. A parameter that is no mean, median or count keeps its name and
its value. An outcome or event that no term of ours stands for becomes a class of its own below the general term, with
the name that the record prints: it must not be taken for the general one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import ValidationError

from kg.grounding import ground, months_of, read_times
from kg.model import AdverseEvent, Arm, Result, Spread, Term
from kg.model.intake import Ignored
from kg.model.trials import ResultGroup, Trial, TrialAdverseEvent, TrialMeasurement, TrialResult
from kg.rdf.iris import content_hash

__all__ = ["ANY_EVENT", "ANY_OUTCOME", "Groups", "adverse_events", "groups_of", "reported", "results_of"]

ANY_OUTCOME, ANY_EVENT = "ctmo:0000701", "OAE:0000001"
_SERIOUS = Term(id="ctmo:0001101", label="serious adverse event")
_DEATH = Term(id="ctmo:0000716", label="death")
#: Dispersion as registries print it -> our type. Any other is told and left out, never read as one of these.
_SPREADS = {
    "standard deviation": "SD",
    "standard error": "SE",
    "standard error of the mean": "SEM",
    "95% confidence interval": "CI95",
    "inter-quartile range": "IQR",
    "interquartile range": "IQR",
    "full range": "range",
}
_MEANS, _MEDIANS, _COUNTS = {"MEAN"}, {"MEDIAN"}, {"COUNT_OF_PARTICIPANTS"}


def reported(name: str, above: str) -> Term:
    """Give the class for a name that a record prints, below a general term; the same name is the same class."""
    digest = content_hash([above, " ".join(name.casefold().split())])
    return Term(id=f"reported:{digest}", label=" ".join(name.split()) or "without a name")


@dataclass(frozen=True, slots=True)
class Groups:
    """Which arm each group of the results is."""

    arm_of_group: dict[str, str] = field(default_factory=dict)  # title -> id of an arm
    added: list[Arm] = field(default_factory=list)  # for groups that are no arm


def _key(title: str) -> str:
    return re.sub(r"[^\w+]+", " ", title.casefold()).strip()


def groups_of(trial: Trial, arms: list[Arm]) -> Groups:
    """Match the groups of results and adverse events to arms by name; make observed groups of the others."""
    groups = Groups()
    by_label: dict[str, list[str]] = {}
    for arm in arms:
        by_label.setdefault(_key(arm.label), []).append(arm.id)
    found: dict[str, ResultGroup] = {}
    for result in trial.results:
        found |= {group.title: group for group in result.groups}
    found |= {event.group.title: event.group for event in trial.adverse_events}
    for title in found:
        same = by_label.get(_key(title), [])
        if len(same) == 1:
            groups.arm_of_group[title] = same[0]
        else:
            arm = Arm(id=f"group-{len(groups.added) + 1}", label=title or "group without a name", role="observed")
            groups.added.append(arm)
            groups.arm_of_group[title] = arm.id
    return groups


def _outcome(result: TrialResult) -> tuple[Term, Term | None]:
    found = ground(f"{result.title}\n{result.description}", kinds=("instrument",))
    titled = [each for each in found if each.matched in result.title] or found
    instruments = list(dict.fromkeys((each.term, each.label) for each in titled))
    instrument = Term(id=instruments[0][0], label=instruments[0][1]) if len(instruments) == 1 else None
    return reported(result.title, ANY_OUTCOME), instrument


def _measure(result: TrialResult, *, scaled: bool) -> str:
    """Say whether values are changes or scores, where the record does; else the parameter names what they are."""
    words = f"{result.title} {result.description}".casefold()
    if "change" in words or "improvement" in words or "difference" in words:
        return "change from baseline" if "change" in words and "baseline" in words else "change or difference, as named"
    return "score" if scaled and result.parameter in _MEANS | _MEDIANS else "as named"


def _spread(result: TrialResult, one: TrialMeasurement) -> tuple[Spread | None, str]:
    numbers = {"value": one.spread, "low": one.low, "high": one.high}
    if all(number is None for number in numbers.values()):
        return None, ""
    kind = _SPREADS.get(result.dispersion.casefold()) if result.dispersion else "not stated"
    if kind is None:
        return None, f"spread of type {result.dispersion!r}, which is none of ours"
    return Spread(type=kind, **numbers), ""


def _month(result: TrialResult, one: TrialMeasurement) -> Decimal | None:
    """Give the month of a value where its class or the time frame names exactly one point, and that in months."""
    for text in (one.class_title, result.time_frame):
        points = read_times(text)
        months = months_of(points)
        if len(points) == 1 and len(months) == 1:
            return months[0]
        if points:
            return None
    return None


def _numbers(result: TrialResult, one: TrialMeasurement) -> dict[str, Decimal | int | None]:
    whole = one.value is not None and one.value == one.value.to_integral_value()
    if result.parameter in _MEANS:
        return {"mean": one.value}
    if result.parameter in _MEDIANS:
        return {"median": one.value}
    if result.parameter in _COUNTS and whole and one.value is not None:
        return {"events": int(one.value)}
    return {"value": one.value}


def _result(number: int, result: TrialResult, one: TrialMeasurement, arm: str) -> tuple[Result | None, str]:
    if one.value is None:
        return None, f"value printed as {one.value_text!r}, no number"
    outcome, instrument = _outcome(result)
    spread, lost = _spread(result, one)
    note = "; ".join(part for part in (result.time_frame, one.class_title, one.category_title, one.comment) if part)
    fields = {
        "id": f"result-{number}",
        "outcome": outcome,
        "instrument": instrument,
        "arm": arm,
        "month": _month(result, one),
        "measure": _measure(result, scaled=instrument is not None),
        "parameter": result.parameter or None,
        "unit": result.unit or None,
        "spread": spread,
        "n": one.n if not one.n_unit else None,
        "status": "read",
        "where": "results section of the registry record",
        "note": note or None,
    }
    try:
        made = Result.model_validate(fields | _numbers(result, one))
    except ValidationError as error:
        return None, f"cannot be: {error.errors()[0]['msg']}"
    return made, lost


def results_of(trial: Trial, groups: Groups) -> tuple[list[Result], list[Ignored]]:
    """Give the results of a record, one for each number, and those that cannot be used with the reason."""
    made: list[Result] = []
    ignored: list[Ignored] = []
    for result in trial.results:
        title_of = {group.id: group.title for group in result.groups}
        for one in result.measurements:
            arm = groups.arm_of_group.get(title_of.get(one.group_id, ""))
            if arm is None:
                ignored.append(Ignored(trial.number, "result", f"group {one.group_id!r} is not one of its outcome"))
                continue
            found, lost = _result(len(made) + 1, result, one, arm)
            if found:
                made.append(found)
            if lost:
                ignored.append(Ignored(trial.number, "result", lost))
    return made, ignored


def _event(event: TrialAdverseEvent) -> Term:
    if event.fatal:
        return _DEATH
    if not event.term:
        return _SERIOUS if event.serious else reported("adverse events other than serious ones", ANY_EVENT)
    return reported(event.term, ANY_EVENT)


def adverse_events(trial: Trial, groups: Groups) -> tuple[list[AdverseEvent], list[Ignored]]:
    """Give the counts of adverse events, one for each event and group, and those that cannot be used."""
    made: list[AdverseEvent] = []
    ignored: list[Ignored] = []
    for event in trial.adverse_events:
        try:
            made.append(
                AdverseEvent(
                    id=f"event-{len(made) + 1}",
                    event=_event(event),
                    arm=groups.arm_of_group[event.group.title],
                    events=event.affected,
                    n=event.at_risk,
                    serious=event.serious,
                    status="read",
                    where="adverse events of the registry record",
                    note="; ".join(part for part in (event.organ_system, event.time_frame) if part) or None,
                )
            )
        except ValidationError as error:
            ignored.append(Ignored(trial.number, "adverse event", f"{event.term}: {error.errors()[0]['msg']}"))
    return made, ignored


def reported_terms(results: list[Result], events: list[AdverseEvent]) -> Iterator[tuple[Term, str]]:
    """Give the classes that were made for printed names, each with the general term above it."""
    terms = [(result.outcome, ANY_OUTCOME) for result in results] + [(event.event, ANY_EVENT) for event in events]
    return iter(dict.fromkeys((term, above) for term, above in terms if term.id.startswith("reported:")))
