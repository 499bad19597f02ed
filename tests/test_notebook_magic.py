"""`%load_ext kg`: SPARQL cells and questions by name in a real IPython shell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from kg import load_ipython_extension, unload_ipython_extension
from kg.build import Built
from kg.graph import Graph
from kg.outputs import Answer
from kg.versions import write_version

Shell = Any  # IPython gives no types
Run = Callable[[str], Any]

CELLS = """SELECT DISTINCT ?cell_label WHERE {
  VALUES ?cell { UNDEF }
  ?study ctmo:hasArm/ctmo:administers/ctmo:cellSource ?cell . ?cell rdfs:label ?cell_label
} ORDER BY ?cell_label"""
UC, M2 = "mesenchymal stem cell of umbilical cord", "M2 macrophage"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A shell with the extension; its variable `real` is the packaged graph."""
    config = Config()
    config.HistoryManager.enabled = False
    config.BaseIPythonApplication.ipython_dir = str(tmp_path_factory.mktemp("ipython"))
    InteractiveShell.clear_instance()
    shell: Shell = InteractiveShell.instance(config=config)
    shell.run_line_magic("load_ext", "kg")
    yield shell
    InteractiveShell.clear_instance()


@pytest.fixture
def run(shell: Shell, real: Built) -> Run:
    """Run a cell; give its value, or what was printed where it failed."""
    shell.user_ns["real"] = Graph(real.store)

    def run_cell(text: str) -> Shell:
        with capture_output() as captured:
            done = shell.run_cell(text, store_history=False)
        return done.result if done.success else captured.stdout + captured.stderr

    return run_cell


def test_a_cell_of_sparql_gives_an_answer(run: Run) -> None:
    answer = run("%%sparql --store @real\nSELECT ?s WHERE { ?s a ctmo:Study } ORDER BY ?s LIMIT 3")
    assert isinstance(answer, Answer)
    assert answer[0] == {"s": "study:amanat2021"}


def test_a_question_by_name_with_words(run: Run) -> None:
    answer = run('%sparql mechanism/evidence --store @real -p mechanism="homing of administered cells"')
    assert {row["mechanism_label"] for row in answer} == {"homing of administered cells"}


def test_variables_are_bound_by_name_by_another_name_and_as_lists(run: Run, shell: Shell) -> None:
    shell.user_ns |= {"cell": UC, "two": (UC, M2), "found": None}
    assert [row["cell_label"] for row in run(f"%%sparql --store @real -p cell\n{CELLS}")] == [UC]
    assert [row["cell_label"] for row in run(f"%%sparql --store @real -p cell=@two -o found\n{CELLS}")] == [M2, UC]
    assert shell.user_ns["found"] == [{"cell_label": M2}, {"cell_label": UC}]
    assert [row["cell_label"] for row in run(f'%%sparql --store @real -p cell="{M2}"\n{CELLS}')] == [M2]


HOSTILE = [
    '"} UNION { ?cell ?p ?o } #',
    "UNDEF } ?cell ?p ?o . VALUES ?x { UNDEF",
    "<https://example.org/> } #",
    "https://example.org/> } DROP ALL #",
    "$HOME {1+1}",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_never_pasted_into_the_query(value: str, run: Run, shell: Shell) -> None:
    shell.user_ns["cell"] = value
    told = run(f"%%sparql --store @real -p cell\n{CELLS}")
    assert told.startswith("error: ")
    assert len(told.strip().splitlines()) == 1
    shell.user_ns["words"] = value
    header = "#+ summary: x\n#+ params:\n#+   words: {kind: text, example: a}\n"
    answer = run(f"%%sparql --store @real -p words\n{header}SELECT ?words WHERE {{\n VALUES ?words {{ UNDEF }}\n}}")
    assert answer == [{"words": value}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("%%sparql --store @real\nSELECT ?s WHERE {", "not valid SPARQL: error at 2:"),
        ("%%sparql --store @real\nSELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE would send"),
        ("%sparql mechanism/evidense --store @real", "Nearest: mechanism/evidence"),
        ("%%sparql -p cel --store @real\n" + CELLS, "no Python variable 'cel'"),
        ("%%sparql -p cell=@unheard --store @real\n" + CELLS, "no Python variable 'unheard'"),
        ("%sparql mechanism/evidence --store @unheard", "no Python variable 'unheard'"),
        ("%sparql mechanism/evidence --store @real -o 'a b'", "expected the name of a variable"),
        ("%sparql mechanism/evidence --store no-such-folder", "no-such-folder"),
        ("real.ask('mechanism/evidense')", "Nearest: mechanism/evidence"),
        ("real.draw('networc')", "Nearest: network"),
        ("%mechtrail show", "the following arguments are required"),
    ],
)
def test_an_error_is_one_line_of_ours(text: str, words: str, run: Run) -> None:
    told = run(text)
    assert isinstance(told, str)
    (line,) = told.strip().splitlines()
    assert line.startswith("error: ")
    assert words in line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("%sparql", "nothing to ask"),
        ("%%sparql mechanism/evidence\nASK {}", "a cell holds its question itself"),
        ("%sparql mechanism/evidence --frm csv", "unrecognized arguments: --frm"),
        ("%sparql 'mechanism", "No closing quotation"),
    ],
)
def test_wrong_use_is_told_with_the_way_to_use_it(text: str, words: str, run: Run) -> None:
    told = run(text)
    assert words in told
    assert "Traceback" not in told


def test_an_error_of_ours_fails_the_cell_so_that_run_all_stops(shell: Shell) -> None:
    with capture_output():
        assert not shell.run_cell("%sparql no/such", store_history=False).success


def test_other_errors_keep_their_traceback(run: Run) -> None:
    assert "Traceback" in run("1 / 0")


@pytest.mark.usefixtures("run")
def test_an_empty_answer_is_explained(shell: Shell) -> None:
    with capture_output() as captured:
        shell.run_cell("%%sparql --store @real --explain\nSELECT ?s { ?s a ctmo:Studdy }", store_history=False)
    assert "nearest: ctmo:Study" in captured.stdout


def test_a_folder_is_a_store_and_is_read_anew(run: Run, tmp_path: Path, tiny: Built) -> None:
    quads = list(tiny.store.quads())
    write_version(tmp_path / "g", quads)
    count = f"%%sparql --store {tmp_path / 'g'}\nSELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }}"
    before = run(count)[0]["n"]
    write_version(tmp_path / "g", quads[: len(quads) // 2])
    assert run(count)[0]["n"] < before


def test_the_packaged_graph_is_the_default_and_the_command_runs_with_this_python(run: Run, shell: Shell) -> None:
    assert run("%sparql mechanism/discriminating-arms")[0]["study_label"] == "NCT04314687 (Jakarta)"
    with capture_output() as captured:
        assert shell.run_cell("%mechtrail --version", store_history=False).success
    assert captured.stdout.strip()


def test_the_names_of_questions_are_completed(shell: Shell) -> None:
    line = "%sparql mechanism/meas"
    with provisionalcompleter():
        offered = {completion.text for completion in shell.Completer.completions(line, len(line))}
    assert "mechanism/measured-in-participants" in offered


def test_the_extension_can_be_unloaded_and_loaded_again(run: Run, shell: Shell) -> None:
    unload_ipython_extension(shell)
    assert "not found" in run("%sparql mechanism/evidence")
    load_ipython_extension(shell)
    assert isinstance(run("%sparql mechanism/evidence --store @real"), Answer)
