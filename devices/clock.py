"""devices: the one monotonic clock, injected wherever time is read."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Seconds on one monotonic clock shared by every device, model and part of the application."""

    def now(self) -> float:
        """Return the current time, in seconds."""
        ...


class LslClock:
    """The clock of the Lab Streaming Layer, without the layer: ``pylsl.local_clock()`` counts the same seconds.

    liblsl reads ``std::chrono::steady_clock``, which on Linux is CLOCK_MONOTONIC, and so is
    ``time.monotonic()``; a test holds the two against each other. Loading liblsl takes a tenth of a second
    that the first key need not wait for.
    """

    def now(self) -> float:
        """Return the time, in seconds."""
        return time.monotonic()


class VirtualClock:
    """A clock that moves only when it is told to: for tests and the simulated person."""

    def __init__(self, t: float = 0.0) -> None:
        self._t = t

    def now(self) -> float:
        """Return the virtual time, in seconds."""
        return self._t

    def advance(self, seconds: float) -> float:
        """Move forward by `seconds` (>= 0) and return the new time."""
        if seconds < 0:
            raise ValueError(f"a monotonic clock cannot go back by {-seconds} s")
        self._t += seconds
        return self._t
