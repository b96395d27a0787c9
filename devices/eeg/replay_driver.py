"""devices.eeg: a recording as if an amplifier were connected, without a network: again and again from its beginning."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from devices.clock import Clock
from devices.driver import DeviceKind, DeviceLost, Emit
from devices.eeg.lsl import LEAST_HZ, MOST_HZ
from devices.eeg.recording import EegFile, EegFileError
from devices.eeg.replay import replay
from devices.samples import DeviceState, DeviceStatus, EegChunk, Marker

PAUSE_S = 1.0  # between the end and the beginning


class EegReplayDriver:
    """Emits the EEG of a file, in any format that MNE reads, in real time.

    Parameters
    ----------
    path : Path
    tr : callable
        Translates the sentences of errors.
    """

    name = "eeg-replay"
    kind = DeviceKind.EEG

    def __init__(self, path: Path, *, tr: Callable[[str], str] = str) -> None:
        self._path, self._tr = path, tr

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Emit the samples and markers until `stop` is set.

        Raises
        ------
        DeviceLost
            The file cannot be used.
        """
        try:
            file = EegFile(self._path, self._tr)
            if not LEAST_HZ <= file.rate_hz <= MOST_HZ:
                raise DeviceLost(
                    self._tr(
                        "The recording {path} has {rate} samples a second. Sayso needs 125 to 2000: choose another one."
                    ).format(path=self._path, rate=f"{file.rate_hz:g}")
                )
            emit(DeviceStatus(clock.now(), self.name, DeviceState.RUNNING))
            while not stop.is_set():
                replay(file, _Samples(emit, file), stop, clock)
                stop.wait(PAUSE_S)
        except EegFileError as error:
            raise DeviceLost(str(error)) from error


class _Samples:
    """Takes what is replayed and emits it as a driver does."""

    def __init__(self, emit: Emit, file: EegFile) -> None:
        self._emit, self._channels, self._rate_hz = emit, file.channels, file.rate_hz
        self._gap = True

    def push(self, data: NDArray[np.float32], t: float) -> None:
        """Emit samples in a row; `t`: when the last one was taken."""
        times = t - np.arange(len(data))[::-1] / self._rate_hz
        self._emit(EegChunk(times, data, self._channels, self._rate_hz, self._gap))
        self._gap = False

    def mark(self, marker: Marker) -> None:
        """Emit a marker."""
        self._emit(marker)
