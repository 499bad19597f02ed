"""Registry numbers in texts: every register's spelling, what people make of it, and what only looks like one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.registries.numbers import canonical_number, find_numbers, registry_of

#: Numbers as their registries spell them.
SPELLED = {
    "ACTRN12616000403437": "ACTRN",
    "KCT0001234": "CRIS",
    "2022-500244-37-00": "CTIS",
    "2023-508143-51-01": "CTIS",
    "2022-500244-37": "CTIS",
    "CTRI/2017/01/007654": "CTRI",
    "CTRI/2008/091/000115": "CTRI",
    "ChiCTR2000029606": "ChiCTR",
    "ChiCTR-TRC-12345678": "ChiCTR",
    "NCT04314687": "ClinicalTrials.gov",
    "DRKS00012345": "DRKS",
    "2016-004489-24": "EU CTR",
    "IRCT201706176907N13": "IRCT",
    "IRCT20110628006907N18": "IRCT",
    "IRCT138712231772N1": "IRCT",
    "ISRCTN12949496": "ISRCTN",
    "ITMCTR2200006543": "ITMCTR",
    "JMA-IIA00123": "JMACCT",
    "JapicCTI-123456": "JapicCTI",
    "LBCTR2019020199": "LBCTR",
    "NL6789": "NTR",
    "NL-OMON12345": "NTR",
    "NTR1234": "NTR",
    "PACTR201805003371123": "PACTR",
    "PER-010-16": "REPEC",
    "RBR-6g9f6h": "REBEC",
    "RBR-10q7j6qs": "REBEC",
    "RPCEC00000123": "RPCEC",
    "SLCTR/2013/012": "SLCTR",
    "TCTR20140703001": "TCTR",
    "U1111-1179-9253": "UTN",
    "UMIN000012345": "UMIN-CTR",
    "jRCT2053210009": "jRCT",
    "jRCTs041180123": "jRCT",
}


@pytest.mark.parametrize(("number", "registry"), SPELLED.items(), ids=list(SPELLED))
def test_a_number_in_its_registrys_spelling_is_found_and_kept(number: str, registry: str) -> None:
    assert find_numbers(number) == ((registry, number),)
    assert (registry_of(number), canonical_number(number)) == (registry, number)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("NCT 04314687", "NCT04314687"),
        ("nct04314687", "NCT04314687"),
        ("NCT: 04314687", "NCT04314687"),
        ("NCT#04314687", "NCT04314687"),
        ("ISRCTN 12949496", "ISRCTN12949496"),
        ("EudraCT 2016-004489-24", "2016-004489-24"),
        ("EUCTR2016-004489-24-DE", "2016-004489-24"),
        ("2016-004489-24-3RD", "2016-004489-24"),
        ("2016-004489-24-Outside-EU/EEA", "2016-004489-24"),
        ("CTIS2022-500244-37-00", "2022-500244-37-00"),
        ("EU CT 2022-500244-37-00", "2022-500244-37-00"),
        ("2016‑004489‑24", "2016-004489-24"),
        ("chictr-trc-12345678", "ChiCTR-TRC-12345678"),
        ("CHICTR2000029606", "ChiCTR2000029606"),
        ("JPRN-jRCT2053210009", "jRCT2053210009"),
        ("JPRN-UMIN000012345", "UMIN000012345"),
        ("JPRN-JapicCTI-123456", "JapicCTI-123456"),
        ("irct201706176907n13", "IRCT201706176907N13"),
        ("rbr-6G9F6H", "RBR-6g9f6h"),
        ("ctri/2017/01/007654", "CTRI/2017/01/007654"),
    ],
)
def test_what_people_type_becomes_the_registrys_spelling(typed: str, number: str) -> None:
    assert canonical_number(typed) == number
    assert [found for _, found in find_numbers(f"(see {typed}, please)")] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "NCT0431468",  # seven digits
        "NCT043146871",  # nine
        "XNCT04314687X9",
        "NL12345.041.09",  # the ethics committees' number
        "RBR-binding protein",
        "RBR-domain",
        "per-123-45",
        "PER-123-456",
        "12016-004489-24",
        "1-2016-004489-24",
        "2016-004489-245",
        "1999-004489-24",
        "U1111-1179-92531",
        "CTRI/2017/007654",
        "KCT001234",
        "grant NU391; 01HD12345; W81XWH-12-1-0123",
        "２０１６-004489-24",
        "",
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert find_numbers(text) == ()
    assert canonical_number(text) == registry_of(text) == ""


def test_a_text_with_more_than_the_number_is_no_number_but_holds_one() -> None:
    assert canonical_number("see NCT04314687") == registry_of("see NCT04314687") == ""
    assert canonical_number(" NCT04314687 ") == "NCT04314687"


def test_numbers_come_in_the_order_of_the_text_each_once() -> None:
    text = "identifierNCT04314687, IRCT201706176907N13; again NCT 04314687 and 2016-004489-24-DE, 2016-004489-24-FR."
    assert [number for _, number in find_numbers(text)] == ["NCT04314687", "IRCT201706176907N13", "2016-004489-24"]


@given(st.text())
def test_no_text_breaks_the_search_and_what_is_found_is_whole(text: str) -> None:
    for registry, number in find_numbers(text):
        assert (registry_of(number), canonical_number(number)) == (registry, number)


@given(st.lists(st.sampled_from(sorted(SPELLED)), unique=True), st.sampled_from([", ", "; ", " ", "\n", " and ", " ("]))
def test_a_list_of_numbers_is_found_whole(numbers: list[str], between: str) -> None:
    assert [number for _, number in find_numbers(between.join(numbers))] == numbers


@given(st.from_regex(r"(NCT|ISRCTN|DRKS|RPCEC)[0-9]{8}", fullmatch=True).filter(str.isascii), st.integers(0, 10))
def test_no_part_of_a_number_is_a_number(number: str, cut: int) -> None:
    assert find_numbers(number[: len(number) - 1 - cut % 7]) == ()
    assert re.fullmatch("[A-Z]+[0-9]+", canonical_number(number))
