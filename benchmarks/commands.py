"""How long whole commands take, as medians of one run on this machine: `python -m benchmarks.commands`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 7


def _seconds(command: list[str], env: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Print a Markdown table: command, median, least, most, and the median less that of an empty Python."""
    program = str(Path(sys.executable).with_name("mechtrail"))
    sources = ROOT.parent / "shared" / "sources"
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "XDG_CACHE_HOME": folder}
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "mechtrail --help": [program, "--help"],
            "mechtrail show BDNF": [program, "show", "BDNF"],
            "mechtrail query factors/secreted-factors": [program, "query", "factors/secreted-factors"],
            "mechtrail query mechanism/evidence": [program, "query", "mechanism/evidence"],
            "mechtrail trace": [program, "trace", "mesenchymal stem cell", "gross motor function", "--via", "homing"],
            "mechtrail tour": [program, "tour", "-o", f"{folder}/tour"],
            "mechtrail validate": [program, "validate"],
        }
        if sources.is_dir():
            commands["mechtrail verify --sources"] = [program, "verify", "--sources", str(sources)]
        print("| command | median s | least | most | more than `python -c pass` |")
        print("|---|--:|--:|--:|--:|")
        empty = 0.0
        for name, command in commands.items():
            _seconds(command, env)  # fills the cache
            times = sorted(_seconds(command, env) for _ in range(RUNS))
            middle = statistics.median(times)
            empty = empty or middle
            print(f"| `{name}` | {middle:.3f} | {times[0]:.3f} | {times[-1]:.3f} | {middle - empty:+.3f} |", flush=True)


if __name__ == "__main__":
    main()
