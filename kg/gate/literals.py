"""Whether a literal is written as its datatype has it. RDF keeps what is not; who loads it should be told."""

from __future__ import annotations

import re
from calendar import monthrange

__all__ = ["is_well_typed"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_ZONE = r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
_YEAR = r"-?(?:[1-9]\d{3,}|0\d{3})"
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_FORMS = {
    "boolean": "true|false|0|1",
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "decimal": _NUMBER,
    "double": rf"{_NUMBER}(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "duration": r"-?P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    "gDay": f"---{_DAY}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "integer": r"[+-]?\d+",
    "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "time": f"{_TIME}{_ZONE}",
}
_FORMS["float"], _FORMS["dateTimeStamp"] = _FORMS["double"], f"{_FORMS['dateTime'].removesuffix('?')}"
#: Whole numbers of a kind -> the least and the greatest of them.
_RANGES: dict[str, tuple[int | None, int | None]] = {
    "byte": (-(2**7), 2**7 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "nonPositiveInteger": (None, 0),
    "positiveInteger": (1, None),
    "short": (-(2**15), 2**15 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedShort": (0, 2**16 - 1),
}
_FORMS |= dict.fromkeys(_RANGES, _FORMS["integer"])
_PATTERNS = {_XSD + name: re.compile(form, re.ASCII) for name, form in _FORMS.items()}
_DAY_OF = re.compile(r"-?(\d+)-(\d\d)-(\d\d)")
_LONGEST = 4300  # digits; longer numbers are not looked at for their range


def _in_range(value: str, name: str) -> bool:
    least, greatest = _RANGES[name]
    if len(value) > _LONGEST:
        return greatest is None if not value.startswith("-") else least is None
    number = int(value)
    return (least is None or number >= least) and (greatest is None or number <= greatest)


def is_well_typed(value: str, datatype: str) -> bool:
    """Say whether a value is written as its XML Schema datatype has it; of other datatypes nothing is said.

    >>> is_well_typed("2018-04", "http://www.w3.org/2001/XMLSchema#date")
    False
    """
    pattern = _PATTERNS.get(datatype)
    if pattern is None:
        return True
    if pattern.fullmatch(value) is None:
        return False
    name = datatype.removeprefix(_XSD)
    if name in _RANGES:
        return _in_range(value, name)
    if name.startswith("date") and (day := _DAY_OF.match(value)):
        year, month = int(day[1][-4:]), int(day[2])  # the calendar is the same every four hundred years
        return int(day[3]) <= monthrange(year % 400 + 400, month)[1]
    return True
