"""What is known of a term, or of the whole graph, as one offline HTML document with its references beside it.

The package collects rows, chains, analyses and pictures into the parts of a report; how a report looks is
`kg.views.report`, how references are written the exporters'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kg import __version__
from kg.errors import InputError
from kg.exporters.bibtex import write_bibtex
from kg.exporters.ris import write_ris
from kg.lookup import resolve
from kg.references import read_references
from kg.report.rows import Whole, dates_in_words, read_whole
from kg.report.sections import cited_in, sections_of_term
from kg.report.term import read_about
from kg.report.whole import sections_of_whole
from kg.store import Store
from kg.views.report import Listing, Report, Section, Works, draw_report

__all__ = ["read_whole", "report_files", "report_of", "write_files"]


def _with_references(whole: Whole, title: str, subtitle: str, sections: list[Section]) -> Report:
    used = read_references(whole.store, of=cited_in(sections))
    files = (Listing("The same as BibTeX", write_bibtex(used)), Listing("The same as RIS", write_ris(used)))
    listed = Section("references", "References", (Works(), *(files if used else ())))
    footer = f"Made by mechtrail {__version__}; {dates_in_words(whole.dates)}. The same graph gives the same file."
    return Report(title, subtitle, (*sections, listed), tuple(used), footer)


def report_of(store: Store, term: str | None = None, *, whole: Whole | None = None) -> Report:
    """Give the report on a term (CURIE, IRI, label or synonym), or on the whole graph.

    Who makes several reports of one graph hands over what `read_whole` gave, so that it is read once.

    Raises `NotFoundError` with the nearest for a term that is not there.
    """
    node = resolve(store, term) if term is not None else None
    whole = whole or read_whole(store)
    if node is None:
        subtitle = "Mechanisms of cell therapy in cerebral palsy, and which trial evidence stands behind each"
        return _with_references(whole, "What this graph knows", subtitle, sections_of_whole(whole))
    about = read_about(whole, node)
    subtitle = f"What is known here of this {about.kind or 'term'} ({about.curie}), how well, and what is missing"
    return _with_references(whole, about.label, subtitle, sections_of_term(whole, about))


def report_files(store: Store, term: str | None = None) -> Iterator[tuple[str, str]]:
    """Give (file name, text) of the document and of its references as BibTeX and RIS."""
    report = report_of(store, term)
    words = re.sub(r"[^a-z0-9]+", "-", report.title.casefold()).strip("-") if term is not None else ""
    stem = f"report-{words[:60].strip('-')}" if words else "report"
    yield f"{stem}.html", draw_report(report)
    yield f"{stem}.bib", write_bibtex(report.references)
    yield f"{stem}.ris", write_ris(report.references)


def write_files(store: Store, term: str | None, folder: Path) -> list[Path]:
    """Write the document and its references into a folder, which is made if need be; give the paths."""
    written = []
    files = list(report_files(store, term))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files:
            (folder / name).write_bytes(text.encode("utf-8", "backslashreplace"))
            written.append(folder / name)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from error
    return written
