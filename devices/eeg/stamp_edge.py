"""devices.eeg: the lower edge of time stamps: where they would be if none of them were late."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

BLOCK_S = 0.5  # of each, the sample that is delayed least is remembered
KNOWN_S = 0.25  # until then a packet more or less may be how the program sends
EDGE_BLOCKS = 4  # that tell where the edge is
STRAY_BLOCKS = 8  # that tell how far the stamps stray from it
RATE_BLOCKS = 40  # that tell the rate
RATE_FROM = 6
FARTHEST_RATE = 0.02  # a quartz is far better; what differs by more is another rate


class StampEdge:
    """A line through the stamps that are delayed least, with the amplifier's own rate as its slope.

    Programs stamp a sample, or a packet of them, when it comes: a stamp may be late, never early.

    Parameters
    ----------
    rate_hz : float
        The nominal rate.
    """

    def __init__(self, rate_hz: float) -> None:
        self._nominal = self.period_s = 1.0 / rate_hz
        self._edges: deque[tuple[int, float]] = deque(maxlen=RATE_BLOCKS)
        self._strays: deque[float] = deque(maxlen=STRAY_BLOCKS)
        self._block_from = 0
        self._edge = (0, math.inf)
        self._stray = 0.0
        self._known = False

    @property
    def stray_s(self) -> float | None:
        """How far a stamp has been from the edge in the last seconds; None: not enough is known yet."""
        return max((*self._strays, self._stray)) if self._known else None

    def begin(self, number: int, stamp: float) -> None:
        """Begin anew at this sample; how the stamps stray and the rate stay known."""
        self._edges.clear()
        self._block_from, self._edge, self._stray = number, (number, stamp), 0.0

    def strayed(self, by_s: float) -> None:
        """A stamp was off by so much although no sample was missing."""
        self._stray = max(self._stray, by_s)

    def expected(self, first: int, count: int) -> NDArray[np.float64]:
        """When the samples from number `first` on were taken."""
        points = [self._edge, *list(self._edges)[-EDGE_BLOCKS:]]
        start = min(stamp + self.period_s * (first - number) for number, stamp in points)
        return np.asarray(start + self.period_s * np.arange(count), dtype=np.float64)

    def learn(self, first: int, stamps: NDArray[np.float64]) -> None:
        """Take in the stamps of the samples from number `first` on; NaN tells nothing."""
        late = stamps - self.expected(first, len(stamps))
        if np.isnan(late).all():
            return
        lowest = int(np.nanargmin(late))
        number, stamp = self._edge
        if stamps[lowest] < stamp + self.period_s * (first + lowest - number):
            self._edge = (first + lowest, float(stamps[lowest]))
        # What was below the edge has moved it: a packet that was stamped as one strays from its last sample.
        self._stray = max(self._stray, float(np.nanmax(late) - min(0.0, late[lowest])))
        seconds = (first + len(stamps) - self._block_from) * self._nominal
        self._known = self._known or seconds >= KNOWN_S
        if seconds >= BLOCK_S:
            self._close_block(first + len(stamps))

    def _close_block(self, next_from: int) -> None:
        self._edges.append(self._edge)
        self._strays.append(self._stray)
        self._block_from, self._edge, self._stray = next_from, (next_from, math.inf), 0.0
        if len(self._edges) >= RATE_FROM:
            numbers, stamps = np.array(self._edges).T
            numbers, stamps = numbers - numbers.mean(), stamps - stamps.mean()
            period = float(numbers @ stamps / (numbers @ numbers))
            least, most = self._nominal * (1 - FARTHEST_RATE), self._nominal * (1 + FARTHEST_RATE)
            self.period_s = min(max(period, least), most)
