"""`cite`, `verify`, `validate`: from a source text to claims that hold."""

from __future__ import annotations

import sys
from pathlib import Path

from kg.commands.terminal import Commands, Parser, command, emit, report, say, sources_option

__all__ = ["add_commands"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add the commands of this family."""
    parser = command(commands, cite, 'mechtrail cite petriv2020 "MSCs express ... CXCR4," --sources my-texts')
    parser.add_argument("source", help="id of the source: the name of the text file")
    parser.add_argument("words", help='"first words ... last words", or the whole passage')
    parser.add_argument(
        "--sources", type=Path, default=Path("sources"), help="folder with your copies of the sources (sources)"
    )
    parser.add_argument("--section", default="SECTION", help="name of the section, for the claim file")

    parser = command(commands, verify, "mechtrail verify --sources my-texts --format json")
    parser.add_argument("paths", nargs="*", type=Path, help="claims files; without any, the packaged ones")
    sources_option(parser)
    parser.add_argument("-f", "--format", dest="form", choices=["text", "json"], default="text")
    parser.add_argument("--record", action="store_true", help="write what was found into the verification records")

    parser = command(commands, validate, "mechtrail validate --sources my-texts")
    parser.add_argument("paths", nargs="*", type=Path, help="more claims or study files")
    sources_option(parser)
    words = "let the reasoner judge the facts of the graph too, not the ontology alone (most of a minute)"
    parser.add_argument("--facts", action="store_true", help=words)


def cite(source: str, words: str, sources: Path, section: str) -> None:
    """Find a passage in your copy and print the fingerprint to paste into a claim."""
    from kg.views.passages import draw_citation

    emit(draw_citation(source, words, sources, section), None)


def verify(paths: list[Path], sources: Path | None, form: str, record: bool) -> None:
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
    problems = check_fingerprints(checked)
    for problem in problems:
        say(str(problem))
    if problems:
        sys.exit(1)


def validate(paths: list[Path], sources: Path | None, facts: bool) -> None:
    """Run all checks: files, fingerprints, shapes, quality questions and, with Java, the reasoner."""
    from kg.build import build as build_graph
    from kg.build import curated_files
    from kg.reason import check_facts, check_ontology, java_is_there
    from kg.validate import check_fingerprints, check_quality, check_shapes, passages
    from kg.verification import read_texts

    texts = read_texts(sources)
    built = build_graph(paths, texts=texts)
    problems = check_fingerprints(passages([*curated_files(), *paths], texts))
    problems += [*check_quality(built.store), *check_shapes(built.store)]
    if java_is_there():
        problems += check_facts(built.store.quads()) if facts else check_ontology()
    else:
        say("no Java: the reasoner check was left out; everything else ran")
    report(problems, f"no problems: {built.summary()}")
