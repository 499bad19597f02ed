"""Why some contrasts must not be pooled. Each rule gives reasons in words; a forced result prints them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.catalogue import find_query, select
from kg.store import Store
from kg.synthesis.rows import Contrast

__all__ = ["read_overlaps", "reasons_against"]

#: Names that stand for several scales: GMFM is printed for GMFM-88 in points, in percent, and for GMFM-66.
_OPEN_SCALES = {"https://w3id.org/ctmo/0000802"}


def read_overlaps(store: Store) -> list[tuple[str, str, str, str]]:
    """Give (study, other study, what they may share, how sure) for every overlap that a record names."""
    rows = select(store, find_query("synthesis/overlaps"))
    return [tuple(row[name].value for name in ("study", "other", "what", "certainty")) for row in rows]


def _too_few(contrasts: Sequence[Contrast]) -> Iterable[str]:
    if len(contrasts) < 2:
        studies = ", ".join(contrast.label for contrast in contrasts) or "none"
        yield f"fewer than two studies can be pooled: {studies}"


def _scales(contrasts: Sequence[Contrast]) -> Iterable[str]:
    """GMFM in raw points, in percent and as GMFM-66 are three scales; an SD of each means another thing."""
    by_scale: dict[str, list[str]] = {}
    for contrast in contrasts:
        row = contrast.treated
        scale = row.instrument_label or "scale not reported"
        by_scale.setdefault(scale + (f" ({row.unit})" if row.unit else ""), []).append(contrast.label)
    if len(by_scale) > 1:
        listed = "; ".join(f"{scale}: {', '.join(sorted(labels))}" for scale, labels in sorted(by_scale.items()))
        yield f"different scales without a common metric: {listed}; choose one with --instrument"


def _versions(contrasts: Sequence[Contrast]) -> Iterable[str]:
    unknown = [each for each in contrasts if each.treated.instrument in _OPEN_SCALES and not each.treated.unit]
    if unknown:
        scale, labels = unknown[0].treated.instrument_label, ", ".join(contrast.label for contrast in unknown)
        yield f"the version and unit of {scale} are not reported, so points cannot be told from percent: {labels}"


def _measures(contrasts: Sequence[Contrast]) -> Iterable[str]:
    measures = {contrast.treated.measure for contrast in contrasts if contrast.treated.measure}
    kinds = {"change" if "change" in measure else "score" for measure in measures}
    if len(kinds) > 1:
        yield f"changes and scores at one time are different quantities: {', '.join(sorted(measures))}"


def _months(contrasts: Sequence[Contrast]) -> Iterable[str]:
    months = {contrast.treated.month for contrast in contrasts if contrast.treated.month is not None}
    if len(months) > 1:
        listed = ", ".join(f"{month:f}" for month in sorted(months))
        yield f"different time points: months {listed}; choose one with --at"


def _events(contrasts: Sequence[Contrast], asked: str) -> Iterable[str]:
    """A count of serious events is no count of all events: the others of that study are not in it."""
    narrower: dict[str, list[str]] = {}
    for contrast in contrasts:
        if contrast.treated.outcome != asked:
            narrower.setdefault(contrast.treated.outcome_label, []).append(contrast.label)
    if narrower:
        listed = "; ".join(f"{event}: {', '.join(sorted(labels))}" for event, labels in sorted(narrower.items()))
        yield f"counts of narrower events are no counts of all of them: {listed}; ask for one of these"


def _overlaps(contrasts: Sequence[Contrast], overlaps: Iterable[tuple[str, str, str, str]]) -> Iterable[str]:
    label_of = {contrast.study: contrast.label for contrast in contrasts}
    told = set()
    for study, other, what, certainty in overlaps:
        pair = tuple(sorted((study, other)))
        if study in label_of and other in label_of and not certainty.startswith("possible") and pair not in told:
            told.add(pair)
            first, second = sorted((label_of[study], label_of[other]))
            yield f"{first} and {second} may share participants ({what}; {certainty}): pooling counts them twice"


def reasons_against(
    contrasts: Sequence[Contrast], overlaps: Iterable[tuple[str, str, str, str]], *, counts_of: str = ""
) -> list[str]:
    """Give every reason not to pool these contrasts; an empty list means that none is known.

    `counts_of` is the event (IRI) that was asked for, where the contrasts are of counts.
    """
    reasons = [*_too_few(contrasts), *_overlaps(contrasts, overlaps)]
    if counts_of:
        reasons += _events(contrasts, counts_of)
    else:
        reasons += [*_scales(contrasts), *_versions(contrasts), *_measures(contrasts), *_months(contrasts)]
    return reasons
