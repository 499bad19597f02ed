"""The models of curated files -> JSON Schema (2020-12), so that an editor completes words and underlines faults.

Files hold text, so a number may stand there as a number or as the digits of one. The controlled words and the relations
are listed; the terms are not (there are a thousand): a wrong one is answered at loading with the nearest that exists.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from kg.model import ClaimsFile, Study
from kg.model.base import words_of
from kg.namespaces import CTMO

__all__ = ["KINDS", "json_schema"]

KINDS: dict[str, type[BaseModel]] = {"claims": ClaimsFile, "study": Study}


def _models(model: type[BaseModel], found: dict[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:
    """Give name -> record, for a model and all that it holds."""
    if model.__name__ not in found:
        found[model.__name__] = model
        todo: list[Any] = [info.annotation for info in model.model_fields.values()]
        while todo:
            one = todo.pop()
            if isinstance(one, type) and issubclass(one, BaseModel):
                _models(one, found)
            todo += getattr(one, "__args__", ())
    return found


def _put(schema: dict[str, Any], words: list[str]) -> None:
    """Give a field its words: at the value itself, at the text among alternatives, or at the items of a list."""
    for one in [schema, *schema.get("anyOf", []), schema.get("items", {})]:
        if one.get("type") == "string":
            one["enum"] = words


def _as_text_too(schema: Any) -> None:  # noqa: ANN401 - a JSON tree
    """Let a word that looks like a number, such as a year, stand without quotes: the reader takes it as text."""
    if isinstance(schema, dict):
        if schema.get("type") == "string" and "enum" not in schema and "pattern" not in schema:
            schema["type"] = ["string", "number"]
        for one in schema.values():
            _as_text_too(one)
    elif isinstance(schema, list):
        for one in schema:
            _as_text_too(one)


def json_schema(kind: str, relations: Iterable[str]) -> str:
    """Give the schema of a kind of file (see `KINDS`) as JSON; `relations` are the labels that a claim may name."""
    model = KINDS[kind]
    schema = model.model_json_schema(mode="validation", schema_generator=GenerateJsonSchema)
    parts = {model.__name__: schema, **schema["$defs"]}
    for name, record in _models(model, {}).items():
        for field, info in record.model_fields.items():
            words = words_of(info)
            if words:
                _put(parts[name]["properties"][field], list(words))
    if "Claim" in parts:
        parts["Claim"]["properties"]["relation"]["enum"] = sorted(relations)
    _as_text_too(schema)
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"{CTMO}schema/{kind}.json", **schema}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
