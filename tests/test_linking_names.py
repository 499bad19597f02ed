from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.linking.names import PRICES, clean, keys, price, steps, words
from kg.linking.spelling import american, number_of_roman, singular
from kg.linking.variants import variants
from kg.linking.word_tables import abbreviations, known_wrong, phrases, words_for_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mesenchymal stem cell of the bone marrow", "bone marrow mesenchymal stem cells"),
        ("TNF-α", "TNF-alpha"),
        ("IL-6", "IL6"),
        ("Wharton's jelly", "Wharton jelly"),
        ("Killer Cells, Natural", "natural killer cell"),
        ("ischaemia", "Ischemia"),
        ("phase II trial", "phase 2 trial"),
        ("anti-inflammatory", "antiinflammatory"),
        ("signalling", "signaling"),
    ],
)
def test_ways_to_write_one_name_meet_under_one_key(one: str, other: str) -> None:
    assert set(keys(one)) & set(keys(other))
    assert steps(one, other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("umbilical cord", "umbilical cord blood"),
        ("TNF-alpha", "TNF-beta"),
        ("IL-1", "IL-11"),
        ("stem cell", "stromal cell"),
        ("hepatitis A", "hepatitis"),
        ("influenza A virus", "influenza virus"),
        ("type I", "type II"),
        ("CD34+ cell", "CD34 cell"),
        ("non-randomized trial", "randomized trial"),
    ],
)
def test_names_of_two_things_share_no_key(one: str, other: str) -> None:
    assert not set(keys(one)) & set(keys(other))
    assert steps(one, other) is None


@pytest.mark.parametrize("word", ["virus", "stenosis", "diabetes", "mass", "biceps", "analgesics", "axis", "lens"])
def test_a_word_that_ends_in_s_is_no_plural(word: str) -> None:
    assert singular(word) == word


@pytest.mark.parametrize("word", ["hour", "four", "falling", "contour", "noise", "wise", "aerobic"])
def test_an_american_word_stays(word: str) -> None:
    assert american(word) == word


def test_a_single_letter_is_a_numeral_only_where_something_is_counted() -> None:
    assert number_of_roman("v") == "v"
    assert words("vitamin V")[-1] == "v"
    assert words("nerve V")[-1] == "5"


def test_each_step_has_a_price_and_equal_names_cost_nothing() -> None:
    assert price(steps("neuron", "neuron") or ()) == 0
    taken = steps("Stem Cells, Mesenchymal", "mesenchymal stem cell")
    assert taken is not None
    assert set(taken) <= PRICES.keys()
    assert price(taken) > 0


def test_the_letter_case_of_a_symbol_costs_more_than_that_of_a_word() -> None:
    assert price(steps("cxcr4", "CXCR4") or ()) > price(steps("Neuron", "neuron") or ())


@given(st.text(max_size=40))
def test_any_text_has_keys_and_is_itself(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert steps(text, text) == ()
    assert all(isinstance(key, str) for key in keys(text))


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_steps_are_the_same_both_ways(one: str, other: str) -> None:
    assert (steps(one, other) is None) == (steps(other, one) is None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BM-MSC", "bone marrow mesenchymal stem cell"),
        ("IFN-g", "IFN-gamma"),
        ("IL-1b", "IL-1-beta"),
        ("mesenchymal stem/stromal cell", "mesenchymal stem cell"),
        ("CD271 (p75NTR)", "p75NTR"),
        ("fever (adverse event)", "fever"),
        ("inhibition of apoptosis", "negative regulation of apoptosis"),
        ("IL-6 signalling", "IL-6 signaling pathway"),
        ("human neural stem cell", "neural stem cell"),
    ],
)
def test_a_name_is_said_otherwise(name: str, expected: str) -> None:
    assert expected in [way.text for way in variants(name)]


def test_an_abbreviation_in_brackets_does_not_stand_for_the_name() -> None:
    assert "HIE" not in [way.text for way in variants("hypoxic-ischemic encephalopathy (HIE)")]


def test_the_name_itself_is_the_first_way_and_costs_nothing() -> None:
    for name in ("MSC", "placebo", "cerebral palsy"):
        assert (variants(name)[0].text, variants(name)[0].price) == (name, 0)


def test_a_word_that_is_left_out_makes_the_match_a_broader_one() -> None:
    limits = {way.text: way.limit for way in variants("autologous stem cell")}
    assert limits["stem cell"] == "broad"


def test_the_tables_of_words_are_sound() -> None:
    assert all(abbreviation.expansion != short for short, abbreviation in abbreviations().items())
    assert all(word.limit in ("exact", "close") for word in words_for_words())
    assert all("{x}" in phrase.other for phrase in phrases())
    assert all(reason for reason in known_wrong().values())
