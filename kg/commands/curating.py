"""`new`, `cite`, `verify`, `validate`, `holdings`: from a source text to claims that hold, and that stay."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from kg.commands.terminal import Commands, Parser, command, emit, out_option, report, say, sources_option
from kg.errors import InputError
from kg.vocabulary import LEFT_OUT

__all__ = ["add_commands"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add the commands of this family."""
    parser = command(commands, new, "mechtrail new study author2026 -o author2026.yaml")
    kinds = {"study": "a study file", "source": "a claims file", "claim": "one claim", "schema": "for editors"}
    kinds["mapping"] = "what the columns of a table of yours mean"
    words = "; ".join(f"{kind}: {told}" for kind, told in kinds.items())
    parser.add_argument("kind", choices=list(kinds), help=words)
    words = "id of the study or source, the name of its file; for a schema `study` or `claims`; for a mapping the table"
    parser.add_argument("name", nargs="?", default="", help=words)
    out_option(parser)

    parser = command(commands, cite, 'mechtrail cite petriv2020 "MSCs express ... CXCR4," --sources my-texts')
    parser.add_argument("source", help="id of the source: the name of the text file")
    parser.add_argument("words", help='"first words ... last words", or the whole passage')
    parser.add_argument(
        "--sources", type=Path, default=Path("sources"), help="folder with your copies of the sources (sources)"
    )
    parser.add_argument("--section", default="SECTION", help="name of the section, for the claim file")
    words = "print a row for the file of words that carry no claim, with this reason, instead"
    parser.add_argument("--left-out", choices=list(LEFT_OUT), help=words)
    words = "print an excerpt for a fact of a study instead, with the address of the page that has the words"
    parser.add_argument("--page", help=words)
    parser.add_argument("--claim", action="store_true", help="print a whole claim to fill in around the fingerprint")

    parser = command(commands, verify, "mechtrail verify --sources my-texts --format json")
    parser.add_argument("paths", nargs="*", type=Path, help="claims files; without any, the packaged ones")
    sources_option(parser)
    parser.add_argument("-f", "--format", dest="form", choices=["text", "json"], default="text")
    parser.add_argument("--record", action="store_true", help="write what was found into the verification records")
    words = "show, sentence by sentence, the words of each source that no claim stands on"
    parser.add_argument("--coverage", action="store_true", help=words)

    parser = command(commands, validate, "mechtrail validate --sources my-texts")
    parser.add_argument("paths", nargs="*", type=Path, help="more claims or study files")
    sources_option(parser)
    words = "check the named files by themselves, in a second, and leave the graph and the ontology alone"
    parser.add_argument("--quick", action="store_true", help=words)
    words = "let the reasoner judge the facts of the graph too, not the ontology alone (most of a minute)"
    parser.add_argument("--facts", action="store_true", help=words)

    parser = command(commands, holdings, "mechtrail holdings --record")
    parser.add_argument("--record", action="store_true", help="write the counts of today down")
    parser.add_argument("--why", help="why there are fewer of something, where there are")


def new(kind: str, name: str, out: Path | None) -> None:
    """Write a skeleton to fill in, or the JSON Schema that lets an editor complete and check."""
    from kg.curation.schema import KINDS, json_schema
    from kg.curation.skeletons import claim_skeleton, source_skeleton, study_skeleton
    from kg.errors import nearest
    from kg.model.base import SLUG
    from kg.ontology import read_lexicon

    if out is not None and out.exists():
        raise InputError(f"{out}: exists; it is not written over")
    if kind == "schema":
        if name not in KINDS:
            near = nearest(name, KINDS) or list(KINDS)
            message = f"found {name!r}, expected one of: {', '.join(KINDS)}; nearest: {near[0]}"
            raise InputError(f"a schema of what? {message}")
        emit(json_schema(name, read_lexicon().iri_of_relation), out)
    elif kind == "claim":
        emit(claim_skeleton(), out)
    elif kind == "mapping":
        from kg.gate import open_file
        from kg.tables import skeleton

        emit(skeleton(open_file(Path(name))), out)
    else:
        if not re.fullmatch(SLUG, name):
            message = f"found the id {name!r}, expected small letters a-z, digits and single hyphens between them"
            raise InputError(f"{message}: mechtrail new {kind} author2026")
        emit(study_skeleton(name) if kind == "study" else source_skeleton(name), out)


def cite(
    source: str, words: str, sources: Path, section: str, left_out: str | None, page: str | None, claim: bool
) -> None:
    """Find a passage in your copy and print the fingerprint to paste into a claim."""
    from kg.curation.skeletons import claim_skeleton
    from kg.views.passages import draw_citation, draw_excerpt, draw_left_out

    if left_out or page:
        drawn = (
            draw_left_out(source, words, sources, left_out)
            if left_out
            else draw_excerpt(source, words, sources, page or "")
        )
        emit(drawn, None)
        return
    drawn = draw_citation(source, words, sources, section)
    comment, _, passage = drawn.partition("\n")
    emit(f"{comment}\n{claim_skeleton(passage)}" if claim else drawn, None)


def verify(paths: list[Path], sources: Path | None, form: str, record: bool, coverage: bool) -> None:
    """Hold every fingerprint and every number against your copies of the sources."""
    from kg.build import curated_files
    from kg.curation.coverage import mark_problems
    from kg.curation.verification import read_texts
    from kg.validate import check_excerpts, check_fingerprints, coverages, passages, record_verified
    from kg.views.passages import draw_checks, draw_coverage, json_checks, json_coverage

    files = paths or curated_files()
    texts = read_texts(sources)
    if record:
        for path in record_verified(files, texts):
            say(f"wrote {path}")
    checked = passages(files, texts)
    if coverage:
        found = coverages(checked, texts)
        if not found:
            raise InputError("--coverage needs the text of a source: give --sources a folder with <source id>.txt")
        emit(json_coverage(found) if form == "json" else draw_coverage(found), None)
        problems = [problem for marks, each in found for problem in mark_problems(each, marks.name)]
        holes = sum(len(each.gaps) for _, each in found)
        if holes:
            say(f"{holes} sentences with words that no claim stands on; mark what is none: mechtrail cite --left-out")
            for problem in problems:
                say(str(problem))
            sys.exit(1)
    else:
        excerpts, problems = check_excerpts(files, texts)
        emit(json_checks(checked) if form == "json" else draw_checks(checked, excerpts), None)
        problems = [*check_fingerprints(checked), *problems]
    for problem in problems:
        say(str(problem))
    if problems:
        sys.exit(1)


def validate(paths: list[Path], sources: Path | None, facts: bool, quick: bool) -> None:
    """Run all checks: files, fingerprints, shapes, quality questions and, with Java, the reasoner."""
    from kg.build import build as build_graph
    from kg.build import curated_files
    from kg.curation.verification import read_texts
    from kg.holdings import count_holdings, holding_problems, read_holdings
    from kg.paths import holdings_file
    from kg.reason import check_facts, check_ontology, java_is_there
    from kg.validate import check_fingerprints, check_quality, check_records, check_shapes, passages

    texts = read_texts(sources)
    if quick:
        if not paths:
            raise InputError("--quick checks named files: mechtrail validate --quick author2026.yaml")
        found = [*check_fingerprints(passages(paths, texts)), *check_records(paths, texts)]
        report(
            found, f"no problems in {len(paths)} file{'s' * (len(paths) != 1)}; `mechtrail validate` checks the graph"
        )
        return
    built = build_graph(paths, texts=texts)
    files = [*curated_files(), *paths]
    problems = [*check_fingerprints(passages(files, texts)), *check_records(files, texts)]
    if not paths:  # a graph with files of a user's own holds more than the record of the packaged one
        record = read_holdings(holdings_file())
        problems += holding_problems(count_holdings(built.store), record, holdings_file().name)
    problems += [*check_quality(built.store), *check_shapes(built.store)]
    if java_is_there():
        problems += check_facts(built.store.quads()) if facts else check_ontology()
    else:
        say("no Java: the reasoner check was left out; everything else ran")
    report(problems, f"no problems: {built.summary()}")


def holdings(record: bool, why: str | None) -> None:
    """Count what the packaged graph holds and compare it with what was written down; less needs a reason."""
    from kg.build import build as build_graph
    from kg.holdings import count_holdings, holding_problems, read_holdings, recorded, write_holdings
    from kg.paths import holdings_file
    from kg.views.passages import draw_holdings

    now, path = count_holdings(build_graph().store), holdings_file()
    before = read_holdings(path)
    if record:
        before = recorded(now, before, why)
        write_holdings(path, before)
        say(f"wrote {path}")
    emit(draw_holdings(now, before), None)
    report(holding_problems(now, before, path.name), "nothing is lost")
