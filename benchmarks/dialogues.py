"""benchmarks: recorded dialogues, and the turns that a person is to write in them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from models.language.messages import Speaker, Turn


class WantedTurn(NamedTuple):
    """What the person wants to say, and what was said before."""

    before: tuple[Turn, ...]
    text: str


def read_dialogues(path: Path) -> list[tuple[str, ...]]:
    """Read dialogues, one a line, turns separated by tabs."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = (tuple(turn.strip() for turn in line.split("\t") if turn.strip()) for line in lines)
    return [dialogue for dialogue in found if dialogue]


def _spoken(dialogue: Sequence[str], last_is_mine: bool) -> tuple[Turn, ...]:
    """Return the dialogue with the person and the partner taking turns."""
    first_is_mine = last_is_mine == (len(dialogue) % 2 == 1)
    return tuple(
        Turn(Speaker.ME if (i % 2 == 0) == first_is_mine else Speaker.PARTNER, text)
        for i, text in enumerate(dialogue)
    )


def every_turn(dialogues: Iterable[Sequence[str]]) -> list[WantedTurn]:
    """Return every turn as one that the person says, with all turns before it."""
    return [
        WantedTurn(_spoken(dialogue[:i], last_is_mine=False), text)
        for dialogue in dialogues
        for i, text in enumerate(dialogue)
    ]


def some_exchanges(dialogues: Sequence[Sequence[str]], n: int, seed: int) -> tuple[tuple[Turn, ...], ...]:
    """Return `n` of the dialogues as exchanges; the person begins every other one."""
    chosen = random.Random(seed).sample(dialogues, min(n, len(dialogues)))
    return tuple(_spoken(dialogue, last_is_mine=i % 2 == 0) for i, dialogue in enumerate(chosen))
