"""models.gaze: tells a blink from a look down, from drooping lids, and from eyes that stay closed.

The eye aspect ratio (EAR, how far the lids are apart by the eye's width; Soukupova & Cech, CVWW 2016) falls by a third
from the top of a screen to its bottom, because the upper lid follows the eye. So it is compared with what this eye
shows when it looks at that height, which is learned while it looks around, and followed when it changes slowly.
A lid that only begins to close looks like an eye that turns down, and takes the measured gaze with it: while it moves
quickly nothing is believed. That holds back a large saccade downwards, too, for a tenth of a second.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

LONGEST_BLINK_S = 0.8  # closed for longer, eyes are closed on purpose or asleep
LONGEST_DROPOUT_S = 0.5
SHORTEST_BLINK_S = 0.04  # fewer missing samples are a flaw of the tracker
HALF_OPEN_S = 0.06  # after it
LONE_S = 0.15  # in a blink one lid may be ahead of the other by a frame or two, but not for longer
CLOSED_BELOW = 0.55  # of the opening that is expected
OPEN_FROM = 0.85
MOVING, MOVING_S = 0.15, 0.1  # of the opening, within this time: the lid moves
HALF_S = 0.3  # lids that rest half-way are believed after this time
FALL_PER_DEGREE = -0.012  # of the opening, for each degree that the eye turns down
FALL_SD = 0.006
EAR_SD = 0.02
FRAMES_ARE_ONE_S = 0.3  # EARs nearer in time err together
FOLLOW_SD = 0.004  # what an open eye's opening changes in a second (its root)
LOWEST, HIGHEST = -18.0, 18.0  # degrees: half-closed lids drag the measured gaze far below the screen


class Lid(StrEnum):
    """What one eye's lids do."""

    OPEN = "open"
    MOVING = "moving"  # half-way: the eye is seen, but what is seen does not tell where it looks
    CLOSED = "closed"


class EyeLids:
    """Follows the lids of one eye."""

    def __init__(self) -> None:
        self._opening: _Opening | None = None
        self._recent: deque[tuple[float, float]] = deque()
        self._shut = False  # or about to shut, or not yet open again
        self._half_since: float | None = None
        self._t = -math.inf

    def take(self, t: float, ear: float, down_deg: float) -> Lid:
        """Take in one frame.

        Parameters
        ----------
        t : float
            Seconds.
        ear : float
            The eye aspect ratio.
        down_deg : float
            How far below the middle of the screen the eye looks, in degrees; NaN: not known.
        """
        down_deg = 0.0 if math.isnan(down_deg) else min(HIGHEST, max(LOWEST, down_deg))
        dt, self._t = t - self._t, t
        if self._opening is None:
            self._opening = _Opening(max(ear, 1e-3))
            dt = 0.0
        self._recent.append((t, ear))
        while not t - MOVING_S - 1e-6 <= self._recent[0][0] <= t:
            self._recent.popleft()
        state = self._state(t, ear, self._opening.expected(down_deg))
        if state is Lid.OPEN:
            self._opening.learn(min(dt, FRAMES_ARE_ONE_S), ear, down_deg)
        return state

    def _state(self, t: float, ear: float, expected: float) -> Lid:
        assert self._opening is not None
        if ear < CLOSED_BELOW * expected:
            self._shut, self._half_since = True, None
            return Lid.CLOSED
        widest, narrowest = (extreme(seen for _, seen in self._recent) for extreme in (max, min))
        moves = max(MOVING * self._opening.level, 4 * self._opening.noise)
        if not self._shut and widest - ear <= moves:
            return Lid.OPEN
        self._shut = True
        rests = widest - narrowest <= moves
        if self._half_since is None or not rests:
            self._half_since = t
        if not rests or (ear < OPEN_FROM * expected and t - self._half_since < HALF_S):
            return Lid.MOVING
        self._shut, self._half_since = False, None
        return Lid.OPEN


class _Opening:
    """What an open eye shows: EAR = level + fall * degrees, by a Kalman filter with two states."""

    def __init__(self, ear: float) -> None:
        self.level = ear
        self._fall = FALL_PER_DEGREE * ear
        self._var_level = (0.3 * ear) ** 2
        self._var_fall = (FALL_SD * ear) ** 2
        self._cov = 0.0
        self._last: float | None = None
        self.noise = EAR_SD / 3  # from frame to frame

    def expected(self, down_deg: float) -> float:
        return max(0.3 * self.level, self.level + self._fall * down_deg)

    def learn(self, dt: float, ear: float, down_deg: float) -> None:
        error = ear - (self.level + self._fall * down_deg)
        if self._last is not None:
            self.noise += 0.05 * (abs(error - self._last) - self.noise)
        self._last = error
        noise = EAR_SD**2 * FRAMES_ARE_ONE_S / max(dt, 1e-3)
        self._var_level += dt * FOLLOW_SD**2
        gain_level = self._var_level + self._cov * down_deg
        gain_fall = self._cov + self._var_fall * down_deg
        var = gain_level + gain_fall * down_deg + noise
        self.level = max(1e-3, self.level + gain_level / var * error)
        self._fall = min(0.0, self._fall + gain_fall / var * error)
        self._var_level -= gain_level**2 / var
        self._cov -= gain_level * gain_fall / var
        self._var_fall -= gain_fall**2 / var


@dataclass(frozen=True, slots=True)
class Lids:
    """What both eyes do in one frame.

    Parameters
    ----------
    right, left : bool
        Whether this eye can be used to tell where the person looks.
    blink : bool
        Neither can, and it has not lasted: what was looked at before is still meant.
    """

    right: bool
    left: bool
    blink: bool


class Blinks:
    """Follows both eyes: a blink pauses, eyes that stay closed look nowhere, and one eye is enough."""

    def __init__(self) -> None:
        self._right = EyeLids()
        self._left = EyeLids()
        self._shut_at: float | None = None
        self._lone_at: float | None = None

    def take(self, t: float, right: float | None, left: float | None, down_deg: float) -> Lids:
        """Take in the EAR of each eye (None: it is not seen) at time `t`; `down_deg` as in `EyeLids.take`."""
        sees_right = right is not None and self._right.take(t, right, down_deg) is Lid.OPEN
        sees_left = left is not None and self._left.take(t, left, down_deg) is Lid.OPEN
        lone = right is not None and left is not None and sees_right != sees_left
        if not lone:
            self._lone_at = None
        elif self._lone_at is None:
            self._lone_at = t
        hasty = self._lone_at is not None and t - self._lone_at < LONE_S
        if (sees_right or sees_left) and not hasty:
            self._shut_at = None
            return Lids(sees_right, sees_left, blink=False)
        if self._shut_at is None:
            self._shut_at = t
        return Lids(right=False, left=False, blink=t - self._shut_at < LONGEST_BLINK_S)


class Dropouts:
    """Missing samples of a tracker that sees no lids: a short run of them is a blink.

    Where they come back, the lids still cover a part of the pupil, and the gaze is measured some degrees too low.
    """

    def __init__(self) -> None:
        self._seen_at = -math.inf
        self._missing_since: float | None = None
        self._half_open_until = -math.inf
        self._blinked = False

    def take(self, t: float, seen: bool) -> tuple[bool, bool]:
        """Take in whether the eyes are seen at time `t`; whether they can be believed, and whether they blink."""
        if not seen:
            if self._missing_since is None:
                self._missing_since = t
            return False, t - self._seen_at < LONGEST_DROPOUT_S
        if self._missing_since is not None:
            missing_s = t - self._missing_since
            self._missing_since = None
            if missing_s >= SHORTEST_BLINK_S:
                self._half_open_until = t + HALF_OPEN_S
                self._blinked = missing_s < LONGEST_DROPOUT_S
        self._seen_at = t
        half_open = t < self._half_open_until
        return not half_open, half_open and self._blinked
