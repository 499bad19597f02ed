"""Is this quotation in that text? What must be found, and what must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.fingerprint import (
    Fingerprint,
    Outcome,
    Text,
    digest,
    exact_tokens,
    find,
    loose_tokens,
    numbers_in,
    passages_between,
)

VECTORS = [
    (
        "MSCs express the chemokine receptors CXCR4",
        (6, "60797ace7c5c48b7e1a9e464d46d7b0e"),
        (7, "5688946be9f9984d0550dccb39bbb842"),
    ),
    (
        "CD 105, CD 90, CD 73 (≥ 95 %)",
        (9, "8828bde8ded32dcb3f0717841ea83752"),
        (9, "e09579b6ff76ec9325f9b42b89a4df7e"),
    ),
    (
        "p < 0.05; change −0.87",
        (5, "4cde14eb394d054f8ded52a6bd25a54a"),
        (5, "aea7297286df96b5a1585c0dfcfeae2b"),
    ),
]


@pytest.mark.parametrize(("words", "exact", "loose"), VECTORS)
def test_the_published_vectors_come_out(words: str, exact: tuple[int, str], loose: tuple[int, str]) -> None:
    mark = Fingerprint.of(words)
    assert (mark.tokens, mark.exact) == exact
    assert (mark.loose_tokens, mark.loose) == loose


SENTENCE = "In 3 of 8 patients the score rose by 10⁸ (p > 0.05), change −0.87, CD73 ≥ 95 %, IL-6 [41]."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("> 0.05", "< 0.05"),
        ("−0.87", "0.87"),
        ("0.87", "8.7"),
        ("3 of 8", "3 of 5"),
        ("≥ 95", "≤ 95"),
        ("[41]", "[42]"),
        ("10⁸", "108"),
        ("rose", "fell"),
    ],
)
def test_one_changed_sign_digit_or_word_is_not_found(old: str, new: str) -> None:
    changed = SENTENCE.replace(old, new)
    assert changed != SENTENCE
    assert find(Fingerprint.of(SENTENCE), Text(f"Before. {changed} After.")).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize(
    ("old", "new"),
    [(" ", "\n\n"), ("−", "-"), ("score", "Score"), ("(p", "( p"), ("patients", "pa\u00adtients"), (" %", "%")],
)
def test_changed_typography_is_found_loosely_or_exactly(old: str, new: str) -> None:
    match = find(Fingerprint.of(SENTENCE), Text(f"Before. {SENTENCE.replace(old, new)} After."))
    assert match.outcome in (Outcome.VERIFIED, Outcome.TYPOGRAPHY)


def test_white_space_alone_leaves_the_passage_exact() -> None:
    spread = SENTENCE.replace(" ", " \n\t ")
    match = find(Fingerprint.of(SENTENCE), Text(f"x {spread} y"))
    assert match.outcome is Outcome.VERIFIED
    assert match.words == spread


def test_offsets_are_those_of_the_readers_file() -> None:
    content = "Α  first.\n\nSecond sentence here, e\u0301t\u00e9."
    match = find(Fingerprint.of("sentence here,"), Text(content))
    assert content[match.start : match.end] == "sentence here,"


def test_a_wrong_hint_does_no_harm() -> None:
    text = Text("a b c d e f")
    assert find(Fingerprint.of("d e", at=0), text).words == "d e"
    assert find(Fingerprint.of("d e", at=999), text).words == "d e"


def test_superscripts_never_become_digits() -> None:
    assert numbers_in("6 · 10⁸") == ["6", "10"]
    assert digest(exact_tokens("10⁸")) != digest(exact_tokens("108"))


def test_a_passage_between_words_begins_and_ends_at_white_space() -> None:
    text = Text("Cells (MSCs) express CXCR4, and so on. Cells (MSCs) do more.")
    found = passages_between(text, "(MSCs) express", "CXCR4")
    assert [match.words for match in found] == ["(MSCs) express CXCR4,"]
    assert passages_between(text, "no such", "words") == []
    assert len(passages_between(text, "Cells", "MSCs")) == 2


WORDS = st.lists(st.text(alphabet="abcXYZ0123456789.,;<>=-−%()", min_size=1, max_size=6), min_size=1, max_size=12)


@given(WORDS, WORDS, WORDS)
def test_what_was_cut_from_a_text_is_found_in_it(before: list[str], passage: list[str], after: list[str]) -> None:
    text = Text(" ".join([*before, *passage, *after]))
    assert find(Fingerprint.of(" ".join(passage)), text).outcome is Outcome.VERIFIED


@given(WORDS, st.data())
def test_a_dropped_word_is_not_found_exactly(passage: list[str], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(passage) - 1))
    shorter = passage[:position] + passage[position + 1 :]
    match = find(Fingerprint.of(" ".join(passage)), Text(" ".join(shorter)))
    assert match.outcome is not Outcome.VERIFIED


@given(st.text())
def test_any_text_can_be_tokenised(content: str) -> None:
    text = Text(content)
    assert all(0 <= token.start < token.end <= len(content) for token in [*text.exact, *text.loose])
    assert loose_tokens(content) == [token.text for token in text.loose]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CD34+", "CD34-"),
        ("HLA-DR (-)", "HLA-DR (+)"),
        ("p ⩽ 0.05", "p ⩾ 0.05"),
        ("change − 0.87", "change 0.87"),
        ("‒0.5", "0.5"),
        ("a ≠ b", "a b"),
        ("r = .5", "r = 5"),
    ],
)
def test_a_sign_is_never_folded_away(one: str, other: str) -> None:
    assert find(Fingerprint.of(one), Text(other)).outcome is Outcome.NOT_FOUND
