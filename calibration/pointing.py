"""calibration: from what a camera or a tracker sees of the eyes to a point on the screen that can be trusted.

What comes in at one end, sample by sample, comes out at the other as a `GazePoint`: placed by the person's model, held
back while the eyes blink, steadied by a filter, with the drift taken off, and with how far it may be off. The same
samples give the same points: a recorded session replays.
"""

from __future__ import annotations

import math
from dataclasses import replace

from calibration.drift import Drift
from calibration.gaze import Eyes, GazeModel, Placed, fit_gaze
from calibration.gaze_inputs import Head, head_of
from calibration.point import GazePoint
from calibration.screen import ScreenSize
from devices.samples import FaceVerdict, GazeSample
from models.gaze.blink import Blinks, Dropouts
from models.gaze.features import Eye, EyeFeatures
from models.gaze.filters import make_filter
from models.gaze.noise import Noise

# In these nothing is seen that could be believed: no gaze. The others are measured all the same, ...
BLIND = frozenset({FaceVerdict.DARK, FaceVerdict.NO_FACE, FaceVerdict.STILL})
# ... some with a larger error. (Two faces: the larger one is measured as well as ever. Slow: the filter knows the time.)
WIDER = {FaceVerdict.CUT_OFF: 1.5, FaceVerdict.GLARE: 1.5, FaceVerdict.SMALL: 2.0}

HEAD_FAR_CM = 10.0  # from where the head was while it was calibrated
HEAD_NEAR_CM = 7.0  # so that it does not flicker
FACING_FAR_CM = 25.0  # on the screen: the head is turned by more than 20 degrees
BACK_S = 1.0  # a clock that is set back by more than this: what was seen before says nothing
NOWHERE = (math.nan, math.nan)


class Pointing:
    """Where one person looks, sample after sample.

    Parameters
    ----------
    model : GazeModel, optional
        What calibration found, for a webcam. None: anatomy alone (`EyeFeatures`), or the tracker's own calibration
        (`GazeSample`).
    filter : str
        One of `models.gaze.filters.NAMES`. With "none" every place of a tracker comes out, those beside a blink too.
    screen : ScreenSize
    drift : Drift, optional
        What is followed; it is `drift` afterwards, to be taught. None: a new one.
    error : tuple of float, optional
        How far a tracker is off on average, as its validation found it, in shares of the screen. None: not known, and
        taken from the drift.
    eyes : bool
        False: a hand moves the pointer. It does not blink, has no drift, and is where it is.
    """

    def __init__(
        self,
        model: GazeModel | None,
        *,
        filter: str,
        screen: ScreenSize,
        drift: Drift | None = None,
        error: tuple[float, float] | None = None,
        eyes: bool = True,
    ) -> None:
        self._model = model or fit_gaze((), screen)
        self._calibrated = model is not None
        self.drift = drift or Drift(screen, self._model.axes)
        self._screen = screen
        self._per_share = screen.degrees_per_share
        self._filter_name = filter
        self._error = error
        self._eyes = eyes
        self._head_moved = False
        self._t = -math.inf
        self._begin()

    def _begin(self) -> None:
        self._filter = make_filter(self._filter_name)
        self._noise = Noise()
        self._blinks = Blinks()
        self._dropouts = Dropouts()

    @property
    def head_moved(self) -> bool:
        """Whether the head is outside of where it was calibrated; the points then say that they may be off."""
        return self._head_moved

    def take(self, sample: EyeFeatures | GazeSample) -> GazePoint:
        """Turn one sample into a point.

        Returns
        -------
        GazePoint
            Without a place where no eyes are seen or they are closed; `blink` while that is short.
        """
        if sample.t < self._t - BACK_S:
            self._begin()
        self._t = sample.t
        return self._tracked(sample) if isinstance(sample, GazeSample) else self._faced(sample)

    def _tracked(self, sample: GazeSample) -> GazePoint:
        if not self._eyes:
            return GazePoint(sample.t, sample.x, sample.y, measured=(sample.x, sample.y))
        believed, blink = self._dropouts.take(sample.t, sample.valid)
        if not sample.valid or (self._filter is not None and not believed):
            return GazePoint(sample.t, *NOWHERE, blink=blink)
        return self._point(sample.t, Placed(sample.x, sample.y, *(self._error or self.drift.sd)))

    def _faced(self, face: EyeFeatures) -> GazePoint:
        placed = None if face.verdict in BLIND else self._model.place(face)
        if placed is None:
            return GazePoint(face.t, *NOWHERE)
        self._head_moved = self._is_head_moved(head_of(face))
        right = face.right if self._model.eyes is not Eyes.LEFT else None
        left = face.left if self._model.eyes is not Eyes.RIGHT else None
        # A model that cannot follow the eyes up and down puts them at the middle: the lids' own mean is all there is.
        down_deg = (placed.y - 0.5) * self._per_share[1]
        lids = self._blinks.take(face.t, _opening(right), _opening(left), down_deg)
        if not lids.right and not lids.left:
            return GazePoint(face.t, *NOWHERE, blink=lids.blink)
        if (right is not None and not lids.right) or (left is not None and not lids.left):
            one = replace(
                face, right=right if lids.right else None, left=left if lids.left else None, patches=()
            )
            placed = self._model.place(one)
            if placed is None:
                return GazePoint(face.t, *NOWHERE)
        wider = WIDER.get(face.verdict, 1.0)
        return self._point(face.t, replace(placed, sd_x=wider * placed.sd_x, sd_y=wider * placed.sd_y))

    def _point(self, t: float, placed: Placed) -> GazePoint:
        per_x, per_y = self._per_share
        x_deg, y_deg = placed.x * per_x, placed.y * per_y
        self._noise.take(t, x_deg, y_deg)
        x, y = placed.x, placed.y
        if self._filter is not None:
            x, y = self._filter.take(t, x_deg, y_deg, max(self._noise.sd))
            x, y = x / per_x, y / per_y
        off_x, off_y = self.drift.offset
        noise_x, noise_y = (0.0 if math.isnan(sd) else sd for sd in self._noise.sd)
        return GazePoint(
            t,
            x - off_x,
            y - off_y,
            math.hypot(placed.sd_x, noise_x / per_x),
            math.hypot(placed.sd_y, noise_y / per_y),
            measured=(placed.x, placed.y),
        )

    def _is_head_moved(self, head: Head | None) -> bool:
        usual = self._model.head
        if head is None or usual is None or not self._calibrated:
            return False
        moved = math.dist(
            (head.x_cm, head.y_cm, head.distance_cm), (usual.x_cm, usual.y_cm, usual.distance_cm)
        )
        turned = math.hypot(head.facing_x_cm - usual.facing_x_cm, head.facing_y_cm - usual.facing_y_cm)
        limit = HEAD_NEAR_CM / HEAD_FAR_CM if self._head_moved else 1.0
        return moved > limit * HEAD_FAR_CM or turned > limit * FACING_FAR_CM


def _opening(eye: Eye | None) -> float | None:
    return None if eye is None or not math.isfinite(eye.opening) else eye.opening
