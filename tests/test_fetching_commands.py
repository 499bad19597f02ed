"""`fetch` and `watch` as a user meets them, with a server on this machine in place of the registries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.cli import command_line
from kg.errors import FetchError, InputError
from kg.rdf import RDF_TYPE, ctmo
from kg.versions import write_version
from tests.fetch_server import FetchServer, Registry, Reply, serving, study
from tests.test_fetch_ontology import OLD
from tests.test_fetch_pubmed import IDS, PubMed

KNOWN, NEW, GONE = "NCT90000001", "NCT90000002", "NCT90000003"


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NCBI_API_KEY", raising=False)


@pytest.fixture
def server() -> Iterator[FetchServer]:
    with serving() as one:
        one.route = Registry([study(KNOWN), study(NEW)])
        yield one


@pytest.fixture
def graph(tmp_path: Path) -> str:
    """A graph that holds two registrations: one that is recruiting in the registry too, one that is not there."""
    quads, name, label = [], ctmo("graph/studies/x"), ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    for number in (KNOWN, GONE):
        trial, entry = ctmo(f"study/{number.lower()}"), ctmo(f"study/{number.lower()}#registration")
        quads += [
            ox.Quad(trial, RDF_TYPE, ctmo("Study"), name),
            ox.Quad(trial, label, ox.Literal(f"Invented {number}"), name),
            ox.Quad(trial, ctmo("registration"), entry, name),
            ox.Quad(entry, ctmo("registryId"), ox.Literal(number), name),
            ox.Quad(entry, ctmo("statusInRegistry"), ox.Literal("recruiting"), name),
            ox.Quad(entry, ctmo("asOf"), ox.Literal("2022-10-07"), name),
        ]
    write_version(tmp_path / "graph", quads)
    return str(tmp_path / "graph")


def run(*words: str) -> int:
    """Run a command as the command line does; give its exit code."""
    arguments = vars(command_line().parse_args(list(words)))
    command = arguments.pop("run")
    try:
        command(**arguments)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


def ctgov(server: FetchServer, *words: str) -> list[str]:
    return [*words, "--api", f"{server.address}/api", "--pause", "0"]


def test_trials_are_fetched_and_the_closing_line_says_what_came(
    server: FetchServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "cp.jsonl"
    words = ctgov(server, "fetch", "ctgov", "--cond", "invented palsy", "--status", "recruiting", "-o", str(out))
    assert run(*words) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"{out}: 2 studies; 1 page (1 from the network), ")
    assert said.err.endswith("; data of 2026-08-10T09:00:05\n")
    assert server.asked[1].parameters["filter.overallStatus"] == "RECRUITING"
    assert (tmp_path / "home" / "mechtrail" / "fetched").is_dir()
    assert run(*words) == 0
    assert capsys.readouterr().err.splitlines()[0] == "it is there already"


def test_a_fetch_that_lacks_something_ends_with_1(server: FetchServer, tmp_path: Path) -> None:
    registry = Registry([study(KNOWN)])
    registry.total = 2
    server.route = registry
    assert run(*ctgov(server, "fetch", "ctgov", "--cond", "x", "--no-cache", "-o", str(tmp_path / "x.jsonl"))) == 1
    assert not (tmp_path / "home").exists()


def test_papers_are_fetched_with_the_key_of_the_environment(
    server: FetchServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NCBI_API_KEY", "k3y")
    server.route = PubMed(IDS)
    out = tmp_path / "papers.xml"
    words = ["fetch", "pubmed", "invented palsy", "-o", str(out), "--api", server.address, "--pause", "0"]
    assert run(*words, "--email", "me@a.org", "--cache", str(tmp_path / "cache")) == 0
    assert server.asked[0].parameters["api_key"] == "k3y"
    assert "5 papers; 1 page" in capsys.readouterr().err
    assert (tmp_path / "cache").is_dir()


def test_ontologies_that_can_be_had_are_fetched_though_others_cannot(
    server: FetchServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.route = lambda asked: Reply(OLD, "text/plain") if "cl" in asked.path else Reply(b"", "text/plain", 404)
    with pytest.raises(FetchError, match=r"no-such.obo answered 404"):
        run("fetch", "ontology", "nor-this", "cl", "no-such", "-o", str(tmp_path), "--api", server.address)
    said = capsys.readouterr().err.splitlines()
    assert "nor-this.obo answered 404" in said[0]
    assert said[1].startswith(f"{tmp_path / 'cl.obo'}: 2 terms; ")


def test_watch_asks_for_the_search_and_for_the_numbers_of_the_graph(
    server: FetchServer, graph: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*ctgov(server, "watch", "--cond", "invented palsy", "--store", graph)) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        *("new (1)", f"  {NEW}  Invented cells in invented palsy, {NEW}: recruiting (2026-08-10)", ""),
        *("no longer found (1)", f"  {GONE}  Invented {GONE}: recruiting (2022-10-07) -> nothing (2026-08-10)"),
    ]
    assert said.err.splitlines()[-1] == "2 news; 1 trial compared"
    assert [each.parameters.get("filter.ids") for each in server.asked if "studies" in each.path] == [
        *(None, f"{KNOWN}|{GONE}")
    ]


def test_watch_without_words_asks_for_the_numbers_of_the_graph(
    server: FetchServer, graph: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.route = Registry([study(KNOWN), study(GONE)])
    assert run(*ctgov(server, "watch", "--store", graph)) == 0
    said = capsys.readouterr()
    assert (said.out, said.err.splitlines()[-1]) == ("", "no news; 2 trials compared")


def test_watch_reads_fetched_files_without_the_network(
    server: FetchServer, graph: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, asked = tmp_path / "cp.jsonl", tmp_path / "known.jsonl"
    assert run(*ctgov(server, "fetch", "ctgov", "--cond", "x", "-o", str(found))) == 0
    assert run(*ctgov(server, "fetch", "ctgov", "--ids", KNOWN, GONE, "-o", str(asked))) == 0
    capsys.readouterr()
    server.asked.clear()
    assert run("watch", str(found), "--store", graph, "-f", "tsv") == 1
    said = capsys.readouterr()
    assert [row.split("\t")[:2] for row in said.out.splitlines()[1:]] == [["new", NEW]]
    assert "1 number of the graph did not come and was not asked for: " + GONE in said.err
    assert run("watch", str(found), str(asked), "--store", graph, "-f", "tsv") == 1
    said = capsys.readouterr()
    assert [row.split("\t")[:2] for row in said.out.splitlines()[1:]] == [["new", NEW], ["no longer found", GONE]]
    assert server.asked == []


def test_watch_says_what_it_cannot_read(
    server: FetchServer, graph: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strange = tmp_path / "strange.jsonl"
    lines = [study(KNOWN), *({"protocolSection": {"identificationModule": {}}} for _ in range(7))]
    strange.write_text("\n".join(map(json.dumps, lines)))
    assert run("watch", str(strange), "--store", graph) == 0
    said = capsys.readouterr().err.splitlines()
    assert [line.startswith("refused: ") for line in said] == [True] * 6 + [False]
    assert said[5] == "refused: 2 more"
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"table.csv: no records of a registry; known are .*ctgov-v2"):
        run("watch", str(tmp_path / "table.csv"), "--store", graph)
    with pytest.raises(InputError, match=r"none.jsonl: no such file or folder"):
        run("watch", str(tmp_path / "none.jsonl"), "--store", graph)
    with pytest.raises(InputError, match="give either files or words to search for"):
        run("watch", str(strange), "--cond", "x", "--store", graph)
    (tmp_path / "empty.jsonl").write_text("")
    assert run("watch", str(tmp_path / "empty.jsonl"), "--store", graph) == 0
    assert server.asked == []


@pytest.mark.parametrize("pause", ["-1", "nan", "inf"])
def test_a_pause_that_is_none_is_refused(tmp_path: Path, pause: str) -> None:
    with pytest.raises(InputError, match=r"--pause: found .*, expected seconds from 0 to 3,600"):
        run("fetch", "ctgov", "--cond", "x", "-o", str(tmp_path / "x"), f"--pause={pause}")
