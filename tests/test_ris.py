"""References as RIS: what is written is read back, and no text begins a tag of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.exporters.ris import first_and_last, write_ris
from kg.references import Reference, read_references
from kg.store import LocalStore
from tests.references import read_ris

GU = Reference(
    *("gu2020", "article", "Cells", ("Gu J", "Le Blanc K"), "Cell Res", "2020", "11", "2", "107-14"),
    *("10.1/x_y", "32014055", "PMC1"),
)
TEXT = st.text(max_size=60).filter(lambda text: text.strip())


def test_an_article_has_its_tags_in_order() -> None:
    assert read_ris(write_ris([GU])) == [
        [
            *(("TY", "JOUR"), ("AU", "Gu, J"), ("AU", "Le Blanc, K"), ("TI", "Cells"), ("JO", "Cell Res")),
            *(("PY", "2020"), ("VL", "11"), ("IS", "2"), ("SP", "107"), ("EP", "114"), ("DO", "10.1/x_y")),
            *(("AN", "32014055"), ("C2", "PMC1"), ("ID", "gu2020")),
        ]
    ]


@pytest.mark.parametrize(
    ("kind", "journal", "tag"), [("web page", "", "ELEC"), ("review", "", "GEN"), ("review", "J", "JOUR")]
)
def test_the_type_says_what_is_known_of_the_work(kind: str, journal: str, tag: str) -> None:
    assert read_ris(write_ris([replace(GU, kind=kind, journal=journal)]))[0][0] == ("TY", tag)


@pytest.mark.parametrize(
    ("pages", "ends"),
    [("107-14", ("107", "114")), ("31–38", ("31", "38")), ("e102", ("e102", "")), ("", ("", "")), ("439", ("439", ""))],
)
def test_pages_are_taken_apart(pages: str, ends: tuple[str, str]) -> None:
    assert first_and_last(pages) == ends


@given(TEXT, TEXT, TEXT)
def test_no_text_begins_a_tag(title: str, author: str, note: str) -> None:
    read = read_ris(write_ris([replace(GU, title=title, authors=(author,), note=note), GU]))
    assert len(read) == 2
    assert [tag for tag, _ in read[1]].count("TI") == 1


def test_a_hostile_title_stays_one_line() -> None:
    hostile = replace(GU, title="x\r\nER  - \r\nTY  - JOUR\u2028AU  - Evil, E")
    (record,) = read_ris(write_ris([hostile]))
    assert dict(record)["TI"] == "x ER - TY - JOUR AU - Evil, E"


def test_no_references_give_an_empty_file() -> None:
    assert write_ris([]) == ""


def test_every_work_of_the_graph_is_written_and_read(real_store: LocalStore) -> None:
    references = read_references(real_store)
    for each, record in zip(references, read_ris(write_ris(references)), strict=True):
        values = dict(record)
        assert values["TI"] == " ".join(each.title.split())
        assert values["ID"] == each.key
        assert sum(tag == "AU" for tag, _ in record) == len(each.authors)
