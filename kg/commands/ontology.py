"""`ontology`: build, check and format it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.commands.terminal import OutOption, emit, report, say
from kg.errors import NotFoundError

__all__ = ["ontology_build", "ontology_check", "ontology_format"]


def ontology_build(out: OutOption = None) -> None:
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


def ontology_format(
    file: Annotated[Path | None, typer.Argument(help="A Turtle file; without one, the packaged core.ttl.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 if the file is not canonical.")
    ] = False,
) -> None:
    """Put a Turtle file into its canonical form."""
    from kg.ontology import format_core
    from kg.paths import ontology_folder

    path = file or ontology_folder() / "core.ttl"
    if not path.is_file():
        raise NotFoundError("file", str(path))
    text = path.read_text(encoding="utf-8")
    formatted = format_core(text)
    if check and formatted != text:
        say(f"{path} is not in canonical form")
        raise typer.Exit(1)
    if not check and formatted != text:
        path.write_text(formatted, encoding="utf-8")
    say(f"{path}: canonical")
