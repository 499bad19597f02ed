"""`isct`: is each cell population of a table conformant with the ISCT criteria, and what decides?"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.commands.terminal import Commands, Parser, command, emit, out_option, say
from kg.errors import InputError, NotFoundError, nearest

if TYPE_CHECKING:
    from rich.table import Table

    from kg.isct import Judgement, Reading

__all__ = ["add_commands"]

_TRIPLES = ("ttl", "nt", "jsonld")


def add_commands(commands: Commands[Parser]) -> None:
    """Add `isct`."""
    parser = command(commands, isct, "mechtrail isct populations.csv --wording 2006 -f csv")
    parser.add_argument("file", help="a CSV or TSV file, or - for stdin: a column for populations, one a marker")
    parser.add_argument(
        "--wording", choices=("2006", "review", "both"), default="both",
        help="2006: CD14 or CD11b, CD79a or CD19; review: all four (both)",
    )  # fmt: skip
    parser.add_argument(
        "-f", "--format", dest="form", help="table, csv, tsv, json, xml, md; ttl, nt, jsonld: the samples"
    )
    parser.add_argument(
        *("--as",), dest="kind", choices=("auto", "table", "cidmap"), default="auto", help="the form of the file (auto)"
    )
    out_option(parser)


def _say_what_was_read(reading: Reading, judged: Sequence[Judgement], counts: dict[str, int], wording: str) -> None:
    rows, populations = reading.rows, counts["populations"]
    names = ("row" if rows == 1 else "rows", "population" if populations == 1 else "populations")
    say(f"{rows} {names[0]} read, {populations} {names[1]}")
    for note in reading.notes:
        say(f"note: {note}")
    if reading.unused_columns:
        shown = ", ".join(reading.unused_columns[:10]) + (", ..." if len(reading.unused_columns) > 10 else "")
        say(f"{len(reading.unused_columns)} columns that the criteria do not ask for: {shown}")
    say(
        f"CD73, CD90 and CD105 as numbers: {counts['required_markers_as_numbers']}; "
        f"all three at 95 % or more: {counts['required_markers_met']}"
    )
    for each in ("2006", "review") if wording == "both" else (wording,):
        words = ("conformant", "not conformant", "undetermined")
        found = [one.verdict[each] for one in judged]
        panel = sum(one.phenotype[each] == "conformant" for one in judged)
        say(f"wording {each}: {', '.join(f'{found.count(w)} {w}' for w in words)}; whole marker panel shown: {panel}")


def _as_answer(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Give rows as SPARQL results in JSON, so that every format of a question is one of a table too."""
    bindings = [{n: {"type": "literal", "value": cell} for n, cell in zip(names, row, strict=True)} for row in rows]
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": bindings}}).encode()


def _share_width(table: Table, width: int) -> int:
    """Set widths so that no word is broken, the two long columns sharing what is left; give the width that it takes."""
    words = [[w for cell in (str(c.header), *map(str, c.cells)) for w in cell.split(" ")] for c in table.columns]
    widths = [max(map(len, each)) for each in words]
    left = width - sum(each + 3 for each in widths[:-2]) - 6
    widths[-2:] = [max(each, left // 2) for each in widths[-2:]]
    for column, each in zip(table.columns, widths, strict=True):
        column.width = each
    return max(width, sum(each + 3 for each in widths))


def isct(file: str, wording: str, form: str | None, kind: str, out: Path | None) -> None:
    """Say for each cell population of a table whether it is ISCT conformant, and what decides or is missing."""
    import pyoxigraph as ox

    from kg.answers import FORMATS, as_table, write_answer
    from kg.catalogue import find_query, run
    from kg.isct import judge, judgement_rows, read_table, sample_quads
    from kg.isct.tables import read_file
    from kg.store import LocalStore

    if form is not None and form not in FORMATS:
        raise InputError(
            f"no format {form!r}; expected one of: {', '.join(FORMATS)}; nearest: {nearest(form, FORMATS)}"
        )
    if file != "-" and not Path(file).exists():
        raise NotFoundError("file", file, nearest(Path(file).name, (p.name for p in Path().glob("*.?sv"))))
    raw = sys.stdin.buffer.read() if file == "-" else read_file(Path(file))
    reading = read_table(raw, "stdin" if file == "-" else Path(file).name, kind)
    judged, counts = judge(reading.samples)
    wanted = form or ("table" if sys.stdout.isatty() and out is None else "tsv")
    names, rows = judgement_rows(judged, wording)
    if wanted in _TRIPLES:
        store = LocalStore.in_memory()
        store.extend(sample_quads(reading.samples))
        emit(write_answer(run(store, find_query("graph/everything")), wanted), out)
    elif wanted == "table":
        from rich.console import Console

        console, table = Console(record=out is not None, file=io.StringIO() if out else None), as_table(names, rows)
        console.width = _share_width(table, console.width)
        console.print(table)
        if out:
            emit(console.export_text(), out)
    else:
        answer = ox.parse_query_results(_as_answer(names, rows), format=ox.QueryResultsFormat.JSON)
        emit(write_answer(answer, wanted), out)
    _say_what_was_read(reading, judged, counts, wording)
