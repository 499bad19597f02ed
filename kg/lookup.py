"""A user's word for a term -> its IRI: CURIE, IRI, label or synonym."""

from __future__ import annotations

import re

import pyoxigraph as ox

from kg.catalogue import find_query, select
from kg.errors import InputError, NotFoundError, nearest
from kg.namespaces import PREFIXES, compress, expand_or_none
from kg.store import Store

__all__ = ["label_of", "names_of_terms", "resolve"]


def names_of_terms(store: Store) -> list[tuple[str, str, str]]:
    """Give (name, scope, IRI) for every name, labels before exact before related synonyms."""
    answer = select(store, find_query("terms/find"))
    return [(row["name"].value, row["scope"].value, row["term"].value) for row in answer]


def label_of(store: Store, node: ox.NamedNode) -> str:
    """Give the label of a term, or its CURIE where it has none."""
    labels = (name for name, scope, term in names_of_terms(store) if term == node.value and scope == "1 label")
    return next(labels, compress(node.value))


def _known(store: Store, iri: str) -> bool:
    try:
        node = ox.NamedNode(iri)
    except ValueError as error:
        raise InputError(f"{iri!r} is no IRI: {error}") from error
    return bool(store.query(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?q {node} }} }}"))


def resolve(store: Store, words: str) -> ox.NamedNode:
    """Give the node that a user means; raise `NotFoundError` with the nearest, or `InputError` when two fit equally."""
    words = words.strip()
    names = names_of_terms(store)
    iri = words.strip("<>") if re.match(r"<?https?://", words) else None
    if iri is None and re.fullmatch(r"\w+:[\w.#-]+", words):
        iri = expand_or_none(words)
    if iri is not None:
        if _known(store, iri):
            return ox.NamedNode(iri)
        known = sorted({compress(term) for _, _, term in names})
        same_prefix = [curie for curie in known if curie.startswith(words.partition(":")[0] + ":")]
        raise NotFoundError("term", words, nearest(words, known) or same_prefix[:3])
    wanted = words.casefold()
    for scope in ("1 label", "2 exact", "3 related"):
        found = sorted({term for name, its_scope, term in names if its_scope == scope and name.casefold() == wanted})
        if len(found) == 1:
            return ox.NamedNode(found[0])
        if found:
            raise InputError(f"{words!r} fits several terms: {', '.join(map(compress, found))}; name one of them")
    for prefix in ("study", "source"):  # NCT04314687 and gu2020 are names too
        iri = f"{PREFIXES[prefix]}{wanted}"
        if re.fullmatch(r"[a-z0-9-]+", wanted) and _known(store, iri):
            return ox.NamedNode(iri)
    raise NotFoundError("term", words, nearest(words, (name for name, _, _ in names)))
