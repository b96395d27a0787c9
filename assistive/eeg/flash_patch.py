"""assistive.eeg: what flashes while a photodiode measures how late the screen is."""

from __future__ import annotations

import random
import string

from assistive.boards.board import Action, Board, Caption, Rect, Target, TargetKind, Verb
from assistive.eeg.messages import ShowFlashes
from assistive.fusion.flashing import Grouping, sequence

PATCH = "patch"
"""The target of the markers: `sayso flash-delay` knows by it that no delay was added to them."""

ROWS, COLUMNS = 3, 4
ON_S, SOA_S = 0.08, 0.25  # darkness lasts longer than light, so that an inverted channel can be told
PAUSES = 4  # after each sequence: what is seen then is dark for certain
PLACES = {
    f"letter:{letter}": divmod(i, COLUMNS)
    for i, letter in enumerate(string.ascii_lowercase[: ROWS * COLUMNS])
}


def patch_board(sentence: str, note: str) -> Board:
    """Return a board like one that EEG chooses on, at the right, so that the screen has as much to do."""
    w, h = 0.58 / COLUMNS, 0.66 / ROWS
    targets = tuple(
        Target(
            name,
            TargetKind.LETTER,
            name[-1],
            Rect(0.40 + column * w, 0.30 + row * h, w - 0.008, h - 0.014),
            Action(Verb.WRITE, name[-1]),
        )
        for name, (row, column) in PLACES.items()
    )
    return Board(PATCH, targets, (Caption("told", sentence, Rect(0.02, 0.03, 0.96, 0.22), note=note),))


def patch_sequence(number: int, t: float) -> ShowFlashes:
    """Return sequence `number` of the flashes, with a pause at its end."""
    flashes = sequence(PLACES, Grouping.CHECKERBOARD, random.Random(number))
    return ShowFlashes(t, number, (*flashes, *((),) * PAUSES), ON_S, SOA_S)
