"""`ontology`: build, check and format it."""

from __future__ import annotations

import sys
from pathlib import Path

from kg.commands.terminal import Commands, Parser, command, emit, out_option, report, say
from kg.errors import NotFoundError, SourceError

__all__ = ["add_commands"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add `ontology` with its three commands."""
    words = "build, check or format the ontology"
    family = commands.add_parser("ontology", help=words, description=f"{words.capitalize()}.")
    family.set_defaults(run=family.print_help)
    tasks = family.add_subparsers(metavar="TASK")
    out_option(command(tasks, ontology_build, "mechtrail ontology build -o ctmo.ttl", name="build"))
    command(tasks, ontology_check, "mechtrail ontology check", name="check")
    parser = command(tasks, ontology_format, "mechtrail ontology format ontology/core.ttl", name="format")
    parser.add_argument("file", nargs="?", type=Path, help="a Turtle file; without one, the packaged core.ttl")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if the file is not canonical")
    parser.add_argument("--drop-comments", action="store_true", help="format a file with comments, which get lost")


def ontology_build(out: Path | None) -> None:
    """Write the whole ontology as one Turtle file."""
    from kg.ontology import compile_turtle

    emit(compile_turtle(), out)


def ontology_check() -> None:
    """Check the term tables by questions and, with Java, the axioms by HermiT."""
    from kg.ontology import ontology_quads
    from kg.reason import check_ontology, java_is_there
    from kg.store import LocalStore
    from kg.validate import check_quality

    store = LocalStore.in_memory()
    store.extend(ontology_quads())
    problems = check_quality(store, tag="ontology")
    if java_is_there():
        problems += check_ontology()
    else:
        say("no Java: the reasoner check was left out; everything else ran")
    report(problems, "the ontology has no problems")


def _refuse_comments(path: Path, lines: list[int]) -> None:
    if lines:
        count = f"{len(lines)} comment line" + ("s" if len(lines) > 1 else "")
        raise SourceError(path.name, lines[0], "", f"formatting would delete {count}; --drop-comments does it anyway")


def ontology_format(file: Path | None, check: bool, drop_comments: bool) -> None:
    """Put a Turtle file into its canonical form."""
    from kg.ontology import comment_lines, format_core, read_core, write_core
    from kg.paths import ontology_folder

    path = file or ontology_folder() / "core.ttl"
    if not path.is_file():
        raise NotFoundError("file", str(path))
    text = read_core(path)
    formatted = format_core(text, file=path.name)
    if check and formatted != text:
        say(f"{path} is not in canonical form")
        sys.exit(1)
    if not check and formatted != text:
        _refuse_comments(path, [] if drop_comments else comment_lines(text))
        write_core(path, formatted)
    say(f"{path}: canonical")
