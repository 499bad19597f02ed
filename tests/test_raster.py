"""SVG -> PNG and PDF: the same bytes twice, text that stays, and a friendly word where the extra is absent."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zlib
from importlib import import_module
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.views.figure import draw_figure
from kg.views.raster import COVERED, FORMATS, to_pdf, to_png
from tests.test_figure import FIGURE

ABSENT = [name for name in ("resvg_py", "svglib", "reportlab") if find_spec(name) is None]
needs_extra = pytest.mark.skipif(bool(ABSENT), reason=f"the extra [figures] is not installed: no {', '.join(ABSENT)}")
PICTURE = draw_figure(FIGURE)
ROOT = Path(__file__).resolve().parents[1]


def words_in(svg_text: str) -> str:
    size = 'viewBox="0 0 300 40" width="300" height="40"'
    text = f'<text x="5" y="25" font-size="14">{svg_text}</text>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">{text}</svg>'


@needs_extra
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_picture_gives_the_same_bytes_twice_and_in_another_process(form: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    path.write_text(PICTURE, encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from kg.views.raster import FORMATS; "
        f"sys.stdout.buffer.write(FORMATS[{form!r}](Path(sys.argv[1]).read_text(encoding='utf-8')))"
    )
    other = subprocess.run([sys.executable, "-c", program, str(path)], cwd=ROOT, capture_output=True, check=True)
    assert FORMATS[form](PICTURE) == FORMATS[form](PICTURE) == other.stdout


@needs_extra
def test_a_png_is_three_times_as_large_and_says_its_density() -> None:
    png = to_png(PICTURE)
    width = float(re.findall(r' width="([\d.]+)"', PICTURE)[0])
    assert struct.unpack(">I", png[16:20])[0] == pytest.approx(3 * width, abs=1)
    length, kind = struct.unpack(">I4s", png[33:41])
    assert (length, kind) == (9, b"pHYs")
    assert struct.unpack(">I", png[41:45])[0] == round(288 / 0.0254)
    assert struct.unpack(">I", png[50:54])[0] == zlib.crc32(png[37:50])


@needs_extra
def test_a_picture_that_is_too_large_becomes_a_smaller_png() -> None:
    wide = PICTURE.replace("viewBox", 'width="90000" height="40" viewBox', 1)
    wide = re.sub(r'(height="40" viewBox="[^"]*") width="\S+" height="\S+"', r"\1", wide)
    assert struct.unpack(">I", to_png(wide)[16:20])[0] == pytest.approx(14_000, abs=1)


@needs_extra
@pytest.mark.parametrize("words", ["TNF-α", "≥ 95 %", "10⁸ cells", "← −1 →", "Petrív", "Стаття", "⟨U+202E⟩"])
def test_words_leave_ink_and_not_empty_boxes(words: str) -> None:
    blank = to_png(words_in(""))
    boxes = to_png(words_in("\ufffe" * len(words)))
    assert to_png(words_in(words)) not in (blank, boxes)


@needs_extra
def test_a_letter_that_the_font_lacks_is_drawn_as_its_code_point() -> None:
    assert to_png(words_in("中 a")) == to_png(words_in("⟨U+4E2D⟩ a"))
    assert to_pdf(words_in("中 a")) == to_pdf(words_in("⟨U+4E2D⟩ a"))


@needs_extra
def test_bold_letters_differ_from_regular_ones() -> None:
    bold = words_in("BDNF").replace("<text ", '<text font-weight="bold" ')
    assert to_png(bold) != to_png(words_in("BDNF"))
    assert b"DejaVuSans-Bold" in to_pdf(bold)


@needs_extra
def test_a_pdf_embeds_its_font_and_has_no_date_of_today() -> None:
    pdf = to_pdf(PICTURE)
    assert b"/FontFile2" in pdf
    assert not re.search(rb"Helvetica|Times|Courier", pdf)  # named without being embedded
    assert b"+DejaVuSans" in pdf
    assert set(re.findall(rb"/(?:Creation|Mod)Date \(D:(\d{8})", pdf)) == {b"20000101"}
    assert b"/Title (Doses)" in pdf


@needs_extra
def test_fonts_of_other_names_become_the_one_that_is_there() -> None:
    other = words_in("BDNF").replace('font-family="sans-serif"', 'font-family="No Such Font"')
    assert to_png(other) == to_png(words_in("BDNF"))


@needs_extra
def test_the_fonts_hold_what_they_are_said_to_hold() -> None:
    read_font = import_module("reportlab.pdfbase.ttfonts").TTFontFile
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        with as_file(files("kg.views") / "fonts" / name) as path:
            held = set(read_font(str(path)).charToGlyph)
        said = {code for first, last in COVERED for code in range(first, last + 1)}
        assert said <= held, sorted(map(hex, said - held))


def test_the_licence_of_the_fonts_lies_beside_them() -> None:
    licence = (files("kg.views") / "fonts" / "LICENSE.txt").read_text(encoding="utf-8")
    assert "Copyright (c) 2003 by Bitstream, Inc." in licence
    assert "this permission notice shall" in " ".join(licence.split())


@pytest.mark.parametrize(("form", "package"), [(".png", "resvg_py"), (".pdf", "svglib")])
def test_without_the_extra_the_message_says_what_to_install(
    form: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("resvg_py", "svglib", "svglib.svglib", "svglib.fonts"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match=rf"needs the package {package}: pip install 'mechtrail\[figures\]'"):
        FORMATS[form](PICTURE)


@pytest.mark.parametrize(
    "svg", ["", "<svg></svg>", '<svg width="100%" height="10"></svg>', '<svg width="0" height="0">']
)
def test_an_svg_without_size_is_refused(svg: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", sys)  # the size is asked for before it is called
    with pytest.raises(InputError, match="width and a height in pixels"):
        to_png(svg)
