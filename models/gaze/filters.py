"""models.gaze: filters that steady a gaze point and let a saccade through at once.

All of them work in degrees of visual angle and seconds, so that one set of constants holds for every screen and for
every rate from 30 to 1200 Hz, regular or not. A gap in the samples resets them: what was seen before it says little
of what comes after. Which one is the default was measured: ``sayso bench gaze-filters``.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Protocol

GAP_S = 0.3  # a blink is shorter; after a longer gap the filter begins anew

NAMES = ("saccade", "one_euro", "none")


class Filter(Protocol):
    """Steadies the gaze; one for each person who looks, fed with every sample in turn."""

    def take(self, t: float, x: float, y: float, sd: float) -> tuple[float, float]:
        """The steadied place.

        Parameters
        ----------
        t : float
            Seconds; never less than before.
        x, y : float
            The place in degrees; finite.
        sd : float
            Standard deviation of the samples while the eye rests, in degrees; NaN: not known.
        """
        ...


def make_filter(name: str) -> Filter | None:
    """The filter of this name, one of `NAMES` (None for "none"); ValueError for any other."""
    match name:
        case "saccade":
            return SaccadeReset()
        case "one_euro":
            return OneEuro()
        case "none":
            return None
    raise ValueError(f"there is no gaze filter named {name!r}: there are {', '.join(NAMES)}")


class OneEuro:
    """A low-pass filter whose cut-off rises with the speed (Casiez, Roussel & Vogel, CHI 2012).

    Parameters
    ----------
    min_cutoff_hz : float
        The cut-off of a gaze that rests.
    beta : float
        Hz of cut-off for each degree a second. 0.076 is .002 for each pixel a second on a desktop screen (0.277 mm
        a pixel, 60 cm away).
    speed_cutoff_hz : float
        The cut-off of the speed itself.
    """

    def __init__(self, min_cutoff_hz: float = 0.6, beta: float = 0.076, speed_cutoff_hz: float = 1.0) -> None:
        self._min_cutoff_hz = min_cutoff_hz
        self._beta = beta
        self._speed_cutoff_hz = speed_cutoff_hz
        self._t = -math.inf
        self._raw = self._place = self._speed = (0.0, 0.0)

    def take(self, t: float, x: float, y: float, sd: float) -> tuple[float, float]:
        """The steadied place; both axes share one cut-off, so that a slanted saccade stays a straight line."""
        dt = t - self._t
        if dt > GAP_S:
            self._t, self._raw, self._place, self._speed = t, (x, y), (x, y), (0.0, 0.0)
            return x, y
        if dt <= 0:
            return self._place
        gain = _gain(self._speed_cutoff_hz, dt)
        vx, vy = self._speed
        vx += gain * ((x - self._raw[0]) / dt - vx)
        vy += gain * ((y - self._raw[1]) / dt - vy)
        gain = _gain(self._min_cutoff_hz + self._beta * math.hypot(vx, vy), dt)
        px, py = self._place
        self._t, self._raw, self._speed = t, (x, y), (vx, vy)
        self._place = (px + gain * (x - px), py + gain * (y - py))
        return self._place


def _gain(cutoff_hz: float, dt: float) -> float:
    return 1.0 - 1.0 / (1.0 + 2 * math.pi * cutoff_hz * dt)


class SaccadeReset:
    """The mean of the fixation so far, the newest samples counting most; a saccade begins a new one.

    The weights fall in a straight line to nothing over `window_s` (a triangular window: 12 samples at 30 fps). A
    sample that is far from the mean begins a new window, together with those before it that are just as far; "far"
    is `least_deg`, or `sds` standard deviations of the samples where the gaze is noisier. One single far sample is
    not believed until the next one agrees, or `confirm_s` has passed at high rates: until then the gaze stays where
    it was.

    Parameters
    ----------
    window_s : float
    least_deg : float
        No shorter saccade is told from noise; it is followed within half the window all the same.
    sds : float
    confirm_s : float
    """

    def __init__(
        self,
        window_s: float = 0.4,
        least_deg: float = 1.5,
        sds: float = 4.0,
        confirm_s: float = 0.008,
    ) -> None:
        self._window_s = window_s
        self._least_deg = least_deg
        self._sds = sds
        self._confirm_s = confirm_s
        self._fixation: deque[tuple[float, float, float]] = deque()
        self._far: deque[tuple[float, float, float]] = deque()
        self._place = (0.0, 0.0)
        self._t = -math.inf

    def take(self, t: float, x: float, y: float, sd: float) -> tuple[float, float]:
        """The steadied place."""
        if t - self._t > GAP_S:
            self._fixation.clear()
            self._far.clear()
        self._t = t
        limit = self._least_deg if math.isnan(sd) else max(self._least_deg, self._sds * sd)
        if self._fixation and math.hypot(x - self._place[0], y - self._place[1]) > limit:
            self._far = deque(p for p in self._far if math.hypot(x - p[1], y - p[2]) <= limit)
            self._far.append((t, x, y))
            if t - self._far[0][0] < self._confirm_s:
                return self._place
            self._fixation = self._far
        else:
            self._fixation.append((t, x, y))
        self._far = deque()
        self._place = self._mean(t)
        return self._place

    def _mean(self, t: float) -> tuple[float, float]:
        begin = t - self._window_s
        while self._fixation[0][0] <= begin:
            self._fixation.popleft()
        weight = x = y = 0.0
        for at, px, py in self._fixation:
            w = at - begin
            weight += w
            x += w * px
            y += w * py
        return x / weight, y / weight
