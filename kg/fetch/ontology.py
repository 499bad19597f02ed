"""An ontology of the OBO foundry -> its file, checked to be one before it takes the place of an older copy.

The addresses (PURLs) lead over several hosts, which are told. A copy that is still the newest is not fetched again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from kg.errors import InputError
from kg.fetch.client import Client, Question
from kg.fetch.files import alone, write_whole
from kg.fetch.receipt import Fetched, Receipt, read_receipt, write_receipt
from kg.ontology.external import OntologyFile, read_ontology

__all__ = ["FORMS", "HOME", "fetch_ontology"]

HOME = "https://purl.obolibrary.org/obo"
FORMS = ("obo", "owl", "json")


def fetch_ontology(
    client: Client,
    name: str,
    folder: Path,
    *,
    form: str = "obo",
    home: str = HOME,
    anew: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Fetched:
    """Write `cl.obo` and its receipt into a folder, unless the copy there is still the newest.

    Raises `InputError` for a name that cannot be one, `FetchError` when no ontology comes; the old copy then stays.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
        raise InputError(f"found the ontology {name!r}, expected a name as in its address: cl, uberon, mondo")
    if form not in FORMS:
        raise InputError(f"found the format {form!r}, expected {', '.join(FORMS)}")
    name, home = name.casefold(), home.rstrip("/")
    out, address = folder / f"{name}.{form}", f"{home}/{name}.{form}"
    with alone(out):
        here = read_receipt(out)
        ours = here if here and here.address == address and not anew else None
        question = Question(
            address,
            etag=ours.etag if ours else "",
            last_modified=ours.last_modified if ours else "",
            keep=False,
            across_hosts=True,
        )
        if tell:
            tell(address)
        answer = client.get(question, lambda content: _checked(content, out))
        led = [f"{address} led to {', '.join(answer.hosts)}"] if answer.hosts else []
        if answer.value is None:
            assert ours is not None  # or nothing could have been called unchanged
            notes = (*led, "the copy here is still the newest")
            return Fetched(out, "terms", ours, True, {"unchanged": 1}, client.bytes_received, notes)
        found, digest = answer.value
        version = found.version or "not stated"
        count, query = len(found.entries), {"name": name, "format": form}
        new = Receipt(
            "ontology", address, query, found.date, count, count, digest, version, answer.etag, answer.last_modified
        )
        notes = (*led, *_differences(new, here, found, name, out))
        write_whole(out, answer.content)
        write_receipt(out, new)
        return Fetched(out, "terms", new, True, {"from the network": 1}, client.bytes_received, notes)


def _checked(content: bytes, out: Path) -> tuple[OntologyFile, str]:
    found = read_ontology(Path(out.name), content)
    if found is None:
        raise InputError("found no ontology")
    return found, sha256(content).hexdigest()


def _differences(new: Receipt, old: Receipt | None, found: OntologyFile, name: str, out: Path) -> Iterator[str]:
    """Say what differs from the copy that goes, and whether the file calls itself something else."""
    if re.split(r"[/.]", found.name.casefold())[0] != name:
        yield f"the file calls itself {found.name or 'nothing'}"
    if old is None:
        if out.exists():
            yield "it takes the place of a file that was not fetched, or was changed since"
        return
    if old.sha256 == new.sha256:
        yield "the same as before"
    elif old.version != new.version:
        yield f"version {new.version}, was {old.version}"
    if new.records < old.records:
        yield f"{new.records:,} terms, fewer than the {old.records:,} before"
