"""calibration: when an eye has come to rest on a target.

Salvucci & Goldberg (ETRA 2000, "identification by dispersion threshold"), with a threshold that grows: an eye that shakes
or is slow gets more time and a looser criterion, and no eye can keep a calibration from going on.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median
from typing import Generic, TypeVar

from calibration.raw_gaze import Angles

REACTION_S = 0.3  # from the target to the end of the first saccade
HOLD_S = 1.0  # how long the eye has to rest
LEAST_SAMPLES = 8  # also of a camera with 5 pictures a second
STRICT_DEG = 1.2  # standard deviation of a still eye, as a webcam sees it
LOOSE_DEG = 6.0  # a large nystagmus
PATIENT_AFTER_S = 1.5
LONGEST_S = 8.0  # then nobody looks there
GAP_S = 0.5  # without the eyes for longer, the rest begins anew
BLINK_SHARE = 0.6  # of the usual opening: below, the lid hides where the eye points
OPENINGS = 60
SHORTEST_STEP_S = 0.005  # a tracker with 1200 samples a second tells no more of a rest than one with 200
LEAST_MOVE = 0.12  # of the way to the target: a weak vertical gain is no reason to doubt
ANY_WAY_AFTER_S = 3.0
FAR_DEG = 4.0
TENTH, NINE_TENTHS = 0.1, 0.9
DEVIATIONS = 2.56  # between these two of a normal distribution
OUTLIER = 4.0  # standard deviations
LEAST_SPREAD_DEG = 0.5  # a tracker whose samples are all alike has no outliers

T = TypeVar("T")


class Settle(Generic[T]):
    """Takes in where the eyes point after a target was shown, and says when they rest on it.

    Parameters
    ----------
    t : float
        When the target was shown.
    used : tuple of bool
        Whether the horizontal and the vertical count.
    jump : tuple of float, optional
        How far the target is from the last one that was looked at, in degrees; the eye has to follow it.
    before : tuple of float, optional
        Where the eyes pointed on that last one. Without it, any rest is believed.
    reaction_s : float
        What is seen before is not counted.
    noise_deg : float
        How much these eyes shook so far.
    """

    def __init__(
        self,
        t: float,
        *,
        used: tuple[bool, bool] = (True, True),
        jump: Angles | None = None,
        before: Angles | None = None,
        reaction_s: float = REACTION_S,
        noise_deg: float = 0.0,
    ) -> None:
        self.began = t
        self._counts_from = t + reaction_s
        self._used = [axis for axis in (0, 1) if used[axis]]
        self._jump, self._before = jump, before
        self._strict = max(STRICT_DEG, 1.5 * noise_deg)
        self._rest: deque[tuple[float, Angles, T]] = deque()
        self._openings: deque[float] = deque(maxlen=OPENINGS)
        self.progress = 0.0
        self.settled = False

    @property
    def samples(self) -> tuple[T, ...]:
        """What came while the eyes rested, so far, but for what is far beside: the end of a saccade, half a blink."""
        place, far = self.place, OUTLIER * max(self.spread_deg, LEAST_SPREAD_DEG)
        return tuple(
            item
            for _, angles, item in self._rest
            if all(abs(angles[axis] - place[axis]) <= far for axis in self._used)
        )

    @property
    def place(self) -> Angles:
        """Where the eyes pointed while they rested: the middle of it. NaN: nothing was seen."""
        if not self._rest:
            return math.nan, math.nan
        return median(a[0] for _, a, _ in self._rest), median(a[1] for _, a, _ in self._rest)

    @property
    def spread_deg(self) -> float:
        """Standard deviation of the rest, the larger of the two axes; single outliers do not count."""
        return max(
            (_spread([angles[axis] for _, angles, _ in self._rest]) for axis in self._used), default=0.0
        )

    @property
    def deadline(self) -> float:
        """When it has taken too long."""
        return self.began + LONGEST_S

    def take(self, t: float, angles: Angles | None, opening: float | None, item: T) -> None:
        """Take in one sample. `angles` None: the eyes were not seen; `item`: what is kept of it in `samples`."""
        blinks = self._blinks(opening)
        if self.settled or angles is None or blinks or t < self._counts_from:
            return
        since = t - self._rest[-1][0] if self._rest else math.inf
        if since < SHORTEST_STEP_S:
            return
        if since > GAP_S:
            self._rest.clear()
        self._rest.append((t, angles, item))
        limit = self._limit(t)
        while self._enough(1) and t - self._rest[1][0] >= HOLD_S:
            self._rest.popleft()
        while len(self._rest) > 1 and self.spread_deg > limit:
            self._rest.popleft()
        self.progress = self._progress()
        self.settled = self.progress >= 1.0

    def _enough(self, more: int = 0) -> bool:
        return len(self._rest) >= LEAST_SAMPLES + more

    def _progress(self) -> float:
        if not self._moved():
            return 0.0
        held = (self._rest[-1][0] - self._rest[0][0]) / HOLD_S
        return min(1.0, held, len(self._rest) / LEAST_SAMPLES)

    def _moved(self) -> bool:
        """Whether the eye has left the last target, further than by its own noise, on the way to this one.

        After a while any way will do: it may be the look before that was wrong.
        """
        if self._jump is None or self._before is None:
            return True
        length = math.hypot(*(self._jump[axis] for axis in self._used))
        if length == 0.0:
            return True
        place, before, jump = self.place, self._before, self._jump
        least = max(LEAST_MOVE * length, 0.8 * self.spread_deg)
        if sum((place[axis] - before[axis]) * jump[axis] for axis in self._used) > least * length:
            return True
        away = math.hypot(*(place[axis] - before[axis] for axis in self._used))
        return self._rest[0][0] >= self.began + ANY_WAY_AFTER_S and away > max(2 * least, FAR_DEG)

    def _limit(self, t: float) -> float:
        patience = (t - self.began - PATIENT_AFTER_S) / (LONGEST_S - PATIENT_AFTER_S)
        loose = max(LOOSE_DEG, self._strict)
        return self._strict + (loose - self._strict) * min(1.0, max(0.0, patience))

    def _blinks(self, opening: float | None) -> bool:
        if opening is None:
            return False
        self._openings.append(opening)
        # Against what is usual for these eyes: a drooping lid is no blink.
        return opening < BLINK_SHARE * median(self._openings)


def _spread(values: list[float]) -> float:
    ordered = sorted(values)
    last = len(ordered) - 1
    return (ordered[round(NINE_TENTHS * last)] - ordered[round(TENTH * last)]) / DEVIATIONS
