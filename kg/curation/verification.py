"""Holds the passages of a claims file against the text of its source, and keeps a record of what was found.

The record (`kg/curated/verified/<source>.tsv`) is why a machine without the text can tell a verified passage from an
unverified one: each row carries a seal over the claim, its numbers and its fingerprint. Change one of them and the seal
no longer fits, so the claim counts as unverified until it has been held against the text again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from kg.errors import InputError, Problem
from kg.fingerprint import Fingerprint, Match, Outcome, Text, find, loose_tokens, numbers_in
from kg.model import Claim, ClaimsFile, Evidence, NumberRead, Source
from kg.rdf import evidence_iri, seal

__all__ = ["Check", "check_file", "problems_of", "read_records", "read_texts", "record_rows", "write_record"]

_COLUMNS = ["claim", "section", "seal"]
_TEXT_SUFFIXES = (".txt", ".md", ".html")


def _reads(number: NumberRead) -> bool:
    """Say whether each value can be read from its notation: "2·107" can be 2 x 10^7; "half" says nothing."""
    printed = [Decimal(n.lstrip("+-").replace(",", ".")) for n in numbers_in(number.notation or "")]
    powers = [Decimal(10) ** int(str(n)[2:]) for n in printed if re.fullmatch(r"10\d{1,2}", str(n))]
    readings = {*printed, *(n * power for n in printed for power in powers)}
    values = [value for value in (number.value, number.low, number.high) if value is not None]
    return not printed or all(abs(value) in readings for value in values)


@dataclass(frozen=True, slots=True)
class Check:
    """What came of holding one passage against the text."""

    claim: Claim
    evidence: Evidence
    origin: Source
    match: Match
    nearest: str = ""  # where a lost passage comes closest, and where it departs

    @property
    def source(self) -> str:
        """Give the id of the source."""
        return self.origin.id

    @property
    def seal(self) -> str:
        """Give the seal of the claim and this evidence line as they stand."""
        return seal(self.claim, self.evidence, self.origin)

    @property
    def iri(self) -> str:
        """Give the IRI of the evidence line."""
        return evidence_iri(self.claim, self.evidence, self.origin.id).value

    @property
    def found(self) -> bool:
        """Say whether the passage stands in the text."""
        return self.match.outcome in (Outcome.VERIFIED, Outcome.TYPOGRAPHY)

    def missing_numbers(self) -> list[str]:
        """Give the numbers and notations of the claim that its passage does not print."""
        if not self.found:
            return []
        words = f" {' '.join(loose_tokens(self.match.words))} "
        notations = [read.notation for read in self.claim.numbers if read.notation]
        lost = {n for n in notations if f" {' '.join(loose_tokens(n))} " not in words}
        printed = {number.replace(",", ".").lstrip("+") for number in numbers_in(self.match.words)}
        wanted = [number for read in self.claim.numbers for number in read.printed()]
        wanted += numbers_in(self.claim.statement)
        lost |= {read.notation or "" for read in self.claim.numbers if not _reads(read)}
        return sorted(lost | {number for number in wanted if number.replace(",", ".").lstrip("+") not in printed})


def _read_text(path: Path) -> str:
    """Read a text with its line ends as they are, so that offsets are those of the reader's file."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: not UTF-8 text: byte {error.start} ({error.reason})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def read_texts(folder: Path | None) -> dict[str, Text]:
    """Give source id -> text for every text file of a folder; the file is named after the source."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder of source texts")
    paths = sorted(path for path in folder.iterdir() if path.suffix in _TEXT_SUFFIXES and path.is_file())
    return {path.stem: Text(_read_text(path)) for path in paths}


def _where_it_departs(fingerprint: Fingerprint, text: Text) -> str:
    """Say what stands at the place where the passage once stood; the words themselves are not known."""
    if fingerprint.at is None or fingerprint.at >= len(text.exact):
        return ""
    window = text.exact[fingerprint.at : fingerprint.at + min(fingerprint.tokens, 6)]
    return f"at word {fingerprint.at} the text has '{' '.join(token.text for token in window)} ...'"


def check_file(file: ClaimsFile, text: Text | None) -> list[Check]:
    """Hold every passage of a claims file against a text; without a text each outcome is `NO_TEXT`."""
    checks = []
    for claim in file.claims:
        for evidence in claim.evidence:
            mark = evidence.passage
            fingerprint = Fingerprint(mark.tokens, mark.exact, mark.loose_tokens, mark.loose, mark.at)
            match = find(fingerprint, text) if text else Match(Outcome.NO_TEXT)
            lost = match.outcome is Outcome.NOT_FOUND and text is not None
            near = _where_it_departs(fingerprint, text) if lost and text else ""
            checks.append(Check(claim, evidence, file.source, match, near))
    return checks


def problems_of(checks: Iterable[Check], file: str, seals: Mapping[str, str]) -> list[Problem]:
    """Give what is wrong: lost passages, numbers that a passage lacks, claims changed since they were verified."""
    checks = list(checks)
    recorded = any(
        check.seal in seals for check in checks
    )  # a file that is all new asks for no record while it is read
    problems = []
    for check in checks:
        where = f"{file}: claim '{check.claim.id}'"
        if check.match.outcome is Outcome.NOT_FOUND:
            near = f"; {check.nearest}" if check.nearest else ""
            message = f"passage not found in the text of {check.source}{near}"
            problems.append(Problem("fingerprint", where, message))
        for number in check.missing_numbers():
            printed = ", ".join(numbers_in(check.match.words)) or "none"
            message = f"the number {number} does not stand in the passage; the passage has: {printed}"
            problems.append(Problem("number", where, message))
        if check.seal not in seals and (not check.found or (recorded and not check.missing_numbers())):
            message = "changed since it was verified, or never verified"
            message += (
                "; the passage is there: read it, then add --record"
                if check.found
                else "; run `mechtrail verify --sources DIR --record`"
            )
            problems.append(Problem("seal", where, message))
    return problems


def record_rows(checks: Iterable[Check]) -> list[tuple[str, str, str]]:
    """Give (claim, section, seal) for each passage that was found and whose numbers stand in it."""
    rows = (
        (check.claim.id, check.evidence.passage.section, check.seal)
        for check in checks
        if check.found and not check.missing_numbers()
    )
    return sorted(rows)


def write_record(path: Path, rows: Iterable[tuple[str, str, str]], text: Text) -> None:
    """Write the record of a source, sorted, with the digest of the text it was verified against."""
    lines = [f"#normalised text: {text.normalised_digest} ({len(text.loose)} loose tokens)", "\t".join(_COLUMNS)]
    lines += ["\t".join(row) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_records(folder: Path) -> dict[str, str]:
    """Give seal -> "verified" for every row of every record in a folder."""
    seals: dict[str, str] = {}
    for path in sorted(folder.glob("*.tsv")):
        lines = (line for line in io.StringIO(_read_text(path), newline="") if not line.startswith("#"))
        try:
            rows = list(csv.DictReader(lines, delimiter="\t"))
        except csv.Error as error:
            raise InputError(f"{path.name}: not a table of verified passages: {error}") from error
        for row in rows:
            if not row.get("seal"):
                raise InputError(f"{path.name}: a row without a seal; expected the columns {', '.join(_COLUMNS)}")
            seals[row["seal"]] = "verified"
    return seals


@lru_cache(maxsize=64)  # one source is asked about by hundreds of statements
def _runs(words: str, run: int) -> frozenset[tuple[str, ...]]:
    tokens = loose_tokens(words)
    return frozenset(tuple(tokens[i : i + run]) for i in range(len(tokens) - run + 1))


def shared_words(statement: str, words: str, run: int = 10) -> bool:
    """Say whether a statement repeats that many words in a row of a passage."""
    mine, runs = loose_tokens(statement), _runs(words, run)
    return any(tuple(mine[i : i + run]) in runs for i in range(len(mine) - run + 1))
