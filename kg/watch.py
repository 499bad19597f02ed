"""What a fresh search of a registry says that the graph does not hold: new trials, other statuses, results.

Compared are trials as any reader of `kg.registries` gives them with the answer of the question `studies/watched`.
Fetching and reading are not its job. A record is compared with what the graph holds of the same registry number; what
another registry says of the same trial in words of its own is no change.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from kg.catalogue import find_query, select
from kg.model.trials import Trial
from kg.registries.numbers import canonical_number, registry_of
from kg.store import Store

__all__ = ["WHAT", "Known", "News", "Watched", "compare", "read_known"]

#: What can be news, in the order in which it is told.
WHAT = (
    *("new", "results posted", "completed", "status changed", "status newly told", "enrolment changed"),
    *("enrolment newly told", "no longer found"),
)
_KINDS = {"ACTUAL": "actual", "ESTIMATED": "planned"}


@dataclass(frozen=True, slots=True)
class News:
    """One thing that a registry says and the graph does not: what it was, what it is, and on which days of the data."""

    number: str
    title: str
    what: str  # one of `WHAT`
    old: str
    new: str
    old_date: str  # "" where the graph does not say how old its data are
    new_date: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the graph holds of a trial under one registry number; what it does not hold is "" or None."""

    number: str
    title: str
    status: str = ""
    enrolment: int | None = None
    enrolment_kind: str = ""  # "actual", "planned"
    has_results: bool | None = None
    date: str = ""
    study: str = ""  # the IRI of what it belongs to


@dataclass(frozen=True, slots=True)
class Watched:
    """The news, and what became of everything that was looked at."""

    news: tuple[News, ...]
    compared: int = 0  # trials that the graph holds under the same number
    elsewhere: tuple[str, ...] = ()  # numbers of trials that the graph holds under another registry's number only
    older: tuple[str, ...] = ()  # numbers whose record is older than what the graph holds: no news
    not_looked_for: tuple[str, ...] = ()  # numbers of the graph that did not come and were not asked for


def read_known(store: Store) -> list[Known]:
    """Give what the graph holds of every registration, by number and date."""
    found = []
    for row in select(store, find_query("studies/watched")):
        value = {name: row[name].value for name in ("registry_id", "study_label", "status", "as_of", "study")}
        participants, kind = row["participants"].value, row["participants_are"].value
        found.append(
            Known(
                _spelled(value["registry_id"]),
                value["study_label"],
                value["status"],
                int(participants) if re.fullmatch(r"[0-9]{1,9}", participants) else None,
                _KINDS.get(kind, kind if kind in _KINDS.values() else ""),
                {"true": True, "false": False}.get(row["results_posted"].value),
                value["as_of"],
                value["study"],
            )
        )
    return found


def compare(known: Iterable[Known], fresh: Iterable[Trial], *, asked: Collection[str] = (), date: str = "") -> Watched:
    """Give the news of a fresh search, sorted by what it is and by number.

    `asked` are the numbers that were asked for by name: only of these can it be said that they are no longer found.
    `date` is that of the data, for records that do not tell it themselves.
    """
    held = _Held(known)
    trials = _newest(fresh)
    dates = {number: trial.data_date.iso if trial.data_date else date for number, trial in trials.items()}
    news, older, elsewhere, unknown = list[News](), list[str](), list[str](), list[Trial]()
    compared = 0
    for number, trial in trials.items():
        if number in held.by_number:
            compared += 1
            if _is_older(dates[number], held.date(number)):
                older.append(number)
            else:
                news += _changes(number, trial, held.by_number[number], dates[number])
        elif held.same_trial(number, trial):
            elsewhere.append(number)
        else:
            unknown.append(trial)
    for number, trial in _one_of_each(unknown).items():
        news.append(News(number, trial.title, "new", "", _in_short(trial), "", dates[_spelled(trial.number)]))
    wanted = {_spelled(each) for each in asked}
    absent = sorted(held.by_number.keys() - trials.keys())
    for number in (each for each in absent if each in wanted):
        heir = next((key for key, trial in trials.items() if number in _others(trial)), "")
        entry = held.by_number[number][-1]
        told = f"named by {heir}" if heir else ""
        news.append(News(number, entry.title, "no longer found", _words(entry.status), told, entry.date, date))
    order = sorted(news, key=lambda each: (WHAT.index(each.what), each.number))
    missed = tuple(each for each in absent if each not in wanted)
    return Watched(tuple(order), compared, tuple(elsewhere), tuple(older), missed)


@dataclass(slots=True)
class _Held:
    """What the graph holds, by number; of each number the oldest first."""

    known: Iterable[Known]
    by_number: dict[str, list[Known]] = field(default_factory=dict)
    numbers_of_study: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in sorted(self.known, key=lambda one: (one.date, one.study, one.status)):
            self.by_number.setdefault(each.number, []).append(each)
            self.numbers_of_study.setdefault(each.study or each.number, set()).add(each.number)

    def date(self, number: str) -> str:
        """Give the newest day of the data of a number."""
        return max((each.date for each in self.by_number[number]), default="")

    def same_trial(self, number: str, trial: Trial) -> bool:
        """Say whether the graph holds a trial under the number of another registry.

        A study that has another number in this very registry is another trial: extensions name their parents.
        """
        registry = registry_of(number)
        for other in _others(trial):
            for entry in self.by_number.get(other, ()):
                numbers = self.numbers_of_study[entry.study or entry.number]
                if registry not in {registry_of(each) for each in numbers}:
                    return True
        return False


def _spelled(number: str) -> str:
    return canonical_number(number) or number.strip()


def _others(trial: Trial) -> tuple[str, ...]:
    return tuple(_spelled(each) for each in trial.other_numbers)


def _newest(fresh: Iterable[Trial]) -> dict[str, Trial]:
    """Give one record for each number, the newest where there are several, sorted by number."""
    found: dict[str, Trial] = {}
    for trial in fresh:
        number = _spelled(trial.number)
        if number not in found or _iso(trial) > _iso(found[number]):
            found[number] = trial
    return dict(sorted(found.items()))


def _iso(trial: Trial) -> str:
    return trial.data_date.iso if trial.data_date else ""


def _one_of_each(trials: Iterable[Trial]) -> Mapping[str, Trial]:
    """Give one record for each trial, ClinicalTrials.gov's first: two registries' records that share a number are one.

    Two records of the same registry are two trials, whatever they name.
    """
    chosen: dict[str, Trial] = {}
    groups: list[tuple[set[str], set[str]]] = []  # numbers, registries
    for trial in sorted(trials, key=lambda each: (registry_of(each.number) != "ClinicalTrials.gov", each.number)):
        number, numbers = _spelled(trial.number), {_spelled(trial.number), *_others(trial)}
        registry = registry_of(number) or trial.registry
        for group, registries in groups:
            if numbers & group and registry not in registries:
                group |= numbers
                registries.add(registry)
                break
        else:
            groups.append((numbers, {registry}))
            chosen[number] = trial
    return chosen


def _is_older(new: str, old: str) -> bool:
    """Say whether one date lies before another; a month and a day in it are not before one another."""
    length = min(len(new), len(old))
    return new[:length] < old[:length]


def _words(status: str) -> str:
    """Give a status in small words, so that spellings do not differ: "ACTIVE_NOT_RECRUITING", "active, not recruiting".

    >>> _words("ACTIVE_NOT_RECRUITING") == _words("active, not recruiting")
    True
    """
    return " ".join(re.findall(r"[^\W_]+", status.casefold()))


def _people(number: int | None, kind: str) -> str:
    return "" if number is None else f"{number} {kind}".strip()


def _in_short(trial: Trial) -> str:
    people = _people(trial.enrolment, _KINDS.get(trial.enrolment_kind, ""))
    parts = (_words(trial.status), people, "with results" if trial.has_results else "")
    return ", ".join(part for part in parts if part)


def _changes(number: str, trial: Trial, held: list[Known], date: str) -> list[News]:
    """Give what differs; of each property the newest that the graph holds counts. What a record omits is no change."""
    title = trial.title or held[-1].title
    news = []

    def tell(what: str, old: str, new: str, entry: Known | None) -> None:
        news.append(News(number, title, what, old, new, entry.date if entry else held[-1].date, date))

    status = _words(trial.status)
    entry = next((each for each in reversed(held) if each.status), None)
    if status and entry is None:
        tell("status newly told", "", status, None)
    elif status and entry and status != _words(entry.status):
        tell("completed" if status == "completed" else "status changed", _words(entry.status), status, entry)
    entry = next((each for each in reversed(held) if each.has_results is not None), None)
    if trial.has_results and not (entry and entry.has_results):
        tell("results posted", "none" if entry else "", trial.results_posted.iso if trial.results_posted else "", entry)
    kind = _KINDS.get(trial.enrolment_kind, "")
    entry = next((each for each in reversed(held) if each.enrolment is not None), None)
    if trial.enrolment is not None and entry is None:
        tell("enrolment newly told", "", _people(trial.enrolment, kind), None)
    elif trial.enrolment is not None and entry:
        other_kind = kind and entry.enrolment_kind and kind != entry.enrolment_kind
        if trial.enrolment != entry.enrolment or other_kind:
            old = _people(entry.enrolment, entry.enrolment_kind)
            tell("enrolment changed", old, _people(trial.enrolment, kind), entry)
    return news
