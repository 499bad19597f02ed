"""A CSV or TSV file -> cell populations: one row a population, or one row a marker. What is not used is counted."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from kg.errors import InputError, SourceError, nearest
from kg.isct.cidmap import read_cidmap
from kg.isct.headers import Column, columns_of, marker_of
from kg.isct.panel import Panel, read_panel
from kg.isct.samples import Lineage, Measurement, Sample
from kg.isct.shares import Place, Share, read_answer, read_share
from kg.knowledge.msc_tables import cidmap_form

__all__ = ["FORMS", "Reading", "read_file", "read_table"]

#: The forms that a file can have; `auto` looks.
FORMS = ("auto", "table", "cidmap")
_LARGEST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a file, and what of it was not used."""

    samples: tuple[Sample, ...]
    rows: int
    unused_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Growing:
    """A population while its rows are read, with the line on which each thing was said."""

    key: tuple[str, str, str]
    shares: dict[str, tuple[Share, int]] = field(default_factory=dict)
    adherent: tuple[bool, int] | None = None
    lineages: dict[str, tuple[bool, str, int]] = field(default_factory=dict)

    def sample(self, panel: Panel) -> Sample:
        """Give the finished population, markers in the order of the panel."""
        measured = (Measurement(iri, self.shares[iri][0]) for iri in panel.marker_names if iri in self.shares)
        tests = (Lineage(iri, *self.lineages[iri][:2]) for iri in panel.lineage_names if iri in self.lineages)
        adherent = self.adherent[0] if self.adherent else None
        return Sample(*self.key, tuple(measured), adherent, tuple(tests))


class _Rows:
    """The rows of a table, grown into populations."""

    def __init__(self, file: str, columns: list[Column], panel: Panel) -> None:
        self.file, self.columns, self.panel = file, columns, panel
        self.growing: dict[tuple[str, str, str], _Growing] = {}
        self.other_markers: Counter[str] = Counter()
        self.rows = 0
        self.plain: list[tuple[Decimal, str, Place]] = []  # numbers of required markers without a percent sign

    def cell(self, row: list[str], kind: str) -> str:
        """Give the text of the column of a kind, or nothing."""
        return next((row[column.index].strip() for column in self.columns if column.kind == kind), "")

    def add(self, row: list[str], line: int) -> None:
        """Take one row."""
        self.rows += 1
        population = " ".join(self.cell(row, "population").split())
        if population.casefold() in ("", "na", "n/a", "nan"):
            head = next(column.head for column in self.columns if column.kind == "population")
            raise Place(self.file, line, head).refuse(population, "the name of a population")
        passage = re.sub(r"^(passage|p)\s*(?=[0-9])", "", self.cell(row, "passage"), flags=re.IGNORECASE)
        key = (population, " ".join(self.cell(row, "donor").split()), " ".join(passage.split()))
        one = self.growing.setdefault(key, _Growing(key))
        if any(column.kind == "marker" for column in self.columns):
            self._long(row, line, one)
        for column in self.columns:
            place = Place(self.file, line, column.head)
            if column.kind == "share":
                self._share(one, column.iri, row[column.index], place)
            elif column.kind == "lineage":
                self._lineage(one, column.iri, row[column.index], place)
            elif column.kind == "three lineages":
                answer = read_answer(row[column.index], place)
                if answer is False:
                    raise place.refuse(row[column.index], "a column for each lineage, to say which was missed")
                for iri in self.panel.lineage_names if answer else ():
                    self._lineage(one, iri, row[column.index], place)
            elif column.kind == "adherence":
                answer = read_answer(row[column.index], place)
                if answer is not None and (one.adherent or (answer,))[0] is not answer:
                    raise self._differs(one, place, row[column.index], one.adherent[1])  # type: ignore[index]
                if answer is not None:
                    one.adherent = one.adherent or (answer, line)

    def _long(self, row: list[str], line: int, one: _Growing) -> None:
        name = self.cell(row, "marker")
        columns = {column.kind: column for column in self.columns}
        iri = marker_of(name, self.panel, Place(self.file, line, columns["marker"].head)) if name else None
        if iri:
            percent = columns["percent"]
            self._share(one, iri, row[percent.index], Place(self.file, line, percent.head))
        else:
            self.other_markers[name or "(no name)"] += 1

    def _share(self, one: _Growing, iri: str, text: str, place: Place) -> None:
        share = read_share(text, place)
        if share is None:
            return
        before = one.shares.setdefault(iri, (share, place.line))
        words = (before[0].text.casefold(), share.text.casefold())
        if before[0].bounds != share.bounds or (not share.bounds and words[0] != words[1]):
            raise self._differs(one, place, share.text, before[1], before[0].text)
        if iri in self.panel.required and "%" not in share.text:
            self.plain += [(number, share.text, place) for _, number in share.bounds]

    def _lineage(self, one: _Growing, iri: str, text: str, place: Place) -> None:
        answer = read_answer(text, place)
        if answer is None:
            return
        before = one.lineages.setdefault(iri, (answer, " ".join(text.split()), place.line))
        if before[0] is not answer:
            raise self._differs(one, place, text, before[2], before[1])

    def _differs(self, one: _Growing, place: Place, text: str, line: int, other: str = "the opposite") -> SourceError:
        words = f"what line {line} says of population {one.key[0]!r} ({other})"
        lacking = [kind for kind in ("passage", "donor") if kind not in {column.kind for column in self.columns}]
        hint = f"a column {' or '.join(lacking)} tells two samples apart" if lacking else "two samples need two names"
        return place.refuse(text, f"{words}; {hint}")

    def check_fractions(self) -> None:
        """Refuse a table whose percentages look like fractions of one."""
        if self.plain and 0 < max(number for number, _, _ in self.plain) <= 1:
            number, text, place = self.plain[0]
            expected = "a percentage from 0 to 100, but no number for CD73, CD90 or CD105 is above 1 in this table"
            raise place.refuse(
                text, f"{expected}; a share below one percent is written with its sign", f"{number * 100:f}"
            )


def _decode(raw: bytes, file: str) -> str:
    if not raw.strip():
        raise InputError(f"{file}: the file is empty; expected a table with a header")
    if len(raw) > _LARGEST_BYTES:
        raise InputError(f"{file}: found {len(raw):,} bytes, expected at most {_LARGEST_BYTES:,}")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in raw[:1000]:
        raise SourceError(
            file, 1, "", "found UTF-16 or binary content, expected UTF-8 text; nearest: save as CSV UTF-8"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = raw[error.start : error.start + 1].hex()
        message = f"found the byte 0x{found}, which is not UTF-8; expected UTF-8 text; nearest: save as CSV UTF-8"
        raise SourceError(file, line, "", message) from error
    if not text.strip():
        raise InputError(f"{file}: the file is empty; expected a table with a header")
    return text


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    first = next(line for line in text.splitlines() if line.strip())
    delimiter = max(",;\t", key=lambda sign: (first.count(sign), sign == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise SourceError(file, reader.line_num, "", f"not a table: {error}") from error


def _checked(row: list[str], columns: list[Column], file: str, line: int) -> list[str]:
    expected = len(columns)
    if len(row) > expected and not any(cell.strip() for cell in row[expected:]):
        row = row[:expected]
    if len(row) != expected:
        hint = "; a comma before decimals makes two cells of one" if len(row) > expected else ""
        raise SourceError(file, line, "", f"found {len(row)} cells, expected {expected} as in the header{hint}")
    for column, cell in zip(columns, row, strict=True):
        if column.kind == "" and cell.strip():
            raise Place(file, line, "").refuse(cell.strip(), "nothing in a column without a name")
    return row


def _read_plain(raw: bytes, file: str) -> Reading:
    panel = read_panel()
    rows = _rows(_decode(raw, file), file)
    header_line, heads = next(rows)
    columns = columns_of(heads, panel, file, header_line)
    kinds = {column.kind for column in columns}
    long = {"marker", "percent"} <= kinds
    if not long:  # a column called "value" or "marker" alone is no long table
        columns = [Column(c.index, c.head, "other") if c.kind in ("marker", "percent") else c for c in columns]
    if not long and "share" not in kinds:
        near = nearest("CD73", [column.head for column in columns if column.head])
        expected = f"a column for a marker: {', '.join(panel.marker_names.values())}; or columns marker and percent"
        raise Place(file, header_line, "header").refuse(", ".join(heads), expected, ", ".join(near))
    grown = _Rows(file, columns, panel)
    for line, row in rows:
        grown.add(_checked(row, columns, file, line), line)
    if not grown.rows:
        raise SourceError(file, header_line, "", "found a header and no row below it, expected one row a population")
    grown.check_fractions()
    notes = []
    if grown.other_markers:
        names = ", ".join(sorted(grown.other_markers))
        notes.append(f"{sum(grown.other_markers.values())} rows of markers that the criteria do not ask for ({names})")
    samples = tuple(one.sample(panel) for one in grown.growing.values())
    if not long and len(samples) < grown.rows:
        notes.append(
            f"{grown.rows - len(samples)} rows more than populations: they name one that another row names too"
        )
    unused = tuple(column.head for column in columns if column.kind == "other")
    return Reading(samples, grown.rows, unused, tuple(notes))


def read_table(raw: bytes, file: str, form: str = "auto") -> Reading:
    """Give the populations of a table; raise `SourceError` with line and column for what cannot be taken.

    >>> reading = read_table(b"sample,CD73\\nUC-7,98.1\\n", "x.csv")
    >>> [(sample.label, len(sample.measurements)) for sample in reading.samples]
    [('UC-7', 1)]
    """
    if form not in FORMS:
        raise InputError(f"--as: found {form!r}, expected one of: {', '.join(FORMS)}")
    found = cidmap_form(raw)
    if form == "cidmap" and not found:
        raise InputError(f"{file}: found no header of a CIDMap file; expected one with ref_number; nearest: --as table")
    if found and form != "table":
        samples, rows, unused, notes = read_cidmap(raw, file, found)
        return Reading(samples, rows, unused, notes)
    return _read_plain(raw, file)


def read_file(path: Path) -> bytes:
    """Read a file whole; raise `InputError` when that fails."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
