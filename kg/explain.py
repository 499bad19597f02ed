"""Why is the answer empty? Which pattern of a query empties it, and what comes nearest in the graph.

The outer group of the query is taken apart into patterns; they are asked for together, one more at a time, until
nothing matches. Whatever cannot empty an answer (OPTIONAL, BIND) is carried along. A group of its own (a subquery, a
UNION) that matches nothing is looked into in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from kg.errors import QueryError, nearest
from kg.namespaces import PREFIXES, compress
from kg.store import Store

__all__ = ["explain_empty", "patterns_of"]

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\s]*>'
    r"|#[^\n]*|\b(?:OPTIONAL|MINUS|FILTER|BIND|VALUES|GRAPH|UNION|SELECT|SERVICE)\b(?!\s*:)|[{}().;]|[^\s{}().;\"'<#]+|\s+|.",
    re.IGNORECASE | re.DOTALL,
)
_MOST_VALUES = 3000


def _tokens(text: str) -> list[str]:
    """Give the tokens of a text without comments; a dot inside a name or a number stays in it."""
    raw = [token for token in _TOKEN.findall(text) if not token.startswith("#")]
    joined: list[str] = []
    for i, token in enumerate(raw):
        inside = token == "." and joined and i + 1 < len(raw) and re.match(r"[\w-]", raw[i + 1])
        if (inside and re.search(r"[\w-]$", joined[-1])) or (
            joined and joined[-1].endswith(".") and len(joined[-1]) > 1
        ):
            joined[-1] += token
        else:
            joined.append(token)
    return joined


def _closing(tokens: list[str], start: int) -> int:
    """Give the place of the bracket that closes the one at `start`."""
    depth = 0
    for i in range(start, len(tokens)):
        depth += tokens[i] in "{("
        depth -= tokens[i] in "})"
        if depth == 0 and tokens[i] in "})":
            return i
    raise QueryError("the query cannot be explained: a bracket is not closed")


def _where(text: str) -> tuple[str, str, list[str]]:
    """Give the prologue, the head and the tokens of the outer group of a query."""
    match = re.search(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE)\b", text, re.IGNORECASE)
    if match is None:
        raise QueryError("only SELECT and ASK queries can be explained")
    tokens = _tokens(text[match.start() :])
    start = tokens.index("{") if "{" in tokens else -1
    if match[1].upper() == "CONSTRUCT" or start < 0:
        raise QueryError("only SELECT and ASK queries can be explained")
    return text[: match.start()], "".join(tokens[:start]), tokens[start + 1 : _closing(tokens, start)]


def _triples(block: list[str]) -> Iterator[str]:
    """Give each pattern of a block of triples, the subject written out again where `;` saved it."""
    for statement in _split(block, "."):
        first, *rest = [part for part in _split(statement, ";") if "".join(part).strip()] or [[]]
        words = "".join(first).strip()
        if not words:
            continue
        yield words
        subject = re.match(r"<[^>]*>|\S+", words)
        for part in rest:
            yield f"{subject[0] if subject else ''} {''.join(part).strip()}"


def _split(tokens: list[str], sign: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token in "({") - (token in ")}")
        if token == sign and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def patterns_of(tokens: list[str]) -> list[str]:
    """Give the patterns of a group in their order, each as SPARQL text."""
    found: list[str] = []
    block: list[str] = []
    i = 0
    while i < len(tokens):
        word = tokens[i].upper()
        if word in ("OPTIONAL", "MINUS", "FILTER", "BIND", "VALUES", "GRAPH") or tokens[i] == "{":
            found += _triples(block)
            block = []
            opening = next((j for j in range(i, len(tokens)) if tokens[j] in "{("), None)
            if opening is None:
                raise QueryError(f"the query cannot be explained: nothing follows {word}")
            end = _closing(tokens, opening)
            if word == "VALUES" and tokens[opening] == "(":  # VALUES (?a ?b) { ... }
                end = _closing(tokens, next(j for j in range(end, len(tokens)) if tokens[j] == "{"))
            while True:  # { a } UNION { b }
                after = next((j for j in range(end + 1, len(tokens)) if tokens[j].strip()), None)
                if after is None or tokens[after].upper() != "UNION":
                    break
                end = _closing(tokens, next(j for j in range(after, len(tokens)) if tokens[j] == "{"))
            found.append("".join(tokens[i : end + 1]).strip())
            i = end + 1
        else:
            block.append(tokens[i])
            i += 1
    return [*found, *_triples(block)]


def _matches(store: Store, prologue: str, patterns: list[str]) -> bool:
    body = "\n".join(pattern + ("" if pattern.endswith(("}", ")")) else " .") for pattern in patterns)
    answer = store.query(f"{prologue}\nASK {{\n{body}\n}}")
    return bool(answer)


def _constants(pattern: str, prologue: str) -> Iterator[tuple[str, ox.NamedNode]]:
    """Give (as written, IRI) for every term that a pattern names."""
    declared = dict(re.findall(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", prologue, re.IGNORECASE))
    for token in _tokens(pattern):
        iri = re.fullmatch(r"<([^>]+)>", token)
        name = re.fullmatch(r"[\^!(]*([A-Za-z][\w-]*):([\w.-]+)[*+?)]*", token)
        if iri:
            yield token, ox.NamedNode(iri[1])
        for part in re.split(r"[/|]", token) if not iri else ():
            name = re.fullmatch(r"[\^!(]*([A-Za-z][\w-]*):([\w.-]+)[*+?)]*", part)
            if name and (declared | PREFIXES).get(name[1]):
                yield part.strip("^!()*+?"), ox.NamedNode((declared | PREFIXES)[name[1]] + name[2])


def _column(store: Store, query: str) -> list[str]:
    answer = store.query(query)
    assert isinstance(answer, ox.QuerySolutions)
    return [row[0].value for row in answer if isinstance(row[0], ox.NamedNode | ox.Literal)]


def _what_is_not_there(store: Store, pattern: str, prologue: str) -> Iterator[str]:
    for written, iri in _constants(pattern, prologue):
        if bool(store.query(f"ASK {{ {{ {iri} ?p ?o }} UNION {{ ?s ?p {iri} }} UNION {{ ?s {iri} ?o }} }}")):
            continue
        predicates = _column(store, "SELECT DISTINCT ?p WHERE { ?s ?p ?o } ORDER BY ?p")
        things = _column(store, "SELECT DISTINCT ?class WHERE { ?s a ?class } ORDER BY ?class")
        things += _column(store, f"SELECT DISTINCT ?s WHERE {{ ?s a ?class }} ORDER BY ?s LIMIT {_MOST_VALUES}")
        as_predicate = pattern.split()[1:2] == [written]
        known = [*predicates, *things] if as_predicate else [*things, *predicates]
        near = nearest(compress(iri.value), [compress(each) for each in known])
        yield f"{written} is nowhere in the graph" + (f"; nearest: {', '.join(near)}" if near else "")
    literal = re.search(r"(\S+)\s+(\"[^\"]*\"|'[^']*')\s*$", pattern)
    if literal and not literal[1].startswith("?"):
        values = _column(
            store, f"{prologue}\nSELECT DISTINCT ?v WHERE {{ ?s {literal[1]} ?v }} ORDER BY ?v LIMIT {_MOST_VALUES}"
        )
        near = nearest(literal[2][1:-1], values)
        told = 'no value is exactly this (labels carry a language: "..."@en)'
        yield told + (f"; nearest: {', '.join(near)}" if near else f"; there are {len(values)} values")


def _shown(pattern: str, indent: str, most: int = 6) -> list[str]:
    lines = [f"{indent}  {line}" for line in pattern.splitlines()]
    return lines if len(lines) <= most else [*lines[:most], f"{indent}  ... ({len(lines) - most} lines more)"]


def _which_does_not_fit(store: Store, prologue: str, patterns: list[str], indent: str) -> list[str]:
    """Say which of the patterns before the last one does not go together with it."""
    *before, last = patterns
    for number, earlier in enumerate(before, 1):
        if not earlier.upper().startswith(("OPTIONAL", "BIND")) and not _matches(store, prologue, [earlier, last]):
            return [
                f"{indent}  by itself it matches, but not together with pattern {number}:",
                *_shown(earlier, indent),
            ]
    return [f"{indent}  by itself it matches; together with the {len(before)} before it nothing does"]


def _explain(store: Store, prologue: str, tokens: list[str], depth: int = 0) -> list[str]:
    patterns = patterns_of(tokens)
    shown = "  " * depth
    for count in range(1, len(patterns) + 1):
        if _matches(store, prologue, patterns[:count]):
            continue
        culprit = patterns[count - 1]
        lines = [
            f"{shown}empty at pattern {count} of {len(patterns)}:",
            *(f"{shown}  {line}" for line in culprit.splitlines()),
        ]
        if culprit.upper().startswith(("FILTER", "MINUS")):
            return [*lines, f"{shown}  it removes every row that the {count - 1} patterns before it give"]
        if _matches(store, prologue, [culprit]):
            return [*lines, *_which_does_not_fit(store, prologue, patterns[:count], shown)]
        lines.append(f"{shown}  by itself it matches nothing")
        lines += [f"{shown}  {told}" for told in dict.fromkeys(_what_is_not_there(store, culprit, prologue))]
        inner = _tokens(culprit)
        if inner[0] == "{" and depth < 3:
            body = inner[1 : _closing(inner, 0)]
            if next((token for token in body if token.strip()), "").upper() == "SELECT":
                body = body[body.index("{") + 1 : _closing(body, body.index("{"))]
            lines += _explain(store, prologue, body, depth + 1)
        return lines
    return [f"{shown}the patterns match; what empties the answer comes after them (HAVING, LIMIT 0)"]


def explain_empty(store: Store, text: str) -> str:
    """Give in words why a query answers nothing, or that it does answer.

    Raises `QueryError` for what is no SELECT or ASK.
    """
    prologue, _, tokens = _where(text)
    answer = store.query(text)
    if isinstance(answer, ox.QuerySolutions):
        rows = sum(1 for _ in answer)
        if rows:
            return f"the answer is not empty: {rows} rows"
    elif bool(answer):
        return "the answer is not empty: true"
    return "\n".join(_explain(store, prologue, tokens))
