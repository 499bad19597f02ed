"""Fingerprints for people: a citation to paste into a claim, and what came of a verification."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.curation.coverage import Coverage
from kg.curation.excerpts import ExcerptCheck
from kg.curation.verification import Check, read_texts
from kg.errors import InputError, NotFoundError, nearest
from kg.fingerprint import Fingerprint, Match, loose_tokens, passages_between
from kg.holdings import Holding
from kg.namespaces import compress

__all__ = [
    "draw_checks",
    "draw_citation",
    "draw_coverage",
    "draw_excerpt",
    "draw_holdings",
    "draw_left_out",
    "json_checks",
    "json_coverage",
]


def _one_passage(source: str, words: str, folder: Path) -> Match:
    """Give the one passage that fits; raise when none or several do."""
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
    return found[0]


def draw_citation(source: str, words: str, folder: Path, section: str) -> str:
    """Give the fingerprint of the one passage that fits, as a line for a claim."""
    match = _one_passage(source, words, folder)
    mark = Fingerprint.of(match.words, at=match.token)
    return (
        f"# {' '.join(match.words.split())}\n"
        f"passage: {{section: {section}, at: {mark.at}, tokens: {mark.tokens}, exact: {mark.exact}, "
        f"loose_tokens: {mark.loose_tokens}, loose: {mark.loose}}}"
    )


def draw_excerpt(source: str, words: str, folder: Path, page: str) -> str:
    """Give the excerpt of a study fact: the words of a page as digests, to paste into the fact."""
    match = _one_passage(source, words, folder)
    mark = Fingerprint.of(match.words)
    digests = f"exact: {mark.exact}, loose_tokens: {mark.loose_tokens}, loose: {mark.loose}"
    shown = " ".join(match.words.split())
    return f"# {shown}\nexcerpts:\n  - {{page: {json.dumps(page)}, tokens: {mark.tokens}, {digests}}}"


def draw_left_out(source: str, words: str, folder: Path, reason: str) -> str:
    """Give the row that marks a passage as one without a claim."""
    match = _one_passage(source, words, folder)
    mark = Fingerprint.of(match.words, at=match.token)
    return "\t".join(str(cell) for cell in (reason, mark.at, mark.tokens, mark.exact, mark.loose_tokens, mark.loose))


def draw_checks(checked: Iterable[tuple[Path, list[Check]]], excerpts: Iterable[ExcerptCheck] = ()) -> str:
    """Give one line a file: how many passages and excerpts came out how."""
    lines = []
    for path, checks in checked:
        counts = Counter(
            "found, but a number of the claim is not in it" if check.missing_numbers() else check.match.outcome.value
            for check in checks
        )
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        lines.append(f"{path.name}: {told or 'no passages'}")
    by_study: dict[str, Counter[str]] = {}
    for each in excerpts:
        by_study.setdefault(each.study, Counter())[each.match.outcome.value] += 1
    for study, outcomes in sorted(by_study.items()):
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        lines.append(f"{study}.yaml: excerpts: {told}")
    return "\n".join(lines)


def draw_coverage(found: Iterable[tuple[Path, Coverage]]) -> str:
    """Give, for each source, how many words are accounted for and how, and each sentence with words left over."""
    lines = []
    for _, one in found:
        left = one.words - one.claimed - sum(one.marked.values())
        marked = "".join(f", {count} marked {reason}" for reason, count in sorted(one.marked.items()))
        lines.append(f"{one.source}: {one.words} words: {one.claimed} under a claim{marked}, {left} left over")
        lines += [f"  word {gap.at}: {gap.words}" for gap in one.gaps]
    return "\n".join(lines)


def json_coverage(found: Iterable[tuple[Path, Coverage]]) -> str:
    """Give the same as JSON, with the sentence around the words."""
    rows = [
        {
            "source": one.source,
            "words": one.words,
            "claimed": one.claimed,
            "marked": one.marked,
            "gaps": [{"at": gap.at, "sentence": gap.sentence, "words": gap.words} for gap in one.gaps],
        }
        for _, one in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def draw_holdings(now: Mapping[tuple[str, str], int], record: Mapping[tuple[str, str], Holding]) -> str:
    """Give a line a kind: how many there are, and, where that differs, how many were written down."""
    lines = []
    for kind, of in sorted({*now, *record}):
        there, held = now.get((kind, of), 0), record.get((kind, of), Holding(0, 0)).count
        told = "" if there == held else f"  (written down: {held})"
        lines.append(f"{there:6}  {kind}: {of}{told}")
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
