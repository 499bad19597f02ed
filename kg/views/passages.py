"""Fingerprints for people: a citation to paste into a claim, and what came of a verification."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from kg.errors import InputError, NotFoundError, nearest
from kg.fingerprint import Fingerprint, loose_tokens, passages_between
from kg.namespaces import compress
from kg.verification import Check, read_texts

__all__ = ["draw_checks", "draw_citation", "json_checks"]


def draw_citation(source: str, words: str, folder: Path, section: str) -> str:
    """Give the fingerprint of the one passage that fits; raise when none or several do."""
    texts = read_texts(folder)
    if source not in texts:
        raise NotFoundError("source text", source, nearest(source, texts) or sorted(texts))
    first, dots, last = words.partition("...")
    found = passages_between(texts[source], first, last if dots else first)
    if not found:
        known = {token.text for token in texts[source].loose}
        strange = [token for token in loose_tokens(words) if token not in known]
        hint = f"; not in the text at all: {', '.join(strange)}" if strange else ""
        raise InputError(f"{source}: no passage '{words}'{hint}")
    if len({match.start for match in found}) > 1:
        places = ", ".join(str(match.token) for match in found)
        raise InputError(f"{source}: {len(found)} passages begin and end so, at words {places}; give more words")
    match = found[0]
    mark = Fingerprint.of(match.words, at=match.token)
    return (
        f"# {' '.join(match.words.split())}\n"
        f"passage: {{section: {section}, at: {mark.at}, tokens: {mark.tokens}, exact: {mark.exact}, "
        f"loose_tokens: {mark.loose_tokens}, loose: {mark.loose}}}"
    )


def draw_checks(checked: Iterable[tuple[Path, list[Check]]]) -> str:
    """Give one line a file: how many passages came out how."""
    lines = []
    for path, checks in checked:
        counts = Counter(
            "found, but a number of the claim is not in it" if check.missing_numbers() else check.match.outcome.value
            for check in checks
        )
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        lines.append(f"{path.name}: {told or 'no passages'}")
    return "\n".join(lines)


def json_checks(checked: Iterable[tuple[Path, list[Check]]]) -> str:
    """Give each evidence line with its claim, source, outcome, offsets and words, as JSON."""
    rows = [
        {
            "file": path.name,
            "claim": check.claim.id,
            "evidence": compress(check.iri),
            "source": check.source,
            "status": check.match.outcome.value,
            "start": check.match.start,
            "end": check.match.end,
            "words": check.match.words,
        }
        for path, checks in checked
        for check in checks
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)
