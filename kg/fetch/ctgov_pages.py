"""Answers of ClinicalTrials.gov as they come: pages of studies. What a study says is not its job."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from kg.errors import InputError

__all__ = ["Page", "line_of", "number_of", "read_object", "read_page"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search."""

    studies: tuple[Mapping[str, object], ...]
    token: str  # of the next page; "" on the last one
    total: int | None  # of all pages, where it is told


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"found {word}, which is no JSON")


def read_object(content: bytes) -> Mapping[str, object]:
    """Give a JSON object; raise `InputError` for anything else."""
    try:
        found = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid JSON: {error or 'nested too deep'}") from error
    if not isinstance(found, dict):
        raise InputError(f"found JSON of another shape ({type(found).__name__}), expected an object")
    return found


def read_page(content: bytes) -> Page:
    """Give a page of a search; raise `InputError` for anything else."""
    found = read_object(content)
    studies, token, total = found.get("studies"), found.get("nextPageToken", ""), found.get("totalCount")
    if not isinstance(studies, list) or not all(isinstance(each, dict) for each in studies):
        raise InputError(f"found the keys {', '.join(sorted(found)[:5]) or 'of nothing'}, expected a list of studies")
    if not isinstance(token, str):
        raise InputError("found a page token that is no text")
    known = total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None
    return Page(tuple(studies), token, known)


def number_of(study: object) -> str:
    """Give the NCT number of a study, or nothing."""
    for key in ("protocolSection", "identificationModule", "nctId"):
        study = study.get(key) if isinstance(study, dict) else None
    return study if isinstance(study, str) else ""


def line_of(study: Mapping[str, object]) -> bytes:
    """Give a study as one line of JSON: what it says is unchanged, the blanks between are not kept."""
    try:
        return (json.dumps(study, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
    except UnicodeEncodeError:  # half of a letter, which JSON can escape and UTF-8 cannot hold
        return (json.dumps(study, separators=(",", ":")) + "\n").encode()
