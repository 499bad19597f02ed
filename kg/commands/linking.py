"""`link`: which terms of other ontologies a name means, as proposed mappings; and a review of existing mappings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.commands.terminal import Commands, Parser, command, emit, out_option, report, say
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.linking import Index, Request
    from kg.linking.own import Own

__all__ = ["add_commands"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add the commands of this family."""
    parser = command(commands, link, 'mechtrail link "mesenchymal stromal cell" --ontologies cl.obo')
    parser.add_argument("what", nargs="*", metavar="TEXT|FILE", help="a name; or a list, a table or SSSOM with names")
    parser.add_argument("--graph", action="store_true", help="ask for the terms of our own ontology: what is new only")
    words = "files and folders of ontologies, of HGNC, MeSH and WikiPathways names, and of mappings; else the packaged"
    parser.add_argument("--ontologies", nargs="+", type=Path, default=[], metavar="FILE", help=words)
    parser.add_argument("--column", default="", help="the column of a table that has the names")
    parser.add_argument("--kind", default="", help="which kind of entity is meant: cell, protein, disease ...")
    parser.add_argument("--only", nargs="+", default=[], metavar="PREFIX", help="these ontologies only: CL GO ...")
    parser.add_argument("--min-confidence", type=float, help="propose nothing below it, from 0 to 1 (default: 0.7)")
    parser.add_argument("--top", type=int, default=1, help="how many terms of each ontology (default: %(default)s)")
    parser.add_argument("--no-own", action="store_true", help="do not ask our own terms and accepted mappings first")
    parser.add_argument("--check", action="store_true", help="review the mappings of the files instead; exit 1 if any")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="with --graph: add the matches to these mappings")
    parser.add_argument("--author", default="", help="who answers for what --into writes")
    parser.add_argument("--date", default="", help="the day that --into writes, as 2026-11-25")
    parser.add_argument("-f", "--format", dest="form", choices=["text", "sssom"], help="for people, or as SSSOM/TSV")
    out_option(parser)


def link(
    what: list[str], graph: bool, ontologies: list[Path], column: str, kind: str, only: list[str],
    min_confidence: float | None, top: int, no_own: bool, check: bool, into: Path | None, author: str, date: str,
    form: str | None, out: Path | None,
) -> None:  # fmt: skip
    """Propose which terms of other ontologies a name means, each with its relation, confidence and reason."""
    from kg.linking import link as rows_of
    from kg.linking.own import read_own
    from kg.linking.proposals import LEAST
    from kg.linking.writing import put_into, to_sssom, to_table

    least = LEAST if min_confidence is None else min_confidence
    _check_options(what, graph, kind, least, top, into, author, date, check)
    own = read_own()
    index = _open(ontologies)
    if check:
        return _review(what, graph, index)
    requests = _requests(what, graph, column, kind, own)
    asked = None if no_own else own
    rows = list(rows_of(index, requests, own=asked, ontologies=only, least=least, top=top, only_new=graph))
    if into:
        for path in put_into(into, own, rows, author=author, day=date):
            say(f"wrote {path}")
        return None
    form = form or ("text" if out is None and sys.stdout.isatty() else "sssom")
    emit(to_table(rows) if form == "text" else to_sssom(rows, sources=_known_titles(index)), out)
    none = sum(row.object_id == "sssom:NoTermFound" for row in rows)
    say(f"{len(requests)} names, {len(rows) - none} proposals, {none} searches without a match")
    return None


def _check_options(
    what: list[str], graph: bool, kind: str, least: float, top: int, into: Path | None, author: str, date: str,
    check: bool,
) -> None:  # fmt: skip
    from kg.linking.kinds import KINDS

    if bool(what) == graph:
        raise InputError("link takes names or files, or --graph")
    if kind and kind not in KINDS:
        raise InputError(f"--kind: found {kind!r}, expected one of: {', '.join(KINDS)}")
    if not 0 <= least <= 1:
        raise InputError(f"--min-confidence: found {least:g}, expected a number from 0 to 1")
    if top < 1:
        raise InputError(f"--top: found {top}, expected 1 or more")
    if into and (not graph or check or not author or not date):
        raise InputError("--into takes --graph, --author NAME and --date DAY, and no --check")


def _open(ontologies: list[Path]) -> Index:
    from kg.linking import open_index
    from kg.paths import ontology_folder

    if not ontologies:
        ontologies = [ontology_folder() / "imports"]
        say("no --ontologies: only the packaged slices and the accepted mappings are asked")
    index = open_index(ontologies, step=lambda name: say(f"reading {name}"))
    if silent := index.without_names():
        more = f" and {len(silent) - 5} more" if len(silent) > 5 else ""
        say(f"{len(silent)} file(s) give no name, being no ontology or broken: {', '.join(silent[:5])}{more}")
    return index


def _known_titles(index: Index) -> list[str]:
    return sorted(set(index.titles()))


def _requests(what: list[str], graph: bool, column: str, kind: str, own: Own) -> list[Request]:
    from kg.linking import Request
    from kg.linking.own import requests_of
    from kg.linking.requests import read_requests

    if graph:
        return [one for one in requests_of(own) if not kind or one.kind == kind]
    found: list[Request] = []
    for each in what:
        path = Path(each)
        found += read_requests(path, column=column, kind=kind) if path.is_file() else [Request(each, kind)]
    if any(not one.name.strip() for one in found):
        raise InputError("link: found an empty name")
    return found


def _review(what: list[str], graph: bool, index: Index) -> None:
    from kg.linking import review_mappings
    from kg.paths import ontology_folder

    files = sorted((ontology_folder() / "mappings").glob("*.sssom.tsv")) if graph else list(map(Path, what))
    reviews = [review_mappings(path, index) for path in files]
    for path, review in zip(files, reviews, strict=True):
        say(f"{path.name}: {review.words()}")
    report([problem for review in reviews for problem in review.problems], "no mapping has a problem")
