"""What no file of other people may say: an edge in our relations, a record of ours, anything about our own terms.

Every edge of ours has an assertion with evidence behind it. A foreign triple that looked like one would stand in
answers without.
"""

from __future__ import annotations

from functools import cache

from kg.namespaces import CTMO, PREFIXES
from kg.ontology import read_lexicon

__all__ = ["fault_of_predicate", "fault_of_triple"]

_TYPE = PREFIXES["rdf"] + "type"
#: Where the properties live by which an ontology says what a term is and how it is called.
_OF_ONTOLOGIES = (
    *(PREFIXES[name] for name in ("oboInOwl", "owl", "rdf", "rdfs", "skos", "IAO")),
    "http://purl.org/dc/",
)
#: By these a reasoner would make edges of ours out of foreign ones, or one of our terms out of a foreign one.
_EQUATING = frozenset(
    {
        PREFIXES["rdfs"] + "subPropertyOf",
        *(PREFIXES["owl"] + name for name in ("equivalentProperty", "inverseOf", "equivalentClass", "sameAs")),
    }
)
_MAPPINGS = frozenset(f"{PREFIXES['skos']}{kind}Match" for kind in ("broad", "close", "exact", "narrow", "related"))


@cache
def _relations() -> dict[str, str]:
    """Give the IRI of each relation that assertions of ours are made with -> its label."""
    return {iri: label for label, iri in read_lexicon().iri_of_relation.items()}


def fault_of_predicate(predicate: str) -> str:
    """Say why a predicate is not for other people's files, or nothing.

    >>> fault_of_predicate("http://www.w3.org/2004/02/skos/core#exactMatch")
    ''
    >>> fault_of_predicate("https://w3id.org/ctmo/secretes")
    "'secretes' is a relation of ours: an edge with it needs an assertion with evidence"
    """
    if label := _relations().get(predicate):
        return f"{label!r} is a relation of ours: an edge with it needs an assertion with evidence"
    if predicate.startswith(CTMO):
        return f"<{predicate}> is a property of ours, for records that are read from curated files"
    return ""


def fault_of_triple(subject: str, predicate: str, target: str) -> str:
    """Say why a triple of another file is not taken over, or nothing; ends that are no IRI are empty.

    A mapping of one of our terms may be said, and an edge from it by somebody else's relation; not what it is.
    """
    if fault := fault_of_predicate(predicate):
        return fault
    if predicate == _TYPE and target.startswith(CTMO):
        return f"<{target}> is a class of ours: its records are read from curated files"
    if target.startswith(CTMO) and predicate in _EQUATING:
        return f"would let <{predicate}> carry what is said of <{subject}> over to <{target}>, which is ours"
    if subject.startswith(CTMO) and predicate.startswith(_OF_ONTOLOGIES) and predicate not in _MAPPINGS:
        return f"says by <{predicate}> what <{subject}> is, which is ours; names and parents of our terms are ours"
    return ""
