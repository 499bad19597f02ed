"""`fetch`, the only command that asks the network, and `watch`, which holds a fresh search against the graph."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from kg.commands.terminal import Commands, Parser, command, emit, open_graph, out_option, say, store_option
from kg.errors import InputError, KgError

if TYPE_CHECKING:
    from kg.fetch.client import Client
    from kg.fetch.ctgov import Search
    from kg.fetch.receipt import Fetched
    from kg.model.trials import Trial

__all__ = ["add_commands"]

_KEY = "NCBI_API_KEY"
_SHOWN = 5


def add_commands(commands: Commands[Parser]) -> None:
    """Add `fetch` with its three sources, and `watch`."""
    words = "fetch trials, papers or ontologies: the only command that asks the network"
    family = commands.add_parser("fetch", help=words, description=f"{words.capitalize()}.")
    family.set_defaults(run=family.print_help)
    sources = family.add_subparsers(metavar="SOURCE")
    line = 'mechtrail fetch ctgov --cond "cerebral palsy" --intr "stem cell" -o cp.jsonl'
    parser = command(sources, fetch_ctgov, line, name="ctgov")
    _search_options(parser)
    parser.add_argument("--fields", nargs="+", default=[], metavar="FIELD", help="only these parts of each record")
    parser.add_argument("-o", "--out", type=Path, required=True, help="the file to write, one study a line")
    _client_options(parser, "https://clinicaltrials.gov/api/v2")
    line = 'mechtrail fetch pubmed "cerebral palsy AND stem cells AND clinical trial[pt]" -o papers.xml'
    parser = command(sources, fetch_pubmed, line, name="pubmed")
    parser.add_argument("term", nargs="?", default="", metavar="SEARCH", help="in PubMed's own language")
    parser.add_argument("--ids", nargs="+", default=[], metavar="PMID", help="these papers, instead of a search")
    parser.add_argument("-o", "--out", type=Path, required=True, help="the file to write, one XML document")
    parser.add_argument("--email", default="", help="your address, so that NCBI can write to you before it blocks you")
    _client_options(parser, "https://eutils.ncbi.nlm.nih.gov/entrez/eutils")
    line = "mechtrail fetch ontology cl uberon mondo -o ontologies"
    parser = command(sources, fetch_ontologies, line, name="ontology")
    parser.add_argument("names", nargs="+", metavar="NAME", help="as in its address: cl, uberon, mondo, go, hp, pr")
    parser.add_argument("-o", "--out", type=Path, default=Path(), help="the folder to write to; else this one")
    parser.add_argument("-f", "--format", dest="form", choices=["obo", "owl", "json"], default="obo")
    _client_options(parser, "https://purl.obolibrary.org/obo", cache=False)
    parser = command(commands, watch, 'mechtrail watch --cond "cerebral palsy" --intr "stem cell"')
    words = (
        "fetched files, to compare without the network; without files and words, the numbers of the graph are asked for"
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=words)
    _search_options(parser)
    parser.add_argument("-f", "--format", dest="form", choices=["text", "tsv"], default="text")
    out_option(parser)
    store_option(parser)
    _client_options(parser, "https://clinicaltrials.gov/api/v2")


def _search_options(parser: Parser) -> None:
    parser.add_argument("--cond", default="", metavar="WORDS", help="condition, in the registry's search language")
    parser.add_argument("--intr", default="", metavar="WORDS", help="intervention")
    parser.add_argument("--term", default="", metavar="WORDS", help="any other words")
    parser.add_argument("--ids", nargs="+", default=[], metavar="NCT", help="only these numbers")
    parser.add_argument("--status", nargs="+", default=[], metavar="STATUS", help="only these statuses: recruiting ...")
    parser.add_argument("--advanced", default="", metavar="WORDS", help="filter, such as AREA[StartDate]2022")


def _client_options(parser: Parser, api: str, *, cache: bool = True) -> None:
    parser.add_argument("--api", default=api, metavar="URL", help=f"the address to ask, for mirrors; else {api}")
    words = "wait so long between two questions; less is for a mirror of your own"
    parser.add_argument("--pause", type=float, metavar="SECONDS", help=words)
    parser.add_argument("--anew", action="store_true", help="fetch everything again, also what is here already")
    if cache:
        parser.add_argument(
            "--cache", type=Path, metavar="DIR", help="where answers are kept; else in the user's cache"
        )
        parser.add_argument("--no-cache", action="store_true", help="keep no answers")


def fetch_ctgov(
    cond: str,
    intr: str,
    term: str,
    ids: list[str],
    status: list[str],
    advanced: str,
    fields: list[str],
    out: Path,
    api: str,
    anew: bool,
    cache: Path | None,
    no_cache: bool,
    pause: float | None,
) -> None:
    """Fetch what a search of ClinicalTrials.gov finds, for `load` and `watch`; after an interruption, go on."""
    from kg.fetch.ctgov import fetch_trials

    search = _search(cond, intr, term, ids, status, advanced, fields)
    with _progress() as tell:
        fetched = fetch_trials(_client(tell, cache, no_cache, pause), search, out, api=api, anew=anew, tell=tell)
    _close([fetched])


def fetch_pubmed(
    term: str,
    ids: list[str],
    out: Path,
    email: str,
    api: str,
    anew: bool,
    cache: Path | None,
    no_cache: bool,
    pause: float | None,
) -> None:
    """Fetch what a search of PubMed finds, as XML; with a key of yours in the environment (NCBI_API_KEY) faster."""
    from kg.fetch.pubmed import fetch_papers

    key = os.environ.get(_KEY, "")
    with _progress() as tell:
        client = _client(tell, cache, no_cache, pause, usual=0.11 if key else 0.35)
        numbers = tuple(ids)
        fetched = fetch_papers(
            client, out, term=term, ids=numbers, api=api, email=email, api_key=key, anew=anew, tell=tell
        )
    _close([fetched])


def fetch_ontologies(names: list[str], out: Path, form: str, api: str, anew: bool, pause: float | None) -> None:
    """Fetch ontologies of the OBO foundry that are newer than the copies here, and say which versions these are."""
    from kg.fetch.ontology import fetch_ontology

    done: list[Fetched] = []
    failed: list[KgError] = []
    for name in dict.fromkeys(names):
        try:
            with _progress() as tell:
                client = _client(tell, None, True, pause)
                done.append(fetch_ontology(client, name, out, home=api, form=form, anew=anew, tell=tell))
        except KgError as error:  # the others may still be had
            failed.append(error)
    for each in failed[:-1]:
        say(f"error: {each}")
    if failed:
        _say_all(done)
        raise failed[-1]
    _close(done)


def watch(
    files: list[Path],
    cond: str,
    intr: str,
    term: str,
    ids: list[str],
    status: list[str],
    advanced: str,
    form: str,
    out: Path | None,
    store: str | None,
    api: str,
    anew: bool,
    cache: Path | None,
    no_cache: bool,
    pause: float | None,
) -> None:
    """Say which trials are new, changed their status or enrolment, or have results now; exit code 1 where any did."""
    from kg.registries.numbers import registry_of
    from kg.views.news import draw_news, news_tsv, summary
    from kg.watch import compare, read_known

    known = read_known(open_graph(store))
    words = [cond, intr, term, advanced, *ids, *status]
    if files and any(words):
        raise InputError("give either files or words to search for")
    complete = True
    if not files:
        searches = [_search(cond, intr, term, ids, status, advanced)] if any(words) else []
        numbers = {each.number for each in known if registry_of(each.number) == "ClinicalTrials.gov"}
        searches += [_search(ids=sorted(numbers))] if numbers and not ids else []
        folder = cache or _default_cache()
        with _progress() as tell:
            client = _client(tell, cache, no_cache, pause)
            fetched = [_fetched(each, folder, client, api, anew, tell) for each in searches]
        _say_all(fetched)
        files, complete = [each.path for each in fetched], all(each.complete for each in fetched)
    asked, date = _asked(files)
    watched = compare(known, _trials(files), asked=asked, date=date)
    if form == "tsv" or watched.news:
        emit(news_tsv(watched.news) if form == "tsv" else draw_news(watched.news), out)
    say(summary(watched))
    if watched.news or not complete:
        sys.exit(1)


def _search(
    cond: str = "",
    intr: str = "",
    term: str = "",
    ids: list[str] | None = None,
    status: list[str] | None = None,
    advanced: str = "",
    fields: list[str] | None = None,
) -> Search:
    from kg.fetch.ctgov import Search

    given = Search(cond, intr, term, tuple(ids or ()), tuple(status or ()), advanced, tuple(fields or ()))
    return given.checked()


def _default_cache() -> Path:
    from kg.fetch.cache import default_folder

    return default_folder()


def _client(
    tell: Callable[[str], None] | None, cache: Path | None, no_cache: bool, pause: float | None, *, usual: float = 1.2
) -> Client:
    from kg.fetch.cache import Cache
    from kg.fetch.client import Client, Policy

    if pause is not None and not 0 <= pause <= 3600:
        raise InputError(f"--pause: found {pause:g}, expected seconds from 0 to 3,600")
    kept = None if no_cache else Cache(cache or _default_cache())
    if kept:
        kept.remove_old()
    return Client(Policy(pause_s=usual if pause is None else pause), kept, tell=tell)


def _fetched(
    search: Search, folder: Path, client: Client, api: str, anew: bool, tell: Callable[[str], None] | None
) -> Fetched:
    from kg.fetch.ctgov import fetch_trials

    name = sha256(repr((api, search)).encode()).hexdigest()[:16]
    return fetch_trials(client, search, folder / f"watched-{name}.jsonl", api=api, anew=anew, tell=tell)


def _asked(files: list[Path]) -> tuple[set[str], str]:
    """Give the numbers that the files were fetched by, and the oldest date of their data, as their receipts say."""
    from kg.fetch.receipt import read_receipt

    receipts = [receipt for receipt in map(read_receipt, files) if receipt]
    numbers: set[str] = set()
    for receipt in receipts:
        ids = receipt.query.get("ids", ())
        plain = set(receipt.query) <= {"ids", "fields"}  # with other words beside, absence says nothing
        if plain and isinstance(ids, list) and receipt.records >= receipt.promised:
            numbers |= {each for each in ids if isinstance(each, str)}
    dates = [receipt.data_date.partition("T")[0] for receipt in receipts]
    return numbers, min(dates) if dates and len(dates) == len(files) else ""


def _trials(files: list[Path]) -> Iterator[Trial]:
    """Read the trials of files of any registry; say what is refused."""
    from kg.fetch.receipt import ENDING
    from kg.gate import open_members
    from kg.model.intake import Refused
    from kg.model.trials import Trial
    from kg.registries import readers

    known, refused = readers(), list[str]()
    for path in files:
        if not path.exists():
            raise InputError(f"{path}: no such file or folder")
        for member in (each for each in open_members([path]) if not each.name.endswith(ENDING)):
            reader = next((each for each in known.values() if each.accepts(member)), None)
            if reader is None and not member.head:
                continue  # a search that found nothing
            if reader is None:
                raise InputError(f"{member.name}: no records of a registry; known are {', '.join(known)}")
            for record in reader.read(member):
                if isinstance(record, Trial):
                    yield record
                elif isinstance(record, Refused):
                    refused.append(f"{member.name}: {record.record}: {record.reason}")
    for words in refused[:_SHOWN]:
        say(f"refused: {words}")
    if len(refused) > _SHOWN:
        say(f"refused: {len(refused) - _SHOWN} more")


def _say_all(fetched: list[Fetched]) -> None:
    for each in fetched:
        for note in each.notes:
            say(note)
        say(each.line())


def _close(fetched: list[Fetched]) -> None:
    """Say what was fetched; exit code 1 where something is missing."""
    _say_all(fetched)
    if not all(each.complete for each in fetched):
        sys.exit(1)


@contextmanager
def _progress() -> Iterator[Callable[[str], None] | None]:
    """Show how far a fetch is, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status("fetching") as status:
        yield lambda words: status.update(f"fetching: {escape(words)}")
