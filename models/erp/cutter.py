"""models.erp: cuts epochs while the EEG comes in, the same as `epochs.epochs_of` cuts them from a recording."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.samples import EegChunk, Marker
from models.erp.epochs import TIMES_S, Epochs, cut
from models.erp.filters import CausalFilter

Floats = NDArray[np.float64]

KEPT_S = 5.0  # of samples: a marker may come that much later than its samples
AHEAD_S = 10.0  # a marker that is further ahead of the samples is of another clock
MOST_PENDING = 256


@dataclass(frozen=True, slots=True, eq=False)
class CutEpoch:
    """What followed a marker: one epoch; None where it is void: samples are missing, or too late, or too early."""

    marker: Marker
    epoch: Epochs | None


class EpochCutter:
    """Takes samples and markers in any order, gives each marker's epoch back once it is whole, or void.

    An epoch over a gap is void, and so is one during which the device's channels or its rate changed.
    """

    def __init__(self) -> None:
        self._pending: deque[Marker] = deque()
        self._filter: CausalFilter | None = None
        self._channels: tuple[str, ...] = ()
        self._rate_hz = 0.0
        self._t: Floats = np.zeros(0)
        self._data: Floats = np.zeros((0, 0))

    def take(self, sample: EegChunk | Marker) -> list[CutEpoch]:
        """Take the next sample; return the epochs that are now known, in the order of their markers."""
        if isinstance(sample, Marker):
            self._pending.append(sample)
        elif len(sample.t):
            self._add(sample)
        known: list[CutEpoch] = []
        waiting: deque[Marker] = deque()
        for marker in self._pending:
            if self._void(marker):
                known.append(CutEpoch(marker, None))
            elif len(self._t) and marker.t + TIMES_S[-1] <= self._t[-1]:
                known.append(CutEpoch(marker, self._epoch(marker)))
            else:
                waiting.append(marker)
        while len(waiting) > MOST_PENDING:
            known.append(CutEpoch(waiting.popleft(), None))
        self._pending = waiting
        return known

    def give_up(self, before: float) -> list[CutEpoch]:
        """The samples after markers before this time (seconds on the shared clock) will not come: they are void."""
        void = [CutEpoch(marker, None) for marker in self._pending if marker.t < before]
        self._pending = deque(marker for marker in self._pending if marker.t >= before)
        return void

    def _void(self, marker: Marker) -> bool:
        """Whether its samples will not come any more."""
        if not len(self._t):
            return False
        return bool(marker.t < self._t[0] or marker.t > self._t[-1] + AHEAD_S)

    def _epoch(self, marker: Marker) -> Epochs:
        onset = np.array([marker.t])
        return Epochs(onset, cut(self._t, self._data, onset), self._channels)

    def _add(self, chunk: EegChunk) -> None:
        changed = (chunk.channels, chunk.rate_hz) != (self._channels, self._rate_hz)
        if self._filter is None or changed:
            self._filter = CausalFilter(chunk.rate_hz, len(chunk.channels))
            self._channels, self._rate_hz = chunk.channels, chunk.rate_hz
        backwards = bool(len(self._t) and chunk.t[0] <= self._t[-1])
        if changed or chunk.gap or backwards:
            self._filter.reset()
            self._forget()
        filtered = self._filter.filter(chunk.data)
        first = len(self._t) and np.searchsorted(self._t, chunk.t[-1] - KEPT_S)
        self._t = np.concatenate([self._t[first:], chunk.t])
        self._data = np.concatenate([self._data[first:], filtered])

    def _forget(self) -> None:
        self._t = np.zeros(0)
        self._data = np.zeros((0, len(self._channels)))
