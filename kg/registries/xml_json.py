"""JSON that was made from XML, and XML as such JSON: there an empty element is "", and a list of one is no list."""

from __future__ import annotations

from collections.abc import Set
from xml.etree.ElementTree import Element

__all__ = ["as_json", "tidied"]


def tidied(value: object, lists: Set[str], deepest: int = 60) -> object:
    """Give JSON with lists where a key in `lists` stands, and without what is empty; too deep is nothing.

    >>> tidied({"country": "Spain", "acronym": "", "parts": {"part": [{"n": " "}]}}, {"country"})
    {'country': ['Spain'], 'parts': {'part': [{}]}}
    """
    if not deepest:
        return None
    if isinstance(value, list):
        return [tidied(each, lists, deepest - 1) for each in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, each in value.items():
        if each is None or (isinstance(each, str) and not each.strip()):
            continue
        many = [each] if key in lists and not isinstance(each, list) else each
        if (inner := tidied(many, lists, deepest - 1)) not in (None, {}, []):
            found[key] = inner
    return found


def as_json(element: Element, deepest: int = 60) -> object:
    """Give an element as text, or as an object with a key for each name of its children; attributes are left out.

    >>> from xml.etree.ElementTree import fromstring
    >>> as_json(fromstring("<a><b>1</b><b>2</b><c/></a>"))
    {'b': ['1', '2'], 'c': ''}
    """
    if not len(element) or not deepest:
        return (element.text or "").strip()
    found: dict[str, object] = {}
    for child in element:
        inner, known = as_json(child, deepest - 1), found.get(child.tag)
        if isinstance(known, list):
            known.append(inner)
        else:
            found[child.tag] = inner if known is None else [known, inner]
    return found
