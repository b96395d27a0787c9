"""models.language: which sentences agree with an abbreviation, read piece by piece."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.abbreviation.parse import Part, parse_abbreviation, words_of
from models.language.abbreviation.tokens import START, State, is_complete, read_on


def read(typed: str, *pieces: str) -> State | None:
    parts = parse_abbreviation(typed, "en").parts
    state: State | None = START
    for piece in pieces:
        if state is None:
            return None
        state = read_on(state, piece, parts)
    return state


def matches(typed: str, *pieces: str) -> bool:
    state = read(typed, *pieces)
    return state is not None and is_complete(state, parse_abbreviation(typed, "en").parts)


def test_every_word_begins_with_its_letters() -> None:
    assert matches("i w some wa", " i", " want", " some", " water")
    assert matches("i w some wa", " i", " want", " something", " warm")
    assert not matches("i w some wa", " i", " want", " so", " water")


def test_a_sentence_with_too_few_or_too_many_words_does_not_match() -> None:
    assert not matches("i w s", " i", " want")
    assert not matches("i w", " i", " want", " some")


def test_it_does_not_matter_how_a_word_is_cut_into_pieces() -> None:
    assert matches("i w wa", " i", " w", "an", "t", " ", "wat", "er")
    assert matches("i w", " i want")


@pytest.mark.parametrize("pieces", [(" i", " can", "'", "t"), (" i", " can", "'t"), (" i can't",)])
def test_a_contraction_counts_as_two_words(pieces: tuple[str, ...]) -> None:
    assert matches("i c t", *pieces)
    assert not matches("i c", *pieces)


def test_a_compound_counts_as_two_words() -> None:
    assert matches("a t s", " a", " t", "-", "shirt")


def test_a_comma_stands_between_two_words_with_a_space_after_it() -> None:
    assert matches("s w n", " sure", ",", " why", " not")
    assert not matches("s w n", " sure", ",", "why", " not")
    assert not matches("s w", " sure", " why", ",")


def test_a_number_is_written_as_it_was_given() -> None:
    assert matches("a 15 m", " at", " ", "1", "5", " minutes")
    assert not matches("a 15 m", " at", " ", "1", "6", " minutes")
    assert not matches("a 15 m", " at", " ", "1", "5", "0", " minutes")
    assert matches("a 3 p", " at", " ", "3", "pm")


def test_a_whole_word_is_not_longer() -> None:
    assert matches("i wa so wa", " i", " want", " some", " water")
    assert not matches("i wa so wa", " in", " want", " some", " water")


def test_other_signs_do_not_belong_to_a_sentence() -> None:
    assert read("i w", " i", "(", "want") is None
    assert read("i w", " i", ".", " want") is None


_PIECES = st.lists(
    st.sampled_from([" i", " want", " w", "a", "'", "t", "-", ",", " ", "7", " no", "'t"]),
    min_size=1,
    max_size=8,
)


@given(_PIECES)
def test_a_sentence_matches_its_own_words_and_initials(pieces: Sequence[str]) -> None:
    text = "".join(pieces)
    words = [word.strip("'- ") for word in words_of(text)]
    if not words or not all(words):
        return
    parts = [Part(word, whole=True) for word in words]
    state = read_on(START, text, parts)
    if state is None or not is_complete(state, parts):
        return
    initials = [part if part.is_number else Part(part.letters[0]) for part in parts]
    shorter: State | None = START
    for piece in pieces:
        shorter = None if shorter is None else read_on(shorter, piece, initials)
    assert shorter is not None
    assert is_complete(shorter, initials)
