"""The notebooks: their form, and that running them gives the outputs that stand in them.

`pytest tests/test_notebooks.py --update-notebooks` writes the outputs of today; read the difference.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kg.namespaces import compress
from tests.conftest import DATA

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SCHEMA = json.loads((DATA / "notebook.schema.json").read_text(encoding="utf-8"))
LARGEST = 150_000
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def as_text(notebook: dict[str, Any]) -> str:
    """Give a notebook as Jupyter itself saves it: a saved one differs in its outputs only."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def in_lines(output: dict[str, Any]) -> dict[str, Any]:
    """Give an output with its text in lines, so that a difference is one of lines."""
    output = dict(output)
    if "text" in output:
        output["text"] = output["text"].splitlines(keepends=True)
    if "data" in output:
        output["data"] = {kind: text.splitlines(keepends=True) for kind, text in output["data"].items()}
    return output


def outputs_of(path: Path, place: Path) -> list[list[dict[str, Any]]]:
    """Run a notebook in an empty folder with a Python of its own."""
    # another copy of the package may be installed: ours goes first, for the commands that the cells start, too
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "IPYTHONDIR": str(place / ".ipython"),
        "NO_COLOR": "1",
        "PATH": search_path(),
    }
    answer, work = place / "outputs.json", place / "work"
    work.mkdir()
    command = [sys.executable, str(ROOT / "tests" / "notebook_runner.py"), str(path), str(answer)]
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(answer.read_text(encoding="utf-8"))
    return [[in_lines(output) for output in outputs] for outputs in found]


def test_there_are_six_notebooks() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05", "06"]


@each_notebook
def test_a_notebook_has_the_form_that_is_kept(path: Path) -> None:
    notebook = read(path)
    jsonschema.Draft202012Validator(SCHEMA).validate(notebook)
    assert path.read_text(encoding="utf-8") == as_text(notebook)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)


@each_notebook
def test_a_notebook_is_small_and_holds_nothing_of_a_machine_or_from_outside(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST
    outputs = json.dumps([cell.get("outputs", []) for cell in read(path)["cells"]], ensure_ascii=False)
    assert not re.search(r"(src|href)\s*=|<script|<iframe|@import|url\(", outputs)
    assert not re.search(r"/tmp/|/home/|/root/|/Users/|[A-Z]:\\\\|0x[0-9a-f]{6,}|\d\d:\d\d:\d\d", outputs)
    addresses = re.findall(r"https?://[^\s\"'<>),\\]+", outputs.replace('xmlns=\\"http://www.w3.org/2000/svg', ""))
    assert not [iri for iri in addresses if compress(iri) == iri]  # names of terms, in text, and no others


@each_notebook
def test_every_cell_of_code_is_told_in_words_before_it(path: Path) -> None:
    kinds = [cell["cell_type"] for cell in read(path)["cells"]]
    assert kinds[0] == "markdown"
    assert kinds[-1] == "markdown"  # a notebook ends with what follows, and what does not
    assert not [place for place, kind in enumerate(kinds) if kind == "code" and kinds[place - 1] != "markdown"]


@each_notebook
def test_running_a_notebook_gives_the_outputs_in_it(path: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    if path.stem.startswith("06") and not shutil.which("oxigraph", path=search_path()):
        pytest.skip("the oxigraph server is not installed")
    notebook = read(path)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    found = outputs_of(path, tmp_path)
    if pytestconfig.getoption("--update-notebooks"):
        for cell, outputs in zip(code, found, strict=True):
            cell["outputs"] = outputs
        path.write_text(as_text(notebook), encoding="utf-8")
        return
    for cell, outputs in zip(code, found, strict=True):
        assert outputs == cell["outputs"], f"cell {cell['id']}; is it meant? pytest --update-notebooks"


def search_path() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
