"""calibration: follows the slow drift of the gaze, from what the person chose and meant.

Only the offset moves, never the gains. Each confirmed selection says a little about it (Huang et al., CHI 2016, "PACE",
and Sugano et al., ECCV 2008, learn from clicks in the same way), one look at a small target says it at once. The gain is
low on purpose: people correct a cursor that is off by looking beside it (EyeO, CHI 2025), and two who correct the same
error at the same speed overshoot.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import add, sub, truediv
from statistics import median

from calibration.gaze import Axes
from calibration.screen import ScreenSize
from devices.i18n import N_

Place = tuple[float, float]

START_SD_DEG = 0.7  # of the offset after a calibration
WALK_SD_DEG = 0.05  # that the offset walks in a second (its root): two degrees in half an hour
LONGEST_STEP_S = 60.0  # nothing drifts while nobody looks
LOOK_SD_DEG = 0.5  # of the mean of one look
AIM_SHARE = 0.29  # of a key's size: the sd of looks that fall evenly on all of it
OUTLIER_SDS = 2.5
DOUBT = 2.0  # an offset is taken off once its square is more than this times its variance
LIMIT_DEG = 4.0  # no drift is followed farther than this; a new look at a target is needed
RECENTRE_SD_DEG = 0.4
RECENTRE_LIMIT_DEG = 12.0  # farther off, the person looked elsewhere or needs a calibration
RECENTRE_SPREAD_DEG = 3.0  # a look whose samples are spread wider was no fixation
RECENTRE_LEAST = 8  # samples

JUDGED = 20  # the last confirmed selections that are judged together
ONE_SIDED_DEG = 1.0
ONE_SIDED_SHARE = 0.2  # of the key's size
SURE_SDS = 3.0
UNDONE_OF, UNDONE_LEAST = 8, 4
QUIET_S = 300.0  # between two offers


class Advice(StrEnum):
    """Why a recentre is offered."""

    ONE_SIDED = "one_sided"
    FAR = "far"
    UNDONE = "undone"


SENTENCES = {
    Advice.ONE_SIDED: N_(
        "The gaze has been off to one side for a while. One look at a target sets it right."
    ),
    Advice.FAR: N_("The gaze has drifted too far to be followed. One look at a target sets it right."),
    Advice.UNDONE: N_("Much was undone just now. If the gaze is off, one look at a target sets it right."),
}
"""What is said with each offer: English, to be translated."""


@dataclass(frozen=True, slots=True)
class ConfirmedLook:
    """A target that was chosen by looking and that was meant.

    Parameters
    ----------
    measured : tuple of float
        Where the gaze was while it was chosen, before drift was taken off (GazePoint.measured), shares of the screen.
    centre, size : tuple of float
        The target's middle, and its width and height, shares of the screen.
    """

    measured: Place
    centre: Place
    size: Place


class Drift:
    """The offset of the gaze, one for each person, calibration and screen.

    A Kalman filter for each axis: the offset walks slowly, a confirmed look measures it with the error of where on the
    target the person looked. A large target tells little, an outlier less. What was walked is shrunk by its own
    uncertainty (after James & Stein 1961, positive part), so that nothing is taken off where there is no drift.

    Parameters
    ----------
    screen : ScreenSize
    axes : Axes
        The directions in which the eyes can move: there is no offset in the other one.
    offset : tuple of float
        The offset to start from (measured minus true, shares of the screen), as `offset` gave it out before.
    follow : bool
        False: only a recentre changes the offset. That it is off is noticed all the same.
    """

    def __init__(
        self, screen: ScreenSize, axes: Axes = Axes.BOTH, offset: Place = (0.0, 0.0), *, follow: bool = True
    ) -> None:
        self._follow = follow
        self._per_share = screen.degrees_per_share
        self._axes = [
            axis for axis, other in enumerate((Axes.VERTICAL, Axes.HORIZONTAL)) if axes is not other
        ]
        self._offset = self._degrees(offset)
        self._known = list(self._offset)  # when it was last measured at once
        self._var = [START_SD_DEG**2, START_SD_DEG**2]
        self._t: float | None = None
        self._at_limit = False
        self._residuals: deque[tuple[list[float], list[float]]] = deque(
            maxlen=JUDGED
        )  # with the targets' sizes
        self._undone: deque[bool] = deque(maxlen=UNDONE_OF)
        self._offered: Advice | None = None
        self._offered_at = -math.inf

    @property
    def offset(self) -> Place:
        """What is to be taken off a measured place, shares of the screen."""
        x, y = map(truediv, self._taken_off(), self._per_share)
        return x, y

    @property
    def sd(self) -> Place:
        """Standard deviation of the offset, shares of the screen."""
        x, y = map(truediv, map(math.sqrt, self._var), self._per_share)
        return x, y

    def confirmed(self, t: float, look: ConfirmedLook) -> None:
        """Learn from a look that was meant, at time `t` (seconds on the shared clock).

        One without a place, or a whole screen away, is passed over.
        """
        away = (look.measured[0] - look.centre[0], look.measured[1] - look.centre[1])
        if not all(abs(share) <= 1.0 for share in away):
            return
        errors, sizes = self._degrees(away), self._degrees(look.size)
        self._undone.append(False)
        self._residuals.append((list(map(sub, errors, self._taken_off())), sizes))
        if self._follow:
            self._learn(t, errors, sizes)

    def _degrees(self, shares: Place) -> list[float]:
        return [share * per for share, per in zip(shares, self._per_share, strict=True)]

    def _taken_off(self) -> list[float]:
        walked = map(sub, self._offset, self._known)
        clear = [
            way * max(0.0, 1.0 - DOUBT * var / way**2) if way else 0.0
            for way, var in zip(walked, self._var, strict=True)
        ]
        return list(map(add, self._known, clear))

    def _learn(self, t: float, errors: list[float], sizes: list[float]) -> None:
        passed = 0.0 if self._t is None else min(LONGEST_STEP_S, max(0.0, t - self._t))
        self._t = t
        for axis in self._axes:
            noise = LOOK_SD_DEG**2 + (AIM_SHARE * sizes[axis]) ** 2
            self._var[axis] += WALK_SD_DEG**2 * passed
            surprise = abs(errors[axis] - self._offset[axis]) / math.sqrt(self._var[axis] + noise)
            noise *= max(1.0, surprise / OUTLIER_SDS) ** 2
            gain = self._var[axis] / (self._var[axis] + noise)
            self._offset[axis] += gain * (errors[axis] - self._offset[axis])
            self._var[axis] *= 1.0 - gain
        far = math.dist(self._offset, self._known)
        self._at_limit = far > LIMIT_DEG
        if self._at_limit:
            pairs = zip(self._known, self._offset, strict=True)
            self._offset = [known + (offset - known) * LIMIT_DEG / far for known, offset in pairs]

    def undone(self) -> None:
        """A selection by gaze was taken back: it teaches nothing about the offset, but many of them say something."""
        self._undone.append(True)

    def recentre(self, t: float, measured: Sequence[Place], target: Place) -> bool:
        """Take the offset from one fixation on a small target, at once.

        Parameters
        ----------
        t : float
            Seconds on the shared clock.
        measured : sequence of tuple of float
            Measured places while the target was looked at (without the saccade to it), shares of the screen.
        target : tuple of float
            Its middle.

        Returns
        -------
        bool
            Whether it was believed. Too few samples, no fixation, or one that is too far off change nothing.
        """
        places = [place for place in measured if math.isfinite(place[0]) and math.isfinite(place[1])]
        if len(places) < RECENTRE_LEAST:
            return False
        offset, spread = [0.0, 0.0], [0.0, 0.0]
        for axis in self._axes:
            per = self._per_share[axis]
            middle = median(place[axis] for place in places)
            offset[axis] = (middle - target[axis]) * per
            spread[axis] = median(abs(place[axis] - middle) for place in places) * per
        if math.hypot(*spread) > RECENTRE_SPREAD_DEG or math.hypot(*offset) > RECENTRE_LIMIT_DEG:
            return False
        self._offset, self._known, self._var = offset, list(offset), [RECENTRE_SD_DEG**2] * 2
        self._t, self._at_limit = t, False
        self._residuals.clear()
        self._undone.clear()
        self._offered = None
        return True

    def advice(self, t: float) -> Advice | None:
        """Why a recentre should be offered now, once; None: there is no need, or it was offered a short time ago."""
        reason = self._reason(1.0 if self._offered is None else 0.5)
        if reason is None:
            self._offered = None
            return None
        if self._offered is not None or t - self._offered_at < QUIET_S:
            return None
        self._offered, self._offered_at = reason, t
        return reason

    def _reason(self, ease: float) -> Advice | None:
        if self._at_limit:
            return Advice.FAR
        if sum(self._undone) >= UNDONE_LEAST:
            return Advice.UNDONE
        return Advice.ONE_SIDED if any(self._one_sided(axis, ease) for axis in self._axes) else None

    def _one_sided(self, axis: int, ease: float) -> bool:
        """Whether the last looks are all off to the same side; with `ease` below 1 less is enough."""
        if len(self._residuals) < JUDGED:
            return False
        errors = [residual[axis] for residual, _ in self._residuals]
        size = median(size[axis] for _, size in self._residuals)
        middle = median(errors)
        sd = 1.48 * median(abs(error - middle) for error in errors) + 1e-6
        sure = abs(middle) > ease * SURE_SDS * 1.25 * sd / math.sqrt(JUDGED)
        return sure and abs(middle) > ease * max(ONE_SIDED_DEG, ONE_SIDED_SHARE * size)
