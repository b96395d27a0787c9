"""devices.eeg: how the clock of the program that stamps the samples relates to ours."""

from __future__ import annotations

FARTHEST_S = 1.0  # the first stamp, if it is older, comes from another clock
EARLY_S = 0.02  # so does one that is ahead by more
LATEST_S = 5.0  # what comes late after a pause of the network is older, but of the same clock
JUMP_S = 0.25  # an other clock that is ahead by more than before was set anew
DRIFT = 0.0002  # seconds a second that an other clock may run slower than ours


class SenderClock:
    """Follows one sender. Stamps of the last second are on the shared clock; all others keep their intervals.

    Those count from the arrival that was delayed least, so they are late by the least delay of the network.
    """

    def __init__(self) -> None:
        self.offset_s = 0.0
        self._own: bool | None = None
        self._at = 0.0

    def follow(self, newest: float, now: float) -> bool:
        """Take in the newest stamp of those that arrived at `now`; return whether the clock was set anew."""
        delay = now - newest
        if self._own is None:
            self._begin(delay, now)
            return False
        late = delay - self.offset_s
        if not (-JUMP_S if self._own else -EARLY_S) <= late <= LATEST_S:
            self._begin(delay, now)
            return True
        if self._own:
            self.offset_s = min(self.offset_s + DRIFT * (now - self._at), delay)
            self._at = now
        return False

    def _begin(self, delay: float, now: float) -> None:
        self._own = not -EARLY_S <= delay <= FARTHEST_S
        self.offset_s = delay if self._own else 0.0
        self._at = now
