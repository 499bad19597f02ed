"""YAML as curated files use it: text only, with the line of every field.

Refused: aliases (a bomb in 300 bytes), keys used twice (the last would win unseen) and tags. Nothing is guessed: `no`
is the word no, 007 keeps its zeros, and a number is a number only where the model says so. Built on PyYAML's parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from kg.errors import SourceError, nearest
from kg.model.base import SLUG
from kg.vocabulary import Lexicon

__all__ = ["Document", "has_key", "parse_document", "read_document", "read_record"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEPTH = 40
_KINDS: dict[type, str] = {yaml.ScalarNode: "a single value", yaml.SequenceNode: "a list"}
_KINDS |= {list: "a list", dict: "keys and values"}
RecordType = TypeVar("RecordType", bound=BaseModel)
Location = tuple[str | int, ...]


@dataclass
class Document:
    """The plain content of a file and the line on which each field stands."""

    file: str
    content: Any
    line_of: dict[Location, int] = field(default_factory=dict)

    def line(self, location: Location) -> int:
        """Give the line of a field, or of the nearest field around it."""
        while location and location not in self.line_of:
            location = location[:-1]
        return self.line_of.get(location, 1)


def has_key(head: str, key: str) -> bool:
    """Say whether a file's first lines hold a key at the top level, quoted or not.

    >>> has_key('"claims": []', "claims"), has_key("  claims: []", "claims")
    (True, False)
    """
    return re.search(rf"""^\ufeff?(["']?){re.escape(key)}\1[ \t]*:(?!\S)""", head, re.MULTILINE) is not None


def _plain(node: yaml.Node, at: Location, document: Document, seen: set[int]) -> Any:  # noqa: ANN401 - YAML is untyped
    line = node.start_mark.line + 1
    document.line_of.setdefault(at, line)
    if id(node) in seen:
        raise SourceError(document.file, line, _path(at), "an alias (*name) is not allowed; write the value out")
    if len(at) > _DEPTH:
        raise SourceError(document.file, line, _path(at), f"nested deeper than {_DEPTH} levels")
    if not node.tag.startswith("tag:yaml.org,2002:") or "python" in node.tag:
        raise SourceError(document.file, line, _path(at), f"the tag {node.tag} is not allowed")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        if node.value == "" and not node.style:
            raise SourceError(document.file, line, _path(at), "has no value; leave the key out if nothing was found")
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*at, i), document, seen) for i, child in enumerate(node.value)]
    content: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        if not isinstance(key, str):
            raise SourceError(document.file, key_node.start_mark.line + 1, _path(at), "a key must be a word")
        document.line_of[*at, key] = key_node.start_mark.line + 1
        if key in content:
            raise SourceError(document.file, key_node.start_mark.line + 1, _path((*at, key)), "the key stands twice")
        content[key] = _plain(value_node, (*at, key), document, seen)
    return content


def _path(location: Iterable[str | int]) -> str:
    return ".".join(str(part) for part in location)


def read_document(path: Path) -> Document:
    """Read a YAML file into text, lists and mappings; raise `SourceError` with file, line and field."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(path.name, 0, "", f"not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise SourceError(str(path), 0, "", f"cannot be read: {error.strerror}") from error
    return parse_document(text, path.name)


def parse_document(text: str, file: str) -> Document:
    """Read YAML that is at hand; `file` is named in the `SourceError`."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise SourceError(file, mark.line + 1 if mark else 0, "", f"not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise SourceError(file, 0, "", f"not valid YAML: {error}") from error
    if not isinstance(node, yaml.MappingNode):
        raise SourceError(file, 1, "", "expected keys and values, found " + _KINDS.get(type(node), "nothing"))
    document = Document(file, None)
    document.content = _plain(node, (), document, set())
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
                raise SourceError(document.file, document.line((*at, "id")), _path(at), f"no term {curie}{hint}")
            if known != label:
                message = f"{curie} has the label {known!r}, found {label!r}"
                raise SourceError(document.file, document.line((*at, "label")), _path(at), message)
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
        raise SourceError(document.file, document.line(location), _path(location), message) from error
