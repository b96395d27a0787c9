"""What the perfect user of the benchmarks adds to the text by choosing a proposal."""

from __future__ import annotations

import pytest

from benchmarks.perfect_user import phrase_added, word_added


@pytest.mark.parametrize(
    ("text", "wanted", "slots", "added"),
    [
        ("", "I would", ["i"], "I "),
        ("I w", "I would", ["would"], "ould"),
        ("I ", "I would.", ["would"], "would"),
        ("I would", "I would.", ["would"], ""),
        ("I would ", "I would like", ["love"], ""),
        ("", "Don’t go", ["don't"], "Don’t "),
        ("", "Yes, I do", ["yes", "yes,"], "Yes, "),
        ("", "Yes, I do", ["yes", "yes."], "Yes"),
        ("", "Yes, I do", ["yes."], ""),
        ("", "Yes I do", ["yes,"], ""),
        ("Not tod", "Not today?", ["today?"], "ay?"),
        ("Not tod", "Not today?!", ["today?"], ""),
    ],
)
def test_the_perfect_user_takes_a_word_that_fits(
    text: str, wanted: str, slots: list[str], added: str
) -> None:
    assert word_added(text, wanted, slots) == added


@pytest.mark.parametrize(
    ("text", "wanted", "phrases", "added"),
    [
        ("", "Yes, please. I do", ["No, thanks.", "yes, please!"], "Yes, please. "),
        ("I w", "I would like some tea", ["would like", "would like some"], "ould like some "),
        ("I ", "I like tea and cake.", ["like tea."], ""),
        ("I ", "I like tea", ["like tea."], "like tea"),
        ("I ", "I like teapots", ["like tea"], ""),
        ("I ", "I like tea", ["want tea"], ""),
    ],
)
def test_the_perfect_user_takes_a_phrase_that_fits(
    text: str, wanted: str, phrases: list[str], added: str
) -> None:
    assert phrase_added(text, wanted, phrases) == added
