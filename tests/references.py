"""Strict readers of BibTeX and RIS for tests: what they do not understand they refuse, with the place."""

from __future__ import annotations

import re

__all__ = ["read_bibtex", "read_ris"]

_SIGNS = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
}


def read_bibtex(text: str) -> dict[str, dict[str, str]]:
    """Give key -> field -> value as it stands between its braces, with the kind of entry as "ENTRY"."""
    entries: dict[str, dict[str, str]] = {}
    at = 0
    while (rest := text[at:].lstrip()) != "":
        at = len(text) - len(rest)
        head = re.compile(r"@(\w+)\{([^\s,{}]+),\n").match(text, at)
        assert head, f"no entry at {at}: {text[at : at + 40]!r}"
        assert head[2] not in entries, f"the key {head[2]} comes twice"
        entry = {"ENTRY": head[1]}
        at = head.end()
        while not text.startswith("}\n", at):
            field = re.compile(r"  (\w+) = \{").match(text, at)
            assert field, f"no field at {at}: {text[at : at + 40]!r}"
            end, depth = field.end(), 1
            while depth:
                depth += (text[end] == "{") - (text[end] == "}")  # BibTeX counts a brace behind a backslash too
                end += 1
            assert text.startswith(",\n", end), f"no comma at {end}"
            assert field[1] not in entry, f"{field[1]} comes twice in {head[2]}"
            entry[field[1]] = text[field.end() : end - 1]
            at = end + 2
        at += 2
        entries[head[2]] = entry
    return entries


def plain(tex: str) -> str:
    """Give the text that TeX would print, or fail for a sign that it would not."""
    tex = re.sub(r"\{\\(\w+)\}", lambda sign: f"\0{ord(_SIGNS[sign[1]])}\0", tex)
    assert not re.search(r"(?<!\\)[%&_#$~^]", tex), f"an open sign in {tex!r}"
    tex = re.sub(r"\\([%&_#$])", r"\1", tex)
    assert "\\" not in tex, f"an unknown command in {tex!r}"
    return re.sub(r"\0(\d+)\0", lambda sign: chr(int(sign[1])), tex.replace("{", "").replace("}", ""))


def read_ris(text: str) -> list[list[tuple[str, str]]]:
    """Give the records, each as its (tag, value) in their order, without TY's end."""
    records: list[list[tuple[str, str]]] = []
    current: list[tuple[str, str]] | None = None
    assert text.endswith("\r\n") or not text
    assert "\n" not in text.replace("\r\n", "")
    for line in text.split("\r\n"):
        if not line:
            assert current is None, "an empty line within a record"
            continue
        match = re.fullmatch(r"([A-Z][A-Z0-9])  - ?(.*)", line)
        assert match, f"no tag in {line!r}"
        tag, value = match[1], match[2]
        if tag == "TY":
            assert current is None, "a record begins within a record"
            current = []
        assert current is not None, f"{tag} outside a record"
        if tag == "ER":
            assert not value
            records.append(current)
            current = None
        else:
            current.append((tag, value))
    assert current is None
    return records
