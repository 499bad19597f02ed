"""`query`, `queries`, `show`, `trace`: questions to a graph."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.commands.terminal import Commands, Parser, command, emit, in_time, open_graph, out_option, say, store_option
from kg.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from kg.catalogue import Query
    from kg.store import Store

__all__ = ["add_commands", "parameters_of", "read_question"]


def add_commands(commands: Commands[Parser]) -> None:
    """Add the commands of this family."""
    parser = command(commands, query, 'mechtrail query factors/secreted-factors -p cell_type="stem cell" -f csv')
    parser.add_argument("name", help="a question (see `queries`), a .rq file, or - for stdin")
    parser.add_argument(
        *("-p", "--param"), dest="parameters", action="append", default=[], metavar="NAME=VALUE", help="a parameter"
    )
    parser.add_argument("-f", "--format", dest="form", help="table, csv, tsv, json, xml, md, ttl, nt or jsonld")
    parser.add_argument("--timeout", type=float, default=60.0, metavar="S", help="seconds until the query is stopped")
    words = "the graph as the literature stood at the end of this year (built anew: some seconds)"
    parser.add_argument("--as-of", type=int, metavar="YEAR", help=words)
    words = "where the answer is empty, say which pattern empties it and what comes nearest"
    parser.add_argument("--explain", action="store_true", help=words)
    out_option(parser)
    store_option(parser)

    parser = command(commands, queries, "mechtrail queries mechanism/evidence")
    parser.add_argument("name", nargs="?", help="show one question whole")
    words = "write the page of all questions with their SPARQL and their answers (Markdown)"
    parser.add_argument("--page", action="store_true", help=words)
    out_option(parser)
    store_option(parser)

    parser = command(commands, schema, "mechtrail schema -o schema.md")
    parser.add_argument(
        "-f", "--format", dest="form", choices=["md", "ttl"], default="md", help="page, or VoID + SHACL"
    )
    out_option(parser)
    store_option(parser)

    parser = command(commands, show, "mechtrail show BDNF")
    parser.add_argument("term", help="CURIE, IRI, label or synonym")
    store_option(parser)

    parser = command(commands, trace, 'mechtrail trace "mesenchymal stem cell" "gross motor function" --via homing')
    parser.add_argument("start", help="the term to start from")
    parser.add_argument("goal", help="the term to reach")
    parser.add_argument("--via", help="a term that the path has to pass")
    parser.add_argument(
        *("--min-level",), type=int, default=1, metavar="N",
        help="1 hypothesised, 2 stated, 3 in vitro, 4 animal, 5 in patients",
    )  # fmt: skip
    parser.add_argument("--max-steps", type=int, default=5, metavar="N", help="at most this many steps (5)")
    parser.add_argument("-n", "--count", type=int, default=5, metavar="N", help="at most this many paths (5)")
    store_option(parser)


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # longer than any file's name, or with a sign that no file has
        return False


def read_question(name: str) -> Query:
    """Give a question of the catalogue, of a file or of stdin (`-`), with prefixes of ours declared.

    Raises `NotFoundError` with the nearest, `SourceError` for a header that does not fit.
    """
    from kg.catalogue import Query, find_query, parse_query, with_prefixes

    if name == "-":
        text = sys.stdin.read()
        question = parse_query(text, "stdin") if "#+" in text else Query("stdin", text, "")
    elif name.endswith(".rq") or _is_file(name):
        if not _is_file(name):
            raise NotFoundError("file", name)
        text = Path(name).read_text(encoding="utf-8", errors="replace")
        question = parse_query(text, Path(name).stem) if "#+" in text else Query(name, text, "")
    else:
        question = find_query(name)
    return replace(question, text=with_prefixes(question.text))


def parameters_of(given: list[str]) -> dict[str, str]:
    """Give name -> value for what `-p` was given."""
    values = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise InputError(f"-p takes name=value, found {one!r}")
        values[name] = value
    return values


def _slice(year: int, store: str | None) -> Store:
    """Give the packaged graph as it stood at the end of a year, and say what was not there yet."""
    from kg.build import build

    if store is not None:
        raise InputError("--as-of builds the packaged graph anew and takes no --store")
    built = build(as_of=year)
    undated = sorted(name for name, came in built.left_out.items() if came is None)
    say(f"as of {year}: {len(built.records_of_file)} files; {len(built.left_out) - len(undated)} came later")
    if undated:
        say(f"left out without a date: {', '.join(undated)}")
    return built.store


def query(
    name: str,
    parameters: list[str],
    form: str | None,
    out: Path | None,
    store: str | None,
    timeout: float,
    as_of: int | None,
    explain: bool,
) -> None:
    """Run a question, a file or stdin. Table on a terminal, TSV in a pipe."""
    import pyoxigraph as ox

    from kg.answers import FORMATS, as_table, rows_of, write_answer
    from kg.catalogue import bind, parse_values, run
    from kg.errors import nearest
    from kg.explain import explain_empty
    from kg.lookup import resolve

    if form is not None and form not in FORMATS:
        raise InputError(
            f"no format {form!r}; expected one of: {', '.join(FORMATS)}; nearest: {nearest(form, FORMATS)}"
        )
    question = read_question(name)
    graph = open_graph(store) if as_of is None else _slice(as_of, store)
    values = parse_values(question, parameters_of(parameters), lambda words: resolve(graph, words))
    if explain:
        emit(in_time(lambda: explain_empty(graph, bind(question, values)), timeout), out)
        return

    def work() -> tuple[str, Any]:
        answer = run(graph, question, **values)
        wanted = form or ("table" if sys.stdout.isatty() and out is None else "tsv")
        if isinstance(answer, ox.QueryTriples) and form is None:
            wanted = "ttl"
        if isinstance(answer, ox.QueryBoolean) and wanted in ("table", "tsv", "csv", "md"):
            return "bytes", b"true\n" if answer else b"false\n"
        if wanted == "table" and isinstance(answer, ox.QuerySolutions):
            return "rows", rows_of(answer)
        return "bytes", write_answer(answer, wanted)

    kind, content = in_time(work, timeout)
    if kind == "bytes":
        emit(content, out)
        return
    from rich.console import Console

    names, rows = content
    console = Console(record=out is not None, file=io.StringIO() if out else None)
    console.print(as_table(names, rows))
    if out:
        emit(console.export_text(), out)
    say(f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}")


def queries(name: str | None, page: bool, out: Path | None, store: str | None) -> None:
    """List the questions, or show one with its parameters and its SPARQL."""
    from kg.catalogue import find_query, load_catalogue

    if page:
        emit(_page(open_graph(store)), out)
        return
    if name is None:
        for known, question in load_catalogue().items():
            if not {"rule", "quality", "network"} & set(question.tags):
                print(f"{known}\t{question.summary}")
        return
    question = find_query(name)
    for parameter in question.parameters:
        needed = "" if parameter.required else " (optional)"
        say(f'-p {parameter.name}="{parameter.example}"  {parameter.help}{needed}')
    print(question.text, end="")


def _page(graph: Store) -> str:
    """Give every question with what the graph answers; a parameter that is asked for gets its example."""
    from kg.answers import rows_of
    from kg.catalogue import parse_values, select
    from kg.lookup import resolve
    from kg.schema import examples
    from kg.views.documents import Answered, draw_questions

    answered = []
    for question in examples():
        if "graph" in question.tags or question.name == "terms/find":
            continue
        given = {each.name: each.example for each in question.parameters if each.required}
        values = parse_values(question, given, lambda words: resolve(graph, words))
        answered.append(Answered(question, *rows_of(select(graph, question, **values)), given))
    return draw_questions(answered)


def schema(form: str, out: Path | None, store: str | None) -> None:
    """Print the classes, relations and counts of the graph, as a page or as VoID with SPARQL examples."""
    import pyoxigraph as ox

    from kg.answers import rows_of
    from kg.catalogue import find_query, select
    from kg.namespaces import PREFIXES
    from kg.schema import schema_quads
    from kg.views.documents import draw_schema

    graph = open_graph(store)
    if form == "ttl":
        triples = sorted((quad.triple for quad in schema_quads(graph)), key=str)
        more = {"void": "http://rdfs.org/ns/void#", "schema": "https://schema.org/"}
        emit(ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES | more) or b"", out)
        return
    kinds, classes, relations = (
        rows_of(select(graph, find_query(f"schema/{name}")))[1] for name in ("kinds", "classes", "relations")
    )
    emit(draw_schema([row[1:] for row in kinds], classes, relations), out)


def show(term: str, store: str | None) -> None:
    """Show what a term is and every assertion about it, with its evidence."""
    from kg.answers import rows_of
    from kg.catalogue import find_query, select
    from kg.lookup import resolve
    from kg.namespaces import compress
    from kg.views.card import draw_card

    graph = open_graph(store)
    node = resolve(graph, term)
    _, facts = rows_of(select(graph, find_query("terms/card"), term=node))
    names, rows = rows_of(select(graph, find_query("terms/statements"), term=node))
    emit(draw_card(compress(node.value), facts, [dict(zip(names, row, strict=True)) for row in rows]), None)


def trace(
    start: str, goal: str, via: str | None, min_level: int, max_steps: int, count: int, store: str | None
) -> None:
    """Follow the assertions from one term to another, and say where each path is weakest."""
    from kg.lookup import resolve
    from kg.network import read_network, wider_terms
    from kg.trace import find_paths
    from kg.views.trace import draw_path

    for option, number in (("--min-level", min_level), ("--max-steps", max_steps), ("-n", count)):
        if number < 1:
            raise InputError(f"{option}: found {number}, expected 1 or more")
    graph = open_graph(store)
    ends = [resolve(graph, words).value for words in (start, goal, *([via] if via else []))]
    if ends[0] == ends[1]:
        raise InputError(f"{start!r} and {goal!r} are the same term; a path needs two")
    network = read_network(graph, keep=ends)
    wider = wider_terms(graph, ends[0])
    paths = find_paths(
        network, ends[0], ends[1], wider=wider, via=ends[2] if via else None, max_steps=max_steps, min_level=min_level
    )
    say(
        f"{len(paths)} {'path' if len(paths) == 1 else 'paths'}"
        + (f", the first {count} shown" if len(paths) > count else "")
    )
    emit("\n\n".join(draw_path(path, network) for path in paths[:count]), None)
    if not paths:
        raise NotFoundError("path of assertions", f"{start} -> {goal}" + (f" via {via}" if via else ""))
