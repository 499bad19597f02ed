"""What a column of a table is: the name of a population, a marker, a test, or what the criteria do not ask for."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import nearest
from kg.isct.panel import Panel, compact
from kg.isct.shares import Place

__all__ = ["Column", "columns_of", "marker_of"]

#: Names of the columns that a table may have, best first; compared in compact spelling.
_NAMES = {
    "population": (
        *(
            "population",
            "population id",
            "cell population",
            "sample",
            "sample id",
            "sample name",
            "product",
            "product id",
        ),
        *("batch", "batch id", "lot", "lot number", "cell line", "line", "culture", "id", "name"),
    ),
    "donor": ("donor", "donor id", "patient", "patient id", "subject"),
    "passage": ("passage", "passage number", "passage no", "p"),
    "adherence": ("plastic adherence", "adherence to plastic", "adherence", "plastic adherent", "adherent"),
    "marker": ("marker", "antigen", "surface marker"),
    "percent": (
        *("percent", "percentage", "percent positive", "percentage positive", "positive percent", "positive cells"),
        *("% positive", "% positive cells", "positive", "%", "share", "value"),
    ),
    "three lineages": ("trilineage", "trilineage differentiation", "tri-lineage", "three lineages"),
}
#: How a column for a differentiation test is called, by the name of the type of cells.
_LINEAGE_STEMS = {
    "adipocyte": "adipo(genic|genesis|cytes?)?|fatcells?",
    "chondrocyte": "chondro(genic|genesis|cytes?)?|cartilage(cells?)?",
    "osteoblast": "osteo(genic|genesis|blasts?)?|bone(cells?)?",
}
_TEST_WORDS = "differentiation|lineage|potential|capacity|ability|assay|test|induction|staining|result"

#: Words beside the name of a marker that make the column something else than a percentage.
_NO_PERCENTAGE = {"mfi", "gmfi", "mdfi", "rfi", "intensity", "fluorescence", "sd", "sem", "se", "cv", "n", "clone"}
_NO_PERCENTAGE |= {"antibody", "isotype", "qualifier", "status", "test", "method", "note", "notes"}
_PERCENT_WORDS = {"percent", "percentage", "pct", "positive", "pos", "cells", "expression", "share", "of"}
#: The numbers of clusters of differentiation end here; what is higher is a slip.
_LAST_CLUSTER = 371
#: What may or may not be HLA-DR.
_CLASS_TWO = re.compile("(hla|mhc)(class)?(ii|2)|hla|hladrdpdq")
#: Molecules of the same complex that are not HLA-DR.
_OTHER_HLA = "(hla|mhc) ?(d[mopq]([ab][0-9]?)?|[a-g]( ?[a-c])*|i|1|class ?(i|1))"
#: A name that ends so counts the cells without the marker.
_NEGATIVE = re.compile(r"(-|\u2212|\u2013|\bneg|\bnegative|(?<=[0-9])neg)\s*(%|cells|\(|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands, what its head says, and what it is."""

    index: int
    head: str
    kind: str  # a key of the table above, "lineage", "share" (of a marker), "other" or "" (no name)
    iri: str = ""


def _lineage(name: str, panel: Panel) -> str:
    for iri, lineage in panel.lineage_names.items():
        stem = _LINEAGE_STEMS.get(lineage, re.escape(compact(lineage)))
        if re.fullmatch(rf"({stem})({_TEST_WORDS})*", compact(name)):
            return iri
    return ""


def _spaced(name: str) -> str:
    """Give a name in small letters and digits, with one space where anything else stood."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("α", "a")
    return re.sub(r"(?<=[0-9])[ ]?alpha\b", "a", re.sub(r"[^a-z0-9']+", " ", plain).strip())


def _said(spaced: str, short: str) -> bool:
    """Say whether the name of a marker stands in another name; CD7 does not stand in CD73."""
    parts = re.findall("[a-z]+|[0-9]+", _spaced(short))
    return re.search(r"(?<![a-z0-9])" + " ?".join(parts) + "(?![0-9])", spaced) is not None


def _alone(spaced: str, found: Mapping[str, str]) -> str | None:
    """Give the marker that a name is, beside words that only say that a percentage follows."""
    words = " ".join(word for word in spaced.split() if word not in _PERCENT_WORDS)
    return None if re.search("[0-9] [0-9]", words) else found.get(words.replace(" ", ""))


def marker_of(name: str, panel: Panel, place: Place) -> str | None:
    """Give the marker of the panel that a name means, None for another marker or none; refuse what may be either."""
    found, spaced = panel.marker_of_spelling, _spaced(name)
    within = re.findall(r"\(([^)]*)\)", name)
    outside = re.sub(r"\([^)]*\)", " ", name)
    inside = [short for short in panel.marker_names.values() if _said(spaced, short)]
    iri = _alone(_spaced(outside), found) or _alone(spaced, found)
    if len(inside) > 1:
        return None  # a combination of markers
    if (iri or inside) and set(spaced.split()) & _NO_PERCENTAGE:
        return None
    near = inside[0] if inside else panel.marker_names.get(iri or "", "")
    if near and _NEGATIVE.search(name.strip()):
        raise place.refuse(name, "the share of cells that carry the marker", near)
    if iri and all(_alone(_spaced(words), found) in (iri, None) and _harmless(words, found) for words in within):
        return iri
    if _CLASS_TWO.fullmatch("".join(spaced.split())):
        raise place.refuse(name, "HLA-DR itself: not every molecule of MHC class II is HLA-DR", "HLA-DR")
    plain = " ".join(word for word in _spaced(outside).split() if word not in _PERCENT_WORDS)
    if _another(plain, name, panel, place):
        return None
    alike = difflib.get_close_matches(plain.replace(" ", ""), found, n=1, cutoff=0.8) if len(plain) > 3 else []
    if near or alike:
        near = near or panel.marker_names[found[alike[0]]]
        raise place.refuse(name, "the name of a marker as the criteria have it, or a name that is none", near)
    return None


def _another(plain: str, name: str, panel: Panel, place: Place) -> bool:
    """Say whether a name is that of a marker outside the panel; refuse CD79 and CD11, which lack their letter."""
    spelled = plain.replace(" ", "")
    cluster = re.fullmatch(r"cd ?([1-9][0-9]{0,2})( ?[a-h]| ?r[abo]|[a-z]{0,2})", plain)
    if cluster and int(cluster.group(1)) <= _LAST_CLUSTER and spelled not in panel.marker_of_spelling:
        longer = [short for short in panel.marker_names.values() if re.fullmatch(spelled + "[a-z]", compact(short))]
        if longer:
            raise place.refuse(name, "the full name of a marker", longer[0])
        return True
    return re.fullmatch(_OTHER_HLA, plain) is not None


def _harmless(words: str, found: Mapping[str, str]) -> bool:
    """Say whether what stands in brackets is another name of a marker, a threshold, or words for a percentage."""
    spaced = _spaced(words)
    return bool(_alone(spaced, found)) or not [w for w in spaced.split() if w not in _PERCENT_WORDS and not w.isdigit()]


def _kind_of(name: str, panel: Panel, place: Place) -> tuple[str, str]:
    for kind, names in _NAMES.items():
        if compact(name) and compact(name) in map(compact, names):
            return kind, ""
    if name.strip() == "%":
        return "percent", ""
    lineage = _lineage(name, panel)
    if lineage:
        return "lineage", lineage
    marker = marker_of(name, panel, place)
    return ("share", marker) if marker else ("other", "")


def _rank(column: Column) -> int:
    return [compact(name) for name in _NAMES[column.kind]].index(compact(column.head)) if compact(column.head) else 0


def columns_of(heads: list[str], panel: Panel, file: str, line: int) -> list[Column]:
    """Give what each column is; raise `SourceError` for two of one thing, and where none names the populations."""
    columns: list[Column] = []
    for index, head in enumerate(heads):
        if not head.strip():
            columns.append(Column(index, "", ""))
            continue
        kind, iri = _kind_of(head, panel, Place(file, line, f"column {index + 1}"))
        columns.append(Column(index, head.strip(), kind, iri))
    for kind in ("population", "donor", "passage", "adherence", "marker", "percent", "three lineages"):
        ranked = sorted((column for column in columns if column.kind == kind), key=_rank)
        for extra in ranked[1:]:
            if compact(extra.head) == compact(ranked[0].head) or kind == "adherence":
                raise Place(file, line, extra.head).refuse(extra.head, f"one column for {kind}", ranked[0].head)
            columns[extra.index] = Column(extra.index, extra.head, "other")
    seen: dict[str, Column] = {}
    for column in columns:
        if column.kind in ("share", "lineage"):
            first = seen.setdefault(column.iri, column)
            name = panel.marker_names.get(column.iri) or panel.lineage_names[column.iri]
            if first is not column:
                raise Place(file, line, column.head).refuse(column.head, f"one column for {name}", first.head)
    if not any(column.kind == "population" for column in columns):
        if columns and columns[0].kind == "":  # spreadsheets and data frames leave the head over the names empty
            return [Column(0, "first column", "population"), *columns[1:]]
        heads_there = [column.head for column in columns if column.head]
        near = nearest("population", heads_there) or nearest("sample", heads_there)
        shown = ", ".join(heads_there[:8]) + (", ..." if len(heads_there) > 8 else "")
        expected = "a column that names the populations: population, sample, batch ..."
        if any(column.kind == "marker" for column in columns):
            expected = "one row a population, or the columns population, marker and percent"
        raise Place(file, line, "header").refuse(shown, expected, ", ".join(near))
    return columns
