"""`.rq` files -> questions: read the header, bind parameters, run.

A parameter is a line `VALUES ?name { UNDEF }`; it is filled with a term that the store's own classes write, so no text
is ever pasted into a query. Queries that call out (`SERVICE`) are refused before evaluation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.errors import InputError, NotFoundError, QueryError, SourceError, nearest
from kg.namespaces import PREFIXES
from kg.paths import queries_folder
from kg.store import QueryAnswer, Store

__all__ = [
    "VIEWS",
    "Bound",
    "Parameter",
    "Query",
    "bind",
    "check_parameters",
    "columns_of",
    "find_query",
    "guard",
    "load_catalogue",
    "parse_query",
    "query_names",
    "query_of_text",
    "read_query",
    "run",
    "select",
    "value_of",
    "with_prefixes",
]

#: What a parameter can be filled with: one term, or several that it may be in turn.
Bound = ox.NamedNode | ox.Literal | Sequence[ox.NamedNode | ox.Literal]

_LONGEST_QUERY = 100_000
_DEEPEST_NESTING = 200
#: What may hold the letters of SERVICE without being a call. A backslash begins an escape everywhere in SPARQL, so what
#: holds one outside a string is never taken for an address or a name here: the call behind it must stay in sight.
_HARMLESS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r'|<[^<>"{}|^`\\\x00-\x20]*>'
    r"|(?<!\\)#[^\n\r]*"
    r"|[?$]\w+"
    r"|(?<![\w.\\-])(?![\w-]*service[\w-]*:)[A-Za-z][\w-]*:\w[\w-]*",  # SERVICE:x is a call for some parsers
    re.DOTALL | re.IGNORECASE,
)
#: What `#+ view:` may say: kind -> keys that it must have, and keys that it may have. Each names a column of the
#: answer, but for `says`, a sentence for the caption. Of `value` (a number, in a matrix a word) and `count` (distinct
#: values) there is one.
VIEWS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bars": (("label",), ("value", "count", "group", "cites", "says")),
    "matrix": (("rows", "columns"), ("value", "count", "cites", "says")),
    "network": (("source", "target"), ("label", "width", "sign", "status", "cites", "says")),
    "timeline": (("label", "start"), ("end", "group", "cites", "says")),
}
_CALL = re.compile("SERVICE", re.IGNORECASE)
_ESCAPED_LETTER = re.compile(r"\\[uU]")
_BRACKET = re.compile(r"[(){}\[\]]")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question can be asked about."""

    name: str
    kind: str  # "term", "text" or "number"
    help: str
    example: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """One question with its header; a text that calls out is refused when it is made, so that none is ever run."""

    name: str  # "mechanism/secreted-factors"
    text: str
    summary: str
    description: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    view: Mapping[str, str] = field(default_factory=dict)
    graph: str = ""  # for rules: the graph that receives what is constructed

    def __post_init__(self) -> None:
        """Refuse what `guard` refuses; binding adds only terms, so once is enough."""
        guard(self.text)

    @property
    def example(self) -> dict[str, str]:
        """Give a value for each parameter, for tests and for help."""
        return {parameter.name: parameter.example for parameter in self.parameters}


def _header(text: str, name: str) -> dict[str, Any]:
    import yaml

    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        header = yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as error:
        raise SourceError(f"{name}.rq", 1, "header", f"not valid YAML: {error}") from error
    if not isinstance(header, dict) or not str(header.get("summary", "")).strip():
        raise SourceError(f"{name}.rq", 1, "summary", "is missing; the first line reads `#+ summary: ...`")
    return header


def columns_of(text: str) -> list[str]:
    """Give the columns that a SELECT query names, in order; none for one that names none or is no SELECT.

    >>> columns_of("SELECT DISTINCT ?a (COUNT(?b) AS ?n) WHERE { ?a ?p ?b }")
    ['a', 'n']
    """
    bare = _HARMLESS.sub(lambda match: match[0] if match[0][0] in "?$" else " ", text)
    head = re.search(r"\bSELECT\b(.*?)(?:(?<![?$])\bWHERE\b|\{)", bare, re.DOTALL | re.IGNORECASE)
    if head is None:
        return []
    found, depth = [], 0
    for sign in re.findall(r"[()]|\bAS\s+[?$]\w+|[?$]\w+", head[1], re.IGNORECASE):
        depth += (sign == "(") - (sign == ")")
        if sign[0] in "?$" and not depth:
            found.append(sign[1:])
        elif depth == 1 and sign[:2].upper() == "AS":
            found.append(re.split(r"[?$]", sign)[1])
    return found


def _checked_view(view: object, text: str, name: str) -> dict[str, str]:
    """Give what `#+ view:` says; raise `SourceError` for what cannot be drawn."""
    if view is None:
        return {}
    if not isinstance(view, dict) or not all(isinstance(key, str) for key in view):
        raise SourceError(f"{name}.rq", 1, "view", "expected as in `#+ view: {kind: bars, label: x_label, count: y}`")
    said = {key: str(value) for key, value in view.items()}
    kind = said.get("kind", "")
    if kind not in VIEWS:
        message = (
            f"found {kind!r}, expected one of {', '.join(VIEWS)}; nearest: {', '.join(nearest(kind, VIEWS)) or '-'}"
        )
        raise SourceError(f"{name}.rq", 1, "view.kind", message)
    must, may = VIEWS[kind]
    for key in said.keys() - {"kind", *must, *may}:
        near = ", ".join(nearest(key, [*must, *may], 1)) or ", ".join([*must, *may])
        raise SourceError(f"{name}.rq", 1, f"view.{key}", f"{kind} has no such key; nearest: {near}")
    for key in must:
        if key not in said:
            raise SourceError(f"{name}.rq", 1, f"view.{key}", f"is missing; {kind} needs {', '.join(must)}")
    if "count" in may and ("count" in said) == ("value" in said):
        raise SourceError(f"{name}.rq", 1, "view", f"{kind} needs either `value` or `count`")
    columns = columns_of(text)
    for key in said.keys() - {"kind", "says"}:
        if said[key] not in columns:
            near = ", ".join(nearest(said[key], columns, 2)) or ", ".join(columns) or "none"
            raise SourceError(
                f"{name}.rq", 1, f"view.{key}", f"the answer has no column {said[key]!r}; nearest: {near}"
            )
    return said


def read_query(path: Path, name: str | None = None) -> Query:
    """Read a `.rq` file; raise `SourceError` when its header, its parameters or its view do not fit."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    return parse_query(text, name or path.stem)


def query_of_text(text: str, name: str = "text") -> Query:
    """Give SPARQL text as a question: its header says its parameters; without one, its `VALUES ?x { UNDEF }` lines do.

    >>> [p.name for p in query_of_text("SELECT ?s {\\n VALUES ?cell { UNDEF }\\n ?s ?p ?cell }").parameters]
    ['cell']
    """
    if any(line.startswith("#+") for line in text.splitlines()):
        return parse_query(text, name)
    slots = dict.fromkeys(_ANY_SLOT.findall(text))
    return Query(name, text, "", parameters=tuple(Parameter(slot, "term", "", "", required=False) for slot in slots))


def parse_query(text: str, name: str) -> Query:
    """Give the question of a text with a header; raise `SourceError` as `read_query` does."""
    header = _header(text, name)
    parameters = tuple(
        Parameter(
            key, str(p.get("kind", "term")), str(p.get("help", "")), str(p.get("example", "")), p.get("required", True)
        )
        for key, p in (header.get("params") or {}).items()
    )
    for parameter in parameters:
        if not _slot(parameter.name).search(text):
            message = f"no line `VALUES ?{parameter.name} {{ UNDEF }}` in the query"
            raise SourceError(f"{name}.rq", 1, f"params.{parameter.name}", message)
    return Query(
        name,
        text,
        str(header["summary"]),
        str(header.get("description", "")),
        tuple(header.get("tags") or ()),
        parameters,
        _checked_view(header.get("view"), text, name),
        str(header.get("graph", "")),
    )


def query_names(folder: Path | None = None) -> list[str]:
    """Give the names of all questions without reading them."""
    folder = folder or queries_folder()
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.rq"))


def load_catalogue(folder: Path | None = None) -> dict[str, Query]:
    """Give name -> question for every `.rq` file, sorted by name."""
    folder = folder or queries_folder()
    return {name: read_query(folder / f"{name}.rq", name) for name in query_names(folder)}


def find_query(name: str, folder: Path | None = None) -> Query:
    """Give a question by its name, or by its last part when that is unique; raise `NotFoundError` with the nearest."""
    folder = folder or queries_folder()
    names = query_names(folder)
    matches = [known for known in names if known == name] or [n for n in names if n.rpartition("/")[2] == name]
    if len(matches) != 1:
        raise NotFoundError("query", name, matches or nearest(name, names))
    return read_query(folder / f"{matches[0]}.rq", matches[0])


_ANY_SLOT = re.compile(r"^\s*VALUES\s+\?(\w+)\s+\{\s*UNDEF\s*\}", re.MULTILINE)


@cache
def _slot(name: str) -> re.Pattern[str]:
    return re.compile(rf"^(\s*)VALUES\s+\?{re.escape(name)}\s+\{{\s*UNDEF\s*\}}", re.MULTILINE)


def bind(query: Query, values: Mapping[str, Bound]) -> str:
    """Give the text of a query with its parameters filled in; several terms are tried one after the other.

    >>> cell = Parameter("cell", "term", "", "")
    >>> q = Query("x", "SELECT * WHERE {\\n  VALUES ?cell { UNDEF }\\n}", "", parameters=(cell,))
    >>> print(bind(q, {"cell": ox.NamedNode("https://example.org/a")}).splitlines()[1])
      VALUES ?cell { <https://example.org/a> }
    """
    known = {parameter.name for parameter in query.parameters}
    for name in values:
        if name not in known:
            raise InputError(f"{query.name} has no parameter {name!r}; it has {sorted(known)}")
    text = query.text
    for name, value in values.items():
        terms = [value] if isinstance(value, ox.NamedNode | ox.Literal) else value
        filled = f"VALUES ?{name} {{ {' '.join(map(str, terms))} }}"
        text = _slot(name).sub(lambda match, filled=filled: match.group(1) + filled, text)  # type: ignore[misc]
    return text


def check_parameters(query: Query, given: Collection[str]) -> None:
    """Raise `InputError` when a question has no such parameter, or needs one that is not given."""
    known = {parameter.name for parameter in query.parameters}
    for name in given:
        if name not in known:
            raise InputError(f"{query.name} has no parameter {name!r}; it has {sorted(known)}")
    missing = [p for p in query.parameters if p.required and p.name not in given]
    if missing:
        hint = f" -p {missing[0].name}={missing[0].example!r}"
        raise InputError(f"{query.name} needs {', '.join(p.name for p in missing)}; for example{hint}")


def value_of(parameter: Parameter, words: str, resolve: Callable[[str], ox.NamedNode]) -> ox.NamedNode | ox.Literal:
    """Give what fills a parameter: a term by any of its names, a number, or text."""
    if parameter.kind == "term":
        return resolve(words)
    if parameter.kind != "number":
        return ox.Literal(words)
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", words):
        raise InputError(f"parameter {parameter.name!r}: found {words!r}, expected a number")
    return ox.Literal(words, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))


def parse_values(
    query: Query, given: Mapping[str, str], resolve: Callable[[str], ox.NamedNode]
) -> dict[str, ox.NamedNode | ox.Literal]:
    """Give typed values for what a user wrote; raise `InputError` for a wrong name, a bad number or a missing value."""
    check_parameters(query, given)
    parameters = {parameter.name: parameter for parameter in query.parameters}
    return {name: value_of(parameters[name], words, resolve) for name, words in given.items()}


def with_prefixes(text: str) -> str:
    """Give a query with the prefixes of ours that it uses and does not declare; the rest stays as it was.

    >>> with_prefixes("SELECT ?s WHERE { ?s a ctmo:Study }").splitlines()[0]
    'PREFIX ctmo: <https://w3id.org/ctmo/>'
    """
    declared = {name.casefold() for name in re.findall(r"\bPREFIX\s+([\w-]*):", text, re.IGNORECASE)}
    bare = _HARMLESS.sub(lambda match: match[0] if ":" in match[0] and match[0][0] not in "\"'<#" else " ", text)
    used = set(re.findall(r"(?<![\w:?$-])([A-Za-z][\w-]*):(?=[\w%])", bare))
    known = PREFIXES | {"obo": "http://purl.obolibrary.org/obo/"}
    lines = [f"PREFIX {name}: <{known[name]}>" for name in sorted(used & set(known)) if name.casefold() not in declared]
    return "\n".join([*lines, text])


def guard(text: str) -> None:
    """Raise `QueryError` for a query that calls out, or that is too long or too deep to parse safely.

    >>> guard("SELECT * WHERE { ?s ?p 'SERVICE <x>' }")
    """
    if len(text) > _LONGEST_QUERY:
        raise QueryError(f"the query has {len(text):,} characters; at most {_LONGEST_QUERY:,} are taken")
    rest = _HARMLESS.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    escape, call = _ESCAPED_LETTER.search(rest), _CALL.search(rest)
    if escape:
        line = text.count("\n", 0, escape.start()) + 1
        raise QueryError(
            f"line {line}: an escaped letter (\\u...) outside a string is refused; write the letter itself"
        )
    if call:
        line = text.count("\n", 0, call.start()) + 1
        raise QueryError(f"line {line}: SERVICE would send the query to another address; it is refused")
    depth = 0
    for bracket in _BRACKET.findall(rest):
        depth += 1 if bracket in "({[" else -1
        if depth > _DEEPEST_NESTING:
            raise QueryError(f"the query is nested deeper than {_DEEPEST_NESTING} levels")


def run(store: Store, query: Query, **values: Bound) -> QueryAnswer:
    """Give the answer of a question with its parameters bound."""
    return store.query(bind(query, values))


def select(store: Store, query: Query, **values: Bound) -> ox.QuerySolutions:
    """Give the rows of a question; raise `QueryError` when it is one that gives no rows."""
    answer = run(store, query, **values)
    if not isinstance(answer, ox.QuerySolutions):
        raise QueryError(f"{query.name} gives no rows; it is no SELECT query")
    return answer
