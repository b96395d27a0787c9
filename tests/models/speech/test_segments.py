"""Text is cut into pieces that can be spoken soon, and no word is lost or moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.speech.segments import LONGEST_SEGMENT, segments


def spoken(text: str) -> list[str]:
    return [segment.text.strip() for segment in segments(text)]


def test_sentences_are_spoken_one_by_one() -> None:
    assert spoken("Hello there! How are you? I am 3.5 years old… Good") == [
        "Hello there!",
        "How are you?",
        "I am 3.5 years old…",
        "Good",
    ]


@pytest.mark.parametrize("text", ["Dr. Smith came.", "Meet J. R. Tolkien.", "Жду на ул. Мира, д. 5."])
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert spoken(text)[0].startswith(text.split(". ")[0])
    assert len(spoken(text)) <= 2


def test_a_new_line_ends_a_sentence() -> None:
    assert spoken("eggs\nmilk\n\nbread") == ["eggs", "milk", "bread"]


def test_a_long_sentence_is_cut_at_a_clause_or_a_space() -> None:
    clause = "when we were at the house near the sea, "
    pieces = list(segments(clause * 40))
    assert all(len(piece.text) <= LONGEST_SEGMENT for piece in pieces)
    assert all(piece.text.endswith(", ") for piece in pieces)
    words = list(segments("word " * 1000))
    assert {piece.text.strip().split(" ")[-1] for piece in words} == {"word"}


def test_words_are_told_without_the_punctuation_around_them() -> None:
    text = '"Hello," he said - (twice) 😀!'
    (segment,) = segments(text)
    assert [text[start:end] for start, end in segment.words()] == ["Hello", "he", "said", "twice", "😀"]


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\x00\x07", "\ud800"])
def test_there_is_nothing_to_say(text: str) -> None:
    assert list(segments(text)) == []


@given(st.text(alphabet=st.characters(exclude_categories=())), st.integers(2, 40))
def test_any_text_can_be_encoded_and_every_word_is_at_its_place(text: str, longest: int) -> None:
    end = 0
    for segment in segments(text, longest):
        assert segment.start >= end
        assert len(segment.text) <= longest
        segment.text.encode()
        assert "\x00" not in segment.text
        for start, stop in segment.words():
            at = slice(segment.start + start, segment.start + stop)
            assert segment.text[start:stop] == text[at] or any(
                c in segment.text[start:stop] for c in text[at]
            )
        end = segment.start + len(segment.text)
        assert end <= len(text)


def test_a_hundred_thousand_characters_are_cut_quickly() -> None:
    assert sum(len(s.text) for s in segments("a" * 100_000)) == 100_000
    assert len(list(segments("No. " * 25_000))) > 100
