"""Rows -> studies: what rows say of the same study and arm is put together, and must agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from kg.errors import nearest
from kg.model import Arm, Study
from kg.model.intake import Refused
from kg.model.study_checks import study_faults
from kg.tables.drafts import check_spread, first_fault, made_id, nested, with_standing
from kg.tables.mapping import TableMapping
from kg.tables.properties import RECORDS, ROWS, Path
from kg.tables.rows import Found, RowError
from kg.tables.tables import Row

__all__ = ["Assembly"]

_ID: Path = ("id",)
_AMOUNTS = ("value", "low", "high")
_NUMBERS = ("mean", "median", "percent", "events")


@dataclass
class _Draft:
    """A study or an arm while its rows come in."""

    id: str
    name: str
    row: int  # that named it first
    values: dict[Path, tuple[object, int]] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        return nested({path: value for path, (value, _) in self.values.items()})

    def first_row(self, path: Path) -> int:
        return self.values[path][1]


@dataclass
class _Record:
    """A record of a study, valid by itself."""

    row: int
    content: dict[str, Any]
    arms: tuple[str, ...]  # that it names


@dataclass
class _StudyDraft(_Draft):
    arms: dict[str, _Draft] = field(default_factory=dict)
    records: dict[str, _Record] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)  # row -> line
    arms_of_row: dict[int, set[str]] = field(default_factory=dict)


def _differing(draft: _Draft | None, what: str, found: Found, level: str, name: str) -> str:
    """Say where a row contradicts what rows before it say of the same study or arm, or nothing."""
    if draft is None:
        return ""
    if draft.name != name:
        return f"found the {what} {name!r}, which gives the identifier of {draft.name!r} (row {draft.row}) too"
    for path, value in found.values[level].items():
        if path in draft.values and draft.values[path][0] != value:
            before, row = draft.values[path]
            column = found.column_of.get((level, path), "") or ".".join(map(str, path))
            return f"{column}: found {_shown(value)} for the {what} {name!r}, but row {row} has {_shown(before)}"
    return ""


def _shown(value: object) -> str:
    return repr(str(value["label"]) if isinstance(value, dict) and "label" in value else str(value))


class Assembly:
    """The studies of a table while its rows come in."""

    def __init__(self, mapping: TableMapping, file: str) -> None:
        self.mapping, self.file = mapping, file
        self.model = ROWS[mapping.row]
        self.studies: dict[str, _StudyDraft] = {}
        self._arm_told = {arm.id: arm for arm in mapping.arms}

    def where(self, row: int) -> str:
        """Give where a fact stands: as the mapping says, or the row of the table."""
        return self.mapping.where or f"{self.file}, row {row}"

    def add(self, row: Row, found: Sequence[Found]) -> None:
        """Take what a row says, all of it or nothing; raise `RowError`."""
        records: dict[str, _Record] = {}
        for one in found:
            study = self.studies.get(str(one.values["study"].get(_ID, "")))
            self._check_identity(study, one)
            if self.mapping.row in RECORDS:
                name, record = self._record(one, row.number)
                before = records.get(name) or (study.records.get(name) if study else None)
                if before:
                    raise RowError(
                        f"says the same as row {before.row} ({name}); if both are meant, give each a column that is: id"
                    )
                records[name] = record
        for one in found:
            self._commit(row, one)
        self.studies[str(found[0].values["study"][_ID])].records |= records

    def _check_identity(self, study: _StudyDraft | None, found: Found) -> None:
        if _ID not in found.values["study"]:
            raise RowError("found no study in this row, expected one")
        if problem := _differing(study, "study", found, "study", found.study_name):
            raise RowError(problem)
        arm = self._arm_id(found)
        if arm is None:
            if self.mapping.row in ("result", "arm", "dose"):
                raise RowError("found no arm in this row, expected one")
            if found.values["arm"]:
                raise RowError("found values of an arm, and no arm in this row")
        if self.mapping.row == "dose" and not any(("dose", part) in found.values["arm"] for part in _AMOUNTS):
            raise RowError("found no value of value or low or high in this row, expected one")
        draft = study.arms.get(arm) if study and arm else None
        if problem := _differing(draft, "arm", found, "arm", found.arm_name):
            raise RowError(problem)
        if self.mapping.row == "study" and study and not self.mapping.wide:
            raise RowError(f"found the study {study.name!r} again; it stands in row {study.row}")
        if self.mapping.row in ("arm", "dose") and draft:
            raise RowError(f"found the arm {draft.name!r} of {found.study_name!r} again; it stands in row {draft.row}")

    def _arm_id(self, found: Found) -> str | None:
        if found.arm is not None:
            return found.arm.id
        arm = found.values["arm"].get(_ID)
        return None if arm is None else str(arm)

    def _record(self, found: Found, row: int) -> tuple[str, _Record]:
        """Give the id and the content of a row's own record, held against its model."""
        content = nested(found.values["record"])
        content.setdefault("where", self.where(row))
        if self.mapping.status:
            content.setdefault("status", self.mapping.status)
        if (arm := self._arm_id(found)) is not None:
            content["arm"] = arm
        if found.silent:
            content["not_reported"] = found.silent
        if notes := [note for note in (content.get("note"), *found.notes) if note]:
            content["note"] = "; ".join(map(str, notes))
        check_spread(content)
        if self.mapping.row in ("result", "adverse event") and not content.keys() & set(_NUMBERS) and not found.notes:
            numbers = " or ".join(field for field in _NUMBERS if field in self.model.model_fields)
            raise RowError(f"found no value of {numbers} in this row, expected one")
        name = str(content.setdefault("id", made_id(self.model, content)))
        try:
            valid = self.model.model_validate(content)
        except ValidationError as error:
            raise RowError(first_fault(error, found, "record")) from error
        arms = [arm] if arm else []
        arms += [*getattr(valid, "arms", ()), *getattr(valid, "covers", ())]
        return name, _Record(row, content, tuple(arms))

    def _commit(self, row: Row, found: Found) -> None:
        study_id = str(found.values["study"][_ID])
        study = self.studies.setdefault(study_id, _StudyDraft(study_id, found.study_name, row.number))
        study.rows[row.number] = row.line
        for path, value in found.values["study"].items():
            study.values.setdefault(path, (value, row.number))
        arm_id = self._arm_id(found)
        if arm_id is not None:
            arm = study.arms.setdefault(arm_id, _Draft(arm_id, found.arm_name, row.number))
            for path, value in found.values["arm"].items():
                arm.values.setdefault(path, (value, row.number))
            study.arms_of_row.setdefault(row.number, set()).add(arm_id)

    def finish(self) -> Iterator[Study | Refused]:
        """Give the studies, sorted by their ids, and the rows refused for a reason that no row shows alone."""
        for _, study in sorted(self.studies.items()):
            yield from self._finish(study)

    def _finish(self, study: _StudyDraft) -> Iterator[Study | Refused]:
        arms, refused = self._arms(study)
        while True:
            kept = {name: record for name, record in study.records.items() if record.row not in refused}
            rows = [row for row in study.rows if row not in refused]
            used = {arm for record in kept.values() for arm in record.arms}
            used |= {arm for row in rows for arm in study.arms_of_row.get(row, ())}
            content = self._study(study, [arms[arm] for arm in arms if arm in used], kept)
            whole = self._whole(content, kept, rows, study) if rows else {}
            if isinstance(whole, Study) or not whole:
                break
            refused |= whole
        for row, reason in sorted(refused.items()):
            yield Refused(f"row {row}", reason, study.rows[row])
        if isinstance(whole, Study):
            yield whole

    def _arms(self, study: _StudyDraft) -> tuple[dict[str, dict[str, Any]], dict[int, str]]:
        """Give the arms that are whole, and row -> reason for the rows of those that are not."""
        contents: dict[str, dict[str, Any]] = {}
        refused: dict[int, str] = {}
        drafts = dict(study.arms)
        for name in sorted({arm for record in study.records.values() for arm in record.arms} - set(drafts)):
            if told := self._arm_told.get(name):  # named in a comparison only
                values = {each.property.path: (each.value, study.row) for each in told.told}
                drafts[name] = _Draft(name, told.name, study.row, values)
        for arm_id, draft in drafts.items():
            content = with_standing(draft.content(), self.mapping.status, self.where(draft.row))
            content |= {"id": arm_id, "label": content.get("label", draft.name)}
            try:
                Arm.model_validate(content)
                contents[arm_id] = content
            except ValidationError as error:
                reason = first_fault(error, None, "arm", f"the arm '{draft.name}': ")
                refused |= {row: reason for row, its in study.arms_of_row.items() if arm_id in its}
        for record in study.records.values():
            for arm in record.arms:
                if arm not in contents and record.row not in refused:
                    near = ", ".join(nearest(arm, drafts) or sorted(drafts)) or "none"
                    refused[record.row] = f"found the arm {arm!r}, which nothing describes; nearest: {near}"
        return contents, refused

    def _study(
        self, study: _StudyDraft, arms: Sequence[Mapping[str, Any]], records: Mapping[str, _Record]
    ) -> dict[str, Any]:
        content = with_standing(study.content(), self.mapping.status, self.where(study.row))
        content["id"] = study.id
        content.setdefault("citation", study.name)
        content.setdefault("title", f"{content['citation']}, from the table {self.file}")
        content["arms"] = list(arms)
        if self.mapping.row in RECORDS:
            content[RECORDS[self.mapping.row]] = [record.content for record in records.values()]
        return content

    def _whole(
        self, content: dict[str, Any], kept: Mapping[str, _Record], rows: Sequence[int], study: _StudyDraft
    ) -> Study | dict[int, str]:
        """Give the study, or row -> reason: of the record that is at fault, or all rows where the study itself is."""
        try:
            valid = Study.model_validate(content)
        except ValidationError as error:
            reason = first_fault(error, None, "study", f"the study '{study.name}': ")
            return dict.fromkeys(rows, reason)
        found: dict[int, str] = {}
        in_order = list(kept.values())
        for location, message in study_faults(valid):
            if location[0] == RECORDS.get(self.mapping.row):
                found.setdefault(in_order[int(location[1])].row, message)
            else:
                return dict.fromkeys(rows, f"the study '{study.name}': {'.'.join(map(str, location))}: {message}")
        return found or valid
