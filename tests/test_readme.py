"""The README tells the truth: its output, its counts, its commands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kg.build import Built
from kg.matrix import read_matrix
from kg.network import read_network
from kg.ontology import read_lexicon
from kg.rdf import RDF_TYPE, ctmo
from kg.tour import example_path
from kg.views.matrix import draw_matrix
from kg.views.trace import draw_path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXTS = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
COMMANDS = [line for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]


def test_the_output_shown_is_that_of_the_tour(real: Built) -> None:
    network = read_network(real.store)
    path = example_path(real, network)
    assert path is not None
    printed = draw_matrix(read_matrix(real.store), width=160) + "\n" + draw_path(path, network)
    shown = [line for block in TEXTS for line in block.splitlines() if line != "..."]
    assert len(shown) > 15
    assert [line for line in shown if line not in printed.splitlines()] == []


def test_the_counts_are_those_of_the_graph(real: Built) -> None:
    quads = real.store.quads()
    nodes = {
        name: len({q.subject for q in quads if q.predicate == RDF_TYPE and q.object == ctmo(name)})
        for name in ("Assertion", "Audit", "Study", "Arm", "Result", "Comparison", "Readout", "PlannedReadout")
    }
    nodes["AdverseEventCount"] = len({q.object for q in quads if q.predicate == ctmo("hasAdverseEventCount")})
    sources = len({q.subject for q in quads if q.predicate == RDF_TYPE and q.object == ctmo("Source")})
    lexicon = read_lexicon()
    reused = sum(not curie.startswith("ctmo:") for curie in lexicon.label_of_term)
    words = " ".join(README.split())
    for sentence in (
        f"{nodes['Assertion']} claims of {sources} sources",
        f"{nodes['Audit']} of them are held against the primary study",
        f"{nodes['Study']} studies: ",
        f"{nodes['Arm']} arms, {nodes['Result']} results, "
        f"{nodes['Comparison']} comparisons, {nodes['Readout']} readouts, "
        f"{nodes['PlannedReadout']} planned readouts and {nodes['AdverseEventCount']} adverse event counts",
        f"{len(lexicon.label_of_term)} terms, {reused} of them of other ontologies, and "
        f"{len(lexicon.iri_of_relation)} relations",
    ):
        assert sentence in words


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("mechtrail")])
def test_a_command_of_the_readme_works(line: str, tmp_path: Path) -> None:
    program = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); from kg.cli import main; main()"]
    done = subprocess.run([*program, *shlex.split(line)[1:]], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


def test_the_python_of_the_readme_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Gu 2020 brain FDG uptake increase" in done.stdout.splitlines()


def test_the_first_screen_is_question_picture_and_two_commands() -> None:
    first = README.split("\n## ")[0]
    assert first.count("```console") == 2
    assert "![" in first
    assert len(first.splitlines()) < 30
