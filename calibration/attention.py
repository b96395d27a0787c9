"""calibration: whether the person still looks at the screen, or has looked away to pause or to stop."""

from __future__ import annotations

from enum import StrEnum

PAUSE_S = 2.0  # longer than any blink
LEAVE_S = 12.0
SILENCE_S = 1.0  # without any picture: the camera is gone, and nobody has looked away
LOST_S = 60.0  # for a camera that is plugged in again


class Attending(StrEnum):
    """What the person does."""

    HERE = "here"
    AWAY = "away"
    LOST = "lost"  # no picture comes: nothing is known of the person
    LEFT = "left"


class Attention:
    """Counts the time since the eyes were last on the screen.

    Parameters
    ----------
    t : float
        From when on, in seconds.
    leave_s : float
        After so long without the eyes, nobody is there.
    """

    def __init__(self, t: float, leave_s: float = LEAVE_S) -> None:
        self._leave_s = leave_s
        self._eyes_at = t
        self._picture_at = t

    def picture(self, t: float, *, eyes: bool) -> None:
        """A picture came; `eyes`: with eyes that look at the screen."""
        silent = t >= self._picture_at + SILENCE_S
        if silent and not eyes:
            # A camera that was gone gives the person their time to be seen again.
            self._eyes_at = max(self._eyes_at, t - PAUSE_S)
        self._picture_at = max(self._picture_at, t)
        if eyes:
            self._eyes_at = max(self._eyes_at, t)

    def now(self, t: float) -> Attending:
        """What the person does at this time."""
        lost = t >= self._picture_at + SILENCE_S
        if t >= self._eyes_at + (LOST_S if lost else self._leave_s):
            return Attending.LEFT
        if t < self._eyes_at + PAUSE_S:
            return Attending.HERE
        return Attending.LOST if lost else Attending.AWAY

    def deadline(self, t: float) -> float:
        """When the answer changes next if nothing comes."""
        times = (
            self._eyes_at + PAUSE_S,
            self._picture_at + SILENCE_S,
            self._eyes_at + self._leave_s,
            self._eyes_at + LOST_S,
        )
        return min((time for time in times if time > t), default=t)
