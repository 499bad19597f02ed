"""A store on disk that is never half built.

Each build goes into a new folder under `versions/`; the file `current` names the one in use and is switched by one
rename. A build that is killed or fails leaves the old graph as it was. Readers open what `current` names, read-only,
after holding it against the manifest; a damaged block would otherwise make some queries run without end. Nothing is
removed but versions and leftovers of our own making, and a folder that holds other things is not built into.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KgError, StoreError
from kg.store import LocalStore

__all__ = ["change_version", "current_version", "open_version", "write_version"]

_POINTER = "current"
_MANIFEST = "manifest.json"
_LOCK = "lock"
_NAME = re.compile(r"v[0-9]{6,}")
_LEFTOVER = ".building-"
#: How often the pointer is read while other builds keep taking away what it named.
_TRIES = 3
#: RocksDB writes these whenever a store is opened; they hold no data.
_CHANGING = ("LOG", "LOCK", "IDENTITY")


def _data_files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(_CHANGING))


def _digests(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in _data_files(folder)}


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_version(path: Path) -> bool:
    return bool(_NAME.fullmatch(path.name)) and (path / _MANIFEST).is_file()


def _why(error: Exception) -> str:
    return str((isinstance(error, OSError) and error.strerror) or error)


def current_version(folder: Path) -> Path | None:
    """Give the folder of the version in use, or None when nothing was built yet; raise `StoreError` when unreadable."""
    pointer = folder / _POINTER
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        raise StoreError(f"{folder}: not a folder; expected one made by `mechtrail build`") from error
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{pointer}: unreadable ({_why(error)}); expected the name of a version; build again"
        ) from error
    if not _NAME.fullmatch(name):
        raise StoreError(f"{pointer}: found {name[:40]!r}, expected the name of a version such as 'v000001'")
    return folder / "versions" / name


def _read_manifest(version: Path) -> tuple[int, dict[str, object]]:
    """Give the number of quads and file -> digest."""
    path = version / _MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"{path}: the manifest is missing or unreadable ({_why(error)}); build again") from error
    match content:
        case {"quads": int(quads), "files": dict(files)}:
            return quads, files
    raise StoreError(f"{path}: the manifest is damaged: expected a number of quads and a table of files; build again")


def _open_checked(version: Path) -> LocalStore:
    quads, expected = _read_manifest(version)
    try:
        there = _digests(version / "data")
    except OSError as error:
        raise StoreError(f"{version}: damaged: unreadable ({_why(error)}); build again") from error
    changed = sorted(name for name in expected.keys() | there.keys() if expected.get(name) != there.get(name))
    if changed:
        raise StoreError(f"{version}: damaged: {', '.join(changed[:3])} differ from the manifest; build again")
    store = LocalStore.in_folder(version / "data")
    if len(store.inner) != quads:
        raise StoreError(f"{version}: damaged: found {len(store.inner)} quads, the manifest says {quads}; build again")
    return store


def open_version(folder: Path) -> LocalStore:
    """Open the version in use, read-only; raise `StoreError` when there is none or it is damaged."""
    version = current_version(folder)
    for _ in range(_TRIES):
        if version is None:
            break
        try:
            return _open_checked(version)
        except StoreError:
            before, version = version, current_version(folder)
            if version == before:
                raise  # nothing was built in the meantime: the damage is real
    if version is not None:
        raise StoreError(f"{folder}: builds follow each other so fast that no version stays; try again")
    raise StoreError(f"{folder}: no graph has been built here; run `mechtrail build --store {folder}`")


def _next_name(versions: Path) -> str:
    numbers = [int(p.name[1:]) for p in versions.iterdir() if _NAME.fullmatch(p.name)]
    return f"v{max(numbers, default=0) + 1:06d}"


def _switch(folder: Path, name: str) -> None:
    pointer = folder / f".{_POINTER}-{os.getpid()}"
    with pointer.open("w", encoding="utf-8") as stream:
        stream.write(name + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    pointer.replace(folder / _POINTER)
    _sync(folder)


def _version_in_use(folder: Path) -> str | None:
    """Give the name in the pointer, or None when there is none or it is damaged: a build mends that."""
    try:
        version = current_version(folder)
    except StoreError:
        return None
    return version.name if version else None


def _refuse_other_folders(folder: Path) -> None:
    """Raise `StoreError` for a folder with anything in it that is no store of ours."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise StoreError(f"{folder}: the graph cannot be written: found a file, expected a folder")
    if (folder / _POINTER).is_dir():
        raise StoreError(f"{folder}: the graph cannot be written: `{_POINTER}` is a folder, expected a file of ours")
    versions = folder / "versions"
    inside = list(versions.iterdir()) if versions.is_dir() else None
    if inside is not None and (not inside or any(p.name.startswith(_LEFTOVER) or _is_version(p) for p in inside)):
        return
    if _version_in_use(folder):
        return
    found = sorted(p.name for p in folder.iterdir() if p.name != _LOCK or p.stat().st_size)
    if found:
        names = ", ".join(found[:3]) + (", ..." if len(found) > 3 else "")
        raise StoreError(f"{folder}: no store of ours, it holds {names}; expected a new or an empty folder")


def _remove_leftovers(versions: Path) -> None:
    for leftover in versions.glob(f"{_LEFTOVER}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _remove_old(versions: Path, kept: set[str | None]) -> None:
    """Remove all versions but those to keep; whatever else lies there is not ours."""
    for version in [p for p in versions.iterdir() if _is_version(p) and p.name not in kept]:
        with suppress(OSError):  # what cannot be removed today is tried again by the next build
            version.rename(versions / f"{_LEFTOVER}old-{version.name}")  # a kill must not leave half a version
    _remove_leftovers(versions)


def change_version(folder: Path, change: Callable[[LocalStore], None]) -> Path:
    """Let `change` work on a copy of the version in use, and make the copy the one in use; else nothing has happened.

    Raises `StoreError` as `write_version` does, and when there is no version yet; what `change` raises comes through.
    """

    def fill(store: ox.Store) -> None:
        change(LocalStore(store))

    return _new_version(folder, fill, copied=True)


def write_version(folder: Path, quads: Iterable[ox.Quad]) -> Path:
    """Write quads as a new version and make it the one in use; the one before it stays, as its readers go on.

    Raises `StoreError` when another build is at work, or when the folder holds something that is no store.
    """
    taken = list(quads)  # a source that ends in the middle is its own error, not one of the store
    return _new_version(folder, lambda store: store.bulk_extend(taken), copied=False)


def _new_version(folder: Path, fill: Callable[[ox.Store], None], *, copied: bool) -> Path:
    import filelock

    versions = folder / "versions"
    try:
        _refuse_other_folders(folder)
        versions.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / _LOCK, timeout=0):
            before = _version_in_use(folder)
            _remove_leftovers(versions)
            written = _write_locked(folder, versions, fill, _checked_data(folder) if copied else None)
            _remove_old(versions, {written.name, before})
            return written
    except filelock.Timeout as error:
        raise StoreError(f"{folder}: another build is at work there; wait for it to end") from error
    except (OSError, NotImplementedError) as error:  # the latter: a file system without locks
        raise StoreError(f"{folder}: the graph cannot be written: {_why(error)}") from error


def _checked_data(folder: Path) -> Path:
    """Give the files of the version in use, after they were held against its manifest."""
    version = current_version(folder)
    if version is None:
        raise StoreError(f"{folder}: no graph has been built here; run `mechtrail build --store {folder}`")
    _open_checked(version)
    return version / "data"


def _write_locked(folder: Path, versions: Path, fill: Callable[[ox.Store], None], copy_of: Path | None) -> Path:
    building = versions / f"{_LEFTOVER}{os.getpid()}"
    data = building / "data"
    building.mkdir(parents=True)
    try:
        if copy_of:
            shutil.copytree(copy_of, data)
        else:
            data.mkdir()
        store = ox.Store(str(data))
        fill(store)
        store.flush()
        count = len(store)  # not of what was given: a store keeps `1.50` and `1.5` as one number
    except (RuntimeError, ValueError) as error:
        raise StoreError(f"{folder}: the graph cannot be written: {error}") from error
    except KgError:
        shutil.rmtree(building, ignore_errors=True)
        raise
    del store  # closes the files, so that the manifest sees their last bytes
    manifest = {"quads": count, "files": _digests(data)}
    (building / _MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    for path in (*_data_files(data), building / _MANIFEST, data, building):
        _sync(path)
    name = _next_name(versions)
    building.rename(versions / name)
    _sync(versions)
    _switch(folder, name)
    return versions / name
