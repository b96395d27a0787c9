"""Each round of a calibration by EEG has its letter, and flashes as often as the next."""

from __future__ import annotations

from collections import Counter

import pytest

from assistive.eeg.rounds import (
    COLUMNS,
    KEYS,
    MOST_ROUNDS,
    PLACES,
    ROUND_S,
    ROWS,
    key_labels,
    longest_round_s,
    round_plan,
    wanted_key,
)
from assistive.i18n import translator


def test_every_letter_has_its_turn_and_no_row_or_column_waits_long() -> None:
    wanted = [wanted_key(number) for number in range(MOST_ROUNDS)]
    assert sorted(wanted) == sorted(KEYS)
    for first in range(MOST_ROUNDS - ROWS + 1):
        assert len({PLACES[key][0] for key in wanted[first : first + ROWS]}) == ROWS
    for first in range(MOST_ROUNDS - COLUMNS + 1):
        assert len({PLACES[key][1] for key in wanted[first : first + COLUMNS]}) == COLUMNS


@pytest.mark.parametrize("soa_s", [0.12, 0.2, 0.6])
def test_a_round_takes_ten_seconds_and_flashes_all_letters_alike(soa_s: float) -> None:
    for number in range(3):
        plan = round_plan(number, soa_s)
        flashes = [flash for sequence in plan for flash in sequence]
        assert ROUND_S <= len(flashes) * soa_s <= longest_round_s(soa_s)
        often = Counter(key for flash in flashes for key in flash)
        assert set(often.values()) == {2 * len(plan)} and set(often) == set(KEYS)


def test_neighbours_never_flash_together_and_no_letter_twice_in_a_row() -> None:
    flashes = [flash for sequence in round_plan(4, 0.2) for flash in sequence]
    for flash in flashes:
        for one in flash:
            for other in set(flash) - {one}:
                (row, column), (other_row, other_column) = PLACES[one], PLACES[other]
                assert abs(row - other_row) + abs(column - other_column) > 1
    for i, flash in enumerate(flashes):
        for later in flashes[i + 1 : i + 3]:
            assert not set(flash) & set(later)


def test_the_same_round_is_the_same_on_another_day_and_another_round_is_another() -> None:
    assert round_plan(3, 0.2) == round_plan(3, 0.2) != round_plan(4, 0.2)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_letters_are_twelve_of_the_persons_alphabet(language: str) -> None:
    labels = key_labels(translator(language))
    assert list(labels) == list(KEYS) and len(set(labels.values())) == len(KEYS)
    assert all(len(label) == 1 and label.isalpha() for label in labels.values())
    assert labels[KEYS[1]] == {"en": "B", "ru": "Б"}[language]


def test_letters_that_were_translated_wrongly_are_english() -> None:
    assert key_labels(lambda text: "А Б")[KEYS[0]] == "A"
