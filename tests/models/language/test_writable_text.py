"""What a board can write of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.characters.alphabet import stop_of, writable

LETTERS = "abcdefghijklmnopqrstuvwxyz' \n"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Don’t go, PLEASE!", "don't go please"),
        ("Thanks. I will go.", "thanks i will go"),
        ("At 7 o'clock…", "at o'clock"),
        ("  two\tspaces  ", "two spaces"),
        ("Привет", ""),
    ],
)
def test_marks_that_are_missing_count_as_a_space(text: str, written: str) -> None:
    assert writable(text, LETTERS) == written


def test_a_full_stop_stands_for_every_end_of_a_sentence() -> None:
    assert writable("What? Yes! No.", LETTERS + ".") == "what. yes. no"


def test_letters_that_are_written_as_two_are_one() -> None:
    assert writable("Зи\u0438\u0306", "зий") == "зий"


@pytest.mark.parametrize(("alphabet", "stop"), [("ab .\n", "."), ("ab \n", "\n"), ("ab ", " "), ("ab", "")])
def test_what_ends_a_sentence(alphabet: str, stop: str) -> None:
    assert stop_of(alphabet) == stop


@given(text=st.text(), alphabet=st.text(max_size=20))
def test_nothing_else_is_written(text: str, alphabet: str) -> None:
    assert set(writable(text, alphabet)) <= {*alphabet, " "}
