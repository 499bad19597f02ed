"""The controlled words: what a curated file may say, and the IRI each word becomes.

One table a list. A word that is not here is refused at loading with the nearest that is. Relations and terms are not
here: they live in `ontology/`, and reach the loaders as a `Lexicon`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.namespaces import CTMO

__all__ = [
    "ANALYSES",
    "CERTAINTIES",
    "CULTURES",
    "DIRECTIONS",
    "DONORS",
    "DOSE_BASES",
    "DOSE_STANDINGS",
    "FACT_STATUSES",
    "FINDINGS",
    "LEFT_OUT",
    "MODALITIES",
    "READOUT_DIRECTIONS",
    "ROLES",
    "SEARCH_OUTCOMES",
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
SPREAD_TYPES = _named("SD", "SEM", "SE", "CI95", "IQR", "range", "not stated")

#: First arm against second, in the source's own terms.
FINDINGS = _named("higher", "lower", "no difference", "difference not classified")

#: What a readout did.
READOUT_DIRECTIONS = _named("increase", "decrease", "no difference", "differs", "detected", "not detected")

#: Whose cells they are, seen from the person who receives them.
DONORS = _prefixed("Donor", "autologous", "allogeneic", "related allogeneic", "unrelated allogeneic")

#: Whether the cells were grown between taking and giving.
CULTURES = _prefixed("Culture", "cultured", "not cultured")

#: What an amount of cells is counted for.
DOSE_BASES = _prefixed("Basis", "per kg", "per infusion", "per patient")

#: Whether an amount of cells was given to participants, planned for them, or only asked of a unit when it was chosen.
DOSE_STANDINGS = _prefixed("Dose", "given", "planned", "unit selection")

#: Which place an analysis had in its study. A post hoc result must not look like a planned one.
ANALYSES = _prefixed("Analysis", "primary", "secondary", "exploratory", "post hoc", "not stated")

#: How sure it is that two studies share participants, or that a record belongs to a study.
CERTAINTIES = _prefixed("Certainty", "stated", "probable", "possible")

#: Whether a passage was found in the source text, from the verification record or from the reader's copy.
VERIFICATIONS = _named("verified", "not found", "not verified")


#: What a search for studies came to.
SEARCH_OUTCOMES = _prefixed("Search", "none found", "in the graph", "not in the graph", "out of scope")

#: Why a stretch of a source carries no claim.
LEFT_OUT = {
    "heading": "a title or the name of a section",
    "reference": "an entry of a list of references",
    "connective": "words that join sentences and state nothing",
    "aim": "what the document sets out to do",
    "running head": "an address, a journal line or another thing that pages repeat",
    "navigation": "a link or a button of a web page",
}


@dataclass(frozen=True)
class Lexicon:
    """The names that the ontology knows, for grounding what curated files and tables say."""

    label_of_term: Mapping[str, str] = field(default_factory=dict, repr=False)  # CURIE -> label
    iri_of_relation: Mapping[str, str] = field(default_factory=dict, repr=False)  # label -> IRI
    exact_synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)  # synonym -> CURIEs, sorted
    related_synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
