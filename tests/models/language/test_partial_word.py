"""Where the word that is being written begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.partial import Split, fold, is_bare_letter, split_partial


@pytest.mark.parametrize(
    ("text", "before", "space", "partial"),
    [
        ("", "", True, ""),
        ("I would ", "I would", True, ""),
        ("I would li", "I would", True, "li"),
        ("I don't", "I", True, "don't"),
        ("I don’", "I", True, "don’"),
        ("a well-k", "a", True, "well-k"),
        ("из-за", "", True, "из-за"),
        ("Yes.", "Yes.", True, ""),
        ("Yes,n", "Yes,", True, "n"),
        ("(so", "(", False, "so"),
        ("at 10", "at", True, "10"),
        ("wait -- no", "wait --", True, "no"),
        ("wait --", "wait --", False, ""),
        ("🙂", "🙂", True, ""),
    ],
)
def test_it_begins_at_the_last_boundary(text: str, before: str, space: bool, partial: str) -> None:
    assert split_partial(text) == Split(before, space, partial)


@given(st.text())
def test_nothing_but_space_is_lost(text: str) -> None:
    before, _, partial = split_partial(text)
    assert text.startswith(before) and text.endswith(partial)
    assert not text[len(before) : len(text) - len(partial)].strip()
    assert not any(c.isspace() for c in partial)


@given(st.text(alphabet="abcdéжёІ'’-‑", max_size=12))
def test_spellings_of_one_word_fold_together(word: str) -> None:
    assert fold(fold(word)) == fold(word)
    assert fold(word.replace("'", "’").replace("-", "‑")) == fold(word)
    assert fold(word.upper().lower()) == fold(word.lower())


def test_single_letters_that_are_words() -> None:
    assert [c for c in "abiosя" if not is_bare_letter(c, "en")] == ["a", "i"]
    assert [c for c in "абвиксуоя" if not is_bare_letter(c, "ru")] == list("авиксуоя")
    assert not is_bare_letter("of", "en")
