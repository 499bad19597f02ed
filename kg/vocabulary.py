"""The controlled words: what a curated file may say, and the IRI each word becomes.

One table a list. A word that is not here is refused at loading with the nearest that is. Relations and terms are not
here: they live in `ontology/`, and reach the loaders as a `Lexicon`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.namespaces import CTMO

__all__ = [
    "CULTURES",
    "DIRECTIONS",
    "DONORS",
    "DOSE_BASES",
    "FACT_STATUSES",
    "FINDINGS",
    "MODALITIES",
    "READOUT_DIRECTIONS",
    "ROLES",
    "SPREAD_TYPES",
    "STUDY_KINDS",
    "VERDICTS",
    "VERIFICATIONS",
    "Lexicon",
    "camel",
]

_OBO = "http://purl.obolibrary.org/obo/"


def camel(words: str) -> str:
    """Give the readable local name of a label.

    >>> camel("expresses receptor")
    'expressesReceptor'
    """
    first, *rest = words.replace("-", " ").split()
    return first.lower() + "".join(word[:1].upper() + word[1:] for word in rest)


def _named(*words: str) -> dict[str, str]:
    return {word: CTMO + camel(word)[:1].upper() + camel(word)[1:] for word in words}


def _prefixed(start: str, *words: str) -> dict[str, str]:
    return {word: iri.replace(CTMO, CTMO + start) for word, iri in _named(*words).items()}


#: Which way an evidence line points (SEPIO: supporting, disputing).
DIRECTIONS = _named("supports", "disputes", "neutral")

#: In which role the source says it. A review speaks as "review synthesis" even where it describes an experiment.
ROLES = _named("primary result", "background", "review synthesis", "method")

#: What kind of study the sentence speaks of, as ECO and STATO classes.
STUDY_KINDS = {
    "author statement": _OBO + "ECO_0000033",
    "in vitro": _OBO + "ECO_0000181",
    "animal": _OBO + "ECO_0000179",
    "clinical": _OBO + "ECO_0000180",
    "meta-analysis": _OBO + "STATO_0000155",
}

#: The hedge of the source. "possible" (may, might, could) makes a hypothesis; "capable" (can) keeps its "can".
MODALITIES = _named("asserted", "capable", "possible")

#: How a review's number or wording stands to the primary source.
VERDICTS = _named(
    *("agrees", "number differs", "subject differs", "overstated", "omitted", "not found", "not available")
)

#: How a number reached us.
FACT_STATUSES = _named("read", "secondary", "derived")

#: The spread that stands behind a ±. Never guessed.
SPREAD_TYPES = _named("SD", "SEM", "SE", "CI95", "not stated")

#: First arm against second, in the source's own terms.
FINDINGS = _named("higher", "lower", "no difference", "difference not classified")

#: What a readout did.
READOUT_DIRECTIONS = _named("increase", "decrease", "no difference", "differs")

#: Whose cells they are, seen from the person who receives them.
DONORS = _prefixed("Donor", "autologous", "allogeneic", "related allogeneic", "unrelated allogeneic")

#: Whether the cells were grown between taking and giving.
CULTURES = _prefixed("Culture", "cultured", "not cultured")

#: What an amount of cells is counted for.
DOSE_BASES = _prefixed("Basis", "per kg", "per infusion", "per patient")

#: Whether a passage was found in the source text, from the verification record or from the reader's copy.
VERIFICATIONS = _named("verified", "not found", "not verified")


@dataclass(frozen=True)
class Lexicon:
    """The labels that the ontology knows, for grounding what curated files say."""

    label_of_term: Mapping[str, str] = field(default_factory=dict)  # CURIE -> label
    iri_of_relation: Mapping[str, str] = field(default_factory=dict)  # label -> IRI
