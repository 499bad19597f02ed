"""References -> RIS, the tagged format of reference managers. Which works there are is `kg.references`' business."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from kg.references import Reference, split_name

__all__ = ["NEEDS", "SUMMARY", "first_and_last", "write", "write_ris"]

SUMMARY = "the works of the graph as RIS, for reference managers"
NEEDS = "references"


def first_and_last(pages: str) -> tuple[str, str]:
    """Give the first and the last page; what is left out of the last one in print is put back.

    >>> first_and_last("107-14"), first_and_last("e102"), first_and_last("S1–S5")
    (('107', '114'), ('e102', ''), ('S1', 'S5'))
    """
    first, dash, last = re.sub(r"\s*[-–—]+\s*", "-", pages.strip(), count=1).partition("-")
    if not dash or not first:
        return pages.strip(), ""
    is_cut = first.isdecimal() and last.isdecimal() and len(last) < len(first)
    return first, first[: len(first) - len(last)] + last if is_cut else last


def _line(tag: str, text: str) -> str:
    """Give one line: a line break in a text would begin another tag."""
    plain = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    return f"{tag}  - {' '.join(plain.split())}".rstrip() + (" " if not plain.split() else "")


def _author(name: str) -> str:
    family, initials = split_name(name)
    return f"{family}, {initials}" if initials else family


def _type(reference: Reference) -> str:
    if reference.kind in ("web page", "registration"):
        return "ELEC"
    return "JOUR" if reference.journal else "GEN"


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    yield from (("AU", _author(name)) for name in reference.authors)
    yield "TI", reference.title
    yield "AN" if reference.kind == "registration" else "JO", reference.journal
    yield "PY", reference.year
    yield "VL", reference.volume
    yield "IS", reference.issue
    first, last = first_and_last(reference.pages)
    yield "SP", first
    yield "EP", last
    yield "DO", reference.doi
    yield "AN", reference.pmid
    yield "C2", reference.pmcid
    yield "UR", reference.url
    yield "N1", reference.note
    yield "ID", reference.key


def write_ris(references: Iterable[Reference]) -> str:
    """Give the references as the text of a .ris file; its lines end as the format asks, with CR and LF.

    >>> write_ris([Reference("gu2020", "article", "Cells", ("Gu J",), "Cells")]).split("\\r\\n")[:3]
    ['TY  - JOUR', 'AU  - Gu, J', 'TI  - Cells']
    """
    lines: list[str] = []
    for reference in references:
        lines.append(_line("TY", _type(reference)))
        lines += [_line(tag, value) for tag, value in _fields(reference) if value.strip()]
        lines += ["ER  - ", ""]
    return "".join(line + "\r\n" for line in lines)


def write(references: Iterable[Reference]) -> str:
    """Give what `mechtrail export ris` writes."""
    return write_ris(references)
