"""A store on disk is never half built: kills, locks, damage, full disks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import filelock
import pyoxigraph as ox
import pytest

from kg import cache, versions
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
    with pytest.raises(StoreError, match="cannot be written: found a file, expected a folder"):
        write_version(tmp_path / "kg", quads(1))


def test_opening_a_store_does_not_change_it(tmp_path: Path) -> None:
    write_version(tmp_path, quads(10))
    for _ in range(3):
        assert count(open_version(tmp_path)) == 10


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "versions").iterdir())


def test_folders_that_are_not_versions_of_ours_are_left_alone(tmp_path: Path) -> None:
    write_version(tmp_path, quads(1))
    others = ["v1.0", "v7", "v000099", "vendor"]  # v000099 looks like ours, but has no manifest
    for name in others:
        (tmp_path / "versions" / name).mkdir()
        (tmp_path / "versions" / name / "thesis.txt").write_text("years of work")
    for i in range(4):
        write_version(tmp_path, quads(i + 2))
    assert {name for name in names(tmp_path) if (tmp_path / "versions" / name / "thesis.txt").exists()} == set(others)
    assert len(names(tmp_path)) == len(others) + 2
    assert count(open_version(tmp_path)) == 5


FOREIGN = {
    "a file": {"notes.txt": "x"},
    "releases": {"versions/v1.0/data.csv": "x"},
    "a pointer of another program": {"current": "releases/1"},
    "a lock of another program": {"lock": "pid 1"},
    "a folder named current": {"current/data.csv": "x"},
}


@pytest.mark.parametrize("files", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_folder_with_other_things_is_not_built_into(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(StoreError, match=next(iter(files)).partition("/")[0]):
        write_version(tmp_path, quads(1))
    assert sorted(tmp_path.rglob("*")) == before
    assert {name: (tmp_path / name).read_text() for name in files} == files


@pytest.mark.parametrize("left", ["", "versions", "versions/.building-1/data", "lock"])
def test_a_folder_that_a_killed_first_build_left_is_built_into(tmp_path: Path, left: str) -> None:
    if left == "lock":
        (tmp_path / "lock").touch()
    else:
        (tmp_path / left).mkdir(parents=True, exist_ok=True)
    write_version(tmp_path, quads(3))
    assert count(open_version(tmp_path)) == 3
    assert names(tmp_path) == ["v000001"]


def test_a_kill_before_the_switch_does_not_cost_the_version_in_use(tmp_path: Path) -> None:
    first = write_version(tmp_path, quads(5))
    reader = open_version(tmp_path)
    orphan = write_version(tmp_path, quads(6))
    (tmp_path / "current").write_text(first.name + "\n")  # as if killed between the rename and the switch
    assert count(open_version(tmp_path)) == 5
    third = write_version(tmp_path, quads(7))
    assert names(tmp_path) == [first.name, third.name]
    assert not orphan.exists()
    assert count(reader) == 5
    assert count(open_version(tmp_path)) == 7


def test_an_orphan_of_a_killed_first_build_is_removed(tmp_path: Path) -> None:
    write_version(tmp_path, quads(5))
    (tmp_path / "current").unlink()
    second = write_version(tmp_path, quads(6))
    assert names(tmp_path) == [second.name]


def test_a_store_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kg").write_text("x")
    with pytest.raises(StoreError, match="kg: not a folder; expected one made by"):
        open_version(tmp_path / "kg")


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        (b"\xff\xfe", "current: unreadable"),
        (b"", "found ''"),
        (b"../../etc", "found '../../etc', expected the name of a version"),
        (b"v000001/data", "found 'v000001/data'"),
        (b"..", "found '..'"),
        (b"v1", "found 'v1'"),
        (b"v000001\nv000002", "expected the name of a version"),
        (b"v000009", "manifest is missing"),
    ],
)
def test_a_damaged_pointer_is_said_and_mended_by_a_build(tmp_path: Path, pointer: bytes, message: str) -> None:
    write_version(tmp_path, quads(5))
    (tmp_path / "current").write_bytes(pointer)
    with pytest.raises(StoreError, match=message) as caught:
        open_version(tmp_path)
    assert "\n" not in str(caught.value)
    write_version(tmp_path, quads(4))
    assert count(open_version(tmp_path)) == 4


def test_a_pointer_that_is_a_folder_is_said(tmp_path: Path) -> None:
    write_version(tmp_path, quads(5))
    (tmp_path / "current").unlink()
    (tmp_path / "current").mkdir()
    with pytest.raises(StoreError, match="current: unreadable"):
        open_version(tmp_path)
    with pytest.raises(StoreError, match="`current` is a folder"):
        write_version(tmp_path, quads(1))
    assert names(tmp_path) == ["v000001"]


BAD_MANIFESTS = [
    *('{"quads":1}', '{"quads":1,"files":[]}', '{"files":{}}', '{"quads":"5","files":{}}', "[]", "null", "5", ""),
    *('{"quads":5,"files":{"CURRENT":[]}}', "[" * 100_000),
]


@pytest.mark.parametrize("manifest", BAD_MANIFESTS, ids=lambda text: text[:40])
def test_a_damaged_manifest_is_said(tmp_path: Path, manifest: str) -> None:
    version = write_version(tmp_path, quads(5))
    (version / "manifest.json").write_text(manifest)
    with pytest.raises(StoreError, match=r"build again$"):
        open_version(tmp_path)


def test_the_number_of_quads_is_held_against_the_store(tmp_path: Path) -> None:
    path = write_version(tmp_path, quads(5)) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"quads": 6}))
    with pytest.raises(StoreError, match="found 5 quads, the manifest says 6"):
        open_version(tmp_path)


def test_quads_that_a_store_keeps_as_one_are_counted_once(tmp_path: Path) -> None:
    node, decimal = ox.NamedNode("https://example.org/s"), ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    write_version(tmp_path, [ox.Quad(node, node, ox.Literal(n, datatype=decimal), GRAPH) for n in ("1.5", "1.50")])
    assert count(open_version(tmp_path)) == 1


def _built_meanwhile(monkeypatch: pytest.MonkeyPatch, folder: Path, *, times: int) -> None:
    """Let two builds pass after each of the first readings of the pointer."""
    left = [times]

    def pointer_then_builds(where: Path) -> Path | None:
        version = current_version(where)
        if left[0]:
            left[0] -= 1
            monkeypatch.setattr(versions, "current_version", current_version)
            for _ in range(2):
                write_version(folder, quads(3))
            monkeypatch.setattr(versions, "current_version", pointer_then_builds)
        return version

    monkeypatch.setattr(versions, "current_version", pointer_then_builds)


@pytest.mark.parametrize("times", [1, 2])
def test_builds_between_the_pointer_and_the_manifest_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    write_version(tmp_path, quads(5))
    _built_meanwhile(monkeypatch, tmp_path, times=times)
    assert count(open_version(tmp_path)) == 3


def test_builds_without_end_end_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_version(tmp_path, quads(5))
    _built_meanwhile(monkeypatch, tmp_path, times=50)
    with pytest.raises(StoreError, match="builds follow each other so fast"):
        open_version(tmp_path)


ASK = "from kg.cache import open_store; print(len(open_store(None).quads()))"


def ask(cache_home: str) -> subprocess.Popen[str]:
    env = {**os.environ, "XDG_CACHE_HOME": cache_home, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    return subprocess.Popen([sys.executable, "-c", ASK], env=env, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("home", ["/dev/null", "/proc"])  # no folder, and a folder that takes none
def test_without_a_place_for_the_cache_the_graph_is_built_in_memory(home: str) -> None:
    with ask(home) as asked:
        assert int(asked.communicate()[0]) > 1000
    assert asked.returncode == 0


def test_two_processes_with_a_cold_cache_both_answer(tmp_path: Path) -> None:
    with ask(str(tmp_path)) as one, ask(str(tmp_path)) as two:
        answers = [one.communicate()[0], two.communicate()[0]]
    assert answers[0] == answers[1]
    assert (one.returncode, two.returncode) == (0, 0)


@pytest.mark.parametrize(
    "manifest",
    [*(pytest.param(each, marks=pytest.mark.slow) for each in ('{"quads":1}', '{"quads":1,"files":[]}', "[]")), ""],
)
def test_a_damaged_cache_is_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manifest: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    size = len(cache.open_store(None).quads())
    (path,) = tmp_path.rglob("manifest.json")
    path.write_text(manifest)
    assert len(cache.open_store(None).quads()) == size
    (folder,) = tmp_path.glob("*/graph-*")
    assert count(open_version(folder)) == size


def test_a_good_cache_is_opened_and_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache.open_store(None)
    (path,) = tmp_path.rglob("manifest.json")
    before = path.stat().st_mtime_ns
    start = time.perf_counter()
    cache.open_store(None)
    assert time.perf_counter() - start < 0.5
    assert [found.stat().st_mtime_ns for found in tmp_path.rglob("manifest.json")] == [before]
