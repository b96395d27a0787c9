"""models.language: what an abbreviation says about each word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.abbreviation.parse import (
    MAX_LETTERS,
    MAX_PARTS,
    Part,
    joined,
    parse_abbreviation,
    parse_beginning,
    parse_whole,
    readings_of,
    words_of,
)


def letters(typed: str, language: str = "en") -> list[str]:
    return [part.letters for part in parse_abbreviation(typed, language).parts]


def test_spaces_separate_initials_beginnings_and_whole_words() -> None:
    assert letters("i w some wa") == ["i", "w", "some", "wa"]


def test_letters_without_spaces_are_initials() -> None:
    assert letters("iwsw") == ["i", "w", "s", "w"]


def test_case_and_typographic_marks_do_not_count() -> None:
    assert letters("I DON’T w") == ["i", "don", "t", "w"]


def test_a_contraction_is_two_words_even_without_spaces() -> None:
    assert letters("can't") == ["can", "t"]


def test_numbers_are_kept_and_are_whole() -> None:
    parts = parse_abbreviation("a 15 m", "en").parts
    assert parts == (Part("a"), Part("15", whole=True), Part("m"))
    assert letters("i15m") == ["i", "15", "m"]


def test_a_single_letter_among_pairs_is_a_whole_word() -> None:
    assert parse_abbreviation("i wa so wa", "en").parts[0] == Part("i", whole=True)


@pytest.mark.parametrize("typed", ["i w some wa", "i w wa", "i w"])
def test_otherwise_a_single_letter_is_an_initial(typed: str) -> None:
    assert not any(part.whole for part in parse_abbreviation(typed, "en").parts)


@pytest.mark.parametrize(
    ("typed", "whole"), [("ca t co", True), ("i m ha", True), ("in t co", False), ("we m ha", False)]
)
def test_what_no_contraction_leaves_is_an_initial(typed: str, whole: bool) -> None:
    assert parse_abbreviation(typed, "en").parts[1].whole is whole


def test_a_mark_at_the_end_says_how_the_sentence_ends() -> None:
    assert parse_abbreviation("c y h?", "en").mark == "?"
    assert parse_abbreviation("c. y h", "en").mark == ""
    assert letters("c y h?") == ["c", "y", "h"]


def test_russian_letters_are_letters() -> None:
    assert letters("я хоч воды", "ru") == ["я", "хоч", "воды"]
    assert parse_abbreviation("я хо во", "ru").parts[0].whole


def test_thirty_letters_are_cut_and_it_is_said() -> None:
    wanted = parse_abbreviation("abcdefghijklmnopqrstuvwxyzabcd", "en")
    assert len(wanted.parts) == MAX_PARTS
    assert wanted.cut
    assert wanted.understood
    assert not parse_abbreviation("iwsw", "en").cut


def test_a_part_that_is_longer_than_any_word_is_not_understood() -> None:
    wanted = parse_abbreviation("i w " + "a" * (MAX_LETTERS + 1), "en")
    assert [part.letters for part in wanted.parts] == ["i", "w"]
    assert not wanted.understood


@pytest.mark.parametrize("typed", ["", " \t\n", "\x00\x07\u200b"])
def test_nothing_asks_for_nothing(typed: str) -> None:
    wanted = parse_abbreviation(typed, "en")
    assert wanted.parts == ()
    assert wanted.understood


def test_an_emoji_is_not_understood_but_the_letters_beside_it_are_used() -> None:
    wanted = parse_abbreviation("i w 🍕", "en")
    assert [part.letters for part in wanted.parts] == ["i", "w"]
    assert not wanted.understood


def test_the_words_of_a_sentence_give_it_back() -> None:
    assert words_of(" I can't eat, thanks") == ("I", "can", "'t", "eat", "thanks")
    assert joined(words_of(" I can't eat, thanks")) == " I can't eat thanks"


def test_known_words_are_whole_and_a_beginning_is_not() -> None:
    assert parse_whole("o'clock") == (Part("o", whole=True), Part("clock", whole=True))
    assert parse_beginning("Wi") == (Part("wi"),)
    assert parse_beginning("?") == ()


@given(st.text(max_size=200), st.sampled_from(["en", "ru", "xx"]))
def test_whatever_is_typed_gives_parts_that_can_be_searched(typed: str, language: str) -> None:
    wanted = parse_abbreviation(typed, language)
    assert len(wanted.parts) <= MAX_PARTS
    for part in wanted.parts:
        assert 1 <= len(part.letters) <= MAX_LETTERS
        assert part.letters.isalnum()
        assert wanted.mark in ("", ".", "?", "!")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ye", [["y", "e"], ["ye"]]),
        ("Ye!", [["y", "e"], ["ye"]]),
        ("y e", [["y", "e"]]),
        ("i'm", [["i", "m"]]),
        ("yes", [["y", "e", "s"]]),
        ("ye no", [["ye", "no"]]),
        ("15", [["15"]]),
        ("y5", [["y", "5"]]),
        ("", [[]]),
    ],
)
def test_two_letters_alone_are_two_initials_or_one_word(typed: str, meant: list[list[str]]) -> None:
    found = readings_of(typed, "en")
    assert [[part.letters for part in wanted.parts] for wanted in found] == meant
    assert len({wanted.mark for wanted in found}) == 1
