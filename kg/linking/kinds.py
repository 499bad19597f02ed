"""Which kind of entity an identifier stands for, which kinds can be one thing, and which ontologies come first."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["KINDS", "PREFERRED", "class_of", "fits", "kind_of", "rank_of"]

#: Prefix -> kind, where all terms of an ontology are of one.
_KIND_OF_PREFIX: Mapping[str, str] = {
    **{"CL": "cell", "UBERON": "anatomy", "GO": "process", "PR": "protein", "UniProtKB": "protein", "HGNC": "gene"},
    **{
        "FPLX": "protein",
        "BTO": "anatomy",
        "MONDO": "disease",
        "DOID": "disease",
        "HP": "phenotype",
        "OAE": "adverse event",
    },
    **{"MAXO": "procedure", "OBI": "procedure", "ECO": "study", "STATO": "study", "CTO": "study", "SEPIO": "study"},
    **{
        "CHEBI": "chemical",
        "PATO": "quality",
        "HsapDv": "stage",
        "HANCESTRO": "population",
        "RO": "relation",
        "BFO": "relation",
    },
    **{"WIKIPATHWAYS": "pathway", "REACT": "pathway", "NCBITaxon": "organism"},
}
#: Kind -> its class. Within a class a name may mean the same thing in two ontologies.
_CLASS_OF_KIND: Mapping[str, str] = {
    **{"protein": "molecule", "gene": "molecule", "chemical": "molecule", "molecule": "molecule"},
    **{"disease": "condition", "phenotype": "condition", "adverse event": "condition", "condition": "condition"},
    **{"cell": "body", "anatomy": "body", "component": "body"},
    **{"process": "process", "pathway": "process"},
    **{"procedure": "work", "study": "work"},
    **{"organism": "organism", "behaviour": "behaviour", "quality": "quality", "stage": "stage"},
    **{"population": "population", "relation": "relation"},
}
#: Classes of which one name may be meant by both sides: GO has parts of cells among its processes.
_NEAR = frozenset(
    {
        frozenset({"body", "process"}),
        frozenset({"process", "condition"}),
        frozenset({"process", "behaviour"}),
        frozenset({"condition", "quality"}),
        frozenset({"work", "condition"}),
        frozenset({"work", "quality"}),
        frozenset({"work", "process"}),
    }
)
#: The words for `--kind`.
KINDS = tuple(sorted(_CLASS_OF_KIND))
#: Class or kind -> the ontologies that speak for it, best first.
PREFERRED: Mapping[str, tuple[str, ...]] = {
    "cell": ("CL",),
    "anatomy": ("UBERON",),
    "component": ("GO",),
    "body": ("CL", "UBERON", "GO"),
    "protein": ("PR", "UniProtKB"),
    "gene": ("HGNC",),
    "chemical": ("CHEBI",),
    "molecule": ("PR", "UniProtKB", "HGNC", "CHEBI"),
    "disease": ("MONDO",),
    "phenotype": ("HP",),
    "adverse event": ("OAE",),
    "condition": ("MONDO", "HP"),
    "process": ("GO",),
    "pathway": ("WIKIPATHWAYS", "GO"),
    "procedure": ("MAXO", "OBI"),
    "study": ("OBI", "STATO"),
    "work": ("MAXO", "OBI", "STATO", "CTO", "ECO"),
}
_ORDER = (
    *("CL", "UBERON", "GO", "PR", "MONDO", "HP", "MAXO", "OBI", "STATO", "OAE", "CHEBI", "UniProtKB", "HGNC"),
    *("CTO", "ECO", "WIKIPATHWAYS", "REACT", "SEPIO", "PATO", "FPLX", "HsapDv", "DOID", "EFO", "BTO", "MESH", "NCIT"),
)


def kind_of(curie: str, told: str = "") -> str:
    """Give the kind of entity that an identifier stands for; `told` by its file comes first; nothing if unknown."""
    return told or _KIND_OF_PREFIX.get(curie.partition(":")[0], "")


def class_of(kind: str) -> str:
    """Give the class of a kind, or nothing."""
    return _CLASS_OF_KIND.get(kind, "")


def fits(one: str, other: str) -> bool:
    """Say whether things of two kinds may be one; an unknown kind fits all.

    >>> fits("disease", "phenotype"), fits("cell", "gene"), fits("", "gene")
    (True, False, True)
    """
    classes = {class_of(one), class_of(other)} - {""}
    return len(classes) < 2 or frozenset(classes) in _NEAR


def rank_of(prefix: str) -> int:
    """Give the place of an ontology among those that may name a thing; the best has the lowest."""
    return _ORDER.index(prefix) if prefix in _ORDER else len(_ORDER)
