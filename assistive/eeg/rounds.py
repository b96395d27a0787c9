"""assistive.eeg: the rounds of a calibration by EEG: which key is waited for in each, and what flashes.

Twelve keys in three rows of four. In each round one of them is looked at while all of them flash about as often as they
do on a board. The same round always is the same: what is on disk of a calibration can be gone on with, and a recording of
it can be repeated.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from assistive.fusion.flashing import Flash, Flashes, Grouping, sequence
from devices.i18n import N_

ROWS, COLUMNS = 3, 4
KEYS = tuple(f"flash:{place}" for place in range(ROWS * COLUMNS))
PLACES = {key: divmod(place, COLUMNS) for place, key in enumerate(KEYS)}
MOST_ROUNDS = 12
ROUND_S = (
    10.0  # of flashing, or a little more: whoever looks longer at one key without a pause gets tired of it
)
LONGEST_SEQUENCE = 20  # flashes and pauses
LETTERS = N_("A B C D E F G H I J K L")


def key_labels(tr: Callable[[str], str]) -> dict[str, str]:
    """Return the letter of each key: the first ones of the alphabet, in the person's language."""
    letters = tr(LETTERS).split()
    if len(letters) != len(KEYS):
        letters = LETTERS.split()
    return dict(zip(KEYS, letters, strict=True))


def wanted_key(number: int) -> str:
    """Return the key of round `number` (from 0).

    One further down and one further to the right each time: no two rounds that follow each other share a row or a
    column, all rows come up in every three of them, all columns in every four, and all keys in all twelve.
    """
    return KEYS[number % ROWS * COLUMNS + number % COLUMNS]


def round_plan(number: int, soa_s: float) -> tuple[Flashes, ...]:
    """Return the sequences of round `number` (from 0); `soa_s` is the time from one flash to the next, in seconds."""
    chance = random.Random(number)
    flashed: list[Flash] = []
    sequences: list[Flashes] = []
    while len(flashed) * soa_s < ROUND_S:
        sequences.append(sequence(PLACES, Grouping.CHECKERBOARD, chance, before=flashed))
        flashed.extend(sequences[-1])
    return tuple(sequences)


def longest_round_s(soa_s: float) -> float:
    """Return how long the flashing of a round takes at most, in seconds."""
    return ROUND_S + LONGEST_SEQUENCE * soa_s
