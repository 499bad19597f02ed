"""Screenshots as small grey pictures that can be committed and compared. PNG is read and written here, with zlib.

A committed picture is a few kilobytes: grey, a quarter of the width. Fonts differ between machines, so two pictures are
alike when few of their cells differ by much; a box that moved, a colour that went or a text that ran out of it is seen.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Grey", "difference", "looks_like", "read_png", "shrink", "write_png"]

FOLDER = Path(__file__).parent / "pictures"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 6: 4}  # colour type -> bytes a pixel, at 8 bits
#: A cell differs when its grey is this far off (of 255) ...
STEP = 40
#: ... and pictures differ when more than this share of the cells does.
SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Grey:
    """A grey picture, row by row from the top left."""

    width: int
    height: int
    cells: bytes


def _unfilter(raw: bytes, stride: int, step: int) -> bytes:
    """Undo the filters of PNG (RFC 2083, 6)."""
    before, rows = bytearray(stride), []
    for start in range(0, len(raw), stride + 1):
        kind, row = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
        if kind == 1:
            for i in range(step, stride):
                row[i] = (row[i] + row[i - step]) & 255
        elif kind == 2:
            row = bytearray((a + b) & 255 for a, b in zip(row, before, strict=True))
        elif kind == 3:
            for i in range(stride):
                row[i] = (row[i] + ((row[i - step] if i >= step else 0) + before[i]) // 2) & 255
        elif kind == 4:
            for i in range(stride):
                left, up, corner = (row[i - step], before[i], before[i - step]) if i >= step else (0, before[i], 0)
                near = left + up - corner
                a, b, c = abs(near - left), abs(near - up), abs(near - corner)
                row[i] = (row[i] + (left if a <= b and a <= c else up if b <= c else corner)) & 255
        rows.append(bytes(row))
        before = row
    return b"".join(rows)


def read_png(png: bytes) -> Grey:
    """Give a PNG of 8 bits, not interlaced, as grey (what a browser writes)."""
    assert png.startswith(SIGNATURE), "not a PNG"
    place, packed, head = len(SIGNATURE), b"", b""
    while place < len(png):
        (size,), kind = struct.unpack(">I", png[place : place + 4]), png[place + 4 : place + 8]
        body = png[place + 8 : place + 8 + size]
        head = body if kind == b"IHDR" else head
        packed += body if kind == b"IDAT" else b""
        place += size + 12
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    assert (depth, interlaced) == (8, 0), f"PNG of {depth} bits, interlaced {interlaced}: not read here"
    step = CHANNELS[colour]
    pixels = _unfilter(zlib.decompress(packed), width * step, step)
    if step > 1:
        red, green, blue = (pixels[channel::step] for channel in range(3))
        pixels = bytes((299 * r + 587 * g + 114 * b) // 1000 for r, g, b in zip(red, green, blue, strict=True))
    return Grey(width, height, pixels)


def write_png(picture: Grey) -> bytes:
    """Give a grey picture as PNG; the same picture gives the same bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 0, 0, 0, 0)
    rows = [picture.cells[y * picture.width : (y + 1) * picture.width] for y in range(picture.height)]
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def shrink(picture: Grey, by: int = 4) -> Grey:
    """Give a picture with each square of `by` times `by` cells as one, of their mean and in steps of 16."""
    width, height = picture.width // by, picture.height // by
    cells = bytearray()
    for y in range(height):
        rows = [picture.cells[(y * by + row) * picture.width :][: picture.width] for row in range(by)]
        for x in range(width):
            mean = sum(sum(row[x * by : (x + 1) * by]) for row in rows) // (by * by)
            cells.append(mean // 16 * 17)
    return Grey(width, height, bytes(cells))


def difference(one: Grey, other: Grey) -> float:
    """Give the share of cells that differ by much; 1 for pictures of different sizes.

    >>> difference(Grey(2, 1, b"\\x00\\xff"), Grey(2, 1, b"\\x10\\x00"))
    0.5
    """
    if (one.width, one.height) != (other.width, other.height):
        return 1.0
    far = sum(abs(a - b) > STEP for a, b in zip(one.cells, other.cells, strict=True))
    return far / max(len(one.cells), 1)


def looks_like(name: str, png: bytes, *, update: bool = False, share: float = SHARE, by: int = 4) -> str:
    """Compare a screenshot with `tests/pictures/NAME.png`; give what is wrong, or nothing. `update` writes it anew."""
    path = FOLDER / f"{name}.png"
    now = shrink(read_png(png), by)
    if update:
        FOLDER.mkdir(exist_ok=True)
        path.write_bytes(write_png(now))
        return ""
    if not path.is_file():
        return f"{path.name} is missing; write it with --update-golden, and look at it"
    far = difference(now, read_png(path.read_bytes()))
    return "" if far <= share else f"{path.name}: {far:.1%} of the cells differ, {share:.0%} may"
