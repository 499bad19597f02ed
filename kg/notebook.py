"""`%load_ext kg`: SPARQL cells, questions by name and the commands, in IPython and in notebooks.

The only module that imports IPython. What an answer looks like is `kg.outputs`' business.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from IPython.core.magic import no_var_expand

from kg.catalogue import query_names
from kg.errors import InputError, KgError, nearest
from kg.graph import Graph, open_graph

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from IPython.core.interactiveshell import InteractiveShell

    from kg.graph import Given
    from kg.outputs import Answer

__all__ = ["load_ipython_extension", "unload_ipython_extension"]

_USE = """%%sparql [--store WHERE] [-p NAME[=VALUE]]... [-o NAME] [--explain]    above a cell of SPARQL
%sparql QUESTION [the same options]                                     a question of the catalogue"""


def _options() -> ArgumentParser:
    from argparse import ArgumentParser

    class Parser(ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise InputError(f"{message}\n{_USE}")

    parser = Parser(prog="sparql", add_help=False, allow_abbrev=False)
    parser.add_argument("question", nargs="?", default="")
    parser.add_argument("-p", "--param", dest="parameters", action="append", default=[])
    parser.add_argument("-o", "--out", default="")
    parser.add_argument("--store")
    parser.add_argument("--explain", action="store_true")
    return parser


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise InputError(f"{line}: {error}") from error


def _variable(name: str, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever the user's variable holds
    if name not in variables:
        known = [known for known in variables if not known.startswith("_")]
        near = nearest(name, known)
        raise InputError(f"no Python variable {name!r}" + (f"; nearest: {', '.join(near)}" if near else ""))
    return variables[name]


def _parameters(given: list[str], variables: Mapping[str, Any]) -> dict[str, Given]:
    """Give name -> value: `-p name=words`, `-p name=@variable`, and `-p name` for a variable of the same name."""
    values: dict[str, Given] = {}
    for one in given:
        name, equals, words = one.partition("=")
        if not equals or words.startswith("@"):
            value = _variable(words[1:] or name, variables)
            values[name] = list(value) if isinstance(value, tuple | set | frozenset) else value
        else:
            values[name] = words
    return values


@dataclass
class _Magics:
    """The magics of one shell, with the packaged graph once it has been opened."""

    shell: InteractiveShell
    packaged: list[Graph] = field(default_factory=list)

    def graph(self, where: str | None) -> Graph:
        """Give the packaged graph, one in a Python variable (`@name`), or the one in a folder or behind a URL."""
        if where is not None and where.startswith("@"):
            graph = _variable(where[1:], self.shell.user_ns)
            if not isinstance(graph, Graph):
                raise InputError(f"{where}: found {type(graph).__name__}, expected a Graph of open_graph()")
            return graph
        if where is not None:
            return open_graph(where)
        if not self.packaged:
            self.packaged.append(open_graph())
        return self.packaged[0]

    @no_var_expand
    def sparql(self, line: str, cell: str | None = None) -> Answer | None:
        """Ask a question by name, or the SPARQL text of a cell."""
        options: Namespace = _options().parse_args(_words(line))
        if cell is not None and options.question:
            raise InputError(f"a cell holds its question itself; found {options.question!r} beside it\n{_USE}")
        text = options.question if cell is None else cell
        if not text.strip():
            raise InputError(f"nothing to ask\n{_USE}")
        graph = self.graph(options.store)
        values = _parameters(options.parameters, self.shell.user_ns)
        if options.explain:
            print(graph.explain(text, **values))
            return None
        answer = graph.ask(text, **values)
        if options.out:
            if not options.out.isidentifier():
                raise InputError(f"-o: found {options.out!r}, expected the name of a variable")
            self.shell.user_ns[options.out] = answer
        return answer

    def mechtrail(self, line: str) -> None:
        """Run a command of mechtrail with this Python; its words come before its data."""
        command = [sys.executable, "-m", "kg", *_words(line)]
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
        said, data = (stream.decode("utf-8", "replace").strip("\n") for stream in (done.stderr, done.stdout))
        if done.returncode not in (0, 1):
            raise KgError(said.removeprefix("error: ") or f"mechtrail left with {done.returncode}")
        print("\n".join(part for part in (said, data) if part))


def _complete_questions(_shell: object, _event: object) -> list[str]:
    return query_names()


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Add `%sparql`, `%%sparql` and `%mechtrail` to a shell."""
    magics = _Magics(shell)
    register: Callable[..., None] = shell.magics_manager.register_function
    register(magics.sparql, magic_kind="line_cell", magic_name="sparql")
    register(magics.mechtrail, magic_kind="line", magic_name="mechtrail")
    set_hook: Callable[..., None] = shell.set_hook  # IPython gives it no types
    set_hook("complete_command", _complete_questions, str_key="%sparql")


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take them out again."""
    for kind, name in (("line", "sparql"), ("cell", "sparql"), ("line", "mechtrail")):
        shell.magics_manager.magics[kind].pop(name, None)
