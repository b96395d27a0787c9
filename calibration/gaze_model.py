"""calibration: a fitted model of where one person looks, with one camera, on one screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from calibration.gaze_file import (
    VERSION,
    AxisPart,
    DifferencePart,
    GazeFile,
    HeadPart,
    PatchesPart,
    ScreenPart,
    read,
)
from calibration.gaze_inputs import (
    Difference,
    Eyes,
    Head,
    Look,
    head_of,
    look_of,
    patches_of,
    row,
)
from calibration.gaze_prior import NOISE, Axis, between_sittings, prior
from calibration.patches import PatchRidge
from calibration.regression import STUDENT_SD, Floats
from calibration.screen import ScreenSize
from calibration.sittings import Sittings
from models.gaze.features import EyeFeatures

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

    @property
    def aimed(self) -> bool:
        """Whether the target is on the screen."""
        return 0.0 <= self.x <= 1.0 and 0.0 <= self.y <= 1.0


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
    """Where a person looks: a geometric Bayesian regression for each axis (see `calibration.gaze_prior`).

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
    patches : PatchRidge, optional
        The second model: what the picture of the eyes adds, where that was found to help.
    """

    screen: ScreenSize
    eyes: Eyes
    axes: Axes
    head: Head | None
    difference: Difference
    horizontal: Sittings
    vertical: Sittings
    patches: PatchRidge | None = None

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
        width, height = size_cm(self.screen)
        x, sd_x = self._cm(Axis.HORIZONTAL, look, features)
        y, sd_y = self._cm(Axis.VERTICAL, look, features)
        more_x, more_y = self._correction(features)
        placed = Placed((x + more_x) / width + 0.5, (y + more_y) / height, sd_x / width, sd_y / height)
        if self.axes is Axes.HORIZONTAL:
            return replace(placed, y=0.5, sd_y=ANYWHERE_SD)
        if self.axes is Axes.VERTICAL:
            return replace(placed, x=0.5, sd_x=ANYWHERE_SD)
        return placed

    def learned(self, samples: Sequence[CalibrationSample]) -> GazeModel:
        """The same, with these frames as all that was looked at in this sitting."""
        usable = [
            (sample, look, number)
            for sample, number in zip(samples, look_numbers(samples), strict=True)
            if sample.aimed and (look := look_of(sample.features, self.eyes, self.difference)) is not None
        ]
        if not usable:
            return self
        width, height = size_cm(self.screen)
        looks = np.array([number for _, _, number in usable])
        targets = np.array([((s.x - 0.5) * width, s.y * height) for s, _, _ in usable])
        corrections = np.array([self._correction(s.features) for s, _, _ in usable])
        x_cm, y_cm = (targets - corrections).T

        def rows(axis: Axis) -> Floats:
            return np.array([self._row(axis, look, head_of(s.features)) for s, look, _ in usable])

        return replace(
            self,
            horizontal=self.horizontal.learned(rows(Axis.HORIZONTAL), x_cm, looks),
            vertical=self.vertical.learned(rows(Axis.VERTICAL), y_cm, looks),
        )

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
        return self.next_sitting().learned(samples)

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

    def to_json(self) -> str:
        """All of it, as text for a file."""
        content = GazeFile(
            version=VERSION,
            screen=ScreenPart(**asdict(self.screen)),
            eyes=self.eyes.value,
            axes=self.axes.value,
            head=HeadPart(**asdict(self.head)) if self.head is not None else None,
            difference=DifferencePart(**asdict(self.difference)),
            horizontal=AxisPart.of(self.horizontal),
            vertical=AxisPart.of(self.vertical),
            patches=PatchesPart.of(self.patches) if self.patches is not None else None,
        )
        return content.model_dump_json()

    @staticmethod
    def from_json(text: str) -> GazeModel:
        """The model that `to_json` wrote.

        Raises
        ------
        ValueError
            The text is damaged or of another version; the message says what is wrong with it.
        """
        content = read(text)
        head = Head(**content.head.model_dump()) if content.head is not None else None
        empty = nobody(
            ScreenSize(**content.screen.model_dump()), Eyes(content.eyes), Axes(content.axes), head
        )
        return replace(
            empty,
            difference=Difference(**content.difference.model_dump()),
            horizontal=content.horizontal.restored(empty.horizontal),
            vertical=content.vertical.restored(empty.vertical),
            patches=content.patches.restored() if content.patches is not None else None,
        )

    def _cm(self, axis: Axis, look: Look, features: EyeFeatures) -> tuple[float, float]:
        head = head_of(features) if self.head is not None else None
        sittings = self.horizontal if axis is Axis.HORIZONTAL else self.vertical
        place, sd = sittings.belief.place(self._row(axis, look, head))
        noise = sittings.noise.look_sd * STUDENT_SD
        if self.eyes is Eyes.BOTH and look.eyes == 1:
            noise *= math.sqrt(2.0)
        unknown = _UNKNOWN_HEAD_CM if self.head is not None and head is None else 0.0
        return place, math.hypot(sd, noise, unknown)

    def _row(self, axis: Axis, look: Look, head: Head | None) -> Floats:
        still = Head(0.0, 0.0, self.screen.distance_mm / 10.0)
        return row(axis, look, head or self.head or still, with_head=self.head is not None)

    def _correction(self, features: EyeFeatures) -> tuple[float, float]:
        """What the patches add, cm right and down."""
        greys = patches_of(features, self.eyes)
        if self.patches is None or greys is None or len(greys) != len(self.patches.usual):
            return 0.0, 0.0
        x, y = self.patches.correction(greys)
        return float(x), float(y)


def nobody(screen: ScreenSize, eyes: Eyes, axes: Axes, head: Head | None) -> GazeModel:
    """The model of a person of whom nothing is known but where the head usually is."""
    known = head is not None
    horizontal, vertical = (
        Sittings.first(prior(axis, head=known), between_sittings(axis, head=known), NOISE)
        for axis in (Axis.HORIZONTAL, Axis.VERTICAL)
    )
    return GazeModel(screen, eyes, axes, head, Difference(), horizontal, vertical)


def look_numbers(samples: Sequence[CalibrationSample]) -> NDArray[np.int64]:
    """Number the looks: frames in a row with the same target are one."""
    numbers = np.zeros(len(samples), dtype=np.int64)
    for i in range(1, len(samples)):
        same = (samples[i].x, samples[i].y) == (samples[i - 1].x, samples[i - 1].y)
        numbers[i] = numbers[i - 1] + (0 if same else 1)
    return numbers


def size_cm(screen: ScreenSize) -> tuple[float, float]:
    """Width and height of the screen."""
    width, height = screen.size_mm
    return width / 10.0, height / 10.0
