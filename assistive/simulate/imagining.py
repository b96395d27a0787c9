"""assistive.simulate: an imagined brain on the Lab Streaming Layer: markers of Sayso in, EEG out, in real time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistive.simulate.brain import ImaginedBrain
from devices.clock import Clock
from devices.samples import Marker

PACKET_S = 0.02


class Outlet(Protocol):
    """Takes the EEG; `devices.eeg.lsl_outlet.EegOutlet` is one."""

    def push(self, data: NDArray[np.float32], t: float) -> None:
        """Take samples in a row; `t`: when the last one was taken."""
        ...


class Heard(Protocol):
    """Has the markers; `devices.eeg.lsl_markers.MarkerListener` is one."""

    def pull(self, now: float) -> list[Marker]:
        """Return those that have come; never waits."""
        ...


def imagine(
    brain: ImaginedBrain,
    rate_hz: float,
    outlet: Outlet,
    heard: Heard,
    stop: threading.Event,
    clock: Clock,
    tell: Callable[[ImaginedBrain], None],
) -> None:
    """Send the EEG as it comes to be until `stop` is set.

    Parameters
    ----------
    brain : ImaginedBrain
    rate_hz : float
        Of the outlet.
    outlet : Outlet
    heard : Heard
    stop : threading.Event
    clock : Clock
    tell : callable
        Is called after each marker.
    """
    start = clock.now()
    sent = 0
    while not stop.wait(PACKET_S):
        now = clock.now()
        for marker in heard.pull(now):
            brain.hear(marker)
            tell(brain)
        due = int((now - start) * rate_hz) + 1
        if due > sent:
            t = start + np.arange(sent, due) / rate_hz
            outlet.push(brain.samples(t).astype(np.float32), float(t[-1]))
            sent = due
