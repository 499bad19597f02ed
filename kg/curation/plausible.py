"""Numbers that cannot be: each function takes a study and gives what contradicts itself, without any text at hand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from kg.curation.doses import read_dose
from kg.errors import Problem
from kg.model import ClaimsFile, Comparison, Dose, Effect, Result, Study

__all__ = ["implausible", "unfit_roles"]

Found = Iterator[tuple[str, str]]
#: A p value counts as another one when they differ more than tenfold; as the same when less than threefold.
_FAR, _NEAR = 1.0, 0.48


def _participants(study: Study) -> Found:
    total = max((count.value for count in (study.enrolled, study.planned) if count), default=None)
    if total is None:
        return
    for i, arm in enumerate(study.arms):
        if arm.n is not None and arm.n > total:
            yield f"arms.{i}.n", f"{arm.n} participants in arm '{arm.id}', more than the {total} enrolled"
    for field in ("results", "readouts", "adverse_events"):
        for i, record in enumerate(getattr(study, field)):
            if record.n is not None and record.n > total and "n" not in _explained(record.note):
                yield f"{field}.{i}.n", f"n {record.n} of '{record.id}', more than the {total} enrolled"
    if study.completed and study.enrolled and study.completed.value > study.enrolled.value:
        yield "completed", f"{study.completed.value} completed, more than the {study.enrolled.value} enrolled"


def _explained(note: str | None) -> set[str]:
    """Give what a note calls impossible in print; such a number is kept, and its note says so."""
    return {"n"} if note and "impossible" in note.casefold() else set()


def _shares(study: Study) -> Found:
    for field in ("results", "adverse_events"):
        for i, record in enumerate(getattr(study, field)):
            if record.percent is not None and not 0 <= record.percent <= 100:
                yield f"{field}.{i}.percent", f"found {record.percent} %, expected 0 to 100"
            if record.percent is not None and record.events is not None and record.n:
                share = Decimal(100 * record.events) / record.n
                if abs(share - record.percent) > 1:
                    told = f"{record.events} of {record.n} are {share:.1f} %, found {record.percent} %"
                    yield f"{field}.{i}.percent", told
    for i, pooled in enumerate(study.pooled):
        if pooled.i_squared is not None and not 0 <= pooled.i_squared <= 100:
            yield f"pooled.{i}.i_squared", f"found I squared {pooled.i_squared} %, expected 0 to 100"


def _effects(study: Study) -> Iterator[tuple[str, Effect]]:
    for field in ("comparisons", "pooled"):
        for i, record in enumerate(getattr(study, field)):
            if record.effect:
                yield f"{field}.{i}.effect", record.effect


def _intervals(study: Study) -> Found:
    for place, effect in _effects(study):
        low = effect.low if effect.low is not None else effect.value
        high = effect.high if effect.high is not None else effect.value
        if low > high:
            yield place, f"the interval falls from {low} to {high}"
        elif not low <= effect.value <= high:
            yield place, f"the estimate {effect.value} lies outside its interval {low} to {high}"
    for i, result in enumerate(study.results):
        spread = result.spread
        centre = result.mean if result.mean is not None else result.median
        if spread is None:
            continue
        lowest, highest = (centre if end is None else end for end in (spread.low, spread.high))
        if centre is not None and lowest is not None and highest is not None and not lowest <= centre <= highest:
            yield f"results.{i}.spread", f"{centre} lies outside {lowest} to {highest}"
        if spread.value is not None and spread.value < 0:
            yield f"results.{i}.spread", f"found a negative spread {spread.value}"


def _p_of(comparison: Comparison) -> float | None:
    text = (comparison.p or "").replace(",", ".").strip()
    try:
        return float(text)
    except ValueError:
        return None


def _test(first: Result, second: Result, errors: tuple[float, float]) -> float:
    """Give p of a z test of two means with their standard errors; near enough to tell factors of root n apart."""
    assert first.mean is not None
    assert second.mean is not None
    z = abs(float(first.mean - second.mean)) / math.hypot(*errors)
    return max(math.erfc(z / math.sqrt(2)), 1e-12)


def _pair(study: Study, comparison: Comparison) -> tuple[Result, Result] | None:
    found = []
    for arm in comparison.arms:
        key = (comparison.outcome, comparison.instrument, comparison.month, arm)
        fits = [r for r in study.results if (r.outcome, r.instrument, r.month, r.arm) == key]
        if len(fits) == 1 and fits[0].mean is not None and fits[0].spread and fits[0].spread.value and fits[0].n:
            found.append(fits[0])
    return (found[0], found[1]) if len(found) == 2 == len(comparison.arms) else None


def _spread_types(study: Study) -> Found:
    """Find a spread whose type fits the published p only when it is read as the other one (SD against SEM)."""
    for i, comparison in enumerate(study.comparisons):
        published, pair = _p_of(comparison), _pair(study, comparison)
        if not published or pair is None:
            continue
        types = {result.spread.type for result in pair if result.spread}
        if len(types) != 1 or not types <= {"SD", "SEM", "SE"}:
            continue
        values = [float(result.spread.value or 0) for result in pair if result.spread]
        divided = [value / math.sqrt(result.n or 1) for value, result in zip(values, pair, strict=True)]
        as_sd, as_sem = (_test(*pair, (each[0], each[1])) for each in (divided, values))
        read, other = (as_sd, as_sem) if types == {"SD"} else (as_sem, as_sd)
        off, near = (abs(math.log10(p / published)) for p in (read, other))
        if off > _FAR and near < _NEAR:
            kind = types.pop()
            told = f"p {published:g} is published; with the spread read as {kind} it is {read:.2g}"
            yield f"comparisons.{i}.p", f"{told}, as {'SEM' if kind == 'SD' else 'SD'} {other:.2g}"


def _doses(study: Study) -> Iterator[tuple[str, Dose]]:
    for i, arm in enumerate(study.arms):
        if arm.dose:
            yield f"arms.{i}.dose", arm.dose


def _dose_notations(study: Study) -> Found:
    for place, dose in _doses(study):
        if dose.low is not None and dose.high is not None and dose.low > dose.high:
            yield place, f"the range falls from {dose.low} to {dose.high}"
        if not dose.notation:
            continue
        reading = read_dose(dose.notation)
        if reading is None:
            yield place, f"no amount of cells can be read from the notation {dose.notation!r}"
            continue
        if reading.ambiguous and not dose.ambiguous:
            yield place, f"{reading.ambiguous}; say so in `ambiguous`"
        read = {number for number in (reading.value, reading.low, reading.high) if number is not None}
        held = {number for number in (dose.value, dose.low, dose.high) if number is not None}
        if held and not held <= read:
            numbers = " to ".join(f"{number:f}" for number in sorted(held))
            expected = " to ".join(f"{number:f}" for number in sorted(read))
            yield place, f"found {numbers}; the notation {dose.notation!r} reads as {expected}"
        if reading.basis and dose.basis and reading.basis != dose.basis:
            yield place, f"found the basis '{dose.basis}'; the notation {dose.notation!r} says '{reading.basis}'"


def _completeness(study: Study) -> Found:
    if not study.arms and not study.pooled and "meta-analysis" not in study.design.label.replace(" ", "-"):
        yield "arms", "a study has at least one arm"
    for i, result in enumerate(study.results):
        for field in ("instrument", "month"):
            if getattr(result, field) is None and field not in result.not_reported:
                yield f"results.{i}.{field}", f"'{result.id}' has no {field}; give it, or name it in `not_reported`"
            if getattr(result, field) is not None and field in result.not_reported:
                yield f"results.{i}.not_reported", f"'{result.id}' has the {field} that `not_reported` names"
        if all(getattr(result, field) is None for field in ("mean", "median", "percent", "events")):
            yield f"results.{i}", f"'{result.id}' has no number: a comparison or a note says it better"


_CHECKS = (_participants, _shares, _intervals, _spread_types, _dose_notations, _completeness)


def implausible(study: Study) -> list[Problem]:
    """Give one problem for each number that contradicts another one or itself; `where` is the field, as in a file."""
    return [Problem("plausible", place, message) for check in _CHECKS for place, message in check(study)]


#: Kind of source -> the roles that its sentences can have. A review has no results of its own.
_ROLES = {
    "review": {"review synthesis", "background", "method"},
    "web page": {"review synthesis", "background", "method"},
    "primary study": {"primary result", "background", "method"},
    "meta-analysis": {"primary result", "review synthesis", "background", "method"},
}


def unfit_roles(file: ClaimsFile) -> list[Problem]:
    """Give a problem for each evidence line whose role does not fit the kind of its source."""
    fit = _ROLES[file.source.kind]
    return [
        Problem(
            "role",
            f"claims.{i}.evidence.{j}.role",
            f"claim '{claim.id}': found '{line.role}' in a {file.source.kind}; expected {' or '.join(sorted(fit))}",
        )
        for i, claim in enumerate(file.claims)
        for j, line in enumerate(claim.evidence)
        if line.role not in fit
    ]
