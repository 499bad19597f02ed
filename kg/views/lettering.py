"""Text -> SVG text elements that fit their room. Knows how wide letters are, not what a picture shows."""

from __future__ import annotations

import math
import unicodedata
from html import escape
from itertools import accumulate, takewhile

__all__ = ["NARROW", "WIDE", "coordinate", "fit", "safe", "shown", "text_at", "width_of", "wrap"]

UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}  # Unicode categories
#: Em widths of DejaVu Sans, the widest of the usual sans-serif fonts: what fits here fits everywhere.
NARROW, WIDE = dict.fromkeys("ijl.,;:'|!()[]/ ft-rI", 0.37), dict.fromkeys("mwMW@%—", 0.97)
#: Signs that DejaVu Sans, the widest of the usual sans-serif fonts, draws wider than a letter.
SIGNS = dict.fromkeys("=<>+±×−~→←≤≥", 0.84) | {"…": 1.0}
BOLD = 1.13  # DejaVu Sans Bold against its regular weight


def shown(text: str) -> str:
    """Give text with every character that cannot be seen, or turns its neighbours round, as its code point.

    >>> shown("BDNF\\u202e")
    'BDNF⟨U+202E⟩'
    """
    return "".join(
        f"⟨U+{ord(char):04X}⟩" if unicodedata.category(char) in UNSEEN else char
        for char in text.replace("\n", " ").replace("\t", " ")
    )


def safe(text: str) -> str:
    """Give text that can stand in an element or in a quoted attribute."""
    return escape(shown(text), quote=True)


def coordinate(value: float) -> str:
    """Give a length or place as SVG writes it, to a hundredth.

    >>> coordinate(12.5), coordinate(-0.001)
    ('12.5', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Give the width of a text in pixels; in most fonts it is less."""
    ems = (
        NARROW.get(char)
        or SIGNS.get(char)
        or WIDE.get(char)
        # From CJK on a character fills a square, and the pictures of the later planes overfill it.
        or (1.3 if ord(char) > 0xFFFF else 1.0 if ord(char) > 0x2E7F else 0.76 if char.isupper() else 0.64)
        for char in text
    )
    return math.fsum(ems) * size * (BOLD if bold else 1.0)


def fit(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Cut a text that is wider than its room, with an ellipsis; what cannot be seen becomes its code point."""
    text = shown(text).strip()
    if width_of(text, size, bold=bold) <= room + 0.01:  # a room computed from this width is enough
        return text
    return text[: _count(text, room - width_of("…", size, bold=bold), size, bold)].rstrip() + "…"


def _count(text: str, room: float, size: float, bold: bool) -> int:
    """Give how many characters fit, in one pass: a text may be of any length."""
    widths = accumulate(width_of(char, size, bold=bold) for char in text)
    return sum(1 for _ in takewhile(lambda width: width <= room, widths))


def wrap(text: str, room: float, size: float, *, bold: bool = False, most: int = 0) -> list[str]:
    """Break a text into lines; if there are more than `most` (0: no limit), the last one ends in an ellipsis.

    A word is broken only if no line could hold it. A line break in the text stays one.
    """
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in shown(paragraph).split():
            if line and width_of(f"{line} {word}", size, bold=bold) <= room:
                line += " " + word
                continue
            lines += [line] if line else []
            while (cut := max(_count(word, room, size, bold), 1)) < len(word):
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        lines += [line] if line else []
    if most and len(lines) > most:
        lines = [*lines[: most - 1], fit(lines[most - 1] + "…", room, size, bold=bold)]
    return lines


def text_at(
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    bold: bool = False,
    anchor: str = "",
    colour: str = "",
    raised: str = "",
) -> str:
    """Give a text element; `raised` follows the text, small and above its line."""
    extra = ' font-weight="bold"' * bold + f' text-anchor="{anchor}"' * bool(anchor)
    extra += f' fill="{colour}"' * bool(colour)
    mark = f'<tspan dx="2" dy="-4" font-size="{coordinate(size * 0.8)}">{safe(raised)}</tspan>' if raised else ""
    place = f'x="{coordinate(x)}" y="{coordinate(y)}" font-size="{coordinate(size)}"'
    return f"<text {place}{extra}>{safe(text)}{mark}</text>"
