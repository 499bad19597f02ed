"""Runs the cells of a notebook in order in a fresh IPython and gives their outputs as a notebook file holds them.

IPython's own shell does this in a second and is here anyway (pyvis brings it); nbclient and ipykernel would add a
message queue and a debugger to the test environment for the same outputs.

    python notebook_runner.py NOTEBOOK OUTPUTS.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

Output = dict[str, Any]

#: What was put out by the cell that is running.
_OUTPUTS: list[Output] = []


class _Stream:
    """stdout or stderr of a cell; pieces of one stream that follow each other are one output."""

    encoding = "utf-8"

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, text: str) -> int:
        last = _OUTPUTS[-1] if _OUTPUTS else {}
        if last.get("name") == self.name:
            last["text"] += text
        elif text:
            _OUTPUTS.append({"output_type": "stream", "name": self.name, "text": text})
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


def _rich(kind: str, data: Mapping[str, Any], metadata: Mapping[str, Any] | None) -> Output:
    return {"output_type": kind, "metadata": dict(metadata or {}), "data": dict(data)}


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        _OUTPUTS.append(_rich("execute_result", format_dict, md_dict) | {"execution_count": None})

    def finish_displayhook(self) -> None:
        pass


class _Publisher(DisplayPublisher):
    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:  # noqa: ANN401 - IPython's types
        _OUTPUTS.append(_rich("display_data", data, metadata))


class _Shell(InteractiveShell):
    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        error = {"output_type": "error", "ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)}
        _OUTPUTS.append(error)


def run_notebook(notebook: Mapping[str, Any]) -> list[list[Output]]:
    """Run the code cells; a cell that fails ends the run, unless its tag `raises-exception` says that it must."""
    config = Config()
    config.HistoryManager.enabled = False
    make: Callable[..., Any] = _Shell.instance  # the one that get_ipython() of the cells gives; IPython has no types
    shell = make(config=config, displayhook_class=_Hook, display_pub_class=_Publisher)
    shell.colors = "nocolor"
    kept: Any = (sys.stdout, sys.stderr)
    streams: Any = (_Stream("stdout"), _Stream("stderr"))
    done: list[list[Output]] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        _OUTPUTS.clear()
        sys.stdout, sys.stderr = streams  # all that print() asks of a stream
        try:
            result = shell.run_cell("".join(cell["source"]), store_history=False)
        finally:
            sys.stdout, sys.stderr = kept
        done.append(list(_OUTPUTS))
        if result.success == ("raises-exception" in cell["metadata"].get("tags", [])):
            raise SystemExit(f"cell {cell['id']}: {'no error' if result.success else _OUTPUTS[-1]}")
    return done


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    outputs = run_notebook(json.loads(source.read_text(encoding="utf-8")))
    target.write_text(json.dumps(outputs), encoding="utf-8")
