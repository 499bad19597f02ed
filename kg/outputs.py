"""What a graph hands to Python: answers, cards, paths, pooled estimates and pictures, each of which can show itself.

In a notebook they are tables and pictures, at a prompt they are text. The marks are made in `kg.views`; which rows
there are is decided below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, SupportsIndex, overload

import pyoxigraph as ox

from kg.errors import InputError, nearest
from kg.namespaces import compress
from kg.network import Network
from kg.synthesis.analysis import Analysis
from kg.trace import Path as TracedPath

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Answer", "Card", "Paths", "Picture", "PooledOutcome", "Row", "Value", "answer_of"]

Value = str | int | float | bool | Decimal | None
Row = dict[str, Value]
_WHOLE = {"integer", "int", "long", "nonNegativeInteger"}
SUFFIXES = (".svg", ".png", ".pdf", ".html")
#: Rows of an answer that a notebook shows unless it is told otherwise.
MOST = 20


class _Printer(Protocol):
    def text(self, words: str) -> object:
        """Take words; IPython's printer, which this module must not import."""


class Answer(list[Row]):
    """The rows of a question: a list of dicts, so that whatever takes plain rows takes it."""

    def __init__(
        self, rows: Iterable[Row] = (), *, columns: Sequence[str] = (), question: str = "", most: int = MOST
    ) -> None:
        super().__init__(rows)
        self.columns = list(columns) or list(self[0] if self else ())
        self.question = question
        self.most = most

    def _like(self, rows: Iterable[Row], columns: Sequence[str] = ()) -> Answer:
        return Answer(rows, columns=columns or self.columns, question=self.question, most=self.most)

    @overload
    def __getitem__(self, place: SupportsIndex) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Answer: ...
    def __getitem__(self, place: SupportsIndex | slice) -> Row | Answer:
        return self._like(super().__getitem__(place)) if isinstance(place, slice) else super().__getitem__(place)

    def shown(self, most: int) -> Answer:
        """Give the same rows, of which a notebook shows at most so many."""
        return Answer(self, columns=self.columns, question=self.question, most=most)

    def only(self, *columns: str) -> Answer:
        """Give the same rows with these columns only; a term's CURIE stays beside its label if both are named."""
        for name in columns:
            if name not in self.columns:
                near = nearest(name, self.columns) or self.columns
                raise InputError(f"the answer has no column {name!r}; nearest: {', '.join(near)}")
        return self._like([{name: row[name] for name in columns} for row in self], columns)

    def where(self, test: Callable[[Row], object]) -> Answer:
        """Give the rows for which a test holds."""
        return self._like(row for row in self if test(row))

    def to_pandas(self) -> pd.DataFrame:
        """Give a data frame; decimals become floats. Needs pandas, which mechtrail does not install."""
        try:
            import pandas as pd
        except ImportError as error:
            raise InputError("to_pandas() needs pandas; `pip install pandas`") from error
        rows = [[float(v) if isinstance(v, Decimal) else v for v in self._values(row)] for row in self]
        return pd.DataFrame(rows, columns=self.columns)

    def _values(self, row: Row) -> list[Value]:
        return [row.get(name) for name in self.columns]

    def _count(self) -> str:
        rows = f"{len(self)} {'row' if len(self) == 1 else 'rows'}"
        return rows if len(self) <= self.most else f"{rows}, the first {self.most} shown"

    def _repr_html_(self) -> str:
        from kg.views.fragments import html_table

        caption = f"{self.question} ({self._count()})" if self.question else self._count()
        return html_table(self.columns, [self._values(row) for row in self[: self.most]], caption=caption)

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:  # noqa: ARG002 - the signature is IPython's
        from kg.views.fragments import plain_table

        table = plain_table(self.columns, [self._values(row) for row in self[: self.most]])
        printer.text(f"{table}\n({self._count()})")


@dataclass(frozen=True, slots=True)
class Card:
    """What a term is, and every assertion about it."""

    curie: str
    facts: tuple[tuple[str, ...], ...]
    statements: tuple[dict[str, str], ...]

    def __str__(self) -> str:
        from kg.views.card import draw_card

        return draw_card(self.curie, self.facts, self.statements)

    def _repr_html_(self) -> str:
        from kg.views.fragments import html_card

        return html_card(self.curie, self.facts, self.statements)

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:  # noqa: ARG002
        printer.text(str(self))


@dataclass(frozen=True, slots=True)
class Paths:
    """Chains of assertions between two terms, the best supported first; `shown` of them are printed."""

    paths: tuple[TracedPath, ...]
    network: Network = field(repr=False)
    shown: int = 5

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[TracedPath]:
        return iter(self.paths)

    def __getitem__(self, place: int) -> TracedPath:
        return self.paths[place]

    def _count(self) -> str:
        words = f"{len(self)} {'path' if len(self) == 1 else 'paths'}"
        return words + (f", the first {self.shown} shown" if len(self) > self.shown else "")

    def __str__(self) -> str:
        from kg.views.trace import draw_path

        return "\n\n".join([self._count(), *(draw_path(path, self.network) for path in self.paths[: self.shown])])

    def _repr_html_(self) -> str:
        from kg.views.fragments import html_paths

        return f"<p>{self._count()}</p>\n{html_paths(self.paths[: self.shown], self.network)}"

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:  # noqa: ARG002
        printer.text(str(self))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG, which can be saved in the other formats, too."""

    title: str
    svg: str = field(repr=False)
    as_file: Callable[[str], str | bytes] = field(repr=False)  # a suffix such as ".html" -> the file

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file: `.svg`, `.html`, and with the extra `figures` `.png` or `.pdf`."""
        path = Path(path)
        if path.suffix not in SUFFIXES:
            raise InputError(f"{path}: a picture is a file that ends with {', '.join(SUFFIXES)}")
        content = self.as_file(path.suffix)
        try:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror}") from error
        return path

    def _repr_svg_(self) -> str:
        return self.svg


@dataclass(frozen=True, slots=True)
class PooledOutcome:
    """An outcome pooled over studies, or the reasons why it is not; `analysis` holds every number."""

    analysis: Analysis = field(repr=False)
    query: str  # the command that prints the same
    as_of: str = ""  # the days of the data, in words

    def forest(self) -> Picture:
        """Draw it as a forest plot; what must not be pooled gets no diamond."""
        from kg.pictures import render_svg
        from kg.views.forest import draw_forest
        from kg.views.synthesis import forest_of

        plot = forest_of(self.analysis, as_of=self.as_of, query=self.query)
        svg = draw_forest(plot)
        return Picture(plot.title, svg, lambda suffix: render_svg(svg, suffix, plot.title, {self.query: str(self)}))

    def __str__(self) -> str:
        from kg.views.synthesis import draw_analysis

        return draw_analysis(self.analysis)

    def _repr_html_(self) -> str:
        from kg.views.fragments import html_analysis

        return html_analysis(self.analysis)

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:  # noqa: ARG002
        printer.text(str(self))


def _value(term: object) -> Value:
    """Give a term as Python has it: numbers, truth, text; an IRI as CURIE where a prefix of ours fits."""
    if isinstance(term, ox.NamedNode):
        return compress(term.value)
    if not isinstance(term, ox.Literal):
        return None if term is None else str(term)
    kind = term.datatype.value.partition("#")[2]
    if kind in _WHOLE:
        return int(term.value)
    if kind == "decimal":
        return Decimal(term.value)
    if kind in ("double", "float"):
        return float(term.value)
    return term.value == "true" if kind == "boolean" else term.value


def answer_of(solutions: ox.QuerySolutions, question: str = "") -> Answer:
    """Give the rows of a query with Python's own values."""
    names = [variable.value for variable in solutions.variables]
    return Answer(({name: _value(row[name]) for name in names} for row in solutions), columns=names, question=question)
