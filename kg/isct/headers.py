"""What a column of a table is: the name of a population, a marker, a test, or what the criteria do not ask for."""

from __future__ import annotations

import difflib
import re
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
_LINEAGE_STEMS = {
    "adipocyte": ("adipocyte", "adipogen", "adipo", "fat cell"),
    "chondrocyte": ("chondrocyte", "chondrogen", "chondro", "cartilage"),
    "osteoblast": ("osteoblast", "osteogen", "osteo", "bone cell"),
}
_LINEAGE_ENDS = (
    "",
    "s",
    "ic",
    "esis",
    "ic differentiation",
    " differentiation",
    "ic lineage",
    " lineage",
    "ic potential",
)

#: Words behind the name of a marker that make the column something else than a percentage.
_NO_PERCENTAGE = {
    "mfi",
    "gmfi",
    "mdfi",
    "rfi",
    "intensity",
    "fluorescence",
    "sd",
    "sem",
    "se",
    "cv",
    "n",
    "clone",
    "antibody",
}
_NO_PERCENTAGE |= {"isotype", "fitc", "pe", "apc", "percp", "qualifier", "status", "test", "method", "note", "notes"}
_PERCENT_WORDS = {"percent", "percentage", "pct", "positive", "pos", "cells", "expression", "share"}
#: What may or may not be HLA-DR.
_CLASS_TWO = {
    "hla",
    "hlaii",
    "hla2",
    "hlaclassii",
    "hlaclass2",
    "mhcii",
    "mhc2",
    "mhcclassii",
    "mhcclass2",
    "hladrdpdq",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands, what its head says, and what it is."""

    index: int
    head: str
    kind: str  # a key of the table above, "lineage", "share" (of a marker), "other" or "" (no name)
    iri: str = ""


def _lineage(name: str, panel: Panel) -> str:
    for iri, lineage in panel.lineage_names.items():
        stems = _LINEAGE_STEMS.get(lineage, (lineage,))
        if compact(name) in {compact(stem + end) for stem in stems for end in _LINEAGE_ENDS}:
            return iri
    return ""


def _bare(name: str) -> str:
    """Give the name of a marker without the words that only say that a percentage follows."""
    words = re.split(r"[\s_%()\[\],;:]+", name.strip())
    return " ".join(word for word in words if word and word.casefold() not in _PERCENT_WORDS).rstrip("+ ")


def marker_of(name: str, panel: Panel, place: Place) -> str | None:
    """Give the marker of the panel that a name means, None for another marker or none; refuse what may be either."""
    found = panel.marker_of_spelling
    outside = re.sub(r"\([^)]*\)", " ", name)
    for words in (name, outside):
        bare = _bare(words)
        iri = found.get(compact(bare))
        if iri and (
            re.search(r"[-\u2212\u2013]\s*(%|\(|$)", words) or re.search(r"\bneg(ative)?\b", words, re.IGNORECASE)
        ):
            raise place.refuse(name, "the share of cells that carry the marker", panel.marker_names[iri])
        if iri:
            return iri
    spelled = compact(_bare(outside))
    tokens = [token for token in re.split(r"[^a-z0-9]+", _bare(outside).casefold()) if token]
    named = [iri for length in (1, 2) for iri in [found.get("".join(tokens[:length]))] if iri and len(tokens) > length]
    if re.search(r"neg(ative)?$", spelled) and found.get(re.sub(r"neg(ative)?$", "", spelled)):
        raise place.refuse(name, "the share of cells that carry the marker", _bare(outside))
    if named and set(tokens[1:]) & _NO_PERCENTAGE:
        return None
    if spelled in _CLASS_TWO:
        raise place.refuse(name, "HLA-DR itself: not every molecule of MHC class II is HLA-DR", "HLA-DR")
    if re.fullmatch(r"cd[0-9]{1,3}[a-z]{0,2}", spelled):
        longer = [short for short in panel.marker_names.values() if re.fullmatch(spelled + "[a-z]", compact(short))]
        if longer:
            raise place.refuse(name, "the full name of a marker", longer[0])
        return None  # a marker that the criteria do not ask for
    inside = [short for short in panel.marker_names.values() if re.search(compact(short) + r"(?![0-9])", spelled)]
    if len(inside) > 1:
        return None  # a combination of markers
    alike = difflib.get_close_matches(spelled, found, n=1, cutoff=0.86) if len(spelled) > 3 else []
    if inside or alike:
        near = inside[0] if inside else panel.marker_names[found[alike[0]]]
        raise place.refuse(name, "the name of a marker as the criteria have it, or a name that is none", near)
    return None


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
        heads_there = [column.head for column in columns if column.head]
        near = nearest("population", heads_there) or nearest("sample", heads_there)
        shown = ", ".join(heads_there[:8]) + (", ..." if len(heads_there) > 8 else "")
        expected = "a column that names the populations: population, sample, batch ..."
        raise Place(file, line, "header").refuse(shown, expected, ", ".join(near))
    return columns
