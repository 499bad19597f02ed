"""What the tests of tables share: members of texts, the two examples, readings of a table written in the test."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kg.gate import Member
from kg.model import Study
from kg.model.intake import Ignored, Refused
from kg.tables import Entity, Tally, TermPair, read_mapping, read_table
from kg.vocabulary import Lexicon
from tests.conftest import DATA

TABLES = DATA / "tables"
COHORT = (TABLES / "my-cohort.mapping.yaml").read_text(encoding="utf-8")
COHORT_CSV = (TABLES / "my-cohort.csv").read_text(encoding="utf-8")
SAFETY = (TABLES / "safety.mapping.yaml").read_text(encoding="utf-8")

#: A mapping of results with little in it.
PLAIN = """
row: result
status: read
study: {id: aster2031, design: randomized clinical trial}
constants: {outcome: gross motor function, measure: score, month: 6}
arms: {cells: {role: treated}, control: {role: control}}
columns:
  Group: arm
  Mean: mean
"""

Answer = Study | Entity | TermPair | Refused | Ignored


def member(content: str | bytes, name: str = "t.csv") -> Member:
    raw = content if isinstance(content, bytes) else content.encode()
    return Member(name, Path(name), raw[:65_536], lambda: raw)


def read(
    table: str | Member, mapping: str, folder: Path, lexicon: Lexicon, **options: bool
) -> tuple[list[Answer], Tally]:
    path = folder / "t.mapping.yaml"
    path.write_text(mapping, encoding="utf-8")
    tally = Tally()
    whole = table if isinstance(table, Member) else member(table)
    answers = list(read_table(whole, read_mapping(path, lexicon), lexicon, tally=tally, **options))
    assert tally.rows == tally.taken + tally.refused + tally.empty
    assert tally.refused == sum(isinstance(one, Refused) for one in answers)
    return answers, tally


def studies(answers: Iterable[Answer]) -> list[Study]:
    return [one for one in answers if isinstance(one, Study)]


def refused(answers: Iterable[Answer]) -> list[str]:
    return [f"{one.record}: {one.reason}" for one in answers if isinstance(one, Refused)]


def ignored(answers: Iterable[Answer]) -> list[str]:
    return [f"{one.part}: {one.reason}" for one in answers if isinstance(one, Ignored)]
