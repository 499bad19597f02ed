"""The mechanism x trial-evidence matrix: for each claimed mechanism, how far it has been examined, and by whom."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.catalogue import find_query, select
from kg.store import Store

__all__ = ["MATRIX_COLUMNS", "MatrixRow", "matrix_cells", "matrix_csv", "read_matrix"]

#: Level in the query's answer -> column.
_COLUMNS = {
    "measured in participants": "measured",
    "in patients": "in_patients",
    "pooled over studies": "in_patients",
    "animal": "animal",
    "in vitro": "in_vitro",
    "stated": "stated",
    "planned": "planned",
}


@dataclass
class MatrixRow:
    """One mechanism. Each column holds evidence -> (who, in words); a count is the number of keys."""

    iri: str
    label: str
    measured: dict[str, str] = field(default_factory=dict)  # readout -> study
    findings: set[str] = field(default_factory=set)  # what the readouts did
    in_patients: dict[str, str] = field(default_factory=dict)
    animal: dict[str, str] = field(default_factory=dict)
    in_vitro: dict[str, str] = field(default_factory=dict)
    stated: dict[str, str] = field(default_factory=dict)
    planned: dict[str, str] = field(default_factory=dict)
    against: dict[str, str] = field(default_factory=dict)
    not_counted: dict[str, str] = field(default_factory=dict)  # neutral, hedged, disputed or unverified passages

    @property
    def studies(self) -> list[str]:
        """Give the studies that measured it in participants, sorted."""
        return sorted(set(self.measured.values()))

    @property
    def planned_studies(self) -> list[str]:
        """Give the studies that plan to measure it, sorted."""
        return sorted(set(self.planned.values()))

    @property
    def verdict(self) -> str:
        """Give the furthest that anybody went."""
        if self.measured:
            return "measured in trial participants"
        for column, words in (("animal", "seen in animals"), ("in_vitro", "seen in vitro")):
            if getattr(self, column):
                return words
        if self.stated or self.in_patients:
            return "only stated"
        return "only planned" if self.planned else "nothing accepted"

    @property
    def direction(self) -> str:
        """Give what the readouts did, or that they disagree; it is the marker that rose or fell, not the mechanism."""
        if not self.findings:
            return ""
        return f"marker: {next(iter(self.findings))}" if len(self.findings) == 1 else "markers differ"


_RANK = [
    "measured in trial participants",
    "seen in animals",
    "seen in vitro",
    "only stated",
    "only planned",
    "nothing accepted",
]


def read_matrix(store: Store) -> list[MatrixRow]:
    """Give a row for each mechanism, the furthest examined first."""
    rows: dict[str, MatrixRow] = {}
    for row in select(store, find_query("mechanism/evidence")):
        iri = row["mechanism"].value
        entry = rows.setdefault(iri, MatrixRow(iri, row["mechanism_label"].value))
        level, evidence, who = row["level"].value, row["evidence"].value, row["who"].value
        if row["direction"].value == "disputes":
            entry.against[evidence] = who
            continue
        # a passage counts for its mechanism only where its assertion would draw an edge
        counts = (row["direction"].value, row["finding"].value, getattr(row["verification"], "value", ""))
        if counts[0] not in ("measured", "planned") and counts != ("supports", "accepted", "verified"):
            entry.not_counted[evidence] = who
            continue
        getattr(entry, _COLUMNS[level])[evidence] = who
        if level == "measured in participants":
            entry.findings.add(row["finding"].value)
    return sorted(rows.values(), key=lambda r: (_RANK.index(r.verdict), -len(r.studies), -len(r.animal), r.label))


#: What the matrix says of each mechanism, in the order of the columns.
MATRIX_COLUMNS = (
    *("mechanism", "label", "best_evidence", "studies_that_measured_it", "readouts", "direction"),
    *("said_of_patients", "animal", "in_vitro", "stated", "against", "not_counted", "planned_by"),
)


def matrix_cells(row: MatrixRow) -> tuple[str | int, ...]:
    """Give one mechanism as cells under `MATRIX_COLUMNS`: its IRI, counts, and names of studies."""
    counts = [
        len(getattr(row, name)) for name in ("in_patients", "animal", "in_vitro", "stated", "against", "not_counted")
    ]
    studies, planned = "; ".join(row.studies), "; ".join(row.planned_studies)
    return (row.iri, row.label, row.verdict, studies, len(row.measured), row.direction, *counts, planned)


def matrix_csv(rows: Iterable[MatrixRow]) -> str:
    """Give the matrix as CSV: counts, study names and the IRI of each mechanism."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(MATRIX_COLUMNS)
    writer.writerows(map(matrix_cells, rows))
    return stream.getvalue()
