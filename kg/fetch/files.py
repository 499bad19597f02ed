"""Files that are there whole or not at all: a new one replaces the old one in one step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from kg.errors import InputError

__all__ = ["alone", "digest_of", "write_whole"]

_CHUNK = 1 << 20


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Put a file in place of whatever was there; raise `InputError` when that is not possible, the old one kept.

    A file that can be made again need not be `durable`, which makes sure that it outlives a power cut.
    """
    temporary = path.with_name(f".{path.name[:100]}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            stream.write(content)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file, or nothing when there is none that can be read."""
    digest = sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other fetches away from a file; raise `InputError` when one is at work on it."""
    import filelock

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(path.with_name(f".{path.name}.lock"), timeout=0)
        lock.acquire()
    except filelock.Timeout as error:
        raise InputError(f"{path}: another fetch is writing it; wait for it to end") from error
    except (OSError, NotImplementedError) as error:  # the latter: a file system without locks
        words = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be written: {words}") from error
    try:
        yield
    finally:
        with suppress(OSError):
            Path(lock.lock_file).unlink()
        lock.release()
