"""JSON-LD before it becomes RDF: contexts of the file itself only, and nothing that the RDF parser would drop unseen.

By its rules JSON-LD says nothing where a key has no meaning or an address is relative to nothing. Keys are told,
addresses refused. What it says is the RDF parser's business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kg.errors import SourceError

__all__ = ["JsonLd", "check_json_ld"]

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*", re.ASCII)
_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`]")


@dataclass(frozen=True, slots=True)
class JsonLd:
    """What the file's own contexts say, as far as it decides what is dropped."""

    unknown_keys: tuple[str, ...] = ()  # they have no meaning in any context and become no triple


@dataclass(slots=True)
class _Contexts:
    terms: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=lambda: {"@id"})  # and other words for it
    types: set[str] = field(default_factory=lambda: {"@type"})
    maps: set[str] = field(default_factory=set)  # terms in whose values the keys are languages, numbers or addresses
    addresses: set[str] = field(default_factory=set)  # terms whose values are addresses
    literals: set[str] = field(default_factory=lambda: {"@value"})
    has_base: bool = False
    has_vocabulary: bool = False


def _line(content: bytes, text: str) -> int:
    """Find the line of a string; as it is written in the file it may differ, then there is none."""
    at = content.find(json.dumps(text, ensure_ascii=False).encode(errors="replace"))
    return content.count(b"\n", 0, at) + 1 if at >= 0 else 0


def _read_context(context: Any, found: _Contexts, content: bytes, file: str) -> None:  # noqa: ANN401 - JSON is untyped
    waiting = [context]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            message = f"the context {one!r} lies outside the file and is not fetched; write it into the file"
            raise SourceError(file, _line(content, one), "@context", message)
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if "@import" in one:
                message = f"the context imports {one['@import']!r}, which is not fetched; write it into the file"
                raise SourceError(file, _line(content, "@import"), "@import", message)
            found.has_base |= isinstance(one.get("@base"), str)
            found.has_vocabulary |= isinstance(one.get("@vocab"), str)
            for term, meaning in one.items():
                if not term.startswith("@") and meaning is not None:
                    _read_term(term, meaning, found)
                    if isinstance(meaning, dict) and "@context" in meaning:
                        waiting.append(meaning["@context"])
        elif one is not None:
            raise SourceError(file, _line(content, "@context"), "@context", f"expected terms, found {str(one)[:60]}")


def _read_term(term: str, meaning: object, found: _Contexts) -> None:
    found.terms.add(term)
    if meaning == "@id" or (isinstance(meaning, dict) and meaning.get("@id") == "@id"):
        found.ids.add(term)
    if meaning == "@value":
        found.literals.add(term)
    if meaning == "@type":
        found.types.add(term)
    if isinstance(meaning, dict):
        if meaning.get("@container") not in (None, "@list", "@set"):
            found.maps.add(term)
        if meaning.get("@type") == "@id":
            found.addresses.add(term)
        if meaning.get("@type") == "@json":
            found.literals.add(term)


def _objects(value: Any, found: _Contexts) -> Iterator[tuple[dict[str, Any], bool]]:  # noqa: ANN401 - JSON is untyped
    """Give the objects of JSON outside of contexts and literals, and whether their keys are no properties."""
    waiting = [(value, False)]
    while waiting:
        one, is_map = waiting.pop()
        if isinstance(one, list):
            waiting += [(each, is_map) for each in one]
        elif isinstance(one, dict):
            yield one, is_map
            inner = ((key, each) for key, each in one.items() if key != "@context" and key not in found.literals)
            waiting += [(each, key in found.maps and not is_map) for key, each in inner]


def _check_address(text: object, key: str, found: _Contexts, content: bytes, file: str) -> None:
    if not isinstance(text, str) or text.startswith(("_:", "@")) or text in found.terms:
        return
    if sign := _NO_IRI.search(text):
        message = f"found the address {text!r}, in which {sign[0]!r} may not stand"
        raise SourceError(file, _line(content, text), key, message)
    relative_to = found.has_base or (key in found.types and found.has_vocabulary)
    if not relative_to and not _ABSOLUTE.fullmatch(text):
        message = f"found the relative address {text!r}, and nothing that it is relative to; expected a whole one"
        raise SourceError(file, _line(content, text), key, message)


def _check_object(one: dict[str, Any], found: _Contexts, content: bytes, file: str) -> set[str]:
    """Look at the addresses of an object; give its keys that have no meaning."""
    unknown: set[str] = set()
    for key, value in one.items():
        if key in found.ids or key in found.addresses or key in found.types:
            for each in value if isinstance(value, list) else [value]:
                _check_address(each, key, found, content, file)
        if ":" in key and key not in found.terms:
            _check_address(key, key, found, content, file)
        elif not (key.startswith("@") or key in found.terms or found.has_vocabulary):
            unknown.add(key)
    return unknown


def check_json_ld(loaded: Any, content: bytes, file: str, *, base: bool = False) -> JsonLd:  # noqa: ANN401
    """Refuse contexts that would be fetched and addresses that would be dropped; tell the keys without a meaning.

    `loaded` is what `read_json` gives for `content`. `base` says that the caller knows what addresses are relative to.

    >>> check_json_ld({"@id": "http://x/a", "name": "cell"}, b"", "x.jsonld")
    JsonLd(unknown_keys=('name',))
    """
    found = _Contexts(has_base=base)
    for one, _ in _objects(loaded, found):
        if "@context" in one:
            _read_context(one["@context"], found, content, file)
    unknown: set[str] = set()
    for one, is_map in _objects(loaded, found):
        if not is_map:
            unknown |= _check_object(one, found, content, file)
    return JsonLd(tuple(sorted(unknown)))
