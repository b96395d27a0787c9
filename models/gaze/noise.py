"""models.gaze: how much a gaze that rests seems to move."""

from __future__ import annotations

import math
from collections import deque
from statistics import median

STEP_S = 0.015  # samples that are closer together are not independent; saccades must stay few among the steps
KEPT = 45
ENOUGH = 8
TO_SD = 1 / (0.6745 * math.sqrt(2))  # from the median absolute difference of two samples to their sd


class Noise:
    """The standard deviation of the samples of a fixation, from the differences between neighbours.

    Differences do not see the slow movement of the eye, and the median of them does not see saccades (most of the
    time the eye rests), so that no fixation has to be found first. It needs a third of a second, and it follows a
    change within a second or two.
    """

    def __init__(self) -> None:
        self._last: tuple[float, float, float] | None = None
        self._x: deque[float] = deque(maxlen=KEPT)
        self._y: deque[float] = deque(maxlen=KEPT)
        self._sd = (math.nan, math.nan)

    @property
    def sd(self) -> tuple[float, float]:
        """The standard deviations along x and y, in the unit of the samples; NaN until enough were taken."""
        return self._sd

    def take(self, t: float, x: float, y: float) -> None:
        """Take in a place at time `t`, in seconds; all must be finite."""
        if self._last is None or not 0 <= t - self._last[0] <= 10 * STEP_S:
            self._last = (t, x, y)
            return
        before, x0, y0 = self._last
        if t - before < STEP_S:
            return
        self._x.append(abs(x - x0))
        self._y.append(abs(y - y0))
        self._last = (t, x, y)
        if len(self._x) >= ENOUGH:
            self._sd = (TO_SD * median(self._x), TO_SD * median(self._y))
