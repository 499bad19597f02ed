"""The packaged graph, built once into the user's cache and opened read-only afterwards; keyed by its content."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from kg import __version__
from kg.errors import StoreError
from kg.paths import packaged_files
from kg.store import EndpointStore, LocalStore, Store
from kg.versions import current_version, open_version, write_version

__all__ = ["content_key", "open_store"]


def content_key() -> str:
    """Give a key that changes with the program's version or with any packaged file."""
    key = sha256(__version__.encode())
    package = Path(__file__).resolve().parent
    folders = ("loaders", "model", "ontology", "rdf", "synthesis")
    parts = [*(f"{name}/*.py" for name in folders), "build.py", "estimates.py", "vocabulary.py"]
    code = sorted(path for part in parts for path in package.glob(part))
    for path in (*packaged_files(), *code):
        key.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return key.hexdigest()[:16]


def _packaged() -> LocalStore:
    import platformdirs

    folder = Path(platformdirs.user_cache_dir("mechtrail")) / f"graph-{content_key()}"
    try:
        if current_version(folder) is not None:
            return open_version(folder)
    except StoreError:
        pass  # a damaged cache is rebuilt below: it holds nothing that cannot be made again
    from kg.build import build

    built = build()
    try:
        write_version(folder, built.store.quads())
        return open_version(folder)
    except StoreError:
        return built.store  # another process is writing the same cache, or there is no place to write to


def open_store(where: str | None) -> Store:
    """Open a store by folder or by URL; without either, the packaged graph."""
    if where is None:
        return _packaged()
    if where.startswith(("http://", "https://")):
        return EndpointStore(where)
    return open_version(Path(where))
