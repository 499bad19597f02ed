"""A trial of a registry -> what its arms receive, by which way, how much, and how it is measured.

Each question has the texts that may answer it: cells, donors, routes and doses the title, the arms and the
interventions. The summary and then the detailed description answer only what these leave open, and only by sentences
that speak of this trial. Eligibility criteria are never read: they name what participants must not have had.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.grounding.candidates import Candidate
from kg.grounding.cells import find_cells
from kg.grounding.conditions import ground_conditions
from kg.grounding.context import Field, is_background, is_of_this_trial
from kg.grounding.donors import BROADER_DONORS, find_donors
from kg.grounding.doses import CONCENTRATIONS, GroundedDose, read_doses
from kg.grounding.expansions import read_expansions
from kg.grounding.interventions import Part, read_part, with_named
from kg.grounding.lookup import Record
from kg.grounding.outcomes import GroundedOutcome, ground_outcome
from kg.grounding.products import (
    GroundedProduct,
    culture_of,
    distinct,
    resolve_products,
    source_tissues,
    without_broader,
)
from kg.grounding.routes import BROADER_ROUTES, TECHNIQUES, VESSELS, find_routes
from kg.model.trials import Trial, TrialArm

__all__ = ["GroundedArm", "GroundedTrial", "ground_trial"]

_PLACEBO = re.compile(r"\b(placebo|sham|vehicle)\b", re.IGNORECASE)
_CONTROL = re.compile(
    r"\b(control|controls|placebo|sham|vehicle|standard (?:of )?(?:care|treatment|therapy)|conventional|no treatment|"
    r"natural history|observation|untreated|usual care|best medical|medical treatment alone|saline)\b",
    re.IGNORECASE,
)
_OBSERVED = re.compile(r"\b(observation\w*|natural history|no treatment|untreated|follow-?up only)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class GroundedArm:
    """What one arm receives."""

    label: str
    role: str  # "treated", "control", "comparator", "observed"
    products: tuple[GroundedProduct, ...] = ()
    routes: tuple[Candidate, ...] = ()
    doses: tuple[GroundedDose, ...] = ()


@dataclass(frozen=True, slots=True)
class GroundedTrial:
    """A trial in terms: its arms, and what holds for it as a whole."""

    number: str
    arms: tuple[GroundedArm, ...] = ()
    products: tuple[GroundedProduct, ...] = ()
    tissues: tuple[Candidate, ...] = ()
    donors: tuple[Candidate, ...] = ()
    routes: tuple[Candidate, ...] = ()
    doses: tuple[GroundedDose, ...] = ()
    outcomes: tuple[GroundedOutcome, ...] = ()
    conditions: tuple[Candidate, ...] = ()

    @property
    def cell_sources(self) -> list[Candidate]:
        """Give the cells of all products, each once."""
        return distinct(product.cell for product in self.products if product.cell is not None)

    @property
    def instruments(self) -> list[Candidate]:
        """Give the instruments of all outcomes, each once."""
        return distinct(one for outcome in self.outcomes for one in outcome.instruments)

    @property
    def markers(self) -> list[Candidate]:
        """Give the markers of all outcomes, each once."""
        return distinct(one for outcome in self.outcomes for one in outcome.markers)


def _record(trial: Trial) -> Record:
    texts = [trial.title, trial.official_title, trial.summary, trial.description, *trial.keywords, *trial.conditions]
    for arm in trial.arms:
        texts += [arm.label, arm.description]
    for intervention in trial.interventions:
        texts += [intervention.name, intervention.description, *intervention.other_names]
    for outcome in trial.outcomes:
        texts += [outcome.measure, outcome.description]
    return Record(read_expansions(texts), "\n".join(texts).casefold())


def _role(arm: TrialArm, gives_cells: bool) -> str:
    if arm.type in ("PLACEBO_COMPARATOR", "SHAM_COMPARATOR") or (_PLACEBO.search(arm.label) and not gives_cells):
        return "control"
    if arm.type == "NO_INTERVENTION":
        return "observed" if _OBSERVED.search(f"{arm.label} {arm.description}") else "control"
    if gives_cells:
        return "treated"
    if _CONTROL.search(arm.label):
        return "control"
    return "comparator" if arm.type == "ACTIVE_COMPARATOR" else "treated" if arm.type == "EXPERIMENTAL" else "observed"


def _routes(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Give routes once each; a phrase gives way to the name of a route, the broader to the narrower."""
    found = distinct(candidates)
    terms = {candidate.term for candidate in found}
    found = [one for one in found if TECHNIQUES.get(one.term) not in terms]
    return without_broader(found, BROADER_ROUTES)


def _donors(candidates: Sequence[Candidate]) -> list[Candidate]:
    return without_broader(distinct(candidates), BROADER_DONORS)


def _doses(fields: Sequence[Field]) -> list[GroundedDose]:
    """Give the doses of some texts, each amount once; a volume counts only where no cells are counted."""
    best: dict[tuple[object, ...], GroundedDose] = {}
    for field in fields:
        for dose in read_doses(field.text, field.where):
            key = (dose.value, dose.low, dose.high, dose.unit == "mL")
            before = best.get(key)
            if before is None:
                best[key] = dose
            else:
                best[key] = replace(
                    before,
                    basis=before.basis or dose.basis,
                    unit=before.unit if before.unit != "cells" else dose.unit,
                    times=before.times or dose.times,
                    every=before.every or dose.every,
                    operator=before.operator or dose.operator,
                )
    doses = list(best.values())
    counted = [dose for dose in doses if dose.unit not in ("mL", *CONCENTRATIONS)]
    if counted:
        return counted
    return [dose for dose in doses if dose.unit != "mL"] or doses


def _arm(number: int, arm: TrialArm, parts: Sequence[Part], record: Record) -> tuple[GroundedArm, list[Field]]:
    """Give an arm, and its own fields where they speak of what is given."""
    linked = [
        part
        for part in parts
        if part.intervention.name in arm.intervention_names or arm.label in part.intervention.arm_labels
    ]
    own = [Field.of(f"arm {number} label", arm.label)]
    if arm.description:
        own.append(Field.of(f"arm {number} description", arm.description))
    giving = [part for part in linked if part.gives_cells]
    own_mentions = [m for field in own for m in find_cells(field, record)]
    denied = arm.type in ("PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION") or bool(
        _PLACEBO.search(arm.label)
    )
    control = bool(_CONTROL.search(arm.label)) and not giving
    linked_known = bool(linked) or any(p.intervention.arm_labels for p in parts)
    gives = not denied and not control and (bool(giving) or any(m.cell or m.form for m in own_mentions))
    if gives and linked_known and linked and not giving and any(p.gives_cells for p in parts):
        # its interventions are known and hold no cells: a word in its description is not enough
        gives = bool([m for m in find_cells(own[0], record) if m.cell])
    role = _role(arm, gives)
    if role != "treated" or not gives:
        return GroundedArm(arm.label, role), []
    fields = own + [field for part in giving for field in part.fields]
    mentions = own_mentions + [m for part in giving for m in part.mentions]
    products = resolve_products(mentions)
    culture = culture_of("\n".join(field.text for field in fields))
    donors = _donors([d for field in fields for d in find_donors(field, record)])
    donor = donors[0] if len(donors) == 1 else None
    routes = _routes([route for field in fields for route in find_routes(field, record)])
    return (
        GroundedArm(
            arm.label,
            role,
            tuple(replace(product, donor=donor, culture=culture) for product in products),
            tuple(routes),
            tuple(_doses(fields)),
        ),
        own,
    )


def _summary(text: str) -> list[Field]:
    """Give the sentences of a summary that do not tell of other work, each as a field."""
    return [Field.of("summary", part) for part in _SENTENCE.split(text) if part.strip() and not is_background(part)]


def _description(text: str) -> list[Field]:
    """Give the sentences of a description that speak of this trial, each as a field."""
    return [Field.of("description", part) for part in _SENTENCE.split(text) if part.strip() and is_of_this_trial(part)]


def ground_trial(trial: Trial) -> GroundedTrial:
    """Give what a trial gives, to whom, how and how it is measured, as candidate terms with their places."""
    record = _record(trial)
    parts = [read_part(number, one, record) for number, one in enumerate(trial.interventions, 1)]
    titles = [Field.of("title", trial.title)]
    if trial.official_title and trial.official_title != trial.title:
        titles.append(Field.of("official title", trial.official_title))
    parts = [with_named(part, titles, record) for part in parts]
    arms: list[GroundedArm] = []
    arm_fields: list[Field] = []
    for number, arm in enumerate(trial.arms, 1):
        grounded, own = _arm(number, arm, parts, record)
        arms.append(grounded)
        arm_fields += own
    giving = [part for part in parts if part.gives_cells]
    part_fields = [field for part in (giving or [p for p in parts if not p.placebo]) for field in part.fields]
    summary, description = _summary(trial.summary), _description(trial.description)
    primary = titles + arm_fields + part_fields
    products, tissues = _products(titles, arm_fields, parts, summary, description, trial, record)
    donors = _donors([one for field in titles + arm_fields + part_fields for one in find_donors(field, record)])
    if not donors:
        donors = _donors([one for field in summary for one in find_donors(field, record, strict=True)])
    if not donors:
        donors = _donors([one for field in description for one in find_donors(field, record, strict=True)])
    if not donors:
        keywords = [Field.of("keyword", word) for word in trial.keywords]
        donors = _donors([one for field in keywords for one in find_donors(field, record, strict=True)])
        donors = donors if len(donors) == 1 else []  # a list of words to be found by
    placebo = [field for part in parts if part.placebo for field in part.fields]
    routes = _trial_routes(primary, placebo, summary, description, record)
    doses = _doses(arm_fields + part_fields) or _doses(titles + summary) or _doses(description)
    culture = culture_of("\n".join(field.text for field in primary))
    donor = donors[0] if len(donors) == 1 else None
    products = [
        replace(product, donor=product.donor or donor, culture=product.culture or culture) for product in products
    ]
    if not products:
        donors, routes, doses = [], [], []
    return GroundedTrial(
        trial.number,
        tuple(_filled(arm, products, routes, trial) for arm in arms),
        tuple(products),
        tuple(tissues),
        tuple(donors),
        tuple(routes),
        tuple(doses),
        tuple(ground_outcome(index, outcome, record) for index, outcome in enumerate(trial.outcomes)),
        ground_conditions(trial, record),
    )


def _trial_routes(
    primary: Sequence[Field],
    placebo: Sequence[Field],
    summary: Sequence[Field],
    description: Sequence[Field],
    record: Record,
) -> list[Candidate]:
    """Give the routes of a trial: names of routes before phrases, nearer texts before the description.

    What a placebo is given by stands in for the cells' route only where nothing else tells it: the two look alike.
    """
    for weak, fields in (
        (False, list(primary)),
        (False, list(summary)),
        (True, list(primary)),
        (False, list(placebo)),
        (True, list(summary)),
        (False, list(description)),
        (True, list(description)),
    ):
        found = _routes([one for field in fields for one in find_routes(field, record, weak=weak)])
        if found:
            break
    vessels = [one for field in primary for one in find_routes(field, record) if one.term in VESSELS]
    return _routes([*found, *vessels]) if found else []


def _products(
    titles: Sequence[Field],
    arm_fields: Sequence[Field],
    parts: Sequence[Part],
    summary: Sequence[Field],
    description: Sequence[Field],
    trial: Trial,
    record: Record,
) -> tuple[list[GroundedProduct], list[Candidate]]:
    # cells that an observational study names may be what it looks at: those beside them say whether they are given
    looked_at = trial.study_type == "OBSERVATIONAL" and not trial.interventions and not arm_fields
    mentions = [m for field in [*titles, *arm_fields] for m in find_cells(field, record, given=looked_at)]
    mentions += [m for part in parts if not part.placebo for m in part.mentions]
    for fields in (summary, description):
        if not looked_at and not any(m.cell or m.form for m in mentions):
            mentions += [m for field in fields for m in find_cells(field, record, given=True)]
    if not any(m.cell or m.form for m in mentions):
        return [], []
    tissues = source_tissues(mentions)
    known = any(m.cell is not None and m.tissue is not None for m in mentions)
    if not known and not tissues:
        for fields in (summary, [Field.of("keyword", word) for word in trial.keywords], description):
            more = [m for field in fields for m in find_cells(field, record)]
            found = source_tissues(more) or distinct(
                m.tissue for m in more if m.cell is not None and m.tissue is not None and m.cell.score > 0.5
            )
            if found:
                tissues = found
                break
    products = resolve_products(mentions, tissues)
    named = distinct(product.tissue for product in products if product.tissue is not None)
    return products, named


def _filled(
    arm: GroundedArm, products: Sequence[GroundedProduct], routes: Sequence[Candidate], trial: Trial
) -> GroundedArm:
    """Give a treated arm what only the trial as a whole says, where the trial says one thing."""
    if arm.role != "treated":
        return arm
    filled = arm
    by_term = {product.cell.term for product in products if product.cell}
    if arm.products and len(products) == 1 and len(trial.arms) >= 1:
        only = products[0]
        if all(p.cell is None or p.cell.term not in by_term for p in arm.products):
            filled = replace(filled, products=(only,))
        else:
            filled = replace(
                filled,
                products=tuple(
                    replace(
                        p,
                        tissue=p.tissue or only.tissue,
                        donor=p.donor or only.donor,
                        culture=p.culture or only.culture,
                    )
                    for p in filled.products
                ),
            )
    if arm.products and not arm.routes and len(routes) == 1:
        filled = replace(filled, routes=tuple(routes))
    return filled
