"""The three tables of CIDMap (markers of MSC in 84 trial papers; Wilson et al. 2021) as rows; they are in Latin-1.

What a row means is the readers' business: `kg.knowledge.msc_markers` keeps what each paper reports, `kg.isct` judges
it by the ISCT criteria.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from kg.errors import SourceError

__all__ = ["cidmap_form", "cidmap_rows"]

#: A file is known by these columns.
_FORMS = {
    "papers": {"ref_number", "CD73_qualifier", "CD73_value", "CD73_status", "HLA-DR_value"},
    "batches": {"ref_number", "patient", "marker", "value"},
    "means": {"ref_number", "marker", "mean_value", "se_value"},
}


def cidmap_form(raw: bytes) -> str:
    """Give which file of CIDMap this is, or nothing.

    >>> cidmap_form(b"ref_number,Phase,patient,notes,marker,value"), cidmap_form(b"sample,CD73")
    ('batches', '')
    """
    lines = raw.decode("latin-1").splitlines()[:2]
    try:
        heads = [row for row in csv.reader(lines) if row]
    except csv.Error:
        return ""
    return next((form for form, names in _FORMS.items() if any(names <= set(row) for row in heads)), "")


def cidmap_rows(raw: bytes, file: str, form: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Give line and cells by column of each row; raise `SourceError` where a row is cut."""
    reader = csv.reader(io.StringIO(raw.decode("latin-1"), newline=""))
    heads: list[str] = []
    try:
        for row in reader:
            if heads and len(row) != len(heads):
                raise SourceError(file, reader.line_num, "", f"found {len(row)} cells, expected {len(heads)}")
            if heads:
                yield reader.line_num, dict(zip(heads, row, strict=True))
            elif _FORMS[form] <= set(row):
                heads = row
    except csv.Error as error:
        raise SourceError(file, reader.line_num, "", f"not a table: {error}") from error
