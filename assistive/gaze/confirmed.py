"""assistive.gaze: which selections by gaze were meant: the next ones did not take them back."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from assistive.boards.board import Rect
from calibration.drift import ConfirmedLook

KEPT_SELECTIONS = 3  # as many later ones were kept: it was meant
KEPT_S = 8.0  # it is as old as this, and one later one was kept: it was meant, too


@dataclass(slots=True)
class _Selection:
    t: float
    look: ConfirmedLook | None
    followed_by: int = 0


class GazeConfirmed:
    """Waits with every selection until it is clear that it was meant.

    Time alone proves nothing (perhaps nobody looks at the text), so at least one more selection has to follow, and stay.
    Selections that were not made by looking are told too, without points: they never teach, but an undo may mean them.
    """

    def __init__(self) -> None:
        self._waiting: deque[_Selection] = deque(maxlen=4 * KEPT_SELECTIONS)

    def selected(self, t: float, rect: Rect, points: Sequence[tuple[float, float]]) -> None:
        """A target was chosen (never the one that undoes).

        Parameters
        ----------
        t : float
            Seconds on the shared clock.
        rect : Rect
            Where the target was, shares of the screen.
        points : sequence of tuple of float
            The measured places (GazePoint.measured) of the look that chose it, shares of the screen; those without a
            place are passed over. Empty: a click or a switch chose it.
        """
        for selection in self._waiting:
            selection.followed_by += 1
        seen = [point for point in points if math.isfinite(point[0]) and math.isfinite(point[1])]
        look = None
        if seen:
            middle = (median(x for x, _ in seen), median(y for _, y in seen))
            look = ConfirmedLook(middle, rect.center, (rect.w, rect.h))
        self._waiting.append(_Selection(t, look))

    def undone(self) -> bool:
        """The latest selection that is not yet undone was undone or deleted; whether it was made by looking."""
        if not self._waiting:
            return False
        undone = self._waiting.pop()
        for selection in self._waiting:
            selection.followed_by -= 1
        return undone.look is not None

    def due(self, t: float) -> list[ConfirmedLook]:
        """The looks that are known at time `t` to have been meant, each given out once, the oldest first."""
        meant = []
        while self._waiting and self._meant(self._waiting[0], t):
            look = self._waiting.popleft().look
            if look is not None:
                meant.append(look)
        return meant

    @staticmethod
    def _meant(selection: _Selection, t: float) -> bool:
        if selection.followed_by >= KEPT_SELECTIONS:
            return True
        return selection.followed_by >= 1 and t - selection.t >= KEPT_S
