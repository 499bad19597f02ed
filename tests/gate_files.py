"""Files and archives that tests of the gate make up, and what the gate says of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from kg.gate import Limits, Skipped, open_members, walk

RECORD = b'{"id": "NCT99900001"}'


def zipped(entries: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def names(*paths: Path, limits: Limits | None = None) -> list[str]:
    return [member.name for member in open_members(paths, limits)]


def left_out(*paths: Path, limits: Limits | None = None) -> dict[str, str]:
    return {one.name: one.reason for one in walk(paths, limits) if isinstance(one, Skipped)}


def broken(*paths: Path, limits: Limits | None = None) -> dict[str, str]:
    return {one.name: one.reason for one in walk(paths, limits) if isinstance(one, Skipped) and one.broken}
