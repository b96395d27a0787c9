"""assistive.simulate: what a simulated person needs of the world, whether its time is virtual or real."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from assistive.boards.board import Board, Target
from assistive.messages import Selection

CORRECTING = "correcting"


class Place(Protocol):
    """A board to look at, and time that passes. All places are shares of the screen, times in seconds."""

    counting: bool

    @property
    def now(self) -> float:
        """The time."""
        ...

    @property
    def board(self) -> Board:
        """What is on the screen."""
        ...

    @property
    def text(self) -> str:
        """What is written."""
        ...

    @property
    def letter_s(self) -> float:
        """About how long a look at a letter has to last."""
        ...

    @property
    def claim(self) -> float | None:
        """How probable it is that the last selection was wrong, by the board's own account; None: it does not tell."""
        ...

    def dwell_s(self, target: Target) -> float:
        """How long a look at this target has to last now."""
        ...

    def spending(self, what: str) -> AbstractContextManager[None]:
        """Time that passes inside is spent on `what`; whatever is done to correct counts as correcting."""
        ...

    def new_conversation(self) -> None:
        """What was said before has nothing to do with what comes."""
        ...

    def partner_says(self, text: str) -> None:
        """The partner's turn of the conversation."""
        ...

    def stare(self, seconds: float) -> Selection | None:
        """Keep looking at the place the eye is at; return the first selection, which ends the look."""
        ...

    def press(self) -> Selection | None:
        """Press the switch: what is looked at is chosen."""
        ...

    def pass_time(self, seconds: float) -> None:
        """Let time pass without looking at the board."""
        ...
