"""benchmarks: which sentences are abbreviated, how, and when an expansion counts as right."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.expansion import Item, items_of, rank_of
from models.language.messages import Expansion


@pytest.fixture
def dialogues(tmp_path: Path) -> Path:
    path = tmp_path / "dialogues.tsv"
    path.write_text(
        "Are you coming?\tI can’t, it's 7 already! Sorry.\tOh.\n"
        "Alone\n"
        "Why?\tOne two three four five six seven eight nine ten eleven.\n",
        encoding="utf-8",
    )
    return path


def test_the_first_sentence_of_the_second_turn_is_meant_if_it_is_short(dialogues: Path) -> None:
    (item,) = items_of(dialogues)
    assert item == Item("Are you coming?", "I can’t, it's 7 already!")


def test_contractions_are_split_and_numbers_kept(dialogues: Path) -> None:
    (item,) = items_of(dialogues)
    assert item.abbreviated(1) == "i c t i s 7 a"
    assert item.abbreviated(2) == "i ca t it s 7 al"


def test_marks_and_case_do_not_count_but_every_word_does(dialogues: Path) -> None:
    (item,) = items_of(dialogues)
    wrong = Expansion("I can't, it's 7 again.", (), 0.5)
    right = Expansion("i can't it's 7 already?", (), 0.1)
    assert rank_of(item, [wrong, right]) == 1
    assert rank_of(item, [wrong]) == 5
