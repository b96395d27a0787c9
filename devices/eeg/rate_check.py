"""devices.eeg: whether as many samples come as the stream promises."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

WINDOW_S = 2.0
WRONG = 0.1  # as a share of the promised rate; a packet more or less is a twentieth
WRONG_WINDOWS = 2
BEGUN_WRONG = 0.2  # of the first second; a packet more or less is more of it


class RateCheck:
    """Counts samples by their arrival; a pause, which is another fault, is left out.

    Parameters
    ----------
    rate_hz : float
        The promised rate.
    """

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._from: float | None = None
        self._last = 0.0
        self._count = 0
        self._wrong = 0
        self._first_stamp = self._last_stamp = math.nan
        self._all = 0

    @property
    def is_plausible(self) -> bool:
        """Whether all samples so far, by their stamps, may have the promised rate."""
        seconds = self._last_stamp - self._first_stamp + 1 / self._rate_hz
        return seconds > 0 and abs(self._all / seconds / self._rate_hz - 1) <= BEGUN_WRONG

    def wrong(self, stamps: NDArray[np.float64], now: float) -> float | None:
        """Take in samples that came at `now`; return the rate that is measured if it stays a wrong one."""
        count = len(stamps)
        if not count:
            return None
        self._all += count
        if math.isnan(self._first_stamp):
            self._first_stamp = float(stamps[0])
        self._last_stamp = float(stamps[-1])
        if self._from is None or now - self._last > WINDOW_S / 4:
            self._from, self._last, self._count, self._wrong = now, now, 0, 0
            return None
        self._last = now
        self._count += count
        seconds = now - self._from
        if seconds < WINDOW_S:
            return None
        measured = self._count / seconds
        self._wrong = self._wrong + 1 if abs(measured / self._rate_hz - 1) > WRONG else 0
        self._from, self._count = now, 0
        return measured if self._wrong >= WRONG_WINDOWS else None
