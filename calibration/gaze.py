"""calibration: from the eyes' features to a place on the screen, fitted to one person, camera and screen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from calibration.gaze_inputs import (
    NOISE,
    Difference,
    Eyes,
    Head,
    Look,
    between_sittings,
    difference_of,
    head_of,
    look_of,
    prior,
    row,
)
from calibration.regression import Floats
from calibration.screen import ScreenSize
from calibration.sittings import Sittings
from models.gaze.features import EyeFeatures

__all__ = ["Axes", "CalibrationSample", "Eyes", "GazeModel", "Placed", "fit_gaze"]

ANYWHERE_SD = 1.0 / math.sqrt(12.0)  # of a place that may be anywhere on the screen, as a share of it
_UNKNOWN_HEAD_CM = 3.0  # how far the head is from its usual place, where a frame does not measure it


class Axes(StrEnum):
    """In which directions the person can move their eyes."""

    BOTH = "both"
    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


@dataclass(frozen=True, slots=True)
class CalibrationSample:
    """One frame of a person who looks at a target. `x`, `y`: the target, shares of the screen."""

    features: EyeFeatures
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A place that is looked at, in shares of the screen's width and height.

    `sd_x`, `sd_y` are the standard deviation of what it is off for as long as the eye rests there; what one frame
    trembles against the next is not in it.
    """

    x: float
    y: float
    sd_x: float
    sd_y: float


@dataclass(frozen=True, slots=True, eq=False)
class GazeModel:
    """Where a person looks: a geometric Bayesian regression for each axis (see `calibration.gaze_inputs`).

    Parameters
    ----------
    screen : ScreenSize
        The screen it was fitted to.
    eyes, axes
        Which eyes are followed, and in which directions.
    head : Head, optional
        The head's usual place; None: no head was measured, and it is taken to keep its place.
    difference : Difference
        How the eyes differ, for frames that show only one.
    horizontal, vertical : Sittings
        The regressions, in cm.
    """

    screen: ScreenSize
    eyes: Eyes
    axes: Axes
    head: Head | None
    difference: Difference
    horizontal: Sittings
    vertical: Sittings

    def place(self, features: EyeFeatures) -> Placed | None:
        """Where the person looks in this frame.

        Returns
        -------
        Placed or None
            None: no eye that is followed is seen. A direction in which the eyes cannot move is in the middle of the
            screen, with the standard deviation of a place that may be anywhere.
        """
        look = look_of(features, self.eyes, self.difference)
        if look is None:
            return None
        width, height = _size_cm(self.screen)
        x, sd_x = self._cm("horizontal", look, features)
        y, sd_y = self._cm("vertical", look, features)
        placed = Placed(x / width + 0.5, y / height, sd_x / width, sd_y / height)
        if self.axes is Axes.HORIZONTAL:
            return replace(placed, y=0.5, sd_y=ANYWHERE_SD)
        if self.axes is Axes.VERTICAL:
            return replace(placed, x=0.5, sd_x=ANYWHERE_SD)
        return placed

    def next_sitting(self) -> GazeModel:
        """The model at the start of a new sitting: what it learned stays, offsets may have moved."""
        return replace(self, horizontal=self.horizontal.next(), vertical=self.vertical.next())

    def recentred(self, samples: Sequence[CalibrationSample]) -> GazeModel:
        """A new sitting, with these few looks: one look sets the offset, more refine the rest.

        Parameters
        ----------
        samples : sequence of CalibrationSample
            Frames of one or more looks; none: as `next_sitting`.
        """
        return self.next_sitting()._learned(samples)

    @staticmethod
    def carried_over(models: Sequence[GazeModel]) -> GazeModel:
        """The model with which a new sitting starts, from those of earlier sittings (oldest first).

        Raises
        ------
        ValueError
            There is no model, or they are not of the same eyes, axes and screen.
        """
        if not models:
            raise ValueError("no earlier calibration was given")
        last = models[-1]
        if any(
            (m.screen, m.eyes, m.axes, m.head is None)
            != (last.screen, last.eyes, last.axes, last.head is None)
            for m in models
        ):
            raise ValueError("the earlier calibrations are not of the same screen, eyes and directions")
        return replace(
            last,
            horizontal=Sittings.joined([m.horizontal for m in models]),
            vertical=Sittings.joined([m.vertical for m in models]),
        ).next_sitting()

    def _cm(self, axis: str, look: Look, features: EyeFeatures) -> tuple[float, float]:
        head = head_of(features) if self.head is not None else None
        sittings = self.horizontal if axis == "horizontal" else self.vertical
        place, sd = sittings.belief.place(self._row(axis, look, head))
        noise = sittings.noise.look_sd
        if self.eyes is Eyes.BOTH and look.eyes == 1:
            noise *= math.sqrt(2.0)
        unknown = _UNKNOWN_HEAD_CM if self.head is not None and head is None else 0.0
        return place, math.hypot(sd, noise, unknown)

    def _row(self, axis: str, look: Look, head: Head | None) -> Floats:
        still = Head(0.0, 0.0, self.screen.distance_mm / 10.0)
        return row(axis, look, head or self.head or still, with_head=self.head is not None)

    def _learned(self, samples: Sequence[CalibrationSample]) -> GazeModel:
        usable = [
            (sample, look, number)
            for sample, number in zip(samples, look_numbers(samples), strict=True)
            if math.isfinite(sample.x)
            and math.isfinite(sample.y)
            and (look := look_of(sample.features, self.eyes, self.difference)) is not None
        ]
        if not usable:
            return self
        width, height = _size_cm(self.screen)
        looks = np.array([number for _, _, number in usable])

        def rows(axis: str) -> Floats:
            return np.array([self._row(axis, look, head_of(s.features)) for s, look, _ in usable])

        x_cm = np.array([(s.x - 0.5) * width for s, _, _ in usable])
        y_cm = np.array([s.y * height for s, _, _ in usable])
        return replace(
            self,
            horizontal=self.horizontal.learned(rows("horizontal"), x_cm, looks),
            vertical=self.vertical.learned(rows("vertical"), y_cm, looks),
        )


def fit_gaze(
    samples: Sequence[CalibrationSample],
    screen: ScreenSize,
    *,
    eyes: Eyes = Eyes.BOTH,
    axes: Axes = Axes.BOTH,
) -> GazeModel:
    """Fit where a person looks to frames in which they looked at known places.

    It works from no look at all (anatomy alone; the camera at the middle of the screen's upper edge) to as many as
    there are. Frames that show no eye are left out; a target that was not looked at counts little.

    Parameters
    ----------
    samples : sequence of CalibrationSample
        In the order of time: frames in a row with the same target are one look.
    screen : ScreenSize
    eyes : Eyes
    axes : Axes

    Returns
    -------
    GazeModel
    """
    frames = [sample.features for sample in samples]
    head = _usual_head(frames) if samples else Head(0.0, 0.0, screen.distance_mm / 10.0)
    axis = {
        name: Sittings.first(
            prior(name, head=head is not None), between_sittings(name, head=head is not None), NOISE
        )
        for name in ("horizontal", "vertical")
    }
    model = GazeModel(screen, eyes, axes, head, difference_of(frames), axis["horizontal"], axis["vertical"])
    return model._learned(samples)


def look_numbers(samples: Sequence[CalibrationSample]) -> NDArray[np.int64]:
    """Number the looks: frames in a row with the same target are one."""
    numbers = np.zeros(len(samples), dtype=np.int64)
    for i in range(1, len(samples)):
        same = (samples[i].x, samples[i].y) == (samples[i - 1].x, samples[i - 1].y)
        numbers[i] = numbers[i - 1] + (0 if same else 1)
    return numbers


def _usual_head(frames: Iterable[EyeFeatures]) -> Head | None:
    """The median head; None where most frames with eyes do not measure it."""
    heads = [head_of(f) for f in frames if f.seen]
    known = [h for h in heads if h is not None]
    if not heads or 2 * len(known) <= len(heads):
        return None
    numbers = np.median(
        [(h.x_cm, h.y_cm, h.distance_cm, h.facing_x_cm, h.facing_y_cm) for h in known], axis=0
    )
    return Head(*(float(v) for v in numbers))


def _size_cm(screen: ScreenSize) -> tuple[float, float]:
    width, height = screen.size_mm
    return width / 10.0, height / 10.0
