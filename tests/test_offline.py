"""Only `fetch` asks the network, and a store that is an endpoint: nothing else even imports what could."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = {"kg/store.py", "kg/fetch/wire.py"}
#: Modules that open connections, or libraries that do.
NETWORK = frozenset(
    {
        *("asyncio", "ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "socketserver", "ssl", "telnetlib"),
        *("urllib.request", "urllib.error", "xmlrpc", "webbrowser", "aiohttp", "httpx", "requests", "urllib3"),
        *("SPARQLWrapper", "pooch", "fsspec"),
    }
)


def network_modules(source: str) -> set[str]:
    """Give the modules of the list that a source imports, wherever it does so."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return {name for name in names if name in NETWORK or name.partition(".")[0] in NETWORK}


@pytest.mark.parametrize("path", sorted((ROOT / "kg").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_does_not_touch_the_network(path: Path) -> None:
    found = network_modules(path.read_text(encoding="utf-8"))
    assert bool(found) == (path.relative_to(ROOT).as_posix() in ALLOWED), found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import http.client", {"http.client"}),
        ("def f():\n    from urllib import request", {"urllib.request"}),
        ("from urllib.request import urlopen", {"urllib.request"}),
        ("from urllib.parse import quote\nimport urllib.parse, kg.fetch.wire", set()),
        ("from socket import socket", {"socket", "socket.socket"}),
    ],
)
def test_an_import_of_the_network_is_seen(source: str, found: set[str]) -> None:
    assert found <= network_modules(source)
    assert bool(found) == bool(network_modules(source))
