"""A store on disk that is never half built.

Each build goes into a new folder under `versions/`; the file `current` names the one in use and is switched by one
rename. A build that is killed or fails leaves the old graph as it was. Readers open what `current` names, read-only,
after holding it against the manifest; a damaged block would otherwise make some queries run without end.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store import LocalStore

__all__ = ["current_version", "open_version", "write_version"]

_POINTER = "current"
_MANIFEST = "manifest.json"
_KEPT_VERSIONS = 2
#: RocksDB writes these whenever a store is opened; they hold no data.
_CHANGING = ("LOG", "LOCK", "IDENTITY")


def _data_files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(_CHANGING))


def _manifest_of(folder: Path, quads: int) -> dict[str, object]:
    files = {p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in _data_files(folder)}
    return {"quads": quads, "files": files}


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def current_version(folder: Path) -> Path | None:
    """Give the folder of the version in use, or None when nothing was built yet."""
    try:
        name = (folder / _POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return folder / "versions" / name


def open_version(folder: Path) -> LocalStore:
    """Open the version in use, read-only; raise `StoreError` when there is none or it is damaged."""
    version = current_version(folder)
    if version is None:
        raise StoreError(f"{folder}: no graph has been built here; run `mechtrail build --store {folder}`")
    try:
        manifest = json.loads((version / _MANIFEST).read_text(encoding="utf-8"))
        found = _manifest_of(version / "data", manifest["quads"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{version}: the manifest is missing or unreadable ({error}); build again") from error
    if manifest != found:
        expected, there = manifest["files"], found["files"]
        assert isinstance(there, dict)
        changed = sorted(name for name in expected.keys() | there.keys() if expected.get(name) != there.get(name))
        raise StoreError(f"{version}: damaged: {', '.join(changed[:3])} differ from the manifest; build again")
    return LocalStore.in_folder(version / "data")


def _next_name(versions: Path) -> str:
    numbers = [int(p.name[1:]) for p in versions.glob("v*") if p.name[1:].isdigit()]
    return f"v{max(numbers, default=0) + 1:06d}"


def _switch(folder: Path, name: str) -> None:
    pointer = folder / f".{_POINTER}-{os.getpid()}"
    with pointer.open("w", encoding="utf-8") as stream:
        stream.write(name + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    pointer.replace(folder / _POINTER)
    _sync(folder)


def _clean(versions: Path, kept: str) -> None:
    """Remove what killed builds left, and all but the version in use and the one before it, whose readers go on."""
    for leftover in versions.glob(".building-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    old = sorted(p for p in versions.glob("v*") if p.name != kept)
    for version in old[: max(0, len(old) - (_KEPT_VERSIONS - 1))]:
        shutil.rmtree(version, ignore_errors=True)


def write_version(folder: Path, quads: Iterable[ox.Quad]) -> Path:
    """Write quads as a new version and make it the one in use; raise `StoreError` when another build is at work."""
    import filelock

    versions = folder / "versions"
    try:
        versions.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / "lock", timeout=0):
            written = _write_locked(folder, versions, list(quads))
            _clean(versions, kept=written.name)
            return written
    except filelock.Timeout as error:
        raise StoreError(f"{folder}: another build is at work there; wait for it to end") from error
    except OSError as error:
        raise StoreError(f"{folder}: the graph cannot be written: {error.strerror or error}") from error


def _write_locked(folder: Path, versions: Path, quads: list[ox.Quad]) -> Path:
    building = versions / f".building-{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    data = building / "data"
    data.mkdir(parents=True)
    store = ox.Store(str(data))
    store.bulk_extend(quads)
    store.flush()
    del store  # closes the files, so that the manifest sees their last bytes
    manifest = _manifest_of(data, len(set(quads)))
    (building / _MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    for path in (*_data_files(data), building / _MANIFEST, data, building):
        _sync(path)
    name = _next_name(versions)
    building.rename(versions / name)
    _sync(versions)
    _switch(folder, name)
    return versions / name
