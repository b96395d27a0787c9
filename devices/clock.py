"""devices: the one monotonic clock, injected wherever time is read."""

from __future__ import annotations

from typing import Protocol

import pylsl


class Clock(Protocol):
    """Seconds on one monotonic clock shared by every device, model and part of the application."""

    def now(self) -> float:
        """Return the current time, in seconds."""
        ...


class LslClock:
    """The clock of the Lab Streaming Layer (equal to ``time.monotonic()`` on Linux)."""

    def now(self) -> float:
        """Return ``pylsl.local_clock()``, in seconds."""
        return float(pylsl.local_clock())


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
