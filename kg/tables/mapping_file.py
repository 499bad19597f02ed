"""The YAML of a mapping -> a record: its keys, and where each stands. What they mean is `kg.tables.resolution`'s."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError, model_validator

from kg.errors import SourceError, nearest
from kg.gate import Document, Limits, open_file, read_yaml
from kg.model.base import Record, Words

__all__ = ["TELL", "ArmEntry", "ColumnEntry", "MappingFile", "MissingWords", "read_mapping_file"]

#: What a skeleton has where nothing may be guessed.
TELL = "TELL"
#: A mapping fits on a screen; what is larger is another file.
LIMITS = Limits(bytes=1_000_000, depth=20)
_Sign = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=1)]
_Separator = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=5)]
#: Properties told outright, nested or with points: {dose: {value: 2}} is {dose.value: 2}.
Told = dict[str, Any]


class MissingWords(Record):
    """What cells without a value look like; an empty cell is always absent."""

    absent: Words = []
    not_reported: Words = []


class ColumnEntry(Record):
    """One column: what it holds and how it is written. A bare word is its property."""

    property: str
    kind: str | None = None
    type: str | None = None
    unit: str | None = None
    unit_column: str | None = None
    separator: _Separator | None = None
    order: Literal["day first", "month first"] | None = None
    decimal: Literal[".", ","] | None = None
    thousands: _Sign | None = None
    censored: Literal["refuse", "note"] | None = None
    values: dict[str, str] = {}
    missing: MissingWords | None = None


def _entry(told: object) -> object:
    return {"property": told} if isinstance(told, str) else told


Columns = dict[str, Annotated[ColumnEntry, BeforeValidator(_entry)]]


class ArmEntry(Record):
    """An arm that the file knows by name; with columns of its own where a row has several arms side by side."""

    told: Told = {}
    columns: Columns = {}

    @model_validator(mode="before")
    @classmethod
    def _apart(cls, entry: object) -> object:
        if not isinstance(entry, dict):
            return entry
        told = {name: value for name, value in entry.items() if name != "columns"}
        return {"told": told, **({"columns": entry["columns"]} if "columns" in entry else {})}


class MappingFile(Record):
    """A whole mapping."""

    row: str
    status: str | None = None
    where: str | None = None
    study: Told = {}
    arms: dict[str, ArmEntry] = {}
    constants: Told = {}
    columns: Columns = {}
    missing: MissingWords = MissingWords()
    decimal: Literal[".", ","] = "."
    thousands: _Sign | None = None
    censored: Literal["refuse", "note"] = "refuse"
    order: Literal["day first", "month first"] | None = None
    delimiter: Literal[",", ";", "tab", "|"] | None = None
    encoding: str | None = None
    sheet: str | None = None
    header: Annotated[int, Field(ge=1, le=1000)] = 1


def _message(error: Mapping[str, Any], known: Iterable[str]) -> str:
    found = error.get("input")
    if error["type"] == "extra_forbidden":
        near = ", ".join(nearest(str(error["loc"][-1]), known)) or ", ".join(known)
        return f"unknown key; nearest: {near}"
    if error["type"] == "missing":
        return "is missing"
    forms = ((list, "a list"), (dict, "keys and values"))
    shown = found if isinstance(found, str) else next((words for form, words in forms if isinstance(found, form)), "")
    message = str(error["msg"])
    return f"found {str(shown)[:60]!r}; {message[:1].lower()}{message[1:]}"


def _unfinished(content: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give every place where a skeleton waits for its owner's word."""
    if isinstance(content, dict):
        for name, value in content.items():
            if name == TELL:
                yield (*at, name)
            yield from _unfinished(value, (*at, name))
    elif isinstance(content, list):
        for position, value in enumerate(content):
            yield from _unfinished(value, (*at, position))
    elif content == TELL:
        yield at


def read_mapping_file(path: Path) -> tuple[MappingFile, Document]:
    """Read a mapping; raise `SourceError` with the line of the first key that is unknown or has the wrong form."""
    document = read_yaml(open_file(path, LIMITS).read(), path.name)
    for at in _unfinished(document.content):
        message = f"{TELL} stands where only you know; expected your word for it"
        raise SourceError(document.file, document.line(at), ".".join(map(str, at)), message)
    try:
        return MappingFile.model_validate(document.content), document
    except ValidationError as error:
        errors = error.errors()
        first = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
        location = tuple(part for part in first["loc"] if part not in ("told", "function-before"))
        model: type[Record] = ColumnEntry if "columns" in location and len(location) > 2 else MappingFile
        if "missing" in location[:-1]:
            model = MissingWords
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        message = _message(first, model.model_fields) + more
        place = ".".join(map(str, location))
        raise SourceError(document.file, document.line(location), place, message) from error
