"""A name -> other ways to say it, each with the steps that lead there and their price. Knows words, no terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kg.linking.names import clean, is_symbol
from kg.linking.word_tables import Abbreviation, abbreviations, phrases, words_for_words

__all__ = ["Variant", "meaning_of", "variants"]

#: More ways than these are not tried: they come sorted by price.
_MOST = 160
_DEEPEST = 3
_BRACKET = re.compile(r"^(?P<before>.+?)\s*\((?P<inside>[^()]+)\)\s*(?P<after>.*)$")
_SLASH = re.compile(r"(?<![\w/])([A-Za-z]{3,})/([A-Za-z]{3,})(?![\w/])")
_LATIN_FOR_GREEK = {"a": "alpha", "b": "beta", "g": "gamma", "d": "delta", "k": "kappa"}
_LATIN = re.compile(r"\b([A-Z]{2,}(?:-?\d+)?)-([abgdk])(\d*)\b|\b((?:IL|TGF|IFN|TNF|PPAR|IKK)-?\d*)([abgdk])(\d*)\b")
#: Words inside brackets that say which kind of entity is meant.
_HINTS = {"adverse event": "condition", "gene": "gene", "protein": "protein", "phenotype": "condition", "cell": "cell"}
_QUALIFIERS = re.compile(r"\b(?:form|type|sense|score|scale|subscale|total|domain)\b", re.IGNORECASE)
_LEFT_OUT = re.compile(r"\b(?:human|allogeneic|autologous|cultured|expanded)\s+(?=\S)", re.IGNORECASE)


#: The best predicate that a way allows, from the best to the worst.
_LIMITS = ("exact", "close", "broad", "related")


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say a name."""

    text: str
    steps: tuple[str, ...] = ()
    price: float = 0.0
    limit: str = "exact"  # the best predicate that a match through it may get
    ontologies: frozenset[str] = frozenset()  # where it may be looked for; all, if none is named
    kind: str = ""  # of entity, where a step tells it

    def then(
        self,
        text: str,
        step: str,
        price: float,
        *,
        limit: str = "exact",
        ontologies: frozenset[str] = frozenset(),
        kind: str = "",
    ) -> Variant:
        """Give the next way, through one more step."""
        worse = max(self.limit, limit, key=_LIMITS.index)
        both = self.ontologies & ontologies if self.ontologies and ontologies else self.ontologies | ontologies
        return Variant(clean(text), (*self.steps, step), self.price + price, worse, both, kind or self.kind)


def meaning_of(text: str) -> Abbreviation | None:
    """Give what a name means where the whole of it is an abbreviation of the field."""
    known = abbreviations()
    return known.get(text) or known.get(text.removesuffix("s"))


def _brackets(way: Variant) -> Iterator[Variant]:
    match = _BRACKET.match(way.text)
    if match is None:
        return
    before, inside, after = match["before"], match["inside"].strip(), match["after"]
    hint = _HINTS.get(inside.casefold(), "")
    whole = f"{before} {after}".strip()
    if hint:
        yield way.then(whole, f"kind in brackets: {inside}", 0.0, kind=hint)
    elif is_symbol(inside) or is_symbol(before):
        yield way.then(whole, f"abbreviation in brackets left out: {inside}", 0.0)
        if not after and re.search(r"[\d-]", inside):  # a symbol; mere initials say no more than the name before them
            step = f"the symbol in brackets: {inside}"
            yield way.then(inside, step, 0.02, ontologies=frozenset({"HGNC", "UniProtKB", "PR"}))
    else:
        narrows = not _QUALIFIERS.search(inside)
        yield way.then(whole, f"brackets left out: {inside}", 0.05, limit="close" if narrows else "exact")


def _slashes(way: Variant) -> Iterator[Variant]:
    match = _SLASH.search(way.text)
    if match and match[0].islower() and not any("=" in step for step in way.steps):
        for word in match.groups():
            text = way.text[: match.start()] + word + way.text[match.end() :]
            yield way.then(text, f"one of {match[0]}", 0.02)


#: Abbreviations that are followed by a number or a letter: IL-6, TNF-alpha.
_FAMILIES = frozenset({"IL", "IFN", "TNF", "TGF", "VEGF", "FGF", "IGF", "PDGF", "SDF", "MCP", "MMP", "HLA"})


@cache
def _shorts() -> tuple[tuple[Abbreviation, re.Pattern[str]], ...]:
    """Give the abbreviations, each with what finds it in a name."""
    found = []
    for short, known in abbreviations().items():
        whole = rf"(?<![\w-]){re.escape(short)}s?(?![\w])"
        found.append((known, re.compile(rf"\b{short}(?=-?\d|-|\b)" if short in _FAMILIES else whole)))
    return tuple(found)


@cache
def _longs() -> tuple[tuple[Abbreviation, re.Pattern[str]], ...]:
    """Give the proteins' abbreviations, each with what finds its expansion in a name."""
    proteins = (known for known in abbreviations().values() if known.kind == "protein" and len(known.short) > 1)
    return tuple((known, re.compile(rf"\b{re.escape(known.expansion)}\b", re.IGNORECASE)) for known in proteins)


def _expansions(way: Variant) -> Iterator[Variant]:
    for known, pattern in _shorts():
        found = pattern.search(way.text) if known.short in way.text else None
        if not found:
            continue
        after = way.text[found.end() :]
        after = after.removeprefix("-") if known.short in _FAMILIES else after
        text = f"{way.text[: found.start()]}{known.expansion} {after}"
        whole = found[0] == way.text
        yield way.then(text, f"{known.short} = {known.expansion}", 0.02, kind=known.kind if whole else "")


def _greek(way: Variant) -> Iterator[Variant]:
    def named(match: re.Match[str]) -> str:
        before, letter, after = [group for group in match.groups() if group is not None]
        return f"{before}-{_LATIN_FOR_GREEK[letter]}{after}"

    text = _LATIN.sub(named, way.text)
    if text != way.text:
        yield way.then(text, "Latin letter for a Greek one", 0.02)


def _left_out(way: Variant) -> Iterator[Variant]:
    text = _LEFT_OUT.sub("", way.text, count=1)
    if text != way.text and text:
        word = _LEFT_OUT.search(way.text)
        is_human = word is not None and word[0].casefold().startswith("human")
        yield way.then(text, f"left out: {word[0].strip() if word else ''}", 0.02 if is_human else 0.08,
                       limit="exact" if is_human else "broad")  # fmt: skip
    text = re.sub(r"[- ]derived\b", "", way.text, flags=re.IGNORECASE)
    if text != way.text and not re.search(r"derived (?:growth|neurotrophic|factor)|-derived factor", way.text):
        yield way.then(text, "left out: derived", 0.02)


def _words(way: Variant) -> Iterator[Variant]:
    for word in words_for_words():
        if word.pattern.search(way.text):
            text = word.pattern.sub(word.other, way.text)
            yield way.then(text, f"{word.pattern.search(way.text)[0]} = {word.other}", word.price, limit=word.limit)  # type: ignore[index]


#: What may be put to a symbol; "HIE syndrome" is another disease than HIE.
_OF_SYMBOLS = frozenset({"{x} antigen", "{x} molecule", "{x} protein", "{x} protein complex"})


def _phrases(way: Variant) -> Iterator[Variant]:
    text = re.sub(r"\bsignalling\b", "signaling", way.text)
    for phrase in phrases():
        if phrase.source == "{x}" and is_symbol(text) and phrase.other not in _OF_SYMBOLS:
            continue
        if match := phrase.pattern.fullmatch(text):
            said = phrase.other
            for name, words in match.groupdict().items():
                said = said.replace(f"{{{name}}}", words)
            step = f"phrase: {phrase.source} = {phrase.other}"
            yield way.then(said, step, phrase.price, limit=phrase.limit, ontologies=phrase.ontologies)


def _short_forms(way: Variant) -> Iterator[Variant]:
    """Put the abbreviation of a protein for its name, as names of pathways do."""
    for known, pattern in _longs():
        text = pattern.sub(known.short, way.text)
        if text not in (way.text, known.short):
            yield way.then(text, f"{known.expansion} = {known.short}", 0.03)


_WAYS = (_brackets, _slashes, _expansions, _greek, _left_out, _short_forms, _words, _phrases)


def variants(text: str) -> list[Variant]:
    """Give the ways to say a name, the name itself first, then by price.

    >>> "bone marrow mesenchymal stem cell" in [way.text for way in variants("BM-MSC")]
    True
    """
    start = Variant(clean(text))
    found = {(start.text, start.ontologies): start}
    layer = [start]
    for _ in range(_DEEPEST):
        following = []
        for way in layer:
            if way.steps and way.steps[-1].startswith("phrase"):
                continue  # a phrase is the last step: what other steps do to its words they can do before
            for make in _WAYS:
                for each in make(way):
                    known = found.get((each.text, each.ontologies))
                    if each.text and (known is None or each.price < known.price - 1e-9):
                        found[each.text, each.ontologies] = each
                        following.append(each)
        layer = sorted(following, key=_order)[:_MOST]
    return sorted(found.values(), key=_order)[:_MOST]


def _order(way: Variant) -> tuple[float, int, str, list[str]]:
    return (round(way.price, 6), len(way.steps), way.text, sorted(way.ontologies))
