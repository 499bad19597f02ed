"""A pooled estimate in plain words, for the terminal, the plot and the graph alike."""

from __future__ import annotations

from kg.synthesis.analysis import COUNT_MEASURES, MEAN_MEASURES, Analysis

__all__ = ["in_words", "name_of_measure", "name_of_method", "number", "without_events"]

_METHOD = {
    "reml": "random effects, REML",
    "pm": "random effects, Paule-Mandel",
    "dl": "random effects, DerSimonian-Laird",
    "fe": "common effect, inverse variance",
    "mh": "common effect, Mantel-Haenszel",
}


def number(value: float) -> str:
    """Give a number with two decimals, zero without a sign."""
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text


def name_of_measure(analysis: Analysis) -> str:
    """Give the measure of effect in words."""
    return (MEAN_MEASURES | COUNT_MEASURES)[analysis.measure]


def name_of_method(analysis: Analysis) -> str:
    """Give the way of pooling in words."""
    if analysis.measure == "PETO":
        return "common effect, Peto"
    name, _, test = analysis.method.partition("-")
    return _METHOD[name] + (", Knapp-Hartung" if test == "hk" else "")


def without_events(analysis: Analysis) -> str:
    """Say how many of the studies tell nothing about a ratio, as nothing happened in them."""
    silent = len(analysis.counted) - len(analysis.usable)
    return f" ({silent} of them without an event)" if silent else ""


def in_words(analysis: Analysis) -> str:
    """Give the estimate in plain words, with what a new study could find; or that there is none."""
    pooled = analysis.pooled
    if pooled is None:
        return "There is no pooled estimate; the reasons stand above."
    where = f"Over {len(analysis.counted)} studies{without_events(analysis)} with {analysis.participants} participants"
    ends = [number(analysis.shown(value)) for value in (pooled.estimate, pooled.low, pooled.high)]
    interval = f"{ends[0]} (95 % interval {ends[1]} to {ends[2]})"
    measure = name_of_measure(analysis)
    zero = pooled.low <= 0 <= pooled.high
    doubt = "; the interval holds no difference as well" if zero else ""
    if analysis.log:
        told = f"{where} the {measure} of {analysis.outcome}, cells against control, is {interval}{doubt}."
    else:
        told = f"{where} {analysis.outcome} differs by {interval} as {measure}, cells minus control{doubt}."
    if pooled.pi_low is not None and pooled.pi_high is not None:
        low, high = (number(analysis.shown(value)) for value in (pooled.pi_low, pooled.pi_high))
        told += f" A further study of this kind is expected to find something from {low} to {high}."
    return told
