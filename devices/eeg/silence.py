"""devices.eeg: how long an amplifier may send nothing."""

from __future__ import annotations

from collections import deque

SILENT_S = 0.3
TIMES_USUAL = 2.0  # a program that sends a packet every half second is not silent in between
USUAL_OF = 64  # packets
LOST_S = 3.0


class Silence:
    """Tells silence from the time between two packets.

    Parameters
    ----------
    now : float
        When the connection began, in seconds.
    """

    def __init__(self, now: float) -> None:
        self._heard = now
        self._any = False
        self._between: deque[float] = deque(maxlen=USUAL_OF)

    def heard(self, now: float) -> None:
        """Samples came."""
        if self._any and not self.lasts(now):
            self._between.append(now - self._heard)
        self._heard, self._any = now, True

    def lasts(self, now: float) -> bool:
        """Whether it has been silent for longer than it should."""
        usual = max(self._between, default=LOST_S / TIMES_USUAL)
        return now - self._heard >= min(max(SILENT_S, TIMES_USUAL * usual), LOST_S)

    def is_lost(self, now: float) -> bool:
        """Whether it has been silent for so long that the connection is given up."""
        return now - self._heard >= LOST_S
