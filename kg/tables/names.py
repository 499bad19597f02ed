"""The names of terms, for cells that say one: CURIE, label, exact synonym. A related synonym is told, never taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.errors import nearest
from kg.tables.cells import CellError
from kg.vocabulary import Lexicon

__all__ = ["TermNames"]


def _folded(names: Iterable[tuple[str, Iterable[str]]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, curies in names:
        found.setdefault(name.casefold(), set()).update(curies)
    return found


class TermNames:
    """The names of a lexicon, letter case aside.

    >>> TermNames(Lexicon({"CL:0000134": "mesenchymal stem cell"})).term("Mesenchymal stem cell")["id"]
    'CL:0000134'
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.label_of_term: Mapping[str, str] = lexicon.label_of_term
        self._labels = _folded((label, [curie]) for curie, label in lexicon.label_of_term.items())
        self._exact = _folded(lexicon.exact_synonyms.items())
        self._related = _folded(lexicon.related_synonyms.items())

    def term(self, words: str) -> dict[str, str]:
        """Give the id and the label of the term that a cell names; raise `CellError` with the nearest."""
        if words in self.label_of_term:
            return {"id": words, "label": self.label_of_term[words]}
        folded = " ".join(words.split()).casefold()
        for names in (self._labels, self._exact):
            curies = sorted(names.get(folded, ()))
            if len(curies) == 1:
                return {"id": curies[0], "label": self.label_of_term[curies[0]]}
            if curies:
                raise CellError(
                    f"found {words[:80]!r}, which names several terms: {self._listed(curies)}; write a CURIE"
                )
        if related := sorted(self._related.get(folded, ())):
            raise CellError(
                f"found {words[:80]!r}, which is only related to {self._listed(related)}; write what is meant"
            )
        near = nearest(words[:80], [*self.label_of_term.values(), *self._exact])
        hint = f"; nearest: {', '.join(near)}" if near else ""
        raise CellError(f"found {words[:80]!r}, expected the label, exact synonym or CURIE of a term{hint}")

    def _listed(self, curies: Iterable[str]) -> str:
        return ", ".join(f"{curie} {self.label_of_term[curie]}" for curie in curies)
