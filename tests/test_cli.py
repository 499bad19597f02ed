"""The command line as a user meets it: exit codes, messages, data on stdout, words on stderr."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.cli import command_line
from tests.conftest import DATA, SHARED

PROGRAM = [sys.executable, "-c", "from kg.cli import main; main()"]
README = Path(__file__).resolve().parents[1] / "README.md"
COMMANDS = [
    *("tour", "build", "query", "queries", "schema", "show", "trace", "isct", "pool", "export", "diff", "report"),
    *("new", "cite", "verify", "validate", "holdings"),
    *("load", "loaded", "link"),
    *("fetch ctgov", "fetch pubmed", "fetch ontology", "watch"),
    *("draw gap-map", "draw matrix", "draw dose-response", "draw timeline", "draw upset", "draw isct"),
    *("draw network", "draw query", "draw forest"),
    *("ontology build", "ontology check", "ontology format", "ontology import"),
]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with a cache of its own, so that tests and users do not meet."""
    cache = tmp_path_factory.mktemp("cache")
    return {**os.environ, "XDG_CACHE_HOME": str(cache), "HOME": str(cache), "COLUMNS": "120"}


def run(home: dict[str, str], *words: str, stdin: str = "", cwd: Path | None = None) -> tuple[int, str, str]:
    env = {**home, "PYTHONPATH": str(README.parent)}
    done = subprocess.run(
        [*PROGRAM, *words], env=env, input=stdin, capture_output=True, text=True, cwd=cwd, timeout=120, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="session")
def tiny_folder(home: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("graphs") / "tiny"
    code, _, err = run(home, "build", str(DATA), "--sources", str(DATA), "--store", str(folder))
    assert code == 0, err
    return str(folder)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_ends_with_a_line_to_copy(home: dict[str, str], command: str) -> None:
    code, out, _ = run(home, *command.split(), "--help")
    assert code == 0
    assert out.rstrip().splitlines()[-1].strip().startswith("mechtrail ")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"mechtrail {command}" in README.read_text(encoding="utf-8")


def test_no_command_is_left_out_of_these_tests() -> None:
    def names(parser: argparse.ArgumentParser) -> set[str]:
        groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        found = {f"{name} {inner}".strip() for g in groups for name, p in g.choices.items() for inner in names(p)}
        return found or {""}

    assert names(command_line()) == set(COMMANDS)


def test_the_version_is_that_of_the_package(home: dict[str, str]) -> None:
    from kg import __version__

    assert run(home, "--version")[:2] == (0, __version__ + "\n")


WRONG = [
    (("qurey",), 2, "invalid choice: 'qurey'"),
    (("show",), 2, "required: term; see `mechtrail show --help`"),
    (("trace", "a", "b", "--min-level", "x"), 2, "invalid int value: 'x'"),
    (("isct", "nothing.csv"), 3, "no file matches 'nothing.csv'"),
    (("query", "nonsense"), 3, "no query matches 'nonsense'"),
    (("query", "secreted-factor"), 3, "Nearest: factors/secreted-factors"),
    (("query", "nothing.rq"), 3, "no file matches 'nothing.rq'"),
    (("query", "terms/card"), 2, "terms/card needs term; for example -p term='BDNF'"),
    (("query", "terms/card", "-p", "term"), 2, "-p takes name=value, found 'term'"),
    (("query", "terms/card", "-p", "tem=BDNF"), 2, "has no parameter 'tem'; it has ['term']"),
    (("query", "terms/card", "-p", "term=BDNS"), 3, "no term matches 'BDNS'. Nearest: BDNF"),
    (("query", "terms/find", "-f", "xls"), 2, "no format 'xls'; expected one of: table, csv"),
    (("query", "graph/everything", "-f", "csv"), 2, "the query constructs triples"),
    (("query", "terms/find", "-f", "ttl"), 2, "the query gives rows"),
    (("show", "CL:9999999"), 3, "no term matches 'CL:9999999'. Nearest: CL:"),
    (("show", "mesenchymal stem sell"), 3, "Nearest: mesenchymal stem cell"),
    (("trace", "BDNF", "no such outcome"), 3, "no term matches 'no such outcome'"),
    (("cite", "nobody", "x", "--sources", str(DATA)), 3, "no source text matches 'nobody'. Nearest: tiny"),
    (("cite", "tiny", "MSCs produce", "--sources", str(DATA)), 2, "not in the text at all: produce"),
    (("cite", "tiny", "MSCs", "--sources", str(DATA)), 2, "4 passages begin and end so"),
    (("cite", "tiny", "x", "--sources", "nowhere"), 2, "nowhere: no such folder of source texts"),
    (("build", "nothing.yaml"), 2, "nothing.yaml: no such file or folder"),
    (
        ("draw", "network", "-o", "x.jpg"),
        2,
        "x.jpg: a picture of the network is a .svg, .png, .pdf, .html file",
    ),
    (("draw", "gap-map", "-o", "x"), 2, "x: a picture is a file that ends with .svg, .png, .pdf, .html"),
    (("draw", "isct", "nothing.csv"), 3, "no file matches 'nothing.csv'"),
    (("draw", "dose-response", "no such outcome"), 3, "no term matches 'no such outcome'"),
    (("draw", "network", "-o", "no/such/folder/x.svg"), 2, "cannot be written"),
    (("draw", "network", "--around", "BDNF", "--steps", "0"), 2, "--steps 0: a part reaches 1 step or more"),
    (("draw", "network", "--around", "homming"), 3, "no term matches 'homming'"),
    (("query", "terms/find", "--store", "nowhere"), 2, "no graph has been built here; run `mechtrail build"),
    (("query", "terms/find", "--store", "http://127.0.0.1:9/query"), 2, "does not answer"),
    (("trace", "BDNF", "BDNF"), 2, "are the same term"),
    (("trace", "BDNF", "homing", "-n", "0"), 2, "-n: found 0, expected 1 or more"),
    (("query", "terms/find", "--timeout", "nan"), 2, "--timeout: found nan"),
    (("query", "x" * 300), 3, "no query matches"),
    (("verify", str(DATA / "tiny.txt")), 2, "no claims file: expected YAML with a key `claims`"),
    (("verify", "nothing.yaml"), 2, "nothing.yaml: cannot be read"),
    (("ontology", "format", "nothing.ttl"), 3, "no file matches 'nothing.ttl'"),
]


@pytest.mark.parametrize(("words", "expected", "message"), WRONG, ids=lambda value: str(value)[:40])
def test_wrong_use_gets_one_clear_line_and_its_exit_code(
    home: dict[str, str], tmp_path: Path, words: tuple[str, ...], expected: int, message: str
) -> None:
    code, out, err = run(home, *words, cwd=tmp_path)
    assert (code, out) == (expected, "")
    assert message in err
    assert len([line for line in err.splitlines() if line.startswith("error:")]) == 1


BAD_SPARQL = {
    "SELECT ?s WHERE { ?s ?p }": "not valid SPARQL",
    "SELECT ?s WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }": "SERVICE would send",
    "": "not valid SPARQL",
    "SELECT * WHERE {" * 300: "nested deeper",
}


@pytest.mark.parametrize("text", BAD_SPARQL, ids=lambda text: text[:20])
def test_bad_sparql_on_stdin_is_refused(home: dict[str, str], text: str) -> None:
    code, out, err = run(home, "query", "-", stdin=text)
    assert (code, out) == (2, "")
    assert BAD_SPARQL[text] in err


def test_a_query_without_end_is_stopped(home: dict[str, str], tiny_folder: str) -> None:
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d && ?d != ?g) }"
    started = time.monotonic()
    code, out, err = run(home, "query", "-", "--timeout", "1", "--store", tiny_folder, stdin=endless)
    assert (code, out) == (4, "")
    assert "stopped after 1 s" in err
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "md", "table"])
def test_an_answer_comes_in_every_format(home: dict[str, str], tiny_folder: str, form: str) -> None:
    code, out, _ = run(home, "query", "factors/secreted-factors", "-f", form, "--store", tiny_folder)
    assert code == 0
    assert ("BDNF in culture" if form == "table" else "brain-derived neurotrophic factor") in " ".join(out.split())
    if form == "json":
        assert json.loads(out)["results"]["bindings"][0]["status"]["value"] == "accepted"


def test_a_pipe_gets_tab_separated_values(home: dict[str, str], tiny_folder: str) -> None:
    _, out, err = run(home, "query", "factors/secreted-factors", "--store", tiny_folder)
    head, *rows = (line.split("\t") for line in out.splitlines())
    assert head[:2] == ["?cell", "?cell_label"]
    assert rows
    assert {len(row) for row in rows} == {len(head)}
    assert err == ""


@pytest.mark.parametrize(
    "words", ["BDNF", "ctmo:0000308", "<https://w3id.org/ctmo/0000308>", "brain-produced neurotrophic factor"]
)
def test_a_term_is_known_by_curie_iri_label_and_synonym(home: dict[str, str], tiny_folder: str, words: str) -> None:
    code, out, _ = run(home, "show", words, "--store", tiny_folder)
    assert code == 0
    assert out.startswith("ctmo:0000308\n")
    assert "accepted, in vitro; Tiny 2024, claim msc-secrete-bdnf" in out
    assert "contradicted; Tiny 2024, claim bdnf-promotes-angiogenesis" in out


def test_trace_names_the_weakest_link(home: dict[str, str], tiny_folder: str) -> None:
    code, out, err = run(home, "trace", "MSC", "gross motor function", "--via", "homing", "--store", tiny_folder)
    assert (code, err) == (0, "1 path\n")
    assert [line for line in out.splitlines() if "<- weakest link" in line] == [
        "  hypothesised        Homing is thought to better gross motor function.   <- weakest link"
    ]


def test_a_part_of_the_network_is_drawn_around_a_term(home: dict[str, str], tiny_folder: str, tmp_path: Path) -> None:
    page = tmp_path / "part.html"
    words = ("draw", "network", "--around", "gross motor function", "--steps", "1", "--store", tiny_folder)
    code, svg, _ = run(home, *words)
    assert code == 0
    assert "within 1 step of it" in svg
    assert "brain-derived neurotrophic factor" not in svg
    assert run(home, *words, "-o", str(page))[0] == 0
    assert "<blockquote>“" in page.read_text(encoding="utf-8")


def test_cite_prints_what_can_be_pasted(home: dict[str, str]) -> None:
    code, out, _ = run(
        home, "cite", "tiny", "MSCs secrete ... culture.", "--sources", str(DATA), "--section", "results"
    )
    assert code == 0
    pasted = out.splitlines()[1].removeprefix("passage: ")
    plain = pasted.replace('"', "")
    assert plain in (DATA / "tiny.yaml").read_text(encoding="utf-8").replace('"', "")


def test_verify_gives_words_and_offsets_as_json(home: dict[str, str]) -> None:
    code, out, err = run(home, "verify", str(DATA / "tiny.yaml"), "--sources", str(DATA), "--format", "json")
    assert code == 0, err
    rows = json.loads(out)
    text = (DATA / "tiny.txt").read_text(encoding="utf-8")
    assert {row["status"] for row in rows} == {"verified"}
    assert all(text[row["start"] : row["end"]] == row["words"] for row in rows)


def test_verify_without_texts_says_so_and_names_what_has_no_record(home: dict[str, str]) -> None:
    code, out, err = run(home, "verify", str(DATA / "tiny.yaml"))
    assert code == 1
    assert "8 no text at hand" in out
    assert "claim 'msc-secrete-bdnf': changed since it was verified, or never verified" in err


def test_a_changed_number_is_told_with_file_and_claim(home: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text((DATA / "tiny.yaml").read_text().replace("value: 95", "value: 96"))
    code, _, err = run(home, "verify", str(path), "--sources", str(DATA))
    assert code == 1
    assert "tiny.yaml: claim 'cells-carry-cxcr4': the number 96 does not stand in the passage" in err


def test_a_study_is_added_by_adding_one_file(home: dict[str, str], tmp_path: Path) -> None:
    folder = str(tmp_path / "graph")
    code, _, err = run(home, "build", str(DATA / "example2024.yaml"), "--store", folder)
    assert code == 0, err
    _, out, _ = run(home, "query", "studies/results", "-p", "study=study:example2024", "-f", "csv", "--store", folder)
    assert "59.000,SEM,8.940" in out
    _, out, _ = run(home, "query", "mechanism/measured-in-participants", "-f", "csv", "--store", folder)
    assert "Example 2024" in out


def test_a_second_build_replaces_the_first_and_a_failed_one_does_not(home: dict[str, str], tmp_path: Path) -> None:
    folder, broken = str(tmp_path / "graph"), tmp_path / "broken.yaml"
    broken.write_text("claims:\n  - {id: x}\n")
    assert run(home, "build", str(DATA / "example2024.yaml"), "--store", folder)[0] == 0
    code, _, err = run(home, "build", str(broken), "--store", folder)
    assert code == 2
    assert re.search(r"broken\.yaml:\d+: ", err)
    assert "Example 2024" in run(home, "query", "terms/find", "-f", "csv", "--store", folder)[1]
    assert run(home, "build", "--store", folder)[0] == 0
    assert "Example 2024" not in run(home, "query", "terms/find", "-f", "csv", "--store", folder)[1]


def test_a_closed_pipe_is_quiet(home: dict[str, str]) -> None:
    program = subprocess.list2cmdline(PROGRAM)
    env = {**home, "PYTHONPATH": str(README.parent)}
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {program} query graph/everything | head -1"],
        env=env, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout


def test_an_interrupt_is_one_line_and_130(home: dict[str, str], tiny_folder: str) -> None:
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d && ?d != ?g) }"
    env = {**home, "PYTHONPATH": str(README.parent)}
    words = [*PROGRAM, "query", "-", "--store", tiny_folder]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, env=env, **pipes) as program:  # type: ignore[call-overload]
        program.stdin.write(endless.encode())
        program.stdin.close()
        time.sleep(3)
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=20) == 130
        assert program.stderr.read().decode().strip() == "interrupted"


def test_no_colour_and_no_progress_in_a_pipe(home: dict[str, str], tmp_path: Path) -> None:
    _, out, err = run(home, "build", str(DATA), "--store", str(tmp_path / "g"))
    assert "\x1b" not in out + err
    assert out == ""
    assert err.count("\n") == 1


def test_the_packaged_graph_is_cached_and_a_damaged_cache_is_made_again(home: dict[str, str]) -> None:
    assert run(home, "show", "BDNF")[0] == 0
    tables = list(Path(home["XDG_CACHE_HOME"]).rglob("*.sst"))
    assert tables
    tables[0].write_bytes(b"damaged")
    code, out, _ = run(home, "show", "BDNF")
    assert code == 0
    assert "brain-derived neurotrophic factor" in out


def test_nothing_opens_a_socket(home: dict[str, str], tmp_path: Path) -> None:
    guard = tmp_path / "sitecustomize.py"
    guard.write_text(
        "import socket\ndef no(*a, **k): raise RuntimeError('a socket was opened')\n"
        "socket.socket.connect = no\nsocket.getaddrinfo = no\n"
    )
    env = {**home, "PYTHONPATH": f"{tmp_path}{os.pathsep}{README.parent}"}
    for words in (["tour", "-o", str(tmp_path / "tour")], ["validate"], ["ontology", "check"]):
        done = subprocess.run([*PROGRAM, *words], env=env, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        assert "a socket was opened" not in done.stderr


@pytest.mark.skipif(not SHARED.is_dir(), reason="the source texts are not on this machine")
def test_validate_passes_with_the_source_texts(home: dict[str, str]) -> None:
    code, out, err = run(home, "validate", "--sources", str(SHARED / "sources"))
    assert (code, out) == (0, ""), err
    assert "no problems" in err
