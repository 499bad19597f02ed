"""A registry record and what its texts were grounded to -> the same model of a study that curated files have.

So that a loaded trial answers the questions that curated studies answer. What the model has no place for is told as
ignored; what no text of the record names stays absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pydantic import ValidationError

from kg.grounding import Candidate, GroundedArm, GroundedDose, GroundedTrial
from kg.intake.trial_results import Groups, adverse_events, groups_of, results_of
from kg.model import Arm, Dose, PlannedReadout, Product, Registration, Study, Term
from kg.model.facts import Counted, PlannedOutcome
from kg.model.intake import Ignored
from kg.model.studies import DesignDetails
from kg.model.trials import Date, Trial

__all__ = ["study_of", "words_of"]

_RANKS = {"PRIMARY": "primary", "SECONDARY": "secondary", "OTHER": "other"}
_RANDOMIZED = Term(id="OBI:0004001", label="randomized clinical trial")
_NOT_RANDOMIZED = Term(id="OBI:0004002", label="non-randomized clinical trial")
_DESIGNS = {
    "INTERVENTIONAL": Term(id="OBI:0003699", label="clinical trial"),
    "OBSERVATIONAL": Term(id="OBI:0003698", label="observational clinical investigation"),
    "EXPANDED_ACCESS": Term(id="ctmo:0001008", label="expanded access use"),
}
_ANY = Term(id="OBI:0003697", label="clinical investigation")


def words_of(enumeration: str) -> str:
    """Give an enumeration of a registry in words.

    >>> words_of("ACTIVE_NOT_RECRUITING")
    'active not recruiting'
    """
    return enumeration.replace("_", " ").lower()


def _term(candidate: Candidate) -> Term:
    return Term(id=candidate.term, label=candidate.label)


def _design(trial: Trial) -> Term:
    if trial.study_type == "INTERVENTIONAL" and trial.allocation == "RANDOMIZED":
        return _RANDOMIZED
    if trial.study_type == "INTERVENTIONAL" and trial.allocation == "NON_RANDOMIZED":
        return _NOT_RANDOMIZED
    return _DESIGNS.get(trial.study_type, _ANY)


def _dose(dose: GroundedDose) -> Dose:
    return Dose(
        value=dose.value,
        low=dose.low,
        high=dose.high,
        operator=dose.operator or None,  # type: ignore[arg-type]  # the same words
        unit=dose.unit,
        basis=dose.basis or None,
        standing="planned",
        times=dose.times,
        every=dose.every or None,
        notation=dose.notation or None,
        ambiguous=dose.ambiguous or None,
        status="read",
        where=dose.where or "text of the record",
    )


def _arm(number: int, arm: GroundedArm, n: int | None) -> tuple[Arm, list[Ignored]]:
    """Give an arm; cells are its product, whatever else is given with them stands beside it."""
    ignored = []
    named = [product for product in arm.products if product.cell is not None]
    if len(named) < len(arm.products):
        ignored.append(Ignored(f"arm {number}", "product", "the record names no cells that it is made of"))
    product = None
    if named and (first := named[0]).cell is not None:
        product = Product(
            cell_source=_term(first.cell),
            form=_term(first.form) if first.form else None,
            given_with=[_term(each.cell) for each in named[1:] if each.cell],
            donor=first.donor.label if first.donor else None,
            culture=first.culture or None,
        )
    counted = [dose for dose in arm.doses if "cell" in dose.unit.casefold() or dose.unit in ("TNC", "MNC")]
    doses = [*counted, *(dose for dose in arm.doses if dose not in counted)]
    made = Arm(
        id=f"arm-{number}",
        label=arm.label or f"arm {number}",
        role=arm.role,  # type: ignore[arg-type]  # the same words
        n=n,
        product=product,
        route=_term(arm.routes[0]) if arm.routes else None,
        other_routes=[_term(route) for route in arm.routes[1:]],
        dose=_dose(doses[0]) if doses else None,
        other_doses=[_dose(dose) for dose in doses[1:]],
    )
    return made, ignored


def _outcomes(trial: Trial, grounded: GroundedTrial) -> Iterator[PlannedOutcome]:
    by_index = {outcome.index: outcome for outcome in grounded.outcomes}
    for index, outcome in enumerate(trial.outcomes):
        found = by_index.get(index)
        for instrument in (found.instruments if found else ()) or (None,):
            yield PlannedOutcome(
                label=outcome.measure or "outcome without a name",
                instrument=_term(instrument) if instrument else None,
                domain=_term(found.domain) if found and found.domain else None,
                months=found.months if found else [],
                rank=_RANKS.get(outcome.rank, "not stated"),  # type: ignore[arg-type]
                where=f"{words_of(outcome.rank)} outcome, {outcome.time_frame or 'no time frame'}",
            )


def _readouts(trial: Trial, grounded: GroundedTrial) -> Iterator[PlannedReadout]:
    """Give each marker once for a rank, with all months at which it is to be measured."""
    months: dict[tuple[str, str, str], set[Decimal]] = {}
    for outcome in grounded.outcomes:
        rank = trial.outcomes[outcome.index].rank
        for marker in outcome.markers:
            months.setdefault((marker.term, marker.label, rank), set()).update(outcome.months)
    for number, ((term, label, rank), points) in enumerate(months.items(), 1):
        yield PlannedReadout(
            id=f"planned-{number}",
            marker=Term(id=term, label=label),
            months=sorted(points),
            rank=_RANKS.get(rank, "not stated"),  # type: ignore[arg-type]
            where=f"{words_of(rank)} outcomes",
        )


def _iso(date: Date | None) -> str | None:
    return date.iso if date else None


def _registration(trial: Trial) -> Registration:
    kinds = {"ACTUAL": "actual", "ESTIMATED": "planned"}
    return Registration(
        id=trial.number,
        registry=trial.registry,
        certainty="verified",
        as_of=_iso(trial.data_date),
        recruitment_status=words_of(trial.status) or None,
        participants=trial.enrolment,
        participants_are=kinds.get(trial.enrolment_kind, "not stated" if trial.enrolment is not None else None),  # type: ignore[arg-type]
        arms_listed=len(trial.arms) or None,
        first_posted=_iso(trial.first_posted),
        start=_iso(trial.start),
        primary_completion=_iso(trial.primary_completion),
        completion=_iso(trial.completion),
        results_posted=trial.has_results,
    )


def _counted(trial: Trial, kind: str) -> Counted | None:
    if trial.enrolment is None or trial.enrolment_kind != kind:
        return None
    return Counted(value=trial.enrolment, status="read", where="enrolment of the record")


def _details(trial: Trial) -> DesignDetails | None:
    masking = words_of(trial.masking)
    if trial.who_masked:
        masking += f" ({', '.join(map(words_of, trial.who_masked))})"
    details = DesignDetails(
        allocation=words_of(trial.allocation) or None,
        masking=masking or None,
        model=words_of(trial.intervention_model or trial.observational_model) or None,
        phase=", ".join(words_of(phase) for phase in trial.phases) or None,
    )
    return details if details.model_dump(exclude_none=True) else None


def study_of(trial: Trial, grounded: GroundedTrial) -> tuple[Study, list[Ignored]]:
    """Give a record as a study, and the parts of it that found no place."""
    ignored: list[Ignored] = []
    sizes = [arm.n for arm in trial.arms] if len(trial.arms) == len(grounded.arms) else [None] * len(grounded.arms)
    arms = []
    for number, (arm, n) in enumerate(zip(grounded.arms, sizes, strict=True), 1):
        made, lost = _arm(number, arm, n)
        arms.append(made)
        ignored += lost
    groups: Groups = groups_of(trial, arms)
    results, lost_results = results_of(trial, groups)
    events, lost_events = adverse_events(trial, groups)
    conditions = [_term(each) for each in grounded.conditions]
    study = Study(
        id=trial.number.casefold().replace("/", "-").replace(" ", "-"),
        title=trial.title or trial.official_title or trial.number,
        citation=trial.number,
        design=_design(trial),
        design_details=_details(trial),
        registration=[_registration(trial)],
        sponsor=trial.sponsor or None,
        start=_iso(trial.start),
        condition=conditions[0] if conditions else None,
        other_conditions=conditions[1:],
        enrolled=_counted(trial, "ACTUAL"),
        planned=_counted(trial, "ESTIMATED"),
        arms=[*arms, *groups.added],
        outcomes=list(_outcomes(trial, grounded)),
        results=results,
        planned_readouts=list(_readouts(trial, grounded)),
        adverse_events=events,
    )
    return study, [*ignored, *lost_results, *lost_events]


def fault(error: ValidationError) -> str:
    """Give the first complaint of the models in one line."""
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {str(first['msg']).removeprefix('Value error, ')}"
