"""What a trial does to people, intervention by intervention: the texts of one, and what they say of cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.grounding.cells import CellMention, find_cells
from kg.grounding.context import Field
from kg.grounding.lookup import Record
from kg.model.trials import Intervention

__all__ = ["Part", "read_part", "with_named"]

_PLACEBO_NAME = re.compile(r"^\W*vehicle\b|\b(?:placebo|sham)\b", re.IGNORECASE)
#: A name of a product has so many words at most, and the cells that it is made of follow within so many.
_NAME_WORDS = 4
_BESIDE = 6
_APART = frozenset(["and", "compared", "or", "plus", "versus", "vs", "with"])


@dataclass(frozen=True, slots=True)
class Part:
    """The texts of one intervention, and what they say of cells."""

    intervention: Intervention
    fields: tuple[Field, ...]
    mentions: tuple[CellMention, ...]
    placebo: bool

    @property
    def gives_cells(self) -> bool:
        """Tell whether the intervention gives cells, or something made of cells."""
        return not self.placebo and any(m.cell is not None or m.form is not None for m in self.mentions)


def read_part(number: int, intervention: Intervention, record: Record) -> Part:
    """Give the texts of an intervention and the cells that they speak of."""
    fields = [Field.of(f"intervention {number} name", intervention.name)]
    if intervention.description:
        fields.append(Field.of(f"intervention {number} description", intervention.description))
    fields += [Field.of(f"intervention {number} other name", name) for name in intervention.other_names]
    placebo = bool(_PLACEBO_NAME.search(intervention.name))
    mentions = tuple(m for field in fields for m in find_cells(field, record))
    return Part(intervention, tuple(fields), mentions, placebo)


def _bears_name(part: Part, field: Field) -> int:
    """Give the place behind the name of an intervention in a text, where it is a name like ALLO-ASC or Prochymal®."""
    name = part.fields[0]
    made = re.search(r"[®™]|\d|[A-Z].*[A-Z]", name.text)
    wanted = [word.folded for word in name.words]
    if not made or not 1 <= len(wanted) <= _NAME_WORDS:
        return -1
    words = [word.folded for word in field.words]
    return next(
        (place + len(wanted) for place in range(len(words)) if words[place : place + len(wanted)] == wanted), -1
    )


def with_named(part: Part, fields: Sequence[Field], record: Record) -> Part:
    """Give an intervention that is called by a name alone the cells that a title names right beside it."""
    if part.placebo or part.gives_cells:
        return part
    for field in fields:
        behind = _bears_name(part, field)
        beside = [
            mention
            for mention in (find_cells(field, record) if behind >= 0 else ())
            if mention.cell
            and 0 <= mention.place - behind <= _BESIDE
            and not _APART & {word.folded for word in field.words[behind : mention.place]}
        ]
        if beside:
            return replace(part, mentions=part.mentions + tuple(beside[:1]))
    return part
