"""How long the network page takes and how large it is, by the number of terms: `python -m benchmarks.pictures`.

The networks are made up (`tests.networks`); with a Chromium at hand the page is opened too, offline.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from kg.errors import InputError
from kg.views.network import draw_page, draw_svg
from tests.browser import BROWSER, visit
from tests.networks import made_up

SIZES = (60, 120, 300, 2000, 3000, 20000)
FOCUS = (
    "(() => { const at = performance.now(); const box = document.querySelector('.node');"
    "box.dispatchEvent(new MouseEvent('click', {bubbles: true})); return performance.now() - at; })()"
)
FIND = (
    "(() => { const at = performance.now(); const find = document.getElementById('find'); find.value = 'motor';"
    "find.dispatchEvent(new Event('input')); return performance.now() - at; })()"
)


def _in_browser(page: str) -> str:
    if not BROWSER:
        return "| no browser |  |"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.html"
        path.write_text(page, encoding="utf-8")
        started = time.perf_counter()
        with visit(path) as tab:
            opened = time.perf_counter() - started
            find, focus = tab.run(FIND), tab.run(FOCUS)
    return f"| {opened:.1f} | {focus:.0f} | {find:.0f} |"


def main() -> None:
    """Print a Markdown table: terms, boxes, seconds of the processor, sizes, and what a click costs."""
    print("| terms | assertions | boxes | SVG s | SVG kB | page s | page kB | opens s | focus ms | find ms |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for size in SIZES:
        network = made_up(size)
        started = time.process_time()
        try:
            svg = draw_svg(network)
        except InputError as error:
            print(f"| {size} | {len(network.edges)} | refused after {time.process_time() - started:.2f} s: {error} |")
            continue
        drawn = time.process_time()
        page = draw_page(network)
        done = time.process_time()
        boxes = svg.count('class="node"')
        print(
            f"| {size} | {len(network.edges)} | {boxes} | {drawn - started:.2f} | {len(svg) // 1000} "
            f"| {done - drawn:.2f} | {len(page) // 1000} {_in_browser(page)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
