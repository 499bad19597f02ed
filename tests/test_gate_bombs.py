"""The gate for files: what is cut, broken or a trap is refused, and not more is unpacked than the limits allow."""

from __future__ import annotations

import gzip
import io
import os
import struct
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError, SourceError
from kg.gate import Limits, Member, Skipped, open_members, walk
from kg.gate.bounded import RATIO_COUNTS_FROM, bounded
from tests.gate_files import RECORD, broken, names, put, zipped

# Cut and broken


@pytest.mark.parametrize("keep", [1, 4, 10])
def test_a_gzip_file_that_is_cut_is_told_so(tmp_path: Path, keep: int) -> None:
    content = gzip.compress(os.urandom(100_000))
    put(tmp_path, {"x.gz": content[:-keep]})
    (member,) = open_members([tmp_path / "x.gz"])
    for use in (member.read, lambda: list(member.lines())):
        with pytest.raises(SourceError, match=r"x\.gz: the gzip file is cut: its end is missing"):
            use()
    put(tmp_path, {"y.gz": gzip.compress(RECORD)[:-keep]})
    assert broken(tmp_path / "y.gz") == {"y.gz": "the gzip file is cut: its end is missing"}


def test_a_gzip_file_with_a_wrong_sum_or_something_behind_it_is_refused(tmp_path: Path) -> None:
    content = gzip.compress(RECORD)
    put(
        tmp_path,
        {"sum.gz": content[:-8] + bytes(8), "more.gz": content + b"left over", "head.gz": b"\x1f\x8b\x09" + bytes(20)},
    )
    assert all("not valid gzip" in reason for reason in broken(*sorted(tmp_path.iterdir())).values())
    assert len(broken(*sorted(tmp_path.iterdir()))) == 3


@pytest.mark.parametrize("cut", [1, 22, 40, 100])
def test_a_zip_archive_that_is_cut_is_told_so(tmp_path: Path, cut: int) -> None:
    put(tmp_path, {"x.zip": zipped({"a.json": os.urandom(300)})[:-cut]})
    assert "zip archive" in broken(tmp_path / "x.zip")["x.zip"]


def test_an_entry_with_a_wrong_sum_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.json": b"A" * 100, "b.json": RECORD}, method=zipfile.ZIP_STORED))
    content[content.index(b"AAAA")] = 66
    put(tmp_path, {"x.zip": bytes(content)})
    found = list(walk([tmp_path / "x.zip"]))
    assert [isinstance(one, Member) for one in found] == [False, True]
    assert "CRC" in broken(tmp_path / "x.zip")["x.zip/a.json"]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_in_our_words(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = data.draw(st.sampled_from([zipped({"a": RECORD * 9, "b/c": b"x"}), gzip.compress(RECORD * 9), RECORD]))
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("any") / "x"
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    for one in walk([path]):
        if isinstance(one, Member):
            try:
                assert one.read()[: len(one.head)] == one.head
            except SourceError as error:
                assert str(error).startswith(one.name)  # noqa: PT017 - either outcome is good
        else:
            assert one.reason


# Traps


def test_a_file_larger_than_the_limit_is_refused_before_and_while_it_is_read(tmp_path: Path) -> None:
    put(tmp_path, {"plain": bytes(1001), "x.gz": gzip.compress(bytes(1001)), "x.zip": zipped({"a": bytes(1001)})})
    for path in sorted(tmp_path.iterdir()):
        assert len(next(open_members([path], Limits(bytes=1001))).read()) == 1001
        (reason,) = broken(path, limits=Limits(bytes=1000)).values()
        assert reason.startswith("holds more than 1,000 bytes; raise the limit")


class Endless(io.RawIOBase):
    """A source without an end, which counts what is taken from it."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        size = memoryview(buffer).nbytes  # type: ignore[arg-type]
        self.taken += size
        return size


def test_not_more_is_taken_than_the_limit_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Endless()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    with pytest.raises(SourceError, match="holds more than 100,000 bytes"):
        next(walk([Path("-")], Limits(bytes=100_000)))
    assert endless.taken < 400_000


def test_lines_are_given_before_the_file_is_read_to_its_end() -> None:
    class Lines(Endless):
        def readinto(self, buffer: object) -> int:
            size = super().readinto(buffer)
            memoryview(buffer).cast("B")[:] = b"\n" * size  # type: ignore[arg-type]
            return size

    lines, limits = Lines(), Limits()
    member = Member("x", Path("x"), b"", bytes, stream=lambda: bounded(io.BufferedReader(lines), "x", limits))
    found = member.lines()
    assert [next(found) for _ in range(10)] == [b""] * 10
    assert lines.taken < 400_000
    found.close()  # type: ignore[attr-defined]


def test_a_dense_gzip_file_is_refused_after_a_few_megabytes(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(RATIO_COUNTS_FROM * 3))
    put(tmp_path, {"bomb.gz": bomb})
    (member,) = open_members([tmp_path / "bomb.gz"])
    pieces: list[int] = []
    with member.open() as stream, pytest.raises(SourceError, match="unpacks to more than 200 times"):
        pieces.extend(len(piece) for piece in iter(lambda: stream.read(65_536), b""))
    assert sum(pieces) <= max(RATIO_COUNTS_FROM, 200 * len(bomb))
    (member,) = open_members([tmp_path / "bomb.gz"], Limits(ratio=2000))
    assert len(member.read()) == RATIO_COUNTS_FROM * 3


def test_a_gzip_file_within_a_zip_archive_is_held_to_the_limits(tmp_path: Path) -> None:
    inner = gzip.compress(bytes(RATIO_COUNTS_FROM * 3))
    put(tmp_path, {"x.zip": zipped({"a.gz": inner})})
    (member,) = open_members([tmp_path / "x.zip"])
    with pytest.raises(SourceError, match=r"x.zip/a.gz: unpacks to more than 200 times its"):
        member.read()


def test_an_archive_whose_entries_together_are_a_trap_is_refused(tmp_path: Path) -> None:
    put(tmp_path, {"x.zip": zipped({f"{i}.json": bytes(2_000_000) for i in range(10)})})
    assert "as a trap does" in broken(tmp_path / "x.zip")["x.zip"]
    assert len(names(tmp_path / "x.zip", limits=Limits(ratio=2000))) == 10


def _directory(content: bytes) -> tuple[int, int]:
    """Give where the directory of an archive begins and ends."""
    end = content.rfind(b"PK\x05\x06")
    return content.index(b"PK\x01\x02"), end


def test_a_size_that_the_directory_states_too_small_is_not_believed(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.json": bytes(5000)}))
    start, _ = _directory(bytes(content))
    content[start + 24 : start + 28] = struct.pack("<L", 50)
    put(tmp_path, {"x.zip": bytes(content)})
    found = list(walk([tmp_path / "x.zip"]))
    assert all(isinstance(one, Skipped) and one.broken for one in found)


def test_entries_that_lie_upon_each_other_are_refused(tmp_path: Path) -> None:
    """One packed stream, told by the directory a hundred times."""
    content = zipped({"a": os.urandom(1000)})
    start, end = _directory(content)
    entry, count = content[start:end], 100
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, start, 0)
    entries = b"".join(entry.replace(b"a", b"%c" % (33 + i)) if i else entry for i in range(count))
    put(tmp_path, {"x.zip": content[:start] + entries + tail})
    assert "lies upon the next one, as in a trap" in broken(tmp_path / "x.zip")["x.zip"]


def test_an_archive_of_too_many_entries_is_refused_before_its_directory_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, {"x.zip": zipped({f"{i}": b"" for i in range(101)})})
    assert len(names(tmp_path / "x.zip", limits=Limits(entries=101))) == 101
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert broken(tmp_path / "x.zip", limits=Limits(entries=100))["x.zip"].startswith("holds more than 100 entries")


def test_two_entries_of_one_name_are_told_and_neither_is_taken(tmp_path: Path) -> None:
    content = zipped({"a.json": b"1", "A.json": b"2", "b.json": b"3"}).replace(b"A.json", b"a.json")
    put(tmp_path, {"x.zip": content})
    assert "2 entries of the archive have this name" in broken(tmp_path / "x.zip")["x.zip/a.json"]
    assert [one.read() for one in walk([tmp_path / "x.zip"]) if isinstance(one, Member)] == [b"3"]


def test_an_encrypted_entry_is_named_so(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.json": RECORD}))
    start, _ = _directory(bytes(content))
    content[6] |= 1
    content[start + 8] |= 1
    put(tmp_path, {"x.zip": bytes(content)})
    assert broken(tmp_path / "x.zip") == {"x.zip/a.json": "is encrypted; unpack it with its password first"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_whose_pieces_cannot_be_bounded_is_refused(tmp_path: Path, method: int) -> None:
    put(tmp_path, {"x.zip": zipped({"a.json": RECORD}, method=method)})
    assert "expected deflate" in broken(tmp_path / "x.zip")["x.zip/a.json"]


def test_an_archive_within_an_archive_is_refused_with_a_reason(tmp_path: Path) -> None:
    tar = b"a.json".ljust(257, b"\0") + b"ustar" + bytes(250)
    put(tmp_path, {
        "a.zip": zipped({"inner": zipped({"a": RECORD}), "b.gz": gzip.compress(gzip.compress(RECORD))}),
        "b.gz": gzip.compress(zipped({"a": RECORD})), "c.tar.gz": gzip.compress(tar),
    })  # fmt: skip
    assert broken(*sorted(tmp_path.iterdir())) == {
        "a.zip/b.gz": "a gzip within an archive; unpack the outer one first",
        "a.zip/inner": "a zip archive within an archive; unpack the outer one first",
        "b.gz": "a zip archive within gzip; unpack the outer one first",
        "c.tar.gz": "a tar archive within gzip; unpack the outer one first",
    }


def test_names_that_lead_out_of_the_archive_do_no_harm_and_are_shown_in_signs_that_can_be_printed(
    tmp_path: Path,
) -> None:
    put(tmp_path / "in", {"x.zip": zipped({"../../a.json": b"1", "/etc/b.json": b"2", "c\x1b[2J\u202e.json": b"3"})})
    assert names(tmp_path / "in" / "x.zip") == [
        "x.zip/../../a.json", "x.zip//etc/b.json", "x.zip/c\\x1b[2J\\u202e.json",
    ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in", "x.zip"]


def test_an_empty_archive_is_told(tmp_path: Path) -> None:
    put(tmp_path, {"x.zip": zipped({})})
    with pytest.raises(InputError, match=r"x\.zip: an archive without an entry"):
        names(tmp_path / "x.zip")


def test_a_file_that_goes_away_before_it_is_read_is_told(tmp_path: Path) -> None:
    put(tmp_path, {"a.json": bytes(100_000)})
    (member,) = open_members([tmp_path / "a.json"])
    (tmp_path / "a.json").unlink()
    with pytest.raises(SourceError, match=r"a\.json: cannot be read: No such file"):
        member.read()
