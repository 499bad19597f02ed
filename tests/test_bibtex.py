"""References as BibTeX: what is written is read back, and TeX and BibTeX take no sign of a title for a command."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.exporters.bibtex import write_bibtex
from kg.references import Reference, keyed, read_references, split_name
from kg.store import LocalStore
from tests.references import plain, read_bibtex

GU = Reference(
    "gu2020", "article", "Cells", ("Gu J", "Le Blanc K"), "Cell Res", "2020", "11", "2", "107-14", "10.1/x_y"
)
WORDS = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1, max_size=40).filter(
    lambda text: text.strip()
)


def one(reference: Reference) -> dict[str, str]:
    return read_bibtex(write_bibtex([reference]))[reference.key]


def test_an_article_has_the_fields_of_the_styles() -> None:
    assert one(GU) == {
        "ENTRY": "article",
        "author": "Gu, J and Le Blanc, K",
        "title": "Cells",
        "journal": "Cell Res",
        "year": "2020",
        "volume": "11",
        "number": "2",
        "pages": "107--14",
        "doi": "10.1/x_y",
    }


def test_a_work_without_a_journal_is_no_article() -> None:
    assert one(replace(GU, journal=""))["ENTRY"] == "misc"
    assert one(replace(GU, kind="registration", journal="NCT00000001"))["number"] == "NCT00000001"


@pytest.mark.parametrize("title", ["100 % of A & B", "a_b", "{", "}", "\\end{x}", "$5 #1", "x ~ y^2", "Ünïcödé 細胞"])
def test_a_title_comes_back_as_it_was(title: str) -> None:
    assert plain(one(replace(GU, title=title))["title"]) == title


@given(WORDS, WORDS, WORDS)
def test_no_text_breaks_an_entry(title: str, author: str, journal: str) -> None:
    read = one(replace(GU, title=title, authors=(author,), journal=journal))
    assert plain(read["title"]) == " ".join(title.split())
    assert plain(read["journal"]) == " ".join(journal.split())
    family, initials = split_name(" ".join(author.split()))
    assert plain(read["author"]) == (f"{family}, {initials}" if initials else family)


def test_capitals_are_kept_from_the_style() -> None:
    assert one(replace(GU, title="BDNF and CXCR4 in mRNA of Children"))["title"] == (
        "{BDNF} and {CXCR4} in {mRNA} of Children"
    )


def test_a_group_is_one_author_and_an_and_in_a_name_does_not_split_it() -> None:
    assert one(replace(GU, authors=("METRIC Study Group", "Smith and Sons")))["author"] == (
        "{METRIC Study Group} and {Smith and Sons}"
    )


def test_a_line_break_cannot_begin_another_entry() -> None:
    hostile = replace(GU, title="x},\n}\n@article{evil,\n  title = {y", doi="10.1/a}b\\c d")
    assert list(read_bibtex(write_bibtex([hostile]))) == ["gu2020"]


def test_keys_are_unique_and_do_not_depend_on_the_order() -> None:
    twins = [replace(GU, doi=f"10.1/{n}", key="") for n in range(4)] + [
        replace(GU, title="Other", doi="10.1/9", key="")
    ]
    first, second = keyed(twins), keyed(reversed(twins))
    assert first == second
    assert len({each.key for each in first}) == 5
    assert "gu2020other" in {each.key for each in first}


def test_a_further_work_renames_no_other() -> None:
    before = {each.doi: each.key for each in keyed([GU])}
    after = {each.doi: each.key for each in keyed([GU, replace(GU, title="Other", doi="10.1/9")])}
    assert before.items() <= after.items()


def test_every_work_of_the_graph_is_written_and_read(real_store: LocalStore) -> None:
    references = read_references(real_store)
    read = read_bibtex(write_bibtex(references))
    assert list(read) == [each.key for each in references]
    for each in references:
        entry = read[each.key]
        assert plain(entry["title"]) == " ".join(each.title.split())
        assert entry.get("doi", "") == each.doi
        assert entry.get("author", "").count(" and ") == max(len(each.authors) - 1, 0)


def test_a_work_named_as_source_and_as_study_is_there_once(real_store: LocalStore) -> None:
    found = [each for each in read_references(real_store) if each.doi == "10.1186/s13287-019-1545-x"]
    assert len(found) == 1
    assert {iri.rpartition("/")[2] for iri in found[0].of} == {"gu2020"}
    assert len(found[0].of) == 2
    assert found[0].authors[0] == "Gu J"
    assert found[0].journal
    assert found[0].volume


def test_the_authors_of_a_source_stand_in_their_order(real_store: LocalStore) -> None:
    review = next(each for each in read_references(real_store) if each.label == "Petriv 2020" and each.kind == "review")
    assert review.authors == ("Petriv T", "Tatarchuk M", "Tsymbaliuk Ya", "Tsymbaliuk Yu", "Tsymbaliuk V")


def test_a_work_that_is_only_cited_says_by_whom_and_how_sure(real_store: LocalStore) -> None:
    cited = [each for each in read_references(real_store) if each.is_cited_only]
    assert cited
    assert all("cited by" in each.note for each in cited)
