"""SVG text of ours -> PNG and PDF, without system libraries, network or fonts of the machine.

PNG is drawn by resvg (resvg-py, MIT, one wheel of 3 MB), PDF by svglib on reportlab (LGPL and BSD, text stays text, the
font is embedded); both are the optional extra `figures`. PyMuPDF was passed over for its licence (AGPL), cairosvg for
needing cairo, skia-python for its size. The letters are a subset of DejaVu Sans that lies beside this module, so the
same picture gives the same bytes on machines with other fonts, or none.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape
from importlib import import_module
from importlib.resources import as_file, files
from types import ModuleType

from kg.errors import InputError
from kg.views.svg import safe

__all__ = ["COVERED", "FORMATS", "to_pdf", "to_png"]

#: Characters that the fonts in fonts/ can draw, as first and last code point.
COVERED = (
    *((0x20, 0x7E), (0xA0, 0x17F), (0x192, 0x192), (0x218, 0x21B), (0x2C6, 0x2C7), (0x2D8, 0x2DD), (0x370, 0x377)),
    *((0x37A, 0x37F), (0x384, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x3FF), (0x400, 0x45F), (0x490, 0x491)),
    *((0x2010, 0x2027), (0x2030, 0x203A), (0x2044, 0x2044), (0x2070, 0x2071), (0x2074, 0x208E), (0x2090, 0x209C)),
    *((0x20AC, 0x20AC), (0x2113, 0x2113), (0x2116, 0x2116), (0x2122, 0x2122), (0x2126, 0x2126), (0x212B, 0x212B)),
    *((0x2190, 0x2195), (0x2200, 0x2265), (0x25A0, 0x25FF), (0x2605, 0x2606), (0x2713, 0x2718), (0x27E8, 0x27E9)),
)
_FAMILY = "sans-serif"
_FONTS = {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}
#: Pixels of a PNG for one of the SVG: 288 dots an inch where the SVG counts 96, which is what journals ask for.
_SCALE = 3.0
_LONGEST_SIDE = 14_000  # in pixels; a larger PNG opens in few programs
_SIZE = re.compile(r'<svg [^>]*?\bwidth="([\d.]+)" height="([\d.]+)"')
_TEXT = re.compile(r"(?<=>)[^<>]*[^<>\s][^<>]*(?=<)")


def to_png(svg: str, *, scale: float = _SCALE) -> bytes:
    """Give a picture as PNG; `scale` is how many pixels there are to one of the SVG.

    Raises `InputError` where the extra is not installed.
    """
    resvg = _converter("resvg_py", "PNG")
    width, height = _size(svg)
    scale = min(scale, _LONGEST_SIDE / max(width, height))
    with as_file(files("kg.views") / "fonts") as fonts:
        png = resvg.svg_to_bytes(
            svg_string=_plain(svg),
            background="#ffffff",
            zoom=scale,
            skip_system_fonts=True,
            font_files=[str(fonts / name) for name in _FONTS.values()],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
        )
    return _with_density(bytes(png), 96 * scale)


def to_pdf(svg: str) -> bytes:
    """Give a picture as PDF of one page of its size, with its text as text and the font embedded.

    Raises `InputError` where the extra is not installed.
    """
    reader = _converter("svglib.svglib", "PDF")
    _register_fonts()
    drawing = reader.svg2rlg(io.BytesIO(_plain(svg).encode()))
    if drawing is None:
        raise InputError("the picture cannot be turned into PDF: its SVG is not well-formed")
    page = io.BytesIO()
    canvas, font = _converter("reportlab.pdfgen.canvas", "PDF"), {"initialFontName": _FAMILY}
    # `invariant` fixes the dates and the id, which would differ each time.
    sheet = canvas.Canvas(page, (drawing.width, drawing.height), invariant=1, pageCompression=1, **font)
    title = re.search(r"<title[^>]*>([^<]*)</title>", svg)
    sheet.setTitle(unescape(title[1]) if title else "")
    sheet.setAuthor("mechtrail")
    sheet.setCreator("mechtrail")
    sheet.setSubject("")
    with _one_font():
        _converter("reportlab.graphics.renderPDF", "PDF").draw(drawing, sheet, 0, 0)
    sheet.save()
    return page.getvalue()


@contextmanager
def _one_font() -> Iterator[None]:
    """Let a drawing begin with our font: with the usual one a PDF names a font that it does not embed."""
    usual = _converter("reportlab.graphics.shapes", "PDF").STATE_DEFAULTS
    before = usual["fontName"]
    usual["fontName"] = _FAMILY
    try:
        yield
    finally:
        usual["fontName"] = before


#: How a file ends -> what writes it.
FORMATS: dict[str, Callable[[str], bytes]] = {".pdf": to_pdf, ".png": to_png}


def _converter(module: str, form: str) -> ModuleType:
    try:
        return import_module(module)
    except ImportError as error:
        missing = (error.name or module).partition(".")[0]
        raise InputError(f"{form} needs the package {missing}: pip install 'mechtrail[figures]'") from error


@cache
def _register_fonts() -> None:
    register = _converter("svglib.fonts", "PDF").register_font
    for weight, name in _FONTS.items():
        with as_file(files("kg.views") / "fonts" / name) as path:
            register(_FAMILY, str(path), weight=weight)


def _size(svg: str) -> tuple[float, float]:
    found = _SIZE.search(svg)
    if found is None or not 0 < float(found[1]) < 1e6 or not 0 < float(found[2]) < 1e6:
        raise InputError("the picture cannot be converted: its SVG does not begin with a width and a height in pixels")
    return float(found[1]), float(found[2])


def _plain(svg: str) -> str:
    """Give the picture in the one font, and without what only a browser understands.

    A letter that the font lacks would be an empty box: its code point stands in its place.
    """
    head, bracket, rest = svg.partition(">")
    head = re.sub(r' style="[^"]*"', "", head)
    svg = re.sub(r'\bfont-family="[^"]*"', f'font-family="{_FAMILY}"', head + bracket + rest)
    return _TEXT.sub(lambda words: safe("".join(map(_drawable, unescape(words[0])))), svg)


def _drawable(char: str) -> str:
    code = ord(char)
    return char if any(first <= code <= last for first, last in COVERED) else f"⟨U+{code:04X}⟩"


def _with_density(png: bytes, dots_per_inch: float) -> bytes:
    """Say how large the picture is in print, which word processors and journals read (chunk pHYs of PNG)."""
    head = 8 + 25  # signature, and the header chunk, which is always of this length
    a_metre = round(dots_per_inch / 0.0254)
    chunk = b"pHYs" + struct.pack(">IIB", a_metre, a_metre, 1)
    return png[:head] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[head:]
