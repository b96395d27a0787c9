"""devices.eeg: when each sample of an amplifier was taken on the shared clock, and where samples are missing.

liblsl's own smoothing (dejitter) is not used: it spread an outage of 3.5 s over the samples after it, so that the
outage could not be seen and their stamps were 3.4 s wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.eeg.sender_clock import SenderClock
from devices.eeg.stamp_edge import StampEdge

UNKNOWN_S = 0.2  # what may be no gap while nothing is known of the stamps; and the most that ever may
PIECE_S = 0.1  # samples that are looked at together
FAR_S = 30.0  # from now: no stamp
BACK_S = 0.2  # stamps that fall back by more belong to another time
MISSING = 0.75  # of a sample's period, beyond what the stamps stray: a sample is missing
STRAY = 1.5  # times the farthest that a stamp has strayed lately
CAUGHT_UP = 0.6  # of a jump; what comes back by so much was late, and nothing was missing
CATCHES_UP_S = 1.0  # after the jump
WRONG_S = 0.02  # times given out that turn out to be too late by more are followed by a gap
SQUEEZED = 1e-4  # of a sample's period: between samples whose times would go back
LEAST_STEP = 0.5  # of a sample's period, while times that were too late by less are made good


@dataclass(frozen=True, slots=True, eq=False)
class Stamped:
    """Samples `start` up to `stop` of a group, in a row, and when they were taken; `gap`: some are missing before."""

    start: int
    stop: int
    t: NDArray[np.float64]
    gap: bool


class SampleClock:
    """Gives each sample a time: evenly spaced along the lower edge of the stamps (`StampEdge`).

    Where a stamp is above the edge by more than the stamps stray, samples are missing. Where one falls far back, the
    sender's clock was set or its times were too late: what would go back in time is squeezed together, with a gap before
    and after, so that no epoch has it.

    Parameters
    ----------
    rate_hz : float
        The nominal rate.
    """

    def __init__(self, rate_hz: float) -> None:
        self._most = max(1, round(PIECE_S * rate_hz))
        self._edge = StampEdge(rate_hz)
        self._sender = SenderClock()
        self._last = -math.inf
        self._count = 0
        self._jump_s = self._fallen_s = 0.0  # the last jump, and how far the edge has fallen since
        self._jump_at = 0
        self._begun = False
        self._gap = True  # nothing is known of what was before the first sample

    @property
    def offset_s(self) -> float:
        """Seconds from the stamps (corrected) to the shared clock."""
        return self._sender.offset_s

    def skip(self) -> None:
        """Nothing came for long: samples may be missing, whatever their stamps say."""
        self._gap = True

    def times(self, stamps: NDArray[np.float64], now: float, correction: float = 0.0) -> list[Stamped]:
        """Give times to samples that arrived together.

        Parameters
        ----------
        stamps : array of shape (n,)
            As they came, in seconds on the sender's clock; NaN, repeated and backwards ones too.
        now : float
            When they arrived, on the shared clock.
        correction : float
            Seconds from the clock of the sending computer to ours.

        Returns
        -------
        list of Stamped
            In order; all times increase. Only samples before the first one with a stamp are left out.
        """
        stamps = np.where(np.isfinite(stamps), stamps + correction, math.nan)
        known = stamps[~np.isnan(stamps)]
        if known.size and self._sender.follow(float(known[-1]), now):
            self._begun = False
        stamps = stamps + self._sender.offset_s
        stamps = np.where(np.abs(stamps - now) <= FAR_S, stamps, math.nan)
        stamps = _no_later(stamps, self._edge.period_s)
        out: list[Stamped] = []
        start = 0
        while start < len(stamps):
            if not self._begun and not self._begin(float(stamps[start])):
                start += 1
                self._count += 1
                continue
            # Piece by piece: what one tells of how the stamps stray is needed to judge the next.
            stop = start + self._unbroken(stamps[start : start + self._most])
            if stop > start:
                out += self._placed(stamps[start:stop], start)
                self._count += stop - start
            start = stop
        return out

    def _begin(self, stamp: float) -> bool:
        self._gap = True
        if math.isnan(stamp):
            return False
        self._edge.begin(self._count, stamp)
        self._begun = True
        return True

    def _unbroken(self, stamps: NDArray[np.float64]) -> int:
        """How many of these go on from the ones before."""
        late = stamps - self._edge.expected(self._count, len(stamps))
        self._fallen_s -= float(np.nanmin(late, initial=0.0))
        if self._count - self._jump_at > CATCHES_UP_S / PIECE_S * self._most:
            self._jump_s = 0.0
        if self._jump_s and self._fallen_s >= CAUGHT_UP * self._jump_s:
            self._edge.strayed(min(self._jump_s, UNKNOWN_S))
            self._jump_s = 0.0
        broken = (late > self._most_late_s()) | (late < -BACK_S)
        if not broken.any():
            return len(stamps)
        first = int(np.argmax(broken))
        self._jump_s, self._fallen_s = max(0.0, float(late[first])), 0.0
        self._jump_at = self._count + first
        self._begun = False
        return first

    def _most_late_s(self) -> float:
        stray = self._edge.stray_s
        most = UNKNOWN_S if stray is None else min(STRAY * stray, UNKNOWN_S)
        return MISSING * self._edge.period_s + most

    def _placed(self, stamps: NDArray[np.float64], start: int) -> list[Stamped]:
        self._edge.learn(self._count, stamps)
        t = self._edge.expected(self._count, len(stamps))
        if not self._gap and self._last - t[0] <= WRONG_S:
            least = LEAST_STEP * self._edge.period_s
            t = np.maximum(t, self._last + least * np.arange(1, len(t) + 1))
            self._last = float(t[-1])
            return [Stamped(start, start + len(t), t, False)]
        behind = int(np.searchsorted(t, self._last, side="right"))
        out = []
        if behind:
            step = SQUEEZED * self._edge.period_s
            squeezed = np.asarray(self._last + step * np.arange(1, behind + 1), dtype=np.float64)
            out = [Stamped(start, start + behind, squeezed, True)]
            self._last = float(squeezed[-1])
        self._gap = True
        ahead = behind + int(np.searchsorted(t[behind:], self._last, side="right"))
        if ahead < len(t):
            out.append(Stamped(start + ahead, start + len(t), t[ahead:], True))
            self._last, self._gap = float(t[-1]), False
        return out


def _no_later(stamps: NDArray[np.float64], period_s: float) -> NDArray[np.float64]:
    """Stamps of a group such that each sample was taken no later than the ones after it tell.

    A program that was held up stamps all it has at once.
    """
    steps = period_s * np.arange(len(stamps))
    return np.asarray(np.fmin.accumulate((stamps - steps)[::-1])[::-1] + steps, dtype=np.float64)
