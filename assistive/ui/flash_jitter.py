"""assistive.ui: watches whether the flashes come when they were meant to, and says so when they do not."""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Callable

from assistive.messages import Incoming, Trouble
from devices.i18n import N_

KEY = "eeg.flashes"
MOST_SD_S = 0.010  # twice this costs EEG .03 of its AUC
LATEST = 40  # flashes that are looked at
FEWEST = 20
MOST_MISSED = 3  # of the latest
AGAIN_S = 60.0  # before it is said once more: the notice may have been dismissed


class FlashJitter:
    """Compares when flashes were shown with when they were due; a constant lateness does no harm.

    Parameters
    ----------
    post : callable
        Takes the Trouble.
    """

    def __init__(self, post: Callable[[Incoming], None]) -> None:
        self._post = post
        self._late: deque[float] = deque(maxlen=LATEST)
        self._missed: deque[bool] = deque(maxlen=LATEST)
        self._said_at: float | None = None

    @property
    def sd_s(self) -> float:
        """The standard deviation of the latest flashes' lateness; NaN before there are enough."""
        return statistics.stdev(self._late) if len(self._late) >= FEWEST else float("nan")

    @property
    def missed(self) -> int:
        """How many of the latest flashes came a frame or more too late."""
        return sum(self._missed)

    def take(self, due: float, shown: float, frame_s: float) -> None:
        """A flash that was due was shown (seconds on the shared clock); `frame_s`: how long a frame lasts."""
        late = shown - due
        usual = statistics.median(self._late) if self._late else 0.0
        self._late.append(late)
        self._missed.append(late - usual > max(frame_s, MOST_SD_S))
        uneven = self.sd_s > MOST_SD_S or self.missed >= MOST_MISSED
        if uneven and (self._said_at is None or shown - self._said_at >= AGAIN_S):
            self._said_at = shown
            self._post(
                Trouble(
                    shown,
                    KEY,
                    N_("The keys do not flash evenly on this screen."),
                    N_(
                        "EEG goes on, but it chooses more slowly and less surely. Everything else works as ever."
                    ),
                    N_("Close other programs, videos above all. If it stays so, start the computer anew."),
                )
            )
