"""devices.gaze.webcam: says what a frame is good for, without flickering between two words for the same picture."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from devices.gaze.webcam.eyes import EyeMeasures
from devices.samples import FaceVerdict

HOLD_S = 0.4
"""A verdict about a face changes when it has held for this long."""

BLACK = 0.08
"""Mean grey value below which a frame without a face is called dark."""

RATE_OVER_S = 2.0
STILL_AFTER_S = 15.0

# Of the eye's width. A photo that is held by a hand stays below; a look to another key, or a blink, does not.
_DEAD_IRIS_X, _DEAD_IRIS_Y, _DEAD_LID = 0.035, 0.03, 0.08
_CLOSED = 0.15  # lids nearer than this do not tell an eye at rest from a photo
_LIFE_RATE_HZ = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class FaceLook:
    """What is judged in a frame with a face.

    Parameters
    ----------
    brightness : float
        Mean grey value of the face, 0..1.
    glare : float
        Share of an eye's picture that is saturated.
    inside : bool
        Whether both eyes are inside of the frame.
    others : int
        How many other faces are there.
    eyes : EyeMeasures
    """

    brightness: float
    glare: float
    inside: bool
    others: int
    eyes: EyeMeasures


@dataclass(slots=True)
class _Latch:
    """Goes on at one value and off at a lower one, when it has been passed for `HOLD_S`."""

    on_at: float
    off_at: float
    on: bool | None = None  # None: nothing was seen yet
    since: float | None = None

    def update(self, t: float, value: float) -> bool:
        if self.on is None:
            self.on = value >= self.on_at
        turning = value < self.off_at if self.on else value >= self.on_at
        if not turning:
            self.since = None
        elif self.since is None:
            self.since = t
        if self.since is not None and t - self.since >= HOLD_S:
            self.on, self.since = not self.on, None
        return self.on


class Judge:
    """Gives each frame its verdict. Call one of its methods for every frame, in order.

    Parameters
    ----------
    still_after_s : float
        Seconds without life in the eyes after which the face is taken for a photo.
    """

    def __init__(self, still_after_s: float = STILL_AFTER_S) -> None:
        self._latches = {
            FaceVerdict.DARK: _Latch(0.86, 0.80),  # 1 - brightness
            FaceVerdict.STILL: _Latch(0.5, 0.5),
            FaceVerdict.CUT_OFF: _Latch(0.5, 0.5),
            FaceVerdict.SMALL: _Latch(1 / 15.0, 1 / 17.0),  # 1 / eye's width in px
            FaceVerdict.TWO_FACES: _Latch(0.5, 0.5),
            FaceVerdict.GLARE: _Latch(0.12, 0.06),
            FaceVerdict.SLOW: _Latch(1 / 15.0, 1 / 17.0),  # seconds a frame
        }
        self._life = _Life(still_after_s)
        self._times: deque[float] = deque()
        self._faceless_since: float | None = None

    def without_face(self, t: float, brightness: float) -> FaceVerdict:
        """Judge a frame without a face by the mean grey value (0..1) of all of it; this changes at once."""
        self._pace(t)
        self._life.forget()
        if self._faceless_since is None:
            self._faceless_since = t
        elif t - self._faceless_since >= HOLD_S:  # what was said of a face says nothing of the next one
            for latch in self._latches.values():
                latch.on = latch.since = None
        return FaceVerdict.DARK if brightness < BLACK else FaceVerdict.NO_FACE

    def with_face(self, t: float, look: FaceLook) -> FaceVerdict:
        """Judge a frame with a face; `t` in seconds."""
        self._faceless_since = None
        values = {
            FaceVerdict.DARK: 1 - look.brightness,
            FaceVerdict.STILL: float(self._life.missing(t, look.eyes)),
            FaceVerdict.CUT_OFF: float(not look.inside),
            FaceVerdict.SMALL: 1 / max(1e-3, float(look.eyes.width_px.max())),
            FaceVerdict.TWO_FACES: float(look.others > 0),
            FaceVerdict.GLARE: look.glare,
            FaceVerdict.SLOW: self._pace(t),
        }
        on = [verdict for verdict, value in values.items() if self._latches[verdict].update(t, value)]
        return on[0] if on else FaceVerdict.GOOD

    def _pace(self, t: float) -> float:
        """Mean seconds between the last frames; 0 while there are too few to tell."""
        self._times.append(t)
        while self._times[-1] - self._times[0] > RATE_OVER_S:
            self._times.popleft()
        lasted = self._times[-1] - self._times[0]
        return lasted / (len(self._times) - 1) if lasted > RATE_OVER_S / 2 else 0.0


class _Life:
    """Notices eyes that never move and never blink."""

    def __init__(self, after_s: float) -> None:
        self._after_s = after_s
        self._seen: deque[tuple[float, float, float, float]] = deque()
        self._missing = False

    def forget(self) -> None:
        """Another face may come."""
        self._seen.clear()
        self._missing = False

    def missing(self, t: float, eyes: EyeMeasures) -> bool:
        """Take in the eyes of one frame; whether there has been no life for the whole time."""
        if self._seen and t - self._seen[-1][0] < 0.99 / _LIFE_RATE_HZ:
            # A blink may be shorter than the time between two that are kept.
            last = self._seen[-1]
            self._seen[-1] = (*last[:3], min(last[3], float(eyes.opening.mean())))
            return self._missing
        self._seen.append(
            (t, float(eyes.iris_x.mean()), float(eyes.iris_y.mean()), float(eyes.opening.mean()))
        )
        if t - self._seen[0][0] < self._after_s:
            self._missing = False
            return False
        while t - self._seen[0][0] >= self._after_s:
            self._seen.popleft()
        seen = np.array(self._seen)
        iris_x, iris_y, _ = np.ptp(np.percentile(seen[:, 1:], (5, 95), axis=0), axis=0)
        lids = seen[:, 3]
        self._missing = bool(
            iris_x < _DEAD_IRIS_X
            and iris_y < _DEAD_IRIS_Y
            and np.ptp(lids) < _DEAD_LID
            and np.median(lids) > _CLOSED
        )
        return self._missing
