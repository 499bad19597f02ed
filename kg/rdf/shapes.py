"""The models of study records -> SHACL, field by field, so that a graph is held to what a file is held to.

`ontology/shapes/records.ttl` is what `record_shapes` gives; a test holds them equal. Claims, evidence lines, passages
and products are written by hand into RDF, and so are their shapes (`ontology/shapes/graph.ttl`).
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kg.model import NumberRead, Product, Reference, Registration, Study, Term
from kg.model.base import words_of
from kg.rdf.writer import ARM_FIELDS, CURIE_FIELDS, class_name, predicate

__all__ = ["record_shapes", "written_records"]

_HEAD = """\
# Generated from the models of kg.model: one shape a record, one property a field. Written by
# `pytest tests/test_shapes.py --update-golden`; change the model, not this file.
@prefix ctmo: <https://w3id.org/ctmo/> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
#: Fields that do not become a predicate of ours: an id names the node, the others stand in shapes written by hand.
_SKIPPED = {"Study": {"citation", "title"}}


def _alternatives(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - annotations are untyped
    """Give the types inside an annotation, with lists, optionals and metadata taken off."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in (Union, types.UnionType, list):
        for one in get_args(annotation):
            yield from _alternatives(one)
    elif annotation is not type(None):
        yield annotation


def _is_list(annotation: Any) -> bool:  # noqa: ANN401
    if get_origin(annotation) is Annotated:
        return _is_list(get_args(annotation)[0])
    return get_origin(annotation) is list


def written_records() -> list[type[BaseModel]]:
    """Give every kind of record that is written field by field, sorted by name."""
    found: dict[str, type[BaseModel]] = {}
    todo: list[type[BaseModel]] = [Study, NumberRead, Reference]
    while todo:
        model = todo.pop()
        if model in (Term, Product) or model.__name__ in found:
            continue
        found[model.__name__] = model
        for info in model.model_fields.values():
            todo += [
                one for one in _alternatives(info.annotation) if isinstance(one, type) and issubclass(one, BaseModel)
            ]
    return [found[name] for name in sorted(found)]


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _curie(iri: str) -> str:
    return iri.replace("https://w3id.org/ctmo/", "ctmo:").replace("http://purl.obolibrary.org/obo/", "obo:")


def _kind(field: str, info: FieldInfo) -> tuple[str, str]:
    """Give what a value must be, in SHACL and in words."""
    words = words_of(info)
    if words:
        return f"sh:in ( {' '.join(_curie(iri) for iri in words.values())} )", f"one of: {', '.join(words)}"
    one = next(_alternatives(info.annotation))
    if get_origin(one) is Literal:
        return f"sh:in ( {' '.join(_quoted(word) for word in get_args(one))} )", f"one of: {', '.join(get_args(one))}"
    if one is Term or field in CURIE_FIELDS or field == "included":
        return "sh:nodeKind sh:IRI", "an IRI"
    if field in ARM_FIELDS:
        return "sh:class ctmo:Arm", "an arm of the study"
    if isinstance(one, type) and issubclass(one, BaseModel):
        return f"sh:class ctmo:{class_name(one)}", f"a record of class {class_name(one)}"
    if one is bool:
        return "sh:datatype xsd:boolean", "true or false"
    if one is int:
        return "sh:datatype xsd:integer ; sh:minInclusive 0", "a whole number, not negative"
    if one is Decimal:
        return "sh:datatype xsd:decimal", "a decimal number"
    return "sh:datatype xsd:string", "words"


def _property(model: type[BaseModel], field: str, info: FieldInfo) -> str:
    many = _is_list(info.annotation) and field != "authors"  # one text
    least = " ; sh:minCount 1" if info.is_required() else ""
    most = "" if many else " ; sh:maxCount 1"
    kind, words = _kind(field, info)
    number = "any number of" if many else "exactly one" if info.is_required() else "at most one"
    message = f"{model.__name__}.{field}: {number}, {words}"
    path = f"ctmo:{predicate(field, model.__name__)}"
    return f"    [ sh:path {path}{least}{most} ; {kind} ; sh:message {_quoted(message)} ]"


def _registry_id(model: type[BaseModel]) -> list[str]:
    """Give the one id that is a value: the number of a registry, which is not ours to name a node after."""
    if model is not Registration:
        return []
    message = f"sh:message {_quoted('Registration.id: exactly one, words')}"
    return [f"    [ sh:path ctmo:registryId ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ; {message} ]"]


def _shape(model: type[BaseModel]) -> str:
    skipped = {"id"} | _SKIPPED.get(model.__name__, set())
    fields = [(name, info) for name, info in model.model_fields.items() if name not in skipped]
    fields = [(name, info) for name, info in fields if next(_alternatives(info.annotation)) is not Product]
    listed = " ,\n".join([*_registry_id(model), *(_property(model, name, info) for name, info in fields)])
    name = class_name(model)
    return f"\nctmo:{name}RecordShape a sh:NodeShape ;\n  sh:targetClass ctmo:{name} ;\n  sh:property\n{listed} .\n"


def record_shapes() -> str:
    """Give the shapes of all records as Turtle; the same models give the same bytes."""
    return _HEAD + "".join(_shape(model) for model in written_records())
