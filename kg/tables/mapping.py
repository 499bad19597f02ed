"""A mapping, resolved: which column fills which property of which record, and how its cells are read.

How one is made of a file is `kg.tables.resolution`'s business, what makes one wrong `kg.tables.mapping_checks`'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.tables.kinds import PAIRS, Manner
from kg.tables.properties import Path, Property
from kg.tables.units import Conversion, unit_path

__all__ = ["ArmPart", "Column", "Layout", "TableMapping", "Told"]


@dataclass(frozen=True, slots=True)
class Told:
    """A property with its value, as the mapping tells it for the whole file or an arm."""

    property: Property
    value: object


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table, resolved."""

    name: str
    property: Property
    manner: Manner
    conversion: Conversion = field(default_factory=Conversion)
    unit: str = ""  # as the mapping says it
    unit_column: str = ""
    sets: tuple[tuple[Path, str], ...] = ()  # what is told beside the value: the type of a spread, a unit

    def paths(self) -> Iterator[Path]:
        """Give every field that the column fills."""
        pair = PAIRS.get(self.manner.kind)
        if pair is None:
            yield self.property.path
        else:
            yield from ((*self.property.path[:-1], *part) for part in pair_paths(self.manner.kind))
        if self.unit_column and (at := unit_path(self.property)):
            yield at
        yield from (path for path, _ in self.sets)


def pair_paths(kind: str) -> tuple[Path, Path]:
    """Give the two fields, within their record, that a kind of two numbers fills."""
    return (("events",), ("n",)) if kind == "events / n" else (("mean",), ("spread", "value"))


@dataclass(frozen=True, slots=True)
class ArmPart:
    """An arm that the mapping knows by the name that the table has for it."""

    name: str
    id: str
    told: tuple[Told, ...] = ()
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Where in the file the table stands; what is empty is looked for."""

    delimiter: str = ""
    sheet: str = ""
    header: int = 1
    encoding: str = ""
    names: frozenset[str] = frozenset()  # of columns that must be there: they tell the delimiter


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A mapping that has been checked, ready for rows."""

    file: str
    row: str
    columns: tuple[Column, ...]
    told: tuple[Told, ...] = ()
    arms: tuple[ArmPart, ...] = ()
    status: str = ""
    where: str = ""
    layout: Layout = Layout()
    line_of: Mapping[str, int] = field(default_factory=dict)  # column -> where the mapping names it

    @property
    def wide(self) -> bool:
        """Say whether a row has several arms side by side."""
        return any(arm.columns for arm in self.arms)

    def all_columns(self) -> tuple[Column, ...]:
        """Give the columns of all arms too."""
        return (*self.columns, *(column for arm in self.arms for column in arm.columns))

    def column_names(self) -> dict[str, int]:
        """Give every column that the table must have, and the line of the mapping that asks for it."""
        return dict(self.line_of)
