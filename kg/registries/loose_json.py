"""Values of JSON that need not be what they should: each function gives something usable for whatever stands there."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["at", "each", "words"]

_HALVES = re.compile("[\ud800-\udfff]")  # JSON can name half of a character, which no text can hold


def at(value: Any, *keys: str) -> Any:  # noqa: ANN401 - JSON holds anything
    """Give what stands under keys in each other, or None where one of them is missing or no object.

    >>> at({"a": {"b": 1}}, "a", "b"), at({"a": []}, "a", "b")
    (1, None)
    """
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def each(value: Any) -> list[Any]:  # noqa: ANN401
    """Give a list: of several, of the only one (JSON made from XML drops the list then), of none.

    >>> each(["a", "b"]), each("a"), each(None), each("")
    (['a', 'b'], ['a'], [], [])
    """
    if isinstance(value, list):
        return value
    return [] if value is None or value == "" else [value]


def words(value: Any) -> str:  # noqa: ANN401
    """Give a text without white space around it; a number in its digits; "" for anything else.

    >>> words(" a "), words(20516115), words(None), words(["a"]), words(True)
    ('a', '20516115', '', '', '')
    """
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value).strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
