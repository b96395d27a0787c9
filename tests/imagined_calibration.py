"""What an imagined brain answers to a calibration, faster than it could be lived through."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistive.eeg.marker_text import FlashMark, mark_text
from assistive.simulate.brain import ImaginedBrain
from assistive.simulate.rehearsal import SOA_S, waited_for
from devices.samples import EegChunk, Marker
from models.erp.cutter import EpochCutter
from models.erp.epochs import Epochs

BEGAN = 50.0  # on the shared clock


def calibrated(
    brain: ImaginedBrain, channels: tuple[str, ...], hz: float, flashes: int, seed: int
) -> tuple[Epochs, NDArray[np.bool_]]:
    """The epochs after so many flashes, and which of them it was told to wait for."""
    target = waited_for(flashes, np.random.default_rng(seed))
    cutter, cut = EpochCutter(), []
    packet = round(SOA_S * hz)
    for i in range(flashes + 6):
        if i < flashes:
            mark = FlashMark(1, i, ("key:1",) if target[i] else ("key:2",), wanted="key:1")
            marker = Marker(BEGAN + i * packet / hz, mark_text(mark))
            brain.hear(marker)
            cut += cutter.take(marker)
        t = BEGAN + (i * packet + np.arange(packet)) / hz
        cut += cutter.take(EegChunk(t, brain.samples(t).astype(np.float32), channels, hz))
    whole = [one.epoch for one in cut if one.epoch is not None]
    assert len(whole) == flashes
    t_of, data = np.concatenate([one.t for one in whole]), np.concatenate([one.data for one in whole])
    return Epochs(t_of, data, channels), target
