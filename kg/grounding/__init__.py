"""Text of other people -> candidate terms, each with a score, a reason, the words as read and their place.

Our own synonym tables come first (`tables/*.tsv`), then whatever names a caller gives. Knows nothing of files,
registries or RDF.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kg.errors import NotFoundError, nearest
from kg.grounding.candidates import Candidate
from kg.grounding.cells import find_cells
from kg.grounding.context import Field, is_denied
from kg.grounding.doses import GroundedDose, read_doses
from kg.grounding.expansions import read_expansions
from kg.grounding.lookup import Record, compile_lookup, lookup_of, to_candidate
from kg.grounding.outcomes import GroundedOutcome
from kg.grounding.products import GroundedProduct
from kg.grounding.routes import put_into
from kg.grounding.tables import KINDS, Synonym
from kg.grounding.times import TimePoint, months_of, read_times
from kg.grounding.trials import GroundedArm, GroundedTrial, ground_trial

__all__ = [
    "KINDS",
    "Candidate",
    "GroundedArm",
    "GroundedDose",
    "GroundedOutcome",
    "GroundedProduct",
    "GroundedTrial",
    "Synonym",
    "TimePoint",
    "ground",
    "ground_trial",
    "months_of",
    "read_doses",
    "read_times",
]


def ground(
    text: str, kinds: Collection[str] = (), *, more: Iterable[Synonym] = (), where: str = "text"
) -> list[Candidate]:
    """Give the terms that a text may mean, the surest first, then in order of place.

    `kinds` limits the search ("route", "tissue" ...); all of them by default. `more` are names of other vocabularies,
    found only where our own tables find nothing at the same words. Denied names are left out.

    >>> [(one.label, one.matched) for one in ground("intra thecal infusion", ["route"])]
    [('intrathecal administration', 'intra thecal')]
    >>> ground("Child Development")
    []
    """
    for kind in kinds:
        if kind not in KINDS:
            raise NotFoundError("kind of entity", kind, nearest(kind, KINDS) or sorted(KINDS))
    record = Record(read_expansions([text]), text.casefold())
    field = Field.of(where, text)
    found: list[tuple[int, Candidate]] = []
    taken: set[int] = set()
    for kind in KINDS:
        if kinds and kind not in kinds:
            continue
        if kind == "cell source":
            for mention in find_cells(field, record):
                if mention.cell is not None:
                    found.append((mention.place, mention.cell))
                    taken.update(range(mention.place, mention.last))
            continue
        for match in lookup_of(kind).find(field.words, record):
            if match.synonym.scope == "target" and not put_into(field.words, match):
                continue
            if not is_denied(field.words, match.first):
                found.append((match.first, to_candidate(kind, match, field.words, text, where)))
                taken.update(range(match.first, match.last))
    extra = list(more)
    if extra:
        lookup = compile_lookup("other", extra)
        for match in lookup.find(field.words, record):
            if not is_denied(field.words, match.first) and taken.isdisjoint(range(match.first, match.last)):
                found.append((match.first, to_candidate("other", match, field.words, text, where)))
    return [one for _, one in sorted(found, key=lambda pair: (-pair[1].score, pair[0], pair[1].term))]
