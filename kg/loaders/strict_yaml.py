"""YAML as curated files use it -> a record of a model, with its terms held against the ontology.

What YAML may hold at all is the gate's business (`kg.gate.yaml_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kg.errors import SourceError, nearest
from kg.gate.bounded import Limits
from kg.gate.yaml_text import Document, Location, field_path, read_yaml
from kg.model.base import SLUG
from kg.vocabulary import Lexicon

__all__ = ["Document", "has_key", "read_document", "read_record"]

_DEPTH = 40
_KINDS: dict[type, str] = {str: "a single value", list: "a list", dict: "keys and values"}
RecordType = TypeVar("RecordType", bound=BaseModel)


def has_key(head: str, key: str) -> bool:
    """Say whether a file's first lines hold a key at the top level, quoted or not.

    >>> has_key('"claims": []', "claims"), has_key("  claims: []", "claims")
    (True, False)
    """
    return re.search(rf"""^\ufeff?(["']?){re.escape(key)}\1[ \t]*:(?!\S)""", head, re.MULTILINE) is not None


def read_document(path: Path) -> Document:
    """Read a YAML file into text, lists and mappings; raise `SourceError` with file, line and field."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), 0, "", f"cannot be read: {error.strerror}") from error
    document = read_yaml(content, path.name, Limits(depth=_DEPTH))
    if not isinstance(document.content, dict):
        found = _KINDS.get(type(document.content), "nothing")
        raise SourceError(path.name, 1, "", f"expected keys and values, found {found}")
    return document


def _ground(content: Any, at: Location, document: Document, lexicon: Lexicon, ids: Mapping[str, str]) -> None:  # noqa: ANN401
    """Fill in the id of a term written by label only, and hold each label against its id."""
    if isinstance(content, list):
        for i, child in enumerate(content):
            _ground(child, (*at, i), document, lexicon, ids)
    elif isinstance(content, dict):
        curie, label = content.get("id"), content.get("label")
        is_term = set(content) == {"id", "label"}
        if is_term and isinstance(curie, str) and isinstance(label, str) and ":" in curie:  # the model refuses the rest
            known = lexicon.label_of_term.get(curie)
            if curie.startswith(("study:", "source:")):
                return
            if known is None:
                near = nearest(label, ids)
                hint = f"; nearest: {', '.join(f'{ids[n]} {n}' for n in near)}" if near else ""
                raise SourceError(document.file, document.line((*at, "id")), field_path(at), f"no term {curie}{hint}")
            if known != label:
                message = f"{curie} has the label {known!r}, found {label!r}"
                raise SourceError(document.file, document.line((*at, "label")), field_path(at), message)
        for key, child in content.items():
            _ground(child, (*at, key), document, lexicon, ids)


def _message(error: Mapping[str, Any], model_keys: Iterable[str]) -> str:
    if error["type"] == "extra_forbidden":
        near = nearest(str(error["loc"][-1]), model_keys)
        return "unknown key" + (f"; nearest: {', '.join(near)}" if near else "")
    if error["type"] == "missing":
        return "is missing"
    message = str(error["msg"]).removeprefix("Value error, ")
    found = error.get("input")
    if error["type"].endswith("_type") and type(found) in _KINDS:
        return f"found {_KINDS[type(found)]}; {message}"
    return message if "found" in message or not isinstance(found, str) else f"found {found!r}; {message}"


def _keys_of(model: type[BaseModel]) -> set[str]:
    keys: set[str] = set()
    todo: list[Any] = [model]
    seen: set[Any] = set()
    while todo:
        one = todo.pop()
        if isinstance(one, type) and issubclass(one, BaseModel) and one not in seen:
            seen.add(one)
            keys |= set(one.model_fields)
            todo += [info.annotation for info in one.model_fields.values()]
        todo += list(getattr(one, "__args__", ()))
    return keys


def _check_name(path: Path) -> None:
    """Refuse a file whose name cannot name its graph."""
    if not re.fullmatch(SLUG, path.stem):
        message = (
            f"found the file name {path.stem!r}, expected small letters a-z, digits and single hyphens between them"
        )
        raise SourceError(path.name, 0, "", message)


def read_record(path: Path, model: type[RecordType], lexicon: Lexicon) -> tuple[RecordType, Document]:
    """Read a file as one record of a model, with its terms held against the ontology."""
    _check_name(path)
    document = read_document(path)
    ids = {label: curie for curie, label in lexicon.label_of_term.items()}
    _ground(document.content, (), document, lexicon, ids)
    try:
        return model.model_validate(document.content), document
    except ValidationError as error:
        errors = error.errors()  # a key that nobody knows explains better than the one that is missing for it
        first = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
        location = first["loc"]
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        message = _message(first, _keys_of(model)) + more
        raise SourceError(document.file, document.line(location), field_path(location), message) from error
