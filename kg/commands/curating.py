"""`cite`, `verify`, `validate`: from a source text to claims that hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.commands.terminal import SourcesOption, emit, report, say

__all__ = ["cite", "validate", "verify"]


def cite(
    source: Annotated[str, typer.Argument(help="Id of the source: the name of the text file.")],
    words: Annotated[str, typer.Argument(help='"first words ... last words", or the whole passage.')],
    sources: Annotated[Path, typer.Option("--sources", help="Folder with your copies of the sources.")] = Path(
        "sources"
    ),
    section: Annotated[str, typer.Option(help="Name of the section, for the claim file.")] = "SECTION",
) -> None:
    """Find a passage in your copy and print the fingerprint to paste into a claim."""
    from kg.views.passages import draw_citation

    emit(draw_citation(source, words, sources, section), None)


def verify(
    sources: SourcesOption = None,
    form: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
    record: Annotated[
        bool, typer.Option("--record", help="Write what was found into the verification records.")
    ] = False,
    paths: Annotated[list[Path] | None, typer.Argument(help="Claims files; without any, the packaged ones.")] = None,
) -> None:
    """Hold every fingerprint and every number against your copies of the sources."""
    from kg.build import curated_files
    from kg.validate import check_fingerprints, passages, record_verified
    from kg.verification import read_texts
    from kg.views.passages import draw_checks, json_checks

    files = paths or curated_files()
    texts = read_texts(sources)
    if record:
        for path in record_verified(files, texts):
            say(f"wrote {path}")
    checked = passages(files, texts)
    emit(json_checks(checked) if form == "json" else draw_checks(checked), None)
    problems = check_fingerprints(files, texts)
    for problem in problems:
        say(str(problem))
    if problems:
        raise typer.Exit(1)


def validate(
    paths: Annotated[list[Path] | None, typer.Argument(help="More claims or study files.")] = None,
    sources: SourcesOption = None,
) -> None:
    """Run all checks: files, fingerprints, shapes, quality questions and, with Java, the reasoner."""
    from kg.build import build as build_graph
    from kg.build import curated_files
    from kg.reason import check_ontology, java_is_there
    from kg.validate import check_fingerprints, check_quality, check_shapes
    from kg.verification import read_texts

    texts = read_texts(sources)
    built = build_graph(paths or [], texts=texts)
    problems = check_fingerprints([*curated_files(), *(paths or [])], texts)
    problems += [*check_quality(built.store), *check_shapes(built.store)]
    if java_is_there():
        problems += check_ontology()
    else:
        say("no Java: the reasoner check was left out; everything else ran")
    report(problems, f"no problems: {built.summary()}")
