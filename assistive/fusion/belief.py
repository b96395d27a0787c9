"""assistive.fusion: which target is meant, from where the gaze is and what is likely: each counts once.

P(k | gaze) is proportional to pi_k p(gaze | k), Bayes' rule. The samples of one look share the error of the
calibration, so they are no independent evidence: their mean counts once, however long the look lasts.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistive.boards.board import Rect, Target

WINDOW_S = (
    0.25  # samples that are averaged: long enough against tremor, short enough to follow a small saccade
)
SACCADE_SD = 4.0  # two samples in a row so far from the mean begin another look
FORGET_S = 0.5  # after so long without gaze, what was looked at before is over
AIMED_AT = 0.6  # of a target's width and height: the eyes go for the middle, see Feit et al., CHI 2017
FAR_SHARE = 0.01  # of looks whose error is not the validated one: they name their target only vaguely
FAR_SD = 0.25  # of the window: how vaguely
ANY_TARGET = 0.1  # of the prior is shared equally, so that every key stays within reach
OUTSIDE_SD = 2.5  # so far from every target, nothing is meant
STAY = 1.2  # the odds by which the present target keeps the gaze through tremor across its border


@dataclass(frozen=True, slots=True)
class Meant:
    """The target that is most probably meant, and how probable that is among all targets."""

    target: Target
    probability: float


class Belief:
    """The probability that each target is meant, given the prior and the gaze of the present look."""

    def __init__(self) -> None:
        self._window: deque[tuple[float, float, float]] = deque()
        self._stray: tuple[float, float, float] | None = None

    def look(
        self,
        t: float,
        point: tuple[float, float],
        sd: tuple[float, float],
        targets: Sequence[Target],
        prior: Mapping[str, float],
        current: str | None = None,
    ) -> Meant | None:
        """Take in where the gaze is and return what is meant; None: nothing that can be chosen is near.

        Parameters
        ----------
        t : float
            Seconds on the shared clock.
        point : tuple of float
            The gaze, shares of the window.
        sd : tuple of float, > 0
            Standard deviation of its error, in the same shares: what the validation of the calibration found.
        targets : sequence of Target
            What is on the board.
        prior : mapping of str to float
            The probability of each target by its id. A target that is not named has a fixed time and is never
            chosen through the prior: it has to be where the gaze is.
        current : str, optional
            The target that was looked at until now.
        """
        at = self.place(t, point, sd)
        choosable = [target for target in targets if target.choosable]
        near = {target.id: density(target.rect, at, sd) for target in choosable}
        if not any(_outside_sd(target.rect, at, sd) <= OUTSIDE_SD for target in choosable):
            return None
        equal = 1.0 / len(choosable)
        belief = {
            target.id: near[target.id]
            * (ANY_TARGET * equal + (1.0 - ANY_TARGET) * prior.get(target.id, equal))
            * (STAY if target.id == current else 1.0)
            for target in choosable
        }
        closest = max(choosable, key=lambda target: near[target.id])
        best = max(choosable, key=lambda target: belief[target.id])
        if best.id not in prior:
            best = closest
        return Meant(best, belief[best.id] / sum(belief.values()))

    def rest(self, t: float) -> None:
        """No gaze at time `t`: after a while the look is over."""
        if self._window and t - self._window[-1][0] > FORGET_S:
            self._window.clear()
            self._stray = None

    def place(self, t: float, point: tuple[float, float], sd: tuple[float, float]) -> tuple[float, float]:
        """Take in a sample, as in `look`, and return the mean of the present look's last ones.

        One sample far from it is not another look yet.
        """
        self.rest(t)
        sample = (t, *point)
        if self._window and _far(point, self._averaged(), sd):
            if self._stray is None:
                self._stray = sample
                return self._averaged()
            self._window = deque([self._stray])
        self._stray = None
        self._window.append(sample)
        while t - self._window[0][0] > WINDOW_S:
            self._window.popleft()
        return self._averaged()

    def _averaged(self) -> tuple[float, float]:
        n = len(self._window)
        return sum(s[1] for s in self._window) / n, sum(s[2] for s in self._window) / n


def _far(point: tuple[float, float], mean: tuple[float, float], sd: tuple[float, float]) -> bool:
    return math.hypot((point[0] - mean[0]) / sd[0], (point[1] - mean[1]) / sd[1]) > SACCADE_SD


def density(rect: Rect, point: tuple[float, float], sd: tuple[float, float]) -> float:
    """How likely the gaze is at this point while this target is looked at, in 1 / (window's area)."""
    x, y = rect.center
    narrow = _aimed(point[0] - x, rect.w, sd[0]) * _aimed(point[1] - y, rect.h, sd[1])
    far = math.exp(-((point[0] - x) ** 2 + (point[1] - y) ** 2) / (2 * FAR_SD**2)) / (math.tau * FAR_SD**2)
    return (1.0 - FAR_SHARE) * narrow + FAR_SHARE * far


def _aimed(off: float, length: float, sd: float) -> float:
    """The density of an error plus a place within the part of a target that is aimed at."""
    half, scale = AIMED_AT * length / 2, sd * math.sqrt(2.0)
    return (math.erf((off + half) / scale) - math.erf((off - half) / scale)) / (4 * half)


def _outside_sd(rect: Rect, point: tuple[float, float], sd: tuple[float, float]) -> float:
    """How far the point is from the target's border, in standard deviations; 0 inside."""
    x = max(rect.x - point[0], 0.0, point[0] - rect.x - rect.w)
    y = max(rect.y - point[1], 0.0, point[1] - rect.y - rect.h)
    return math.hypot(x / sd[0], y / sd[1])
