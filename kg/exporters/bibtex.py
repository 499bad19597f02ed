"""References -> BibTeX, in UTF-8. Which works there are is `kg.references`' business."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from kg.references import Reference, split_name

__all__ = ["NEEDS", "SUMMARY", "write", "write_bibtex"]

SUMMARY = "the works of the graph as BibTeX"
NEEDS = "references"

#: What TeX would read as a command. A brace in the text would unbalance the entry even behind a backslash.
_TEX = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{sign: "\\" + sign for sign in "%&_#$"},
}
#: A word whose capitals a style must not lower: BDNF, CXCR4, mRNA.
_CAPITALS = re.compile(r"(?<![\w\\])(?=[\w-]*\w[A-Z])[\w-]+")


def _plain(text: str) -> str:
    """Give text on one line, without characters that cannot be seen."""
    return " ".join("".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text).split())


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in _plain(text))


def _title(text: str) -> str:
    pieces = re.split(r"([\\{}~^%&_#$])", _plain(text))
    return "".join(_TEX.get(piece) or _CAPITALS.sub(lambda word: "{" + word[0] + "}", piece) for piece in pieces)


def _author(name: str) -> str:
    family, initials = split_name(_plain(name))
    if not initials:
        return "{" + _tex(family) + "}"
    family = _tex(family)
    is_plain = "," not in family and not re.search(r"\band\b", family, re.IGNORECASE)
    return f"{family if is_plain else '{' + family + '}'}, {_tex(initials)}"


def _address(text: str) -> str:
    """Give a DOI or an address as it is, but for what would end the entry; styles print it verbatim."""
    return re.sub(r"[\\{}]", lambda sign: f"%{ord(sign[0]):02X}", "".join(_plain(text).split()))


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    yield "author", " and ".join(map(_author, reference.authors))
    yield "title", _title(reference.title)
    yield "number" if reference.kind == "registration" else "journal", _tex(reference.journal)
    yield "year", _tex(reference.year)
    yield "volume", _tex(reference.volume)
    if reference.kind != "registration":
        yield "number", _tex(reference.issue)
    yield "pages", re.sub(r"\s*[-–—]+\s*", "--", _tex(reference.pages))
    yield "doi", _address(reference.doi)
    yield "url", _address(reference.url)
    yield "pmid", _tex(reference.pmid)
    yield "pmcid", _tex(reference.pmcid)
    yield "note", _tex(reference.note)


def _entry(reference: Reference) -> str:
    kind = "article" if reference.journal and reference.kind != "registration" else "misc"
    fields = [f"  {name} = {{{value}}}," for name, value in _fields(reference) if value]
    return "\n".join([f"@{kind}{{{reference.key},", *fields, "}"])


def write_bibtex(references: Iterable[Reference]) -> str:
    """Give the references as the text of a .bib file.

    >>> print(write_bibtex([Reference("gu2020", "article", "CXCR4 & MSC", ("Gu J",), "Cells", "2020")]), end="")
    @article{gu2020,
      author = {Gu, J},
      title = {{CXCR4} \\& {MSC}},
      journal = {Cells},
      year = {2020},
    }
    """
    return "\n\n".join(map(_entry, references)) + "\n"


def write(references: Iterable[Reference]) -> str:
    """Give what `mechtrail export bibtex` writes."""
    return write_bibtex(references)
