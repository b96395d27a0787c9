"""devices.eeg: a recording comes again, in real time, through an LSL outlet."""

from __future__ import annotations

import threading
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from devices.clock import Clock
from devices.eeg.recording import EegFile
from devices.samples import Marker

PACKET_S = 0.032


class Outlet(Protocol):
    """Takes what is replayed; `devices.eeg.lsl_outlet.EegOutlet` is one."""

    def push(self, data: NDArray[np.float32], t: float) -> None:
        """Take samples in a row; `t`: when the last one was taken."""
        ...

    def mark(self, marker: Marker) -> None:
        """Take a marker."""
        ...


def replay(
    file: EegFile,
    outlet: Outlet,
    stop: threading.Event,
    clock: Clock,
    *,
    speed: float = 1.0,
    from_s: float = 0.0,
) -> None:
    """Send a recording, stamped as if it were taken now, until its end or until `stop` is set.

    Each annotation becomes a marker, sent before the packet with its sample, as a program sends a flash before the
    brain's answer to it.

    Parameters
    ----------
    file : EegFile
    outlet : Outlet
    stop : threading.Event
    clock : Clock
    speed : float
        2.0 is twice as fast; the outlet's rate must be as many times the file's.
    from_s : float
        Leave out so many seconds of the file.

    Raises
    ------
    EegFileError
        The file is damaged.
    """
    rate_hz = file.rate_hz * speed
    length = max(1, round(PACKET_S * rate_hz))
    first = min(int(from_s * file.rate_hz), file.count)
    notes = iter([note for note in file.notes() if note.at_s * file.rate_hz >= first])
    note = next(notes, None)
    start = clock.now()
    sent = first
    for data in file.pieces(length, first):
        due = start + (sent + len(data) - first) / rate_hz
        if stop.wait(max(0.0, due - clock.now())):
            return
        while note is not None and note.at_s * file.rate_hz < sent + len(data):
            outlet.mark(Marker(start + (note.at_s * file.rate_hz - first) / rate_hz, note.label))
            note = next(notes, None)
        sent += len(data)
        outlet.push(data, start + (sent - 1 - first) / rate_hz)
