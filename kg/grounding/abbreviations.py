"""Abbreviations of cells that are put together by rule: hUC-MSC, BMMSC, WJ-MSCs, allo-hMSC, CB-MNC, AT-MSC.

The parts are named tables: what may stand in front, which tissue, which cells. "hUCMSC" is read from its end, and the
whole of it must be used up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg.grounding.lookup import Record
from kg.grounding.tables import read_synonyms
from kg.grounding.words import Word

__all__ = ["CellAbbreviation", "ends_like_cells", "read_cell_abbreviation"]

#: What the end of an abbreviation means.
_CELLS = {
    "MMSC": "CL:0000134",
    "MSC": "CL:0000134",
    "MNC": "ctmo:0000063",
    "MNNC": "ctmo:0000063",
    "NSC": "CL:0000047",
    "TNC": "TNC",
}
#: Which tissue the part before it means. Letters are compared without case.
_TISSUES = {
    "ABM": "UBERON:0002371", "BM": "UBERON:0002371", "BMD": "UBERON:0002371", "BMDD": "UBERON:0002371",
    "UCB": "UBERON:0012168", "CB": "UBERON:0012168", "HUCB": "UBERON:0012168", "UC": "UBERON:0002331",
    "UCT": "UBERON:0002331", "UMC": "UBERON:0002331", "CT": "UBERON:0002331", "WJ": "UBERON:0003422",
    "UCWJ": "UBERON:0003422", "WJUC": "UBERON:0003422", "AD": "UBERON:0001013", "AT": "UBERON:0001013",
    "ADI": "UBERON:0001013", "ADT": "UBERON:0001013", "ASC": "UBERON:0001013", "F": "UBERON:0001013",
    "P": "UBERON:0001987", "PL": "UBERON:0001987", "PD": "UBERON:0001987", "PMD": "UBERON:0001987",
    "AM": "UBERON:0000305", "HA": "UBERON:0000305", "AF": "UBERON:0000173", "DP": "UBERON:0001754",
    "PB": "UBERON:0000178", "MB": "UBERON:8480042", "MEN": "UBERON:8480042", "EN": "UBERON:0001295",
    "SF": "UBERON:0001090", "SM": "UBERON:0002018", "FL": "ctmo:0002140", "U": "UBERON:0002331",
    "DEN": "UBERON:0001754", "CM": "UBERON:0003124", "UCX": "UBERON:0002331",
}  # fmt: skip
#: Tissue parts that are read so only where the record speaks of the tissue.
_ASK = {
    "P": ("placenta",), "PD": ("placenta",), "PMD": ("placenta",), "CT": ("cord tissue", "umbilical"), "F": ("fat ",),
    "AM": ("amnio",), "HA": ("amnio",), "PL": ("placenta",), "SF": ("synovial",), "SM": ("synovi",), "CM": ("chorion",),
    "MB": ("menstrual",), "EN": ("endometri",), "FL": ("fetal liver", "foetal liver"), "U": ("umbilical",),
    "AF": ("amniotic",), "ADT": ("adipose",), "PB": ("peripheral", "blood"), "AD": ("adipose", "fat"),
    "DEN": ("dental",), "ASC": ("adipose",),
}  # fmt: skip
_FRONT = r"(?:(?:allo|auto|all|au|a|h|hu|e|ex|r|c|it|iv|ki|dw|hb|exp|al|us)-?){0,3}"
_PARTS = re.compile(r"^[A-Za-z]{1,12}$")


@dataclass(frozen=True, slots=True)
class CellAbbreviation:
    """An abbreviation of cells at words `first` to `last` (not included)."""

    first: int
    last: int
    cell: str
    cell_label: str
    tissue: str
    reason: str


@cache
def _labels() -> dict[str, str]:
    return {row.term: row.label for row in read_synonyms("cell source")}


def _split(text: str, record: Record) -> tuple[str, str] | None:
    """Give the cell and the tissue of an abbreviation without hyphens, or nothing."""
    bare = text[:-1] if text.endswith(("s", "S")) and len(text) > 3 and text[-2] in "Cc" else text
    for end, cell in _CELLS.items():
        if not bare.upper().endswith(end):
            continue
        if not bare.endswith(end) and not bare[: -len(end)]:
            return None  # "msc" in small letters alone
        front = bare[: -len(end)]
        if not front:
            return cell, ""
        upper = front.upper().replace("-", "")
        for start in range(len(upper)):
            tissue = _TISSUES.get(upper[start:])
            if tissue and re.fullmatch(_FRONT.replace("-?", ""), upper[:start], re.IGNORECASE):
                asked = _ASK.get(upper[start:])
                if asked and not any(one in record.text for one in asked):
                    continue
                return cell, tissue
        if re.fullmatch(_FRONT.replace("-?", ""), upper, re.IGNORECASE):
            return cell, ""
        return None
    return None


def ends_like_cells(word: str) -> bool:
    """Tell whether a word may be the end of an abbreviation of cells.

    >>> ends_like_cells("BMMSCs"), ends_like_cells("music")
    (True, False)
    """
    upper = word.upper().rstrip("S")
    return upper.endswith(("MSC", "MNC", "NSC", "TNC", "MNNC"))


def read_cell_abbreviation(words: Sequence[Word], place: int, record: Record) -> CellAbbreviation | None:
    """Give the abbreviation that begins at a word, with up to three parts joined by hyphens or blanks.

    >>> from kg.grounding.words import read_words
    >>> found = read_cell_abbreviation(read_words("hUC-MSCs"), 0, Record())
    >>> found.cell, found.tissue, found.last
    ('CL:0000134', 'UBERON:0002331', 2)
    """
    for count in (3, 2, 1):
        last = place + count
        if last > len(words) or not ends_like_cells(words[last - 1].raw):
            continue
        parts = words[place:last]
        if any(not _PARTS.match(part.raw) for part in parts):
            continue
        if any(part.gap not in ("-", "‐", "–", " ", "_", "- ", " -", "/") for part in parts[1:]):
            continue
        if any(part.gap == " " for part in parts[1:]) and not all(
            part.raw.isupper() or part.raw.rstrip("s").isupper() or part.raw in ("h", "allo") for part in parts
        ):
            continue
        joined = "".join(part.raw for part in parts)
        split = _split(joined, record)
        if split is None:
            continue
        cell, tissue = split
        if cell == "TNC":
            if not tissue:
                continue
            cell = "ctmo:0002123" if tissue == "UBERON:0002371" else "ctmo:0000087"
        if cell == "CL:0000047" and "neural" not in record.text:
            continue
        short = joined.rstrip("s")
        expansion = record.expansions.get(short) or record.expansions.get("-".join(p.raw for p in parts).rstrip("s"))
        if (
            expansion
            and cell == "CL:0000134"
            and "mesench" not in expansion.casefold()
            and ("strom" not in expansion.casefold())
        ):
            continue
        return CellAbbreviation(place, last, cell, _labels()[cell], tissue, "abbreviation read by its parts")
    return None
