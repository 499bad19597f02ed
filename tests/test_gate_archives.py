"""The gate for files: folders, gzip and zip files are read in place, and what is left out is told."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError, NotFoundError, SourceError
from kg.gate import Member, Skipped, open_file, open_members, walk
from kg.gate.content import HEAD
from tests.gate_files import RECORD, left_out, names, put, zipped

# What is read


def test_a_file_is_given_with_its_name_its_head_and_its_content(tmp_path: Path) -> None:
    content = RECORD + b" " * HEAD
    put(tmp_path, {"one.json": content})
    (member,) = open_members([tmp_path / "one.json"])
    assert (member.name, member.path, member.size) == ("one.json", tmp_path / "one.json", len(content))
    assert (member.head, member.read()) == (content[:HEAD], content)
    with member.open() as stream:
        assert stream.read(5) == content[:5]


def test_a_folder_is_given_with_its_folders_sorted(tmp_path: Path) -> None:
    folder = put(tmp_path / "mine", {"b.json": b"2", "a/c.json": b"1", "a.json": b"0"})
    assert names(folder) == ["mine/a/c.json", "mine/a.json", "mine/b.json"]


def test_a_gzip_file_of_several_members_is_one_text(tmp_path: Path) -> None:
    put(tmp_path, {"x.gz": gzip.compress(b"one\n") + gzip.compress(b"two\n")})
    (member,) = open_members([tmp_path / "x.gz"])
    assert (member.name, list(member.lines())) == ("x.gz", [b"one", b"two"])


def test_a_zip_archive_is_read_in_place_and_sorted(tmp_path: Path) -> None:
    entries = {"b.json": b"b" * (HEAD + 1), "sub/": b"", "sub/a.json": b"a", "c.json.gz": gzip.compress(b"c")}
    put(tmp_path, {"bulk.zip": zipped(entries)})
    members = list(open_members([tmp_path / "bulk.zip"]))
    assert [member.name for member in members] == ["bulk.zip/b.json", "bulk.zip/c.json.gz", "bulk.zip/sub/a.json"]
    assert [member.read() for member in members] == [b"b" * (HEAD + 1), b"c", b"a"]
    assert {member.path for member in members} == {tmp_path / "bulk.zip"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bulk.zip"]


def test_a_zip_archive_without_packing_is_read(tmp_path: Path) -> None:
    put(tmp_path, {"bulk.zip": zipped({"a.json": RECORD}, method=zipfile.ZIP_STORED)})
    assert [member.read() for member in open_members([tmp_path / "bulk.zip"])] == [RECORD]


@pytest.mark.parametrize("first", ["[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "mimetype"])
def test_a_workbook_is_one_file_and_not_a_folder_of_files(tmp_path: Path, first: str) -> None:
    book = zipped({first: b"x", "xl/workbook.xml": b"y"})
    put(tmp_path, {"table.xlsx": book, "both.zip": zipped({"table.xlsx": book})})
    assert [member.read() for member in open_members([tmp_path / "table.xlsx"])] == [book]
    assert [member.read() for member in open_members([tmp_path / "both.zip"])] == [book]


def test_the_ending_of_a_name_says_nothing(tmp_path: Path) -> None:
    put(tmp_path, {"a.json": gzip.compress(RECORD), "b.txt": zipped({"c": RECORD}), "d.zip": RECORD})
    read = {member.name: member.read() for member in open_members(sorted(tmp_path.iterdir()))}
    assert read == {"a.json": RECORD, "b.txt/c": RECORD, "d.zip": RECORD}


def test_standard_input_is_read_whatever_it_is_packed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (RECORD, gzip.compress(RECORD), zipped({"a": RECORD})):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        (member,) = open_members([Path("-")])
        assert member.name.startswith("standard input")
        assert member.read() == RECORD


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda content: zipped({"a": content})])
def test_a_byte_order_mark_is_dropped_everywhere(tmp_path: Path, pack: object) -> None:
    for content, rest in ((b"\xef\xbb\xbfid\tx", b"id\tx"), (b"\xef\xbb\xbf", b""), (b"\xef\xbb", b"\xef\xbb")):
        put(tmp_path, {"x": pack(content)})  # type: ignore[operator]
        (member,) = open_members([tmp_path / "x"])
        assert (member.head, member.read(), b"\n".join(member.lines())) == (rest, rest, rest)


@given(
    st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\r\n", b"\xef\xbb\xbf", b"x" * 70_000]), max_size=8).map(b"".join)
)
@settings(max_examples=60, deadline=None)
def test_lines_are_those_of_the_whole_content(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "x"
    path.write_bytes(content)
    member = open_file(path)
    assert list(member.lines()) == member.read().splitlines() == content.removeprefix(b"\xef\xbb\xbf").splitlines()


def test_a_member_made_by_hand_has_lines_and_a_stream() -> None:
    member = Member("x", Path("x"), b"a", lambda: b"a\nb")
    assert list(member.lines()) == [b"a", b"b"]
    assert member.open().read() == b"a\nb"


# What is left out, and told


def test_hidden_files_and_those_of_the_system_are_left_out_and_told(tmp_path: Path) -> None:
    files = {".DS_Store": b"x", ".git/config": b"x", "a.json": RECORD, "__MACOSX/._a.json": b"x", "Thumbs.db": b"x"}
    put(tmp_path, {"bulk.zip": zipped(files)})
    put(tmp_path / "mine", files)
    skipped: list[Skipped] = []
    assert [member.name for member in open_members([tmp_path / "mine"], skipped=skipped)] == ["mine/a.json"]
    assert {one.name: one.reason for one in skipped} == {
        "mine/.DS_Store": "hidden",
        "mine/.git": "hidden folder",
        "mine/Thumbs.db": "made by the system",
        "mine/__MACOSX": "made by the system folder",
    }
    assert len(left_out(tmp_path / "bulk.zip")) == 4
    assert names(tmp_path / "bulk.zip") == ["bulk.zip/a.json"]


def test_a_hidden_file_that_is_named_is_read(tmp_path: Path) -> None:
    put(tmp_path, {".hidden.json": RECORD})
    assert names(tmp_path / ".hidden.json") == [".hidden.json"]


def test_what_is_named_twice_is_read_once(tmp_path: Path) -> None:
    put(tmp_path / "mine", {"a.json": RECORD})
    assert names(tmp_path / "mine", tmp_path / "mine" / "a.json") == ["mine/a.json"]
    assert left_out(tmp_path / "mine", tmp_path / "mine" / "a.json") == {"a.json": "named twice; read once"}


def test_a_link_within_a_folder_is_not_followed_and_a_link_that_is_named_is(tmp_path: Path) -> None:
    put(tmp_path, {"secret.txt": b"x"})
    folder = put(tmp_path / "mine", {"a.json": RECORD})
    (folder / "up").symlink_to(tmp_path)
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    assert names(folder) == ["mine/a.json"]
    assert set(left_out(folder)) == {"mine/up", "mine/out.txt"}
    assert names(folder / "out.txt") == ["out.txt"]


def test_count_in_is_count_out(tmp_path: Path) -> None:
    entries = {"a.json": RECORD, ".b": b"", "c.zip": zipped({}), "d.gz": b"\x1f\x8b", "e": b""}
    put(tmp_path, {"bulk.zip": zipped(entries)})
    assert len(list(walk([tmp_path / "bulk.zip"]))) == len(entries)


# What cannot be opened


def test_what_does_not_exist_is_told_with_what_comes_nearest(tmp_path: Path) -> None:
    put(tmp_path, {"NCT99900001.json": RECORD})
    with pytest.raises(NotFoundError, match=r"NCT99900002\.json'\. Nearest: .*NCT99900001\.json"):
        next(walk([tmp_path / "NCT99900001.json", tmp_path / "NCT99900002.json"]))
    with pytest.raises(NotFoundError, match=r"Nearest: .*NCT99900001"):
        next(walk([tmp_path / "NCT99900001" / "x" / "y"]))
    with pytest.raises(KgError):
        next(walk([Path("a\0b")]))
    with pytest.raises(KgError):
        next(walk([Path("x" * 5000)]))


def test_a_link_to_nothing_a_pipe_and_a_device_are_named(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "absent")
    with pytest.raises(SourceError, match="a symbolic link to something that does not exist"):
        next(walk([tmp_path / "link"]))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="pipe: a pipe, expected a file; `-` reads from a pipe"):
        names(tmp_path / "pipe")
    with pytest.raises(SourceError, match="a device"):
        names(Path(os.devnull))
    with pytest.raises(SourceError, match="a device"):
        open_file(Path(os.devnull))
    put(tmp_path, {"a.json": RECORD})
    (tmp_path / "link").unlink()
    assert left_out(tmp_path) == {f"{tmp_path.name}/pipe": "a pipe"}


def test_a_circle_of_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(KgError):
        next(walk([tmp_path / "a"]))


def test_a_folder_without_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="a folder without a file that can be read"):
        names(tmp_path)
    put(tmp_path, {".hidden": b""})
    with pytest.raises(SourceError, match="without a file that can be read; 1 left out"):
        names(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    put(tmp_path, {"a.json": RECORD})
    (tmp_path / "a.json").chmod(0)
    with pytest.raises(SourceError, match="cannot be read: Permission denied"):
        names(tmp_path / "a.json")
