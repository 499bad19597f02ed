"""Answers that were received before, one pair of files each: what was said of it, and what was sent.

An answer is found by its address and parameters, keys left out. Whether it still holds is for `client` to decide. A
pair that is damaged is as good as none.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from kg.errors import InputError
from kg.fetch.files import write_whole

__all__ = ["Cache", "Kept", "default_folder"]

_OLDEST_S = 90 * 86_400


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept answer: what the server said of it, and its content."""

    etag: str
    last_modified: str
    version: str  # of the data that it was made of, where the server tells that
    content: bytes


def default_folder() -> Path:
    """Give the folder in the user's cache."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("mechtrail")) / "fetched"


class Cache:
    """A folder of answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _paths(self, address: str, parameters: Iterable[tuple[str, str]]) -> tuple[Path, Path]:
        key = sha256(json.dumps([address, sorted(parameters)]).encode()).hexdigest()[:40]
        return self.folder / f"{key}.json", self.folder / f"{key}.content"

    def find(self, address: str, parameters: Iterable[tuple[str, str]]) -> Kept | None:
        """Give the answer that is kept for a question, or None."""
        about, body = self._paths(address, parameters)
        try:
            said, content = json.loads(about.read_bytes()), body.read_bytes()
            etag, last_modified, version = said["etag"], said["last_modified"], said["version"]
            if said["sha256"] != sha256(content).hexdigest():
                return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        if not all(isinstance(each, str) for each in (etag, last_modified, version)):
            return None
        return Kept(etag, last_modified, version, content)

    def keep(self, address: str, parameters: Iterable[tuple[str, str]], answer: Kept) -> None:
        """Keep an answer in place of an older one; raise `InputError` when the folder cannot be written."""
        about, body = self._paths(address, parameters)
        said = {name: value for name, value in asdict(answer).items() if name != "content"}
        said["sha256"] = sha256(answer.content).hexdigest()
        write_whole(body, answer.content, durable=False)
        text = json.dumps({"address": address, **said}, indent=1, sort_keys=True)
        write_whole(about, text.encode(), durable=False)

    def remove_old(self, now: Callable[[], float] = time.time) -> None:
        """Remove what was written more than 90 days ago: tokens of pages change, and nobody asks for the old ones."""
        with suppress(OSError, InputError):
            for path in self.folder.iterdir():
                if path.suffix in (".json", ".jsonl", ".content") and path.stat().st_mtime < now() - _OLDEST_S:
                    path.unlink()
