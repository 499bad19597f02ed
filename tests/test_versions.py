"""A store on disk is never half built: kills, locks, damage, full disks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import filelock
import pyoxigraph as ox
import pytest

from kg.errors import StoreError
from kg.store import LocalStore, sorted_nquads
from kg.versions import current_version, open_version, write_version

GRAPH = ox.NamedNode("https://example.org/g")


def quads(count: int, tag: str = "a") -> list[ox.Quad]:
    node = ox.NamedNode("https://example.org/s")
    return [ox.Quad(node, ox.NamedNode("https://example.org/p"), ox.Literal(f"{tag}{i}"), GRAPH) for i in range(count)]


def count(store: LocalStore) -> int:
    return len(store.quads())


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    write_version(tmp_path / "kg", quads(5))
    assert sorted_nquads(open_version(tmp_path / "kg").quads()) == sorted_nquads(quads(5))


def test_a_second_build_takes_the_place_of_the_first(tmp_path: Path) -> None:
    first = write_version(tmp_path, quads(5))
    second = write_version(tmp_path, quads(3, "b"))
    assert current_version(tmp_path) == second != first
    assert count(open_version(tmp_path)) == 3


def test_only_the_last_two_versions_are_kept(tmp_path: Path) -> None:
    for i in range(5):
        write_version(tmp_path, quads(i + 1))
    assert len(list((tmp_path / "versions").glob("v*"))) == 2


def test_a_reader_of_the_old_version_is_not_disturbed(tmp_path: Path) -> None:
    write_version(tmp_path, quads(5))
    reader = open_version(tmp_path)
    write_version(tmp_path, quads(2, "b"))
    assert count(reader) == 5


def test_a_failed_build_leaves_the_old_graph(tmp_path: Path) -> None:
    write_version(tmp_path, quads(5))

    def broken() -> object:
        yield quads(1)[0]
        raise RuntimeError("the source ended in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        write_version(tmp_path, broken())  # type: ignore[arg-type]
    assert count(open_version(tmp_path)) == 5


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.test_versions import quads
from kg.versions import write_version
print("go", flush=True)
write_version(Path({folder!r}), quads(200_000, "new"))
print("done", flush=True)
"""


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.2])
def test_a_killed_build_leaves_a_whole_graph(tmp_path: Path, delay: float) -> None:
    write_version(tmp_path, quads(5))
    root = str(Path(__file__).resolve().parents[1])
    code = KILLED.format(root=root, folder=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == b"go\n"
        time.sleep(delay)
        os.kill(builder.pid, signal.SIGKILL)
        builder.wait()
    assert count(open_version(tmp_path)) in (5, 200_000)
    write_version(tmp_path, quads(7))  # and the next build goes through, and cleans up
    assert count(open_version(tmp_path)) == 7
    assert list((tmp_path / "versions").glob(".building-*")) == []


def test_two_builds_at_once_are_refused_with_a_reason(tmp_path: Path) -> None:
    write_version(tmp_path, quads(5))
    with filelock.FileLock(tmp_path / "lock"), pytest.raises(StoreError, match="another build is at work"):
        write_version(tmp_path, quads(1))
    assert count(open_version(tmp_path)) == 5


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no graph has been built here; run `mechtrail build"):
        open_version(tmp_path)


@pytest.mark.parametrize("damage", ["flip", "cut", "remove", "manifest"])
def test_damage_is_found_when_the_store_is_opened(tmp_path: Path, damage: str) -> None:
    version = write_version(tmp_path, quads(2000))
    largest = max((version / "data").glob("*.sst"), key=lambda path: path.stat().st_size)
    raw = bytearray(largest.read_bytes())
    if damage == "flip":
        raw[len(raw) // 2] ^= 0xFF
        largest.write_bytes(raw)
    elif damage == "cut":
        largest.write_bytes(raw[: len(raw) // 2])
    elif damage == "remove":
        largest.unlink()
    else:
        (version / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match=r"damaged|manifest"):
        open_version(tmp_path)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kg").write_text("x")
    with pytest.raises(StoreError, match="cannot be written"):
        write_version(tmp_path / "kg", quads(1))


def test_opening_a_store_does_not_change_it(tmp_path: Path) -> None:
    write_version(tmp_path, quads(10))
    for _ in range(3):
        assert count(open_version(tmp_path)) == 10
