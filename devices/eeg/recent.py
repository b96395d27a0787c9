"""devices.eeg: the last samples of an amplifier, which know where some are missing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.samples import EegChunk

WRONG_RATE = 0.05  # as a share; a filter for one rate is wrong for another


@dataclass(slots=True)
class _Row:
    """Samples without a gap."""

    chunks: deque[EegChunk]

    @property
    def first(self) -> float:
        return float(self.chunks[0].t[0])

    @property
    def last(self) -> float:
        return float(self.chunks[-1].t[-1])


class RecentEeg:
    """Keeps the chunks of the last seconds, in rows between the gaps.

    Other channels or another rate than before are a gap too.

    Parameters
    ----------
    keep_s : float
        How far back it remembers.
    """

    def __init__(self, keep_s: float = 10.0) -> None:
        self._keep_s = keep_s
        self._rows: deque[_Row] = deque()

    @property
    def until(self) -> float | None:
        """When the newest sample was taken; None: there is none."""
        return self._rows[-1].last if self._rows else None

    def add(self, chunk: EegChunk) -> None:
        """Take the next chunk; one without samples is nothing."""
        if not len(chunk.t):
            return
        before = self._rows[-1].chunks[-1] if self._rows else None
        if (
            before is None
            or chunk.gap
            or (chunk.channels, chunk.rate_hz) != (before.channels, before.rate_hz)
        ):
            self._rows.append(_Row(deque()))
        self._rows[-1].chunks.append(chunk)
        oldest = float(chunk.t[-1]) - self._keep_s
        while self._rows[0].last < oldest:
            self._rows.popleft()
        while self._rows[0].chunks[0].t[-1] < oldest:
            self._rows[0].chunks.popleft()

    def between(self, start: float, end: float) -> EegChunk | None:
        """Return the samples from `start` to `end` (seconds on the shared clock), both included.

        Returns
        -------
        EegChunk or None
            None: some of them are missing, are forgotten, or have not come yet (`until` < `end`), or they are more or
            fewer than the rate says. An epoch that reaches over a gap is void.
        """
        for row in self._rows:
            if row.first <= start and end <= row.last:
                inside = [chunk for chunk in row.chunks if chunk.t[-1] >= start and chunk.t[0] <= end]
                t: NDArray[np.float64] = np.concatenate([chunk.t for chunk in inside])
                data = np.concatenate([chunk.data for chunk in inside])
                kept = (t >= start) & (t <= end)
                expected = (end - start) * inside[0].rate_hz
                if abs(int(kept.sum()) - expected) > 1 + WRONG_RATE * expected:
                    return None
                return EegChunk(t[kept], data[kept], inside[0].channels, inside[0].rate_hz)
        return None
