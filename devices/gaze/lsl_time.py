"""devices.gaze: when a sample of an LSL stream was taken, on the shared clock."""

from __future__ import annotations

import math
from collections.abc import Sequence

FARTHEST_S = 1.0  # a stamp that is further from now comes from another clock
LATE_S = 0.5  # what is older than this when it arrives is not worth being passed on
ROUNDING_S = 0.001  # of sums with stamps in seconds since 1970 and more
JUMP_S = 0.25  # an other clock that moves more than this against ours was set anew
DRIFT = 0.001  # seconds a second that an other clock may run slower than ours


class StampClock:
    """Moves the time stamps of one stream onto the shared clock, each later than the one before.

    A stamp of the last second is believed. A stream whose newest stamp is older, or ahead of now, has a clock of its
    own: its stamps keep their intervals, and count from the arrival that was delayed least. Where the stamps do not
    go forward at all, one sample of the group is taken as of now.
    """

    def __init__(self) -> None:
        self._last = -math.inf
        self._offset: float | None = None  # from the stream's own clock to ours
        self._offset_at = 0.0

    def times(self, stamps: Sequence[float], now: float, correction: float = 0.0) -> list[float | None]:
        """When each sample of a group that arrived together was taken.

        Parameters
        ----------
        stamps : sequence of float
            As they came; NaN, repeated and backwards ones too.
        now : float
            When the group arrived, on the shared clock.
        correction : float
            Seconds from the clock of the sending computer to ours.

        Returns
        -------
        list
            One time for each stamp, never after `now`; None: leave this sample out.
        """
        out: list[float | None] = []
        for t in self._shifted(stamps, now, correction):
            if now < t < now + ROUNDING_S:
                t = now
            good = max(self._last, now - LATE_S) < t <= now
            out.append(t if good else None)
            if good:
                self._last = t
        if out and all(t is None for t in out) and now > self._last:
            out[-1] = self._last = now
        return out

    def skip_to(self, t: float) -> None:
        """Leave out what was taken before `t`: for that time something else was told."""
        self._last = max(self._last, t)

    def _shifted(self, stamps: Sequence[float], now: float, correction: float) -> list[float]:
        finite = [stamp + correction for stamp in stamps if math.isfinite(stamp)]
        if not finite:
            return [math.nan] * len(stamps)
        newest = finite[-1]
        if 0 <= now - newest <= FARTHEST_S:
            self._offset = None
            return [stamp + correction for stamp in stamps]
        offset = now - newest
        if self._offset is not None:
            slowest = self._offset + DRIFT * (now - self._offset_at)
            offset = min(offset, slowest) if abs(offset - slowest) < JUMP_S else offset
        self._offset, self._offset_at = offset, now
        return [stamp + correction + offset for stamp in stamps]
