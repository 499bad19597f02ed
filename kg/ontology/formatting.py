"""Files of the ontology -> their canonical form: Turtle and tables in place, what an OWL tool saved beside itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError, NotFoundError, SourceError
from kg.ontology.owl_files import ENDINGS, read_owl
from kg.ontology.table_format import format_table
from kg.ontology.turtle import comment_lines, read_core, read_text
from kg.ontology.turtle_writer import format_turtle, to_turtle
from kg.paths import ontology_folder

__all__ = ["Formatted", "files_to_format", "format_file"]


@dataclass(frozen=True, slots=True)
class Formatted:
    """The canonical text of a file and where it belongs; `comments` are the lines of comments that it would delete."""

    path: Path
    text: str
    is_canonical: bool
    comments: tuple[int, ...]


def files_to_format(folder: Path | None = None) -> list[Path]:
    """Give the files of an ontology that have a canonical form, sorted: Turtle, imports, tables."""
    folder = folder or ontology_folder()
    return [path for pattern in ("*.ttl", "imports/*.ttl", "terms/*.tsv") for path in sorted(folder.glob(pattern))]


def _turtle(path: Path, text: str, formatted: str) -> Formatted:
    return Formatted(path, formatted, formatted == text, tuple(comment_lines(text)))


def format_file(path: Path, *, out: Path | None = None) -> Formatted:
    """Format a Turtle file, a term table, or a file of an OWL tool, by its ending.

    Writes nothing. Raises `SourceError` where a file cannot be read, and `InputError` for any other ending.
    """
    if not path.is_file():
        raise NotFoundError("file", str(path))
    if path.suffix == ".ttl":
        return _turtle(out or path, read_core(path), format_turtle(read_core(path), file=path.name))
    if path.suffix == ".tsv":
        text = read_text(path)
        formatted = format_table(text, file=path.name)
        return Formatted(out or path, formatted, formatted == text, ())
    if path.suffix not in ENDINGS:
        raise InputError(f"{path}: expected a file that ends in .ttl, .tsv, {', '.join(ENDINGS)}")
    try:
        formatted = to_turtle(read_owl(path))
    except SourceError:
        raise
    except InputError as error:
        raise SourceError(path.name, 0, "", str(error)) from error
    target = out or path.with_suffix(".ttl")
    return _turtle(target, read_core(target) if target.is_file() else "", formatted)
