"""Which works the graph rests on, each once: sources, publications of studies, works that a review cites.

How a work is written as BibTeX or RIS is the exporters' business. Nothing is looked up and nothing guessed: what the
records do not hold stays empty.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b

from kg.catalogue import find_query, select
from kg.store import Store

__all__ = ["Reference", "keyed", "read_references", "split_name"]

_CITED = "4 cited by a source"
#: Words that say nothing about a title, so that no key is made of them.
_EMPTY = {"the", "and", "for", "with", "from", "after", "into", "that"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A work, with the sources and studies of the graph that it stands for."""

    key: str
    kind: str  # "article", "review", "meta-analysis", "primary study", "web page", "registration"
    title: str
    authors: tuple[str, ...] = ()  # "Gu J", "METRIC Study Group", in their order
    journal: str = ""  # of a registration: its number
    year: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    url: str = ""
    note: str = ""
    of: tuple[str, ...] = ()  # IRIs of the sources and studies
    label: str = ""  # "Gu 2020"
    is_cited_only: bool = False  # a work that a source cites and nobody here read


def split_name(name: str) -> tuple[str, str]:
    """Give (family name, initials) of an author, or the whole name and nothing where it is no person's.

    >>> split_name("Le Blanc K"), split_name("Tsymbaliuk Ya"), split_name("METRIC Study Group")
    (('Le Blanc', 'K'), ('Tsymbaliuk', 'Ya'), ('METRIC Study Group', ''))
    """
    family, _, last = name.strip().rpartition(" ")
    is_initials = re.fullmatch(r"(?:[^\W\d_]\.?-?){1,4}", last) and (last.isupper() or len(last.strip(".")) <= 2)
    return (family, last) if family and is_initials and last[0].isupper() else (name.strip(), "")


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]+", "", "".join(char for char in plain if not unicodedata.combining(char)))


def _identity(reference: Reference) -> str:
    """Give what a work is the same work by: its DOI, else its PMID, else title and year."""
    if reference.doi:
        return "doi " + reference.doi.casefold()
    if reference.pmid:
        return "pmid " + reference.pmid
    return f"{reference.title.casefold()} {reference.year} {reference.journal.casefold()}"


def _stem(reference: Reference) -> str:
    if reference.kind == "registration":
        return _ascii(reference.journal) or "registration"
    who = split_name(reference.authors[0])[0] if reference.authors else reference.label.split(",")[0].split(" ")[0]
    words = (_ascii(word) for word in re.split(r"[^\w'’]+", reference.title))
    first = next((word for word in words if len(word) > 2 and word not in _EMPTY), "")
    return f"{_ascii(who) or 'ref'}{_ascii(reference.year) or 'nd'}{first}"


def keyed(references: Iterable[Reference]) -> list[Reference]:
    """Give the references with their keys, sorted: family name, year and first word of the title.

    A key depends on its own work and on the works that would have the same; those all get a piece of a hash, so that
    the order in which works come never makes a key.
    """
    named = {_identity(reference): replace(reference, key=_stem(reference)) for reference in references}
    count = Counter(reference.key for reference in named.values())
    done = [
        reference
        if count[reference.key] == 1
        else replace(reference, key=reference.key + "-" + blake2b(identity.encode(), digest_size=3).hexdigest())
        for identity, reference in named.items()
    ]
    return sorted(done, key=lambda reference: reference.key)


def _reference(row: Mapping[str, str]) -> Reference:
    is_cited = row["named_as"] == _CITED
    untitled = "" if row["title"] else "the title is not in this record"
    sure = f"cited by {row['of_label']}" + (f"; identification {row['certainty']}" if row["certainty"] else "")
    number = row["journal"] if row["kind"] == "registration" else ""
    registry = f"https://clinicaltrials.gov/study/{number}" if re.fullmatch(r"NCT\d{8}", number) else ""
    return Reference(
        key="",
        kind=row["kind"],
        title=row["title"] or row["of_label"],
        authors=tuple(name for name in (part.strip() for part in row["authors"].split(";")) if name),
        **{name: row[name] for name in ("journal", "year", "volume", "issue", "pages", "doi", "pmid", "pmcid")},
        url=row["url"] or registry,
        note=sure if is_cited else untitled,
        of=() if is_cited else (row["of"],),
        label=row["of_label"],
        is_cited_only=is_cited,
    )


def _merged(first: Reference, second: Reference) -> Reference:
    """Give one reference of two of the same work; what the first has stays."""
    fields = ("authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "pmcid", "url")
    filled = {name: getattr(first, name) or getattr(second, name) for name in fields}
    kind = second.kind if first.kind == "article" and second.kind in ("review", "meta-analysis") else first.kind
    only = first.is_cited_only and second.is_cited_only
    of = tuple(dict.fromkeys((*first.of, *second.of)))
    return replace(
        first,
        **filled,
        kind=kind,
        of=of,
        is_cited_only=only,
        note=first.note if only or not first.is_cited_only else "",
    )


def _names(reference: Reference) -> list[str]:
    names = ["doi " + reference.doi.casefold()] * bool(reference.doi) + ["pmid " + reference.pmid] * bool(
        reference.pmid
    )
    if reference.kind != "registration":
        names.append(f"title {_ascii(reference.title)} {reference.year}")
    return names or [_identity(reference)]


def read_references(store: Store, *, of: Iterable[str] | None = None) -> list[Reference]:
    """Give the works of a store, or those that the given sources and studies (IRIs) stand for, sorted by key."""
    answer = select(store, find_query("studies/works"))
    columns = [variable.value for variable in answer.variables]
    merged: list[Reference] = []
    place: dict[str, int] = {}
    for row in answer:
        one = _reference({name: "" if row[name] is None else str(row[name].value) for name in columns})
        at = next((place[name] for name in _names(one) if name in place), len(merged))
        if at == len(merged):
            merged.append(one)
        else:
            merged[at] = _merged(merged[at], one)
        place.update(dict.fromkeys(_names(one), at))
    wanted = None if of is None else set(of)
    return keyed(merged) if wanted is None else [one for one in keyed(merged) if wanted & set(one.of)]
