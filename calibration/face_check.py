"""calibration: the check of the face before a calibration begins."""

from __future__ import annotations

from devices.samples import FaceVerdict

GOOD_FOR_S = 1.0
GIVE_WAY_S = 8.0
LEAVE_S = 60.0  # somebody may be moving the camera
FLICKER_S = 0.4  # a verdict that is bad for shorter does not count
# With these a calibration is possible, only worse, and there may be nobody who can mend them. Of a face that is cut off,
# one eye may be seen.
BEARABLE = frozenset(
    {FaceVerdict.CUT_OFF, FaceVerdict.SMALL, FaceVerdict.TWO_FACES, FaceVerdict.GLARE, FaceVerdict.SLOW}
)


class FaceCheck:
    """Waits until the face was seen well for a second, or tolerably for some more."""

    def __init__(self, t: float) -> None:
        self._good_since: float | None = None
        self._good_at = t
        self._bearable_since: float | None = None
        self._bearable_at = t

    def take(self, t: float, verdict: FaceVerdict, *, eyes: bool) -> bool:
        """Take in what a picture is good for, and return whether the calibration can begin."""
        good = eyes and verdict is FaceVerdict.GOOD
        bearable = good or (eyes and verdict in BEARABLE)
        self._good_since, self._good_at = _since(t, good, self._good_since, self._good_at)
        self._bearable_since, self._bearable_at = _since(t, bearable, self._bearable_since, self._bearable_at)
        if self._good_since is not None and self._good_at - self._good_since >= GOOD_FOR_S:
            return True
        return self._bearable_since is not None and self._bearable_at - self._bearable_since >= GIVE_WAY_S

    @property
    def progress(self) -> float:
        """0..1: how much of the good second is over."""
        return 0.0 if self._good_since is None else min(1.0, (self._good_at - self._good_since) / GOOD_FOR_S)


def _since(t: float, now: bool, since: float | None, last: float) -> tuple[float | None, float]:
    """Since when something holds, and when it last held."""
    if now:
        return (t if since is None or t - last > FLICKER_S else since), t
    return (None if t - last > FLICKER_S else since), last
