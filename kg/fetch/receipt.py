"""What stands beside a fetched file: what was asked, how old the data are, how much came. Says nothing of this machine.

`cp.jsonl` has the receipt `cp.jsonl.fetch.json`. While a file is not whole yet, it is `cp.jsonl.part`, with its state
beside it, so that an interrupted fetch goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from hashlib import sha256
from pathlib import Path

from kg.errors import InputError
from kg.fetch.files import digest_of, write_whole

__all__ = ["ENDING", "Fetched", "Part", "Receipt", "already_there", "read_receipt", "write_receipt"]

ENDING = ".fetch.json"
_CHUNK = 1 << 20
Query = Mapping[str, object]  # what was asked, as JSON has it


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a fetched file is."""

    source: str  # "ctgov", "pubmed", "ontology"
    address: str
    query: Query
    data_date: str  # of the data, as the server tells it; "" where it does not
    records: int
    promised: int  # how many the server said there are
    sha256: str
    version: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a fetch, for its closing line."""

    path: Path
    what: str  # "studies", "papers", "terms"
    receipt: Receipt
    complete: bool = True
    pages: Mapping[str, int] = field(default_factory=dict)  # where from -> how many
    bytes_received: int = 0
    notes: tuple[str, ...] = ()

    def line(self) -> str:
        """Give the closing line: pages and where they came from, records, bytes, date of the data."""
        pages = ", ".join(f"{count:,} {where}" for where, count in self.pages.items() if count)
        count = sum(self.pages.values())
        got = f"{count:,} page{'s' * (count != 1)} ({pages or 'none'}), {self.bytes_received:,} bytes received"
        receipt = self.receipt
        of = f" of {receipt.promised:,}" if receipt.promised != receipt.records else ""
        date = f"data of {receipt.data_date}" if receipt.data_date else "the data have no date"
        version = f", version {receipt.version}" if receipt.version not in ("", receipt.data_date) else ""
        return f"{self.path}: {receipt.records:,}{of} {self.what}; {got}; {date}{version}"


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def write_receipt(path: Path, receipt: Receipt) -> None:
    """Write the receipt of a file beside it."""
    text = json.dumps(asdict(receipt), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_whole(_beside(path, ENDING), text.encode(errors="replace"))


def read_receipt(path: Path) -> Receipt | None:
    """Give the receipt of a file, or None when there is none that is sound and fits what the file holds now."""
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        said = json.loads(_beside(path, ENDING).read_bytes())
        kinds = {"query": dict, "records": int, "promised": int}
        if all(isinstance(said[each.name], kinds.get(each.name, str)) for each in fields(Receipt)):
            receipt = Receipt(**said)
            return receipt if receipt.sha256 == digest_of(path) else None
    return None


def already_there(out: Path, what: str, address: str, query: Query, data_date: str) -> Fetched | None:
    """Give what became of a fetch that need not be made: the file is of the same question and the same data."""
    receipt = read_receipt(out)
    if receipt is None or not data_date or (receipt.address, receipt.data_date) != (address, data_date):
        return None
    if receipt.query != json.loads(json.dumps(query)):
        return None
    whole = receipt.records == receipt.promised  # a file that lacks something is fetched again
    return Fetched(out, what, receipt, notes=("it is there already",)) if whole else None


class Part:
    """A file that is not whole yet, and how far it is; `query` says what it is a part of."""

    def __init__(self, out: Path, query: Query) -> None:
        self.out, self.query = out, json.loads(json.dumps(query))
        self.path, self._state_path = _beside(out, ".part"), _beside(out, ".part.json")
        self._digest = sha256()
        self._size = 0

    def resume(self) -> dict[str, object] | None:
        """Give the state that was last written, or None when there is none of the same query that fits the file."""
        try:
            said = json.loads(self._state_path.read_bytes())
            if said["query"] != self.query:
                return None
            state, left, digest = said["state"], said["bytes"], sha256()
            with self.path.open("r+b") as stream:
                stream.truncate(left)  # what an interrupted fetch had begun; a shorter file gets the wrong digest
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
            if digest.hexdigest() != said["sha256"] or not isinstance(state, dict):
                return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        self._digest, self._size = digest, left
        return state

    def start(self) -> None:
        """Begin with an empty file."""
        self._digest, self._size = sha256(), 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_bytes(b"")
            self._state_path.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def append(self, content: bytes, state: Mapping[str, object]) -> None:
        """Add to the file, then write down how far it is: what comes after that is cut off when it is taken up."""
        try:
            with self.path.open("ab") as stream:
                stream.write(content)
        except OSError as error:
            raise self._unwritable(error) from error
        self._digest.update(content)
        self._size += len(content)
        said = {"query": self.query, "bytes": self._size, "sha256": self._digest.hexdigest(), "state": dict(state)}
        write_whole(self._state_path, json.dumps(said).encode())

    def digest(self) -> str:
        """Give the SHA-256 of what is there."""
        return self._digest.hexdigest()

    def finish(self, receipt: Receipt) -> None:
        """Put the file in its place, with its receipt."""
        try:
            self.path.replace(self.out)
        except OSError as error:
            raise self._unwritable(error) from error
        write_receipt(self.out, receipt)
        with suppress(OSError):
            self._state_path.unlink()

    def _unwritable(self, error: OSError) -> InputError:
        return InputError(f"{self.out}: cannot be written: {error.strerror or error}")
