"""A record as nested keys and values, read key by key: what has another type than expected, and what nobody asked for,
is noted. Knows nothing of any registry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kg.model.intake import Ignored

__all__ = ["Notes", "Part", "decimal_or_none", "show"]

_LONGEST = 60  # signs of a value that a message shows
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,15}", re.ASCII)
_YES = {"yes": True, "true": True, "accepts healthy volunteers": True, "no": False, "false": False}


def show(value: object) -> str:
    """Give a value as a message prints it: text in quotation marks and cut, anything else by its kind."""
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST else value[:_LONGEST] + "...")
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return repr(value)[:_LONGEST]


def decimal_or_none(text: str) -> Decimal | None:
    """Give the number that a text is, or None for everything else: "NA", "<0.001", a number of 10,000 digits.

    A comma is not read: nobody says whether it parts thousands or decimals.

    >>> decimal_or_none("4.27"), decimal_or_none("NA"), decimal_or_none("1,024")
    (Decimal('4.27'), None, None)
    """
    plain = text.strip()
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


@dataclass(frozen=True, slots=True)
class Notes:
    """What is noted while one record is read: each (part, reason) once, in the order of the record."""

    record: str
    not_taken: Mapping[str, str] = field(default_factory=dict)  # the reason why a part that is known is not taken over
    markdown: bool = False  # whether the long texts have Markdown's escapes
    _found: dict[tuple[str, str], None] = field(default_factory=dict)
    _parts: list[Part] = field(default_factory=list)

    def part(self, raw: object, path: str = "") -> Part:
        """Give a part to read from; what is not an object is noted and read as an empty one."""
        if not isinstance(raw, Mapping):
            if raw is not None:
                self.add(path, f"found {show(raw)}, expected an object")
            raw = {}
        part = Part(raw, path, self)
        self._parts.append(part)
        return part

    def add(self, part: str, reason: str) -> None:
        """Note that a part of the record is not taken over."""
        self._found[part, reason] = None

    def ignored(self) -> tuple[Ignored, ...]:
        """Give all notes, and one for each key that holds something and was not read."""
        for part in self._parts:
            for key in part.raw.keys() - part.asked:
                if part.raw[key] not in (None, "", [], {}):
                    path = part.place(str(key))
                    self.add(path, self.not_taken.get(path, "no such key is known"))
        return tuple(Ignored(self.record, *each) for each in sorted(self._found))


@dataclass(frozen=True, slots=True)
class Part:
    """An object of a record. Every method that takes a key marks it as read; a missing key or null is no error."""

    raw: Mapping[str, object]
    path: str
    notes: Notes
    asked: set[str] = field(default_factory=set)

    def place(self, key: str) -> str:
        """Give the path of a key, without the positions in lists: "armGroups.label"."""
        return f"{self.path}.{key}" if self.path else key

    def _get(self, key: str) -> object:
        self.asked.add(key)
        return self.raw.get(key)

    def _odd(self, key: str, value: object, expected: str) -> None:
        if value is not None:
            self.notes.add(self.place(key), f"found {show(value)}, expected {expected}")

    def text(self, key: str) -> str:
        """Give a text without the blanks around it, or ""; a number is given as it is printed."""
        return self._text(key, self._get(key))

    def _text(self, key: str, value: object) -> str:
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        self._odd(key, value, "text")
        return ""

    def long_text(self, key: str) -> str:
        """Give a text of the kind that API v2 writes as Markdown, its escapes undone."""
        text = self.text(key)
        return _ESCAPED.sub(r"\1", text) if self.notes.markdown else text

    def texts(self, key: str) -> tuple[str, ...]:
        """Give the texts of a list."""
        return tuple(text for each in self._list(key) if (text := self._text(key, each)))

    def _list(self, key: str) -> list[object]:
        value = self._get(key)
        if isinstance(value, list):
            return value
        self._odd(key, value, "a list")
        return []

    def part(self, key: str) -> Part:
        """Give an object inside this one, or an empty one."""
        return self.notes.part(self._get(key), self.place(key))

    def parts(self, key: str) -> tuple[Part, ...]:
        """Give the objects of a list."""
        return tuple(self.notes.part(each, self.place(key)) for each in self._list(key) if each is not None)

    def whole(self, key: str) -> int | None:
        """Give a whole number from 0 up, printed or not."""
        value = self._get(key)
        text = value.strip() if isinstance(value, str) else str(value) if type(value) is int else ""
        if _WHOLE.fullmatch(text):
            return int(text)
        if value != "":
            self._odd(key, value, "a whole number")
        return None

    def flag(self, key: str) -> bool | None:
        """Give a yes or a no, printed or not."""
        value = self._get(key)
        if isinstance(value, bool):
            return value
        found = _YES.get(value.strip().lower()) if isinstance(value, str) else None
        if found is None and value != "":
            self._odd(key, value, "yes or no")
        return found

    def skip(self, key: str, reason: str) -> None:
        """Mark a key as known, and note why what it holds is not taken over."""
        if self._get(key) not in (None, "", [], {}):
            self.notes.add(self.place(key), reason)
