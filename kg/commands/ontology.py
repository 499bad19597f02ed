"""`ontology`: build, check and format it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.commands.importing import add_tasks, files_option, read_shelf
from kg.commands.terminal import Commands, Parser, command, emit, report, say
from kg.errors import InputError, SourceError

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from kg.ontology.formatting import Formatted

__all__ = ["add_commands"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add `ontology` with its three commands."""
    words = "build, check or format the ontology"
    family = commands.add_parser("ontology", help=words, description=f"{words.capitalize()}.")
    family.set_defaults(run=family.print_help)
    tasks = family.add_subparsers(metavar="TASK")
    parser = command(tasks, ontology_build, "mechtrail ontology build -o ctmo.owl", name="build")
    parser.add_argument("-o", "--out", type=Path, help="a file, or a folder for all formats, instead of stdout")
    parser.add_argument("-f", "--format", dest="form", help="ttl, owl (RDF/XML), nt, obojson, html or all; else by -o")
    files_option(command(tasks, ontology_check, "mechtrail ontology check", name="check"))
    add_tasks(tasks)
    parser = command(tasks, ontology_format, "mechtrail ontology format --check", name="format")
    words = "Turtle files, term tables, or what an OWL tool saved; without one, all of the packaged ontology"
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=words)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file is not canonical")
    parser.add_argument("-o", "--out", type=Path, help="write here; an OWL file is else written beside itself as .ttl")
    parser.add_argument("--into", metavar="PART", help="FILE is the whole ontology, edited: put what is new into PART")
    parser.add_argument("--drop-comments", action="store_true", help="format a file with comments, which get lost")


def ontology_build(out: Path | None, form: str | None) -> None:
    """Write the whole ontology: Turtle, RDF/XML for OWL tools, N-Triples, OBO graphs JSON, a page to read."""
    from kg.ontology.formats import merge, outputs, to_text
    from kg.ontology.parts import ontology_quads

    planned = outputs(out, form)
    quads = list(ontology_quads())
    triples = merge(quads)
    for each, path in planned:
        if path is not None and path != out:
            _make_folder(path.parent)
        emit(_reference(quads) if each == "html" else to_text(triples, each), path)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made: {error.strerror}") from error


def _reference(quads: list[Quad]) -> str:
    from kg import __version__
    from kg.ontology.outline import read_outline
    from kg.views.reference import draw_reference

    return draw_reference(read_outline(quads), footer=f"mechtrail {__version__}")


def ontology_check(files: list[Path]) -> None:
    """Check the term tables by questions and, with Java, the axioms by HermiT."""
    from kg.ontology import ontology_quads
    from kg.ontology.checks import check_terms
    from kg.reason import check_ontology, java_is_there
    from kg.store import LocalStore
    from kg.validate import check_quality

    store = LocalStore.in_memory()
    store.extend(ontology_quads())
    problems = check_terms(shelf=read_shelf(files) if files else None) + check_quality(store, tag="ontology")
    if java_is_there():
        problems += check_ontology()
    else:
        say("no Java: the reasoner check was left out; everything else ran")
    report(problems, "the ontology has no problems")


def _write(formatted: Formatted, drop_comments: bool) -> None:
    from kg.ontology import write_core

    if formatted.comments and not drop_comments:
        count = f"{len(formatted.comments)} comment line" + "s" * (len(formatted.comments) > 1)
        words = f"formatting would delete {count}; --drop-comments does it anyway"
        raise SourceError(formatted.path.name, formatted.comments[0], "", words)
    write_core(formatted.path, formatted.text)


def ontology_format(files: list[Path], check: bool, out: Path | None, into: str | None, drop_comments: bool) -> None:
    """Put files into their canonical form, without any change of meaning."""
    from kg.ontology.formatting import files_to_format, format_file

    if (out or into) and (len(files) != 1 or check):
        raise InputError("-o and --into take one FILE, and no --check")
    if into:
        return _take_back(files[0], into, out)
    paths = files or files_to_format()
    changed = [each for each in (format_file(path, out=out) for path in paths) if not each.is_canonical]
    for formatted in changed:
        if not check:
            _write(formatted, drop_comments)
        say(f"{formatted.path}: {'not in canonical form' if check else 'formatted'}")
    if check and changed:
        sys.exit(1)
    say(f"{paths[0] if len(paths) == 1 else f'{len(paths)} files'}: canonical")


def _take_back(file: Path, part: str, out: Path | None) -> None:
    from kg.ontology.owl_files import read_owl
    from kg.ontology.returned import take_back
    from kg.ontology.turtle_writer import to_turtle
    from kg.paths import ontology_folder

    triples, problems = take_back(read_owl(file), part)
    emit(to_turtle(triples), out or ontology_folder() / f"{part}.ttl")
    report(problems, "nothing else has to change")
